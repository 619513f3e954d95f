"""The demo's accounts: seafarers in telling situations, an officer of each institution, MPB."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.demo.begun import end
from portal.demo.people import Seafarer
from portal.demo.season import seafarer
from portal.demo.situations import SITUATIONS, choose, situation_of
from portal.wiring import Keys
from services.identity.accounts import open_account
from services.identity.national_id import make_id
from services.identity.records import account, person
from services.inbox import mark_read
from services.kernel.actor import Role
from services.kernel.work import Office
from services.notices.records import notice
from services.registration.lifecycle import OPEN
from services.registration.records import registration

PASSWORD = "Harbour-Light-116"  # noqa: S105  printed; demo mode only
THIS_WEEK = timedelta(days=7)
STAFF = (
    (Role.INSTITUTION, "NTOU", "林怡安", "officer of NTOU 海大"),
    (Role.INSTITUTION, "NKUST", "黃志豪", "officer of NKUST 高科大"),
    (Role.INSTITUTION, "TUMT", "吳佳玲", "officer of TUMT 台北海大"),
    (Role.INSTITUTION, "CMTC", "許文傑", "officer of CMTC 中華航訓"),
    (Role.INSTITUTION, "ESTC", "蔡明翰", "officer of ESTC 長榮船訓"),
    (Role.PLANNER, None, "周明哲", "planner of MPB 航港局"),
    (Role.PLANNER, None, "賴淑君", "second planner of MPB 航港局"),
    (Role.ADMINISTRATOR, None, "邱建安", "administrator"),
)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One printed log-in."""

    id_number: str
    password: str
    title: str


def make_accounts(office: Office, keys: Keys, people: Sequence[Seafarer]) -> None:
    """Open the demo accounts after the years have been played; with them the demo is whole."""
    with office.look() as look:
        chosen = choose(look)
    for person_id in chosen.values():
        _read_what_is_over(office, person_id)
    with office.open() as work:
        for person_id in chosen.values():
            who = people[person_id - 1]
            open_account(
                work,
                role=Role.SEAFARER,
                login_index=keys.index.of(who.id_number),
                password=PASSWORD,
                name=who.name_zh,
                person_id=person_id,
            )
        for n, (role, institution, name, _) in enumerate(STAFF):
            open_account(
                work,
                role=role,
                login_index=keys.index.of(_staff_id(n)),
                password=PASSWORD,
                name=name,
                institution=institution,
            )
        end(work)


def _read_what_is_over(office: Office, person_id: int) -> None:
    """Let a person open the letters of registrations that have ended, all but this week's."""
    with office.open(seafarer(person_id)) as work:
        over = (
            select(notice.c.id)
            .join(registration, registration.c.id == notice.c.registration_id)
            .where(
                notice.c.person_id == person_id,
                registration.c.status.not_in([status.value for status in OPEN]),
                notice.c.made_at < work.now - THIS_WEEK,
            )
        )
        for notice_id in list(work.connection.scalars(over)):
            mark_read(work, notice_id)


def demo_accounts(office: Office, keys: Keys) -> list[DemoAccount]:
    """Give the log-ins to print: seafarers with the situation they are in now, then staff."""
    with office.look() as look:
        known = set(look.connection.scalars(select(account.c.login_index)))
        rows = look.all(
            select(person.c.id, person.c.id_sealed)
            .join(account, account.c.person_id == person.c.id)
            .order_by(account.c.id)
            .limit(len(SITUATIONS))
        )
        seafarers = [
            DemoAccount(keys.seal.open(row.id_sealed, row.id), PASSWORD, situation_of(look, row.id))
            for row in rows
        ]
    staff = [
        DemoAccount(_staff_id(n), PASSWORD, title)
        for n, (*_, title) in enumerate(STAFF)
        if keys.index.of(_staff_id(n)) in known
    ]
    return seafarers + staff


def _staff_id(n: int) -> str:
    return make_id("A", "1", f"{5_000_001 + 7 * n:07d}")
