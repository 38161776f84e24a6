"""The dashboard's pages: what a participant reads and presses on a phone, and what others cannot."""

import re
from datetime import timedelta

import pytest

from prakerja_sim.mocks.prakerja.dashboard_pages import SECTIONS
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.programme import completion
from prakerja_sim.simulator.programme.incentive_records import LinkedAccount
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.programme.waves import wave
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.world import logins
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.prakerja.browser import Browser

HOME = "/prakerja/dasbor"
PATHS = [HOME + path for path in SECTIONS]


@pytest.fixture
def ani(world):
    return world.enrol()


@pytest.fixture
def window(world, ani):
    """Ani, logged in."""
    browser = Browser(world).open(HOME)
    browser.log_in(ani)
    return browser


def wallet(world, participant, number="0812345678", **changed):
    told = {"phone": participant.phone, "nik": participant.nik, "name": participant.name}
    world.sandbox.do(partners.open_wallet, partner="ovo", number=number, **(told | changed))


def link(world, window, participant):
    wallet(world, participant)
    window.open(f"{HOME}/rekening")
    window.press("link", partner="ovo", number=" 0812345678 ")
    window.press("confirm_link", otp=f" {world.otp(participant)}")


def certificate(world, paid, name):
    told = {"marketplace": "tokopedia", "invoice": paid["invoice_code"], "name": name}
    world.sandbox.do(completion.report, score=55, **told)
    while world.training(paid["transaction_code"]).certified_at is None:
        world.sandbox.step()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_asks_for_the_login_and_shows_itself_afterwards(world, ani, path):
    browser = Browser(world).open(path)
    assert browser.page.choices == ["login"]
    assert ani.card not in browser.page.text
    browser.log_in(ani)
    assert browser.at == path
    assert "logout" in browser.page.choices
    browser.press("logout")
    assert browser.open(path).page.choices == ["login"]


def test_a_wrong_password_is_told_and_lets_nobody_in(world, ani):
    browser = Browser(world).open(HOME)
    browser.press("login", email=ani.email, password="wrong")
    assert browser.page.status == 400
    assert "Email atau kata sandi salah." in browser.page.text
    assert browser.open(HOME).page.choices == ["login"]


def test_whoever_is_logged_in_for_a_test_code_is_nobody_here(world, ani):
    browser = Browser(world).open(HOME)
    browser.cookie = f"prakerja_session=uji.{'0' * 32}"
    assert browser.open(HOME).page.choices == ["login"]


def test_the_first_page_says_what_there_is_and_what_to_do(window, ani):
    text = " ".join(window.page.text.split())
    assert ani.card in text
    assert "Rp1.000.000" in text
    assert "Beli pelatihan pertama paling lambat 30-11-2021 pukul 23.59 WIB." in text
    assert "Sambungkan rekening atau e-wallet paling lambat 04-03-2022 pukul 23.59 WIB." in text
    assert "Belum membeli pelatihan" in text


def test_the_videos_are_watched_with_a_button(world):
    budi = world.enrol(watched=False)
    browser = Browser(world).open(HOME)
    browser.log_in(budi)
    assert "Tonton ketiga video pengenalan sampai selesai." in browser.page.text
    browser.press("videos")
    assert "videos" not in browser.page.choices
    assert "Tonton ketiga" not in browser.page.text
    assert "Anda lolos Kartu Prakerja" in browser.page.text


def test_a_training_is_followed_from_its_purchase_to_its_review(world, window, ani):
    paid = world.bought(ani)
    window.open(HOME)
    assert "Belum selesai" in window.page.text
    assert "Selesaikan pelatihan yang sudah dibeli paling lambat 05-12-2021" in window.page.text
    told = {"marketplace": "tokopedia", "invoice": paid["invoice_code"], "name": ani.name}
    world.sandbox.do(completion.report, score=55, **told)
    assert "Tunggu sertifikat muncul di dashboard." in window.open(HOME).page.text
    while world.training(paid["transaction_code"]).certified_at is None:
        world.sandbox.step()
    assert "Beri rating dan ulasan" in window.open(HOME).page.text

    window.press("rate", stars="2", review="  Kurang <b>jelas</b>  ")

    assert world.training(paid["transaction_code"]).review == "Kurang <b>jelas</b>"
    assert "2 dari 5: Kurang <b>jelas</b>" in window.page.text
    assert "rate" not in window.page.choices


