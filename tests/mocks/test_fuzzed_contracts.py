"""Every operation of every party against its own OpenAPI: whatever is sent, the answer is documented.

Schemathesis makes up requests, good and bad; a hook signs them, logs a shopper in, or adds the
institution.  `--examples 300` tries more; the seed is fixed, so a finding comes back.
"""

import json
import warnings

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from mocks import marketplaces
from mocks.app import discovered
from mocks.prakerja.signature import compacted
from mocks.serve import Options, build
from simulator.clock import unix_seconds
from simulator.records import Participant, Sms
from simulator.store import Unit
from tests.mocks.worlds import sign

MOUNTS = {face.code: "/__admin" if face.code == "admin" else f"/{face.code}" for face in discovered()}
SLOW = {"GET /inbox/sms", "GET /inbox/mail"}
"""They wait for real seconds when they are asked to."""

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]


def application():
    return build(Options(store="memory")).application


def operations(mount):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = schemathesis.openapi.from_wsgi(f"{mount}/openapi.json", application()).get_all_operations()
        return {one.ok().label: one.ok() for one in found}


NAMES = [(party, name) for party, mount in MOUNTS.items() for name in operations(mount) if name not in SLOW]


class Signing:
    """A partner who signs whatever he is told to send."""

    def __init__(self, parties, party):
        self.sandbox = parties.sandboxes.get("default")
        self.credential = parties.sandboxes.credential_of(self.sandbox, party)

    def headers(self, case):
        path = case.operation.path
        told = case.as_transport_kwargs()
        raw = told["data"] if "data" in told else json.dumps(told["json"]).encode() if "json" in told else b""
        code, key = self.credential.client_code, self.credential.sign_key
        stamp = unix_seconds(self.sandbox.now())
        signature = sign(code, key, stamp, path, compacted(raw))
        return {"client_code": code, "timestamp": str(stamp), "signature": signature}


def shopping(parties, marketplace):
    """The headers of a shopper who is logged in at the marketplace."""
    sandbox = parties.sandboxes.get("default")
    ani = sandbox.ask(Unit.find, kind=Participant, limit=1)[0]
    shopper = marketplaces.shopper(marketplace, parties.transport(marketplace, sandbox))
    shopper.sign_up(ani.name, ani.phone, ani.email)
    shopper.enter_phone_code(sandbox.ask(Unit.log, kind=Sms, phone=ani.phone)[-1].otp)
    return dict(shopper.login)


def tamed(case):
    """Requests that would only take long, made small."""
    if isinstance(case.body, dict) and isinstance(case.body.get("count"), int):
        case.body["count"] = min(case.body["count"], 2)
    return case


@pytest.mark.parametrize(("party", "name"), NAMES, ids=[f"{party}: {name}" for party, name in NAMES])
def test_whatever_is_sent_the_answer_is_documented(party, name, request):
    examples = request.config.getoption("--examples")
    parties = build(Options(store="memory"))
    mount = MOUNTS[party]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_wsgi(f"{mount}/openapi.json", parties.application)
        operation = next(one.ok() for one in schema.get_all_operations() if one.ok().label == name)
    who = "lp-kopi" if any(word in name for word in ("redeem-code", "tpm", "oauth")) else "tokopedia"
    partner = Signing(parties, who)
    ready = shopping(parties, party) if party in marketplaces.codes() else {}
    signed = any("signature" in scheme for scheme in operation.definition.raw.get("security", ()))
    seen = set()

    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    bad = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @seed(2021)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.one_of(good, bad) if operation.definition.raw.get("requestBody") else good)
    def fuzz(case: Case) -> None:
        partner.sandbox.disarm()
        answer = tamed(case).call(headers=partner.headers(case) if signed else ready)
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fuzz()
    assert parties.bugs == []
    assert parties.sandboxes.get("default").check() == []
    assert not signed or seen - {401}, "no request got past the signature"
