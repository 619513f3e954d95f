"""The draws: all of them, and one with everything needed to recompute it."""

from functools import cache
from pathlib import Path

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.checking import Step, check_panel, file_link
from pages.components.draw_parts import draw_badge, href, way
from pages.components.entry import (
    attrs,
    cell,
    crumb,
    head,
    nothing,
    pages_nav,
    path_id,
    row_head,
    table,
)
from pages.components.journey import aria
from pages.visit import Visit
from services.lottery import check_draw
from services.lottery.public import PER_PAGE, DrawLine, DrawPage, Ticket, draw_page, draws
from services.words import Words

PATH, PATH_ONE = "/draws", "/draws/<draw_id>"
QUERY = ("page", "ticket")
SCRIPT = "/draws/check_draw.py"
LONGEST_TICKET = 20


def layout(visit: Visit) -> Component:
    """List the draws, those ahead first."""
    words = visit.words
    lead = words(
        "Where the annual plan says so, the order of a queue is drawn, not given by the clock. "
        "Everything needed to check a draw is public."
    )
    found = draws(visit.look)
    how = dcc.Link(words("How a draw works"), href="/how#draw", className="link-arrow")
    if not found:
        text = words("The published plans serve their queues by number.")
        return html.Div([head(words("Draws"), lead), nothing(words("No draw"), text, how)])
    columns = [
        (words("Course"), False),
        (words("Classes that begin"), False),
        (words("State"), False),
        (words("Commitment"), False),
        (words("Window closes"), False),
        (words("Tickets"), True),
    ]
    rows = [_row(visit, line) for line in found]
    body = html.Section(table(words("Draws"), columns, rows), className="panel")
    return html.Div([head(words("Draws"), lead), body, html.P(how)], className="stack-m")


def _row(visit: Visit, line: DrawLine) -> Component:
    words = visit.words
    return html.Tr(
        [
            row_head(
                dcc.Link(words.name(line), href=href(line.id)),
                html.Div(f"{line.course} {words.year(line.year)}", className="sub"),
            ),
            cell(words("Classes that begin"), words.period(line.classes_from, line.classes_to)),
            cell(words("State"), draw_badge(words, line, visit.look.now)),
            cell(words("Commitment"), html.Span(f"{line.commitment[:16]}…", className="draw-code")),
            cell(words("Window closes"), words.deadline(line.closes_at)),
            cell(words("Tickets"), words.number(line.taking_part), right=True),
        ]
    )


def one(visit: Visit, draw_id: str) -> Component:
    """Show one draw; `?ticket=` looks for one on the list, `?page=` turns its pages."""
    words, query = visit.words, visit.query
    typed = query.get("ticket", "").strip()[:LONGEST_TICKET]
    number = query.get("page", "")
    turned = int(number) if number.isascii() and number.isdigit() and len(number) <= 5 else 1
    page = draw_page(visit.look, path_id(draw_id), page=max(turned, 1), find=typed)
    line = page.line
    title = words("Draw: {course}", course=words.name(line))
    sub = words(
        "Plan of {year}, classes that begin {span}",
        year=words.year(line.year),
        span=words.period(line.classes_from, line.classes_to),
    )
    return html.Div(
        [
            crumb(words, (words("Draws"), PATH), here=words.name(line)),
            head(title, sub, above=draw_badge(words, line, visit.look.now)),
            html.Div(
                [
                    html.Div([_way(visit, page), _check(words, page)], className="stack-m"),
                    html.Aside(_aside(words, page), className="stack-m"),
                ],
                className="split",
            ),
            _tickets(words, page, typed),
        ],
        className="stack-m",
        **attrs(data_title=title),
    )


def _way(visit: Visit, page: DrawPage) -> Component:
    words = visit.words
    return html.Section(
        [
            html.Div(
                [
                    html.H2(words("Step by step"), id="way"),
                    html.Span(words("All times are Taipei time"), className="asof"),
                ],
                className="section-head",
            ),
            way(words, page, visit.look.now),
        ],
        className="panel",
        **aria(labelledby="way"),
    )


