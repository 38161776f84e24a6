"""Nobody uses the console without the token where one is set, and no page of another site uses its forms."""

from urllib.parse import urlencode

import pytest

from prakerja_sim.mocks.admin.console import site
from tests.mocks.admin.console.browsing import FORM, Console
from tests.mocks.worlds import World

TOKEN = "0123456789abcdef" * 2
NAMES = ["", *(page.name for page in site.PAGES if page.listed)]
ABROAD = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.fixture
def exposed():
    return World(admin_token=TOKEN)


def entered(world, token=TOKEN, back="/console/clock", status=303):
    raw = urlencode({"token": token, "back": back}).encode()
    answer = world.send("POST", "/console/login", raw, **FORM)
    assert answer.status == status
    return answer


def path_of(name):
    return f"/console/{name}" if name else "/"


@pytest.mark.parametrize("name", NAMES)
def test_without_the_token_every_page_asks_for_it_and_does_nothing(exposed, name):
    exposed.enrol(name="Ani Rahasia")
    console = Console(exposed)
    guard = "guard=x&do=POST%20/people"
    before = exposed.digest()
    for method, raw in (("GET", b""), ("POST", guard.encode())):
        page = console.got(method, path_of(name), 401, raw, **FORM)
        assert "Admin token" in page.text
        for secret in ("Ani Rahasia", "2021", exposed.dp.key, "default"):
            assert secret not in page.answer.body.decode()
    assert exposed.digest() == before


def test_the_token_opens_the_console_and_the_browser_keeps_something_else(exposed):
    inside = entered(exposed)
    assert inside.headers["Location"] == "/console/clock"
    cookie = inside.headers["Set-Cookie"]
    assert TOKEN not in cookie
    for flag in ("HttpOnly", "SameSite=Strict"):
        assert flag in cookie
    console = Console(exposed, Cookie=cookie.partition(";")[0])
    console.did(console.page("people"), "POST /people")
    assert "Log out" in console.page().text


@pytest.mark.parametrize("wrong", ["", "x", TOKEN[:-1], TOKEN + "x", "é"])
def test_another_token_opens_nothing(exposed, wrong):
    assert "Set-Cookie" not in entered(exposed, wrong, status=401).headers
    for cookie in (wrong, TOKEN, "0" * 64):
        Console(exposed, Cookie=f"prakerja_sim_console={cookie}").page("", 401)


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/console/x//evil", "javascript:1", "/prakerja"]
)
def test_a_login_leads_nowhere_else(exposed, back):
    assert entered(exposed, back=back).headers["Location"] == "/"


def test_a_logout_ends_it(exposed):
    cookie = entered(exposed).headers["Set-Cookie"].partition(";")[0]
    left = exposed.send("POST", "/console/logout", b"", Cookie=cookie, **FORM)
    assert left.status == 303
    assert "prakerja_sim_console=;" in left.headers["Set-Cookie"]


def test_the_cookie_opens_no_api(exposed):
    cookie = entered(exposed).headers["Set-Cookie"].partition(";")[0]
    assert exposed.send("GET", "/__admin/clients", Cookie=cookie).status == 401


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("headers", ABROAD, ids=str)
def test_a_form_of_another_site_changes_nothing(world, name, headers):
    console = Console(world)
    guard = console.page("people").form("POST /people")["fields"]["guard"]
    before = world.digest()
    raw = urlencode({"guard": guard, "do": "POST /people"}).encode()
    assert "turned_away" in console.got("POST", path_of(name), raw=raw, **FORM, **headers).text
    assert world.digest() == before


@pytest.mark.parametrize("name", NAMES)
def test_a_form_without_this_browsers_guard_changes_nothing(world, name):
    console = Console(world)
    before = world.digest()
    for guard in ("", "x", "0" * 64):
        raw = urlencode({"guard": guard, "do": "POST /people"}).encode()
        assert "older than the server" in console.got("POST", path_of(name), raw=raw, **FORM).text
    assert world.digest() == before


def test_another_browsers_guard_changes_nothing(exposed):
    cookie = entered(exposed).headers["Set-Cookie"].partition(";")[0]
    mine = Console(exposed, Cookie=cookie)
    token = Console(exposed, Authorization=f"Bearer {TOKEN}")
    raw = urlencode(token.page("people").form("POST /people")["fields"]).encode()
    before = exposed.digest()
    assert "older than the server" in mine.got("POST", "/console/people", raw=raw, **FORM).text
    assert exposed.digest() == before
