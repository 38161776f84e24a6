"""A learner's account and the institution's pages: to the certificate, and back in after a lost password."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import orjson
import pytest

from prakerja_sim.mocks.institution import support, vouchers
from prakerja_sim.mocks.institution.words import SAYS
from prakerja_sim.simulator.institution import accounts, learning
from prakerja_sim.simulator.institution.records import Learner
from prakerja_sim.simulator.programme import operator_actions
from prakerja_sim.simulator.programme.training_records import Training
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.world.records import Mail
from prakerja_sim.simulator.world.refusals import reasons_of
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.institution.test_institution import EMAIL, error
from tests.mocks.institution.test_institution import Learner as Buyer
from tests.mocks.worlds import BARISTA

PASSWORD = "kopi-susu-gula"
SITE = "/institution/lp-kopi/situs"


class Site:
    """An institution's site as a program uses it."""

    def __init__(self, world):
        self.world = world

    def post(self, what, /, institution="lp-kopi", headers=None, **body):
        path = f"/institution/{institution}/accounts{what}"
        return self.world.send("POST", path, orjson.dumps(body), **(headers or {}))

    def register(self, email=EMAIL, **changed):
        return self.post("", **({"email": email, "name": "Ani Contoh", "password": PASSWORD} | changed))

    def login(self, password=PASSWORD, email=EMAIL, **how):
        return self.post("/login", email=email, password=password, **how)

    def me(self, token, institution="lp-kopi"):
        return self.world.send(
            "GET", f"/institution/{institution}/accounts/me", Authorization=f"Bearer {token}"
        )

    def link(self, email=EMAIL):
        """The code in the newest e-mail with a link."""
        assert self.post("/forgotten", email=email).json() == {"sent": True}
        return re.search(r"kode=(\S+)", self.world.mails(email)[-1].text)[1]


class Browser:
    """A browser that keeps the site's cookie and follows where it is sent."""

    def __init__(self, world):
        self.world, self.cookie = world, ""

    def open(self, page):
        return self._sent("GET", page)

    def submit(self, page, **fields):
        return self._sent("POST", page, urlencode(fields).encode())

    def _sent(self, method, page, raw=b""):
        path = page if page.startswith("/institution") else SITE + page
        answer = self.world.send(method, path, raw, Cookie=self.cookie)
        if "Set-Cookie" in answer.headers:
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        if answer.status == 303:
            return self._sent("GET", answer.headers["Location"])
        text = answer.body.decode()
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert '<html lang="id">' in text
        assert "<script" not in text
        wrong = re.search(r'role="alert">([^<]*)<', text)
        return answer.status, wrong[1] if wrong else "", text


@pytest.fixture
def site(world):
    return Site(world)


@pytest.fixture
def browser(world):
    return Browser(world)


def test_an_account_is_opened_once_for_an_email(world, site):
    opened = site.register(email="Ani@Example.com")
    assert (opened.status, opened.json()) == (201, {"email": EMAIL, "name": "Ani Contoh"})
    before = world.digest()
    assert error(site.register()) == (409, "email_taken")
    assert world.digest() == before


def test_a_login_shows_the_account_and_its_classes(world, site):
    ani = Buyer(world)
    site.register()
    token = site.login().json()["token"]
    assert site.me(token).json() == {"email": EMAIL, "name": "Ani Contoh", "classes": []}
    ani.redeem()
    assert site.me(token).json()["classes"] == [{"voucher_code": ani.voucher, "course_code": "barista"}]
    assert error(site.me(token, "lp-niaga")) == (401, "unauthorized")


@pytest.mark.parametrize(
    ("password", "email"), [("salah-salah", EMAIL), (PASSWORD, "budi@example.com"), ("", ""), (PASSWORD, "")]
)
def test_a_wrong_password_and_an_unknown_email_are_told_alike(world, site, password, email):
    site.register()
    before = world.digest()
    answer = site.login(password, email)
    assert error(answer) == (409, "login_refused")
    assert answer.body == site.login("x", "nobody@example.com").body
    assert world.digest() == before


