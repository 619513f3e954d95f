"""Three answers, and the finding that gives one with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """Pass, fail, or unknown: for a person to look at."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    UNKNOWN = "unknown"


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """Combine by Kleene and."""
    found = set(verdicts)
    if Verdict.FAIL in found:
        return Verdict.FAIL
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.PASS


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """Combine by Kleene or."""
    found = set(verdicts)
    if Verdict.PASS in found:
        return Verdict.PASS
    return Verdict.UNKNOWN if Verdict.UNKNOWN in found else Verdict.FAIL


def opposite(verdict: Verdict) -> Verdict:
    """Negate; unknown stays unknown."""
    return {Verdict.PASS: Verdict.FAIL, Verdict.FAIL: Verdict.PASS}.get(verdict, verdict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule judged: what it asks (`rule`), what was found (`sentence`), with their facts.

    `kind` is the leaf kind, or all / any / not with the parts below it. Facts are plain JSON;
    codes of courses, ranks and ship types are resolved to names by the page.
    """

    kind: str
    verdict: Verdict
    rule: str = ""
    sentence: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    parts: tuple["Finding", ...] = ()

    def leaves(self) -> list["Finding"]:
        """Give the leaf findings below, in order."""
        if not self.parts:
            return [self] if self.rule else []
        return [leaf for part in self.parts for leaf in part.leaves()]

    def to_json(self) -> dict[str, Any]:
        """Give the finding as plain JSON."""
        return {
            "kind": self.kind,
            "verdict": self.verdict.value,
            "rule": self.rule,
            "sentence": self.sentence,
            "facts": self.facts,
            "parts": [part.to_json() for part in self.parts],
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> "Finding":
        """Read a finding back."""
        return cls(
            raw["kind"],
            Verdict(raw["verdict"]),
            raw["rule"],
            raw["sentence"],
            raw["facts"],
            tuple(cls.from_json(part) for part in raw["parts"]),
        )
