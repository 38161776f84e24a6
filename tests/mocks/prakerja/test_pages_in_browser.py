"""The pages in a real browser the size of a phone; pictures of each are kept in reports/pages."""

import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from prakerja_sim.simulator.values.clock import parse_instant, unix_seconds
from tests.live import REPOSITORY
from tests.mocks.prakerja import chromium

pytestmark = [
    pytest.mark.skipif(
        chromium.PROGRAM is None,
        reason="NO BROWSER: the pages were not looked at; install chromium to run this",
    ),
    pytest.mark.timeout(240),
]
PICTURES = REPOSITORY / "reports" / "pages"
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
SMALLEST = "Math.min(...[...document.querySelectorAll('button')].map(b => b.getBoundingClientRect().height))"


@pytest.fixture(scope="module")
def phone():
    with chromium.window(PICTURES) as window:
        yield window


@pytest.fixture
def lp(live):
    return next(c for c in live.send("GET", "/__admin/clients")[1]["clients"] if c["party"] == "lp-kopi")


@pytest.fixture
def someone(live):
    return live.send("GET", "/__admin/people")[1]["people"][0]


def call(live, lp, endpoint, **body):
    path = f"/api/v1/integration{endpoint}"
    now = live.send("GET", "/__admin/clock")[1]["now"]
    stamp, raw = str(unix_seconds(parse_instant(now))), json.dumps(body).encode()
    signed = f"{lp['client_code']}{stamp}POST{path}".encode() + raw
    signature = hmac.new(lp["sign_key"].encode(), signed, hashlib.sha1).hexdigest()
    headers = {"client_code": lp["client_code"], "timestamp": stamp, "signature": signature}
    status, told, _ = live.send("POST", path, raw, headers)
    assert status == 200, told
    return told["data"]


def test_code(live):
    codes = live.send("GET", "/__admin/test-codes")[1]["test_codes"]
    return next(c["redeem_code"] for c in codes if c["institution"] == "lp-kopi")


test_code.__test__ = False


def seen(phone, name):
    """A page as it must be on a phone: as wide as the screen, with buttons for a thumb."""
    phone.picture(name)
    assert not phone.run(TOO_WIDE), f"{name} is wider than the screen"
    assert phone.run(SMALLEST) >= 44, f"{name} has a button too small for a thumb"


def test_from_the_login_to_the_institution(live, lp, someone, phone):
    code = test_code(live)
    told = {"redeem_code": code, "redirect_uri": f"{live.url}/healthz?from=lp", "email": someone["email"]}
    opened = call(live, lp, "/oauth/url-generate", **told)

    phone.open(opened["url"])
    seen(phone, "1-login")
    phone.fill("email", someone["email"])
    phone.fill("password", "salah")
    phone.press("login")
    assert "Email atau kata sandi salah" in phone.run("document.body.innerText")
    seen(phone, "2-wrong-password")
    phone.fill("email", someone["email"])
    phone.fill("password", someone["password"])
    phone.press("login")
    seen(phone, "3-consent")
    phone.press("consent")
    seen(phone, "4-scan")
    address = phone.press("scan")

    assert address == f"{live.url}/healthz?from=lp&state={opened['state']}"
    state = call(live, lp, "/payment/redeem-code/status", redeem_code=code, sequence=1)
    assert (state["status"], state["attendance_status"]) == (1, 1)
    phone.open(opened["url"])
    phone.picture("5-over")
    assert "kedaluwarsa" in phone.run("document.body.innerText")
    call(live, lp, "/payment/redeem-code/reset", redeem_code=code)


def test_the_consent_of_a_login_at_an_institution(live, lp, someone, phone):
    asked = {
        "client_id": lp["client_code"],
        "client_name": "Kelas Kopi Nusantara",
        "login_uri": f"{live.url}/healthz?failed=1",
        "redirect_uri": f"{live.url}/healthz?done=1",
        "scope": "name email prakerjaid notelp",
        "state": "STATE-123456",
    }
    phone.open(f"{live.url}/consent-sso?{urlencode(asked)}")
    if "Kata sandi" in phone.run("document.body.innerText"):
        seen(phone, "6-sso-login")
        phone.fill("email", someone["email"])
        phone.fill("password", someone["password"])
        phone.press("login")
    seen(phone, "7-sso-consent")
    assert someone["name"] in phone.run("document.body.innerText")
    query = parse_qs(urlsplit(phone.press("allow")).query)
    assert (query["done"], query["state"]) == (["1"], ["STATE-123456"])
    raw = json.dumps({"code": query["code"][0]}).encode()
    status, told, _ = live.send("POST", "/api/v1/oauth/token", raw, {"X-Client-Id": lp["client_code"]})
    assert (status, told["data"]["token_type"]) == (200, "Bearer")


def test_the_dashboard_on_a_phone(live, someone, phone):
    phone.call("Network.clearBrowserCookies")
    phone.open(f"{live.url}/prakerja/dasbor")
    seen(phone, "8-dashboard-login")
    phone.fill("email", someone["email"])
    phone.fill("password", someone["password"])
    phone.press("login")
    seen(phone, "9-dashboard")
    assert someone["prakerja_id"] in phone.run("document.body.innerText")
    shown = {"insentif": "Belum ada jadwal insentif", "rekening": "Nomor HP", "survei": "Survei evaluasi"}
    for number, (path, words) in enumerate(shown.items(), 10):
        phone.open(f"{live.url}/prakerja/dasbor/{path}")
        seen(phone, f"{number}-dashboard-{path}")
        assert words in phone.run("document.body.innerText")
    phone.open(f"{live.url}/prakerja/dasbor/rekening")
    phone.fill("number", "000000")
    phone.press("link")
    assert "Rekening atau e-wallet tidak ditemukan." in phone.run("document.body.innerText")
    seen(phone, "13-dashboard-refused")
