"""What the script of the queues finds in a file; the portal uses the same lines."""

from copy import deepcopy
from hashlib import sha256

import pytest

from services.registration.check_queue import changed, commitment, holes, jumps, own, seats

TEXT = """queue line
00ff
116-BST-01
7
A123456789"""


def test_a_commitment_is_the_hash_of_a_plain_text():
    due = sha256(TEXT.encode()).hexdigest()
    assert commitment("00ff", "116-BST-01", 7, "A123456789") == due
    assert commitment("00FF", "116-BST-01", 7, " a1234 56789\n") == due  # as people type


def test_every_part_of_a_commitment_counts():
    parts = ("00ff", "116-BST-01", 7, "A123456789")
    others = ("00fe", "116-BST-02", 8, "A123456790")
    told = {commitment(*parts[:n], others[n], *parts[n + 1 :]) for n in range(4)}
    assert len(told | {commitment(*parts)}) == 5


def a_queue(*lines, cap=2):
    """Give a file; each line is a list of steps: place among all, state, seat, past whom."""
    told = []
    for number, steps in enumerate(lines, start=1):
        listed = [
            {"n": n, "at": f"day {n}", "state": state, "seat": seat, "past": list(past)}
            for n, state, seat, *past in steps
        ]
        code = commitment(f"{number:032x}", "116-BST-01", number, f"A{number}")
        state = steps[-1][1] if steps else "closed"
        told.append({"no": number, "rank": number, "c": code, "state": state, "steps": listed})
    numbers = {"class": "116-BST-01", "cap": cap, "numbers": len(lines), "as_of": "day 9"}
    return {**numbers, "lines": told}


SEATED, WAITS = (1, "admitted", True), (2, "waitlisted", False)


def sound(queue):
    return not jumps(queue) and not holes(queue) and len(seats(queue)) <= queue["cap"]


def test_a_queue_that_was_kept_is_sound():
    queue = a_queue([SEATED], [WAITS, (4, "admitted", True)], [(3, "waitlisted", False)], [])
    assert sound(queue)
    assert seats(queue) == [1, 2]


def test_a_seat_past_a_better_rank_is_a_jump_unless_a_reason_is_recorded():
    third = [(3, "waitlisted", False), (4, "admitted", True)]
    assert jumps(a_queue([SEATED], [WAITS], third)) == ["3 past 2"]
    third[-1] = (4, "admitted", True, 2)
    assert jumps(a_queue([SEATED], [WAITS], third)) == []


def test_who_came_later_or_had_a_seat_already_was_not_passed():
    early = [(1, "admitted", True), (5, "confirmed", True)]
    assert jumps(a_queue([(6, "waitlisted", False)], early)) == []
    kept = [(2, "in_review", True), (4, "admitted", True)]
    assert jumps(a_queue([(3, "waitlisted", False)], kept)) == []  # had it before the first came


def test_a_seat_that_was_lost_and_given_again_is_given_once_more():
    again = [(1, "in_review", True), (3, "in_review", False), (4, "in_review", True)]
    assert jumps(a_queue([(2, "waitlisted", False)], again)) == ["2 past 1"]


def test_the_order_is_the_rank_and_without_one_the_number():
    seated, waits = [(3, "waitlisted", False), (4, "admitted", True)], [WAITS]
    queue = a_queue(seated, waits)
    assert jumps(queue) == []
    queue["lines"][0]["rank"], queue["lines"][1]["rank"] = 2, 1
    assert jumps(queue) == ["1 past 2"]
    queue["lines"][0]["rank"] = None  # after the window of a draw
    assert jumps(queue) == ["1 past 2"]
    queue["lines"][1]["rank"] = None
    assert jumps(queue) == []


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda lines: lines.pop(1), [2]),
        (lambda lines: lines.pop(), [3]),
        (lambda lines: lines.append(lines[1]), [2]),
        (lambda lines: lines[1].update(c=None), [2]),
        (lambda lines: lines.append({**lines[0], "no": 4}), [4]),
    ],
)
def test_a_number_missing_doubled_or_without_commitment_is_a_hole(damage, found):
    queue = a_queue([SEATED], [WAITS], [])
    assert holes(queue) == []
    damage(queue["lines"])
    assert holes(queue) == found


FIRST = a_queue([SEATED], [WAITS], [(3, "waitlisted", False)])


def later(damage):
    queue = deepcopy(FIRST)
    damage(queue["lines"])
    return queue


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (lambda lines: lines[1]["steps"].append({"n": 4, "at": "day 4", "state": "admitted"}), []),
        (lambda lines: lines[1].update(steps=[], state="closed"), []),
        (lambda lines: lines[0].update(rank=3), []),  # a draw
        (lambda lines: lines[1].update(c=lines[2]["c"]), [2]),  # given to another
        (lambda lines: lines.pop(), [3]),
        (lambda lines: lines[1]["steps"][0].update(at="day 1"), [2]),
        (lambda lines: lines[1]["steps"][0].update(state="in_review"), [2]),
    ],
)
def test_a_later_file_keeps_every_commitment_and_every_step(damage, found):
    assert changed(later(damage), FIRST) == found


def test_a_receipt_fits_its_own_line_and_no_other():
    assert own(FIRST, 2, f"{2:032x}", "A2") == [2]
    assert own(FIRST, 2, f"{2:032x}", "A3") == []
    assert own(FIRST, 2, f"{3:032x}", "A2") == []
    assert own(FIRST, 3, f"{2:032x}", "A2") == []
    assert own(a_queue([SEATED], []) | {"class": "116-BST-02"}, 2, f"{2:032x}", "A2") == []
