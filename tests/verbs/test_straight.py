"""Statements that come again go straight to the driver, and say and refuse what they always did."""

import gc
from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, event, insert, select, type_coerce, update
from sqlalchemy.exc import DBAPIError, IntegrityError, MultipleResultsFound, StatementError

from services.identity.records import person
from services.kernel import prepared, straight
from services.kernel.db import Raw
from services.kernel.many import inserting
from services.kernel.records import heartbeat
from services.kernel.straight import way_of
from services.notices.records import notice
from services.registration.records import registration
from services.tally.records import standing, tally

NOW = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)


@pytest.fixture
def entered(world):
    """One registration with its receipt."""
    return world.registers(world.a_person(), world.a_class())


def again(look, statement, keys):
    """Ask the ordinary way, then twice more; tell the answers and if the last went straight."""
    ordinary = list(look.connection.execute(statement, keys))
    answers = [look.all(statement, keys) for _ in range(2)]
    return ordinary, *answers, way_of(look.connection, statement, keys) is not None


def test_days_instants_documents_and_truths_come_back_as_ever(world, office, entered):
    statement = select(registration, person.c.birth_date).join(
        person, person.c.id == registration.c.person_id
    ).where(registration.c.id == bindparam("id"))  # fmt: skip
    with office.look() as look:
        ordinary, first, second, went = again(look, statement, {"id": entered.registration_id})
    assert went
    assert ordinary == first == second
    (row,) = second
    assert row._mapping == ordinary[0]._mapping
    assert row.registered_at.tzinfo is not None
    assert row.on_behalf is False
    assert isinstance(row.findings, dict)


def test_rows_come_as_plain_tuples_too(office, entered):
    """With instants to convert and without, the ordinary way and straight."""
    mine = registration.c.id == bindparam("id")
    keys = {"id": entered.registration_id}
    with office.look() as look:
        for columns in ((registration.c.status, registration.c.registered_at), (person.c.id,)):
            statement = select(*columns).where(mine, person.c.id == registration.c.person_id)
            ordinary, *_ = again(look, statement, keys)
            found = look.tuples(statement, keys)
            assert found == [tuple(row) for row in ordinary] != []
            assert type(found[0]) is tuple


def test_whoever_listens_to_the_engine_hears_every_statement(world, office, entered):
    statement = select(person.c.id).where(person.c.id == bindparam("id"))
    heard = []

    def note(*told):
        heard.append(told[2])

    with office.look() as look:
        again(look, statement, {"id": 1})
    event.listen(office.engine, "before_cursor_execute", note)
    try:
        with office.look() as look:
            assert look.scalar(statement, {"id": 1}) == 1
    finally:
        event.remove(office.engine, "before_cursor_execute", note)
    assert len(heard) == 1


def test_a_list_of_unknown_length_goes_the_ordinary_way(world, office, entered):
    people = select(person.c.id).where(person.c.id.in_(bindparam("ids", expanding=True)))
    with office.look() as look:
        ordinary, first, second, went = again(look, people, {"ids": [1, 2]})
    assert not went
    assert ordinary == first == second == [(1,)]


def test_a_statement_built_for_once_is_forgotten(world, office):
    with office.look() as look:
        look.all(select(person.c.id).where(person.c.id == bindparam("id")), {"id": 1})
        gc.collect()
        known = len(straight._WAYS)
        look.all(select(person.c.id).where(person.c.id == bindparam("id")), {"id": 1})
        gc.collect()
    assert len(straight._WAYS) == known


def test_what_the_caller_leaves_out_takes_its_default(world, office, entered):
    entering = insert(notice)
    row = {
        "kind": "receipt", "registration_id": entered.registration_id, "person_id": 1, "facts": {},
        "made_at": NOW, "next_try_at": NOW,
    }  # fmt: skip
    with office.open() as work:
        for n in range(3):
            work.run(entering, {**row, "key": f"k{n}"})
        assert way_of(work.connection, entering, {**row, "key": ""}) is not None
        made = work.all(select(notice).where(notice.c.key.like("k%")))
    plain = [(each.mail, each.attempts, each.asks, each.facts, each.made_at) for each in made]
    assert plain == [("due", 0, False, {}, NOW)] * 3


def test_a_refusal_is_told_in_the_same_words_and_without_values(world, office, entered):
    entering = insert(notice)
    row = {
        "kind": "receipt", "registration_id": entered.registration_id, "person_id": 1,
        "facts": {"name": "secret"}, "made_at": NOW, "next_try_at": NOW,
    }  # fmt: skip

    def enters(*keys):
        with office.open() as work:
            for key in keys:
                work.run(entering, {**row, "key": key})

    with pytest.raises(IntegrityError) as refusal:
        enters("one", "two", "two")
    assert refusal.value.orig is not None
    assert "secret" not in str(refusal.value)
    with office.look() as look:
        assert look.all(select(notice.c.id).where(notice.c.key.in_(["one", "two"]))) == []


def test_two_rows_where_one_was_asked_for_are_a_defect(world, office):
    world.people(2)
    everybody = select(person.c.id).where(person.c.id > bindparam("least"))
    with office.look() as look:
        for _ in range(3):
            with pytest.raises(MultipleResultsFound):
                look.one_or_none(everybody, {"least": 0})


def test_a_missing_value_is_a_defect_and_never_nothing(world, office):
    statement = select(person.c.id).where(person.c.id == bindparam("id"))
    with office.look() as look:
        again(look, statement, {"id": 1})
        for _ in range(3):
            with pytest.raises(StatementError, match="A value is required"):
                look.all(statement, {"other": 1})


