"""What a reader may look for and not find: measures that are not given, each with its reason."""

from dataclasses import dataclass

from services.words import mark


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A measure that is not given, and why."""

    name: str
    why: str


UNMEASURED: tuple[Unmeasured, ...] = (
    Unmeasured(
        mark("People put off by a full class"),
        mark("Who looks at a class and leaves is not recorded, so as not to follow visitors."),
    ),
    Unmeasured(
        mark("Demand from certificates that expire"),
        mark("Expiry dates are known of people who registered only, not of every seafarer."),
    ),
    Unmeasured(
        mark("Cost of a completed seat"),
        mark("What MPB pays the institutions is not in the portal."),
    ),
    Unmeasured(
        mark("Effect of a reminder"),
        mark("It would need reminders sent to some and not to others by lot."),
    ),
    Unmeasured(
        mark("Seats by way of logging in"),
        mark("How somebody logged in is not kept with the registration."),
    ),
    Unmeasured(
        mark("Share of people who travel to another region"),
        mark("The region where a person lives is kept, the way to a class and its reason are not."),
    ),
    Unmeasured(
        mark("Review time in working hours"),
        mark("Elapsed days are given; the office hours of institutions are not known."),
    ),
    Unmeasured(
        mark("Days from registering to the first day of class"),
        mark("It would need registrations added up by the days to the first day of their class."),
    ),
    Unmeasured(
        mark("Refused people who qualified later"),
        mark("It would need the first decision kept for each person and course; only the last is."),
    ),
    Unmeasured(
        mark("Days until a seat came, by group"),
        mark("It would need the days of each group added up; they are kept for all together."),
    ),
    Unmeasured(
        mark("Share who qualify with their first registration"),
        mark("It would need the first decision kept for each person and course; only the last is."),
    ),
    Unmeasured(
        mark("Decisions changed other than on appeal"),
        mark("It would need every decision added up with the one before it; only the last is."),
    ),
    Unmeasured(
        mark("Review time of institutions, against chance"),
        mark("Medians of waits with open ends have no simple limits of chance."),
    ),
    Unmeasured(
        mark("Time until an answer"),
        mark("It would need the hours of every request added up by occasion."),
    ),
    Unmeasured(
        mark("Who came of a hundred asked"),
        mark("It would need the requests of each class beside who came; they are kept by answer."),
    ),
    Unmeasured(
        mark("How far queues move in a week"),
        mark("It would need the place of everybody who waits kept for each week."),
    ),
)
