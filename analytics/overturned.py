"""Which decisions of a review were turned round on appeal? Counted by institution and course."""

from sqlalchemy import Connection, and_, case, exists, func, select

from analytics.filters import Filters, classes_within
from analytics.institutions import Unit
from services.catalogue.records import course, institution, training_class
from services.registration.lifecycle import Event
from services.registration.records import registration, registration_event, review_case


def extract(connection: Connection, filters: Filters) -> tuple[Unit, ...]:
    """Count the decided reviews, and those whose person appealed and was found eligible."""
    appealed = exists().where(
        registration_event.c.registration_id == registration.c.id,
        registration_event.c.event == Event.APPEAL.value,
    )
    turned = and_(review_case.c.state == "rejected", registration.c.verdict == "eligible", appealed)
    names = (institution.c.code, institution.c.short_zh, institution.c.short_en)
    statement = (
        select(*names, course.c.code, func.sum(case((turned, 1), else_=0)), func.count())
        .select_from(review_case)
        .join(registration, registration.c.id == review_case.c.registration_id)
        .join(training_class, training_class.c.id == registration.c.class_id)
        .join(course, course.c.code == training_class.c.course)
        .join(institution, institution.c.code == training_class.c.institution)
        .where(
            classes_within(filters, filters.year),
            review_case.c.state.in_(("approved", "rejected")),
            review_case.c.statement.is_(None),  # the case of an appeal is MPB's
        )
        .group_by(*names, course.c.code)
    )
    return tuple((c, zh, en, code, int(x), n) for c, zh, en, code, x, n in
                 connection.execute(statement))  # fmt: skip
