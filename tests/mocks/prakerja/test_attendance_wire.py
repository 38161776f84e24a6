"""Presence on the wire: url-generate as institutions call it, and the pages as a browser finds them."""

import re
from urllib.parse import urlsplit

import orjson
import pytest

from prakerja_sim.mocks.http.addresses import TLS_ADDRESS
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.mounts import addresses, discovered
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings
from tests.mocks.prakerja.browser import Browser
from tests.mocks.worlds import API, BARISTA, OFFLINE, WEBINAR, WEBINAR_STARTS, Partner, World, told

HOSTS, _ = addresses(discovered())

BACK = "https://lp.example/kembali"
URL = "/oauth/url-generate"
UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
PARAMETER = (400, "ERR40082", "Parameter tidak lengkap atau tidak valid.")


@pytest.fixture
def world():
    made = World()
    made.ani = made.enrol()
    made.bought(made.ani)
    made.code = made.redeem_code(made.ani)
    yield made
    assert made.is_sound(), (made.sandbox.stopped, made.parties.bugs)


def ask(world, partner=None, **changed):
    """What url-generate answers."""
    body = {"redeem_code": getattr(world, "code", ""), "redirect_uri": BACK, "email": "ani@example.id"}
    return (partner or world.lp).post(URL, **(body | changed))


def opened(world, **changed):
    answer = ask(world, **changed)
    assert answer.status == 200, answer.body
    return answer.json()["data"]


def browse(world, **changed):
    return Browser(world).open(opened(world, **changed)["url"])


def state(world, sequence=1, **changed):
    body = {"redeem_code": world.code, "sequence": sequence} | changed
    return world.lp.post("/payment/redeem-code/status", **body).json()["data"]


def presence(world, sequence=1):
    found = state(world, sequence)
    return found["status"], found["attendance_status"]


# url-generate


def test_the_answer_has_the_documented_shape(world):
    answer = ask(world, sequence=1)
    body = answer.json()
    assert (answer.status, list(body), body["success"]) == (200, ["success", "message", "data"], True)
    data = body["data"]
    assert list(data) == ["url", "state", "course"]
    assert re.fullmatch(UUID4, data["state"])
    assert data["url"] == f"http://localhost/prakerja/verification?state={data['state']}"
    assert data["course"] == {"type": 1, "learning_method": "online"}
    assert answer.headers["X-Sim-Provenance"] == "documented"


def test_the_sequence_may_be_missing_and_keys_come_in_any_order(world):
    raw = orjson.dumps(
        {"redeem_code": world.code, "sequence": 1, "redirect_uri": BACK, "email": "ani@example.id"}
    )
    assert world.lp.send(API + URL, raw).status == 200
    assert ask(world).status == 200


@pytest.mark.parametrize(
    ("host", "prefix", "expected"),
    [
        ("localhost", "", "http://localhost/prakerja"),
        ("localhost", "/s/default", "http://localhost/s/default/prakerja"),
        ("127.0.0.1:8420", "/prakerja", "http://127.0.0.1:8420/prakerja"),
        ("api.prakerja.go.id", "", "http://127.0.0.1:8420/prakerja"),
        ("api-ssn.prakerja.go.id:8420", "/s/default", "http://127.0.0.1:8420/s/default/prakerja"),
    ],
)
def test_the_address_leads_to_the_simulator_as_the_caller_found_it(world, host, prefix, expected):
    path = API + URL
    raw = orjson.dumps({"redeem_code": world.code, "redirect_uri": BACK, "email": "ani@example.id"})
    answer = world.send("POST", prefix + path, raw, host, **world.lp.headers(path, raw))
    url = answer.json()["data"]["url"]
    assert url.partition("/verification?state=")[0] == expected
    assert "login" in Browser(world, urlsplit(url).netloc).open(url).page.choices


class ThroughTls(InProcess):
    """As the TLS port hands requests over."""

    def _environ(self, *request):
        return super()._environ(*request) | {"REMOTE_ADDR": TLS_ADDRESS}


OURS = "http://127.0.0.1:8420/prakerja"


