"""The single sign-on as other programs use it, Laravel's pages, and the two certificates."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import pytest

from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.simulator.programme import people
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.clock import SECOND
from tests.mocks.market import COURSE, INSTITUTION, refused

BACK = "https://klien.example/balik"
CSRF = 'name="csrf-token" content="'


@pytest.fixture
def client(market):
    """A program that lets people log in with the ministry's account."""
    return market.sandboxes.credential_of(market.sandbox, INSTITUTION)


def browser(market, **told):
    """What the browser asks, with a session if one is given."""
    cookie = told.pop("cookie", "")
    query = {"response_type": "code", "redirect_uri": BACK, "scope": "basic email", "state": "s 1&2"} | told
    return market.send("GET", f"/account/auth?{urlencode(query)}", headers={"Cookie": cookie})


def csrf_of(page):
    """The token that the login page holds."""
    return page.body.decode().partition(CSRF)[2].partition('"')[0]


def session(market, person, client):
    csrf = csrf_of(browser(market, client_id=client.client_code))
    form = {"username": person.email, "password": "pelatihan-kerja"}
    entered = market.send("POST", "/account/auth/login", form, {"X-CSRF-TOKEN": csrf})
    assert entered.status == 200, entered.body
    return entered.headers["Set-Cookie"].partition(";")[0]


def code_of(answer):
    assert answer.status == 302, answer.body
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert told["state"] == ["s 1&2"]
    return told["code"][0]


def grant(market, client, code, **changed):
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "client_id": client.client_code,
        "client_secret": client.sign_key,
        "redirect_uri": BACK,
    }
    return market.send("POST", "/account/api/v1/tokens", body | changed)


@pytest.fixture
def ani(market):
    person = market.enrol()
    market.shopper(person)
    return person


def test_a_program_logs_somebody_in_and_reads_who_he_is(market, ani, client):
    """Trap 19: the token request has a JSON body; clients read `data.*` or the top level."""
    cookie = session(market, ani, client)
    told = grant(market, client, code_of(browser(market, client_id=client.client_code, cookie=cookie))).json()
    for name in ("access_token", "token_type", "expires_in", "refresh_token", "user"):
        assert told["data"][name] == told[name]
    assert told["token_type"] == "Bearer"
    me = market.send(
        "GET", "/account/api/v1/users/me", headers={"Authorization": f"Bearer {told['access_token']}"}
    )
    assert {"id", "username", "name", "email", "status", "updated_at", "roles"} <= set(me.json()["data"])
    assert me.json()["data"]["name"] == ani.name
    assert set(me.json()["meta"]) == {"version", "hostname", "client_ip"}
    again = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
    assert grant(market, client, "", **again).json()["access_token"] == told["access_token"]


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (600, 200), (601, 401)])
def test_a_code_lives_ten_minutes(market, ani, client, seconds, status):
    code = code_of(browser(market, client_id=client.client_code, cookie=session(market, ani, client)))
    market.after(seconds * SECOND)
    assert grant(market, client, code).status == status


@pytest.mark.parametrize(
    "changed",
    [
        {"client_secret": "x"},
        {"client_id": "skillhub"},
        {"redirect_uri": BACK + "/"},
        {"code": "1.1.x"},
        {"code": "1.1.0.00000000000000000000000000000000"},
        {"code": ""},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_code_is_good_for_its_client_and_address_only(market, ani, client, changed):
    code = code_of(browser(market, client_id=client.client_code, cookie=session(market, ani, client)))
    answer = grant(market, client, changed.pop("code", code), **changed)
    assert (answer.status, answer.json()["message"]) == (401, "Unauthenticated.")


def test_a_code_is_exchanged_once_and_the_next_login_has_another(market, ani, client):
    cookie = session(market, ani, client)
    first = code_of(browser(market, client_id=client.client_code, cookie=cookie))
    assert code_of(browser(market, client_id=client.client_code, cookie=cookie)) == first
    assert grant(market, client, first, client_secret="x").status == 401
    assert grant(market, client, first).status == 200
    before = market.sandbox.digest()
    again = grant(market, client, first)
    assert (again.status, again.json()["message"]) == (401, "Unauthenticated.")
    assert market.sandbox.digest() == before
    second = code_of(browser(market, client_id=client.client_code, cookie=cookie))
    assert second != first
    assert grant(market, client, second).status == 200
    assert grant(market, client, first).status == 401


def test_of_many_hands_with_one_code_one_gets_a_token(market, ani, client):
    code = code_of(browser(market, client_id=client.client_code, cookie=session(market, ani, client)))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: grant(market, client, code).status, range(8)))
    assert sorted(answers) == [200] + [401] * 7


