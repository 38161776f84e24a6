"""A store file that was changed after a clean stop: `ledger verify` names it, and the server starts.

Forty and more changes that somebody with an editor for the file could make, and bits that flip anywhere.
A free page, or the room that is left on a page, belongs to nothing: a change there is no change.
"""

import multiprocessing
import re
import shutil
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing

import lmdb
import orjson
import pytest
from msgspec import msgpack

from prakerja_sim.mocks.admin import seed
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.server.serve import assembled
from prakerja_sim.simulator.stores import lmdb_pages
from prakerja_sim.simulator.stores.contents import put_in_place
from prakerja_sim.simulator.stores.documents import DOCUMENTS
from prakerja_sim.simulator.stores.lmdb_file import MAP_BYTES
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.chance import below
from prakerja_sim.simulator.values.errors import StoreUnusable
from tests.cli.test_cli import run
from tests.live import REPOSITORY
from tests.played import played

STORY = REPOSITORY / "scenarios" / "whole" / "wave_18.yaml"
KINDS = {kind.__name__: document for kind, document in DOCUMENTS.items()}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A file in which one sandbox is as it begins, and in the default one a year has passed for a person."""
    path = tmp_path_factory.mktemp("damaged") / "sim.db"
    memory = Memory()
    with played(STORY, store=memory) as sandbox:
        sandbox.arm("mail_lost", times=3)
        made = memory.contents(sandbox.name)
    store = LMDB(path)
    sandboxes = Sandboxes(store)
    sandboxes.add_waves([{"wave": 900, "announced": "2031-05-03 15:00:00"}])
    sandboxes.lease("other", 42, seed.START, fill=seed.fill)
    store.run(DEFAULT, lambda unit: put_in_place(unit, made))
    store.close()
    return path


@pytest.fixture
def file(whole, tmp_path):
    """A copy to be changed."""
    return shutil.copy(whole, tmp_path / "sim.db")


def verified(path):
    return run("ledger", "--store", f"lmdb:{path}", "--show-secrets", "verify")


def started(path):
    """The server's parties on this file, or why it does not start; whoever asks for health is answered."""
    try:
        parties = assembled(Options(store=f"lmdb:{path}"))
    except StoreUnusable as problem:
        return str(problem)
    with closing(parties.sandboxes.store):
        assert InProcess(parties.application).send("GET", "/healthz").status == 200
        for name in parties.sandboxes.names():
            assert InProcess(parties.application, f"/s/{name}").send("GET", "/__admin/clock").status in (
                200,
                500,
                503,
            )
        return {name: parties.sandboxes.get(name).stopped for name in parties.sandboxes.names()}


def test_a_file_that_nobody_changed_is_whole(file):
    done = verified(file)
    assert done.exit_code == 0, done.output
    assert done.output.count("books agree, digest") == 3
    assert started(file) == {DEFAULT: [], "other": []}


class Changing:
    """The file's records, to be changed by whoever has an editor for it."""

    def __init__(self, path, sandbox=DEFAULT):
        self.path, self.sandbox = path, sandbox

    def __enter__(self):
        self.env = lmdb.open(str(self.path), subdir=False, map_size=MAP_BYTES)
        self.txn = self.env.begin(write=True)
        return self

    def __exit__(self, *_):
        self.txn.commit()
        self.env.close()

    def records(self, kind):
        start = f"{self.sandbox}\0{kind}\0".encode()
        return [(key, msgpack.decode(value)) for key, value in self.txn.cursor() if key.startswith(start)]

    def first(self, kind, fits):
        return next((key, told) for key, told in self.records(kind) if fits(told))

    def put(self, key, told):
        self.txn.put(key, msgpack.encode(told))


def anyone(told):
    return True


def paid(told):
    return told.get("first") is not None