@pytest.mark.parametrize(
    ("tls_port", "wire", "host", "expected"),
    [
        (8443, ThroughTls, "api.prakerja.go.id", "https://oauth.prakerja.go.id/prakerja"),
        (8443, ThroughTls, "api-ssn.prakerja.go.id:8443", "https://oauth.prakerja.go.id:8443/prakerja"),
        (8443, ThroughTls, "localhost:8443", "https://localhost:8443/prakerja"),
        (8443, InProcess, "127.0.0.1:8443", "https://127.0.0.1:8443/prakerja"),
        (8443, InProcess, "127.0.0.1:8420", OURS),
        (8443, InProcess, "api.prakerja.go.id", OURS),
        (None, InProcess, "api.prakerja.go.id:8443", OURS),
        (None, ThroughTls, "api.prakerja.go.id", OURS),
    ],
)
def test_the_documented_host_is_told_only_to_who_came_to_one_by_tls(tls_port, wire, host, expected):
    world = World(about={"tls_port": tls_port})
    path, asked = API + URL, {"redirect_uri": BACK, "email": "ani@example.id"}
    raw = orjson.dumps({"redeem_code": world.test_code(), **asked})
    answer = wire(world.parties.application, host=host).send("POST", path, world.lp.headers(path, raw), raw)
    url = answer.json()["data"]["url"]
    assert url.partition("/verification?state=")[0] == expected
    where = urlsplit(url)
    page = wire(world.parties.application, host=where.netloc).send("GET", f"{where.path}?{where.query}")
    assert page.status == 200


def test_a_credential_of_another_sandbox_gets_an_address_in_that_one(world):
    world.sandboxes.lease("run-17", 7, world.sandbox.now())
    elsewhere = world.beside("run-17")
    elsewhere.list_course(BARISTA)
    answer = ask(world, elsewhere.lp, redeem_code=elsewhere.test_code())
    assert answer.json()["data"]["url"].startswith("http://localhost/s/run-17/prakerja/verification?")
    browser = Browser(world).open(answer.json()["data"]["url"])
    browser.press("dummy").press("consent").press("scan", outcome="success")
    assert browser.left_for.startswith(BACK)


@pytest.mark.parametrize("sequence", [*range(1, 11), 999])
def test_the_sequences_are_1_to_10_and_999(world, sequence):
    answer = ask(world, sequence=sequence)
    assert answer.status == 200 if sequence == 1 else told(answer)[1] == "ERRTRX40027"


WRONG = [
    *[{"sequence": wrong} for wrong in (0, -1, 11, 500, 998, 1000, 2**53, True, False, 1.5, "1", None, [1])],
    *[{"redirect_uri": wrong} for wrong in (
        "", " ", None, 1, "lp.example/x", "//lp.example", "javascript:alert(1)", "data:text/html,x", "file:///x",
        "ftp://lp.example", "https://lp.example/\r\nSet-Cookie: a=b", "https://lp.example/ x", "https://",
        "https://lp.example/" + "x" * 2048, "https://lp.example/\u00e9", BACK + "\n",
    )],
    *[{"email": wrong} for wrong in (
        "", "ani", "@", "ani@", "@x.id", "a b@x.id", "a@b@x.id", None, 7, "x" * 255 + "@x.id",
    )],
    *[{"redeem_code": wrong} for wrong in (None, 1, [], {}, "X" * 65)],
]  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong)[:40])
def test_a_wrong_parameter_is_refused_and_changes_nothing(world, wrong):
    before = world.digest()
    assert told(ask(world, **wrong)) == PARAMETER
    assert world.digest() == before


@pytest.mark.parametrize("missing", ["redeem_code", "redirect_uri", "email"])
def test_a_missing_parameter_is_refused(world, missing):
    body = {"redeem_code": world.code, "redirect_uri": BACK, "email": "ani@example.id"}
    del body[missing]
    assert told(world.lp.post(URL, **body)) == PARAMETER


def test_what_is_refused_comes_with_its_code(world):
    message = "Gagal verifikasi, kode redeem bukan milik lembaga pelatihan."
    assert told(ask(world, redeem_code="GHOPNYXUVMT0")) == (400, "ERRTRX40020", "Transaksi tidak ditemukan")
    assert told(ask(world, world.lp2)) == (400, "ERRTRX40028", message)
    ask(world, email="ani@example.id", redeem_code=world.test_code())
    assert told(ask(world)) == (400, "ERRTRX40080", "Email sudah digunakan untuk pelatihan ini.")


