"""The wire itself: shapes, logins, and that bad input is refused in the site's words and does nothing."""

import hashlib
import hmac
from base64 import b64encode

import orjson
import pytest

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.tokopedia.server import FACE
from prakerja_sim.mocks.tokopedia.shopper import Shopper
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason

COURSE = "barista-101"
GRAPHQL = [e.name for e in FACE.endpoints if e.raw and "<" not in e.path and not e.path.endswith("/graphql")]
LOGGED_IN = {
    "rechargeAddToCartV2",
    "rechargeGetCart",
    "rechargeCheckoutV3",
    "GetOrderHistory",
    "rechargeOrderDetail",
    "rechargeResendVoucherEmail",
    "productrevSubmitReview",
    "contactUsCreateTicket",
}


class Asker:
    """Sends what a test makes up, signed and logged in as a good client would be."""

    def __init__(self, market):
        self.market = market
        self.ani, self.budi = market.enrol(0), market.enrol(1)
        self.shopper, self.other = market.shopper(self.ani), market.shopper(self.budi)
        self.shopper.add_to_cart(COURSE)
        self.order = market.bought(self.other, self.budi).order
        market.sandboxes.credential_of(market.sandbox, "kopi-kita")
        self.token = self.shopper._token

    def send(self, method, path, raw=b"", **headers):
        key = self.market.sandboxes.credential_of(self.market.sandbox, "kopi-kita").sign_key
        told = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Client-Id": "kopi-kita",
            "Signature": hmac.new(key.encode(), raw, hashlib.sha256).hexdigest(),
        }
        return self.market.wire.send(method, path, told | headers, raw)

    def graphql(self, name, /, **variables):
        raw = orjson.dumps({"operationName": name, "variables": variables})
        return self.send("POST", "/gql/graphql", raw).json()


@pytest.fixture
def asker(market):
    return Asker(market)


def in_its_envelope(path, told):
    """Whether a refusal looks as that surface's refusals do."""
    if isinstance(told, list):
        return len(told) == 1 and in_its_envelope(path, told[0])
    surface = path.split("/")[1]
    wanted = {"gql": "errors", "pulsa": "errors", "pay": "header", "partner": "response_code"}
    wanted |= {"b2b": "errors", "fs": "error_message"}
    return wanted.get(surface, "error") in told


FIELDS = ("operationName", "variables", "data", "transaction_id", "inquiry_id", "voucher_code")
BAD = {
    "broken": b'{"a": ',
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "list of lists": b"[[1]]",
    "text": b'"halo"',
    "not utf-8": b'{"a": "\xff"}',
    "deep": b"[" * 40 + b"]" * 40,
    "huge number": b'{"operationName": 1e300, "amount": 1e300}',
    "wrong types": orjson.dumps({name: [1] for name in FIELDS}),
}
ELSEWHERE = ("/accounts", "/b2b", "/fs", "/partner/api/v1/pis")
POSTED = [e for e in FACE.endpoints if e.method == "POST" and not e.path.startswith(ELSEWHERE)]


@pytest.mark.parametrize("endpoint", POSTED, ids=lambda e: e.path)
def test_a_malformed_body_is_refused_in_the_surfaces_envelope_and_changes_nothing(asker, endpoint):
    before = asker.market.sandbox.digest()
    path = endpoint.path.replace("<operation>", "anything")
    for what, raw in BAD.items():
        answer = asker.send("POST", path, raw)
        assert answer.status == 400, what
        assert in_its_envelope(path, answer.json()), (what, answer.body)
    assert asker.send("POST", path, b" " * 70_000).status == 413
    assert asker.market.sandbox.digest() == before


@pytest.mark.parametrize("name", sorted(set(GRAPHQL) - {"IsAuthenticated"}))
@pytest.mark.parametrize("wrong", [[1], "\x00", "y" * 3000, None])
def test_wrong_variables_are_refused_and_change_nothing(asker, name, wrong):
    before = asker.market.sandbox.digest()
    fields = {
        "name", "email", "msisdn", "otpType", "code", "params", "menuID", "operator", "productID", "page",
        "body", "categoryID", "input", "orderID", "productRating", "message", "reason", "detail",
        "ticketID",
    }  # fmt: skip
    raw = orjson.dumps({"operationName": name, "variables": dict.fromkeys(fields, wrong)})
    answer = asker.send("POST", f"/gql/graphql/{name}", raw)
    assert answer.status == 400
    assert in_its_envelope("/gql", answer.json())
    assert asker.market.sandbox.digest() == before