def test_an_account_is_linked_and_let_go(world, window, ani):
    link(world, window, ani)
    assert "OVO ****5678" in window.page.text
    assert "putus rekening terlebih dahulu" in window.page.text
    assert "phone" not in window.page.choices
    window.press("unlink")
    assert "link" in window.page.choices
    assert world.sandbox.ask(Unit.get, kind=LinkedAccount, key=ani.card).linked_at is None
    assert "confirm_link" not in window.page.choices


def test_a_refusal_is_shown_on_its_page_with_its_code(world, window, ani):
    wallet(world, ani, upgraded=False)
    window.open(f"{HOME}/rekening")
    window.press("link", partner="ovo", number="0812345678")
    assert (window.page.status, window.page.code) == (400, "DASHBOARD_WALLET_NOT_UPGRADED")
    assert "E-wallet belum di-upgrade." in window.page.text
    window.press("link", partner="gopey", number="0812345678")
    assert window.page.code == "DASHBOARD_PARTNER_UNKNOWN"


def test_the_phone_number_is_changed(world, window, ani):
    window.open(f"{HOME}/rekening")
    window.press("phone", phone="084011112222")
    assert "Kode OTP dari 084011112222" in " ".join(window.page.text.split())
    window.press("confirm_phone", otp="x")
    assert window.page.code == "DASHBOARD_CODE_WRONG"
    window.press("confirm_phone", otp=world.otp(type("New", (), {"phone": "084011112222"})))
    assert "084011112222" in window.page.text
    assert "confirm_phone" not in window.page.choices


def test_notice_and_row_are_both_shown_when_they_disagree(world, window, ani):
    link(world, window, ani)
    certificate(world, world.bought(ani), ani.name)
    transaction = world.sandbox.ask(Unit.find, kind=Training, card=ani.card)[0].transaction
    world.sandbox.do(completion.rate, card=ani.card, transaction=transaction, stars=5, review="x")
    window.open(f"{HOME}/insentif")
    assert "Belum ada jadwal insentif." in window.page.text
    assert "Belum ada pemberitahuan." in window.page.text
    world.after(DAY)
    world.sandbox.arm("payout_reply_lost")
    assert window.open(f"{HOME}/insentif").page.text.count("Dijadwalkan") == 4
    while "Gagal cair" not in window.open(f"{HOME}/insentif").page.text:
        world.sandbox.step()
    assert window.page.text.count("Sedang diproses") == 1
    assert "Berhasil" not in window.page.text
    world.after(3600 * SECOND)
    text = window.open(f"{HOME}/insentif").page.text
    assert text.count("Berhasil") == 1
    assert text.index("Dana cair") < text.index("Gagal cair")


def test_surveys_open_are_filled_in_and_close(world, window, ani):
    link(world, window, ani)
    assert window.open(f"{HOME}/survei").page.text.count("Belum dibuka") == 3
    world.rated(ani)
    while "survey" not in window.open(f"{HOME}/survei").page.choices:
        world.sandbox.step()
    window.press("survey")
    assert "Sudah diisi" in window.page.text
    world.sandbox.advance(wib(2021, 12, 11))
    assert window.open(f"{HOME}/survei").page.text.count("Ditutup") == 2
    assert "survey" not in window.page.choices
    window.post(do="survey", survey="2", csrf=csrf(world, ani))
    assert window.page.code == "DASHBOARD_SURVEY_CLOSED"


def csrf(world, participant):
    of = {"holder": f"prakerja/{participant.card}", "sandbox": world.sandbox.name}
    return world.sandbox.ask(logins.secret, **of, about="forms")


