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
    Unmeasured(
        mark("People without a seat by region, beside seats free elsewhere, in one figure"),
        mark(
            "Choose a region: who has no seat in its classes stands beside the seats free in any. "
            "Side by side, whoever registered in two regions would count twice."
        ),
    ),
    Unmeasured(
        mark("Demand that is new, renewed and carried over, apart"),
        mark("What is carried over is given; who renews a certificate is not told apart."),
    ),
    Unmeasured(
        mark("Demand of the self-funded track, apart"),
        mark(
            "It would need the track kept for each person and course; all who want a course are "
            "counted."
        ),
    ),
    Unmeasured(
        mark("People after merging identities, test accounts left out"),
        mark(
            "Identities are not merged and no account is marked as a test: who has two ID numbers "
            "counts twice, and a registration made to try the portal counts."
        ),
    ),
    Unmeasured(
        mark("The first rule that stops somebody"),
        mark(
            "Every rule is looked at and none comes first; whom one kind of rule alone stopped is "
            "given instead."
        ),
    ),
    Unmeasured(
        mark("Rules that stop people, by course in one figure"),
        mark("Choose a course: the figure then is of that course alone."),
    ),
    Unmeasured(
        mark("Review time as a curve for each institution"),
        mark("Its median and what nine in ten take are given, and the share in time."),
    ),
    Unmeasured(
        mark("Limits of chance over time for late cancellations and decisions by the records"),
        mark("They are added up for each plan year, not by week: a year is one point."),
    ),
    Unmeasured(
        mark("Seats of a single class, step by step"),
        mark("The checkpoints tell how all classes fill; the page of a class tells how it stands."),
    ),
    Unmeasured(
        mark("People waiting over time"),
        mark("A day is not kept as a sum; choose a past day and who waited then is counted."),
    ),
    Unmeasured(
        mark("Said yes and found the class full"),
        mark(
            "It cannot happen with a funded seat, which is held until the answer. Claims of a "
            "self-funded seat are served by rank, and those left over are not added up."
        ),
    ),
    Unmeasured(
        mark("Institutions adjusted for months"),
        mark("They are adjusted for courses; most cells of course and month have a class or two."),
    ),
)
