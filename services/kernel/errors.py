"""Errors are rules of the field: a code, facts, and an English sentence that is the message id."""

from typing import Any, ClassVar


class DomainError(Exception):
    """A rule of the field says no; the state is unchanged.

    `sentence` is a message id of the word catalogues with `{fact}` blanks; `field` names the
    form field the sentence belongs beside, if any.
    """

    code: ClassVar[str] = "portal.refused"
    sentence: ClassVar[str] = "This cannot be done. Nothing was changed."

    def __init__(self, *, field: str | None = None, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.field = field
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence} {self.facts or ''}".strip()


class NotPermitted(DomainError):
    """The actor's role or scope does not allow this."""

    code = "portal.not_permitted"
    sentence = "You are not allowed to do this. Nothing was changed."


class NotFound(DomainError):
    """There is no such thing, or it is not yours to see."""

    code = "portal.not_found"
    sentence = "We could not find this. The address may be mistyped or the item may be gone."


class InvalidInput(DomainError):
    """What was typed cannot be used; `problems` maps field name to (sentence, facts)."""

    code = "portal.invalid_input"
    sentence = "Please correct the marked fields. Nothing was sent."

    def __init__(self, problems: dict[str, tuple[str, dict[str, Any]]]) -> None:
        super().__init__()
        self.problems = problems


class GatewayError(Exception):
    """A foreign system (MTNet, mail) did not answer or answered nonsense."""
