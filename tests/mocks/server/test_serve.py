"""How a server comes up: its options, its store, its banner, and that it says when it is ready."""

import json
import os
import re
import shlex
import socket
import subprocess
from contextlib import closing
from dataclasses import replace

import pytest
import requests
from click.testing import CliRunner

from prakerja_sim.cli.main import main
from prakerja_sim.mocks.admin import seed
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server import banner, serve
from prakerja_sim.mocks.server.options import CannotServe, Options, open_store
from prakerja_sim.mocks.server.serve import build, check, free_port, wall
from prakerja_sim.simulator.stores.lmdb_store import LMDB
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import WIB
from prakerja_sim.simulator.values.errors import StoreUnusable
from tests.live import serving


def test_a_store_is_named_by_its_text(tmp_path):
    assert isinstance(open_store("memory"), Memory)
    store = open_store(f"lmdb:{tmp_path / 'sim.db'}", "relaxed")
    assert isinstance(store, LMDB)
    store.close()
    with pytest.raises(StoreUnusable, match="--store x is not known"):
        open_store("x")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:1"),
        ("0.0.0.0", "http://127.0.0.1:1"),
        ("::1", "http://[::1]:1"),
        ("::", "http://[::1]:1"),
    ],
)
def test_the_address_is_one_for_clients_on_this_machine(host, url):
    assert Options(host=host, port=1).url == url


def test_the_wall_is_told_in_wib():
    assert wall().tzinfo is WIB


def test_a_free_port_can_be_served_and_a_store_is_left_as_it_was(tmp_path):
    path = tmp_path / "sim.db"
    check(Options(port=free_port("127.0.0.1"), store=f"lmdb:{path}"))
    LMDB(path).close()


def test_what_cannot_be_served_is_refused_before_anything_listens(tmp_path):
    with pytest.raises(CannotServe, match="cannot be bound"):
        check(Options(host="192.0.2.1", port=8421, store="memory"))
    with pytest.raises(ValueError, match="fixed_otp"):
        check(Options(port=free_port("127.0.0.1"), store="memory", fixed_otp="x"))
    with pytest.raises(StoreUnusable, match="is a directory"):
        check(Options(port=free_port("127.0.0.1"), store=f"lmdb:{tmp_path}"))


