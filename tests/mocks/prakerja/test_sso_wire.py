"""Logging in at an institution with the Prakerja account, as the browser and the institution do it."""

import hashlib
import hmac
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import pytest

from prakerja_sim.simulator.values.clock import SECOND, unix_seconds
from prakerja_sim.simulator.values.settings import Settings
from tests.mocks.prakerja.browser import Browser
from tests.mocks.worlds import World

DONE, FAILED = "https://lp.example/createtoken", "https://lp.example/login"
OAUTH = "/api/v1/oauth"
PROFILE = "/api/v1/resource/user_profile"
HOST = "oauth.prakerja.go.id"


@pytest.fixture
def world():
    made = World()
    made.ani = made.enrol()
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)


def query(world, **changed):
    asked = {
        "client_id": world.lp.code,
        "client_name": "Kelas Kopi",
        "login_uri": FAILED,
        "redirect_uri": DONE,
        "scope": "name email prakerjaid notelp",
        "state": "STATE-123456",
    }
    return {name: value for name, value in (asked | changed).items() if value is not None}


def browse(world, host=HOST, **changed):
    return Browser(world, host).open(f"/consent-sso?{urlencode(query(world, **changed))}")


def code(world, **changed):
    browser = browse(world, **changed)
    browser.log_in(world.ani).press("allow")
    return parse_qs(urlsplit(browser.left_for).query)["code"][0]


def send(world, method, path, raw=b"", client=None, **headers):
    told = {"X_Client_Id": world.lp.code if client is None else client} | headers
    return world.send(method, path, raw, **{name: value for name, value in told.items() if value})


def token(world, path="/token", client=None, **body):
    return send(world, "POST", OAUTH + path, orjson.dumps(body), client)


def granted(world, **changed):
    return token(world, code=code(world, **changed)).json()["data"]


def profile(world, authorization, **how):
    return send(world, "GET", PROFILE, Authorization=authorization, **how)


def unauthorized(answer, code):
    return answer.status == 400 and answer.json() == {
        "code": code, "message": "Unauthorized", "success": False,
    }  # fmt: skip


# The consent page


def test_a_participant_logs_in_agrees_and_is_sent_back_with_a_code(world):
    browser = browse(world)
    assert browser.page.choices == ["login"]
    browser.log_in(world.ani)
    assert browser.page.choices == ["allow", "deny", "logout"]
    for shown in ("Kelas Kopi", world.ani.name, "Nomor Kartu Prakerja"):
        assert shown in browser.page.text
    browser.press("allow")
    parts = urlsplit(browser.left_for)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == DONE
    assert list(parse_qs(parts.query)) == ["code", "state"]
    assert parse_qs(parts.query)["state"] == ["STATE-123456"]


def test_who_refuses_is_sent_to_the_login_address_and_no_code_is_made(world):
    browser = browse(world)
    browser.log_in(world.ani)
    before = world.digest()
    browser.press("deny")
    assert browser.left_for == f"{FAILED}?state=STATE-123456"
    assert world.digest() == before


def test_a_wrong_password_and_another_account(world):
    browser = browse(world)
    browser.press("login", email=world.ani.email, password="salah")
    assert (browser.page.status, browser.page.choices) == (400, ["login"])
    browser.log_in(world.ani).press("logout")
    assert browser.page.choices == ["login"]
    browser.post(do="allow", **browser.page.hidden)
    assert (browser.left_for, browser.page.choices) == (None, ["login"])


def test_who_is_logged_in_for_the_scan_is_logged_in_here(world):
    world.bought(world.ani)
    told = {"redeem_code": world.redeem_code(world.ani), "redirect_uri": DONE, "email": "a@x.id"}
    url = world.lp.post("/oauth/url-generate", **told).json()["data"]["url"]
    browser = Browser(world).open(url)
    browser.log_in(world.ani)
    browser.open(f"/consent-sso?{urlencode(query(world))}")
    assert "allow" in browser.page.choices


def test_nobody_in_particular_cannot_agree(world):
    told = {"redeem_code": world.test_code(), "redirect_uri": DONE, "email": "a@x.id"}
    browser = Browser(world).open(world.lp.post("/oauth/url-generate", **told).json()["data"]["url"])
    browser.press("dummy").open(f"/consent-sso?{urlencode(query(world))}")
    assert browser.page.choices == ["login"]
    browser.post(do="allow", **browser.page.hidden)
    assert browser.left_for is None


