"""Check the queue of a class of the Seafarer Training Portal, from the file of its public page.

Save the file, today and later, then run: python check_queue.py FILE FILE ...
With number and code of your receipt it finds your line: python check_queue.py FILE NUMBER CODE
It needs Python's standard library only. The portal itself computes with these lines.
"""

import hashlib
import json
import sys
from typing import Any

Queue = dict[str, Any]


def commitment(code: str, class_code: str, number: int, person: str) -> str:
    """Give the SHA-256 of tag, receipt code, class, number and ID number, one a line."""
    lines = ["queue line", code.lower(), class_code, str(number), "".join(person.split()).upper()]
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def passed(queue: Queue) -> list[tuple[int, Any, list[int]]]:
    """Give each step that gave a seat, with its number and those of a better rank who waited."""
    turn = {line["no"]: (line["rank"] or sys.maxsize, line["no"]) for line in queue["lines"]}
    steps = [(step["n"], line["no"], step) for line in queue["lines"] for step in line["steps"]]
    waits: dict[int, bool] = {}
    found = []
    for _, number, step in sorted(steps, key=lambda each: each[0]):
        if step["seat"] and waits.get(number, True):
            better = [n for n in waits if waits[n] and turn[n] < turn[number]]
            found.append((number, step, sorted(better)))
        waits[number] = not step["seat"]
    return found


def jumps(queue: Queue) -> list[str]:
    """Name the seats given past a better rank without a recorded reason."""
    return [
        f"{number} past {n}"
        for number, step, better in passed(queue)
        for n in better
        if n not in step.get("past", [])
    ]


def holes(queue: Queue) -> list[int]:
    """Give the numbers that are missing, stand twice or have no commitment."""
    given = [line["no"] for line in queue["lines"] if line["c"]]
    top = max([queue["numbers"], *given])
    return [n for n in range(1, top + 1) if given.count(n) != (n <= queue["numbers"])]


def seats(queue: Queue) -> list[int]:
    """Give the numbers that hold a seat."""
    return [line["no"] for line in queue["lines"] if line["steps"] and line["steps"][-1]["seat"]]


def changed(later: Queue, earlier: Queue) -> list[int]:
    """Give the numbers whose commitment or steps are not what an earlier file said."""
    now = {line["no"]: line for line in later["lines"]}
    found = []
    for line in earlier["lines"]:
        here = now.get(line["no"], {"c": "", "steps": []})
        said, says = ([(s["at"], s["state"]) for s in one["steps"]] for one in (line, here))
        if here["c"] != line["c"] or (says and says[: len(said)] != said):
            found.append(line["no"])
    return found


def own(queue: Queue, number: int, code: str, person: str) -> list[int]:
    """Give the numbers of the lines that a receipt fits."""
    due = commitment(code, queue["class"], number, person)
    return [line["no"] for line in queue["lines"] if line["c"] == due]


def main() -> int:
    """Check the files named, and a receipt; give 0 only if everything agrees."""
    files: list[tuple[Queue, str]] = []
    checks: list[tuple[str, list[Any]]] = []
    receipt = [text for text in sys.argv[1:] if not text.endswith(".json")]
    for name in (text for text in sys.argv[1:] if text.endswith(".json")):
        with open(name, encoding="utf-8") as file:
            files.append((json.load(file), name))
    if not files or (receipt and (len(receipt) != 2 or not receipt[0].isdecimal())):
        sys.exit(__doc__)
    files.sort(key=lambda each: each[0]["as_of"])
    for queue, name in files:
        checks.append((f"{name}: numbers 1 to {queue['numbers']}", holes(queue)))
        checks.append((f"{name}: at most {queue['cap']} seats", seats(queue)[queue["cap"] :]))
        checks.append((f"{name}: no seat past a better rank without a reason", jumps(queue)))
    for n in range(1, len(files)):
        (earlier, before), (later, name) = files[n - 1], files[n]
        wrong: list[Any] = changed(later, earlier)
        if later["class"] != earlier["class"]:
            wrong = ["another class"]
        checks.append((f"{name} follows {before}", wrong))
    if receipt:
        number, code = int(receipt[0]), receipt[1]
        fits = own(files[-1][0], number, code, input("ID number: "))
        wrong = [] if fits == [number] else ["it is not"]
        checks.append((f"the receipt is of number {number} and of no other", wrong))
    for sentence, faults in checks:
        print("WRONG:" if faults else "OK:", sentence, *faults)
    return int(any(faults for _, faults in checks))


if __name__ == "__main__":
    sys.exit(main())
