import pytest
from msgspec.structs import replace

from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Transfer
from prakerja_sim.simulator.world.store import Unit

GRANT = ("programme:18", "card:1", 1_000)


@pytest.fixture
def world():
    """An empty unit of work."""
    return Memory().run("ledger", lambda unit: unit)


def test_what_leaves_one_account_arrives_at_the_other(world):
    ledger.book(world, "grant", GRANT)
    ledger.book(world, "purchase", ("card:1", "platform:tokopedia", 400), ("card:1", "platform:pijar", 1))

    assert ledger.balance(world, "programme:18") == -1_000
    assert ledger.balance(world, "card:1") == 599
    assert ledger.balance(world, "platform:tokopedia") == 400
    assert ledger.balance(world, "platform:pijar") == 1


def test_an_account_that_never_moved_holds_nothing(world):
    assert ledger.balance(world, "card:1") == 0


def test_an_account_counts_its_moves(world):
    ledger.book(world, "grant", GRANT, GRANT)
    assert world.get(Account, "card:1") == Account("card:1", 2_000, 2)


def test_every_move_waits_to_be_filed_with_its_command(world):
    ledger.book(world, "grant", GRANT)
    assert world.booked == [("grant", *GRANT)]


def test_a_whole_balance_may_be_spent(world):
    ledger.book(world, "grant", GRANT)
    ledger.book(world, "purchase", ("card:1", "platform:tokopedia", 1_000))
    assert ledger.balance(world, "card:1") == 0


def test_one_rupiah_more_than_there_is_is_a_bug(world):
    ledger.book(world, "grant", GRANT)
    with pytest.raises(AssertionError, match="overdraft on card:1: -1"):
        ledger.book(world, "purchase", ("card:1", "platform:tokopedia", 1_001))


COUNTED = {
    "IDR": {
        "card",
        "platform",
        "institution",
        "owed",
        "payout",
        "deposit",
        "resale",
        "incentive",
        "treasury",
    },
    "SEAT": {"seats", "taken"},
    "VOUCHER": {"issued", "redeemed", "cancelled"},
}
SOURCES = {"programme": "IDR", "distributor": "IDR", "catalogue": "SEAT", "unissued": "VOUCHER"}


def test_each_family_counts_one_thing_and_only_sources_give_what_they_have_not():
    families = {name: (kept.asset, kept.source) for name, kept in ledger.FAMILIES.items()}
    assert families == {
        **{name: (asset, False) for asset, names in COUNTED.items() for name in names},
        **{name: (asset, True) for name, asset in SOURCES.items()},
    }


@pytest.mark.parametrize("source", ["card:1", "platform:1", "incentive:1", "seats:1", "taken:1", "issued:1"])
def test_only_a_source_may_go_below_zero(world, source):
    asset = ledger.family(source).asset
    target = next(f"{name}:2" for name, kept in ledger.FAMILIES.items() if kept.asset == asset)
    with pytest.raises(AssertionError, match=r"^overdraft on "):
        ledger.book(world, "lapse", (source, target, 1))


@pytest.mark.parametrize("target", ["seats:1", "issued:1"])
def test_different_things_are_not_exchanged(world, target):
    with pytest.raises(AssertionError, match="programme:18"):
        ledger.book(world, "grant", ("programme:18", target, 1))


def test_an_account_of_no_family_is_a_bug(world):
    with pytest.raises(KeyError):
        ledger.book(world, "grant", ("programme:18", "purse:1", 1))


@pytest.mark.parametrize("changes", [{"amount": 0}, {"amount": -1}, {"target": "card:1"}])
def test_a_transfer_cannot_be_unbalanced(changes):
    transfer = Transfer("p#1", "purchase", wib(2021, 9, 1), "card:1", "platform:tokopedia", 1)
    with pytest.raises(AssertionError):
        replace(transfer, **changes)


def test_a_bug_in_the_middle_of_a_booking_leaves_nothing_behind():
    store = Memory()

    def overdraw(world):
        ledger.book(world, "grant", GRANT)
        ledger.book(world, "purchase", ("card:1", "platform:tokopedia", 1_001))

    with pytest.raises(AssertionError):
        store.run("ledger", overdraw)
    assert store.run("ledger", lambda unit: unit.find(Account)) == []


def test_the_world_of_a_booking_has_changed():
    world = Unit(None, 0, Settings())
    assert not world.changed
    world.booked.append(("grant", *GRANT))
    assert world.changed
