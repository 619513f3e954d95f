"""The opening minute through the real pages: everybody at once, every request a browser makes."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from statistics import quantiles

from applicant import Applicant, Refused, Wire
from serving import Serving, cpu_seconds, family, memory, serving, settings_in
from sqlalchemy import func, select

from bench.lines import Bar, Line
from bench.place import Place, url_of
from bench.town import Town, town
from portal.app import build
from portal.settings import Settings
from portal.wiring import cookie_name, desk_for
from services.registration.records import registration

SEATS = 60
PROCESSES = ("serve", "clock", "mailer")


@dataclass
class Storm:
    """What happened to everybody."""

    seconds: float = 0
    cpu: dict[str, float] = field(default_factory=dict)  # seconds, by process
    whole: list[float] = field(default_factory=list)
    submits: list[float] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return len(self.whole) / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of processor time per application, database included, letters apart."""
        answering = sum(self.cpu[name] for name in ("serve", "postgres") if name in self.cpu)
        return answering * 1000 / len(self.whole)

    @property
    def afterwards(self) -> float:
        """Milliseconds per application that clock and mailer took meanwhile."""
        return (self.cpu["clock"] + self.cpu["mailer"]) * 1000 / len(self.whole)


def run(place: Place) -> Iterator[Line]:
    """Let 8, 32 and 64 people at once apply; then 64 beside four planners who keep reloading."""
    people = place.size(600, 96)
    storms = {at_once: _storm(place, people, at_once) for at_once in (8, 32, 64)}
    for at_once, storm in storms.items():
        yield from _lines(storm, at_once)
    yield Line(
        "applications, 64 at once beside 8", storms[64].rate, "/s", "8 at once", storms[8].rate,
        Bar("10 (64 to 8)", 0.9, of_ratio=True),
    )  # fmt: skip
    watched = _storm(place, people, 32, planners=4)
    yield Line(
        "submit p95, 32 at once, 4 planners reload dashboards", at(watched.submits, 95), "s",
        "without planners", at(storms[32].submits, 95),
        Bar("10 (planners)", 2, below=True, of_ratio=True),
    )  # fmt: skip
    yield from _memory(watched)


def _lines(storm: Storm, at_once: int) -> Iterator[Line]:
    here = f"{at_once} at once"
    most = max(storm.requests)
    hot = at_once == 32
    yield Line(
        f"whole applications, {here}", storm.rate, "/s", "pretix, its pages", 4.0,
        Bar("2 (rate)", 40, 100) if hot else None,
    )  # fmt: skip
    yield Line(
        f"processor time per application, {here}", storm.cost, "ms", "pretix, its pages", 463,
        Bar("2 (cpu)", 46, 15, below=True) if hot else None,
    )  # fmt: skip
    yield Line(f"clock and mailer meanwhile, per application, {here}", storm.afterwards, "ms")
    yield Line(f"whole application p50, {here}", at(storm.whole, 50), "s")
    yield Line(
        f"whole application p95, {here}", at(storm.whole, 95), "s", "pretix, its pages", 13.9,
        Bar("4 (p95)", 1.4, below=True) if hot else None,
    )  # fmt: skip
    yield Line(
        f"submit p95, {here}", at(storm.submits, 95), "s", "p50", at(storm.submits, 50),
        Bar("4 (submit)", 0.5, below=True) if hot else None,
    )  # fmt: skip
    yield Line(
        f"submit p99, {here}", at(storm.submits, 99), "s", "p95", at(storm.submits, 95),
        Bar("4 (p99)", 3, below=True, of_ratio=True) if hot else None,
    )  # fmt: skip
    yield Line(
        f"requests per application, {here}", most, "", "pretix, a seat", 10,
        Bar("8 (requests)", 10, below=True),
    )  # fmt: skip
    yield Line(
        f"wrong in 1 run: failures, seats, numbers, invariants, {here}", len(storm.failures), "",
        "", None, Bar("1 (correct)", 0, below=True),
    )  # fmt: skip


def _memory(storm: Storm) -> Iterator[Line]:
    for name, mebibytes in storm.memory.items():
        yield Line(f"memory of {name} after the storm", mebibytes, "MiB PSS")
    yield Line(
        "memory of everything after the storm", sum(storm.memory.values()), "MiB PSS",
        "pretix", 1460, Bar("9 (memory)", 730, 487, below=True),
    )  # fmt: skip


