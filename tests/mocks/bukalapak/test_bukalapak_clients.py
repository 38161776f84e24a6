"""What real clients of this site do, and the server must take (marketplaces 6, rows 10 to 18).

Each case sends what a client was seen to send, spelt as it spells it.
"""

import orjson
import pytest

from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.simulator.values.clock import SECOND, unix_seconds, wib
from prakerja_sim.simulator.world.records import Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.bukalapak.conftest import APP, FORM, basic, error
from tests.mocks.market import COURSE, INSTITUTION

TOKEN = "/accounts/oauth/token"
GUEST = {**APP, "grant_type": "client_credentials", "scope": "public"}


# Rows 14 to 17: OAuth


def test_the_token_parameters_are_taken_from_query_form_json_and_basic(asker):
    spelt = "&".join(f"{name}={value}" for name, value in GUEST.items()).encode()
    login = {"Authorization": basic(*APP.values())}
    answers = [
        asker.token(**GUEST),
        asker.token(spelt, FORM),
        asker.token(spelt, {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}),
        asker.token(spelt),
        asker.token(orjson.dumps(GUEST), {"Content-Type": "application/json"}),
        asker.token(b"", login, grant_type="client_credentials", scope="public"),
        asker.token(b"", {"Accept": "application/vnd.bukalapak.v4+json", "Content-Length": "0"}, **GUEST),
    ]
    assert [answer.status for answer in answers] == [200] * len(answers)
    assert len({answer.body for answer in answers}) == 1


def test_a_tokens_life_can_be_counted_from_when_it_was_made(asker):
    told = asker.by_password(asker.ani).json()
    assert len(told["access_token"]) == len(told["refresh_token"]) == 64
    assert set(told["access_token"]) <= set("0123456789abcdef")
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("bearer", 7200, "public user")
    assert told["created_at"] == unix_seconds(asker.market.sandbox.now())


def test_a_token_ends_after_its_two_hours_and_not_before(asker):
    asker.market.after(7199 * SECOND)
    assert asker.send("GET", "/me").status == 200
    asker.market.after(SECOND)
    assert error(asker.send("GET", "/me")) == (401, 10001, "You are not authorized")


def test_the_old_access_token_that_comes_with_a_refresh_does_not_matter(asker):
    old = asker.by_password(asker.ani).json()
    asker.market.after(7200 * SECOND)
    for sent in ({}, {"access_token": old["access_token"]}, {"access_token": "nonsense"}):
        told = asker.token(**APP, grant_type="refresh_token", refresh_token=old["refresh_token"], **sent)
        login = {"Authorization": f"Bearer {told.json()['access_token']}"}
        assert asker.market.send("GET", "/api/me", headers=login).status == 200


