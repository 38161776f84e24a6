"""Prakerja says each of its refusals in words of its own; none comes out as another one by accident."""

from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.mocks.prakerja.words import REJECTIONS
from prakerja_sim.simulator.world.refusals import reasons_of

GIVEN = {
    reason
    for endpoint in FACE.endpoints
    for reason in reasons_of(*endpoint.refuses, endpoint.sender or endpoint.handler)
}


def test_every_reason_that_prakerja_gives_has_words() -> None:
    assert sorted(GIVEN - REJECTIONS.keys()) == [], "give each a row in mocks/prakerja/words.py"


def test_no_words_are_left_over() -> None:
    assert sorted(REJECTIONS.keys() - GIVEN) == [], "nobody at Prakerja refuses so any more"