def test_no_password_is_kept_or_journalled(world, site):
    site.register()
    site.post("/password", code=site.link(), password="teh-manis-hangat")
    kept = world.sandbox.ask(Unit.find, kind=Learner)
    told = str([entry.arguments for entry in world.sandbox.journal()]) + str(kept)
    assert PASSWORD not in told
    assert "teh-manis-hangat" not in told


def test_a_forgotten_password_is_set_anew_by_the_link_in_the_mail(world, site):
    site.register()
    old = site.login().json()["token"]
    code = site.link()
    assert site.post("/password", code=code, password="teh-manis-hangat").json()["email"] == EMAIL
    assert error(site.login()) == (409, "login_refused")
    assert error(site.me(old)) == (401, "unauthorized")
    assert site.me(site.login("teh-manis-hangat").json()["token"]).status == 200
    before = world.digest()
    assert error(site.post("/password", code=code, password=PASSWORD)) == (409, "reset_link_over")
    assert world.digest() == before


@pytest.mark.parametrize(("after", "good"), [(3600, True), (3601, False)])
def test_a_link_lives_for_an_hour(world, site, after, good):
    site.register()
    code = site.link()
    world.after(after * SECOND)
    assert (site.post("/password", code=code, password="teh-manis-hangat").status == 200) is good


def test_only_the_newest_link_is_good_and_only_where_it_was_sent(world, site):
    site.register()
    site.register(email="budi@example.com")
    first, second = site.link(), site.link()
    other = site.link("budi@example.com")
    mixed = other.partition(".")[0] + "." + second.partition(".")[2]
    for code in (first, mixed, "", "x", "é.é", second[:-1]):
        told = error(site.post("/password", code=code, password="teh-manis-hangat"))
        assert told == (409, "reset_link_over"), code
    assert site.post("/password", code=second, password="teh-manis-hangat").status == 200


def test_an_unknown_email_is_sent_nothing_and_told_the_same(world, site):
    before = world.digest()
    assert site.post("/forgotten", email="nobody@example.com").json() == {"sent": True}
    assert world.digest() == before
    assert world.sandbox.ask(Unit.log, kind=Mail) == []


BAD = [
    ("", {"email": "ani", "name": "A", "password": PASSWORD}),
    ("", {"email": "a@b/c", "name": "A", "password": PASSWORD}),
    ("", {"email": EMAIL, "name": "", "password": PASSWORD}),
    ("", {"email": EMAIL, "name": "A\nB", "password": PASSWORD}),
    ("", {"email": EMAIL, "name": "A", "password": "pendek7"}),
    ("", {"email": EMAIL, "name": "A", "password": 12345678}),
    ("/login", {"email": EMAIL}),
    ("/forgotten", {"email": [EMAIL]}),
    ("/password", {"code": "x", "password": "pendek7"}),
    ("/password", {"code": None, "password": PASSWORD}),
]


@pytest.mark.parametrize(("what", "body"), BAD)
def test_a_bad_field_is_told_and_changes_nothing(world, site, what, body):
    before = world.digest()
    answer = site.post(what, **body)
    assert error(answer) == (400, "malformed")
    assert "pendek7" not in answer.body.decode()
    assert world.digest() == before


# The pages


