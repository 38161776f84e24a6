"""The distributors' surface: whole purchases, its own codes, and what known clients do."""

import json
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.tokopedia.server import FACE
from prakerja_sim.simulator.ledger import ledger
from prakerja_sim.simulator.marketplace.webhook_records import Arrived
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.tokopedia_b2b.distributors import AT, Distributor, refused

CLASS = "prakerja-barista-101"
P02 = (400, "P02", "Transaction is not found")
P03 = (400, "P03", "Duplicate Request ID, please check your system")
P04 = (400, "P04", "Product not found")
U00 = (401, "U00", "Unauthorized")
ORDER_FIELDS = {
    "client_number", "error_code", "error_detail", "fields", "fulfilled_at", "partner_fee", "product_code",
    "sales_price", "serial_number", "status",
}  # fmt: skip
SUCCESS_FIELDS = ORDER_FIELDS | {"admin_fee", "client_name", "fulfillment_result", "voucher_code"}


@pytest.fixture
def toko(market):
    return Distributor(market)


def test_a_class_is_asked_about_ordered_and_opened_at_its_institution(market, toko):
    told = toko.inquire(CLASS).json()["data"]["attributes"]
    assert (told["sales_price"], told["min_payment"], told["max_payment"]) == (650_000,) * 3
    placed = toko.order("R-1", amount=told["sales_price"]).json()["data"]
    assert (placed["id"], set(placed["attributes"])) == ("R-1", ORDER_FIELDS)
    assert (placed["attributes"]["status"], placed["attributes"]["fulfilled_at"]) == ("Pending", None)
    ended = toko.status("R-1")
    assert set(ended) == SUCCESS_FIELDS
    assert (ended["status"], ended["fulfilled_at"]) == ("Success", market.sandbox.now().isoformat())
    assert ended["fulfillment_result"][0] == {"name": "Kode Voucher", "value": ended["voucher_code"]}
    assert toko.saldo() == 5_000_000 - 650_000
    opened = market.learn("redeem", voucher_code=ended["voucher_code"])
    assert opened["course_code"] == "barista-101"
    assert market.partner("voucher/status", voucher_code=ended["voucher_code"])["response_code"] == "13"


def test_who_bought_from_a_distributor_learns_like_anybody_and_prakerja_hears_nothing(market, toko):
    toko.order("R-1")
    voucher = toko.status("R-1")["voucher_code"]
    market.learn("redeem", voucher_code=voucher)
    for _ in range(4):
        market.learn(f"{voucher}/lessons")
    assert market.learn(f"{voucher}/final-test", score=70)["certificate"]
    assert not [e for e in market.sandbox.journal() if e.command.startswith("completion.")]


@pytest.mark.parametrize("salt", [0, 20, 32, 222])
def test_a_signature_may_have_any_salt_and_ours_has_the_longest(toko, salt):
    assert toko.order("R-1", salt=salt).status == 200
    toko.status("R-1")


def test_only_the_signed_bytes_are_an_order(market, toko):
    raw, other = toko.body("R-1", CLASS), toko.body("R-1", CLASS, number="0822")
    before = market.sandbox.digest()
    for bytes_, signature in (
        (raw + b" ", toko.sign(raw)),
        (other, toko.sign(raw)),
        (raw, ""),
        (raw, "not base64!"),
        (raw, toko.sign(raw)[:-4]),
        (raw, toko.sign(raw) + "\u00e9"),
        (raw, key_pairs.sign(key_pairs.pair(7, "somebody"), raw)),
    ):
        assert refused(toko.send("POST", "/v2/order", bytes_, Signature=signature)) == U00
    assert refused(toko.send("POST", "/v2/order", raw)) == U00
    assert market.sandbox.digest() == before


def test_a_request_id_is_used_once_whatever_is_ordered_with_it(market, toko):
    toko.order("R-1")
    before = market.sandbox.digest()
    assert refused(toko.order("R-1")) == P03
    assert refused(toko.order("R-1", "pln-postpaid", "5555")) == P03
    assert (market.sandbox.digest(), toko.saldo()) == (before, 5_000_000 - 650_000)


def test_hands_with_one_request_id_make_one_order(market, toko):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: toko.order("R-1"), range(8)))
    assert sorted(answer.status for answer in answers) == [200] + [400] * 7
    assert {refused(answer) for answer in answers if answer.status == 400} == {P03}
    assert toko.saldo() == 5_000_000 - 650_000


