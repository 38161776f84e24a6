"""The payment partners: accounts and their incoming payments, payout instructions, a switch for failures.

The real interface between the programme and its payment partners is not public, so all of this is
simulated.  The simulated programme sends its instructions here; any other program may do the same.
"""

from typing import Annotated

from pydantic import Field, StringConstraints

from prakerja_sim.mocks.http.bodies import NOT_BLANK, Body
from prakerja_sim.mocks.http.contacts import SpeltAnyhow
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.describe import Described, Link
from prakerja_sim.mocks.http.envelope import Plain
from prakerja_sim.mocks.http.face import Call, Face, Provenance, Reply
from prakerja_sim.simulator.payout import partners
from prakerja_sim.simulator.payout.partners import OUTCOMES, SUCCESS, Answer
from prakerja_sim.simulator.payout.records import PartnerSwitch, Payout, PayoutStatus, Wallet
from prakerja_sim.simulator.values.errors import Dropped, Reason, Rejected
from prakerja_sim.simulator.world.refusals import refuses
from prakerja_sim.simulator.world.store import Unit

SIMULATED = Provenance.SIMULATED
FACE = Face("payout", "Payment partners", Plain, callers=Role.ANYBODY)
ACCOUNTS = "/<partner>/accounts"
TRANSFERS = "/<partner>/transfers"
TRANSFER = f"{TRANSFERS}/<path:reference>"
SEGMENT = "[A-Za-z0-9_#-][A-Za-z0-9._#-]*"
"""One part of a reference; in a path it is written as it is, or percent-encoded."""
KINDS = ("bank", "e-wallet")
SAME = {"partner": "$response.body#/partner", "number": "$response.body#/number"}
FACE.described = Described(
    links={
        ("POST", ACCOUNTS): (Link("see what came in", ("GET", f"{ACCOUNTS}/<number>"), parameters=SAME),),
    },
    enums={
        ("/", "status"): PayoutStatus,
        ("/", "outcome"): OUTCOMES,
        ("/", "outcomes"): OUTCOMES,
        ("/", "kind"): KINDS,
    },
    meanings={
        "amount": "In rupiah.",
        "balance": "In rupiah: all that came in.",
        "outcome": "What the partner does with every instruction now.",
        "outcomes": "What a partner can be told to do with every instruction.",
        "refusal": "Why an instruction was refused for good.",
        "since": "The day since which it pays incentives; null is from the beginning.",
        "slot": "What an instruction pays for: its reference without the card number.",
        "status": "Where the instruction stands; what is pending may still be paid.",
        "upgraded": "Whether KYC is done; without it an account receives no incentive.",
    },
)
Text = Annotated[str, StringConstraints(min_length=1, max_length=100), NOT_BLANK]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{6,20}$")]
Amount = Annotated[int, Field(ge=0, le=1_000_000_000)]


class OpenAccount(Body):
    """Whose account it is, whether KYC is done, and how much it can receive."""

    number: Digits
    phone: Annotated[Digits, SpeltAnyhow]
    nik: Digits
    name: Text
    upgraded: bool = True
    active: bool = True
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "IDR"
    monthly_limit: Amount | None = None
    """How much it can receive in a calendar month; zero means that it is full."""


class Instruction(Body):
    """Whom to pay, and how much; each reference is paid at most once."""

    reference: Annotated[str, StringConstraints(pattern=rf"^{SEGMENT}(/{SEGMENT})*$", max_length=64)]
    number: Digits
    amount: Annotated[int, Field(ge=1, le=1_000_000_000)]
    nik: Digits
    name: Text
    phone: Annotated[Digits, SpeltAnyhow]


class Switch(Body):
    """What the partner does from now on with every instruction."""

    outcome: Annotated[str, StringConstraints(pattern=f"^({'|'.join(OUTCOMES)})$")]


