from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from prakerja_sim.simulator.programme import catalogue, enrolment, payment
from prakerja_sim.simulator.programme.records import Course, CourseKind, Membership, Participant
from prakerja_sim.simulator.sandbox import create
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import SECOND, wib
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import commands, journal, schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.records import Chain, Entry
from prakerja_sim.simulator.world.refusals import refuses


def long_story(story):
    """Most of what may happen, to two people: refusals that count, lost messages, a void, a lapse, pay."""
    story.list_course("webinar-1", 250_000, kind=2, quota=30, starts=wib(2021, 9, 1, 9))
    story.enrol(1)
    story.link_account()
    token = story.send_otp()
    story.refusal(story.authorize, token, otp=story.wrong_otp())
    paid = story.authorize(token)
    story.void(paid)
    story.sandbox.arm("sms_lost", times=1)
    story.after(timedelta(minutes=1))
    story.send_otp()
    story.after(timedelta(minutes=1))
    story.finish(story.buy(invoice="INV-2"))
    story.sandbox.run_clock(86_400, datetime(2024, 1, 1, tzinfo=UTC))
    story.sandbox.catch_up(datetime(2024, 1, 1, 0, 5, tzinfo=UTC))
    return story


def story_of_two(begin, order):
    """Two people who meet only in the catalogue come in this order and do the same."""
    story = begin()
    paid = {}
    for number in order:
        card = story.enrol(number).card
        arguments = {"card": card, "user": f"user-{number}"}
        token = story.send_otp(**arguments)
        paid[number] = (token, story.ask(lambda world, t=token: world.get(payment.Payment, t)).otp)
    for number in order:
        token, otp = paid[number]
        story.authorize(token, otp=otp, invoice=f"INV-{number}")
    return story


def broken(story):
    return story.ask(journal.broken_links)


def entries(story):
    """The kept list of entries itself, so that a test may tamper with it."""
    return story.sandbox.store._sandboxes["story"].logs[Entry]


def test_equal_stories_have_one_digest_whatever_the_sandbox_is_called(begin):
    assert long_story(begin()).sandbox.digest() == long_story(begin(name="another")).sandbox.digest()


def test_the_digest_does_not_depend_on_the_order_in_which_participants_come(begin):
    one, other = story_of_two(begin, (1, 2, 3)), story_of_two(begin, (3, 1, 2))
    assert [e.subject for e in entries(one)] != [e.subject for e in entries(other)]
    assert one.sandbox.digest() == other.sandbox.digest()


@pytest.mark.parametrize(
    "other",
    [{"seed": 43}, {"settings": Settings(otp_tries=4)}, {"start": wib(2021, 8, 24, 15, 0, 1)}],
    ids=["seed", "settings", "start"],
)
def test_another_seed_setting_or_start_is_another_world(begin, other):
    assert begin().sandbox.digest() != begin(**other).sandbox.digest()


def test_every_command_changes_the_digest_and_a_refusal_does_not(story):
    digests = [story.sandbox.digest()]
    paid = story.buy()
    digests.append(story.sandbox.digest())
    story.refusal(story.void, replace(paid, transaction="NO-SUCH"))
    assert story.sandbox.digest() == digests[-1]
    story.void(paid)
    digests.append(story.sandbox.digest())
    assert len(set(digests)) == 3


def test_a_journal_played_again_gives_the_same_digest(begin):
    story = long_story(begin())
    again = create(Memory(), "again", 42, wib(2021, 8, 24, 15))

    for entry in story.sandbox.journal():
        operation = commands.named(entry.command)
        try:
            again.do(operation, **journal.arguments_of(entry))
            outcome = "ok"
        except Rejected as refusal:
            outcome = refusal.reason.value
        assert outcome == entry.outcome

    assert again.digest() == story.sandbox.digest()
    assert again.check() == []


def test_a_whole_journal_has_no_broken_links(story):
    assert broken(long_story(story)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"arguments": "{}"},
        {"outcome": "otp_wrong"},
        {"command": "payment.void"},
        {"transfers": "[]"},
        {"at": wib(2021, 8, 24, 15) + SECOND},
        {"head": "0" * 64},
        {"n": 99},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_tampered_entry_is_found(story, change):
    story.buy()
    story.after(SECOND)
    log = entries(story)
    at = next(n for n, e in enumerate(log) if e.command == "payment.authorize")
    log[at] = replace(log[at], **change)

    number = change.get("n", log[at].n)
    assert f"entry {log[at].subject}#{number} does not follow from the one before it" in broken(story)


