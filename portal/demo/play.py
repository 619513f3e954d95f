"""Play the demo years into an empty database, with progress, and print who may log in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, insert, select

from callbacks.desk import Desk
from portal.demo.answers import Answers
from portal.demo.careers import certificate_after
from portal.demo.people import Seafarer, invent
from portal.demo.plans import plan_begins, plan_year
from portal.demo.season import Season
from portal.demo.wishes import BASE, Opening, wishes
from portal.wiring import Keys
from services.catalogue.records import institution, training_class
from services.deliver import deliver
from services.hand_over import hand_over
from services.identity.records import person
from services.kernel.clock import StandingClock, taipei, taipei_day
from services.kernel.errors import DomainError
from services.kernel.work import Office
from services.mtnet.fetch import Fetched
from services.mtnet.gateway import put_records
from services.mtnet.record import from_json
from services.notices.gateway import Counting
from services.registration.records import registration
from services.rescreen import rescreen
from services.sweep import sweep
from services.words import mark

PLANNING = timedelta(days=30)
Progress = Callable[[str, float], None]


class NotEmpty(DomainError):
    """The demo is played into an empty database only."""

    code = "demo.not_empty"
    sentence = mark("The database already holds people; the demo is only for an empty one.")


@dataclass
class Stage:
    """Everything one playing of the demo years needs."""

    desk: Desk
    keys: Keys
    uploads: Path
    seafarers: int
    years: int
    seed: int
    today: date
    progress: Progress

    def __post_init__(self) -> None:
        first = self.today.year - self.years + 1
        self.first_year = first
        self.random = Random(self.seed)  # noqa: S311  the demo is not a secret
        self.clock = StandingClock(taipei(date(first - 1, 9, 1), 9))
        self.office = Office(self.desk.office.engine, self.clock)
        self.end = taipei(self.today, 9) + timedelta(minutes=1)
        self.people: list[Seafarer] = []
        self.records: dict[int, dict[str, Any]] = {}
        self.person_ids: list[int] = []


def play(stage: Stage) -> Season:
    """Invent the people and play every year up to today; return what was done.

    Raises:
        NotEmpty: the database holds people already.
    """
    with stage.office.look() as look:
        if look.scalar(select(func.count()).select_from(person)):
            raise NotEmpty()
    _settle_people(stage)
    season = Season(
        stage.office,
        stage.clock,
        stage.random,
        stage.people,
        stage.person_ids,
        fetch=lambda person_id: _fetch(stage, person_id),
        uploads=stage.uploads,
        tick=lambda: None,
    )
    answers = Answers(season, stage.random)
    season.tick = lambda: _tick(stage, season, answers)
    for year in range(stage.first_year, stage.today.year + 2):
        if plan_begins(year) + PLANNING < stage.end:
            _play_year(stage, season, year)
    return season


def _settle_people(stage: Stage) -> None:
    """Write the invented people and what MTNet holds about them."""
    stage.people = list(invent(stage.random, stage.seafarers, stage.today))
    rows: list[dict[str, Any]] = []
    for n, who in enumerate(stage.people, start=1):
        rows.append(
            {
                "id": n,
                "id_index": stage.keys.index.of(who.id_number),
                "id_sealed": stage.keys.seal.seal(who.id_number, n),
                "name_zh": who.name_zh,
                "name_latin": who.name_latin,
                "birth_date": who.birth_date,
                "sex": who.sex,
                "nationality": who.nationality,
                "email": who.email,
                "mobile": who.mobile,
                "region": who.region,
                "rank": who.career.rank,
                "locale": "en" if who.nationality == "foreigner" else "zh-Hant-TW",
                "created_at": stage.clock.now(),
            }
        )
    with stage.office.open() as work:
        work.run(insert(person), rows)
    stage.person_ids = [row["id"] for row in rows]


def _play_year(stage: Stage, season: Season, year: int) -> None:
    """Plan a year, renew the papers, let everybody wish, and play until the next plan."""
    season.play(min(plan_begins(year), stage.end), _ignore)
    plan_year(stage.office, stage.clock, stage.random, year)
    _renew_papers(stage, date(year, 1, 1))
    now = stage.clock.now()
    for wish in wishes(stage.random, stage.people, _openings(stage.office, year), now):
        if wish.at < stage.end:
            season.wish(wish)
    until = min(plan_begins(year + 1), stage.end)
    start = taipei_day(now)
    span = max((taipei_day(until) - start).days, 1)
    season.play(
        until,
        lambda at: stage.progress(str(year), min((taipei_day(at) - start).days / span, 1)),
    )


def _ignore(_at: object) -> None:
    """Show nothing for the few days before a plan."""


def _renew_papers(stage: Stage, day: date) -> None:
    for person_id, who in zip(stage.person_ids, stage.people, strict=True):
        draw = Random(f"{stage.seed}:{person_id}:{day.year}")  # noqa: S311
        stage.records[person_id] = who.record_on(draw, day)
    pairs = [
        (stage.people[person_id - 1].id_number, record)
        for person_id, record in stage.records.items()
    ]
    put_records(stage.office, stage.keys.index.of, pairs)


def _fetch(stage: Stage, person_id: int) -> Fetched:
    return Fetched(from_json(stage.records[person_id]), stage.clock.now())


def _openings(office: Office, year: int) -> list[Opening]:
    with office.look() as look:
        rows = look.all(
            select(
                *(training_class.c[n] for n in Opening.__dataclass_fields__ if n != "region"),
                institution.c.region,
            )
            .join(institution, institution.c.code == training_class.c.institution)
            .where(training_class.c.year == year, training_class.c.state == "published")
        )
    return [Opening(**row._mapping) for row in rows]


def _tick(stage: Stage, season: Season, answers: Answers) -> None:
    """One morning: the clock sweeps, mail is counted, MTNet takes and answers, people react."""
    season.done.update(sweep(stage.office))
    sent = deliver(stage.office, Counting(), base_url="http://127.0.0.1", batch=5000).sent
    season.done["notices"] += sent
    season.done["screened again"] += rescreen(stage.office, season.fetch)
    _certify(stage, season)
    answers.watch()


def _certify(stage: Stage, season: Season) -> None:
    """MTNet takes the results and issues the certificates of whoever completed."""
    if not hand_over(stage.office, stage.desk.mtnet, stage.desk.unseal):
        return
    with stage.office.look() as look:
        rows = look.all(
            select(registration.c.person_id, training_class.c.course, training_class.c.ends_on)
            .join(training_class, training_class.c.id == registration.c.class_id)
            .where(
                registration.c.status == "completed",
                registration.c.moved_at > look.now - timedelta(days=2),
            )
        )
    for row in rows:
        held = stage.people[row.person_id - 1].career.held
        base = BASE.get(row.course, row.course)
        if held.get(base) != row.ends_on:
            held[base] = row.ends_on
            paper = certificate_after(row.course, row.ends_on)
            stage.records[row.person_id]["certificates"].append(paper)
            season.done["certificates"] += 1
