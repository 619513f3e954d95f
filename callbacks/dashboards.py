"""Hands of the dashboards: read the selection, ask the questions, show what was found."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from dash import Input, Output
from dash.development.base_component import Component
from flask import has_request_context, request

from analytics import attention, labels
from analytics.asking import ask_attention
from analytics.boards import BOARDS, Board, board_of
from analytics.definitions import definition
from analytics.filters import Filters, choices, parse, seen_from
from analytics.licence import ATTRIBUTION, INTERNAL
from analytics.like_with_like import looks_ahead
from analytics.questions import QUESTIONS, Answer, answer
from analytics.sheet import LEAF, Sheet
from analytics.source import told_of
from callbacks.dashboard_filters import controls, names_of
from callbacks.definitions import facts
from callbacks.desk import Desk
from callbacks.guard import Registrar
from pages.components import figures
from pages.components.attention import Due, attention_table
from pages.components.entry import pages_nav, refusal
from pages.components.filter_form import address, chosen
from pages.dashboards import DRILL, PAGE, QUERY, READERS, Ids
from services.kernel.actor import Role
from services.kernel.clock import TAIPEI
from services.kernel.work import Look
from services.words import Words

TALL = 8  # rows
FITS = 3  # columns of numbers stand beside a sentence on a phone
CARDS = 20  # rows a phone shows as cards where they are all there is


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of these pages."""

    @reg.callback(
        [Output(Ids.BOARD, "children"), Output(Ids.LINE, "children")],
        [Input(Ids.ASKED, "data")],
        allow=READERS,
        at_load=True,
    )
    def _show(asked: Any) -> tuple[Any, str]:
        return show(desk, asked, narrow())


def narrow() -> bool:
    """Tell whether the reader holds a phone: the page's script says so in a cookie."""
    return has_request_context() and request.cookies.get("narrow") == "1"


def show(desk: Desk, asked: Any, on_phone: bool) -> tuple[Any, str]:
    """Show a dashboard; what the browser sends is only a wish."""
    words = desk.words()
    wish = asked if isinstance(asked, dict) else {}
    board = BOARDS.get(str(wish.get("board")))
    if board is None:
        return refusal(words("There is no such dashboard.")), ""
    theme = "dark" if wish.get("theme") == "dark" else "light"
    with desk.office.look(desk.actor()) as look:
        known = choices(look.connection)
        query = _texts(wish.get("query"))
        filters, notes = parse(query, known, look.today)
        filters, more = told_of(look.connection, filters.locked_to(look.actor))
        notes, today = (*notes, *more), look.today
        look = seen_from(look, filters)
        path, asked_for = f"/{board.code}", filters.query()
        chips = names_of(words, filters, known, look.actor.role)
        form = controls(
            words, path, known, filters, look.actor.role, today, names=chips,
            typed=query.get("asof", "") if notes else "", unfolded=bool(notes) or not on_phone,
        )  # fmt: skip
        told = [refusal(words(note)) for note in notes]
        codes = [code for code, _ in board.figures]
        answers = [answer(QUESTIONS[code], look, filters, words, theme, on_phone) for code in codes]
        page = _page(wish.get("query"), answers[0].sheet) if board.paged else None
        clicks = any("meta" in found.figure["layout"] for found in answers)
        decides = words(board.planner if look.actor.role is Role.PLANNER else board.institution)
        bar = chosen(words, path, asked_for, chips, DRILL, clicks=clicks, decides=decides)
        lasting = asked_for if filters.as_of else {**asked_for, "asof": today.isoformat()}
        found = _found(look, board, answers, filters, words, page, lasting)
        return [form, *told, bar, *found], board.line(look, filters, words)


def _texts(query: Any) -> Mapping[str, str]:
    """Keep the names and values a filter may have."""
    found = query if isinstance(query, dict) else {}
    return {name: found[name][:40] for name in QUERY if isinstance(found.get(name), str)}


def _page(query: Any, sheet: Sheet) -> int:
    """Read the page of a list; one that is not there is the nearest, anything odd the first."""
    text = query.get(PAGE) if isinstance(query, dict) else None
    page = int(text[:9]) if isinstance(text, str) and text.isascii() and text.isdigit() else 1
    return min(max(page, 1), sheet.pages)


