"""The numbers at the head of the page of freshness."""

from analytics.asking import ask_missing_rolls, ask_sources
from analytics.filters import Filters
from analytics.number import Number
from analytics.source import NOT_KNOWN, true_as_of
from analytics.sources import LETTERS, RECOUNT, SILENT, STEP, SUMS, Sources, age
from services.kernel.work import Look
from services.words import Words


def line(look: Look, filters: Filters, words: Words) -> str:
    """Say up to when the numbers are true."""
    found = ask_sources(look, filters).value
    if not found.known:
        return words("How old the sources were is not known for a past day")
    newest = found.of(STEP).newest
    if newest is None:
        return words("Nobody has registered yet.")
    held = min(newest, true_as_of(look))
    return words("Every number holds the steps up to {moment}.", moment=words.deadline(held))


def numbers(look: Look, filters: Filters, words: Words) -> tuple[Number, ...]:
    """Give the recount of the sums, letters that are due, MTNet's silence, overdue rolls."""
    found = ask_sources(look, filters).value
    return (
        *(_sources(found, words) if found.known else _unknown(words)),
        _rolls(look, filters, words),
    )


def _unknown(words: Words) -> tuple[Number, ...]:
    names = words("Recount of the sums"), words("Letters that are due"), words("Waiting for MTNet")
    return tuple(
        Number(name, "freshness", "–", "", words(NOT_KNOWN), words("See every source"), "#sources")
        for name in names
    )


def _sources(found: Sources, words: Words) -> tuple[Number, ...]:
    letters, silent = found.of(LETTERS), found.of(SILENT)
    return (
        _recount(found, words),
        Number(
            words("Letters that are due"),
            "freshness",
            words.number(letters.waiting or 0),
            words("letters"),
            words("the oldest since {ago}", ago=age(words, letters.newest, found.now))
            if letters.waiting
            else words("Nothing waits to be sent."),
            words("See every source"),
            "#sources",
            alarm=bool(letters.late(found.now)),
        ),
        Number(
            words("Waiting for MTNet"),
            "freshness",
            words.number(silent.waiting or 0),
            words("registrations"),
            words("screened again when MTNet answers")
            if silent.waiting
            else words("MTNet has answered about everybody."),
            words("See every source"),
            "#sources",
            alarm=bool(silent.late(found.now)),
        ),
    )


def _recount(found: Sources, words: Words) -> Number:
    """Tell differences; steps that wait too long are said before how old the recount is."""
    sums, recount = found.of(SUMS), found.of(RECOUNT)
    differences = recount.waiting
    if sums.late(found.now):
        note = words.many(
            "{n} step is not in the sums yet, since {ago}",
            "{n} steps are not in the sums yet, the oldest since {ago}",
            sums.waiting or 0, ago=age(words, sums.newest, found.now),
        )  # fmt: skip
    elif recount.newest is None:
        note = words("The sums have never been recounted.")
    else:
        note = words("recounted {ago}", ago=age(words, recount.newest, found.now))
    return Number(
        words("Recount of the sums"),
        "freshness",
        "–" if differences is None else words.number(differences),
        "" if differences is None else words.many("difference", "differences", differences),
        note,
        words("See every source"),
        "#sources",
        alarm=found.is_wrong(sums) or found.is_wrong(recount),
    )


def _rolls(look: Look, filters: Filters, words: Words) -> Number:
    rolls = ask_missing_rolls(look, filters).value
    still = words.many(
        "{n} class is running or ended within the week",
        "{n} classes are running or ended within the week",
        rolls.open,
    )
    return Number(
        words("Overdue rolls"),
        "missing-rolls",
        words.number(rolls.overdue),
        words.many("class", "classes", rolls.overdue),
        words.many("at {n} institution", "at {n} institutions", len(rolls.rows))
        if rolls.rows
        else still
        if rolls.open
        else words("No roll is overdue by more than a week"),
        words("See the institutions"),
        "#missing-rolls",
        alarm=rolls.overdue > 0,
    )
