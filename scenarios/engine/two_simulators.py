"""A story over several simulators, when `--party` names another simulator in a party's place.

An admin operation is done in both simulators, so that people, courses and clock are the same there;
phones, inboxes, books and invariants are read from both. A real system has no admin API of ours: it
must know the story's people and courses by itself.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import orjson

from prakerja_sim.mocks.http.credentials import credential_for
from prakerja_sim.mocks.http.transport import Answer, Http, NoReply, Transport
from prakerja_sim.mocks.server import real_parties
from prakerja_sim.scenarios.engine.errors import CannotPlay

OWN = ("/orders", "/webhooks", "/clients", "/deposits")
"""Operations of the story's own simulator, which has the marketplaces; all others are done in each."""
TOGETHER = {
    "/inbox/sms": "messages",
    "/inbox/mail": "messages",
    "/invariants": "violations",
    "/bugs": "bugs",
    "/faults": "faults",
}
"""What is read from every simulator, and the name under which the answers are put together."""
THE_PROGRAMMES = ("/courses", "/ledger")
"""What is read where Prakerja is: the seats that are left, and the money."""
JSON = {"Content-Type": "application/json"}


def simulators(parties: Mapping[str, str]) -> dict[str, str]:
    """The parties that are played by another simulator, and its base URL."""
    bases = {}
    for party, url in parties.items():
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        if url.endswith(f"/{party}") and _is_simulator(base):
            bases[party] = base
    return bases


def within(url: str, party: str) -> str:
    """A party's URL; where a simulator's root or mount was given, that of the party in the sandbox."""
    parts = urlsplit(url)
    base = f"{parts.scheme}://{parts.netloc}"
    given = parts.path.strip("/") in ("", party) and _is_simulator(base)
    return place(base, party) if given else url


def place(base: str, party: str) -> str:
    """The URL of a simulator's party in the story's sandbox."""
    return f"{base}/s/{real_parties.SANDBOX}/{party}"


class JointAdmin:
    """The admin APIs of a story's simulators as one."""

    def __init__(self, own: Transport, others: Sequence[Transport], programme: Transport) -> None:
        self._own = own
        self._others = others
        self._programme = programme
        self._seen: dict[str, list[Any]] = {}

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Do an operation in every simulator, or read from every simulator."""
        where, _, query = path.partition("?")
        if method == "GET" and where in TOGETHER:
            return self._together(where, query, TOGETHER[where])
        if method == "GET" and where == "/digest":
            return self._digest()
        if method == "GET" and where in THE_PROGRAMMES:
            return self._programme.send(method, path, headers, body)
        if where == "/clock" and body and orjson.loads(body).get("step"):
            body = self._next_step() or body
        answer = self._own.send(method, path, headers, body)
        if method != "GET" and not where.startswith(OWN) and answer.status < 400:
            for other in self._others:
                other_answer = other.send(method, path, headers, body)
                if other_answer.status >= 400:
                    return other_answer
        return answer

    def _together(self, where: str, query: str, name: str) -> Answer:
        """All answers as one; what was seen before keeps its place, so that `after` counts right."""
        wanted = dict(pair.partition("=")[::2] for pair in query.split("&") if pair)
        after = int(wanted.pop("after", "0"))
        asked = where + ("?" + "&".join(f"{key}={value}" for key, value in wanted.items()) if wanted else "")
        seen = self._seen.setdefault(asked, [])
        seen_before = [orjson.dumps(one) for one in seen]
        answer: dict[str, Any] = {}
        for admin in (self._own, *self._others):
            answer = admin.send("GET", asked).json()
            for one in answer[name]:
                raw = orjson.dumps(one)
                if raw in seen_before:
                    seen_before.remove(raw)
                else:
                    seen.append(one)
        shown = seen[after:]
        codes = [one["otp"] for one in shown if isinstance(one, dict) and one.get("otp")]
        return Answer(200, {}, orjson.dumps({**answer, name: shown, "otp": codes[-1] if codes else None}))

    def _next_step(self) -> bytes | None:
        """The clocks go together to what is due first, whoever does it."""
        times = [admin.send("GET", "/clock").json()["next"] for admin in (self._own, *self._others)]
        due = sorted(one for one in times if one is not None)
        return orjson.dumps({"set": due[0]}) if due else None

    def _digest(self) -> Answer:
        parts = [admin.send("GET", "/digest").json()["digest"] for admin in (self._own, *self._others)]
        return Answer(200, {}, orjson.dumps({"digest": hashlib.sha256("".join(parts).encode()).hexdigest()}))


class OtherSimulators:
    """The other simulators of one story: a sandbox leased in each, with our partners' credentials."""

    def __init__(self, bases: Mapping[str, str], lease: Mapping[str, Any]) -> None:
        self._bases = bases
        self._lease = lease
        self.name = str(lease["name"])

    def open(self, own: Transport, partners: Sequence[str]) -> None:
        """Lease the sandbox everywhere, and give every simulator the partners' credentials.

        Raises CannotPlay with what another simulator answered.
        """
        for base in sorted(set(self._bases.values())):
            admin = Http(f"{base}/__admin")
            admin.send("DELETE", f"/sandboxes/{self.name}")
            _made(admin.send("POST", "/sandboxes", JSON, orjson.dumps(self._lease)), base)
        if self._bases:
            for simulator in (own, *self._admins().values()):
                for party in partners:
                    code, key = credential_for(int(self._lease["seed"]), self.name, party)
                    client = {"client_code": code, "sign_key": key, "party": party}
                    _made(simulator.send("POST", "/clients", JSON, orjson.dumps(client)), "a simulator")

    def joint_admin(self, own: Transport) -> Transport:
        """The story's admin API joined with theirs; only its own, if there is no other simulator."""
        if not self._bases:
            return own
        admins = self._admins()
        programme = admins[self._bases["prakerja"]] if "prakerja" in self._bases else own
        return JointAdmin(own, list(admins.values()), programme)

    def _admins(self) -> dict[str, Transport]:
        bases = sorted(set(self._bases.values()))
        return {base: Http(f"{base}/s/{self.name}/__admin") for base in bases}

    def close(self) -> None:
        """Drop the sandbox everywhere."""
        for base in set(self._bases.values()):
            Http(f"{base}/__admin").send("DELETE", f"/sandboxes/{self.name}")


def connection(url: str, sandbox: str) -> Transport:
    """The connection to a party in another place."""
    return Http(real_parties.at(url, sandbox))


def _is_simulator(base: str) -> bool:
    try:
        state = Http(base).send("GET", "/readyz").json()
    except (NoReply, ValueError):
        return False
    return isinstance(state, dict) and state.get("status") == "ready"


def _made(answer: Answer, base: str) -> None:
    if answer.status not in (200, 201):  # 200: it was there already
        said = answer.body.decode(errors="replace")[:200]
        raise CannotPlay(f"no sandbox for the story: {base} answers {answer.status} {said}")
