"""The registrations of a class at the desk: who, which number, where each stands."""

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs, cell, mark_of, pages_nav, row_head, table
from pages.components.journey import BADGES
from services.registration.desk_people import PersonLine
from services.words import Words

ANCHOR = "people"


def people_panel(
    words: Words, class_id: int, lines: list[PersonLine], *, page: int, pages: int, total: int
) -> Component:
    """One page of the registrations with its pager, and the way to what everybody sees."""

    def href(n: int) -> str:
        return f"/desk/classes/{class_id}{f'?page={n}' if n > 1 else ''}#{ANCHOR}"

    columns = [
        (words("Person"), False),
        (words("Number"), True),
        (words("Rank"), True),
        (words("Status"), False),
        (words("Registered"), False),
        (words("Latest step"), False),
    ]
    return html.Section(
        [
            html.Div(
                [
                    html.H2(
                        words.many("{n} registration", "{n} registrations", total),
                        id=ANCHOR,
                        tabIndex=-1,
                    ),
                    dcc.Link(words("Public queue"), href=f"/classes/{class_id}#queue"),
                ],
                className="section-head",
            ),
            table(words("Registrations"), columns, [_row(words, line) for line in lines])
            if lines
            else html.P(words("Nobody has registered yet.")),
            pages_nav(words, href, page, pages),
        ],
        className="panel section",
        **attrs(aria_labelledby=ANCHOR),
    )


def _row(words: Words, line: PersonLine) -> Component:
    text, tone, icon, form = BADGES[line.status]
    return html.Tr(
        [
            row_head(words.name(line)),
            cell(words("Number"), f"{line.number:03d}", right=True),
            cell(words("Rank"), "–" if line.rank is None else words.number(line.rank), right=True),
            cell(words("Status"), mark_of(words(text), tone, icon, form)),
            cell(words("Registered"), words.moment(line.registered_at)),
            cell(words("Latest step"), words.moment(line.moved_at)),
        ]
    )
