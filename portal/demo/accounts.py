"""The demo's accounts: seafarers in telling situations, an officer of each institution, MPB."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, select

from portal.demo.people import Seafarer
from portal.wiring import Keys
from services.identity.accounts import open_account
from services.identity.national_id import make_id
from services.identity.records import account, person
from services.kernel.actor import Role
from services.kernel.work import Look, Office
from services.registration.records import registration, request, review_case

PASSWORD = "Harbour-Light-116"  # noqa: S105  printed; demo mode only
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
    """Open the demo accounts after the years have been played."""
    with office.look() as look:
        chosen = [(title, look.scalar(query)) for title, query in _situations(look).items()]
    with office.open() as work:
        for _, person_id in chosen:
            if person_id is not None:
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


def demo_accounts(office: Office, keys: Keys) -> list[DemoAccount]:
    """Give the log-ins to print; those whose account does not exist are left out."""
    with office.look() as look:
        rows = look.all(
            select(person.c.id, person.c.id_sealed)
            .join(account, account.c.person_id == person.c.id)
            .order_by(account.c.id)
        )
    titles = _TITLES
    seafarers = [
        DemoAccount(keys.seal.open(row.id_sealed, row.id), PASSWORD, title)
        for row, title in zip(rows, titles, strict=False)
    ]
    staff = [DemoAccount(_staff_id(n), PASSWORD, title) for n, (*_, title) in enumerate(STAFF)]
    return seafarers + staff


_TITLES = (
    "seafarer who is asked to confirm now",
    "seafarer on a waiting list",
    "seafarer whose paper is asked for",
    "seafarer with nothing open yet",
)


def _situations(look: Look) -> dict[str, Select[tuple[int]]]:
    """Find somebody for every telling situation (the first by id; the same seed, the same)."""
    asked = (
        select(registration.c.person_id)
        .join(request, request.c.registration_id == registration.c.id)
        .where(
            registration.c.status == "admitted",
            request.c.closed_at.is_(None),
            request.c.deadline > look.now,
        )
    )
    waiting = select(registration.c.person_id).where(registration.c.status == "waitlisted")
    papers = select(review_case.c.person_id).where(review_case.c.state == "supplement")
    idle = select(person.c.id).where(
        ~exists().where(registration.c.person_id == person.c.id),
        person.c.nationality == "national",
    )
    queries = (asked, waiting, papers, idle)
    return {t: q.order_by("person_id" if q is not idle else "id").limit(1)
            for t, q in zip(_TITLES, queries, strict=True)}  # fmt: skip


def _staff_id(n: int) -> str:
    return make_id("A", "1", f"{5_000_001 + 7 * n:07d}")
