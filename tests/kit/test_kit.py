"""The Python API: what a partner's test does with a sandbox, in this process and at a URL."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import requests

import prakerja_sim
from prakerja_sim.simulator.world.faults import FAULTS
from tests.kit.partner import Shop
from tests.live import Live


@pytest.fixture(scope="module")
def server() -> Iterator[prakerja_sim.Server]:
    with prakerja_sim.serve() as server:
        yield server


@pytest.fixture
def box(server: prakerja_sim.Server) -> Iterator[prakerja_sim.Sandbox]:
    with server.lease() as box:
        yield box


@pytest.fixture
def shop(box: prakerja_sim.Sandbox) -> Shop:
    env = box.env("tokopedia")
    return Shop(requests, env["PRAKERJA_BASE_URL"], env)


@pytest.fixture
def buyer(box):
    return box.person()


@pytest.fixture
def course(box):
    return box.course("barista-dasar", price=650_000)


def test_a_purchase_is_seen_from_all_sides(box, shop, buyer, course):
    assert box.may_buy(buyer, course)
    paid = shop.buys(box, buyer, course)["data"]
    payment = box.payments.by_invoice("INV-1")
    assert (payment.transaction_code, payment.person, payment.amount, payment.status) == (
        paid["transaction_code"],
        buyer.name,
        650_000,
        "paid",
    )
    assert box.payments.of(buyer) == box.payments.all() == [payment]
    assert buyer.balance == box.ledger.balance(f"card:{buyer.card}") == 350_000
    assert box.ledger.accounts["institution:lp-kopi"] == 650_000
    assert [one.event for one in box.ledger.transfers(f"card:{buyer.card}")] == ["grant", "purchase"]
    (code,) = box.redeem_codes.of(buyer)
    assert (code.redeem_code, code.person, code.course_code) == (
        payment.redeem_code,
        buyer.name,
        "barista-dasar",
    )
    refused = box.may_buy(buyer, course)
    assert (bool(refused), refused.reason) == (False, "previous_unfinished")
    assert "authorize" in box.timeline("text", person=buyer)
    assert box.timeline("mermaid").startswith("sequenceDiagram")
    box.check()


def test_the_same_classes_work_at_a_url(live: Live):
    server = prakerja_sim.connect(live.url + "/")
    with server.lease() as box:
        env = box.env("pijar")
        assert env["PRAKERJA_BASE_URL"].startswith(live.url)
        shop, buyer, course = (
            Shop(requests, env["PRAKERJA_BASE_URL"], env),
            box.person(),
            box.course("x", price=1000),
        )
        with box.faults.reply_lost("payment/authorize") as lost, pytest.raises(requests.ConnectionError):
            shop.buys(box, buyer, course)
        assert [one.lost for one in lost.struck] == ["reply_lost"]
        assert buyer.balance == 999_000
        box.check()
        name = box.name
    assert name not in server.sandboxes()


def test_a_code_is_handed_out_once(box, shop, buyer, course):
    shop.asks(buyer, course)
    first = box.sms.otp(buyer)
    with pytest.raises(
        prakerja_sim.Mismatch, match=rf"no new code came to {buyer.name} .*; 2 came before"
    ) as none:
        box.sms.otp(buyer)
    assert none.value.reason == "no_message"
    box.clock.advance("61s")
    shop.asks(buyer, course)
    assert box.sms.otp(buyer, wait=5) != first
    assert [one.otp for one in box.sms.received(buyer)][1:] != [first]


def test_a_lost_text_names_the_fault(box, shop, buyer, course):
    with box.faults.sms_lost(buyer.phone) as lost:
        shop.asks(buyer, course)
    assert [one.path for one in lost.struck] == ["/api/v1/integration/payment/send-otp"]
    with pytest.raises(prakerja_sim.Mismatch, match="sms_lost struck 1 times"):
        box.sms.otp(buyer)


def test_mail_is_read_in_turn(box):
    siti = box.person()
    assert box.mail.newest(siti).subject == "Anda lolos Kartu Prakerja"
    assert len(box.mail.received(siti)) == 1
    with pytest.raises(prakerja_sim.Mismatch, match="no new e-mail"):
        box.mail.newest(siti)


def test_the_clock_moves_by_hand_and_tells_what_happened(box, buyer):
    assert box.clock.now.isoformat() == "2021-11-01T09:00:00+07:00"
    assert box.clock.advance("301s") == []
    box.clock.advance(timedelta(minutes=4, seconds=59))
    assert box.clock.now.isoformat() == "2021-11-01T09:10:00+07:00"
    due = box.clock.next
    happened = box.clock.step()
    assert box.clock.now == due == happened[0].at
    lapsed = [one for one in happened if one.event == "first_purchase_deadline"]
    assert [(one.rules, one.moved[0].amount) for one in lapsed] == [(("R06", "R07"), 1_000_000)]
    box.clock.set(datetime.fromisoformat("2021-12-02T10:00:00+07:00"))
    with pytest.raises(prakerja_sim.Refused, match="clock"):
        box.clock.set("2021-12-01 09:00:00")


def test_a_person_is_brought_to_what_is_not_under_test(box, buyer, course):
    paid = box.bring(buyer, "paid", marketplace="pijar", course=course)
    assert box.payments.by_invoice(paid["invoice_code"]).marketplace == "pijar"
    assert buyer.balance == 350_000
    redeemed = box.bring(buyer, "redeemed")
    assert [one.status for one in box.redeem_codes.of(buyer)] == ["redeemed"]
    assert box.redeem_codes.of(buyer)[0].redeem_code == redeemed["redeem_code"] == paid["redeem_code"]
    box.check()


# Snapshots


def test_a_sandbox_goes_on_from_a_snapshot(server, box, shop, buyer, course):
    token = shop.asks(buyer, course)["data"]["payment_token"]
    first = box.sms.otp(buyer)
    kept = box.snapshot()
    assert shop.pays(token, first)["success"]
    box.restore(kept)
    box.clock.advance("61s")
    shop.asks(buyer, course)
    again = box.sms.otp(buyer)
    box.restore(kept)
    assert (buyer.balance, box.clock.now.day, box.payments.of(buyer)[0].status) == (
        1_000_000,
        1,
        "awaiting_otp",
    )
    box.clock.advance("61s")
    shop.asks(buyer, course)
    assert box.sms.otp(buyer) == again != first, "it comes anew and was not seen in this world"
    with server.lease(snapshot=kept) as other:
        assert [one.status for one in other.payments.all()] == ["awaiting_otp"]
        assert box.clock.now - other.clock.now == timedelta(seconds=61)


def test_a_fork_parts_by_what_is_done_there(server, box, shop, buyer, course):
    token = shop.asks(buyer, course)["data"]["payment_token"]
    otp = box.sms.otp(buyer)
    with box.fork() as there:
        assert box.diff(there)["same"]
        with pytest.raises(prakerja_sim.Mismatch, match="no new code"):
            there.sms.otp(buyer)
        shop.pays(token, otp)
        assert {one["kind"] for one in box.diff(there)["records"]} >= {"Payment", "Account"}
        assert (buyer.balance, there.ledger.balance(f"card:{buyer.card}")) == (350_000, 1_000_000)
    assert there.name not in server.sandboxes()


# Faults


def test_every_fault_of_the_catalogue_has_its_method(box):
    methods = {name for name in vars(type(box.faults)) if not name.startswith("_")} - {"arm"}
    assert methods == FAULTS.keys()
    for name in FAULTS:
        armed = getattr(box.faults, name)()
        assert armed.fault == name
        assert armed.disarm() == 0


def test_a_fault_at_a_place_that_is_none_is_refused_with_the_remedy(box):
    with pytest.raises(prakerja_sim.Refused, match="did you mean 'payment/authorize'") as refused:
        box.faults.reply_lost("payment/authorise")
    assert refused.value.reason == "fault_nowhere"


def test_a_fault_ends_with_its_block_and_must_have_struck(box, shop, buyer, course):
    unused = "reply_lost at 'payment/void' never struck"
    with pytest.raises(prakerja_sim.Mismatch, match=unused), box.faults.reply_lost("payment/void"):
        pass
    with box.faults.request_lost("send-otp", times=5), pytest.raises(requests.ConnectionError):
        shop.asks(buyer, course)
    assert shop.asks(buyer, course)["success"]


def test_what_fails_within_a_fault_is_not_hidden_by_it(box):
    with pytest.raises(ZeroDivisionError), box.faults.reply_lost("payment/void"):
        raise ZeroDivisionError


# Calls


def test_calls_are_asserted_by_path_body_and_order(box, shop, buyer, course):
    shop.buys(box, buyer, course)
    shop.post("/payment/status", {"invoice_code": "INV-1"})
    box.calls.assert_called("payment/authorize", body={"invoice_code": "INV-1"}, times=1, status=200)
    box.calls.assert_called("send-otp", body={"prakerja_id": buyer.card, "amount": 650_000}, party="prakerja")
    (paid,) = box.calls.assert_called("payment/authorize", answer={"data.invoice_code": "INV-1"})
    assert paid.status == 200
    box.calls.assert_not_called("payment/void")
    box.calls.assert_sequence(
        "send-otp", "payment/authorize", {"path": "status", "body": {"invoice_code": "INV-1"}}
    )


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (
            lambda calls: calls.assert_called("authorize", body={"invoice_code": "INV-2"}),
            [
                "authorize with body {'invoice_code': 'INV-2'}: expected at least 1, found 0",
                "is 'INV-1', not 'INV-2'",
            ],
        ),
        (
            lambda calls: calls.assert_called("authorize", answer={"data.amount": 1}),
            ["answer.data.amount is 650000, not 1"],
        ),
        (lambda calls: calls.assert_called("authorize", times=2), ["authorize: expected 2, found 1"]),
        (lambda calls: calls.assert_not_called("authorize"), ["authorize: expected 0, found 1"]),
        (lambda calls: calls.assert_called("send-otp", status=400), ["status is 200, not 400"]),
        (
            lambda calls: calls.assert_called("payment/void"),
            [
                "nearly: ",
                "path is '/api/v1/integration/payment/authorize', not 'payment/void'",
                "there was: ",
            ],
        ),
        (
            lambda calls: calls.assert_sequence("authorize", "send-otp"),
            ["authorize then send-otp: in_order.1 was not found after exchange"],
        ),
    ],
)
def test_a_wrong_claim_tells_the_nearest_misses(box, shop, buyer, course, claim, told):
    shop.buys(box, buyer, course)
    with pytest.raises(prakerja_sim.Mismatch) as wrong:
        claim(box.calls)
    for words in told:
        assert words in str(wrong.value)


# The check at the end


def test_a_fault_that_never_struck_fails_the_check(box):
    box.faults.sms_lost()
    with pytest.raises(
        prakerja_sim.Mismatch, match="the fault sms_lost at anywhere was armed and never struck"
    ):
        box.check()


def test_a_difference_between_two_parties_names_person_invoice_and_transfers(box, shop, buyer):
    course = box.course("mahal", price=1_000_000)
    token = shop.post(
        "/payment/send-otp",
        {
            "prakerja_id": buyer.card,
            "user_platform_id": "b",
            "course_code": "mahal",
            "schedule_code": course.schedule_code,
            "amount": 1000,
        },
    )["data"]["payment_token"]
    shop.pays(token, box.sms.otp(buyer), "INV-7")
    with pytest.raises(prakerja_sim.Mismatch) as wrong:
        box.check()
    (told,) = wrong.value.values["problems"]
    for words in ("paid_below_half", "INV-7", f"bought by {buyer.name} (mahal)", "purchase 1,000 card:"):
        assert words in told


# Servers


def test_an_address_at_which_nobody_answers_is_said_so():
    with pytest.raises(prakerja_sim.Unreachable, match=r"is `prakerja-sim serve` running\?"):
        prakerja_sim.connect("http://127.0.0.1:9")
    with pytest.raises(prakerja_sim.Unreachable, match="write it as http://"):
        prakerja_sim.connect("localhost")


def test_a_refusal_has_the_servers_reason(server, box):
    with pytest.raises(prakerja_sim.Refused) as taken:
        server.lease(box.name, seed=7)
    assert taken.value.reason == "sandbox_taken"
    assert box.name in taken.value.message
    with pytest.raises(prakerja_sim.Mismatch, match="0 payments have the invoice 'INV-9'; there are: none"):
        box.payments.by_invoice("INV-9")


def test_a_sandbox_is_leased_with_what_it_shall_hold(server):
    with server.lease(
        people=[{"name": "Siti Aminah", "born": "1990-05-17"}],
        courses=[
            {"code": "x", "title": "X", "category": "Keuangan", "institution": "lp-kopi", "price": 5000}
        ],
        clients=[{"party": "tokopedia", "client_code": "mine", "sign_key": "key"}],
        faults=[{"fault": "reply_lost", "where": "payment/void"}],
        settings={"otp_digits": 4},
        start="2021-11-02 10:00:00",
        ttl="10m",
    ) as box:
        (siti,), (course,) = box.people, box.courses
        assert (siti.name, siti.balance, course.price) == ("Siti Aminah", 1_000_000, 5000)
        assert box.env("tokopedia")["PRAKERJA_CLIENT_CODE"] == "mine"
        assert box.clock.now.day == 2
        env = box.env("tokopedia")
        shop = Shop(requests, env["PRAKERJA_BASE_URL"], env)
        shop.asks(siti, course)
        assert len(box.sms.otp(siti)) == 4
        with pytest.raises(
            prakerja_sim.Mismatch, match="reply_lost at payment/void was armed and never struck"
        ):
            box.check()


def test_the_demo_fills_a_sandbox(server):
    with server.lease(fill=True) as box:
        assert len(box.people) == 5
        assert "spreadsheet" in {one.course_code for one in box.courses}


def test_a_person_may_be_ones_own(box):
    budi = box.person(name="Budi Santoso", email="budi@example.com", phone="084012345678", wave=22)
    assert (budi.name, budi.email, budi.phone, budi.wave) == (
        "Budi Santoso",
        "budi@example.com",
        "084012345678",
        22,
    )


def test_the_same_seed_gives_the_same_people(server):
    with server.lease(seed=7) as one, server.lease(seed=7) as two, server.lease(seed=8) as other:
        assert one.person() == two.person() != other.person()


def test_a_credential_is_made_once(box):
    assert box.credential("lp-kopi") == box.credential("lp-kopi")
    assert box.credential("lp-kopi").client_code != box.credential("lp-niaga").client_code


def test_with_tls_the_environment_says_whom_to_trust(monkeypatch):
    with prakerja_sim.serve(tls=True) as server, server.lease() as box:
        env = box.env("tokopedia")
        for name in ("REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "NO_PROXY"):
            monkeypatch.setenv(name, env[name])
        buyer, course = box.person(), box.course("x", price=1000)
        assert env["PRAKERJA_BASE_URL"].startswith("https://127.0.0.1:")
        assert Shop(requests, env["PRAKERJA_BASE_URL"], env).buys(box, buyer, course)["success"]
        real = Shop(requests, "https://api.prakerja.go.id", env)
        assert real.post("/payment/status", {"invoice_code": "INV-1"})["success"]


def test_a_server_that_was_closed_answers_no_more():
    server = prakerja_sim.serve()
    assert requests.get(f"{server.url}/healthz", timeout=10).json() == {"status": "ok"}
    server.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{server.url}/healthz", timeout=10)
