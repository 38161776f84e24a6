"""A person buys on each marketplace with a phone, step by step as the article names the steps."""

import pytest
from playwright.sync_api import expect

from tests.browser.phones import SIZE, TOO_WIDE, Phone

COURSE, TITLE, CATEGORY = "barista-uji", "Barista Penguji", "Makanan & Minuman"
INSTITUTION = "lp-kopi"


@pytest.fixture
def buyer(served):
    """Somebody who can buy now, and a course for it."""
    new = {"title": TITLE, "category": CATEGORY, "institution": INSTITUTION, "price": 700_000, "new": True}
    assert served.send("POST", "/__admin/courses", {"code": COURSE, **new})[0] in (200, 201)
    return served.send("GET", "/__admin/people?can_buy=true&limit=1")[1]["people"][0]


@pytest.fixture
def phone(browser, served, request):
    context = browser.new_context(locale="id-ID", viewport=SIZE, is_mobile=True, has_touch=True)
    context.set_default_timeout(15_000)
    made = Phone(context.new_page(), served.url, request.node.name.removeprefix("test_"))
    yield made
    context.close()
    assert made.strangers == []
    assert made.real_problems == []


def log_in(phone, buyer):
    phone.follow("Masuk")
    phone.type("Nama lengkap", buyer["name"])
    phone.type("Nomor handphone", buyer["phone"])
    phone.type("E-mail", buyer["email"])
    phone.press("Kirim kode verifikasi")
    phone.type("Kode verifikasi", phone.newest_code())
    phone.press("Verifikasi nomor")


def see(phone, look="Lihat Detail"):
    """Open the page of the course from a list."""
    phone.page.get_by_role("link", name=f"{look}: {TITLE}", exact=True).click()


def redeem(phone, buyer, voucher, marketplace):
    """Redeem the voucher on the institution's page, with an account there."""
    page = phone.page
    page.get_by_role("link", name="Daftar").click()
    phone.type("Nama lengkap", buyer["name"])
    phone.type("Email", buyer["email"])
    phone.type("Kata sandi", "kata-sandi-panjang")
    phone.press("Daftar")
    phone.type("Kode voucher", voucher)
    page.get_by_label("Dibeli di").select_option(label=marketplace)
    phone.press("Tukar")
    phone.shows(TITLE)
    phone.fits()


def take_the_class(phone):
    page = phone.page
    phone.type("Nilai (0-100)", "70")
    page.get_by_role("button", name="Kirim jawaban").click()
    while page.get_by_role("button", name="Selesaikan materi").count():
        phone.press("Selesaikan materi")
    phone.type("Nilai (0-100)", "85")
    page.get_by_role("button", name="Kirim jawaban").click()
    page.locator("table a").click()
    phone.shows("telah menyelesaikan pelatihan")


def test_the_eleven_steps_on_tokopedia(phone, buyer):
    phone.open("/tokopedia/")
    find_on_tokopedia(phone, buyer)
    voucher = pay_on_tokopedia(phone, buyer)
    phone.step("T9", "Penukaran kode voucher di halaman kelas atau penyedia")
    phone.follow("Tukarkan kode voucher")
    redeem(phone, buyer, voucher, "Tokopedia")
    phone.step("T10", "Ikuti pelatihan")
    take_the_class(phone)
    phone.open("/tokopedia/pesanan")
    phone.step("T11", 'Isi ulasan dan rating lewat "Tulis Ulasan" di halaman histori')
    phone.page.get_by_role("link", name=f"Tulis Ulasan: {TITLE}").click()
    phone.is_accessible()
    phone.page.get_by_label("Rating").select_option("4")
    phone.type("Ulasan", "Materinya <b>jelas</b>")
    phone.press("Kirim ulasan")
    phone.shows("Materinya <b>jelas</b>")
    phone.fits()
    assert phone.steps == [f"T{number}" for number in range(1, 12)]


def find_on_tokopedia(phone, buyer):
    phone.step("T1", "Buka aplikasi Tokopedia; nomor handphone sudah terverifikasi")
    log_in(phone, buyer)
    phone.is_accessible()
    phone.step("T2", 'Ketik "kartu prakerja" pada kolom pencarian')
    phone.type("Cari pelatihan", "kartu prakerja")
    phone.press("Cari")
    phone.shows('Hasil untuk "kartu prakerja"')
    phone.step("T3", "Pilih kategori pelatihan dan lembaga pelatihan")
    phone.follow(CATEGORY)
    phone.follow(INSTITUTION)
    phone.is_accessible()
    phone.step("T4", 'Tekan "Lihat Detail" dan baca cara menukarkan kode voucher')
    see(phone)
    phone.shows("Cara menukarkan kode voucher")
    phone.shows(f"Buat akun di lembaga pelatihan {INSTITUTION}.")
    phone.is_accessible()
    phone.step("T5", "Tekan beli; masukkan kode promo jika ada")
    phone.press("Beli")
    phone.type("Kode promo", "BELAJAR50")
    phone.press("Pakai kode promo")
    phone.shows("Rp650.000")
    phone.is_accessible()
    phone.press("Lanjut ke Pembayaran")


