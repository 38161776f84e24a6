"""Every no of the partner API, reached over the signed wire: code, message, and nothing changed.

The codes and texts are written out here as the reference has them, not taken from the words.
"""

from datetime import date

import pytest

from prakerja_sim.mocks.prakerja.server import API, FACE
from prakerja_sim.simulator.programme import completion, rules
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.refusals import RULES
from tests.mocks.worlds import ADVERTS, BARISTA, CAKE, WEBINAR, WEBINAR_STARTS, Partner, World, told

PLT, VOD, TRX = "ERRPLT400", "ERRVOD400", "ERRTRX400"
SAID = {
    Reason.SCHEDULE_CODES_EMPTY: (PLT + "36", "Kode pelatihan dan kode jadwal wajib diisi."),
    Reason.SCHEDULE_UNKNOWN: (PLT + "80", "Kode jadwal tidak ditemukan."),
    Reason.SCHEDULE_OF_OTHER_COURSE: (PLT + "81", "Kode jadwal tidak sesuai dengan kode pelatihan."),
    Reason.COURSE_STARTED: (PLT + "82", "Pelatihan sudah dimulai."),
    Reason.QUOTA_EXHAUSTED: (PLT + "83", "Kuota pelatihan sudah habis."),
    Reason.AGE_UNFIT: (PLT + "84", "Usia tidak memenuhi syarat pelatihan."),
    Reason.EDUCATION_UNFIT: (PLT + "85", "Pendidikan tidak memenuhi syarat pelatihan."),
    Reason.CARD_UNKNOWN: (PLT + "86", "Nomor Kartu Prakerja tidak ditemukan."),
    Reason.CARD_INACTIVE: (PLT + "87", "Kartu Prakerja tidak aktif."),
    Reason.AMOUNT_UNFIT: ("ERR40082", "Parameter tidak lengkap atau tidak valid."),
    Reason.BALANCE_TOO_LOW: (PLT + "88", "Saldo pelatihan tidak mencukupi."),
    Reason.ACCOUNT_BOUND: (PLT + "89", "Akun sudah terhubung dengan Nomor Kartu Prakerja lain."),
    Reason.PREVIOUS_UNFINISHED: (PLT + "90", "Pelatihan sebelumnya belum diselesaikan."),
    Reason.COURSE_BOUGHT_BEFORE: (PLT + "90", "Pelatihan ini sudah pernah dibeli."),
    Reason.BALANCE_CLOSED: (PLT + "91", "Batas waktu penggunaan saldo pelatihan sudah berakhir."),
    Reason.VIDEOS_NOT_WATCHED: (PLT + "92", "Video pengenalan belum ditonton."),
    Reason.OTP_TOO_SOON: (PLT + "93", "Permintaan OTP melebihi batas."),
    Reason.OTP_REQUESTS_EXHAUSTED: (PLT + "93", "Permintaan OTP melebihi batas."),
    Reason.OTP_WRONG: (PLT + "94", "Kode OTP salah."),
    Reason.OTP_EXPIRED: (PLT + "95", "Kode OTP sudah kedaluwarsa."),
    Reason.OTP_TRIES_EXHAUSTED: (PLT + "96", "Percobaan OTP melebihi batas."),
    Reason.TOKEN_UNKNOWN: (PLT + "97", "Payment token tidak valid."),
    Reason.INVOICE_USED: (PLT + "98", "Kode invoice sudah digunakan."),
    Reason.PAYMENT_UNKNOWN: (PLT + "99", "Transaksi tidak ditemukan."),
    Reason.TRANSACTION_UNKNOWN: (VOD + "01", "Kode transaksi tidak ditemukan."),
    Reason.ALREADY_VOIDED: (PLT + "28", "Transaksi sudah dibatalkan sebelumnya."),
    Reason.VOID_AFTER_REDEEM: (
        VOD + "80",
        "Transaksi tidak dapat dibatalkan, kode redeem sudah digunakan.",
    ),
    Reason.COURSE_TYPE_UNFIT: (TRX + "01", "Gagal verifikasi, tipe pelatihan tidak sesuai."),
    Reason.TRANSACTION_VOIDED: ("ERRTRX40101", "Gagal verifikasi, transaksi sudah dibatalkan"),
    Reason.SERVICE_UNAVAILABLE: ("ERR50380", "Layanan sedang tidak tersedia."),
    Reason.REDEEM_CODE_UNKNOWN: (TRX + "20", "Transaksi tidak ditemukan"),
    Reason.REDEEM_CODE_USED: (TRX + "21", "Redeem Code sudah digunakan"),
    Reason.REDEEM_CODE_CANCELLED: (TRX + "22", "Gagal verifikasi, kode sudah dibatalkan"),
    Reason.OUTSIDE_REDEMPTION_WINDOW: (
        TRX + "27",
        "Jadwal pelatihan belum dimulai atau sudah selesai, silahkan cek jadwal pelatihan pada dashboard"
        " Prakerja",
    ),
    Reason.REDEEM_CODE_OF_OTHER_INSTITUTION: (
        TRX + "28",
        "Gagal verifikasi, kode redeem bukan milik lembaga pelatihan.",
    ),
    Reason.NOT_A_TEST_CODE: (TRX + "82", "Reset hanya untuk kode redeem uji."),
    Reason.NAME_DIFFERS: (PLT + "79", "Nama peserta tidak sesuai dengan akun Prakerja."),
    Reason.TOO_LATE_TO_FINISH: (PLT + "78", "Batas waktu penyelesaian pelatihan sudah berakhir."),
}
STATUSES = {Reason.TRANSACTION_VOIDED: 401, Reason.SERVICE_UNAVAILABLE: 503}
"""All others are 400."""

