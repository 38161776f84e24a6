"""What the programme tells a participant: by SMS and e-mail, and in the dashboard's bell.

Award and revocation come by SMS, e-mail and bell; certificate and incentive by e-mail and bell.  A purchase
is in the bell alone, since the marketplace mails it.  That the award comes by SMS or e-mail and that the bell
has messages of many kinds is known; the texts are simulated.
"""

from datetime import datetime

from prakerja_sim.simulator.programme.cohorts import RATED_ON_DASHBOARD_FROM
from prakerja_sim.simulator.programme.incentive_records import Incentive
from prakerja_sim.simulator.programme.records import BellNotice, Course, NoticeKind, Participant, Payment
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.programme.waves import Wave, wave
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.store import Unit

SENDER = "PRAKERJA"


def awarded(world: Unit, participant: Participant, round_: Wave) -> None:
    """Somebody has won a place in a wave."""
    videos = "Tonton video pengenalan di dashboard, lalu beli" if round_.videos else "Beli"
    text = (
        f"Selamat! Anda lolos Kartu Prakerja gelombang {round_.number}. {videos} pelatihan pertama di "
        f"platform digital mitra Prakerja paling lambat {_day(round_.buy_first_until)}."
    )
    _told(world, participant, NoticeKind.AWARD, "Anda lolos Kartu Prakerja", text, sms=True, mail=True)


def revoked(world: Unit, participant: Participant, until: datetime) -> None:
    """Somebody bought nothing by then, and is no member any more (R07)."""
    text = (
        f"Kepesertaan Kartu Prakerja gelombang {participant.wave} dicabut karena pelatihan pertama tidak "
        f"dibeli sampai {_day(until)}. Saldo pelatihan dikembalikan ke rekening dana Kartu Prakerja."
    )
    _told(world, participant, NoticeKind.REVOKED, "Kepesertaan dicabut", text, sms=True, mail=True)


def bought(world: Unit, participant: Participant, payment: Payment, left: int) -> None:
    """The card has paid for a course."""
    title = world.need(Course, payment.course).title
    text = f"Pelatihan {title} dibayar {payment.amount} dari saldo pelatihan. Sisa saldo {Rupiah(left)}."
    _told(world, participant, NoticeKind.PURCHASE, "Pembelian pelatihan berhasil", text)


def voided(world: Unit, participant: Participant, payment: Payment) -> None:
    """A purchase was taken back; after the last day to use the balance, its money is gone (F42)."""
    title = world.need(Course, payment.course).title
    text = f"Pembelian pelatihan {title} dibatalkan. {payment.amount} kembali ke saldo pelatihan."
    if participant.balance_closed:
        text = (
            f"Pembelian pelatihan {title} dibatalkan. Batas penggunaan saldo sudah lewat, jadi "
            f"{payment.amount} kembali ke rekening dana Kartu Prakerja. Kepesertaan Anda tetap."
        )
    elif participant.first is None and participant.rebuy_until is not None:
        text += f" Beli pelatihan pertama lagi paling lambat {_day(participant.rebuy_until)}."
    _told(world, participant, NoticeKind.VOID, "Pembelian dibatalkan", text)


def certified(world: Unit, training: Training) -> None:
    """A certificate shows; what must be done next depends on where reviews count now (R33)."""
    participant = world.need(Participant, training.card)
    title = world.need(Course, training.course).title
    text = f"Sertifikat pelatihan {title} sudah ada di dashboard Prakerja."
    if training.rating is not None:
        text += " Ulasan Anda sudah diterima."
    elif world.now <= wave(participant.wave).rate_until:
        dashboard = world.now >= RATED_ON_DASHBOARD_FROM
        where = "dashboard" if dashboard else "platform digital tempat pelatihan dibeli"
        text += f" Beri rating dan ulasan di {where}."
    _told(world, participant, NoticeKind.CERTIFICATE, "Sertifikat terbit", text, mail=True)


def balance_lapsed(world: Unit, participant: Participant, left: int) -> None:
    """What was left on a card went back after the last day to use it (R08)."""
    text = (
        f"Batas penggunaan saldo pelatihan sudah lewat. Sisa {Rupiah(left)} kembali ke rekening dana Kartu "
        "Prakerja. Kepesertaan Anda tetap."
    )
    _told(world, participant, NoticeKind.BALANCE, "Saldo pelatihan ditutup", text)


def paid(world: Unit, row: Incentive, partner: str, *, bell: bool) -> None:
    """An incentive has arrived; without `bell` the dashboard has a notice about its row already."""
    participant = world.need(Participant, row.card)
    kind, _, number = row.slot.partition("-")
    what = f"Insentif bulan ke-{number}" if kind == "job" else f"Insentif survei {number}"
    text = f"{what} sebesar {row.amount} sudah masuk ke {partner} Anda."
    _told(world, participant, NoticeKind.INCENTIVE, "Dana cair", text, mail=True, bell=bell)


def _told(
    world: Unit,
    participant: Participant,
    kind: NoticeKind,
    title: str,
    text: str,
    *,
    sms: bool = False,
    mail: bool = False,
    bell: bool = True,
) -> None:
    if sms:
        messages.text(world, participant.phone, SENDER, text)
    if mail:
        messages.mail(world, participant.email, SENDER, title, f"Halo {participant.name},\n{text}")
    if bell:
        world.append(BellNotice(participant.card, world.now, kind, title, text))


def _day(until: datetime) -> str:
    return f"{until:%d-%m-%Y} pukul {until:%H.%M} WIB"
