"""A login's token works in its own sandbox only, and no longer than until its holder logs out."""

from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import pytest

from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.prakerja import pages
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import Refused
from prakerja_sim.simulator.programme.account_password import first_password
from tests.mocks.prakerja.browser import Browser
from tests.mocks.worlds import BARISTA, START, World

ACCOUNT = {"email": "ani@example.id", "name": "Ani", "password": "rahasia-ani"}
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


class Twins:
    """Two sandboxes of one server with the same seed, in which the same things happened."""

    def __init__(self):
        self.world = World()
        self.world.sandboxes.lease("twin", 42, START)
        self.names = ("default", "twin")
        self.ani = self.world.enrol()
        twin = self.world.beside("twin")
        twin.list_course(BARISTA)
        assert twin.enrol().card == self.ani.card

    def send(self, name, method, path, raw=None, /, *, cookie="", token="", **body):
        raw = orjson.dumps(body) if raw is None else raw
        headers = {"Content_Type": "application/json"} if body else FORM
        headers |= {"Cookie": cookie} if cookie else {}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        return self.world.send(method, f"/s/{name}{path}", raw, **headers)


@pytest.fixture
def twins():
    made = Twins()
    yield made
    assert made.world.is_sound()


def dashboard(twins, name):
    password = twins.world.sandboxes.get(name).ask(first_password, card=twins.ani.card)
    about = {"email": twins.ani.email, "password": password}
    return twins.send(name, "POST", "/prakerja/dashboard/login", **about).json()["data"]["token"]


def learner(twins, name):
    twins.send(name, "POST", "/institution/lp-kopi/accounts", **ACCOUNT)
    return twins.send(name, "POST", "/institution/lp-kopi/accounts/login", **ACCOUNT).json()["token"]


PARTIES = {
    "the dashboard": (dashboard, "/prakerja/dashboard/profile", "/prakerja/dashboard/logout"),
    "an institution": (learner, "/institution/lp-kopi/accounts/me", "/institution/lp-kopi/accounts/logout"),
}


@pytest.mark.parametrize(("log_in", "me", "logout"), PARTIES.values(), ids=PARTIES)
def test_a_token_works_in_its_own_sandbox_until_its_holder_logs_out(twins, log_in, me, logout):
    tokens = {name: log_in(twins, name) for name in twins.names}

    def works(name, token):
        return twins.send(name, "GET", me, token=token).status == 200

    for name, other in (twins.names, twins.names[::-1]):
        assert works(name, tokens[name])
        assert not works(name, tokens[other])
    assert log_in(twins, "default") == tokens["default"]  # a second device
    assert twins.send("default", "POST", logout, token=tokens["default"]).status == 200
    assert not works("default", tokens["default"])
    assert twins.send("default", "POST", logout, token=tokens["default"]).status == 401
    assert works("twin", tokens["twin"])
    again = log_in(twins, "default")
    assert again != tokens["default"]
    assert works("default", again)


def test_the_buttons_on_the_pages_log_out_too(twins):
    """`Keluar` on the dashboard, on the consent page, and at the institution."""
    token = dashboard(twins, "default")
    window = Browser(twins.world)
    window.cookie = f"{pages.COOKIE}={token}"
    window.open("/prakerja/dasbor").press("logout")
    assert twins.send("default", "GET", "/prakerja/dashboard/profile", token=token).status == 401
    seat = learner(twins, "default")
    classes = "/institution/lp-kopi/situs/kelas"
    assert twins.send("default", "GET", classes, cookie=f"lp_session={seat}").status == 200
    twins.send("default", "GET", "/institution/lp-kopi/situs/keluar", cookie=f"lp_session={seat}")
    assert twins.send("default", "GET", classes, cookie=f"lp_session={seat}").status == 303


def test_the_dummy_user_logs_out_too(twins):
    opened = twins.world.lp.post(
        "/oauth/url-generate",
        redeem_code=twins.world.test_code(),
        redirect_uri="https://lp.example/",
        email="uji@example.id",
    )
    window = Browser(twins.world).open(opened.json()["data"]["url"])
    window.press("dummy")
    kept = window.cookie
    assert "consent" in window.page.choices
    window.post(do="logout", **window.page.hidden)
    window.cookie = kept
    assert "login" in window.open(opened.json()["data"]["url"]).page.choices


