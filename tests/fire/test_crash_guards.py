"""What a crash may cost, guard by guard: a process ends between any two steps, here in one thread.

`Died` passes every handler as a SIGKILL would. Each test has a twin with the guard switched off.
"""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from databases import SqliteFiles
from sqlalchemy import event, select
from world import World

import services.deliver as mailer
from services import milestone_steps
from services.cancel import cancel
from services.kernel.db import metadata
from services.kernel.work import Office
from services.notices.gateway import Outcome
from services.notices.records import notice
from services.sweep import sweep

WRITES = ("INSERT", "UPDATE", "DELETE")
PEOPLE, CRASHES = 12, 4


class Died(BaseException):
    """The process is gone: nothing is tidied up."""


@pytest.fixture
def world(tmp_path, clock):
    engine = SqliteFiles(tmp_path).fresh()
    yield World(Office(engine, clock), clock)
    engine.dispose()


# The mailer.


@dataclass
class Letterbox:
    """Keep what arrives; after so many letters the mailer dies, the last of them taken."""

    arrived: list[str] = field(default_factory=list)
    dies_after: int = 10**9
    composes = True

    def send(self, message):
        self.arrived.append(str(message["Message-ID"]))
        if len(self.arrived) == self.dies_after:
            raise Died
        return Outcome.ACCEPTED, ""


def mails(world, box):
    return mailer.deliver(world.office, box, base_url="http://127.0.0.1")


def with_crashes(world):
    """Deliver the receipts of a class by mailers that die; give the letters beyond one each."""
    world.registered(world.a_class(seats=PEOPLE), *world.people(PEOPLE))
    box = Letterbox()
    for _ in range(CRASHES):
        box.dies_after = len(box.arrived) + 2
        with pytest.raises(Died):
            mails(world, box)
        world.clock.go_to(world.clock.now() + mailer.LEASE + timedelta(seconds=1))
    mails(world, box)
    with world.office.look() as look:
        keys = list(look.connection.scalars(select(notice.c.key)))
    promised = {f"<{key.replace(':', '.')}@portal.example>" for key in keys}
    assert set(box.arrived) == promised  # none is lost, whatever guard is off
    return len(box.arrived) - len(promised)


def test_a_mailer_that_dies_sends_one_letter_twice_at_the_most(world):
    assert with_crashes(world) <= CRASHES


def test_settling_the_letters_together_would_send_more_of_them_twice(world, monkeypatch):
    one_by_one = mailer._send
    monkeypatch.setattr(mailer, "_send", lambda *args: list(one_by_one(*args)))
    assert with_crashes(world) > CRASHES


def beside_each_other(world):
    """Let another mailer come while the first has letters in hand; count letters sent twice."""
    world.registered(world.a_class(seats=PEOPLE), *world.people(PEOPLE))
    box = Letterbox()

    class First(Letterbox):
        def send(self, message):
            mails(world, box)
            return box.send(message)

    mails(world, First())
    return sum(n - 1 for n in Counter(box.arrived).values())


def test_two_mailers_never_have_the_same_letter_in_hand(world):
    assert beside_each_other(world) == 0


def test_without_a_lease_they_would(world, monkeypatch):
    monkeypatch.setattr(mailer, "LEASE", timedelta(seconds=-1))  # over before it began
    monkeypatch.setattr(mailer, "MARGIN", timedelta(minutes=-10))
    assert beside_each_other(world) > 0


# One transaction for everything that belongs together.


@contextmanager
def dying(engine, at):
    """End the process before its write number `at`."""
    writes = 0

    def before(_connection, _cursor, statement, *_more):
        nonlocal writes
        if statement.lstrip().upper().startswith(WRITES):
            writes += 1
            if writes == at:
                raise Died

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", before)


@contextmanager
def committing_each_write(engine):
    """Switch the single transaction off: what was written is kept before the next is."""

    def before(_connection, cursor, statement, *_more):
        if statement.lstrip().upper().startswith(WRITES):
            cursor.connection.execute("COMMIT")
            cursor.connection.execute("BEGIN IMMEDIATE")

    event.listen(engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", before)


def contents(world):
    with world.office.look() as look:
        return {table.name: look.all(select(table)) for table in metadata.sorted_tables}


def dies_everywhere(world, act):
    """Do something that dies before each of its writes in turn; give what was left behind.

    The last time it goes through.
    """
    left = []
    for at in range(1, 200):
        before = contents(world)
        try:
            with dying(world.office.engine, at):
                act()
        except Died:
            if contents(world) != before or world.broken():
                left.append(at)
        else:
            assert at > 4, "there was hardly anything to die in"
            return left
    pytest.fail("it never went through")


def registering(world):
    class_id = world.a_class(seats=1)
    world.registers(world.a_person(), class_id)
    waits = world.a_person()
    return lambda: world.registers(waits, class_id)


def cancelling(world):
    class_id, (first, second) = world.a_class(seats=1), world.people(2)
    receipt, _ = world.registered(class_id, first, second)
    return lambda: world.does(first, cancel, receipt.registration_id)


def calling(world):
    class_id = world.a_class(seats=2)
    world.registered(class_id, *world.people(3))
    world.days_before(class_id, 28)
    return lambda: sweep(world.office)


ACTS = [registering, cancelling, calling]


@pytest.mark.parametrize("begin", ACTS)
def test_whoever_dies_between_two_writes_leaves_nothing_behind(world, begin):
    assert dies_everywhere(world, begin(world)) == []
    assert world.broken() == []


@pytest.mark.parametrize("begin", ACTS)
def test_without_the_single_transaction_a_crash_would_leave_half_of_it(world, begin, monkeypatch):
    """Half a sweep is never made whole: the clock takes its milestone for done."""
    monkeypatch.setattr(milestone_steps, "_attempt", milestone_steps._run)  # no savepoint either
    act = begin(world)
    with committing_each_write(world.office.engine):
        left = None
        for at in range(2, 200):
            before = contents(world)
            with pytest.raises(Died), dying(world.office.engine, at):
                act()
            if contents(world) != before or world.broken():
                left = at
                break
    assert left is not None
    sweep(world.office)
    assert world.broken() != []
