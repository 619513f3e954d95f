"""Open a review case for a registration the records could not decide (複審)."""

from sqlalchemy import insert

from services.catalogue.holidays import add_working_days
from services.kernel.work import Work
from services.registration.cases import open_case_of
from services.registration.records import review_case
from services.registration.seats import ClassFacts


def open_case(work: Work, facts: ClassFacts, registration_id: int, person_id: int) -> None:
    """Put a registration on the desk of the class's institution, due in working days.

    A person has one open case in a cohort: where there is one, it holds for this choice too.
    """
    if open_case_of(work, facts.cohort_id, person_id) is not None:
        return
    work.run(
        insert(review_case),
        {
            "registration_id": registration_id,
            "cohort_id": facts.cohort_id,
            "person_id": person_id,
            "institution": facts.institution,
            "opened_at": work.now,
            "due_on": add_working_days(work.today, facts.review_days),
        },
    )
