"""What a measure is, its units, and the words that several definitions share."""

from dataclasses import dataclass

from services.words import mark


@dataclass(frozen=True, slots=True)
class Measure:
    """What a number means; every text is an English message id."""

    code: str  # anchor on the page of definitions
    name: str
    unit: str
    formula: str
    numerator: str
    denominator: str
    as_of: str
    caveat: str


PERCENT, SEATS = mark("percent"), mark("seats")
CLASSES, DAYS, EACH = mark("classes"), mark("days"), mark("registrations")
PERSON_COURSES = mark("persons and courses")  # a person counts once a course
RATIO, TIMES = mark("persons and courses for each seat"), mark("times")
NOW = mark("the moment the page was made")
BEGUN = mark("classes whose first day is over, up to yesterday")
NONE = mark("none")
