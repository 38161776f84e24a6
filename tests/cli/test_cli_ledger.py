"""`prakerja-sim ledger` on a store file and against a running simulator: the same words, the same codes."""

import json
import re
from collections import Counter
from contextlib import closing

import lmdb
import pytest
from msgspec import msgpack

from prakerja_sim.mocks.admin import seed
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.server.serve import wall
from prakerja_sim.scenarios.engine.script import START, Story
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.stores.kinds import KEPT, LOGGED
from prakerja_sim.simulator.stores.lmdb_file import MAP_BYTES
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.store import Unit
from tests.cli.test_cli import listening, refused, run
from tests.mocks.admin.test_reconciliation import Books
from tests.mocks.worlds import World
from tests.played import on_stage

STORY = Story("books", "Books", "", (), START, Settings(), lambda _: None)


@pytest.fixture
def file(tmp_path):
    """A store file whose default sandbox has courses and people."""
    path = tmp_path / "sim.db"
    store = LMDB(path)
    sandboxes = Sandboxes(store)
    sandboxes.add_waves([{"wave": 900, "announced": "2031-05-03 15:00:00"}])
    sandboxes.lease(DEFAULT, 42, seed.START, fill=seed.fill)
    store.close()
    return path


@pytest.fixture(scope="module")
def at():
    """A running simulator and a sandbox of it in which there was trade."""
    store = Memory()
    with on_stage(STORY, store=store) as (stage, sandbox):
        Books(stage, sandbox)
        with listening(Parties(Sandboxes(store), wall=wall).application) as url:
            yield ["--url", url, "--sandbox", sandbox.name]


def on(path):
    return ["--store", f"lmdb:{path}"]


def test_the_books_of_a_file_are_verified(file):
    done = run("ledger", *on(file), "verify")
    shared, default = done.output.splitlines()
    assert re.fullmatch(r"what all share: books agree, digest [0-9a-f]{64}", shared)
    assert re.fullmatch(r"default: books agree, digest [0-9a-f]{64}", default)
    one = run("ledger", *on(file), "--sandbox", DEFAULT, "verify")
    assert one.output == default.removeprefix("default: ") + "\n"
    assert done.exit_code == 0


def test_balances_of_a_file_are_printed(file):
    done = run("ledger", *on(file))
    assert re.search(r"^ +-5,000,000  programme:22$", done.output, re.MULTILINE)


def change(path, kind, changed):
    """What somebody does who edits the file while no server has it; a changed name is a new record."""
    with lmdb.open(str(path), subdir=False, map_size=MAP_BYTES) as env, env.begin(write=True) as txn:
        start = f"{DEFAULT}\0{kind}\0".encode()
        records = [msgpack.decode(value) for key, value in txn.cursor() if key.startswith(start)]
        for record in records:
            told = record | changed(record)
            txn.put(start + next(iter(told.values())).encode(), msgpack.encode(told))


TAMPERED = [
    # whose records somebody changes, how, what must be named
    (
        "Account",
        lambda one: {"balance": 950_000} if one["name"].startswith("card:") else {},
        "balances_follow_from_the_transfers",
    ),
    ("Chain", lambda one: {"length": one["length"] + 1}, "the_journal_is_whole"),
    ("Participant", lambda one: {"status": "revoked"}, "every_granted_rupiah_is_somewhere"),
    ("Account", lambda one: {"name": "issued:tokopedia", "balance": 1, "moves": 1}, "ledger_differs"),
]


@pytest.mark.parametrize(("kind", "changed", "named"), TAMPERED, ids=[named for *_, named in TAMPERED])
def test_what_was_changed_in_a_file_is_named_with_exit_code_1(file, kind, changed, named):
    change(file, kind, changed)
    done = run("ledger", *on(file), "verify")
    assert done.exit_code == 1
    assert named in done.output
    assert re.search(r"\d+ invariants are broken, \d+ discrepancies", done.output)


def test_a_statement_is_printed_for_each_party(at):
    done = run("ledger", *at, "statement")
    assert done.exit_code == 0
    assert re.search(r"^tokopedia \(marketplace\), rupiah$", done.output, re.MULTILINE)
    assert re.search(
        r"^  period +opening +orders +payments +passed_on +given_back +voids", done.output, re.MULTILINE
    )
    assert re.search(r"^  20\d\d-\d\d +0 .* 0$", done.output, re.MULTILINE)  # no commission
    assert re.search(r"^  20\d\d-\d\d +.* 1,300,000$", done.output, re.MULTILINE)
    assert "lp-kopi (institution)" in done.output
    only = run("ledger", *at, "statement", "--party", "lp-kopi", "--by", "day")
    assert "tokopedia" not in only.output
    assert re.search(r"^  20\d\d-\d\d-\d\d ", only.output, re.MULTILINE)