def test_a_guests_token_asked_for_in_between_ends_no_login(asker):
    first = asker.by_password(asker.ani).json()
    asker.market.after(60 * SECOND)
    guest = asker.token(**GUEST).json()
    second = asker.token(**APP, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    for token in (first, second):
        login = {"Authorization": f"Bearer {token['access_token']}"}
        assert asker.market.send("GET", "/api/me", headers=login).status == 200
    login = {"Authorization": f"Bearer {guest['access_token']}"}
    assert asker.market.send("GET", "/api/prakerja/courses", headers=login).status == 200
    assert asker.market.send("GET", "/api/me", headers=login).status == 401
    assert "refresh_token" not in guest


def test_the_app_keeps_its_login_fresh(asker):
    asker.market.after(10 * 7200 * SECOND)
    assert asker.shopper.history() == []


REFUSED = [
    ({"client_id": "nobody"}, "invalid_client"),
    ({"client_secret": "wrong"}, "invalid_client"),
    ({"client_secret": ""}, "invalid_client"),
    ({"scope": "public user"}, "invalid_scope"),
    ({"scope": "admin"}, "invalid_scope"),
    ({"grant_type": "implicit"}, "unsupported_grant_type"),
    ({"grant_type": "authorization_code"}, "invalid_grant"),
    ({"grant_type": ""}, "invalid_request"),
    ({"grant_type": "password"}, "invalid_grant"),
    ({"grant_type": "password", "username": "084000000000", "password": "x"}, "invalid_grant"),
    ({"grant_type": "refresh_token"}, "invalid_grant"),
    ({"grant_type": "refresh_token", "refresh_token": "0" * 64}, "invalid_grant"),
]


@pytest.mark.parametrize(("changed", "wrong"), REFUSED)
def test_the_token_endpoint_refuses_in_oauths_own_words(asker, changed, wrong):
    before = asker.market.sandbox.digest()
    answer = asker.token(**(GUEST | changed))
    told = answer.json()
    assert (answer.status, told["error"], set(told)) == (401, wrong, {"error", "error_description"})
    assert asker.market.sandbox.digest() == before


def test_a_password_is_the_accounts_own_and_an_access_token_refreshes_nothing(asker):
    budi = asker.market.enrol(1)
    asker.market.shopper(budi)
    assert asker.by_password(asker.ani, password="rahasia-0000").json()["error"] == "invalid_grant"
    token = asker.by_password(budi).json()["access_token"]
    told = asker.token(**APP, grant_type="refresh_token", refresh_token=token)
    assert told.json()["error"] == "invalid_grant"
    refresh = asker.by_password(budi).json()["refresh_token"]
    login = {"Authorization": f"Bearer {refresh}"}
    assert asker.market.send("GET", "/api/me", headers=login).status == 401


@pytest.mark.parametrize("login", ["phone", "email", "user"])
def test_one_logs_in_by_phone_e_mail_or_number(asker, login):
    me = asker.send("GET", "/me").json()["data"]
    names = {"phone": me["phone"], "email": me["email"], "user": me["username"]}
    told = asker.by_password(asker.ani, username=names[login])
    assert told.status == 200


def test_another_password_ends_what_the_old_one_opened(asker):
    old = asker.by_password(asker.ani).json()
    asker.shopper.recover(asker.ani.phone, asker.ani.email)
    asker.shopper.enter_recovery_code(asker.market.otp(asker.ani), "kata-sandi-baru")
    login = {"Authorization": f"Bearer {old['access_token']}"}
    assert asker.market.send("GET", "/api/me", headers=login).status == 401
    refused = asker.token(**APP, grant_type="refresh_token", refresh_token=old["refresh_token"])
    assert refused.json()["error"] == "invalid_grant"
    assert asker.by_password(asker.ani).json()["error"] == "invalid_grant"
    assert asker.by_password(asker.ani, password="kata-sandi-baru").status == 200


def test_a_partners_own_credential_is_a_client_and_names_its_sandbox(asker):
    market = asker.market
    other = market.sandboxes.lease("other", 7, wib(2021, 9, 1))
    credential = market.sandboxes.credential_of(other, "partner")
    client = {"client_id": credential.client_code, "client_secret": credential.sign_key}
    unnamed = InProcess(market.parties.application, "/bukalapak")
    asked = "&".join(f"{n}={v}" for n, v in {**client, "grant_type": "client_credentials"}.items())
    token = unnamed.send("POST", f"{TOKEN}?{asked}").json()["access_token"]
    login = {"Authorization": f"Bearer {token}"}
    assert unnamed.send("GET", "/api/prakerja/courses", login).json()["data"] == []
    named = InProcess(market.parties.application, "/s/default/bukalapak")
    assert named.send("GET", "/api/prakerja/courses", login).status == 401
    assert named.send("POST", f"{TOKEN}?{asked}").json()["error"] == "invalid_client"


@pytest.mark.parametrize("spelt", ["Bearer {}", "bearer {}", "BEARER  {}", "{}"])
def test_the_bearer_is_read_however_it_is_spelt(asker, spelt):
    token = asker.shopper.login["Authorization"].removeprefix("Bearer ")
    for one in (token, token.upper()):
        login = {"Authorization": spelt.format(one)}
        assert asker.market.send("GET", "/api/me", headers=login).status == 200
    assert asker.market.send("GET", f"/api/me?access_token={token}").status == 200


# Rows 10 to 12: where the server is


def test_the_real_hosts_answer_under_their_short_paths(asker):
    application = asker.market.parties.application
    asked = "&".join(f"{name}={value}" for name, value in GUEST.items())
    accounts = InProcess(application, host="accounts.bukalapak.com")
    token = accounts.send("POST", f"/oauth/token?{asked}").json()["access_token"]
    api = InProcess(application, host="api.bukalapak.com")
    login = {"Authorization": f"Bearer {token}"}
    assert api.send("GET", "/prakerja/courses", login).json()["data"][0]["id"] == COURSE
    assert api.send("GET", "/me").json()["errors"][0]["code"] == 10001
    assert api.send("POST", "/v2/authenticate.json").json()["status"] == "ERROR"


def test_a_base_url_may_have_a_path_and_doubled_slashes(asker):
    login = asker.shopper.login
    wire = InProcess(asker.market.parties.application)
    for path in ("/bukalapak/api/me", "//bukalapak//api//me", "/s/default/bukalapak/api//me"):
        assert wire.send("GET", path, login).status == 200


# How v4 spells things


def test_ids_are_taken_as_numbers_and_as_text(asker):
    placed = asker.ordered().json()["data"]
    assert isinstance(placed["id"], int)
    assert placed["remote_transaction_id"] == str(placed["id"])
    bills = set()
    for spelt in (placed["id"], str(placed["id"])):
        told = {"transactions": [{"id": spelt, "type": "prakerja"}], "payment_type": "prakerja"}
        made = asker.send("POST", "/invoices", told)
        assert (made.status, made.json()["meta"]) == (201, {"http_status": 201})
        bills.add(made.json()["data"]["id"])
    assert len(bills) == 1
    promo = {"voucher_code": "BELAJAR50", "transactions": [{"id": placed["id"], "type": "prakerja"}]}
    assert asker.send("POST", "/vouchers/validate", promo).json()["data"]["discount"] == 50_000


def test_money_is_whole_rupiah_and_times_are_utc(asker):
    told = asker.ordered().json()["data"]
    assert told["amount"] == 650_000
    assert told["created_at"] == "2021-08-24T08:00:00Z"


ACCEPTED = ["application/vnd.bukalapak.v4+json", "application/json", "*/*", ""]


@pytest.mark.parametrize("accept", ACCEPTED)
def test_whatever_a_client_accepts_it_gets_json(asker, accept):
    answer = asker.send("GET", "/me", Accept=accept)
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "text/plain", ""])
def test_a_json_body_is_read_whatever_its_content_type(asker, kind):
    raw = orjson.dumps({"course_id": COURSE, "tnc_accepted": True, "unknown": [1]})
    assert asker.send("POST", "/prakerja/transactions", raw=raw, **{"Content-Type": kind}).status == 201