def test_who_says_no_is_sent_back_with_the_error(market, client):
    answer = browser(market, client_id=client.client_code, deny="1")
    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (told["error"], told["state"]) == (["access_denied"], ["s 1&2"])
    assert told["error_description"]


def test_without_a_session_the_browser_sees_the_login_page(market, client):
    page = browser(
        market, client_id=client.client_code, cookie="naco_session=1|00000000000000000000000000000000"
    )
    assert page.status == 200
    assert CSRF in page.body.decode()


def test_a_wrong_password_is_one_answer_for_everybody(market, ani, client):
    page = browser(market, client_id=client.client_code).body.decode()
    headers = {"X-CSRF-TOKEN": page.partition(CSRF)[2].partition('"')[0]}
    known, unknown = (
        market.send("POST", "/account/auth/login", {"username": name, "password": "salah"}, headers)
        for name in (ani.email, "nobody@example.com")
    )
    assert known.body == unknown.body
    assert known.json()["errors"] == {"username": ["Nama pengguna atau kata sandi salah."]}


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("account.kemnaker.go.id", "/api/v1/users/me"),
        ("account.kemnaker.go.id", "/account/api/v1/users/me"),
        ("api.kemnaker.go.id", "/skillhub/order/v1/orders"),
        ("skillhub.kemnaker.go.id", "/kemnaker/api/skillhub/order/v1/orders"),
    ],
)
def test_under_the_real_hosts_the_short_path_answers(market, ani, host, path):
    login = market.shopper(ani).login
    wire = InProcess(market.parties.application, host=host)
    assert wire.send("GET", path, login).status == 200
    assert wire.send("GET", path).json()["message"] == "Unauthenticated."


def test_lists_are_laravels(market):
    for number in range(4):
        market.list_course(f"kelas-{number}", 100_000)
    path = "https://api.kemnaker.go.id/skillhub/catalogue/v1/trainings"
    told = market.send("GET", "/api/skillhub/catalogue/v1/trainings?limit=2&page=2").json()
    assert told["links"] == {
        "first": f"{path}?page=1",
        "last": f"{path}?page=3",
        "prev": f"{path}?page=1",
        "next": f"{path}?page=3",
    }
    shown = {
        name: told["meta"][name] for name in ("current_page", "from", "last_page", "per_page", "to", "total")
    }
    assert shown == {"current_page": 2, "from": 3, "last_page": 3, "per_page": 2, "to": 4, "total": 5}
    beyond = market.send("GET", "/api/skillhub/catalogue/v1/trainings?limit=2&page=4").json()
    assert (beyond["data"], beyond["meta"]["from"], beyond["links"]["next"]) == ([], None, None)


def test_asking_for_the_otp_too_soon_says_when_to_come_back(market):
    budi = market.enrol(1)
    shopper = market.shopper(budi)
    order = market.carded(shopper, budi)
    path = f"/api/skillhub/order/v1/orders/{order}/payments/prakerja/otp"
    answer = market.send("POST", path, headers=shopper.login)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
    market.after(60 * SECOND)
    assert market.send("POST", path, headers=shopper.login).status == 200