@pytest.mark.parametrize(
    ("form", "first"), [("beancount", "2020-01-01 "), ("hledger", "20"), ("csv", "entry,at,event,")]
)
def test_the_journal_is_exported_to_the_screen_or_to_a_new_file(at, tmp_path, form, first):
    shown = run("ledger", *at, "export", "--format", form)
    assert shown.output.startswith(first)
    path = tmp_path / "books"
    assert run("ledger", *at, "export", "--format", form, "--output", path).output == f"wrote {path}\n"
    assert path.read_text() == shown.output
    assert "exists; name a new file" in refused("ledger", *at, "export", "--output", path)
    assert path.read_text() == shown.output
    link, there = tmp_path / "link", tmp_path / "there"
    link.symlink_to(there)
    run("ledger", *at, "export", "--format", form, "--output", link)
    assert (link.is_symlink(), there.read_text()) == (True, shown.output)
    assert "make its folder first" in refused("ledger", *at, "export", "--output", tmp_path / "no" / "books")
    assert "No space left on device" in refused("ledger", *at, "export", "--output", "/dev/full")


def test_a_file_exports_what_a_server_of_it_would(file):
    store = LMDB(file)
    with listening(Parties(Sandboxes(store), wall=wall).application) as url:
        served = run("ledger", "--url", url, "export").output
    store.close()
    assert run("ledger", *on(file), "export").output == served


BAD = [
    (["--store", "lmdb:nowhere.db"], "is no store file; name one as lmdb:PATH"),
    (["--store", "memory"], "is no store file; name one as lmdb:PATH"),
    (["--by", "week", "statement"], "'week' is not one of"),
    (["--format", "xls", "export"], "'xls' is not one of"),
]


@pytest.mark.parametrize(("arguments", "told"), BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_input_is_told(arguments, told):
    assert told in refused("ledger", *arguments)


def test_what_a_file_or_a_server_does_not_have_is_told(file, at):
    assert "has no sandbox 'nobody'" in refused("ledger", *on(file), "--sandbox", "nobody", "verify")
    nobody = ("statement", "--party", "nobody")
    assert "no marketplace or institution 'nobody'" in refused("ledger", *on(file), *nobody)
    assert "party: 'nobody' is not known here; there are" in refused("ledger", *at, *nobody)
    assert "Not a directory" in refused("ledger", *at, "export", "--output", file / "books")


def test_a_file_that_a_server_has_open_is_told_with_the_remedy(file):
    store = LMDB(file)
    told = refused("ledger", *on(file), "verify")
    store.close()
    assert "is in use by another server; stop it or name another file, or ask a server with --url" in told


@pytest.mark.parametrize(
    ("path", "told"),
    [("/ledger/statements?by=week", "by: must be one of"), ("/ledger/export?format=xls", "format: must be")],
)
def test_the_admin_api_refuses_what_it_does_not_know(path, told):
    answer = World().send("GET", f"/__admin{path}")
    assert answer.status == 400
    assert told in answer.json()["error"]["message"]


def test_a_discrepancy_is_told_with_exit_code_1():
    world = World()
    world.sandbox.store.run("default", lambda unit: unit.put(Account("issued:tokopedia", 1, 1)))
    assert world.sandbox.ask(Unit.get, kind=Account, key="issued:tokopedia") is not None
    with listening(world.parties.application) as url:
        done = run("ledger", "--url", url, "verify")
    assert done.exit_code == 1
    assert "ledger_differs: tokopedia issued:tokopedia: it holds 1, the records say 0; stop" in done.output


def everything(world):
    return [
        *(one for kind in KEPT for one in world.find(kind)),
        *(one for kind in LOGGED for one in world.log(kind)),
    ]


def test_every_record_of_a_file_is_dumped_as_a_line_of_json(file):
    lines = [json.loads(line) for line in run("store", "dump", f"lmdb:{file}").output.splitlines()]
    with closing(LMDB(file)) as store:
        kept = [one for name in ("", DEFAULT) for one in store.ask(name, everything)]
    assert Counter(line["kind"] for line in lines) == Counter(type(one).__name__ for one in kept)
    assert {line["sandbox"] for line in lines} == {"", DEFAULT}
    clock = next(line for line in lines if (line["sandbox"], line["kind"]) == (DEFAULT, "Clock"))
    assert clock["fields"]["now"] == seed.START.isoformat()
    assert "is no store file; name one as lmdb:PATH" in refused("store", "dump", "memory")
