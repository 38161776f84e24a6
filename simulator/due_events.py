"""All modules that own a due event: importing them registers the events."""
# ruff: noqa: F401

from prakerja_sim.simulator.institution import attesting, learning, opening
from prakerja_sim.simulator.marketplace import (
    grades,
    paying,
    refunds,
    resale,
    reviews,
    supply,
    webhooks_outbox,
)
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.programme import (
    complaints,
    completion,
    deadlines,
    enrolment,
    incentive_payments,
    incentives,
)