def test_a_chain_cut_short_is_found(story):
    story.buy()
    last = entries(story).pop()
    wrong = f"chain {last.subject} ends at {last.n - 1}, not at {last.n} as kept"
    assert broken(story) == [wrong]


def test_a_missing_entry_in_the_middle_is_found(story):
    story.buy()
    log = entries(story)
    missing = log.pop(-2)
    assert broken(story) == [
        f"entry {missing.subject}#{missing.n + 1} does not follow from the one before it"
    ]


def test_reordered_entries_are_found(story):
    story.buy()
    log = entries(story)
    log[-1], log[-2] = log[-2], log[-1]
    assert len(broken(story)) >= 2


def test_an_entry_of_a_chain_that_is_not_kept_is_found(story):
    story.plant(replace(entries(story)[0], subject="participant:x"))
    assert broken(story) == ["entry participant:x#1 does not follow from the one before it"]


def test_the_head_of_a_chain_is_the_head_of_its_last_entry(story):
    story.buy()
    for chain in story.find(Chain):
        last = [e for e in entries(story) if e.subject == chain.subject][-1]
        assert (chain.length, chain.head) == (last.n, last.head)


def test_arguments_are_written_plainly_and_read_back_typed(story):
    def told(operation, **arguments):
        name = commands.name_of(operation)
        story.sandbox.store.run(
            "story", lambda world: journal.write(world, name, arguments, "ok"), 42, story.sandbox.settings
        )
        return journal.arguments_of(entries(story)[-1])

    start = wib(2021, 9, 1, 9)
    listing = {"code": "c", "price": Rupiah(5), "starts": start, "kind": CourseKind.WEBINAR, "min_age": 18}
    assert told(catalogue.list_course, **listing) == listing
    assert told(catalogue.list_course, starts=None) == {"starts": None}
    assert told(enrolment.enrol, born=date(2000, 2, 29), wave=18) == {"born": date(2000, 2, 29), "wave": 18}
    assert told(enrolment.watch_videos, card=Membership.ACTIVE) == {"card": "active"}
    assert told(enrolment.watch_videos, unknown=True) == {"unknown": True}


def test_an_instant_is_written_in_jakarta_time_wherever_it_comes_from(begin):
    told = []
    for zone in (UTC, wib(2021, 1, 1).tzinfo):
        story = begin()
        story.do(schedule.run_clock, scale=1, wall=datetime(2024, 1, 1, tzinfo=UTC).astimezone(zone))
        told.append(story.sandbox.digest())
    assert told[0] == told[1]


def test_only_a_function_with_a_name_can_be_found_again():
    assert commands.named(commands.name_of(payment.void)) is payment.void
    with pytest.raises(AssertionError):
        commands.name_of(print)


def test_a_refusal_that_counts_is_kept_and_any_other_leaves_no_trace(story):
    @command("test.wrong")
    @refuses(Reason.OTP_WRONG)
    def wrong(world, *, counts):
        world.put(replace(world.need(Participant, story.card), otp_failures=9))
        raise Rejected(Reason.OTP_WRONG, counts=counts)

    assert story.refusal(story.do, wrong, counts=False) is Reason.OTP_WRONG
    assert story.get(Participant, story.card).otp_failures == 0
    assert story.refusal(story.do, wrong, counts=True) is Reason.OTP_WRONG
    assert story.get(Participant, story.card).otp_failures == 9
    assert entries(story)[-1].outcome == "otp_wrong"


def test_a_bug_is_raised_and_leaves_no_trace(story):
    digest = story.sandbox.digest()

    def fail(world):
        world.put(replace(world.need(Course, "barista-101"), lessons=9))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        story.do(fail)
    assert story.get(Course, "barista-101").lessons == 4
    assert story.sandbox.digest() == digest


def test_one_value_has_one_text():
    assert journal.canonical({"b": 1, "a": ["x", None, True]}) == '{"a":["x",null,true],"b":1}'
