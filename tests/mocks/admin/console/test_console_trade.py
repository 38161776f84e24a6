"""The pages Payments, Catalogue, Learning, Faults, Ledger, Webhooks and Sandboxes."""

from urllib.parse import urlencode

import pytest

from prakerja_sim.mocks.admin import bringing
from prakerja_sim.mocks.tokopedia.shopper import Shopper
from prakerja_sim.simulator.world.faults import FAULTS
from tests.mocks.admin.console.browsing import Console
from tests.mocks.worlds import BARISTA, World


def ordered(world, ani, *, before_otp=lambda: None):
    """Ani buys at the simulated Tokopedia; answers the order's number."""
    shopper = Shopper(world.parties.transport("tokopedia", world.sandbox))
    shopper.sign_up(ani.name, ani.phone, ani.email)
    shopper.enter_phone_code(world.otp(ani))
    shopper.add_to_cart(BARISTA)
    order = shopper.check_out()
    shopper.enter_card(order, ani.card)
    before_otp()
    shopper.enter_otp(order, world.otp(ani))
    return order


def api(world, path):
    return world.send("GET", f"/__admin{path}").json()


# Payments and orders


def test_a_payment_by_the_partner_api_alone_is_shown_and_taken_back(world, console):
    ani, budi = world.enrol(name="Ani"), world.enrol(name="Budi")
    world.bought(ani, invoice="INV-A")
    world.bought(budi, invoice="INV-B")
    page = console.page("payments?who=Ani")
    assert "INV-A" in page.text
    assert "INV-B" not in page.text
    console.did(page, "POST /payments/void", {"invoice": "INV-A"})
    assert world.balance(ani) == 1_000_000
    assert world.balance(budi) == 400_000
    assert "voided" in console.page("payments?which=INV-A").text
    assert not [
        one for one in console.page("payments?who=Ani").forms if one["fields"].get("invoice") == "INV-A"
    ]


def test_a_void_at_prakerja_is_refused_with_its_words_and_needs_a_known_invoice(world):
    ani = world.enrol()
    world.bought(ani, invoice="INV-A")
    budi = world.enrol()
    token = world.opened(budi, by=world.dp2)
    assert world.authorize(token, world.otp(budi), "INV-A", by=world.dp2).status == 200
    send = lambda raw: world.send("POST", "/__admin/payments/void", raw, Content_Type="application/json")  # noqa: E731
    assert send(b'{"invoice":"INV-Z"}').json()["error"]["code"] == "payment_unknown"
    assert "bukalapak, tokopedia have it" in send(b'{"invoice":"INV-A"}').json()["error"]["message"]
    assert send(b'{"invoice":"INV-A","marketplace":"bukalapak"}').status == 200
    again = send(b'{"invoice":"INV-A","marketplace":"bukalapak"}')
    assert again.status == 409
    assert again.json()["error"]["code"].startswith("ERR")


def test_an_order_is_taken_back_with_its_voucher(world, console):
    ani = world.enrol()
    order = ordered(world, ani)
    page = console.page("payments")
    assert order in page.text
    assert not [one for one in page.forms if one["fields"].get("do") == "POST /payments/void"]
    console.did(page, "POST /orders/<order>/void", {"order": order})
    assert world.balance(ani) == 1_000_000
    [shown] = api(world, "/orders")["orders"]
    assert (shown["status"], shown["voucher_status"]) == ("refunded", "cancelled")


# Catalogue


def test_a_course_is_put_on_sale_and_withdrawn_and_its_class_cancelled(world, console):
    page = console.page("catalogue")
    typed = {"code": "roti", "title": "Roti <b>", "category": "kopi", "institution": "lp-kopi"}
    page = console.did(page, "POST /courses", **typed, price="150.000")
    assert "Roti <b>" in page.text
    [made] = [one for one in api(world, "/courses")["courses"] if one["course_code"] == "roti"]
    assert made["price"] == 150_000
    refused = console.send(page, "POST /courses", **(typed | {"code": "x", "category": "Salah"}), price="1")
    assert "nobody knows it" in refused.text
    ani = world.enrol()
    ordered(world, ani)
    console.did(console.page("catalogue"), "POST /courses/<course>/withdraw", {"course": "roti"})
    console.did(console.page("catalogue"), "POST /courses/<course>/cancel", {"course": BARISTA})
    assert api(world, "/orders")["orders"][0]["status"] == "refunded"
    assert world.balance(ani) == 1_000_000


# Learning


