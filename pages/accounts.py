"""Accounts of staff (帳號管理): list them, open one, lock, unlock, give a new password."""

from collections.abc import Mapping
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import (
    Problems,
    cell,
    choice,
    field,
    head,
    line,
    mark_of,
    push_button,
    row_head,
    staff_page,
    summary,
    table,
)
from pages.components.journey import note
from pages.visit import Visit
from services.catalogue.upkeep import InstitutionName, institution_names
from services.identity.staff_list import StaffAccount, staff_accounts
from services.words import Words, mark

PATH = "/admin/accounts"
QUERY = ("account",)
ROLES = {
    "institution": mark("Officer of an institution"),
    "planner": mark("Planner of MPB"),
    "administrator": mark("Administrator"),
}


class Ids:
    """Ids shared with the hands."""

    FORM, ADD = "account-form", "account-add"
    ROLE, INSTITUTION = "account-role", "account-institution"
    NAME, NUMBER = "account-name", "account-number"
    WHICH, PROBLEM = "account-which", "account-problem"
    LOCK, UNLOCK, RENEW = "account-lock", "account-unlock", "account-renew"


def layout(visit: Visit) -> Component:
    """List the accounts; `?account=` opens what may be done with one; a form opens another."""
    words = visit.words
    found = staff_accounts(visit.look)
    chosen = next((a for a in found if str(a.id) == visit.query.get("account")), None)
    known = institution_names(visit.look)
    return staff_page(
        head(
            words("Accounts"), words("Officers, planners, administrators. No ID number is shown.")
        ),
        html.Div(
            [
                html.Section(_list(words, found, known), className="panel"),
                html.Aside(
                    [
                        *_acts(words, visit, chosen),
                        html.H2(words("Open an account")),
                        html.Div(add_form(words, known, {}, {}), id=Ids.FORM),
                    ],
                    className="panel stack",
                ),
            ],
            className="split",
        ),
    )


def _list(words: Words, found: list[StaffAccount], known: list[InstitutionName]) -> Component:
    named = {each.code: _named(words, each) for each in known}
    columns = [
        (words("Name"), False),
        (words("Role"), False),
        (words("Last seen"), False),
        (words("State"), False),
    ]
    rows = [
        html.Tr(
            [
                row_head(dcc.Link(each.name, href=f"{PATH}?account={each.id}")),
                cell(
                    columns[1][0],
                    html.Span(
                        [
                            words(ROLES[each.role]),
                            html.Span(
                                named.get(each.institution or ""), className="sub xs d-block"
                            ),
                        ]
                    ),
                ),
                cell(
                    columns[2][0],
                    words.moment(each.last_seen) if each.last_seen else words("never"),
                ),
                cell(columns[3][0], _state(words, each)),
            ]
        )
        for each in found
    ]
    return table(words("Staff accounts"), columns, rows)


def _named(words: Words, one: InstitutionName) -> str:
    """Give an institution's short name with its code; its full name where the short one is it."""
    short = words.name(one, "short")
    name = words.name(one) if short == one.code else short
    return words("{code}: {name}", name=name, code=one.code)


def _state(words: Words, one: StaffAccount) -> Component:
    if one.disabled_at is not None:
        return mark_of(words("Locked"), "problem", "lock")
    return mark_of(words("Active"), "confirmed", "check", "st-done")


def _acts(words: Words, visit: Visit, one: StaffAccount | None) -> list[Component]:
    if one is None:
        return [html.P(words("Choose an account to lock it or to renew its password."))]
    own = one.id == visit.actor.account_id
    locked = one.disabled_at is not None
    buttons = [
        _button(words("Unlock") if locked else words("Lock"), Ids.UNLOCK if locked else Ids.LOCK)
        if locked or not own
        else None,
        _button(words("Give a new password"), Ids.RENEW),
    ]
    return [
        html.H2(one.name),
        html.P(words("Locking and a new password end the sessions at once."), className="sub"),
        dcc.Store(id=Ids.WHICH, data=one.id),
        html.Div(id=Ids.PROBLEM),
        html.Div(buttons, className="line"),
    ]


def _button(text: str, ident: str) -> Component:
    return push_button(text, ident, "outline-primary")


def add_form(
    words: Words, known: list[InstitutionName], typed: Mapping[str, Any], problems: Problems
) -> Component:
    """The form of a new account; after a refusal with what was typed, but the ID number."""
    labels = {
        "role": words("Role"),
        "institution": words("Institution (officers only)"),
        "name": words("Name"),
        "number": words("ID number for the log-in"),
    }
    roles = [("", words("Choose a role")), *((k, words(t)) for k, t in ROLES.items())]
    own = [("", words("None")), *((each.code, _named(words, each)) for each in known)]
    return html.Form(
        [
            summary(words, problems, "account", labels),
            field(words, choice(Ids.ROLE, roles, typed.get("role"), problems), labels["role"],
                  problems),
            field(words, choice(Ids.INSTITUTION, own, typed.get("institution"), problems),
                  labels["institution"], problems),
            field(words, line(Ids.NAME, typed.get("name"), problems=problems), labels["name"],
                  problems),
            field(words, line(Ids.NUMBER, "", problems=problems, autocomplete="off"),
                  labels["number"], problems),
            push_button(words("Open the account"), Ids.ADD),
        ],
        className="stack",
    )  # fmt: skip


def password_note(words: Words, password: str) -> Component:
    """Show a new password this once."""
    text = [
        html.Code(password, className="num"),
        html.P(words("It is shown only now. Hand it over in person or by phone.")),
        html.P(words("It counts for three days; the person first chooses an own one.")),
    ]
    return note(words("The new password"), text, "confirmed", "lock")
