"""The world in the field's words: seafarers, institutions, classes, people who register."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, select

from services.catalogue.records import (
    annual_plan,
    cohort,
    commission,
    course,
    institution,
    milestone,
    plan_window,
    training_class,
)
from services.deliver import deliver
from services.identity.records import account, person
from services.invariants import check_invariants
from services.kernel.actor import SYSTEM, Actor, Role
from services.kernel.clock import StandingClock, taipei
from services.kernel.work import Look, Office
from services.milestones import Policy, schedule
from services.mtnet.fetch import Fetched
from services.mtnet.record import from_json
from services.notices.gateway import Counting
from services.queue_file import queue_facts
from services.register import Receipt, register, register_choices
from services.registration.check_queue import holes, jumps, seats
from services.registration.lifecycle import Status
from services.registration.records import registration, request, review_case
from services.sweep import sweep

SIMPLE_RULES = {
    "prerequisites": {"all": [{"kind": "medical_certificate_valid", "on": "class_start"}]},
    "funded_extra": {"kind": "seamans_book_valid", "on": "class_start"},
    "certificate_conditions": None,
}
PAPER_RULES = {
    **SIMPLE_RULES,
    "prerequisites": {"all": [{"kind": "manual_evidence", "code": "letter", "label": "letter"}]},
}


@dataclass
class World:
    """Builders and questions; every id is made on demand."""

    office: Office
    clock: StandingClock
    year: int = 2027  # the plan year of its classes
    records: dict[int, dict[str, Any]] = field(default_factory=dict)
    planners: tuple[Actor, ...] = ()  # with accounts of their own, where a test needs them
    _plans: set[int] = field(default_factory=set)
    _courses: dict[str, int] = field(default_factory=dict)
    _serial: int = 0

    def planner(self) -> Actor:
        return Actor(Role.PLANNER, account_id=None, name="規劃")

    def two_planners(self) -> tuple[Actor, Actor]:
        """Give two planners with accounts of their own, for what nobody may do alone."""
        made = []
        for n in (1, 2):
            row = {"role": "planner", "login_index": f"planner-{n}", "password_hash": "-",
                   "name": f"規劃{n}", "created_at": self.clock.now()}  # fmt: skip
            with self.office.open() as work:
                [key] = work.run(insert(account), row).inserted_primary_key
            made.append(Actor(Role.PLANNER, account_id=int(key), name=row["name"]))
        return made[0], made[1]

    def officer(self, code: str = "NTOU") -> Actor:
        return Actor(Role.INSTITUTION, institution=code, name="承辦")

    def seafarer(self, person_id: int) -> Actor:
        return Actor(Role.SEAFARER, person_id=person_id, name=f"船員{person_id}")

    def an_institution(self, code: str = "NTOU", region: str = "north") -> str:
        with self.office.open() as work:
            if work.scalar(select(institution.c.code).where(institution.c.code == code)) is None:
                names = {f"{name}_{locale}": code for name in ("name", "short", "city")
                         for locale in ("zh", "en")}  # fmt: skip
                row = {"code": code, "region": region, "commissioned": True, **names}
                work.run(insert(institution), row)
        return code

    def a_plan(self, year: int | None = None, **numbers: Any) -> int:
        year = year or self.year
        if year not in self._plans:
            self._plans.add(year)
            with self.office.open() as work:
                row = {"year": year, "seats_cap": 10_000, "published_at": work.now, **numbers}
                work.run(insert(annual_plan), row)
                window = {
                    "year": year,
                    "classes_from": date(year, 1, 1),
                    "classes_to": date(year, 12, 31),
                    "opens_at": taipei(date(year - 1, 12, 1), 9),
                }
                work.run(insert(plan_window), window)
        return year

    def a_cohort(self, code: str = "BST", rules: Mapping[str, Any] = SIMPLE_RULES) -> int:
        if code not in self._courses:
            year = self.a_plan()
            with self.office.open() as work:
                row = {
                    "code": code,
                    "name_zh": code,
                    "name_en": code,
                    "category": "safety",
                    "days": 5,
                    "class_size": 24,
                    "rules": dict(rules),
                    "auto_screenable": True,
                    "assumption": True,
                }
                work.run(insert(course), row)
                made = work.run(
                    insert(cohort),
                    {"year": year, "course": code, "rules": dict(rules), "fee": 12_000},
                )
                self._courses[code] = int(made.inserted_primary_key[0])
        return self._courses[code]

    def a_class(
        self,
        *,
        seats: int = 1,
        starts_on: date = date(2027, 4, 12),
        days: int = 5,
        course_code: str = "BST",
        at: str = "NTOU",
        kind: str = "funded",
        min_size: int = 1,
        rules: Mapping[str, Any] = SIMPLE_RULES,
    ) -> int:
        """Enter and publish a training class with its six milestones."""
        self.an_institution(at)
        cohort_id = self.a_cohort(course_code, rules)
        self._serial += 1
        with self.office.open() as work:
            known = select(commission).where(
                commission.c.cohort_id == cohort_id, commission.c.institution == at
            )
            if work.one_or_none(known) is None:
                row = {"cohort_id": cohort_id, "institution": at}
                work.run(insert(commission), {**row, "classes_cap": 50, "seats_cap": 5_000})
            made = work.run(
                insert(training_class),
                {
                    "code": f"{self.year - 1911}-{course_code}-{self._serial:02d}",
                    "cohort_id": cohort_id,
                    "year": self.year,
                    "course": course_code,
                    "institution": at,
                    "kind": kind,
                    "starts_on": starts_on,
                    "ends_on": starts_on + timedelta(days=days - 1),
                    "opens_at": work.now,
                    "cap": seats,
                    "min_size": min_size,
                    "fee": 12_000,
                    "state": "published",
                    "published_at": work.now,
                },
            )
            class_id = int(made.inserted_primary_key[0])
            policy = Policy()
            rows = [
                {"class_id": class_id, "schedule": 1, "kind": kind_.value, "due_at": due}
                for kind_, due in schedule(policy, starts_on).items()
            ]
            work.run(insert(milestone), rows)
        return class_id

    def a_person(self, **record: Any) -> int:
        """Invent a person with sound papers; sections given replace the sound ones."""
        self._serial += 1
        n = self._serial
        nationality = record.pop("nationality", "national")
        with self.office.open() as work:
            made = work.run(
                insert(person),
                {
                    "id_index": f"index-{n}",
                    "id_sealed": b"sealed",
                    "name_zh": f"船員{n}",
                    "name_latin": f"SEAFARER {n}",
                    "birth_date": date(1990, 5, 1),
                    "sex": "M",
                    "nationality": nationality,
                    "email": f"seafarer{n}@mail.example",
                    "region": "north",
                    "created_at": work.now,
                },
            )
        person_id = int(made.inserted_primary_key[0])
        self.records[person_id] = {**sound_record(nationality), **record}
        return person_id

    def people(self, n: int) -> list[int]:
        return [self.a_person() for _ in range(n)]

    def fetched(self, person_id: int) -> Fetched:
        return Fetched(from_json(self.records[person_id]), self.clock.now())

    def registers(self, person_id: int, class_id: int, **more: Any) -> Receipt:
        """Let a person register as themselves."""
        fetched = self.fetched(person_id)
        with self.office.open(self.seafarer(person_id)) as work:
            return register(work, fetched, class_id=class_id, person_id=person_id, **more)

    def chooses(self, person_id: int, *class_ids: int, **more: Any) -> list[Receipt]:
        """Let a person register for several classes of a course, best first."""
        fetched = self.fetched(person_id)
        with self.office.open(self.seafarer(person_id)) as work:
            return register_choices(work, fetched, class_ids=class_ids, person_id=person_id, **more)

    def registered(self, class_id: int, *person_ids: int) -> list[Receipt]:
        return [self.registers(person_id, class_id) for person_id in person_ids]

    def does(self, person_id: int, verb: Any, registration_id: int, **more: Any) -> Any:
        """Let a person do a verb with one of their registrations."""
        with self.office.open(self.seafarer(person_id)) as work:
            return verb(work, registration_id, **more)

    def decides(self, registration_id: int, verb: Any, *, at: str = "NTOU", **more: Any) -> Any:
        """Let the officer decide the review case of a registration."""
        with self.office.open(self.officer(at)) as work:
            case = work.scalar(
                select(func.max(review_case.c.id)).where(
                    review_case.c.registration_id == registration_id
                )
            )
            return verb(work, case, **more)

    def days_before(self, class_id: int, days: float, hour: int = 9) -> None:
        """Let the clock stand so many days before the class."""
        with self.office.look() as look:
            starts = look.scalar(
                select(training_class.c.starts_on).where(training_class.c.id == class_id)
            )
        self.clock.go_to(taipei(starts - timedelta(days=int(days)), hour))

    def ticks(self) -> Any:
        """Let the clock do what is due and the mailer deliver."""
        done = sweep(self.office)
        deliver(self.office, Counting(), base_url="http://127.0.0.1")
        return done

    def row(self, registration_id: int) -> Any:
        with self.office.look(SYSTEM) as look:
            return look.one_or_none(
                select(registration).where(registration.c.id == registration_id)
            )

    def status(self, receipt: Receipt | int) -> Status:
        key = receipt if isinstance(receipt, int) else receipt.registration_id
        return Status(self.row(key).status)

    def statuses(self, receipts: list[Receipt]) -> list[str]:
        return [self.status(receipt).value for receipt in receipts]

    def request_of(self, registration_id: int) -> Any:
        """Give the latest request made to a registration."""
        with self.office.look() as look:
            rows = look.all(
                select(request)
                .where(request.c.registration_id == registration_id)
                .order_by(request.c.id.desc())
            )
        return rows[0] if rows else None

    def broken(self) -> list[str]:
        """Name the invariants that do not hold (rules.md 9), and what the public files tell."""
        with self.office.look() as look:
            findings = check_invariants(look.connection, look.now)
            named = [f"{f.number}: {f.sentence} {f.faults}" for f in findings if not f.holds]
            return named + self._misread(look)

    def _misread(self, look: Look) -> list[str]:
        """Name what the script that everybody can run finds in the files of the classes."""
        public = select(training_class.c.id).where(training_class.c.state != "draft")
        files = [queue_facts(look, row.id, lambda key, _: str(key)) for row in look.all(public)]
        found = [(file, holes(file), jumps(file), seats(file)[file["cap"] :]) for file in files]
        return [f"the file of {file['class']}: {faults}" for file, *faults in found if any(faults)]


def called(world: World, class_id: int, *days: int, hour: int = 9) -> None:
    """Let the clock come to each of these days before a class, and do what is due."""
    for day in days:
        world.days_before(class_id, day, hour=hour)
        world.ticks()


def sound_record(nationality: str = "national") -> dict[str, Any]:
    """Give an MTNet record that passes SIMPLE_RULES for every class of 2027."""
    return {
        "person": {
            "id_number": "sealed",
            "name_zh": "測試",
            "name_latin": "TEST",
            "birth_date": "1990-05-01",
            "sex": "M",
            "nationality": {"national": "TW", "foreigner": "other"}.get(nationality, "unknown"),
            "contact": {"email": "", "mobile": "", "address_region": "north"},
        },
        "seamans_book": {
            "number": "1",
            "issued_on": "2024-01-01",
            "expires_on": "2034-01-01",
            "status": "active",
            "withdrawn_until": None,
        },
        "medical": {"issued_on": "2026-06-01", "expires_on": "2028-06-01"},
        "cocs": [],
        "certificates": [],
        "sea_service": [],
    }
