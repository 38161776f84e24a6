"""The callback: an institution tells the marketplace that the voucher of an order in process is ready.

Documented: the headers, the fields, and that a final status does not change.  Simulated: the path, the
token and the retries.
"""

from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from prakerja_sim.mocks.http.due_events import carries
from prakerja_sim.mocks.http.face import Call
from prakerja_sim.mocks.http.transport import NoReply
from prakerja_sim.mocks.institution import supply
from prakerja_sim.simulator.institution.records import Supplied
from prakerja_sim.simulator.programme.records import Course
from prakerja_sim.simulator.world import schedule
from prakerja_sim.simulator.world.commands import command
from prakerja_sim.simulator.world.store import Unit

PATH = "/partner/api/v1/pis/callback"
TOKEN = "/accounts/token?grant_type=client_credentials"
AGAIN = timedelta(minutes=5)
LONGEST = timedelta(minutes=90)
"""How long a callback is retried: as long as the marketplace waits for a voucher."""


@carries("supply_callback")
def call_back(call: Call, key: str) -> None:
    """Tell the marketplace that a voucher is ready, if the callback is still due."""
    sold: Supplied | None = call.ask(due, key=key)
    if sold is not None:
        arrived = _call_back(replace(call, path={"institution": sold.institution}), sold)
        call.do(note, key=key, arrived=arrived)


def due(world: Unit, *, key: str) -> Supplied | None:
    """The voucher whose callback is due now, or None."""
    sold = world.need(Supplied, key)
    return sold if sold.calling and sold.call_at <= world.now else None


@command("supplier_callbacks.note")
def note(world: Unit, *, key: str, arrived: bool) -> Supplied:
    """Record whether a callback arrived; if not, plan the next try."""
    sold = world.need(Supplied, key)

    world.subject = f"supplier:{sold.institution}"
    at = world.now + AGAIN
    calling = not arrived and at - sold.ready_at <= LONGEST
    updated = sold.but(calling=calling, call_at=at if calling else sold.call_at)
    world.put(updated)
    if calling:
        schedule.schedule(world, at, "supply_callback", key)
    return updated


def _call_back(call: Call, sold: Supplied) -> bool:
    """Make the callback; returns whether the marketplace accepted it."""
    credential = call.parties.sandboxes.credential_of(call.sandbox, sold.institution)
    transport = call.parties.transport(supply.MARKETPLACE, call.sandbox, asker=sold.institution)
    pair = b64encode(f"{credential.client_code}:{credential.sign_key}".encode()).decode()
    fields = {
        "ref_id": sold.key.partition("/")[2],
        "product_code": sold.course,
        "client_number": sold.buyer,
    }
    course: Course = call.ask(Unit.need, kind=Course, key=sold.course)
    message = supply.sealed(call, supply.with_code(call, "00", supply.bill_of(call, fields, course, sold)))
    with suppress(NoReply, ValueError, KeyError, TypeError):  # an unreadable answer counts as none
        token = transport.send("POST", TOKEN, {"Authorization": f"Basic {pair}"}).json()["access_token"]
        headers = {
            **message.headers,
            "Authorization": f"Bearer {token}",
            "Client-Guid": credential.client_code,
        }
        answer = transport.send("POST", PATH, headers, message.body)
        return bool(answer.status == 200 and answer.json()["response_code"] == "00")
    return False


schedule.job("supply_callback", done="the marketplace is told that a voucher is ready")
