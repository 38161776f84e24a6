"""The voucher: issued once for a paid order, mailed, checked and redeemed by an institution."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from prakerja_sim.simulator.ledger import bookings, ledger
from prakerja_sim.simulator.marketplace import webhooks_outbox
from prakerja_sim.simulator.marketplace.accounts import subject
from prakerja_sim.simulator.marketplace.number_formats import filled
from prakerja_sim.simulator.marketplace.records import (
    Order,
    Refund,
    RefundStatus,
    Shopper,
    Voucher,
    VoucherStatus,
)
from prakerja_sim.simulator.programme.cohorts import YEAR_2021, YEAR_2022
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Course, CourseKind, Schedule
from prakerja_sim.simulator.values.clock import last_second_of
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import VoucherCode
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.records import Mail
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

VOUCHER: Mapping[tuple[VoucherStatus, Event], VoucherStatus] = {
    (VoucherStatus.ISSUED, Event.COMMIT): VoucherStatus.REDEEMED,
    (VoucherStatus.ISSUED, Event.CANCEL): VoucherStatus.CANCELLED,
}
MAIL_AFTER = timedelta(seconds=60)
"""How long after a voucher's e-mail it may be sent again (simulated)."""
SUBJECT = "Pembelian pelatihan berhasil"
"""Of a voucher's e-mail; Pijar writes about the order before it is paid, too."""


def voucher_of(world: Unit, *, order: str) -> Voucher | None:
    """The voucher of an order, if it has one."""
    vouchers = world.find(Voucher, order=order, limit=1)
    return vouchers[0] if vouchers else None


def issue(world: Unit, *, order: Order, course: Course, schedule: Schedule, number_format: str) -> Voucher:
    """A voucher for an order that has none yet; it is part of the command that calls it."""
    voucher = Voucher(
        _free_voucher(world, order, number_format),
        order.marketplace,
        order.id,
        order.course,
        course.institution,
        VoucherStatus.ISSUED,
        world.now,
        _valid_until(world.now, course, schedule),
    )
    world.put(voucher)
    ledger.book(world, "voucher", bookings.voucher_issued(order.marketplace))
    return voucher


@command("vouchers.mail_voucher")
def mail_voucher(world: Unit, *, order: str, address: str, title: str, voucher: str) -> None:
    """Send the voucher's e-mail (text simulated); a resend is one more."""
    record = world.need(Order, order)
    course = world.need(Course, record.course)

    world.subject = subject(record.shopper)
    about = f"Nomor pesanan: {record.number}\nPelatihan: {course.title}\nLembaga: {course.institution}\n"
    how = f"Kode voucher: {voucher}\n{_what_to_do(world, world.need(Voucher, voucher))}"
    if is_hosted(record.marketplace, course):
        how = "Kelas terbuka di akun Anda. Tidak perlu menukarkan kode."
    messages.mail(world, address, title, SUBJECT, about + how)


def _what_to_do(world: Unit, voucher: Voucher) -> str:
    """What the buyer does with a voucher, as it stands when the e-mail is sent."""
    if voucher.status is VoucherStatus.REDEEMED:
        return "Kode sudah ditukarkan di halaman lembaga pelatihan."
    if voucher.status is VoucherStatus.CANCELLED or world.now > voucher.valid_until:
        return "Kode tidak berlaku lagi."
    until = f"{voucher.valid_until:%d-%m-%Y} pukul {voucher.valid_until:%H.%M} WIB"
    return f"Tukarkan di halaman lembaga pelatihan paling lambat {until}."


def is_hosted(marketplace: str, course: Course) -> bool:
    """Whether a marketplace teaches the course itself; its buyer then needs no voucher (marketplaces 3)."""
    return course.institution == marketplace


@refuses(Reason.ORDER_CLOSED)
def mail_again_at(world: Unit, *, order: str) -> datetime | None:
    """The time from which a voucher's e-mail may be sent again; None is now.

    The wait counts from the last e-mail that arrived, so a lost e-mail can be sent again at once.
    """
    record = world.need(Order, order)
    account = world.need(Shopper, record.shopper)
    voucher = voucher_of(world, order=order)
    if voucher is None or voucher.status is VoucherStatus.CANCELLED:
        raise Rejected(Reason.ORDER_CLOSED, status=record.status)
    sent = [
        mail.at
        for mail in world.log(Mail, address=account.email)
        if mail.subject == SUBJECT and f"Nomor pesanan: {record.number}" in mail.text
    ]
    return sent[-1] + MAIL_AFTER if sent and world.now - sent[-1] < MAIL_AFTER else None


