"""How things stand: `expect` compares claims with what the parties say.

A claim is one function. Its name is the argument of `expect`, its return type says how the argument
is written, and its answer must equal what the story claims.
"""

import hmac
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import orjson

from prakerja_sim.mocks.shop.buyer import OrderState, TicketState
from prakerja_sim.scenarios.engine import words
from prakerja_sim.scenarios.engine.person import Person
from prakerja_sim.scenarios.engine.verbs.chapter import Chapter
from prakerja_sim.scenarios.engine.vocabulary import together
from prakerja_sim.simulator.values.money import Rupiah


def balance(who: Person) -> Rupiah:
    """What the card holds."""
    return Rupiah(who.dashboard("GET", "/profile")["balance"])


def charges(who: Person) -> int:
    """How many purchases were paid from the card."""
    return len(_moved_from_card(who, "purchase"))


def returned(who: Person) -> Rupiah:
    """What went from the card back to the programme."""
    return Rupiah(sum(_moved_from_card(who, "lapse")))


def membership(who: Person) -> words.Membership:
    """The status on the dashboard."""
    return str(who.dashboard("GET", "/profile")["status"])


def order(who: Person) -> OrderState:
    """The latest order's status at the marketplace."""
    return who.shop(who.shopper.order, who.placed_order()).status


def total(who: Person) -> Rupiah:
    """What the card pays for the latest order."""
    return Rupiah(who.shop(who.shopper.order, who.placed_order()).total)


def training(who: Person) -> words.Training:
    """The latest training's status on the dashboard."""
    trainings = who.trainings()
    return str(trainings[-1]["status"]) if trainings else "Belum membeli pelatihan"


def task(who: Person) -> words.Task:
    """How the practical task and its feedback stand."""
    answer = who.learn("/tasks", {"redeem_code": who.redeem_code()})
    return f"assignment {answer['assignment']['status']}, feedback {answer['feedback']['status']}"


def ticket(who: Person) -> TicketState:
    """The status of the latest complaint at the marketplace."""
    tickets = who.shop(who.shopper.tickets, who.placed_order())
    mine = [one.status for one in tickets if one.ticket == who.ticket]
    if not mine:
        raise AssertionError(f"{who.called} has not complained at the marketplace; `complain` first")
    return mine[0]


def complaint(who: Person) -> words.Complaint:
    """The status of the latest complaint at Prakerja."""
    return str(who.latest_complaint()["status"])


def received(who: Person) -> list[words.Event]:
    """The events of the webhooks about the order that arrived in the built-in inbox, signed as they came."""
    arrived = who.parties.admin("GET", "/inbox/webhooks")["messages"]
    about_order = {one["webhook"] for one in who.parties.webhooks(who.order)}
    mine = [one for one in arrived if one["webhook"] in about_order]
    for one in mine:
        secret = who.parties.secrets[one["target"]].encode()
        signature = hmac.new(secret, one["body"].encode(), "sha256").hexdigest()
        if not any(value.endswith(signature) for value in orjson.loads(one["headers"]).values()):
            raise AssertionError(f"{one['event']} is not signed over the bytes that came: {one['headers']}")
    return [str(one["event"]) for one in mine]


def outbox(who: Person) -> list[words.Told]:
    """The webhooks about the order, each with its status."""
    return [f"{one['event']} {one['status']}" for one in who.parties.webhooks(who.order)]


def incentives(who: Person) -> list[words.Incentive]:
    """The rows of the incentive schedule, each with its status."""
    return [f"{row['slot']} {row['status']}" for row in _incentives(who)]


def wallet(who: Person) -> Rupiah:
    """The balance of the account that incentives are paid into."""
    account = who.payout_account()
    path = f"/{account['partner']}/accounts/{account['number']}"
    return Rupiah(who.parties.ask("payout", "GET", path)["balance"])


def notice(who: Person) -> words.Notice:
    """The slot and label of the newest notice about an incentive's row, or `none`."""
    notices = [one for one in who.dashboard("GET", "/notices")["notices"] if one["slot"]]
    return f"{notices[-1]['slot']} {notices[-1]['label']}" if notices else "none"


def next_step(who: Person) -> str:
    """What the first row that is not paid says is to be done."""
    return next((str(row["next"]) for row in _incentives(who) if row["paid_at"] is None), "")


def delivered(who: Person) -> Rupiah:
    """The incentives that the person was paid."""
    return _booked(who, f"incentive:{who.card}")


def owed(who: Person) -> Rupiah:
    """The incentives that the person has earned and was not paid."""
    return _booked(who, f"owed:{who.card}")


def treasury(who: Person) -> Rupiah:
    """What the treasury holds for the person's wave."""
    return _booked(who, f"treasury:{who.profile['wave']}")


def seats(who: Person) -> int:
    """The seats left in the course that the person bought last."""
    courses = who.parties.admin("GET", "/courses")["courses"]
    mine = [int(one["quota"]) for one in courses if one["course_code"] == who.course]
    if not mine:
        raise AssertionError(f"{who.called} has bought no course that is on sale; `buy` first")
    return mine[0]


Claim = Callable[[Person], object]
CLAIMS: Mapping[str, Claim] = {
    claim.__name__: claim
    for claim in (
        balance, charges, returned, membership, order, total, training, task, ticket, complaint, received,
        outbox, incentives, wallet, notice, next_step, delivered, owed, treasury, seats,
    )
}  # fmt: skip


SOMETHING_IS_CLAIMED = {
    "anyOf": [{"required": [name], "properties": {name: {"not": {"type": "null"}}}} for name in CLAIMS]
}


def _something_is_claimed(arguments: Mapping[str, Any]) -> None:
    if all(arguments.get(name) is None for name in CLAIMS):
        raise ValueError("claims nothing, so it could not fail; write {balance: 350_000} or the like")


class Expect(Chapter):
    """The verb that compares."""

    @together(_something_is_claimed, SOMETHING_IS_CLAIMED)
    def expect(self, *, person: str = "peserta", **claims: Annotated[object, CLAIMS]) -> None:
        """Say how things stand: money, membership, order, training, incentives, seats."""
        unknown = sorted(claims.keys() - CLAIMS.keys())
        if unknown:
            raise TypeError(f"expect takes no {', '.join(unknown)}")
        who, wrong = self._person(person), []
        for name, claim in CLAIMS.items():
            expected = claims.get(name)
            if expected is not None and (now := claim(who)) != expected:
                wrong.append(f"{name} is {now}, expected {expected}")
        if wrong:
            raise AssertionError("; ".join(wrong))


def _moved_from_card(who: Person, event: str) -> list[int]:
    books = _books(who, f"card:{who.card}")
    names = [one["account"] for one in books["accounts"]]  # masked, as in the transfers
    return [one["amount"] for one in books["transfers"] if one["event"] == event and one["source"] in names]


def _booked(who: Person, account: str) -> Rupiah:
    return Rupiah(sum(one["balance"] for one in _books(who, account)["accounts"]))


def _books(who: Person, account: str) -> dict[str, Any]:
    """One account by its whole name, with what moved from it and to it."""
    books: dict[str, Any] = who.parties.admin("GET", f"/ledger?limit=1000&account={account}")
    return books


def _incentives(who: Person) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = who.dashboard("GET", "/incentives")["incentives"]
    return rows
