"""How people and officers of the demo answer what the clock asks of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Row, select

from portal.demo.papers import write_paper
from portal.demo.season import Season, officer, seafarer
from services.cancel import cancel
from services.catalogue.records import training_class
from services.claim import claim
from services.confirm import confirm, decline
from services.kernel.clock import taipei
from services.kernel.work import Work
from services.notices.reasons import REJECT_REASONS
from services.phone import record_call
from services.registration.records import registration, request, review_case
from services.review import approve, ask_supplement, reject
from services.roll import record_roll
from services.supplements import add


@dataclass
class Answers:
    """Watch for new requests, cases and opened classes; put their answers on the agenda."""

    season: Season
    random: Random
    _request: int = 0
    _registration: int = 0
    _case: int = 0
    _opened: set[int] = field(default_factory=set)

    def watch(self) -> None:
        """Look at what is new since the last morning and schedule the reactions."""
        with self.season.office.look() as look:
            requests = look.all(
                select(
                    request.c.id,
                    request.c.kind,
                    request.c.registration_id,
                    registration.c.person_id,
                    training_class.c.institution,
                )
                .join(registration, registration.c.id == request.c.registration_id)
                .join(training_class, training_class.c.id == request.c.class_id)
                .where(request.c.id > self._request)
            )
            cases = look.all(
                select(review_case.c.id, review_case.c.institution, review_case.c.person_id).where(
                    review_case.c.id > self._case
                )
            )
            entered = look.all(
                select(registration.c.id, registration.c.person_id, training_class.c.starts_on)
                .join(training_class, training_class.c.id == registration.c.class_id)
                .where(registration.c.id > self._registration, registration.c.reason.is_(None))
            )
            opened = look.all(
                select(
                    training_class.c.id, training_class.c.institution, training_class.c.ends_on
                ).where(
                    training_class.c.state == "opened",
                    training_class.c.ends_on >= look.today - timedelta(days=60),
                )
            )
        self._answer(requests)
        self._decide(cases)
        self._change_minds(entered)
        self._close(opened)

    def _later(self, days: float) -> datetime:
        return self.season.clock.now() + timedelta(hours=1 + self.random.random() * days * 24)

    def _answer(self, rows: Sequence[Row[tuple[int, str, int, int, str]]]) -> None:
        for row in rows:
            self._request = max(self._request, row.id)
            draw = self.random.random()
            yes = 0.855 if row.kind == "confirm" else 0.3
            no = 0.93 if row.kind == "confirm" else 0.5
            verb = {"confirm": confirm, "claim": claim}[row.kind]
            if draw < yes and self.random.random() < 0.06:
                self._phone(row)
            elif draw < yes:
                self._do(self._later(5.5), row.kind, row.person_id, verb, row.registration_id)
            elif draw < no:
                self._do(self._later(5.5), "decline", row.person_id, decline, row.registration_id)

    def _phone(self, row: Row[tuple[int, str, int, int, str]]) -> None:
        act = lambda work: record_call(work, row.registration_id, outcome="yes", note="")  # noqa: E731
        who = officer(row.institution)
        self.season.plan(self._later(5.5), lambda: self.season.attempt("phoned", who, act))

    def _do(self, at: datetime, name: str, person: int, verb, registration_id: int) -> None:  # type: ignore[no-untyped-def]
        act = lambda work: verb(work, registration_id)  # noqa: E731
        self.season.plan(at, lambda: self.season.attempt(name, seafarer(person), act))

    def _change_minds(self, rows: Sequence[Row[tuple[int, int, object]]]) -> None:
        """Some cancel long before anybody asks: a ship calls, a leave moves."""
        for row in rows:
            self._registration = max(self._registration, row.id)
            if self.random.random() < 0.075:
                left = taipei(row.starts_on, 9) - self.season.clock.now() - timedelta(days=6)
                days = max(left.total_seconds() / 86_400, 0.2)
                self._do(self._later(days), "cancel", row.person_id, cancel, row.id)

    def _decide(self, rows: Sequence[Row[tuple[int, str, int]]]) -> None:
        for row in rows:
            self._case = max(self._case, row.id)
            who, draw, case_id = officer(row.institution), self.random.random(), row.id
            at = self._later(6 if self.random.random() < 0.85 else 14)
            if draw < 0.62:
                self._review(at, "approved", who, lambda work, c=case_id: approve(work, c))
            elif draw < 0.8:
                why = self.random.choice(sorted(REJECT_REASONS))
                self._review(
                    at, "rejected", who, lambda work, c=case_id, w=why: reject(work, c, reason=w)
                )
            elif draw < 0.96:
                self._review(
                    at,
                    "supplement asked",
                    who,
                    lambda work, c=case_id: ask_supplement(
                        work, c, ask="請上傳服務機關開立的證明。"
                    ),
                )
                if self.random.random() < 0.75:
                    self._upload(at + timedelta(days=1 + self.random.random() * 5), row, case_id)

    def _upload(self, at: datetime, row: Row[tuple[int, str, int]], case_id: int) -> None:
        """The person uploads a paper; days later the officer has seen the original."""
        who = officer(row.institution)
        self.season.plan(
            at,
            lambda: self.season.attempt(
                "uploaded",
                seafarer(row.person_id),
                lambda work: add(work, case_id, **write_paper(self.season.uploads, case_id)),
            ),
        )
        self._review(
            at + timedelta(days=self.random.random() * 4),
            "approved",
            who,
            lambda work: approve(work, case_id, sighted_on=work.today),
        )

    def _review(self, at: datetime, name: str, who, verb) -> None:  # type: ignore[no-untyped-def]
        self.season.plan(at, lambda: self.season.attempt(name, who, verb))

    def _close(self, rows: Sequence[Row[tuple[int, str, object]]]) -> None:
        for row in rows:
            if row.id not in self._opened:
                self._opened.add(row.id)
                at = taipei(row.ends_on, 15) + timedelta(days=self.random.randint(0, 3))
                self._review(
                    at,
                    "rolls",
                    officer(row.institution),
                    lambda work, c=row.id: record_roll(work, c, self._results(work, c)),
                )

    def _results(self, work: Work, class_id: int) -> Mapping[int, str]:
        ids = work.connection.scalars(
            select(registration.c.id).where(
                registration.c.class_id == class_id,
                registration.c.status.in_(("confirmed", "self_funded")),
            )
        )
        draws = ("completed", "failed", "absent")
        return {i: self.random.choices(draws, (93.5, 3, 3.5))[0] for i in ids}
