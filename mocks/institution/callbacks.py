"""How an institution tells the marketplace that an order which it had taken up has its voucher ("callback").

Documented are headers, fields and that a known end stays; path, token and repetition are simulated.
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
"""How long it is tried: as long as the marketplace waits for a voucher."""


@carries("supply_callback")
def call_back(call: Call, key: str) -> None:
    """Tell the marketplace that a voucher is ready, if it is still to be told."""
    sold: Supplied | None = call.ask(due, key=key)
    if sold is not None:
        arrived = _sent(replace(call, path={"institution": sold.institution}), sold)
        call.do(note, key=key, arrived=arrived)


def due(world: Unit, *, key: str) -> Supplied | None:
    """The voucher, if the marketplace is to be told of it now."""
    sold = world.need(Supplied, key)
    return sold if sold.calling and sold.call_at <= world.now else None


@command("supplier_callbacks.note")
def note(world: Unit, *, key: str, arrived: bool) -> Supplied:
    """Note whether a callback arrived; if not, it is made again."""
    sold = world.need(Supplied, key)

    world.subject = f"supplier:{sold.institution}"
    at = world.now + AGAIN
    calling = not arrived and at - sold.ready_at <= LONGEST
    noted = sold.but(calling=calling, call_at=at if calling else sold.call_at)
    world.put(noted)
    if calling:
        schedule.schedule(world, at, "supply_callback", key)
    return noted


def _sent(call: Call, sold: Supplied) -> bool:
    """Whether the marketplace took it."""
    ours = call.parties.sandboxes.credential_of(call.sandbox, sold.institution)
    wire = call.parties.transport(supply.ASKING, call.sandbox)
    pair = b64encode(f"{ours.client_code}:{ours.sign_key}".encode()).decode()
    asked = {
        "ref_id": sold.key.partition("/")[2],
        "product_code": sold.course,
        "client_number": sold.buyer,
    }
    course: Course = call.ask(Unit.need, kind=Course, key=sold.course)
    letter = supply.sealed(call, supply.told(call, "00", supply.bill_of(call, asked, course, sold)))
    with suppress(NoReply, ValueError, KeyError, TypeError):  # an odd answer is none
        token = wire.send("POST", TOKEN, {"Authorization": f"Basic {pair}"}).json()["access_token"]
        headers = {**letter.headers, "Authorization": f"Bearer {token}", "Client-Guid": ours.client_code}
        answer = wire.send("POST", PATH, headers, letter.body)
        return bool(answer.status == 200 and answer.json()["response_code"] == "00")
    return False


schedule.job("supply_callback", done="the marketplace is told that a voucher is ready")
