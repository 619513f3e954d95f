"""What a reader may look for and not find: measures that are not given, each with its reason."""

from dataclasses import dataclass

from services.words import mark


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A measure that is not given, and why."""

    name: str
    why: str


NOT_YET = mark("The facts are kept; nobody counts it yet.")
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
    Unmeasured(mark("Days from registering to the first day of class"), NOT_YET),
    Unmeasured(mark("Refused people who qualified later"), NOT_YET),
    Unmeasured(mark("Late cancellations"), NOT_YET),
    Unmeasured(mark("How deep into the waiting list seats reached"), NOT_YET),
    Unmeasured(mark("Freed seats that were filled again"), NOT_YET),
    Unmeasured(mark("Days until a seat came, by group"), NOT_YET),
    Unmeasured(mark("Share who qualify with their first registration"), NOT_YET),
    Unmeasured(mark("Decisions changed other than on appeal"), NOT_YET),
    Unmeasured(mark("Review time of institutions, against chance"), NOT_YET),
    Unmeasured(mark("Time until an answer, and who came of a hundred asked"), NOT_YET),
    Unmeasured(mark("Waiting lists that ran out"), NOT_YET),
    Unmeasured(mark("How far queues move in a week"), NOT_YET),
)
