"""The measures of institutions, equity, the order of the queue and the age of the data."""

from analytics.measure import BEGUN, CLASSES, EACH, NONE, NOW, PERCENT, TIMES, Measure
from services.words import mark

CONDUCT: tuple[Measure, ...] = (
    Measure(
        "adjusted-fill",
        mark("Fill rate, adjusted for courses"),
        PERCENT,
        mark("rate of all + (people who came − people expected) ÷ planned seats"),
        mark("expected: the seats of each course × the fill rate of that course everywhere"),
        mark("planned seats of the institution"),
        BEGUN,
        mark(
            "Not a ranking. Between the limits the difference is what chance makes; outside, ask "
            "why before judging. Months and places are not adjusted for. An institution sees the "
            "others without names, in whole percent, at the mean volume of three or more of like "
            "volume."
        ),
    ),
    Measure(
        "over-dispersion",
        mark("Over-dispersion"),
        TIMES,
        mark("square root of Pearson's statistic of the classes ÷ its degrees of freedom"),
        mark("squared distances of classes from their course's rate, over their binomial variance"),
        mark("classes less the courses whose rate was estimated"),
        BEGUN,
        mark("Plain binomial limits would be this many times too narrow and blame chance."),
    ),
    Measure(
        "overturn",
        mark("Overturned decisions"),
        PERCENT,
        mark("reviews overturned on appeal ÷ decided reviews"),
        mark("rejected reviews whose person appealed and was then found eligible"),
        mark("reviews approved or rejected by the institution"),
        NOW,
        mark("Appeals still open are not in it; who did not appeal is not seen."),
    ),
    Measure(
        "equity",
        mark("Seats by group"),
        PERCENT,
        mark("persons and courses that ever got a seat ÷ qualified persons and courses"),
        mark("seated at any time, also if given back later; still waiting is shown apart"),
        mark("persons and courses whose screening or review was passed"),
        NOW,
        mark(
            "▼ and ▲ lie outside 99.9% limits around what the group's courses give everybody. "
            "Groups of fewer than 5 are left out, and one more if it would give them away. The way "
            "of logging in is not kept, so it is not compared. The region is where a person lived "
            "at the registration's first step. Qualified is counted as for pressure, within the "
            "selection. For each seat expected: seats got ÷ what the courses would give, with the "
            "limits of chance around it."
        ),
    ),
    Measure(
        "order",
        mark("Out of the plain order"),
        EACH,
        mark("registrations that were passed over, or came in by another way than their rank"),
        mark("each registration once a way"),
        NONE,
        NOW,
        mark(
            "Whoever is passed over keeps the place. Every way is a rule or a decision on record."
        ),
    ),
    Measure(
        "overrides",
        mark("Overrides"),
        EACH,
        mark("registrations served ahead of the order by an override"),
        mark("proposed by one planner with a reason, approved by a second; each once"),
        mark("all registrations of the institution, for the share"),
        NOW,
        mark("A planner decides, never the institution: a share says where, not who or why."),
    ),
    Measure(
        "out-of-order",
        mark("Seated out of order"),
        EACH,
        mark("registrations that a worse rank passed without a recorded reason while they waited"),
        mark("registrations waiting or under review, in all classes and years"),
        NONE,
        mark("the last nightly examination"),
        mark("Must be 0. It does not follow the filters."),
    ),
    Measure(
        "invariants",
        mark("Promises of the queue"),
        mark("promises"),
        mark("promises without a fault ÷ all promises"),
        mark("each promise is counted on the database itself"),
        NONE,
        mark("the last nightly examination"),
        mark("At most 20 faults of a promise are counted."),
    ),
    Measure(
        "on-behalf",
        mark("Registered by staff"),
        PERCENT,
        mark("registrations entered at the counter or by phone ÷ all registrations"),
        mark("marked as on behalf of the person"),
        mark("all registrations of the selection, ended ones included"),
        NOW,
        mark("They take the next number like anybody; compare their seats below."),
    ),
    Measure(
        "told",
        mark("Until told of a freed seat"),
        mark("minutes"),
        mark("from the step that gave the seat to the mail server taking the letter, the median"),
        mark("notices to people admitted or promoted into a freed seat"),
        NONE,
        NOW,
        mark(
            "The inbox of the portal shows it at once; letters not sent yet and people without an "
            "address are shown apart. Played years of the demo send once a day."
        ),
    ),
    Measure(
        "reminders",
        mark("Reminders handed over"),
        PERCENT,
        mark("reminders that a mail server or text gateway took ÷ reminders"),
        mark("taken; come back for good, without an address and not sent yet are shown apart"),
        mark("reminders to people whose answer was still open; each way is counted by itself"),
        NOW,
        mark(
            "Taken is not read. What the reminded answered is an association, no effect of the "
            "reminder: never compare with people who were not reminded, who answers early gets "
            "none. Only reminders sent to some and not to others by lot would tell."
        ),
    ),
    Measure(
        "lateness",
        mark("Lateness of the class calendar"),
        PERCENT,
        mark("steps that did not come on the day they were due ÷ steps due"),
        mark("done on a later day, skipped because the freeze came first, or not done yet"),
        mark("steps of the calendar due by now, of the present dates of classes"),
        NOW,
        mark(
            "A call waits for the draw and for people who still have time to answer: late is not "
            "always a fault. What was due before the class was published is left out."
        ),
    ),
    Measure(
        "freshness",
        mark("Freshness"),
        mark("time since"),
        mark("now − the newest moment of a source; for what waits, the oldest that waits"),
        mark("steps, sums, recount, clock, mailer, letters, MTNet, handovers, examination"),
        NONE,
        NOW,
        mark(
            "A source nobody has promised a time for is never late. Differences of the recount are "
            "never in order, however fresh it is."
        ),
    ),
    Measure(
        "missing-rolls",
        mark("Overdue rolls"),
        CLASSES,
        mark("classes held that ended over 7 days ago, with somebody still without a result"),
        mark("opened classes with a confirmed person the roll has not marked"),
        NONE,
        NOW,
        mark("These classes are left out of fill rate and no-show until the roll is written."),
    ),
)
