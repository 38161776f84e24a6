"""The front door: what it prints, its exit codes, and bad input told in one message."""

import re
import socket
import threading
from contextlib import closing, contextmanager

import pytest
from click.testing import CliRunner
from werkzeug.serving import make_server

from prakerja_sim.cli.main import main
from prakerja_sim.mocks.server.options import shown_store
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.values.ids import masked
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import World

COMMANDS = ["serve", "replay", "check", "clock", "people", "ledger", "load", "cohort", "version"]
COMMANDS += ["record", "verbs", "reasons", "settings", "faults"]


def run(*arguments, **environment):
    told = {"PRAKERJA_SIM_TOKEN": None} | environment
    return CliRunner().invoke(main, [str(a) for a in arguments], env=told)


def refused(*arguments, **environment):
    """The one message of a bad input; its exit code is 2 and there is no traceback."""
    done = run(*arguments, **environment)
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)
    assert "Traceback" not in done.output
    return done.output


def test_the_version_is_told():
    done = run("version")
    assert (done.exit_code, done.output.split(",")[0]) == (0, f"prakerja-sim {VERSION}")


@pytest.mark.parametrize("ask", ["--help", "-h"])
def test_the_help_names_every_command(ask):
    done = run(ask)
    assert done.exit_code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", done.output, re.MULTILINE), command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_a_sentence(command):
    done = run(command, "--help")
    assert done.exit_code == 0
    assert re.search(r"^  [A-Z].*[.;]", done.output, re.MULTILINE)


BAD = [
    (["sevre"], "No such command"),
    (["serve", "--prot", "1"], "No such option"),
    (["serve", "--port", "65536"], "65536"),
    (["serve", "--port", "-1"], "-1"),
    (["serve", "--port", "x"], "'x' is not a valid integer"),
    (["serve", "--seed", str(2**63)], "--seed"),
    (["serve", "--server", "apache"], "'apache' is not one of"),
    (["serve", "--durability", "none"], "'none' is not one of"),
    (["serve", "--store", "memory", "--port", "0", "--party", "gojek=http://x"], "give NAME=URL with one of"),
    (["replay", "--party", "prakerja=ftp://x"], "is no address; give it as https://HOST"),
    (["clock", "--scale", "100001"], "100001"),
    (["people", "--enrol", "10001"], "10001"),
    (["ledger", "burn"], "'burn' is not one of"),
    (["load", "--users", "0"], "--users"),
    (["check", "nowhere.yaml"], "nowhere.yaml"),
    (["replay", "nowhere.yaml"], "nowhere.yaml"),
    (["replay", "-j", "65"], "65"),
]


