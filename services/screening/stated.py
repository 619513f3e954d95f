"""The rules of a course as they are stated to everybody, before any record is looked at (pure)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.mtnet.record import SILENT
from services.screening.leaves import Asked
from services.screening.screen import judge
from services.screening.verdict import Finding

_NOBODY = Asked(SILENT, date.min, frozenset(), frozenset())


def stated(tree: Mapping[str, Any] | None) -> Finding | None:
    """Give a rule tree as findings about nobody: read only `kind`, `rule`, `facts` and `parts`.

    The sentences are those of the screening itself, so that what is promised is what is judged.
    """
    return judge(tree, _NOBODY) if tree else None
