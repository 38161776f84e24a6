import pytest

from prakerja_sim.simulator.ledger import bookings
from prakerja_sim.simulator.ledger.ledger import family
from prakerja_sim.simulator.values.money import Rupiah

PAID = ("tokopedia", "9900", "s-1", Rupiah(650_000))
RESOLD = ("sat-1", "tokopedia", Rupiah(650_000), "s-1")


@pytest.mark.parametrize(
    ("moves", "booked"),
    [
        ([bookings.listing("s-1", 30)], [("catalogue:s-1", "seats:s-1", 30)]),
        ([bookings.grant(18, "9900", Rupiah(1_000_000))], [("programme:18", "card:9900", 1_000_000)]),
        (
            bookings.purchase(*PAID),
            [("card:9900", "platform:tokopedia", 650_000), ("seats:s-1", "taken:s-1", 1)],
        ),
        (bookings.void(*PAID), [("platform:tokopedia", "card:9900", 650_000), ("taken:s-1", "seats:s-1", 1)]),
        (
            [bookings.passed_on("tokopedia", "lp-kopi", Rupiah(585_000))],
            [("platform:tokopedia", "institution:lp-kopi", 585_000)],
        ),
        (
            [bookings.given_back("tokopedia", "lp-kopi", Rupiah(585_000))],
            [("institution:lp-kopi", "platform:tokopedia", 585_000)],
        ),
        ([bookings.lapse(18, "9900", 350_000)], [("card:9900", "programme:18", 350_000)]),
        ([bookings.award(18, "9900", Rupiah(2_400_000))], [("programme:18", "owed:9900", 2_400_000)]),
        ([bookings.incentive("9900", Rupiah(600_000))], [("owed:9900", "incentive:9900", 600_000)]),
        ([bookings.sent("9900", "ovo", Rupiah(600_000))], [("owed:9900", "payout:ovo", 600_000)]),
        ([bookings.not_paid("9900", "ovo", Rupiah(600_000))], [("payout:ovo", "owed:9900", 600_000)]),
        ([bookings.incentive("9900", Rupiah(600_000), "ovo")], [("payout:ovo", "incentive:9900", 600_000)]),
        ([bookings.undelivered(18, "9900", 600_000)], [("owed:9900", "treasury:18", 600_000)]),
        ([bookings.paid_in("sat-1", Rupiah(5_000))], [("distributor:sat-1", "deposit:sat-1", 5_000)]),
        (
            bookings.resale(*RESOLD),
            [("deposit:sat-1", "resale:tokopedia", 650_000), ("seats:s-1", "taken:s-1", 1)],
        ),
        (bookings.resale(*RESOLD[:3], ""), [("deposit:sat-1", "resale:tokopedia", 650_000)]),
        (
            bookings.resale_failed(*RESOLD),
            [("resale:tokopedia", "deposit:sat-1", 650_000), ("taken:s-1", "seats:s-1", 1)],
        ),
        ([bookings.voucher_issued("pijar")], [("unissued:pijar", "issued:pijar", 1)]),
        ([bookings.voucher_redeemed("pijar")], [("issued:pijar", "redeemed:pijar", 1)]),
        ([bookings.voucher_cancelled("pijar")], [("issued:pijar", "cancelled:pijar", 1)]),
    ],
    ids=lambda value: value[0][1].partition(":")[0] if isinstance(value[0], tuple) else None,
)
def test_each_event_books_its_moves_between_accounts_of_one_kind(moves, booked):
    assert list(moves) == booked
    for source, target, _ in moves:
        assert family(source).asset == family(target).asset


def test_a_void_undoes_its_purchase_to_the_rupiah():
    undone = {(target, source, amount) for source, target, amount in bookings.void(*PAID)}
    assert undone == set(bookings.purchase(*PAID))
