"""What staff hear from a person by phone, or tell; an answer counts as the online one does."""

from enum import StrEnum

from sqlalchemy import insert, select

from services.cancel import owned_by
from services.catalogue.checks import Checks
from services.catalogue.scope import require_own
from services.claim import claim
from services.confirm import confirm, decline
from services.kernel.errors import DomainError
from services.kernel.work import Work
from services.notices.tasks import TaskDone, close_letter_tasks, task_about
from services.registration.advance import IllegalTransition
from services.registration.lifecycle import Status
from services.registration.records import phone_call, registration, request
from services.registration.seats import facts_of, hold
from services.requests import reached
from services.words import mark

LONGEST_NOTE = 300


class AnswerWanted(DomainError):
    """A person who is being asked something answers; telling is not enough."""

    code = "phone.answer_wanted"
    sentence = mark("This person is being asked: note the call with its outcome in the call list.")


class Outcome(StrEnum):
    """What came of a call."""

    YES = "yes"
    NO = "no"
    SPOKEN = "spoken"  # will answer later: the deadline runs from now
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    TOLD = "told"  # nothing was asked: letters that had come back were told instead


ASKING = tuple(outcome for outcome in Outcome if outcome is not Outcome.TOLD)
REACHING = frozenset({Outcome.YES, Outcome.NO, Outcome.SPOKEN})


def record_call(work: Work, registration_id: int, *, outcome: str, note: str = "") -> None:
    """Keep a call and do what was said in it: come, not come, or hear of the request.

    Raises:
        NotFound, NotPermitted: not a class of the actor's institution.
        IllegalTransition: nobody is asking this person anything (any more).
        InvalidInput: no such outcome, or a note that is too long.
    """
    checks = Checks()
    if outcome not in ASKING:
        checks.refuse("outcome", mark("Please choose one of the options."))
    checks.short("note", note, LONGEST_NOTE)
    row = hold(work, registration_id)
    facts = facts_of(work, row.class_id)
    require_own(work.actor, facts.institution)
    owned_by(work, row, facts)
    checks.settle()
    asked = _question(work, registration_id)
    if asked is None:
        raise IllegalTransition
    _keep(work, registration_id, outcome, note)
    if outcome in REACHING:
        reached(work, asked, by="phone")
    _obey(work, registration_id, Outcome(outcome))


def tell_by_phone(work: Work, task_id: int) -> None:
    """Keep that a person was told what letters say that came back; the tasks about them are done.

    Whoever is being asked something is not only told: that call is noted with its outcome.

    Raises:
        NotFound, NotPermitted: no task about a person of the actor's institution.
        TaskDone: no task about letters is open: somebody was faster.
        AnswerWanted: the person is being asked something.
    """
    registration_id = task_about(work, task_id).registration_id
    hold(work, registration_id)
    if _question(work, registration_id) is not None:
        raise AnswerWanted
    if not close_letter_tasks(work, registration_id):
        raise TaskDone
    _keep(work, registration_id, Outcome.TOLD)


def _question(work: Work, registration_id: int) -> int | None:
    """Give the open question to a registration."""
    asked = request.c.registration_id == registration_id, request.c.closed_at.is_(None)
    found: int | None = work.scalar(select(request.c.id).where(*asked))
    return found


def _keep(work: Work, registration_id: int, outcome: str, note: str = "") -> None:
    work.run(
        insert(phone_call),
        {
            "registration_id": registration_id,
            "at": work.now,
            "account_id": work.actor.account_id,
            "outcome": outcome,
            "note": note or None,
        },
    )


def _obey(work: Work, registration_id: int, outcome: Outcome) -> None:
    if outcome is Outcome.NO:
        decline(work, registration_id)
    elif outcome is Outcome.YES:
        say_yes(work, registration_id)


def say_yes(work: Work, registration_id: int) -> None:
    """Pass a person's yes on: an offered seat is claimed, a given one confirmed.

    Raises:
        NotFound and the refusals of `claim` and `confirm`: as there.
    """
    status = work.scalar(select(registration.c.status).where(registration.c.id == registration_id))
    if status in (Status.OFFERED, Status.IN_REVIEW):
        claim(work, registration_id)
    else:
        confirm(work, registration_id)