# The OTP comes in headers of the same request


def test_the_same_request_is_made_again_with_the_otp(asker):
    market, ani = asker.market, asker.ani
    payment = asker.ordered().json()["data"]["payment_id"]
    body = {"card_number": ani.card}
    first = asker.send("POST", f"/payments/{payment}/prakerja", body)
    assert (first.status, first.json()["data"]["state"]) == (202, "otp_required")
    again = asker.otp_retry("POST", f"/payments/{payment}/prakerja", body, market.otp(ani))
    assert (again.status, again.json()["data"]["state"]) == (200, "paid")
    assert again.json()["data"]["transactions"][0]["coupon"]["code"].startswith("BLPK-")


def test_the_otp_header_alone_is_enough_and_an_empty_one_is_none(asker):
    body = {"state": "active"}
    for empty in ("", " "):
        told = asker.send("PUT", "/users/tfa-status", body, **{"Bukalapak-OTP-Key": empty})
        assert error(told) == (401, 10110, "OTP dibutuhkan")
    for name in ("Bukalapak-OTP-Key", "bukalapak-otp-key", "BUKALAPAK-OTP-KEY"):
        asker.send("PUT", "/users/tfa-status", body)
        code = asker.market.otp(asker.ani)
        told = asker.send("PUT", "/users/tfa-status", body, **{name: f" {code} "})
        assert told.json()["data"] == {"state": "active"}
    used = asker.send("PUT", "/users/tfa-status", body, **{name: code})
    assert error(used) == (422, 10112, "Kode OTP kedaluwarsa")


@pytest.mark.parametrize("method", ["sms", "whatsapp", "email"])
def test_a_code_comes_in_the_way_that_was_wished_for(asker, method):
    before = len(asker.market.mails(asker.ani))
    texts = len(asker.market.sandbox.ask(Unit.log, kind=Sms, phone=asker.ani.phone))
    told = asker.send("PUT", "/users/tfa-status", {"state": "active"}, **{"Bukalapak-OTP-Method": method})
    assert error(told)[:2] == (401, 10110)
    mailed = len(asker.market.mails(asker.ani)) - before
    texted = len(asker.market.sandbox.ask(Unit.log, kind=Sms, phone=asker.ani.phone)) - texts
    assert (mailed, texted) == ((1, 0) if method == "email" else (0, 1))


