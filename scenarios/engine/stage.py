"""The stage of one story: all chapters of verbs together, and what the runner asks after each step."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from prakerja_sim.mocks.shop.buyer import Shopper
from prakerja_sim.scenarios.engine import words
from prakerja_sim.scenarios.engine.parties import Connections, Parties
from prakerja_sim.scenarios.engine.scene import Scene, newest, seen
from prakerja_sim.scenarios.engine.verbs.admin import Admin
from prakerja_sim.scenarios.engine.verbs.buying import Buying
from prakerja_sim.scenarios.engine.verbs.calling import Calling
from prakerja_sim.scenarios.engine.verbs.dashboard import Dashboard
from prakerja_sim.scenarios.engine.verbs.expect import Expect
from prakerja_sim.scenarios.engine.verbs.learning import Learning


class Stage(Learning, Dashboard, Admin, Buying, Expect, Calling):
    """One story's parties and people; its public methods with keyword arguments are the verbs."""

    def __init__(self, connections: Connections, marketplace: str) -> None:
        super().__init__(Parties(connections, marketplace))
        self._bugs = 0
        self.sandbox = connections.sandbox
        self.kept = False
        """Whether the sandbox is to be there when the story is over."""

    def earn(
        self, *, course: str = "barista-dasar", rated: words.RatedAt = "dashboard", person: str = "peserta"
    ) -> None:
        """Buy, learn, wait twenty days for the certificate; rate on the `dashboard` or the `marketplace`."""
        self.buy(course=course, person=person)
        self.enter_card(person=person)
        self.enter_otp(person=person)
        self.redeem(person=person)
        self.pre_test(person=person)
        self.study(person=person)
        self.finish(person=person)
        self.advance(by=timedelta(days=20))
        if rated == "marketplace":
            self.write_review(person=person)
        else:
            self.rate(person=person)

    @contextmanager
    def at(self, marketplace: str) -> Iterator[None]:
        """What is done within is done there: each person has account, order and voucher of his own there."""
        home = self.parties.marketplace
        self._go(marketplace)
        try:
            yield
        finally:
            self._go(home)

    def _go(self, marketplace: str) -> None:
        self.parties.marketplace = marketplace
        for person in self.people.values():
            person.go()

    def url(self) -> str:
        """Where the simulator of this story can be reached over HTTP."""
        return self.parties.url

    def sandbox_name(self) -> str:
        """The name of this story's sandbox."""
        return self.parties.sandbox

    def env(self, *, party: str) -> dict[str, str]:
        """What a partner's own program needs to call Prakerja in this story, as environment variables."""
        credential = self.parties.credential(party)
        return {
            "PRAKERJA_BASE_URL": f"{self.parties.url}/s/{self.parties.sandbox}/prakerja",
            "PRAKERJA_CLIENT_CODE": credential["client_code"],
            "PRAKERJA_SIGN_KEY": credential["sign_key"],
        }

    def use_shopper(self, *, make: Callable[[], Shopper]) -> None:
        """From now on whoever is enrolled buys at this marketplace with a shopper that `make` gives.

        It needs the methods of `mocks.shop.buyer.Shopper` that the story's verbs use, and has its account.
        """
        self.parties.own_shoppers[self.parties.marketplace] = make

    def check(self) -> list[str]:
        """The broken invariants."""
        violations: list[str] = self.parties.admin("GET", "/invariants")["violations"]
        return violations

    def errors(self) -> list[str]:
        """What went wrong in the simulator itself since the last time."""
        bugs: list[str] = self.parties.admin("GET", "/bugs")["bugs"]
        new, self._bugs = bugs[self._bugs :], len(bugs)
        return new

    def unfinished(self) -> list[str]:
        """What the story prepared and did not use: faults that never struck."""
        if not self.must_strike:
            return []
        armed, struck = {}, Counter[str]()
        for one in self.parties.admin("GET", "/faults")["faults"]:
            place = f" at {one['where']}" if one["where"] else ""
            armed[one["number"]] = f"{one['fault']}{place}"
            struck[one["number"]] += one["struck"]
        return [
            f"the fault {armed[number]} never struck, so what it was for was not tested; "
            "mend `where`, or say `optional: true`"
            for number in sorted(self.must_strike)
            if not struck[number]
        ]

    def newest(self) -> str:
        """The id of the newest exchange so far."""
        return newest(self.parties)

    def scene(self) -> Scene:
        """What is to be seen of the world now."""
        return seen(self.parties, self.sandbox, self.people)

    def keep(self) -> None:
        """Let the sandbox be there when the story is over."""
        self.kept = True

    def digest(self) -> str:
        """The sandbox's digest."""
        return str(self.parties.admin("GET", "/digest")["digest"])
