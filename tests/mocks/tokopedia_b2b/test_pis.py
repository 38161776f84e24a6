"""Vouchers from their institution: bought over the encrypted wire, retried on the clock, else paid back."""

import orjson
import pytest

from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.shop import access_tokens
from prakerja_sim.mocks.tokopedia_b2b import pis
from prakerja_sim.simulator.audit import reconciliation
from prakerja_sim.simulator.institution.records import Supplied
from prakerja_sim.simulator.marketplace.records import Refund, RefundStatus
from prakerja_sim.simulator.marketplace.supply import VOUCHER_PATTERN
from prakerja_sim.simulator.marketplace.supply_records import Supply, SupplyStatus
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.store import Unit

COURSE = "barista-101"
MINUTE = 60 * SECOND
AGAIN = 5 * MINUTE


@pytest.fixture
def live(begin):
    market = begin(Settings(live_suppliers=True))
    yield market
    assert market.is_sound(), (market.sandbox.stopped, market.parties.bugs)


class Buyer:
    """Somebody who has entered his OTP."""

    def __init__(self, market, *faults, number=0):
        self.market, self.me = market, market.enrol(number)
        self.shopper = market.shopper(self.me)
        self.order = market.carded(self.shopper, self.me)
        for fault, where, times in faults:
            market.sandbox.arm(fault, where, times)
        self.outcome = self.shopper.enter_otp(self.order, market.otp(self.me))

    @property
    def seen(self):
        return self.shopper.order(self.order)

    def supply(self):
        return self.market.sandbox.ask(Unit.need, kind=Supply, key=self.order)

    def sold(self):
        return self.market.sandbox.ask(Unit.find, kind=Supplied)


def test_without_the_setting_vouchers_come_from_a_pool(market):
    ani = Buyer(market)
    assert (ani.outcome, ani.seen.voucher[:4], ani.sold()) == ("paid", "TKPD", [])


def test_the_institutions_voucher_is_in_history_and_mail_and_opens_its_course(live):
    ani = Buyer(live)
    [sold] = ani.sold()
    assert (ani.outcome, ani.seen.status, ani.seen.voucher) == ("paid", "issued", sold.voucher)
    assert (sold.buyer, sold.course, sold.void) == (ani.me.phone, COURSE, False)
    assert sold.voucher in live.mails(ani.me)[-1].text
    assert live.learn("redeem", voucher_code=sold.voucher)["course_code"] == COURSE
    assert ani.shopper.enter_otp(ani.order, "000000") == "paid"
    assert len(ani.sold()) == 1


def test_nothing_of_it_can_be_read_on_the_way(live, monkeypatch):
    seen = []
    send = InProcess.send

    def watched(self, method, path, headers=None, body=b""):
        answer = send(self, method, path, headers, body)
        if "/pis/" in path:
            seen.append((path, headers, body, answer))
        return answer

    monkeypatch.setattr(InProcess, "send", watched)
    ani = Buyer(live)
    assert [path.rpartition("/")[2] for path, *_ in seen] == ["token", "inquiry", "payment"]
    for _, headers, body, answer in seen:
        assert headers["Content-Type"] == answer.headers["Content-Type"] == "application/octet-stream"
        for raw in (body, answer.body):
            assert ani.me.phone.encode() not in raw
            assert ani.seen.voucher.encode() not in raw
        ours = key_pairs.pair(42, "kopi-kita").public_key()
        assert key_pairs.is_signed(ours, answer.body, answer.headers["Signature"])


@pytest.mark.parametrize(("failures", "status"), [(1, "issued"), (4, "issued"), (5, "refunded")])
def test_a_failed_call_is_made_again_five_times_then_the_money_goes_back(live, failures, status):
    ani = Buyer(live, ("supply_failed", "kopi-kita", failures))
    assert (ani.outcome, ani.seen.status, live.balance(ani.me)) == ("pending", "pending", 350_000)
    live.after(AGAIN - SECOND)
    assert ani.supply().attempts == 1
    for _ in range(min(failures, 4)):
        assert ani.seen.status == "pending"
        live.after(AGAIN)
    assert ani.seen.status == status
    assert live.balance(ani.me) == (350_000 if status == "issued" else 1_000_000)
    assert len(ani.sold()) == (status == "issued")
    kept = live.sandbox.ask(Unit.find, kind=Refund)
    assert [(one.order, one.asker, one.status) for one in kept] == (
        [] if status == "issued" else [(ani.order, "marketplace", RefundStatus.PAID_BACK)]
    )
    assert ("Dana dikembalikan" in [mail.subject for mail in live.mails(ani.me)]) is bool(kept)
    assert live.sandbox.ask(reconciliation.discrepancies) == []
    live.after(100 * MINUTE)
    assert ani.seen.status == status


