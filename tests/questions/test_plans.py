"""No question reads a large table from one end to the other, however little SQLite knows of it.

A service that has just begun has no statistics, and nobody makes them there: a plan must be found
by the shape of the question alone.
"""

import re
from datetime import date

import pytest
from databases import SqliteFiles
from season import Season
from sqlalchemy import event, insert

from analytics.also import ALSO
from analytics.filters import Filters
from analytics.questions import QUESTIONS
from services.kernel.actor import Actor, Role
from services.kernel.clock import StandingClock, taipei
from services.kernel.work import Office
from services.tally.records import watermark

NOW = taipei(date(2027, 4, 1), 10)
LARGE = (
    "registration|registration_event|request|review_case|notice|milestone|"
    "standing|several|tally|class_tally|week_tally|class_day|entry|shelf"
)
FEW = "ix_notice_skipped|ix_registration_rescreen"  # indexes of the few rows that are meant
SELECTIONS = {
    "everything": Filters(2027),
    "one institution": Filters(2027, institution="NTOU"),
    "one region": Filters(2027, region="north"),
    "some months of a category": Filters(2027, category="safety", first_month=3, last_month=8),
    "a past day": Filters(2027, as_of=date(2027, 3, 20)),
    "a region on a past day": Filters(2027, region="north", as_of=date(2027, 3, 20)),
}


@pytest.fixture
def asked(tmp_path):
    """Give an office whose sums can be read, and what its database is asked."""
    engine = SqliteFiles(tmp_path).fresh()
    season = Season(Office(engine, StandingClock(NOW)))
    season.rows(season.a_class(date(2027, 5, 3)), waitlisted=1, confirmed=1)
    taken = {"cohort_id": 1, "seq": 1, "day": 1, "at": NOW, "taken_at": NOW}
    with season.office.open() as work:
        work.run(insert(watermark), taken)
    statements = []

    @event.listens_for(engine, "before_cursor_execute")
    def _note(_connection, _cursor, statement, given, *_):
        statements.append((statement, given))

    yield season.office, statements
    engine.dispose()


def read_whole(office, statements):
    with office.look(Actor(Role.PLANNER)) as look:
        cursor = look.connection.connection.cursor()
        for statement, given in statements:
            for *_, step in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", given):
                if re.match(rf"SCAN ({LARGE})\b(?! USING INDEX ({FEW})$)", step):
                    yield step, statement


@pytest.mark.parametrize("selection", SELECTIONS)
def test_no_large_table_is_read_whole(asked, selection):
    office, statements = asked
    filters = SELECTIONS[selection]
    with office.look(Actor(Role.PLANNER)) as look:
        for question in QUESTIONS.values():
            question.ask(look, filters)
    asks = {question.ask for question in QUESTIONS.values()}
    assert len(statements) > len(asks) - len(ALSO)  # which ask nothing of their own
    assert list(read_whole(office, list(statements))) == []
