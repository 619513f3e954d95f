"""What an administrator of the database could do: rewrite a chain so that it is whole again."""

from sqlalchemy import select, text

from services.registration.chain import link
from services.registration.records import registration_event


def rewrite(world, cohort_id, seq, **facts):
    """Change an event, recompute all links from there on and the head of the cohort."""
    event = registration_event.c.cohort_id == cohort_id, registration_event.c.seq == seq
    with world.office.open() as work:
        work.run(registration_event.update().where(*event).values(**facts))
    relink(world, cohort_id)


def relink(world, cohort_id):
    with world.office.open() as work:
        head, events = "", 0
        of_cohort = registration_event.c.cohort_id == cohort_id
        for row in work.all(
            select(registration_event).where(of_cohort).order_by(registration_event.c.seq)
        ):
            head, events = link(head, row._mapping), row.seq
            work.run(
                registration_event.update()
                .where(of_cohort, registration_event.c.seq == row.seq)
                .values(hash=head)
            )
        work.connection.execute(
            text("UPDATE cohort SET head = :head, events = :events WHERE id = :id"),
            {"head": head, "events": events, "id": cohort_id},
        )
