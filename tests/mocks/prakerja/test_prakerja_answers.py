"""What the partner API answers when it says yes: the documented fields, in their order and types."""

import re

import pytest

from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.settings import Settings
from tests.mocks.worlds import ADVERTS, BARISTA, CAKE, OFFLINE, START, WEBINAR, WEBINAR_STARTS, World, told

PURCHASE = ["invoice_code", "transaction_code", "amount", "status", "prakerja_name"]
REDEEM_STATE = {
    "redeem_code": str,
    "course_code": str,
    "invoice_code": str,
    "schedule_code": str,
    "status": int,
    "attendance_status": int,
    "redeem_at": str,
    "dp_platform": str,
    "schedule_start_end": str,
    "course_type": int,
    "course_type_label": str,
    "course_learning_method": str,
    "is_online_attendance": bool,
    "sequence": int,
}


def success(answer, message="OK"):
    """The data of a success, after looking at the envelope to the byte's order."""
    body = answer.json()
    assert answer.status == 200
    assert list(body) == ["success", "message", "data"]
    assert (body["success"], body["message"]) == (True, message)
    assert answer.headers["Content-Type"] == "application/json"
    return body["data"]


def test_send_otp_answers_a_payment_token_and_texts_the_code(world):
    ani = world.enrol()
    data = success(world.send_otp(ani))
    assert list(data) == ["payment_token"]
    assert re.fullmatch("[0-9a-f]{32}", data["payment_token"])
    assert re.fullmatch("[0-9]{6}", world.otp(ani))
    assert world.balance(ani) == 1_000_000


def test_authorize_answers_as_documented_and_takes_money_and_seat(world):
    ani = world.enrol()
    seats = world.seats(BARISTA)
    answer = world.authorize(world.opened(ani), world.otp(ani), "invoice-testing-ops-111")
    data = success(answer, "Pelatihan berhasil dibeli.")
    assert list(data) == PURCHASE
    assert re.fullmatch("[0-9A-Z]{16}", data.pop("transaction_code"))
    assert data == {
        "invoice_code": "invoice-testing-ops-111",
        "amount": 600_000,
        "status": "SUCCESS",
        "prakerja_name": ani.name,
    }
    assert type(data["amount"]) is int
    assert (world.balance(ani), world.seats(BARISTA)) == (400_000, seats - 1)


def test_status_answers_the_purchase_with_its_time_in_utc(world):
    ani = world.enrol()
    bought = world.bought(ani)
    data = success(world.dp.post("/payment/status", invoice_code="INV-1"))
    assert list(data) == ["created_at", *PURCHASE]
    assert data == {"created_at": "2021-11-03T02:00:00Z", **bought}


def test_void_answers_without_data_and_gives_everything_back(world):
    ani = world.enrol()
    seats = world.seats(BARISTA)
    bought = world.bought(ani)
    void = {"invoice_code": "INV-1", "transaction_code": bought["transaction_code"]}
    answer = world.dp.post("/payment/void", **void)
    assert (answer.status, answer.body) == (
        200,
        b'{"success":true,"message":"Transaksi berhasil dibatalkan."}',
    )
    assert (world.balance(ani), world.seats(BARISTA)) == (1_000_000, seats)
    assert success(world.dp.post("/payment/status", invoice_code="INV-1"))["status"] == "VOID"


def test_quota_schedule_answers_the_seats_left(world):
    schedule = world.schedule(WEBINAR)
    answer = world.dp.post("/payment/quota-schedule", course_code=WEBINAR, schedule_code=schedule)
    expected = f'{{"schedule_code":"{schedule}","course_code":"webinar","quota":10}}'
    assert answer.body == f'{{"success":true,"message":"OK","data":{expected}}}'.encode()


def state(answer):
    data = success(answer)
    assert {name: type(value) for name, value in data.items()} == REDEEM_STATE
    assert list(data) == list(REDEEM_STATE)
    return data