@FACE.endpoint("POST", ACCOUNTS, provenance=SIMULATED, body=OpenAccount)
@refuses(partners.open_wallet)
def open_account(call: Call, body: OpenAccount) -> Reply:
    """Open an account, or change it: upgrade, another phone, closed, full."""
    wallet = call.do(partners.open_wallet, partner=call.path["partner"], **body.model_dump())
    return Reply({"partner": wallet.partner, "number": wallet.number, "upgraded": wallet.upgraded})


@FACE.endpoint("GET", f"{ACCOUNTS}/<number>", provenance=SIMULATED)
@refuses(Reason.WALLET_UNKNOWN)
def statement(call: Call) -> Reply:
    """The account's balance and what came in."""
    key = f"{call.path['partner']}/{call.path['number']}"
    wallet: Wallet | None = call.ask(Unit.get, kind=Wallet, key=key)
    if wallet is None:
        raise Rejected(Reason.WALLET_UNKNOWN, partner=call.path["partner"], number=call.path["number"])
    transfers = [
        {"slot": _slot(one.reference), "amount": one.amount.amount, "paid_at": one.paid_at.isoformat()}
        for one in call.ask(Unit.find, kind=Payout, wallet=key)
        if one.paid_at is not None
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


@FACE.endpoint(
    "POST",
    TRANSFERS,
    provenance=SIMULATED,
    body=Instruction,
)
@refuses(partners.instruct)
def pay(call: Call, body: Instruction) -> Reply:
    """Pay into an account; the same instruction again answers what became of it and pays nothing."""
    answer = call.do(partners.instruct, partner=call.path["partner"], **body.model_dump())
    if answer is None:
        raise Dropped("the partner that never answers")
    return _answer(body.reference, answer)


@FACE.endpoint(
    "GET",
    TRANSFER,
    provenance=SIMULATED,
)
@refuses(partners.status, Reason.PARTNER_DOWN)
def transfer_status(call: Call) -> Reply:
    """What became of an instruction whose answer was lost."""
    reference = call.path["reference"]
    answer = call.ask(partners.status, reference=reference, partner=call.path["partner"])
    if answer is None:
        raise Rejected(Reason.PARTNER_DOWN, partner=call.path["partner"])
    return _answer(reference, answer)


@FACE.endpoint("POST", f"{TRANSFER}/recall", provenance=SIMULATED)
def recall(call: Call) -> Reply:
    """End an instruction that is not paid yet, for good; what is paid stays paid."""
    reference = call.path["reference"]
    return _answer(reference, call.do(partners.recall, reference=reference))


@FACE.endpoint("POST", "/<partner>/outcome", provenance=SIMULATED, body=Switch)
@refuses(partners.switch)
def switch(call: Call, body: Switch) -> Reply:
    """Say what the partner does with every instruction until it is told otherwise."""
    call.do(partners.switch, partner=call.path["partner"], outcome=body.outcome)
    return Reply({"partner": call.path["partner"], "outcome": body.outcome})


@FACE.endpoint("GET", "/partners", provenance=SIMULATED)
def list_partners(call: Call) -> Reply:
    """The banks and e-wallets, and what each does with instructions now."""
    outcomes = {switch.partner: switch.outcome for switch in call.ask(Unit.find, kind=PartnerSwitch)}
    rows = [
        {
            "partner": code,
            "name": terms.name,
            "kind": KINDS[0] if terms.bank else KINDS[1],
            "since": terms.since.isoformat() if terms.since else None,
            "outcome": outcomes.get(code, SUCCESS),
        }
        for code, terms in partners.TERMS.items()
    ]
    return Reply({"partners": rows, "outcomes": list(OUTCOMES)})


def _answer(reference: str, answer: Answer) -> Reply:
    body = {"reference": reference, "status": answer.status.value}
    if answer.status is PayoutStatus.REFUSED and answer.refusal is not None:
        body["refusal"] = answer.refusal.value
    return Reply(body)


def _slot(reference: str) -> str:
    """What an instruction pays for: its reference without the card number at the beginning."""
    return reference.rpartition("/")[2].partition("#")[0]
