"""The consequences of a change of a class, as sentences with their numbers."""

from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from pages.components.entry import ico
from services.foresee import Foreseen, Target
from services.milestones import TITLES, Milestone
from services.move_class import NewDays
from services.words import Words


def told_cancel(words: Words, seen: Foreseen) -> list[Component]:
    """Say what cancelling does."""
    many = words.many
    return _list(
        [
            (seen.people, many("{n} registration ends and the person is told",
                               "{n} registrations end and the people are told", seen.people)),
            (seen.seated, many("{n} of them has a seat", "{n} of them have a seat", seen.seated)),
            (seen.back, many("For up to {n} person another choice of this course opens again",
                             "For up to {n} people another choice of this course opens again",
                             seen.back)),
            (1, words("The class stays visible as cancelled. This cannot be taken back.")),
        ]
    )  # fmt: skip


def told_move(words: Words, seen: Foreseen, to: NewDays) -> list[Component]:
    """Say what moving does."""
    many, others = words.many, seen.seated - seen.again
    late = [words(TITLES[Milestone(kind)]) for kind in seen.late]
    return _list(
        [
            (1, words("New days: {dates}", dates=words.period(to.starts_on, to.ends_on))),
            (seen.again, many("{n} person has said yes and is asked again; the seat stays",
                              "{n} people have said yes and are asked again; their seats stay",
                              seen.again)),
            (others, many("{n} person with a seat and no answer yet keeps the seat",
                          "{n} people with a seat and no answer yet keep their seats", others)),
            (seen.kept, many("{n} person under review keeps the reserved seat",
                             "{n} people under review keep the reserved seat", seen.kept)),
            (seen.waiting, many("{n} person waits on with the same number",
                                "{n} people wait on with the same numbers", seen.waiting)),
            (seen.offered, many("{n} offer or claim is void", "{n} offers or claims are void",
                                seen.offered)),
            (len(late), words("Due at once, one after the other: {calls}. What no longer fits "
                              "before the freeze is skipped.",
                              calls=("、" if words.zh else ", ").join(late))),
            (1, _freeze(words, seen)),
        ],
        _overlaps(words, seen),
    )  # fmt: skip


def _freeze(words: Words, seen: Foreseen) -> str:
    assert seen.freeze_at is not None  # the days can be used
    return words("The list is fixed on {moment}", moment=words.deadline(seen.freeze_at))


def told_merge(words: Words, seen: Foreseen, into: Target) -> list[Component]:
    """Say what merging does."""
    many, invited = words.many, seen.invited
    return _list(
        [
            (seen.seated, many("{n} person with a seat gets a seat in {code} and is asked anew",
                               "{n} people with a seat get a seat in {code} and are asked anew",
                               seen.seated, code=into.code)),
            (seen.staying, many("{n} person is in that queue already and keeps the number there",
                                "{n} people are in that queue already and keep their numbers",
                                seen.staying)),
            (invited, many("{n} waiting person is invited to the end of that queue",
                           "{n} waiting people are invited to the end of that queue", invited)),
            (1, words("New days for everybody who comes along: {dates}",
                      dates=words.period(into.starts_on, into.ends_on))),
            (1, words("This class ends as cancelled and points to {code}. This cannot be taken "
                      "back.", code=into.code)),
        ],
        _overlaps(words, seen),
    )  # fmt: skip


def _overlaps(words: Words, seen: Foreseen) -> Component | None:
    if not seen.overlaps:
        return None
    text = words.many(
        "{n} person would hold another seat on the same days and has to choose",
        "{n} people would hold another seat on the same days and have to choose",
        seen.overlaps,
    )
    return html.Li([ico("warn"), text], className="consequence-warn")


def _list(told: Iterable[tuple[int, str]], warning: Component | None = None) -> list[Component]:
    lines: list[Component] = [html.Li(text) for n, text in told if n]
    return [*lines, warning] if warning is not None else lines
