"""Dashboards over ten million registrations: hours, and some 20 GB."""

from collections.abc import Iterator

from bench.dashboards import measured
from bench.lines import Line
from bench.place import Place


def run(place: Place) -> Iterator[Line]:
    """Measure ten years of a million."""
    yield from measured(place, "10 M")