def test_who_has_no_voucher_left_says_so_once_and_the_money_goes_back_at_once(live):
    ani = Buyer(live, ("supply_refused", "kopi-kita", 1))
    assert (ani.seen.status, live.balance(ani.me), ani.sold()) == ("refunded", 1_000_000, [])
    live.after(MINUTE)
    again = live.carded(ani.shopper, ani.me)
    assert ani.shopper.enter_otp(again, live.otp(ani.me)) == "paid"


@pytest.mark.parametrize(
    "fault",
    [("request_lost", "pis/payment", 1), ("reply_lost", "pis/payment", 1), ("supply_slow", "kopi-kita", 1)],
)
def test_after_silence_it_is_asked_what_became_of_it_and_one_voucher_is_sold(live, fault):
    ani = Buyer(live, fault)
    assert (ani.outcome, ani.seen.status) == ("pending", "pending")
    live.after(AGAIN)
    assert (ani.seen.status, ani.seen.voucher) == ("issued", ani.sold()[0].voucher)
    assert len(ani.sold()) == 1
    assert live.balance(ani.me) == 350_000


@pytest.mark.parametrize("what", ["token", "inquiry"])
def test_silence_before_the_payment_is_retried_too(live, what):
    ani = Buyer(live, ("request_lost", f"pis/{what}", 2))
    live.after(3 * AGAIN)
    assert ani.seen.status == "issued"


def test_a_supplier_who_never_answers_is_given_up(live):
    ani = Buyer(live, ("request_lost", "pis/token", 10_000))
    assert ani.outcome == "pending"
    live.after(4 * AGAIN - SECOND)
    assert ani.seen.status == "pending"
    live.after(SECOND)
    assert (ani.seen.status, live.balance(ani.me)) == ("refunded", 1_000_000)


def test_a_refund_that_prakerja_does_not_answer_is_asked_for_again(live):
    ani = Buyer(live, ("reply_lost", "payment/void", 1), ("supply_refused", "kopi-kita", 1))
    assert ani.supply().status is SupplyStatus.GIVEN_UP
    live.after(AGAIN)
    assert (ani.seen.status, live.balance(ani.me)) == ("refunded", 1_000_000)


@pytest.mark.parametrize("silent", ["payment/void", "payment/status"])
def test_a_refund_is_asked_for_as_long_as_prakerja_is_silent(live, silent):
    ani = Buyer(live, ("request_lost", "payment/void", 1), ("supply_refused", "kopi-kita", 1))
    live.sandbox.arm("request_lost", silent, 3)
    live.after(3 * AGAIN)
    assert live.sandbox.ask(Unit.get, kind=Refund, key=ani.order) is None
    live.after(AGAIN)
    assert live.sandbox.ask(Unit.need, kind=Refund, key=ani.order).status is RefundStatus.PAID_BACK
    assert live.balance(ani.me) == 1_000_000


def test_a_bill_that_has_become_dearer_is_not_paid(live):
    def dearer(world):
        world.put(world.need(Course, COURSE).but(price=type(world.need(Course, COURSE).price)(700_000)))

    ani = live.enrol()
    shopper = live.shopper(ani)
    order = live.carded(shopper, ani)
    live.sandbox.store.run("default", dearer)
    shopper.enter_otp(order, live.otp(ani))
    assert (shopper.order(order).status, live.balance(ani)) == ("refunded", 1_000_000)
    assert live.sandbox.ask(Unit.need, kind=Supply, key=order).told.startswith("44 ")


@pytest.mark.parametrize("voucher", ["", "TIGA", "ada spasi", "#####", "x" * 65, "%Y%Y"])
def test_what_cannot_be_a_voucher_is_not_handed_out(voucher):
    assert bool(VOUCHER_PATTERN.fullmatch(voucher)) is (voucher == "TIGA")


# The institution's end, by its codes


@pytest.fixture
def supplier(live):
    credential = live.sandboxes.credential_of(live.sandbox, "kopi-kita")
    return pis.Supplier(
        live.parties.transport("institution", live.sandbox),
        "kopi-kita",
        credential.client_code,
        credential.sign_key,
        key_pairs.pair(42, "tokopedia"),
        key_pairs.pair(42, "kopi-kita").public_key(),
        live.sandbox.now(),
        {},
    )


