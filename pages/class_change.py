"""Cancel, move or merge a published class: the consequences first, then the button."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.classes import PATH as UPKEEP
from pages.components.change_told import told_cancel, told_merge, told_move
from pages.components.class_marks import CHANGES, change_href, state_badge
from pages.components.entry import (
    Problems,
    attrs,
    choice,
    crumb,
    field,
    head,
    line,
    nothing,
    path_id,
    refusal,
    say,
    staff_page,
    summary,
)
from pages.components.kept import kept
from pages.visit import Visit
from services.catalogue.upkeep import ClassEntry, class_entry
from services.foresee import (
    Target,
    changeable,
    foresee_cancel,
    foresee_merge,
    foresee_move,
    targets,
)
from services.move_class import NewDays
from services.words import Words

PATH = "/desk/classes/<class_id>/change"
QUERY = ("act", "starts_on", "ends_on", "into")


class Ids:
    """Ids shared with the hands."""

    WHICH, VERSION, TO = "change-which", "change-version", "change-to"
    NOTE, PROBLEM = "change-note", "change-problem"
    PLACE_ZH, PLACE_EN = "change-place-zh", "change-place-en"
    MOVE, MERGE, CANCEL = "change-move", "change-merge", "change-cancel"


def layout(visit: Visit, class_id: str) -> Component:
    """Show one of the three changes of a class; days and target come from the address."""
    words = visit.words
    entry = class_entry(visit.look, path_id(class_id))
    act = visit.query.get("act", "move")
    act = act if act in CHANGES else "move"
    refused = changeable(visit.look, entry.id)
    body = refusal(say(words, refused.sentence, refused.facts)) if refused else None
    return staff_page(
        crumb(
            words,
            (words("Class upkeep"), UPKEEP),
            (entry.code, f"{UPKEEP}/{entry.id}"),
            here=words(CHANGES[act]),
        ),
        head(
            words(CHANGES[act]),
            [words.name(entry), " ", words.period(entry.starts_on, entry.ends_on)],
            above=[state_badge(words, entry.state), html.Span(entry.code, className="num")],
        ),
        body or _switch(words, entry, act),
        None
        if body
        else kept(visit, html.Section(_SHOWN[act](visit, entry), className="panel stack"), of=act),
        dcc.Store(id=Ids.WHICH, data=entry.id),
        dcc.Store(id=Ids.VERSION, data=entry.version),
        title=f"{entry.code} {words(CHANGES[act])}",
    )


def _switch(words: Words, entry: ClassEntry, act: str) -> Component:
    links = [
        html.A(
            words(text),
            href=change_href(entry.id, key),
            **attrs(data_go="1"),
            **(attrs(aria_current="true") if key == act else {}),
        )
        for key, text in CHANGES.items()
    ]
    return html.Nav(
        links, className="seg-switch change-switch", **attrs(aria_label=words("What to do"))
    )


def _move(visit: Visit, entry: ClassEntry) -> list[Component | None]:
    words, query = visit.words, visit.query
    to = _days(query)
    seen = foresee_move(visit.look, entry.id, to) if to else None
    problems: Problems = seen.problems if seen else {}
    labels = {"starts_on": words("New first day"), "ends_on": words("New last day")}
    days = [
        field(
            words,
            line(f"change-{name}", query.get(key, ""), kind="date", problems=problems, name=key),
            labels[key],
            problems,
        )
        for name, key in (("starts-on", "starts_on"), ("ends-on", "ends_on"))
    ]
    ask = html.Form(
        [
            summary(words, problems, "change", labels),
            html.Div(days, className="pair"),
            html.Button(
                words("See what would happen"), type="submit", className="btn btn-outline-primary"
            ),
            dcc.Input(type="hidden", name="act", value="move"),
        ],
        method="get",
        action=f"{UPKEEP}/{entry.id}/change",
        className="stack form-narrow",
    )
    if seen is None or not seen.allowed:
        return [ask]
    place = [
        field(words, line(ident, value), label, {})
        for ident, value, label in (
            (Ids.PLACE_ZH, entry.place_zh, words("Place in Chinese (optional)")),
            (Ids.PLACE_EN, entry.place_en, words("Place in English (optional)")),
        )
    ]
    assert to is not None
    done = words.many("Move it and tell {n} person", "Move it and tell {n} people", seen.people)
    return [
        ask,
        dcc.Store(id=Ids.TO, data=[to.starts_on.isoformat(), to.ends_on.isoformat()]),
        *_before(words, told_move(words, seen, to)),
        html.Div(place, className="pair"),
        *_button(words, Ids.MOVE, done),
    ]


def _days(query: Mapping[str, str]) -> NewDays | None:
    """Read the days of the address; anything odd asks for them again."""
    try:
        first, last = (date.fromisoformat(query.get(key, "")) for key in ("starts_on", "ends_on"))
    except ValueError:
        return None
    return NewDays(first, last)


def _merge(visit: Visit, entry: ClassEntry) -> list[Component | None]:
    words = visit.words
    found = targets(visit.look, entry.id)
    if not found:
        return [
            nothing(
                words("There is no class to merge into"),
                words("It has to be a published class of the same course, year and kind."),
            )
        ]
    into = next((one for one in found if str(one.id) == visit.query.get("into")), None)
    picker = choice("change-into", _options(words, found), into and str(into.id))
    picker.name = "into"
    ask = html.Form(
        [
            field(words, picker, words("The class that stays"), {}),
            html.Button(
                words("See what would happen"), type="submit", className="btn btn-outline-primary"
            ),
            dcc.Input(type="hidden", name="act", value="merge"),
        ],
        method="get",
        action=f"{UPKEEP}/{entry.id}/change",
        className="stack form-narrow",
    )
    if into is None:
        return [ask]
    seen = foresee_merge(visit.look, entry.id, into.id)
    if seen.refused is not None:
        return [ask, refusal(say(words, seen.refused.sentence, seen.refused.facts))]
    return [
        ask,
        dcc.Store(id=Ids.TO, data=into.id),
        *_before(words, told_merge(words, seen, into)),
        *_button(words, Ids.MERGE, words("Merge into {code}", code=into.code), danger=True),
    ]


def _options(words: Words, found: list[Target]) -> list[tuple[str, str]]:
    rows = [
        (
            str(one.id),
            words(
                "{code}, {dates}, {free} seats free",
                code=one.code,
                dates=words.period(one.starts_on, one.ends_on),
                free=one.free,
            ),
        )
        for one in found
    ]
    return [("", words("Choose a class")), *rows]


def _cancel(visit: Visit, entry: ClassEntry) -> list[Component | None]:
    words = visit.words
    seen = foresee_cancel(visit.look, entry.id)
    done = words.many("Cancel it and tell {n} person", "Cancel it and tell {n} people", seen.people)
    return [
        *_before(words, told_cancel(words, seen)),
        *_button(words, Ids.CANCEL, done, danger=True),
    ]


def _before(words: Words, told: list[Component]) -> list[Component]:
    return [
        html.H2(words("What will happen")),
        html.Ul(told, className="consequences"),
    ]


def _button(words: Words, ident: str, text: str, *, danger: bool = False) -> list[Component]:
    note = dbc.Textarea(id=Ids.NOTE, value="", rows=2)
    hint = words("Everybody reads it in the letter, exactly as you write it.")
    return [
        field(words, note, words("What people should know (optional)"), {}, hint=hint),
        html.Div(id=Ids.PROBLEM),
        html.Div(
            html.Button(
                text,
                id=ident,
                type="button",
                className=f"btn {'btn-outline-danger' if danger else 'btn-primary'}",
            ),
            className="bar-actions",
        ),
    ]


_SHOWN: Mapping[str, Callable[[Visit, ClassEntry], list[Any]]] = {
    "move": _move,
    "merge": _merge,
    "cancel": _cancel,
}
