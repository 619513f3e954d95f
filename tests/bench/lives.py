"""The lives of one class's registrations, worked out without the verbs but as they would be.

Nothing is random: who is refused, reviewed, cancels, lapses or fails follows from the place in the
queue, so that a database of any size is the same again tomorrow.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from services.kernel.clock import taipei
from services.milestones import Policy, schedule

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOTICES = {
    "register": "receipt", "approve": "review_result", "offer": "self_funded_offer",
    "cancel": "cancelled", "lapse": "lapsed", "unplace": "unplaced", "complete": "result",
    "fail": "result", "miss": "result",
}  # fmt: skip


@dataclass(slots=True)
class Life:
    """One registration as its row will stand."""

    id: int
    person: int
    number: int
    preference: int
    at: datetime
    status: str = ""
    seat: str = "none"
    reason: str | None = None
    verdict: str = "eligible"
    how: str | None = None
    qualified: datetime | None = None
    seated: datetime | None = None
    confirmed: datetime | None = None
    ended: datetime | None = None
    moved: datetime | None = None
    failing: str = ""


@dataclass
class Run:
    """Everything that happened in one class."""

    id: int
    institution: str
    starts_on: date
    cap: int
    now: datetime
    lives: list[Life] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)  # at, life, event, role, ...
    requests: list[tuple[Any, ...]] = field(default_factory=list)
    cases: list[tuple[Any, ...]] = field(default_factory=list)
    waiting: list[Life] = field(default_factory=list)

    @property
    def due(self) -> dict[str, datetime]:
        return {kind.value: at for kind, at in schedule(Policy(), self.starts_on).items()}

    @property
    def held(self) -> int:
        return sum(life.seat != "none" for life in self.lives)

    @property
    def past(self) -> bool:
        return self.starts_on < (self.now + timedelta(hours=8)).date()

    def step(self, at: datetime, life: Life, event: str, target: str, seat: str,
             role: str = "system", reason: str | None = None, **more: Any) -> None:  # fmt: skip
        """Take one step of the lifecycle, as `advance` writes it."""
        asks, kind = more.pop("asks", False), more.pop("notice", NOTICES.get(event))
        before = (life.status or None, life.seat)
        self.events.append((at, life, event, *before, target, seat, reason, role, kind, asks))
        if seat in ("funded",) and life.seat != "funded":
            life.seated, life.how = at, more["how"]
        if life.status in ("", "in_review") and target in ("admitted", "waitlisted"):
            life.qualified = at
        if target == "confirmed":
            life.confirmed = at
        life.status, life.seat, life.moved, life.reason = target, seat, at, None
        if target in ("cancelled", "lapsed", "unplaced", "ineligible", "completed", "failed",
                      "absent"):  # fmt: skip
            life.ended, life.reason = at, reason or {"ineligible": "rules"}.get(target, "roll")

    def register(self, life: Life) -> None:
        """Enter one registration: a seat while there is one, else the list."""
        self.lives.append(life)
        n, free = life.number, self.held < self.cap
        if n % 12 == 5:
            life.verdict, life.failing = (
                "ineligible",
                ("medical_certificate_valid", "min_age")[n % 2],
            )
            self.step(life.at, life, "register", "ineligible", "none", "seafarer")
        elif n % 12 == 9 and life.preference == 1:  # one case covers all choices of a person
            life.verdict = "review"
            seat = "reserved" if free else "none"
            self.step(life.at, life, "register", "in_review", seat, "seafarer")
            self._review(life)
        elif free:
            self.step(life.at, life, "register", "admitted", "funded", "seafarer", how="register")
        else:
            self.step(life.at, life, "register", "waitlisted", "none", "seafarer")
            self.waiting.append(life)

    def _review(self, life: Life) -> None:
        decided = life.at + DAY * (1 + life.number % 4)
        if decided > self.now:
            self.cases.append((life, life.at, "open", None))
            self.waiting += [life] if life.seat == "none" else []
            return
        self.cases.append((life, life.at, "approved", decided))
        life.verdict = "eligible"
        if life.seat == "reserved":
            self.step(decided, life, "approve", "admitted", "funded", "institution", how="review")
        else:
            self.step(decided, life, "approve", "waitlisted", "none", "institution")
            self.waiting.append(life)

    def _next(self, at: datetime, how: str) -> None:
        if self.waiting:
            life = self.waiting.pop(0)
            asks = how == "promoted"
            notice = "promoted" if asks else "admitted"
            self.step(at, life, "promote", "admitted", "funded", how=how, asks=asks, notice=notice)

    def live(self) -> None:
        """Let a class that has been held live through its whole calendar."""
        due = self.due
        early = due["confirmation_call"] - 6 * DAY
        for life in self._those("admitted", 9, 4):
            self.step(early + life.number * MINUTE, life, "cancel", "cancelled", "none",
                      "seafarer", "withdrew")  # fmt: skip
            self._next(early + life.number * MINUTE, "backfill")
        self._ask_all(due["confirmation_call"], due["promotion_call"])
        for life in self._those("admitted", 10, 7):
            self._close(life, due["promotion_call"], "lapsed")
            self.step(due["promotion_call"], life, "lapse", "lapsed", "none", reason="no_answer")
            self._next(due["promotion_call"], "promoted")
        self._ask_promoted(due["promotion_call"], due["self_funded_call"])
        for life in self.waiting:
            at = due["self_funded_call"]
            self.step(at, life, "offer", "offered", "none", asks=True)
            self._ask(life, "claim", at, due["settlement"])
        self._freeze(due["freeze"])
        self._roll(taipei(self.starts_on + 5 * DAY, 16))

    def _those(self, status: str, of: int, rest: int) -> list[Life]:
        return [x for x in self.lives if x.status == status and x.number % of == rest]

    def _ask(self, life: Life, kind: str, at: datetime, by: datetime) -> None:
        self.requests.append((life, kind, at, by))

    def _close(self, life: Life, at: datetime, answer: str) -> None:
        mine = next(i for i, r in enumerate(self.requests) if r[0] is life and len(r) == 4)
        self.requests[mine] = (*self.requests[mine], at, answer)

    def _ask_all(self, at: datetime, by: datetime) -> None:
        for life in self._those("admitted", 1, 0):
            self._ask(life, "confirm", at, by)
            self.events.append((at, life, None, None, None, None, None, None, None,
                                "confirm_request", True))  # fmt: skip
            if life.number % 10 != 7:
                self._say_yes(life, at + DAY * (life.number % 6) + life.number * MINUTE)

    def _ask_promoted(self, at: datetime, by: datetime) -> None:
        for life in self._those("admitted", 1, 0):
            self._ask(life, "confirm", at, by)
            self._say_yes(life, at + DAY + life.number * MINUTE)

    def _say_yes(self, life: Life, at: datetime) -> None:
        self._close(life, at, "yes")
        self.step(at, life, "confirm", "confirmed", "funded", "seafarer")

    def _freeze(self, at: datetime) -> None:
        for life in self.waiting:
            self._close(life, at, "void")
            self.step(at, life, "unplace", "unplaced", "none", reason="seats_unclaimed")

    def _roll(self, at: datetime) -> None:
        for life in self._those("confirmed", 1, 0):
            event, status = ("complete", "completed")
            if life.number % 15 == 3:
                event, status = "fail", "failed"
            elif life.number % 13 == 2:
                event, status = "miss", "absent"
            self.step(at, life, event, status, "spent", "institution")
