"""Complaints at a desk: read, answered, opened again by the clock, and mailed at each step."""

import pytest

from prakerja_sim.simulator.marketplace.records import Refund, RefundStatus
from prakerja_sim.simulator.programme import complaints
from prakerja_sim.simulator.programme.complaints import ANSWERS, PRAKERJA, PRAKERJA_SUPPORT
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Ticket, TicketStatus
from prakerja_sim.simulator.values.clock import SECOND
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.ids import OrderId, PartyCode
from prakerja_sim.simulator.world.records import Mail
from prakerja_sim.simulator.world.store import Unit

HOUR = 3600
WHO = {"desk": "tokopedia", "asker": "tokopedia/1", "email": "ani@example.com", "text": "Tolong"}
S = TicketStatus


def opened(story, topic="other", take_up=HOUR, answer=24 * HOUR, **changed):
    arguments = WHO | {"topic": topic, "take_up": take_up, "answer": answer} | changed
    return story.do(complaints.open_ticket, **arguments)


def status(story, ticket):
    return story.ask(Unit.need, kind=Ticket, key=ticket.id).status


def after(story, seconds):
    story.sandbox.advance(story.sandbox.now() + seconds * SECOND)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, S.OPEN),
        (HOUR - 1, S.OPEN),
        (HOUR, S.IN_PROGRESS),
        (24 * HOUR - 1, S.IN_PROGRESS),
        (24 * HOUR, S.RESOLVED),
    ],
)
def test_a_complaint_is_read_and_answered_to_the_second(story, seconds, expected):
    ticket = opened(story)
    after(story, seconds)
    assert status(story, ticket) is expected


@pytest.mark.parametrize("take_up", [24 * HOUR, 25 * HOUR])
def test_a_desk_that_reads_and_answers_at_once_skips_the_step_between(story, take_up):
    ticket = opened(story, take_up=take_up)
    after(story, 24 * HOUR)
    assert status(story, ticket) is S.RESOLVED
    after(story, 2 * HOUR)
    assert status(story, ticket) is S.RESOLVED


def test_a_desk_that_takes_no_time_has_answered_already(story):
    ticket = opened(story, topic="voucher", take_up=0, answer=0)
    assert (ticket.status, ticket.answer) == (S.RESOLVED, ANSWERS["voucher"])


def test_each_step_is_mailed_with_the_tickets_number(story):
    ticket = opened(story)
    after(story, 24 * HOUR)
    mails = story.ask(Unit.log, kind=Mail, address=WHO["email"])
    assert [one.subject for one in mails] == [
        "Keluhan diterima",
        "Keluhan sedang diproses",
        "Keluhan selesai",
    ]
    assert all(ticket.id in one.text for one in mails)


def test_an_answer_that_did_not_help_opens_the_ticket_again_with_a_new_time(story):
    ticket = opened(story)
    times = {"text": "Masih belum", "take_up": HOUR, "answer": 24 * HOUR}
    with pytest.raises(Rejected, match=Reason.TICKET_OPEN):
        story.do(complaints.reopen, ticket=ticket.id, **times)
    after(story, HOUR)
    with pytest.raises(Rejected, match=Reason.TICKET_OPEN):
        story.do(complaints.reopen, ticket=ticket.id, **times)
    after(story, 23 * HOUR)
    again = story.do(complaints.reopen, ticket=ticket.id, **times)
    assert (again.status, again.reopened, again.text) == (S.OPEN, 1, "Masih belum")
    after(story, 24 * HOUR - 1)
    assert status(story, ticket) is S.IN_PROGRESS
    after(story, 1)
    assert status(story, ticket) is S.RESOLVED


@pytest.mark.parametrize(
    ("refund", "expected", "answer"),
    [
        (RefundStatus.APPROVED, S.IN_PROGRESS, ANSWERS["voucher"]),
        (RefundStatus.PAID_BACK, S.RESOLVED, complaints.PAID_BACK),
        (RefundStatus.REFUSED, S.REFUSED, complaints.NOT_PAID_BACK),
    ],
)
def test_a_refund_that_is_asked_after_again_is_answered_as_it_was_decided(story, refund, expected, answer):
    ticket = opened(story, topic=complaints.REFUND, about="7")
    story.plant(Refund(OrderId("7"), PartyCode("tokopedia"), "buyer", refund, story.sandbox.now(), ticket.id))
    story.do(complaints.close, ticket=ticket.id, event=Event.RESOLVE, answer=ANSWERS["voucher"])
    story.do(complaints.reopen, ticket=ticket.id, text="Kapan?", take_up=HOUR, answer=24 * HOUR)
    after(story, 24 * HOUR)
    record = story.ask(Unit.need, kind=Ticket, key=ticket.id)
    assert (record.status, record.answer) == (expected, answer)


def test_an_event_for_a_ticket_that_is_closed_does_nothing(story):
    ticket = opened(story)
    story.do(complaints.close, ticket=ticket.id, event=Event.REFUSE, answer="Tidak")
    after(story, 24 * HOUR)
    record = story.ask(Unit.need, kind=Ticket, key=ticket.id)
    assert (record.status, record.answer) == (S.REFUSED, "Tidak")


def test_other_peoples_tickets_do_not_exist(story):
    ticket = opened(story)
    mine = {"desk": WHO["desk"], "asker": WHO["asker"], "ticket": ticket.id}
    assert story.ask(complaints.ticket_of, **mine) == ticket
    for changed in ({"asker": "tokopedia/2"}, {"desk": "bukalapak"}, {"ticket": "0"}):
        with pytest.raises(Rejected, match=Reason.TICKET_UNKNOWN):
            story.ask(complaints.ticket_of, **mine | changed)


def test_an_unknown_topic_is_something_else_and_numbers_never_repeat(story):
    tickets = [opened(story, topic=topic) for topic in ("?", "otp", "otp")]
    assert [one.topic for one in tickets] == ["other", "otp", "otp"]
    assert len({one.id for one in tickets}) == 3
    listed = story.ask(complaints.tickets, desk=WHO["desk"], asker=WHO["asker"])
    assert {one.id for one in listed} == {one.id for one in tickets}


def test_prakerjas_form_writes_on_the_participants_own_chain(story):
    support = PRAKERJA_SUPPORT
    times = {"take_up": int(support.take_up.total_seconds()), "answer": int(support.answer.total_seconds())}
    opened(story, topic="otp", desk=PRAKERJA, asker=story.card, **times)
    assert complaints.subject_of(PRAKERJA, story.card) == story.sandbox.journal()[-1].subject
    assert complaints.subject_of("tokopedia", "tokopedia/1") == "shopper:tokopedia/1"
