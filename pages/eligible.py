"""What may I attend? Every course with its verdict, the reason, and the first day."""

from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_facts import basis
from pages.components.entry import head, ico, mark_of
from pages.components.findings import Names, leaves, rule_words
from pages.components.journey import link_about, note
from pages.visit import Visit
from services.catalogue.names import names_in_use
from services.eligible import CourseVerdict, what_may_i_attend
from services.words import Words, mark

PATH = "/eligible"
GROUPS = (
    ("eligible", mark("You may attend"), (mark("Qualified"), "confirmed", "check")),
    (
        "review",
        mark("The institution would review"),
        (mark("To be reviewed"), "reviewing", "eye", "st-others"),
    ),
    ("ineligible", mark("Something is missing"), (mark("Not eligible"), "problem", "warn")),
)


def layout(visit: Visit) -> Component:
    """Judge every course for the reader and say why."""
    words = visit.words
    person_id = visit.actor.person_id or 0
    fetched = visit.fetch(person_id)
    verdicts = what_may_i_attend(visit.look, fetched, person_id)
    names = names_in_use(visit.look)
    sub = words(
        "Judged on the first day of the next class, or today where none is planned. "
        "MTNet as of {moment}.",
        moment=words.deadline(fetched.as_of),
    )
    silent = fetched.record is None
    parts: list[Any] = [head(words("What may I attend?"), sub)]
    if silent:
        parts.append(
            note(
                words("We cannot reach MTNet now"),
                words(
                    "Until it answers, everything it would tell is unknown: no course is refused."
                ),
                "waiting",
                "clock",
            )
        )
    for outcome, title, badge in GROUPS:
        mine = [v for v in verdicts if v.outcome == outcome]
        if mine:
            parts.append(_group(words, words(title), mine, badge, names))
    return html.Div(parts, className="stack-m")


def _group(
    words: Words, title: str, verdicts: list[CourseVerdict], badge: tuple[str, ...], names: Names
) -> Component:
    count = words.many("{n} course", "{n} courses", len(verdicts))
    return html.Section(
        [
            html.Div([html.H2(title), html.Span(count, className="sub")], className="section-head"),
            html.Ul(
                [_course(words, verdict, badge, names) for verdict in verdicts],
                className="plain panel panel-flush",
            ),
        ]
    )


def _course(
    words: Words, verdict: CourseVerdict, badge: tuple[str, ...], names: Names
) -> Component:
    name = words.name(verdict, "course")
    law = basis(words, verdict.stcw_ref)
    codes = ("・" if words.zh else ", ").join(filter(None, (verdict.course, law)))
    body: list[Any] = [
        html.H3(dcc.Link(name, href=f"/courses/{verdict.course}")),
        html.P(codes, className="sub"),
    ]
    if verdict.completed:
        body.append(html.P(words("Completed through this portal."), className="sub"))
    if verdict.track == "self_funded" and verdict.outcome != "ineligible":
        body.append(html.P(words("At your own cost: the funded seat asks for more.")))
    if verdict.first_date is not None:
        when = words("You qualify from {day} on", day=words.date(verdict.first_date))
        body.append(html.P([ico("cal"), html.Span(when)], className="when"))
    return html.Li(
        [
            html.Div(mark_of(words(badge[0]), *badge[1:])),
            html.Div(body),
            html.Div(
                [_why(words, verdict, names), _next(words, verdict, name)], className="stack-s"
            ),
        ],
        className="rule",
    )


def _why(words: Words, verdict: CourseVerdict, names: Names) -> Component | None:
    wanted = {"ineligible": ("fail",), "review": ("unknown",)}.get(verdict.outcome, ())
    found = [
        leaf
        for leaf in leaves(verdict.screening.to_json())
        if leaf["verdict"] in wanted and (leaf["tree"] == "attend" or verdict.outcome == "review")
    ]
    if not found:
        return None
    items = [
        html.Li(
            [
                html.B(rule_words(words, leaf["rule"], leaf["facts"], names)),
                html.Br(),
                rule_words(words, leaf["sentence"], leaf["facts"], names),
            ],
            className="sub",
        )
        for leaf in found
    ]
    return html.Ul(items, className="plain stack-s")


def _next(words: Words, verdict: CourseVerdict, name: str) -> Component:
    if verdict.class_id is None:
        return html.P(words("No class takes registrations now."), className="sub")
    label = words("Next class: {day}", day=words.day(verdict.on))
    return html.P(link_about(words, label, name, f"/classes/{verdict.class_id}"))
