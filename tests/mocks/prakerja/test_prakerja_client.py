"""What our own marketplaces send to a real Prakerja, byte for byte, and how they take its answers."""

import hashlib
import hmac

import orjson
import pytest
import requests
import responses

from prakerja_sim.mocks.http.transport import Http, NoReply
from prakerja_sim.mocks.shop.buyer import Refused as SiteRefused
from prakerja_sim.mocks.shop.prakerja_client import PrakerjaClient, Refused
from prakerja_sim.mocks.tokopedia.shopper import Shopper
from prakerja_sim.simulator.values.clock import unix_seconds
from tests.mocks.worlds import API, BARISTA, START, WALL, World

URL = "https://api.prakerja.go.id"
CODE, KEY, NOW = "myclient_code", "my_sign_key", 1698289216


@pytest.fixture
def real():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as server:
        yield server


@pytest.fixture
def client():
    return PrakerjaClient(Http(URL + "/"), CODE, KEY, lambda: NOW)


def ok(data=None):
    return {"success": True, "message": "OK", **({"data": data} if data is not None else {})}


PAID = {"transaction_code": "QHBST9GB5OSS888I", "status": "SUCCESS", "amount": 20000}
STATE = {"redeem_code": "GHOPNYXUVMT0", "status": 1}
CALLS = [
    (
        lambda c: c.send_otp(card="9900", user="u", course="c", schedule="s", amount=20000),
        f"{API}/payment/send-otp",
        b'{"prakerja_id":"9900","user_platform_id":"u","course_code":"c","schedule_code":"s","amount":20000}',
        {"payment_token": "TOKEN"},
        "TOKEN",
    ),
    (
        lambda c: c.authorize(token="TOKEN", otp="123456", invoice_code="INV-1", invoice_url="https://dp/1"),
        f"{API}/payment/authorize",
        b'{"otp":"123456","invoice_url":"https://dp/1","invoice_code":"INV-1"}',
        PAID,
        "QHBST9GB5OSS888I",
    ),
    (
        lambda c: c.status(invoice_code="INV-1"),
        f"{API}/payment/status",
        b'{"invoice_code":"INV-1"}',
        PAID,
        PAID,
    ),
    (
        lambda c: c.void(invoice_code="INV-1", transaction_code="T"),
        f"{API}/payment/void",
        b'{"invoice_code":"INV-1","transaction_code":"T"}',
        None,
        None,
    ),
    (
        lambda c: c.redeem_status(redeem_code="GHOPNYXUVMT0", sequence=2),
        f"{API}/payment/redeem-code/status",
        b'{"redeem_code":"GHOPNYXUVMT0","sequence":2}',
        STATE,
        STATE,
    ),
    (
        lambda c: c.redeem_commit(redeem_code="GHOPNYXUVMT0"),
        f"{API}/payment/redeem-code/commit",
        b'{"redeem_code":"GHOPNYXUVMT0"}',
        STATE,
        STATE,
    ),
    (
        lambda c: c.report_completion(invoice_code="INV-1", name="Ani", score=90),
        "/simulated/completions",
        b'{"invoice_code":"INV-1","name":"Ani","score":90}',
        None,
        None,
    ),
]


@pytest.mark.parametrize(("act", "path", "body", "data", "result"), CALLS, ids=[c[1] for c in CALLS])
def test_each_call_is_sent_signed_as_documented(real, client, act, path, body, data, result):
    real.post(URL + path, json=ok(data))
    assert act(client) == result
    [sent] = [call.request for call in real.calls]
    token = "Payment TOKEN" if path.endswith("authorize") else ""
    message = f"{CODE}{NOW}POST{path}{token}".encode() + body
    assert (sent.method, sent.url, sent.body) == ("POST", URL + path, body)
    assert sent.headers["client_code"] == CODE
    assert sent.headers["timestamp"] == str(NOW)
    assert sent.headers["signature"] == hmac.new(KEY.encode(), message, hashlib.sha1).hexdigest()
    assert sent.headers["Content-Type"] == "application/json"
    assert sent.headers.get("Authorization", "") == token


