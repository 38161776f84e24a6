"""No web page of another site changes a world; without the token nothing secret is told."""

import base64
import re
import socket

import pytest

from prakerja_sim.mocks.admin import guard
from prakerja_sim.mocks.admin.server import FACE
from prakerja_sim.mocks.http.transport import InProcess
from tests.mocks.worlds import World

TOKEN = "0123456789abcdef" * 2
JSON = {"Content-Type": "application/json"}
JSON_HEADERS = {"Content_Type": "application/json"}
CHANGES = sorted(
    {(one.method, one.path) for one in FACE.endpoints} - {("GET", one.path) for one in FACE.endpoints}
)
ABROAD = [
    ({**JSON, "Origin": "https://evil.example"}, 403),
    ({**JSON, "Origin": "null"}, 403),
    ({**JSON, "Origin": "http://localhost:3000"}, 403),
    ({**JSON, "Origin": "http://localhost.evil.example"}, 403),
    ({**JSON, "Origin": ""}, 403),
    ({**JSON, "Sec-Fetch-Site": "cross-site"}, 403),
    ({**JSON, "Sec-Fetch-Site": "same-site"}, 403),
    ({"Content-Type": "text/plain", "Origin": "https://evil.example"}, 403),
    ({"Content-Type": "text/plain"}, 415),
    ({"Content-Type": "text/plain; application/json"}, 415),
    ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
]
HOME = [
    JSON,
    {"Content-Type": "Application/JSON; charset=utf-8"},
    {**JSON, "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    {**JSON, "Sec-Fetch-Site": "none"},
]


def state(world):
    return {name: world.sandboxes.get(name).digest() for name in world.sandboxes.names()}


@pytest.mark.parametrize(("headers", "status"), ABROAD, ids=str)
def test_a_page_of_another_site_changes_nothing(world, headers, status):
    world.sandboxes.lease("mine", 1, world.sandbox.now())
    wire = InProcess(world.parties.application, "/__admin")
    before, refused = state(world), set()
    for method, path in CHANGES:
        at = path.replace("<name>", "mine").replace("<", "").replace(">", "")
        answer = wire.send(method, at, headers, b"{}")
        refused.add((answer.status, answer.json()["error"]["code"]))
    assert refused == {(status, "foreign_page" if status == 403 else "media_type")}
    assert state(world) == before


def test_there_are_changes_and_all_of_them_are_looked_at():
    assert len(CHANGES) > 15
    assert {method for method, _ in CHANGES} == {"POST", "DELETE", "PATCH"}


@pytest.mark.parametrize("headers", HOME, ids=str)
def test_programs_and_our_own_pages_may_change_the_world(world, headers):
    wire = InProcess(world.parties.application, "/__admin")
    assert wire.send("POST", "/people", headers, b'{"count":1}').status == 201
    assert wire.send("POST", "/reset", {**headers, "Content-Type": "application/json"}).status == 200


def test_a_change_without_a_body_needs_no_content_type(world):
    """As the banner's curl sends it; browsers say where they come from."""
    wire = InProcess(world.parties.application, "/__admin")
    assert wire.send("POST", "/reset").status == 200
    assert wire.send("POST", "/reset", {"Sec-Fetch-Site": "cross-site"}).status == 403


def test_a_body_from_elsewhere_says_that_it_is_json(live):
    assert live.send("POST", "/__admin/clock", {"advance": "1s"}, {"Content-Type": ""})[0] == 415
    host, _, port = live.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 10) as end:
        end.sendall(b"POST /__admin/reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
        assert end.recv(100).startswith(b"HTTP/1.1 415 ")


# The token


def exposed():
    return World(admin_token=TOKEN)


def secrets_of(world):
    """What would give keys and codes away, and what only the owner shall know."""
    seed = str(world.sandbox.seed)
    keys = [one.sign_key for one in world.sandboxes.credentials(world.sandbox)]
    return [seed, *keys, "lmdb", "memory", "default", "2021"]


def test_without_the_token_nothing_secret_is_told():
    """Whatever is open to all is asked; from the seed every key and every OTP can be computed."""
    world = exposed()
    open_to_all = [one for one in FACE.endpoints if one.sender is None]
    assert {one.path for one in open_to_all} >= {"/healthz", "/readyz", "/metrics"}
    for one in open_to_all:
        answer = world.send(one.method, one.path)
        if one.path != "/metrics":
            assert not [secret for secret in secrets_of(world) if secret in answer.body.decode()], one.path
    assert world.send("GET", "/readyz").json() == {"status": "ready"}
    told = world.send("GET", "/readyz", Authorization=f"Bearer {TOKEN}").json()
    assert (told["seed"], told["stopped"]) == (world.sandbox.seed, [])


def test_metrics_tell_of_the_process_only():
    told = exposed().send("GET", "/metrics").body.decode()
    ours = ("# ", "process_", "python_", "prakerja_sim_")
    assert all(line.startswith(ours) for line in told.splitlines())


def basic(text):
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_a_browser_asks_its_user_for_the_token():
    world = exposed()
    asked = world.send("GET", "/__admin/clients")
    assert asked.status == 401
    assert asked.headers["WWW-Authenticate"].startswith("Basic realm=")
    right = [basic(f"x:{TOKEN}"), basic(f":{TOKEN}"), basic(f"é:{TOKEN}")]
    for one in (*right, right[0].replace("B", "b", 1)):
        assert world.send("GET", "/__admin/clients", Authorization=one).status == 200
        assert world.send("GET", "/", Authorization=one).status == 200
    wrong = [basic(TOKEN), basic("x:"), basic(f"x:{TOKEN}x"), basic(f"{TOKEN}:x")]
    wrong += ["Basic %", "Basic", "Basic /w=="]
    for one in wrong:
        assert world.send("GET", "/__admin/clients", Authorization=one).status == 401
        assert world.send("GET", "/", Authorization=one).status == 401


def test_a_page_of_another_site_cannot_use_the_token_that_a_browser_keeps():
    world = exposed()
    kept = {"Authorization": basic(f"x:{TOKEN}"), "Content_Type": "application/json"}
    assert world.send("POST", "/__admin/reset", Origin="https://evil.example", **kept).status == 403
    assert world.send("POST", "/__admin/reset", **kept).status == 200


# By the map of paths: whatever is mounted, by whichever way

OPEN = {
    "GET /healthz",
    "GET /readyz",
    "GET /metrics",
    "GET /console/static/<name>",
    "POST /console/logout",
    "GET /openapi.json",
    "GET /swagger",
    "GET /swagger/<name>",
}
"""Answered to everybody: they tell nothing of any world and change none."""
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
PAGE = "clock"


def rules():
    return {
        f"{method} {rule.rule}"
        for rule in FACE.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_every_rule_that_changes_is_a_guarded_endpoint_or_a_form_that_no_other_site_can_send(world):
    guarded = {f"{one.method} {one.path}" for one in FACE.endpoints if one.sender is not None}
    changing = {name for name in rules() if name.split()[0] not in guard.SAFE}
    assert guarded & changing
    assert changing - guarded == {
        "POST /", "POST /console/<name>", "POST /console/login", "POST /console/logout",
    }  # fmt: skip
    before = state(world)
    form = b"do=POST+%2Fclock&step=true&body.step=true"
    for name in changing - guarded:
        method, path = name.replace("<name>", PAGE).split()
        for headers in ({"Origin": "https://evil.example"}, {"Sec_Fetch_Site": "cross-site"}, {}):
            world.send(method, f"/__admin{path}", form, **FORM, **headers)
    assert state(world) == before


def test_without_the_token_every_rule_but_the_open_ones_is_closed():
    world = World(admin_token=TOKEN)
    told = {}
    for name in rules() - OPEN:
        method, path = name.split()
        at = re.sub(r"<(?:\w+:)?(\w+)>", PAGE, path)
        told[name] = world.send(method, f"/__admin{at}", **JSON_HEADERS).status
    assert {name: status for name, status in told.items() if status != 401} == {}
    assert rules() >= OPEN
