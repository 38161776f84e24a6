import pytest

from prakerja_sim.simulator.marketplace import lifecycle as marketplace
from prakerja_sim.simulator.marketplace.records import RefundStatus
from prakerja_sim.simulator.marketplace.supply_records import ResaleStatus, SupplyStatus
from prakerja_sim.simulator.marketplace.webhook_records import WebhookStatus
from prakerja_sim.simulator.programme import lifecycle as programme
from prakerja_sim.simulator.programme.incentive_records import IncentiveStatus
from prakerja_sim.simulator.programme.lifecycle import Event
from prakerja_sim.simulator.programme.records import Membership, PaymentStatus, TicketStatus
from prakerja_sim.simulator.programme.training_records import RedeemStatus, TrainingStatus, VerificationStatus

EXPECTED = {
    "SUPPLY": (
        SupplyStatus,
        """
        wanted    miss    wanted
        wanted    take_up under_way
        wanted    deliver delivered
        wanted    give_up given_up
        under_way miss    wanted
        under_way take_up under_way
        under_way deliver delivered
        under_way give_up given_up
        """,
    ),
    "RESALE": (
        ResaleStatus,
        """
        Pending pay  Success
        Pending fail Failed
        """,
    ),
    "PAYMENT": (
        PaymentStatus,
        """
        awaiting_otp authorize paid
        awaiting_otp exhaust   ended
        awaiting_otp replace   replaced
        paid         void      voided
        """,
    ),
    "REDEEM": (
        RedeemStatus,
        """
        issued   commit redeemed
        issued   cancel cancelled
        issued   reset  issued
        redeemed reset  issued
        """,
    ),
    "VERIFICATION": (
        VerificationStatus,
        """
        opened    consent consented
        consented consent consented
        consented verify  succeeded
        opened    fail    failed
        consented fail    failed
        opened    reset   withdrawn
        consented reset   withdrawn
        succeeded reset   withdrawn
        failed    reset   withdrawn
        withdrawn reset   withdrawn
        """,
    ),
    "TRAINING": (
        TrainingStatus,
        """
        bought    report  reported
        bought    void    voided
        reported  certify certified
        certified rate    rated
        """,
    ),
    "MEMBERSHIP": (Membership, "active revoke revoked"),
    "INCENTIVE": (
        IncentiveStatus,
        """
        held      release scheduled
        held      close   undelivered
        waiting   release scheduled
        waiting   close   undelivered
        scheduled hold    held
        scheduled reserve sending
        scheduled close   undelivered
        sending   send    sent
        sending   pay     paid
        sending   fail    failed
        sending   close   undelivered
        sent      pay     paid
        sent      fail    failed
        sent      close   undelivered
        failed    check   checking
        failed    close   undelivered
        checking  hold    held
        checking  release waiting
        checking  close   undelivered
        """,
    ),
    "REFUND": (
        RefundStatus,
        """
        requested approve approved
        requested refuse  refused
        requested reserve sending
        requested refuse  refused
        approved  reserve sending
        approved  refuse  refused
        sending   pay     paid_back
        sending   release approved
        sending   refuse  refused
        """,
    ),
    "TICKET": (
        TicketStatus,
        """
        open        take_up in_progress
        open        resolve resolved
        open        refuse  refused
        in_progress resolve resolved
        in_progress refuse  refused
        resolved    reopen  open
        refused     reopen  open
        """,
    ),
    "WEBHOOK": (
        WebhookStatus,
        """
        due       deliver delivered
        due       miss    waiting
        due       give_up dead
        due       hold    held
        due       drop    dropped
        waiting   retry   due
        waiting   hold    held
        waiting   drop    dropped
        held      release due
        held      drop    dropped
        delivered repeat  due
        dropped   repeat  due
        dead      repeat  due
        """,
    ),
}
PAIRS = [(name, status, event) for name, (kind, _) in EXPECTED.items() for status in kind for event in Event]


TABLES = {
    name: table
    for module in (programme, marketplace)
    for name, table in vars(module).items()
    if isinstance(table, dict) and name.isupper() and isinstance(next(iter(table))[1], Event)
}
"""All but those of orders and attempts, whose events are words of their own; `test_orders` walks these."""


def rows(name):
    lines = EXPECTED[name][1].strip().splitlines()
    return {(status, event): after for status, event, after in map(str.split, lines)}


@pytest.mark.parametrize(("name", "status", "event"), PAIRS)
def test_an_event_leads_where_the_table_says_or_is_a_bug(name, status, event):
    table, after = TABLES[name], rows(name).get((status, event))
    if after is None:
        with pytest.raises(KeyError):
            table[status, event]
    else:
        assert table[status, event] == after


def test_every_table_is_walked():
    assert set(TABLES) == set(EXPECTED)


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, (kind, _) in EXPECTED.items()])
def test_every_status_is_the_start_or_can_be_reached(name, kind):
    table = TABLES[name]
    begins = {"HELD", "SCHEDULED"} if name == "INCENTIVE" else {next(iter(kind)).name}
    assert begins | {status.name for status in table.values()} == {status.name for status in kind}


def test_every_event_moves_something():
    used = {event for name in EXPECTED for _, event in TABLES[name]}
    assert used == set(Event)