FIELDS = [
    # a record's kind, which one, a field, and the value that somebody gives it
    ("Participant", paid, "status", "revoked"),
    ("Participant", paid, "phone", "081200000000"),
    ("Participant", paid, "wave", 21),
    ("Participant", paid, "first", None),
    ("Participant", paid, "otp_failures", 3),
    ("Participant", paid, "name", "Orang Lain"),
    ("Participant", anyone, "videos_watched", False),
    ("Course", anyone, "price", {"amount": 1}),
    ("Course", anyone, "institution", "lp-lain"),
    ("Schedule", anyone, "capacity", 1),
    ("Payment", anyone, "amount", {"amount": 1}),
    ("Payment", anyone, "paid_at", None),
    ("Payment", anyone, "invoice_url", "https://evil.example"),
    ("Invoice", anyone, "token", "another"),
    ("Redeemable", lambda one: one["status"] == "redeemed", "status", "issued"),
    ("Redeemable", lambda one: one["status"] == "redeemed", "redeemed_at", None),
    ("Training", anyone, "score", 0),
    ("Training", anyone, "rating", 1),
    ("Order", anyone, "discount", {"amount": 1}),
    ("Voucher", anyone, "status", "cancelled"),
    ("Incentive", anyone, "amount", {"amount": 1}),
    ("LinkedAccount", anyone, "wallet", "gopay/0"),
    ("Wallet", anyone, "nik", "0"),
    ("Survey", anyone, "number", 9),
    ("Shopper", anyone, "email", "x@example.com"),
    ("Client", anyone, "sign_key", "stolen"),
    ("Client", anyone, "party", "bukalapak"),
    ("Clock", anyone, "scale", 60),
    ("Clock", anyone, "life", 1),
    ("Due", anyone, "done", False),
    ("ArmedFault", anyone, "left", 0),
    ("World", anyone, "seed", 43),
    ("World", anyone, "settings", '{"otp_digits":4}'),
    ("World", anyone, "version", "9.9.9"),
    ("Account", lambda one: one["name"].startswith("card:"), "balance", 950_000),
    ("Account", lambda one: one["name"].startswith("card:"), "moves", 99),
    ("Chain", anyone, "length", 99),
    ("Chain", anyone, "head", "0" * 64),
    ("Entry", lambda one: one["command"] == "payment.authorize", "arguments", "{}"),
    ("Entry", lambda one: one["command"] == "enrolment.enrol", "outcome", "otp_wrong"),
    ("Entry", anyone, "head", "0" * 64),
    ("Transfer", anyone, "amount", 1),
    ("Transfer", anyone, "target", "programme:99"),
    ("Sms", anyone, "text", "kode 000000"),
    ("Mail", anyone, "subject", "lain"),
]


@pytest.mark.parametrize(
    ("kind", "fits", "field", "value"), FIELDS, ids=[f"{k}.{f}" for k, _, f, _ in FIELDS]
)
def test_a_changed_field_is_named_with_both_values(file, kind, fits, field, value):
    with Changing(file) as change:
        key, told = change.first(kind, lambda one: fits(one) and one[field] != value)
        change.put(key, told | {field: value})
    done = verified(file)
    assert done.exit_code == 1
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    shown = done.output.replace('"', "").replace("\\", "")
    now = re.escape(orjson.dumps(value).decode().replace('"', "").replace("\\", ""))
    named = rf"^default: (line \d+ of )?{kind}\b.*\b{field} is {now}, the journal gives "
    assert re.search(named, shown, re.MULTILINE), done.output
    assert isinstance(started(file), dict)


def test_a_difference_names_the_person_and_the_invoice(file):
    with Changing(file) as change:
        key, told = change.first("Payment", lambda one: one["status"] == "paid")
        person = change.first("Participant", lambda one: one["card"] == told["card"])[1]
        change.put(key, told | {"amount": {"amount": 7}})
    told_of = (
        f"Payment {told['token']} ({person['name']}, card {person['card']}, invoice {told['invoice']}): "
    )
    paid = told["amount"]["amount"]
    said = f'{told_of}amount is {{"amount":7}}, the journal gives {{"amount":{paid}}}'
    assert said in verified(file).output