def _storm(place: Place, people: int, at_once: int, *, planners: int = 0) -> Storm:
    engine = place.fresh()
    settings = settings_in(place.folder, url_of(engine))
    made = town(engine, settings, people, seats=SEATS, planners=planners)
    storm = Storm()
    with serving(settings, *PROCESSES) as running:
        _warm(settings, made)
        pids = pids_of(place, running)
        before, began = cpu_of(pids), time.monotonic()
        with _reloading(settings, made.planners):
            _everybody(settings, made, at_once, storm)
        storm.seconds = time.monotonic() - began
        spent = cpu_of(pids_of(place, running))
        storm.cpu = {name: spent[name] - before[name] for name in spent}
        storm.memory = {name: memory(each) for name, each in pids_of(place, running).items()}
    _judge(made, storm)
    engine.dispose()
    return storm


def pids_of(place: Place, running: Serving) -> dict[str, list[int]]:
    found = {name: running.pids(name) for name in PROCESSES}
    return found | ({"postgres": family(place.server)} if place.server else {})


def cpu_of(pids: dict[str, list[int]]) -> dict[str, float]:
    return {name: cpu_seconds(each) for name, each in pids.items()}


def every(pids: dict[str, list[int]]) -> list[int]:
    return [pid for each in pids.values() for pid in each]


def _everybody(settings: Settings, made: Town, at_once: int, storm: Storm) -> None:
    app = build(desk_for(settings), settings)

    def apply(who: int) -> None:
        wire = Wire(settings.port, {cookie_name(settings): made.tokens[who]})
        person, began = Applicant(app, wire), time.monotonic()
        try:
            person.registers(made.class_id)
        except (Refused, OSError) as failure:
            storm.failures.append(f"{type(failure).__name__}: {failure}")
            return
        storm.whole.append(time.monotonic() - began)
        storm.submits.append(person.submit)
        storm.requests.append(wire.requests)
        wire.hangs_up()

    in_lanes(apply, made.crowd.people, at_once)


def in_lanes(act: Callable[[int], None], people: Sequence[int], at_once: int) -> None:
    """Let everybody act, so many at the same time; who is done makes room for the next."""
    waiting: SimpleQueue[int] = SimpleQueue()
    for who in people:
        waiting.put(who)

    def lane() -> None:
        with suppress(Empty):
            while True:
                act(waiting.get_nowait())

    threads = [threading.Thread(target=lane) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _warm(settings: Settings, made: Town) -> None:
    """Let every worker read its templates once; a deployment does the same before it opens."""
    app = build(desk_for(settings), settings)
    for who in made.crowd.people[:8]:
        wire = Wire(settings.port, {cookie_name(settings): made.tokens[who]})
        Applicant(app, wire).opens(f"/classes/{made.class_id}")
        wire.hangs_up()


@contextmanager
def _reloading(settings: Settings, tokens: list[str]) -> Iterator[None]:
    """Let planners reload dashboards, a second between answer and next question."""
    over = threading.Event()

    def planner(token: str) -> None:
        wire = Wire(settings.port, {cookie_name(settings): token})
        app = build(desk_for(settings), settings)
        while not over.is_set():
            for path in ("/fill-rate", "/demand"):
                Applicant(app, wire).opens(path)
                over.wait(1)

    threads = [threading.Thread(target=planner, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def _judge(made: Town, storm: Storm) -> None:
    """Seats are the cap, numbers unique and whole, everybody seated or waiting, invariants kept."""
    world, people = made.crowd.world, len(made.crowd.people)
    mine = registration.c.class_id == made.class_id
    with world.office.look() as look:
        numbers = sorted(look.connection.scalars(select(registration.c.number).where(mine)))
        seated = look.scalar(select(func.count()).where(mine, registration.c.seat == "funded"))
        open_ = look.scalar(
            select(func.count()).where(mine, registration.c.status.in_(("admitted", "waitlisted")))
        )
    if numbers != list(range(1, people + 1)):
        storm.failures.append(f"{len(numbers)} numbers for {people} people")
    if (seated, open_) != (min(SEATS, people), people):
        storm.failures.append(f"{seated} seats, {open_} open of {people}")
    storm.failures += world.broken()
    for failure in sorted(set(storm.failures))[:5]:
        print(f"   wrong: {failure}")


def at(values: list[float], percent: int) -> float:
    return quantiles(values, n=100, method="inclusive")[percent - 1]