def _tickets(words: Words, page: DrawPage, typed: str) -> Component:
    """The frozen list: by rank once drawn, by ticket before."""
    line, top = page.line, html.H2(words("The tickets"), id="tickets", tabIndex=-1)
    if page.seed is None:
        text = words(
            "So far {n} tickets. The list is published when the window closes, without names: only "
            "you know which ticket is yours.",
            n=words.number(line.taking_part),
        )
        return html.Section([top, html.P(text)], className="panel")
    if not line.taking_part:
        text = words("Nobody registered in the window, so nothing had to be drawn.")
        return html.Section([top, html.P(text)], className="panel")
    drawn = line.state == "drawn"
    items = [
        html.Li(_ticket(words, t), className="mine" if t.mine or _same(t.code, typed) else None)
        for t in page.tickets
    ]
    last = max(-(-line.taking_part // PER_PAGE), 1)
    told = words("In the order drawn.") if drawn else words("In the order of the alphabet.")
    return html.Section(
        [
            top,
            html.P(told, className="sub"),
            _find(words, page, typed),
            html.Ol(items, className="draw-list"),
            pages_nav(words, lambda n: f"/draws/{line.id}?page={n}#tickets", page.page, last),
        ],
        className="panel draw-tickets",
    )


def _ticket(words: Words, one: Ticket) -> list[Component]:
    parts: list[Component] = [html.Span(one.code, className="draw-code")]
    if one.rank is not None:
        parts.insert(0, html.B(words.number(one.rank), className="num"))
    if one.mine:
        parts.append(html.Small(words("your ticket"), className="queue-note"))
    return parts


def _same(code: str, typed: str) -> bool:
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    return code.replace("-", "") == plain


def _find(words: Words, page: DrawPage, typed: str) -> Component:
    missing = html.P(words("There is no such ticket on this list."), className="field-error")
    return html.Form(
        [
            html.Div(
                [
                    html.Label(words("Ticket"), htmlFor="draw-ticket", className="form-label"),
                    missing if page.found is False else None,
                    dbc.Input(
                        id="draw-ticket", name="ticket", value=typed, maxLength=LONGEST_TICKET
                    ),
                ]
            ),
            html.Button(words("Find"), type="submit", className="btn btn-outline-primary"),
        ],
        method="get",
        action=f"/draws/{page.line.id}#tickets",
        className="filters",
        role="search",
    )


def _aside(words: Words, page: DrawPage) -> list[Component]:
    parts: list[Component] = []
    if page.mine:
        parts.append(
            html.Section(
                [
                    html.H2(words("Your ticket")),
                    html.P(page.mine, className="draw-code draw-mine"),
                    html.P(words("Only you can see that it is yours."), className="sub"),
                    dcc.Link(words("Find it on the list"), href=href(page.line.id, page.mine))
                    if page.seed
                    else None,
                ],
                className="panel",
            )
        )
    links = [html.Li(dcc.Link(code, href=f"/classes/{key}")) for key, code in page.classes]
    parts.append(
        html.Section(
            [
                html.H2(words("Classes it orders")),
                html.P(words("One rank for every queue a person registered in."), className="sub"),
                html.Ul(links, className="plain draw-classes"),
            ],
            className="panel",
        )
    )
    return parts


def _check(words: Words, page: DrawPage) -> Component:
    """Check it yourself: the file, the script, what it must print."""
    key = page.line.id
    steps: list[Step] = [
        [
            words("Save what this page says:"),
            " ",
            file_link(f"/draws/{key}.json", f"draw-{key}.json"),
            " ",
            words("(the list for a spreadsheet:"),
            " ",
            html.A("CSV", href=f"/draws/{key}.csv", download=f"draw-{key}.csv"),
            words(")"),
        ],
        [
            words("Save the script, or write your own:"),
            " ",
            file_link(SCRIPT, "check_draw.py"),
        ],
        [
            words("Run it with any Python 3; it needs nothing else:"),
            " ",
            html.Code(f"python3 check_draw.py draw-{key}.json"),
        ],
    ]
    rule = words(
        "The order is the sort of the tickets by SHA-256 of seed, public value and ticket, joined "
        "by |. The seed was fixed before anybody registered and shown before anybody knew the "
        "public value: nobody could choose the result."
    )
    return check_panel(words, rule, steps, source())


@cache
def source() -> str:
    """Give the text of the script everybody can run."""
    return Path(check_draw.__file__).read_text(encoding="utf-8")
