"""The review as its owner sees it: what is asked, the papers sent, the form to send one."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from pages.components.journey import note, told
from pages.components.upload import upload_form
from services.notices.reasons import REJECT_REASONS
from services.registration.cards import Case, Progress, Say
from services.words import Words, mark


def review_panel(words: Words, page: Progress) -> Component:
    """Show the review of a registration that has one."""
    case = page.case
    assert case is not None
    title = words("Review") if case.statement is None else words("Appeal")
    parts: list[Any] = [html.H2(title), _case_note(words, case)]
    if case.statement is not None:
        parts.append(_statement(words, case.statement))
    if case.papers:
        parts.append(_papers(words, case))
    if "upload" in page.can:
        parts.append(upload_form(words, case.id))
    return html.Section(parts, className="panel stack", id="papers")


_APPEAL_STATES = {
    "open": (mark("MPB decides your appeal; it is due on {day}"), "reviewing", "eye"),
    "supplement": (mark("Please upload what MPB asks for"), "problem", "clip"),
    "approved": (mark("MPB found you qualified"), "confirmed", "check"),
    "rejected": (mark("MPB has refused the appeal; it cannot be repeated"), "problem", "warn"),
    "void": (mark("The appeal ended without a decision"), "closed", "dash"),
}
_STATES = {
    "open": (mark("The answer of the institution is due on {day}"), "reviewing", "eye"),
    "supplement": (mark("Please upload what the institution asks for"), "problem", "clip"),
    "approved": (mark("The review found you qualified"), "confirmed", "check"),
    "rejected": (mark("The review found you not eligible"), "problem", "warn"),
    "void": (mark("The review ended without a decision"), "closed", "dash"),
}


def _statement(words: Words, text: str) -> Component:
    return html.Div([html.H3(words("What you wrote")), html.Q(text, className="ask")])


def _case_note(words: Words, case: Case) -> Component:
    states = _STATES if case.statement is None else _APPEAL_STATES
    sentence, tone, icon = states[case.state]
    title = told(words, Say(sentence, {"day": case.due_on}))
    text = ""
    if case.state == "supplement" and case.supplement_due_at is not None:
        by = words.moment(case.supplement_due_at)
        ask = (case.ask or "").rstrip("。. ")
        text = words("Asked for: {ask}. By {moment}.", ask=ask, moment=by)
    elif case.state == "rejected" and case.reason and case.reason in REJECT_REASONS:
        text = words(REJECT_REASONS[case.reason])
    return note(title, text, tone, icon)


def _papers(words: Words, case: Case) -> Component:
    items = [
        html.Li(
            [
                html.Time(words.moment(paper.added_at), dateTime=paper.added_at.isoformat()),
                html.Span(
                    [
                        html.A(paper.given_name, href=f"/supplements/file/{paper.id}"),
                        html.Span(
                            words("{n} KB", n=words.number(max(1, paper.size // 1024))),
                            className="sub xs",
                        ),
                    ],
                    className="line",
                ),
            ]
        )
        for paper in case.papers
    ]
    return html.Div([html.H3(words("Papers you uploaded")), html.Ul(items, className="news")])