@pytest.mark.parametrize(
    ("query", "shows"),
    [
        ("", ("INSTITUTION", "TEST")),
        ("institution=lp-niaga", ("OTHER",)),
        ("who=Ani", ("INSTITUTION",)),
        ("state=unused", ("INSTITUTION", "TEST", "OTHER")),
        ("institution=lp-kopi&state=redeemed", ()),
    ],
)
def test_codes_are_found_by_institution_person_and_state(world, console, query, shows):
    world.bought(ani := world.enrol(name="Ani"))
    codes = {
        "INSTITUTION": world.redeem_code(ani),
        "TEST": world.test_code(),
        "OTHER": world.test_code("iklan"),
    }
    state = api(world, "/redeem-codes")["redeem_codes"][0]["status"]
    rows = console.page(f"learning?{query.replace('unused', state)}").text.partition("Redeem codes")[2]
    for name in shows:
        assert codes[name] in rows, name
    if "institution" in query or "who" in query or not shows:
        for name in set(codes) - set(shows):
            assert codes[name] not in rows, name


def step(console, code, name, **typed):
    page = console.page(f"learning?code={code}")
    return console.did(page, "POST /redeem-codes/<code>/steps", {"step": name}, **typed)


def test_a_code_is_redeemed_attended_with_a_chosen_face_graded_and_certified(world, console):
    ani = world.enrol()
    world.bought(ani)
    code = world.redeem_code(ani)
    assert '"status": 0' in step(console, code, "status").text
    failed = step(console, code, "verification", outcome="no_match")
    assert '"attendance_status": 1' not in failed.text
    seen = step(console, code, "verification", outcome="success")
    assert "POST /verification" in seen.text
    assert len([link for link in seen.links() if "timeline?id=" in link]) >= 5
    handed = step(console, code, "submission", url_file="https://lp.example/a.pdf")
    assert "https://lp.example/a.pdf" in handed.text
    assert "Rapi" in step(console, code, "feedback", notes="Rapi").text
    step(console, code, "certificate", score="90")
    world.until(world.sandbox.now().replace(month=12, day=30))
    assert world.training(api(world, "/payments")["payments"][0]["transaction_code"]).certified_at is not None


def test_a_code_is_redeemed(world, console):
    ani = world.enrol()
    world.bought(ani)
    step(console, world.redeem_code(ani), "commit")
    assert '"status": 1' in step(console, world.redeem_code(ani), "status").text


def test_a_step_that_prakerja_refuses_says_so(world, console):
    code = world.test_code()
    step(console, code, "commit")
    page = console.page(f"learning?code={code}")
    again = console.send(page, "POST /redeem-codes/<code>/steps", {"step": "commit"})
    assert "ERR" in again.text
    assert "There is no such code." in console.page("learning?code=NOPE").text


# Faults


def test_faults_are_armed_from_what_exists_and_disarmed(world, console):
    page = console.page("faults")
    for name in FAULTS:
        assert name in page.text
    lost = console.page("faults?fault=reply_lost")
    places = [attrs["value"] for tag, attrs in lost.tags if tag == "option"]
    where = "/prakerja/api/v1/integration/payment/authorize"
    assert where in places
    page = console.did(lost, "POST /faults", where=where, times="2")
    assert where in page.text
    page = console.did(page, "DELETE /faults/<number>")
    page = console.did(console.page("faults?fault=sms_lost"), "POST /faults", where="0812")
    console.did(page, "DELETE /faults")
    assert not [one for one in api(world, "/faults")["faults"] if one["left"]]
    refused = console.send(console.page("faults?fault=mail_lost"), "POST /faults", where="nowhere")
    assert "fault_nowhere" in refused.text
    assert "write the e-mail address" in refused.text


# Ledger


def test_accounts_stand_in_groups_with_rupiah_and_seats_apart(world, console):
    ani = world.enrol()
    world.bought(ani)
    text = console.page("ledger").text
    rupiah, seats = text.split("Rupiah")[1].split("Seats")
    assert "card: 1 accounts, Sum Rp400.000" in rupiah
    assert "institution: 1 accounts, Sum Rp600.000" in rupiah
    assert "taken: 1 accounts, Sum 1 " in seats
    assert ani.card not in text
    mine = console.page(f"ledger?who={ani.card}").text.partition("Newest transfers")[2]
    assert "purchase" in mine
    assert "listing" not in mine
    assert "Nobody" not in text
    assert "person_unknown" in console.page("ledger?who=Nobody").text


def test_a_difference_has_its_remedy_as_a_button(world, console):
    ani = world.enrol()
    order = ordered(world, ani, before_otp=lambda: world.sandbox.arm("reply_lost", "/payment/authorize", 1))
    assert order
    page = console.page("ledger")
    assert "paid_not_issued" in page.text
    page = console.did(page, "POST /clock")
    for _ in range(3):
        if "All parties agree." not in page.text:
            page = console.did(page, "POST /clock")
    assert "All parties agree." in page.text


