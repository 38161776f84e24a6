"""The console: one page a sandbox, rendered on the server, for looking and for moving the clock."""

from flask import render_template

from prakerja_sim.mocks.http.face import Call
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.values.ids import masked
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.records import ArmedFault, Mail
from prakerja_sim.simulator.world.store import Unit

SHOWN = 50


def page(call: Call) -> str:
    """The page."""
    return render_template(
        "console.html",
        name=call.sandbox.name,
        now=call.sandbox.now(),
        stopped=call.sandbox.stopped,
        digest=call.sandbox.digest(),
        people=call.ask(Unit.find, kind=Participant, limit=SHOWN),
        orders=call.ask(Unit.find, kind=Order, limit=SHOWN),
        accounts=call.ask(Unit.find, kind=Account, limit=SHOWN),
        faults=call.ask(Unit.find, kind=ArmedFault, limit=SHOWN),
        sms=call.ask(messages.received, limit=SHOWN)[::-1],
        mail=call.ask(Unit.log, kind=Mail, limit=SHOWN)[::-1],
        journal=call.sandbox.journal(SHOWN)[::-1],
        sandboxes=call.parties.sandboxes.names(),
        about=call.parties.about,
        masked=masked,
    )