@pytest.mark.parametrize(("arguments", "told"), BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_input_is_told_with_exit_code_2(arguments, told):
    assert told in refused(*arguments)


# Serving: refused before anything listens


def test_a_port_that_is_taken_is_told_with_the_remedy():
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        told = refused("serve", "--store", "memory", "--port", port)
    assert f"127.0.0.1:{port} cannot be bound" in told
    assert "choose another --port" in told


def test_a_store_that_cannot_be_used_is_told_with_its_path(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to be read as one" * 100)
    assert f"{tmp_path} is a directory; name a file" in refused(
        "serve", "--port", 0, "--store", f"lmdb:{tmp_path}"
    )
    missing = tmp_path / "no" / "sim.db"
    assert "does not exist; create it" in refused("serve", "--port", 0, "--store", f"lmdb:{missing}")
    assert str(text) in refused("serve", "--port", 0, "--store", f"lmdb:{text}")
    assert text.read_text().startswith("not a database")


def test_a_store_that_another_server_has_open_is_told(tmp_path):
    store = LMDB(tmp_path / "sim.db")
    told = refused("serve", "--port", 0, "--store", f"lmdb:{tmp_path / 'sim.db'}")
    store.close()
    assert "is in use by another server" in told


@pytest.mark.parametrize("store", ["mysql://x", "lmdb", "lmdb:", "", "Memory"])
def test_an_unknown_store_is_told_with_those_there_are(store):
    told = refused("serve", "--port", 0, "--store", store)
    assert f"--store {store} is not known; use memory, lmdb:PATH or postgresql://HOST/DATABASE" in told


def test_a_database_that_does_not_answer_is_told_without_its_password():
    told = refused("serve", "--port", 0, "--store", "postgresql://sim:rahasia@127.0.0.1:1/sim")
    assert "postgresql://127.0.0.1:1/sim cannot be used" in told
    assert "mend the database" in told
    assert "rahasia" not in told


@pytest.mark.parametrize(
    ("spec", "shown"),
    [
        ("memory", "memory"),
        ("lmdb:a@b.db", "lmdb:a@b.db"),
        ("postgresql://u:p@h:1/d?sslmode=require", "postgresql://h:1/d?sslmode=require"),
        ("postgresql://u:p@ss@h/d", "postgresql://h/d"),
        ("postgresql://u:p?ss@h/d", "postgresql://h/d"),
        ("postgresql://h/d?user=u&password=p&sslmode=require", "postgresql://h/d?user=u&sslmode=require"),
        ("postgresql://h/d?sslpassword=p&sslkey=k", "postgresql://h/d?sslkey=k"),
    ],
)
def test_a_store_is_shown_without_its_password(spec, shown):
    assert shown_store(spec) == shown


@pytest.mark.parametrize("arguments", [("serve", "--port", 0, "--store"), ("store", "dump")])
def test_an_unknown_kind_of_database_is_told_without_its_password(arguments):
    told = refused(*arguments, "postgre://sim:rahasia@h/sim")
    assert "postgre://h/sim" in told
    assert "postgresql://HOST/DATABASE" in told
    assert "rahasia" not in told


def test_the_store_of_older_versions_is_refused_with_the_one_there_is():
    told = refused("serve", "--port", 0, "--store", "sqlite:prakerja-sim.db")
    assert "stores are kept by LMDB now; use lmdb:PATH with a new file" in told


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.com", "127.example.com", "::"])
def test_beyond_loopback_expose_is_needed(host):
    told = refused("serve", "--port", 1, "--store", "memory", "--host", host)
    assert f"--host {host} is beyond loopback; add --expose and set PRAKERJA_SIM_TOKEN" in told


@pytest.mark.parametrize("token", [None, "", "short", "t" * 31])
def test_to_expose_a_token_of_32_characters_is_needed(token):
    told = refused("serve", "--port", 1, "--host", "0.0.0.0", "--expose", PRAKERJA_SIM_TOKEN=token)
    assert "--expose needs an admin token of at least 32 characters in PRAKERJA_SIM_TOKEN" in told


@pytest.mark.parametrize("token", [" " * 32, "\t" * 32, "t" * 31 + " ", "t" * 32 + "\n", "é" * 32])
@pytest.mark.parametrize("where", [("--expose", "--host", "0.0.0.0"), ()])
def test_a_token_that_no_header_can_carry_is_refused(where, token):
    told = refused("serve", "--port", 1, *where, PRAKERJA_SIM_TOKEN=token)
    assert "PRAKERJA_SIM_TOKEN may hold letters, digits and signs of ASCII only, and no blanks" in told


@pytest.mark.parametrize(
    "where", [("--expose",), ("--expose", "--host", "0.0.0.0"), ("--expose", "--host", "::1")]
)
def test_secrets_are_shown_on_this_machine_only(where):
    told = refused("serve", "--port", 1, "--show-secrets", "--expose", *where, PRAKERJA_SIM_TOKEN="t" * 32)
    assert "--show-secrets is for this machine only" in told


def test_an_address_that_is_not_of_this_machine_is_told():
    arguments = ["serve", "--port", 8421, "--store", "memory", "--host", "192.0.2.1", "--expose"]
    assert "192.0.2.1:8421 cannot be bound" in refused(*arguments, PRAKERJA_SIM_TOKEN="t" * 32)


@pytest.mark.parametrize("otp", ["abc", "12 34", "\u0661\u0662"])
def test_a_fixed_otp_that_is_not_digits_is_told(otp):
    assert "fixed_otp must be digits" in refused(
        "serve", "--port", 0, "--store", "memory", "--fixed-otp", otp
    )


# Against a running simulator


@pytest.fixture(scope="module")
def at(live):
    """Where a sandbox of these tests is."""
    assert live.send("POST", "/__admin/sandboxes", {"name": "cli", "seed": 7})[0] == 201
    return ["--url", live.url, "--sandbox", "cli"]


def test_people_are_enrolled_listed_and_counted_in_the_books(at):
    enrolled = run("people", *at, "--enrol", 3, "--wave", 22)
    assert enrolled.exit_code == 0
    lines = enrolled.output.splitlines()
    assert len(lines) == 3
    for line in lines:
        assert re.fullmatch(r"9900\d{12}  wave 22  active    0840\d{8}  \S.*", line)
    listed = run("people", *at)
    assert sorted(listed.output.splitlines()) == sorted(lines)
    balances = run("ledger", *at)
    assert re.search(r"^ +-3,000,000  programme:22$", balances.output, re.MULTILINE)
    assert len(re.findall(r"^ +1,000,000  card:x{12}\d{4}-[0-9a-f]{8}$", balances.output, re.MULTILINE)) == 3
    verified = run("ledger", *at, "verify")
    assert re.fullmatch(r"books agree, digest [0-9a-f]{64}\n", verified.output)
    assert "wave_unknown" in refused("people", *at, "--enrol", 1, "--wave", 99)
    assert "wave_over" in refused("people", *at, "--enrol", 1, "--wave", 18)
    assert "  wave 18  revoked   " in run("people", *at, "--enrol", 1, "--wave", 18, "--late").output


def test_the_clock_is_shown_moved_and_told(at):
    assert re.fullmatch(r"now 20\S+\+07:00\n", run("clock", *at).output)
    assert run("clock", *at, "--to", "2022-03-09 08:00:00").output.endswith("now 2022-03-09T08:00:00+07:00\n")
    assert run("clock", *at, "--advance", "2h").output == "now 2022-03-09T10:00:00+07:00\n"
    assert run("clock", *at, "--scale", 0).output == "now 2022-03-09T10:00:00+07:00\n"
    run("people", *at, "--enrol", 1, "--wave", 23)
    stepped = run("clock", *at, "--step").output.splitlines()
    assert re.fullmatch(
        r"2022-04-08T00:00:00\+07:00  first_purchase_deadline  participant \*{12}\d{4}  R06 R07: no .*",
        stepped[0],
    )
    assert re.fullmatch(r" +1,000,000  card:\*{12}\d{4} -> programme:23", stepped[1])
    assert stepped[-1] == "now 2022-04-08T00:00:00+07:00"
    assert "clock_forward_only" in refused("clock", *at, "--to", "2021-01-01")
    assert "is not a stretch of time" in refused("clock", *at, "--advance", "1w")
    assert "exactly one of" in refused("clock", *at, "--advance", "1d", "--step")


def test_an_unknown_sandbox_is_told(at):
    assert "no such sandbox" in refused("clock", *at[:2], "--sandbox", "nobody")


@pytest.mark.parametrize("command", ["clock", "people", "ledger"])
def test_a_simulator_that_is_not_there_is_told_with_the_remedy(command):
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert f"nobody answers at {url}; start it with: prakerja-sim serve" in refused(command, "--url", url)


@pytest.mark.parametrize("url", ["nonsense", "ftp://localhost", "http://", "http://localhost:x"])
def test_an_address_that_is_none_is_told(url):
    assert f"{url} does not answer as a simulator" in refused("clock", "--url", url)


@contextmanager
def listening(application):
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_something_else_at_that_address_is_told():
    def other(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"<html>It works!</html>"]

    with listening(other) as url:
        assert f"{url} does not answer as a simulator" in refused("clock", "--url", url)


def test_broken_books_are_told_with_exit_code_1():
    world = World()
    ani = world.enrol()
    forged = world.sandbox.ask(Unit.need, kind=Account, key=f"card:{ani.card}").but(balance=1)
    world.sandbox.store.run("default", lambda unit: unit.put(forged))
    with listening(world.parties.application) as url:
        done = run("ledger", "--url", url, "verify")
    assert done.exit_code == 1
    assert f"Account card:{masked(ani.card)} ({ani.name}" in done.output
    assert "balance is 1, the journal gives 1000000" in done.output
    assert ani.card not in done.output
    assert "invariants are broken" in done.output


def test_the_admin_token_is_sent_from_the_environment():
    token = "t" * 32
    with listening(World(admin_token=token).parties.application) as url:
        assert run("clock", "--url", url, PRAKERJA_SIM_TOKEN=token).exit_code == 0
        assert "wants its token: set PRAKERJA_SIM_TOKEN" in refused("clock", "--url", url)
        assert "wants its token: set PRAKERJA_SIM_TOKEN" in refused(
            "clock", "--url", url, PRAKERJA_SIM_TOKEN="x" * 32
        )


def test_a_sign_that_the_terminal_cannot_print_is_escaped(tmp_path):
    name = tmp_path / "\U0001f600.yaml"
    done = CliRunner(charset="latin-1").invoke(main, ["check", str(name)])
    assert (done.exit_code, done.output.count(r"\U0001f600.yaml: does not exist")) == (2, 1)
