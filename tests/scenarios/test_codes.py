"""Which code a person enters; a code that has not arrived is an error of the story, never a guess."""

from datetime import timedelta
from pathlib import Path

import pytest

from prakerja_sim.scenarios.engine.codes import entered
from prakerja_sim.scenarios.engine.errors import StepRefused
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator.values.settings import Settings
from tests.played import on_stage

STORY = Story(Path("codes"), "Codes", "", (), START, Settings(), lambda _: None)
MISSING = r"`right`: no such code has arrived; write `wrong` or the digits to enter"


@pytest.mark.parametrize(
    ("written", "sent", "code"),
    [
        ("right", ["111111", "222222"], "222222"),
        ("old", ["111111", "222222"], "111111"),
        ("wrong", ["111111", "222222"], "222223"),
        ("wrong", ["999999"], "000000"),
        ("wrong", ["0099"], "0100"),
        ("wrong", [], "000001"),
        ("123456", [], "123456"),
    ],
)
def test_a_code_is_entered_by_its_word_or_as_it_is_written(written, sent, code):
    assert entered(written, sent) == code


@pytest.mark.parametrize(("written", "sent"), [("right", []), ("old", []), ("old", ["111111"])])
def test_a_code_that_has_not_arrived_is_an_error(written, sent):
    with pytest.raises(AssertionError, match=f"`{written}`: no such code has arrived"):
        entered(written, sent)


def pay(stage):
    stage.buy(course="barista-dasar")
    stage.arm(fault="sms_lost")
    stage.enter_card()
    stage.enter_otp()


def pay_with_the_code_of_another_purchase(stage):
    stage.buy(course="barista-dasar")
    stage.enter_card()
    stage.advance(by=timedelta(minutes=2))
    pay(stage)


def pay_with_the_code_of_the_new_phone(stage):
    stage.buy(course="barista-dasar")
    stage.change_phone(phone="081200000077")
    stage.arm(fault="sms_lost")
    stage.enter_card()
    stage.enter_otp()


def sign_up(stage):
    stage.arm(fault="sms_lost")
    stage.sign_up()


def recover_account(stage):
    stage.sign_up()
    stage.arm(fault="sms_lost")
    stage.recover_account()


def link_account(stage):
    stage.arm(fault="sms_lost")
    stage.link_account()


def change_phone(stage):
    stage.arm(fault="sms_lost")
    stage.change_phone(phone="081200000077")


@pytest.mark.parametrize(
    "act",
    [
        pay, pay_with_the_code_of_another_purchase, pay_with_the_code_of_the_new_phone, sign_up,
        recover_account, link_account, change_phone,
    ],
)  # fmt: skip
def test_no_verb_enters_a_right_code_that_did_not_come(act):
    with on_stage(STORY) as (stage, _):
        stage.list_course()
        stage.enrol()
        with pytest.raises(AssertionError, match=MISSING):
            act(stage)


def test_a_wrong_code_needs_none_to_have_come():
    with on_stage(STORY) as (stage, _):
        stage.list_course()
        stage.enrol()
        stage.buy(course="barista-dasar")
        stage.arm(fault="sms_lost")
        stage.enter_card()
        with pytest.raises(StepRefused, match="otp_wrong"):
            stage.enter_otp(otp="wrong")
