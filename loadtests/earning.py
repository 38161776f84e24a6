"""How people of a load run go on after the class: certificate, rating, account, surveys, each instalment.

They look at their dashboard on days on which something may have come, and do what they then can.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prakerja_sim.loadtests.errors import FlowBroken
from prakerja_sim.loadtests.person import Person
from prakerja_sim.simulator.values.errors import Reason

MORNING = 8
"""The hour at which people look at their dashboard."""
LOOKS = 400
"""So often people look at most."""
STARS, REVIEW = 5, "Bermanfaat"


@dataclass
class Earnings:
    """What has arrived, and what is still to come."""

    received: int = 0
    instalments: int = 0
    surveys: int = 0
    closed: str = ""
    """Why something will never come; empty if all has come."""


def earn(person: Person, earnings: Earnings, until: datetime) -> None:
    """From the finished class to the last instalment and survey, or to the last day of payments.

    `earnings` holds at each moment what has arrived.
    """
    _link(person)
    rated = False
    for _ in range(LOOKS):
        rated = rated or _rate(person)
        waits: list[tuple[datetime | None, str]] = []
        if not rated:
            waits.append((None, "the certificate"))
        else:
            waits += _surveys(person, earnings)
            waits += _rows(person, earnings)
        if rated and not waits:
            return
        now = person.time.now()
        if now > until:
            earnings.closed = waits[0][1]
            return
        person.wait_until(_next_look(now, waits), waits[0][1])
    raise FlowBroken(f"{LOOKS} looks at the dashboard were not enough")


def _link(person: Person) -> None:
    """Link the account that was opened with the enrolment."""
    account = person.row["account"]
    if account is None:
        raise FlowBroken("there is no account to be paid into; enrol people with a wallet")

    def ask() -> None:
        person.dashboard("POST", "/account", account)

    ask()
    otp = person.code(ask)
    person.dashboard("POST", "/account/confirm", {"otp": otp}, already=Reason.ALREADY_LINKED)


def _rate(person: Person) -> bool:
    """Rate the training, if its certificate has come; whether it is rated."""
    training = own_training(person)
    if training["rating"] is not None:
        return True
    if training["certificate_at"] is None:
        return False
    body = {"stars": STARS, "review": REVIEW}
    person.time.think()
    path = f"/trainings/{training['transaction_code']}/review"
    person.dashboard("POST", path, body, already=Reason.ALREADY_RATED)
    return True


def own_training(person: Person) -> dict[str, Any]:
    """The training that was bought and not taken back; raises FlowBroken unless there is exactly one."""
    rows = person.dashboard("GET", "/trainings")["trainings"]
    kept: list[dict[str, Any]] = [one for one in rows if one["status"] != "Dibatalkan"]
    if len(kept) != 1:
        raise FlowBroken(f"the dashboard shows {len(kept)} trainings that were paid, not one")
    return kept[0]


def _surveys(person: Person, earnings: Earnings) -> list[tuple[datetime | None, str]]:
    """Fill in what is open, one after the other; answers what is still to open before the last day."""
    while True:
        told = person.dashboard("GET", "/surveys")
        now, closes = person.time.now(), datetime.fromisoformat(told["until"])
        earnings.surveys = sum(one["filled"] for one in told["surveys"])
        to_fill = next((one for one in told["surveys"] if not one["filled"]), None)
        if to_fill is None or now > closes:
            return []
        number, opens = to_fill["survey"], to_fill["opens_at"] and datetime.fromisoformat(to_fill["opens_at"])
        if opens is None or opens > now:
            never = opens is not None and opens > closes
            return [] if never else [(opens, f"survey {number} opens")]
        person.time.think()
        person.dashboard("POST", f"/surveys/{number}", {"answers": ["ya"]}, already=Reason.SURVEY_DONE)


def _rows(person: Person, earnings: Earnings) -> list[tuple[datetime | None, str]]:
    """See what has arrived; answers what is still to come, with its date."""
    rows = person.dashboard("GET", "/incentives")["incentives"]
    paid = [one for one in rows if one["paid_at"] is not None]
    earnings.received = sum(one["amount"] for one in paid)
    earnings.instalments = sum(one["slot"].startswith("job-") for one in paid)
    if not rows:
        return [(None, "the schedule of incentives")]
    return [
        (datetime.fromisoformat(one["due_at"]), f"{one['slot']} ({one['reason'] or one['status']})")
        for one in rows
        if one["paid_at"] is None
    ]


def _next_look(now: datetime, waits: list[tuple[datetime | None, str]]) -> datetime:
    """The first morning on which something of that may have come; the next one at the earliest."""
    tomorrow = _morning(now + timedelta(days=1))
    dates = [at for at, _ in waits]
    if any(at is None or at <= now for at in dates):
        return tomorrow
    return max(tomorrow, _morning(min(at for at in dates if at is not None) + timedelta(days=1)))


def _morning(day: datetime) -> datetime:
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0)
