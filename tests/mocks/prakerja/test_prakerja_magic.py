"""Values with a meaning: each means what the table says, moves nothing, and means nothing when off."""

import itertools
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from prakerja_sim.mocks.admin.seed import START
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.prakerja import magic
from prakerja_sim.mocks.prakerja.words import REJECTIONS
from prakerja_sim.simulator.programme import payment, people
from prakerja_sim.simulator.programme.enrolment import CARD_PREFIX
from prakerja_sim.simulator.programme.records import Payment
from prakerja_sim.simulator.values.chance import seed_bytes
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.ids import is_card_number
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Sms
from prakerja_sim.simulator.world.store import Unit
from tests.live import serving
from tests.mocks.worlds import Partner, World, sign, told

PUBLISHED = {
    "ERRTRX40001": (400, "Gagal verifikasi, tipe pelatihan tidak sesuai."),
    "ERRTRX40020": (400, "Transaksi tidak ditemukan"),
    "ERRTRX40021": (400, "Redeem Code sudah digunakan"),
    "ERRTRX40022": (400, "Gagal verifikasi, kode sudah dibatalkan"),
    "ERRTRX40027": (
        400,
        "Jadwal pelatihan belum dimulai atau sudah selesai, silahkan cek jadwal pelatihan pada dashboard"
        " Prakerja",
    ),
    "ERRTRX40028": (400, "Gagal verifikasi, kode redeem bukan milik lembaga pelatihan."),
    "ERRTRX40101": (401, "Gagal verifikasi, transaksi sudah dibatalkan"),
}
POSITIVE = ["TC1-001-200", "TC1-999-200", "TC2-001-200", "TC2-999-200"]
NEGATIVE = {code: reason for code, reason in magic.TEST_CASES.items() if reason is not None}


@pytest.fixture
def off():
    return World(Settings(magic=False))


def redeem(partner, what, code, **more):
    return partner.post(f"/payment/redeem-code/{what}", redeem_code=code, **more)


def state(answer):
    assert answer.status == 200, answer.body
    data = answer.json()["data"]
    return data["status"], data["attendance_status"]


@pytest.fixture
def untouched(world):
    """What a magic value must leave as it was: journal, books and inboxes."""
    world.ani = world.enrol()
    before = (world.digest(), len(world.sandbox.journal()), world.sandbox.ask(Unit.log, kind=Sms))
    yield world
    assert (world.digest(), len(world.sandbox.journal()), world.sandbox.ask(Unit.log, kind=Sms)) == before
    assert world.sandbox.ask(Unit.find, kind=Payment) == []


@pytest.mark.parametrize("what", ["status", "commit"])
@pytest.mark.parametrize("code", PUBLISHED)
def test_a_published_code_typed_as_the_redeem_code_is_answered_with_itself(untouched, code, what):
    status, message = PUBLISHED[code]
    assert told(redeem(untouched.lp, what, code)) == (status, code, message)


@pytest.mark.parametrize("what", ["status", "commit"])
def test_a_blank_is_answered_as_it_was_seen_to_be(untouched, what):
    assert told(redeem(untouched.lp, what, " ")) == (400, "ERRTRX40021", "Redeem Code sudah digunakan")


def test_the_typed_codes_are_the_published_ones_and_a_blank():
    assert set(magic.REDEEM_CODES) == {*PUBLISHED, " "}


@pytest.mark.parametrize(
    "code", ["errtrx40020", "ERRTRX40021 ", "ERRTRX40082", "ERRTRX4002", "TC3-001-200", "TC1-002-200"]
)
def test_what_is_nearly_a_magic_code_is_an_unknown_one(world, code):
    assert told(redeem(world.lp, "status", code))[1] == "ERRTRX40020"


@pytest.mark.parametrize("code", POSITIVE)
def test_a_named_test_case_is_fresh_done_and_fresh_again(untouched, code):
    lp, own = untouched.lp, int(code[4:7])
    first = redeem(lp, "status", code, sequence=own)
    assert state(first) == (0, 0)
    assert first.json()["data"]["course_type"] == int(code[2])
    assert first.json()["data"]["redeem_at"] == ""
    assert state(redeem(lp, "commit", code, sequence=own)) == (1, 1)
    assert state(redeem(lp, "status", code, sequence=own)) == (1, 1)
    assert state(redeem(lp, "status", code, sequence=2)) == (1, 0)
    assert told(redeem(lp, "commit", code))[1] == "ERRTRX40021"
    assert state(redeem(lp, "reset", code, sequence=own)) == (1, 1)
    assert state(redeem(lp, "status", code, sequence=own)) == (0, 0)


