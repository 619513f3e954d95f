"""The classes in which a desk has people to see to, and how many are left."""

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import cell, row_head, table
from services.registration.desk_lists import ListLine
from services.words import Words


def class_lines(
    words: Words, caption: str, found: Sequence[ListLine], path: str, *, people: str, left: str
) -> Component:
    """The table; `people` and `left` head the two counts, `path` is where a class's list is."""
    columns = [
        (words("Class"), False),
        (words("First day"), False),
        (words("Institution"), False),
        (people, True),
        (left, True),
    ]
    rows = [
        html.Tr(
            [
                row_head(
                    dcc.Link(words.name(c), href=f"{path}/{c.id}"),
                    html.Div(c.code, className="sub num"),
                ),
                cell(words("First day"), words.date(c.starts_on)),
                cell(words("Institution"), words.name(c, "short")),
                cell(people, words.number(c.people), right=True),
                cell(left, words.number(c.left), right=True),
            ]
        )
        for c in found
    ]
    return html.Section(table(caption, columns, rows), className="panel")
