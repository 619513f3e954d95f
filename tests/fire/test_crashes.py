"""Pull the plugs while everybody registers: nothing that was promised is lost, nothing is twice."""

import random

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
        f"{len(promised)} notices, {twice} letters twice, {front.milestones_done()} milestones"
    )
    # sent but not settled: at most one letter for each mailer, or database under it, that died
    assert twice <= front.kills["mailer"] + front.kills["database"]
    assert min(front.kills.values()) >= kills // 4
    assert len(front.acknowledged) >= 2 * kills
    assert front.milestones_done() >= 12
