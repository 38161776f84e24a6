"""A refusal that time alone ends says at the admin API when, and how far to advance a frozen clock."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from prakerja_sim.cli.main import main
from prakerja_sim.mocks.http.transport import Http
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator.values.clock import parse_span
from prakerja_sim.simulator.values.settings import Settings
from tests.played import on_stage

STORY = Story(Path("waits"), "Waits", "", (), START, Settings(), lambda _: None)


@pytest.fixture
def stage():
    with on_stage(STORY, marketplace="pijar") as (stage, _):
        stage.list_course()
        stage.enrol()
        stage.buy(course="barista-dasar")
        yield stage


def clock(stage):
    return stage.parties.admin("GET", "/clock")


def refused(act, **arguments):
    with pytest.raises(StepRefused) as said:
        act(**arguments)
    return said.value.reasons


def ways(stage):
    """Each refusal now: to be over after which span."""
    return {(one["party"], one["reason"]): one["advance"] for one in clock(stage)["waits"]}


def exhausted(stage):
    stage.enter_card()
    for _ in range(5):
        stage.advance(by=timedelta(minutes=1))
        stage.resend_otp()
    stage.advance(by=timedelta(minutes=1))
    return stage.resend_otp, {}


def webinar(stage):
    stage.list_course(course="w", kind="webinar", starts=START + timedelta(days=2), title="W")
    stage.buy(course="w")
    stage.enter_card()
    stage.enter_otp()
    stage.redeem()
    return stage.attest, {}


def mailed(stage):
    stage.enter_card()
    stage.enter_otp()
    return stage.resend_mail, {}


COOLING = [
    # who waits, what is refused, whose refusal, its reason, how far to advance
    (lambda stage: (stage.enter_card(), (stage.resend_otp, {}))[1], "prakerja", "otp_too_soon", "60s"),
    (exhausted, "prakerja", "otp_requests_exhausted", "7140s"),
    (webinar, "prakerja", "outside_redemption_window", None),
    (mailed, "pijar", "mail_too_soon", "60s"),
]


@pytest.mark.parametrize(("prepare", "party", "reason", "span"), COOLING)
def test_a_cool_down_ends_exactly_when_the_admin_side_says(stage, prepare, party, reason, span):
    act, arguments = prepare(stage)
    before = clock(stage)["now"]
    refused(act, **arguments)
    assert clock(stage)["now"] == before
    said = ways(stage)
    key = (party, reason)
    assert key in said, said
    assert span in (None, said[key])

    stage.advance(by=parse_span(said[key]) - timedelta(seconds=1))
    refused(act, **arguments)
    stage.advance(by=timedelta(seconds=1))
    assert key not in ways(stage)
    act(**arguments)


def test_the_request_itself_says_it_too(stage):
    stage.enter_card()
    stage.advance(by=timedelta(seconds=1))
    refused(stage.resend_otp)
    (row,) = stage.parties.admin("GET", "/requests?party=prakerja&path=payment/send-otp&limit=1")["requests"]
    assert (row["reason"], row["until"], row["advance"]) == (
        "otp_too_soon",
        (START + timedelta(minutes=1)).isoformat(),
        "59s",
    )


def test_what_time_does_not_end_says_no_time(stage):
    stage.enter_card()
    refused(stage.enter_otp, otp="wrong")
    assert clock(stage)["waits"] == []
    (row,) = stage.parties.admin("GET", "/requests?party=prakerja&limit=1")["requests"]
    assert row["reason"] == "otp_wrong"
    assert "until" not in row


def test_the_command_prints_how_far_to_advance(live):
    live.send("POST", "/__admin/sandboxes", {"name": "waits", "start": "2021-08-24 15:00:00"})

    def admin(method, path, body=None):
        return live.send(method, f"/s/waits/__admin{path}", body)[1]

    course = {"code": "kopi", "title": "Kopi", "category": "Manajemen", "institution": "lp-kopi"}
    admin("POST", "/courses", course | {"price": 650_000})
    [ani] = admin("POST", "/people", {"wave": 18})["people"]
    shopper = registry.shopper("pijar", Http(f"{live.url}/s/waits/pijar"))
    shopper.sign_up(ani["name"], ani["phone"], ani["email"])
    shopper.enter_phone_code(admin("GET", f"/inbox/sms?to={ani['phone']}")["otp"])
    shopper.add_to_cart("kopi")
    order = shopper.check_out()
    shopper.enter_card(order, ani["prakerja_id"])
    with pytest.raises(Refused):
        shopper.resend_otp(order)

    printed = CliRunner().invoke(main, ["clock", "--url", live.url, "--sandbox", "waits"]).output.splitlines()
    path = "/api/v1/integration/payment/send-otp"
    until = "2021-08-24T15:01:00+07:00"
    assert printed == [
        f"prakerja refused {path} with otp_too_soon until {until}: --advance 60s",
        "now 2021-08-24T15:00:00+07:00",
    ]