def test_by_hand_from_the_first_visit_to_the_certificate(world, browser):
    ani = Buyer(world)
    assert "Masuk" in browser.open("/kelas")[2]
    browser.submit("/daftar", name=ani.me.name, email=EMAIL, password=PASSWORD)
    assert "Belum ada kelas" in browser.open("/kelas")[2]
    status, wrong, _ = browser.submit("/kelas", voucher="TKPDTIDAKADA", marketplace="tokopedia")
    assert (status, wrong) == (400, "Kode voucher tidak ditemukan. Periksa kembali kode Anda.")
    assert "Pre test" in browser.submit("/kelas", voucher=f" {ani.voucher} ", marketplace="tokopedia")[2]
    page = f"/kelas/{ani.voucher}"
    assert browser.submit(page, do="lesson")[:2] == (400, "Kerjakan pre test terlebih dahulu.")
    browser.submit(page, do="pre-test", score="40")
    for _ in range(4):
        assert browser.submit(page, do="lesson")[0] == 200
    assert "Belum terbit" in browser.open(page)[2]
    browser.submit(page, do="final-test", score="0")
    code = world.redeem_code(ani.me)
    assert "Sudah digunakan" in browser.submit(page, do="redeem-code", redeem_code=code)[2]
    assert ani.me.name in browser.open(f"{page}/sertifikat")[2]
    assert world.sandbox.ask(Unit.find, kind=Training)[0].score == 0


def test_a_lost_answer_is_told_and_the_form_simply_sent_again(world, browser):
    ani = Buyer(world)
    browser.submit("/daftar", name=ani.me.name, email=EMAIL, password=PASSWORD)
    world.sandbox.arm("reply_lost", "voucher/redeem")
    status, wrong, _ = browser.submit("/kelas", voucher=ani.voucher, marketplace="tokopedia")
    assert (status, wrong) == (
        400,
        "Layanan sedang tidak menjawab. Tidak ada yang hilang, silakan coba lagi.",
    )
    assert browser.submit("/kelas", voucher=ani.voucher, marketplace="tokopedia")[0] == 200


def test_the_link_in_the_mail_leads_to_a_page_that_sets_the_password(world, browser, site):
    site.register()
    browser.submit("/lupa-sandi", email=EMAIL)
    address = re.search(r"https://\S+", world.mails(EMAIL)[-1].text)[0]
    page = address.partition("/situs")[2]
    code = page.partition("kode=")[2]
    assert code in browser.open(page)[2]
    assert browser.submit("/sandi-baru", code=code, password="pendek7")[0] == 400
    assert browser.submit("/sandi-baru", code=code, password="teh-manis-hangat")[0] == 200
    assert browser.submit("/masuk", email=EMAIL, password=PASSWORD)[1] == "Email atau kata sandi salah."
    assert "Kelas saya" in browser.submit("/masuk", email=EMAIL, password="teh-manis-hangat")[2]
    assert browser.submit("/sandi-baru", code=code, password=PASSWORD)[1].startswith("Tautan tidak berlaku")


def test_another_learners_class_does_not_exist(world, browser):
    ani = Buyer(world)
    ani.redeem()
    page = f"/kelas/{ani.voucher}"
    assert "<h1>Masuk</h1>" in browser.open(page)[2]
    browser.submit("/daftar", name="Budi Contoh", email="budi@example.com", password=PASSWORD)
    before = world.digest()
    for asked in (page, f"{page}/sertifikat", "/kelas/TKPDTIDAKADA"):
        assert browser.open(asked)[:2] == (400, "Kelas tidak ditemukan.")
    assert browser.submit(page, do="lesson")[:2] == (400, "Kelas tidak ditemukan.")
    assert world.digest() == before
    assert "<h1>Masuk</h1>" in browser.open("/keluar")[2]
    assert "<h1>Masuk</h1>" in browser.open("/kelas")[2]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"do": "x"},
        {"do": "pre-test"},
        {"do": "pre-test", "score": "101"},
        {"do": "pre-test", "score": "\u0663"},
    ],
)
def test_a_form_that_makes_no_sense_changes_nothing(world, browser, fields):
    ani = Buyer(world)
    browser.submit("/daftar", name=ani.me.name, email=EMAIL, password=PASSWORD)
    browser.submit("/kelas", voucher=ani.voucher, marketplace="tokopedia")
    before = world.digest()
    assert browser.submit(f"/kelas/{ani.voucher}", **fields)[0] == 400
    assert world.digest() == before


