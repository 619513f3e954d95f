"""How it works: numbers, screening, waiting, promotion and the calls, in plain words."""

from dash import dcc, html
from dash.development.base_component import Component

from pages.components.entry import attrs
from pages.components.how_steps import how_steps
from pages.components.prose import points, prose_page, section
from pages.components.window_card import span_of
from pages.visit import Visit
from services.catalogue.windows import PlanNumbers, Window, plan_numbers, windows_ahead
from services.kernel.clock import taipei_day
from services.milestones import EXPLANATIONS, ORDER, TITLES
from services.words import Words, mark

PATH = "/how"
NUMBERS = (
    mark("You get a number the moment you send: one per class, counted from 1, without holes."),
    mark("Your number stays yours. Editing your details does not move you back."),
    mark("Clicking twice gives the same number, never two."),
    mark("Cancelled and registered again: you get a new number at the end."),
    mark("In one course and year you may be in line for at most this many classes: {choices}."),
    mark("Two seats on the same days are not possible."),
)
SCREENING = (
    mark("The system checks your MTNet record against every rule, as of the first class day."),
    mark("All met: you get a seat if one is free, otherwise a place in the waiting list."),
    mark("One not met: the registration ends, and you read what is missing and from which day."),
    mark(
        "Cannot be told from MTNet: the institution looks at it, within {review_days} working "
        "days. Your place is kept, and a seat inside the cap is reserved for you meanwhile."
    ),
    mark("A paper is asked for: you have {supplement_days} days to upload it."),
    mark("MTNet does not answer: you keep your number and are checked later, by itself."),
)
WAITING = (
    mark("A class never has more people than seats."),
    mark("While anyone waits, nobody new is seated past them."),
    mark("Someone cancels or is refused: the first one waiting gets the seat at once and is told."),
    mark("Your turn comes while you hold another class on the same days: you keep your place."),
    mark("The waiting list of a class ends with the class. Every year begins with empty lists."),
)
CALLS = (
    mark("You always have at least {response_hours} hours to answer, counted from when our "
         "question reached you; later than {self_fund_days} days before the class, "
         "{late_hours} hours. Never longer than until the list is final."),
    mark("We remind you two days before a deadline."),
    mark("No answer by then: the seat goes to the next person. Your other registrations stay."),
    mark("At most {batch} people in a class are asked in one run of the promotion call."),
    mark("If no question of ours ever reached you, you keep the seat and the institution phones."),
)  # fmt: skip
PAYING = (
    mark("A funded seat costs less, it is not free: the state pays {subsidy}% of the fee."),
    mark("Seats left {self_fund_days} days before the class are offered at your own cost."),
    mark("They go to those who claimed one, by rank. It is no race of clicks."),
    mark("You may take a claim back until the seats are given."),
    mark("You pay the institution; the portal takes no money."),
)
DRAW = (
    mark("While the window is open everybody who registers gets a number and a ticket, no seat."),
    mark("The hash of a secret seed is published before the window opens: nobody can change it."),
    mark("At the closing the list of tickets is frozen and the seed is shown to everybody."),
    mark("Then comes a public value that was named before and that nobody could know, such as a "
         "lottery's numbers of the day after. Two planners read it."),
    mark("Seed, value and ticket give each ticket its rank. Seats go by rank."),
    mark("You have one rank for every class of the course in that window."),
    mark("Who registers after the closing comes after everybody drawn."),
    mark("Anyone can recompute the draw with a short script."),
)  # fmt: skip
SEEN = (
    mark("Every class page lists all numbers with where they stand and when they moved."),
    mark("No name and no other trait of a person stands there."),
    mark("Staff registering you at the counter or by phone use the same queue; it is marked."),
    mark("Where the record of every queue stands is signed and published each hour: nobody can "
         "rewrite it unseen."),
    mark("Anyone can check a queue's file with a short script; with your receipt you can prove "
         "your own line."),
)  # fmt: skip
LOOK_AT = (
    (mark("Find a class"), "/classes"),
    (mark("Queue checkpoints"), "/checkpoints"),
)
ASSUMED = (
    mark('"100 people" in the promotion call means at most 100 per class and run.'),
    mark('"All" in the self-funded call means everybody who still waits for that class.'),
    mark("The plan is published in autumn for the next year."),
    mark("One person may be in line for as many classes as the plan says, not more."),
    mark("Being absent is recorded; it does not bar you from registering again."),
    mark("Entry rules, hours and fees of the courses follow the IMO model courses."),
    mark("Refunds and payment of self-funded seats are settled with the institution."),
)