def cases(asker):
    """Well-formed requests about things that are not there or not the asker's, and who refuses them."""
    order, unknown = asker.order, "0000000000"
    for one in (order, unknown):
        yield "GET", f"/pay/v2/methods?transaction_id={one}", b""
        yield "POST", "/pay/v2/prakerja/inquiry", {"transaction_id": one, "card_number": asker.ani.card}
        yield "POST", "/pay/v2/prakerja/otp/resend", {"inquiry_id": f"PKJ{one}"}
        yield "POST", "/pay/v2/prakerja/confirm", {"inquiry_id": f"PKJ{one}", "otp": "123456"}
        for name, more in {
            "rechargeOrderDetail": {},
            "rechargeResendVoucherEmail": {},
            "productrevSubmitReview": {"productRating": 5, "message": "Bagus"},
            "contactUsCreateTicket": {"reason": "refund", "detail": "Salah beli"},
        }.items():
            body = {"operationName": name, "variables": {"orderID": one, **more}}
            yield "POST", f"/gql/graphql/{name}", body
    add = {"data": {"type": "add_cart", "attributes": {"product_id": "no-such"}}}
    yield "POST", "/pulsa/v1.4/cart", add
    yield "GET", "/pulsa/v1.4/cart?category_id=1", b""
    yield "GET", "/pulsa/v1.4/voucher/check", b""
    yield "GET", "/pulsa/v1.4/voucher/check?voucher_code=" + "x" * 65, b""
    yield "GET", "/pay/v2/methods", b""
    yield "GET", "/pay/v2/methods?transaction_id=%00", b""
    yield "GET", "/no/such/path", b""
    yield "PUT", "/pulsa/v1.4/cart", b""
    yield "GET", "/gql/graphql", b""
    stale = {"type": "cart", "id": "1-1"}
    attributes = {"transaction_amount": 1}
    order_it = {"type": "checkout", "attributes": attributes, "relationships": {"cart": {"data": stale}}}
    yield "POST", "/pulsa/v1.4/checkout", {"data": order_it}
    yield "POST", "/pulsa/v1.4/checkout", {"data": {"type": "checkout", "attributes": attributes}}
    for what in ("voucher/status", "voucher/redeem"):
        yield "POST", f"/partner/api/v1/{what}", {"voucher_code": "TKPD0000000000"}
    finished = {"voucher_code": "TKPD0000000000", "name": "Ani", "score": 1}
    yield "POST", "/partner/api/v1/completion", finished


def test_what_is_not_there_or_not_ones_own_is_refused_and_changes_nothing(asker):
    before = asker.market.sandbox.digest()
    for method, path, body in cases(asker):
        answer = asker.send(method, path, body if isinstance(body, bytes) else orjson.dumps(body))
        told = answer.json()
        assert answer.status < 500, (path, told)
        ok = answer.status < 400
        inner = next(iter(told["data"].values())) if ok and "gql" in path else told
        refused = not ok or inner.get("errors") or inner.get("success") is False
        assert refused or inner.get("response_code", "00") != "00", (path, told)
    assert asker.market.sandbox.digest() == before


def test_another_shoppers_order_does_not_exist(asker):
    shown = asker.graphql("rechargeOrderDetail", orderID=asker.order)["data"]["rechargeOrderDetail"]
    assert shown["errors"][0] == {"status": "404", "code": "RCG_USC_006", "title": "Pesanan tidak ditemukan."}


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer 1.2", "Basic abc", "wrong", "é"])
def test_without_a_valid_login_nothing_is_told(asker, token):
    user = asker.token.partition(".")[0]
    before = asker.market.sandbox.digest()
    for given in (token, f"Bearer {user}.{'0' * 32}"):
        for endpoint in FACE.endpoints:
            surface = endpoint.path.split("/")[1]
            open_to_all = surface == "gql" and endpoint.name not in LOGGED_IN
            if open_to_all or surface in ("partner", "accounts") or endpoint.name == "sat_ping":
                continue
            variables = VARIABLES.get(endpoint.name, {"orderID": "1"})
            body = {"operationName": endpoint.name, "variables": variables}
            answer = asker.send(endpoint.method, endpoint.path, orjson.dumps(body), Authorization=given)
            assert answer.status == 401, endpoint.path
            assert in_its_envelope(endpoint.path, answer.json())
    assert asker.market.sandbox.digest() == before


