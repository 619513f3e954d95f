"""The form that sends a paper to the review: a plain multipart form, no callback."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from services.words import Words

LIMIT_MB = 5


def upload_form(words: Words, case_id: int) -> Component:
    """Choose a file and send it; the kind is judged by its content, not by its name.

    Dash has no file input: assets/upload.js puts it, and the CSRF token, into the slot.
    """
    slot: dict[str, Any] = {
        "data-id": "paper",
        "data-hint": "paper-hint",
        "data-most": str(LIMIT_MB * 1024 * 1024),
        "data-large": words(
            "This file is larger than {n} MB. Please choose a smaller one.", n=LIMIT_MB
        ),
    }
    return html.Form(
        [
            html.Label(words("Add a paper"), htmlFor="paper", className="form-label"),
            html.Div(
                words(
                    "PDF, JPEG or PNG, at most {n} MB. Only the institution and MPB see it.",
                    n=LIMIT_MB,
                ),
                id="paper-hint",
                className="form-text",
            ),
            html.Div(className="file-slot", **slot),
            html.Div(
                html.Button(words("Upload the paper"), type="submit", className="btn btn-primary"),
                className="line",
            ),
        ],
        method="post",
        action=f"/supplements/{case_id}",
        encType="multipart/form-data",
        className="stack-s",
    )
