"""The books as plain text, so that independent programs can check them.

A file for beancount or hledger has every transfer and, at the end, what each account must hold; these
programs refuse the file if their own sums differ.  CSV has one transfer a line.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import groupby

from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.world.records import Transfer
from prakerja_sim.simulator.world.store import Unit

_FIRST = re.compile("[0-9a-wyz]")
"""What may begin a part once it is a capital letter; x is left for what may not."""
_NOT_PLAIN = re.compile("[^A-Za-z0-9-]|-(?=x)")
Called = Callable[[str], str]
_EPOCH = date(2020, 1, 1)
"""The day on which every account is opened, before the programme began."""


def beancount(world: Unit, called: Called) -> Iterator[str]:
    """A beancount file, line by line: accounts, commodities, transactions, and a check of each balance."""
    accounts = world.find(Account)
    for asset in sorted({ledger.family(account.name).asset for account in accounts}):
        yield f"{_EPOCH} commodity {asset}"
    for account in accounts:
        asset = ledger.family(account.name).asset
        yield f"{_EPOCH} open {beancount_name(called(account.name))} {asset}"
        yield f'  name: "{called(account.name)}"'
    last = _EPOCH
    for entry, transfers in _entries(world):
        last = max(last, transfers[0].at.date())
        yield f'\n{transfers[0].at:%Y-%m-%d} * "{_events(transfers)}" "{called(entry)}"'
        yield f'  at: "{transfers[0].at.isoformat()}"'
        for name, amount, asset in _postings(transfers):
            yield f"  {beancount_name(called(name))}  {amount} {asset}"
    yield ""
    for account in accounts:  # a balance is checked at the beginning of its day
        asset = ledger.family(account.name).asset
        name = beancount_name(called(account.name))
        yield f"{last + timedelta(days=1)} balance {name} {account.balance} {asset}"


def hledger(world: Unit, called: Called) -> Iterator[str]:
    """An hledger journal, line by line; the last transaction moves nothing and checks every balance."""
    last = _EPOCH
    for entry, transfers in _entries(world):
        last = max(last, transfers[0].at.date())
        when, of = transfers[0].at, called(entry)
        yield f"{when:%Y-%m-%d} * {_events(transfers)}  ; {of}, {when.isoformat()}"
        for name, amount, asset in _postings(transfers):
            yield f"    {called(name)}  {amount} {asset}"
        yield ""
    yield f"{last + timedelta(days=1)} * every balance as the simulator keeps it"
    for account in world.find(Account):
        asset = ledger.family(account.name).asset
        yield f"    {called(account.name)}  0 {asset} = {account.balance} {asset}"


def as_csv(world: Unit, called: Called) -> Iterator[str]:
    """One transfer a line, oldest first, below a line of headings."""
    yield _row("entry", "at", "event", "source", "target", "amount", "unit")
    for t in world.log(Transfer):
        asset = ledger.family(t.source).asset
        entry, source, target = map(called, (t.entry, t.source, t.target))
        yield _row(entry, t.at.isoformat(), t.event, source, target, t.amount, asset)


FORMATS: dict[str, Callable[[Unit, Called], Iterator[str]]] = {
    "beancount": beancount,
    "hledger": hledger,
    "csv": as_csv,
}


def text(world: Unit, *, name: str, called: Called = str) -> str:
    """The whole file in one of the formats; `called` says what accounts and entries are called in it."""
    return "\n".join(FORMATS[name](world, called)) + "\n"


def beancount_name(account: str) -> str:
    """An account's name for beancount: a root, then parts that begin with a capital letter or a digit.

    Sources are equity, since they may be below zero; all others are assets.  What beancount does not allow
    is written as its number between `-x` and `-`, at the beginning between `X` and `-`; and so is what could
    be taken for that, so that two accounts never get the same name.
    """
    family, _, whose = account.partition(":")
    root = "Equity" if ledger.family(account).source else "Assets"
    first, rest = whose[:1], _NOT_PLAIN.sub(lambda sign: f"-x{ord(sign[0]):X}-", whose[1:])
    first = first.upper() if _FIRST.fullmatch(first) else f"X{ord(first):X}-"
    return f"{root}:{family.capitalize()}:{first}{rest}"


def _entries(world: Unit) -> Iterator[tuple[str, list[Transfer]]]:
    """The transfers that one command booked, together."""
    for entry, transfers in groupby(world.log(Transfer), key=lambda t: t.entry):
        yield entry, list(transfers)


def _events(transfers: list[Transfer]) -> str:
    return " and ".join(dict.fromkeys(t.event for t in transfers))


def _postings(transfers: list[Transfer]) -> Iterator[tuple[str, int, str]]:
    for t in transfers:
        asset = ledger.family(t.source).asset
        yield t.source, -t.amount, asset
        yield t.target, t.amount, asset


def _row(*cells: object) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()
