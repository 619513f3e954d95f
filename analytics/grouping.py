"""By what a figure compares classes: institutions; kinds of course where there is only one."""

from collections.abc import Sequence
from dataclasses import dataclass

from analytics import labels
from analytics.class_facts import ClassFact
from analytics.sheet import Name
from services.words import Words


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups in the order of their keys; each is its key, Chinese and English name."""

    by: str  # institution | category
    names: tuple[tuple[str, str, str], ...]

    @property
    def filter(self) -> str:
        """Give the filter that chooses one of the groups."""
        return "institution" if self.by == "institution" else "course"

    def parts(self, facts: Sequence[ClassFact]) -> list[list[ClassFact]]:
        """Part classes by the groups, in their order."""
        found: dict[str, list[ClassFact]] = {key: [] for key, _, _ in self.names}
        for fact in facts:
            found[getattr(fact, self.by)].append(fact)
        return list(found.values())

    def name(self, words: Words, n: int) -> Name:
        """Name a group for the reader."""
        key, zh, en = self.names[n]
        if self.by == "category":
            return labels.category(words, key)
        return Name(zh if words.zh else en, key)

    def heading(self, words: Words) -> str:
        """Head the column of the names."""
        return words("Institution") if self.by == "institution" else words("Course category")


def groups(facts: Sequence[ClassFact]) -> Groups:
    """Compare institutions; an institution that looks at itself compares its kinds of course."""
    places = sorted({(f.institution, f.short_zh, f.short_en) for f in facts})
    if len(places) != 1:
        return Groups("institution", tuple(places))
    return Groups("category", tuple((c, "", "") for c in sorted({f.category for f in facts})))
