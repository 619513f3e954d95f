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
from portal.demo.begun import begin
from portal.demo.careers import certificate_after
from portal.demo.people import Seafarer, invent
from portal.demo.plans import draft_by_lottery, plan_begins, plan_year
from portal.demo.season import Season
from portal.demo.situations import bring_about
from portal.demo.undelivered import let_a_letter_come_back
from portal.demo.wishes import BASE, openings, wishes, with_choices
from portal.garbage import collecting_rarely
from portal.wiring import Keys
from services.catalogue.records import training_class
from services.deliver import deliver
from services.hand_over import hand_over
from services.identity.records import person
from services.kernel.clock import StandingClock, taipei, taipei_day
from services.kernel.errors import DomainError
from services.kernel.work import Office
from services.mtnet.fetch import Fetched
from services.mtnet.gateway import put_records
from services.mtnet.record import SeafarerRecord, from_json
from services.notices.gateway import Counting
from services.registration.records import handover, registration
from services.rescreen import rescreen
from services.screen_again import screen_again
from services.sweep import sweep
from services.words import mark

PLANNING = timedelta(days=30)
CHOICES = 3  # classes of a course at a time, from the present year on; one before
FULL_SIZE = 8_000  # seafarers for whom the bureau's plan is about right
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
        self.office = Office(self.desk.office.engine, self.clock, self.desk.office.vault)
        self.end = taipei(self.today, 9) + timedelta(minutes=1)
        self.people: list[Seafarer] = []
        self.records: dict[int, dict[str, Any]] = {}
        self.read: dict[int, SeafarerRecord] = {}  # the records, read once
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
    with collecting_rarely(after=200_000):
        season = _play_years(stage)
        bring_about(season, lambda person_id: _hide_medical(stage, person_id))
    _tell_mtnet(stage)
    _deliver(stage, season)
    let_a_letter_come_back(season)
    return season


def _play_years(stage: Stage) -> Season:
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
    years = range(stage.first_year, stage.today.year + 2)
    planned = [year for year in years if plan_begins(year) + PLANNING < stage.end]
    for year in planned:
        _play_year(stage, season, year)
    season.play(stage.end)  # the weeks in which the next plan is not out yet
    if planned:
        draft_by_lottery(stage.office, planned[-1] + 1)
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
        begin(work)
        work.run(insert(person), rows)
    stage.person_ids = [row["id"] for row in rows]


def _play_year(stage: Stage, season: Season, year: int) -> None:
    """Plan a year, renew the papers, let everybody wish, and play until the next plan."""
    choices = CHOICES if year >= stage.today.year else 1
    scale = stage.seafarers / FULL_SIZE
    plan_year(stage.office, season.play, stage.random, year, scale, choices=choices)
    _renew_papers(stage)
    season.plan(taipei(date(year, 4, 20), 7), lambda: _renew_papers(stage))
    now = stage.clock.now()
    classes = openings(stage.office, year)
    drawn = wishes(stage.random, stage.people, classes, now)
    for wish in with_choices(drawn, classes) if choices > 1 else drawn:
        if wish.at < stage.end:
            season.wish(wish)
    until = min(plan_begins(year + 1), stage.end)
    start = taipei_day(now)
    span = max((taipei_day(until) - start).days, 1)
    season.play(
        until,
        lambda at: stage.progress(str(year), min((taipei_day(at) - start).days / span, 1)),
    )


def _renew_papers(stage: Stage) -> None:
    """Let MTNet hold what everybody's career gives on this day."""
    day = taipei_day(stage.clock.now())
    stage.read.clear()
    for person_id, who in zip(stage.person_ids, stage.people, strict=True):
        draw = Random(f"{stage.seed}:{person_id}:{day}")  # noqa: S311
        stage.records[person_id] = who.record_on(draw, day)


def _hide_medical(stage: Stage, person_id: int) -> None:
    """Let MTNet tell nothing about somebody's medical from now on."""
    stage.records[person_id].pop("medical", None)
    stage.read.pop(person_id, None)


def _tell_mtnet(stage: Stage) -> None:
    """Fill the embedded MTNet with the records as they are at the end."""
    pairs = [
        (stage.people[person_id - 1].id_number, record)
        for person_id, record in stage.records.items()
    ]
    put_records(stage.office, stage.keys.index.of, pairs)


def _fetch(stage: Stage, person_id: int) -> Fetched:
    if person_id not in stage.read:
        stage.read[person_id] = from_json(stage.records[person_id])
    return Fetched(stage.read[person_id], stage.clock.now())


def _tick(stage: Stage, season: Season, answers: Answers) -> None:
    """One morning: the clock sweeps, mail is counted, MTNet takes and answers, people react."""
    season.done.update(sweep(stage.office))
    _deliver(stage, season)
    season.done["screened again"] += rescreen(stage.office, season.fetch)
    season.done["screened again"] += screen_again(stage.office, season.fetch)
    _certify(stage, season)
    answers.watch()


def _deliver(stage: Stage, season: Season) -> None:
    """Count the mail of the past instead of writing it."""
    sent = deliver(stage.office, Counting(), base_url="http://127.0.0.1", batch=5000).sent
    season.done["notices"] += sent


def _certify(stage: Stage, season: Season) -> None:
    """MTNet takes the results and issues the certificates of whoever completed."""
    if not hand_over(stage.office, stage.desk.mtnet, stage.desk.unseal):
        return
    with stage.office.look() as look:
        rows = look.all(
            select(registration.c.person_id, training_class.c.course, training_class.c.ends_on)
            .join(training_class, training_class.c.id == registration.c.class_id)
            .join(handover, handover.c.class_id == training_class.c.id)
            .where(
                handover.c.kind == "results",
                handover.c.sent_at == look.now,
                registration.c.status == "completed",
            )
        )
    for row in rows:
        held = stage.people[row.person_id - 1].career.held
        base = BASE.get(row.course, row.course)
        if held.get(base) != row.ends_on:
            held[base] = row.ends_on
            paper = certificate_after(row.course, row.ends_on)
            stage.records[row.person_id]["certificates"].append(paper)
            stage.read.pop(row.person_id, None)
            season.done["certificates"] += 1
