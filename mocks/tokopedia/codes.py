"""Who Tokopedia is to the shop: its numbers, its policies, what it calls things."""

from datetime import timedelta

from prakerja_sim.mocks.shop.site import Site
from prakerja_sim.simulator.marketplace.refunds import Asker, Refunds
from prakerja_sim.simulator.programme.complaints import Care
from prakerja_sim.simulator.values.ids import PartyCode

SITE = Site(
    code=PartyCode("tokopedia"),
    title="Tokopedia",
    voucher_number="TKPD??????????",
    refunds=Refunds(frozenset({Asker.BUYER, Asker.ORGANISER})),
    support=Care("www.tokopedia.com/help", take_up=timedelta(hours=1), answer=timedelta(hours=24)),
)