AT_ONCE = {"report_working_days": 0, "check_working_days": 0}
"""Settings under which a certificate follows the report at once, inside an OTP's life."""

SEND_OTP, AUTHORIZE = f"{API}/payment/send-otp", f"{API}/payment/authorize"
STATUS, VOID, QUOTA = f"{API}/payment/status", f"{API}/payment/void", f"{API}/payment/quota-schedule"
REDEEM = {name: f"{API}/payment/redeem-code/{name}" for name in ("status", "commit", "reset")}
COMPLETIONS = "/simulated/completions"

CASES = {}


def case(path, reason, **settings):
    def register(provoke):
        assert (path, reason) not in CASES
        CASES[path, reason] = (provoke, settings)
        return provoke

    return register


# send-otp


@case(SEND_OTP, Reason.SCHEDULE_UNKNOWN)
def _(w):
    return w.send_otp(w.enrol(), schedule_code="0123456789abcdef")


@case(SEND_OTP, Reason.SCHEDULE_OF_OTHER_COURSE)
def _(w):
    return w.send_otp(w.enrol(), course_code=CAKE)


@case(SEND_OTP, Reason.COURSE_STARTED)
def _(w):
    ani = w.enrol()
    w.until(WEBINAR_STARTS)
    return w.send_otp(ani, WEBINAR)


@case(SEND_OTP, Reason.QUOTA_EXHAUSTED)
def _(w):
    w.list_course("penuh", quota=0)
    return w.send_otp(w.enrol(), "penuh")


@case(SEND_OTP, Reason.AMOUNT_UNFIT)
def _(w):
    return w.send_otp(w.enrol(), amount=0)


@case(SEND_OTP, Reason.CARD_UNKNOWN)
def _(w):
    return w.send_otp(w.enrol(), prakerja_id="9900000000000000")


@case(SEND_OTP, Reason.CARD_INACTIVE)
def _(w):
    ani = w.enrol()
    w.until(wib(2021, 12, 1))
    return w.send_otp(ani)


@case(SEND_OTP, Reason.AGE_UNFIT)
def _(w):
    w.list_course("dewasa", min_age=21)
    return w.send_otp(w.enrol(born=date(2000, 11, 4)), "dewasa")


@case(SEND_OTP, Reason.EDUCATION_UNFIT)
def _(w):
    w.list_course("sarjana", min_education=16)
    return w.send_otp(w.enrol(education=12), "sarjana")