def test_orders_of_others_do_not_exist(market, toko):
    toko.order("R-1")
    mine = key_pairs.pair(99, "toko-lain")
    public = key_pairs.public_pem(mine.public_key())
    market.admin(
        "POST", "/clients", client_code="lain1", sign_key="rahasia", party="toko-lain", public_key=public
    )
    other = Distributor(market, deposit=0)
    other.told |= {"client_id": "lain1", "client_secret": "rahasia"}
    other.key, other.token = mine, other.new_token()
    assert refused(other.send("GET", "/v2/order/R-1")) == P02
    assert refused(other.order("R-1"))[1:] == ("P00", "Saldo is not enough")
    market.admin("POST", "/deposits", distributor="toko-lain", amount=650_000)
    assert other.order("R-1").status == 200
    assert (other.saldo(), toko.saldo()) == (0, 5_000_000 - 650_000)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"product": "prakerja-tidak-ada"}, P04),
        ({"product": "barista-101"}, P04),
        ({"product": "prakerja-"}, P04),
        ({"amount": 649_999}, (400, "P00", "Amount is not the product's price")),
    ],
)
def test_what_cannot_be_ordered_is_refused_and_costs_nothing(market, toko, changed, told):
    before = market.sandbox.digest()
    assert refused(toko.order("R-1", **changed)) == told
    assert refused(toko.send("GET", "/v2/order/R-1")) == P02
    assert market.sandbox.digest() == before


@pytest.mark.parametrize(("deposit", "status"), [(649_999, 400), (650_000, 200)])
def test_a_deposit_must_cover_the_price(market, deposit, status):
    toko = Distributor(market, deposit=deposit)
    assert toko.order("R-1").status == status


def test_a_class_that_is_full_or_has_begun_fails_and_gives_all_of_it_back(market, toko):
    starts = wib(2021, 9, 1, 10)
    market.list_course("penuh", 200_000, quota=1, kind=2, starts=starts)
    market.list_course("mulai", 200_000, quota=9, kind=2, starts=starts)
    states = {row["id"]: row["attributes"]["status"] for row in toko.get("/v2/product-list")}
    assert (states["prakerja-penuh"], states["prakerja-mulai"], 3 in states.values()) == (1, 1, False)
    assert [toko.order(f"R-{n}", "prakerja-penuh").status for n in (1, 2)] == [200, 200]
    assert [toko.status(f"R-{n}")["status"] for n in (1, 2)] == ["Success", "Failed"]
    failed = toko.status("R-2")
    assert (failed["error_code"], failed["error_detail"]) == ("S02", "Product is not available")
    assert (set(failed), failed["fulfilled_at"]) == (ORDER_FIELDS, None)
    market.sandbox.advance(starts - SECOND)
    toko.token = toko.new_token()
    assert toko.order("R-3", "prakerja-mulai").status == 200
    assert toko.status("R-3")["status"] == "Success"
    market.after(SECOND)
    toko.order("R-4", "prakerja-mulai")
    assert toko.status("R-4")["status"] == "Failed"
    assert toko.saldo() == 5_000_000 - 400_000
    states = {row["id"]: row["attributes"]["status"] for row in toko.get("/v2/product-list")}
    assert (states["prakerja-penuh"], states["prakerja-mulai"]) == (2, 2)


def test_an_order_ends_when_its_time_has_come(begin):
    market = begin(Settings(resale_delay=120))
    toko = Distributor(market)
    toko.order("R-1")
    market.after(119 * SECOND)
    assert toko.status("R-1")["status"] == "Pending"
    assert market.sandbox.ask(ledger.balance, account="resale:tokopedia") == 650_000
    market.after(SECOND)
    assert toko.status("R-1")["status"] == "Success"
    assert market.is_sound()


def test_products_carry_both_pairs_of_names(toko):
    [row] = toko.get(f"/v2/product-list?product_code=tidak-ada,{CLASS}")
    told = row["attributes"]
    assert (row["type"], row["id"]) == ("product", CLASS)
    assert told["name"] == told["product_name"] == "Barista"
    assert told["price"] == told["sales_price"] == 650_000
    assert told["is_inquiry"] is False


def test_what_a_client_sends_beside_is_ignored(toko):
    more = {"request_id": "R-1", "downline_id": "cabang-7", "fields": [{"name": "catatan", "value": "é"}]}
    placed = toko.order("R-1", **more).json()["data"]["attributes"]
    assert placed["fields"] == more["fields"]


# Tokens, hosts and paths


def test_an_older_token_stays_good_until_its_own_end(market, toko):
    first = toko.token
    market.after(80_000 * SECOND)
    second = toko.new_token()
    assert second != first
    for token, after, good in ((first, 6399, True), (second, 0, True), (first, 1, False), (second, 0, True)):
        market.after(after * SECOND)
        toko.token = token
        assert (toko.send("GET", "/v2/account").status == 200) is good


