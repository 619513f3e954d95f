"""Who lies outside the limits, in words: which way, and whether far enough to ask why."""

from collections.abc import Sequence

from analytics.labels import listed
from services.words import Words


def sided(words: Words, places: Sequence[tuple[str, int]]) -> str:
    """Say who lies low and who high, the clear ones first; empty where chance explains all.

    places: names with where they lie, as `limits.side` tells it.
    """

    def both(far: int) -> str:
        low = [name for name, at in places if at == -far]
        high = [name for name, at in places if at == far]
        found = [words("{names} low", names=listed(words, low))] if low else []
        found += [words("{names} high", names=listed(words, high))] if high else []
        return ("、" if words.zh else ", ").join(found)

    clear, slight = both(2), both(1)
    if clear and slight:
        return words("{clear}; {slight}, but not far enough to ask", clear=clear, slight=slight)
    if slight:
        return words("{slight}, but not far enough to ask", slight=slight)
    return clear
