import pytest
from msgspec.structs import fields, replace

from prakerja_sim.simulator.marketplace.records import Order, OrderStatus
from prakerja_sim.simulator.stores.kinds import KEPT, LOGGED
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Logged, Record
from prakerja_sim.simulator.world.store import key_of


def subclasses(kind):
    return {name for name in kind.__subclasses__() if name.__module__.startswith("prakerja_sim.")}


def test_every_record_is_kept_and_every_log_is_listed():
    # Dataclasses with slots are made anew, so the first make lingers under the same name.
    assert {kind.__name__ for kind in subclasses(Record)} == {kind.__name__ for kind in KEPT}
    assert {kind.__name__ for kind in subclasses(Logged)} == {kind.__name__ for kind in LOGGED}


@pytest.mark.parametrize("kind", KEPT + LOGGED, ids=lambda kind: kind.__name__)
def test_indexes_name_fields_that_exist(kind):
    names = {field.name for field in fields(kind)}
    assert all(set(index) <= names for index in kind.INDEXES)


def test_a_record_never_changes_but_another_may_be_made_from_it():
    order = Order(
        "O-1", "pijar", "u", "c", "s", Rupiah(9), Rupiah(4), "I", OrderStatus.PENDING, wib(2021, 9, 1)
    )
    with pytest.raises(AttributeError):
        order.price = Rupiah(1)
    assert key_of(order) == "O-1"
    assert order.total == Rupiah(5)
    changed = order.but(price=Rupiah(7), status=OrderStatus.ISSUED)
    assert changed == replace(order, price=Rupiah(7), status=OrderStatus.ISSUED)
    assert order.price == Rupiah(9)
    assert order.but() == order
    with pytest.raises(TypeError, match="no field 'colour'"):
        order.but(colour="red")
