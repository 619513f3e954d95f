"""The tables that leave as files: every question's, and the classes that need somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics import attention
from analytics.asking import ask_attention
from analytics.boards import Board
from analytics.definitions import definition
from analytics.filters import Filters
from analytics.questions import QUESTIONS
from analytics.sheet import Sheet
from services.kernel.work import Look
from services.words import Words


@dataclass(frozen=True, slots=True)
class Export:
    """One table with what it says, what it is defined by, and the instant it is true of."""

    name: str
    measure: str
    title: str
    subtitle: str
    sheet: Sheet
    as_of: datetime
    more: Sequence[str] = ()  # definitions of its rows


def export_of(code: str, look: Look, filters: Filters, words: Words) -> Export | None:
    """Give the table of a question; None for an unknown one."""
    if code == "attention":
        due = ask_attention(look, filters)
        name = words("Classes that need somebody")
        table = attention.sheet(due.value, words)
        return Export(name, "below-minimum", name, filters.period(words), table, due.as_of)
    question = QUESTIONS.get(code)
    if question is None:
        return None
    found, eyes = question.ask(look, filters), question.eyes
    return Export(
        words(definition(question.measure).name),
        question.measure,
        eyes.finding(found.value, words),
        eyes.subtitle(found.value, words, filters.period(words)),
        eyes.sheet(found.value, words),
        found.as_of,
        question.more,
    )


def board_exports(board: Board, look: Look, filters: Filters, words: Words) -> list[Export]:
    """Give every table of a dashboard, in its order."""
    codes = [code for code, _ in board.figures] + (["attention"] if board.attention else [])
    found = (export_of(code, look, filters, words) for code in codes)
    return [table for table in found if table is not None]