@pytest.mark.parametrize(
    ("code", "status"), [(c, 401 if c == "ERRTRX40101" else 400) for c in (
        "ERRTRX40001", "ERRTRX40020", "ERRTRX40021", "ERRTRX40022", "ERRTRX40027", "ERRTRX40028",
        "ERRTRX40101",
    )]
)  # fmt: skip
def test_a_published_code_typed_as_the_redeem_code_is_answered_with_itself(world, code, status):
    assert told(ask(world, redeem_code=code))[:2] == (status, code)


def test_an_offline_course_and_a_webinar_out_of_hours_are_refused(world):
    lp = Partner(world, "lp-kantor")
    assert told(ask(world, lp, redeem_code=world.test_code(OFFLINE)))[1] == "ERRTRX40001"
    webinar = world.test_code(WEBINAR)
    assert told(ask(world, lp, redeem_code=webinar))[1] == "ERRTRX40027"
    world.until(WEBINAR_STARTS - 3600 * SECOND)
    data = ask(world, lp, redeem_code=webinar).json()["data"]
    assert data["course"] == {"type": 2, "learning_method": "online"}


def test_a_registered_redirect_address_is_the_only_one(world):
    body = {"client_code": "lp-kopi-saya", "sign_key": "k" * 32, "party": "lp-kopi"}
    body["redirect_uris"] = f"{BACK}, https://lp.example/lain"
    assert world.send("POST", "/__admin/clients", orjson.dumps(body)).status == 201
    mine = Partner(world, "lp-kopi")
    mine.code, mine.key = "lp-kopi-saya", "k" * 32
    assert told(ask(world, mine, redirect_uri=BACK + "/x")) == (
        400, "ERRTRX40081", "Redirect URI tidak terdaftar.",
    )  # fmt: skip
    for uri in (BACK, "https://lp.example/lain"):
        assert ask(world, mine, redirect_uri=uri).status == 200
    clients = world.send("GET", "/__admin/clients").json()["clients"]
    told_ = {c["client_code"]: c["redirect_uris"] for c in clients}
    assert told_["lp-kopi-saya"] == f"{BACK},https://lp.example/lain"
    assert told_[world.lp.code] == ""
    world.send("POST", "/__admin/reset")
    again = world.send("GET", "/__admin/clients").json()["clients"]
    assert {c["client_code"]: c["redirect_uris"] for c in again} == told_


# The pages


def test_a_participant_logs_in_agrees_and_is_seen(world):
    data = opened(world)
    browser = Browser(world).open(data["url"])
    assert (browser.page.status, browser.page.choices) == (200, ["login"])
    assert "Kelas barista" in browser.page.text
    browser.log_in(world.ani)
    assert browser.page.choices == ["consent", "refuse"]
    browser.press("consent")
    assert (browser.page.choices, presence(world)) == (["scan"], (0, 0))
    browser.press("scan", outcome="success")

    assert browser.left_for == f"{BACK}?state={data['state']}"
    found = state(world)
    assert (found["status"], found["attendance_status"], found["sequence"]) == (1, 1, 1)
    assert found["redeem_at"] == "2021-11-03T02:00:00Z"


@pytest.mark.parametrize(
    ("outcome", "attended"), [("no_match", 2), ("camera_refused", 2), ("abandoned", 0), ("success", 1)]
)
def test_the_browser_comes_back_whatever_happened_and_only_the_status_tells(world, outcome, attended):
    data = opened(world)
    assert Browser(world).open(data["url"]).verify(world.ani, outcome) == f"{BACK}?state={data['state']}"
    assert presence(world) == (int(outcome == "success"), attended)


def test_who_does_not_let_the_camera_look_has_failed(world):
    browser = browse(world)
    browser.log_in(world.ani).press("refuse")
    assert browser.left_for.startswith(BACK)
    assert presence(world) == (0, 2)


