"""What may go wrong when an incentive is paid, and every way back; nobody is paid twice."""

from datetime import timedelta

import pytest

from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.payout.records import PartnerSwitch, Payout, Wallet
from prakerja_sim.simulator.programme import completion, incentive_payments, incentives, payout_accounts
from prakerja_sim.simulator.programme.incentive_records import Incentive, Notice
from prakerja_sim.simulator.values.clock import DAY, SECOND, wib
from prakerja_sim.simulator.values.errors import Reason
from prakerja_sim.simulator.values.ids import PartyCode
from prakerja_sim.simulator.values.settings import Settings
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.records import Due

DUE = wib(2021, 9, 10, 15)
"""A Friday: reported on 24 August, rated on 6 September, rows a day later, three working days."""
FAILED, CHECKING, WAITING, AGAIN = DUE, wib(2021, 9, 13, 15), wib(2021, 9, 14, 15), wib(2021, 9, 15, 15)
PAID = wib(2021, 9, 16, 15)
CLOSING = wib(2022, 3, 5, 23, 59, 59)
HOUR = timedelta(hours=1)


@pytest.fixture
def story(begin):
    """Linked at OVO and rated; the first instalment is due."""
    story = begin()
    story.link_account()
    story.finish(story.buy())
    story.sandbox.advance(DUE - SECOND)
    return story


def job(story, month=1):
    return story.slot(f"job-{month}")


def paid_to(story):
    return story.balance(f"incentive:{story.card}")


def notices(story):
    return [(n.slot, n.says.value, n.trouble) for n in story.find_logged(Notice, card=story.card)]


def whole(story):
    assert story.sandbox.check() == []
    accounts = (f"owed:{story.card}", "payout:ovo", f"incentive:{story.card}", "treasury:18")
    balances = [story.balance(account) for account in accounts]
    assert sum(balances) == 2_400_000
    return balances


def walked(story, *steps):
    """At each instant the row changes to this status, and not a second before."""
    for at, status in steps:
        story.sandbox.advance(at - SECOND)
        assert job(story).status.value != status, at
        story.sandbox.advance(at)
        assert job(story).status.value == status, at
        whole(story)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("payout_rejected", Reason.PAYOUT_REJECTED),
        ("payout_name_differs", Reason.WALLET_NAME_DIFFERS),
        ("payout_full", Reason.WALLET_FULL),
        ("payout_down", Reason.PARTNER_DOWN),
    ],
)
@pytest.mark.parametrize("switched", [True, False])
def test_a_refused_payment_comes_back_step_by_step_and_is_paid_once(story, fault, trouble, switched):
    if switched:
        story.do(partners.switch, partner="ovo", outcome=fault)
    else:
        story.sandbox.arm(fault, "@ovo")
    story.sandbox.advance(FAILED)
    assert (job(story).status.value, job(story).trouble) == ("failed", trouble)
    assert notices(story) == [("job-1", "failed", trouble)]
    story.do(partners.switch, partner="ovo", outcome="success")

    walked(story, (CHECKING, "checking"), (WAITING, "waiting"), (AGAIN, "scheduled"), (PAID, "paid"))

    assert (job(story).attempts, job(story).paid_at, job(story).trouble) == (2, PAID, None)
    assert notices(story)[1:] == [("job-1", "paid", None)]
    assert paid_to(story) == 600_000


@pytest.mark.parametrize(
    ("changed", "trouble"),
    [
        ({"active": False}, Reason.WALLET_INACTIVE),
        ({"currency": "USD"}, Reason.WALLET_NOT_RUPIAH),
        ({"nik": "3171014501900000"}, Reason.NIK_DIFFERS),
        ({"name": "Orang Lain"}, Reason.WALLET_NAME_DIFFERS),
        ({"phone": "084000000000"}, Reason.PHONE_DIFFERS),
        ({"upgraded": False}, Reason.WALLET_NOT_UPGRADED),
        ({"monthly_limit": 599_999}, Reason.WALLET_FULL),
    ],
)
def test_an_account_that_is_unfit_holds_its_money_until_it_is_put_right(story, changed, trouble):
    story.open_wallet(**changed)
    story.sandbox.advance(FAILED)
    assert (job(story).status.value, job(story).trouble) == ("failed", trouble)
    walked(story, (CHECKING, "checking"), (WAITING, "held"))
    story.sandbox.advance(WAITING + 14 * DAY)
    assert (job(story).status.value, job(story).trouble) == ("held", trouble)
    assert [n for n in notices(story) if n[0] == "job-1"] == [
        ("job-1", "failed", trouble),
        ("job-1", "held", trouble),
    ]

    story.open_wallet()

    looked = WAITING + 21 * DAY
    walked(story, (looked, "scheduled"), (wib(2021, 10, 8, 15), "paid"))
    assert paid_to(story) == 600_000