@case(SEND_OTP, Reason.VIDEOS_NOT_WATCHED)
def _(w):
    return w.send_otp(w.enrol(watched=False))


@case(SEND_OTP, Reason.BALANCE_CLOSED)
def _(w):
    ani = w.enrol()
    w.rated(ani)
    w.until(wib(2021, 12, 1))
    return w.send_otp(ani, CAKE)


@case(SEND_OTP, Reason.PREVIOUS_UNFINISHED)
def _(w):
    ani = w.enrol()
    w.certified(ani)
    return w.send_otp(ani, CAKE)


@case(SEND_OTP, Reason.COURSE_BOUGHT_BEFORE)
def _(w):
    ani = w.enrol()
    w.rated(ani)
    return w.send_otp(ani)


@case(SEND_OTP, Reason.BALANCE_TOO_LOW)
def _(w):
    ani = w.enrol()
    w.rated(ani)
    return w.send_otp(ani, ADVERTS, amount=400_001)


@case(SEND_OTP, Reason.ACCOUNT_BOUND)
def _(w):
    w.bought(w.enrol(), user="shared")
    return w.send_otp(w.enrol(), user="shared")


@case(SEND_OTP, Reason.OTP_TOO_SOON)
def _(w):
    ani = w.enrol()
    w.send_otp(ani)
    w.after(59 * SECOND)
    return w.send_otp(ani)


@case(SEND_OTP, Reason.OTP_REQUESTS_EXHAUSTED)
def _(w):
    ani = w.enrol()
    for _ in range(6):
        assert w.send_otp(ani).status == 200
        w.after(60 * SECOND)
    return w.send_otp(ani)


# authorize


@case(AUTHORIZE, Reason.TOKEN_UNKNOWN)
def _(w):
    ani = w.enrol()
    return w.authorize(w.opened(ani), w.otp(ani), by=w.dp2)


@case(AUTHORIZE, Reason.OTP_TRIES_EXHAUSTED)
def _(w):
    ani = w.enrol()
    token = w.opened(ani)
    for _ in range(5):
        assert told(w.authorize(token, w.wrong_otp(ani)))[1] == "ERRPLT40094"
    return w.authorize(token, w.otp(ani))


@case(AUTHORIZE, Reason.OTP_EXPIRED)
def _(w):
    ani = w.enrol()
    token = w.opened(ani)
    w.after(301 * SECOND)
    return w.authorize(token, w.otp(ani))


@case(AUTHORIZE, Reason.OTP_WRONG)
def _(w):
    ani = w.enrol()
    return w.authorize(w.opened(ani), w.wrong_otp(ani))


@case(AUTHORIZE, Reason.INVOICE_USED)
def _(w):
    w.bought(w.enrol())
    budi = w.enrol()
    return w.authorize(w.opened(budi), w.otp(budi))


@case(AUTHORIZE, Reason.COURSE_STARTED)
def _(w):
    ani = w.enrol()
    w.until(WEBINAR_STARTS - SECOND)
    token = w.opened(ani, WEBINAR)
    w.after(SECOND)
    return w.authorize(token, w.otp(ani))


@case(AUTHORIZE, Reason.QUOTA_EXHAUSTED)
def _(w):
    w.list_course("satu", quota=1)
    ani, budi = w.enrol(), w.enrol()
    token = w.opened(budi, "satu")
    w.bought(ani, "satu", "INV-ANI")
    return w.authorize(token, w.otp(budi))


@case(AUTHORIZE, Reason.CARD_INACTIVE)
def _(w):
    ani = w.enrol()
    w.until(wib(2021, 11, 30, 23, 59, 59))
    token = w.opened(ani)
    w.after(SECOND)
    return w.authorize(token, w.otp(ani))


@case(AUTHORIZE, Reason.BALANCE_CLOSED)
def _(w):
    ani = w.enrol()
    w.rated(ani)
    w.until(wib(2021, 11, 30, 23, 59, 59))
    token = w.opened(ani, CAKE)
    w.after(SECOND)
    return w.authorize(token, w.otp(ani), "INV-2")