MISSPELT = [
    ("Payment", "status", "paied"),
    ("Redeemable", "status", ""),
    ("Participant", "wave", "22"),
    ("Account", "balance", "much"),
    ("Clock", "now", "yesterday"),
    ("Order", "price", None),
    ("Transfer", "amount", -5),
    ("Entry", "n", "one"),
    ("Chain", "length", None),
    ("World", "seed", None),
    ("Client", "sign_key", None),
    ("Voucher", "code", 5),
]


@pytest.mark.parametrize(("kind", "field", "value"), MISSPELT, ids=[f"{k}.{f}" for k, f, _ in MISSPELT])
def test_a_value_that_cannot_be_read_is_named_without_a_traceback(file, kind, field, value):
    with Changing(file) as change:
        key, told = change.first(kind, anyone)
        change.put(key, told | {field: value})
    done = verified(file)
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit), done.exception
    assert re.search(
        rf"^default: {kind} .*a {kind} in the store cannot be read", done.output, re.MULTILINE
    ), done.output
    assert isinstance(started(file), dict)


GONE = [
    ("Participant", paid), ("Payment", anyone), ("Redeemable", anyone), ("Due", anyone), ("Invoice", anyone),
    ("Account", anyone), ("Client", anyone), ("Sms", anyone), ("Transfer", anyone), ("Chain", anyone),
    ("Voucher", anyone), ("Clock", anyone), ("World", anyone), ("Entry", lambda one: one["n"] == 2),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "fits"), GONE, ids=[kind for kind, _ in GONE])
def test_a_deleted_record_is_named(file, kind, fits):
    with Changing(file) as change:
        change.txn.delete(change.first(kind, fits)[0])
    done = verified(file)
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit), done.exception
    assert re.search(rf"^default: .*{kind}\b.* is missing; the journal gives", done.output, re.MULTILINE) or (
        kind == "Entry" and "entry setup#3 does not follow from the one before it" in done.output
    ), done.output
    assert "Traceback" not in done.output
    assert isinstance(started(file), dict)


def test_a_record_that_no_command_made_is_named(file):
    with Changing(file) as change:
        key, told = change.first("Course", anyone)
        change.put(key + b"-2", told | {"code": told["code"] + "-2"})
    assert re.search(
        r"^default: Course .*-2.* is there, and nothing in the journal made it",
        verified(file).output,
        re.MULTILINE,
    )


def test_an_index_that_lacks_an_entry_or_has_one_too_many_is_named(file):
    with Changing(file) as change:
        start = f"{DEFAULT}\0Due.done\0".encode()
        key = next(key for key, _ in change.txn.cursor() if key.startswith(start))
        change.txn.delete(key)
        change.txn.put(key + b"x", b"")
        change.txn.put(f"{DEFAULT}\0Nothing\0x".encode(), b"")
    told = verified(file).output
    assert "default: the index Due.done lacks an entry: " in told
    assert "default: the index Due.done has an entry that is none: " in told
    assert "which is no kind of record" in told


def test_a_wave_of_ones_own_is_verified_too(file):
    with Changing(file, "") as change:
        key, told = change.first("OwnWave", anyone)
        change.put(key, told | {"told": told["told"].replace("15:00", "16:00")})
    done = verified(file)
    assert done.exit_code == 1
    assert re.search(
        r"^what all share: OwnWave 900: told is .*16:00.*, the journal gives .*15:00",
        done.output,
        re.MULTILINE,
    )


