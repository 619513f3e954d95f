"""Queues in bulk: registrations as the verbs would have left them, with events and receipts."""

from collections.abc import Sequence

from sqlalchemy import func, insert, select, update
from world import World

from services.catalogue.records import training_class
from services.kernel.actor import Actor, Role
from services.kernel.clock import taipei_day
from services.kernel.work import Work
from services.notices.outbox import Promise, promise
from services.registration.chain import append, head_of
from services.registration.lifecycle import Event, Notice, Seat, Status
from services.registration.moves import Move
from services.registration.records import registration

SEAFARER = Actor(Role.SEAFARER, name="船員")


def fill(world: World, class_id: int, people: Sequence[int], status: Status, seat: Seat) -> None:
    """Register people in a class whose queue is empty, all with the same outcome."""
    with world.office.open(SEAFARER) as work:
        this = training_class.c.id == class_id
        cohort_id = work.scalar(select(training_class.c.cohort_id).where(this))
        first = (work.scalar(select(func.max(registration.c.id))) or 0) + 1
        moves = [
            Move(first + n, class_id, who, None, Seat.NONE, Event.REGISTER, status, seat)
            for n, who in enumerate(people)
        ]
        work.run(
            insert(registration), [_row(work, cohort_id, n, m) for n, m in enumerate(moves, 1)]
        )
        sequence = append(work, cohort_id, moves, head_of(work, cohort_id))
        kind = Notice.RECEIPT.value
        promise(
            work,
            [
                Promise(
                    kind, m.registration_id, m.person_id, str(sequence + n), facts={"number": n}
                )
                for n, m in enumerate(moves)
            ],
        )
        held = len(people) if seat is not Seat.NONE else 0
        work.run(
            update(training_class).where(this).values(numbers_given=len(people), seats_held=held)
        )


def _row(work: Work, cohort_id: int, number: int, move: Move) -> dict[str, object]:
    seated = work.now if move.takes is not Seat.NONE else None
    return {
        "id": move.registration_id,
        "class_id": move.class_id,
        "cohort_id": cohort_id,
        "person_id": move.person_id,
        "number": number,
        "rank": number,
        "status": move.target.value,
        "seat": move.takes.value,
        "track": "funded",
        "verdict": "eligible",
        "screened_at": work.now,
        "registered_at": work.now,
        "registered_ym": taipei_day(work.now).strftime("%Y-%m"),
        "qualified_at": work.now,
        "seated_at": seated,
        "how_seated": "register" if seated else None,
        "moved_at": work.now,
    }
