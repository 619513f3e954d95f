"""The courses: the list by category, and one course with its rules, its price and its classes."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_facts import basis, length, validity
from pages.components.class_rows import class_rows, reader_of
from pages.components.course_facts import assumed_note, course_facts, kin, over_table
from pages.components.draw_parts import draws_panel
from pages.components.entry import attrs, cell, crumb, head, nothing, row_head, table
from pages.components.journey import aria
from pages.components.rules_told import rule_list, rules_told
from pages.visit import Visit
from services.catalogue.names import CATEGORIES, names_in_use
from services.lottery.public import draws_of_course
from services.registration.course_cards import (
    LONGEST_QUERY,
    CourseLine,
    CoursePage,
    course_lines,
    course_page,
)
from services.registration.standing import IfNow
from services.screening.stated import stated
from services.words import Words

PATH, PATH_ONE = "/courses", "/courses/<code>"


def layout(visit: Visit) -> Component:
    """List the courses; `?q=` looks for words in them, `?open=1` keeps those open now."""
    words, query = visit.words, visit.query
    asked, only_open = query.get("q", "").strip()[:LONGEST_QUERY], query.get("open") == "1"
    found = course_lines(visit.look, query=asked, only_open=only_open)
    classes, seats = sum(c.open_classes for c in found), sum(c.free_seats for c in found)
    sub = words(
        "{courses} courses; {classes} classes take registrations now, with {seats} free seats "
        "(funded and self-funded). As of {moment}.",
        courses=words.number(len(found)),
        classes=words.number(classes),
        seats=words.number(seats),
        moment=words.moment(visit.look.now),
    )
    groups = [group for group in CATEGORIES if any(line.group == group for line in found)]
    lists = [_group(words, group, [c for c in found if c.group == group]) for group in groups]
    return html.Div(
        [
            head(words("Courses"), sub if found else None),
            _filter(words, asked, only_open=only_open),
            *(lists or [_none(words, asked, only_open=only_open)]),
        ],
        className="stack-m",
    )


def _filter(words: Words, asked: str, *, only_open: bool) -> Component:
    return html.Form(
        [
            html.Div(
                [
                    html.Label(
                        words("Name, code or STCW reference"),
                        htmlFor="courses-q",
                        className="form-label",
                    ),
                    dbc.Input(id="courses-q", name="q", value=asked, maxLength=LONGEST_QUERY),
                ],
                className="filter-wide",
            ),
            html.Div(
                [
                    html.Label(words("Show"), htmlFor="courses-open", className="form-label"),
                    dbc.Select(
                        id="courses-open",
                        name="open",
                        options=[
                            {"value": "0", "label": words("All courses")},
                            {"value": "1", "label": words("Open for registration now")},
                        ],
                        value="1" if only_open else "0",
                    ),
                ]
            ),
            html.Button(words("Find"), type="submit", className="btn btn-outline-primary"),
        ],
        method="get",
        action=PATH,
        className="filters",
        role="search",
    )


def _none(words: Words, asked: str, *, only_open: bool) -> Component:
    text = (
        words('Nothing matches "{asked}". Look for part of a name or code.', asked=asked)
        if asked
        else words("No course takes registrations now.")
    )
    if asked and only_open:
        text = words('No course open now matches "{asked}".', asked=asked)
    again = dcc.Link(words("Show all courses"), href=PATH, className="btn btn-outline-primary")
    return nothing(words("No course found"), text, again)


def _group(words: Words, group: str, found: list[CourseLine]) -> Component:
    name = words(CATEGORIES.get(group, group))
    columns = [
        (words("Course"), False),
        (words("Training time"), False),
        (words("Certificate"), False),
        (words("Open classes"), True),
        (words("Free seats"), True),
        (words("Next class"), False),
    ]
    caption = words("Courses: {category}", category=name)
    return html.Section(
        [html.H2(name, className="group-head"), _table(words, caption, columns, found)],
        className="panel course-group",
    )


def _table(
    words: Words, caption: str, columns: list[tuple[str, bool]], found: list[CourseLine]
) -> Component:
    return table(caption, columns, [_line(words, line) for line in found])


def _line(words: Words, line: CourseLine) -> Component:
    dot = "・" if words.zh else ", "
    parts = (line.code, basis(words, line.stcw_ref))
    codes = dot.join(part for part in parts if part)
    nowhere = html.Span("–", **attrs(aria_hidden="true"))
    following: Any = html.Span(words("None open"), className="sub")
    if line.next_id is not None and line.next_on is not None:
        day = html.Time(words.day(line.next_on), dateTime=line.next_on.isoformat())
        following = dcc.Link(day, href=f"/classes/{line.next_id}")
    return html.Tr(
        [
            row_head(
                dcc.Link(words.name(line), href=f"{PATH}/{line.code}"),
                html.Div(codes, className="sub"),
            ),
            cell(words("Training time"), length(words, line.days, line.hours)),
            cell(words("Certificate"), validity(words, line.validity_years)),
            cell(words("Open classes"), words.number(line.open_classes), right=True),
            cell(
                words("Free seats"),
                words.number(line.free_seats) if line.open_classes else nowhere,
                right=True,
            ),
            cell(words("Next class"), following),
        ]
    )


def one(visit: Visit, code: str) -> Component:
    """Show one course."""
    words = visit.words
    found = course_page(visit.look, code)
    line = found.line
    dot = "・" if words.zh else ", "
    parts = (line.code, basis(words, line.stcw_ref))
    codes = html.Span(dot.join(part for part in parts if part), className="sub")
    other = line.name_en if words.zh else line.name_zh
    return html.Div(
        [
            crumb(words, (words("Courses"), PATH), here=words.name(line)),
            html.Div(
                [
                    html.Div(codes, className="line"),
                    html.H1(words.name(line), tabIndex=-1),
                    html.P(other, className="sub", lang="en" if words.zh else "zh-Hant-TW"),
                ],
                className="pagehead",
            ),
            course_facts(words, found),
            html.Div([_classes(visit, found), _aside(visit, found)], className="split class-split"),
        ],
        **attrs(data_title=words.name(line)),
    )


def _classes(visit: Visit, found: CoursePage) -> Component:
    """List what is open, what opens later, and what is over, in this order."""
    words, reader = visit.words, reader_of(visit)
    now = [c for c in found.classes if c.if_now.takes]
    later = [c for c in found.classes if c.if_now is IfNow.NOT_YET]
    over = [c for c in found.classes if c.if_now in (IfNow.CLOSED, IfNow.CANCELLED)]
    as_of = words("As of {moment}", moment=words.moment(visit.look.now))
    title = words.many("{n} class open now", "{n} classes open now", len(now))
    empty = (
        words("Registration for the next classes has not opened yet.")
        if later
        else words("New classes appear here when the annual plan is published.")
    )
    parts: list[Any] = [
        html.Div(
            [html.H2(title, id="open"), html.Span(as_of, className="asof")],
            className="section-head",
        ),
        class_rows(words, now, reader)
        if now
        else html.Div(nothing(words("No class takes registrations now"), empty), className="panel"),
    ]
    if later:
        label = words.many("{n} class not open yet", "{n} classes not open yet", len(later))
        parts.append(_fold(label, class_rows(words, later, reader), shown=not now))
    if over:
        label = words.many("{n} class closed or over", "{n} classes closed or over", len(over))
        parts.append(_fold(label, over_table(words, over)))
    return html.Section(parts, className="stack", **aria(labelledby="open"))


def _fold(label: str, inner: Component, *, shown: bool = False) -> Component:
    return html.Details([html.Summary(label), inner], className="fold", open=shown or None)


def _aside(visit: Visit, found: CoursePage) -> Component:
    words = visit.words
    names = names_in_use(visit.look)
    day = words("All judged on the first day of the class.")
    who = [
        html.H2(words("Who may attend")),
        *rules_told(words, found.rules, names),
        html.P(day, className="sub told-foot"),
    ]
    renewal = stated(found.renewal)
    if renewal is not None:
        who += [
            html.H3(words("Renewal without training")),
            rule_list(words, renewal, names, "clock"),
        ]
    draws = draws_panel(words, draws_of_course(visit.look, found.line.code), visit.look.now)
    parts = [html.Div(who, className="panel"), draws, kin(words, found), assumed_note(words, found)]
    return html.Aside([part for part in parts if part], className="stack")