def test_a_payment_without_an_order_is_voided_at_the_ledger(world, console):
    ani = world.enrol()
    world.bought(ani, invoice="INV-X", by=world.dp)
    page = console.page("ledger")
    if "paid_without_order" in page.text:
        console.did(page, "POST /payments/void", {"invoice": "INV-X"})
        assert "paid_without_order" not in console.page("ledger").text
        assert world.balance(ani) == 1_000_000


# Webhooks


def test_webhooks_are_held_released_repeated_and_dropped(world, console):
    page = console.did(console.page("webhooks"), "POST /webhooks/targets", marketplace="tokopedia")
    page = console.did(page, "POST /webhooks/hold")
    ordered(world, world.enrol())
    page = console.page("webhooks")
    waiting = api(world, "/webhooks")["webhooks"]
    assert len(waiting) > 1
    page = console.did(page, "POST /webhooks/drop", {"webhook": waiting[-1]["webhook"]})
    page = console.did(page, "POST /webhooks/release", {"reverse": "true"})
    states = {one["webhook"]: one["status"] for one in api(world, "/webhooks")["webhooks"]}
    assert states[waiting[-1]["webhook"]] == "dropped"
    assert states[waiting[0]["webhook"]] == "delivered"
    console.did(console.page("webhooks"), "POST /webhooks/repeat", {"webhook": waiting[0]["webhook"]})
    assert len(api(world, "/inbox/webhooks")["messages"]) == len(waiting)
    console.did(console.page("webhooks"), "POST /webhooks/targets/stop")
    assert api(world, "/webhooks")["targets"][0]["stopped"]


# Sandboxes


def test_a_sandbox_is_leased_reset_and_dropped(world, console):
    page = console.did(console.page("sandboxes"), "POST /sandboxes", name="mine")
    assert "/s/mine/" in page.links()
    inside = Console(world, "/s/mine")
    inside.did(inside.page("people"), "POST /people", count="1")
    page = inside.did(inside.page("sandboxes"), "POST /reset")
    assert "you are here" in page.text
    assert world.sandboxes.get("mine").life == 1
    left = world.send(
        "POST",
        "/s/mine/console/sandboxes",
        form(inside.page("sandboxes").form("DELETE /sandboxes/<name>", name="mine")),
        Content_Type="application/x-www-form-urlencoded",
    )
    assert (left.status, left.headers["Location"]) == (303, "/console/sandboxes")
    assert world.sandboxes.names() == ["default"]


def form(found):
    return urlencode(found["fields"]).encode()


def test_the_default_sandbox_cannot_be_dropped(world, console):
    page = console.page("sandboxes")
    assert not [one for one in page.forms if one["fields"].get("do") == "DELETE /sandboxes/<name>"]


def test_a_reset_leaves_the_person_in_the_new_world():
    world = World()
    console = Console(world)
    world.enrol(name="Ani Lama")
    page = console.did(console.page("sandboxes"), "POST /reset")
    assert world.sandboxes.get("default").life == 1
    assert "Ani Lama" not in console.page("people").text
    assert "books agree" in page.text


def test_a_sandbox_is_kept_restored_and_forked(world, console):
    page = console.did(console.page("sandboxes"), "POST /snapshots", name="before")
    world.enrol(name="Ani Sesudah")
    page = console.did(console.page("sandboxes"), "POST /fork", name="branch")
    assert "/s/branch/" in page.links()
    console.did(page, "POST /restore", {"snapshot": "before"})
    assert "Ani Sesudah" not in console.page("people").text
    assert "Ani Sesudah" in Console(world, "/s/branch").page("people").text
    console.did(console.page("sandboxes"), "DELETE /snapshots/<name>", {"name": "before"})
    console.did(console.page("sandboxes"), "DELETE /sandboxes/<name>", {"name": "branch"})


def test_a_course_gets_another_price_and_quota(world, console):
    page = console.page("catalogue")
    console.did(page, "PATCH /courses/<course>", {"course": BARISTA}, price="500.000", quota="20")
    [course] = [one for one in api(world, "/courses")["courses"] if one["course_code"] == BARISTA]
    assert (course["price"], course["quota"]) == (500_000, 20)


@pytest.mark.parametrize("state", bringing.STATES)
def test_a_person_is_brought_to_a_state(world, console, state):
    ani = world.enrol()
    page = console.page(f"people?person={ani.card}")
    console.did(page, "POST /bring", to=state, course=BARISTA)
    assert world.is_sound()
