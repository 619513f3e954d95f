"""The measures without a figure, and the table they stand in."""

from analytics.measure import BEGUN, DAYS, EACH, NONE, NOW, PERCENT, Measure
from services.words import mark

ALSO_DEFINED: tuple[Measure, ...] = (
    Measure(
        "also",
        mark("Also measured"),
        mark("as each measure says"),
        mark("measures without a chart: each row is one, defined under its own name"),
        mark("counted ÷ divided by, where a row has both"),
        NONE,
        mark("as each measure says"),
        mark(
            "The year before is given only where it is alike: classes begun by the same day, or "
            "the whole of it beside a year that is over. Chance is not weighed here: a difference "
            "of few people or classes says nothing."
        ),
    ),
    Measure(
        "registrations-each",
        mark("Registrations for each person and course"),
        EACH,
        mark("registrations ÷ persons and courses that want a seat"),
        mark("all registrations of the plan year, ended ones and slips included"),
        mark("persons and courses as for demand: each once, slips left out"),
        NOW,
        mark(
            "Above 1 people registered for several classes or again. It says how far counting "
            "registrations would overstate demand."
        ),
    ),
    Measure(
        "review-in-time",
        mark("Reviews decided within the days promised"),
        PERCENT,
        mark("reviews decided within 7 days ÷ reviews whose time is up"),
        mark("elapsed days from opening the review to its decision, fewer than 7"),
        mark("decided reviews, and those that waited 7 days or more without a decision"),
        NOW,
        mark(
            "Seven elapsed days stand for the five working days that are promised. Who waits for "
            "less than that is not counted yet."
        ),
    ),
    Measure(
        "passed-by-records",
        mark("Qualified by the records alone"),
        PERCENT,
        mark("qualified without a person ÷ decided"),
        mark("persons and courses whose last decision is qualified and no review was decided"),
        mark("persons and courses that were decided; under review is not decided"),
        NOW,
        mark("With the refused by the records alone it makes the share decided by the records."),
    ),
    Measure(
        "refused-by-records",
        mark("Refused by the records alone"),
        PERCENT,
        mark("refused without a person ÷ decided"),
        mark("persons and courses whose last decision is not qualified and no review was decided"),
        mark("persons and courses that were decided; under review is not decided"),
        NOW,
        mark("A refusal that an appeal overturned was decided by a person and is not in it."),
    ),
    Measure(
        "one-rule",
        mark("Refused by one kind of rule alone"),
        PERCENT,
        mark("refused by a single kind of rule ÷ all refused (persons and courses)"),
        mark("one kind of rule failed, or a review refused for its one reason"),
        mark("persons and courses whose last decision is not qualified"),
        NOW,
        mark(
            "They would qualify if that one thing were put right. Two missing certificates are "
            "one kind of rule."
        ),
    ),
    Measure(
        "classes-held",
        mark("Classes held of classes planned"),
        PERCENT,
        mark("classes that took place ÷ classes planned"),
        mark("classes that were not cancelled"),
        mark("every published class of the plan, cancelled ones included"),
        BEGUN,
        mark("A merged class counts as cancelled; a moved one counts on its new day."),
    ),
    Measure(
        "too-small",
        mark("Below the minimum size two weeks before"),
        PERCENT,
        mark("classes with fewer people confirmed than their minimum ÷ classes planned"),
        mark("confirmed at the self-funded call and not ended before it"),
        mark("every published class of the plan, cancelled ones included"),
        BEGUN,
        mark("Self-funded seats come later and may still make a class large enough."),
    ),
    Measure(
        "empty-with-queue",
        mark("Seats empty beside people left over"),
        PERCENT,
        mark("seats that stayed empty while somebody was left over ÷ seats of classes held"),
        mark("of each class the smaller of empty seats and qualified people left without one"),
        mark("seats of classes that took place"),
        BEGUN,
        mark(
            "Above zero the queue failed somebody, or the seat came too late or too dear: seats "
            "given back after the list was frozen and self-funded offers nobody claimed are in it."
        ),
    ),
    Measure(
        "funded-seats",
        mark("Funded seats that were used"),
        PERCENT,
        mark("people who came on a funded seat ÷ planned seats"),
        mark("people who came, without those who paid for the seat themselves"),
        mark("planned seats as for the fill rate"),
        BEGUN,
        mark("With the self-funded seats it makes the fill rate: never read one as the other."),
    ),
    Measure(
        "own-cost-seats",
        mark("Self-funded seats that were used"),
        PERCENT,
        mark("people who came at their own cost ÷ planned seats"),
        mark("seats claimed from two weeks before, and everybody in a wholly self-funded class"),
        mark("planned seats as for the fill rate"),
        BEGUN,
        mark("A funded seat that nobody took and somebody paid for counts here."),
    ),
    Measure(
        "late-cancellations",
        mark("Late cancellations"),
        PERCENT,
        mark("cancelled in the last two weeks ÷ confirmed two weeks before"),
        mark("cancelled by the person, or by staff for them, before the first day"),
        mark("people confirmed at the self-funded call of classes that were held"),
        BEGUN,
        mark("Who confirmed later is in neither part. Absent people are no-shows, not this."),
    ),
    Measure(
        "freed-filled",
        mark("Freed seats that were filled again"),
        PERCENT,
        mark("freed seats that went to the waiting list ÷ seats given back"),
        mark("of each class the smaller of seats given back and seats given to the list"),
        mark("seats cancelled or lapsed before the first day, in classes that were held"),
        BEGUN,
        mark("Seats freed in the last days stay empty by rule: the list is frozen by then."),
    ),
    Measure(
        "lists-ran-out",
        mark("Waiting lists that ran out"),
        PERCENT,
        mark("classes in which nobody was left waiting ÷ classes with a waiting list"),
        mark("somebody got a seat from the list, and nobody on it was left without one"),
        mark("classes held in which somebody got a seat from the list or was left on it"),
        BEGUN,
        mark("A list whose people all cancelled before they got a seat is not seen."),
    ),
    Measure(
        "list-reached",
        mark("Seats from the waiting list of a class, median"),
        mark("people"),
        mark("people of its waiting list to whom a class gave a seat, the median"),
        mark("promoted, into a cancelled seat, or at their own cost; also who gave it back"),
        mark("classes held that had a waiting list"),
        BEGUN,
        mark(
            "How deep a list was reached, in seats and not in places: who was passed over or "
            "cancelled is not counted. Where the list ran out it might have gone deeper."
        ),
    ),
    Measure(
        "longest-waits",
        mark("Waiting now: a tenth for so many days or more"),
        DAYS,
        mark("days so far of those waiting, what nine in ten do not exceed"),
        mark("as those waiting now"),
        NONE,
        NOW,
        mark("Days so far: nobody here has waited to the end. Divided by: who waits."),
    ),
    Measure(
        "latest-seats",
        mark("Days until a seat came: nine in ten within"),
        DAYS,
        mark("days from registering to the seat, what nine in ten do not exceed"),
        mark("as the days until a seat came"),
        NONE,
        NOW,
        mark("Only those who got one. Never read it as the wait of those still waiting."),
    ),
    Measure(
        "completed",
        mark("Completed, of those who came"),
        PERCENT,
        mark("completed ÷ came (persons and courses)"),
        mark("persons and courses with a completed course"),
        mark("persons and courses that came to a class, completed or not passed"),
        NOW,
        mark("Who is still on the way in another class is in neither."),
    ),
    Measure(
        "without-traits",
        mark("Without a region or a rank"),
        PERCENT,
        mark("qualified persons and courses without a known region or rank ÷ all qualified ones"),
        mark("as noted at the registration's first step"),
        mark("qualified persons and courses, as for seats by group"),
        NOW,
        mark(
            "They are in no group by region or rank. Not told where fewer than 5 people are on "
            "either side."
        ),
    ),
)
