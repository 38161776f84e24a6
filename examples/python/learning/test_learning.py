"""What the learning site promises, tried on a simulated Prakerja."""

import httpx
import pytest
from learning import NotOpened


@pytest.fixture
def course(prakerja):
    return prakerja.course("barista-dasar", price=650_000, institution="lp-kopi")


@pytest.fixture
def code(prakerja, course):
    return prakerja.redeem_codes.test(course)


def test_a_code_opens_its_class_once(prakerja, site, course, code):
    assert site.check(code)
    assert site.redeem(code)
    assert site.opened == {code: course.course_code}
    assert not site.check(code)
    prakerja.calls.assert_called("redeem-code/commit", body={"redeem_code": code}, times=1)


def test_a_code_that_is_unknown_opens_nothing(site):
    with pytest.raises(NotOpened, match="Transaksi tidak ditemukan"):
        site.redeem("BUKANKODE123")
    assert site.opened == {}


def test_a_code_of_another_institution_opens_nothing(prakerja, site):
    other = prakerja.course("jualan-online", price=150_000, institution="lp-niaga")
    with pytest.raises(NotOpened, match="bukan milik lembaga pelatihan"):
        site.redeem(prakerja.redeem_codes.test(other))


def test_after_a_lost_answer_the_class_is_open(prakerja, site, code):
    with prakerja.faults.reply_lost("redeem-code/commit"):
        assert site.redeem(code)
    prakerja.calls.assert_sequence("redeem-code/commit", "redeem-code/status")


def test_a_buyer_of_a_shop_comes_with_his_code(prakerja, site, course):
    siti = prakerja.person()
    code = prakerja.bring(siti, "paid", marketplace="tokopedia", course=course)["redeem_code"]
    assert site.check(code)
    assert site.redeem(code)
    assert prakerja.redeem_codes.of(siti)[0].status == "redeemed"


@pytest.mark.parametrize(("outcome", "seen"), [("success", True), ("no_match", False)])
def test_only_a_face_that_was_seen_is_attendance(site, code, outcome, seen):
    page = site.attendance_page(code, "peserta@example.com")
    state = page.partition("state=")[2]
    with httpx.Client() as browser:
        for step in ({"do": "dummy"}, {"do": "consent"}, {"do": "scan", "outcome": outcome}):
            went = browser.post(page, data={**step, "state": state})
    assert went.headers["Location"].startswith("https://lp.example/kembali?state=")
    assert site.attended(code) == seen
