"""`where` of a fault: what can match something is taken, what can match nothing is told what to write."""

import pytest

from prakerja_sim.mocks.admin import fault_places
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.simulator.world.faults import FAULTS

FACES = discovered()


@pytest.mark.parametrize(
    ("fault", "where"),
    [
        ("reply_lost", ""),
        ("reply_lost", "payment/authorize"),
        ("reply_lost", "authorize"),
        ("reply_lost", "rize"),
        ("reply_lost", "/prakerja/api/v1/integration/payment/authorize"),
        ("request_lost", "/prakerja/*"),
        ("request_lost", "/institution/lp-kopi/*"),
        ("request_lost", "lp-kopi/vouchers/TKPD1/lessons"),
        ("request_lost", "vouchers/TKPD1"),
        ("request_lost", "/clock"),
        ("request_lost", "admin:/clock"),
        ("request_lost", "/payout/ovo/transfers/a/b/c"),
        ("request_lost", "authenticate.json"),
        ("request_lost", "TKPD1"),
        ("request_lost", "courses/barista-dasar"),
        ("sms_lost", "084000000001"),
        ("sms_lost", "0001"),
        ("mail_lost", "ani@contoh.example"),
        ("mail_lost", "@contoh.example"),
        ("mail_lost", "contoh.example"),
        ("payout_down", "@ovo"),
        ("payout_down", "ovo"),
        ("payout_down", "081234567890@ovo"),
        ("supply_slow", "lp-kopi"),
        ("webhook_lost", "pijar/order.paid"),
        ("webhook_lost", "order.refunded"),
        ("assignment_failed", "GHOPNYXUVMT0"),
        ("assignment_failed", "PRAT-HU683J"),
        ("assignment_failed", "683J"),
    ],
)
def test_where_something_may_pass_a_fault_is_armed(fault, where):
    assert fault_places.remedy_for(fault, where, FACES) == ""


@pytest.mark.parametrize(
    ("fault", "where", "remedy"),
    [
        ("reply_lost", "payment/autorize", "did you mean 'payment/authorize'?"),
        ("reply_lost", "prakerja/payment/authorize", "did you mean"),
        ("request_lost", "x/prakerja/api/v1/integration/payment/authorize", "did you mean"),
        ("reply_lost", "authorize/", "did you mean"),
        ("rate_limited", "wilayah", "write such as payment/authorize"),
        ("rate_limited", "barista-dasar", "write such as payment/authorize"),
        ("request_lost", "payout/ovo/transfer/R1", "did you mean"),
        ("request_lost", "/prakeja/*", "did you mean '/prakerja/*'?"),
        ("request_lost", "prakerja/*", "did you mean '/prakerja/*'?"),
        ("request_lost", "/prakerja/api/v2/*", "did you mean '/prakerja/*'?"),
        ("request_lost", "lp-kopi/vouchers/TKPD1/lesons", "write such as payment/authorize"),
        ("sms_lost", "+6284", "write the phone as 08..."),
        ("sms_lost", "+1 202 555 0100", "write the phone as 08..."),
        ("sms_lost", "ani@contoh.example", "write the phone"),
        ("mail_lost", "084000000001", "write the e-mail address"),
        ("mail_lost", "a@b@c", "write the e-mail address"),
        ("payout_down", "@ov", "did you mean '@ovo'?"),
        ("payout_down", "081234567890", "write such as @ovo or 081234567890@ovo"),
        ("payout_down", "budi@ovo", "did you mean '@ovo'?"),
        ("supply_slow", "LP Kopi", "write the institution's code"),
        ("webhook_lost", "order.payed", "did you mean 'order.paid'?"),
        ("webhook_lost", "toko/order.paid", "did you mean"),
        ("assignment_failed", "tugas.pdf", "write the redeem code"),
        ("assignment_failed", "PRAKERJA-683J", "write the redeem code"),
    ],
)
def test_where_nothing_ever_passes_it_is_refused(fault, where, remedy):
    assert remedy in fault_places.remedy_for(fault, where, FACES)
    assert fault_places.remedy_for(fault, where, FACES)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_every_point_says_what_its_where_can_be(fault):
    assert fault_places.remedy_for(fault, "no such place!", FACES)