def test_a_named_test_case_answers_the_fields_of_a_real_code_in_their_order(world):
    real = redeem(world.lp, "status", world.test_code()).json()["data"]
    assert list(redeem(world.lp, "status", POSITIVE[0]).json()["data"]) == list(real)


def test_each_institution_and_each_sandbox_has_its_own_named_test_cases(world):
    assert state(redeem(world.lp, "commit", POSITIVE[0])) == (1, 1)
    assert state(redeem(world.lp2, "status", POSITIVE[0])) == (0, 0)
    assert state(redeem(World().lp, "status", POSITIVE[0])) == (0, 0)
    world.send("POST", "/__admin/reset")
    assert state(redeem(world.lp, "status", POSITIVE[0])) == (0, 0)


@pytest.mark.parametrize("what", ["status", "commit"])
@pytest.mark.parametrize("code", NEGATIVE)
def test_a_negative_test_case_answers_the_status_in_its_name(untouched, code, what):
    answer = redeem(untouched.lp, what, code)
    assert (answer.status, told(answer)[1]) == (int(code[-3:]), REJECTIONS[NEGATIVE[code]][1])


TASK = {"scope": "tpm", "sequence": 2}
ATTEND = {"redirect_uri": "https://lp.example/callback?x=1", "email": "peserta@example.id"}
TAKING_A_CODE = {
    "/payment/redeem-code/status": {},
    "/payment/redeem-code/commit": {},
    "/payment/redeem-code/reset": {},
    "/oauth/url-generate": ATTEND,
    "/tpm/submission": {**TASK, "url_file": "https://lp.example/f.pdf"},
    "/tpm/submission/status": TASK,
    "/tpm/feedback/submission": {**TASK, "notes": "Bagus"},
}


@pytest.mark.parametrize("endpoint", TAKING_A_CODE)
def test_every_endpoint_that_takes_a_code_knows_what_codes_mean(untouched, endpoint):
    """A published code and a negative case mean the same wherever they are typed."""
    for code, reason in {**magic.REDEEM_CODES, **NEGATIVE}.items():
        answer = untouched.lp.post(endpoint, redeem_code=code, **TAKING_A_CODE[endpoint])
        assert told(answer) == REJECTIONS[reason][:3], code


@pytest.mark.parametrize("endpoint", TAKING_A_CODE)
def test_without_magic_no_endpoint_does(off, endpoint):
    for code in [*magic.REDEEM_CODES, *magic.TEST_CASES]:
        answer = off.lp.post(endpoint, redeem_code=code, **TAKING_A_CODE[endpoint])
        assert told(answer)[1] == ("ERRTRX40082" if endpoint.endswith("reset") else "ERRTRX40020"), code


def verifying(world, code, sequence, **changed):
    body = {"redeem_code": code, "sequence": sequence, **ATTEND, **changed}
    return world.lp.post("/oauth/url-generate", **body)


def press(world, opened, **fields):
    path = opened["url"].partition("localhost")[2].partition("?")[0]
    raw = urlencode({"state": opened["state"], **fields}).encode()
    return world.send("POST", path, raw)


OUTCOMES = {"success": (1, 1), "no_match": (0, 2), "camera_refused": (0, 2), "abandoned": (0, 0)}


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("code", POSITIVE)
def test_a_named_test_case_is_verified_in_a_browser_without_a_login(untouched, code, outcome):
    own = int(code[4:7])
    opened = verifying(untouched, code, own).json()["data"]
    assert opened["course"] == {"type": int(code[2]), "learning_method": "online"}
    assert b"Scan" not in press(untouched, opened, do="scan").body  # no scan without consent
    assert state(redeem(untouched.lp, "status", code, sequence=own)) == (0, 0)
    assert press(untouched, opened, do="consent").status == 303
    back = press(untouched, opened, do="scan", outcome=outcome)
    assert back.headers["Location"] == f"https://lp.example/callback?x=1&state={opened['state']}"
    assert state(redeem(untouched.lp, "status", code, sequence=own)) == OUTCOMES[outcome]
    assert state(redeem(untouched.lp, "status", code, sequence=2)) == (OUTCOMES[outcome][0], 0)
    again = press(untouched, opened, do="scan", outcome="success")
    assert again.status == (303 if outcome == "abandoned" else 410)


def test_a_done_test_case_is_not_verified_again_until_it_is_reset(untouched):
    redeem(untouched.lp, "commit", POSITIVE[0])
    assert told(verifying(untouched, POSITIVE[0], 1))[1] == "ERRTRX40021"
    redeem(untouched.lp, "reset", POSITIVE[0])
    assert verifying(untouched, POSITIVE[0], 1).status == 200


