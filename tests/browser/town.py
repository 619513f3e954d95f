"""A small town for the journeys: the world of the tests with real names, log-ins and today's date.

The server reads the wall clock, so nothing here sleeps: what is to have happened happened in the
past, under a clock that stands, and the server finds it done.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from world import World

from portal.demo.papers import pdf
from portal.demo.undelivered import Refusing
from portal.migrate import migrate
from portal.settings import Settings
from portal.wiring import Keys, keys_for
from services.catalogue.load import load_catalogue
from services.catalogue.records import cohort, course
from services.confirm import confirm
from services.counter import open_visit
from services.deliver import deliver
from services.drafts import save_draft
from services.identity.accounts import open_account
from services.identity.national_id import make_id
from services.identity.records import account, person
from services.kernel.actor import Actor, Role
from services.kernel.clock import StandingClock, WallClock, taipei, taipei_day
from services.kernel.db import engine_for
from services.kernel.work import Office
from services.make_checkpoint import make_checkpoint
from services.mtnet.gateway import put_records
from services.notices.gateway import Counting
from services.notices.records import notice, staff_task
from services.plan import make_plan
from services.registration.records import registration, review_case
from services.review import ask_supplement
from services.roll import record_roll
from services.supplements import add

PASSWORD = "Town-Harbour-116"
NAMES = (("林冠宇", "LIN, KUAN-YU"), ("陳俊佑", "CHEN, CHUN-YU"), ("許雅雯", "HSU, YA-WEN"))
PAPER = "supernumerary_1m_3loads_3discharges"  # the paper an advanced tanker course may ask for


@dataclass(frozen=True)
class Citizen:
    """Somebody who can log in."""

    id_number: str
    name: str
    person_id: int | None = None


@dataclass
class Town(World):
    """The builders of the world, with accounts, sealed IDs and a stored MTNet record."""

    keys: Keys = field(kw_only=True)
    uploads: Path = field(kw_only=True)
    _tankers: int = 0  # the class whose people need a review

    @property
    def today(self) -> date:
        return taipei_day(WallClock().now())

    def in_days(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def stands(self, day: date, hour: int = 10) -> None:
        """Let the town's clock stand on a day."""
        self.clock.go_to(taipei(day, hour))

    def a_cohort(self, code: str = "BST", rules: Any = None) -> int:
        """Offer a course of the catalogue, under its own rules."""
        if code not in self._courses:
            year = self.a_plan()
            with self.office.open() as work:
                own = work.scalar(select(course.c.rules).where(course.c.code == code))
                row = {"year": year, "course": code, "rules": own, "fee": 12_000}
                made = work.run(insert(cohort), row)
            self._courses[code] = int(made.inserted_primary_key[0])
        return self._courses[code]

    def a_person(self, **record: Any) -> int:
        """Invent a person whom MTNet knows, with a national ID of their own."""
        medical = {"issued_on": str(self.in_days(-90)), "expires_on": str(self.in_days(600))}
        book = {"number": "1", "status": "active", "withdrawn_until": None}
        book |= {"issued_on": str(self.in_days(-900)), "expires_on": str(self.in_days(2700))}
        person_id = super().a_person(**{"medical": medical, "seamans_book": book, **record})
        number = make_id("F", "1", f"{3_000_000 + person_id:07d}")
        name, latin = NAMES[person_id % len(NAMES)]
        with self.office.open() as work:
            work.run(
                update(person)
                .where(person.c.id == person_id)
                .values(
                    id_index=self.keys.index.of(number),
                    id_sealed=self.keys.seal.seal(number, person_id),
                    name_zh=name,
                    name_latin=latin,
                    mobile=f"+8869{person_id:08d}",
                )
            )
        put_records(self.office, self.keys.index.of, [(number, self.records[person_id])])
        return person_id

    def a_citizen(self, person_id: int | None = None, **record: Any) -> Citizen:
        """Give a person (a new one, unless told) the means to log in."""
        person_id = person_id or self.a_person(**record)
        number = make_id("F", "1", f"{3_000_000 + person_id:07d}")
        name = NAMES[person_id % len(NAMES)][0]
        self._account(Role.SEAFARER, number, name, person_id=person_id)
        return Citizen(number, name, person_id)

    def a_tanker_hand(self) -> int:
        """Invent a person who needs a review: basic tanker certificate, a paper to be judged."""
        held = {
            "course": "BOCT",
            "number": "1",
            "issued_on": str(self.in_days(-200)),
            "expires_on": str(self.in_days(1500)),
            "status": "active",
            "withdrawn_until": None,
        }
        return self.a_person(certificates=[held])

    def staff(self, role: Role, serial: int, name: str, institution: str | None = None) -> Citizen:
        """Open a staff account."""
        number = make_id("A", "1", f"{5_000_000 + serial:07d}")
        self._account(role, number, name, institution=institution)
        return Citizen(number, name)

    def _account(self, role: Role, number: str, name: str, **more: Any) -> None:
        with self.office.open() as work:
            open_account(
                work,
                role=role,
                login_index=self.keys.index.of(number),
                password=PASSWORD,
                name=name,
                **more,
            )

    def a_called_class(self, *people: int, seats: int = 1, course_code: str = "DSD") -> list[int]:
        """A class in its confirmation call: the first by number are asked, the rest wait."""
        starts = self.in_days(24)
        self.stands(starts - timedelta(days=40))
        class_id = self.a_class(seats=seats, starts_on=starts, days=1, course_code=course_code)
        receipts = self.registered(class_id, *people)
        self.days_before(class_id, 28)
        self.ticks()
        self._is_now()
        return [receipt.registration_id for receipt in receipts]

    def a_begun_class(self, *people: int, days_ago: int = 0, course_code: str = "SAT") -> int:
        """A class whose people confirmed, whose list was frozen, and that has begun."""
        starts = self.in_days(-days_ago)
        self.stands(starts - timedelta(days=40))
        size = len(people)
        class_id = self.a_class(seats=size, starts_on=starts, days=1, course_code=course_code)
        receipts = self.registered(class_id, *people)
        for days in (28, 21, 14, 11, 7, 5):
            self.days_before(class_id, days)
            self.ticks()
            if days == 28:
                for who, receipt in zip(people, receipts, strict=True):
                    self.does(who, confirm, receipt.registration_id)
        self._is_now()
        return class_id

    def a_case(self, who: int = 0, *, paper: bool = False, asked: bool = False) -> tuple[int, int]:
        """A person under review: the person and the case."""
        self.stands(self.in_days(-2))
        if not self._tankers:
            self._tankers = self.a_class(
                seats=12, starts_on=self.in_days(60), days=9, course_code="AOT"
            )
        who = who or self.a_tanker_hand()
        receipt = self.registers(who, self._tankers, declared=[PAPER])
        self.ticks()
        with self.office.look() as look:
            case = look.scalar(
                select(review_case.c.id).where(
                    review_case.c.registration_id == receipt.registration_id
                )
            )
        if asked:
            self.decides(receipt.registration_id, ask_supplement, ask="請上傳船長簽署的裝卸證明。")
        if paper:
            self._uploads(who, case)
        self._is_now()
        return who, case

    def _uploads(self, who: int, case_id: int) -> None:
        data = pdf(f"Service record, case {case_id}")
        stored = f"{case_id:040d}.pdf"
        self.uploads.mkdir(parents=True, exist_ok=True)
        (self.uploads / stored).write_bytes(data)
        facts = {"stored": stored, "kind": "pdf", "size": len(data), "given_name": "裝卸證明.pdf"}
        with self.office.open(self.seafarer(who)) as work:
            add(work, case_id, sha256=sha256(data).hexdigest(), **facts)

    def an_open_class(self, *, seats: int = 2, days: int = 60, course_code: str = "BST") -> int:
        """A class everybody may register for now."""
        self.stands(self.in_days(-3))
        class_id = self.a_class(seats=seats, starts_on=self.in_days(days), course_code=course_code)
        self._is_now()
        return class_id

    def at_the_counter(self, who: Citizen, class_id: int) -> int:
        """Somebody stands before an officer, who has looked them up; gives the visit."""
        self._is_now()
        of = account.c.login_index == self.keys.index.of(who.id_number)
        with self.office.look() as look:
            row = look.one_or_none(select(account.c.id, account.c.institution).where(of))
        actor = Actor(Role.INSTITUTION, row.id, institution=row.institution, name=who.name)
        person_id = self.a_person()
        with self.office.open(actor) as work:
            return open_visit(work, class_id, person_id)

    def a_lost_letter(self, class_id: int) -> int:
        """Somebody's receipt comes back; gives the task that tells of it."""
        self._is_now()
        deliver(self.office, Counting(), base_url="http://town")  # whatever else is due
        receipt = self.registers(self.a_person(), class_id)
        deliver(self.office, Refusing(), base_url="http://town")
        mine = staff_task.c.registration_id == receipt.registration_id
        with self.office.look() as look:
            return int(look.scalar(select(staff_task.c.id).where(mine)))

    def _is_now(self) -> None:
        self.clock.go_to(WallClock().now())

    def first_notice_of(self, person_id: int) -> int:
        with self.office.look() as look:
            found = select(notice.c.id).where(notice.c.person_id == person_id)
            return int(look.scalar(found.order_by(notice.c.id)))


