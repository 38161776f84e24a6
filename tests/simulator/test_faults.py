import pytest

from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world import faults, messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.faults import Point
from prakerja_sim.simulator.world.records import ArmedFault, Mail, Sms


def text(story, phone="084000000001"):
    story.do(command("test.text")(messages.text), phone=phone, sender="PRAKERJA", text="Halo")


def mail(story, address="siti@example.com"):
    story.do(
        command("test.mail")(messages.mail),
        address=address,
        sender="x@example.com",
        subject="Voucher",
        text="Kode: 1",
    )


def received(story):
    return len(story.find_logged(Sms, phone="084000000001")), len(story.find_logged(Mail))


def test_a_message_is_kept_as_it_was_sent(story):
    text(story)
    mail(story)
    now = story.sandbox.now()
    assert story.find_logged(Sms)[-1] == Sms("084000000001", now, "PRAKERJA", "Halo", None)
    assert story.find_logged(Mail) == [Mail("siti@example.com", now, "x@example.com", "Voucher", "Kode: 1")]


def test_an_armed_fault_strikes_once_unless_told_otherwise(story):
    story.sandbox.arm("sms_lost")
    text(story)
    assert received(story) == (0, 0)
    text(story)
    assert received(story) == (1, 0)


def test_an_armed_fault_strikes_as_often_as_told(story):
    story.sandbox.arm("mail_lost", times=2)
    for _ in range(3):
        mail(story)
    assert received(story) == (0, 1)


def test_a_fault_strikes_only_at_its_point_and_place(story):
    story.sandbox.arm("sms_lost", where="084000000002")
    mail(story)
    text(story)
    assert received(story) == (1, 1)
    text(story, "084000000002")
    assert story.find_logged(Sms, phone="084000000002") == []


def test_faults_strike_in_the_order_in_which_they_were_armed(story):
    story.sandbox.arm("request_lost", where="/other")
    story.sandbox.arm("request_lost", where="/pay", times=1)
    story.sandbox.arm("request_lost", times=1)
    assert story.sandbox.strike(Point.REQUEST, "/pay") == "request_lost"
    assert [(f.key, f.left, f.spent) for f in story.find(ArmedFault)] == [
        ("000001", 1, False),
        ("000002", 0, True),
        ("000003", 1, False),
    ]


def test_disarming_spends_what_is_left_and_keeps_what_was_spent(story):
    story.sandbox.arm("sms_lost")
    text(story)
    story.sandbox.arm("mail_lost", times=3)
    story.do(faults.disarm)
    assert [(f.left, f.spent) for f in story.find(ArmedFault)] == [(0, True), (0, True)]
    mail(story)
    assert received(story) == (0, 1)


def test_an_unknown_fault_is_refused_with_those_that_there_are(story):
    assert story.refusal(story.sandbox.arm, "gremlin") is Reason.FAULT_UNKNOWN
    assert not story.sandbox.faulty


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("request_lost", Point.REQUEST),
        ("reply_lost", Point.REPLY),
        ("sms_lost", Point.SMS),
        ("mail_lost", Point.MAIL),
    ],
)
def test_every_fault_has_one_name_and_one_point(name, point):
    assert (faults.FAULTS[name].name, faults.FAULTS[name].point) == (name, point)
