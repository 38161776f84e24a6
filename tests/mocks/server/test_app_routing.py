"""Which party and which sandbox a request reaches: by path, by Host, at the root, under /s/NAME."""

import orjson
import pytest

from prakerja_sim.mocks.http.bodies import LARGEST_BODY
from prakerja_sim.mocks.http.envelope import Plain
from prakerja_sim.mocks.http.face import Face
from prakerja_sim.mocks.server.mounts import AddressTaken, addresses, discovered
from prakerja_sim.simulator import sandbox as sandbox_module
from prakerja_sim.simulator.values.clock import SECOND
from tests.mocks.worlds import API, BARISTA, START, WALL, World, told

HOSTS, ROOTS = addresses(discovered())
QUOTA = f"{API}/payment/quota-schedule"


def quota(world, path, host="localhost", signed=QUOTA):
    raw = orjson.dumps({"course_code": BARISTA, "schedule_code": world.schedule(BARISTA)})
    return world.send("POST", path, raw, host, **world.dp.headers(signed, raw))


PATHS = [
    ("localhost", f"/prakerja{QUOTA}"),
    ("localhost", QUOTA),
    ("localhost", f"/s/default{QUOTA}"),
    ("localhost", f"/s/default/prakerja{QUOTA}"),
    ("api.prakerja.go.id", QUOTA),
    ("api-ssn.prakerja.go.id", QUOTA),
    ("API.Prakerja.go.id", QUOTA),
    ("api.prakerja.go.id:8420", QUOTA),
    ("api.prakerja.go.id", f"/s/default{QUOTA}"),
    ("localhost", f"/prakerja/{QUOTA}"),
    ("localhost", f"//prakerja{QUOTA}"),
    ("localhost", f"/{QUOTA}"),
    ("localhost", "/api///v1//integration/payment/quota-schedule"),
    ("api.prakerja.go.id", f"/{QUOTA}"),
    ("localhost", f"/s//default/prakerja{QUOTA}"),
]


@pytest.mark.parametrize(("host", "path"), PATHS)
def test_the_partner_api_answers_at_each_of_its_addresses(world, host, path):
    answer = quota(world, path, host)
    assert answer.status == 200, answer.body
    assert answer.json()["data"]["quota"] == 1_000_000


MOUNTS = [
    ("/prakerja", "Kartu Prakerja (simulated)"),
    ("/tokopedia", None),
    ("/institution", "Lembaga Pelatihan (simulated)"),
    ("/payout", "Payment partners (simulated)"),
    ("/__admin", "Simulator (simulated)"),
]


@pytest.mark.parametrize("sandbox", ["", "/s/default"])
@pytest.mark.parametrize(("mount", "title"), MOUNTS)
def test_each_party_has_its_mount(world, sandbox, mount, title):
    told_ = world.send("GET", f"{sandbox}{mount}/openapi.json").json()
    assert title is None or told_["info"]["title"] == title


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/metrics", "/", "/__admin/healthz", "/s/default", "/s/default/"]
)
def test_health_metrics_and_console_answer_at_the_root(world, path):
    assert world.send("GET", path).status == 200


@pytest.mark.parametrize("host", ["b2b.tokopedia.com", "gql.tokopedia.com", "pulsa-api.tokopedia.com"])
def test_tokopedias_hosts_reach_tokopedia(world, host):
    assert "Tokopedia" in world.send("GET", "/openapi.json", host=host).json()["info"]["title"]


def test_the_token_endpoint_of_tokopedia_answers_at_the_root(world):
    raw = b"grant_type=client_credentials"
    answer = world.send("POST", "/token", raw, Authorization="Basic eDp5")
    assert answer.status == 401
    assert answer.body == world.send("POST", "/token", raw, "accounts.localhost").body


def test_on_a_real_host_only_its_party_answers(world):
    for path in ("/healthz", "/__admin/sandboxes", "/tokopedia/openapi.json"):
        assert told(world.send("GET", path, host="api.prakerja.go.id"))[:2] == (404, "ERR40480")


