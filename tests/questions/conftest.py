"""Plan years as plain rows, and one reading of them."""

from datetime import date

import pytest
from season import Season

from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei

TODAY = date(2027, 4, 1)
PLANNER = Actor(Role.PLANNER)


@pytest.fixture
def season(office, clock):
    clock.go_to(taipei(TODAY, 10))
    return Season(office)


@pytest.fixture
def ask(office):
    """Ask a question's extract for a selection: `ask(extract, filters)`."""

    def put(extract, filters, *more):
        with office.look(PLANNER) as look:
            return extract(look.connection, filters, *more)

    return put
