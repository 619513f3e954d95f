"""A storm on a deployed portal: people who do not give up, and somebody who pulls the plugs."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from applicant import Applicant, Refused, Wire
from bench.crowd import rules
from bench.town import Town, town
from databases import Cluster
from post_office import PostOffice
from serving import Serving, settings_in
from sqlalchemy import Engine, func, select, update

from portal.app import build
from portal.wiring import cookie_name, desk_for
from services.catalogue.records import milestone
from services.deliver import deliver
from services.kernel.clock import WallClock
from services.kernel.work import Office
from services.notices.gateway import Smtp
from services.notices.records import notice
from services.registration.records import registration
from services.sweep import sweep

LANES = 6
PROCESSES = ("serve", "clock", "mailer", "clock.2", "mailer.2")  # two of each side by side
CALLS = 12  # classes whose confirmation call comes due while plugs are pulled


@dataclass
class Front:
    """One portal under fire, and what came of it."""

    folder: Path
    engine: Engine
    cluster: Cluster | None
    acknowledged: list[int] = field(default_factory=list)  # registrations with a receipt shown
    kills: Counter[str] = field(default_factory=Counter)
    stumbles: int = 0  # times somebody had to click again
    calling: list[int] = field(default_factory=list)  # classes whose call is still to come due
    calls_by_clocks: int = 0  # done before the last round does the rest
    letters_by_mailers: int = 0
    caught_working: int = 0  # clocks that died between two of their calls

    @contextmanager
    def under_load(self, people: int) -> Iterator[tuple[Serving, Town]]:
        """Serve everything while people register without pause; end when the block has ended."""
        self.post = PostOffice()
        url = self.engine.url.render_as_string(hide_password=False)
        mail = {"smtp_host": "127.0.0.1", "smtp_port": self.post.port, "smtp_tls": False}
        settings = settings_in(self.folder, url, **mail)
        made = town(self.engine, settings, people, seats=20)
        self.office, self.over = Office(self.engine, WallClock()), threading.Event()
        self._classes_that_call(made)
        running = Serving(settings)
        try:
            running.start(*PROCESSES)
            lanes = self._people(settings, made)
            yield running, made
            self.over.set()
            for lane in lanes:
                lane.join()
            self._until(lambda: self.calls_done() == CALLS and not self._letters_to_take())
            self.calls_by_clocks = self.calls_done()
            self.letters_by_mailers = len(self.keys_arrived())
        finally:
            self.over.set()
            running.end()
            self._last_round()
            self.post.close()

    def _classes_that_call(self, made: Town) -> None:
        """Enter classes that will call, each in a cohort of its own, as plugs are pulled."""
        world, now = made.crowd.world, WallClock().now()
        world.clock.go_to(now - timedelta(days=9))
        for n in range(CALLS):
            first = (now + timedelta(days=22 + n % 5)).date()
            class_id = world.a_class(
                seats=3, starts_on=first, course_code=f"C{n}", rules=rules(), at="NTOU"
            )
            for person_id in made.crowd.people[n * 5 : n * 5 + 5]:
                world.records[person_id] = made.record
                world.registers(person_id, class_id)
            self.calling.append(class_id)
        self._calls_are_due(self.calling, now + timedelta(days=1))  # until somebody lets them
        world.clock.go_to(now)

    def _calls_are_due(self, classes: list[int], at: datetime) -> None:
        mine = (milestone.c.kind == "confirmation_call") & milestone.c.class_id.in_(classes)
        with self.office.open() as work:
            work.run(update(milestone).where(mine).values(due_at=at))

    def _people(self, settings, made: Town) -> list[threading.Thread]:
        app = build(desk_for(settings), settings)
        waiting = iter(made.crowd.people)
        lock = threading.Lock()

        def lane() -> None:
            while not self.over.is_set():
                with lock:
                    who = next(waiting, None)
                if who is None:
                    return
                self._insists(app, Wire(settings.port, {cookie_name(settings): made.tokens[who]}),
                              made.class_id)  # fmt: skip

        threads = [threading.Thread(target=lane) for _ in range(LANES)]
        for thread in threads:
            thread.start()
        return threads

    def _insists(self, app, wire: Wire, class_id: int) -> None:
        """Try again from the class page until a receipt is shown."""
        while not self.over.is_set():
            try:
                went = Applicant(app, wire).registers(class_id)
            except (Refused, OSError, KeyError):
                self.stumbles += 1
                wire.hangs_up()
                time.sleep(0.1)
            else:
                self.acknowledged.append(int(went.split("/")[2].split("?")[0]))
                wire.hangs_up()
                return

    def pull_plugs(self, running: Serving, kills: int, lot: random.Random) -> None:
        """Kill at random moments: a web worker, the clock, the mailer, PostgreSQL itself."""
        choices = ["worker", "clock", "mailer"] + (["database"] if self.cluster else [])
        share = -(-CALLS // len(range(1, kills, len(choices))))  # of each kill of a clock
        for n in range(kills):
            enough = len(self.acknowledged) + 2
            self._until(lambda enough=enough: len(self.acknowledged) >= enough)
            time.sleep(lot.uniform(0, 0.4))
            what = choices[n % len(choices)]
            self.kills[what] += 1
            if what == "worker":
                running.kill_a_worker(lot)
            elif what == "database":
                assert self.cluster is not None
                self.cluster.falls()
                self.cluster.rises()
            else:
                name = lot.choice([each for each in PROCESSES if each.startswith(what)])
                if what == "clock":
                    self._has_a_call_in_hand(running, name, share)
                running.kill(name)
                running.start(name)

    def _has_a_call_in_hand(self, running: Serving, name: str, share: int) -> None:
        """Let calls come due, start the clock anew, and wait until it has done the first."""
        now, self.calling = self.calling[:share], self.calling[share:]
        if not now:
            return
        running.kill(name)
        self._calls_are_due(now, WallClock().now())
        before = self.calls_done()
        running.start(name)
        self._until(lambda: self.calls_done() > before, every=0.002)
        self.caught_working += before < self.calls_done() < before + len(now)

    def _until(self, true: Callable[[], bool], every: float = 0.02) -> None:
        """Wait for something, but not for ever: the test says what it misses."""
        patience = time.monotonic() + 45  # a clock that was not killed ticks each half minute
        while not true() and time.monotonic() < patience:
            time.sleep(every)

    def _last_round(self) -> None:
        """Let five minutes pass for what a dead mailer had in hand; then do all that is left."""
        self.engine.dispose()
        sweep(self.office)
        with self.office.open() as work:
            held = notice.c.lease_until.is_not(None)
            past = work.now - timedelta(seconds=1)
            work.run(update(notice).where(held).values(lease_until=past))
            work.run(update(notice).where(notice.c.mail == "due").values(next_try_at=past))
        smtp = Smtp("127.0.0.1", self.post.port, tls=False)
        deliver(self.office, smtp, base_url="http://127.0.0.1")

    # what is asked afterwards

    def lost_receipts(self) -> list[int]:
        """Name receipts that were shown and are not in the database."""
        with self.office.look() as look:
            kept = set(look.connection.scalars(select(registration.c.id)))
        return [each for each in self.acknowledged if each not in kept]

    def keys_promised(self) -> list[str]:
        with self.office.look() as look:
            return list(look.connection.scalars(select(notice.c.key)))

    def keys_arrived(self) -> Counter[str]:
        """Count, per key of the outbox, the letters that the post office holds."""
        found = Counter(str(letter["Message-ID"]).strip("<>") for letter in self.post.letters)
        return Counter({name.split("@")[0].replace(".", ":"): n for name, n in found.items()})

    def calls_done(self) -> int:
        """Count the confirmation calls that have been made."""
        with self.office.look() as look:
            reached = milestone.c.reached_at.is_not(None)
            return int(look.scalar(select(func.count()).where(reached)))

    def _letters_to_take(self) -> int:
        """Count letters that are due and in no mailer's hand, living or dead."""
        free = (notice.c.mail == "due") & notice.c.lease_until.is_(None)
        with self.office.look() as look:
            return int(
                look.scalar(select(func.count()).where(free, notice.c.next_try_at <= look.now))
            )
