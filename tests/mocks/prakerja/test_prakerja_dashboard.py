"""The participant's dashboard: what it shows, each no that it says, and whom it lets in."""

from datetime import timedelta

import orjson
import pytest

from prakerja_sim.mocks.prakerja import labels
from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.mocks.prakerja.words import DASHBOARD as DASHBOARD_WORDS
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.programme import account_password
from prakerja_sim.simulator.programme.incentive_records import Incentive, IncentiveStatus, Notice
from prakerja_sim.simulator.programme.training_records import TrainingStatus
from prakerja_sim.simulator.programme.waves import WAVES
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.records import Sms
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.worlds import BARISTA, START, World, told, unnumbered

WORDS = {
    Reason.LOGIN_REFUSED: "Email atau kata sandi salah.",
    Reason.RESET_LINK_OVER: "Tautan tidak berlaku lagi. Minta tautan baru.",
    Reason.TRAINING_UNKNOWN: "Pelatihan tidak ditemukan.",
    Reason.CERTIFICATE_MISSING: "Sertifikat belum tersedia.",
    Reason.ALREADY_RATED: "Pelatihan sudah diberi ulasan.",
    Reason.RATING_ELSEWHERE: "Beri ulasan di platform digital tempat pelatihan dibeli.",
    Reason.WALLET_UNKNOWN: "Rekening atau e-wallet tidak ditemukan.",
    Reason.WALLET_INACTIVE: "Rekening atau e-wallet tidak aktif.",
    Reason.WALLET_NOT_RUPIAH: "Rekening bukan rekening rupiah.",
    Reason.WALLET_NAME_DIFFERS: "Nama pemilik rekening tidak sesuai dengan akun Prakerja.",
    Reason.WALLET_NOT_UPGRADED: "E-wallet belum di-upgrade.",
    Reason.PARTNER_UNKNOWN: "Mitra pembayaran tidak tersedia.",
    Reason.LINK_CLOSED: "Batas waktu penyambungan rekening sudah berakhir.",
    Reason.NOT_LINKED: "Belum ada rekening yang tersambung.",
    Reason.UNLINK_FIRST: "Sebelum ubah nomor HP, kamu harus putus rekening terlebih dahulu agar insentif"
    " dapat dicairkan ke rekening e-wallet terbaru",
    Reason.PHONE_TAKEN: "Nomor HP sudah digunakan akun Prakerja lain.",
    Reason.RATING_CLOSED: "Batas waktu pemberian ulasan sudah berakhir.",
    Reason.NIK_DIFFERS: "NIK tidak sesuai dengan akun Prakerja.",
    Reason.PHONE_DIFFERS: "Nomor HP tidak sesuai dengan akun Prakerja.",
    Reason.ALREADY_LINKED: "Rekening sudah tersambung.",
    Reason.LINK_NOT_BEGUN: "Belum ada kode OTP yang diminta.",
    Reason.CODE_WRONG: "Kode OTP salah.",
    Reason.CODE_EXPIRED: "Kode OTP sudah kedaluwarsa.",
    Reason.CODE_TRIES_EXHAUSTED: "Terlalu banyak percobaan. Coba lagi satu jam lagi.",
    Reason.SURVEY_NOT_OPEN: "Survei belum dibuka.",
    Reason.SURVEY_CLOSED: "Survei sudah ditutup.",
    Reason.SURVEY_DONE: "Survei sudah diisi.",
    Reason.TICKET_UNKNOWN: "Pengaduan tidak ditemukan.",
    Reason.TICKET_OPEN: "Pengaduan masih diproses.",
}
DASHBOARD = [e for e in FACE.endpoints if e.path.startswith("/dashboard")]
PRIVATE = [e for e in DASHBOARD if e.name not in ("login", "forgotten", "set_anew")]
UNAUTHORIZED = (401, "ERR40180", "Unauthorized")


