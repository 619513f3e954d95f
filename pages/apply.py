"""The four steps of a registration: class, details, qualification, check and send."""

from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from pages.components.chances import Chance, judged_panel, outcome_panel, weighed
from pages.components.choosing import choosing_told, chosen_panel, mine_panel, others_panel
from pages.components.contact_form import Ids as ContactIds
from pages.components.contact_form import contact_form
from pages.components.entry import crumb, refusal, say
from pages.components.findings import bare_date, papers_panel
from pages.components.journey import data, note, steps
from pages.components.sending import summary_panel, what_follows
from pages.my_registrations import PATH as MINE
from pages.visit import Visit
from services.catalogue.names import names_in_use
from services.contact import Contact, Identity, person_of
from services.drafts import Draft, draft_for, papers_for
from services.kernel.errors import NotFound
from services.preview import preview_choices, refused_now
from services.registration.choices import ChoiceCard, choice, choices, choosing
from services.words import Words, mark

PATH = "/apply/<class_id>/<step>"
QUERY = ("moved",)
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
    draft = draft_for(visit.look, card.id)
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
    """Lead to the step that comes first; who comes back after sending, to what was sent."""
    first = draft.done + 1
    title = words(TITLES[first - 1])
    if draft.taken and first == 1:
        sent = words("Your registration has been sent")
        where = dcc.Link(words("My registrations"), href=MINE)
        return note(sent, where, "confirmed", "check")
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


def _class(visit: Visit, card: ChoiceCard, draft: Draft) -> Component:
    words = visit.words
    found = choosing(visit.look, card, draft.classes, taken=draft.taken)
    go_on = dbc.Button(words("Next: your details"), id=Ids.CHOOSE, color="primary", size="lg")
    problem = refused_now(visit.look, draft.classes[0]) if draft.classes else None
    stands = problem is not None and bool(found.mine)  # nothing more can be chosen
    parts = [
        _moved(words, found.picked, visit.query.get("moved", "")),
        mine_panel(words, found),
        refusal(say(words, problem.sentence, problem.facts)) if problem else None,
        None if stands else chosen_panel(words, found),
        _bar(
            words,
            go_on if found.picked and not problem else None,
            f"/classes/{card.id}",
            words("Back to the class"),
        ),
        None if stands else others_panel(words, found),
    ]
    return _split([part for part in parts if part], choosing_told(words, found))


def _moved(words: Words, picked: Sequence[ChoiceCard], moved: str) -> Component | None:
    """Tell those who cannot see the order where a class stands now (`moved` is class-place)."""
    at = next((n for n, card in enumerate(picked, 1) if moved == f"{card.id}-{n}"), None)
    if at is None:
        return None
    day = words.day(picked[at - 1].starts_on)
    text = words("The class of {day} is choice {n} now.", day=day, n=at)
    return html.P(text, className="told visually-hidden")


def _details(visit: Visit, _card: ChoiceCard, draft: Draft) -> Component:
    words = visit.words
    person, contact = person_of(visit.look, visit.actor.person_id or 0)
    known = draft.contact or contact
    typed = draft.typed or {
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
        (words("Born"), bare_date(words, person.birth_date) if person.birth_date else None),
    )
    pairs = [part for name, value in facts if value for part in (html.Dt(name), html.Dd(value))]
    return html.Dl(pairs, className="facts")


def _rules(visit: Visit, card: ChoiceCard, draft: Draft) -> Component:
    words = visit.words
    fetched = visit.fetch(visit.actor.person_id or 0)
    chances = _chances(visit, card, draft)
    main = [
        outcome_panel(words, chances),
        judged_panel(words, chances, fetched.as_of, names_in_use(visit.look)),
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
    return _split([part for part in main if part], what_follows(words, chances))


def _chances(visit: Visit, card: ChoiceCard, draft: Draft) -> tuple[Chance, ...]:
    """See what sending now would give for every choice; after a seat the rest is not needed."""
    person_id = visit.actor.person_id or 0
    fetched = visit.fetch(person_id)
    seen = preview_choices(
        visit.look,
        fetched,
        class_ids=draft.classes,
        person_id=person_id,
        declared=draft.declared,
    )
    return weighed(choices(visit.look, draft.classes, card), seen, 1 + draft.taken)


def _check(visit: Visit, card: ChoiceCard, draft: Draft) -> Component:
    words = visit.words
    chances = _chances(visit, card, draft)
    contact = draft.contact or Contact("", "", "", "")
    papers = papers_for(visit.look, card.id)
    declared = [words.name(papers[code], "label") for code in draft.declared if code in papers]
    main: list[Any] = [
        outcome_panel(words, chances),
        summary_panel(words, chances, contact, declared, lambda step: href(card.id, step)),
    ]
    refusals = [chance.seen.problem for chance in chances if chance.seen.problem is not None]
    if refusals or not chances:
        main += [refusal(say(words, problem.sentence, problem.facts)) for problem in refusals]
        main.append(
            dcc.Link(words("Previous step"), href=href(card.id, 3), className="btn btn-link")
        )
    else:
        main.append(_send_bar(words, card, chances))
    return _split(main, what_follows(words, chances))


def _send_bar(words: Words, card: ChoiceCard, chances: Sequence[Chance]) -> Component:
    sent = [chance for chance in chances if not chance.needless]
    refused = all(chance.refused for chance in sent)
    one = words("Send the registration")
    label = one if len(sent) == 1 else words("Send {n} registrations", n=len(sent))
    if refused:
        label = words("Send anyway: it will be refused")
    button = dbc.Button(label, id=Ids.SEND, color="primary", outline=refused, size="lg")
    return _bar(words, button, href(card.id, 3), words("Previous step"))


def _bar(
    words: Words, button: Component | None, back: str, back_text: str, saved: str = ""
) -> Component:
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
