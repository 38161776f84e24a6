"""What a distributor of digital goods needs to begin: the demo one's keys, and money in a deposit."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mocks.contract import Call, Face, Provenance, Reply
from mocks.tokopedia import sat_keys
from mocks.tokopedia.words import MARKETPLACE
from simulator import deposits
from simulator.errors import Reason, Rejected
from simulator.money import Rupiah


class Deposit(BaseModel):
    """Rupiah that a distributor pays in."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    distributor: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")] = deposits.DEMO
    amount: Annotated[int, Field(ge=1, le=100_000_000_000)]


def add_to(face: Face) -> None:
    """Register both endpoints."""
    face.endpoint("GET", "/distributor", provenance=Provenance.SIMULATED)(demo)
    face.endpoint("POST", "/deposits", provenance=Provenance.SIMULATED, body=Deposit)(pay_in)


def demo(call: Call) -> Reply:
    """The demo distributor: its credential, its key pair, and the key of Tokopedia's answers."""
    credential = call.parties.sandboxes.credential_of(call.sandbox, deposits.DEMO)
    mine = sat_keys.pair(call.sandbox.seed, deposits.DEMO)
    theirs = sat_keys.pair(call.sandbox.seed, MARKETPLACE.code)
    return Reply(
        {
            "distributor": credential.party,
            "client_id": credential.client_code,
            "client_secret": credential.sign_key,
            "private_key": sat_keys.private_pem(mine),
            "platform_public_key": sat_keys.public_pem(theirs.public_key()),
            "saldo": call.ask(deposits.balance, distributor=credential.party),
        }
    )


def pay_in(call: Call, body: Deposit) -> Reply:
    """Pay into a distributor's deposit, from which his orders are paid."""
    known = {client.party for client in call.parties.sandboxes.credentials(call.sandbox)}
    if body.distributor not in known | {deposits.DEMO}:
        raise Rejected(Reason.CLIENT_UNKNOWN, distributor=body.distributor)
    saldo = call.do(deposits.pay_in, distributor=body.distributor, amount=Rupiah(body.amount))
    return Reply({"distributor": body.distributor, "saldo": saldo}, 201)