def test_who_walks_away_may_come_back_while_the_address_lives(world):
    data = opened(world)
    browser = Browser(world).open(data["url"])
    browser.verify(world.ani, "abandoned")
    browser.open(data["url"]).press("scan", outcome="success")
    assert presence(world) == (1, 1)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://lp.example", "https://lp.example?state="),
        ("https://lp.example/?a=1&b=%20", "https://lp.example/?a=1&b=%20&state="),
        ("https://lp.example/x?state=mine", "https://lp.example/x?state=mine&state="),
        ("http://lp.example:81/x#top", "http://lp.example:81/x?state="),
    ],
)
def test_the_query_of_the_redirect_address_stays(world, uri, expected):
    browser = browse(world, redirect_uri=uri)
    assert browser.verify(world.ani).startswith(expected)


def test_a_wrong_password_is_told_and_nobody_is_logged_in(world):
    before = world.digest()
    browser = browse(world)
    before = world.digest()
    for email, password in [(world.ani.email, "salah"), ("x@x.id", "salah"), ("", "")]:
        browser.press("login", email=email, password=password)
        assert browser.page.status == 400
        assert "Email atau kata sandi salah." in browser.page.text
        assert not browser.cookie
    assert world.digest() == before


def test_another_participant_is_asked_to_log_in_as_the_right_one(world):
    budi = world.enrol()
    browser = browse(world)
    browser.log_in(budi)
    assert (browser.page.status, browser.page.code) == (403, "PAGE_ACCOUNT_DIFFERS")
    assert browser.post(do="scan", state=browser.page.hidden["state"]).page.status == 403
    browser.press("logout")
    assert browser.page.choices == ["login"]
    browser.verify(world.ani)
    assert presence(world) == (1, 1)


def test_nobody_in_particular_may_be_logged_in_only_for_a_test_code(world):
    url = browse(world)
    assert "dummy" not in url.page.choices
    url.post(do="dummy", state=url.page.hidden["state"])
    assert (url.cookie, url.page.choices) == ("", ["login"])

    world.code = world.test_code()
    tester = browse(world, email="uji@example.id").press("dummy")
    assert tester.page.choices == ["consent", "refuse"]
    tester.press("consent").press("scan", outcome="success")
    assert presence(world) == (1, 1)
    world.code, other = world.redeem_code(world.ani), tester.cookie
    page = Browser(world)
    page.cookie = other
    assert page.open(opened(world)["url"]).page.code == "PAGE_ACCOUNT_DIFFERS"


def test_a_test_codes_attendance_is_reset_and_the_answer_is_what_was_before(world):
    world.code = world.test_code()
    for sequence in (1, 999):
        browser = browse(world, email="uji@example.id", sequence=sequence).press("dummy").press("consent")
        browser.press("scan", outcome="success")
    before = world.lp.post("/payment/redeem-code/reset", redeem_code=world.code).json()["data"]
    assert (before["status"], before["attendance_status"]) == (1, 1)
    assert presence(world) == presence(world, 999) == (0, 0)


@pytest.mark.parametrize(
    "cookie",
    ["", *(f"prakerja_session={forged}" for forged in ("x", ".", "uji.", "9900.0", "uji.0")), '=;,"'],
)
def test_a_forged_cookie_is_nobody(world, cookie):
    browser = Browser(world)
    browser.cookie = cookie
    browser.open(opened(world)["url"])
    assert browser.page.choices == ["login"]


def test_an_address_is_used_once_and_ends(world):
    data = opened(world)
    browser = Browser(world).open(data["url"])
    browser.verify(world.ani)
    browser.open(data["url"])
    assert (browser.page.status, browser.page.code) == (410, "PAGE_VERIFICATION_OVER")
    late = browse(world, sequence=2)
    world.after(901 * SECOND)
    late.post(do="login", state=late.page.hidden["state"])
    assert (late.page.status, late.page.code) == (410, "PAGE_VERIFICATION_OVER")
    assert f"{BACK}?state=" in world.send("GET", late.at + f"?state={data['state']}").body.decode()


def test_a_webinar_that_is_over_is_told_on_the_page(world):
    world.after(10 * DAY)
    budi = world.enrol()
    world.bought(budi, WEBINAR, "INV-2")
    world.code, world.lp = world.redeem_code(budi), Partner(world, "lp-kantor")
    world.until(WEBINAR_STARTS + 3600 * SECOND)
    browser = browse(world)
    world.after(SECOND)
    browser.verify(budi)
    assert (browser.page.status, browser.page.code) == (400, "ERRTRX40027")
    assert "Jadwal pelatihan belum dimulai" in browser.page.text
    assert presence(world) == (0, 0)


