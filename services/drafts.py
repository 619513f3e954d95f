"""The draft of a registration: what was typed in the four steps, kept until it is sent.

A person has one draft for a course and year, whichever of its classes the address names.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from services.catalogue.records import annual_plan, cohort, course, training_class
from services.contact import FIELDS, Contact, checked
from services.kernel.actor import Role
from services.kernel.db import among
from services.kernel.errors import InvalidInput, NotFound, NotPermitted
from services.kernel.work import Look, Work
from services.registration.lifecycle import OPEN
from services.registration.records import draft, registration
from services.words import mark

STEPS = (1, 2, 3, 4)
UNASKED_PAPER = mark("This course does not ask for that paper.")
TOO_MANY = mark("You may choose at most {most} classes of this course. Take one out first.")
_OPEN = [status.value for status in OPEN]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has filled in; `done` is the furthest finished step."""

    class_id: int  # the class of the address
    done: int
    contact: Contact | None
    declared: tuple[str, ...]
    saved_at: datetime
    classes: tuple[int, ...]  # chosen, the best first; not those registered in already
    taken: int = 0  # classes of the course registered in already
    typed: Mapping[str, str] | None = None  # contact fields as last typed, if left unfinished

    def may_open(self, step: int) -> bool:
        """Whether every step before this one is finished."""
        return step <= self.done + 1


@dataclass(frozen=True, slots=True)
class Unsent:
    """A draft that waits to be finished and sent."""

    class_id: int
    step: int  # the first one unfinished
    starts_on: date
    saved_at: datetime
    course_zh: str
    course_en: str


_PAPERS = (
    select(cohort.c.rules)
    .join(training_class, cohort.c.id == training_class.c.cohort_id)
    .where(training_class.c.id == bindparam("class_id"))
)
_one, _other = training_class.alias("one"), training_class.alias("other")
_OF_COHORT = (  # every class of the course and year of a class
    select(_other.c.id)
    .join(_one, _one.c.cohort_id == _other.c.cohort_id)
    .where(_one.c.id == bindparam("b_class"))
)
_MINE = (draft.c.person_id == bindparam("b_person")) & draft.c.class_id.in_(_OF_COHORT)
_HERE = (  # a class, and the draft of its course if there is one
    select(
        training_class.c.state,
        annual_plan.c.max_choices,
        draft.c.class_id.label("kept_at"),
        draft.c.answers,
        draft.c.saved_at,
        select(func.count())
        .where(
            registration.c.person_id == bindparam("b_person"),
            among(registration.c.status, _OPEN),
            registration.c.cohort_id == training_class.c.cohort_id,
        )
        .correlate(training_class)
        .scalar_subquery()
        .label("taken"),
    )
    .join(annual_plan, annual_plan.c.year == training_class.c.year)
    .outerjoin(draft, _MINE)
    .where(training_class.c.id == bindparam("b_class"))
    .order_by(draft.c.saved_at.desc())
    .limit(1)
)
_DROP, _BEGIN = delete(draft).where(_MINE), insert(draft)
_KEEP = update(draft).where(
    draft.c.person_id == bindparam("b_person"), draft.c.class_id == bindparam("b_class")
)
_TAKEN = select(registration.c.class_id).where(
    registration.c.person_id == bindparam("b_person"),
    among(registration.c.status, _OPEN),
    registration.c.class_id.in_(_OF_COHORT),
)
_COHORT = select(training_class.c.id).where(
    training_class.c.id.in_(_OF_COHORT), training_class.c.state != "draft"
)


