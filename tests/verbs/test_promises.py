"""Property test of the queue: any order of acts, starting loaded, keeps every promise.

The mutants in test_mutants show that the machine finds a guard that is switched off.
"""

from databases import SqliteFiles
from hypothesis.stateful import run_state_machine_as_test
from machine import Queue
from machine_acts import examples
from queue_start import Starts

EXAMPLES, EXAMPLES_BY_SERVER = 60, 12  # a server makes the same start anew, which takes longer
LONG, LONG_BY_SERVER = 3000, 600


def test_any_order_of_acts_keeps_every_promise(databases, monkeypatch, long):
    monkeypatch.setattr(Queue, "starts", Starts(databases), raising=False)
    in_a_file = isinstance(databases, SqliteFiles)
    short, full = (EXAMPLES, LONG) if in_a_file else (EXAMPLES_BY_SERVER, LONG_BY_SERVER)
    asked = examples(full if long else short, long=long)
    run_state_machine_as_test(Queue, settings=asked)