VARIABLES = {
    "rechargeAddToCartV2": {"body": {"data": {"type": "add_cart", "attributes": {"product_id": COURSE}}}},
    "rechargeCheckoutV3": {"body": {"data": {"type": "checkout", "attributes": {}}}},
    "productrevSubmitReview": {"orderID": "1", "productRating": 5, "message": "Bagus"},
    "contactUsCreateTicket": {"orderID": "1", "reason": "refund", "detail": "x"},
    "rechargeGetCart": {},
    "GetOrderHistory": {},
}


@pytest.mark.parametrize("header", ["Signature", "Client-Id"])
def test_an_institution_is_known_by_its_signature_only(asker, header):
    credentials = len(asker.market.sandboxes.credentials(asker.market.sandbox))
    raw = orjson.dumps({"voucher_code": "x"})
    for given in ("", "é", "no-such-institution", "0" * 64):
        answer = asker.send("POST", "/partner/api/v1/voucher/redeem", raw, **{header: given})
        assert (answer.status, answer.json()["response_code"]) == (401, "31")
    assert len(asker.market.sandboxes.credentials(asker.market.sandbox)) == credentials


def test_an_institution_may_sign_with_its_own_client_code(asker):
    credential = asker.market.sandboxes.credential_of(asker.market.sandbox, "kopi-kita")
    raw = orjson.dumps({"voucher_code": "x"})
    named = {"Client-Id": credential.client_code}
    answer = asker.send("POST", "/partner/api/v1/voucher/status", raw, **named)
    assert answer.json()["response_code"] == "12"


def test_a_voucher_opens_only_its_own_class_and_only_once(market):
    market.list_course("roti-1", 100_000, institution="lp-roti")
    ani = market.enrol()
    voucher = market.bought(market.shopper(ani), ani).voucher
    about = {"voucher_code": voucher, "product_code": COURSE}

    def codes(**more):
        return [market.partner(f"voucher/{what}", **more)["response_code"] for what in ("status", "redeem")]

    assert codes(institution="lp-roti", **about) == ["44", "44"]
    assert codes(**about | {"product_code": "roti-1"}) == ["44", "44"]
    assert codes(voucher_code="TKPD" + "2" * 10) == ["12", "12"]
    assert codes(**about) == ["00", "00"]
    assert codes(**about) == ["13", "13"]
    used = market.partner("voucher/status", **about)
    assert (used["status"], used["redeemed_at"]) == ("redeemed", "2021-08-24T15:00:00+07:00")
    secret = market.partner("voucher/status", institution="lp-roti", **about)
    assert (secret["ref_id"], secret["product_code"], secret["status"]) == ("", "", "")


def test_a_report_that_prakerja_refuses_comes_back_with_its_message(market):
    def why():
        report = [one for one in timeline.remembered(market.sandbox) if one.path.endswith("/completion")][-1]
        return timeline.why.name_of(report.refusal)

    ani = market.enrol()
    voucher = market.bought(market.shopper(ani), ani).voucher
    told = market.partner("completion", voucher_code="TKPD" + "2" * 10, name=ani.name, score=80)
    assert (told["response_code"], why()) == ("12", "voucher_unknown")
    told = market.partner("completion", voucher_code=voucher, name="Orang Lain", score=80)
    assert (told["response_code"], why()) == ("02", "name_differs")
    assert "Nama" in told["message"]
    market.sandbox.arm("request_lost", "completions")
    told = market.partner("completion", voucher_code=voucher, name=ani.name, score=80)
    assert (told["response_code"], told["message"], why()) == ("40", "Timeout", "no_reply")


def test_an_array_of_operations_is_answered_by_an_array(asker):
    detail = {"operationName": "prakerjaClassDetail", "variables": {"productID": COURSE}}
    nobody = {"operationName": "rechargeOrderDetail", "variables": {"orderID": "1"}, "query": "query {}"}
    mode = {"operationName": "OTPModeList", "variables": {"msisdn": "081234567890"}}
    answer = asker.send("POST", "/gql/graphql", orjson.dumps([detail, nobody, mode])).json()
    fields = ["prakerjaClassDetail", "rechargeOrderDetail", "OTPModeList"]
    assert [list(one["data"]) for one in answer] == [[field] for field in fields]
    assert answer[1]["data"]["rechargeOrderDetail"]["errors"][0]["code"] == "RCG_USC_006"

    alone = asker.send("POST", "/gql/graphql", orjson.dumps(detail)).json()
    assert alone == answer[0]
    assert asker.send("POST", "/gql/graphql/whatever", orjson.dumps([detail])).json() == [alone]


