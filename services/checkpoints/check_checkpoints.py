"""Check saved checkpoints of the Seafarer Training Portal: their roots, and that each follows.

Save files of the page, today and later, then run: python check_checkpoints.py FILE FILE ...
It needs Python's standard library only. The portal itself computes its roots with these lines.
"""

import hashlib
import json
import sys
from typing import Any


def root(previous: str, number: int, made_at: str, heads: list[tuple[int, int, str]]) -> str:
    """Give the SHA-256 of previous root, number, moment and one line for each cohort in order."""
    lines = [previous, str(number), made_at]
    lines += [f"{cohort} {events} {head}" for cohort, events, head in sorted(heads)]
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def heads_of(saved: dict[str, Any]) -> dict[int, tuple[int, str]]:
    """Give events and head of each cohort in a saved file."""
    return {one["cohort"]: (one["events"], one["head"]) for one in saved["heads"]}


def is_sound(saved: dict[str, Any]) -> bool:
    """Tell whether a saved file has the root that follows from the rest of it."""
    heads = [(cohort, *rest) for cohort, rest in heads_of(saved).items()]
    return bool(saved["root"] == root(saved["previous"], saved["number"], saved["made_at"], heads))


def follows(later: dict[str, Any], earlier: dict[str, Any]) -> bool:
    """Tell whether one file can come after another: linked, and no chain shorter or changed."""
    if later["number"] == earlier["number"]:
        return bool(later["root"] == earlier["root"])
    if later["number"] == earlier["number"] + 1 and later["previous"] != earlier["root"]:
        return False
    now = heads_of(later)
    return all(
        now.get(cohort) == (events, head) or now.get(cohort, (0, ""))[0] > events
        for cohort, (events, head) in heads_of(earlier).items()
    )


def main() -> int:
    """Check the files named; give 0 only if everything agrees."""
    files = []
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            files.append((json.load(file), name))
    files.sort(key=lambda each: each[0]["number"])
    checks = [(is_sound(saved), f"{name}: root") for saved, name in files]
    for n in range(1, len(files)):
        (earlier, before), (later, name) = files[n - 1], files[n]
        checks.append((follows(later, earlier), f"{name} follows {before}"))
    for holds, sentence in checks:
        print("OK:" if holds else "WRONG:", sentence)
    return 0 if checks and all(holds for holds, _ in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
