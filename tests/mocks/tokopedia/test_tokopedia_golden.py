"""The golden pairs of Tokopedia, whose operations have names; see `tests.mocks.golden`."""

import re
from base64 import b64encode

import orjson
import pytest

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.http.golden_schemas import successes
from prakerja_sim.mocks.tokopedia.server import FACE
from prakerja_sim.mocks.tokopedia.shopper import Shopper
from prakerja_sim.mocks.tokopedia_b2b import pis
from prakerja_sim.simulator.values.clock import SECOND
from tests.mocks.golden import Recorder, check_golden
from tests.mocks.market import refused
from tests.mocks.tokopedia_b2b.distributors import Distributor

COURSE = "barista-101"


SALTED = {"Signature": "RSA-PSS", "Key": "RSA-OAEP"}


class TokopediaRecorder(Recorder):
    """An operation goes by its name, and says no inside HTTP 200."""

    def name(self, method, path):
        if "/v2/order/" in path:
            return "sat_status"
        path = re.sub(r"/\d+", "", path)
        last = path.removeprefix("/gql/graphql/")
        return last if last != path else f"{method}{path.replace('/', '-')}"

    def outcome(self, path, answer):
        signs = (b'"success":false', b'"errors":[{', b'"responseCode":1')
        if any(sign in answer.body for sign in signs):
            return "_refused"
        if b'"product_code":"pln-postpaid"' in answer.body:
            return "_failed_bill" if b'"status":"Failed"' in answer.body else "_bill"
        alone = path == "/gql/graphql" and answer.body[:1] == b"{"
        return super().outcome(path, answer) or ("_alone" if alone else "")

    def shown(self, headers):
        """A salted signature is another one each time."""
        return {
            name: f"({SALTED[name]})" if name in SALTED and len(value) > 64 else value
            for name, value in (headers or {}).items()
        }

    def readable(self, body):
        """What is encrypted is kept only as such."""
        try:
            return body.decode()
        except UnicodeDecodeError:
            return "(encrypted)"


def play(market):
    """Use every endpoint once, and the ways in which the important ones say no."""
    # Synthetic people's names change with the word lists that they are drawn from; these do not.
    ani = market.enrol(0, name="Ani Contoh", email="ani@example.com")
    wire = market.wire = TokopediaRecorder(market.wire, FACE)
    shopper = Shopper(wire)
    shopper.sign_up(ani.name, ani.phone, ani.email)
    refused(shopper.add_to_cart, COURSE)
    refused(shopper.enter_phone_code, market.wrong_otp(ani))
    shopper.enter_phone_code(market.otp(ani))
    shopper.search("kartu prakerja")
    refused(shopper.search, "")
    shopper.categories()
    shopper.courses("kopi-kita")
    shopper.look(COURSE)
    refused(shopper.look, "tidak-ada")
    token = by_hand(market, wire, shopper)
    partner = registered(wire, token)
    order = paying(market, wire, shopper, ani)
    reselling(market)
    partner("POST", "/fs/v1/fs/13004/trigger", {"Type": "order_status", "order_id": order})
    partner("GET", f"/fs/v1/order/{order}/fs/13004/webhook?type=order_status")
    partner("GET", f"/fs/v1/order/{order}/fs/13004/webhook?type=order_notification")
    afterwards(market, shopper, ani, order)
    supplied(market, wire, token)
    return wire.kept


def supplied(market, wire, token):
    """A supplier's callback, which is encrypted, about an order that is none of his."""
    told = {"ref_id": "0000000000", "response_code": "00", "message": "Success", "bill_details": []}
    credential = market.sandboxes.credential_of(market.sandbox, "kopi-kita")
    key, raw = pis.sealed(key_pairs.pair(42, "tokopedia").public_key(), orjson.dumps(told))
    headers = {"Authorization": f"Bearer {token}", "Client-Guid": credential.client_code, "Key": key}
    headers["Signature"] = key_pairs.sign(key_pairs.pair(42, "kopi-kita"), raw)
    headers["Content-Type"] = "application/octet-stream"
    wire.send("POST", "/partner/api/v1/pis/callback", headers, raw)


