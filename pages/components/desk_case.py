"""The middle and right of the review desk: one case with its rules, its papers, its decision."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from dash import html
from dash.development.base_component import Component

from pages.components.entry import attrs, ico, mark_of
from pages.components.findings import Names, bare_date, kind_asked, leaves, rule_words
from services.notices.reasons import REJECT_REASONS
from services.registration.desk_cases import CaseLine, CasePage, PaperCard
from services.registration.lifecycle import Seat
from services.words import Words, mark

VERDICTS = {
    "unknown": (mark("For you to judge"), "reviewing", "eye", "st-others"),
    "fail": (mark("Not met"), "problem", "warn", ""),
    "pass": (mark("Met"), "confirmed", "check", ""),
}
STATES = {
    "approved": (mark("Approved"), "confirmed", "check", "st-done"),
    "rejected": (mark("Rejected"), "problem", "x", "st-done"),
    "void": (mark("Closed without a decision"), "closed", "dash", "st-over"),
}


def due_word(words: Words, state: str, due_on: date, today: date) -> Component:
    """Say how the due day stands to today: late, today, or the day."""
    days = (due_on - today).days
    if state == "supplement":
        return html.Span(words("waits for a paper"), className="due due-ok")
    if days < 0:
        late = words.many("{n} day late", "{n} days late", -days)
        return html.Span(late, className="due due-late")
    if days == 0:
        return html.Span(words("due today"), className="due due-soon")
    return html.Span(words.day(due_on), className="due due-ok")


def case_line(words: Words, case: CaseLine, today: date, href: str, *, current: bool) -> Component:
    """One case in the list."""
    badge = STATES.get(case.state)
    right = (
        mark_of(words(badge[0]), *badge[1:])
        if badge
        else due_word(words, case.state, case.due_on, today)
    )
    papers = words.many("{n} paper", "{n} papers", case.papers) if case.papers else ""
    inner = [
        html.Div([html.B(words.name(case)), right], className="line line-between"),
        html.Div(f"{words.name(case, 'course')} {words.day(case.starts_on)}"),
        _pressing(words, case),
        html.Div(
            [
                html.B(words("Appeal")) if case.appeal else None,
                " " if case.appeal else None,
                words.name(case, "short"),
                " ",
                papers,
            ],
            className="sub xs",
        ),
    ]
    # html.A, not dcc.Link: only it can carry aria-current.
    now = attrs(aria_current="true") if current else {}
    return html.Li(html.A(inner, href=href, **attrs(data_go="1"), **now))


def _pressing(words: Words, case: CaseLine) -> Component | None:
    if case.freeze_at is None or case.state in STATES:
        return None
    told = words("Decide by {moment}: then the list is frozen", moment=words.moment(case.freeze_at))
    return html.Div(told, className="due-late xs")


def case_pane(words: Words, case: CasePage, today: date, names: Names) -> list[Component | None]:
    """The person, the class and every rule, what needs judging first."""
    rules = sorted(leaves(case.findings), key=lambda leaf: list(VERDICTS).index(leaf["verdict"]))
    return [
        html.Div(
            [
                html.H2(
                    words(
                        "{name}, number {number}",
                        name=words.name(case),
                        number=f"{case.number:03d}",
                    ),
                    id="case-title",
                ),
                _state(words, case),
            ],
            className="pane-head",
        ),
        html.Div(_facts(words, case, today), className="pane case-facts"),
        html.Ul([_rule(words, leaf, names) for leaf in rules], className="plain"),
        None
        if rules
        else html.P(
            words("MTNet has not answered yet. The rules are checked again by themselves."),
            className="pane",
        ),
    ]


def _state(words: Words, case: CasePage) -> Component:
    if case.state in STATES:
        text, *look = STATES[case.state]
        return mark_of(words(text), *look)
    if case.state == "supplement":
        return mark_of(words("Waits for a paper"), "problem", "clip", "st-others")
    text = words("Under review, seat kept") if case.seat == Seat.RESERVED else words("Under review")
    return mark_of(text, "reviewing", "eye", "st-others")


def _facts(words: Words, case: CasePage, today: date) -> Component:
    opened = words.day(case.opened_at.date())
    facts: list[tuple[str, Any]] = [
        (words("Born"), bare_date(words, case.birth_date) if case.birth_date else words("Unknown")),
        (
            words("Class"),
            words(
                "{course}, begins {day} ({code})",
                course=words.name(case, "course"),
                day=words.date(case.starts_on),
                code=case.class_code,
            ),
        ),
        (
            words("Due"),
            [
                due_word(words, case.state, case.due_on, today) if case.waits else words("Decided"),
                " ",
                words("(here since {day})", day=opened),
            ],
        ),
    ]
    if case.other_choices:
        text = words.many(
            "{n} other choice: this decision holds for it too",
            "{n} other choices: this decision holds for them too",
            case.other_choices,
        )
        facts.insert(2, (words("Other choices"), text))
    if case.statement:
        facts.append((words("Appeal"), html.Q(case.statement, className="ask")))
    if case.ask:
        asked: list[Component] = [html.Q(case.ask, className="ask")]
        if case.supplement_due_at and case.state == "supplement":
            asked.append(
                html.Div(words("by {moment}", moment=words.deadline(case.supplement_due_at)))
            )
        facts.append((words("Asked for"), asked))
    if case.decided_at:
        facts.append((words("Decided on"), words.deadline(case.decided_at)))
    if case.reason and case.reason in REJECT_REASONS:
        facts.append((words("Reason"), words(REJECT_REASONS[case.reason])))
    if case.note:
        facts.append((words("Note"), case.note))
    if case.sighted_on:
        facts.append((words("Original seen on"), words.date(case.sighted_on)))
    return html.Dl(
        [part for name, value in facts for part in (html.Dt(name), html.Dd(value))],
        className="facts",
    )


def _rule(words: Words, leaf: Mapping[str, Any], names: Names) -> Component:
    text, *look = VERDICTS[leaf["verdict"]]
    facts = leaf.get("facts") or {}
    return html.Li(
        [
            html.Div(
                [
                    html.H3(rule_words(words, leaf["rule"], facts, names)),
                    mark_of(words(text), *look),
                ],
                className="rule-top",
            ),
            html.P(rule_words(words, _to_the_officer(leaf), facts, names)),
            html.P(counts, className="sub") if (counts := kind_asked(words, facts)) else None,
        ],
        className="rule on" if leaf["verdict"] == "unknown" else "rule",
    )


def _to_the_officer(leaf: Mapping[str, Any]) -> str:
    """Give the sentence of a rule; one that speaks to the seafarer is put for the officer."""
    if leaf.get("kind") == "manual_evidence" and leaf["verdict"] == "unknown":
        return mark("The person declares to have this paper. Judge it by what was uploaded.")
    return str(leaf["sentence"])


def papers_pane(words: Words, case: CasePage, shown: PaperCard | None) -> list[Component | None]:
    """The uploaded papers with a look at the one that is chosen."""
    if shown is None:
        none = words("No paper has been uploaded for this case.")
        closed = html.Div([ico("clip"), html.P(none, className="sub")], className="paper-closed")
        return [_papers_head(words, None), html.Div(closed, className="paper")]
    tabs = [
        html.Li(
            html.A(
                [ico("clip"), paper.given_name],
                href=f"/desk/review/{case.id}?paper={paper.id}",
                **attrs(data_go="1"),
                **(attrs(aria_current="true") if paper.id == shown.id else {}),
            )
        )
        for paper in case.papers
    ]
    facts = words(
        "Uploaded {moment}, {kind}, {size} kB",
        moment=words.moment(shown.added_at),
        kind=shown.kind.upper(),
        size=words.number(max(shown.size // 1000, 1)),
    )
    return [
        _papers_head(words, shown),
        html.Ul(tabs, className="docs"),
        html.Div(_sheet(words, shown), className="paper"),
        html.Div(facts, className="pane sub paper-foot"),
    ]


def _papers_head(words: Words, shown: PaperCard | None) -> Component:
    link = (
        html.A(
            [ico("down-tray"), words("Open the file")],
            href=file_href(shown),
            className="btn btn-outline-primary btn-sm",
        )
        if shown
        else None
    )
    return html.Div([html.H2(words("Papers"), id="papers-title"), link], className="pane-head")


def _sheet(words: Words, shown: PaperCard) -> Component:
    if shown.kind in ("jpeg", "png"):
        alt = words("Uploaded paper {name}", name=shown.given_name)
        return html.Img(src=f"{file_href(shown)}?inline=1", alt=alt, className="paper-image")
    inside = [
        ico("clip"),
        html.Strong(shown.given_name),
        html.P(words("For safety a PDF is never shown inside the portal."), className="sub"),
        html.A(
            words("Open the file to read it"),
            href=file_href(shown),
            className="btn btn-outline-primary",
        ),
    ]
    return html.Div(inside, className="paper-closed")


def file_href(paper: PaperCard) -> str:
    """The guarded address of an uploaded paper."""
    return f"/supplements/file/{paper.id}"
