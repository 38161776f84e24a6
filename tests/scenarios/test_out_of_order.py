"""Verbs that come too early say in words what is missing; none crashes on what is not there yet."""

from pathlib import Path

import pytest

from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from tests.played import WORDS, on_stage

STORY = Story(Path("early"), "Too early", "", (), START, Settings(), lambda _: None)
VALUES = {
    "by": None, "course": "barista-dasar", "event": "order.paid", "fault": "sms_lost", "finds": "x",
    "institution": "lp-kopi", "category": "x", "number": 1, "out": [], "outcome": "success",
    "password": "rahasia-123", "phone": "084000000009", "stars": [], "subject": "x", "topic": "otp",
    "party": "prakerja", "path": "/api/v1/x",
    "until": START, "where": "order", "words": "x", "again": "peserta",
}  # fmt: skip
CLAIMS = {
    "balance": Rupiah(1), "charges": 9, "returned": Rupiah(1), "membership": "revoked", "order": "issued",
    "total": Rupiah(1), "training": "Selesai", "task": "assignment 0, feedback 0", "ticket": "open",
    "complaint": "Diterima", "received": ["order.paid"], "outbox": ["order.paid due"],
    "incentives": ["job-1 Berhasil"], "wallet": Rupiah(1), "notice": "job-1 Dana cair", "next_step": "x",
    "delivered": Rupiah(1), "owed": Rupiah(1), "treasury": Rupiah(1), "seats": 0,
}  # fmt: skip


def tried(market, verb, arguments, *, enrolled=True):
    with on_stage(STORY, marketplace=market) as (stage, _):
        stage.list_course()
        if enrolled:
            stage.enrol()
        try:
            getattr(stage, verb)(**arguments)
        except (AssertionError, StepRefused) as said:
            return str(said)
        return ""


@pytest.mark.parametrize("market", registry.codes())
@pytest.mark.parametrize("verb", sorted(WORDS.verbs))
def test_no_verb_crashes_before_its_time(verb, market):
    known = WORDS.verbs[verb]
    needed = {name: VALUES[name] for name in known.needed}
    for enrolled in (True, False):
        tried(market, verb, needed, enrolled=enrolled)  # refused or told what is missing, or it works


@pytest.mark.parametrize("claim", sorted(CLAIMS))
def test_no_claim_crashes_before_its_time(claim):
    assert set(CLAIMS) == set(WORDS.verbs["expect"].arguments) - {"person"}
    assert tried("tokopedia", "expect", {claim: CLAIMS[claim]})


@pytest.mark.parametrize(
    ("verb", "arguments", "said"),
    [
        ("rate", {}, "peserta has no training in any course; buy and pay it first"),
        ("finish", {}, "peserta has no voucher to learn with; `redeem` one first"),
        ("enter_otp", {"person": "pesrta"}, "nobody called pesrta was enrolled; did you mean 'peserta'?"),
        ("enrol", {"again": "budi", "person": "siti"}, "nobody called budi was enrolled; there are peserta"),
        ("void", {}, "peserta has ordered nothing; `buy` first"),
        ("show_face", {}, "peserta has no address to go to; `open_verification` first"),
        (
            "repeat_webhook",
            {"event": "order.paid"},
            "no webhook tells of order.paid; `register_webhooks` before",
        ),
        ("complain_again", {}, "peserta has not complained at the marketplace; `complain` first"),
        (
            "complain_to_prakerja_again",
            {},
            "peserta has not complained to Prakerja; `complain_to_prakerja` first",
        ),
        (
            "complain_to_prakerja",
            {"topic": "otp", "training": True},
            "peserta has no training; buy one first",
        ),
        ("expect", {"seats": 1}, "peserta has bought no course that is on sale; `buy` first"),
    ],
)
def test_what_is_missing_is_said_with_the_remedy(verb, arguments, said):
    assert said in tried("tokopedia", verb, arguments)