def test_a_revoked_participant_reads_why(world, window):
    world.sandbox.advance(wib(2021, 12, 1))
    text = window.open(HOME).page.text
    assert "Dicabut" in text
    assert "Kepesertaan dicabut karena pelatihan pertama tidak dibeli tepat waktu." in text
    assert "Sambungkan" not in text


def test_after_the_last_day_for_linking_nobody_is_told_to(world, window, ani):
    world.rated(ani)
    world.sandbox.advance(wib(2022, 3, 4, 23, 59, 59))
    assert "Sambungkan" in window.open(HOME).page.text
    world.after(SECOND)
    assert "Batas waktu penyambungan rekening sudah lewat (04-03-2022" in window.open(HOME).page.text
    assert "link" not in window.open(f"{HOME}/rekening").page.choices
    assert "Batas waktu penyambungan rekening sudah lewat" in window.page.text


# What is over is not asked for any more


def test_a_training_that_was_not_finished_in_time_is_told_to_be_over(world, window, ani):
    world.bought(ani)
    world.sandbox.advance(wib(2021, 12, 5, 23, 59, 59))
    assert "Selesaikan pelatihan yang sudah dibeli" in window.open(HOME).page.text
    world.after(SECOND)
    assert "Batas waktu penyelesaian pelatihan sudah lewat (05-12-2021" in window.open(HOME).page.text
    assert "Selesaikan" not in window.page.text


def test_the_review_is_asked_for_exactly_as_long_as_it_is_taken(world, window, ani):
    certificate(world, world.bought(ani), ani.name)
    until = wave(ani.wave).rate_until
    world.sandbox.advance(until)
    assert "Beri rating dan ulasan" in window.open(HOME).page.text
    assert "rate" in window.page.choices
    world.after(SECOND)
    assert "Batas waktu pemberian ulasan sudah lewat" in window.open(HOME).page.text
    assert "Batas waktu pemberian ulasan sudah berakhir." in window.page.text
    assert "rate" not in window.page.choices
    assert "Tidak ada jadwal insentif" in window.open(f"{HOME}/insentif").page.text


def test_the_videos_are_asked_for_while_something_can_be_bought(world):
    budi = world.enrol(watched=False)
    window = Browser(world).open(HOME)
    window.log_in(budi)
    world.sandbox.advance(wave(budi.wave).buy_first_until)
    assert "videos" in window.open(HOME).page.choices
    assert "Tonton ketiga video" in window.page.text
    world.after(SECOND)
    assert "videos" not in window.open(HOME).page.choices
    assert "Tonton ketiga video" not in window.page.text


def test_a_linked_account_can_be_changed_until_the_last_day(world, window, ani):
    link(world, window, ani)
    world.sandbox.advance(wib(2022, 3, 4, 23, 59, 59))
    assert "unlink" in window.open(f"{HOME}/rekening").page.choices
    world.after(SECOND)
    assert window.open(f"{HOME}/rekening").page.choices == ["logout"]
    assert "Batas waktu mengganti rekening sudah lewat" in window.page.text
    assert "Nomor HP tidak dapat diubah lagi" in window.page.text


def test_a_survey_that_would_open_after_the_last_day_is_closed(world, window, ani):
    world.rated(ani)
    world.sandbox.advance(wave(ani.wave).surveys_until)
    world.after(SECOND)
    shown = window.open(f"{HOME}/survei").page
    assert "Ditutup" in shown.text
    assert not re.search(r"Dibuka \d|Dibuka$", shown.text)
    assert "survey" not in shown.choices


@pytest.mark.parametrize(
    ("day", "partners_then"),
    [
        (wib(2021, 11, 30), {"bni", "ovo", "gopay", "linkaja", "dana"}),
        (wib(2022, 12, 1), {"bni", "bca", "ovo", "gopay", "linkaja", "dana"}),
        (wib(2020, 10, 13), {"bni", "ovo", "gopay", "linkaja"}),
    ],
)
def test_the_banks_and_e_wallets_are_those_of_the_day(day, partners_then):
    assert set(partners.offered(day.date())) == partners_then