def test_another_sequence_of_a_test_case_is_never_attended(untouched):
    opened = verifying(untouched, "TC1-999-200", 1).json()["data"]
    press(untouched, opened, do="consent")
    press(untouched, opened, do="scan")
    assert state(redeem(untouched.lp, "status", "TC1-999-200", sequence=1)) == (0, 0)


@pytest.mark.parametrize(("seconds", "status"), [(900, 200), (901, 410)])
def test_the_page_of_a_test_case_lives_as_long_as_any(world, seconds, status):
    opened = verifying(world, POSITIVE[0], 1).json()["data"]
    world.after(timedelta(seconds=seconds))
    assert world.send("GET", opened["url"].partition("localhost")[2]).status == status


def test_a_tasks_of_a_test_case_is_handed_in_and_marked(untouched):
    def standing():
        told = untouched.lp.post("/tpm/submission/status", redeem_code=POSITIVE[0], **TASK).json()["data"]
        return told["assignment"]["status"], told["feedback"]["status"]

    marking = {"redeem_code": POSITIVE[0], **TASK, "notes": "Bagus", "url_file": ""}
    assert standing() == (0, 0)
    assert told(untouched.lp.post("/tpm/feedback/submission", **marking))[1] == "ERRTRX40083"
    file = {"redeem_code": POSITIVE[0], **TASK, "url_file": "https://lp.example/f.pdf"}
    handed_in = untouched.lp.post("/tpm/submission", **file).json()["data"]
    assert (handed_in["status"], handed_in["url_file"]) == (1, file["url_file"])
    assert standing() == (2, 0)
    assert untouched.lp.post("/tpm/feedback/submission", **marking).json()["data"]["notes"] == "Bagus"
    assert standing() == (2, 2)
    redeem(untouched.lp, "reset", POSITIVE[0])
    assert standing() == (0, 0)


@pytest.mark.parametrize("what", ["status", "commit", "reset"])
@pytest.mark.parametrize("code", [*POSITIVE, *NEGATIVE, *PUBLISHED])
def test_without_magic_every_such_code_is_an_unknown_one(off, code, what):
    assert told(redeem(off.lp, what, code))[1] == ("ERRTRX40082" if what == "reset" else "ERRTRX40020")


# Cards


def card(outcome, rest="000000000"):
    made = f"9999{outcome}{rest}"
    assert is_card_number(made)
    return made


def buy(world, number, **how):
    return world.send_otp(world.ani, prakerja_id=number, **how)


@pytest.mark.parametrize("rest", ["000000000", "123456789"])
@pytest.mark.parametrize("outcome", [o for o, reason in magic.AT_SEND_OTP.items() if reason])
def test_a_card_is_refused_at_send_otp_as_its_number_says(untouched, outcome, rest):
    assert told(buy(untouched, card(outcome, rest))) == REJECTIONS[magic.AT_SEND_OTP[outcome]][:3]


@pytest.mark.parametrize("outcome", [o for o, reason in magic.AT_AUTHORIZE.items() if reason])
def test_a_card_is_refused_at_authorize_as_its_number_says(untouched, outcome):
    token = buy(untouched, card(outcome)).json()["data"]["payment_token"]
    for otp in ("000000", "123456"):
        expected = REJECTIONS[magic.AT_AUTHORIZE[outcome]][:3]
        assert told(untouched.authorize(token, otp)) == expected


def test_a_reply_is_lost_as_the_cards_number_says(untouched):
    with pytest.raises(NoReply):
        buy(untouched, card("150"))
    token = buy(untouched, card("250")).json()["data"]["payment_token"]
    with pytest.raises(NoReply):
        untouched.authorize(token, "123456")


def test_every_outcome_that_a_tester_was_promised_has_a_card():
    promised = {
        Reason.CARD_UNKNOWN, Reason.CARD_INACTIVE, Reason.BALANCE_TOO_LOW, Reason.ACCOUNT_BOUND,
        Reason.PREVIOUS_UNFINISHED, Reason.BALANCE_CLOSED, Reason.VIDEOS_NOT_WATCHED, Reason.OTP_TOO_SOON,
        Reason.SERVICE_UNAVAILABLE, None,
    }  # fmt: skip
    assert promised <= set(magic.AT_SEND_OTP.values())
    later = {Reason.OTP_WRONG, Reason.OTP_EXPIRED, Reason.OTP_TRIES_EXHAUSTED, Reason.QUOTA_EXHAUSTED}
    assert later | {Reason.SERVICE_UNAVAILABLE, None} <= set(magic.AT_AUTHORIZE.values())
    assert not set(magic.AT_SEND_OTP) & set(magic.AT_AUTHORIZE)


