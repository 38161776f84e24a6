"""The sandboxes of one server: leased, found by name or by credential, and found again in the store."""

import sys
import threading
from functools import partial

import pytest

from prakerja_sim.mocks.http.credentials import DEFAULT, SandboxUnclear
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import DAY
from prakerja_sim.simulator.values.errors import Reason, Rejected, WorldGone
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import schedule, setup
from prakerja_sim.simulator.world.records import Client
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import START


def whose(sandboxes, code, to=None):
    """The credential of a code, where the URL names that sandbox or none."""
    return sandboxes.credential(code, to=to, named=to is not None)


@pytest.fixture
def sandboxes():
    return Sandboxes(Memory())


def reason(act, *arguments):
    with pytest.raises(Rejected) as refused:
        act(*arguments)
    return refused.value.reason


def test_a_sandbox_is_found_by_its_name(sandboxes):
    leased = sandboxes.lease("mine", 1, START)
    assert sandboxes.get("mine") is leased
    assert sandboxes.get("theirs") is None
    sandboxes.lease("also", 1, START)
    assert sandboxes.names() == ["also", "mine"]


def test_a_name_is_leased_once_until_it_is_dropped(sandboxes):
    sandboxes.lease("mine", 1, START)
    assert reason(sandboxes.lease, "mine", 2, START) is Reason.SANDBOX_TAKEN
    assert sandboxes.get("mine").seed == 1
    sandboxes.drop("mine")
    assert sandboxes.get("mine") is None
    assert sandboxes.lease("mine", 3, START).seed == 3


def test_what_does_not_exist_cannot_be_dropped(sandboxes):
    assert reason(sandboxes.drop, "mine") is Reason.SANDBOX_UNKNOWN


def test_a_partys_credential_follows_from_the_seed_and_stays(sandboxes):
    mine, theirs = sandboxes.lease("mine", 1, START), sandboxes.lease("theirs", 1, START)
    first = sandboxes.credential_of(mine, "tokopedia")
    assert sandboxes.credential_of(mine, "tokopedia") is first
    assert first.client_code.startswith("tokopedia")
    assert whose(sandboxes, first.client_code).sandbox is mine
    assert sandboxes.credential_of(theirs, "tokopedia").client_code != first.client_code
    again = Sandboxes(Memory())
    equal = again.credential_of(again.lease("mine", 1, START), "tokopedia")
    assert (equal.client_code, equal.sign_key) == (first.client_code, first.sign_key)


def test_a_client_code_is_one_sandboxs_where_the_url_names_it(sandboxes):
    mine, theirs = sandboxes.lease("mine", 1, START), sandboxes.lease("theirs", 1, START)
    first = sandboxes.add_client(mine, "code", "key", "tokopedia")
    assert sandboxes.add_client(mine, "code", "key", "tokopedia") is first
    assert reason(sandboxes.add_client, mine, "code", "other", "tokopedia") is Reason.CLIENT_CODE_TAKEN
    assert whose(sandboxes, "code") is first
    assert whose(sandboxes, "code", to=theirs) is None
    second = sandboxes.add_client(theirs, "code", "other", "x")
    assert (whose(sandboxes, "code", to=mine), whose(sandboxes, "code", to=theirs)) == (first, second)


def test_a_code_that_two_sandboxes_hold_is_the_defaults_or_refused_with_both_names(sandboxes):
    mine, theirs = sandboxes.lease("mine", 1, START), sandboxes.lease("theirs", 1, START)
    for one in (mine, theirs):
        sandboxes.add_client(one, "code", "key", "tokopedia")
    with pytest.raises(SandboxUnclear, match="the sandboxes mine and theirs hold this code"):
        whose(sandboxes, "code")
    default = sandboxes.lease(DEFAULT, 1, START)
    with pytest.raises(SandboxUnclear, match="mine and theirs"):
        whose(sandboxes, "code")
    sandboxes.add_client(default, "code", "key", "tokopedia")
    assert whose(sandboxes, "code").sandbox is default
    sandboxes.drop("mine")
    assert {one.sandbox.name for one in sandboxes.holders("code")} == {DEFAULT, "theirs"}


def test_the_credentials_of_a_sandbox_are_listed_by_party(sandboxes):
    mine, theirs = sandboxes.lease("mine", 1, START), sandboxes.lease("theirs", 1, START)
    for party in ("tokopedia", "lp-kopi", "bukalapak"):
        sandboxes.credential_of(mine, party)
    sandboxes.credential_of(theirs, "pijar")
    assert [c.party for c in sandboxes.credentials(mine)] == ["bukalapak", "lp-kopi", "tokopedia"]