@case(AUTHORIZE, Reason.PREVIOUS_UNFINISHED)
def _(w):
    ani = w.enrol()
    token = w.opened(ani, CAKE)
    otp = w.otp(ani)
    w.bought(ani, invoice="INV-OTHER")
    return w.authorize(token, otp)


@case(AUTHORIZE, Reason.COURSE_BOUGHT_BEFORE, **AT_ONCE)
def _(w):
    ani = w.enrol()
    token = w.opened(ani, user="second")
    otp = w.otp(ani)
    w.rated(ani)
    return w.authorize(token, otp, "INV-2")


@case(AUTHORIZE, Reason.BALANCE_TOO_LOW, **AT_ONCE)
def _(w):
    ani = w.enrol()
    token = w.opened(ani, ADVERTS)
    otp = w.otp(ani)
    w.rated(ani)
    return w.authorize(token, otp, "INV-2")


@case(AUTHORIZE, Reason.ACCOUNT_BOUND)
def _(w):
    budi = w.enrol()
    token = w.opened(budi, user="shared")
    w.bought(w.enrol(), invoice="INV-ANI", user="shared")
    return w.authorize(token, w.otp(budi))


# status and void


@case(STATUS, Reason.PAYMENT_UNKNOWN)
def _(w):
    w.bought(w.enrol())
    return w.dp2.post("/payment/status", invoice_code="INV-1")


def void(w, transaction, invoice="INV-1", by=None):
    body = {"invoice_code": invoice, "transaction_code": transaction}
    return (by or w.dp).post("/payment/void", **body)


@case(VOID, Reason.PAYMENT_UNKNOWN)
def _(w):
    return void(w, w.bought(w.enrol())["transaction_code"], by=w.dp2)


@case(VOID, Reason.TRANSACTION_UNKNOWN)
def _(w):
    w.bought(w.enrol())
    return void(w, "0123456789ABCDEF")


@case(VOID, Reason.ALREADY_VOIDED)
def _(w):
    transaction = w.bought(w.enrol())["transaction_code"]
    assert void(w, transaction).status == 200
    return void(w, transaction)


@case(VOID, Reason.VOID_AFTER_REDEEM)
def _(w):
    ani = w.enrol()
    transaction = w.bought(ani)["transaction_code"]
    assert w.lp.post("/payment/redeem-code/commit", redeem_code=w.redeem_code(ani)).status == 200
    return void(w, transaction)


# quota-schedule


@case(QUOTA, Reason.SCHEDULE_CODES_EMPTY)
def _(w):
    return w.dp.post("/payment/quota-schedule", course_code="", schedule_code="")


@case(QUOTA, Reason.SCHEDULE_UNKNOWN)
def _(w):
    return w.dp.post("/payment/quota-schedule", course_code=BARISTA, schedule_code="0123456789abcdef")


@case(QUOTA, Reason.SCHEDULE_OF_OTHER_COURSE)
def _(w):
    return w.dp.post("/payment/quota-schedule", course_code=CAKE, schedule_code=w.schedule(BARISTA))


# redeem codes


def redeem(what, by="lp"):
    def ask(w):
        code = w.test_code()
        return getattr(w, by).post(f"/payment/redeem-code/{what}", redeem_code=code)

    return ask


def redeem_unknown(what):
    return lambda w: w.lp.post(f"/payment/redeem-code/{what}", redeem_code="PRAT-NOBODY")


for _what, _path in REDEEM.items():
    case(_path, Reason.REDEEM_CODE_UNKNOWN)(redeem_unknown(_what))
    case(_path, Reason.REDEEM_CODE_OF_OTHER_INSTITUTION)(redeem(_what, by="lp2"))


@case(REDEEM["commit"], Reason.REDEEM_CODE_CANCELLED)
def _(w):
    ani = w.enrol()
    transaction = w.bought(ani)["transaction_code"]
    code = w.redeem_code(ani)
    assert void(w, transaction).status == 200
    return w.lp.post("/payment/redeem-code/commit", redeem_code=code)


