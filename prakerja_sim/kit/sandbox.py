"""A sandbox: a whole world of one's own, with clock, people, courses, faults, inboxes and books."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Literal, Self

from prakerja_sim.kit import checking
from prakerja_sim.kit.admin import Admin, quoted
from prakerja_sim.kit.answers import Course, Credential, Eligibility, many, one
from prakerja_sim.kit.books import Ledger, Payments, RedeemCodes
from prakerja_sim.kit.calls import Calls
from prakerja_sim.kit.clock import Clock
from prakerja_sim.kit.errors import Mismatch
from prakerja_sim.kit.faults import Faults
from prakerja_sim.kit.inboxes import Mailboxes, Phones
from prakerja_sim.kit.people import Person

__tracebackhide__ = True  # pytest shows the line of the test

State = Literal["selected", "paid", "redeemed", "certified", "first_instalment"]


class Sandbox:
    """A leased world; as a context it is dropped at the end. Sandboxes never meet."""

    def __init__(self, server: Admin, leased: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self.name: str = leased["name"]
        self.url = f"{server.url}/s/{self.name}"
        """Below this address every party of this sandbox answers."""
        self.admin = server.of(self.name)
        self._server, self._environment, self._leased = server, dict(environment), leased
        self.people = [Person.of(self.admin, row) for row in leased.get("people", ())]
        """Who was enrolled with the lease."""
        self.courses = many(Course, leased.get("courses", ()))
        """What was put on sale with the lease."""
        self.clock = Clock(self.admin)
        self.faults = Faults(self.admin)
        self.sms = Phones(self.admin)
        self.mail = Mailboxes(self.admin)
        self.calls = Calls(self.admin)
        self.ledger = Ledger(self.admin)
        self.payments = Payments(self.admin)
        self.redeem_codes = RedeemCodes(self.admin)

    def person(
        self,
        *,
        name: str | None = None,
        born: str | None = None,
        education: int | None = None,
        phone: str | None = None,
        email: str | None = None,
        nik: str | None = None,
        wave: int | None = None,
        videos_watched: bool | None = None,
        wallet: bool | None = None,
        late: bool | None = None,
    ) -> Person:
        """Enrol somebody; what is not given is synthetic, as POST /people has it. Raises Refused."""
        asked = {
            "name": name,
            "born": born,
            "education": education,
            "phone": phone,
            "email": email,
            "nik": nik,
            "wave": wave,
            "videos_watched": videos_watched,
            "wallet": wallet,
            "late": late,
        }
        return Person.of(self.admin, self.admin.post("/people", _given(asked))["people"][0])

    def course(
        self,
        code: str,
        *,
        price: int,
        title: str | None = None,
        category: str = "Makanan & Minuman",
        institution: str = "lp-kopi",
        kind: int | None = None,
        quota: int | None = None,
        starts: str | None = None,
        min_age: int | None = None,
        min_education: int | None = None,
    ) -> Course:
        """Put a course on sale, at a price in rupiah; `kind` is 1 self-paced, 2 webinar, 3 offline.

        An institution that nobody knows yet comes into being. Raises Refused.
        """
        asked = {
            "code": code,
            "title": title or code,
            "category": category,
            "institution": institution,
            "price": price,
            "kind": kind,
            "quota": quota,
            "starts": starts,
            "min_age": min_age,
            "min_education": min_education,
            "new": True,
        }
        return one(Course, self.admin.post("/courses", _given(asked)))

    def credential(self, party: str) -> Credential:
        """With what a marketplace or an institution signs, by its code; made when it is first asked for."""
        rows = [row for row in self._leased.get("credentials", ()) if row["party"] == party]
        rows = rows or [row for row in self.admin.get("/clients")["clients"] if row["party"] == party]
        if rows:
            return one(Credential, rows[0])
        made = {
            "party": party,
            "client_code": f"{party}-{self.name}",
            "sign_key": f"test_{self.name}_{party}",
        }
        self.admin.post("/clients", made)
        return one(Credential, made)

    def env(self, party: str) -> dict[str, str]:
        """What a partner's program reads from its environment to be that party in this sandbox."""
        credential = self.credential(party)
        return {
            **self._environment,
            "PRAKERJA_BASE_URL": f"{self._environment['PRAKERJA_BASE_URL']}/s/{self.name}/prakerja",
            "PRAKERJA_CLIENT_CODE": credential.client_code,
            "PRAKERJA_SIGN_KEY": credential.sign_key,
        }

    def may_buy(
        self, person: Person, course: Course | str, marketplace: str | None = None, amount: int | None = None
    ) -> Eligibility:
        """Whether this person may buy this course now, with every rule, before anything is sent."""
        code = course if isinstance(course, str) else course.course_code
        query = {"person": person.card, "course": code, "marketplace": marketplace, "amount": amount}
        return one(Eligibility, self.admin.get("/eligibility", **query))

    def bring(
        self, person: Person, to: State, *, marketplace: str | None = None, course: Course | str | None = None
    ) -> dict[str, Any]:
        """Bring a person to a state that is not under test; answers what POST /bring does. Raises Refused.

        Without a course it is the one that was bought already, else the first that the person can buy. The
        clock is moved where somebody must be waited for.
        """
        code = course.course_code if isinstance(course, Course) else course
        asked = {"person": person.card, "to": to, "marketplace": marketplace, "course": code}
        brought: dict[str, Any] = self.admin.post("/bring", _given(asked))
        return brought

    def check(self) -> None:
        """Everything agrees: invariants, all parties' records, no bug, no fault that never struck.

        Raises Mismatch, which names persons, invoices and transfers.
        """
        problems = checking.problems(self.admin)
        if problems:
            raise Mismatch("\n".join(problems), reason="check_failed", values={"problems": problems})

    def timeline(self, form: Literal["text", "mermaid", "har"] = "text", person: Person | None = None) -> str:
        """What passed on all wires and what came of it, of one person or of all."""
        who = {"person": person.card} if person is not None else {}
        return self.admin.text("/timeline", format=form, **who)

    def snapshot(self) -> str:
        """Keep the world as it is now; answers a name, for `restore` and for `Server.lease(snapshot=)`."""
        name: str = self.admin.post("/snapshots")["name"]
        return name

    def restore(self, snapshot: str) -> None:
        """Go on from a snapshot; the timeline begins anew, and what came since is new when it comes."""
        self.admin.post("/restore", {"snapshot": snapshot})
        for inbox in (self.sms, self.mail):
            for to, seen in inbox.seen.items():
                inbox.seen[to] = min(seen, len(inbox.received(to)))

    def fork(self, name: str | None = None) -> "Sandbox":
        """Another sandbox that goes on from where this one is now; what was seen here is seen there."""
        forked = Sandbox(self._server, self.admin.post("/fork", _given({"name": name})), self._environment)
        forked.sms.seen.update(self.sms.seen)
        forked.mail.seen.update(self.mail.seen)
        return forked

    def diff(self, other: "Sandbox") -> dict[str, Any]:
        """In which records two sandboxes differ."""
        differs: dict[str, Any] = self.admin.get("/diff", **{"with": other.name})
        return differs

    def intercepted(self, client: Literal["requests", "httpx"] = "requests") -> AbstractContextManager[None]:
        """While it lasts, what this client sends to the real hosts comes here; everything else fails loudly.

        Raises ExtraMissing if the library that intercepts is not installed.
        """
        from prakerja_sim.kit.interception import intercepted  # noqa: PLC0415  # only who uses it needs it

        return intercepted(self._server, self.name, client)

    def drop(self) -> None:
        """Remove it with all that it holds."""
        self._server.delete(f"/sandboxes/{quoted(self.name)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, where: TracebackType | None
    ) -> None:
        self.drop()


def _given(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value is not None}
