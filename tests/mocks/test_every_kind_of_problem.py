"""Every kind of problem that a body can have, at every party: the timeline names the field in both languages.

Which kinds there are at a party is found out by trying its models; each is then sent by somebody who may ask.
"""

import re
from functools import cache
from types import SimpleNamespace

import orjson
import pytest
from pydantic import ValidationError

from prakerja_sim.mocks.http.bodies import DEEPEST, LARGEST_INTEGER
from prakerja_sim.mocks.http.problems import INDONESIAN
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.http.why import MALFORMED
from prakerja_sim.mocks.shop import access_tokens
from prakerja_sim.mocks.tokopedia.institution_client import Client
from tests.mocks.fuzzing import FACES, MOUNTS, Lived, door
from tests.mocks.http.test_problems import ODD, wire_fields

UNREADABLE = {
    "no JSON": b"{",
    "no object": b"[]",
    "a field twice": b'{"a":1,"a":2}',
    "too deep": b'{"a":' + b"[" * DEEPEST + b"]" * DEEPEST + b"}",
    "too large": b'{"a":%d}' % (LARGEST_INTEGER + 1),
}
SENDABLE = [odd for odd in ODD if odd != "\ud800"]
"""Half a sign is no text that JSON can hold."""


def bodied(party):
    return [one for one in FACES[party].endpoints if one.body and one.method != "GET" and not one.raw]


@cache
def kinds(party):
    """Each kind of problem with the bodies that have it: endpoint, body, place."""
    found = {}
    for one in bodied(party):
        for body in [{}, *({name: odd} for name in wire_fields(one.body) for odd in SENDABLE)]:
            try:
                one.body.model_validate(body)
            except ValidationError as problem:
                for error in problem.errors(include_url=False, include_input=False):
                    place = ".".join(map(str, error["loc"]))
                    found.setdefault(error["type"], []).append((one, body, place))
    return found


class Asker:
    """Somebody who may ask everything at a party."""

    def __init__(self, party):
        self.party, self.lived = party, Lived(party)
        self.wire = InProcess(self.lived.parties.application)
        self.credential = self.lived.parties.sandboxes.credential_of(self.lived.sandbox, "lp-kopi")

    def login(self, path, case, raw):
        """Headers with which this may be asked."""
        bearer = None
        if path.startswith("/partner/"):
            client = Client(self.wire, "lp-kopi", self.credential.sign_key)
            return {"Client-Id": client.institution, "Signature": client.signature(raw)}
        if path.startswith("/fs/"):
            bearer = access_tokens.issue(self.credential)
        if path.endswith("/accounts/complaints"):
            new = {"email": "ani@example.com", "name": "Ani", "password": "kopi-susu-gula"}
            site = "/institution/lp-kopi/accounts"
            self.wire.send("POST", site, {}, orjson.dumps(new))
            bearer = self.wire.send("POST", f"{site}/login", {}, orjson.dumps(new)).json()["token"]
        return {"Authorization": f"Bearer {bearer}"} if bearer else self.lived.headers(case)

    def known(self, name):
        """Something of that name that exists."""
        return next((str(one) for one in self.lived.heard.values.get(name, ()) if one), "x")

    def why(self, endpoint, raw):
        """Why the timeline says that this body was refused there; None if it was not malformed."""
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", endpoint.path)
        operation = door(self.party).operations[f"{endpoint.method} {path}"]
        case = SimpleNamespace(operation=operation, method=endpoint.method)
        case.as_transport_kwargs = lambda: {"data": raw}
        headers = {"Content-Type": "application/json", **self.login(path, case, raw)}
        filled = re.sub(r"{(\w+)}", lambda name: self.known(name[1]), path)
        answer = self.wire.send(endpoint.method, MOUNTS[self.party] + filled, headers, raw)
        number = answer.headers["X-Sim-Request-Id"]
        told = self.wire.send("GET", f"/__admin/timeline/{number}").json()
        why = told.get("why")
        return why if why and why["reason"] == "malformed" else None


asker = cache(Asker)


@pytest.mark.parametrize("party", FACES)
def test_a_field_is_named_with_what_is_wrong_in_both_languages(party):
    assert kinds(party)
    for kind, bodies in kinds(party).items():
        tried = ((asker(party).why(one, orjson.dumps(body)), place) for one, body, place in bodies)
        why, place = next(((why, place) for why, place in tried if why), (None, ""))
        assert why, f"{party} never says {kind}"
        assert place in why["fields"], (kind, place)
        assert why["fields"].keys() == why["fields_id"].keys()
        assert why["says"] == MALFORMED._asdict()
        differs = why["fields"][place] != why["fields_id"][place]
        assert differs is (kind in INDONESIAN), (kind, why)


@pytest.mark.parametrize("party", FACES)
@pytest.mark.parametrize("what", UNREADABLE)
def test_a_body_that_cannot_be_read_is_told_in_both_languages(party, what):
    why = next(why for one in bodied(party) if (why := asker(party).why(one, UNREADABLE[what])))
    assert why["fields"]
    assert why["fields"].keys() == why["fields_id"].keys()
    assert all(why["fields"][name] != why["fields_id"][name] for name in why["fields"])