def _found(
    look: Look,
    board: Board,
    answers: list[Answer],
    filters: Filters,
    words: Words,
    page: int | None,
    lasting: Mapping[str, str],
) -> list[Component]:
    path, query = f"/{board.code}", address(filters.query())
    told = board.numbers(look, filters, words)
    numbers = [
        figures.number(
            name=n.name, defined=f"/definitions#{n.measure}",
            value=n.value, unit=n.unit, delta=n.delta, note=n.note,
            link=n.link, href=within(board, n.href, query), alarm=n.alarm,
            trend=figures.spark(n.trend.name, n.trend.points, n.trend.texts) if n.trend else None,
        )
        for n in told
    ]  # fmt: skip
    places = _places([place for _, place in board.figures], answers)
    drawn = [
        _figure(found, place, words, path, filters.query(), page, lasting)
        for found, place in zip(answers, places, strict=True)
    ]
    if board.attention and looks_ahead(look, filters):
        drawn.insert(0, _attention(look, filters, words, path, query, lasting))  # what to do
    means = dict.fromkeys(n.measure for n in told)
    for found in answers:
        means |= dict.fromkeys((found.question.measure, *found.question.more))
    terms = words(ATTRIBUTION), words(INTERNAL)
    turned = {PAGE: str(page)} if page and page > 1 else {}
    here = f"{path}{address({**lasting, **turned})}"
    paper = figures.paper(words, facts(words, means), terms, here)
    return [*figures.body(numbers, drawn), paper]


def within(board: Board, href: str, query: str) -> str:
    """Lead to a figure of this page, or with the same filters to the page that shows it."""
    if not href.startswith("#") or href[1:] in board.shown:
        return href
    return f"/{board_of(href[1:]).code}{query}{href}"


def _places(wished: list[str], answers: list[Answer]) -> list[str]:
    """Lay figures out; a tall one with few rows stands beside one figure only."""
    if wished[0] == "tall" and len(answers[0].sheet.rows) < TALL:
        return ["wide", wished[1], "full", *wished[3:]]
    return wished


def _figure(
    found: Answer,
    place: str,
    words: Words,
    path: str,
    query: Mapping[str, str],
    page: int | None,
    lasting: Mapping[str, str],
) -> Component:
    """Show what was found; a page where its list is turned in pages.

    lasting: the selection with its day, so that whoever is sent the link sees the same numbers.
    """
    question, sheet = found.question, found.sheet
    drawn = bool(sheet.rows and found.figure["data"])
    shown = (sheet if page is None else sheet.page(page)).on_page
    wide = len(shown.columns) > FITS or bool(shown.links)

    def href(n: int | None, of: Mapping[str, str] = query) -> str:
        more = {PAGE: str(n)} if n and n > 1 else {}
        return f"{path}{address({**of, **more})}#{question.code}"

    return figures.figure(
        words,
        code=question.code,
        title=found.title,
        subtitle=found.subtitle if sheet.rows else "",
        place=place,
        drawn=figures.graph(words, found.figure, found.title) if drawn else None,
        parts=[(words(part.name), part.tone) for part in question.parts],
        table=_table(shown, words, cards=not drawn and wide and len(sheet.rows) <= CARDS),
        rows=len(sheet.rows),
        unfolded=not drawn and not sheet.nothing,
        foot=figures.foot(
            words,
            as_of=words.deadline(found.as_of),
            definition=(words(definition(question.measure).name), question.measure),
            link=href(page, lasting),
            files=_files(question.code, address(query)),
            image=_image(question.code, found.as_of) if drawn else "",
        ),
        turn=None if page is None else _turn(words, sheet, page, href),
    )


def _turn(words: Words, sheet: Sheet, page: int, href: Callable[[int], str]) -> Component | None:
    first, total = (page - 1) * LEAF + 1, len(sheet.rows)
    last = min(page * LEAF, total)
    said = words("{first} to {last} of {total}", first=first, last=last, total=total)
    return figures.turning(said, pages_nav(words, href, page, sheet.pages))


def _files(code: str, query: str) -> list[tuple[str, str]]:
    return [(kind.upper(), f"/export/{code}.{kind}{query}") for kind in ("csv", "xlsx", "json")]


def _image(code: str, as_of: datetime) -> str:
    """Name the picture of a figure like its files: by measure and moment."""
    return f"{code}_{as_of.astimezone(TAIPEI):%Y%m%dT%H%M}"


def _table(sheet: Sheet, words: Words, *, cards: bool) -> Component:
    columns = [(c.title, c.right) for c in sheet.columns]
    return figures.data_table(columns, sheet.texts(words), sheet.links, cards=cards)


def _attention(
    look: Look, filters: Filters, words: Words, path: str, query: str, lasting: Mapping[str, str]
) -> Component:
    found = ask_attention(look, filters)
    due = [
        Due(
            id=f.id,
            code=f.code,
            course=labels.course(words, f.course),
            institution=f.short_zh if words.zh else f.short_en,
            starts_on=f.starts_on,
            days=(f.starts_on - look.today).days,
            held=f.held,
            cap=f.cap,
            waiting=f.waiting,
            free=f.free,
            reasons=attention.reasons(found.value, f, words),
        )
        for f in found.value.all
    ]
    foot = figures.foot(
        words,
        as_of=words.deadline(found.as_of),
        definition=(words(definition("below-minimum").name), "below-minimum"),
        link=f"{path}{address(lasting)}#attention",
        files=_files("attention", query),
    )
    return attention_table(words, due, foot)
