"""The form of a training class."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import Problems, choice, field, line, push_button, summary
from services.catalogue.upkeep import ClassEntry, Room
from services.words import Words, mark

KINDS = {"funded": mark("Funded class"), "self_funded": mark("Self-funded class")}


class Ids:
    """Ids shared with the hands."""

    FORM = "class-form"
    ROOM = "class-course"
    STARTS, ENDS = "class-starts-on", "class-ends-on"
    CAP, MIN, FEE = "class-cap", "class-min-size", "class-fee"
    KIND, LABELS = "class-kind", "class-labels"
    PLACE_ZH, PLACE_EN = "class-place-zh", "class-place-en"
    SAVE, CREATE, PUBLISH = "class-save", "class-create", "class-publish"
    WHICH, VERSION = "class-which", "class-version"


FIELDS = (
    Ids.STARTS, Ids.ENDS, Ids.CAP, Ids.MIN, Ids.FEE, Ids.KIND, Ids.LABELS, Ids.PLACE_ZH,
    Ids.PLACE_EN,
)  # fmt: skip


def typed_of(entry: ClassEntry) -> dict[str, Any]:
    """Give a class's facts as its form shows them."""
    return {
        "starts_on": entry.starts_on.isoformat(),
        "ends_on": entry.ends_on.isoformat(),
        "cap": str(entry.cap),
        "min_size": str(entry.min_size),
        "fee": str(entry.fee),
        "kind": entry.kind,
        "labels": ", ".join(entry.labels),
        "place_zh": entry.place_zh,
        "place_en": entry.place_en,
    }


def form(
    words: Words,
    typed: Mapping[str, Any],
    problems: Problems,
    *,
    entry: ClassEntry | None = None,
    rooms: list[Room] | None = None,
) -> Component:
    """The form of a class; after a refusal with what was typed and a sentence beside each field."""
    fixed = entry is not None and entry.state != "draft"

    def typed_line(
        ident: str, label: str, kind: str = "text", hint: str = "", **more: Any
    ) -> Component:
        name = ident.removeprefix("class-").replace("-", "_")
        control = line(ident, typed.get(name, ""), kind=kind, problems=problems, **more)
        return field(words, control, label, problems, hint=hint)

    told = words("To change the dates, move the class: everybody is told.") if fixed else ""
    kinds = [(key, words(text)) for key, text in KINDS.items()]
    return html.Form(
        [
            summary(words, problems, "class", _labels(words)),
            _course(words, typed, problems, rooms or []) if entry is None else None,
            html.Div(
                [
                    typed_line(
                        Ids.STARTS, words("First day"), "date", told, readonly=fixed or None
                    ),
                    typed_line(Ids.ENDS, words("Last day"), "date", readonly=fixed or None),
                ],
                className="pair",
            ),
            html.Div(
                [
                    typed_line(Ids.CAP, words("Seats (cap)"), "number"),
                    typed_line(Ids.MIN, words("Minimum size"), "number"),
                ],
                className="pair",
            ),
            html.Div(
                [
                    typed_line(Ids.FEE, words("Full fee in NT$"), "number"),
                    field(
                        words,
                        choice(Ids.KIND, kinds, typed.get("kind"), problems),
                        words("Kind"),
                        problems,
                    ),
                ],
                className="pair",
            ),
            typed_line(
                Ids.LABELS,
                words("Recognised by (optional)"),
                hint=words("Flag states and class societies, with commas between them."),
            ),
            typed_line(Ids.PLACE_ZH, words("Place in Chinese (optional)")),
            typed_line(Ids.PLACE_EN, words("Place in English (optional)")),
            html.Div(
                push_button(
                    words("Save the class") if entry else words("Enter this class"),
                    Ids.SAVE if entry else Ids.CREATE,
                ),
                className="bar-actions",
            ),
            dcc.Store(id=Ids.WHICH, data=entry.id) if entry else None,
            dcc.Store(id=Ids.VERSION, data=entry.version) if entry else None,
        ],
        className="stack",
    )


FIXED = {
    "opened": mark("This class takes place as it stands; its plan changes no more."),
    "cancelled": mark("This class was cancelled; its plan changes no more."),
}


def fixed_plan(words: Words, entry: ClassEntry) -> Component:
    """Show the facts of a class that is fixed by law, without a form that could only refuse."""
    facts = [
        (words("Kind"), words(KINDS[entry.kind])),
        (words("Seats (cap)"), words.number(entry.cap)),
        (words("Minimum size"), words.number(entry.min_size)),
        (words("Full fee"), words.money(entry.fee)),
        (words("Recognised by"), ", ".join(entry.labels)),
        (words("Place in Chinese"), entry.place_zh),
        (words("Place in English"), entry.place_en),
    ]
    pairs = [(html.Dt(name), html.Dd(value)) for name, value in facts if value]
    return html.Div(
        [
            html.H2(words("The plan of this class")),
            html.P(words(FIXED[entry.state])),
            html.Dl([part for pair in pairs for part in pair], className="facts"),
        ],
        className="stack",
    )


def _labels(words: Words) -> dict[str, str]:
    """Name the fields where their problems are gathered."""
    return {
        "course": words("Course"),
        "starts_on": words("First day"),
        "ends_on": words("Last day"),
        "cap": words("Seats (cap)"),
        "min_size": words("Minimum size"),
        "fee": words("Full fee in NT$"),
        "kind": words("Kind"),
    }


def _course(
    words: Words, typed: Mapping[str, Any], problems: Problems, granted: list[Room]
) -> Component:
    options = [("", words("Choose a course"))] + [
        (
            f"{room.year}|{room.course}|{room.institution}",
            f"{words.year(room.year)} {words.name(room)} ({words.name(room, 'short')})",
        )
        for room in granted
    ]
    control = choice(Ids.ROOM, options, typed.get("course", ""), problems)
    return field(words, control, words("Course and plan year"), problems)
