"""Property test of the queue: any order of acts, starting loaded, keeps every promise.

The mutants in test_mutants show that the machine finds a guard that is switched off.
"""

from databases import SqliteFiles
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test
from machine import RUN, Queue
from queue_start import Starts

EXAMPLES, EXAMPLES_BY_SERVER = 60, 12  # a server makes the same start anew, which takes longer


def test_any_order_of_acts_keeps_every_promise(databases, tmp_path, monkeypatch):
    monkeypatch.setattr(Queue, "starts", Starts(databases, tmp_path), raising=False)
    examples = EXAMPLES if isinstance(databases, SqliteFiles) else EXAMPLES_BY_SERVER
    run_state_machine_as_test(Queue, settings=settings(RUN, max_examples=examples))