def bought(supplier, reference="R-1", **changed):
    wanted = {"ref_id": reference, "category": pis.CATEGORY, "product_code": COURSE}
    told = supplier.ask("inquiry", **wanted)
    more = {"partner_inquiry_id": told.fields["partner_inquiry_id"], "total_amount": 650_000} | changed
    return supplier.ask("payment", **(wanted | more))


def test_the_calls_answer_what_is_documented(supplier):
    assert supplier.ask("health-check").code == "00"
    told = supplier.ask("inquiry", ref_id="R-1", product_code=COURSE)
    assert (told.fields["total_amount"], told.fields["is_open_amount"]) == (650_000, False)
    paid = bought(supplier)
    assert (paid.code, paid.message, paid.fields["ref_id"]) == ("00", "Success", "R-1")
    assert paid.fields["bill_details"][-1] | {"value": ""} == {
        "name": "Kode Voucher", "value": "", "is_pii": False, "is_show": True,
    }  # fmt: skip
    assert supplier.ask("check-status", ref_id="R-1").detail("Kode Voucher") == paid.detail("Kode Voucher")
    assert supplier.ask("void-refund", ref_id="R-1").code == "00"
    assert supplier.ask("void-refund", ref_id="R-1").fields["partner_ref_id"]
    assert supplier.ask("balance").fields["balance"] == 0


@pytest.mark.parametrize(
    ("what", "fields", "code"),
    [
        ("inquiry", {"ref_id": "R", "product_code": "tidak-ada"}, "11"),
        ("inquiry", {"ref_id": "R"}, "42"),
        ("inquiry", {"ref_id": "R", "product_code": 1}, "42"),
        ("inquiry", {"ref_id": "", "product_code": COURSE}, "42"),
        ("inquiry", {"ref_id": "x" * 65, "product_code": COURSE}, "42"),
        ("payment", {"ref_id": "R", "product_code": COURSE, "total_amount": 650_000}, "42"),
        ("check-status", {"ref_id": "R"}, "12"),
        ("check-status", {"ref_id": ["R"]}, "42"),
        ("void-refund", {"ref_id": "R"}, "12"),
        ("token", {"client_id": "x", "client_secret": "y"}, "31"),
    ],
)
def test_what_makes_no_sense_is_told_by_its_code_and_changes_nothing(live, supplier, what, fields, code):
    before = live.sandbox.digest()
    assert supplier.ask(what, **fields).code == code
    assert live.sandbox.digest() == before


def test_amounts_and_references_are_held_to(supplier):
    assert bought(supplier, total_amount=1).code == "44"
    assert bought(supplier, total_amount="650000").code == "44"
    assert bought(supplier).code == "00"
    assert bought(supplier).code == "13"


@pytest.mark.parametrize(("after", "fetched"), [(3599, 1), (3600, 2)])
def test_a_token_is_fetched_every_hour(live, supplier, monkeypatch, after, fetched):
    asked = []
    send = InProcess.send
    monkeypatch.setattr(
        InProcess,
        "send",
        lambda self, method, path, *rest: asked.append(path) or send(self, method, path, *rest),
    )
    Buyer(live)
    live.after(after * SECOND)
    Buyer(live, number=1)
    assert sum(path.endswith("pis/token") for path in asked) == fetched


def test_a_token_that_is_no_good_is_fetched_again_once(live, supplier):
    supplier.tokens["kopi-kita"] = ("wrong", supplier.now)
    assert supplier.ask("health-check").code == "00"
    live.after(7200 * SECOND)
    assert supplier.ask("health-check").code == "00"


def test_who_is_not_the_marketplace_is_told_nothing(live, supplier):
    before = live.sandbox.digest()
    key, raw = pis.sealed(supplier.theirs, b'{"ref_id": "R-1"}')
    path = "/kopi-kita/pis/check-status"
    strange = key_pairs.sign(key_pairs.pair(42, "kopi-kita"), raw)
    good = key_pairs.sign(supplier.ours, raw)
    other = key_pairs.sign(supplier.ours, b"x" * 40)
    for headers, body, code in (
        ({}, raw, "32"),
        ({"Key": key, "Signature": strange}, raw, "32"),
        ({"Key": key, "Signature": good}, raw + b"x", "32"),
        ({"Key": "x", "Signature": good}, raw, "33"),
        ({"Signature": good}, raw, "33"),
        ({"Key": key, "Signature": other}, b"x" * 40, "33"),
    ):
        answer = supplier.transport.send("POST", path, headers, body)
        assert answer.json()["response_code"] == code
    answer = supplier.transport.send("POST", path, {"Key": key, "Signature": good}, raw)
    assert supplier._read(answer).code == "30"
    assert supplier.transport.send("POST", "/nobody/pis/token", {}, b"").status == 404
    assert live.sandbox.digest() == before


