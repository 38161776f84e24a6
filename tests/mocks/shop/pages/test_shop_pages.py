"""The shop's pages at every marketplace: a person clicks, and the site's own endpoints do the rest."""

import re
from datetime import timedelta

import pytest

from prakerja_sim.mocks.http import timeline
from prakerja_sim.mocks.kariermu import words
from prakerja_sim.mocks.server.mounts import known_faces
from prakerja_sim.mocks.shop import registry
from prakerja_sim.mocks.shop.buyer import PasswordLogin
from prakerja_sim.mocks.shop.pages import routes
from prakerja_sim.mocks.shop.pages.labels import Labels
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.store import Unit
from tests.mocks.market import COURSE, INSTITUTION, Market
from tests.mocks.shop.pages.browser import Browser

CODES = registry.codes()


@pytest.fixture(params=CODES)
def market(request):
    world = Market(request.param)
    yield world
    assert world.is_sound(), (world.sandbox.stopped, world.parties.bugs)


@pytest.fixture
def ani(market):
    return market.enrol()


@pytest.fixture
def labels(market):
    return registry.labels(market.code)


@pytest.fixture
def browser(market, ani):
    """Ani's, after she has logged in."""
    return entered(market, ani)


def entered(market, who):
    browser = Browser(market)
    browser.open("/masuk")
    browser.press("Kirim kode verifikasi", name=who.name, phone=who.phone, email=who.email)
    return browser.press("Verifikasi nomor", code=market.otp(who))


def ordered(browser, labels):
    browser.open(f"/kelas/{COURSE}").press(labels.buy)
    return browser.press(labels.order)


def to_the_card(browser, labels):
    ordered(browser, labels)
    if labels.methods:
        browser.click(labels.methods).click("Kartu Prakerja")
    return browser


def enter_card(browser, labels, card, market):
    if market.code == "bukalapak":
        browser.press(labels.check, card_number=card)
        return browser.press(labels.pay)
    return browser.press(labels.pay, card_number=card)


def waiting(browser, labels, who, market):
    """An order that waits for its OTP."""
    return enter_card(to_the_card(browser, labels), labels, who.card, market)


def bought(browser, labels, who, market):
    return waiting(browser, labels, who, market).press(labels.confirm, otp=market.otp(who))


def the_order(market):
    [order] = market.sandbox.ask(Unit.find, kind=Order)
    return order


# The whole way


def test_a_person_finds_buys_redeems_and_reviews_a_course(market, ani, labels, browser):
    browser.open("/").press("Cari", q=labels.suggestion)
    assert "Barista" in browser.page.text
    browser.click("Lihat Semua").click("kopi").click(INSTITUTION).click(labels.look)
    assert "Rp650.000" in browser.page.text
    assert labels.redeeming in browser.page.text
    assert "Materi 1" in browser.page.text
    assert "Belum ada ulasan." in browser.page.text

    bought(browser, labels, ani, market)
    order = the_order(market)
    assert labels.paid in browser.page.text
    assert order.voucher in browser.page.text
    assert market.balance(ani) == 350_000
    assert market.mails(ani)[-1].text.splitlines()[0].removeprefix("Nomor pesanan: ") in browser.page.text

    browser.click(labels.history)
    assert order.voucher in browser.page.text
    assert "Barista" in browser.page.text
    browser.click(labels.review).press("Kirim ulasan", stars="4", text="Materinya jelas")
    assert browser.page.marks["data-reason"] == "review_too_early"
    assert "Materinya jelas" in browser.page.source  # what was typed is not lost

    market.institution_client().redeem(order.voucher)
    browser.press("Kirim ulasan", stars="4", text="Materinya jelas")
    assert browser.at == f"/{market.code}/kelas/{COURSE}"
    assert browser.page.marks["data-stars"] == "4"
    assert "Materinya jelas" in browser.page.text


def test_clicks_and_the_shopper_leave_one_journal(market, labels):
    ani = market.enrol()
    bought(entered(market, ani), labels, ani, market)
    by_hand = Market(market.code)
    budi = by_hand.enrol()
    by_hand.bought(by_hand.shopper(budi), budi)
    assert market.sandbox.digest() == by_hand.sandbox.digest()