def test_a_purchase_taken_back_meanwhile_is_told_on_the_page(world):
    browser = browse(world)
    browser.log_in(world.ani).press("consent")
    paid = world.dp.post("/payment/status", invoice_code="INV-1").json()["data"]
    world.dp.post("/payment/void", invoice_code="INV-1", transaction_code=paid["transaction_code"])
    browser.press("scan", outcome="success")
    assert (browser.page.status, browser.page.code) == (401, "ERRTRX40101")


@pytest.mark.parametrize("query", ["", "?state=", "?state=x", "?state=%00", "?x=%ff", "?state=" + "x" * 3000])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unknown_state_is_a_page_too(world, method, query):
    before = world.digest()
    answer = world.send(method, f"/prakerja/verification{query}")
    assert answer.status == 404
    assert b"PAGE_VERIFICATION_UNKNOWN" in answer.body
    assert world.digest() == before


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"&&&", b"do=scan", b"a=1&" * 100, b"{}", b"state=x&do=scan&outcome=?"]
)
def test_a_garbled_form_changes_nothing(world, raw):
    before = world.digest()
    answer = world.send("POST", "/prakerja/verification", raw)
    assert answer.status in (400, 404)
    assert b"<html" in answer.body
    assert world.digest() == before


def test_an_unknown_outcome_or_step_leads_back_to_the_page(world):
    browser = browse(world).log_in(world.ani).press("consent")
    before = world.digest()
    for fields in ({"do": "scan", "outcome": "maybe"}, {"do": "fly"}, {}):
        browser.post(state=browser.page.hidden["state"], **fields)
        assert browser.page.choices == ["scan"]
    assert world.digest() == before


def test_without_a_login_no_step_is_taken(world):
    browser = browse(world)
    before = world.digest()
    for step in ("consent", "refuse", "scan"):
        browser.post(do=step, state=browser.page.hidden["state"])
        assert browser.page.choices == ["login"]
    assert world.digest() == before


def test_the_pages_load_nothing_run_nothing_and_escape_what_they_show(world):
    world.list_course("aneh", title="<script>alert(1)</script>")
    world.code = world.test_code("aneh")
    browser = browse(world)
    headers = browser.page.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    body = world.send("GET", browser.at + f"?state={browser.page.hidden['state']}").body.decode()
    assert "<script" not in body
    assert "&lt;script&gt;" in body
    assert not re.search(r"""(src|href)=["']?(?!#)""", body)
    cookie = world.send("POST", browser.at, f"do=dummy&state={browser.page.hidden['state']}".encode()).headers
    assert "HttpOnly; SameSite=Lax" in cookie["Set-Cookie"]


def test_a_day_of_a_self_paced_course_is_over_at_midnight(world):
    browse(world).verify(world.ani)
    browse(world, sequence=2).verify(world.ani)
    assert presence(world, 2) == (1, 1)
    world.until(wib(2021, 11, 4))
    assert (presence(world, 2), presence(world, 1)) == ((1, 0), (1, 1))


def test_the_lifetime_of_an_address_is_a_setting():
    world = World(Settings(verification_lifetime=5))
    world.code = world.test_code()
    url = opened(world)["url"]
    world.after(6 * SECOND)
    assert Browser(world).open(url).page.status == 410


@pytest.mark.parametrize("sequence", [11, 998, 1000])
@pytest.mark.parametrize("what", ["status", "commit", "reset"])
def test_the_redeem_codes_endpoints_take_the_same_sequences(world, what, sequence):
    answer = world.lp.post(f"/payment/redeem-code/{what}", redeem_code=world.code, sequence=sequence)
    assert told(answer) == PARAMETER


def test_the_hosts_of_the_pages_are_prakerjas():
    assert {HOSTS[host] for host in HOSTS if host.endswith("prakerja.go.id")} == {"prakerja"}
    assert {"api-proxy.prakerja.go.id", "oauth.prakerja.go.id"} <= set(HOSTS)
    assert Reason.EMAIL_TAKEN.value == "email_taken"
