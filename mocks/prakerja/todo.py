"""A participant's next steps, in the order in which he must do them.

The dashboard shows them on its first page and in the profile; the sentences are simulated.
"""

from collections.abc import Iterator
from datetime import datetime

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.simulator.programme import deadlines
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
        *_before_the_first(who, now, round_),
        *_about_trainings(trainings),
        *_about_the_account(linked is not None and linked.linked_at is not None, now, round_),
    ]


def _before_the_first(who: Participant, now: datetime, round_: Wave) -> Iterator[str]:
    if who.first is None:
        if round_.videos and not who.videos_watched:
            yield "Tonton ketiga video pengenalan sampai selesai."
        until = deadlines.buy_first_until(who)
        if now <= until:
            yield f"Beli pelatihan pertama paling lambat {_day(until)}."


def _about_trainings(trainings: list[Training]) -> Iterator[str]:
    for training in trainings:
        if training.status is TrainingStatus.BOUGHT:
            yield "Selesaikan pelatihan yang sudah dibeli."
        elif training.status is TrainingStatus.REPORTED:
            yield "Tunggu sertifikat muncul di dashboard."
        elif training.status is TrainingStatus.CERTIFIED:
            yield "Beri rating dan ulasan untuk pelatihan yang sudah selesai."


def _about_the_account(linked: bool, now: datetime, round_: Wave) -> Iterator[str]:
    if not linked and now <= round_.link_until:
        yield f"Sambungkan rekening atau e-wallet paling lambat {_day(round_.link_until)}."


def _day(at: datetime) -> str:
    return f"{at:%d-%m-%Y} pukul 23.59 WIB"