def test_with_a_sandbox_its_credentials_are_dropped(sandboxes):
    code = sandboxes.credential_of(sandboxes.lease("mine", 1, START), "tokopedia").client_code
    sandboxes.drop("mine")
    assert whose(sandboxes, code) is None
    theirs = sandboxes.lease("theirs", 1, START)
    assert sandboxes.add_client(theirs, code, "key", "x").sandbox is theirs


def test_a_reset_keeps_the_credentials_and_nothing_else(sandboxes):
    mine = sandboxes.lease("mine", 1, START, Settings(fixed_otp="123456"))
    digest = mine.digest()
    credential = sandboxes.credential_of(mine, "tokopedia")
    mine.arm("sms_lost")
    mine.advance(START + DAY)
    again = sandboxes.reset("mine")
    assert sandboxes.get("mine") is again
    assert (again.now(), again.digest(), again.faulty) == (START, digest, False)
    assert again.settings.fixed_otp == "123456"
    assert sandboxes.credential_of(again, "tokopedia").client == credential.client
    assert whose(sandboxes, credential.client_code).sandbox is again
    assert [c.client_code for c in again.ask(Unit.find, kind=Client)] == [credential.client_code]


def test_a_store_that_is_opened_again_has_its_sandboxes_and_credentials(tmp_path):
    store = LMDB(tmp_path / "sim.db")
    before = Sandboxes(store)
    before.lease(DEFAULT, 42, START)
    mine = before.lease("mine", 7, START, Settings(otp_lifetime=60))
    before.lease("gone", 8, START)
    codes = {before.credential_of(mine, p).client_code for p in ("tokopedia", "lp-kopi")}
    before.add_client(mine, "my-own", "my-key", "tokopedia-2")
    mine.arm("sms_lost")
    mine.run_clock(60, START)
    digest = mine.digest()
    before.drop("gone")
    store.close()

    store = LMDB(tmp_path / "sim.db")
    after = Sandboxes(store)
    assert after.names() == [DEFAULT, "mine"]
    again = after.get("mine")
    assert (again.seed, again.settings.otp_lifetime, again.digest()) == (7, 60, digest)
    assert (again.faulty, again.running) == (True, True)
    assert {c.client_code for c in after.credentials(again)} == {*codes, "my-own"}
    found = whose(after, "my-own")
    assert (found.sign_key, found.party, found.sandbox) == ("my-key", "tokopedia-2", again)
    assert after.credential_of(again, "lp-kopi").client_code in codes
    store.close()


def test_a_lease_that_was_never_written_whole_is_passed_over():
    store = Memory()
    Sandboxes(store).lease("mine", 1, START)
    store.drop("mine")
    assert Sandboxes(store).names() == []


def test_everybody_who_asks_at_once_gets_the_same_credential(sandboxes):
    mine = sandboxes.lease("mine", 1, START)
    together = threading.Barrier(16)
    got, trouble = [], []

    def ask(n):
        together.wait()
        try:
            for other in range(20):
                got.append((other, sandboxes.credential_of(mine, f"lp-{other}").client_code))
                sandboxes.add_client(mine, f"own-{n}-{other}", "key", f"own-{n}-{other}")
        except Exception as problem:
            trouble.append(problem)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=ask, args=(n,)) for n in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert trouble == []
    assert len(got) == 16 * 20
    assert len(set(got)) == 20


def test_whoever_works_in_a_dropped_sandbox_never_gets_into_what_has_its_name_next(sandboxes):
    old = sandboxes.lease("mine", 1, START)
    sandboxes.drop("mine")
    new = sandboxes.lease("mine", 1, START)
    for work in (partial(old.do, schedule.move_clock, to=START + DAY), partial(old.ask, Unit.find, Client)):
        with pytest.raises(WorldGone):
            work()
    assert new.now() == START


def test_a_name_that_was_leased_again_for_longer_is_not_dropped_with_the_lease_before(sandboxes):
    def leased(expires):
        return lambda one: one.do(setup.lease, asked={}, made={}, expires=expires)

    sandboxes.lease("mine", 1, START, fill=leased(START + DAY))
    sandboxes.drop("mine")
    sandboxes.lease("mine", 1, START, fill=leased(START + 2 * DAY))
    sandboxes.drop_expired(START + DAY)
    assert sandboxes.names() == ["mine"]
    sandboxes.drop_expired(START + 2 * DAY)
    assert sandboxes.names() == [] and not sandboxes.expiring
