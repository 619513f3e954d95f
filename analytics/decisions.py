"""What somebody can decide from each dashboard; shown on it and on the page of definitions."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.words import mark


@dataclass(frozen=True, slots=True)
class Decision:
    """One sentence for a planner, one for an institution."""

    planner: str
    institution: str


DECISIONS: Mapping[str, Decision] = {
    "demand": Decision(
        mark("Decide which courses get more classes, and where moving people is enough."),
        mark("Decide which classes to offer more of, and which empty seats to make known."),
    ),
    "qualification": Decision(
        mark("Decide which rule text to rewrite and which reviews to hand to somebody else."),
        mark("Decide which reviews to do first and what to tell people before they register."),
    ),
    "fill-rate": Decision(
        mark("Decide which classes to merge, move or call off, and where seats go next year."),
        mark("Decide which of your classes needs people now, and which not to offer again."),
    ),
    "queues": Decision(
        mark("Decide whether calls come on the right day and whether the batch is large enough."),
        mark("Decide whom to phone: which occasion leaves most people without an answer."),
    ),
    "institutions": Decision(
        mark("Decide whom to visit: only an institution outside the limits needs a question."),
        mark("Decide whether your own rate needs a cause looked for, or is chance."),
    ),
    "equity": Decision(
        mark("Decide whether a group needs another window, place or day, and check the order."),
        mark("Decide whether a group stays away from your classes, and how to reach it."),
    ),
    "freshness": Decision(
        mark("Decide whether the numbers may be used today, and whom to remind of a roll."),
        mark("Decide which roll to write today: until then your classes are not counted."),
    ),
    "drill": Decision(
        mark("Decide class by class: open one to see its queue."),
        mark("Decide class by class: open one to see its queue."),
    ),
}
