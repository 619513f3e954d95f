"""The classes that need somebody to act today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, cell, mark_of, row_head, table
from services.words import Words


@dataclass(frozen=True, slots=True)
class Due:
    """One class as it is shown; reasons are (words, tone, icon)."""

    id: int
    code: str
    course: str
    institution: str
    starts_on: date
    days: int  # until the first day
    held: int
    cap: int
    waiting: int
    free: int
    reasons: Sequence[tuple[str, str, str]]


def attention_table(words: Words, due: Sequence[Due], foot: Component) -> Component:
    """List the classes, the next one first."""
    title = words("No class needs somebody to act today")
    if due:
        title = words.many(
            "{n} class needs somebody to act", "{n} classes need somebody to act", len(due)
        )
    columns = [
        (words("Class"), False),
        (words("First day"), False),
        (words("Seats held"), True),
        (words("People waiting"), True),
        (words("Empty seats"), True),
        (words("Why"), False),
    ]
    body: Component = html.P(
        words("No class has free seats with people waiting or too few people.")
    )
    if due:
        body = table(words("Classes that need somebody"), columns, [_row(words, d) for d in due])
    return html.Section(
        [
            html.H2(title, id="title-attention"),
            html.P(
                words("By first day. Everybody who registered is told what is decided."),
                className="subtitle",
            ),
            body,
            foot,
        ],
        id="attention",
        className="fig fig-12",
        **attrs(aria_labelledby="title-attention"),
    )


def _row(words: Words, due: Due) -> Component:
    soon = words.many("in {n} day", "in {n} days", due.days)
    return html.Tr(
        [
            row_head(
                dcc.Link(due.course, href=f"/desk/classes/{due.id}#people"),
                html.Span(f"{due.institution} · {due.code}", className="sub num under"),
            ),
            cell(
                words("First day"),
                html.Span([words.day(due.starts_on), html.Span(soon, className="sub under")]),
            ),
            cell(words("Seats held"), f"{due.held}/{due.cap}", right=True),
            cell(words("People waiting"), words.number(due.waiting), right=True),
            cell(words("Empty seats"), words.number(due.free), right=True),
            cell(
                words("Why"),
                html.Span([mark_of(*reason) for reason in due.reasons], className="marks"),
            ),
        ]
    )