def pay_on_tokopedia(phone, buyer):
    phone.step("T6", 'Metode pembayaran: "Lihat Semua", lalu "Kartu Prakerja" di Program Pemerintah')
    phone.follow("Lihat Semua")
    phone.shows("Program Pemerintah")
    phone.follow("Kartu Prakerja")
    phone.step("T7", "Masukkan 16 digit nomor kartu dan verifikasi melalui SMS")
    phone.type("Nomor Kartu Prakerja (16 digit)", "123456789012345")
    phone.press("Verifikasi melalui SMS")
    phone.refuses("Nomor Kartu Prakerja harus 16 digit.")
    phone.refuses("card_malformed")
    phone.type("Nomor Kartu Prakerja (16 digit)", buyer["prakerja_id"])
    phone.press("Verifikasi melalui SMS")
    phone.is_accessible()
    phone.type("Kode OTP", "000000")
    phone.press("Verifikasi")
    phone.refuses("Kode OTP salah.")
    phone.is_kept_as("shop-tokopedia-wrong-otp")
    phone.type("Kode OTP", phone.newest_code())
    phone.press("Verifikasi")
    phone.shows("Pembayaran berhasil")
    phone.step("T8", "Kode voucher di histori transaksi top up dan tagihan")
    phone.follow("Histori Transaksi Top Up dan Tagihan")
    voucher = phone.page.locator("[data-voucher]").inner_text()
    assert voucher.startswith("TKPD")
    phone.is_accessible()
    phone.page.get_by_role("link", name="Detail Pesanan").click()
    return voucher


def test_the_nine_steps_on_bukalapak(phone, buyer):
    phone.open("/bukalapak/")
    log_in(phone, buyer)
    phone.step("B1", 'Buka aplikasi Bukalapak dan ketik "Prakerja" di tab pencarian')
    phone.type("Tab pencarian", "Prakerja")
    phone.press("Cari")
    phone.shows('Hasil untuk "Prakerja"')
    phone.step("B2", "Pilih jenis kursus sesuai minat dan bakat")
    phone.follow(CATEGORY)
    phone.follow(INSTITUTION)
    phone.step("B3", "Baca kurikulum dan ulasan kursus")
    see(phone, "Lihat Kursus")
    phone.shows("Kurikulum")
    phone.shows("Belum ada ulasan.")
    phone.step("B4", 'Tekan "YA" pada syarat dan ketentuan')
    phone.press("Beli")
    phone.shows("Syarat dan ketentuan")
    phone.shows("Kursus yang sudah dibeli tidak dapat diganti.")
    phone.is_accessible()
    phone.press("YA")
    phone.step("B5", "Masukkan nomor kartu; diverifikasi oleh sistem")
    phone.type("Nomor Kartu Prakerja (16 digit)", buyer["prakerja_id"])
    phone.press("Verifikasi kartu")
    phone.shows("Nomor kartu sudah diverifikasi oleh sistem.")
    phone.is_accessible()
    phone.step("B6", "Bayar; kode OTP dikirim ke nomor HP yang terdaftar")
    phone.press("Bayar")
    phone.shows("dikirim lewat SMS ke nomor HP yang terdaftar")
    phone.step("B7", 'Masukkan OTP dan tekan "Verifikasi"')
    phone.type("Kode OTP", phone.newest_code())
    phone.press("Verifikasi")
    phone.step("B8", "Dapatkan kode untuk dipakai di situs penyedia kursus")
    phone.shows("Gunakan kode kupon di situs penyedia kursus.")
    coupon = phone.page.locator("[data-voucher]").inner_text()
    assert coupon.startswith("BLPK-")
    phone.step("B9", 'Kode kupon di "Detail Tagihan" atau di e-mail')
    phone.page.get_by_role("banner").get_by_role("link", name="Daftar Tagihan").click()
    phone.page.get_by_role("link", name="Detail Tagihan").click()
    expect(phone.page.locator("h1")).to_have_text("Detail Tagihan")
    assert phone.page.locator("[data-voucher]").inner_text() == coupon
    phone.fits()
    assert phone.steps == [f"B{number}" for number in range(1, 10)]


OTHERS = {
    "pijar": ("Lihat Detail", "Beli Sekarang", "Pilih Metode Pembayaran", "Kirim OTP", "Pembayaran Berhasil"),
    "kemnaker": ("Lihat Pelatihan", "Daftar Pelatihan", "Pilih Pembayaran", "Lanjutkan", "Pembayaran lunas"),
    "kariermu": (
        "Lihat Program",
        "Pilih Jadwal",
        "Bayar dengan Kartu Prakerja",
        "Lanjutkan Pembayaran",
        "Pembayaran berhasil",
    ),
}
VOUCHERS = {"pijar": "PJR", "kemnaker": "SNK-", "kariermu": "KRM"}