@pytest.mark.parametrize(
    ("page", "fields", "said"),
    [
        ("/daftar", {"name": "Ani", "email": "ani", "password": PASSWORD}, "Isi email yang benar."),
        ("/daftar", {"email": EMAIL, "password": "pendek7"}, "Isi nama, paling banyak 255 karakter. Isi kata"
         " sandi, 8 sampai 128 karakter."),
        ("/masuk", {}, "Isi email yang benar. Isi kata sandi, 8 sampai 128 karakter."),
        ("/sandi-baru", {"password": PASSWORD}, "Tautan tidak lengkap. Buka lagi tautan dari email, atau"
         " minta tautan baru."),
    ],
)  # fmt: skip
def test_a_field_that_is_wrong_is_told_in_indonesian(browser, page, fields, said):
    assert browser.submit(page, **fields)[:2] == (400, said)


def test_a_class_tells_in_indonesian_what_is_wrong_with_a_form(world, browser):
    ani = Buyer(world)
    browser.submit("/daftar", name=ani.me.name, email=EMAIL, password=PASSWORD)
    browser.submit("/kelas", voucher=ani.voucher, marketplace="tokopedia")
    for fields, said in (
        ({"do": "pre-test", "score": "101"}, "Isi nilai dengan bilangan bulat 0 sampai 100."),
        ({"do": "redeem-code"}, "Isi kode redeem dari dashboard Prakerja."),
        ({"do": "x"}, "Formulir tidak dapat dibaca. Muat ulang halaman, lalu coba lagi."),
    ):
        assert browser.submit(f"/kelas/{ani.voucher}", **fields)[:2] == (400, said)


def test_a_certificate_whose_report_is_refused_is_there_and_the_page_says_so(world, browser):
    ani = Buyer(world)
    browser.submit("/daftar", name="Nama Lain", email=EMAIL, password=PASSWORD)
    browser.submit("/kelas", voucher=ani.voucher, marketplace="tokopedia")
    page = f"/kelas/{ani.voucher}"
    browser.submit(page, do="pre-test", score="40")
    for _ in range(4):
        browser.submit(page, do="lesson")
    status, wrong, text = browser.submit(page, do="final-test", score="80")
    assert (status, wrong) == (
        400,
        "Sertifikat sudah terbit, tetapi laporannya belum diterima platform tempat pelatihan dibeli (Nama "
        "peserta tidak sesuai dengan akun Prakerja). Lembaga melaporkannya lagi pada hari kerja berikutnya.",
    )
    assert "CERT-" in text
    assert "Perbaiki nama" in text
    browser.submit(page, do="name", name=ani.me.name)
    world.after(timedelta(days=4))
    assert world.sandbox.ask(Unit.find, kind=Training)[0].score == 80


def test_a_class_whose_material_was_withdrawn_offers_none(world, browser):
    ani = Buyer(world)
    browser.submit("/daftar", name=ani.me.name, email=EMAIL, password=PASSWORD)
    browser.submit("/kelas", voucher=ani.voucher, marketplace="tokopedia")
    assert "Selesaikan materi" in browser.open(f"/kelas/{ani.voucher}")[2]
    world.sandbox.do(operator_actions.withdraw_content, course=BARISTA)
    text = browser.open(f"/kelas/{ani.voucher}")[2]
    assert "Selesaikan materi" not in text
    assert "Materi pelatihan sudah tidak tersedia." in text


def test_whoever_is_logged_in_is_offered_to_leave_on_every_page(world, browser):
    assert ">Masuk</a>" in browser.open("/selesai")[2]
    browser.submit("/daftar", name="Ani", email=EMAIL, password=PASSWORD)
    for page in ("/kelas", "/selesai", "/kehadiran", "/kelas/TIDAKADA"):
        text = browser.open(page)[2]
        assert ">Keluar</a>" in text, page
        assert ">Masuk</a>" not in text, page