def test_the_published_vector_is_what_the_client_signs(real, client):
    real.post(f"{URL}{API}/payment/redeem-code/commit", json=ok(STATE))
    client.redeem_commit(redeem_code="GHOPNYXUVMT0")
    assert real.calls[0].request.headers["signature"] == "03cc285c9286c8e4445649a495f32550bfc6273f"


STATUS_URL = f"{URL}{API}/payment/status"
NO = {"code": "ERRPLT40099", "message": "Transaksi tidak ditemukan.", "success": False}
REFUSALS = [
    ({"status": 400, "json": NO}, (400, "ERRPLT40099", "Transaksi tidak ditemukan.")),
    ({"status": 200, "json": NO}, (200, "ERRPLT40099", "Transaksi tidak ditemukan.")),
    ({"status": 201, "json": ok(PAID)}, (201, "", "OK")),
    ({"status": 401, "json": {**NO, "code": "ERRTRX40101"}}, (401, "ERRTRX40101", NO["message"])),
    ({"status": 400, "json": {}}, (400, "", "")),
    ({"status": 200, "json": {"success": "true", "data": PAID}}, (200, "", "")),
    ({"status": 200, "body": b"<html>ok</html>"}, (200, "", "answer is not JSON")),
    ({"status": 200, "body": b""}, (200, "", "answer is not JSON")),
    ({"status": 502, "body": b"<html>Bad Gateway</html>"}, (502, "", "answer is not JSON")),
    ({"status": 504, "body": b""}, (504, "", "answer is not JSON")),
    ({"status": 302, "headers": {"Location": "https://elsewhere"}}, (302, "", "answer is not JSON")),
    ({"status": 200, "json": []}, (200, "", "answer is not a JSON object")),
    ({"status": 500, "body": b"null"}, (500, "", "answer is not a JSON object")),
    ({"status": 200, "json": "OK"}, (200, "", "answer is not a JSON object")),
    ({"status": 200, "json": ok()}, (200, "", "answer has no transaction_code")),
    ({"status": 200, "json": ok([])}, (200, "", "answer has no transaction_code")),
    ({"status": 200, "json": ok([PAID])}, (200, "", "answer has no transaction_code")),
    ({"status": 200, "json": ok({"transaction_code": None})}, (200, "", "answer has no transaction_code")),
]


@pytest.mark.parametrize(("answer", "told"), REFUSALS)
def test_what_is_no_success_is_refused_with_what_was_told(real, client, answer, told):
    real.post(STATUS_URL, **answer)
    with pytest.raises(Refused) as refused:
        client.status(invoice_code="INV-1")
    assert (refused.value.status, refused.value.code, refused.value.message) == told
    assert len(real.calls) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        requests.ConnectionError("reset"),
        requests.ConnectTimeout("slow"),
        requests.ReadTimeout("slower"),
        requests.exceptions.ChunkedEncodingError("cut"),
        requests.exceptions.SSLError("expired"),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
def test_trouble_on_the_way_is_no_reply_and_tells_no_secret(real, client, trouble):
    real.post(STATUS_URL, body=trouble)
    with pytest.raises(NoReply) as silence:
        client.status(invoice_code="INV-1")
    assert KEY not in str(silence.value)


def test_a_success_without_the_token_is_refused(real, client):
    real.post(f"{URL}{API}/payment/send-otp", json=ok({}))
    with pytest.raises(Refused, match="answer has no payment_token"):
        client.send_otp(card="9900", user="u", course="c", schedule="s", amount=1)


# A purchase at Tokopedia with the real Prakerja behind it


@pytest.fixture
def market(real):
    return World(real={"prakerja": URL})