def found_town(settings: Settings) -> Town:
    """Build the database of the settings and the town in it, as of the wall clock's today."""
    office = Office(
        engine_for(settings.database_url, durable=False), clock := StandingClock(_now())
    )
    migrate(office.engine)
    with office.open() as work:
        load_catalogue(work)
    year = (taipei_day(_now()) + timedelta(days=30)).year
    town = Town(office, clock, year, keys=keys_for(settings), uploads=settings.uploads)
    town.a_plan()
    return town


def _now() -> datetime:
    return WallClock().now()


@dataclass(frozen=True)
class Inhabitants:
    """Who lives in the town from the start, and one example of everything a page can show."""

    seafarer: Citizen
    officer: Citizen
    planner: Citizen
    administrator: Citizen
    examples: dict[str, str]


def settle(town: Town) -> Inhabitants:
    """Let the year happen: classes ahead, called, begun and over; cases with and without paper."""
    officer = town.staff(Role.INSTITUTION, 1, "林怡安", "NTOU")
    planner = town.staff(Role.PLANNER, 2, "周明哲")
    administrator = town.staff(Role.ADMINISTRATOR, 3, "邱建安")
    held = [town.a_tanker_hand(), *town.people(2)]
    asked, *_ = town.a_called_class(*held)
    over = town.a_begun_class(*town.people(3), days_ago=20)
    _write_roll(town, over)
    begun = town.a_begun_class(*town.people(2))
    open_class = town.an_open_class()
    town.registered(open_class, *town.people(3))
    _, wanting = town.a_case(held[0], asked=True)
    town.a_case()
    judged = town.an_open_class(course_code="ECDIS", days=75)
    for drafted in (open_class, judged):
        _fill_in(town, held[0], drafted)
    _, case = town.a_case(paper=True)
    with town.office.open(town.planner()) as work:
        make_plan(work, year=town.year + 1, copy_from=town.year)
    make_checkpoint(town.office)
    seafarer = town.a_citizen(held[0])
    examples = {
        "class_id": str(open_class),
        "called": str(town.row(asked).class_id),
        "begun": str(begun),
        "registration_id": str(asked),
        "supplement": str(_registration_of(town, wanting)),
        "judged": str(judged),
        "notice_id": str(town.first_notice_of(held[0])),
        "case_id": str(case),
        "visit_id": str(town.at_the_counter(officer, open_class)),
        "task_id": str(town.a_lost_letter(open_class)),
        "year": str(town.year),
        "code": "BST",
        "day": str(town.in_days(60)),
    }
    return Inhabitants(seafarer, officer, planner, administrator, examples)


def _fill_in(town: Town, who: int, class_id: int) -> None:
    """Fill in the first three steps, so that every step can be opened."""
    contact = {"email": "crew@mail.example", "mobile": "0912345678", "region": "north"}
    answers = {"done": 1}, {"done": 2, "locale": "zh-Hant-TW", **contact}, {"done": 3}
    with town.office.open(town.seafarer(who)) as work:
        for answer in answers:
            save_draft(work, class_id=class_id, answers=answer)


def _registration_of(town: Town, case_id: int) -> int:
    with town.office.look() as look:
        found = select(review_case.c.registration_id).where(review_case.c.id == case_id)
        return int(look.scalar(found))


def _write_roll(town: Town, class_id: int) -> None:
    with town.office.open(town.officer()) as work:
        rows = work.all(select(registration.c.id).where(registration.c.class_id == class_id))
        results = ["completed", "completed", "absent"]
        record_roll(work, class_id, dict(zip([row.id for row in rows], results, strict=False)))