class Visitor:
    """A participant at the dashboard."""

    def __init__(self, world, participant):
        self.world, self.participant = world, participant
        self.password = world.sandbox.ask(account_password.first_password, card=participant.card)
        login = self.send("POST", "/login", email=participant.email, password=self.password)
        self.token = login.json()["data"]["token"]

    def send(self, method, path, /, raw=None, **body):
        token = getattr(self, "token", "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        raw = orjson.dumps(body) if raw is None else raw
        return self.world.send(method, f"/prakerja/dashboard{path}", raw, **headers)

    def get(self, path):
        answer = self.send("GET", path)
        assert answer.status == 200, answer.body
        return answer.json()["data"]

    def post(self, path, **body):
        return self.send("POST", path, **body)

    # The account

    def wallet(self, number="0812345670", **changed):
        me = self.participant
        told = {"partner": "ovo", "number": number, "phone": me.phone, "nik": me.nik, "name": me.name}
        self.world.sandbox.do(partners.open_wallet, **(told | changed))

    def begin(self, number="0812345670", partner="ovo"):
        return self.post("/account", partner=partner, number=number)

    def link(self):
        self.wallet()
        assert self.begin().status == 200
        assert self.post("/account/confirm", otp=self.world.otp(self.participant)).status == 200

    def paid(self):
        """Linked, rated, and the first incentive has come."""
        self.link()
        self.world.rated(self.participant)
        while not any(row["status"] == "Berhasil" for row in self.get("/incentives")["incentives"]):
            self.world.sandbox.step()


@pytest.fixture
def ani(world):
    return Visitor(world, world.enrol())


# Getting in


def test_an_unknown_email_and_a_wrong_password_are_refused_alike(world, ani):
    email = ani.participant.email
    attempts = [
        {"email": "nobody@example.com", "password": ani.password},
        {"email": email, "password": "wrong"},
        {"email": email, "password": ani.password.lower()},
        {"email": "x", "password": "é" * 255},
    ]
    answers = [world.send("POST", "/prakerja/dashboard/login", orjson.dumps(a)) for a in attempts]
    assert {(a.status, a.body) for a in answers} == {(answers[0].status, answers[0].body)}
    assert len({tuple(unnumbered(a).items()) for a in answers}) == 1
    assert told(answers[0]) == (400, "DASHBOARD_LOGIN_REFUSED", WORDS[Reason.LOGIN_REFUSED])


def test_the_password_of_nobody_opens_nothing(world):
    password = world.sandbox.ask(account_password.first_password, card="")
    body = orjson.dumps({"email": "nobody@example.com", "password": password})
    assert told(world.send("POST", "/prakerja/dashboard/login", body))[0] == 400


@pytest.mark.parametrize("endpoint", PRIVATE, ids=lambda e: f"{e.method} {e.path}")
def test_every_page_but_the_login_wants_ones_own_token(world, ani, endpoint):
    budi = Visitor(world, world.enrol())
    card, _, secret = ani.token.partition(".")
    theirs = budi.participant.card
    tokens = ["", ".", "x", card, f"{card}.", f".{secret}", f"{theirs}.{secret}", f"{card}.{secret[:-1]}"]
    tokens += [f"{card}.{secret.upper()}", "9900000000000000." + secret, f"{card}.é"]
    path = endpoint.path.replace("<transaction>", "X").replace("<number>", "1")
    good = {
        "stars": 5,
        "review": "x",
        "partner": "ovo",
        "number": "1",
        "otp": "1",
        "topic": "otp",
        "text": "x",
        "phone": "084012345678",
    }
    before = world.digest()
    for token in tokens:
        raw = orjson.dumps(good)
        answer = world.send(endpoint.method, f"/prakerja{path}", raw, Authorization=f"Bearer {token}")
        assert told(answer) == UNAUTHORIZED, token
    assert world.digest() == before


def test_a_token_of_another_sandbox_is_useless(world, ani):
    other = World(start=world.sandbox.now())
    other.sandboxes.lease("theirs", 7, world.sandbox.now())
    answer = other.send("GET", "/s/theirs/prakerja/dashboard/profile", Authorization=f"Bearer {ani.token}")
    assert told(answer) == UNAUTHORIZED


# What it shows


def test_the_profile_shows_card_balance_wave_and_deadlines(world, ani):
    me = ani.participant
    assert ani.get("/profile") == {
        "prakerja_id": me.card,
        "name": me.name,
        "phone": me.phone,
        "email": me.email,
        "wave": 22,
        "status": "active",
        "balance": 1_000_000,
        "buy_first_until": "2021-11-30T23:59:59+07:00",
        "spend_until": "2021-11-30T23:59:59+07:00",
        "videos_watched": True,
        "next": [
            "Beli pelatihan pertama paling lambat 30-11-2021 pukul 23.59 WIB.",
            "Sambungkan rekening atau e-wallet paling lambat 04-03-2022 pukul 23.59 WIB.",
        ],
    }


def test_the_videos_are_watched_once_and_again_without_harm(world):
    budi = Visitor(world, world.enrol(watched=False))
    assert budi.get("/profile")["videos_watched"] is False
    for _ in range(2):
        assert budi.post("/videos").body == b'{"success":true,"message":"OK"}'
        assert budi.get("/profile")["videos_watched"] is True


def row(ani):
    return ani.get("/trainings")["trainings"][0]


def test_a_training_is_shown_from_its_purchase_to_its_rating(world, ani):
    assert ani.get("/trainings") == {"trainings": []}
    bought = world.bought(ani.participant)
    shown = {
        "transaction_code": bought["transaction_code"],
        "course_code": BARISTA,
        "title": "Kelas barista",
        "institution": "lp-kopi",
        "dp_platform": "tokopedia",
        "redeem_code": world.redeem_code(ani.participant),
        "status": "Belum selesai",
        "bought_at": "2021-11-03T09:00:00+07:00",
        "certificate_at": None,
        "score": None,
        "rating": None,
        "review": None,
    }
    assert row(ani) == shown
    world.dp.report(invoice_code="INV-1", name=ani.participant.name, score=55)
    assert row(ani) == shown | {"status": "Menunggu sertifikat", "score": 55}
    while row(ani)["certificate_at"] is None:
        world.sandbox.step()
    done = shown | {"status": "Selesai", "score": 55, "certificate_at": "2021-11-16T09:00:00+07:00"}
    assert row(ani) == done
    path = f"/trainings/{bought['transaction_code']}/review"
    assert ani.post(path, stars=1, review="Kurang").body == b'{"success":true,"message":"OK"}'
    assert row(ani) == done | {"rating": 1, "review": "Kurang"}


def test_a_voided_training_is_shown_as_cancelled(world, ani):
    bought = world.bought(ani.participant)
    body = {"invoice_code": "INV-1", "transaction_code": bought["transaction_code"]}
    assert world.dp.post("/payment/void", **body).status == 200
    assert row(ani)["status"] == "Dibatalkan"


def test_the_linked_account_is_shown_by_its_last_digits(world, ani):
    assert ani.get("/account") == {"linked": False}
    ani.wallet("0812345678")
    ani.begin("0812345678")
    assert ani.get("/account") == {"linked": False}
    ani.post("/account/confirm", otp=world.otp(ani.participant))
    assert ani.get("/account") == {"linked": True, "partner": "ovo", "number": "****5678"}


def test_incentives_appear_a_day_after_the_rating_and_are_held_without_an_account(world, ani):
    world.rated(ani.participant)
    assert ani.get("/incentives") == {"incentives": []}
    world.after(DAY)
    rows = ani.get("/incentives")["incentives"]
    assert [(r["slot"], r["amount"], r["status"], r["paid_at"]) for r in rows] == [
        (f"job-{month}", 600_000, "Dana tertahan", None) for month in (1, 2, 3, 4)
    ]
    ani.link()
    assert {r["status"] for r in ani.get("/incentives")["incentives"]} == {"Dijadwalkan"}


def test_a_paid_incentive_is_shown_with_its_day_and_opens_the_surveys(world, ani):
    assert ani.get("/surveys") == {
        "surveys": [{"survey": n, "opens_at": None, "filled": False} for n in (1, 2, 3)],
        "until": "2021-12-10T23:59:59+07:00",
    }
    ani.paid()
    first = ani.get("/incentives")["incentives"][0]
    assert (first["status"], first["paid_at"]) == ("Berhasil", first["due_at"])
    opens = [one["opens_at"] for one in ani.get("/surveys")["surveys"]]
    assert opens == [first["paid_at"], None, None]
    for number in (1, 2, 3):
        assert ani.post(f"/surveys/{number}", answers=["ya"]).status == 200
    assert [one["filled"] for one in ani.get("/surveys")["surveys"]] == [True] * 3


def test_every_state_has_a_label():
    assert set(labels.TRAINING) == set(TrainingStatus)
    assert set(labels.INCENTIVE) == set(IncentiveStatus)


@pytest.mark.parametrize(
    ("status", "of_2020", "of_2021"),
    [
        (IncentiveStatus.WAITING, "Belum diproses", "Menunggu diproses"),
        (IncentiveStatus.SCHEDULED, "Sedang diproses", "Dijadwalkan"),
        (IncentiveStatus.SENT, "Sedang diproses", "Sedang diproses"),
        (IncentiveStatus.FAILED, "Gagal", "Gagal"),
        (IncentiveStatus.CHECKING, "Dalam pengecekan", "Dalam pengecekan"),
        (IncentiveStatus.HELD, "Dana tertahan", "Dana tertahan"),
    ],
)
def test_a_label_is_the_one_of_its_time(status, of_2020, of_2021):
    assert labels.incentive(status, wib(2020, 12, 31, 23, 59, 59)) == of_2020
    assert labels.incentive(status, wib(2021, 1, 1)) == of_2021


@pytest.mark.parametrize("reason", labels.REASONS)
def test_every_trouble_says_what_it_is_and_what_to_do(reason):
    row = Incentive(
        "k", "9900", "job-1", Rupiah(600_000), IncentiveStatus.FAILED, START, wallet="bni/1", trouble=reason
    )
    what, next_step = labels.reason_text(row, WAVES[18]), labels.next_step(row, WAVES[18], START)
    assert what and next_step and "{" not in what + next_step
    last = WAVES[18].link_until
    assert labels.next_step(row, WAVES[18], last) == next_step
    late = labels.next_step(row, WAVES[18], last + timedelta(seconds=1))
    assert late and "{" not in late
    for only_in_time in ("atau ganti", "Ganti ke", "Sambungkan", "paling lambat"):
        assert only_in_time not in late
    assert len({labels.reason_text(row.but(trouble=other), WAVES[18]) for other in labels.REASONS}) == len(
        labels.REASONS
    )


@pytest.mark.parametrize(
    ("says", "wallet", "trouble", "text"),
    [
        (
            IncentiveStatus.FAILED,
            "bni/1",
            Reason.PAYOUT_REJECTED,
            "Insentif Anda gagal dicairkan. Cek Rekening BNI Anda dengan menghubungi Hotline BNI: 1500046"
            " atau ganti ke akun e-wallet lainnya",
        ),
        (IncentiveStatus.FAILED, "ovo/1", Reason.PAYOUT_REJECTED, "Transfer ditolak OVO."),
        (IncentiveStatus.HELD, None, Reason.NOT_LINKED, "Rekening atau e-wallet belum tersambung."),
        (IncentiveStatus.HELD, "bni/1", Reason.WALLET_INACTIVE, "Rekening tidak aktif."),
        (IncentiveStatus.PAID, "bni/1", None, "Insentif sudah masuk ke rekening."),
    ],
)
def test_a_notice_says_what_happened(says, wallet, trouble, text):
    assert labels.notice(Notice("9900", START, "job-1", says, wallet, trouble), WAVES[18]) == text


def test_a_notice_and_the_row_may_disagree(world, ani):
    ani.link()
    world.sandbox.arm("payout_reply_lost")
    world.rated(ani.participant)
    while not (told_ := [one for one in ani.get("/notices")["notices"] if one["slot"]]):
        world.sandbox.step()
    row = ani.get("/incentives")["incentives"][0]
    assert (told_[0]["slot"], told_[0]["label"]) == ("job-1", "Gagal cair")
    assert told_[0]["text"] == "Belum ada kabar dari OVO."
    assert (row["status"], row["reason"]) == ("Sedang diproses", None)
    assert row["next"] == "Dana sedang dikirim ke OVO. Tunggu, dana tidak hilang."
    world.after(3600 * SECOND)
    row = ani.get("/incentives")["incentives"][0]
    assert (row["status"], row["next"]) == ("Berhasil", "")
    assert [one["label"] for one in ani.get("/notices")["notices"]] == [
        "Anda lolos Kartu Prakerja",
        "Pembelian pelatihan berhasil",
        "Sertifikat terbit",
        "Gagal cair",
        "Dana cair",
    ]


def test_the_phone_is_changed_with_a_code_that_the_new_one_gets(world, ani):
    assert ani.post("/phone", phone="084011112222").status == 200
    code = world.sandbox.ask(Unit.log, kind=Sms, phone="084011112222")[-1].otp
    assert ani.get("/profile")["phone"] == ani.participant.phone
    assert ani.post("/phone/confirm", otp=code).status == 200
    assert ani.get("/profile")["phone"] == "084011112222"
    assert told(ani.post("/phone/confirm", otp=code))[1] == "DASHBOARD_LINK_NOT_BEGUN"


# What it refuses

CASES = {}


def case(name, reason):
    def register(provoke):
        CASES[name, reason] = provoke
        return provoke

    return register


@case("login", Reason.LOGIN_REFUSED)
def _(w, ani):
    return ani.post("/login", email=ani.participant.email, password="x")


@case("set_anew", Reason.RESET_LINK_OVER)
def _(w, ani):
    return ani.post("/password", code=f"{ani.participant.card}.0", password="kopi-susu")


@case("review", Reason.TRAINING_UNKNOWN)
def _(w, ani):
    theirs = w.certified(w.enrol())["transaction_code"]
    return ani.post(f"/trainings/{theirs}/review", stars=5, review="x")


@case("review", Reason.CERTIFICATE_MISSING)
def _(w, ani):
    return ani.post(f"/trainings/{w.bought(ani.participant)['transaction_code']}/review", stars=5, review="x")


@case("review", Reason.ALREADY_RATED)
def _(w, ani):
    return ani.post(f"/trainings/{w.rated(ani.participant)['transaction_code']}/review", stars=5, review="x")


@case("review", Reason.RATING_ELSEWHERE)
def _(w, ani):
    early = World(start=wib(2021, 3, 3, 9))
    visitor = Visitor(early, early.enrol(wave=12))
    bought = early.bought(visitor.participant)["transaction_code"]
    return visitor.post(f"/trainings/{bought}/review", stars=5, review="x")


@case("link", Reason.WALLET_UNKNOWN)
def _(w, ani):
    ani.wallet()
    return ani.begin(partner="dana")


@case("review", Reason.RATING_CLOSED)
def _(w, ani):
    bought = w.certified(ani.participant)
    w.until(wib(2022, 3, 5))
    return ani.post(f"/trainings/{bought['transaction_code']}/review", stars=5, review="x")


@case("link", Reason.PARTNER_UNKNOWN)
def _(w, ani):
    return ani.begin(partner="gopey")


@case("link", Reason.LINK_CLOSED)
def _(w, ani):
    ani.wallet()
    w.until(wib(2022, 3, 5))
    return ani.begin()


@case("link", Reason.WALLET_INACTIVE)
def _(w, ani):
    ani.wallet(active=False)
    return ani.begin()


@case("link", Reason.WALLET_NOT_RUPIAH)
def _(w, ani):
    ani.wallet(currency="USD")
    return ani.begin()


@case("link", Reason.WALLET_NAME_DIFFERS)
def _(w, ani):
    ani.wallet(name="Orang Lain")
    return ani.begin()


@case("link", Reason.NIK_DIFFERS)
def _(w, ani):
    ani.wallet(nik="1234567890123456")
    return ani.begin()


@case("link", Reason.PHONE_DIFFERS)
def _(w, ani):
    ani.wallet(phone="084000000000")
    return ani.begin()


@case("link", Reason.WALLET_NOT_UPGRADED)
def _(w, ani):
    ani.wallet(upgraded=False)
    return ani.begin()


@case("link", Reason.ALREADY_LINKED)
def _(w, ani):
    ani.link()
    return ani.begin()


def guessed(w, ani, times):
    ani.wallet()
    ani.begin()
    for _ in range(times):
        assert (
            told(ani.post("/account/confirm", otp=w.wrong_otp(ani.participant)))[1] == "DASHBOARD_CODE_WRONG"
        )


@case("link", Reason.CODE_TRIES_EXHAUSTED)
def _(w, ani):
    guessed(w, ani, 4)
    w.after(3599 * SECOND)
    return ani.begin()


@case("confirm_link", Reason.CODE_TRIES_EXHAUSTED)
def _(w, ani):
    guessed(w, ani, 4)
    return ani.post("/account/confirm", otp=w.otp(ani.participant))


@case("confirm_link", Reason.LINK_NOT_BEGUN)
def _(w, ani):
    return ani.post("/account/confirm", otp="123456")


@case("confirm_link", Reason.ALREADY_LINKED)
def _(w, ani):
    ani.link()
    return ani.post("/account/confirm", otp=w.otp(ani.participant))


@case("confirm_link", Reason.CODE_WRONG)
def _(w, ani):
    guessed(w, ani, 3)
    return ani.post("/account/confirm", otp=w.wrong_otp(ani.participant))


@case("confirm_link", Reason.CODE_EXPIRED)
def _(w, ani):
    guessed(w, ani, 0)
    w.after(301 * SECOND)
    return ani.post("/account/confirm", otp=w.otp(ani.participant))


@case("confirm_link", Reason.LINK_CLOSED)
def _(w, ani):
    ani.wallet()
    w.until(wib(2022, 3, 4, 23, 59, 59))
    assert ani.begin().status == 200
    w.after(SECOND)
    return ani.post("/account/confirm", otp=w.otp(ani.participant))


@case("unlink", Reason.NOT_LINKED)
def _(w, ani):
    ani.wallet()
    ani.begin()
    return ani.send("DELETE", "/account")


@case("unlink", Reason.LINK_CLOSED)
def _(w, ani):
    ani.link()
    w.until(wib(2022, 3, 5))
    return ani.send("DELETE", "/account")


NEW = "084011112222"


def phoned(w, ani, wrong=0):
    assert ani.post("/phone", phone=NEW).status == 200
    code = w.sandbox.ask(Unit.log, kind=Sms, phone=NEW)[-1].otp
    for _ in range(wrong):
        assert told(ani.post("/phone/confirm", otp="x"))[1] == "DASHBOARD_CODE_WRONG"
    return code


@case("change_phone", Reason.UNLINK_FIRST)
def _(w, ani):
    ani.link()
    return ani.post("/phone", phone=NEW)


@case("change_phone", Reason.PHONE_TAKEN)
def _(w, ani):
    return ani.post("/phone", phone=w.enrol().phone)


@case("change_phone", Reason.CODE_TRIES_EXHAUSTED)
def _(w, ani):
    phoned(w, ani, wrong=4)
    w.after(3599 * SECOND)
    return ani.post("/phone", phone=NEW)


@case("confirm_phone", Reason.LINK_NOT_BEGUN)
def _(w, ani):
    return ani.post("/phone/confirm", otp="123456")


@case("confirm_phone", Reason.CODE_TRIES_EXHAUSTED)
def _(w, ani):
    return ani.post("/phone/confirm", otp=phoned(w, ani, wrong=4))


@case("confirm_phone", Reason.CODE_EXPIRED)
def _(w, ani):
    code = phoned(w, ani)
    w.after(301 * SECOND)
    return ani.post("/phone/confirm", otp=code)


@case("confirm_phone", Reason.CODE_WRONG)
def _(w, ani):
    phoned(w, ani)
    return ani.post("/phone/confirm", otp="000000x")


@case("fill_survey", Reason.SURVEY_NOT_OPEN)
def _(w, ani):
    return ani.post("/surveys/1")


@case("fill_survey", Reason.SURVEY_CLOSED)
def _(w, ani):
    w.until(wib(2021, 12, 11))
    return ani.post("/surveys/1")


@case("fill_survey", Reason.SURVEY_DONE)
def _(w, ani):
    ani.paid()
    assert ani.post("/surveys/1").status == 200
    return ani.post("/surveys/1")


@case("complain", Reason.TRAINING_UNKNOWN)
def _(w, ani):
    theirs = Visitor(w, w.enrol())
    w.rated(theirs.participant)
    told_of = theirs.get("/trainings")["trainings"][0]["transaction_code"]
    return ani.post("/complaints", topic="refund", text="x", transaction_code=told_of)


@case("reopen", Reason.TICKET_UNKNOWN)
def _(w, ani):
    theirs = Visitor(w, w.enrol()).post("/complaints", topic="otp", text="x").json()["data"]["number"]
    return ani.post(f"/complaints/{theirs}/reopen", text="x")


@case("reopen", Reason.TICKET_OPEN)
def _(w, ani):
    number = ani.post("/complaints", topic="otp", text="x").json()["data"]["number"]
    return ani.post(f"/complaints/{number}/reopen", text="x")


@pytest.mark.parametrize(("name", "reason"), CASES, ids=str)
def test_a_refusal_of_the_dashboard_has_its_code_and_words(world, ani, name, reason):
    answer = CASES[name, reason](world, ani)
    assert told(answer) == (400, f"DASHBOARD_{reason.name}", WORDS[reason])
    assert list(answer.json()) == ["code", "message", "success"]


def test_every_reason_that_the_dashboard_lists_can_be_provoked_and_no_other():
    assert set(CASES) == {(e.name, reason) for e in DASHBOARD for reason in e.refuses}


def test_whatever_the_dashboard_has_words_for_is_said_somewhere():
    assert set(DASHBOARD_WORDS) == {reason for e in DASHBOARD for reason in e.refuses} & set(DASHBOARD_WORDS)


def test_the_right_code_may_be_the_fourth(world, ani):
    guessed(world, ani, 3)
    assert ani.post("/account/confirm", otp=world.otp(ani.participant)).status == 200


def test_after_an_hour_the_account_may_be_linked_anew(world, ani):
    guessed(world, ani, 4)
    world.after(3600 * SECOND)
    assert ani.begin().status == 200
    assert ani.post("/account/confirm", otp=world.otp(ani.participant)).status == 200


# Bad input

BAD = [
    ("/login", {}),
    ("/login", {"email": 1, "password": "x"}),
    ("/login", {"email": "x" * 256, "password": "x"}),
    ("/trainings/X/review", {"stars": 0, "review": "x"}),
    ("/trainings/X/review", {"stars": 6, "review": "x"}),
    ("/trainings/X/review", {"stars": True, "review": "x"}),
    ("/trainings/X/review", {"stars": "5", "review": "x"}),
    ("/trainings/X/review", {"stars": 4.5, "review": "x"}),
    ("/trainings/X/review", {"stars": 5, "review": ""}),
    ("/trainings/X/review", {"stars": 5, "review": "x" * 2001}),
    ("/account", {"partner": "", "number": "1"}),
    ("/account", {"partner": "ovo", "number": 81}),
    ("/phone", {"phone": "0712345678"}),
    ("/phone", {"phone": "081234567"}),
    ("/phone", {"phone": "08123456789012"}),
    ("/phone/confirm", {"otp": ""}),
    ("/account/confirm", {"otp": 123456}),
    ("/account/confirm", {"otp": ""}),
    ("/surveys/1", {"answers": "ya"}),
    ("/surveys/1", {"answers": [1]}),
]


@pytest.mark.parametrize(("path", "body"), BAD)
def test_a_bad_field_is_told_and_changes_nothing(world, ani, path, body):
    before = world.digest()
    refused = (400, "ERR40082", "Parameter tidak lengkap atau tidak valid.")
    assert told(ani.post(path, **body)) == refused
    assert world.digest() == before


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"{", b'{"otp":"\\ud800"}'])
@pytest.mark.parametrize(
    "path", ["/login", "/trainings/X/review", "/account", "/account/confirm", "/surveys/1"]
)
def test_a_body_that_is_no_object_is_told(world, ani, path, raw):
    assert told(ani.send("POST", path, raw))[1] == "ERR40081"


@pytest.mark.parametrize("number", ["0", "4", "-1", "x", "01x", "999", "1" * 400, "%C2%B2", "%D9%A1", " 1"])
def test_a_survey_that_does_not_exist_is_not_open(world, ani, number):
    assert told(ani.post(f"/surveys/{number}"))[1] == "DASHBOARD_SURVEY_NOT_OPEN"


@pytest.mark.parametrize("transaction", ["X", "%00", "%F0%9F%98%80", "x" * 3000])
def test_a_training_that_does_not_exist_is_not_found(world, ani, transaction):
    answer = ani.post(f"/trainings/{transaction}/review", stars=5, review="x")
    assert told(answer)[1] == "DASHBOARD_TRAINING_UNKNOWN"
