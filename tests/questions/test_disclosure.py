"""Small numbers stay small secrets: an attacker with pencil and paper finds no hidden cell."""

import pytest
from attacker import found_out
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.charts import Part
from analytics.disclosure import LEAST, hidden, protect, rounded, small_groups, with_totals
from analytics.published import Public, Published
from services.words import words_for


def shapes(rows, columns):
    cell = st.sampled_from([0, 0, 1, 1, 2, 3, 4, 5, 6, 7])
    return st.lists(
        st.lists(cell, min_size=columns, max_size=columns), min_size=rows, max_size=rows
    )


tables = st.one_of(shapes(2, 2), shapes(3, 1), shapes(4, 1), shapes(1, 3), shapes(2, 1))


@settings(max_examples=50, deadline=None)
@given(tables)
def test_no_hidden_cell_follows_from_what_is_shown(rows):
    table = with_totals(rows)
    mask = hidden(table)
    assert all(mask[i][j] for i, r in enumerate(table) for j, n in enumerate(r) if 0 < n < LEAST)
    assert found_out(table, mask) == []


def test_hiding_the_small_cells_alone_would_be_found_out():
    """The guard's twin: one small cell follows from the total."""
    table = with_totals([[3], [20], [30]])
    bare = [[0 < n < LEAST for n in row] for row in table]
    assert (0, 0) in found_out(table, bare)


@pytest.mark.parametrize(
    ("sizes", "out"),
    [
        ([9, 8, 7], [False, False, False]),
        ([3, 20, 30], [True, True, False]),  # the next smallest goes with it
        ([3, 2, 30], [True, True, False]),  # 5 together: 1+4, 2+3 and back are all possible
        ([1, 1, 30, 9], [True, True, False, True]),  # 2 together could only be 1 and 1
        ([4, 4, 30, 9], [True, True, False, True]),  # 8 together could only be 4 and 4
        ([0, 7, 8], [False, False, False]),
        ([], []),
    ],
)
def test_which_groups_are_too_small(sizes, out):
    assert small_groups(sizes) == out


@pytest.mark.parametrize(("n", "to"), [(0, 0), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)])
def test_what_is_shown_is_rounded_to_five(n, to):
    assert rounded(n) == to


def test_a_table_is_published_with_its_totals_rounded_and_its_small_cells_hidden():
    """Two rows with one small cell each: a cross of four is hidden, the totals stay."""
    assert protect([[3, 41], [22, 31]]) == [
        [None, None, 45],
        [None, None, 55],
        [25, 70, 95],
    ]
    assert protect([]) == []


def test_no_more_is_hidden_than_is_needed():
    """One small cell in a long table takes three others with it, the cheapest rectangle."""
    rows = [[200 + n, 50 + n] for n in range(30)]
    rows[7] = [90, 3]
    mask = hidden(with_totals(rows))
    assert sum(map(sum, mask)) == 4
    assert mask[7] == [True, True, False]
    assert mask[0] == [True, True, False]


def test_bars_table_and_sentence_tell_one_share():
    """7 came and 7 did not: rounded 5 and 5 of 15. Half came, not a third."""
    parts = (Part("came", "Came", "confirmed"), Part("empty", "Stayed empty", "free"))
    words, nothing_else = words_for("en"), {"look": None, "words": words_for("en")}
    table = Public(
        "t", "fill-rate", "Course", parts, None, lambda _w, code, _l: code, "{share}", ""
    )
    found = Published.of([("A", (7, 7)), ("B", (8, 32))])
    (drawn, *_) = table.figure(found, theme="light", narrow=False, **nothing_else)["data"]
    said = {row[0]: row[-1] for row in table.sheet(found, **nothing_else).texts(words)}
    assert dict(zip(drawn["y"], drawn["text"], strict=True)) == {"A": "50", "B": "25"}
    assert said == {"A": "50%", "B": "25%", "All together": "27%"}
    assert table.finding(found, words) == "27%"  # 15 of 55
