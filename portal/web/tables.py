"""A table as a file: its rows, and what each of them must be read with.

Data stay a rectangle: one header row, every row alike. The moment a table is true of, the address
of its definition, what was chosen and under which terms stand in columns of their own, so that rows
of different days and selections can be put below each other and none is read without them.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from analytics.definitions import definition
from analytics.exports import Export
from analytics.filters import Filters
from analytics.licence import INTERNAL
from analytics.sheet import Sheet
from services.kernel.clock import TAIPEI
from services.words import ENGLISH, ZH_HANT, Words, words_for

BOM = "\ufeff"  # so that spreadsheets read Chinese
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")  # full-width ones count too
ZH, EN = words_for(ZH_HANT), words_for(ENGLISH)


def written(sheet: Sheet, words: Words, known: Mapping[str, str] | None = None) -> str:
    """Write a sheet as CSV: numbers as numbers, shares as 0 to 1, names with codes, ISO dates.

    known: what holds for every row, as heading and cell.
    """
    table, more = sheet.in_files(words), known or {}
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([_cell(text) for text in (*(c.title for c in table.columns), *more)])
    writer.writerows([_cell(value) for value in (*row, *more.values())] for row in table.rows)
    return BOM + buffer.getvalue()


def holding(
    as_of: datetime, definition: str, filters: Filters, terms: str, words: Words,
    notes: Sequence[str] = (),
) -> dict[str, str]:  # fmt: skip
    """Give what holds for every row: moment, definition's address, selection, terms, what to know.

    The selection is written as in the address of its page, in the order of that.
    """
    found = {
        words("As of"): moment(as_of),
        words("Definition"): definition,
        words("Filters"): urlencode(filters.query()),
        words("Terms of use"): terms,
    }
    return found | ({words("Note"): " ".join(notes)} if notes else {})


def told(
    found: Export, code: str, filters: Mapping[str, str], words: Words, notes: Sequence[str]
) -> str:
    """Write a table as JSON with everything it must be read with."""
    table = found.sheet.in_files(words)
    body = {
        "id": code,
        "title": found.title,
        "subtitle": found.subtitle,
        "definition": described(found.measure),
        "definitions_of_rows": [described(measure) for measure in found.more],
        "as_of": moment(found.as_of),
        "filters": filters,
        "notes": notes,
        "licence": both(INTERNAL),
        "columns": [{"name": c.title, "kind": c.kind} for c in table.columns],
        "rows": [[_plain(value) for value in row] for row in table.rows],
    }
    return json.dumps(body, ensure_ascii=False)


def defined_at(base_url: str, measure: str) -> str:
    """Give the address of a measure's definition."""
    return f"{base_url}/definitions#{measure}"


def described(code: str) -> dict[str, Any]:
    """Define a measure in both languages."""
    m = definition(code)
    texts = {
        "name": m.name, "unit": m.unit, "formula": m.formula, "numerator": m.numerator,
        "denominator": m.denominator, "as_of": m.as_of, "caveat": m.caveat,
    }  # fmt: skip
    return {"code": m.code} | {name: both(text) for name, text in texts.items()}


def both(sentence: str) -> dict[str, str]:
    """Say a sentence in both languages."""
    return {"zh-Hant": ZH(sentence), "en": EN(sentence)}


def moment(instant: datetime) -> str:
    """Write an instant as ISO 8601, Taipei time."""
    return instant.astimezone(TAIPEI).isoformat(timespec="minutes")


def _plain(value: Any) -> Any:
    """Give a value as files hold it."""
    if isinstance(value, float):
        return round(value, 4)
    return value.isoformat() if isinstance(value, date) else value


def _cell(value: Any) -> Any:
    """Write a value so that no spreadsheet takes it for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA) and len(value) > 1:
        return f"'{value}"
    return "" if value is None else _plain(value)