# Row 18: v2


def signed_in(asker):
    me = asker.ani
    told = asker.legacy("POST", "/authenticate.json", login=(me.phone, asker.password(me))).json()
    assert (told["status"], told["confirmed"], told["message"]) == ("OK", True, None)
    return str(told["user_id"]), told["token"]


def test_v2_signs_in_by_password_and_then_by_token(asker):
    login = signed_in(asker)
    told = asker.legacy("GET", "/users/info.json", login=login).json()
    number = login[0]
    assert told == {
        "status": "OK",
        "user": {
            "id": int(number),
            "username": number,
            "name": asker.ani.name,
            "email": asker.ani.email,
            "phone": asker.ani.phone,
            "avatar": told["user"]["avatar"],
            "avatar_id": number,
            "bank": {"name": "", "number": ""},
            "confirmed": True,
        },
        "message": None,
    }
    signed = asker.legacy("POST", "/authenticate.json", login=(number, asker.password(asker.ani))).json()
    assert signed == {
        "status": "OK",
        "user_id": number,
        "user_name": asker.ani.name,
        "confirmed": True,
        "token": login[1],
        "email": asker.ani.email,
        "omnikey": signed["omnikey"],
        "message": None,
    }
    assert (isinstance(signed["user_id"], str), len(signed["omnikey"])) == (True, 32)


NOT_VALID = "Username atau password tidak valid"
WRONG_LOGINS = [None, ("", ""), ("1", "2"), ("é", "é"), ("a:b", "c")]


@pytest.mark.parametrize("login", WRONG_LOGINS)
def test_v2_refuses_with_http_200_in_its_own_words(asker, login):
    known = signed_in(asker)
    for path in ("/users/info.json", "/transactions.json", "/transactions/1.json"):
        for wrong in (login, (known[0], "0" * 20)):
            answer = asker.legacy("GET", path, login=wrong)
            assert answer.status == 200
            carried = {"transaction": None, "transactions": None} if "/1.json" in path else {}
            assert answer.json() == {"status": "ERROR", "message": NOT_VALID} | carried
    assert asker.legacy("POST", "/authenticate.json", login=login).json() == {
        "status": "ERROR",
        "user_id": "null",
        "user_name": None,
        "confirmed": False,
        "token": None,
        "email": None,
        "omnikey": None,
        "message": NOT_VALID,
    }


def bought(asker):
    return asker.market.bought(asker.shopper, asker.ani)


def test_v2_shows_states_times_and_numbers_in_its_own_way(asker):
    login = signed_in(asker)
    pending = asker.ordered().json()["data"]["id"]
    paid = bought(asker)
    shown = asker.legacy("GET", "/transactions.json", login=login).json()["transactions"]
    assert {one["id"]: one["state"] for one in shown} == {pending: "pending", int(paid.order): "delivered"}
    one = next(one for one in shown if one["coupon"])
    assert one["coupon"] == paid.voucher
    assert one["created_at"] == "2021-08-24T15:00:00+07:00"
    assert (one["transaction_id"][:6], len(one["transaction_id"])) == ("210824", 12)
    for number in (one["id"], one["transaction_id"]):
        told = asker.legacy("GET", f"/transactions/{number}.json", login=login).json()
        assert told["transaction"] == told["transactions"] == one
    missing = asker.legacy("GET", "/transactions/0.json", login=login).json()
    text = "Transaksi tidak terdaftar atau tidak valid"
    assert missing == {"status": "ERROR", "transaction": None, "transactions": None, "message": text}
    asker.market.institution_client().redeem(paid.voucher)
    told = asker.legacy("GET", f"/transactions/{paid.order}.json", login=login).json()
    assert told["transaction"]["state"] == "received"


def test_v2_answers_304_until_something_changes(asker):
    login = signed_in(asker)
    order = asker.ordered().json()["data"]["id"]
    for path in ("/transactions.json", f"/transactions/{order}.json"):
        first = asker.legacy("GET", path, login=login)
        tag = first.headers["ETag"]
        for spelt in (tag, f"W/{tag}"):
            again = asker.legacy("GET", path, login=login, **{"If-None-Match": spelt})
            assert (again.status, again.body) == (304, b"")
        assert asker.legacy("GET", path, login=login, **{"If-None-Match": '"x"'}).status == 200
    bought(asker)
    listed = asker.legacy("GET", "/transactions.json", login=login)
    assert len(listed.json()["transactions"]) == 2


