"""What the script of the checkpoints computes and compares; the portal uses the same lines."""

from hashlib import sha256

import pytest

from services.checkpoints.check_checkpoints import follows, is_sound, root

TEXT = """before
7
2027-01-04T02:00:00+00:00
1 12 aa
2 3 bb"""


def test_a_root_is_the_hash_of_a_plain_text_whatever_the_order_of_the_list():
    heads = [(2, 3, "bb"), (1, 12, "aa")]
    due = sha256(TEXT.encode()).hexdigest()
    assert root("before", 7, "2027-01-04T02:00:00+00:00", heads) == due


def a_file(number, *heads, previous=""):
    found = root(previous, number, "noon", list(heads))
    listed = [{"cohort": c, "events": n, "head": h} for c, n, h in heads]
    return {"number": number, "made_at": "noon", "previous": previous, "root": found,
            "heads": listed}  # fmt: skip


FIRST = a_file(1, (1, 12, "aa"), (2, 3, "bb"))


def test_a_sound_file_has_its_root():
    assert is_sound(FIRST)
    assert not is_sound(FIRST | {"made_at": "midnight"})


@pytest.mark.parametrize(
    ("later", "can_be"),
    [
        (a_file(2, (1, 13, "cc"), (2, 3, "bb"), previous=FIRST["root"]), True),
        (a_file(2, (1, 13, "cc"), (2, 3, "bb"), (3, 1, "dd"), previous=FIRST["root"]), True),
        (a_file(9, (1, 40, "cc"), (2, 3, "bb"), previous="of one between"), True),
        (FIRST, True),
        (a_file(2, (1, 13, "cc"), (2, 3, "bb"), previous="another"), False),  # not linked
        (a_file(9, (1, 11, "cc"), (2, 3, "bb")), False),  # shorter
        (a_file(9, (1, 12, "cc"), (2, 3, "bb")), False),  # as long, but another
        (a_file(9, (1, 13, "cc")), False),  # a chain is gone
        (a_file(1, (1, 12, "cc"), (2, 3, "bb")), False),  # one number, two roots
    ],
)
def test_a_later_file_follows_where_nothing_was_taken_back(later, can_be):
    assert follows(later, FIRST) is can_be
