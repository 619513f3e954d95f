"""The draft of a registration: what was typed in the four steps, kept until it is sent."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from services.catalogue.records import cohort, training_class
from services.contact import FIELDS, Contact, checked
from services.kernel.actor import Role
from services.kernel.errors import InvalidInput, NotFound, NotPermitted
from services.kernel.work import Look, Work
from services.registration.records import draft
from services.words import mark

STEPS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person has filled in for one training class; `done` is the furthest finished step."""

    class_id: int
    done: int
    contact: Contact | None
    declared: tuple[str, ...]
    saved_at: datetime

    def may_open(self, step: int) -> bool:
        """Whether every step before this one is finished."""
        return step <= self.done + 1


def save_draft(work: Work, *, class_id: int, answers: Mapping[str, Any]) -> Draft:
    """Keep answers of one or more steps in the draft of a class; the others stay.

    answers: `done` (the step just finished), the contact fields together, `declared` papers,
    `typed` (contact fields as they stand, when the step is left unfinished).

    Raises:
        NotPermitted: the actor is no seafarer.
        NotFound: there is no such class.
        InvalidInput: an answer cannot be used; nothing is kept.
    """
    person_id = _owner(work)
    row = work.one_or_none(
        select(training_class.c.state, cohort.c.rules)
        .join(cohort, cohort.c.id == training_class.c.cohort_id)
        .where(training_class.c.id == class_id)
    )
    if row is None or row.state == "draft":
        raise NotFound()
    old = _row(work, person_id, class_id)
    kept = dict(old.answers) if old is not None else {}
    kept |= _usable(answers, kept, papers_of(row.rules))
    mine = draft.c.person_id == person_id, draft.c.class_id == class_id
    if old is None:
        keys = {"person_id": person_id, "class_id": class_id}
        work.run(insert(draft), {**keys, "answers": kept, "saved_at": work.now})
    else:
        work.run(update(draft).where(*mine).values(answers=kept, saved_at=work.now))
    return _draft(class_id, kept, work.now)


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
            raise InvalidInput({"declared": (mark("This course does not ask for that paper."), {})})
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
    rules = look.scalar(
        select(cohort.c.rules)
        .join(training_class, training_class.c.cohort_id == cohort.c.id)
        .where(training_class.c.id == class_id)
    )
    return papers_of(rules)


def draft_of(look: Look, class_id: int) -> Draft | None:
    """Give the actor's own draft for a class, if there is one."""
    if look.actor.person_id is None:
        return None
    row = _row(look, look.actor.person_id, class_id)
    return None if row is None else _draft(class_id, row.answers, row.saved_at)


def typed_of(look: Look, class_id: int) -> dict[str, str] | None:
    """Give the contact fields as last typed when leaving the step unfinished, if so."""
    if look.actor.person_id is None:
        return None
    row = _row(look, look.actor.person_id, class_id)
    return row.answers.get("typed") if row is not None else None


def drop_draft(work: Work, class_id: int) -> None:
    """Throw the actor's draft for a class away; nothing happens if there is none."""
    mine = draft.c.person_id == _owner(work), draft.c.class_id == class_id
    work.run(delete(draft).where(*mine))


def _owner(work: Work) -> int:
    if work.actor.role is not Role.SEAFARER or work.actor.person_id is None:
        raise NotPermitted()
    return work.actor.person_id


def _row(look: Look, person_id: int, class_id: int) -> Any:
    return look.one_or_none(
        select(draft).where(draft.c.person_id == person_id, draft.c.class_id == class_id)
    )


def _draft(class_id: int, answers: Mapping[str, Any], saved_at: datetime) -> Draft:
    typed = {field: answers[field] for field in FIELDS if field in answers}
    contact = Contact(**typed) if len(typed) == len(FIELDS) else None
    declared = tuple(answers.get("declared", ()))
    return Draft(class_id, answers.get("done", 0), contact, declared, saved_at)