def test_an_array_is_done_wholly_or_not_at_all(asker):
    before = asker.market.sandbox.digest()
    drop = {"operationName": "OTPRequest", "variables": {"msisdn": asker.ani.phone}}
    wrong = {"operationName": "NoSuchThing"}
    answer = asker.send("POST", "/gql/graphql", orjson.dumps([drop, wrong]))
    assert answer.status == 400
    assert "NoSuchThing" not in answer.body.decode()
    assert isinstance(answer.json(), list)
    assert asker.send("POST", "/gql/graphql", orjson.dumps([drop] * 21)).status == 400
    assert asker.market.sandbox.digest() == before


def test_an_unknown_operation_is_told_what_there_is(asker):
    raw = orjson.dumps({"operationName": "OTPRequests", "variables": {}})
    answer = asker.send("POST", "/gql/graphql", raw)
    assert (answer.status, answer.json()["data"]) == (400, None)
    assert "did you mean OTPRequest?" in answer.json()["errors"][0]["message"]


def test_the_path_names_the_operation_if_the_body_does_not(asker):
    raw = orjson.dumps({"variables": {"productID": COURSE}})
    told = asker.send("POST", "/gql/graphql/prakerjaClassDetail", raw).json()
    assert told["data"]["prakerjaClassDetail"]["data"]["price_plain"] == 650_000


def test_the_rest_cart_and_the_graphql_cart_are_one(asker):
    wanted = {"data": {"type": "add_cart", "attributes": {"product_id": COURSE, "unknown": [1]}}}
    added = asker.send("POST", "/pulsa/v1.4/cart", orjson.dumps(wanted), **{"Idempotency-Key": "1"}).json()
    assert added["data"] == asker.graphql("rechargeGetCart")["data"]["rechargeGetCart"]["data"]
    assert asker.send("GET", "/pulsa/v1.4/cart?category_id=58").json() == added

    tried = asker.send("GET", "/pulsa/v1.4/voucher/check?category_id=58&voucher_code=PRAKERJA10").json()
    assert tried["data"]["attributes"]["discount_amount"] == "Rp10.000"
    cancel = orjson.dumps({"data": {"type": "cancel_voucher"}})
    assert asker.send("POST", "/pulsa/v1.4/voucher/cancel", cancel).json() == added

    attributes = {"voucher_code": "PRAKERJA10", "transaction_amount": 640_000}
    buy = orjson.dumps({"data": {"type": "checkout", "attributes": attributes}})
    placed = asker.send("POST", "/pulsa/v1.4/checkout", buy).json()
    assert placed["data"]["attributes"]["parameter"]["amount"] == "640000"
    assert asker.send("DELETE", "/pulsa/v1.4/cart").status == 404


def test_an_emptied_cart_is_empty(asker):
    assert asker.send("DELETE", "/pulsa/v1.4/cart").status == 200
    assert asker.send("GET", "/pulsa/v1.4/cart").json()["errors"][0]["status"] == "404"


def test_the_history_filters_sorts_and_pages(asker):
    market, ani = asker.market, asker.ani
    paid = market.bought(asker.shopper, ani).order
    market.list_course("roti-1", 100_000, title="Roti Rumahan")
    open_ = market.ordered(asker.shopper, "roti-1")

    def listed(**wanted):
        told = asker.graphql("GetOrderHistory", input=wanted)["data"]["uohOrders"]
        return {one["verticalID"] for one in told["orders"]}, told["totalOrders"]

    assert listed() == ({paid, open_}, 2)
    assert listed(Status="700") == ({paid}, 1)
    assert listed(SearchableText="ROTI") == ({open_}, 1)
    assert listed(VerticalCategory="flight") == (set(), 0)
    for one in (paid, open_):
        assert listed(VerticalID=one) == listed(UUID=f"digital-{one}") == ({one}, 1)
    today, before = "2021-08-24", "2021-08-23"
    assert listed(CreateTimeStart=today, CreateTimeEnd=today) == ({paid, open_}, 2)
    assert listed(CreateTimeEnd=before) == listed(CreateTimeStart="2021-08-25") == (set(), 0)
    flat = asker.graphql("GetOrderHistory", Status="700")["data"]["uohOrders"]  # as the web sends it
    assert [one["verticalID"] for one in flat["orders"]] == [paid]
    first, second = listed(Limit=1)[0], listed(Limit=1, Page=2)[0]
    assert first | second == {paid, open_}
    assert listed(Limit=1, IsSortAsc=True)[0] == second