def test_a_held_row_whose_trouble_changes_says_the_new_one(story):
    story.open_wallet(upgraded=False)
    story.sandbox.advance(WAITING)
    story.open_wallet(active=False)
    story.sandbox.advance(WAITING + 7 * DAY)
    assert job(story).trouble is Reason.WALLET_INACTIVE


@pytest.mark.parametrize(("limit", "paid"), [(1_200_000, True), (1_199_999, False)])
def test_a_monthly_limit_counts_what_came_in_this_month_alone(begin, limit, paid):
    """Due on 1 and 29 October, with instalments four weeks apart; a new month begins at zero."""
    story = begin(start=wib(2021, 9, 14, 9), settings=Settings(instalment_days=28))
    story.open_wallet(monthly_limit=limit)
    story.link()
    story.confirm_link()
    story.finish(story.buy())
    while job(story) is None or job(story).paid_at is None:
        story.sandbox.step()
    assert (job(story).paid_at, job(story, 2).due_at) == (wib(2021, 10, 1, 9), wib(2021, 10, 29, 9))
    story.sandbox.advance(wib(2021, 10, 29, 9))
    assert (job(story, 2).status.value == "paid") is paid
    story.sandbox.advance(wib(2021, 11, 30, 9))
    assert job(story, 2).status.value == "paid"
    assert story.sandbox.check() == []


def test_a_lost_reply_is_found_out_by_its_status_and_nobody_is_paid_twice(story):
    story.sandbox.arm("payout_reply_lost", "@ovo")
    story.sandbox.advance(DUE)
    assert job(story).status.value == "sent"
    assert notices(story) == [("job-1", "failed", Reason.NO_REPLY)]
    assert whole(story) == [1_800_000, 600_000, 0, 0]
    assert [p.status.value for p in story.find(Payout)] == ["paid"]
    for _ in range(3):
        story.do(incentive_payments.transfer, slot=job(story).key)
        story.do(incentive_payments.ask_status, slot=job(story).key)
        story.do(incentives.proceed, slot=job(story).key)
    assert job(story).status.value == "sent"

    walked(story, (DUE + HOUR, "paid"))

    assert (job(story).attempts, paid_to(story)) == (1, 600_000)
    assert len(story.find(Payout)) == 1


def test_an_instruction_that_never_arrived_is_sent_again_under_its_reference(story):
    story.sandbox.arm("payout_request_lost", "@ovo", times=2)
    story.sandbox.advance(DUE + HOUR)
    assert (job(story).status.value, job(story).attempts) == ("sent", 1)
    assert story.find(Payout) == []
    assert len(notices(story)) == 1
    walked(story, (DUE + HOUR + DAY, "paid"))
    assert [p.reference for p in story.find(Payout)] == [f"{story.card}/job-1#1"]
    assert whole(story) == [1_800_000, 0, 600_000, 0]


def test_an_instruction_that_is_refused_when_it_arrives_at_last_comes_back(story):
    story.sandbox.arm("payout_request_lost", "@ovo")
    story.sandbox.advance(DUE)
    story.open_wallet(upgraded=False)
    walked(story, (DUE + HOUR, "failed"))
    assert job(story).trouble is Reason.WALLET_NOT_UPGRADED
    assert whole(story) == [2_400_000, 0, 0, 0]


