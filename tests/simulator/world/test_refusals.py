"""What an operation refuses follows from what it says beside its code, and it cannot refuse anything else."""

import pytest
from msgspec import Struct

from prakerja_sim.simulator.programme import payment, rules
from prakerja_sim.simulator.sandbox import Sandbox, create
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.refusals import RULES, again, check, reasons_of, refuses, rule


class Facts(Struct, frozen=True):
    """What is known of two things that may be wrong."""

    one: bool
    other: bool


@rule(Facts, Reason.CARD_INACTIVE)
def one_is_right(facts):
    return facts.one


@rule(Facts, Reason.AGE_UNFIT, lasting=True)
def other_is_right(facts):
    return facts.other


@rule(Facts, Reason.CARD_INACTIVE)
def both_are_right(facts):
    return facts.one and facts.other


@command("test.judged")
@refuses(Reason.COURSE_UNKNOWN, Facts)
def judged(world, *, one, other):
    check(Facts(one, other))


@command("test.liar")
@refuses(Reason.COURSE_UNKNOWN)
def liar(world):
    raise Rejected(Reason.CARD_UNKNOWN)


@pytest.fixture
def sandbox() -> Sandbox:
    return create(Memory(), "t", 1, wib(2021, 11, 4))


@pytest.mark.parametrize(
    ("sources", "reasons"),
    [
        ((), ()),
        ((Reason.CARD_UNKNOWN,), (Reason.CARD_UNKNOWN,)),
        ((Facts,), (Reason.CARD_INACTIVE, Reason.AGE_UNFIT)),
        ((judged,), (Reason.COURSE_UNKNOWN, Reason.CARD_INACTIVE, Reason.AGE_UNFIT)),
        ((Reason.AGE_UNFIT, judged), (Reason.AGE_UNFIT, Reason.COURSE_UNKNOWN, Reason.CARD_INACTIVE)),
        ((check,), ()),
    ],
    ids=["nothing", "a reason", "facts", "an operation", "each once", "an operation that refuses nothing"],
)
def test_reasons_come_in_order_of_precedence_and_once(sources, reasons):
    assert reasons_of(*sources) == reasons


def test_an_otp_is_refused_for_every_rule_of_a_purchase():
    ruled = [reason for facts in (rules.Purchase, rules.OtpRequest) for _, reason in RULES[facts]]
    assert reasons_of(payment.send_otp) == tuple(dict.fromkeys(ruled))


def test_what_lasts_is_not_refused_when_it_is_judged_again():
    assert again(Facts) == (Reason.CARD_INACTIVE,)


def test_a_declared_refusal_is_an_answer(sandbox):
    with pytest.raises(Rejected, match="age_unfit"):
        sandbox.do(judged, one=True, other=False)


@pytest.mark.parametrize("act", [Sandbox.do, Sandbox.ask])
def test_a_refusal_that_is_not_declared_is_a_bug(sandbox, act):
    with pytest.raises(AssertionError, match=r"liar.* refuses with card_unknown and does not say so"):
        act(sandbox, liar)
