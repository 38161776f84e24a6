"""Five resends, then a wait of two hours.

Written in Python because the story is a loop: a sixth resend is refused until two hours have
passed since the last, so that nobody floods a phone with codes.
"""

from datetime import timedelta

from prakerja_sim.scenarios.engine.errors import refused
from prakerja_sim.scenarios.engine.stage import Stage
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah

MINUTE = timedelta(minutes=1)


def scenario(stage: Stage) -> None:
    """Play the story."""
    stage.list_course(course="barista-dasar", price=Rupiah(650_000))
    stage.enrol(wave=18)
    stage.buy(course="barista-dasar")
    stage.enter_card()
    for _ in range(5):
        stage.advance(by=MINUTE)
        stage.resend_otp()

    stage.advance(by=MINUTE)
    with refused(Reason.OTP_REQUESTS_EXHAUSTED):
        stage.resend_otp()
    stage.advance(by=timedelta(minutes=118, seconds=59))
    with refused(Reason.OTP_REQUESTS_EXHAUSTED):
        stage.resend_otp()
    stage.advance(by=timedelta(seconds=1))
    stage.resend_otp()
    stage.enter_otp(otp="right")
    stage.expect(charges=1, balance=Rupiah(350_000))