def test_a_sandbox_that_does_not_fit_its_chains_is_stopped_and_the_others_serve(file):
    with Changing(file) as change:
        key, told = change.first("Chain", lambda one: one["length"] > 2)
        change.put(key, told | {"length": told["length"] - 1})
    parties = assembled(Options(store=f"lmdb:{file}"))
    parties.refill = None
    with closing(parties.sandboxes.store):
        assert re.match(rf"chain {told['subject']} ", parties.sandboxes.get(DEFAULT).stopped[0])
        json = {"Content-Type": "application/json"}
        add = ("POST", "/__admin/people", json, b'{"wave": 18}')
        assert (
            InProcess(parties.application, "/s/other").send("POST", "/__admin/people", json, b"{}").status
            == 201
        )
        assert InProcess(parties.application).send(*add).status >= 500
        assert InProcess(parties.application).send("GET", "/__admin/people").status == 200
        assert InProcess(parties.application).send("POST", "/__admin/reset", json).status == 200
        assert InProcess(parties.application).send(*add).status == 201


def test_a_tail_that_was_cut_off_is_found_by_heads_noted_elsewhere(file, tmp_path):
    store = f"lmdb:{file}"
    before = shutil.copy(file, tmp_path / "before.db")
    with closing(LMDB(file)) as kept:
        Sandboxes(kept).get(DEFAULT).arm("sms_lost")
    noted = tmp_path / "heads"
    noted.write_text(run("ledger", "--store", store, "heads").output)
    assert run("ledger", "--store", store, "--heads", noted, "verify").exit_code == 0
    # A cut that is made well, here by an older copy, leaves a store that agrees with itself.
    assert verified(before).exit_code == 0
    done = run("ledger", "--store", f"lmdb:{before}", "--heads", noted, "verify")
    assert done.exit_code == 1
    assert re.search(
        r"^chain sandbox was noted at (\d+) and ends at \d+: its tail is cut off$", done.output, re.MULTILINE
    )
    noted.write_text("sandbox 1 " + "0" * 64)
    assert (
        "entry sandbox#1 has the head" in run("ledger", "--store", store, "--heads", noted, "verify").output
    )


def test_what_another_version_wrote_is_not_done_again_and_that_is_told(whole, tmp_path, monkeypatch):
    path = shutil.copy(whole, tmp_path / "sim.db")
    monkeypatch.setattr("prakerja_sim.mocks.server.sandboxes.VERSION", "9.9.9")
    with closing(LMDB(path)) as store:
        Sandboxes(store)
    done = verified(path)
    assert done.exit_code == 0, done.output
    assert "other: written by version 0.1.0, 9.9.9, this is 0.1.0: judged by chains" in done.output


def flipped(content, bit):
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def items(path):
    options = {"subdir": False, "map_size": MAP_BYTES, "readonly": True, "lock": False}
    with closing(lmdb.open(str(path), **options)) as env, env.begin() as txn:
        return list(txn.cursor())


def judge(whole, path, number):
    """Flip one bit and look; answers what is wrong with the verdict, or what came of it."""
    content = whole.read_bytes()
    bit = below(8 * len(content), b"flips", number)
    path.write_bytes(flipped(content, bit))
    try:
        lmdb_pages.check(path)
        same = items(path) == items(whole)
    except lmdb_pages.Broken:
        same = None
    done = verified(path)
    crashed = done.exception is not None and not isinstance(done.exception, SystemExit)
    if crashed or (same is True) is not (done.exit_code == 0):
        return f"bit {bit}: same {same}, exit code {done.exit_code}, {done.exception!r}\n{done.output}"
    if (
        same is False
        and "default: " not in done.output
        and "other: " not in done.output
        and "format" not in done.output
    ):
        return f"bit {bit}: not named\n{done.output}"
    path.write_bytes(flipped(content, bit))
    started(path)
    return {True: "nothing", False: "a record", None: "a page"}[same]


def test_bits_that_flip_anywhere_are_named_and_crash_nothing(whole, tmp_path, request):
    flips = request.config.getoption("--flips")
    # In a process of its own: a crash of the engine would be one of the process.
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as pool:
        told = list(
            pool.map(judge, *zip(*((whole, tmp_path / "sim.db", n) for n in range(flips)), strict=True))
        )
    outcomes = {"nothing", "a record", "a page"}
    assert [one for one in told if one not in outcomes] == []
    assert set(told) == outcomes