UNFIT = {"Status": "berhasil", "VerticalCategory": "pulsa", "CreateTimeEnd": "kemarin", "Warna": "hijau"}


@pytest.mark.parametrize(("name", "value"), UNFIT.items())
def test_a_filter_that_the_history_does_not_have_is_refused(asker, name, value):
    for variables in ({name: value}, {"input": {name: value}}):
        raw = orjson.dumps({"operationName": "GetOrderHistory", "variables": variables})
        answer = asker.send("POST", "/gql/graphql", raw)
        assert (answer.status, answer.json()["data"]) == (400, None)
        assert name in answer.json()["errors"][0]["message"]


def test_reviews_are_sorted_and_filtered(asker):
    market = asker.market
    for shopper, who, stars in ((asker.other, asker.budi, 2), (asker.shopper, asker.ani, 5)):
        order = asker.order if shopper is asker.other else market.bought(shopper, who).order
        market.partner("voucher/redeem", voucher_code=shopper.order(order).voucher)
        market.after(SECOND)
        shopper.write_review(order, stars, "Baik")

    def listed(**wanted):
        told = asker.graphql("productReviewList", productID=COURSE, **wanted)
        page = told["data"]["productrevGetProductReviewList"]
        return [one["productRating"] for one in page["list"]], page["totalReviews"]

    assert listed() == listed(sortBy="create_time desc") == listed(sortBy="rating desc") == ([5, 2], 2)
    assert listed(sortBy="create_time asc") == listed(sortBy="rating asc") == ([2, 5], 2)
    assert listed(filterBy="rating=2") == ([2], 1)
    for wrong in ({"sortBy": "warna"}, {"filterBy": "rating=6"}):
        raw = orjson.dumps({"operationName": "productReviewList", "variables": {"productID": COURSE} | wrong})
        assert asker.send("POST", "/gql/graphql", raw).status == 400


def test_the_search_has_pages(asker):
    asker.market.list_course("roti-1", 100_000, title="Roti Rumahan")

    def found(params):
        told = asker.graphql("SearchProductQueryV4", params=params)["data"]["ace_search_product_v4"]
        return [one["id"] for one in told["data"]["products"]], told["header"]

    both, header = found("q=prakerja&device=desktop")
    assert (both, header["totalData"]) == ([COURSE, "roti-1"], 2)
    assert [found(f"q=prakerja&rows=1&page={page}")[0] for page in (1, 2, 3)] == [[COURSE], ["roti-1"], []]
    assert found("q=prakerja&rows=1")[1]["totalDataText"] == "2"
    for wrong in ("rows=0", "page=satu"):
        assert found(f"q=prakerja&{wrong}")[1]["responseCode"] == 1