def test_the_page_offers_the_banks_and_e_wallets_of_the_day(world, window):
    shown = window.open(f"{HOME}/rekening").page.text
    assert "DANA" in shown
    assert "BCA" not in shown


# What others cannot


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "unlink"},
        {"do": "unlink", "csrf": ""},
        {"do": "unlink", "csrf": "0" * 32},
        {"do": "unlink", "csrf": "é"},
        {"do": "logout"},
        {"do": "nonsense"},
        {},
    ],
)
def test_a_form_without_the_logins_own_token_does_nothing(world, window, ani, fields):
    link(world, window, ani)
    before = world.digest()
    window.post(**fields)
    assert (window.page.status, window.page.code) == (400, "ERR40082")
    assert world.digest() == before
    assert "logout" in window.open(HOME).page.choices


def test_the_token_of_another_login_is_useless(world, window, ani):
    link(world, window, ani)
    window.post(do="unlink", csrf=csrf(world, world.enrol()))
    assert window.page.status == 400


def test_a_form_from_another_site_does_nothing(world, window, ani):
    link(world, window, ani)
    raw = f"do=unlink&csrf={csrf(world, ani)}".encode()
    sent = {"Content_Type": "application/x-www-form-urlencoded", "Cookie": window.cookie}
    told = world.send("POST", f"{HOME}/rekening", raw, Sec_Fetch_Site="cross-site", **sent)
    assert told.status == 400
    assert world.sandbox.ask(Unit.get, kind=LinkedAccount, key=ani.card).linked_at is not None
    assert world.send("POST", f"{HOME}/rekening", raw, Sec_Fetch_Site="same-origin", **sent).status == 303


def test_a_button_pressed_after_logging_out_leads_to_the_login(world, window, ani):
    window.cookie = ""
    window.post(do="videos", csrf=csrf(world, ani))
    assert window.page.choices == ["login"]


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "rate", "stars": "6", "review": "x"},
        {"do": "rate", "stars": "5", "review": "  "},
        {"do": "rate", "stars": "5", "review": "x" * 2001},
        {"do": "phone", "phone": "0712345678"},
        {"do": "phone"},
    ],
)
def test_a_bad_field_is_told_and_changes_nothing(world, window, ani, fields):
    before = world.digest()
    window.post(csrf=csrf(world, ani), **fields)
    assert (window.page.status, window.page.code) == (400, "ERR40082")
    assert world.digest() == before


def test_what_people_are_called_cannot_change_the_page(world):
    name = '<script>alert(1)</script> & "O\'Neill"'
    budi = world.enrol(name=name)
    browser = Browser(world).open(HOME)
    browser.log_in(budi)
    answer = world.send("GET", HOME, Cookie=browser.cookie)
    assert b"<script" not in answer.body
    assert b"&lt;script&gt;alert(1)&lt;/script&gt; &amp; " in answer.body
    assert name in browser.page.text


@pytest.mark.parametrize("path", PATHS)
def test_a_page_needs_no_script_and_is_made_for_a_phone(world, window, path):
    answer = world.send("GET", path, Cookie=window.cookie)
    html = answer.body.decode()
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<html lang="id">' in html
    assert 'name="viewport"' in html
    assert not re.search(r"<script|onclick|href=\"http|src=", html)
    assert html.count("<form") == html.count('name="csrf"')
    assert 'aria-current="page"' in html


def test_a_named_sandbox_keeps_its_own_pages(world):
    world.sandboxes.lease("theirs", 7, world.sandbox.now())
    assert b'action="/s/theirs/prakerja/dasbor"' in world.send("GET", f"/s/theirs{HOME}").body


# The further pages


def test_the_days_to_buy_are_not_shown_once_the_first_training_is_bought(world, window, ani):
    assert "Beli pelatihan pertama sampai" in window.open(HOME).page.text
    world.bought(ani)
    assert "Beli pelatihan pertama sampai" not in window.open(HOME).page.text
    assert "Sudah dibeli" in window.open(f"{HOME}/gelombang").page.text


