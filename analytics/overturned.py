"""Which decisions of a review were turned round on appeal? Counted by institution and course."""

from sqlalchemy import Connection, and_, case, exists, func, select

from analytics.filters import Filters, by_then, classes, classes_within, registrations
from analytics.institutions import Unit
from services.catalogue.records import course, institution
from services.registration.lifecycle import Event
from services.registration.records import registration_event, review_case


def extract(connection: Connection, filters: Filters) -> tuple[Unit, ...]:
    """Count the decided reviews, and those whose person appealed and was found eligible."""
    r, of = registrations(filters, filters.year), classes(filters)
    appealed = exists().where(
        registration_event.c.registration_id == r.c.id,
        registration_event.c.event == Event.APPEAL.value,
        by_then(registration_event.c.at, filters),
    )
    turned = and_(review_case.c.state == "rejected", r.c.verdict == "eligible", appealed)
    names = (institution.c.code, institution.c.short_zh, institution.c.short_en)
    statement = (
        select(*names, course.c.code, func.sum(case((turned, 1), else_=0)), func.count())
        .select_from(review_case)
        .join(r, r.c.id == review_case.c.registration_id)
        .join(of, of.c.id == r.c.class_id)
        .join(course, course.c.code == of.c.course)
        .join(institution, institution.c.code == of.c.institution)
        .where(
            classes_within(filters, filters.year, of=of),
            by_then(review_case.c.decided_at, filters),
            review_case.c.state.in_(("approved", "rejected")),
            review_case.c.statement.is_(None),  # the case of an appeal is MPB's
        )
        .group_by(*names, course.c.code)
    )
    return tuple((c, zh, en, code, int(x), n) for c, zh, en, code, x, n in
                 connection.execute(statement))  # fmt: skip