def test_a_guest_who_wants_to_buy_logs_in_and_comes_back(market, ani, labels):
    browser = Browser(market).open(f"/kelas/{COURSE}").press(labels.buy)
    assert browser.at == f"/{market.code}/masuk?kelas={COURSE}"
    browser.press("Kirim kode verifikasi", name=ani.name, phone=ani.phone, email=ani.email)
    browser.press("Verifikasi nomor", code="000000")
    assert browser.page.marks["data-reason"] == "code_wrong"
    browser.press("Verifikasi nomor", code=market.otp(ani))
    assert browser.at == f"/{market.code}/kelas/{COURSE}"
    assert "Keluar" in browser.page.text


# What is refused is told


def why_refused(market):
    """The reason of the page that was answered last, as the timeline has it."""
    page = [one for one in timeline.remembered(market.sandbox) if one.passed_on][-1]
    return timeline.why.name_of(page.refusal)


def test_a_wrong_otp_is_told_in_the_sites_words_with_the_reason_and_its_exchange(
    market, ani, labels, browser
):
    waiting(browser, labels, ani, market).press(labels.confirm, otp=market.wrong_otp(ani))
    alert = " ".join(browser.page.alert.split())
    said = {reason.value: said for reason, said in registry.rejections(market.code)}["otp_wrong"]
    assert said in alert
    assert "Mengapa: otp_wrong" in alert
    [link] = [href for href, text in browser.page.links if text == "Lihat di linimasa simulator"]
    seen = timeline.find(market.sandbox, link.removeprefix("/console/timeline?id="))
    assert timeline.why.name_of(seen.refusal) == why_refused(market) == "otp_wrong"
    assert browser.page.status >= 400
    browser.press(labels.confirm, otp=market.otp(ani))
    assert the_order(market).voucher in browser.page.text


def test_a_strict_wire_says_no_reason(market, ani, labels, browser):
    market.parties.strict_wire = True
    waiting(browser, labels, ani, market).press(labels.confirm, otp=market.wrong_otp(ani))
    assert browser.page.alert
    assert "Mengapa" not in browser.page.alert
    assert "linimasa" not in browser.page.alert


def test_a_card_that_is_refused_can_be_entered_again(market, ani, labels, browser):
    to_the_card(browser, labels)
    first = labels.check if market.code == "bukalapak" else labels.pay
    browser.press(first, card_number="1234")
    assert browser.page.marks["data-reason"] == "card_malformed"
    enter_card(browser, labels, "9900000000000000", market)
    assert browser.page.marks["data-reason"] == "card_unknown"
    browser.open(f"/bayar/{the_order(market).id}/kartu")
    if market.code == "bukalapak":
        browser.press("Pakai kartu lain", card_number=ani.card)
        browser.press(labels.pay)
    else:
        browser.press(labels.pay, card_number=ani.card)
    browser.press(labels.confirm, otp=market.otp(ani))
    assert market.balance(ani) == 350_000


def test_a_promo_code_lowers_the_total_where_there_are_any(market, ani, labels, browser):
    browser.open(f"/kelas/{COURSE}").press(labels.buy)
    if not registry.site(market.code).promos:
        assert "Kode promo" not in browser.page.text
        return
    browser.press("Pakai kode promo", promo="TIDAKADA")
    assert browser.page.marks["data-reason"] == "promo_unknown"
    browser.press("Pakai kode promo", promo="BELAJAR50")
    assert "Rp600.000" in browser.page.text
    browser.press(labels.order)
    assert the_order(market).total.amount == 600_000


# What is lost


CONFIRM = {
    "tokopedia": "/pay/v2/prakerja/confirm",
    "bukalapak": "/prakerja",  # the same path as the card, once more
    "pijar": "/prakerja/verify",
    "kemnaker": "/confirm",
    "kariermu": "/payment/prakerja/otp",
}


def test_after_a_lost_reply_the_purchase_is_found_in_the_history(market, ani, labels, browser):
    waiting(browser, labels, ani, market)
    market.sandbox.arm("reply_lost", CONFIRM[market.code])
    browser.press(labels.confirm, otp=market.otp(ani))
    assert (browser.page.status, why_refused(market)) == (504, "no_reply")
    assert "tidak menjawab" in browser.page.alert
    assert browser.page.forms == browser.page.forms[:1]  # only the one of "Keluar": nothing is sent twice
    browser.click(labels.history)
    assert the_order(market).voucher in browser.page.text
    assert market.balance(ani) == 350_000


