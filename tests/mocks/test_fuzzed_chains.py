"""Walks along the links of every party's OpenAPI: what an answer gives is used in the next request.

Schemathesis walks from one operation to the next, mostly with what it was given, sometimes with
something else, in a world that was lived in.  What only a person can carry over (a scan, the code
in a browser's address) is carried over here.
"""

import warnings
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, Phase, settings

from prakerja_sim.mocks.shop import registry
from tests.mocks.fuzzing import CHECKS, FACES, Lived, schema_of, tamed


def chapters():
    """Each party's operations that links join, in groups that no link joins."""
    for code, face in FACES.items():
        groups = []
        for start, some in face.described.links.items():
            joined = {start, *(link.to for link in some)}
            groups = [
                *(g for g in groups if not g & joined),
                joined.union(*(g for g in groups if g & joined)),
            ]
        for group in groups:
            yield code, frozenset(f"{method} {in_braces(path)}" for method, path in group)


def in_braces(path):
    return path.replace("<", "{").replace(">", "}")


CHAPTERS = list(chapters())
STEPS = 24
EXAMPLES_A_WALK = 4
"""With `--examples 300`, 75 walks of two dozen steps a chapter."""
ENOUGH = 300
"""Examples from which on every operation of a chapter must have succeeded."""


def walker(party, chapter, reached):  # noqa: C901  # one method a station
    """A state machine over the party's links, in a new world for every walk."""
    current = {"lived": Lived(party, learning=False)}

    def application(environ, start_response):
        return current["lived"].parties.application(environ, start_response)

    schema = schema_of(party, application).include(lambda one: one.operation.label in chapter)

    class Walker(current["lived"].at_home(schema).as_state_machine()):
        def setup(self):
            self.lived = current["lived"] = Lived(party, learning=False)
            self.code, self.cookie = "", {}

        def before_call(self, case):
            path = case.operation.path
            if not path.startswith("/faults"):
                self.lived.sandbox.disarm()
            if path == "/api/v1/oauth/token" and self.code:
                case.body = {"code": self.code}
            if path == "/simulated/completions" and isinstance(case.body, dict):
                case.body |= {"name": self.lived.budi.name, "score": 80}
            if path.endswith("/otp/resend"):
                self.lived.sandbox.advance(self.lived.sandbox.now() + timedelta(seconds=61))
            case.cookies = {**(case.cookies or {}), **self.cookie}
            tamed(case)

        def get_call_kwargs(self, case):
            self.lived.turn = True  # a walk's buyer is one person
            ours = self.lived.headers(case)
            if case.operation.path.startswith("/dashboard/") and "Authorization" in (case.headers or {}):
                ours = {}  # a login of its own
            return {"headers": ours}

        def after_call(self, response, case):
            super().after_call(response, case)
            reached.setdefault(case.operation.label, set()).add(response.status_code)
            address = (response.headers.get("location") or [""])[0]
            self.code = parse_qs(urlsplit(address).query).get("code", [self.code])[0]
            for cookie in response.headers.get("set-cookie") or ():
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookie = {name: value}

        def validate_response(self, response, case, additional_checks=None, **kwargs):
            case.validate_response(response, checks=CHECKS)

        def teardown(self):
            assert self.lived.parties.bugs == []
            assert self.lived.parties.sandboxes.get("default").check() == []

    return Walker


RARELY_REACHED = {"POST /simulated/completions"}
"""Wants a purchase, a commit and a participant's name in one walk; its own tests let it succeed."""


AGAIN = (1, 3)
"""Walks are made up by chance: where they missed an operation, three times as many are made."""


def walk(machine, walks):
    """Go so many walks; the same ones each time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        machine.run(
            settings=settings(
                max_examples=walks,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
        )


def missing(chapter, reached):
    """The operations that have not succeeded yet."""
    succeeded = {label for label, statuses in reached.items() if statuses & {200, 201, 303}}
    return chapter - succeeded - RARELY_REACHED


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("party", "chapter"), CHAPTERS, ids=[f"{p}: {min(c)}" for p, c in CHAPTERS])
def test_along_the_links_the_answers_are_documented_and_every_link_works(party, chapter, request):
    reached = {}
    examples = request.config.getoption("--examples")
    for times in AGAIN if examples >= ENOUGH else (1,):
        walk(walker(party, chapter, reached), times * examples // EXAMPLES_A_WALK)
        if not missing(chapter, reached):
            break
    if examples >= ENOUGH:
        assert missing(chapter, reached) == set(), reached


def test_every_party_leads_from_one_operation_to_another():
    assert set(FACES) - {party for party, _ in CHAPTERS} <= set(registry.codes())