PAGES = [("6", 6), ("18", 11), ("7", 10), ("", 10), ("x", 10), ("-1", 10)]


@pytest.mark.parametrize(("wished", "got"), PAGES)
def test_v2_has_pages_of_fixed_sizes(asker, wished, got):
    login = signed_in(asker)
    for _ in range(11):
        asker.ordered()
    first = asker.legacy("GET", f"/transactions.json?per_page={wished}", login=login).json()["transactions"]
    rest = asker.legacy("GET", f"/transactions.json?per_page={wished}&page=2", login=login).json()
    assert len(first) == got
    assert len(rest["transactions"]) == min(got, 11 - got)
    far = asker.legacy("GET", "/transactions.json?page=999999999", login=login).json()
    assert (far["status"], far["transactions"]) == ("OK", [])
    for odd in ("0", "x", "-3", ""):
        told = asker.legacy("GET", f"/transactions.json?page={odd}", login=login).json()
        assert (told["status"], told["message"]) == ("ERROR", "page: dari 1 sampai 999999999")


def test_v2_lists_refuse_a_filter_that_they_do_not_have(asker):
    login = signed_in(asker)
    order = asker.ordered().json()["data"]["id"]
    for path in ("/users/info.json", "/transactions.json", f"/transactions/{order}.json"):
        told = asker.legacy("GET", f"{path}?state=paid", login=login).json()
        assert told["status"] == "ERROR"
        assert told["message"].startswith("state: filter tidak dikenal; ")


@pytest.mark.parametrize(("spelt", "stars"), [(True, 5), ("true", 5), ("1", 5), (False, 1), ("false", 1)])
def test_v2_takes_a_feedback_once_however_yes_and_no_are_spelt(asker, spelt, stars):
    login = signed_in(asker)
    paid = bought(asker)
    body = {"feedback": {"body": "Mantap gan", "positive": spelt}}

    def give(order=paid.order):
        told = asker.legacy("POST", f"/transactions/{order}/feedbacks.json", body, login=login)
        assert told.status == 200
        return told.json()

    early = "Ulasan dapat ditulis setelah kupon digunakan"
    assert give() == {"status": "ERROR", "message": early, "feedback": {}}
    asker.market.institution_client().redeem(paid.voucher)
    given = give()
    assert (given["status"], given["message"]) == ("OK", None)
    told, me = given["feedback"], asker.send("GET", "/me").json()["data"]
    assert told == {
        "id": int(f"9{paid.order}"),
        "transaction_id": int(paid.order),
        "transaction_no": told["transaction_no"],
        "sender_id": me["id"],
        "sender_name": me["name"],
        "sender_type": "User",
        "user_id": told["user_id"],
        "user_name": INSTITUTION,
        "body": "Mantap gan",
        "positive": stars == 5,
        "created_at": "2021-08-24T15:00:00+07:00",
        "updated_at": "2021-08-24T15:00:00+07:00",
    }
    assert [one.stars for one in asker.shopper.reviews(COURSE)] == [stars]
    one = asker.legacy("GET", f"/transactions/{paid.order}.json", login=login).json()["transactions"]
    said = {"positive": stars == 5, "body": "Mantap gan", "is_editable": False}
    assert one["feedback"] == {"for_seller": said, "for_buyer": None}
    assert (one["buyer"]["id"], one["seller"]["id"]) == (told["sender_id"], told["user_id"])
    assert one["transaction_id"] == told["transaction_no"]
    once = "Transaksi tidak terdaftar atau feedback sudah diberikan"
    refused = {"status": "ERROR", "message": once, "feedback": {}}
    assert give() == refused
    assert give("0") == refused


def test_v2_tells_all_that_is_wrong_in_one_text(asker):
    login = signed_in(asker)
    told = asker.legacy("POST", "/transactions/1/feedbacks.json", {"feedback": {}}, login=login)
    assert (told.status, told.json()["status"]) == (200, "ERROR")
    assert told.json()["message"].count(", ") == 1