def save_draft(work: Work, *, class_id: int, answers: Mapping[str, Any]) -> Draft:
    """Keep answers of one or more steps in the draft of a class's course; the others stay.

    answers: `classes` (chosen, the best first), `done` (the step just finished), the contact
    fields together, `declared` papers, `typed` (contact fields as they stand, when the step is
    left unfinished).

    Raises:
        NotPermitted: the actor is no seafarer.
        NotFound: there is no such class.
        InvalidInput: an answer cannot be used; nothing is kept.
    """
    person_id = _owner(work)
    here = _here(work, person_id, class_id)
    if here is None or here.state == "draft":
        raise NotFound()
    own = _own(work, person_id, class_id) if here.taken else set()
    kept = {**(here.answers or {}), **_chosen(here, own, class_id)}
    if "classes" in answers:
        wished, known = answers["classes"], _cohort(work, class_id)
        kept |= _choice(own, here.max_choices, kept, wished, known)
    papers = papers_for(work, class_id) if "declared" in answers else {}
    kept |= _usable(answers, kept, papers)
    if here.kept_at is None:
        keys = {"person_id": person_id, "class_id": class_id}
        work.run(_BEGIN, {**keys, "answers": kept, "saved_at": work.now})
    else:
        keys = {"b_person": person_id, "b_class": here.kept_at}
        work.run(_KEEP, {**keys, "answers": kept, "saved_at": work.now})
    return _draft(class_id, kept, work.now, own)


def joined(kept: Sequence[int], class_id: int, room: int) -> tuple[int, ...]:
    """Give the choices with the class of the address: at the end, or alone where one is all."""
    if class_id in kept:
        return tuple(kept)
    if room <= 1:
        return (class_id,)
    return (*kept, class_id) if len(kept) < room else tuple(kept)


def _chosen(here: Any, own: Collection[int], class_id: int) -> dict[str, Any]:
    """Give the choices and the step that hold at an address: a class that joins is judged anew."""
    old = here.answers or {}
    before = old.get("classes", [here.kept_at] if here.kept_at is not None else [])
    left = [one for one in before if one not in own]
    room = here.max_choices - len(own)
    now = tuple(left) if class_id in own else joined(left, class_id, room)
    done = old.get("done", 0)
    return {"classes": list(now), "done": done if set(now) <= set(before) else min(done, 2)}


def _choice(
    own: set[int], most: int, kept: Mapping[str, Any], wished: Any, known: Collection[int]
) -> dict[str, Any]:
    """Take another order or other classes; a class that joins is judged anew in step 3."""
    sound = isinstance(wished, (list, tuple)) and all(type(one) is int for one in wished)
    if not sound or len(set(wished)) < len(wished) or not set(wished) <= set(known):
        raise NotFound()
    if len(set(wished) | own) > most:
        raise InvalidInput({"classes": (TOO_MANY, {"most": most})})
    done = kept.get("done", 0)
    new = set(wished) - set(kept["classes"])
    return {"classes": list(wished), "done": min(done, 2) if new else done}


def _own(look: Look, person_id: int, class_id: int) -> set[int]:
    """Find the classes of the course in which the person has an open registration."""
    keys = {"b_person": person_id, "b_class": class_id}
    return {row.class_id for row in look.all(_TAKEN, keys)}


def _cohort(look: Look, class_id: int) -> set[int]:
    return {row.id for row in look.all(_COHORT, {"b_class": class_id})}


def _usable(
    answers: Mapping[str, Any], kept: Mapping[str, Any], papers: Collection[str]
) -> dict[str, Any]:
    usable: dict[str, Any] = {}
    if any(field in answers for field in FIELDS):
        usable |= asdict(checked(answers)) | {"typed": None}
    if "declared" in answers:
        declared = answers["declared"]
        known = isinstance(declared, (list, tuple)) and all(
            isinstance(code, str) and code in papers for code in declared
        )
        if not known:
            raise InvalidInput({"declared": (UNASKED_PAPER, {})})
        usable["declared"] = sorted(set(declared))
    if "typed" in answers:  # as typed, sound or not: only to show it again
        usable["typed"] = {k: str(v)[:200] for k, v in answers["typed"].items() if k in FIELDS}
    if "done" in answers:
        done, before = answers["done"], kept.get("done", 0)
        if done not in STEPS or done > before + 1:
            raise InvalidInput({"done": (mark("Please finish the steps in their order."), {})})
        usable["done"] = max(done, before)
    return usable