def test_the_ministrys_certificate_comes_with_the_mark(market, ani):
    shopper = market.shopper(ani)
    bought = market.bought(shopper, ani)
    assert shopper.certificates(bought.order) == {"lembaga": False, "kemnaker": False}
    client = market.institution_client()
    assert client.redeem(bought.voucher) == COURSE
    client._send("POST", "/completions", {"voucher_code": bought.voucher, "name": ani.name})
    assert shopper.certificates(bought.order) == {"lembaga": True, "kemnaker": False}
    client._send("POST", "/marks", {"voucher_code": bought.voucher, "score": 0})
    assert shopper.certificates(bought.order) == {"lembaga": True, "kemnaker": True}
    assert refused(shopper.certificates, "0").code == "Pesanan tidak ditemukan."


@pytest.mark.parametrize("how", ["{0}", "+62{1}", "62 {1}", "{1}"])
def test_the_web_login_takes_phone_and_e_mail_in_any_spelling(market, ani, client, how):
    csrf = csrf_of(browser(market, client_id=client.client_code))
    for username in (how.format(ani.phone, ani.phone[1:]), ani.email.upper()):
        form = {"username": username, "password": "pelatihan-kerja"}
        assert market.send("POST", "/account/auth/login", form, {"X-CSRF-TOKEN": csrf}).status == 200


# As public programs go through the sign-on


def entered(market, person, csrf, cookie=""):
    form = {"username": person.email, "password": "pelatihan-kerja", "remember": True}
    headers = {"X-CSRF-TOKEN": csrf} | ({"Cookie": cookie} if cookie else {})
    return market.send("POST", "/account/auth/login", form, headers)


WAYS = [
    # without TLS the real host leads elsewhere, so the address is the simulator's own
    ("account.kemnaker.go.id", "", "127.0.0.1:8420", "/kemnaker"),
    ("localhost", "/kemnaker/account", "localhost", "/kemnaker/account"),
]


@pytest.mark.parametrize(("host", "mount", "there", "below"), WAYS)
def test_a_login_says_that_it_worked_and_where_to_go_on(market, ani, client, host, mount, there, below):
    """Six public programs read `data.authenticated`; the address is the authorise page that was asked for."""
    wire = InProcess(market.parties.application, host=host)
    wanted = {"client_id": client.client_code, "response_type": "code", "redirect_uri": BACK}
    wanted |= {"state": "s 1&2"}
    page = wire.send("GET", f"{mount}/auth?{urlencode(wanted)}")
    asked = page.headers["Set-Cookie"].partition(";")[0]
    headers = {"X-CSRF-TOKEN": csrf_of(page), "Cookie": asked, "Content-Type": "application/json"}
    form = {"username": ani.email, "password": "pelatihan-kerja"}
    answer = wire.send("POST", f"{mount}/auth/login", headers, orjson.dumps(form))
    told = answer.json()["data"]
    page_path = f"{below}/auth?{urlencode(wanted)}"
    assert told == {"authenticated": True, "redirect_uri": f"http://{there}{page_path}"}
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    wire = InProcess(market.parties.application, host=there)
    followed = wire.send("GET", page_path, {"Cookie": cookie})
    assert code_of(followed)


def test_a_login_that_came_for_nothing_goes_on_to_the_catalogue(market, ani):
    page = market.send("GET", "/account/auth/login?continue=https://lain.example")
    answer = entered(market, ani, csrf_of(page))
    at = urlsplit(answer.json()["data"]["redirect_uri"])
    assert parse_qs(at.query)["client_id"] == ["skillhub"]
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    followed = market.send("GET", f"/account/auth?{at.query}", headers={"Cookie": cookie})
    assert followed.headers["Location"].startswith("https://skillhub.kemnaker.go.id/")