def test_a_partner_that_does_not_answer_is_asked_day_after_day(story):
    story.sandbox.arm("payout_reply_lost", "@ovo")
    story.sandbox.advance(DUE)
    story.do(partners.switch, partner="ovo", outcome="payout_down")
    story.sandbox.advance(DUE + HOUR + 2 * DAY)
    assert job(story).status.value == "sent"
    story.do(partners.switch, partner="ovo", outcome="success")
    walked(story, (DUE + HOUR + 3 * DAY, "paid"))


def test_a_late_payment_comes_on_the_fifth_working_day_and_is_known_a_little_later(story):
    story.sandbox.arm("payout_late", "@ovo")
    story.sandbox.advance(DUE)
    assert (job(story).status.value, notices(story)) == ("sent", [])
    came = wib(2021, 9, 14, 15)
    story.sandbox.advance(came - SECOND)
    assert [p.status.value for p in story.find(Payout)] == ["pending"]
    story.sandbox.advance(came)
    assert [p.paid_at for p in story.find(Payout)] == [came]
    walked(story, (came + HOUR, "paid"))
    story.do(partners.credit, reference=f"{story.card}/job-1#1")
    assert [p.paid_at for p in story.find(Payout)] == [came]


# The account while it is due


def test_money_that_falls_due_without_an_account_is_held_until_there_is_one(story):
    story.do(payout_accounts.unlink, card=story.card)
    story.sandbox.advance(DUE)
    assert (job(story).status.value, job(story).trouble) == ("held", Reason.NOT_LINKED)
    assert notices(story) == [("job-1", "held", Reason.NOT_LINKED)]
    assert not [d for d in story.find(Due, done=False) if d.event == "payout_step"]
    story.after(40 * DAY)
    story.link()
    story.confirm_link()
    assert [job(story, n).status.value for n in (1, 2, 3, 4)] == ["scheduled"] * 4
    story.sandbox.advance(wib(2022, 2, 1))
    assert whole(story) == [0, 0, 2_400_000, 0]


@pytest.mark.parametrize(
    ("at", "status", "paid_at"),
    [
        (DUE - 3 * DAY, "scheduled", DUE),  # Tuesday: three working days are Friday
        (DUE - 3 * DAY + SECOND, "held", wib(2021, 9, 15, 15)),
    ],
)
def test_an_account_changed_near_the_date_holds_the_payment(begin, at, status, paid_at):
    story = begin()
    story.link_account()
    story.finish(story.buy())
    story.sandbox.advance(at)
    story.do(payout_accounts.unlink, card=story.card)
    story.open_wallet(partner="dana", number="0899")
    story.link(partner="dana", number="0899")
    story.confirm_link()
    assert job(story).status.value == status
    story.sandbox.advance(paid_at - SECOND)
    assert paid_to(story) == 0
    story.sandbox.advance(paid_at)
    assert (paid_to(story), job(story).wallet) == (600_000, "dana/0899")
    assert story.sandbox.check() == []


def test_an_account_changed_twice_is_not_paid_on_the_old_date(story):
    """The first change holds the row, the second schedules it anew; its old date passes meanwhile."""
    for _ in range(2):
        story.do(payout_accounts.unlink, card=story.card)
        story.link()
        story.confirm_link()
    later = wib(2021, 9, 15, 14, 59, 59)
    assert (job(story).status.value, job(story).due_at) == ("scheduled", later)
    story.sandbox.advance(later - SECOND)
    assert paid_to(story) == 0
    story.sandbox.advance(later)
    assert paid_to(story) == 600_000


def test_a_payment_without_trouble_is_no_news(story):
    story.sandbox.advance(CLOSING + SECOND)
    assert whole(story) == [0, 0, 2_400_000, 0]
    assert notices(story) == []


@pytest.mark.parametrize("when", [FAILED, CHECKING])
def test_a_failed_payment_is_paid_to_the_account_that_is_linked_meanwhile(story, when):
    story.do(partners.switch, partner="ovo", outcome="payout_rejected")
    story.sandbox.advance(when)
    story.do(payout_accounts.unlink, card=story.card)
    story.open_wallet(partner="bni", number="000111222")
    story.link(partner="bni", number="000111222")
    story.confirm_link()
    story.sandbox.advance(PAID)
    assert (job(story).status.value, job(story).wallet) == ("paid", "bni/000111222")