def papers_of(rules: Any) -> dict[str, Mapping[str, str]]:
    """Give the papers that a course's rules let a person declare: code to the rule itself."""
    if isinstance(rules, Mapping) and rules.get("kind") == "manual_evidence":
        label = rules.get("label", rules["code"])
        names = {key: rules.get(key, label) for key in ("label_zh", "label_en")}
        return {rules["code"]: names}
    parts = rules.values() if isinstance(rules, Mapping) else rules
    found: dict[str, Mapping[str, str]] = {}
    for part in parts if isinstance(rules, (Mapping, list)) else ():
        found |= papers_of(part)
    return found


def papers_for(look: Look, class_id: int) -> dict[str, Mapping[str, str]]:
    """Give the papers that may be declared for a class: code to label_zh and label_en."""
    return papers_of(look.scalar(_PAPERS, {"class_id": class_id}))


def draft_of(look: Look, class_id: int) -> Draft | None:
    """Give the actor's own draft for a class's course, if there is one."""
    person_id = look.actor.person_id
    here = _here(look, person_id, class_id) if person_id is not None else None
    if here is None or person_id is None or here.kept_at is None:
        return None
    own = _own(look, person_id, class_id) if here.taken else set()
    return _kept(here, own, class_id)


def draft_for(look: Look, class_id: int) -> Draft:
    """Give the actor's own draft for a class's course, or a new one."""
    person_id = look.actor.person_id or 0
    here = _here(look, person_id, class_id)
    own = _own(look, person_id, class_id) if here is not None and here.taken else set()
    if here is not None and here.kept_at is not None:
        return _kept(here, own, class_id)
    classes = () if class_id in own else (class_id,)
    return Draft(class_id, 0, None, (), look.now, classes, len(own))


_UNSENT = (
    select(
        draft.c.class_id,
        draft.c.answers,
        draft.c.saved_at,
        training_class.c.starts_on,
        course.c.name_zh.label("course_zh"),
        course.c.name_en.label("course_en"),
    )
    .join(training_class, training_class.c.id == draft.c.class_id)
    .join(course, course.c.code == training_class.c.course)
    .where(
        draft.c.person_id == bindparam("person_id"),
        training_class.c.state == "published",
        training_class.c.starts_on > bindparam("today"),
    )
    .order_by(draft.c.saved_at.desc())
)


def unsent(look: Look) -> list[Unsent]:
    """List the actor's own drafts for classes still ahead, the latest first."""
    keys = {"person_id": look.actor.person_id, "today": look.today}
    return [
        Unsent(
            class_id=row.class_id,
            step=min(row.answers.get("done", 0) + 1, STEPS[-1]),
            starts_on=row.starts_on,
            saved_at=row.saved_at,
            course_zh=row.course_zh,
            course_en=row.course_en,
        )
        for row in look.all(_UNSENT, keys)
    ]


def drop_draft(work: Work, class_id: int) -> None:
    """Throw the actor's draft for a class's course away; nothing happens if there is none."""
    work.run(_DROP, {"b_person": _owner(work), "b_class": class_id})


def _owner(work: Work) -> int:
    if work.actor.role is not Role.SEAFARER or work.actor.person_id is None:
        raise NotPermitted()
    return work.actor.person_id


def _here(look: Look, person_id: int, class_id: int) -> Any:
    return look.one_or_none(_HERE, {"b_person": person_id, "b_class": class_id})


def _kept(here: Any, own: set[int], class_id: int) -> Draft:
    answers = {**here.answers, **_chosen(here, own, class_id)}
    return _draft(class_id, answers, here.saved_at, own)


def _draft(
    class_id: int, answers: Mapping[str, Any], saved_at: datetime, own: Collection[int]
) -> Draft:
    typed = {field: answers[field] for field in FIELDS if field in answers}
    return Draft(
        class_id,
        answers.get("done", 0),
        Contact(**typed) if len(typed) == len(FIELDS) else None,
        tuple(answers.get("declared", ())),
        saved_at,
        tuple(answers["classes"]),
        len(own),
        answers.get("typed"),
    )
