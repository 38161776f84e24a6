"""Karier.mu as the shop sees it: its number formats, its policies, its names for things, its token."""

from datetime import timedelta

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop.account import drawn
from prakerja_sim.mocks.shop.site import Site, wordings
from prakerja_sim.simulator.marketplace.records import OrderStatus, Shopper
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme.complaints import Support
from prakerja_sim.simulator.programme.records import CourseKind, TicketStatus
from prakerja_sim.simulator.values import chance
from prakerja_sim.simulator.values.ids import PartyCode

NAMES = {"fullname": "name", "course_id": "slug", "comment": "review", "description": "detail"}
KINDS = wordings(CourseKind, "SPL", "Webinar", "Offline")
ORDERS = wordings(OrderStatus, "menunggu_pembayaran", "menunggu_otp", "diproses", "berhasil", "dikembalikan")
TICKETS = wordings(TicketStatus, "baru", "diproses", "selesai", "ditolak")


def token(call: Call, account: Shopper) -> str:
    """The user's number, and digits that only this sandbox can compute for it; a new password ends it."""
    seal = drawn(call, "kariermu token", call.sandbox.name, account.user, account.password)
    return f"{account.user}.{seal}"


def program_number(call: Call, course: str) -> int:
    """The number of a program: clients put it into JSON without quotes (seen), so it is no text."""
    return 100_000 + chance.below(900_000, chance.seed_bytes(call.sandbox.seed), "kariermu program", course)


SITE = Site(
    code=PartyCode("kariermu"),
    title="Karier.mu",
    voucher_number="KRM????????",
    invoice_prefix="KRM/",
    invoice_url="https://prakerja.karier.mu/invoice/{order.id}",
    refunds=Refunds(frozenset({Asker.BUYER, Asker.ORGANISER})),  # limits unknown; simulated
    support=Support(
        "WA 0813 1579 2171", take_up=timedelta(hours=4), answer=timedelta(days=2)
    ),  # number published
    names=NAMES,
    demo_commission=10,
    token=token,
)
