"""The console: one page for each sandbox, rendered on the server; it shows the state and moves the clock."""

from flask import render_template

from prakerja_sim.mocks.admin.shown import shown
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.simulator.ledger.ledger import Account
from prakerja_sim.simulator.marketplace.records import Order
from prakerja_sim.simulator.programme.records import Participant
from prakerja_sim.simulator.world import messages
from prakerja_sim.simulator.world.records import ArmedFault, Mail
from prakerja_sim.simulator.world.store import Unit

LONGEST_LIST = 50


def page(call: Call) -> str:
    """The console's page for the call's sandbox."""
    return render_template(
        "console.html",
        name=call.sandbox.name,
        now=call.sandbox.now(),
        stopped=call.sandbox.stopped,
        digest=call.sandbox.digest(),
        people=call.ask(Unit.find, kind=Participant, limit=LONGEST_LIST),
        orders=call.ask(Unit.find, kind=Order, limit=LONGEST_LIST),
        accounts=call.ask(Unit.find, kind=Account, limit=LONGEST_LIST),
        faults=call.ask(Unit.find, kind=ArmedFault, limit=LONGEST_LIST),
        sms=call.ask(messages.received, limit=LONGEST_LIST)[::-1],
        shown=call.ask(shown, whole=call.parties.show_secrets),
        mail=call.ask(Unit.log, kind=Mail, limit=LONGEST_LIST)[::-1],
        journal=call.sandbox.journal(LONGEST_LIST)[::-1],
        sandboxes=call.parties.sandboxes.names(),
        about=call.parties.about,
    )
