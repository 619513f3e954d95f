"""The window lottery in the reference: the public value, the closing, the draw (rules.md 7)."""

from collections.abc import Mapping
from hashlib import sha256

from reference_changes import Changes
from reference_queue import DAY, TAIPEI, Draw, Reading, at

Public = Mapping[int, tuple[str, Mapping[int, str]]]  # draw -> its seed, whose ticket is which


class Drawing(Changes):
    """What planners and the clock do for a draw; afterwards everything goes by rank."""

    @property
    def lots(self) -> list[Draw]:
        return sorted({draw.id: draw for draw in self.draws.values()}.values(), key=lambda d: d.id)

    def enter_value(self, window: int, by: int, value: str) -> bool:
        """Take what nobody could know before the closing: from the day after it on."""
        [closes] = {draw.closes for draw in self.lots if draw.window == window}
        known = at(closes.astimezone(TAIPEI).date() + DAY, 0)
        if self.now < known or window in self.readings:
            return False
        self.readings[window] = Reading(by, value)
        return True

    def confirm_value(self, window: int, by: int, value: str) -> bool:
        """Another planner has read the same."""
        read = self.readings.get(window)
        if read is None or read.confirmed or read.by == by or read.value != value:
            return False
        read.confirmed = True
        return True

    def take_back_value(self, window: int, _by: int) -> bool:
        if window not in self.readings or self.readings[window].confirmed:
            return False
        del self.readings[window]
        return True

    def draw_lots(self, public: Public) -> None:
        """Close the windows that are over, then draw where the value stands."""
        for draw in self.lots:
            if draw.state == "open" and self.now >= draw.closes:
                draw.state = "closed"
                if not draw.people:
                    self.is_drawn(draw)
        for draw in self.lots:
            read = self.readings.get(draw.window)
            if draw.state == "closed" and read and read.confirmed:
                self.rank(draw, read.value, *public[draw.id])

    def rank(self, draw: Draw, value: str, seed: str, tickets: Mapping[int, str]) -> None:
        """Sort the tickets by the hash of seed, value and ticket: one rank a person."""
        assert _hash(seed) == draw.commitment
        assert set(tickets) == draw.people
        order = sorted(tickets, key=lambda who: _hash(f"{seed}|{value}|{tickets[who]}"))
        for place in self.places.values():
            if self.draws.get(place.of.id) is draw:
                after = len(order) + place.number
                place.rank = 1 + order.index(place.person) if place.ticket else after
        self.is_drawn(draw)
        for place in self.places.values():
            in_line = place.ticket and place.status in ("waitlisted", "in_review")
            if self.draws.get(place.of.id) is draw and in_line:
                self.ranks_told.add(place.id)

    def is_drawn(self, draw: Draw) -> None:
        draw.state = "drawn"
        self.fill(draw.cohort)


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