@pytest.mark.parametrize("code", OTHERS)
def test_the_steps_of_the_other_sites(phone, buyer, code):
    look, buy, order, pay, paid = OTHERS[code]
    phone.name = code
    phone.open(f"/{code}/")
    log_in(phone, buyer)
    phone.step("1", "kategori dan lembaga pelatihan")
    phone.follow("Lihat Semua")
    phone.follow(CATEGORY)
    phone.follow(INSTITUTION)
    phone.step("2", look)
    see(phone, look)
    phone.step("3", buy)
    phone.press(buy)
    phone.is_accessible()
    phone.press(order)
    phone.step("4", "Kartu Prakerja")
    if code != "kariermu":  # it asks for the card at once
        phone.follow("Lihat Semua")
        phone.follow("Kartu Prakerja")
    phone.page.locator("[name=card_number]").fill(buyer["prakerja_id"])
    phone.step("5", pay)
    phone.press(pay)
    phone.type("Kode OTP", phone.newest_code())
    phone.step("6", "Verifikasi")
    phone.press("Verifikasi")
    phone.shows(paid)
    assert phone.page.locator("[data-voucher]").inner_text().startswith(VOUCHERS[code])
    phone.is_accessible()
    phone.fits()


def test_a_lost_reply_is_an_error_page_that_leads_to_the_history(phone, buyer, served):
    phone.open("/tokopedia/")
    log_in(phone, buyer)
    phone.open(f"/tokopedia/kelas/{COURSE}")
    phone.press("Beli")
    phone.press("Lanjut ke Pembayaran")
    phone.follow("Lihat Semua")
    phone.follow("Kartu Prakerja")
    phone.type("Nomor Kartu Prakerja (16 digit)", buyer["prakerja_id"])
    phone.press("Verifikasi melalui SMS")
    fault = {"fault": "reply_lost", "where": "/pay/v2/prakerja/confirm"}
    assert served.send("POST", "/__admin/faults", fault)[0] in (200, 201)
    phone.type("Kode OTP", phone.newest_code())
    phone.press("Verifikasi")
    phone.refuses("Tokopedia tidak menjawab.")
    phone.is_kept_as("shop-tokopedia-lost-reply")
    assert not phone.page.evaluate(TOO_WIDE)
    phone.page.get_by_role("main").get_by_role("link", name="Histori Transaksi Top Up dan Tagihan").click()
    phone.shows("TKPD")


def test_every_page_of_a_participant_fits_a_phone(phone, buyer, served):
    paid = {"person": buyer["prakerja_id"], "to": "paid", "course": COURSE}
    assert served.send("POST", "/__admin/bring", paid)[0] == 200
    phone.open("/prakerja/dasbor")
    phone.type("Email", buyer["email"])
    phone.type("Kata sandi", buyer["password"])
    phone.press("Masuk")
    for name in ("Insentif", "Rekening", "Survei", "Pemberitahuan", "Pengaduan", "Beranda"):
        phone.go(name)
        phone.name = f"dashboard-{name.lower()}"
        phone.fits()
        phone.is_accessible()
    phone.follow("Rincian")
    phone.shows("Dibayar dengan kartu")
    phone.name = "dashboard-pelatihan"
    phone.fits()
    phone.is_accessible()
    phone.page.locator("dd a").click()  # the invoice, at the marketplace
    phone.shows("Masuk atau daftar")
    for path in ("video", "gelombang"):
        phone.open(f"/prakerja/dasbor/{path}")
        phone.name = f"dashboard-{path}"
        phone.fits()
        phone.is_accessible()
    for path in ("masuk", "daftar", "lupa-sandi"):
        phone.open(f"/institution/{INSTITUTION}/situs/{path}")
        phone.name = f"institution-{path}"
        phone.fits()
        phone.is_accessible()


@pytest.mark.parametrize("code", ["tokopedia", "bukalapak", "pijar", "kemnaker", "kariermu"])
def test_every_page_of_a_guest_fits_a_phone(phone, buyer, code):
    for path in ("", "kelas", f"kelas/{COURSE}", "kelas/tidak-ada", "masuk", "lupa"):
        phone.open(f"/{code}/{path}")
        phone.is_accessible()


def test_a_shop_is_used_by_keyboard_alone(phone, buyer):
    phone.open("/tokopedia/")
    page = phone.page
    page.get_by_label("Cari pelatihan").focus()
    page.keyboard.type("barista")
    page.keyboard.press("Enter")
    phone.shows(TITLE)
    link = page.get_by_role("link", name=f"Lihat Detail: {TITLE}")
    for _ in range(60):
        page.keyboard.press("Tab")
        if link.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(TITLE)
