"""Every operation of every party against its own OpenAPI: whatever is sent, the answer is documented.

Schemathesis makes up requests, good and bad; they are signed or logged in, and some of their
values are of things that exist.  `--examples 300` tries more; the seed is fixed, so a finding
comes back.
"""

import warnings

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode

from tests.mocks.fuzzing import CHECKS, PICKS, Lived, door, names, tamed


@pytest.mark.parametrize(("party", "name"), names(), ids=[f"{party}: {name}" for party, name in names()])
def test_whatever_is_sent_the_answer_is_documented(party, name, request):
    lived = Lived(party)
    door(party).application = lived.parties.application
    operation = door(party).operations[name]
    signed = any("signature" in scheme for scheme in operation.definition.raw.get("security", ()))
    seen = set()
    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    bad = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @seed(2021)
    @settings(
        max_examples=request.config.getoption("--examples"),
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of(good, bad) if operation.body else good,
        picks=PICKS if operation.body or operation.path_parameters or operation.query else st.just(b""),
    )
    def fuzz(case: Case, picks: bytes) -> None:
        lived.sandbox.disarm()
        case = lived.acquaint(tamed(case), picks)
        answer = case.call(headers=lived.headers(case))
        seen.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fuzz()
    assert lived.parties.bugs == []
    assert lived.parties.sandboxes.get("default").check() == []
    assert not signed or seen - {401}, "no request got past the signature"