def test_an_otp_that_never_came_is_asked_for_again(market, ani, labels, browser):
    market.sandbox.arm("sms_lost", ani.phone)
    waiting(browser, labels, ani, market)
    assert "(60 detik lagi)" in browser.page.text
    assert "15.05.00 WIB" in browser.page.text
    browser.press(labels.resend)
    assert browser.page.marks["data-reason"] == "otp_too_soon"
    market.after(timedelta(seconds=60))
    browser.press(labels.resend).press(labels.confirm, otp=market.otp(ani))
    assert market.balance(ani) == 350_000


def test_a_lost_mail_is_sent_again(market, ani, labels, browser):
    waiting(browser, labels, ani, market)
    before = market.mails(ani)  # Pijar writes before paying, too
    market.sandbox.arm("mail_lost", ani.email)
    browser.press(labels.confirm, otp=market.otp(ani))
    assert market.mails(ani) == before
    browser.press("Kirim ulang e-mail")
    assert "E-mail dikirim ulang." in browser.page.text
    assert the_order(market).voucher in market.mails(ani)[-1].text
    browser.press("Kirim ulang e-mail")
    assert browser.page.marks["data-reason"] == "mail_too_soon"


# Afterwards


def test_a_complaint_is_written_and_answered_on_the_page(market, ani, labels, browser):
    bought(browser, labels, ani, market).click(labels.support)
    browser.press("Kirim", topic="other", text="Kode tidak bisa dibuka")
    assert browser.page.marks["data-ticket"] == "open"
    market.after(timedelta(days=6))
    browser.open(f"/pesanan/{the_order(market).id}/bantuan")
    assert browser.page.marks["data-ticket"] == "resolved"
    assert "Jawaban:" in browser.page.text
    browser.press("Kirim lagi", text="Masih belum")
    assert browser.page.marks["data-ticket"] in ("open", "in_progress")


def test_the_invoice_that_prakerja_knows_leads_to_the_order(market, ani, labels, browser):
    bought(browser, labels, ani, market)
    order = the_order(market)
    url = registry.site(market.code).invoice_url.format(order=order)
    path = "/" + url.split("/", 3)[3]
    browser.open(path)
    assert browser.at == f"/{market.code}/pesanan/{order.id}"
    assert order.voucher in browser.page.text
    assert browser.open(path + "X").page.status == 404


def test_who_lost_the_account_finds_it_again(market, ani, labels, browser):
    browser.press("Keluar")
    assert "Masuk" in browser.page.text
    recover(market, browser, ani)
    assert "Keluar" in browser.page.text, browser.page.text
    browser.press("Keluar")
    browser.open("/masuk")
    who = {"name": ani.name, "phone": ani.phone, "email": ani.email}
    if isinstance(market.somebody(), PasswordLogin):
        browser.press("Kirim kode verifikasi", **who)
        assert browser.page.alert  # the old password is refused, in the site's words
        who["password"] = "kata-sandi-baru"
    browser.press("Kirim kode verifikasi", **who).press("Verifikasi nomor", code=market.otp(ani))
    assert "Keluar" in browser.page.text


def recover(market, browser, ani):
    browser.open("/lupa").press("Kirim kode", phone=ani.phone, email=ani.email)
    mails = [one.text for one in market.mails(ani)]
    code = re.search(r"\b\d{4,8}\b", mails[-1])[0] if mails else market.otp(ani)
    browser.press("Simpan dan masuk", code=code, password="kata-sandi-baru")


# Who may send a form


def test_a_form_of_another_site_or_session_does_nothing(market, ani, labels, browser):
    browser.open(f"/kelas/{COURSE}").press(labels.buy)
    [form] = [one for one in browser.page.forms if labels.order in one["buttons"]]
    before, good = market.sandbox.digest(), form["fields"] | {"do": "order"}
    for fields, headers in (
        (good | {"csrf": "0" * 32}, {}),
        ({"do": "order"}, {}),
        (good, {"Sec-Fetch-Site": "cross-site"}),
    ):
        browser.post(form["action"], fields, **headers)
        assert (browser.page.status, why_refused(market)) == (400, "malformed")
        assert market.sandbox.digest() == before
    browser.post(form["action"], good)
    assert market.sandbox.digest() != before


def test_a_session_is_of_one_site_and_one_world(market, ani, browser):
    assert "HttpOnly; SameSite=Lax" in browser.set_cookie
    assert f"Path=/{market.code};" in browser.set_cookie
    key = browser.cookies[f"{market.code}_session"]
    other = next(code for code in CODES if code != market.code)
    stranger = Browser(market)
    stranger.base = f"/{other}"
    stranger.cookies = {f"{other}_session": key}
    assert "Masuk" in stranger.open("/").page.text
    market.sandboxes.lease("lain", 42, market.sandbox.now(), Settings())
    elsewhere = Browser(market, "/s/lain")
    elsewhere.cookies = dict(browser.cookies)
    assert "Masuk" in elsewhere.open("/").page.text


