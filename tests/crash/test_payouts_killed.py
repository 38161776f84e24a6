"""A sweep of payments that is killed again and again, in the middle of anything, pays each slot once."""

import os
import shutil
import signal
import subprocess
import sys

import pytest

from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.payout.records import Payout
from prakerja_sim.simulator.programme import (
    catalogue,
    completion,
    enrolment,
    payment,
    payout_accounts,
    people,
)
from prakerja_sim.simulator.programme.incentive_records import Incentive
from prakerja_sim.simulator.programme.incentive_rows import OPEN
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.chance import below, seed_bytes
from prakerja_sim.simulator.values.clock import DAY, wib
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.records import Due, Sms
from tests.live import REPOSITORY

START, END = wib(2021, 8, 24, 15), wib(2022, 3, 7)
FAULTS = ("payout_reply_lost", "payout_request_lost", "payout_rejected", "payout_late", "payout_down")
SWEEP = """
import sys
from pathlib import Path
from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.values.clock import parse_instant
class Told(sandbox.Sandbox):
    def do(self, *operation, **arguments):
        done = super().do(*operation, **arguments)
        print("on", flush=True)  # after each unit of work, so between reserving, calling and settling too
        return done
world, end = sandbox.reopen(LMDB(Path(sys.argv[1])), "pay"), parse_instant(sys.argv[2])
world = Told("pay", world.store, world.seed, world.settings)
world.advance(end)
print("done", flush=True)
"""


def prepared(store, participants):
    """So many people of wave 18, linked and rated, and faults that wait for their payments."""
    world = sandbox.create(store, "pay", 42, START)
    told = {"title": "Barista", "category": "kopi", "institution": "kopi-kita"}
    schedule = world.do(catalogue.list_course, code="barista", price=Rupiah(600_000), **told)
    bought = [buyer(world, number, schedule.code) for number in range(participants)]
    world.advance(START + 20 * DAY)
    for card, transaction in bought:
        world.do(completion.rate, card=card, transaction=transaction, stars=5, review="Bagus")
    for fault in FAULTS:
        world.arm(fault, "", 3)
    return world


def buyer(world, number, schedule):
    """Somebody who linked an account, bought, and finished."""
    one = people.person(seed_bytes(42), number)
    who = {"name": one.name, "nik": one.nik, "phone": one.phone, "email": one.email, "born": one.born}
    card = world.do(enrolment.enrol, wave=18, **who).card
    world.do(enrolment.watch_videos, card=card)
    wallet = {"phone": one.phone, "nik": one.nik, "name": one.name}
    world.do(partners.open_wallet, partner=one.paid_by(START.date()), number=one.account, **wallet)
    world.do(payout_accounts.link, card=card, partner=one.paid_by(START.date()), number=one.account)
    world.do(payout_accounts.confirm_link, card=card, otp=_code(world, one.phone))
    order = {"marketplace": "tokopedia", "user": str(number), "course": "barista", "amount": 600_000}
    token = world.do(payment.send_otp, card=card, schedule=schedule, **order)
    invoice, otp = f"INV-{number}", _code(world, one.phone)
    pay = {"marketplace": "tokopedia", "invoice": invoice, "invoice_url": "https://x.id/1"}
    paid = world.do(payment.authorize, token=token, otp=otp, **pay)
    world.do(completion.report, marketplace="tokopedia", invoice=invoice, name=one.name, score=80)
    return card, paid.transaction


def _code(world, phone):
    return world.ask(lambda w: w.log(Sms, phone=phone))[-1].otp


def paid(world):
    found = world.ask(lambda w: w.find(Payout))
    return sorted((p.reference, p.status.value, p.paid_at) for p in found)


def was_paying(world):
    """Whether a payment partner may have been called whose answer has not been settled."""
    now = world.now()
    rows = world.ask(lambda w: w.find(Incentive))
    return any(row.status in OPEN and row.next_at is not None and row.next_at <= now for row in rows)


def finished_apart(path):
    """A kill between a partner's answer and its settling may change what is heard, never what is paid."""
    store = LMDB(path)
    try:
        world = sandbox.reopen(store, "pay")
        world.advance(END)
        assert world.check() == []
        slots = [reference.partition("#")[0] for reference, status, _ in paid(world) if status == "paid"]
        assert (len(slots), len(set(slots))) == (24, 24)
    finally:
        store.close()


def killed_while_paying(path):
    store = LMDB(path)
    try:
        return was_paying(sandbox.reopen(store, "pay"))
    finally:
        store.close()


@pytest.mark.timeout(1800)
def test_a_sweep_that_is_killed_and_run_again_pays_once(tmp_path, request):
    here, before, apart = tmp_path / "here", tmp_path / "before", tmp_path / "apart"
    here.mkdir()
    path = here / "pay.db"
    store = LMDB(path)
    prepared(store, 6)
    store.close()
    calm = prepared(Memory(), 6)
    calm.advance(END)
    kills = 0
    finished = False
    while not finished:
        shutil.rmtree(before, ignore_errors=True)
        shutil.copytree(here, before)
        command = [sys.executable, "-c", SWEEP, str(path), END.isoformat()]
        with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as sweep:
            assert sweep.stdout is not None
            wanted = kills < request.config.getoption("--kills")
            if wanted and all(
                sweep.stdout.readline() == "on\n" for _ in range(1 + below(12, b"payouts", kills))
            ):
                os.kill(sweep.pid, signal.SIGKILL)  # it is in the middle of the next one, or about to be
                kills += 1
                sweep.wait()
            else:
                finished = sweep.wait() == 0
                assert finished, "the sweep failed by itself"
        if not finished and killed_while_paying(path):
            shutil.copytree(here, apart)
            finished_apart(apart / "pay.db")
            shutil.rmtree(apart)
            shutil.rmtree(here)
            shutil.copytree(before, here)  # the others go on from where this one began
    assert kills >= min(request.config.getoption("--kills"), 3), "the sweep was over too soon to be killed"
    store = LMDB(path)
    world = sandbox.reopen(store, "pay")
    try:
        assert world.check() == []
        assert paid(world) == paid(calm)
        assert sum(status == "paid" for _, status, _ in paid(world)) == 24
        assert world.digest() == calm.digest()
    finally:
        store.close()


def test_a_sweep_stopped_after_any_number_of_events_goes_on_where_it_was():
    """The last event is left with what it reserved, its partner not yet called."""
    whole = prepared(Memory(), 2)
    whole.advance(END)
    for stop in range(0, 60, 3):
        part = prepared(Memory(), 2)
        for _ in range(stop):
            if part.ask(schedule.next_due, until=END) is not None:
                part.step()
        due = part.ask(schedule.next_due, until=END)
        if due is not None:
            part.do(schedule.fire, key=due.key)
            part.do(schedule.fire, key=due.key)  # and once more, as a second sweeper would
        again = sandbox.Sandbox("pay", part.store, part.seed, part.settings)
        again.advance(END - DAY)
        again.advance(END)
        assert paid(again) == paid(whole), stop
        assert again.check() == []
        assert not [d for d in again.ask(lambda w: w.find(Due, done=False)) if d.at <= END]
