"""What a course is: its facts, its relatives, and which of its values nobody has confirmed."""

from collections.abc import Mapping, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.class_facts import basis, fact, length, validity
from pages.components.entry import cell, row_head, table
from pages.components.gauge import tag
from pages.components.journey import note
from services.catalogue.fees import own_share
from services.catalogue.names import AUDIENCES
from services.registration.course_cards import CoursePage
from services.registration.offers import Offer
from services.words import Words, mark

VALUES: Mapping[str, str] = {
    "hours": mark("hours"),
    "days": mark("number of days"),
    "class_size": mark("class size"),
    "validity_years": mark("validity of the certificate"),
    "prerequisites": mark("rules to attend"),
    "funded_extra": mark("what a funded seat asks for"),
    "renew_without_training_if": mark("renewal without training"),
}


def course_facts(words: Words, found: CoursePage) -> Component:
    """The four facts of a course."""
    line = found.line
    item = found.item_zh if words.zh else found.item_en
    valid = validity(words, line.validity_years)
    law = words("Statutory item {n}: {name}", n=line.statutory_item, name=item) if item else ""
    return html.Dl(
        [
            fact(
                words("Training time"),
                length(words, line.days, line.hours),
                _audience(words, found),
            ),
            fact(words("Certificate"), valid, _renewed(words, found)),
            fact(*_fee(words, found)),
            fact(words("Basis"), basis(words, line.stcw_ref) or "–", law),
        ],
        className="facts facts-wide",
    )


def _audience(words: Words, found: CoursePage) -> str:
    audience = AUDIENCES.get(found.line.audience or "")
    return words("For: {audience}", audience=words(audience)) if audience else ""


def _renewed(words: Words, found: CoursePage) -> str:
    if found.line.refresher_of:
        return words("This is the refresher")
    return words("A refresher renews it") if found.refreshers else ""


def _fee(words: Words, found: CoursePage) -> tuple[str, str, str]:
    if found.fee is None or found.subsidy_percent is None or found.year is None:
        return words("Cost"), words("Not set yet"), ""
    own = own_share(found.fee, found.subsidy_percent)
    more = words(
        "{percent}% subsidised; self-funded {fee}",
        percent=found.subsidy_percent,
        fee=words.money(found.fee),
    )
    title = words("Cost {year} (funded seat)", year=words.year(found.year))
    return title, words("You pay {own}", own=words.money(own)), more


def kin(words: Words, found: CoursePage) -> Component | None:
    """The course this one refreshes, or the refreshers of this one."""
    line = found.line
    if found.refreshes:
        title, relatives = words("This course refreshes"), [found.refreshes]
    elif found.refreshers:
        title, relatives = words("Refreshed by"), list(found.refreshers)
    else:
        return None
    items = [
        html.Li(dcc.Link(zh if words.zh else en, href=f"/courses/{code}"))
        for code, zh, en in relatives
    ]
    years = line.validity_years
    text = (
        words(
            "The certificate is valid for {n} years; the refresher makes it valid again.", n=years
        )
        if years
        else ""
    )
    return html.Div(
        [html.H2(title), html.Ul(items, className="plain"), html.P(text, className="sub")],
        className="panel",
    )


def assumed_note(words: Words, found: CoursePage) -> Component | None:
    """Name the values that are model-course values; the fee is one as well."""
    if not found.line.assumption:
        return None
    between = "、" if words.zh else ", "
    names = [words(VALUES[name]) for name in found.assumed if name in VALUES]
    return note(
        words("Not confirmed yet"),
        words(
            "These are model-course values that MPB has not confirmed: {values}.",
            values=between.join([*names, words("cost")]),
        ),
        "waiting",
    )


def over_table(words: Words, over: Sequence[Offer]) -> Component:
    """Classes that take no more registrations, the latest first."""
    columns = [
        (words("First day"), False),
        (words("Class"), False),
        (words("Institution"), False),
        (words("Seats taken"), True),
        (words("State"), False),
    ]
    rows = [
        html.Tr(
            [
                row_head(dcc.Link(words.date(c.starts_on), href=f"/classes/{c.id}")),
                cell(words("Class"), html.Span(c.code, className="num")),
                cell(words("Institution"), words.name(c, "short")),
                cell(words("Seats taken"), f"{c.counts.held} / {c.cap}", right=True),
                cell(words("State"), tag(words, c.if_now)),
            ]
        )
        for c in sorted(over, key=lambda c: c.starts_on, reverse=True)
    ]
    inner = table(words("Classes that are closed or over"), columns, rows)
    return html.Div(inner, className="panel")