@pytest.mark.parametrize("token", ["", "x", "c:", "c:0.0.", "c:0.0.YQ", "é", "c:0.zz.YQ=="])
def test_no_token_no_answer(market, toko, token):
    before = market.sandbox.digest()
    toko.token = token
    for method, path in (("GET", "/v2/account"), ("GET", "/v2/product-list"), ("GET", "/v2/order/R-1")):
        assert refused(toko.send(method, path)) == U00
    assert refused(toko.inquire(CLASS)) == U00
    assert refused(toko.order("R-1")) == U00
    assert toko.send("GET", "/ping").json()["sandbox"] is True
    assert market.sandbox.digest() == before


def test_a_token_of_somebody_who_resells_nothing_opens_nothing(market, toko):
    institution = market.sandboxes.credential_of(market.sandbox, "kopi-kita")
    toko.told |= {"client_id": institution.client_code, "client_secret": institution.sign_key}
    toko.token = toko.new_token()
    assert refused(toko.send("GET", "/v2/account")) == U00


@pytest.mark.parametrize(
    ("host", "prefix"),
    [
        ("b2b.tokopedia.com", "/api"),
        ("b2b-playground.tokopedia.com", "/api"),
        ("b2b-playground.tokopedia.com", "//api/"),
        ("localhost", "/tokopedia/b2b/api"),
        ("localhost", "/tokopedia//b2b/api"),
        ("localhost", "/s/default/tokopedia/b2b/api"),
    ],
)
def test_it_answers_under_its_hosts_and_paths(market, toko, host, prefix):
    wire = InProcess(market.parties.application, host=host)
    for path in ("/v2/account", "/v2/account/"):
        answer = wire.send("GET", prefix + path, {"Authorization": f"Bearer {toko.token}"})
        assert answer.json()["data"]["type"] == "account", answer.body
    assert refused(wire.send("GET", f"{prefix}/v2/tidak-ada")) == (404, "P00", "Not found")


@pytest.mark.parametrize(
    ("host", "path"),
    [("accounts.tokopedia.com", "/token"), ("localhost", "/token"), ("localhost", "/tokopedia/token")],
)
def test_a_token_is_had_at_the_root_too(market, toko, host, path):
    wire = InProcess(market.parties.application, host=host)
    form = f"grant_type=client_credentials&client_id={toko.told['client_id']}"
    form += f"&client_secret={toko.told['client_secret']}"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert wire.send("POST", path, headers, form.encode()).json()["access_token"] == toko.token


# Bad input


def tampered(**changed):
    data = {"type": "order", "id": "R-9", "attributes": {"product_code": CLASS, "client_number": "0811"}}
    attributes = {**data["attributes"], **changed.pop("attributes", {})}
    return orjson.dumps({"data": {**data, "attributes": attributes, **changed}})


BAD = {
    "no json": b"{",
    "nothing": b"",
    "a list": b"[]",
    "no data": b"{}",
    "data is text": b'{"data": "x"}',
    "not utf-8": b'{"data": "\xff"}',
    "too deep": b'{"data": ' + b"[" * 40 + b"]" * 40 + b"}",
    "id is a number": tampered(id=1),
    "id is empty": tampered(id=""),
    "id has a slash": tampered(id="a/b"),
    "id has a space": tampered(id="a b"),
    "id is long": tampered(id="x" * 65),
    "attributes are a list": orjson.dumps({"data": {"id": "R-9", "attributes": []}}),
    "amount is text": tampered(attributes={"amount": "650000"}),
    "amount is a fraction": tampered(attributes={"amount": 1.5}),
    "amount is negative": tampered(attributes={"amount": -1}),
    "amount is true": tampered(attributes={"amount": True}),
    "amount is huge": tampered(attributes={"amount": 2**60}),
    "product is null": tampered(attributes={"product_code": None}),
    "number is a number": tampered(attributes={"client_number": 811}),
    "number has a control": tampered(attributes={"client_number": "08\x0011"}),
    "fields are text": tampered(attributes={"fields": "x"}),
    "field without value": tampered(attributes={"fields": [{"name": "x"}]}),
    "too many fields": tampered(attributes={"fields": [{"name": "x", "value": "y"}] * 51}),
}


@pytest.mark.parametrize("what", BAD)
def test_a_malformed_order_is_told_and_changes_nothing(market, toko, what):
    before = market.sandbox.digest()
    answer = toko.send("POST", "/v2/order", BAD[what], Signature=toko.sign(BAD[what]))
    status, code, detail = refused(answer)
    assert (status, code) == (400, "P00")
    assert detail.startswith("Bad request: ")
    assert "650000" not in detail
    assert market.sandbox.digest() == before


def test_paths_methods_and_sizes_are_refused_in_the_same_envelope(market, toko):
    assert refused(toko.send("DELETE", "/v2/order"))[:2] == (405, "P00")
    assert refused(toko.send("GET", "/v2/order/"))[0] in (404, 405)
    assert refused(toko.send("POST", "/v2/order", b" " * 70_000))[:2] == (413, "P00")
    assert refused(toko.send("GET", "/v2/order/tidak-ada")) == P02