def layout(visit: Visit) -> Component:
    """Explain the queue with the numbers of the plan."""
    words, look = visit.words, visit.look
    plan = plan_numbers(look)
    facts = _facts(plan)
    lead = words("The rules are the same for everybody, and everybody can see that they are kept.")
    if plan.year:
        lead += ("" if words.zh else " ") + words(
            "All numbers are those of the plan of {year}.", year=words.year(plan.year)
        )
    return prose_page(
        words("How numbers, waiting and promotion work"),
        lead,
        section(words("What happens after you take a number"), how_steps(words)),
        section(words("Your number"), points(words, NUMBERS, **facts), anchor="numbers"),
        section(words("Screening and review"), points(words, SCREENING, **facts)),
        section(words("Waiting and promotion"), points(words, WAITING)),
        section(
            words("The calls before a class"),
            words("Counted back from the first class day, each at {hour}, Taipei time:",
                  hour=f"{plan.policy.milestone_hour:02d}:00"),
            _route(words, plan),
            points(words, CALLS, **facts),
            anchor="calls",
        ),
        section(words("Funded and self-funded"), points(words, PAYING, **facts)),
        section(
            words("When registration opens"),
            words("All classes of a span open at the same minute. Expect many people then."),
            _windows(words, visit, windows_ahead(look)),
            anchor="year",
        ),
        section(
            words("Where ranks are drawn"),
            words("A plan may draw the order of its queues instead of going by number."),
            points(words, DRAW),
            dcc.Link(words("The draws"), href="/draws", className="btn btn-outline-primary"),
            anchor="draw",
        ),
        section(
            words("What everybody can see"),
            points(words, SEEN),
            html.Div(
                [
                    dcc.Link(words(text), href=path, className="btn btn-outline-primary")
                    for text, path in LOOK_AT
                ],
                className="line",
            ),
        ),
        section(
            words("What nobody has confirmed yet"),
            words("The Bureau's papers leave these open. Until it decides, the portal assumes:"),
            points(words, ASSUMED),
            anchor="assumptions",
        ),
    )  # fmt: skip


def _facts(plan: PlanNumbers) -> dict[str, int]:
    policy = plan.policy
    return {
        "choices": plan.max_choices,
        "review_days": plan.review_days,
        "supplement_days": plan.supplement_days,
        "response_hours": policy.response_hours,
        "late_hours": policy.late_response_hours,
        "self_fund_days": policy.self_fund_days,
        "batch": policy.batch_size,
        "subsidy": plan.subsidy_percent,
    }


def _route(words: Words, plan: PlanNumbers) -> Component:
    """Draw the milestones as waypoints, the class at the end."""
    points_ = [
        html.Li(
            [
                html.B(words(TITLES[kind])),
                html.Span(words.many("{n} day before", "{n} days before", days), className="num"),
                html.Div(words(EXPLANATIONS[kind]), className="sub"),
            ]
        )
        for kind, days in zip(ORDER, plan.policy.days(), strict=True)
    ]
    points_.append(
        html.Li([html.B(words("Class")), html.Span(words("first day")), html.Div(className="sub")])
    )
    return html.Div(
        html.Ol(points_, className="route", **attrs(aria_label=words("The calls before a class"))),
        className="panel",
    )


def _windows(words: Words, visit: Visit, found: list[Window]) -> Component:
    if not found:
        return html.P(words("No opening is announced yet. It comes with the annual plan."))
    items = []
    for window in found:
        moment = words.deadline(window.opens_at)
        day = taipei_day(window.opens_at).isoformat()
        done = window.opens_at <= visit.look.now
        text = (
            words("opened {moment}", moment=moment)
            if done
            else words("opens {moment}", moment=moment)
        )
        items.append(
            html.Li(
                [
                    html.Strong(words("Classes that begin {span}", span=span_of(words, window))),
                    html.Time(text, dateTime=day),
                ]
            )
        )
    return html.Ul(items, className="plain panel windows")
