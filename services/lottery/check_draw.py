"""Recompute a draw of the Seafarer Training Portal from its public page.

Save the JSON file of the page, then run: python check_draw.py draw.json  (or: ... < draw.json)
It needs Python's standard library only. The portal itself draws with these very lines.
"""

import hashlib
import json
import sys


def sha256(text: str) -> str:
    """Give the SHA-256 of a text as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def list_hash(tickets: list[str]) -> str:
    """Give the fingerprint of a list of tickets: sorted, one a line."""
    return sha256("\n".join(sorted(tickets)))


def order(seed: str, value: str, tickets: list[str]) -> list[str]:
    """Sort the tickets by the SHA-256 of seed, public value and ticket; rank 1 comes first."""
    return sorted(tickets, key=lambda ticket: sha256(f"{seed}|{value}|{ticket}"))


def main() -> int:
    """Check a saved page; give 0 only if everything agrees."""
    with open(sys.argv[1], encoding="utf-8") if sys.argv[1:] else sys.stdin as page:
        draw = json.load(page)
    if draw["state"] != "drawn":
        print("This draw has not been made yet.")
        return 2
    ranks = {one["ticket"]: one["rank"] for one in draw["tickets"]}
    drawn = order(draw["seed"], draw["value"] or "", list(ranks))
    checks = {
        "the seed is the one committed to": sha256(draw["seed"]) == draw["commitment"],
        "the list of tickets is the frozen one": list_hash(list(ranks)) == draw["list_hash"],
        "the order is the one drawn": [ranks[ticket] for ticket in drawn]
        == list(range(1, len(draw["tickets"]) + 1)),
    }
    for rank, ticket in enumerate(drawn, start=1):
        print(rank, ticket)
    for sentence, holds in checks.items():
        print("OK:" if holds else "WRONG:", sentence)
    return 0 if all(checks.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
