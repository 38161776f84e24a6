"""Every kind of record, with values that are easily lost, through every store."""

from datetime import date, datetime
from enum import Enum
from typing import get_args, get_type_hints

import pytest
from msgspec.structs import fields

from prakerja_sim.simulator.stores.kinds import KEPT, LOGGED
from prakerja_sim.simulator.values.clock import wib
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.store import key_of


def sample(kind, *, full):
    """A record of any kind, with awkward values; `full` leaves no optional value out."""
    values = {}
    for field in fields(kind):
        hint = get_type_hints(kind)[field.name]
        if type(None) in get_args(hint):
            hint = next(part for part in get_args(hint) if part is not type(None)) if full else type(None)
        values[field.name] = _value(getattr(hint, "__supertype__", hint))
    if "source" in values:
        values["source"] = "programme:18"
    return kind(**values)


def _value(hint):
    if issubclass(hint, Enum):
        return list(hint)[-1]
    awkward = {
        bool: True,
        int: 2**62,
        str: 'Siti Nur\'aini "é" 一 \n%_?',
        Rupiah: Rupiah(-1),
        type(None): None,
    }
    awkward |= {datetime: wib(2021, 9, 1, 23, 59, 59).replace(microsecond=999_999), date: date(2000, 2, 29)}
    return awkward[hint]


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("kind", KEPT, ids=lambda kind: kind.__name__)
def test_a_record_of_every_kind_comes_back_as_it_was(store, kind, full):
    record = sample(kind, full=full)
    store.run("a", lambda world: world.put(record))
    assert store.run("a", lambda world: world.get(kind, key_of(record))) == record
    assert store.run("a", lambda world: world.find(kind)) == [record]


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("kind", LOGGED, ids=lambda kind: kind.__name__)
def test_a_logged_record_of_every_kind_comes_back_as_it_was(store, kind, full):
    record = sample(kind, full=full)
    store.run("a", lambda world: world.append(record))
    assert store.run("a", lambda world: world.log(kind)) == [record]