def by_hand(market, wire, shopper):
    """What the app of 2021 does not ask any more, and what only machines ask."""
    headers = {"Authorization": f"Bearer {shopper._token}", "Content-Type": "application/json"}

    def ask(method, path, body=None):
        wire.send(method, path, headers, orjson.dumps(body) if body is not None else b"")

    one = {"operationName": "rechargeCatalogMenuDetail", "variables": {"menuID": 210}}
    ask("POST", "/gql/graphql/rechargeCatalogMenuDetail", one)
    ask("POST", "/gql/graphql/IsAuthenticated", {"operationName": "IsAuthenticated", "variables": {}})
    ask("POST", "/gql/graphql", [one, {"operationName": "IsAuthenticated"}])
    ask("POST", "/gql/graphql", {"operationName": "IsAuthenticated"})
    ask("POST", "/gql/graphql/graphql_of_other_name", {"operationName": "noSuchThing"})
    add = {"data": {"type": "add_cart", "attributes": {"product_id": COURSE}}}
    ask("POST", "/pulsa/v1.4/cart", add)
    ask("GET", "/pulsa/v1.4/cart?category_id=58")
    ask("POST", "/gql/graphql/rechargeGetCart", {"operationName": "rechargeGetCart", "variables": {}})
    ask("GET", "/pulsa/v1.4/voucher/check?category_id=58&voucher_code=BELAJAR50")
    ask("GET", "/pulsa/v1.4/voucher/check?category_id=58&voucher_code=GRATIS")
    ask("POST", "/pulsa/v1.4/voucher/cancel", {"data": {"type": "cancel_voucher"}})
    checkout = {"data": {"type": "checkout", "attributes": {"transaction_amount": 1}}}
    ask("POST", "/pulsa/v1.4/checkout", checkout)
    ask("POST", "/pulsa/v1.4/checkout", {"data": {"type": "checkout", "attributes": {}}})
    ask("POST", "/pulsa/v1.4/cart", add)
    ask("DELETE", "/pulsa/v1.4/cart")
    ask("GET", "/pulsa/v1.4/cart")
    credential = market.sandboxes.credential_of(market.sandbox, "kopi-kita")
    pair = b64encode(f"{credential.client_code}:{credential.sign_key}".encode()).decode()
    path = "/accounts/token?grant_type=client_credentials"
    granted = wire.send("POST", path, {"Authorization": f"Basic {pair}"})
    wire.send("POST", path)
    return granted.json()["access_token"]


def registered(wire, token):
    """Register for webhooks; answers the partner's hand."""

    def ask(method, path, body=None, token=token):
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        wire.send(method, path, headers, orjson.dumps(body) if body is not None else b"")

    ask("POST", "/fs/v1/fs/13004/register", {"order_status_url": "https://elsewhere.example.com/"})
    ask("POST", "/fs/v1/fs/13004/register", {"order_status_url": "inbox:", "webhook_secret": "rahasia"})
    ask("GET", "/fs/v1/fs/13004")
    ask("GET", "/fs/v1/fs/13004", token="c:nobody")
    ask("POST", "/fs/v1/fs/13004/trigger", {"Type": "order_status", "order_id": "0"})
    return ask


def reselling(market):
    """What a distributor's program does, and how it is told no."""
    toko = Distributor(market)
    toko.send("GET", "/ping")
    toko.saldo()
    toko.get(f"/v2/product-list?product_code=prakerja-{COURSE},pln-postpaid")
    toko.inquire(f"prakerja-{COURSE}")
    toko.inquire("prakerja-tidak-ada")
    for _ in range(2):
        toko.order("REQ-1")
    toko.status("REQ-1")
    toko.send("GET", "/v2/order/REQ-2")
    for code in ("tidak-ada", "25k-xl"):
        toko.send("GET", f"/v2/product-list?product_code={code}")
    for number in ("2121212", "611981111"):
        toko.inquire("pln-postpaid", number, fields=None)
        toko.order(f"REQ-{number}", "pln-postpaid", number, fields=None, amount=12500)
        toko.status(f"REQ-{number}")
    toko.token = ""
    toko.send("GET", "/v2/account")


def paying(market, wire, shopper, ani):
    shopper.add_to_cart(COURSE)
    order = shopper.check_out()
    shopper.payment_methods(order)
    refused(shopper.enter_card, order, "1234")
    shopper.enter_card(order, ani.card)
    refused(shopper.resend_otp, order)
    market.after(60 * SECOND)
    shopper.resend_otp(order)
    refused(shopper.enter_otp, order, market.wrong_otp(ani))
    market.sandbox.arm("reply_lost", "payment/authorize")
    shopper.enter_otp(order, market.otp(ani))
    shopper.enter_otp(order, market.otp(ani))
    refused(shopper.payment_methods, order)
    return order


def afterwards(market, shopper, ani, order):
    shopper.history()
    voucher = shopper.order(order).voucher
    refused(shopper.order, "0")
    refused(shopper.resend_mail, order)
    market.after(60 * SECOND)
    shopper.resend_mail(order)
    refused(shopper.write_review, order, 5, "Bagus")
    market.partner("voucher/status", voucher_code=voucher, product_code=COURSE)
    market.partner("voucher/redeem", voucher_code=voucher)
    market.partner("completion", voucher_code=voucher, name=ani.name, score=80)
    shopper.write_review(order, 5, "Bagus")
    shopper.reviews(COURSE)
    refused(shopper.complain, order, "Salah beli")
    other = market.enrol(1, name="Budi Contoh", email="budi@example.com")
    second = market.shopper(other, market.wire)
    ticket = second.complain(market.bought(second, other).order, "Salah beli")
    second.tickets("")
    second.complain_again(ticket, "Dana belum kembali")
    refused(second.complain_again, ticket, "Dana belum kembali")


@pytest.fixture(scope="module")
def played(begin):
    return play(begin())


def test_the_wire_is_as_it_was_recorded(played):
    check_golden("tokopedia", played)


def test_operations_are_asked_alone_or_in_a_list_and_the_schema_says_both():
    assert successes(FACE)["POST /gql/graphql", 200]["type"] == ["array", "object"]