@pytest.mark.parametrize("by", ["cookie", "query"])
def test_the_code_may_be_asked_for_as_json(market, ani, client, by):
    wanted = urlencode({"client_id": client.client_code, "response_type": "code", "redirect_uri": BACK})
    page = market.send("GET", f"/account/auth?{wanted}")
    csrf, asked = csrf_of(page), page.headers["Set-Cookie"].partition(";")[0]
    session = entered(market, ani, csrf, asked).headers["Set-Cookie"].partition(";")[0]
    told = {"Cookie": f"{session}; {asked}" if by == "cookie" else session, "X-CSRF-TOKEN": csrf}
    path = "/account/auth" if by == "cookie" else f"/account/auth?{wanted}"
    address = market.send("POST", path, {}, told).json()["data"]["redirect_uri"]
    assert address.startswith(f"{BACK}?code=")
    code = parse_qs(urlsplit(address).query)["code"][0]
    assert grant(market, client, code).status == 200


def test_a_code_as_json_needs_a_session_and_the_pages_token(market, ani, client):
    csrf = csrf_of(market.send("GET", "/account/auth/login"))
    session = entered(market, ani, csrf).headers["Set-Cookie"].partition(";")[0]
    assert market.send("POST", "/account/auth", {}, {"X-CSRF-TOKEN": csrf}).status == 401
    assert market.send("POST", "/account/auth", {}, {"Cookie": session}).status == 419
    for odd in ("naco_wanted=x", "naco_wanted=client_id%3Dnobody", "naco_wanted=%00", "naco_wanted=%C3%A9"):
        headers = {"X-CSRF-TOKEN": csrf, "Cookie": f"{session}; {odd}"}
        assert market.send("POST", "/account/auth", {}, headers).status in (200, 422), odd


def test_who_is_logged_in_has_a_nik_of_his_own(market, ani, client):
    def who(person):
        token = market.shopper(person).login
        return market.send("GET", "/account/api/v1/users/me", headers=token).json()["data"]

    told = who(ani)
    assert told["profile"]["identity_number"] == ani.nik
    assert (told["profile"]["bod"], told["profile"]["phone"]) == (ani.born.isoformat(), ani.phone)
    assert told["profile"]["gender"] == (20 if int(ani.nik[6:8]) > 40 else 10)
    nobody = people.person(seed_bytes(42), 99)
    made_up = who(nobody)["profile"]["identity_number"]
    assert (len(made_up), made_up[-4:], made_up.isdecimal()) == (16, "0000", True)
    assert made_up != ani.nik
    session_code = code_of(browser(market, client_id=client.client_code, cookie=session(market, ani, client)))
    granted = grant(market, client, session_code).json()
    assert granted["user"]["profile"] == granted["data"]["user"]["profile"] == told["profile"]


@pytest.mark.parametrize("address", ["https://[x", "https://", "http://]/"])
def test_an_address_that_is_none_is_refused(market, client, address):
    for whose in (client.client_code, "skillhub"):
        assert browser(market, client_id=whose, redirect_uri=address).status == 422


def test_a_new_password_ends_what_the_old_one_opened(market, ani, client):
    """A browser's session, a code that was not exchanged yet, a refresh token."""
    cookie = session(market, ani, client)
    granted = grant(market, client, code_of(browser(market, client_id=client.client_code, cookie=cookie)))
    code = code_of(browser(market, client_id=client.client_code, cookie=cookie))
    market.send("POST", "/account/api/v1/password/forgot", {"email": ani.email})
    mailed = market.mails(ani)[-1].text.partition("Kode verifikasi: ")[2][:6]
    new = {"email": ani.email, "code": mailed, "password": "lain-sekali"}
    assert market.send("POST", "/account/api/v1/password/reset", new).status == 200
    assert browser(market, client_id=client.client_code, cookie=cookie).status == 200  # asks for a login
    assert grant(market, client, code).status == 401
    refresh = {"grant_type": "refresh_token", "refresh_token": granted.json()["refresh_token"]}
    assert grant(market, client, "", **refresh).status == 401
