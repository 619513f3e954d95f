"""What the state machine draws from: verbs, answers, wishes, whom an act fits, how all stand."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from queue_start import CLASSES
from sqlalchemy import select

from services.cancel import cancel
from services.claim import claim, unclaim
from services.confirm import confirm, decline
from services.notices.records import notice, staff_task
from services.registration.records import registration, request
from services.standing_yes import stand_by, stand_down

VERBS = {"cancel": cancel, "confirm": confirm, "decline": decline, "claim": claim,
         "unclaim": unclaim, "stand_by": stand_by, "stand_down": stand_down}  # fmt: skip
ANSWERS = ("confirm", "confirm", "confirm", "cancel", "cancel", "decline", "claim", "claim",
           "unclaim", "stand_by", "stand_by", "stand_down")  # fmt: skip
ALL = range(len(CLASSES))
WHICH = st.integers(0, len(CLASSES) - 1)
WISHES = ((0, 2), (2, 0), (4, 2, 0), (0, 2, 4), (2, 4), (4, 0), (1, 5), (5, 1))
DECISIONS = ("approve", "approve", "reject", "ask_supplement", "upload")
WARM = ((), (28,), (28, 21), (28, 21, 14), (28, 21, 14, 11))  # milestones lived through before
OUTCOMES = ("yes", "no", "spoken", "no_answer")
PICK = st.integers(0, 60)
LIKELY = {"confirm": ("confirm", "confirm", "decline", None), "claim": ("claim", None, None)}
FITS = {  # status, seat, skip, claims, question, deadline, preference, yes, rank
    "stand_by": lambda state: state[0] == "waitlisted" and not state[7],
    "stand_down": lambda state: state[0] == "waitlisted" and state[7],
    "cancel": lambda state: state[1] in ("reserved", "funded", "self_funded"),
    "confirm": lambda state: state[4] == "confirm",
    "decline": lambda state: state[4] is not None,
    "claim": lambda state: state[0] in ("offered", "in_review") and state[1] == "none",
    "unclaim": lambda state: state[3],
}

_OPEN = request.c.closed_at.is_(None)
STANDING = (  # in order, or the acts drawn from it would differ from one database to the other
    select(registration, request.c.kind, request.c.deadline)
    .outerjoin(request, (request.c.registration_id == registration.c.id) & _OPEN)
    .order_by(registration.c.id)
)
STANDBY = select(notice.c.registration_id).where(notice.c.kind == "standby")
SMALL = select(staff_task.c.class_id).where(staff_task.c.kind == "too_small")
ASKING = (
    select(notice.c.id, notice.c.registration_id, notice.c.person_id)
    .join(request, request.c.registration_id == notice.c.registration_id)
    .where(notice.c.asks, _OPEN, notice.c.made_at == request.c.asked_at)
    .order_by(notice.c.id)
)

RUN = settings(
    max_examples=60,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,  # the short tier is the same each time
    database=None,
    phases=(Phase.generate,),  # shrinking with a database takes minutes: do it by hand
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


def examples(n: int, *, long: bool) -> settings:
    """Ask for n examples: the long tier looks for new ones, and prints how to repeat a failure."""
    return settings(RUN, max_examples=n, derandomize=not long, print_blob=long)