LOCAL = [
    "localhost",
    "localhost:8420",
    "LOCALHOST:8420",
    "127.0.0.1",
    "127.0.0.1:65535",
    "127.8.9.10",
    "[::1]",
    "[::1]:8420",
    "sim.localhost",
    "my-sim.localhost:80",
]
FOREIGN = [
    "",
    " ",
    "example.com",
    "example.com:80",
    "localhost.example.com",
    "xlocalhost",
    "localhost:",
    "localhost:port",
    "localhost:123456",
    "localhost/",
    "localhost\r\nX: y",
    "localhost@example.com",
    "127.0.0.1.example.com",
    "127.0.0.1, example.com",
    "128.0.0.1",
    "0.0.0.0",
    "[::2]",
    "::1",
    "api.prakerja.go.id.example.com",
    "xapi.prakerja.go.id",
    "api.prakerja.go.id:x",
    "api.prakerja.go.id:123456",
    "é.localhost",
    "x" * 100_000,
    ".localhost",
    "localhost\x00",
]


@pytest.mark.parametrize("host", [*LOCAL, *HOSTS])
def test_a_host_of_this_machine_or_of_a_party_is_served(world, host):
    assert world.send("GET", "/openapi.json" if host in HOSTS else "/healthz", host=host).status == 200


@pytest.mark.parametrize("host", FOREIGN, ids=lambda host: repr(host[:30]))
def test_any_other_host_is_misdirected(world, host):
    answer = world.send("GET", "/healthz", host=host)
    assert answer.status == 421
    assert answer.json() == {"error": "unknown Host; allow it with --allow-host"}


@pytest.mark.parametrize(
    ("allowed", "host", "status"),
    [
        ("sim.example", "sim.example", 200),
        ("sim.example", "sim.example:8420", 200),
        ("sim.example", "SIM.example", 200),
        ("SIM.example", "sim.example", 200),
        ("sim.example:8420", "sim.example:8420", 200),
        ("sim.example:8420", "sim.example:8421", 421),
        ("sim.example", "x.sim.example", 421),
        ("sim.example", "example", 421),
    ],
)
def test_a_host_may_be_allowed_by_name(allowed, host, status):
    world = World(allowed_hosts=(allowed,))
    assert world.send("GET", "/healthz", host=host).status == status


@pytest.mark.parametrize("name", ["nobody", "", "DEFAULT", "default%00", "..", "x" * 10_000, "%F0%9F%98%80"])
def test_an_unknown_sandbox_is_not_found(world, name):
    answer = world.send("GET", f"/s/{name}/prakerja/openapi.json" if name else "/s/")
    assert answer.status == 404
    assert answer.json() == {"error": "no such sandbox; lease it at /__admin/sandboxes"}


@pytest.mark.parametrize(
    "party", ["nobody", "bukalapakk", "Prakerja", "prakerja%00", "x" * 10_000, "apii", "tokenx", ".."]
)
def test_an_unknown_party_is_not_found(world, party):
    answer = world.send("GET", f"/{party}/openapi.json")
    assert answer.status == 404
    assert answer.json()["error"].startswith("no such party; there are /bukalapak, /institution, ")


ASTRAY = [
    ("/healthz", "example.com"),
    ("/s/nobody/prakerja/openapi.json", "localhost"),
    ("/nobody", "localhost"),
]


@pytest.mark.parametrize(("path", "host"), ASTRAY)
def test_whoever_is_turned_away_before_any_party_still_gets_the_request_s_number(world, path, host):
    first, second = (world.send("GET", path, host=host).headers["X-Sim-Request-Id"] for _ in range(2))
    assert int(second) == int(first) + 1
    assert "X-Sim-Request-Id" not in World(strict_wire=True).send("GET", path, host=host).headers


def test_a_sandbox_by_its_name_sees_only_its_own(world):
    world.sandboxes.lease("theirs", 7, START)
    assert world.send("GET", "/s/theirs/__admin/courses").json() == {"courses": []}
    assert len(world.send("GET", "/__admin/courses").json()["courses"]) == 5


