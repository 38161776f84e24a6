"""The payment partners as their customers see them: open an account, look at what came in.

Linking and paying are decided in `simulator.incentives`; nothing public is known of the real
interface between the programme and its payment partners, so all of this is simulated.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from mocks.contract import Call, Face, Provenance, Reply
from mocks.describe import Described, Link
from mocks.envelope import Plain
from simulator import partners
from simulator.errors import Reason, Rejected
from simulator.records import Incentive, IncentiveStatus, LinkedAccount, Wallet
from simulator.store import Unit

FACE = Face("payout", "Payment partners", Plain)
ACCOUNTS = "/<partner>/accounts"
SAME = {"partner": "$response.body#/partner", "number": "$response.body#/number"}
FACE.described = Described(
    links={
        ("POST", ACCOUNTS): (Link("see what came in", ("GET", f"{ACCOUNTS}/<number>"), parameters=SAME),),
    }
)
Text = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{6,20}$")]


class OpenAccount(BaseModel):
    """Whose account, and whether KYC is done."""

    model_config = ConfigDict(strict=True, frozen=True)

    number: Digits
    phone: Digits
    nik: Digits
    name: Text
    upgraded: bool = True


@FACE.endpoint(
    "POST",
    ACCOUNTS,
    provenance=Provenance.SIMULATED,
    body=OpenAccount,
    refuses=(Reason.PARTNER_UNKNOWN,),
)
def open_account(call: Call, body: OpenAccount) -> Reply:
    """Open an account, or upgrade it."""
    wallet = call.do(
        partners.open_wallet,
        partner=call.path["partner"],
        number=body.number,
        phone=body.phone,
        nik=body.nik,
        name=body.name,
        upgraded=body.upgraded,
    )
    return Reply({"partner": wallet.partner, "number": wallet.number, "upgraded": wallet.upgraded})


@FACE.endpoint(
    "GET",
    f"{ACCOUNTS}/<number>",
    provenance=Provenance.SIMULATED,
    refuses=(Reason.WALLET_UNKNOWN,),
)
def statement(call: Call) -> Reply:
    """The account's balance and what came in."""
    key = f"{call.path['partner']}/{call.path['number']}"
    wallet: Wallet | None = call.ask(Unit.get, kind=Wallet, key=key)
    if wallet is None:
        raise Rejected(Reason.WALLET_UNKNOWN)
    transfers = [
        {"slot": i.slot, "amount": i.amount.amount, "paid_at": i.paid_at.isoformat()}
        for linked in call.ask(Unit.find, kind=LinkedAccount, wallet=key)
        for i in call.ask(Unit.find, kind=Incentive, card=linked.card)
        if i.status is IncentiveStatus.PAID and i.paid_at is not None
    ]
    transfers.sort(key=lambda transfer: (transfer["paid_at"], transfer["slot"]))
    return Reply(
        {
            "partner": wallet.partner,
            "number": wallet.number,
            "upgraded": wallet.upgraded,
            "balance": sum(transfer["amount"] for transfer in transfers),
            "transfers": transfers,
        }
    )
