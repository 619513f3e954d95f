"""Play the seasons: people act at their moments, the clock ticks every morning at nine."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random

from portal.demo.people import Seafarer
from portal.demo.wishes import Wish
from services.kernel.actor import Actor, Role
from services.kernel.clock import StandingClock, taipei, taipei_day
from services.kernel.errors import DomainError
from services.kernel.work import Office, Work
from services.mtnet.fetch import Fetched
from services.register import register_choices

Act = Callable[[], None]
PAPERS = ("deck_cadet_service", "supernumerary_1m_3loads_3discharges", "ship_familiarization")


@dataclass
class Season:
    """The demo's stage: who there is, what will happen next, what has happened."""

    office: Office
    clock: StandingClock
    random: Random
    people: list[Seafarer]
    person_ids: list[int]
    fetch: Callable[[int], Fetched]  # by person id
    uploads: Path
    tick: Callable[[], None]  # the morning: sweep, deliver, hand over, schedule answers
    done: Counter[str] = field(default_factory=Counter)
    _agenda: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _serial: Iterator[int] = field(default_factory=count)

    def plan(self, at: datetime, act: Act) -> None:
        """Let something happen at a moment."""
        heappush(self._agenda, (at, next(self._serial), act))

    def wish(self, wish: Wish) -> None:
        """Let a person register at the moment of the wish."""
        self.plan(wish.at, lambda: self.register(wish))

    def play(self, until: datetime, progress: Callable[[datetime], None] | None = None) -> None:
        """Play every moment and every morning up to an instant."""
        morning = _next_morning(self.clock.now())
        while True:
            next_act = self._agenda[0][0] if self._agenda else until
            at = min(next_act, morning, until)
            if at >= until:
                break
            self.clock.go_to(max(at, self.clock.now()))
            if at == morning:
                self.tick()
                morning = _next_morning(morning)
                if progress:
                    progress(morning)
            else:
                heappop(self._agenda)[2]()
        self.clock.go_to(until)

    def attempt(self, name: str, actor: Actor, verb: Callable[[Work], object]) -> None:
        """Do one verb as one person; what the rules refuse is counted, not raised."""
        try:
            with self.office.open(actor) as work:
                verb(work)
            self.done[name] += 1
        except DomainError as refusal:
            self.done[f"refused: {refusal.code}"] += 1

    def register(self, wish: Wish) -> None:
        """Let a person register now; some through the counter, some declaring a paper."""
        person_id = self.person_ids[wish.person]
        on_behalf = self.random.random() < 0.04
        actor = seafarer(person_id)
        if on_behalf:
            actor = officer(wish.opening.institution)
        others = () if on_behalf else wish.others  # an officer registers for the own classes only
        classes = [opening.id for opening in (wish.opening, *others)]
        declared = PAPERS[:1] if self.random.random() < 0.06 else ()
        fetched = self.fetch(person_id)
        if self.random.random() < 0.004:
            fetched = Fetched(None, fetched.as_of)  # MTNet is silent now and then
        self.attempt(
            "registered",
            actor,
            lambda work: register_choices(
                work,
                fetched,
                class_ids=classes,
                person_id=person_id,
                declared=declared,
                on_behalf=on_behalf,
            ),
        )


def seafarer(person_id: int) -> Actor:
    """Act as a seafarer."""
    return Actor(Role.SEAFARER, person_id=person_id)


def officer(institution: str) -> Actor:
    """Act as an institution's officer."""
    return Actor(Role.INSTITUTION, institution=institution)


def _next_morning(after: datetime) -> datetime:
    day = taipei_day(after)
    morning = taipei(day, 9)
    return morning if morning > after else taipei(day + timedelta(days=1), 9)
