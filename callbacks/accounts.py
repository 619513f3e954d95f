"""Hands of the accounts: open one, lock, unlock, renew the password."""

from collections.abc import Callable
from typing import Any

from dash import Input, Output, State, no_update

from callbacks.desk import Desk
from callbacks.guard import QUIET, Answer, Registrar
from callbacks.reading import Reading, Typed, whole_id
from pages.accounts import PATH, Ids, add_form, password_note
from pages.components.entry import refusal, say
from pages.frame import GO
from services.catalogue.checks import Checks
from services.catalogue.upkeep import institution_names
from services.identity.national_id import BadIdNumber, validate
from services.kernel.actor import Role
from services.kernel.errors import DomainError, InvalidInput
from services.kernel.work import Work
from services.staff_accounts import (
    AccountExists,
    add_account,
    check_account,
    lock_account,
    one_time_password,
    renew_password,
    unlock_account,
)
from services.words import mark

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


def register(reg: Registrar, desk: Desk) -> None:
    """Tie the hands of this page."""
    go = Output(GO, "href", allow_duplicate=True)

    @reg.callback(
        [Output(Ids.FORM, "children", allow_duplicate=True)],
        [Input(Ids.ADD, "n_clicks")],
        [
            State(Ids.ROLE, "value"),
            State(Ids.INSTITUTION, "value"),
            State(Ids.NAME, "value"),
            State(Ids.NUMBER, "value"),
        ],
        allow=ADMINISTRATOR,
    )
    def _add(clicks: int | None, *typed: Typed) -> list[Any]:
        return [add(desk, *typed) if clicks else no_update]

    for ident, act in ((Ids.LOCK, lock), (Ids.UNLOCK, unlock), (Ids.RENEW, renew)):
        _tie(reg, desk, ident, act, go)


def _tie(
    reg: Registrar, desk: Desk, ident: str, act: Callable[[Desk, Any], Answer], go: Any
) -> None:
    @reg.callback(
        [Output(Ids.PROBLEM, "children", allow_duplicate=True), go],
        [Input(ident, "n_clicks")],
        [State(Ids.WHICH, "data")],
        allow=ADMINISTRATOR,
    )
    def _act(clicks: int | None, which: Any) -> Answer:
        return act(desk, which) if clicks else QUIET


def add(desk: Desk, role: Typed, institution: Typed, name: Typed, number: Typed) -> Any:
    """Open an account and show its password once; the ID number is never sent back."""
    words = desk.words()
    typed = {"role": role, "institution": institution, "name": name}
    password = one_time_password()
    with desk.office.look(desk.actor()) as look:
        known = institution_names(look)
    kind, of = str(role or ""), str(institution) if institution else None
    called = Reading().text(name)
    try:
        with desk.office.open(desk.actor()) as work:
            checks = check_account(work, role=kind, institution=of, name=called)
            index = _index(desk, checks, str(number or "")[:40])
            checks.settle()
            add_account(
                work, role=kind, institution=of, name=called, login_index=index, password=password
            )
    except InvalidInput as refused:
        return add_form(words, known, typed, refused.problems)
    except AccountExists as error:
        return add_form(words, known, typed, {"number": (error.sentence, error.facts)})
    except DomainError as error:
        return refusal(say(words, error.sentence, error.facts))
    return [password_note(words, password), add_form(words, known, {}, {})]


def _index(desk: Desk, checks: Checks, number: str) -> str:
    if not number.strip():
        checks.refuse("number", mark("Please enter the ID number."))
        return ""
    try:
        return desk.index(validate(number))
    except BadIdNumber as error:
        checks.refuse("number", error.sentence, **error.facts)
        return ""


def lock(desk: Desk, which: Any) -> Answer:
    """Lock an account."""
    return _do(desk, which, lock_account, "account_locked")


def unlock(desk: Desk, which: Any) -> Answer:
    """Unlock an account."""
    return _do(desk, which, unlock_account, "account_unlocked")


def renew(desk: Desk, which: Any) -> Answer:
    """Give a new password and show it once."""
    password = one_time_password()
    try:
        with desk.office.open(desk.actor()) as work:
            renew_password(work, whole_id(which), password)
    except DomainError as error:
        return refusal(say(desk.words(), error.sentence, error.facts)), no_update
    return password_note(desk.words(), password), no_update


def _do(desk: Desk, which: Any, verb: Callable[[Work, int], None], told: str) -> Answer:
    number = whole_id(which)
    try:
        with desk.office.open(desk.actor()) as work:
            verb(work, number)
    except DomainError as error:
        return refusal(say(desk.words(), error.sentence, error.facts)), no_update
    return no_update, f"{PATH}?account={number}&told={told}"