def test_a_path_that_is_no_utf8_is_not_found(world):
    assert world.send("GET", "/prakerja/%FF%FE").status == 404


def test_a_body_of_exactly_the_limit_reaches_the_party(world):
    path = f"/prakerja{QUOTA}"
    assert told(world.send("POST", path, b" " * LARGEST_BODY))[1] == "ERR40080"
    assert told(world.send("POST", path, b" " * (LARGEST_BODY + 1)))[1] == "ERR41380"


# A clock that follows the wall is brought up to date by whatever comes in


def test_a_running_clock_follows_the_wall_with_each_request(world):
    assert world.send("POST", "/__admin/clock", b'{"scale":60}').status == 200
    world.wall = WALL + 90 * SECOND
    assert world.send("GET", "/__admin/clock").json()["now"] == "2021-11-03T10:30:00+07:00"
    world.wall = WALL
    assert world.send("GET", "/__admin/clock").json()["now"] == "2021-11-03T10:30:00+07:00"


def test_a_stopped_sandbox_with_a_running_clock_still_answers_questions(world):
    stopped = world.sandboxes.lease("stopped", 1, START)
    stopped.run_clock(60, WALL)
    stopped.stopped = ["books: they do not agree"]
    world.wall = WALL + 60 * SECOND
    assert world.send("GET", "/s/stopped/__admin/clock").json()["now"] == START.isoformat()
    refused = world.send("POST", "/s/stopped/__admin/clock", b'{"advance":"1d"}')
    assert (refused.status, refused.json()["error"]["code"]) == (500, "internal")
    assert b"they do not agree" not in refused.body
    assert world.parties.bugs == []


def test_a_stopped_sandbox_with_an_armed_fault_still_answers_questions(world):
    """Counting a fault down is a command, which a stopped sandbox does not take."""
    stopped = world.sandboxes.lease("stopped", 1, START)
    stopped.arm("sms_lost")
    stopped.stopped = ["books: they do not agree"]
    for question in ("invariants", "people", "clock"):
        assert world.send("GET", f"/s/stopped/__admin/{question}").status == 200
    assert world.parties.bugs == []


def test_two_requests_that_bring_the_clock_forward_at_once_are_both_answered(world, monkeypatch):
    world.sandbox.run_clock(60, WALL)
    world.wall = WALL + 60 * SECOND
    advance = sandbox_module.Sandbox.advance

    def overtaken(sandbox, to):
        advance(sandbox, to + SECOND)  # another request came first, a little later by the wall
        return advance(sandbox, to)

    monkeypatch.setattr(sandbox_module.Sandbox, "advance", overtaken)
    assert world.send("GET", "/healthz").status == 200


# A party's addresses are its folder's own


def face(code, hosts=(), roots=()):
    made = Face(code, code, Plain)
    made.hosts, made.roots = hosts, roots
    return made


CLASHES = [
    ([face("a"), face("a")], "two parties are called a"),
    ([face("a", ("x.id",)), face("b", ("x.id",))], "b and a both claim the host x.id"),
    ([face("a", (), ("/token",)), face("b", (), ("/token",))], "b claims /token, a claims /token"),
    ([face("a", (), ("/api",)), face("b", (), ("/api/v1",))], "b claims /api/v1, a claims /api"),
    ([face("a", (), ("/api/v1",)), face("b", (), ("/api",))], "b claims /api, a claims /api/v1"),
]


@pytest.mark.parametrize(("faces", "said"), CLASHES)
def test_two_parties_with_one_address_do_not_start(faces, said):
    with pytest.raises(AddressTaken, match=said):
        addresses(faces)


def test_addresses_that_only_look_alike_are_two():
    faces = [face("a", ("x.id",), ("/api",)), face("b", ("y.x.id",), ("/apis",))]
    assert addresses(faces) == ({"x.id": "a", "y.x.id": "b"}, {"/api": "a", "/apis": "b"})