@command("vouchers.resend_mail")
@refuses(mail_again_at)
def resend_mail(world: Unit, *, order: str, title: str) -> datetime | None:
    """Send a voucher's e-mail once more, or return the time from which that is allowed again."""
    later = mail_again_at(world, order=order)
    if later is not None:
        return later
    account = world.need(Shopper, world.need(Order, order).shopper)
    voucher = voucher_of(world, order=order)
    assert voucher is not None

    mail_voucher(world, order=order, address=account.email, title=title, voucher=voucher.code)
    return None


@refuses(
    Reason.VOUCHER_UNKNOWN,
    Reason.VOUCHER_OF_OTHER_INSTITUTION,
    Reason.VOUCHER_CANCELLED,
    Reason.VOUCHER_USED,
    Reason.VOUCHER_EXPIRED,
)
def check_unused(world: Unit, *, marketplace: str, code: str, institution: str) -> Voucher:
    """A voucher that was neither used nor cancelled and is still valid, of the institution that asks."""
    voucher = world.get(Voucher, code)
    if voucher is None or voucher.marketplace != marketplace:
        raise Rejected(Reason.VOUCHER_UNKNOWN, voucher=code)
    if voucher.institution != institution:
        raise Rejected(
            Reason.VOUCHER_OF_OTHER_INSTITUTION,
            asker=institution,
            unsaid={"institution": voucher.institution},
        )
    if voucher.status is VoucherStatus.CANCELLED:
        raise Rejected(Reason.VOUCHER_CANCELLED, voucher=code, status=voucher.status)
    if voucher.status is VoucherStatus.REDEEMED:
        raise Rejected(Reason.VOUCHER_USED, voucher=code, status=voucher.status)
    if world.now > voucher.valid_until:
        raise Rejected(Reason.VOUCHER_EXPIRED, valid_until=voucher.valid_until, asked_at=world.now)
    return voucher


@refuses(check_unused, Reason.VOUCHER_LOCKED)
def check_voucher(world: Unit, *, marketplace: str, code: str, institution: str) -> Voucher:
    """A voucher that may be redeemed now, by the institution whose course it opens.

    While Prakerja is asked to take its purchase back, it is locked.
    """
    voucher = check_unused(world, marketplace=marketplace, code=code, institution=institution)
    refund = world.get(Refund, voucher.order)
    if refund is not None and refund.status is RefundStatus.SENDING:
        raise Rejected(Reason.VOUCHER_LOCKED, voucher=code, refund=refund.status)
    return voucher


@command("vouchers.redeem_voucher")
@refuses(check_voucher)
def redeem_voucher(world: Unit, *, marketplace: str, code: str, institution: str) -> Voucher:
    """Redeem a voucher; it opens its course once."""
    voucher = check_voucher(world, marketplace=marketplace, code=code, institution=institution)

    order = world.need(Order, voucher.order)
    world.subject = subject(order.shopper)
    status = VOUCHER[voucher.status, Event.COMMIT]
    redeemed = voucher.but(status=status, redeemed_at=world.now)
    world.put(redeemed)
    ledger.book(world, "voucher", bookings.voucher_redeemed(voucher.marketplace))
    webhooks_outbox.tell(world, order, "voucher.redeemed", redeemed)
    return redeemed


def _free_voucher(world: Unit, order: Order, number_format: str) -> VoucherCode:
    attempt = 0
    while True:
        code = VoucherCode(filled(number_format, world.now, world.seed, "voucher", order.id, attempt))
        if world.get(Voucher, code) is None:
            return code
        attempt += 1


def _valid_until(now: datetime, course: Course, schedule: Schedule) -> datetime:
    if course.kind is CourseKind.WEBINAR and schedule.ends is not None:
        return schedule.ends
    year = YEAR_2021 if now.year <= 2021 else YEAR_2022
    return last_second_of(year.voucher_until.replace(year=now.year))