def test_a_lost_answer_leaves_one_order_that_can_be_asked_about(market, toko):
    market.sandbox.arm("reply_lost", "/v2/order")
    with pytest.raises(Exception, match="POST"):
        toko.order("R-1")
    assert refused(toko.order("R-1")) == P03
    assert toko.status("R-1")["status"] == "Success"
    market.sandbox.arm("request_lost", "/v2/order")
    with pytest.raises(Exception, match="POST"):
        toko.order("R-2")
    assert refused(toko.send("GET", "/v2/order/R-2")) == P02
    assert toko.order("R-2").status == 200


def test_every_operation_of_the_surface_is_here():
    here = {(e.method, e.path.removeprefix(AT)) for e in FACE.endpoints if e.path.startswith(AT)}
    assert here == {
        ("GET", "/ping"), ("GET", "/v2/account"), ("GET", "/v2/product-list"), ("POST", "/v2/inquiry"),
        ("POST", "/v2/order"), ("GET", "/v2/order/<request_id>"),
    }  # fmt: skip


def test_a_key_that_is_no_rsa_key_of_2048_bits_is_not_registered(market):
    for pem in ("x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        told = {"client_code": "a", "sign_key": "b", "party": "toko", "public_key": pem}
        assert market.admin("POST", "/clients", **told)["error"]["code"] == "malformed"


def test_key_pairs_follow_from_seed_and_owner():
    one, same = key_pairs.pair(42, "a"), key_pairs.pair.__wrapped__(42, "a")
    assert one.private_numbers() == same.private_numbers()
    assert one.key_size == 2048
    assert key_pairs.pair(42, "b").private_numbers() != one.private_numbers()
    assert key_pairs.pair(43, "a").private_numbers() != one.private_numbers()


# Callbacks


def inbox(market):
    arrived = market.sandbox.ask(Unit.log, kind=Arrived)
    return [(json.loads(one.headers), one.body) for one in arrived]


def test_a_callback_tells_how_an_order_ended_signed_in_the_text_that_both_known_clients_verify(market, toko):
    market.admin("POST", "/callbacks", url="inbox:")
    toko.order("R-1", fields=[{"name": "catatan", "value": "kopi é"}])
    [(headers, body)] = inbox(market)
    assert headers["Content-Type"] == "application/vnd.api+json"
    assert body == json.dumps(json.loads(body))
    assert "\\u00e9" in body
    assert toko.verified(body.encode(), headers["signature"])
    assert json.loads(body)["data"]["attributes"] == toko.status("R-1")


def test_a_callback_that_is_not_answered_is_sent_again_on_the_clock(begin):
    market = begin(Settings(resale_delay=60))
    toko = Distributor(market)
    market.admin("POST", "/callbacks", url="inbox:")
    market.sandbox.arm("webhook_lost", times=2)
    toko.order("R-1")
    for seconds, arrived in ((59, 0), (1, 0), (59, 0), (1, 0), (299, 0), (1, 1)):
        market.after(seconds * SECOND)
        assert len(inbox(market)) == arrived
    assert toko.verified(inbox(market)[0][1].encode(), inbox(market)[0][0]["signature"])
    assert market.is_sound()


def test_a_failed_order_is_called_back_too_and_only_its_distributor_hears(market, toko):
    market.admin("POST", "/callbacks", url="inbox:")
    market.admin("POST", "/webhooks/targets", marketplace="tokopedia", name="toko", url="inbox:")
    toko.order("R-1", "pln-postpaid", "2121212")
    [(_, body)] = inbox(market)
    assert json.loads(body)["data"]["attributes"]["error_code"] == "S02"


ELSEWHERE = ("http://example.com/cb", "ftp://127.0.0.1/", "party:admin/x", "party:nobody/x", "")


@pytest.mark.parametrize("url", ELSEWHERE)
def test_a_callback_goes_nowhere_else(market, url):
    before = market.sandbox.digest()
    assert market.admin("POST", "/callbacks", url=url)["error"]["code"] == "webhook_target_refused"
    told = market.admin("POST", "/callbacks", url="inbox:", distributor="nobody")
    assert told["error"]["code"] == "client_unknown"
    assert market.sandbox.digest() == before


def test_our_signature_is_the_same_each_time(market):
    pair = key_pairs.pair(42, "tokopedia")
    assert key_pairs.sign(pair, b"x") == key_pairs.sign(pair, b"x") != key_pairs.sign(pair, b"y")
    assert all(
        key_pairs.is_signed(pair.public_key(), raw, key_pairs.sign(pair, raw)) for raw in (b"", b"x" * 999)
    )
