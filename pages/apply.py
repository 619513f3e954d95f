"""The four steps of a registration: class, details, qualification, check and send."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.choosing import choice_row
from pages.components.contact_form import Ids as ContactIds
from pages.components.contact_form import contact_form
from pages.components.entry import crumb, refusal, say
from pages.components.findings import papers_panel, rules_panel, verdict_panel
from pages.components.journey import data, note, steps
from pages.components.sending import summary_panel, what_follows
from pages.visit import Visit
from services.catalogue.names import names_in_use
from services.contact import Contact, Identity, contact_of, identity_of
from services.drafts import Draft, draft_of, papers_for, typed_of
from services.kernel.errors import NotFound
from services.preview import Preview, preview
from services.registration.choices import ChoiceCard, choice, same_course
from services.words import Words, mark

PATH = "/apply/<class_id>/<step>"
TITLES = (
    mark("Choose the class"),
    mark("Your details"),
    mark("Qualification"),
    mark("Check and send"),
)


class Ids:
    """Ids shared with the hands."""

    WHICH, PROBLEM = "apply-which", "apply-problem"
    CHOOSE, RULES_NEXT, DECLARE, SEND = (
        "apply-choose",
        "apply-next-3",
        "apply-declare",
        "apply-send",
    )
    PAPERS = "apply-papers"
    FORM = ContactIds.FORM


def href(class_id: int, step: int) -> str:
    """Give the address of a step."""
    return f"/apply/{class_id}/{step}"


def layout(visit: Visit, class_id: str, step: str) -> Component:
    """Show one step; a step whose forerunners are not finished is refused."""
    words = visit.words
    if not (class_id.isdigit() and step in ("1", "2", "3", "4")):
        raise NotFound()
    card = choice(visit.look, int(class_id))
    draft = draft_of(visit.look, card.id) or Draft(card.id, 0, None, (), visit.look.now)
    number = int(step)
    body = _STEPS[number](visit, card, draft) if draft.may_open(number) else _skipped(words, draft)
    now = min(number, draft.done + 1)
    name = words.name(card, "course")
    return html.Div(
        [
            dcc.Store(id=Ids.WHICH, data=card.id),
            crumb(
                words,
                (words("Courses"), "/courses"),
                (name, f"/courses/{card.course}"),
                here=words("Register"),
            ),
            html.Div(
                html.H1(words("Register: {course}", course=name), tabIndex=-1), className="pagehead"
            ),
            steps(words, [words(title) for title in TITLES], now, _hrefs(draft, now)),
            html.Div(id=Ids.PROBLEM, role="alert"),
            body,
        ],
        **data(title=f"{words(TITLES[now - 1])} – {name}"),
    )


def _hrefs(draft: Draft, now: int) -> list[str | None]:
    return [
        href(draft.class_id, n) if n != now and draft.may_open(n) else None for n in range(1, 5)
    ]


def _skipped(words: Words, draft: Draft) -> Component:
    first = draft.done + 1
    title = words(TITLES[first - 1])
    return html.Div(
        [
            refusal(words("Please finish the steps in their order.")),
            dcc.Link(
                words("To step {n}: {title}", n=first, title=title),
                href=href(draft.class_id, first),
                className="btn btn-primary btn-lg",
            ),
        ],
        className="stack",
    )


def _class(visit: Visit, card: ChoiceCard, _draft: Draft) -> Component:
    words = visit.words
    others = same_course(visit.look, card)
    parts: list[Any] = [
        html.Section(
            [
                html.H2(words("The class you chose"), className="panel-top"),
                html.Ul(choice_row(words, card, chosen=True), className="rows"),
            ],
            className="panel panel-flush",
        ),
        _bar(
            words,
            dbc.Button(words("Next: your details"), id=Ids.CHOOSE, color="primary", size="lg"),
            f"/classes/{card.id}",
            words("Back to the class"),
        ),
    ]
    if others:
        parts.append(
            html.Section(
                [
                    html.H2(words("Other classes of this course"), className="panel-top"),
                    html.Ul([choice_row(words, other) for other in others], className="rows"),
                ],
                className="panel panel-flush",
            )
        )
    once = words(
        "You can be registered in one class of a course at a time. Your number stays "
        "when you edit details; it is lost only when you cancel."
    )
    return _split(parts, [html.H2(words("One class per course")), html.P(once, className="sub")])


def _details(visit: Visit, card: ChoiceCard, draft: Draft) -> Component:
    words = visit.words
    person_id = visit.actor.person_id or 0
    person = identity_of(visit.look, person_id)
    known = draft.contact or contact_of(visit.look, person_id)
    typed = typed_of(visit.look, card.id) or {
        "email": known.email,
        "mobile": known.mobile,
        "region": known.region,
        "locale": known.locale or words.locale,
    }
    main = [
        html.Section([html.H2(words("From MTNet")), _person(words, person)], className="panel"),
        html.Section(
            [
                html.H2(words("How we reach you")),
                html.Div(contact_form(words, typed), id=Ids.FORM, className="stack form-narrow"),
            ],
            className="panel",
        ),
    ]
    wrong = words(
        "Please have MPB's seafarer section correct MTNet first; the portal takes it "
        "over by itself, and you need not register again."
    )
    return _split(main, [html.H2(words("Something wrong here?")), html.P(wrong, className="sub")])


def _person(words: Words, person: Identity) -> Component:
    facts = (
        (words("Name"), person.name_zh),
        (words("Name in Latin letters"), person.name_latin),
        (words("Born"), words.date(person.birth_date) if person.birth_date else None),
    )
    pairs = [part for name, value in facts if value for part in (html.Dt(name), html.Dd(value))]
    return html.Dl(pairs, className="facts")


def _rules(visit: Visit, card: ChoiceCard, draft: Draft) -> Component:
    words = visit.words
    fetched = visit.fetch(visit.actor.person_id or 0)
    seen = _seen(visit, card, draft)
    findings = seen.judgement.screening.to_json()
    names = names_in_use(visit.look)
    main = [
        verdict_panel(words, seen),
        rules_panel(
            words, findings, fetched.as_of, title=words("The rules, one by one"), names=names
        ),
        papers_panel(
            words, papers_for(visit.look, card.id), draft.declared, Ids.PAPERS, Ids.DECLARE
        ),
        note(
            words("Is your own paper different?"),
            words(
                "Please have MPB's seafarer section correct MTNet first; the portal takes it "
                "over by itself, and you need not register again."
            ),
            "reviewing",
        ),
        _bar(
            words,
            dbc.Button(
                words("Next: check and send"), id=Ids.RULES_NEXT, color="primary", size="lg"
            ),
            href(card.id, 2),
            words("Previous step"),
            saved=words.moment(draft.saved_at),
        ),
    ]
    return _split([part for part in main if part], what_follows(words, seen))


def _seen(visit: Visit, card: ChoiceCard, draft: Draft) -> Preview:
    person_id = visit.actor.person_id or 0
    return preview(
        visit.look,
        visit.fetch(person_id),
        class_id=card.id,
        person_id=person_id,
        declared=draft.declared,
    )


def _check(visit: Visit, card: ChoiceCard, draft: Draft) -> Component:
    words = visit.words
    seen = _seen(visit, card, draft)
    contact = draft.contact or Contact("", "", "", "")
    papers = papers_for(visit.look, card.id)
    declared = [words.name(papers[code], "label") for code in draft.declared if code in papers]
    main: list[Any] = [
        verdict_panel(words, seen),
        summary_panel(words, card, contact, declared, href),
    ]
    if seen.problem is not None:
        main.append(refusal(say(words, seen.problem.sentence, seen.problem.facts)))
        main.append(
            dcc.Link(words("Previous step"), href=href(card.id, 3), className="btn btn-link")
        )
    else:
        refused = seen.would.value == "ineligible"
        label = (
            words("Send anyway: it will be refused") if refused else words("Send the registration")
        )
        button = dbc.Button(label, id=Ids.SEND, color="primary", outline=refused, size="lg")
        main.append(_bar(words, button, href(card.id, 3), words("Previous step")))
    return _split(main, what_follows(words, seen))


def _bar(words: Words, button: Component, back: str, back_text: str, saved: str = "") -> Component:
    kept = (
        html.Span(words("Draft saved {moment}", moment=saved), className="sub") if saved else None
    )
    return html.Div(
        [button, dcc.Link(back_text, href=back, className="btn btn-link"), kept],
        className="bar-actions bar-plain",
    )


def _split(main: list[Any], aside: list[Any]) -> Component:
    return html.Div(
        [
            html.Div(main, className="stack stack-m"),
            html.Aside(html.Div(aside, className="panel")),
        ],
        className="split",
    )


_STEPS = {1: _class, 2: _details, 3: _rules, 4: _check}
