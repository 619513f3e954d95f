"""Load the catalogue: 35 courses with their rule trees and the institutions (own data files)."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from services.catalogue.records import course, institution
from services.kernel.work import Work

FOLDER = Path(__file__).parent / "data"
SHORT = {
    "NTOU": ("海大", "NTOU"),
    "NKUST": ("高科大", "NKUST"),
    "TUMT": ("台北海大", "TUMT"),
    "CMTC": ("中華航訓", "CMTC"),
    "ESTC": ("長榮船訓", "ESTC"),
}
TREES = ("prerequisites", "funded_extra", "certificate_conditions")
PLAIN = (
    *("code", "name_zh", "name_en", "stcw_ref", "category", "statutory_item", "audience"),
    *("hours", "days", "class_size", "validity_years", "refresher_of"),
    *("auto_screenable", "assumption"),
)


@cache
def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def courses() -> list[dict[str, Any]]:
    """Give the courses as the data file has them."""
    return list(_read("courses.json"))


def vocab() -> dict[str, Any]:
    """Give ranks, departments, ship types and rule kinds."""
    return dict(_read("vocab.json"))


def assumed_fields(code: str) -> tuple[str, ...]:
    """Name the values of a course that are model-course values nobody has confirmed."""
    return tuple(_entry(code).get("assumed_fields") or ())


def renewal_rule(code: str) -> Mapping[str, Any] | None:
    """Give the rule under which a certificate is renewed without training, if the law has one."""
    return _entry(code).get("renew_without_training_if")


def statutory_item(number: int | None) -> tuple[str, str]:
    """Give the Chinese and English name of a statutory training item; empty where there is none."""
    items = {row["item"]: (row["name_zh"], row["name_en"]) for row in _read("statutory_items.json")}
    return items.get(number, ("", ""))


def _entry(code: str) -> dict[str, Any]:
    return next((row for row in _read("courses.json") if row["code"] == code), {})


def load_catalogue(work: Work) -> int:
    """Insert what is not there yet; return how many rows were new."""
    known = set(work.connection.scalars(select(course.c.code)))
    new = [_course(row) for row in courses() if row["code"] not in known]
    if new:
        work.run(insert(course), new)
    there = set(work.connection.scalars(select(institution.c.code)))
    places = [_place(row) for row in _read("institutions.json") if row["code"] not in there]
    if places:
        work.run(insert(institution), places)
    return len(new) + len(places)


def _course(row: dict[str, Any]) -> dict[str, Any]:
    rules = {name: row[name] for name in TREES}
    return {**{name: row[name] for name in PLAIN}, "rules": rules}


def _place(row: dict[str, Any]) -> dict[str, Any]:
    short_zh, short_en = SHORT.get(row["code"], (row["name_zh"][:6], row["code"]))
    plain = ("code", "name_zh", "name_en", "city_zh", "city_en", "region", "commissioned")
    return {**{name: row[name] for name in plain}, "short_zh": short_zh, "short_en": short_en}
