"""Our own tree, for the tests that look after the house: tracked files, modules, syntax."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("portal", "callbacks", "pages", "analytics", "services")


@cache
def tracked() -> tuple[Path, ...]:
    """Give every file git knows or would take (not the ignored ones)."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    names = sorted(set(listed.decode().strip("\0").split("\0")))
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Give name and syntax tree of every Python file in some rooms (default: all five)."""
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix == ".py" and name.split("/")[0] in (rooms or ROOMS):
            yield name, syntax(path)


@cache
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.Call) -> str:
    """Name what a call calls: `f` for f() and for x.f()."""
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""