def test_the_videos_page_says_which_were_watched(world):
    budi = world.enrol(watched=False)
    browser = Browser(world).open(f"{HOME}/video")
    browser.log_in(budi)
    assert browser.page.text.count("Belum ditonton") == 3
    browser.press("videos")
    assert browser.page.text.count("Sudah ditonton") == 3
    assert "videos" not in browser.page.choices


def test_the_wave_page_has_all_last_days_and_amounts(window):
    text = " ".join(window.open(f"{HOME}/gelombang").page.text.split())
    for said in (
        "Gelombang 22",
        "Gunakan saldo sampai30-11-2021 23.59 WIB",
        "Selesaikan pelatihan sampai05-12-2021 23.59 WIB",
        "Isi survei sampai10-12-2021 23.59 WIB",
        "4 x Rp600.000",
        "3 x Rp50.000",
    ):
        assert said in text


def test_a_purchase_has_a_page_of_its_own(world, window, ani):
    paid = world.bought(ani)
    window.open(f"{HOME}/pelatihan/{paid['transaction_code']}")
    text = " ".join(window.page.text.split())
    for said in (
        "Platform digitalTokopedia",
        "InvoiceINV-1",
        "HargaRp600.000",
        "Dibayar dengan kartuRp600.000",
        "PembayaranLunas",
        "Status kode redeemBelum digunakan",
    ):
        assert said in text
    about = {"invoice_code": "INV-1", "transaction_code": paid["transaction_code"]}
    world.dp.post("/payment/void", **about)
    text = " ".join(window.open(window.at).page.text.split())
    assert "PembayaranDibatalkan, dana kembali" in text
    assert "Status kode redeemDibatalkan" in text


def test_anothers_purchase_is_nobodys(world, window):
    paid = world.bought(world.enrol())
    assert window.open(f"{HOME}/pelatihan/{paid['transaction_code']}").page.status == 404


def test_the_bell_has_all_notices_and_the_first_page_the_latest(world, window, ani):
    for number in range(1, 3):
        world.after(timedelta(seconds=60))
        paid = world.bought(ani, invoice=f"INV-{number}")
        world.dp.post(
            "/payment/void", invoice_code=f"INV-{number}", transaction_code=paid["transaction_code"]
        )
    assert window.open(f"{HOME}/pemberitahuan").page.text.count("Pembelian pelatihan berhasil") == 2
    assert "Anda lolos Kartu Prakerja" in window.page.text
    assert "Anda lolos Kartu Prakerja" not in window.open(HOME).page.text


def test_a_complaint_is_written_answered_and_written_again(world, window, ani):
    paid = world.bought(ani)
    window.open(f"{HOME}/pengaduan")
    about = {"topic": "completion", "transaction_code": paid["transaction_code"]}
    window.press("complain", text="Sertifikat <b>belum</b> muncul", **about)
    assert "Sertifikat <b>belum</b> muncul" in window.page.text  # as text, not as bold letters
    assert "Diterima" in window.page.text
    while "again" not in window.open(window.at).page.choices:
        world.sandbox.step()
    window.press("again", text="Masih belum")
    assert "again" not in window.page.choices


@pytest.mark.parametrize(
    "typed",
    [{"topic": "lain-lain"}, {"text": "  "}, {"text": "x" * 2001}],
    ids=["topic", "blank", "long"],
)
def test_a_complaint_that_no_form_could_hold_is_not_taken(world, window, ani, typed):
    window.open(f"{HOME}/pengaduan")
    before = world.digest()
    window.press("complain", **{"topic": "otp", "transaction_code": "", "text": "Ada kendala"} | typed)
    assert window.page.status == 400
    assert world.digest() == before


def test_a_complaint_about_anothers_training_is_refused(world, window):
    paid = world.bought(world.enrol())
    window.open(f"{HOME}/pengaduan")
    window.press("complain", topic="otp", text="x", transaction_code=paid["transaction_code"])
    assert window.page.code is not None