@pytest.mark.parametrize("outcome", ["000", "100", "999", "251"])
def test_a_card_of_the_range_with_another_number_does_not_exist(untouched, outcome):
    assert told(buy(untouched, card(outcome)))[1] == "ERRPLT40086"


@pytest.mark.parametrize("outcome", [*magic.AT_SEND_OTP, *magic.AT_AUTHORIZE])
def test_without_magic_no_card_of_the_range_exists(off, outcome):
    off.ani = off.enrol()
    assert told(buy(off, card(outcome)))[1] == "ERRPLT40086"


def test_a_token_is_good_for_its_own_marketplace_and_sandbox_only(untouched):
    token = buy(untouched, card("201")).json()["data"]["payment_token"]
    assert len(token) == 32
    assert told(untouched.authorize(token, "1", by=untouched.dp2))[1] == "ERRPLT40097"
    assert told(untouched.authorize(card("201") + "0" * 16, "1"))[1] == "ERRPLT40097"
    untouched.sandboxes.lease("theirs", 7, untouched.sandbox.now())
    theirs = Partner(untouched, "tokopedia")
    other = untouched.sandboxes.add_client(untouched.sandboxes.get("theirs"), "x", "y", "tokopedia")
    theirs.code, theirs.key = other.client_code, other.sign_key
    assert told(untouched.authorize(token, "1", by=theirs))[1] == "ERRPLT40097"


def test_the_form_of_a_request_is_judged_before_its_card_has_a_meaning(untouched):
    assert told(buy(untouched, card("102"), amount="x"))[1] == "ERR40082"


def test_the_programme_issues_no_card_of_the_range(world):
    assert CARD_PREFIX != magic.CARDS
    assert all(world.enrol().card.startswith(CARD_PREFIX) for _ in range(50))


def test_the_programme_gives_no_code_or_token_that_has_a_meaning(world):
    ani = world.enrol()
    world.bought(ani)
    issued = world.redeem_code(ani)
    assert len(issued) == 12
    assert all(len(code) in (1, 11) for code in itertools.chain(magic.REDEEM_CODES, magic.TEST_CASES))
    assert not world.test_code().startswith(("TC", "ERR"))
    assert people.person(seed_bytes(1), 1).phone.startswith("0840")


def test_an_ordinary_token_that_begins_like_a_magic_card_is_ordinary(world):
    ani = world.enrol()
    kept = world.sandbox.ask(Unit.need, kind=Payment, key=world.opened(ani))
    token = card("201") + "ab" * 8

    def put(unit):
        unit.put(kept.but(token=token))

    world.sandbox.store.run("default", put, 42, world.sandbox.settings)
    body = {"marketplace": "tokopedia", "token": token, "otp": kept.otp}
    assert world.authorize(token, kept.otp).status == 200
    assert world.sandbox.do(payment.authorize, invoice="INV-1", invoice_url="u", **body).invoice == "INV-1"


@pytest.mark.parametrize("wrong", [1, 0, "true", None])
def test_the_setting_is_true_or_false(wrong):
    with pytest.raises(ValueError, match="magic"):
        Settings(magic=wrong)


def test_a_sandbox_is_leased_without_magic_over_the_levers(world):
    body = b'{"name":"plain","settings":{"magic":false}}'
    assert world.send("POST", "/__admin/sandboxes", body).status == 201
    assert world.sandboxes.get("plain").settings.magic is False


def test_a_marketplace_passes_the_meaning_on(world):
    assert told(world.send_otp(world.enrol(), prakerja_id=card("108"), by=world.dp2))[1] == "ERRPLT40092"


def test_a_server_is_started_without_magic():
    with serving("--store", "memory", "--no-magic") as live:
        told = live.send("GET", "/__admin/clients")[1]["clients"]
        mine = next(one for one in told if one["party"] == "lp-kopi")
        path, raw = "/api/v1/integration/payment/redeem-code/status", b'{"redeem_code":"TC1-001-200"}'
        stamp = unix_seconds(START)
        headers = {"client_code": mine["client_code"], "timestamp": str(stamp)}
        headers["signature"] = sign(mine["client_code"], mine["sign_key"], stamp, path, raw)
        status, answer, sent = live.send("POST", path, raw, headers)
    assert (status, answer["code"]) == (400, "ERRTRX40020")
    assert sent["X-Sim-Request-Id"]