WRONG = [
    ("client_id", "nobody", "ERROAUTH4029"),
    ("client_id", None, "ERROAUTH4029"),
    *[("scope", wrong, "ERR40082") for wrong in ("", " ", "name nik", "NAME", None)],
    *[("redirect_uri", wrong, "ERR40082") for wrong in ("", "javascript:alert(1)", "lp.example", None)],
    *[("login_uri", wrong, "ERR40082") for wrong in ("", "javascript:alert(1)", None)],
    *[("state", wrong, "ERR40082") for wrong in ("", "x" * 1025, None)],
]


@pytest.mark.parametrize(("name", "wrong", "code"), WRONG)
def test_what_is_wrong_with_the_address_is_a_page_and_sends_nobody_anywhere(world, name, wrong, code):
    before = world.digest()
    browser = browse(world, **{name: wrong})
    assert (browser.page.status, browser.page.code, browser.left_for) == (400, code, None)
    browser.post(do="deny", **query(world, **{name: wrong}))
    assert (browser.page.code, browser.left_for) == (code, None)
    assert world.digest() == before


def test_what_a_client_calls_itself_is_escaped(world):
    asked = urlencode(query(world, client_name="<b>x</b>", state='"><script>'))
    body = world.send("GET", f"/consent-sso?{asked}").body.decode()
    assert "&lt;b&gt;x&lt;/b&gt;" in body
    assert "<script" not in body


OTHER_SITE = "https://evil.example/login"
REGISTERED = f"{DONE}, {FAILED}"
ADDRESSES = [
    # registered, redirect_uri, login_uri, may be used
    (REGISTERED, DONE, FAILED, True),
    (REGISTERED, FAILED, DONE, True),
    (REGISTERED, "https://lp.example/lain", FAILED, False),
    (REGISTERED, DONE, "https://lp.example/lain", False),
    (REGISTERED, DONE, OTHER_SITE, False),
    (DONE, DONE, FAILED, False),
    ("", DONE, FAILED, True),
    ("", DONE, "https://LP.example/lain", True),
    ("", DONE, OTHER_SITE, False),
    ("", DONE, "http://lp.example/login", False),
    ("", DONE, "https://lp.example:444/login", False),
    ("", DONE, "https://lp.example@evil.example/login", False),
]


@pytest.mark.parametrize(("registered", "redirect_uri", "login_uri", "good"), ADDRESSES)
@pytest.mark.parametrize("do", ["allow", "deny"])
def test_a_browser_is_sent_to_registered_addresses_only(world, registered, redirect_uri, login_uri, good, do):
    mine = {"client_code": "lp-saya", "sign_key": "k" * 32, "party": "lp-kopi", "redirect_uris": registered}
    world.send("POST", "/__admin/clients", orjson.dumps(mine), Content_Type="application/json")
    browser = browse(world, client_id="lp-saya", redirect_uri=redirect_uri, login_uri=login_uri)
    if not good:
        assert browser.page.code == "ERRTRX40081"
        form = query(world, client_id="lp-saya", redirect_uri=redirect_uri, login_uri=login_uri)
        pressed = world.send("POST", "/consent-sso", urlencode({**form, "do": do}).encode(), HOST)
        assert (pressed.status, "Location" in pressed.headers) == (400, False)
        return
    browser.log_in(world.ani).press(do)
    sent_to = redirect_uri if do == "allow" else login_uri
    assert browser.left_for.lower().startswith(f"{sent_to.lower()}?")


@pytest.mark.parametrize(("host", "prefix"), [
    ("oauth.prakerja.go.id", ""), ("localhost", ""), ("localhost", "/s/default"), ("localhost", "/prakerja"),
    ("oauth.prakerja.go.id:8420", "/s/default"),
])  # fmt: skip
def test_the_page_answers_at_its_host_and_at_the_root(world, host, prefix):
    browser = Browser(world, host).open(f"{prefix}/consent-sso?{urlencode(query(world))}")
    browser.log_in(world.ani).press("allow")
    assert browser.left_for.startswith(DONE)


# authorize, the older way


