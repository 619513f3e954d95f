"""Plan years as plain rows, for questions whose answer is worked out by hand.

The verbs are not used: a question must be right about any row the lifecycle allows, and a hand-made
row says at a glance what the answer has to be.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, update

from analytics.class_facts import ClassFact
from services.catalogue.records import (
    annual_plan,
    cohort,
    course,
    institution,
    milestone,
    plan_window,
    training_class,
)
from services.identity.records import person
from services.kernel.clock import taipei
from services.kernel.work import Office
from services.lottery.records import draw
from services.milestones import Policy, schedule
from services.notices.records import notice
from services.registration.records import registration, registration_event, review_case

SEATS = {
    "in_review": "none", "waitlisted": "none", "offered": "none", "admitted": "funded",
    "confirmed": "funded", "self_funded": "self_funded", "completed": "spent", "failed": "spent",
    "absent": "spent",
}  # fmt: skip
REASONS = {
    "cancelled": "withdrew", "lapsed": "no_answer", "unplaced": "class_full",
    "ineligible": "rules", "completed": "roll", "failed": "roll", "absent": "roll",
}  # fmt: skip
NOON = 12


@dataclass
class Season:
    """Builders; every course, institution, plan and person is made on demand."""

    office: Office
    _cohorts: dict[tuple[int, str], int] = field(default_factory=dict)
    _made: set[Any] = field(default_factory=set)
    _serial: int = 0

    def _add(self, table: Any, **row: Any) -> int:
        with self.office.open() as work:
            return int(work.run(insert(table), row).inserted_primary_key[0])

    def _once(self, table: Any, key: Any, **row: Any) -> None:
        if (table.name, key) not in self._made:
            self._made.add((table.name, key))
            with self.office.open() as work:
                work.run(insert(table), row)

    def a_cohort(self, year: int, code: str, category: str) -> int:
        self._once(
            annual_plan, year, year=year, seats_cap=9999, published_at=taipei(date(2020, 1, 1))
        )
        self._once(
            course, code, code=code, name_zh=code, name_en=code, category=category, days=5,
            class_size=24, rules={}, auto_screenable=True, assumption=False,
        )  # fmt: skip
        if (year, code) not in self._cohorts:
            self._cohorts[year, code] = self._add(cohort, year=year, course=code, rules={}, fee=1)
        return self._cohorts[year, code]

    def a_class(
        self,
        on: date,
        *,
        seats: int = 10,
        code: str = "BST",
        category: str = "safety",
        at: str = "NTOU",
        region: str = "north",
        state: str = "opened",
        **more: Any,
    ) -> int:
        """Enter a class with its milestones; its plan year is the year it begins in."""
        names = {f"{name}_{locale}": at for name in ("name", "short") for locale in ("zh", "en")}
        self._once(institution, at, code=at, region=region, commissioned=True, **names)
        self._serial += 1
        row = {
            "code": f"{code}-{self._serial}", "cohort_id": self.a_cohort(on.year, code, category),
            "year": on.year, "course": code, "institution": at, "starts_on": on,
            "ends_on": on + timedelta(days=4), "cap": seats, "min_size": 1, "fee": 1,
            "state": state, "kind": "funded",
        }  # fmt: skip
        class_id = self._add(training_class, **(row | more))
        with self.office.open() as work:
            for kind, due in schedule(Policy(), on).items():
                work.run(
                    insert(milestone),
                    {"class_id": class_id, "schedule": 1, "kind": kind.value, "due_at": due},
                )
        return class_id

    def a_draw(self, class_id: int, drawn: datetime | None) -> None:
        """Let a class follow a draw that was made, or is still to come."""
        with self.office.look() as look:
            of = look.one_or_none(training_class.select().where(training_class.c.id == class_id))
        assert of is not None
        at = taipei(date(of.year, 1, 1))
        days = {"classes_from": at.date(), "classes_to": at.date()}
        window = self._add(plan_window, year=of.year, opens_at=at, **days)
        state = "committed" if drawn is None else "drawn"
        known = {} if drawn is None else {
            "seed": "s", "tickets": 0, "list_hash": "h", "closed_at": at, "drawn_at": drawn,
        }  # fmt: skip
        draw_id = self._add(
            draw, cohort_id=of.cohort_id, window_id=window, state=state, commitment="c",
            sealed_seed=b"", committed_at=at, **known,
        )  # fmt: skip
        with self.office.open() as work:
            mine = training_class.c.id == class_id
            work.run(update(training_class).where(mine).values(draw_id=draw_id))

    def a_person(self, **more: Any) -> int:
        self._serial += 1
        row = {
            "id_index": f"index-{self._serial}", "id_sealed": b"", "name_zh": "船員",
            "name_latin": "SEAFARER", "birth_date": date(1990, 1, 1), "sex": "M",
            "nationality": "national", "region": "north", "created_at": taipei(date(2020, 1, 1)),
        }  # fmt: skip
        return self._add(person, **(row | more))

    def a_row(self, class_id: int, status: str, person_id: int | None = None, **more: Any) -> int:
        """Enter a registration as the lifecycle would have left it."""
        with self.office.look() as look:
            of = look.one_or_none(training_class.select().where(training_class.c.id == class_id))
        assert of is not None
        self._serial += 1
        at: datetime = more.pop("at", taipei(of.starts_on - timedelta(days=60), NOON))
        seat = SEATS.get(status, "none")
        verdict = {"in_review": "review", "ineligible": "ineligible"}.get(status, "eligible")
        row = {
            "class_id": class_id, "cohort_id": of.cohort_id, "number": self._serial,
            "person_id": person_id or self.a_person(), "rank": self._serial,
            "track": "funded", "status": status, "seat": seat, "reason": REASONS.get(status),
            "verdict": verdict, "screened_at": at, "registered_at": at,
            "registered_ym": f"{at:%Y-%m}", "moved_at": at,
            "how_seated": "register" if seat != "none" else None,
        }  # fmt: skip
        return self._add(registration, **(row | more))

    def rows(self, class_id: int, **statuses: int) -> None:
        """Enter so many registrations of each status: `rows(3, completed=4, absent=1)`."""
        for status, n in statuses.items():
            for _ in range(n):
                self.a_row(class_id, status)

    def a_case(self, registration_id: int, state: str, opened: datetime, days: float | None,
               **more: Any) -> int:  # fmt: skip
        """Enter a review that took so many days, or is still open."""
        decided = None if days is None else opened + timedelta(days=days)
        with self.office.look() as look:
            of = look.one_or_none(registration.select().where(registration.c.id == registration_id))
        assert of is not None
        row = {
            "registration_id": registration_id, "cohort_id": of.cohort_id,
            "person_id": of.person_id, "institution": "NTOU", "opened_at": opened,
            "due_on": opened.date(), "state": state, "decided_at": decided,
        }  # fmt: skip
        return self._add(review_case, **(row | more))

    def an_event(self, registration_id: int, event: str, **more: Any) -> None:
        """Enter one event of a registration; the chain's hashes are not what is asked here."""
        with self.office.look() as look:
            of = look.one_or_none(registration.select().where(registration.c.id == registration_id))
        assert of is not None
        self._serial += 1
        row = {
            "cohort_id": of.cohort_id, "seq": self._serial, "registration_id": of.id,
            "event": event, "held": "none", "target": of.status, "takes": of.seat,
            "role": "institution", "at": of.moved_at, "hash": "",
        }  # fmt: skip
        self._add(registration_event, **(row | more))

    def a_notice(self, registration_id: int, kind: str, made: datetime, sent: datetime | None,
                 mail: str = "sent") -> None:  # fmt: skip
        """Enter a notice and what became of its letter."""
        with self.office.look() as look:
            of = look.one_or_none(registration.select().where(registration.c.id == registration_id))
        assert of is not None
        self._add(
            notice, key=f"{registration_id}:{kind}:1", kind=kind, registration_id=registration_id,
            person_id=of.person_id, facts={}, made_at=made, next_try_at=made, sent_at=sent,
            mail=mail,
        )  # fmt: skip


def fact(**changes: Any) -> ClassFact:
    """Give a class in figures: ten seats, held on 1 March 2027, nobody came yet."""
    plain = dict.fromkeys(ClassFact._fields, 0)
    known = {
        "id": 1, "code": "BST-1", "year": 2027, "course": "BST", "category": "safety",
        "institution": "NTOU", "short_zh": "海大", "short_en": "NTOU",
        "starts_on": date(2027, 3, 1), "state": "opened", "kind": "funded", "cap": 10,
        "planned": 10, "min_size": 4,
    }  # fmt: skip
    return ClassFact(**(plain | known | changes))  # type: ignore[arg-type]
