"""The dashboard's further pages: videos, wave, one training, the bell, the complaint form (simulated)."""

from typing import Any

from werkzeug.exceptions import NotFound

from prakerja_sim.mocks.http.face import Call, Malformed
from prakerja_sim.mocks.prakerja import complaints, earnings, todo
from prakerja_sim.mocks.prakerja.dashboard import training_rows
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.programme import deadlines, payment
from prakerja_sim.simulator.programme.complaints import PRAKERJA_SUPPORT
from prakerja_sim.simulator.programme.records import Course, Participant, Payment, PaymentStatus
from prakerja_sim.simulator.programme.training_records import Redeemable, RedeemStatus, Training
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

VIDEOS = (
    "Mengenal Program Kartu Prakerja",
    "Memilih dan membeli pelatihan",
    "Menyelesaikan pelatihan dan menerima insentif",
)
"""The titles are simulated; that there are three short videos was seen."""
TOPICS = {
    "otp": "Kode OTP tidak datang",
    "card": "Nomor kartu ditolak",
    "balance": "Saldo pelatihan",
    "voucher": "Kode voucher",
    "account": "Akun",
    "unfinished": "Pelatihan sebelumnya belum selesai",
    "completion": "Sertifikat belum muncul",
    "incentive": "Insentif",
    "refund": "Pengembalian dana",
    "platform": "Platform digital",
    "other": "Lainnya",
}
PAYMENT = {PaymentStatus.PAID: "Lunas", PaymentStatus.VOIDED: "Dibatalkan, dana kembali"}
REDEEM = {
    RedeemStatus.ISSUED: "Belum digunakan",
    RedeemStatus.REDEEMED: "Sudah digunakan",
    RedeemStatus.CANCELLED: "Dibatalkan",
}


def videos(call: Call, who: Participant) -> dict[str, Any]:
    """The three introduction videos, and whether they were watched."""
    missing = todo.videos_are_missing(who, call.sandbox.now())
    return {"videos": VIDEOS, "needed": wave(who.wave).videos, "missing": missing}


def round_of(_: Call, who: Participant) -> dict[str, Any]:
    """The wave with all its last days, and what its scheme pays."""
    return {"wave": wave(who.wave), "buy_first_until": deadlines.buy_first_until(who)}


def bell(call: Call, who: Participant) -> dict[str, Any]:
    """All notices, the newest first."""
    return {"notices": earnings.notice_rows(call, who)[::-1]}


def purchase(call: Call, who: Participant) -> dict[str, Any]:
    """What was bought where and for how much, and where payment and redeem code stand; raises NotFound."""
    transaction = call.path["transaction"]
    training: Training | None = call.ask(Unit.get, kind=Training, key=transaction)
    if training is None or training.card != who.card:
        raise NotFound
    about = {"marketplace": training.marketplace, "invoice": training.invoice}
    paid: Payment = call.ask(payment.status, **about)
    course: Course = call.ask(Unit.need, kind=Course, key=training.course)
    code: Redeemable = call.ask(Unit.need, kind=Redeemable, key=training.redeem_code)
    [row] = [one for one in training_rows(call, who) if one["transaction_code"] == transaction]
    return {
        "training": row,
        "course": course,
        "payment": paid,
        "paid": PAYMENT[paid.status],
        "marketplace": registry.title(training.marketplace),
        "code": code,
        "redeemed": REDEEM[code.status],
    }


def complaint_form(call: Call, who: Participant) -> dict[str, Any]:
    """One's complaints, and the form for another one."""
    return {
        "topics": TOPICS,
        "tickets": complaints.mine(call, who),
        "trainings": training_rows(call, who),
        "support": PRAKERJA_SUPPORT,
    }


@refuses(complaints.opened)
def complain(call: Call, who: Participant, fields: dict[str, str]) -> None:
    """Send the complaint form."""
    try:
        body = complaints.Complaint.model_validate(
            {name: fields.get(name, "") for name in ("topic", "text", "transaction_code")}
        )
    except ValueError:
        raise Malformed("form: topic or text") from None
    complaints.opened(call, who, body)


@refuses(complaints.reopened)
def complain_again(call: Call, who: Participant, fields: dict[str, str]) -> None:
    """Say that an answer did not help."""
    try:
        body = complaints.Again(text=fields.get("text", ""))
    except ValueError:
        raise Malformed("form: text") from None
    complaints.reopened(call, who, fields.get("number", ""), body.text)
