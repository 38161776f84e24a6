"""Two accounting programs that know nothing of ours read the books and must come to the same balances."""

import csv
import io
import shutil
import string
import subprocess
import warnings
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prakerja_sim.simulator.audit import export
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.marketplace import deposits
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Transfer
from prakerja_sim.simulator.world.store import Unit
from tests.live import REPOSITORY
from tests.played import played
from tests.simulator.conftest import Story

HLEDGER = shutil.which("hledger")
LARGEST = REPOSITORY / "scenarios" / "whole" / "wave_18.yaml"


@pytest.fixture(scope="module")
def world():
    """The sandbox in which the largest story was played."""
    with played(LARGEST) as sandbox:
        yield sandbox


def kept(sandbox):
    return {account.name: account.balance for account in sandbox.ask(Unit.find, kind=Account)}


def by_beancount(text):
    """Its own balances of a file that it accepts, by our names, which it carries as metadata."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a library that it imports
        from beancount import loader  # noqa: PLC0415
        from beancount.core import data, realization  # noqa: PLC0415
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    names = {one.account: one.meta["name"] for one in entries if isinstance(one, data.Open)}
    found = {}
    for real in realization.iter_children(realization.realize(entries)):
        if real.account in names:
            units = [position.units.number for position in real.balance]
            found[names[real.account]] = int(sum(units))
    return found


def by_hledger(text, *, check=True):
    """Its own balances, or its complaint."""
    report = [HLEDGER, "-f", "-", "balance", "--flat", "--empty", "--no-total", "--output-format", "csv"]
    done = subprocess.run(report, input=text, capture_output=True, text=True, check=False)
    if not check:
        return done.stderr
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    return {row["account"]: int(row["balance"].split()[0].replace(",", "")) for row in rows}


needs_hledger = pytest.mark.skipif(HLEDGER is None, reason="hledger is not installed here")


def test_beancount_agrees_to_the_rupiah(world):
    assert by_beancount(world.ask(export.text, name="beancount")) == kept(world)


@needs_hledger
def test_hledger_agrees_to_the_rupiah(world):
    assert by_hledger(world.ask(export.text, name="hledger")) == kept(world)


def test_both_agree_where_a_commission_was_booked_and_booked_back():
    story = Story(settings=Settings(commission={"tokopedia": 7}))
    story.void(story.buy(amount=649_999))
    story.after(timedelta(hours=3))
    story.buy(invoice="INV-2", amount=649_999)
    books = kept(story.sandbox)
    assert (books["platform:tokopedia"], books["institution:kopi-kita"]) == (45_499, 604_500)
    assert by_beancount(story.ask(export.text, name="beancount")) == books
    if HLEDGER is not None:
        assert by_hledger(story.ask(export.text, name="hledger")) == books


def test_the_story_is_worth_the_comparison(world):
    assert len(kept(world)) >= 8
    events = {t.event for t in world.ask(Unit.log, kind=Transfer)}
    assert events >= {"grant", "listing", "purchase", "voucher", "lapse", "incentive"}


FORGED = [
    # a rupiah too many in a transfer or in a kept balance
    lambda story: story.plant(
        Transfer("sandbox#1", "grant", story.sandbox.now(), "programme:18", "card:x", 1)
    ),
    lambda story: story.plant(story.get(Account, f"card:{story.card}").but(balance=999_999)),
]


@pytest.mark.parametrize("forge", FORGED, ids=["transfer", "balance"])
def test_both_programs_refuse_forged_books(forge):
    story = Story()
    forge(story)
    with pytest.raises(AssertionError, match=r"[Bb]alance|Invalid reference"):
        by_beancount(story.ask(export.text, name="beancount"))


@needs_hledger
def test_hledger_refuses_forged_balances():
    story = Story()
    FORGED[1](story)
    assert "assertion" in by_hledger(story.ask(export.text, name="hledger"), check=False)


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("card:9900123412341234", "Assets:Card:9900123412341234"),
        ("programme:18", "Equity:Programme:18"),
        ("platform:tokopedia", "Assets:Platform:Tokopedia"),
        ("seats:a1b2", "Assets:Seats:A1b2"),
        ("catalogue:0f", "Equity:Catalogue:0f"),
        ("issued:my-shop", "Assets:Issued:My-shop"),
        ("issued:my_shop", "Assets:Issued:My-x5F-shop"),
        ("deposit:_toko", "Assets:Deposit:X5F-toko"),
        ("deposit:-toko", "Assets:Deposit:X2D-toko"),
        ("deposit:-", "Assets:Deposit:X2D-"),
        ("deposit:x2d-toko", "Assets:Deposit:X78-2d-toko"),
        ("deposit:a-x5f-b", "Assets:Deposit:A-x2D-x5f-b"),
    ],
)
def test_an_account_has_a_name_that_beancount_takes(account, expected):
    assert export.beancount_name(account) == expected


@given(st.lists(st.text("abx25df_-", min_size=1, max_size=8), min_size=2, unique=True))
@settings(database=None, derandomize=True, max_examples=300)
def test_no_two_codes_have_one_name(codes):
    names = {export.beancount_name(f"deposit:{code}") for code in codes}
    assert len(names) == len(codes)


FIRST = string.digits + string.ascii_lowercase + "_-"
CODES = [f"{first}{rest}" for first in FIRST for rest in ("", "_", "-a")]


def test_the_books_are_valid_for_every_code_that_a_distributor_may_have():
    story = Story()
    for code in CODES:
        story.do(deposits.pay_in, distributor=code, amount=Rupiah(1_000 + len(code)))
    books = kept(story.sandbox)
    assert len(books) > 2 * len(CODES)
    assert by_beancount(story.ask(export.text, name="beancount")) == books


@needs_hledger
def test_hledger_takes_every_code_too():
    story = Story()
    for code in CODES:
        story.do(deposits.pay_in, distributor=code, amount=Rupiah(1_000))
    assert by_hledger(story.ask(export.text, name="hledger")) == kept(story.sandbox)


def test_csv_has_one_transfer_a_line(world):
    rows = list(csv.DictReader(io.StringIO(world.ask(export.text, name="csv"))))
    transfers = world.ask(Unit.log, kind=Transfer)
    assert [(r["entry"], r["source"], r["target"], int(r["amount"])) for r in rows] == [
        (t.entry, t.source, t.target, t.amount) for t in transfers
    ]
    assert {row["unit"] for row in rows} == {"IDR", "SEAT", "VOUCHER"}


@pytest.mark.parametrize("form", export.FORMATS)
def test_empty_books_export_without_complaint(form):
    story = Story()
    story.reset()
    text = story.ask(export.text, name=form)
    if form == "beancount":
        assert by_beancount(text) == {}
    if form == "hledger" and HLEDGER:
        assert by_hledger(text) == {}