def test_a_complaint_is_taken_up_answered_by_mail_and_reopened(world, site):
    site.register()
    login = {"Authorization": f"Bearer {site.login().json()['token']}"}
    filed = site.post("/complaints", headers=login, topic="completion", text="Sertifikat belum ada")
    number = filed.json()["number"]
    assert (filed.status, filed.json()["status"]) == (201, "Diterima")

    def status():
        path = "/institution/lp-kopi/accounts/complaints"
        return world.send("GET", path, **login).json()["complaints"][0]["status"]

    again = f"/complaints/{number}/reopen"
    assert error(site.post(again, headers=login, text="Masih"))[1] == "ticket_open"
    world.after(timedelta(hours=4))
    assert status() == "Diproses"
    world.after(timedelta(hours=44))
    assert status() == "Selesai"
    assert "Laporan penyelesaian" in world.mails(EMAIL)[-1].text
    assert site.post(again, headers=login, text="Masih").json()["status"] == "Diterima"
    assert error(site.post("/complaints/0/reopen", headers=login, text="x"))[1] == "ticket_unknown"


def test_a_complaint_is_ones_own_about_ones_own_class(world, site):
    ani = Buyer(world)
    ani.redeem()
    for email in (EMAIL, "budi@example.com"):
        site.post("", email=email, name="Siapa", password=PASSWORD)
    mine, theirs = (
        {"Authorization": f"Bearer {site.post('/login', email=one, password=PASSWORD).json()['token']}"}
        for one in (EMAIL, "budi@example.com")
    )
    about = {"topic": "unfinished", "text": "Tidak terbuka", "voucher_code": ani.voucher}
    filed = site.post("/complaints", headers=mine, **about)
    assert filed.status == 201
    before = world.digest()
    assert error(site.post("/complaints", headers=theirs, **about))[1] == "enrolment_unknown"
    again = f"/complaints/{filed.json()['number']}/reopen"
    assert error(site.post(again, headers=theirs, text="x"))[1] == "ticket_unknown"
    for bad in ({"topic": "refund"}, {"text": " "}, {"text": "x" * 2001}):
        assert site.post("/complaints", headers=mine, **about | bad).status == 400
    assert site.post("/complaints", **about).status == 401
    assert world.digest() == before


def test_a_complaint_by_hand(world, browser):
    assert "<h1>Masuk</h1>" in browser.open("/bantuan")[2]
    browser.submit("/daftar", name="Ani", email=EMAIL, password=PASSWORD)
    assert browser.submit("/bantuan", topic="other", text=" ")[1].startswith("Tulis keluhan Anda")
    assert browser.submit("/bantuan", topic="x", text="y")[1] == "Pilih tentang apa keluhan Anda."
    assert "Diterima" in browser.submit("/bantuan", topic="other", text="Halo")[2]


def test_an_institution_that_teaches_nothing_has_no_site(world):
    for page in ("/masuk", "/kelas", "/kelas/X"):
        answer = world.send("GET", f"/institution/nobody/situs{page}")
        assert error(answer) == (404, "not_found")


def test_what_people_type_is_shown_as_text(world, browser):
    browser.submit("/daftar", name="<b>Ani & Budi</b>", email="a;b\u00e9@example.com", password=PASSWORD)
    text = browser.open("/kelas")[2]
    assert "&lt;b&gt;Ani &amp; Budi&lt;/b&gt;" in text
    assert "<b>Ani" not in text


BEHIND_THE_PAGES = (
    accounts.register,
    accounts.logged_in,
    accounts.change_password,
    vouchers.redeem,
    vouchers.finish,
    vouchers.attest,
    learning.take_pre_test,
    learning.study,
    learning.correct_name,
    support.opened,
)


def test_the_pages_have_words_for_every_reason_that_a_learner_can_meet_and_no_other():
    assert set(SAYS) == set(reasons_of(*BEHIND_THE_PAGES))