def authorize(world, asked, stamp=None, path=f"{OAUTH}/authorize", **headers):
    stamp = str(unix_seconds(world.sandbox.now()) if stamp is None else stamp)
    signature = _sign(world.lp, stamp, path)
    told = {"X_Client_Id": world.lp.code, "X_Timestamp": stamp, "X_Signature": signature} | headers
    headers = {name: value for name, value in told.items() if value is not None}
    return world.send("GET", f"{path}?{urlencode(asked)}", **headers)


def _sign(partner, stamp, path):
    message = f"{partner.code}{stamp}GET{path}".encode()
    return hmac.new(partner.key.encode(), message, hashlib.sha1).hexdigest()


def test_the_older_way_gives_the_address_of_the_same_page(world):
    answer = authorize(world, query(world))
    body = answer.json()
    assert list(body) == ["message", "success", "errorCode", "data"]
    assert (body["message"], body["success"], body["errorCode"]) == ("no error", True, "0")
    url = body["data"]["redirect_url"]
    assert parse_qs(urlsplit(url).query) == {name: [value] for name, value in query(world).items()}
    browser = Browser(world).open(url)
    browser.log_in(world.ani).press("allow")
    assert browser.left_for.startswith(DONE)


def test_the_client_may_be_named_in_the_header_only(world):
    url = authorize(world, query(world, client_id=None, client_name=None)).json()["data"]["redirect_url"]
    assert parse_qs(urlsplit(url).query)["client_id"] == [world.lp.code]
    assert unauthorized(authorize(world, query(world, client_id="another")), "ERROAUTH4029")


def test_the_signature_covers_the_path_and_no_more(world):
    for headers, code in [
        ({"X_Client_Id": None}, "ERROAUTH4024"),
        ({"X_Timestamp": None}, "ERROAUTH4024"),
        ({"X_Signature": None}, "ERROAUTH4024"),
        ({"X_Client_Id": "nobody"}, "ERROAUTH4029"),
        ({"X_Signature": "0" * 40}, "ERROAUTH4029"),
    ]:
        assert unauthorized(authorize(world, query(world), **headers), code), headers
    assert authorize(world, query(world), stamp=0).json()["code"] == "ERR40004"


@pytest.mark.parametrize("missing", ["state", "scope", "redirect_uri", "login_uri"])
def test_what_authorize_needs_is_told(world, missing):
    assert authorize(world, query(world, **{missing: None})).json()["code"] == "ERR40082"


# token, refresh, profile


def test_a_code_is_exchanged_and_the_answer_has_the_documented_shape(world):
    body = token(world, code=code(world)).json()
    assert list(body) == ["message", "success", "errorCode", "data"]
    assert (body["message"], body["success"], body["errorCode"]) == ("no error", True, "0")
    data = body["data"]
    assert list(data) == ["access_token", "expires_in", "refresh_token", "scope", "token_type"]
    assert data["expires_in"] == str(unix_seconds(world.sandbox.now()) + 3600)
    assert (data["scope"], data["token_type"]) == ("name email prakerjaid notelp", "Bearer")


@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded", "text/plain", None]
)
def test_the_body_is_json_under_any_content_type(world, kind):
    raw = orjson.dumps({"code": code(world)})
    assert send(world, "POST", f"{OAUTH}/token", raw, Content_Type=kind).status == 200


def test_the_code_may_come_in_the_query_or_in_a_form(world):
    assert send(world, "POST", f"{OAUTH}/token?code={code(world)}").status == 200
    assert send(world, "POST", f"{OAUTH}/token", f"code={code(world)}".encode()).status == 200


@pytest.mark.parametrize("prefix", ["", "/prakerja", "/s/default", "/s/default/prakerja"])
def test_the_endpoints_answer_at_the_root_and_below_their_mount(world, prefix):
    answer = send(world, "POST", f"{prefix}{OAUTH}/token", orjson.dumps({"code": code(world)}))
    data = answer.json()["data"]
    shown = send(world, "GET", f"{prefix}{PROFILE}", Authorization=data["access_token"])
    assert shown.json()["data"]["no_prakerja"] == world.ani.card


def test_a_code_is_exchanged_once_and_soon(world):
    used = code(world)
    assert token(world, code=used).status == 200
    assert unauthorized(token(world, code=used), "ERROAUTH4031")
    late = code(world)
    world.after(301 * SECOND)
    assert unauthorized(token(world, code=late), "ERROAUTH4031")