@case(REDEEM["commit"], Reason.REDEEM_CODE_USED)
def _(w):
    code = w.test_code()
    assert w.lp.post("/payment/redeem-code/commit", redeem_code=code).status == 200
    return w.lp.post("/payment/redeem-code/commit", redeem_code=code)


@case(REDEEM["commit"], Reason.OUTSIDE_REDEMPTION_WINDOW)
def _(w):
    ani = w.enrol()
    w.bought(ani, WEBINAR)
    w.until(WEBINAR_STARTS - 3601 * SECOND)
    return Partner(w, "lp-kantor").post("/payment/redeem-code/commit", redeem_code=w.redeem_code(ani))


@case(REDEEM["reset"], Reason.NOT_A_TEST_CODE)
def _(w):
    ani = w.enrol()
    w.bought(ani)
    return w.lp.post("/payment/redeem-code/reset", redeem_code=w.redeem_code(ani))


# What no state of the world leads to has a value that means it


@case(SEND_OTP, Reason.SERVICE_UNAVAILABLE)
def _(w):
    return w.send_otp(w.enrol(), prakerja_id="9999153000000000")


@case(AUTHORIZE, Reason.SERVICE_UNAVAILABLE)
def _(w):
    return w.authorize(w.opened(w.enrol(), prakerja_id="9999253000000000"), "123456")


def typed(what, reason):
    return lambda w: w.lp.post(f"/payment/redeem-code/{what}", redeem_code=SAID[reason][0])


for _what in ("status", "commit"):
    for _reason in (Reason.COURSE_TYPE_UNFIT, Reason.TRANSACTION_VOIDED):
        case(REDEEM[_what], _reason)(typed(_what, _reason))
for _reason in (Reason.REDEEM_CODE_USED, Reason.REDEEM_CODE_CANCELLED, Reason.OUTSIDE_REDEMPTION_WINDOW):
    case(REDEEM["status"], _reason)(typed("status", _reason))
    case(REDEEM["reset"], _reason)(typed("reset", _reason))
for _reason in (Reason.COURSE_TYPE_UNFIT, Reason.TRANSACTION_VOIDED):
    case(REDEEM["reset"], _reason)(typed("reset", _reason))


# completions


@case(COMPLETIONS, Reason.PAYMENT_UNKNOWN)
def _(w):
    return w.dp.report(invoice_code="INV-1", name="Ani", score=80)


@case(COMPLETIONS, Reason.NAME_DIFFERS)
def _(w):
    ani = w.enrol()
    w.bought(ani)
    return w.dp.report(invoice_code="INV-1", name=ani.name.upper(), score=80)


@case(COMPLETIONS, Reason.TOO_LATE_TO_FINISH)
def _(w):
    ani = w.enrol()
    w.bought(ani)
    w.until(wib(2021, 12, 6))
    return w.dp.report(invoice_code="INV-1", name=ani.name, score=80)


@pytest.mark.parametrize(("path", "reason"), CASES, ids=str)
def test_a_refusal_comes_with_its_code_and_words(path, reason):
    provoke, settings = CASES[path, reason]
    world = World(Settings(**settings))
    assert told(provoke(world)) == (STATUSES.get(reason, 400), *SAID[reason])
    assert world.is_sound()


@pytest.mark.parametrize(("path", "reason"), CASES, ids=str)
def test_a_refusal_has_the_documented_envelope_and_no_head(path, reason):
    provoke, settings = CASES[path, reason]
    answer = provoke(World(Settings(**settings)))
    body = answer.json()
    assert list(body) == ["code", "message", "success"]
    assert body["success"] is False
    assert "X-Ledger-Head" not in answer.headers


def test_every_reason_that_these_endpoints_list_can_be_provoked_and_no_other():
    paths = {SEND_OTP, AUTHORIZE, STATUS, VOID, QUOTA, COMPLETIONS, *REDEEM.values()}
    listed = {(e.path, reason) for e in FACE.endpoints if e.path in paths for reason in e.refuses}
    assert set(CASES) == listed
    assert {reason for _, reason in listed} == set(SAID)


