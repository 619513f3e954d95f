"""A crowd that is logged in: accounts, sealed numbers, MTNet records and sessions in bulk."""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Engine, bindparam, insert, select, update

from bench.crowd import COURSE, Crowd, crowd, record, rules
from portal.settings import Settings
from portal.wiring import keys_for
from services.identity.accounts import open_account
from services.identity.national_id import make_id
from services.identity.records import account, person
from services.identity.sessions import begin_session
from services.kernel.actor import Role
from services.kernel.clock import WallClock
from services.mtnet.records import mtnet_record


@dataclass
class Town:
    """A class that is open, and who stands before it: person id to session token."""

    crowd: Crowd
    class_id: int
    tokens: dict[int, str]
    planners: list[str]
    record: dict[str, Any]  # what MTNet says of everybody


def town(engine: Engine, settings: Settings, n: int, *, seats: int, planners: int = 0) -> Town:
    """Put n logged-in people before one class of 120 days from now."""
    now = WallClock().now()
    made = crowd(engine, n, now)
    world = made.world
    first = (now + timedelta(days=120)).date()
    world.year = first.year
    class_id = world.a_class(seats=seats, course_code=COURSE, rules=rules(), starts_on=first)
    keys = keys_for(settings)
    numbers = {who: make_id("A", "1", f"{who:07d}") for who in made.people}
    with world.office.open() as work:
        sealing = update(person).where(person.c.id == bindparam("who"))
        work.run(
            sealing.values(id_index=bindparam("index"), id_sealed=bindparam("sealed")),
            [
                {"who": who, "index": keys.index.of(number), "sealed": keys.seal.seal(number, who)}
                for who, number in numbers.items()
            ],
        )
        work.run(
            insert(mtnet_record),
            [
                {"id_index": keys.index.of(number), "record": record(now), "as_of": now}
                for number in numbers.values()
            ],
        )
        work.run(
            insert(account),
            [
                {
                    "role": Role.SEAFARER.value,
                    "person_id": who,
                    "login_index": keys.index.of(number),
                    "password_hash": "no log-in is measured",
                    "name": f"船員{who}",
                    "created_at": now,
                }
                for who, number in numbers.items()
            ],
        )
        mine = select(account.c.person_id, account.c.id)
        tokens = {who: begin_session(work, account_id) for who, account_id in work.all(mine)}
    return Town(made, class_id, tokens, _planners(made, planners), record(now))


def _planners(made: Crowd, n: int) -> list[str]:
    tokens = []
    for _ in range(n):
        with made.world.office.open() as work:
            opened = open_account(
                work, role=Role.PLANNER, login_index=token_urlsafe(12), password="Lantern-Quay-58",
                name="規劃",
            )  # fmt: skip
            tokens.append(begin_session(work, opened))
    return tokens
