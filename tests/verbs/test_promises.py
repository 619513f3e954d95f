"""Property test of the queue: any order of acts, starting loaded, keeps every promise.

The mutants in test_mutants show that the machine finds a guard that is switched off.
"""

import pytest
from machine import RUN, Queue
from queue_start import Starts


@pytest.fixture(autouse=True)
def starts(databases, tmp_path, monkeypatch):
    monkeypatch.setattr(Queue, "starts", Starts(databases, tmp_path), raising=False)


class TestQueue(Queue.TestCase):
    settings = RUN