# An order that is under way for long


def slow(begin, **settings):
    """A world in which the institution takes its time over what it has taken up."""
    return begin(Settings(live_suppliers=True, **settings))


@pytest.mark.parametrize(
    ("hours", "asked"),
    [(1, 12), (2, 24), (3, 28), (5, 36)],
)
def test_what_is_under_way_is_asked_about_less_often_after_some_hours(begin, monkeypatch, hours, asked):
    market = slow(begin, supplier_slow_seconds=6 * 3600, supplier_patience=86_400)
    ani = Buyer(market, ("supply_slow", "kopi-kita", 1))
    paths = watched(monkeypatch)
    market.after(hours * 60 * MINUTE)
    assert (paths.count("check-status"), paths.count("payment"), ani.seen.status) == (asked, 0, "pending")
    market.after(6 * 60 * MINUTE)
    assert (ani.seen.status, ani.seen.voucher) == ("issued", ani.sold()[0].voucher)
    assert market.is_sound()


def watched(monkeypatch):
    """Which calls are made to suppliers from now on."""
    asked = []
    send = InProcess.send

    def noting(self, method, path, *rest):
        if "/pis/" in path:
            asked.append(path.rpartition("/")[2])
        return send(self, method, path, *rest)

    monkeypatch.setattr(InProcess, "send", noting)
    return asked


@pytest.mark.parametrize(("minutes", "status"), [(89, "pending"), (90, "refunded")])
def test_what_is_under_way_for_too_long_is_paid_back(begin, minutes, status):
    market = slow(begin, supplier_slow_seconds=86_400)
    ani = Buyer(market, ("supply_slow", "kopi-kita", 1))
    market.after(minutes * MINUTE)
    assert (ani.seen.status, ani.sold()[0].void) == (status, status == "refunded")
    assert market.balance(ani.me) == (1_000_000 if status == "refunded" else 350_000)
    assert market.is_sound()


# Callbacks


@pytest.fixture
def calling(begin):
    market = slow(begin, supplier_slow_seconds=120, supplier_callbacks=True)
    yield market
    assert market.is_sound(), (market.sandbox.stopped, market.parties.bugs)


def test_a_supplier_calls_back_when_the_voucher_is_there(calling, monkeypatch):
    ani = Buyer(calling, ("supply_slow", "kopi-kita", 1))
    paths = watched(monkeypatch)
    calling.after(2 * MINUTE - SECOND)
    assert (ani.seen.status, paths) == ("pending", [])
    calling.after(SECOND)
    assert (ani.seen.status, ani.seen.voucher, paths) == ("issued", ani.sold()[0].voucher, ["callback"])
    assert ani.sold()[0].voucher in calling.mails(ani.me)[-1].text
    calling.after(100 * MINUTE)
    assert paths == ["callback"]
    assert calling.balance(ani.me) == 350_000


@pytest.mark.parametrize(
    ("fault", "where"),
    [("request_lost", "pis/callback"), ("reply_lost", "pis/callback"), ("request_lost", "/token")],
)
def test_a_callback_that_is_lost_is_made_again_and_counts_once(calling, fault, where):
    ani = Buyer(calling, ("supply_slow", "kopi-kita", 1))
    calling.sandbox.arm(fault, where, 1)
    calling.after(2 * MINUTE)
    assert ani.sold()[0].calling
    assert ani.seen.status == ("issued" if fault == "reply_lost" else "pending")
    calling.after(5 * MINUTE)
    assert (ani.seen.status, ani.sold()[0].calling) == ("issued", False)
    assert calling.balance(ani.me) == 350_000


def test_a_callback_that_never_arrives_is_given_up_and_asking_finds_the_voucher(calling):
    ani = Buyer(calling, ("supply_slow", "kopi-kita", 1))
    calling.sandbox.arm("request_lost", "pis/callback", 1000)
    calling.after(2 * MINUTE)
    assert ani.seen.status == "pending"
    calling.after(3 * MINUTE)
    assert ani.seen.status == "issued"
    calling.after(90 * MINUTE)
    assert not ani.sold()[0].calling


