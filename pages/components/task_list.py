"""The open tasks of a desk: each leads to where it can be done."""

from collections.abc import Sequence
from datetime import date, datetime

from dash import dcc, html
from dash.development.base_component import Component

from services.registration.desk_tasks import TaskLine, ValueTask
from services.words import Words, mark

CLASS_TASKS = {"too_small": mark("Too few people: cancel, postpone or merge.")}
SILENT = mark("Nobody could be reached by mail: please phone.")
LETTERS = {
    "back": mark("A letter came back: send it again, or tell by phone."),
    "again": mark("A letter has been sent again and is on its way."),
}
VALUE = mark("The draw waits for its public value: read it and enter it.")


def task_list(words: Words, found: Sequence[TaskLine], values: Sequence[ValueTask]) -> Component:
    """List the draws that wait for a value, then what is to be done about classes and people."""
    draws = [
        _line(
            words,
            task.closes_at,
            words("Draw of {year}", year=words.year(task.year)),
            f"/plan/value/{task.window_id}",
            words(VALUE),
        )
        for task in values
    ]
    return html.Ul([*draws, *(_task(words, task) for task in found)], className="news")


def _task(words: Words, task: TaskLine) -> Component:
    course = f"{words.name(task)} {task.code}"
    if task.registration_id is None:
        told = words(CLASS_TASKS.get(task.kind, ""))
        return _line(words, task.starts_on, course, f"/desk/classes/{task.class_id}", told)
    if task.letter is None or (task.asked and task.letter == "back"):
        told = words(SILENT)
    else:
        told = words(LETTERS[task.letter])
    return _line(words, task.starts_on, words.name(task, "who"), _where(task), course, told)


def _where(task: TaskLine) -> str:
    if task.letter is None and task.asked:
        return f"/desk/calls/{task.class_id}?person={task.registration_id}"
    return f"/desk/undelivered/{task.id}"


def _line(words: Words, day: date | datetime, title: str, href: str, *more: str) -> Component:
    return html.Li(
        [
            html.Time(words.day(day), dateTime=day.isoformat()),
            html.Span(
                [
                    dcc.Link(title, href=href),
                    *(html.Div(text, className="sub") for text in more),
                ]
            ),
        ]
    )
