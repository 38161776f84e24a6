"""What whoever runs the simulator does: courses, people, clock, faults, the operators' acts, webhooks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from prakerja_sim.scenarios.engine import words
from prakerja_sim.scenarios.engine.person import Person
from prakerja_sim.scenarios.engine.verbs.chapter import Chapter
from prakerja_sim.scenarios.engine.vocabulary import together
from prakerja_sim.simulator.values.money import Rupiah

PRICE = Rupiah(650_000)
Kind = Literal["self_paced", "webinar", "offline"]
KINDS: Mapping[Kind, int] = {"self_paced": 1, "webinar": 2, "offline": 3}
GIVEN = {"not": {"type": "null"}}
WEBINARS_START = {
    "if": {"required": ["kind"], "properties": {"kind": {"const": "webinar"}}},
    "then": {"required": ["starts"], "properties": {"starts": GIVEN}},
}
EITHER_BY_OR_TO = {
    "oneOf": [{"required": [name], "properties": {name: GIVEN}} for name in ("by", "to")],
}
ONCE_OR_MORE = {"properties": {"times": {"not": {"type": "integer", "maximum": 0}}}}


def _webinars_start(arguments: Mapping[str, Any]) -> None:
    if arguments.get("kind") == "webinar" and arguments.get("starts") is None:
        raise ValueError("a webinar needs `starts`, the time at which it begins; add it")


def _either_by_or_to(arguments: Mapping[str, Any]) -> None:
    if (arguments.get("by") is None) is (arguments.get("to") is None):
        raise ValueError("needs either `by` or `to`; write {by: 5m} or {to: 2021-09-22 23:59:59}")


def _can_strike(arguments: Mapping[str, Any]) -> None:
    if arguments.get("times", 1) < 1:
        raise ValueError(f"times: {arguments['times']} strikes nothing; write 1 or more")
    words.faults_place(arguments["fault"], arguments.get("where", ""))


class Admin(Chapter):
    """Verbs of the admin API."""

    @together(_webinars_start, WEBINARS_START)
    def list_course(
        self,
        *,
        course: str = "barista-dasar",
        price: Rupiah = PRICE,
        institution: str = "lp-kopi",
        title: str = "Barista untuk Pemula",
        category: str = "Makanan & Minuman",
        kind: Kind = "self_paced",
        quota: int | None = None,
        starts: datetime | None = None,
        min_age: int = 18,
        min_education: int = 0,
    ) -> None:
        """Put a course on sale on every marketplace."""
        body = {
            "code": course,
            "title": title,
            "category": category,
            "institution": institution,
            "price": price.amount,
            "kind": KINDS[kind],
            "starts": starts.isoformat() if starts else None,
            "min_age": min_age,
            "min_education": min_education,
            "new": True,  # a story says itself what there is
        }
        if quota is not None:
            body["quota"] = quota
        self.parties.admin("POST", "/courses", body)

    def enrol(
        self,
        *,
        wave: words.WaveNumber = 18,
        person: str = "peserta",
        videos: bool = True,
        wallet: bool = True,
        again: str | None = None,
        phone: str | None = None,
        late: bool = False,
    ) -> None:
        """A person is taken into a wave and logs in to the dashboard; `again` is somebody's second try.

        A `phone` that begins with 0849 may have a meaning; `late` is a wave whose days to buy first are over.
        """
        number = len(self.people) + 1
        if again is not None:
            number = [*self.people].index(self._person(again).called) + 1
        body = {"wave": wave, "number": number, "phone": phone}
        body |= {"videos_watched": videos, "wallet": wallet, "late": late}
        profile = self.parties.admin("POST", "/people", body)["people"][0]
        who = Person(self.parties, profile, self.parties.shopper(), person)
        self.people[person] = who
        login = {"email": profile["email"], "password": profile["password"]}
        who.token = self.parties.ask("prakerja", "POST", "/dashboard/login", login)["data"]["token"]

    @together(_either_by_or_to, EITHER_BY_OR_TO)
    def advance(self, *, by: timedelta | None = None, to: datetime | None = None) -> None:
        """Move the clock by a span or to a time; what is due on the way happens."""
        if (by is None) is (to is None):
            raise AssertionError("advance needs either by or to")
        move = {"set": to.isoformat()} if to else {"advance": f"{int((by or timedelta()).total_seconds())}s"}
        self.parties.admin("POST", "/clock", move)

    def step_clock(self) -> None:
        """Move the clock to the next thing that is due."""
        self.parties.admin("POST", "/clock", {"step": True})

    @together(_can_strike, ONCE_OR_MORE)
    def arm(self, *, fault: words.FaultName, where: str = "", times: int = 1, optional: bool = False) -> None:
        """Let a fault strike the next times; a story in which it never does fails, unless it is optional."""
        body = {"fault": fault, "where": where, "times": times}
        armed = self.parties.admin("POST", "/faults", body)
        if not optional:
            self.must_strike.add(armed["number"])

    def disarm(self) -> None:
        """End all faults."""
        self.parties.admin("DELETE", "/faults")

    def block_account(self, *, blocked: bool = True, person: str = "peserta") -> None:
        """The operator blocks the person's Prakerja account, or frees it."""
        self.parties.admin("POST", f"/people/{self._person(person).card}/block", {"blocked": blocked})

    def withdraw_content(self, *, course: str) -> None:
        """The institution takes a course's lessons away."""
        self.parties.admin("POST", f"/courses/{course}/withdraw")

    def cancel_class(self, *, course: str) -> None:
        """The organiser cancels a class; who had paid for it is refunded where the site's policy says so."""
        self.parties.admin("POST", f"/courses/{course}/cancel")

    def pause_payouts(self, *, until: datetime) -> None:
        """The operator pauses all payouts."""
        self.parties.admin("POST", "/payouts/pause", {"until": until.isoformat()})

    def switch_partner(
        self, *, outcome: words.Outcome, partner: words.Partner | None = None, person: str = "peserta"
    ) -> None:
        """From now on the person's payment partner, or that one, does so with every instruction."""
        code = self._person(person).payout_account(partner)["partner"]
        self.parties.ask("payout", "POST", f"/{code}/outcome", {"outcome": outcome})

    def void(self, *, person: str = "peserta") -> None:
        """The marketplace takes the person's order back."""
        self.parties.admin("POST", f"/orders/{self._person(person).placed_order()}/void")

    def register_webhooks(
        self, *, url: str = "inbox:", events: list[words.Event] | None = None, name: str = "default"
    ) -> None:
        """Let the marketplace tell a target, the built-in inbox if none is named."""
        place = self.parties.marketplace
        body = {"marketplace": place, "url": url, "name": name, "events": events or []}
        target = self.parties.admin("POST", "/webhooks/targets", body)
        self.parties.secrets[target["target"]] = target["secret"]

    def hold_webhooks(self, *, name: str = "default") -> None:
        """Keep back what a target is to be told."""
        self.parties.admin("POST", "/webhooks/hold", {"target": self._target(name)})

    def release_webhooks(self, *, reverse: bool = False, name: str = "default") -> None:
        """Let what was kept back go on its way, the newest first if reversed."""
        body = {"target": self._target(name), "reverse": reverse}
        self.parties.admin("POST", "/webhooks/release", body)

    def repeat_webhook(self, *, event: words.Event) -> None:
        """Send the latest webhook of that event once more."""
        self.parties.admin("POST", "/webhooks/repeat", {"webhook": self._latest_webhook(event)})

    def drop_webhook(self, *, event: words.Event) -> None:
        """Never send the latest webhook of that event."""
        self.parties.admin("POST", "/webhooks/drop", {"webhook": self._latest_webhook(event)})

    def _target(self, name: str) -> str:
        return f"{self.parties.marketplace}/{name}"

    def _latest_webhook(self, event: str) -> str:
        told = [one for one in self.parties.webhooks() if one["event"] == event]
        if not told:
            raise AssertionError(f"no webhook tells of {event}; `register_webhooks` before it happens")
        return str(told[-1]["webhook"])