def called_back(market, told, *, owner="kopi-kita", guid=None, seal=True, token=None):
    """A callback by hand."""
    credential = market.sandboxes.credential_of(market.sandbox, owner)
    key, raw = pis.sealed(key_pairs.pair(42, "tokopedia").public_key(), orjson.dumps(told))
    headers = {"Client-Guid": credential.client_code if guid is None else guid, "Key": key if seal else "x"}
    headers["Authorization"] = f"Bearer {access_tokens.issue(credential) if token is None else token}"
    headers["Signature"] = key_pairs.sign(key_pairs.pair(42, owner), raw)
    return market.wire.send("POST", "/partner/api/v1/pis/callback", headers, raw)


def test_a_known_end_is_not_changed_by_a_callback(calling):
    ani = Buyer(calling)
    before = calling.sandbox.digest()
    for code in ("00", "01", "02", "50"):
        told = {"ref_id": ani.order, "response_code": code, "message": ""}
        assert called_back(calling, told).json()["response_code"] == "00"
    assert (ani.seen.status, calling.sandbox.digest()) == ("issued", before)


def test_a_callback_may_say_that_nothing_will_come(calling):
    ani = Buyer(calling, ("supply_slow", "kopi-kita", 1))
    assert called_back(calling, {"ref_id": ani.order, "response_code": "50"}).json()["response_code"] == "00"
    assert (ani.seen.status, calling.balance(ani.me)) == ("refunded", 1_000_000)
    calling.after(100 * MINUTE)
    assert ani.seen.status == "refunded"


@pytest.mark.parametrize(
    ("changed", "how", "told"),
    [
        ({}, {"guid": ""}, (401, "31")),
        ({}, {"guid": "somebody"}, (401, "31")),
        ({}, {"token": ""}, (401, "31")),
        ({}, {"seal": False}, (200, "33")),
        ({"ref_id": "0000000000"}, {}, (200, "12")),
        ({"ref_id": 1}, {}, (200, "42")),
        ({"response_code": None}, {}, (200, "42")),
        ({}, {"owner": "kue-kita"}, (200, "12")),
    ],
)
def test_a_callback_that_is_not_to_be_believed_changes_nothing(calling, changed, how, told):
    calling.list_course("kue-101", 100_000, institution="kue-kita")
    ani = Buyer(calling, ("supply_slow", "kopi-kita", 1))
    calling.sandboxes.credential_of(calling.sandbox, "kue-kita")
    before = calling.sandbox.digest()
    fields = {"ref_id": ani.order, "response_code": "00", "message": "Success"} | changed
    answer = called_back(calling, fields, **how)
    assert (answer.status, answer.json()["response_code"]) == told
    assert calling.sandbox.digest() == before


def test_a_callback_is_believed_by_its_signature_only(calling):
    ani = Buyer(calling, ("supply_slow", "kopi-kita", 1))
    credential = calling.sandboxes.credential_of(calling.sandbox, "kopi-kita")
    headers = {
        "Client-Guid": credential.client_code,
        "Authorization": f"Bearer {access_tokens.issue(credential)}",
    }
    before = calling.sandbox.digest()
    for raw in (b"", b"x", orjson.dumps({"ref_id": ani.order, "response_code": "00"})):
        answer = calling.wire.send("POST", "/partner/api/v1/pis/callback", headers, raw)
        assert answer.json()["response_code"] == "32"
    assert calling.sandbox.digest() == before


# Health checks


def health(market):
    return market.admin("GET", "/suppliers")["health"]


def test_suppliers_are_asked_every_five_minutes_if_they_are_there(begin, monkeypatch):
    market = slow(begin, supplier_health_checks=True)
    paths = watched(monkeypatch)
    market.after(60 * MINUTE)
    assert (health(market), paths) == ([], [])
    Buyer(market)
    assert (health(market)[0]["checked_at"], health(market)[0]["told"]) == (None, "")
    del paths[:]
    market.after(5 * MINUTE - SECOND)
    assert paths == []
    market.after(SECOND)
    assert (paths, health(market)[0]["told"]) == (["health-check"], "00 Success")
    market.sandbox.arm("request_lost", "pis/health-check")
    market.after(5 * MINUTE)
    assert health(market)[0]["told"] == "40 Timeout"
    Buyer(market, number=1)
    del paths[:]
    market.after(60 * MINUTE)
    assert (paths.count("health-check"), paths.count("token")) == (12, 1)
    assert health(market)[0]["told"] == "00 Success"
    assert market.is_sound()


def test_without_the_setting_nobody_is_asked(live):
    ani = Buyer(live)
    live.after(60 * MINUTE)
    told = live.admin("GET", "/suppliers")
    assert told["health"] == []
    assert [(one["order"], one["status"], one["told"]) for one in told["orders"]] == [
        (ani.order, "delivered", "00 Success")
    ]
