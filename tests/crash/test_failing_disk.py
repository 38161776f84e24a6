"""A disk that fails, is full or gone: refused as what it is, questions answered, nothing refused comes back.

Over HTTP, with every single write and sync of a purchase and of a reset failing once.
"""

import errno
import os
import shutil
from contextlib import closing

import pytest

from prakerja_sim.simulator import sandbox
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from tests.crash.disks import ERRORS, Disk
from tests.crash.partner import OPTIONS, Partner, leased
from tests.live import serving

UNAVAILABLE = (503, "ERR50380", "Layanan sedang tidak tersedia.")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sim.db"


@pytest.fixture
def disk(tmp_path, path, monkeypatch):
    return Disk(tmp_path, path, monkeypatch)


@pytest.fixture
def serve(path, disk):
    return lambda: serving("--store", f"lmdb:{path}", *OPTIONS)


def invoices_after_a_kill(path, name="default"):
    """The purchases that a server finds which starts with the file as it is now."""
    copy = path.with_name("as-a-kill-leaves-it.db")
    shutil.copy(path, copy)
    with closing(LMDB(copy)) as store:
        world = sandbox.reopen(store, name)
        assert world.check() == []
        found = {one.invoice for one in world.ask(lambda unit: unit.find(Training))}
    copy.unlink()
    return found


def refused(answer):
    return answer.status, answer.body["code"], answer.body["message"]


class Buyer:
    """Buys with one card; what failed is tried until it succeeds."""

    def __init__(self, partner, number):
        self.partner = partner
        self.card, self.invoice = partner.enrol(number), f"DISK-{number}"
        self.token = ""

    def send_otp(self):
        answer = self.partner.send_otp(self.card)
        if answer.status == 200:
            self.token = answer.body["data"]["payment_token"]
        return answer

    def authorize(self):
        return self.partner.authorize(self.token, self.invoice)


def ready(partner):
    answer = partner.admin("GET", "/readyz")
    return answer.status, answer.body["status"]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("error", ERRORS)
def test_each_write_and_sync_of_a_purchase_may_fail_once(error, path, disk, serve):
    acknowledged, refusals, number = set(), 0, 1000
    with serve() as server, closing(Partner(server)) as partner:
        for step in (Buyer.send_otp, Buyer.authorize):
            failing_at, reached = 0, True
            while reached:
                failing_at, number = failing_at + 1, number + 1
                buyer = Buyer(partner, number)
                if step is Buyer.authorize:
                    assert buyer.send_otp().status == 200
                before = disk.count
                with disk.failing(error, first=failing_at):
                    answer = step(buyer)
                    reached = disk.count - before >= failing_at
                if reached:
                    refusals += 1
                    assert refused(answer) == UNAVAILABLE
                    assert partner.status(buyer.invoice).body["code"] == "ERRPLT40099"  # a question
                    assert invoices_after_a_kill(path) == acknowledged
                    assert partner.admin("GET", "/readyz").status == 200
                    assert step(buyer).status == 200
                else:
                    assert answer.status == 200
                if step is Buyer.authorize:
                    acknowledged.add(buyer.invoice)
                assert invoices_after_a_kill(path) == acknowledged
        assert refusals >= 2 * 3  # each unit writes pages, synchronizes them, and writes the last one
    with serve() as server, closing(Partner(server)) as partner:
        assert all(partner.status(invoice).status == 200 for invoice in acknowledged)
        assert partner.admin("GET", "/invariants").body["ok"]
    assert invoices_after_a_kill(path) == acknowledged


@pytest.mark.timeout(600)
@pytest.mark.parametrize("error", ERRORS)
def test_each_write_and_sync_of_a_reset_may_fail_once(error, path, disk, serve):
    """The world is the old one if it was refused, else the new one, in the server as in the file."""
    with serve() as server, closing(leased(server, "apart")) as partner:
        failing_at, reached = 0, True
        while reached:
            failing_at += 1
            buyer = Buyer(partner, 2000)
            assert buyer.send_otp().status == 200
            assert buyer.authorize().status == 200
            before = disk.count
            with disk.failing(error, first=failing_at):
                answer = partner.admin("POST", "/reset", {})
                reached = disk.count - before >= failing_at
            assert answer.status == (503 if reached else 200)
            kept = {buyer.invoice} if reached else set()
            assert (partner.status(buyer.invoice).status == 200) is reached
            assert partner.admin("GET", "/invariants").body["ok"]
            assert invoices_after_a_kill(path, "apart") == kept
            assert partner.admin("GET", "/readyz").status == 200
            assert partner.admin("POST", "/reset", {}).status == 200
            assert partner.admin("GET", "/people").body["people"] == []
            assert invoices_after_a_kill(path, "apart") == set()
            partner.list_course()
        assert failing_at > 3


def test_a_disk_that_stays_full_refuses_commands_and_answers_questions(path, disk, serve):
    with serve() as server, closing(Partner(server)) as partner:
        buyer = Buyer(partner, 3000)
        assert buyer.send_otp().status == 200
        with disk.failing("ENOSPC", last=None):
            for _ in range(3):
                assert refused(buyer.authorize()) == UNAVAILABLE
                assert partner.admin("GET", "/people").status == 200
                assert partner.admin("GET", "/invariants").body == {"ok": True, "violations": []}
            answer = partner.admin("GET", "/readyz")
            assert (answer.status, answer.body["status"]) == (503, "unavailable")
            assert os.strerror(errno.ENOSPC) in answer.body["reason"]
            assert partner.admin("POST", "/people", {"wave": 22}).body["error"]["code"] == "store_unusable"
        assert ready(partner) == (200, "ready")
        assert buyer.authorize().status == 200
        assert invoices_after_a_kill(path) == {buyer.invoice}


@pytest.mark.parametrize(
    ("gone", "why"), [("removed", "is no longer there"), ("replaced", "was replaced by")]
)
def test_a_file_that_is_gone_takes_no_commands_until_it_is_back(gone, why, path, disk, serve):
    with serve() as server, closing(Partner(server)) as partner:
        buyer = Buyer(partner, 4000)
        assert buyer.send_otp().status == 200
        away = path.with_name("away.db")
        path.rename(away)
        if gone == "replaced":
            shutil.copy(away, path)
        assert refused(buyer.authorize()) == UNAVAILABLE
        answer = partner.admin("GET", "/readyz")
        assert (answer.status, answer.body["status"]) == (503, "unavailable")
        assert why in answer.body["reason"]
        assert partner.admin("GET", "/people").status == 200
        away.replace(path)
        assert ready(partner) == (200, "ready")
        assert buyer.authorize().status == 200
        assert invoices_after_a_kill(path) == {buyer.invoice}
