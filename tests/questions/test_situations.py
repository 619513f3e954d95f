"""Whom the demo prints as what: the situation a log-in is chosen for is the one it is in."""

from portal.demo.situations import choose, situation_of

NOTHING = "seafarer with nothing open"


def test_who_was_found_not_eligible_is_not_printed_as_having_nothing_open(world):
    class_id = world.a_class()
    for _ in range(2):
        world.registers(world.a_person(certificates=[], medical=None), class_id)
    idle = world.a_person()
    with world.office.look() as look:
        chosen = choose(look)
        assert chosen[NOTHING] == idle
        assert {situation_of(look, who) for who in chosen.values()} == set(chosen)