def carded(market, real, ani):
    real.post(f"{URL}{API}/payment/send-otp", json=ok({"payment_token": "REALTOKEN"}))
    shopper = Shopper(market.parties.transport("tokopedia", market.sandbox))
    shopper.sign_up(ani.name, ani.phone, ani.email)
    shopper.enter_phone_code(market.otp(ani))
    shopper.add_to_cart(BARISTA)
    order = shopper.check_out()
    shopper.enter_card(order, ani.card)
    return shopper, order


def test_a_purchase_step_calls_the_real_prakerja_with_the_walls_time(market, real):
    ani = market.enrol()
    assert market.sandbox.now() == START
    carded(market, real, ani)
    [sent] = [call.request for call in real.calls]
    assert sent.url == f"{URL}{API}/payment/send-otp"
    stamp = str(unix_seconds(WALL))
    assert sent.headers["timestamp"] == stamp
    message = f"{market.dp.code}{stamp}POST{API}/payment/send-otp".encode() + sent.body
    assert sent.headers["signature"] == hmac.new(market.dp.key.encode(), message, hashlib.sha1).hexdigest()
    assert orjson.loads(sent.body)["prakerja_id"] == ani.card
    assert market.is_sound()


def test_a_party_in_this_process_is_asked_with_the_sandboxs_time(world):
    assert world.parties.stamp("prakerja", world.sandbox) == unix_seconds(START)


def test_the_whole_purchase_at_the_real_prakerja_gives_a_voucher(market, real):
    ani = market.enrol()
    shopper, order = carded(market, real, ani)
    real.post(f"{URL}{API}/payment/authorize", json=ok(PAID))
    assert shopper.enter_otp(order, "123456") == "paid"
    assert real.calls[-1].request.headers["Authorization"] == "Payment REALTOKEN"
    assert shopper.order(order).voucher


UNREADABLE = [
    {"body": requests.ConnectionError("reset")},
    {"status": 502, "body": b"<html>Bad Gateway</html>"},
    {"status": 500, "json": {"code": "ERR50080", "message": "x", "success": False}},
    {"status": 200, "body": b"<html>hello</html>"},
    {"status": 200, "json": []},
    {"status": 200, "json": ok({})},
    {"status": 403, "body": b"blocked"},
]


@pytest.mark.parametrize("answer", UNREADABLE)
def test_an_answer_that_tells_nothing_leaves_the_payment_pending(market, real, answer):
    ani = market.enrol()
    shopper, order = carded(market, real, ani)
    real.post(f"{URL}{API}/payment/authorize", **answer)
    assert shopper.enter_otp(order, "123456") == "pending"
    real.post(STATUS_URL, **answer)
    assert shopper.order(order).status == "pending"
    real.replace(responses.POST, STATUS_URL, json=ok(PAID))
    assert shopper.order(order).status == "issued"
    assert market.parties.bugs == []


def test_a_payment_that_the_real_prakerja_never_saw_may_be_tried_again(market, real):
    ani = market.enrol()
    shopper, order = carded(market, real, ani)
    real.post(f"{URL}{API}/payment/authorize", body=requests.ConnectionError("reset"))
    assert shopper.enter_otp(order, "123456") == "pending"
    real.post(STATUS_URL, status=400, json=NO)
    assert shopper.order(order).status == "waiting_otp"
    real.replace(responses.POST, f"{URL}{API}/payment/authorize", json=ok(PAID))
    assert shopper.enter_otp(order, "123456") == "paid"


def test_a_refusal_of_the_real_prakerja_is_told_in_the_sites_words(market, real):
    ani = market.enrol()
    shopper, order = carded(market, real, ani)
    wrong = {"code": "ERRPLT40094", "message": "Kode OTP salah.", "success": False}
    real.post(f"{URL}{API}/payment/authorize", status=400, json=wrong)
    with pytest.raises(SiteRefused, match="PAY_USC_030"):
        shopper.enter_otp(order, "000000")
    assert shopper.order(order).status == "waiting_otp"
