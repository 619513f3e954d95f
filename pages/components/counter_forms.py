"""The counter's forms: the ID number, and what the card says of somebody unknown."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import Problems, choice, field, line, push_button, summary
from pages.components.journey import note
from services.contact import REGIONS
from services.enter_person import NEW_PERSON
from services.words import ENGLISH, ZH_HANT, Words


class Ids:
    """Ids shared with the hands."""

    FORM, PROBLEM, WHICH = "counter-form", "counter-problem", "counter-which"
    NUMBER, FIND, ENTER = "counter-number", "counter-find", "counter-enter"
    PAPERS, DECLARE, SEND = "counter-papers", "counter-declare", "counter-send"
    YES = "counter-yes"


def _ident(name: str) -> str:
    return f"counter-{name.replace('_', '-')}"


FIELDS = tuple(_ident(name) for name in NEW_PERSON)


def number_form(words: Words, class_id: int, typed: Any, problems: Problems) -> Component:
    """Ask for the ID number; what was typed stays."""
    return html.Form(
        [
            summary(words, problems, "counter"),
            _number(words, typed, problems),
            dcc.Store(id=Ids.WHICH, data=class_id),
            push_button(words("Look up the person"), Ids.FIND),
        ],
        className="stack form-narrow",
    )


def person_form(
    words: Words, class_id: int, number: Any, typed: Mapping[str, Any], problems: Problems
) -> Component:
    """Ask what the card says of somebody whom the portal does not know yet."""
    regions = [("", words("Choose a region")), *((k, words(v)) for k, v in REGIONS.items())]
    names = [
        ("name_zh", words("Name"), {}, ""),
        ("name_latin", words("Name in Latin letters"), {}, words("As in the passport (optional).")),
        ("birth_date", words("Born"), {"kind": "date"}, ""),
        ("mobile", words("Mobile number"), {"kind": "tel"}, ""),
        ("email", words("E-mail (optional)"), {"kind": "email"},
         words("Without one, notices reach the person by your phone call only.")),
    ]  # fmt: skip
    options = {
        "region": (regions, words("Region where the person lives")),
        "locale": ([(ZH_HANT, "中文"), (ENGLISH, "English")], words("Language of the notices")),
    }
    labels = {name: label for name, label, *_ in names}
    labels |= {name: label for name, (_, label) in options.items()}
    return html.Form(
        [
            summary(words, problems, "counter", labels),
            note(
                words("The portal does not know this number yet"),
                words("Check it against the card, then enter what the card says."),
                "reviewing",
            ),
            _number(words, number, problems),
            *(
                field(
                    words,
                    line(_ident(name), typed.get(name), problems=problems, **more),
                    label,
                    problems,
                    hint=hint,
                )
                for name, label, more, hint in names
            ),
            *(
                field(
                    words,
                    choice(_ident(name), keys, typed.get(name), problems),
                    label,
                    problems,
                )
                for name, (keys, label) in options.items()
            ),
            dcc.Store(id=Ids.WHICH, data=class_id),
            push_button(words("Enter the person"), Ids.ENTER),
        ],
        className="stack form-narrow",
    )


def _number(words: Words, typed: Any, problems: Problems) -> Component:
    return field(
        words,
        line(Ids.NUMBER, typed, problems=problems, autoComplete="off", maxLength=14),
        words("National ID or resident certificate (ARC) number"),
        problems,
        hint=words("From the card the person shows: 10 characters, the first is a letter."),
    )
