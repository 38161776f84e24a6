"""What a distributor of digital goods needs first: keys, money in a deposit, a callback address."""

from typing import Annotated

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.admin.fields import Body
from prakerja_sim.mocks.http import key_pairs
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.mocks.shop.webhook_dialect import check_target
from prakerja_sim.simulator.marketplace import deposits, resale, webhooks_outbox
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.values.money import Rupiah
from prakerja_sim.simulator.world.refusals import refuses


class Whose(Body):
    """Which distributor; without a name, the demo distributor."""

    distributor: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")] = deposits.DEMO


class Deposit(Whose):
    """Rupiah that a distributor pays in."""

    amount: Annotated[int, Field(ge=1, le=100_000_000_000)]


class Callback(Whose):
    """Where a distributor hears how his orders end: `inbox:`, or http(s) to where webhooks may go."""

    url: Annotated[str, StringConstraints(max_length=4096)]


def add_to(face: Face) -> None:
    """Register the endpoints."""
    face.endpoint("GET", "/distributor", provenance=Provenance.SIMULATED)(demo)
    face.endpoint("POST", "/deposits", provenance=Provenance.SIMULATED, body=Deposit)(pay_in)
    face.endpoint("POST", "/callbacks", provenance=Provenance.SIMULATED, body=Callback)(call_back)


def demo(call: Call) -> Reply:
    """The demo distributor: its credential, its key pair, and the key of Tokopedia's answers."""
    credential = call.parties.sandboxes.credential_of(call.sandbox, deposits.DEMO)
    mine = key_pairs.pair(call.sandbox.seed, deposits.DEMO)
    theirs = key_pairs.pair(call.sandbox.seed, resale.HERE)
    return Reply(
        {
            "distributor": credential.party,
            "account": deposits.account_number(call.sandbox.seed, credential.party),
            "client_id": credential.client_code,
            "client_secret": credential.sign_key,
            "private_key": key_pairs.private_pem(mine),
            "platform_public_key": key_pairs.public_pem(theirs.public_key()),
            "saldo": call.ask(deposits.balance, distributor=credential.party),
        }
    )


@refuses(Reason.CLIENT_UNKNOWN)
def _check_exists(call: Call, distributor: str) -> None:
    parties = {client.party for client in call.parties.sandboxes.credentials(call.sandbox)}
    if distributor not in parties | {deposits.DEMO}:
        raise Rejected(Reason.CLIENT_UNKNOWN, distributor=distributor)


@refuses(_check_exists)
def pay_in(call: Call, body: Deposit) -> Reply:
    """Pay into a distributor's deposit, from which his orders are paid."""
    _check_exists(call, body.distributor)
    saldo = call.do(deposits.pay_in, distributor=body.distributor, amount=Rupiah(body.amount))
    return Reply({"distributor": body.distributor, "saldo": saldo}, 201)


@refuses(_check_exists, check_target)
def call_back(call: Call, body: Callback) -> Reply:
    """Tell a distributor by callback how his orders end; again in place of what was said before."""
    _check_exists(call, body.distributor)
    call.parties.webhook_delivery.check(body.url)
    target = call.do(
        webhooks_outbox.register,
        party=resale.HERE,
        name=resale.target_name(body.distributor),
        url=body.url,
        secret=str(call.sandbox.seed),
        events=resale.EVENT,
    )
    call.sandbox.telling = True
    return Reply({"target": target.key, "url": target.url}, 201)
