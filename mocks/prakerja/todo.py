"""A participant's next steps, in the order in which he must do them.

The dashboard shows them on its first page and in the profile; the sentences are simulated.
"""

from collections.abc import Iterator
from datetime import datetime

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.simulator.programme import deadlines
from prakerja_sim.simulator.programme.cohorts import RATED_ON_DASHBOARD_FROM
from prakerja_sim.simulator.programme.incentive_records import LinkedAccount
from prakerja_sim.simulator.programme.records import Membership, Participant
from prakerja_sim.simulator.programme.training_records import Training, TrainingStatus
from prakerja_sim.simulator.programme.waves import Wave, wave
from prakerja_sim.simulator.world.store import Unit


def next_steps(call: Call, who: Participant) -> list[str]:
    """What the participant must do now; empty if he can only wait."""
    if who.status is Membership.REVOKED:
        return ["Kepesertaan dicabut karena pelatihan pertama tidak dibeli tepat waktu."]
    trainings: list[Training] = call.ask(Unit.find, kind=Training, card=who.card)
    linked: LinkedAccount | None = call.ask(Unit.get, kind=LinkedAccount, key=who.card)
    now, round_ = call.sandbox.now(), wave(who.wave)
    return [
        *_before_the_first(who, now),
        *_about_trainings(trainings, now, round_),
        *_about_the_account(linked is not None and linked.linked_at is not None, now, round_),
    ]


def _before_the_first(who: Participant, now: datetime) -> Iterator[str]:
    if who.first is None:
        if videos_are_missing(who, now):
            yield "Tonton ketiga video pengenalan sampai selesai."
        until = deadlines.buy_first_until(who)
        if now <= until:
            yield f"Beli pelatihan pertama paling lambat {_day(until)}."
        else:
            yield f"Batas waktu pembelian pelatihan pertama sudah lewat ({_day(until)})."


def videos_are_missing(who: Participant, now: datetime) -> bool:
    """Whether the induction videos must still be watched: as long as something can be bought."""
    round_ = wave(who.wave)
    can_buy = who.status is Membership.ACTIVE and not who.balance_closed
    until = deadlines.buy_first_until(who) if who.first is None else round_.spend_until
    return round_.videos and not who.videos_watched and can_buy and now <= until


def _about_trainings(trainings: list[Training], now: datetime, round_: Wave) -> Iterator[str]:
    for training in trainings:
        if training.status is TrainingStatus.BOUGHT and now > round_.finish_until:
            yield f"Batas waktu penyelesaian pelatihan sudah lewat ({_day(round_.finish_until)})."
        elif training.status is TrainingStatus.BOUGHT:
            yield f"Selesaikan pelatihan yang sudah dibeli paling lambat {_day(round_.finish_until)}."
        elif training.status is TrainingStatus.REPORTED:
            yield "Tunggu sertifikat muncul di dashboard."
        elif training.status is TrainingStatus.CERTIFIED and now < RATED_ON_DASHBOARD_FROM:
            yield "Beri ulasan di platform digital tempat pelatihan dibeli."
        elif training.status is TrainingStatus.CERTIFIED and now > round_.rate_until:
            yield f"Batas waktu pemberian ulasan sudah lewat ({_day(round_.rate_until)})."
        elif training.status is TrainingStatus.CERTIFIED:
            until = _day(round_.rate_until)
            yield f"Beri rating dan ulasan untuk pelatihan yang sudah selesai paling lambat {until}."


def _about_the_account(linked: bool, now: datetime, round_: Wave) -> Iterator[str]:
    if not linked and now <= round_.link_until:
        yield f"Sambungkan rekening atau e-wallet paling lambat {_day(round_.link_until)}."
    elif not linked:
        yield f"Batas waktu penyambungan rekening sudah lewat ({_day(round_.link_until)})."


def _day(at: datetime) -> str:
    return f"{at:%d-%m-%Y} pukul 23.59 WIB"
