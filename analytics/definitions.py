"""Every measure, defined once: pages, tooltips, exports and the dictionary read it here."""

from analytics.defined_also import ALSO_DEFINED
from analytics.defined_conduct import CONDUCT
from analytics.measure import (
    BEGUN,
    CLASSES,
    DAYS,
    EACH,
    NONE,
    NOW,
    PERCENT,
    PERSON_COURSES,
    RATIO,
    SEATS,
    Measure,
)
from services.words import mark

MEASURES: tuple[Measure, ...] = (
    Measure(
        "fill-rate",
        mark("Fill rate (people who came)"),
        PERCENT,
        mark("people who came ÷ planned seats"),
        mark("people the roll marks as completed or not passed; absent people did not come"),
        mark("seats of every class planned in the period, cancelled ones included"),
        BEGUN,
        mark(
            "Weighted by seats, not a mean of rates. Classes whose roll is not written for "
            "everybody yet are left out and counted beside the number. Planned seats are the most "
            "the class had since its confirmation call: cutting it down afterwards raises no rate."
        ),
    ),
    Measure(
        "fill-rate-held",
        mark("Fill rate of classes held"),
        PERCENT,
        mark("people who came ÷ seats of classes that took place"),
        mark("as the fill rate"),
        mark("seats of classes that were not cancelled"),
        BEGUN,
        mark(
            "Higher than the fill rate wherever classes were cancelled. Alone it would rise "
            "when badly filled classes disappear: read both."
        ),
    ),
    Measure(
        "idle-seats",
        mark("Free seats ahead while people wait"),
        SEATS,
        mark("the smaller of free seats and people next in line, over classes ahead not frozen"),
        mark("people who qualified and wait: waitlisted, or offered a self-funded seat"),
        NONE,
        NOW,
        mark(
            "Of each class by itself. Who is under review is not waiting and not counted; a seat "
            "reserved for a review is not free. Next in line is whoever waits on the class's own "
            "track; from the self-funded offer on, everybody who waits. Whom seats go past because "
            "another one stands in the way is not in it, nor a queue still to be drawn."
        ),
    ),
    Measure(
        "below-minimum",
        mark("Below the minimum size"),
        CLASSES,
        mark("classes within 28 days with fewer seats held than their minimum size"),
        mark("seats held, under review and not yet confirmed included"),
        NONE,
        NOW,
        mark("Even if everybody who holds a seat comes, the class is too small."),
    ),
    Measure(
        "fill-spread",
        mark("Classes by how full they were"),
        CLASSES,
        mark("classes in each band of people who came ÷ planned seats"),
        mark("classes held whose roll is written for everybody; cancelled ones by themselves"),
        NONE,
        BEGUN,
        mark("Every class counts once here, a small one as much as a large one."),
    ),
    Measure(
        "confirmed-fill",
        mark("Confirmed fill at each checkpoint"),
        PERCENT,
        mark("people confirmed at the checkpoint ÷ planned seats"),
        mark("confirmed by that moment and not ended before it"),
        mark("seats of the same classes, cancelled ones included"),
        BEGUN,
        mark(
            "Built from the times of the steps, never from today's status; divided by the most "
            "seats the class had since its confirmation call. When that goes out nobody has "
            "confirmed yet."
        ),
    ),
    Measure(
        "seat-source",
        mark("How seats were filled"),
        PERCENT,
        mark("people who came, by how they got the seat ÷ planned seats"),
        mark("at registration, review or merge; because someone cancelled; promoted; self-funded"),
        mark("planned seats; what is left are empty seats"),
        BEGUN,
        mark(
            "A person counts under the last way the seat was obtained; a seat the person pays for "
            "counts as self-funded, however it came."
        ),
    ),
    Measure(
        "demand",
        mark("Demand"),
        PERSON_COURSES,
        mark("persons and courses with at least one registration in the plan year"),
        mark("each person and course once, however many registrations"),
        NONE,
        NOW,
        mark(
            "Cancelled by the person within 48 hours is left out as a slip. People who did "
            "not qualify are in it and shown apart; people of the self-funded track are in it and "
            "not shown apart. People who never registered because a class looked full are not seen."
        ),
    ),
    Measure(
        "pressure",
        mark("Pressure"),
        RATIO,
        mark("qualified persons and courses ÷ seats offered"),
        mark("persons and courses with a registration that qualified"),
        mark("seats of classes that were not cancelled"),
        NOW,
        mark(
            "Courses with fewer than 5 persons are not ranked. Qualified is whoever qualified "
            "once, slips left out; the qualification rate counts the last decision, slips "
            "included, so its sum differs a little."
        ),
    ),
    Measure(
        "net-unmet",
        mark("Without a seat (net)"),
        PERSON_COURSES,
        mark(
            "qualified persons and courses that still want a seat and hold none in any class of "
            "the course"
        ),
        mark("waiting, offered, or left over when a class was frozen or cancelled"),
        NONE,
        NOW,
        mark(
            "Who waits for several classes counts once; who has a seat in one, or one kept during "
            "a review, is not in it."
        ),
    ),
    Measure(
        "mismatch",
        mark("Funded seat free in another class"),
        PERSON_COURSES,
        mark(
            "the smaller of persons and courses without a seat and free funded seats of the course "
            "ahead"
        ),
        mark("persons and courses without a seat (net)"),
        NONE,
        NOW,
        mark(
            "Only seats of funded classes before their self-funded offer: what is left after it is "
            "for sale. Whether the person can travel or has time then is not known."
        ),
    ),
    Measure(
        "carry-over",
        mark("Carried over"),
        PERSON_COURSES,
        mark("persons and courses without a seat last year that registered again this year"),
        mark("of all persons and courses left without a seat last year"),
        NONE,
        NOW,
        mark("They are not new demand: subtract them before comparing years."),
    ),
    Measure(
        "sign-up",
        mark("Registrations, added up"),
        EACH,
        mark("registrations received since 1 November of the year before, all of them"),
        mark("also a person's second registration and those later cancelled"),
        NONE,
        mark("full weeks, Monday to Sunday, Taipei time"),
        mark("This is work at the counter, not demand."),
    ),
    Measure(
        "qualification-rate",
        mark("Qualification rate"),
        PERCENT,
        mark("qualified ÷ decided"),
        mark("persons and courses whose last decision is qualified"),
        mark("persons and courses that were decided; under review is not decided"),
        NOW,
        mark(
            "The last decision counts: rejected and later qualified is qualified, the other way "
            "round it is not. Slips are in it, they were decided. Demand and equity count whoever "
            "qualified once, slips left out, so their sum differs a little."
        ),
    ),
    Measure(
        "automation-rate",
        mark("Decided by the records"),
        PERCENT,
        mark("decided without a person ÷ decided"),
        mark("decisions without an approved or rejected review; it decides all choices under it"),
        mark("all decisions"),
        NOW,
        mark(
            "High is good only while few of these decisions are overturned; whoever was judged "
            "by a person later counts as decided by a person."
        ),
    ),
    Measure(
        "review-time",
        mark("Review time"),
        DAYS,
        mark("days from opening the review to its decision, the median"),
        mark("elapsed days, weekends included"),
        mark("all reviews, those not decided yet included; not appeals, which MPB decides"),
        NOW,
        mark(
            "Kaplan-Meier: who still waits counts as waiting at least so long. No median is "
            "given while fewer than half are decided, no 9 in 10 while fewer than that."
        ),
    ),
    Measure(
        "pending-age",
        mark("Reviews without a decision"),
        mark("reviews"),
        mark("reviews that wait for a decision, by days since they were opened"),
        mark("elapsed days, weekends included"),
        NONE,
        NOW,
        mark(
            "Days so far: nobody here has waited to the end. Reviews of registrations that ended "
            "are not in it."
        ),
    ),
    Measure(
        "pending-soon",
        mark("Undecided four weeks before"),
        EACH,
        mark("registrations under review in classes that begin within 28 days"),
        mark("each registration"),
        NONE,
        NOW,
        mark("At the freeze whoever is undecided is left without a seat."),
    ),
    Measure(
        "failing-rules",
        mark("Rules that stopped people"),
        PERCENT,
        mark("refused by a rule ÷ all refused (persons and courses)"),
        mark("each rule that failed; one person may fail several"),
        mark("persons and courses whose last decision is not qualified"),
        NOW,
        mark(
            "The shares add up to more than 100%. No rule comes first, all are looked at: whom "
            "one kind of rule alone stopped stands beside."
        ),
    ),
    Measure(
        "funnel",
        mark("How far people get"),
        PERSON_COURSES,
        mark("persons and courses at the furthest step they ever reached"),
        mark("everybody counts at every step passed on the way"),
        mark("the step before"),
        NOW,
        mark("Who is still on the way is left out: a young class would look like a leak."),
    ),
    Measure(
        "answers",
        mark("Said yes when asked"),
        PERCENT,
        mark("yes ÷ requests whose time is up"),
        mark("confirmations and claims of a self-funded seat"),
        mark("requests sent and not called back; an offer nobody claimed was not answered"),
        NOW,
        mark("By how the seat was got at last, so a later change moves a request."),
    ),
    Measure(
        "waiting-now",
        mark("Waiting now"),
        PERSON_COURSES,
        mark("persons and courses on a waiting list without a seat in any class of the course"),
        mark("waitlisted, offered a self-funded seat, or under review without a place"),
        NONE,
        NOW,
        mark(
            "Days so far: nobody here has waited to the end. People under review without a place "
            "are in it, beside free seats ahead they are not; who has a seat kept in another class "
            "of the course does not wait."
        ),
    ),
    Measure(
        "until-seated",
        mark("Days until a seat came"),
        DAYS,
        mark("days from registering to the seat, the median"),
        mark(
            "registrations seated from the waiting list: by a cancellation, promoted, self-funded"
        ),
        NONE,
        NOW,
        mark("Only those who got one. Never read it as the wait of those still waiting."),
    ),
    Measure(
        "no-show",
        mark("No-show"),
        PERCENT,
        mark("absent people ÷ people on the written rolls"),
        mark("people the roll marks as absent"),
        mark("people confirmed at the first day, whom the roll has marked"),
        BEGUN,
        mark("Classes whose roll is not written for everybody yet are left out."),
    ),
    *CONDUCT,
    *ALSO_DEFINED,
)
BY_CODE = {measure.code: measure for measure in MEASURES}


def definition(code: str) -> Measure:
    """Give a measure by its code."""
    return BY_CODE[code]
