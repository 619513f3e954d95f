"""Play the parts, print the table, write build/bench.json."""

import argparse
import json
import os
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from bench.lines import Line
from bench.place import KINDS, place

PARTS = ("core", "storm", "submit", "promotion", "sweeping", "mail", "dashboards")
LARGE = ("millions", "tens")  # only by name: they take long and much room
KEPT = Path(__file__).resolve().parents[2] / "build" / "bench.json"


def main() -> None:
    asked = _arguments()
    kept: list[dict[str, object]] = []
    for kind in asked.on:
        for part in asked.parts or PARTS:
            began = time.monotonic()
            print(f"\n== {part} on {kind}", flush=True)
            for line in _lines(part, kind, quick=asked.quick):
                print(line, flush=True)
                kept.append({"part": part, "database": kind, **line.to_json()})
            print(f"   ({time.monotonic() - began:.0f} s)", flush=True)
    KEPT.parent.mkdir(exist_ok=True)
    head = {"cores": os.cpu_count(), "quick": asked.quick, "at": time.strftime("%FT%T%z")}
    KEPT.write_text(json.dumps({**head, "lines": kept}, indent=1) + "\n")
    missed = sum(line["met"] is False for line in kept)
    print(f"\n{len(kept)} lines, {missed} bars missed. Kept in build/{KEPT.name}.")


def _lines(part: str, kind: str, *, quick: bool) -> Iterator[Line]:
    with place(kind, quick=quick) as here:
        yield from import_module(f"bench.{part}").run(here)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS, *LARGE], metavar="PART")
    parser.add_argument("--quick", action="store_true", help="the small size of everything")
    parser.add_argument("--on", nargs="+", choices=KINDS, default=KINDS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
