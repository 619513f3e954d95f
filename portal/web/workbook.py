"""Tables as a spreadsheet: the data, what they mean, which filters hold, under which terms."""

import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter

from analytics.definitions import definition
from analytics.sheet import Sheet
from portal.web.tables import moment
from services.kernel.clock import TAIPEI
from services.words import Words

MOST = 20_000  # rows; more would keep the request waiting
FORMATS = {"percent": "0.0%", "number": "#,##0", "ratio": "0.00", "days": "0.0"}
WIDEST = 60
LONGEST = 31  # letters of the name of a sheet
REFUSED = re.compile(r"[\[\]:*?/\\']")  # in the name of a sheet


class TooManyRows(Exception):
    """A table is longer than a spreadsheet is made of while somebody waits."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of data: its name, the measure it is defined by, what it says, its rows."""

    name: str
    measure: str
    title: str
    subtitle: str
    sheet: Sheet
    more: Sequence[str] = ()  # definitions of its rows


def workbook(
    tables: Sequence[Table],
    filters: Sequence[tuple[str, str]],
    terms: Sequence[str],
    as_of: datetime,
    words: Words,
    notes: Sequence[str] = (),
) -> bytes:
    """Write the workbook: a sheet of data for each table, then definitions, filters, licence.

    notes: what the reader must know about the filters.

    Raises:
        TooManyRows: a table has more than 20,000 rows.
    """
    if any(len(table.sheet.rows) > MOST for table in tables):
        raise TooManyRows
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "remove_timezone": True, "default_date_format": "yyyy-mm-dd"}  # fmt: skip
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties(
        {"title": tables[0].title, "created": as_of.astimezone(TAIPEI).replace(tzinfo=None)}
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    formats = {kind: book.add_format({"num_format": code}) for kind, code in FORMATS.items()}
    for name, table in zip(_names(tables, words), tables, strict=True):
        _data(book.add_worksheet(name), table.sheet.in_files(words), bold, formats)
    _pairs(book.add_worksheet(words("Definitions")), bold, _definitions(tables, words))
    lines = [(words("As of"), moment(as_of)), *filters]
    lines += [(words("Note"), note) for note in notes]
    lines += [(table.title, table.subtitle) for table in tables]
    _pairs(book.add_worksheet(words("Filters")), bold, lines)
    _pairs(book.add_worksheet(words("Licence")), bold, [(words("Terms of use"), t) for t in terms])
    book.close()
    return buffer.getvalue()


def _names(tables: Sequence[Table], words: Words) -> list[str]:
    """Name the sheets of data by what is measured, and by what it is told apart where several are.

    Their number keeps them apart whatever spreadsheets cut off.
    """
    if len(tables) == 1:
        return [words("Data")]
    alike = Counter(table.name for table in tables)
    names = [
        f"{table.sheet.columns[0].title} – {table.name}" if alike[table.name] > 1 else table.name
        for table in tables
    ]
    return [f"{n} {REFUSED.sub(' ', name)}"[:LONGEST] for n, name in enumerate(names, start=1)]


def _data(
    page: xlsxwriter.worksheet.Worksheet, sheet: Sheet, bold: object, formats: Mapping[str, object]
) -> None:
    for c, column in enumerate(sheet.columns):
        page.write_string(0, c, column.title, bold)
        texts = [
            len(str(row[c])) * (2 if column.kind in ("text", "name") else 1) for row in sheet.rows
        ]
        page.set_column(c, c, min(WIDEST, max([len(column.title) * 2, *texts, 8])))
    for r, row in enumerate(sheet.rows, start=1):
        for c, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            if value is None:
                page.write_blank(r, c, None)
            elif isinstance(value, str):
                page.write_string(r, c, value)
            else:
                page.write(r, c, value, formats.get(getattr(value, "kind", column.kind)))
    page.freeze_panes(1, 1)
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)


def _pairs(
    page: xlsxwriter.worksheet.Worksheet, bold: object, lines: Sequence[tuple[str, str]]
) -> None:
    page.set_column(0, 0, 36)
    page.set_column(1, 1, 100)
    for r, (name, text) in enumerate(lines):
        page.write_string(r, 0, name, bold)
        page.write_string(r, 1, text)


def _definitions(tables: Sequence[Table], words: Words) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    for code in dict.fromkeys(code for table in tables for code in (table.measure, *table.more)):
        m = definition(code)
        lines += [
            (words(m.name), words(m.unit)),
            (words("What it is"), words(m.formula)),
            (words("Counted"), words(m.numerator)),
            (words("Divided by"), words(m.denominator)),
            (words("As of"), words(m.as_of)),
            (words("Beware"), words(m.caveat)),
        ]
    return lines