@pytest.mark.postgres
def test_a_connection_that_is_gone_is_not_kept(world, office):
    statement = select(person.c.id).where(person.c.id == bindparam("id"))
    with office.look() as look:
        again(look, statement, {"id": 1})

    def asks_a_closed_one():
        with office.look() as look:
            look.connection.connection.driver_connection.close()
            look.all(statement, {"id": 1})

    with pytest.raises(DBAPIError):
        asks_a_closed_one()
    with office.look() as look:
        assert look.all(statement, {"id": 0}) == []


def into(work, table, names):
    return inserting(work.connection.dialect.name, table, names)


def test_many_rows_go_in_the_order_of_their_names(office):
    names = tally.c.keys()[::-1]
    rows = [
        [(n, "", key, "unit", place, 1) for key in range(n)] for n, place in ((2, "a"), (3, "b"))
    ]
    with office.open() as work:
        statement = into(work, tally, names)
        for some in rows:
            work.put(statement, names, some)
        found = work.all(select(tally).order_by(tally.c.place, tally.c.key))
    assert [tuple(row)[::-1] for row in found] == [*rows[0], *rows[1]]


def test_many_rows_are_written_as_the_driver_gave_them(office):
    """Flags as 0 or 1, nothing, every sign of a text, instants."""
    texts = ("min_age", "", "a \"b\" 'c' \\ {d,e}\n\t初審")
    with office.open() as work:
        at = as_given(work, NOW)
        rows = [(n, n % 2, n or None, at if n else None, said) for n, said in enumerate(texts)]
        names = ("registration_id", "slip", "took", "ended_at", "failing")
        rest = {c.name: 1 for c in standing.c if not c.nullable and c.name not in names}
        statement = into(work, standing, (*names, *rest))
        for some in (rows[:1], rows[1:]):
            work.put(statement, (*names, *rest), [(*row, *rest.values()) for row in some])
        columns = (standing.c[name] for name in names)
        found = work.all(select(*columns).order_by(standing.c.registration_id))
    assert [tuple(row) for row in found] == [
        (n, bool(n % 2), n or None, NOW if n else None, said) for n, said in enumerate(texts)
    ]


def as_given(work, instant):
    work.run(insert(heartbeat), {"process": "a", "at": instant})
    return work.scalar(select(type_coerce(heartbeat.c.at, Raw())))


def test_many_rows_are_refused_in_the_words_of_sqlalchemy(office):
    row, names = (1, "", "unit", 0, "", 1), tally.c.keys()
    with office.open() as work:
        statement = into(work, tally, names)
        work.put(statement, names, [row])
    for _ in range(2):
        with pytest.raises(IntegrityError), office.open() as work:
            work.put(statement, names, [row])


@pytest.fixture
def known(world, entered):
    """A question that a connection of PostgreSQL has prepared."""
    statement = select(person.c.id).where(person.c.id == bindparam("id"))
    with world.office.look() as look:
        again(look, statement, {"id": 1})
    return statement


def _asks_after_a_drop(office, statement):
    with office.open() as work:
        work.all(statement, {"id": 1})
        for _ in range(3):  # psycopg prepares what comes again, and drops all of it after a DROP
            work.connection.exec_driver_sql("CREATE TEMPORARY TABLE passing (n INTEGER)")
            work.connection.exec_driver_sql("SELECT 1")
            work.connection.exec_driver_sql("DROP TABLE passing")
        return work.all(statement, {"id": 1})


@pytest.mark.postgres
def test_what_psycopg_drops_is_prepared_again(world, known):
    assert _asks_after_a_drop(world.office, known) == [(1,)]


@pytest.mark.postgres
def test_whoever_does_not_hear_of_it_asks_for_what_is_gone(world, known, monkeypatch):
    """The twin."""
    monkeypatch.delattr(prepared.Asked, "_deallocate")
    with pytest.raises(DBAPIError, match="does not exist"):
        _asks_after_a_drop(world.office, known)


@pytest.mark.postgres
def test_what_is_undone_leaves_the_connection_its_statements(world, known):
    def undoes():
        with world.office.open() as work:
            work.all(known, {"id": 1})
            kept.append(dict(work.connection.connection.driver_connection._names))
            raise ValueError("undone")

    kept = []
    for _ in range(2):
        with pytest.raises(ValueError, match="undone"):
            undoes()
    assert kept[0]
    assert kept[0] == kept[1]
    with world.office.look() as look:
        assert look.all(known, {"id": 1}) == [(1,)]


def _writes_after_a_refusal(office):
    """A statement comes for the second time, and is prepared, behind one that is refused."""
    entering = insert(heartbeat).values(process=bindparam("b_process"), at=bindparam("b_at"))
    moving = update(heartbeat).values(at=bindparam("b_at"))

    def writes(*names):
        with office.open() as work, work.in_one_go():
            for name in names:
                work.run(entering, {"b_process": name, "b_at": NOW})
            work.run(moving, {"b_at": NOW})

    writes("clock")
    with pytest.raises(IntegrityError):
        writes("clock")
    writes()
    writes("mailer")
    with office.look() as look:
        return sorted(look.connection.scalars(select(heartbeat.c.process)))


def test_what_stood_behind_a_refused_statement_is_prepared_anew(office):
    assert _writes_after_a_refusal(office) == ["clock", "mailer"]


@pytest.mark.postgres
def test_whoever_takes_it_for_prepared_asks_for_what_never_was(office, monkeypatch):
    """The twin: an innocent write is refused, on this connection every time."""
    monkeypatch.delattr(prepared.Asked, "pipeline")
    with pytest.raises(DBAPIError, match="does not exist"):
        _writes_after_a_refusal(office)
