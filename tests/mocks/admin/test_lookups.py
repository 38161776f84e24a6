"""Whoever tests finds payments, orders, codes and accounts without logging in, and learns who may buy."""

from datetime import timedelta

import pytest

from prakerja_sim.simulator.marketplace import webhooks_outbox
from tests.mocks.market import COURSE, INSTITUTION, Market


@pytest.fixture(scope="module")
def market():
    """Ani has bought, Budi has not."""
    made = Market("tokopedia")
    ani, budi = made.enrol(0), made.enrol(1)
    made.order = made.bought(made.shopper(ani), ani)
    made.ani, made.budi = ani, budi
    return made


def get(market, path):
    return market.parties.transport("admin", market.sandbox).send("GET", path)


def told(market, path):
    answer = get(market, path)
    assert answer.status == 200, answer.body
    return answer.json()


def test_a_person_who_may_buy_breaks_no_rule(market):
    answer = told(market, f"/eligibility?person={market.budi.phone}&course={COURSE}")
    assert (answer["may_buy"], answer["reason"], answer["says"]) == (True, None, None)
    assert {one["holds"] for one in answer["rules"]} == {True}


def test_the_first_broken_rule_is_the_reason_with_the_values_that_decided(market):
    answer = told(market, f"/eligibility?person={market.ani.card}&course={COURSE}")
    assert (answer["may_buy"], answer["reason"]) == (False, "previous_unfinished")
    broken = [one for one in answer["rules"] if one["holds"] is False]
    assert [one["reason"] for one in broken] == [
        "previous_unfinished",
        "course_bought_before",
        "balance_too_low",
    ]
    assert broken[-1]["values"] == {"balance": 350_000, "amount": 650_000}
    assert broken[0]["rules"] == ["R16", "R18"]


def test_eligibility_is_asked_for_any_amount(market):
    path = f"/eligibility?person={market.budi.email.upper()}&course={COURSE}&amount="
    assert told(market, f"{path}650000")["may_buy"]
    assert told(market, f"{path}650001")["reason"] == "amount_unfit"


def test_a_payment_is_found_by_whatever_names_it(market):
    rows = told(market, "/payments")["payments"]
    assert len(rows) == 1
    (one,) = rows
    assert (one["person"], one["status"], one["amount"]) == (market.ani.name, "paid", 650_000)
    assert market.ani.card not in str(one)
    for query in (
        f"person={market.ani.card}",
        f"person=+62{market.ani.phone[1:]}".replace("+", "%2B"),
        f"invoice={one['invoice_code']}",
        f"transaction={one['transaction_code']}",
        f"course={COURSE}",
    ):
        assert told(market, f"/payments?{query}")["payments"] == rows
    for query in (f"person={market.budi.card}", "invoice=INV-0"):
        assert told(market, f"/payments?{query}")["payments"] == []


def test_an_order_is_shown_with_its_voucher_and_its_payment(market):
    (one,) = told(market, f"/orders?person={market.ani.card}")["orders"]
    assert (one["order"], one["voucher"], one["voucher_status"]) == (
        market.order.order,
        market.order.voucher,
        "issued",
    )
    (paid,) = told(market, f"/payments?invoice={one['invoice_code']}")["payments"]
    assert paid["transaction_code"] == one["transaction_code"]


def test_the_newest_come_last_and_a_limit_keeps_them():
    market = Market("tokopedia")
    buyers = [market.enrol(number) for number in range(5)]
    for buyer in buyers:
        market.bought(market.shopper(buyer), buyer)
        market.after(timedelta(minutes=1))
    payments, orders = told(market, "/payments")["payments"], told(market, "/orders")["orders"]
    assert [one["person"] for one in payments] == [buyer.name for buyer in buyers]
    assert [one["invoice_code"] for one in orders] == [one["invoice_code"] for one in payments]
    assert told(market, "/payments?limit=2")["payments"] == payments[-2:]
    assert told(market, "/orders?limit=2")["orders"] == orders[-2:]


def test_a_redeem_code_is_found_without_a_login(market):
    (paid,) = told(market, "/payments")["payments"]
    (code,) = told(market, f"/redeem-codes?person={market.ani.phone}")["redeem_codes"]
    assert code["redeem_code"] == paid["redeem_code"]
    assert (code["status"], code["person"]) == ("issued", market.ani.name)
    assert told(market, f"/redeem-codes?code={code['redeem_code']}")["redeem_codes"] == [code]


def test_a_person_s_accounts(market):
    answer = told(market, f"/accounts?person={market.ani.phone}")
    (account,) = answer["marketplaces"]
    assert (account["marketplace"], account["phone_verified"], account["pays_with_the_card"]) == (
        "tokopedia",
        True,
        True,
    )
    assert answer["incentives"] is None
    assert told(market, f"/accounts?person={market.budi.phone}")["marketplaces"] == []


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/payments?persn=x", 400),
        ("/payments?limit=0", 400),
        ("/payments?limit=1001", 400),
        ("/eligibility?person=nobody&course=x", 404),
        ("/eligibility?course=x", 400),
        ("/orders?person=nobody", 404),
        ("/accounts", 400),
    ],
)
def test_what_makes_no_sense_is_refused(market, path, status):
    assert get(market, path).status == status


def test_every_list_refuses_a_filter_that_it_does_not_have(market):
    lists = [
        one.path for one in market.parties.faces["admin"].endpoints if one.method == "GET" and one.sender
    ]
    assert len(lists) > 30
    for path in lists:
        answer = get(market, f"{path}?warna=hijau")
        assert answer.status == 400, path
        assert b"warna: no such filter; there are " in answer.body, path


KNOWN = {
    "/timeline?party=": ("prakerja", "clock"),
    "/timeline?asker=": ("client", "nobody"),
    "/timeline?reason=": ("otp_wrong", "otp_wrogn"),
    "/timeline?fault=": ("reply_lost", "reply_los"),
    "/timeline?command=": ("payment.authorize", "payment.autorize"),
    "/requests?party=": ("tokopedia", "tokopedai"),
    "/webhooks?marketplace=": ("bukalapak", "bukalapka"),
    "/inbox/webhooks?target=": ("tokopedia/default", "tokopedia/defualt"),
    "/ledger/statements?party=": (INSTITUTION, "lp-lian"),
    "/reconciliation?party=": ("tokopedia", "shopee"),
    "/redeem-codes?institution=": (INSTITUTION, "lp-lian"),
}


@pytest.mark.parametrize("query", KNOWN)
def test_a_value_that_nothing_here_has_is_refused_and_not_searched_in_vain(market, query):
    known, unknown = KNOWN[query]
    market.sandbox.do(webhooks_outbox.register, party="tokopedia", name="default", url="inbox:")
    assert get(market, query + known).status == 200
    answer = get(market, query + unknown)
    assert answer.status == 400
    name = query.partition("?")[2][:-1]
    assert f"{name}: '{unknown}' is not known here; there are " in answer.body.decode()


@pytest.mark.parametrize("path", ["/payments", "/orders", "/redeem-codes"])
def test_a_course_that_is_none_is_refused(market, path):
    assert get(market, f"{path}?course={COURSE}").status == 200
    answer = get(market, f"{path}?course=nothing")
    assert (answer.status, answer.json()["error"]["code"]) == (409, "course_unknown")
