"""Books, journal and console show cards, OTPs, NIKs and tokens masked, unless the server shows secrets."""

import html
import re

import pytest

from prakerja_sim.mocks.admin.shown import shown as shown_in
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.audit.export import FORMATS
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import journal
from prakerja_sim.simulator.world.records import Entry, Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import BARISTA, World

PAGES = (
    "/__admin/journal",
    "/__admin/ledger",
    "/__admin/reconciliation",
    "/__admin/ledger/statements",
    "/__admin/invariants",
    *(f"/__admin/ledger/export?format={form}" for form in FORMATS),
    "/",
    "/readyz",
)


def played(*, show_secrets):
    """A world in which somebody bought, linked an account, changed the phone and logged in elsewhere."""
    world = World(show_secrets=show_secrets)
    world.ani = world.enrol()
    for code in registry.codes():
        shopper = registry.shopper(code, InProcess(world.parties.application, f"/s/default/{code}"))
        shopper.sign_up(world.ani.name, world.ani.phone, world.ani.email)
        shopper.enter_phone_code(world.otp(world.ani))
        if code == registry.DEFAULT:
            shopper.add_to_cart(shopper.search(f"Kelas {BARISTA}")[0].course)
            order = shopper.check_out()
            shopper.enter_card(order, world.ani.card)
            shopper.enter_otp(order, world.otp(world.ani))
    return world


def secrets_of(world):
    """What nobody may read by the way: whole numbers, codes that came by text message, tokens."""
    entries = world.sandbox.ask(Unit.log, kind=Entry)
    tokens = re.findall(r'"(?:token|password)":"([^"]{32,})"', " ".join(one.arguments for one in entries))
    codes = {sms.otp for sms in world.sandbox.ask(Unit.log, kind=Sms) if sms.otp}
    assert tokens
    assert codes
    return {world.ani.card, world.ani.nik, *tokens, *codes}


def shown(world, page):
    answer = world.send("GET", page)
    assert answer.status == 200
    return html.unescape(answer.body.decode())


@pytest.fixture(scope="module")
def masked_world():
    return played(show_secrets=False)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_secret_is_shown(masked_world, page):
    text = shown(masked_world, page)
    assert [one for one in secrets_of(masked_world) if re.search(rf"(?<![0-9a-f.]){one}", text)] == []


def test_a_server_that_shows_secrets_shows_them_where_they_are():
    world = played(show_secrets=True)
    everything = "".join(shown(world, page) for page in PAGES)
    assert [one for one in secrets_of(world) if one not in everything] == []


def test_masking_changes_no_digest_no_head_and_no_verdict(masked_world):
    open_world = played(show_secrets=True)
    assert masked_world.digest() == open_world.digest()
    kept = [entry.head for entry in masked_world.sandbox.ask(Unit.log, kind=Entry)]
    entries = masked_world.send("GET", "/__admin/journal?limit=1000").json()["entries"]
    assert [entry["head"] for entry in entries] == kept
    assert masked_world.sandbox.ask(journal.broken_links) == []
    assert masked_world.send("GET", "/__admin/invariants").json() == {"ok": True, "violations": []}
    assert masked_world.send("GET", "/__admin/reconciliation").json()["ok"]


def test_one_account_is_asked_for_by_its_whole_name(masked_world):
    card = f"card:{masked_world.ani.card}"
    books = masked_world.send("GET", f"/__admin/ledger?account={card}").json()
    [account] = books["accounts"]
    assert account["account"].startswith(f"card:xxxxxxxxxxxx{card[-4:]}-")
    assert account["balance"] == 400_000
    assert [(t["source"], t["amount"]) for t in books["transfers"] if t["event"] == "purchase"] == [
        (account["account"], 600_000)
    ]
    assert all(account["account"] in (t["source"], t["target"]) for t in books["transfers"])
    nobody = masked_world.send("GET", "/__admin/ledger?account=card:9900000000000000").json()
    assert nobody == {"accounts": [], "transfers": []}


CARD, NIK, TOKEN = "9900123412345678", "3174010101900001", "0123456789abcdef0123456789ABCDEF"
TEXTS = {
    f"card:{CARD} holds 1": "card:************5678 holds 1",
    f"login:prakerja/{CARD}, {NIK}": "login:prakerja/************5678, ************0001",
    f'{{"token":"{TOKEN}","otp":"123456"}}': f'{{"token":"{"*" * 28}CDEF","otp":"******"}}',
    f'{{"code":"123456","amount":1}} {{"code":"{TOKEN}"}}': '{"code":"******","amount":1} '
    f'{{"code":"{"*" * 28}CDEF"}}',
    '{"code":"barista","course":"lkpis_1_9d680615-4048-11e"}': '{"code":"barista",'
    '"course":"lkpis_1_9d680615-4048-11e"}',
    '{"otp": 123456, "code": 40910, "invoice_code": "20211001"}': '{"otp": ******, "code": 40910, '
    '"invoice_code": "20211001"}',
    'name="client_secret"\r\n\r\nrahasia\r\n--x': 'name="client_secret"\r\n\r\n***asia\r\n--x',
    f'<input name="csrf" value="{TOKEN}">': f'<input name="csrf" value="{"*" * 28}CDEF">',
    "lp-kopi9900123412345678": "lp-kopi9900123412345678",  # a client code
    "QHBST9GB5OSS888I 5604328b-54ec-11ed-a0e6-08c0eb6630ae": "QHBST9GB5OSS888I 5604328b-54ec-11ed-a0e6-"
    "08c0eb6630ae",
}  # fmt: skip


def texts_of(*, whole, **settings):
    return World(Settings(**settings)).sandbox.ask(shown_in, whole=whole)


@pytest.mark.parametrize(("text", "masked"), TEXTS.items())
def test_a_text_is_shown_without_cards_niks_codes_and_tokens(text, masked):
    assert texts_of(whole=False).text(text) == masked
    assert texts_of(whole=True).text(text) == text


@pytest.mark.parametrize(
    ("digits", "text", "masked"),
    [
        (6, "Kode OTP Anda 123456. Sampai 31-12-2021", "Kode OTP Anda ******. Sampai 31-12-2021"),
        (8, "Kode 12345678, 123456", "Kode ****5678, ******"),
        (6, "Rp650.000 dan Rp1.000.000", "Rp650.000 dan Rp1.000.000"),
        (6, f"https://x.example/?kode=YW5p.{TOKEN}", f"https://x.example/?kode={'*' * 33}CDEF"),
    ],
)
def test_a_message_is_shown_without_its_code(digits, text, masked):
    assert texts_of(whole=False, otp_digits=digits).message(text) == masked
    assert texts_of(whole=True, otp_digits=digits).message(text) == text


def test_names_that_differ_stay_different_and_the_same_name_the_same():
    texts, one, other = texts_of(whole=False), f"card:{CARD}", "card:9911000000005678"
    assert texts.name(one) == texts.name(one) != texts.name(other)
    assert texts.name(one).startswith("card:xxxxxxxxxxxx5678-")
    assert texts.name("programme:22") == "programme:22"
