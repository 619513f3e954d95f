"""Appeal against a refusal: what it does, until when, and the form."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pages.components.dialogs import Ids
from pages.components.entry import Problems, field, push_button, summary
from services.registration.cards import Progress
from services.words import Words


def appeal_panel(words: Words, page: Progress) -> Component:
    """Offer the appeal to whom it is open."""
    assert page.appeal_until is not None
    text = words(
        "MPB looks at it again, not the institution. You keep number {number} and can upload "
        "papers afterwards. An appeal is possible until {day}, and only once.",
        number=f"{page.card.number:03d}",
        day=words.day(page.appeal_until),
    )
    return html.Section(
        [
            html.H2(words("Do you think this is wrong?")),
            html.P(text, className="sub"),
            html.Div(appeal_form(words, "", {}), id=Ids.APPEAL_FORM),
        ],
        className="panel stack",
    )


def appeal_form(words: Words, typed: Any, problems: Problems) -> Component:
    """The form; after a refusal with what was typed."""
    area = dbc.Textarea(
        id=Ids.STATEMENT, value=typed or "", rows=4, invalid="statement" in problems or None
    )
    label = words("Why the refusal is wrong")
    hint = words("For example: a new certificate that MTNet does not show yet.")
    return html.Form(
        [
            summary(words, problems, "appeal", {"statement": label}),
            field(words, area, label, problems, hint=hint),
            push_button(words("Appeal to MPB"), Ids.APPEAL, "outline-primary"),
        ],
        className="stack",
    )