def test_a_page_of_one_login_sends_no_form_in_the_other_sandbox(twins):
    tokens = {name: dashboard(twins, name) for name in twins.names}
    page = twins.send("default", "GET", "/prakerja/dasbor", cookie=f"{pages.COOKIE}={tokens['default']}")
    csrf = page.body.decode().partition('name="csrf" value="')[2].partition('"')[0]
    for name, status in (("twin", 400), ("default", 303)):
        cookie = f"{pages.COOKIE}={tokens[name]}"
        raw = urlencode({"do": "logout", "csrf": csrf}).encode()
        assert twins.send(name, "POST", "/prakerja/dasbor", raw, cookie=cookie).status == status


class Switch:
    """A wire that can be led to another sandbox."""

    def __init__(self, world, code, name=""):
        self.world, self.code, self.name = world, code, name

    def send(self, method, path, headers=None, body=b""):
        wire = InProcess(self.world.parties.application, f"/s/{self.name}/{self.code}")
        return wire.send(method, path, headers, body)


@pytest.mark.parametrize("code", registry.codes())
def test_a_buyers_token_works_in_its_own_sandbox(twins, code):
    shoppers, wires = {}, {}
    for name in twins.names:
        wires[name] = Switch(twins.world, code)
        wires[name].name = name
        shoppers[name] = registry.shopper(code, wires[name])
        shoppers[name].sign_up(twins.ani.name, twins.ani.phone, twins.ani.email)
        inbox = twins.send(name, "GET", f"/__admin/inbox/sms?to={twins.ani.phone}&otp=true", b"")
        shoppers[name].enter_phone_code(inbox.json()["otp"])
        assert shoppers[name].history() == []
    wires["default"].name = "twin"
    with pytest.raises(Refused):
        shoppers["default"].history()


def _latest_code(twins, who):
    """The code that a site has sent last, by e-mail or else by SMS."""
    mails = twins.send("default", "GET", f"/__admin/inbox/mail?to={who.email}", b"").json()["messages"]
    codes = [one["text"].partition("Kode verifikasi: ")[2][:6] for one in mails]
    sms = twins.send("default", "GET", f"/__admin/inbox/sms?to={who.phone}&otp=true", b"").json()["otp"]
    return next((code for code in reversed(codes) if code), sms)


WITH_PASSWORDS = sorted(set(registry.codes()) - {"tokopedia"})  # there one logs in by phone


@pytest.mark.parametrize("code", WITH_PASSWORDS)
def test_a_new_password_ends_the_logins_of_the_old_one(twins, code):
    old, new = (registry.shopper(code, Switch(twins.world, code, "default")) for _ in range(2))
    old.sign_up(twins.ani.name, twins.ani.phone, twins.ani.email)
    inbox = twins.send("default", "GET", f"/__admin/inbox/sms?to={twins.ani.phone}&otp=true", b"")
    old.enter_phone_code(inbox.json()["otp"])
    assert old.history() == []

    new.recover(twins.ani.phone, twins.ani.email)
    assert old.history() == []  # asking for a code ends nothing
    new.enter_recovery_code(_latest_code(twins, twins.ani), "Baru-12345")
    with pytest.raises(Refused):
        old.history()
    assert new.history() == []


def test_single_sign_on_gives_codes_and_tokens_for_one_sandbox(twins):
    clients, codes = {}, {}
    for name in twins.names:
        of = twins.world.sandboxes.get(name)
        clients[name] = twins.world.sandboxes.credential_of(of, "lp-kopi").client_code
        asked = {"client_id": clients[name], "scope": "name", "state": "s"}
        asked |= dict.fromkeys(("login_uri", "redirect_uri"), "https://lp.example/")
        window = Browser(twins.world)
        window.cookie = f"{pages.COOKIE}={dashboard(twins, name)}"
        window.open(f"/s/{name}/consent-sso?{urlencode(asked)}").press("allow")
        codes[name] = parse_qs(urlsplit(window.left_for).query)["code"][0]

    def exchanged(name, path="/token", **body):
        return twins.world.send("POST", f"/api/v1/oauth{path}", orjson.dumps(body), X_Client_Id=clients[name])

    def profile(name, token):
        return twins.world.send(
            "GET", "/api/v1/resource/user_profile", X_Client_Id=clients[name], Authorization=token
        ).status

    assert exchanged("twin", code=codes["default"]).json()["code"] == "ERROAUTH4031"
    tokens = {name: exchanged(name, code=codes[name]).json()["data"] for name in twins.names}
    assert profile("twin", tokens["default"]["access_token"]) == 400
    assert profile("twin", tokens["twin"]["access_token"]) == 200
    other = exchanged("twin", "/token/refresh", token=tokens["default"]["refresh_token"])
    assert other.json()["code"] == "ERROAUTH4031"
    assert exchanged("twin", "/token/refresh", token=tokens["twin"]["refresh_token"]).status == 200