def test_a_failed_payment_without_an_account_at_its_check_waits_for_one(story):
    story.sandbox.arm("payout_rejected")
    story.sandbox.advance(FAILED)
    story.do(payout_accounts.unlink, card=story.card)
    story.sandbox.advance(WAITING)
    assert (job(story).status.value, job(story).trouble) == ("held", Reason.NOT_LINKED)
    story.link()
    story.confirm_link()
    assert job(story).status.value == "scheduled"


def test_what_was_held_for_a_week_and_linked_anew_is_looked_after_once(story):
    """The look that was planned before the account changed finds the row on its way."""
    story.open_wallet(upgraded=False)
    story.sandbox.advance(WAITING)
    story.do(payout_accounts.unlink, card=story.card)
    story.open_wallet()
    story.link()
    story.confirm_link()
    story.sandbox.advance(WAITING + 7 * DAY)
    assert (job(story).status.value, job(story).attempts) == ("paid", 2)


def test_a_look_that_was_planned_before_finds_an_instruction_under_way_and_leaves_it(story):
    story.open_wallet(upgraded=False)
    story.sandbox.advance(WAITING)
    story.do(payout_accounts.unlink, card=story.card)
    story.open_wallet()
    story.link()
    story.confirm_link()
    story.sandbox.arm("payout_reply_lost")
    story.sandbox.advance(wib(2021, 9, 17, 15))
    story.do(partners.switch, partner="ovo", outcome="payout_down")
    story.sandbox.advance(WAITING + 7 * DAY)
    assert (job(story).status.value, job(story).attempts) == ("sent", 2)
    assert len(story.find(Payout)) == 2
    story.do(schedule.move_clock, to=job(story).next_at)
    before = job(story)
    story.do(incentives.proceed, slot=before.key)
    assert job(story) == before


# The close-out


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        ("payout_reply_lost", [0, 0, 2_400_000, 0]),
        ("payout_request_lost", [0, 0, 1_800_000, 600_000]),
        ("payout_late", [0, 0, 1_800_000, 600_000]),
        ("payout_rejected", [0, 0, 1_800_000, 600_000]),
    ],
)
def test_what_is_open_on_the_last_day_is_settled_at_the_close_out(begin, fault, left):
    """The fourth instalment is due in the last second: no answer to it is in sight."""
    story = begin()
    story.link_account()
    paid = story.buy()
    story.report(paid)
    story.sandbox.advance(wib(2021, 12, 20))
    story.rate(paid)
    story.sandbox.advance(CLOSING - SECOND)
    assert job(story, 4).due_at == CLOSING
    story.sandbox.arm(fault)
    story.sandbox.advance(CLOSING + SECOND)
    assert whole(story) == left
    assert (job(story, 4).status.value == "paid") is (left[3] == 0)
    before = story.sandbox.digest()
    story.do(incentive_payments.close_out, card=story.card)
    story.after(30 * DAY)
    assert whole(story) == left
    assert story.sandbox.digest() != before  # the clock's own chain
    assert job(story, 4).status.value in ("paid", "undelivered")


def test_everything_that_happened_may_be_asked_for_again_and_nothing_changes(story):
    """A sweep that is run again under other keys, after all is settled."""
    story.sandbox.advance(CLOSING + DAY)
    before = (paid_to(story), story.find(Payout), [job(story, n) for n in (1, 2, 3, 4)])
    for number, (event, about) in enumerate(
        (event, about)
        for month in (1, 2, 3, 4)
        for event, about in (
            ("incentive_transfer", job(story, month).key),
            ("payout_status", job(story, month).key),
            ("payout_step", job(story, month).key),
            ("incentive_plan", story.card),
            ("payout_close_out", story.card),
        )
    ):
        story.plant(Due(f"again-{number:03}", story.sandbox.now(), event, about))
        story.do(schedule.fire, key=f"again-{number:03}")
    assert (paid_to(story), story.find(Payout), [job(story, n) for n in (1, 2, 3, 4)]) == before
    assert story.sandbox.check() == []


