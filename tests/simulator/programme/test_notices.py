"""What a participant is told, by which way, and that it is true when it is told."""

from datetime import timedelta

import pytest

from prakerja_sim.simulator.payout.partners import TERMS
from prakerja_sim.simulator.programme.records import BellNotice
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world.records import Mail, Sms

BUY_UNTIL = wib(2021, 9, 22, 23, 59, 59)
CUT_OFF = wib(2021, 11, 30, 23, 59, 59)


def bell(story):
    return [(one.kind.value, one.text) for one in story.find_logged(BellNotice, card=story.card)]


def kinds(story):
    return [kind for kind, _ in bell(story)]


def mails(story):
    return [one.subject for one in story.find_logged(Mail, address=story.participant.email)]


def texts(story):
    """The text messages that hold no code."""
    return [one.text for one in story.find_logged(Sms, phone=story.participant.phone) if not one.otp]


def test_an_award_comes_by_sms_mail_and_bell(story):
    [sms] = texts(story)
    assert sms == (
        "Selamat! Anda lolos Kartu Prakerja gelombang 18. Tonton video pengenalan di dashboard, lalu beli "
        "pelatihan pertama di platform digital mitra Prakerja paling lambat 22-09-2021 pukul 23.59 WIB."
    )
    assert bell(story) == [("award", sms)]
    [mail] = story.find_logged(Mail, address=story.participant.email)
    assert (mail.sender, mail.subject) == ("PRAKERJA", "Anda lolos Kartu Prakerja")
    assert mail.text.endswith(sms)


def test_a_wave_without_videos_is_not_told_to_watch_them(begin):
    story = begin(wave=12, start=wib(2021, 3, 3, 9))
    assert "Tonton" not in texts(story)[0]


def test_a_revocation_is_told_by_sms_mail_and_bell_and_only_when_it_happens(story):
    story.sandbox.advance(BUY_UNTIL)
    assert (len(texts(story)), mails(story), kinds(story)) == (1, ["Anda lolos Kartu Prakerja"], ["award"])
    story.after(SECOND)
    said = (
        "Kepesertaan Kartu Prakerja gelombang 18 dicabut karena pelatihan pertama tidak dibeli sampai "
        "22-09-2021 pukul 23.59 WIB. Saldo pelatihan dikembalikan ke rekening dana Kartu Prakerja."
    )
    assert texts(story)[1:] == [said]
    assert bell(story)[1:] == [("revoked", said)]
    assert mails(story)[1:] == ["Kepesertaan dicabut"]
    assert story.balance() == 0
    story.sandbox.advance(CUT_OFF + SECOND)
    assert len(bell(story)) == 2, "a balance that went back already does not lapse once more"


def test_who_bought_in_time_is_not_told_of_a_revocation(story):
    story.buy()
    story.sandbox.advance(BUY_UNTIL + SECOND)
    assert (len(texts(story)), kinds(story)) == (1, ["award", "purchase"])


def test_a_purchase_and_what_becomes_of_it(story):
    paid = story.buy()
    assert bell(story)[-1] == (
        "purchase",
        "Pelatihan Barista dibayar Rp650.000 dari saldo pelatihan. Sisa saldo Rp350.000.",
    )
    story.void(paid)
    assert bell(story)[-1] == (
        "void",
        "Pembelian pelatihan Barista dibatalkan. Rp650.000 kembali ke saldo pelatihan. Beli pelatihan "
        "pertama lagi paling lambat 22-09-2021 pukul 23.59 WIB.",
    )
    assert story.balance() == 1_000_000
    assert mails(story) == ["Anda lolos Kartu Prakerja"], "the marketplace mails purchases"


def test_a_void_after_the_cut_off_says_that_the_money_is_gone_and_the_membership_stays(story):
    paid = story.buy()
    story.sandbox.advance(CUT_OFF + SECOND)
    assert bell(story)[-1][1].startswith(
        "Batas penggunaan saldo pelatihan sudah lewat. Sisa Rp350.000 kembali"
    )
    story.void(paid)
    kind, text = bell(story)[-1]
    assert (kind, story.balance()) == ("void", 0)
    assert text.endswith("jadi Rp650.000 kembali ke rekening dana Kartu Prakerja. Kepesertaan Anda tetap.")


@pytest.mark.parametrize(
    ("start", "wave", "ending"),
    [
        (wib(2021, 8, 24, 15), 18, "Beri rating dan ulasan di dashboard."),
        (wib(2021, 3, 3, 9), 12, "Beri rating dan ulasan di platform digital tempat pelatihan dibeli."),
    ],
)
def test_a_certificate_says_where_the_review_counts_at_that_moment(begin, start, wave, ending):
    story = begin(start=start, wave=wave, settings=Settings(check_working_days=1))
    paid = story.buy()
    story.redeem(paid)
    story.report(paid)
    while kinds(story)[-1] != "certificate":
        story.sandbox.step()
    assert bell(story)[-1][1].endswith(ending)
    assert mails(story)[-1] == "Sertifikat terbit"


def test_an_incentive_that_arrived_is_told_once_by_mail_and_bell(story):
    story.link_account()
    story.finish(story.buy())
    story.sandbox.advance(wib(2021, 9, 10, 15))
    assert bell(story)[-1] == (
        "incentive", f"Insentif bulan ke-1 sebesar Rp600.000 sudah masuk ke {TERMS['ovo'].name} Anda.",
    )  # fmt: skip
    assert mails(story)[-1] == "Dana cair"
    story.after(timedelta(days=1))
    assert mails(story).count("Dana cair") == 1


@pytest.mark.parametrize(
    ("seconds", "life"), [(300, "5 menit"), (60, "1 menit"), (90, "90 detik"), (30, "30 detik")]
)
def test_a_code_says_how_long_it_is_good(begin, seconds, life):
    story = begin(settings=Settings(otp_lifetime=seconds))
    story.send_otp()
    assert f"Berlaku {life}." in story.find_logged(Sms, phone=story.participant.phone)[-1].text
