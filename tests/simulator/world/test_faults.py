from threading import Thread

import pytest
from msgspec.structs import replace

from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.world import faults, messages
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.faults import FAULTS
from prakerja_sim.simulator.world.faults.http import RequestFault, RequestLost
from prakerja_sim.simulator.world.faults.messages import SmsFault
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
    return len(story.find_logged(Sms, phone="084000000001")), len(
        story.find_logged(Mail, address="siti@example.com")
    )


def test_a_message_is_kept_as_it_was_sent(story):
    text(story)
    mail(story)
    now = story.sandbox.now()
    assert story.find_logged(Sms)[-1] == Sms("084000000001", now, "PRAKERJA", "Halo", None)
    assert story.find_logged(Mail)[1:] == [
        Mail("siti@example.com", now, "x@example.com", "Voucher", "Kode: 1")
    ]


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
    assert isinstance(story.sandbox.strike(RequestFault, "/pay"), RequestLost)
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


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_says_what_goes_wrong_at_its_point(name):
    kind = FAULTS[name]
    point = next(one for one in kind.__mro__ if "point" in vars(one))
    assert kind.name == name
    assert kind.apply is not point.apply, f"{kind.__name__} has no apply()"


def test_a_message_may_arrive_changed_or_twice(story, monkeypatch):
    class Doubled(SmsFault):
        def apply(self, message):
            return [message, replace(message, text=message.text.upper())]

    monkeypatch.setitem(FAULTS, "sms_doubled", Doubled)
    story.sandbox.arm("sms_doubled")
    text(story)
    assert [one.text for one in story.find_logged(Sms, phone="084000000001")] == ["Halo", "HALO"]


class Rival(Memory):
    """A store in which another thread arms a fault just after we have read that none is armed any more."""

    rival = None

    def ask(self, sandbox, work, *more):
        result = super().ask(sandbox, work, *more)
        if result is False and self.rival is None:
            self.rival = Thread(target=self.arm)
            self.rival.start()
            self.rival.join(0.1)  # it may have to wait until we have written what we read
        return result


def test_a_fault_that_is_armed_while_the_last_one_strikes_is_not_forgotten(begin):
    store = Rival()
    story = begin(store=store)
    story.sandbox.arm("request_lost")
    store.arm = lambda: story.sandbox.arm("request_lost")
    assert story.sandbox.strike(RequestFault, "/pay")
    store.rival.join()
    assert story.sandbox.strike(RequestFault, "/pay"), "it was forgotten"
