"""An institution redeems a voucher while its buyer and the marketplace ask for the money back, over HTTP.

One of them wins, at every marketplace; nobody gets an answer of 5xx, and all books agree afterwards.
`--rounds 200` races as often as that.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.scenarios.engine.wiring import against, stages
from prakerja_sim.simulator.values.chance import below
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from tests.live import serving

COURSE, PRICE = "sepi", 100_000
ENOUGH = 50
"""Rounds after which a race that always ends alike was none."""
LOST = {
    "redeem": {"voucher_locked", "voucher_cancelled"},
    "complain": {"voucher_used", "order_closed", "refund_not_offered"},
    "void": {"voucher_used", "order_closed"},
}
"""How a loser is answered; what may not be asked for at all is lost before it begins."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving("--store", f"lmdb:{tmp_path_factory.mktemp('race') / 'sim.db'}") as live:
        yield live


def bought(stage, person):
    stage.enrol(person=person)
    stage.buy(course=COURSE, person=person)
    stage.enter_card(person=person)
    stage.enter_otp(person=person)
    stage.find_voucher(where="history", person=person)


def raced(stage, person):
    """What each of the three was answered: "ok", or the reasons of its refusal.

    An institution has more to ask before a voucher is used, so the refunds come some milliseconds later.
    """
    barrier, moment = threading.Barrier(len(LOST)), threading.Event()

    def one(verb):
        barrier.wait(30)
        if verb != "redeem":
            moment.wait(below(40, b"race", person, verb) / 1000)
        try:
            getattr(stage, verb)(person=person)
        except StepRefused as refusal:
            return verb, refusal
        return verb, "ok"

    with ThreadPoolExecutor(len(LOST)) as pool:
        return dict(pool.map(one, LOST))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("marketplace", registry.codes())
def test_of_a_redemption_and_two_refunds_at_once_one_wins(server, marketplace, request):
    rounds, wins = request.config.getoption("--rounds"), dict.fromkeys(LOST, 0)
    story = Story(Path("race"), f"Race at {marketplace}", "", (), START, Settings(), lambda _: None)
    with stages(against(server.url), 42)(story, marketplace) as stage:
        stage.list_course(course=COURSE, price=Rupiah(PRICE))
        for number in range(rounds):
            person = f"peserta-{number}"
            bought(stage, person)
            told = raced(stage, person)
            [winner] = [verb for verb, answer in told.items() if answer == "ok"]
            wins[winner] += 1
            for verb in set(LOST) - {winner}:
                assert any(told[verb].means(reason) for reason in LOST[verb]), (verb, str(told[verb]))
            kept = PRICE if winner == "redeem" else 0
            stage.expect(balance=Rupiah(1_000_000 - kept), person=person)
        assert rounds < ENOUGH or 0 < wins["redeem"] < rounds, wins
        checked = stage.parties.admin("GET", "/invariants")
        assert checked == {"ok": True, "violations": []}
        assert stage.parties.admin("GET", "/reconciliation") == {"ok": True, "discrepancies": []}
    request.node.user_properties.append(("race", f"{marketplace}: {rounds} rounds, {wins}"))
