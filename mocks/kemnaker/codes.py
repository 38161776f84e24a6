"""Kemnaker as the shop sees it: its number formats, its policies, its names for things, its tokens."""

from datetime import timedelta

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.shop.account import drawn
from prakerja_sim.mocks.shop.site import Site, wordings
from prakerja_sim.simulator.marketplace import number_formats
from prakerja_sim.simulator.marketplace.records import OrderStatus, Shopper
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme.complaints import Support
from prakerja_sim.simulator.programme.records import CourseKind, TicketStatus
from prakerja_sim.simulator.values.ids import PartyCode

NAMES = {"fullname": "name", "category": "vocational", "course_id": "training_id"}
KINDS = wordings(CourseKind, "SPL", "Webinar", "Tatap Muka")
ORDERS = wordings(OrderStatus, "menunggu_pembayaran", "menunggu_otp", "diproses", "lunas", "dikembalikan")
TICKETS = wordings(TicketStatus, "diterima", "diproses", "selesai", "ditolak")


def secret(call: Call, kind: str, whose: str, *about: str | int) -> str:
    """A token of that kind: its user, and digits that only this site can compute."""
    return f"{whose}|{drawn(call, 'kemnaker', kind, call.sandbox.name, whose, *about)}"


def users_secret(call: Call, kind: str, account: Shopper) -> str:
    """A token of that kind for a user; a new password ends it."""
    return secret(call, kind, account.user, account.password)


def token(call: Call, account: Shopper) -> str:
    """The bearer token of a user."""
    return users_secret(call, "access", account)


SITE = Site(
    code=PartyCode("kemnaker"),
    title="Kemnaker",
    own_ids="kemnaker training",
    order_number=number_formats.UUID,
    invoice_prefix="SNK/",
    voucher_number="SNK-%Y-??????",
    invoice_url="https://skillhub.kemnaker.go.id/app/pelatihan/{order.id}",
    promos=False,  # a state platform
    refunds=Refunds(frozenset({Asker.ORGANISER})),  # simulated: no refunds
    support=Support("021-508 16000", take_up=timedelta(days=1), answer=timedelta(days=5)),  # number published
    names=NAMES,
    token=token,
)