# What differs by year and scheme


@pytest.mark.parametrize(
    ("wave", "start", "rated_at", "due"),
    [
        (4, wib(2020, 8, 17, 9), wib(2020, 9, 6, 9), wib(2020, 9, 14, 9)),  # seven times 24 hours
        (18, wib(2021, 8, 24, 15), wib(2021, 10, 15, 9), wib(2021, 10, 21, 9)),  # a holiday on Wednesday
    ],
)
def test_the_first_transfer_follows_its_year(begin, wave, start, rated_at, due):
    story = begin(wave=wave, start=start)
    story.link_account()
    paid = story.buy()
    story.report(paid)
    story.sandbox.advance(rated_at)
    if rated_at.year == 2020:  # the marketplace's review was the rating
        arguments = {"marketplace": paid.marketplace, "invoice": paid.invoice}
        story.do(completion.take_review, stars=5, review="Bagus", **arguments)
    else:
        story.rate(paid)
    story.sandbox.advance(due - SECOND)
    assert paid_to(story) == 0
    story.sandbox.advance(due)
    assert paid_to(story) == 600_000


def test_the_normal_scheme_has_one_instalment(begin):
    story = begin(wave=51, start=wib(2023, 4, 28, 9))
    story.link_account()
    story.finish(story.buy())
    story.after(200 * DAY)
    assert [i.slot for i in story.ask(lambda world: world.find(Incentive))] == ["job-1"]
    assert paid_to(story) == 600_000
    assert story.sandbox.check() == []


def test_settings_say_how_long_each_step_takes(begin):
    arguments = {"payout_step_working_days": 2, "payout_status_after": 60, "payout_late_working_days": 1}
    story = begin(settings=Settings(**arguments))
    story.link_account()
    story.finish(story.buy())
    story.sandbox.advance(DUE - SECOND)
    story.sandbox.arm("payout_rejected")
    walked(story, (DUE, "failed"), (wib(2021, 9, 14, 15), "checking"), (wib(2021, 9, 16, 15), "waiting"))


# The partner's own side


def test_a_reference_is_good_for_one_account_and_one_amount(story):
    arguments = {"partner": "ovo", "number": story.participant.phone, "amount": 1_000}
    arguments |= {
        "nik": story.participant.nik,
        "name": story.participant.name,
        "phone": story.participant.phone,
    }
    assert story.do(partners.instruct, reference="r", **arguments).status.value == "paid"
    assert story.do(partners.instruct, reference="r", **arguments).status.value == "paid"
    for changed in ({"amount": 1_001}, {"partner": "dana", "number": "0899"}):
        story.open_wallet(partner="dana", number="0899")
        refused = story.refusal(story.do, partners.instruct, reference="r", **(arguments | changed))
        assert refused is Reason.REFERENCE_USED
    unknown = story.refusal(story.do, partners.instruct, reference="s", **(arguments | {"number": "0"}))
    assert unknown is Reason.WALLET_UNKNOWN


def test_a_switch_is_for_a_partner_that_exists(story):
    assert story.refusal(story.do, partners.switch, partner="x", outcome="success") is Reason.PARTNER_UNKNOWN
    story.do(partners.switch, partner="ovo", outcome="payout_full")
    assert story.get(PartnerSwitch, "ovo") == PartnerSwitch(PartyCode("ovo"), "payout_full")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ani Lestari", "ANI  lestari ", True),
        ("Ani Lestari", "Ani Lestari.", False),
        ("Ani Lestari", "AniLestari", False),
        ("Ani", "Ani Lestari", False),
    ],
)
def test_names_are_one_persons_but_for_capitals_and_spaces(one, other, same):
    assert partners.same_name(one, other) is same


def test_an_account_is_changed_by_opening_it_again(story):
    story.open_wallet(monthly_limit=0)
    wallet = story.get(Wallet, f"ovo/{story.participant.phone}")
    assert (wallet.monthly_limit.amount, wallet.active, wallet.currency) == (0, True, "IDR")
