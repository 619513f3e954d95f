"""Dashboards over one million registrations."""

from collections.abc import Iterator

from bench.dashboards import measured
from bench.lines import Line
from bench.place import Place


def run(place: Place) -> Iterator[Line]:
    """Measure ten years of a hundred thousand."""
    yield from measured(place, "1 M")
