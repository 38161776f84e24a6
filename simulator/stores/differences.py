"""Where a store differs from what its journal gives: which record, whose, which field, and both values."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import msgspec
from msgspec.structs import asdict

from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.programme.records import Participant, Payment
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.world.store import Contents

LONGEST_VALUE = 200
_PARTS = re.compile(r"[:/|#]")


def differences(kept: Contents, again: Contents) -> Iterator[str]:
    """Each in a sentence; `again` is what the journal gives."""
    whose = _Whose(again, kept)
    for kind, records in kept.records.items():
        expected = again.records[kind]
        for key in sorted(records.keys() | expected.keys()):
            one, other = records.get(key), expected.get(key)
            if one != other:
                yield _difference(f"{kind.__name__} {key}", one, other, whose)
    for kind, log in kept.logs.items():
        yield from _in_log(kind.__name__, log, again.logs[kind], whose)


def _in_log(kind: str, log: list[Any], expected: list[Any], whose: "_Whose") -> Iterator[str]:
    if log == expected:
        return
    extra, missing = Counter(log), Counter(expected)
    numbered = [(n, one) for n, one in enumerate(log, 1) if extra[one] > missing[one]]
    lacking = [(n, one) for n, one in enumerate(expected, 1) if missing[one] > extra[one]]
    if not numbered and not lacking:
        yield f"the lines of {kind} are not in the order of the journal"
    nothing = (0, None)
    for (n, one), (m, other) in zip_longest(numbered, lacking, fillvalue=nothing):
        yield _difference(f"line {n or m} of {kind}", one, other, whose)


def _difference(named: str, one: Any, other: Any, whose: "_Whose") -> str:
    named += whose.said(one if other is None else other)
    if one is None:
        return f"{named} is missing; the journal gives {_shown(asdict(other))}"
    if other is None:
        return f"{named} is there, and nothing in the journal made it: {_shown(asdict(one))}"
    there, given = asdict(one), asdict(other)
    fields = [
        f"{name} is {_shown(value)}, the journal gives {_shown(given[name])}"
        for name, value in there.items()
        if value != given[name]
    ]
    return f"{named}: {'; '.join(fields)}"


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


class _Whose:
    """Which person and which invoice the values of a record lead to."""

    def __init__(self, *worlds: Contents) -> None:
        self._people: dict[str, str] = {}
        self._invoices: dict[str, str] = {}
        for world in worlds:
            for one in world.records[Participant].values():
                told = f"{one.name}, card {one.card}"
                self._note(self._people, told, one.card, one.phone, one.email)
            for one in world.records[Payment].values():
                self._note(self._people, self._people.get(one.card), one.token, one.transaction, one.invoice)
                self._note(self._invoices, one.invoice, one.token, one.transaction, one.invoice)
            for one in world.records[Order].values():
                person = self._people.get(one.card or "")
                self._note(self._people, person, one.id, one.invoice, one.voucher, one.token)
                self._note(self._invoices, one.invoice, one.id, one.invoice, one.voucher, one.token)
            for one in world.records[Training].values():
                self._note(self._people, self._people.get(one.card), one.redeem_code)
                self._note(self._invoices, one.invoice, one.redeem_code)

    def said(self, record: Any) -> str:
        """In brackets, or nothing if the record leads to nobody."""
        texts = [value for value in asdict(record).values() if isinstance(value, str)]
        parts = [part for text in texts for part in (text, *_PARTS.split(text))]
        person = next((self._people[part] for part in parts if part in self._people), None)
        invoice = next((self._invoices[part] for part in parts if part in self._invoices), None)
        told = ", ".join(filter(None, [person, invoice and f"invoice {invoice}"]))
        return f" ({told})" if told else ""

    @staticmethod
    def _note(names: dict[str, str], told: str | None, *values: str | None) -> None:
        if told:
            for value in filter(None, values):
                names.setdefault(str(value), told)
