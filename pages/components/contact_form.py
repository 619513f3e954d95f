"""The contact fields of the second step, with their problems beside them."""

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import html
from dash.development.base_component import Component

from pages.components.entry import Problems, choice, field, line, summary
from services.contact import REGIONS
from services.words import ENGLISH, ZH_HANT, Words

LANGUAGES = ((ZH_HANT, "中文"), (ENGLISH, "English"))  # each in its own language


class Ids:
    """Ids shared with the hands."""

    FORM = "apply-form"
    EMAIL, MOBILE = "apply-email", "apply-mobile"
    REGION, LOCALE = "apply-region", "apply-locale"
    NEXT, BACK = "apply-next-2", "apply-back-2"


FIELDS = (Ids.EMAIL, Ids.MOBILE, Ids.REGION, Ids.LOCALE)


def contact_form(
    words: Words, typed: Mapping[str, Any], problems: Problems | None = None
) -> list[Component]:
    """Write the form as typed; a refused field carries its sentence."""
    found = problems or {}
    regions = [(key, words(name)) for key, name in REGIONS.items()]
    return [
        part
        for part in (
            summary(words, found, "apply"),
            field(
                words,
                line(Ids.EMAIL, typed.get("email"), kind="email", problems=found, maxLength=120,
                     autoComplete="email"),
                words("E-mail you read at sea"),
                found,
                hint=words("Notices are sent here; they also appear in your inbox."),
            ),
            field(
                words,
                line(Ids.MOBILE, typed.get("mobile"), kind="tel", problems=found, maxLength=24,
                     autoComplete="tel"),
                words("Mobile number"),
                found,
                hint=words(
                    "0912345678, or + and the country code. Used when mail does not reach "
                    "you."),
            ),
            field(
                words,
                choice(Ids.REGION, regions, typed.get("region"), found),
                words("Region where you live"),
                found,
            ),
            field(
                words,
                choice(Ids.LOCALE, LANGUAGES, typed.get("locale"), found),
                words("Language of your notices"),
                found,
            ),
            html.Div(
                [
                    dbc.Button(
                        words("Next: qualification"), id=Ids.NEXT, color="primary", size="lg"
                    ),
                    dbc.Button(words("Previous step"), id=Ids.BACK, color="link"),
                ],
                className="bar-actions",
            ),
        )
        if part is not None
    ]  # fmt: skip
