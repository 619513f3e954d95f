"""The form that sends a paper to the review: a plain multipart form, no callback."""

from dash import html
from dash.development.base_component import Component

from services.words import Words

LIMIT_MB = 5


def upload_form(words: Words, case_id: int) -> Component:
    """Choose a file and send it; the kind is judged by its content, not by its name."""
    return html.Form(
        [
            html.Input(type="hidden", name="csrf_token", className="csrf"),
            html.Label(words("Paper"), htmlFor="paper", className="form-label"),
            html.Div(
                words(
                    "PDF, JPEG or PNG, at most {n} MB. Only the institution and MPB see it.",
                    n=LIMIT_MB,
                ),
                id="paper-hint",
                className="form-text",
            ),
            html.Input(
                type="file",
                name="paper",
                id="paper",
                accept=".pdf,.jpg,.jpeg,.png",
                required=True,
                className="form-control",
                **{"aria-describedby": "paper-hint"},
            ),
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
