"""The tables that leave as files: every question's, and the classes that need somebody."""

from datetime import datetime

from analytics import attention
from analytics.filters import Filters
from analytics.questions import QUESTIONS, ask_attention
from analytics.sheet import Sheet
from services.kernel.work import Look
from services.words import Words


def sheet_of(
    code: str, look: Look, filters: Filters, words: Words
) -> tuple[Sheet, datetime] | None:
    """Give the table of a question and the instant it is true of; None for an unknown one."""
    if code == "attention":
        due = ask_attention(look, filters)
        return attention.sheet(due.value, words), due.as_of
    question = QUESTIONS.get(code)
    if question is None:
        return None
    found = question.ask(look, filters)
    return question.eyes.sheet(found.value, words), found.as_of