@pytest.mark.parametrize("path", ["/token", "/token/refresh"])
def test_tokens_are_renewed_at_both_addresses(world, path):
    first = granted(world)
    world.after(10 * SECOND)
    second = token(world, path, token=first["refresh_token"]).json()["data"]
    assert list(second) == list(first)
    assert second["access_token"] != first["access_token"]
    assert int(second["expires_in"]) == int(first["expires_in"]) + 10
    assert profile(world, second["access_token"]).status == 200


@pytest.mark.parametrize("scheme", ["", "Bearer ", "bearer "])
def test_the_profile_comes_with_and_without_bearer(world, scheme):
    answer = profile(world, scheme + granted(world)["access_token"])
    data = answer.json()["data"]
    assert list(data) == ["dp_user_id", "email", "name", "no_prakerja", "phone_number", "user_id"]
    assert all(isinstance(value, str) and value for value in data.values())
    ani = world.ani
    shown = (data["email"], data["name"], data["no_prakerja"], data["phone_number"])
    assert shown == (ani.email, ani.name, ani.card, ani.phone)


def test_what_was_not_consented_to_is_empty(world):
    data = profile(world, granted(world, scope="name")["access_token"]).json()["data"]
    told = {name: value for name, value in data.items() if not name.endswith("user_id")}
    assert told == {"email": "", "name": world.ani.name, "no_prakerja": "", "phone_number": ""}


def test_an_expired_token_ends_and_the_lifetimes_are_settings():
    settings = Settings(sso_code_lifetime=10, sso_access_lifetime=20, sso_refresh_lifetime=30)
    world = World(settings)
    world.ani = world.enrol()
    given = granted(world)
    world.after(21 * SECOND)
    assert unauthorized(profile(world, given["access_token"]), "ERROAUTH4031")
    assert token(world, token=given["refresh_token"]).status == 200
    world.after(10 * SECOND)
    assert unauthorized(token(world, token=given["refresh_token"]), "ERROAUTH4031")
    late = code(world)
    world.after(11 * SECOND)
    assert unauthorized(token(world, code=late), "ERROAUTH4031")


def test_the_four_documented_errors(world):
    access = granted(world)["access_token"]
    for ask in (
        lambda client: token(world, client=client, code="x"),
        lambda client: token(world, "/token/refresh", client=client, token="x"),
        lambda client: profile(world, access, client=client),
    ):
        assert unauthorized(ask(""), "ERROAUTH4024")
        assert unauthorized(ask("nobody"), "ERROAUTH4029")
    for nothing in ("", "Bearer", "Bearer "):
        assert unauthorized(profile(world, nothing), "ERROAUTH4030")
    assert unauthorized(profile(world, "x"), "ERROAUTH4031")
    assert unauthorized(token(world, code="x"), "ERROAUTH4031")
    assert unauthorized(token(world), "ERROAUTH4031")
    assert unauthorized(token(world, "/token/refresh"), "ERROAUTH4031")
    assert unauthorized(profile(world, access, client=world.lp2.code), "ERROAUTH4031")


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"{", "ERR40081"), (b"[]", "ERR40081"), (b"hello", "ERR40081"), (b"\xff", "ERR40081"),
     (b'{"code":1}', "ERR40082"), (b'{"code":null}', "ERR40082"), (b'{"token":[]}', "ERR40082"),
     (b'{"code":"' + b"x" * 300 + b'"}', "ERR40082")],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/token", "/token/refresh"])
def test_a_bad_body_is_told_in_the_usual_envelope_and_changes_nothing(world, path, raw, code):
    before = world.digest()
    answer = send(world, "POST", OAUTH + path, raw)
    assert (answer.status, answer.json()["code"]) == (400, code)
    assert list(answer.json()) == ["code", "message", "success"]
    assert world.digest() == before


def test_the_client_names_the_sandbox(world):
    world.sandboxes.lease("run-17", 7, world.sandbox.now())
    elsewhere = world.beside("run-17")
    elsewhere.numbers = 5
    elsewhere.ani = elsewhere.enrol()
    given = granted(elsewhere)
    assert profile(elsewhere, given["access_token"]).json()["data"]["no_prakerja"] == elsewhere.ani.card
    path = f"/s/default{PROFILE}"
    answer = send(elsewhere, "GET", path, Authorization=given["access_token"])
    assert unauthorized(answer, "ERROAUTH4029")