def test_a_self_paced_code_goes_from_unused_to_used(world):
    ani = world.enrol()
    world.bought(ani)
    code = world.redeem_code(ani)
    assert re.fullmatch("[0-9A-Z]{12}", code)
    unused = {
        "redeem_code": code,
        "course_code": BARISTA,
        "invoice_code": "INV-1",
        "schedule_code": world.schedule(BARISTA),
        "status": 0,
        "attendance_status": 0,
        "redeem_at": "",
        "dp_platform": "Tokopedia",
        "schedule_start_end": "",
        "course_type": 1,
        "course_type_label": "SPL",
        "course_learning_method": "online",
        "is_online_attendance": True,
        "sequence": 1,
    }
    assert state(world.lp.post("/payment/redeem-code/status", redeem_code=code)) == unused
    used = unused | {"status": 1, "redeem_at": "2021-11-03T02:00:00Z"}
    assert state(world.lp.post("/payment/redeem-code/commit", redeem_code=code)) == used
    asked = world.lp.post("/payment/redeem-code/status", redeem_code=code, sequence=999)
    assert state(asked) == used | {"sequence": 999}


def test_a_webinar_code_tells_when_it_is_held(world):
    ani = world.enrol()
    world.bought(ani, WEBINAR)
    world.until(WEBINAR_STARTS)
    lp = type(world.lp)(world, "lp-kantor")
    data = state(lp.post("/payment/redeem-code/commit", redeem_code=world.redeem_code(ani)))
    assert data["schedule_start_end"] == "2021-11-15T03:00:00Z/2021-11-15T05:00:00Z"
    assert (data["course_type"], data["course_type_label"]) == (2, "Webinar")
    assert (data["course_learning_method"], data["is_online_attendance"]) == ("online", True)
    assert (data["status"], data["redeem_at"]) == (1, "2021-11-15T03:00:00Z")


def test_an_offline_code_is_attended_in_person(world):
    ani = world.enrol()
    world.bought(ani, OFFLINE)
    lp = type(world.lp)(world, "lp-kantor")
    data = state(lp.post("/payment/redeem-code/status", redeem_code=world.redeem_code(ani)))
    assert (data["course_type"], data["course_type_label"]) == (3, "Offline")
    assert (data["course_learning_method"], data["is_online_attendance"]) == ("offline", False)


def test_a_platform_without_a_name_of_its_own_is_written_with_a_capital(world):
    ani = world.enrol()
    world.sandboxes.add_client(world.sandbox, "mauguru1", "key", "mauguru", roles="marketplace")
    other = type(world.dp)(world, "mauguru")
    token = world.opened(ani, by=other)
    assert world.authorize(token, world.otp(ani), by=other).status == 200
    data = state(world.lp.post("/payment/redeem-code/status", redeem_code=world.redeem_code(ani)))
    assert data["dp_platform"] == "Mauguru"


def test_reset_answers_the_record_as_it_was_and_makes_the_test_code_usable_again(world):
    code = world.test_code()
    assert re.fullmatch("PRAT-[0-9A-Z]{6}", code)
    used = state(world.lp.post("/payment/redeem-code/commit", redeem_code=code))
    assert state(world.lp.post("/payment/redeem-code/reset", redeem_code=code)) == used
    again = state(world.lp.post("/payment/redeem-code/reset", redeem_code=code))
    assert (again["status"], again["redeem_at"]) == (0, "")
    assert world.lp.post("/payment/redeem-code/commit", redeem_code=code).status == 200


def test_a_completion_report_is_taken_and_asking_twice_does_no_harm(world):
    ani = world.enrol()
    bought = world.bought(ani)
    for score in (0, 100):
        answer = world.dp.report(invoice_code="INV-1", name=ani.name, score=score)
        assert answer.body == b'{"success":true,"message":"OK"}'
    assert world.training(bought["transaction_code"]).score == 0


# Asking again


def test_the_same_authorize_is_booked_once_and_answered_with_the_same_bytes(world):
    ani = world.enrol()
    token, otp = world.opened(ani), world.otp(ani)
    first = world.authorize(token, otp)
    world.after(600 * SECOND)
    before = world.digest()
    again = world.authorize(token, otp)
    assert (again.status, again.body) == (first.status, first.body)
    assert world.digest() == before
    assert world.balance(ani) == 400_000


@pytest.mark.parametrize(("otp", "invoice"), [("wrong", "INV-1"), ("right", "INV-2")])
def test_a_paid_token_is_good_for_nothing_else(world, otp, invoice):
    ani = world.enrol()
    token = world.opened(ani)
    codes = {"right": world.otp(ani), "wrong": world.wrong_otp(ani)}
    world.authorize(token, codes["right"])
    before = world.digest()
    assert told(world.authorize(token, codes[otp], invoice))[1] == "ERRPLT40097"
    assert world.digest() == before