def test_a_server_that_is_started_again_finds_everything_as_it_was(tmp_path):
    options = Options(store=f"lmdb:{tmp_path / 'sim.db'}", fixed_otp="123456")
    first = build(options)
    default = first.sandboxes.get("default")
    clients = [c.client_code for c in first.sandboxes.credentials(default)]
    digest = default.digest()
    assert default.settings.fixed_otp == "123456"
    first.sandboxes.store.close()
    second = build(options)
    again = second.sandboxes.get("default")
    assert again.digest() == digest
    assert [c.client_code for c in second.sandboxes.credentials(again)] == clients
    second.sandboxes.store.close()


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A store that was begun with a seed, a fixed OTP and no magic."""
    store = f"lmdb:{tmp_path_factory.mktemp('begun') / 'sim.db'}"
    parties = build(Options(store=store, seed=7, fixed_otp="123456", magic=False))
    parties.sandboxes.store.close()
    return store


@pytest.mark.parametrize("given", [{}, {"seed": 7}, {"fixed_otp": "123456"}, {"magic": False}])
def test_what_is_not_given_or_the_same_is_the_stores(begun, given):
    known = check(Options(port=free_port("127.0.0.1"), store=begun, **given))
    assert (known.seed, known.fixed_otp, known.magic) == (7, "123456", False)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"seed": 42},
            "--seed 42: lmdb:.* was begun with --seed 7, and a store keeps that for life; leave",
        ),
        ({"seed": 0}, "--seed 0: .* with --seed 7"),
        ({"fixed_otp": "654321"}, "--fixed-otp 654321: .* with --fixed-otp 123456"),
        (
            {"empty": True},
            "--empty: .* was begun with courses and people .* leave --empty out",
        ),
    ],
)
def test_what_contradicts_a_store_is_refused_with_the_remedy(begun, given, told):
    for start in (check, build):
        with pytest.raises(CannotServe, match=told) as refused:
            start(Options(port=free_port("127.0.0.1"), store=begun, **given))
        assert "--store lmdb:OTHER-FILE" in str(refused.value)


def test_no_magic_and_a_fixed_otp_come_too_late_for_a_store_without(tmp_path):
    store = f"lmdb:{tmp_path / 'sim.db'}"
    build(Options(store=store)).sandboxes.store.close()
    for given, told in (
        ({"magic": False}, "--no-magic: .* without --no-magic"),
        ({"fixed_otp": "1"}, "without"),
    ):
        with pytest.raises(CannotServe, match=told):
            check(Options(port=free_port("127.0.0.1"), store=store, **given))
    known = check(Options(port=free_port("127.0.0.1"), store=store))
    assert (known.seed, known.fixed_otp, known.magic) == (42, None, True)


@pytest.mark.parametrize("again", [{}, {"empty": True}])
def test_a_store_begun_empty_stays_so_after_a_reset_whether_that_is_said_again_or_not(tmp_path, again):
    begun = {"store": f"lmdb:{tmp_path / 'sim.db'}"}
    build(Options(**begun, empty=True)).sandboxes.store.close()
    assert check(Options(port=free_port("127.0.0.1"), **begun, **again)).empty
    for _ in range(2):  # what it was begun as survives its own reset
        parties = build(Options(**begun, **again))
        wire = InProcess(parties.application)
        assert wire.send("GET", "/__admin/courses").json() == {"courses": []}
        assert wire.send("POST", "/__admin/reset").status == 200
        assert wire.send("GET", "/__admin/courses").json() == {"courses": []}
        assert wire.send("GET", "/__admin/people").json() == {"people": []}
        assert wire.send("GET", "/__admin/verification").json()["ok"]
        parties.sandboxes.store.close()


def test_an_empty_store_to_which_courses_came_was_still_begun_empty(tmp_path):
    begun = {"store": f"lmdb:{tmp_path / 'sim.db'}"}
    parties = build(Options(**begun, empty=True))
    seed.fill(parties.sandboxes.get("default"))
    parties.sandboxes.store.close()
    assert check(Options(port=free_port("127.0.0.1"), **begun, empty=True)).empty


@pytest.mark.parametrize(("server", "faults"), [("gunicorn", "all"), ("granian", "no connection resets")])
def test_a_server_says_which_faults_it_can_stage(server, faults):
    parties = build(Options(store="memory", server=server))
    ready = InProcess(parties.application).send("GET", "/readyz").json()
    assert (ready["server"], ready["faults"], ready["url"]) == (server, faults, "http://127.0.0.1:8420")


def test_a_worker_builds_itself_from_the_environment(monkeypatch):
    options = {"store": "memory", "allowed_hosts": ["sim.example"], "empty": True, "strict_wire": True}
    monkeypatch.setenv(serve.ENVIRONMENT, json.dumps(options))
    answer = InProcess(serve.from_environment(), host="sim.example").send("GET", "/healthz")
    assert (answer.status, "X-Sim-Version" in answer.headers) == (200, False)


def options_of(live, **more):
    return Options(port=int(live.url.rpartition(":")[2]), store="memory", **more)


def test_a_server_that_answers_is_announced(live):
    told = []
    serve._announce_when_ready(options_of(live), [told.append])
    assert [options.url for options in told] == [live.url]


def test_a_server_that_is_stopped_while_it_is_announced_says_nothing(live, capsys):
    gone = free_port("127.0.0.1")
    serve._announce_when_ready(options_of(live), [lambda asked: banner.for_people(replace(asked, port=gone))])
    assert capsys.readouterr() == ("", "")


def test_a_server_that_never_answers_is_not_announced(monkeypatch):
    monkeypatch.setattr(serve, "READY_WITHIN_SECONDS", 0.04)
    monkeypatch.setattr(serve, "range", lambda count: range(int(count)), raising=False)
    told = []
    serve._announce_when_ready(Options(port=free_port("127.0.0.1")), [told.append])
    assert told == []


def test_the_line_for_programs_is_json(capsys):
    banner.as_json(Options(port=1234))
    line = json.loads(capsys.readouterr().out)
    assert line == {"event": "ready", "url": "http://127.0.0.1:1234", "pid": os.getpid()}


def test_the_banner_shows_what_works(live, capsys):
    banner.for_people(options_of(live))
    told = capsys.readouterr().out
    assert f"Console      {live.url}/" in told
    assert re.search(r"tokopedia +tokopedia\d{16} +test_[0-9a-f]{32}", told)
    assert re.search(r"A person     \S.*, card 9900\d{12}, wave 22", told)
    assert "NOT DURABLE" not in told
    assert "Weaker than default" not in told
    [demo] = re.findall(r"Try it +(curl .*)", told)
    here = demo.replace("http://127.0.0.1:8420", live.url)
    done = subprocess.run(shlex.split(here), capture_output=True, text=True, check=True, timeout=20)
    assert json.loads(done.stdout)["success"] is True


def test_the_banner_owns_up_to_what_is_weaker(live, capsys):
    banner.for_people(options_of(live, durability="relaxed", fixed_otp="123456", empty=True))
    told = capsys.readouterr().out
    assert "NOT DURABLE: --durability relaxed may lose purchases" in told
    assert "Weaker than default: one fixed OTP for everybody" in told
    assert "everybody knows seed" not in told
    assert "Try it" not in told


def test_the_banner_of_an_exposed_server_asks_with_its_token(live, capsys):
    """Each line is pasted into a shell; the token itself is not shown."""
    banner.for_people(options_of(live, admin_token="t" * 32))
    told = capsys.readouterr().out
    pasted = [line for line in told.splitlines() if "curl" in line and "/__admin" in line]
    assert len(pasted) == 2
    assert all('-H "Authorization: Bearer $PRAKERJA_SIM_TOKEN"' in line for line in pasted)
    assert "t" * 32 not in told


def test_the_banner_of_a_sandbox_without_people_names_nobody(capsys):
    with serving("--store", "memory", "--empty") as empty:
        banner.for_people(options_of(empty, empty=True))
    assert "A person" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("2021-11-02 10:00:00", r"A person     \S.*, card 9900\d{12}, wave 22"),
        ("2021-12-20 00:00:00", r"clock --to '2022-03-09 00:00:00'.*\n +prakerja-sim people .* --wave 23"),
        ("2022-03-09 10:00:00", r"can:\n +prakerja-sim people --enrol 5 --url \S+ --wave 23"),
        ("2029-01-01 00:00:00", r"begin again \(below\), or name a wave of your own"),
    ],
)
def test_the_banner_offers_who_can_buy_or_says_how_to_get_them(capsys, to, told):
    with serving("--store", "memory") as moved:
        assert moved.send("POST", "/__admin/clock", {"set": to})[0] == 200
        banner.for_people(options_of(moved))
        shown = capsys.readouterr().out
        assert re.search(told, shown), shown
        for command in re.findall(r"prakerja-sim ((?:clock --to|people) .*)", shown):
            assert CliRunner().invoke(main, shlex.split(command)).exit_code == 0
        people = moved.send("GET", "/__admin/people?can_buy=true&limit=1")[1]["people"]
        assert len(people) == (0 if "begin again" in told else 1)


def test_the_banner_of_a_file_names_it(live, capsys):
    options = Options(port=int(live.url.rpartition(":")[2]), store="lmdb:here.db")
    banner.for_people(options)
    assert "store lmdb:here.db" in capsys.readouterr().out


@pytest.mark.parametrize("server", ["gunicorn", "granian"])
def test_a_server_listens_on_the_loopback_of_ipv6_too(server):
    with serving("--store", "memory", "--server", server, "--host", "[::1]") as live:
        assert live.url.startswith("http://[::1]:")
        assert requests.get(f"{live.url}/readyz", timeout=10).json()["status"] == "ready"


def test_a_port_that_is_in_use_is_told_for_every_kind_of_address():
    for family, host, told in ((socket.AF_INET, "127.0.0.1", "127.0.0.1"), (socket.AF_INET6, "::1", "[::1]")):
        with socket.create_server((host, 0), family=family) as taken:
            port = taken.getsockname()[1]
            with pytest.raises(CannotServe) as problem:
                check(Options(host=host, port=port, store="memory"))
        assert str(problem.value) == (
            f"{told}:{port} cannot be bound (Address already in use); choose another --port"
        )


@pytest.mark.parametrize("twice", [{"tls_port": 8420}, {"tls_port": 8443, "proxy_port": 8420}])
def test_a_port_that_is_asked_for_twice_is_told(twice):
    with pytest.raises(CannotServe, match="port 8420 is asked for twice"):
        check(Options(port=8420, store="memory", **twice))


@pytest.mark.parametrize("device", ["/dev/null", "/dev/full", "pipe"])
def test_a_store_that_is_no_file_is_refused_by_every_command(tmp_path, device):
    if device == "pipe":
        device = tmp_path / "pipe"
        os.mkfifo(device)
    with pytest.raises(StoreUnusable, match="is a device, a pipe or a socket; name a file"):
        open_store(f"lmdb:{device}")


def test_a_port_stays_free_after_it_was_looked_for():
    port = free_port("127.0.0.1")
    with closing(serve.socket.socket()) as probe:
        probe.bind(("127.0.0.1", port))