@pytest.mark.parametrize("code", ["kariermu", "kemnaker"])  # elsewhere a token outlives the password
def test_a_new_password_ends_the_other_logins(code):
    market = Market(code)
    ani = market.enrol()
    browser, again = entered(market, ani), entered(market, ani)
    recover(market, again, ani)
    assert "Masuk atau daftar" in browser.open("/pesanan").page.text
    assert browser.page.status == 401


# What people type


TYPED = '<b onclick="x">&'


def test_whatever_is_typed_is_shown_as_text(market, ani, labels, browser):
    guest = Browser(market)
    seen = [guest.open("/").press("Cari", q=TYPED)]
    guest.open("/masuk")
    seen.append(guest.press("Kirim kode verifikasi", name=TYPED, phone=TYPED, email=TYPED))
    seen.append(guest.open("/lupa").press("Kirim kode", phone=TYPED, email=TYPED))
    sources = [one.page.source for one in (guest,)]
    for path, button, typed in _forms(market, ani, labels, browser):
        browser.open(path).press(button, **typed)
        sources.append(browser.page.source)
    for source in sources:
        assert "<b onclick" not in source
    assert guest.open("/").press("Cari", q=TYPED).page.source.count("&lt;b onclick") == 2


def _forms(market, ani, labels, browser):
    browser.open(f"/kelas/{COURSE}").press(labels.buy)
    if registry.site(market.code).promos:
        yield "/beli", "Pakai kode promo", {"promo": TYPED}
    ordered(browser, labels)
    at = f"/bayar/{the_order(market).id}"
    yield f"{at}/kartu", labels.check if market.code == "bukalapak" else labels.pay, {"card_number": TYPED}
    if market.code == "bukalapak":
        browser.open(f"{at}/kartu").press(labels.check, card_number=ani.card)
        browser.press(labels.pay)
    else:
        browser.open(f"{at}/kartu").press(labels.pay, card_number=ani.card)
    yield f"{at}/otp", labels.confirm, {"otp": TYPED}
    browser.open(f"{at}/otp").press(labels.confirm, otp=market.otp(ani))
    market.institution_client().redeem(the_order(market).voucher)
    of = f"/pesanan/{the_order(market).id}"
    yield f"{of}/bantuan", "Kirim", {"text": TYPED, "topic": "other"}
    yield f"{of}/ulasan", "Kirim ulasan", {"text": TYPED, "stars": "5"}
    yield f"/kelas/{COURSE}", labels.buy, {}


@pytest.mark.parametrize("code", CODES)
def test_no_page_stands_where_an_endpoint_is(code):
    face = next(one for one in known_faces() if one.code == code)
    pages = {page.path for page in (*routes.PAGES, *routes._invoices(registry.site(code)))} | {"/toko.css"}
    assert pages & {one.path for one in face.endpoints} == set()
    served = {rule.rule for rule in face.app.url_map.iter_rules()}
    assert pages <= served


def test_a_site_without_words_for_its_pages_has_the_usual_ones(monkeypatch):
    assert registry.labels("kariermu").history == "Transaksi"
    monkeypatch.delattr(words, "LABELS")
    assert registry.labels("kariermu") == Labels()


def test_at_pijar_a_class_of_its_own_is_begun_without_a_voucher():
    market = Market("pijar")
    market.list_course("di-pijar", 200_000, institution="pijar")
    ani, labels = market.enrol(), registry.labels("pijar")
    browser = entered(market, ani)
    browser.open("/kelas/di-pijar").press(labels.buy).press(labels.order)
    browser.click(labels.methods).click("Kartu Prakerja").press(labels.pay, card_number=ani.card)
    browser.press(labels.confirm, otp=market.otp(ani))
    assert labels.redeem not in browser.page.text
    browser.press("Mulai Belajar")
    assert "pijarmahir.id/belajar/" in browser.at


def test_kemnaker_shows_whose_certificates_an_order_gives():
    market = Market("kemnaker")
    ani, labels = market.enrol(), registry.labels("kemnaker")
    browser = bought(entered(market, ani), labels, ani, market)
    assert browser.page.text.count("Belum terbit") == 2
