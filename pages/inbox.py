"""The inbox: every notice, the newest first, and one notice as a letter."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.checkpoints import PATH as CHECKPOINTS
from pages.components.entry import crumb, head, mark_of, nothing, push_button
from pages.frame import bell
from pages.visit import Visit
from services.notices.kinds import SUBJECTS
from services.notices.letters import Letter, letter
from services.registration.cards import NoticeLine
from services.registration.inbox import inbox, notice_line
from services.words import Words

PATH, PATH_ONE = "/inbox", "/inbox/<notice_id>"


class Ids:
    """Ids shared with the hands."""

    WHICH, LETTER, ALL = "inbox-which", "inbox-letter", "inbox-all"


def layout(visit: Visit) -> Component:
    """List the reader's notices."""
    words = visit.words
    lines = inbox(visit.look, visit.actor.person_id or 0)
    fresh = sum(line.read_at is None for line in lines)
    count = (
        words.many("{n} notice not read yet", "{n} notices not read yet", fresh)
        if fresh
        else words("Everything has been read.")
    )
    body: Component = (
        html.Section(
            html.Ul([_line(words, line) for line in lines], className="news notices"),
            className="panel",
        )
        if lines
        else nothing(
            words("No notices yet"), words("You get one for every step of your registrations.")
        )
    )
    every = push_button(words("Mark all as read"), Ids.ALL, "outline-primary") if fresh else None
    top = head(words("Inbox"), count, every)
    return html.Div([top, body, bell(words, fresh)], className="stack-m")


def _line(words: Words, line: NoticeLine) -> Component:
    subject: Any = dcc.Link(words(SUBJECTS[line.kind]), href=f"{PATH}/{line.id}")
    badge = mark_of(words("New"), "reviewing", "mail") if line.read_at is None else None
    course = words(
        "{course}, {day}", course=words.name(line, "course"), day=words.date(line.starts_on)
    )
    return html.Li(
        [
            html.Time(words.deadline(line.made_at), dateTime=line.made_at.isoformat()),
            html.Div(
                [
                    html.Div(
                        [html.B(subject) if line.read_at is None else subject, badge],
                        className="line",
                    ),
                    html.Div(course, className="sub"),
                ]
            ),
        ]
    )


def one(visit: Visit, notice_id: str) -> Component:
    """Show one notice; opening it marks it as read (the hand does that once the page stands)."""
    words = visit.words
    line = notice_line(visit.look, int(notice_id) if notice_id.isdigit() else 0)
    return html.Div(
        [
            dcc.Store(id=Ids.WHICH, data=line.id),
            crumb(words, (words("Inbox"), PATH)),
            html.Article(
                letter_body(words, letter(visit.look, line.id, words), line),
                id=Ids.LETTER,
                className="panel stack letter",
            ),
        ],
        className="stack-m",
    )


def _linked(words: Words, part: str) -> list[Any]:
    """Make a link of the address of the checkpoints."""
    before, address, after = part.partition(CHECKPOINTS)
    link = dcc.Link(words("Queue checkpoints"), href=CHECKPOINTS)
    return [before, link, after] if address else [part]


def letter_body(words: Words, text: Letter, line: NoticeLine) -> list[Component]:
    """Write a letter as the page shows it."""
    link = f"/registrations/{line.registration_id}"  # the button below says it better
    parts = [part for part in text.body.split("\n\n") if part.strip() and link not in part]
    return [
        html.H1(text.subject, tabIndex=-1),
        html.P(words.deadline(line.made_at), className="sub"),
        *(html.P(_linked(words, part), className="pre") for part in parts),
        html.Div(
            dcc.Link(
                words("To the registration"),
                href=link,
                className="btn btn-primary",
            ),
            className="line",
        ),
    ]
