"""Pull the plugs while everybody registers: nothing that was promised is lost, nothing is twice.

Two clocks and two mailers run side by side, and die in the middle of what they do.
"""

import random

from storming import CALLS

PEOPLE = 400
KILLS = 10


def test_processes_die_at_any_moment_and_nothing_is_lost(front, long):
    """Kill web workers, clock, mailer and PostgreSQL under load; look at what is left."""
    kills, people = (60, 2_000) if long else (KILLS, PEOPLE)
    with front.under_load(people) as (running, town):
        front.pull_plugs(running, kills, random.Random(7))
    assert town.crowd.world.broken() == []
    assert front.lost_receipts() == []
    arrived, promised = front.keys_arrived(), front.keys_promised()
    assert set(arrived) == set(promised)
    twice = sum(arrived.values()) - len(arrived)
    print(
        f"{dict(front.kills)}: {len(front.acknowledged)} receipts, {front.stumbles} stumbles, "
        f"{len(promised)} notices, {twice} letters twice; without the last round "
        f"{front.letters_by_mailers} letters, {front.calls_by_clocks} calls, "
        f"{front.caught_working} clocks caught between two calls"
    )
    # sent but not settled: at most one letter for each mailer that died, or lost its database
    assert twice <= front.kills["mailer"] + 2 * front.kills["database"]
    assert min(front.kills.values()) >= kills // 4
    assert len(front.acknowledged) >= 2 * kills
    # the processes themselves did their work under fire
    assert front.calls_by_clocks == front.calls_done() == CALLS
    assert front.caught_working >= 1
    assert front.letters_by_mailers >= len(promised) // 2
