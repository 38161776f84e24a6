"""The institution's wire, byte for byte: one request and its answer for each endpoint and page.

What the supplier interface encrypts is kept as it reads before, a page as its HTML.  If a difference was
meant, record anew:

    UPDATE_GOLDEN=1 pytest tests/mocks/institution/test_institution_golden.py
"""

import os
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson
import pytest

from prakerja_sim.mocks import institution
from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.tokopedia_b2b import pis
from tests.mocks.institution.test_institution import EMAIL, Learner
from tests.mocks.prakerja.browser import Browser
from tests.mocks.worlds import BARISTA, World

GOLDEN = Path(institution.__file__).parent / "golden"
PASSWORD = "kopi-susu-gula"


class Recorder:
    """Asks, and keeps the first exchange of each kind."""

    def __init__(self, world):
        self.world, self.kept, self.cookie = world, {}, ""

    def send(self, method, what, body=None, **headers):
        raw = orjson.dumps(body) if body is not None else b""
        answer = self.world.send(method, f"/institution/lp-kopi{what}", raw, **headers)
        self.keep(method, what, body, answer.status, answer.json())
        return answer.json()

    def browse(self, method, page, **fields):
        """What a browser sends, and the page or the way that it is shown."""
        body = urlencode(fields)
        what = f"/situs{page}"
        answer = self.world.send(method, f"/institution/lp-kopi{what}", body.encode(), Cookie=self.cookie)
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        location = answer.headers.get("Location")
        told = {"html": answer.body.decode()} if location is None else {"location": location}
        self.keep(method, what, body, answer.status, told)

    def keep(self, method, what, body, status, told):
        name = f"{method}{what.partition('?')[0].replace('/', '-')}"
        name = re.sub(r"\b\d{10}\b", "NUMBER", re.sub(r"TKPD\w+", "VOUCHER", name))
        says_no = status >= 400 or told.get("response_code", "00") != "00"
        refused = "_refused" if says_no else ""
        pair = {
            "request": {"method": method, "path": f"/lp-kopi{what}", "body": body},
            "response": {"status": status, "body": told},
        }
        self.kept.setdefault(name + refused, orjson.dumps(pair, option=orjson.OPT_INDENT_2) + b"\n")


def play(world):
    """Use every endpoint and page once, and the ways in which the important ones say no."""
    ani = Learner(world, name="Ani Contoh", email=EMAIL)
    wire = Recorder(world)
    account = {"email": EMAIL, "name": "Ani Contoh", "password": PASSWORD}
    for _ in range(2):
        wire.send("POST", "/accounts", account)
    token = wire.send("POST", "/accounts/login", {"email": EMAIL, "password": account["password"]})["token"]
    wire.send("POST", "/accounts/login", {"email": EMAIL, "password": "salah"})
    wire.send("GET", "/accounts/me", Authorization=f"Bearer {token}")
    wire.send("POST", "/accounts/logout", Authorization=f"Bearer {token}")
    wire.browse("GET", "/kehadiran?state=s1")
    wire.browse("GET", "/selesai?state=s1")
    wire.send("POST", "/accounts/forgotten", {"email": EMAIL})
    code = re.search(r"kode=(\S+)", world.mails(EMAIL)[-1].text)[1]
    for _ in range(2):
        wire.send("POST", "/accounts/password", {"code": code, "password": "teh-manis-hangat"})
    learn(world, wire, ani)
    attend(world, wire, ani)
    log_in_with_prakerja(world, wire, ani)
    browse(world, wire, ani)
    supply(world, wire)
    wire.send("POST", "/webhooks", {"event": "order.paid"})
    wire.send("GET", "/webhooks")
    complain(wire)
    assert world.is_sound()
    return wire.kept


def complain(wire):
    """To the institution's customer service, well and badly."""
    account = {"email": "cici@example.com", "password": PASSWORD}
    wire.send("POST", "/accounts", account | {"name": "Cici"})
    login = f"Bearer {wire.send('POST', '/accounts/login', account)['token']}"
    at, about = "/accounts/complaints", {"topic": "account", "text": "Tidak bisa masuk"}
    number = wire.send("POST", at, about, Authorization=login)["number"]
    wire.send("POST", at, about | {"voucher_code": "TIDAKADA"}, Authorization=login)
    wire.send("GET", at, Authorization=login)
    wire.send("POST", f"{at}/{number}/reopen", {"text": "Masih"}, Authorization=login)
    wire.browse("POST", "/masuk", **account)
    wire.browse("GET", "/bantuan")
    wire.browse("POST", "/bantuan", topic="x", text="y")
    wire.browse("POST", "/bantuan", topic="other", text="Halo")
    wire.world.after(timedelta(days=2))
    wire.send("POST", f"{at}/{number}/reopen", {"text": "Masih"}, Authorization=login)


def learn(world, wire, ani):
    redeem = {"voucher_code": ani.voucher, "marketplace": "tokopedia", "email": EMAIL, "name": "Ani"}
    wire.send("POST", "/vouchers/redeem", redeem | {"voucher_code": "TKPDNOBODY"})
    wire.send("POST", "/vouchers/redeem", redeem)
    at = f"/vouchers/{ani.voucher}"
    wire.send("GET", at)
    wire.send("POST", f"{at}/lessons")
    wire.send("POST", f"{at}/pre-test", {"score": 40})
    for _ in range(4):
        wire.send("POST", f"{at}/lessons")
    wire.send("POST", f"{at}/final-test", {"score": 80})
    wire.send("POST", f"{at}/name", {"name": "Ani Contoh"})
    wire.send("POST", f"{at}/final-test", {"score": 80})
    for _ in range(2):
        wire.send("POST", f"{at}/redeem-code", {"redeem_code": world.redeem_code(ani.me)})