def test_a_resent_otp_replaces_the_older_one_on_the_same_token(world):
    ani = world.enrol()
    token, old = world.opened(ani), world.otp(ani)
    world.after(60 * SECOND)
    assert world.opened(ani) == token
    new = world.otp(ani)
    assert new != old
    assert told(world.authorize(token, old))[1] == "ERRPLT40094"
    assert world.authorize(token, new).status == 200


def test_after_the_otp_has_expired_a_new_token_is_given(world):
    ani = world.enrol()
    token = world.opened(ani)
    world.after(301 * SECOND)
    assert world.opened(ani) != token


def test_a_fixed_otp_is_good_for_everybody():
    world = World(Settings(fixed_otp="123456"))
    ani = world.enrol()
    assert world.authorize(world.opened(ani), "123456").status == 200


# Boundaries: what is still accepted; the other side is in the table of refusals.


def test_an_otp_is_good_in_its_last_second(world):
    ani = world.enrol()
    token = world.opened(ani)
    world.after(300 * SECOND)
    assert world.authorize(token, world.otp(ani)).status == 200


def test_the_fifth_try_may_be_the_right_one(world):
    ani = world.enrol()
    token = world.opened(ani)
    for _ in range(4):
        assert told(world.authorize(token, world.wrong_otp(ani)))[1] == "ERRPLT40094"
    assert world.authorize(token, world.otp(ani)).status == 200


def test_an_otp_is_sent_again_after_a_minute_and_again_two_hours_after_the_last(world):
    ani = world.enrol()
    for _ in range(6):
        assert world.send_otp(ani).status == 200
        world.after(60 * SECOND)
    world.after((7200 - 60 - 1) * SECOND)
    assert told(world.send_otp(ani))[1] == "ERRPLT40093"
    world.after(SECOND)
    assert world.send_otp(ani).status == 200


def test_the_first_purchase_may_be_made_in_the_last_second_of_its_window(world):
    ani = world.enrol()
    world.until(wib(2021, 11, 30, 23, 59, 59))
    assert world.bought(ani)["status"] == "SUCCESS"


def test_a_course_may_be_bought_a_second_before_it_starts(world):
    ani = world.enrol()
    world.until(WEBINAR_STARTS - SECOND)
    assert world.bought(ani, WEBINAR)["amount"] == 200_000


def test_the_whole_balance_may_be_spent(world):
    ani = world.enrol()
    assert world.bought(ani, ADVERTS)["amount"] == 1_000_000
    assert world.balance(ani) == 0


def test_a_promo_may_lower_the_amount_down_to_one_rupiah(world):
    ani = world.enrol()
    token = world.opened(ani, amount=1)
    assert world.authorize(token, world.otp(ani)).json()["data"]["amount"] == 1


def test_the_next_course_is_bought_once_the_last_one_is_rated(world):
    ani = world.enrol()
    world.rated(ani)
    world.bought(ani, CAKE, "INV-2")
    assert world.balance(ani) == 150_000


@pytest.mark.parametrize("minutes", [-60, 0, 60])
def test_a_webinars_code_is_redeemed_from_an_hour_before_to_an_hour_after_its_start(world, minutes):
    ani = world.enrol()
    world.bought(ani, WEBINAR)
    world.until(WEBINAR_STARTS + minutes * 60 * SECOND)
    lp = type(world.lp)(world, "lp-kantor")
    assert lp.post("/payment/redeem-code/commit", redeem_code=world.redeem_code(ani)).status == 200


def test_a_course_may_be_finished_in_the_last_second_of_its_year(world):
    ani = world.enrol()
    world.bought(ani)
    world.until(wib(2021, 12, 5, 23, 59, 59))
    assert world.dp.report(invoice_code="INV-1", name=ani.name, score=0).status == 200


def test_unknown_fields_are_ignored_since_real_clients_send_some(world):
    ani = world.enrol()
    assert world.send_otp(ani, note="x", extra={"deep": [1, 2.5, None]}).status == 200


def test_text_fields_take_up_to_255_characters(world):
    ani = world.enrol()
    token = world.opened(ani, user="u" * 255)
    assert world.authorize(token, world.otp(ani), "i" * 255).status == 200
    assert told(world.dp.post("/payment/status", invoice_code="i" * 256))[1] == "ERR40082"
    assert world.sandbox.now() == START