@pytest.mark.parametrize("path", ["/accounts/token", "/token"])
def test_a_partner_gets_a_token_by_basic_form_or_query(asker, path):
    credential = asker.market.sandboxes.credential_of(asker.market.sandbox, "kopi-kita")
    code, key = credential.client_code, credential.sign_key
    basic = {"Authorization": "Basic " + b64encode(f"{code}:{key}".encode()).decode()}
    form = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": ""}
    grant = "grant_type=client_credentials"
    wanted = f"{grant}&client_id={code}&client_secret={key}"
    tokens = {
        asker.send("POST", f"{path}?{grant}", **basic).json()["access_token"],
        asker.send("POST", path, grant.encode(), **form | basic).json()["access_token"],
        asker.send("POST", path, wanted.encode(), **form).json()["access_token"],
        asker.send("POST", f"{path}?{wanted}", Authorization="").json()["access_token"],
    }
    assert len(tokens) == 1
    for bad in ("", "Basic !!!", *("Basic " + b64encode(pair).decode() for pair in (b"a:b", b"\xff:b"))):
        answer = asker.send("POST", f"{path}?{grant}", Authorization=bad)
        assert (answer.status, answer.json()["error"]) == (401, "invalid_client")
    answer = asker.send("POST", f"{path}?grant_type=password", **basic)
    assert (answer.status, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_the_real_hosts_answer_under_their_short_paths(market):
    raw = orjson.dumps({"operationName": "IsAuthenticated"})
    told = InProcess(market.parties.application, host="gql.tokopedia.com").send("POST", "/graphql", {}, raw)
    assert told.json()["data"]["isAuthenticated"]["isLoggedIn"] is False
    pulsa = InProcess(market.parties.application, host="pulsa-api.tokopedia.com")
    assert pulsa.send("GET", "/v1.4/cart").json()["errors"][0]["code"] == "ACC_MDLW_001"
    root = InProcess(market.parties.application).send("POST", "/token")
    assert root.json()["error"] == "invalid_client"


def test_who_is_logged_in_is_told(asker):
    told = asker.graphql("IsAuthenticated")["data"]["isAuthenticated"]
    assert (told["isLoggedIn"], told["isMsisdnVerified"], told["msisdn"]) == (True, True, asker.ani.phone)


def test_a_phone_without_an_account_gets_no_code(asker):
    for name, more in {"OTPRequest": {}, "OTPValidate": {"code": "123456"}}.items():
        told = asker.graphql(name, msisdn="+6281234567890", **more)["data"][name]
        assert (told["success"], told["error_code"]) == (False, "OTP_USC_004")


def test_a_phone_is_the_same_with_its_country_code(asker):
    body = {"name": "Ani", "email": "a@example.com"}
    for phone in (asker.ani.phone, "+62" + asker.ani.phone[1:], "62" + asker.ani.phone[1:]):
        told = asker.graphql("register", msisdn=phone, **body)["data"]["register"]
        assert told["userID"] == asker.token.partition(".")[0]


def test_the_landing_page_has_one_menu(asker):
    for operation in ("rechargeCatalogMenuDetail", "rechargeCatalogOperatorSelectGroup"):
        asked = orjson.dumps({"operationName": operation, "variables": {"menuID": 1}})
        answer = asker.send("POST", "/gql/graphql", asked)
        assert answer.status == 400
        assert "menuID: no such menu; there is 210" in answer.json()["errors"][0]["message"]


def test_the_landing_page_lists_the_promo_codes_that_work(asker):
    page = asker.graphql("rechargeCatalogMenuDetail")["data"]["rechargeCatalogMenuDetail"]
    assert page["catalog"] == {"id": 210, "name": "Kartu Prakerja", "label": "Kartu Prakerja"}
    assert len(page["promos"]) == 2
    for promo in page["promos"]:
        off = asker.shopper.enter_promo(promo["promo_code"])
        assert promo["title"] == f"Potongan Rp{off:,}".replace(",", ".")


def test_a_class_counts_its_reviews(market):
    ani = market.enrol()
    shopper = market.shopper(ani)
    bought = market.bought(shopper, ani)
    market.partner("voucher/redeem", voucher_code=bought.voucher)
    shopper.write_review(bought.order, 4, "Baik")
    raw = orjson.dumps({"operationName": "prakerjaClassDetail", "variables": {"productID": COURSE}})
    told = market.wire.send("POST", "/gql/graphql", {}, raw).json()["data"]["prakerjaClassDetail"]["data"]
    assert (told["rating"], told["totalReviews"]) == (4, 1)


def test_a_ticket_that_asks_for_no_money_only_gets_a_number(asker):
    asked = {"orderID": asker.order, "reason": "info", "detail": "Kapan mulai?"}
    asker.token = asker.other._token
    told = asker.graphql("contactUsCreateTicket", **asked)["data"]["contactUsCreateTicket"]
    assert (told["success"], told["status"]) == (True, "OPEN")
    assert asker.other.order(asker.order).status == "issued"


def test_each_refusal_is_declared_where_it_can_happen():
    refuses = {endpoint.name: set(endpoint.refuses) for endpoint in FACE.endpoints}
    assert Reason.PHONE_UNVERIFIED in refuses["rechargeAddToCartV2"]
    assert Reason.CARD_MALFORMED in refuses["inquiry"]
    assert Reason.OTP_WRONG in refuses["confirm"]
    assert len({endpoint.name for endpoint in FACE.endpoints}) == len(FACE.endpoints)


def test_the_contract_can_be_read_by_machines(market):
    document = market.wire.send("GET", "/openapi.json").json()
    schema = document["components"]["schemas"]["OTPValidateOperation"]
    assert schema["required"] == ["operationName", "variables"]
    assert "/pay/v2/prakerja/confirm" in document["paths"]


def test_a_shopper_without_login_is_refused_in_words(market):
    with pytest.raises(Exception, match="ACC_MDLW_001"):
        Shopper(market.wire).history()
