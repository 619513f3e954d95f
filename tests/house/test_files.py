"""The house looks after its files: sizes, door signs, colours, what must never be tracked."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tree import ROOMS, ROOT, modules, tracked

HARD_STOP = 400  # lines; look again at 250
WRITTEN_BY_TOOLS = ("portal/migrations/versions/",)
COLOURS = ("assets/10-tokens.css", "assets/img/", "analytics/theme.py")
HEX = re.compile(r"(?<![\w&/])#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b")
PATHS = re.compile(r"(?<![\w.~])/(?:home|root|work|Users|mnt)/\w")
HOSTS = re.compile(r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|npmmirror|jsdelivr|unpkg|cdn)")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def texts(*suffixes: str):
    for path in tracked():
        if not suffixes or path.suffix in suffixes:
            try:
                yield name_of(path), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def test_imports_only_walk_downstairs():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_file_is_longer_than_400_lines():
    long = {
        name: text.count("\n")
        for name, text in texts(".py", ".css", ".js", ".sh")
        if text.count("\n") > HARD_STOP and not name.startswith(WRITTEN_BY_TOOLS)
    }
    assert long == {}


def test_every_door_has_a_sign_and_nothing_else():
    """A package's `__init__` is a docstring; at most it passes on names of its own package."""
    for name, tree in modules():
        if not name.endswith("__init__.py"):
            continue
        assert ast.get_docstring(tree), name
        for node in tree.body[1:]:
            own = isinstance(node, ast.ImportFrom) and str(node.module).startswith(
                name.removesuffix("/__init__.py").replace("/", ".")
            )
            listed = isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
            assert own or listed, f"{name}: {ast.unparse(node)}"


def test_every_package_has_a_door():
    folders = {name.rsplit("/", 1)[0] for name, _ in modules()}
    data = {"portal/migrations", "portal/migrations/versions"}  # Alembic reads them as files
    assert {f for f in folders - data if not (ROOT / f / "__init__.py").exists()} == set()


def test_test_folders_are_no_packages_but_for_the_bench_which_python_runs():
    found = [name for name, _ in modules("tests") if name.endswith("__init__.py")]
    assert found == ["tests/bench/__init__.py"]


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_ours_and_not_a_neighbour_of_the_same_name(room):
    found = importlib.import_module(room).__file__
    assert found is not None
    assert Path(found).parent == ROOT / room


def test_no_colour_outside_the_tokens():
    painted = {
        name: HEX.findall(text)
        for name, text in texts(".py", ".css", ".js", ".html")
        if HEX.search(text) and not name.startswith((*COLOURS, "tests/"))
    }
    assert painted == {}


def test_no_machine_path_and_no_registry_host_is_tracked():
    told = {
        name: [*PATHS.findall(text), *HOSTS.findall(text)]
        for name, text in texts()
        if (PATHS.search(text) or HOSTS.search(text)) and name != "tests/house/test_files.py"
    }
    assert told == {}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_every_package_by_hash_and_names_no_index(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=)", text, re.MULTILINE)
    pinned = re.split(r"\n(?=[a-z0-9])", text.strip(), flags=re.IGNORECASE)
    bare = [block.split()[0] for block in pinned if "==" in block and "--hash=sha256:" not in block]
    assert len(pinned) > 30
    assert bare == []


def test_no_test_is_skipped_or_expected_to_fail():
    forbidden = {"skip", "skipif", "xfail", "importorskip", "skipTest"}
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules("tests")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in forbidden
    ]
    assert found == []