def attend(world, wire, ani):
    """The second meeting, and a practical task: handed in, marked, asked about."""
    at = f"/vouchers/{ani.voucher}"
    meeting = {"redeem_code": world.redeem_code(ani.me), "sequence": 2}
    url = wire.send("POST", f"{at}/attendance", meeting)["url"]
    wire.send("POST", f"{at}/attendance/return", meeting)
    Browser(world).open(url).verify(ani.me)
    wire.send("POST", f"{at}/attendance/return", meeting)
    wire.send("POST", f"{at}/attendance", meeting | {"sequence": 11})
    came = f"{meeting['redeem_code']},3,{world.sandbox.now():%d/%m/%Y %H:%M:%S}"
    file = f"redeem_code,sequence,attended_at\n{came}\nX,1,x"
    wire.send("POST", "/attendance-reports", {"schedule_code": world.schedule(BARISTA), "csv": file})
    task = meeting | {"scope": "tpm"}
    wire.send("POST", f"{at}/feedback", task | {"notes": "Rapi"})
    wire.send("POST", f"{at}/tasks", task | {"scope": "uk", "url_file": "x"})
    wire.send("POST", f"{at}/tasks", task | {"url_file": "https://lp-kopi.example/tugas.pdf"})
    wire.send("POST", f"{at}/feedback", task | {"notes": "Rapi"})


def log_in_with_prakerja(world, wire, ani):
    path = wire.send("POST", "/login", {"scope": "name"})["path"]
    browser = Browser(world).open(path)
    browser.log_in(ani.me).press("allow")
    code = parse_qs(urlsplit(browser.left_for).query)["code"][0]
    for _ in range(2):
        wire.send("POST", "/login/return", {"code": code})


def browse(world, wire, ani):
    """Every page, and every form well filled in and badly."""
    told = {"email": EMAIL, "password": "teh-manis-hangat"}
    for page in ("/masuk", "/daftar", "/lupa-sandi"):
        wire.browse("GET", page)
    wire.browse("POST", "/masuk", **told | {"password": PASSWORD})
    wire.browse("POST", "/daftar", name="Ani Contoh", **told)
    wire.browse("POST", "/daftar", name="Budi Contoh", email="budi@example.com", password=PASSWORD)
    wire.browse("POST", "/lupa-sandi", email=EMAIL)
    code = re.search(r"kode=(\S+)", world.mails(EMAIL)[-1].text)[1]
    wire.browse("GET", f"/sandi-baru?kode={code}")
    for _ in range(2):
        wire.browse("POST", "/sandi-baru", code=code, password=PASSWORD)
    at = f"/kelas/{ani.voucher}"
    wire.browse("GET", at + "/sertifikat")
    wire.browse("GET", at)
    wire.browse("POST", "/masuk", email=EMAIL, password=PASSWORD)
    wire.browse("GET", "/kelas")
    for code in ("TKPDNOBODY", ani.voucher):
        wire.browse("POST", "/kelas", voucher=code, marketplace="tokopedia")
    wire.browse("GET", at)
    wire.browse("POST", at, do="lesson")
    wire.browse("POST", at, do="tidur")
    wire.browse("GET", at + "/sertifikat")
    wire.browse("GET", "/keluar")


def supply(world, wire):
    credential = world.sandboxes.credential_of(world.sandbox, "lp-kopi")
    keys = key_pairs.pair(42, "tokopedia"), key_pairs.pair(42, "lp-kopi").public_key()
    where = world.parties.transport("institution", world.sandbox)
    client = (credential.client_code, credential.sign_key)
    supplier = pis.Supplier(where, "lp-kopi", *client, *keys, world.sandbox.now(), {})

    def ask(what, **fields):
        told = supplier.ask(what, **fields)
        wire.keep("POST", f"/pis/{what}", fields, 200, dict(told.fields))
        return told.fields

    ask("token", client_id=client[0], client_secret=client[1])
    ask("health-check")
    wanted = {"ref_id": "R-1", "category": pis.CATEGORY, "product_code": "barista"}
    inquired = ask("inquiry", **wanted)
    ask("check-status", ref_id="R-1", category=pis.CATEGORY)
    for _ in range(2):
        ask("payment", **wanted, partner_inquiry_id=inquired["partner_inquiry_id"], total_amount=600_000)
    ask("check-status", ref_id="R-1", category=pis.CATEGORY)
    ask("void-refund", ref_id="R-1", category=pis.CATEGORY)
    ask("balance")


@pytest.fixture(scope="module")
def played():
    return play(World())


def test_the_wire_is_as_it_was_recorded(played):
    if os.environ.get("UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(exist_ok=True)
        for old in GOLDEN.glob("*.json"):
            old.unlink()
        for name, told in played.items():
            (GOLDEN / f"{name}.json").write_bytes(told)
    kept = {path.stem: path.read_bytes() for path in GOLDEN.glob("*.json")}
    assert sorted(kept) == sorted(played)
    for name, told in sorted(played.items()):
        assert told.decode() == kept[name].decode(), name