def test_buying_lists_every_rule_of_the_programme():
    buying = (rules.Purchase, rules.OtpRequest, rules.OtpEntry)
    ruled = {reason for facts in buying for _, reason in RULES[facts]}
    listed = {reason for e in FACE.endpoints if e.path in (SEND_OTP, AUTHORIZE) for reason in e.refuses}
    assert ruled <= listed


@pytest.mark.parametrize("amount", [-1, 0, 600_001, 2**53])
def test_an_amount_beyond_the_price_is_a_bad_parameter(world, amount):
    ani = world.enrol()
    before = world.digest()
    refused = (400, "ERR40082", "Parameter tidak lengkap atau tidak valid.")
    assert told(world.send_otp(ani, amount=amount)) == refused
    assert world.digest() == before


UNCOUNTED = [key for key in CASES if key[1] is not Reason.OTP_WRONG]


@pytest.mark.parametrize(("path", "reason"), UNCOUNTED, ids=str)
def test_a_refusal_is_not_written_down(path, reason):
    provoke, settings = CASES[path, reason]
    world = World(Settings(**settings))
    provoke(world)
    assert reason.value not in {entry.outcome for entry in world.sandbox.journal()}


def test_a_wrong_otp_is_written_down_and_moves_nothing(world):
    ani = world.enrol()
    token = world.opened(ani)
    world.authorize(token, world.wrong_otp(ani))
    assert world.sandbox.journal()[-1].outcome == "otp_wrong"
    assert world.sandbox.journal()[-1].transfers == "[]"
    assert world.balance(ani) == 1_000_000


TOKENS = ["", "0" * 32, "x", "Payment", "%00"]


@pytest.mark.parametrize("token", TOKENS)
def test_a_token_that_was_never_given_is_refused(world, token):
    world.opened(world.enrol())
    assert told(world.authorize(token, "123456"))[1] == "ERRPLT40097"


def test_a_voided_purchases_token_is_refused(world):
    ani = world.enrol()
    token, otp = world.opened(ani), world.otp(ani)
    transaction = world.authorize(token, otp).json()["data"]["transaction_code"]
    assert void(world, transaction).status == 200
    assert told(world.authorize(token, otp))[1] == "ERRPLT40097"


def test_fifteen_wrong_codes_in_an_hour_rest_the_card_on_every_token(world):
    ani = world.enrol()
    for user in "abc":
        token = world.opened(ani, user=user)
        for _ in range(5):
            assert told(world.authorize(token, world.wrong_otp(ani)))[1] == "ERRPLT40094"
    token = world.opened(ani, user="d")
    assert told(world.authorize(token, world.otp(ani)))[1] == "ERRPLT40096"
    world.after(3600 * SECOND)
    token = world.opened(ani, user="d")
    assert world.authorize(token, world.otp(ani)).status == 200


@pytest.mark.parametrize("what", ["certified", "reported"])
def test_a_finished_training_is_not_voided(world, what):
    ani = world.enrol()
    if what == "certified":
        bought = world.certified(ani)
    else:
        bought = world.bought(ani)
        told_ = {"marketplace": "tokopedia", "invoice": "INV-1", "name": ani.name, "score": 80}
        world.sandbox.do(completion.report, **told_)
    assert told(void(world, bought["transaction_code"])) == (400, *SAID[Reason.VOID_AFTER_REDEEM])


@pytest.mark.parametrize("minutes", [-61, 61])
def test_a_webinars_code_is_refused_on_both_sides_of_its_window(world, minutes):
    ani = world.enrol()
    world.bought(ani, WEBINAR)
    world.until(WEBINAR_STARTS + minutes * 60 * SECOND)
    lp = Partner(world, "lp-kantor")
    answer = lp.post("/payment/redeem-code/commit", redeem_code=world.redeem_code(ani))
    assert told(answer) == (400, *SAID[Reason.OUTSIDE_REDEMPTION_WINDOW])


@pytest.mark.parametrize(("born", "status"), [(date(2000, 11, 3), 200), (date(2000, 11, 4), 400)])
def test_the_least_age_is_reached_on_the_birthday(world, born, status):
    world.list_course("dewasa", min_age=21)
    assert world.send_otp(world.enrol(born=born), "dewasa").status == status
