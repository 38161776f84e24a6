"""A story over several simulators, when `--party` names another simulator in a party's place.

Its levers are pulled on both sides, so that people, courses and clock are the same there; phones,
inboxes, books and invariants are looked at on both sides.  A real system has no levers of ours: it
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

OWN = ("/orders", "/webhooks", "/clients", "/deposits")
"""Levers of the story's own side, which keeps the marketplaces; all others are pulled on every side alike."""
TOGETHER = {
    "/inbox/sms": "messages",
    "/inbox/mail": "messages",
    "/invariants": "violations",
    "/bugs": "bugs",
}
"""What is looked at on every side, and under which name the answers are put together."""
THE_PROGRAMMES = ("/courses", "/ledger")
"""What is looked at where Prakerja is: the seats that are left, and the money."""
JSON = {"Content-Type": "application/json"}


def simulators(parties: Mapping[str, str]) -> dict[str, str]:
    """The parties that are played by another simulator, and where that one is."""
    found = {}
    for party, url in parties.items():
        parts = urlsplit(url)
        base = f"{parts.scheme}://{parts.netloc}"
        if url.endswith(f"/{party}") and _is_simulator(base):
            found[party] = base
    return found


class Levers:
    """The admin API of a story's own simulator, with those of the others behind it."""

    def __init__(self, own: Transport, others: Sequence[Transport], programme: Transport) -> None:
        self._own = own
        self._others = others
        self._programme = programme
        self._seen: dict[str, list[Any]] = {}

    def send(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Pull a lever on every side, or look on every side."""
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
                there = other.send(method, path, headers, body)
                if there.status >= 400:
                    return there
        return answer

    def _together(self, where: str, query: str, name: str) -> Answer:
        """All sides' answers as one; what was seen before keeps its place, so that `after` counts right."""
        wanted = dict(pair.partition("=")[::2] for pair in query.split("&") if pair)
        after = int(wanted.pop("after", "0"))
        asked = where + ("?" + "&".join(f"{key}={value}" for key, value in wanted.items()) if wanted else "")
        seen = self._seen.setdefault(asked, [])
        known = [orjson.dumps(one) for one in seen]
        told: dict[str, Any] = {}
        for side in (self._own, *self._others):
            told = side.send("GET", asked).json()
            for one in told[name]:
                raw = orjson.dumps(one)
                if raw in known:
                    known.remove(raw)
                else:
                    seen.append(one)
        shown = seen[after:]
        codes = [one["otp"] for one in shown if isinstance(one, dict) and one.get("otp")]
        return Answer(200, {}, orjson.dumps({**told, name: shown, "otp": codes[-1] if codes else None}))

    def _next_step(self) -> bytes | None:
        """The clocks go together to what is due first, whoever does it."""
        told = [side.send("GET", "/clock").json()["next"] for side in (self._own, *self._others)]
        due = sorted(one for one in told if one is not None)
        return orjson.dumps({"set": due[0]}) if due else None

    def _digest(self) -> Answer:
        parts = [side.send("GET", "/digest").json()["digest"] for side in (self._own, *self._others)]
        return Answer(200, {}, orjson.dumps({"digest": hashlib.sha256("".join(parts).encode()).hexdigest()}))


class Others:
    """The other simulators of one story: a sandbox leased in each, with our partners' credentials."""

    def __init__(self, bases: Mapping[str, str], lease: Mapping[str, Any]) -> None:
        self._bases = bases
        self._lease = lease
        self.name = str(lease["name"])

    def open(self, own: Transport, partners: Sequence[str]) -> None:
        """Lease the sandbox everywhere, and let the partners in on every side.

        Raises RuntimeError with what an other said.
        """
        for base in sorted(set(self._bases.values())):
            admin = Http(f"{base}/__admin")
            admin.send("DELETE", f"/sandboxes/{self.name}")
            _made(admin.send("POST", "/sandboxes", JSON, orjson.dumps(self._lease)), base)
        if self._bases:
            for side in (own, *self._admins().values()):
                for party in partners:
                    code, key = credential_for(int(self._lease["seed"]), self.name, party)
                    told = {"client_code": code, "sign_key": key, "party": party}
                    _made(side.send("POST", "/clients", JSON, orjson.dumps(told)), "a simulator")

    def levers(self, own: Transport) -> Transport:
        """The story's admin API with theirs behind it; only its own, if nobody else plays."""
        if not self._bases:
            return own
        admins = self._admins()
        programme = admins[self._bases["prakerja"]] if "prakerja" in self._bases else own
        return Levers(own, list(admins.values()), programme)

    def _admins(self) -> dict[str, Transport]:
        bases = sorted(set(self._bases.values()))
        return {base: Http(f"{base}/s/{self.name}/__admin") for base in bases}

    def close(self) -> None:
        """Drop the sandbox everywhere."""
        for base in set(self._bases.values()):
            Http(f"{base}/__admin").send("DELETE", f"/sandboxes/{self.name}")


def wire(url: str, sandbox: str) -> Transport:
    """The wire to a party in another place."""
    return Http(real_parties.at(url, sandbox))


def _is_simulator(base: str) -> bool:
    try:
        told = Http(base).send("GET", "/readyz").json()
    except (NoReply, ValueError):
        return False
    return isinstance(told, dict) and told.get("status") == "ready"


def _made(answer: Answer, base: str) -> None:
    if answer.status != 201:
        raise RuntimeError(f"{base} answers {answer.status} {answer.body.decode(errors='replace')[:200]}")
