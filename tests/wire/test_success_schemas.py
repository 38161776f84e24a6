"""What each party's OpenAPI promises of a success holds for whatever stories bring about."""

import re
from collections import Counter
from functools import cache

import orjson
import pytest
from jsonschema import Draft202012Validator

from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.describe import Described
from prakerja_sim.mocks.http.golden_schemas import endpoint_of, sketch, successes
from prakerja_sim.mocks.http.openapi import document
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.shop import registry
from prakerja_sim.scenarios.engine.finding import HOME
from prakerja_sim.scenarios.engine.script import START
from prakerja_sim.scenarios.engine.wiring import stages
from prakerja_sim.simulator.payout.records import PayoutStatus
from prakerja_sim.simulator.stores.memory import Memory
from prakerja_sim.simulator.values.clock import wib
from tests.played import SEED, perform, stories_in

OURS = {"institution", "payout", "admin", "prakerja"}
FACES = {face.code: face for face in discovered() if face.code in {*registry.codes(), *OURS}}
WALL = wib(2025, 6, 1, 12)
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
UNTOLD = {
    ("tokopedia", "post", "/gql/graphql/{operation}", "200"): "an operation that is none always fails",
    ("admin", "get", "/metrics", "200"): "text of another library",
    ("kemnaker", "get", "/account/auth", "200"): "a page",
    ("kemnaker", "get", "/account/auth/login", "200"): "a page",
}


class Heard:
    """An application whose answers are held against what its parties' documents promise."""

    def __init__(self, application):
        self.application, self.wrong, self.right = application, Counter(), Counter()
        self.judges = {
            (code, endpoint.method, endpoint.path): schemas_of(face, endpoint)
            for code, face in FACES.items()
            for endpoint in face.endpoints
        }

    def __call__(self, environ, start_response):
        said = []

        def started(status, headers, *more):
            mount = environ["SCRIPT_NAME"].rpartition("/")[2]
            said[:] = ["admin" if mount == "__admin" else mount, environ["PATH_INFO"], status[:3]]
            return start_response(status, headers, *more)

        body = b"".join(self.application(environ, started))
        if said and said[0] in FACES and said[2].startswith("2"):
            self.judge(*said, environ["REQUEST_METHOD"], body)
        return [body]

    def judge(self, party, path, status, method, body):
        endpoint = endpoint_of(FACES[party], method, path)
        judge = self.judges.get((party, *endpoint.split(" ")), {}).get(status) if endpoint else None
        if judge is None:
            return
        problems = [
            f"{'.'.join(map(str, one.absolute_path))}: {one.message[:60]}"
            for one in judge.iter_errors(orjson.loads(body))
        ]
        self.wrong.update((party, endpoint, status, problem) for problem in problems)
        self.right[party, endpoint] += not problems


def schemas_of(face, endpoint):
    """The judges of an endpoint's successes, by status."""
    whole = document(face)
    operation = whole["paths"][PARAMETER.sub(r"{\1}", endpoint.path)][endpoint.method.lower()]
    return {
        status: Draft202012Validator(
            answer["content"]["application/json"]["schema"] | {"components": whole["components"]}
        )
        for status, answer in operation["responses"].items()
        if status.startswith("2") and "application/json" in answer.get("content", {})
    }


@cache
def heard():
    """All stories, each on one marketplace after the other, and those of whole lives on all."""
    sandboxes = Sandboxes(Memory())
    sandboxes.lease(DEFAULT, 0, START)
    parties = Parties(sandboxes, wall=lambda: WALL)
    parties.application = application = Heard(parties.application)
    for number, story in enumerate(stories_in(HOME)):
        if story.path.suffix != ".yaml":
            continue
        places = story.played_on(registry.codes())
        for marketplace in places if story.path.parent.name == "whole" else [places[number % len(places)]]:
            with stages(lambda prefix: InProcess(application, prefix), SEED)(story, marketplace) as stage:
                story.play(lambda step, stage=stage: perform(stage, step))
    return application


@pytest.mark.parametrize("code", FACES)
def test_every_success_says_what_it_holds(code):
    untold = []
    for path, operations in document(FACES[code])["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if not status.startswith("2") or answer["description"] == "a page" or "/pis/" in path:
                    continue
                schemas = [one["schema"] for one in answer.get("content", {}).values()]
                if not any(schemas) and (code, method, path, status) not in UNTOLD:
                    untold.append((method, path, status))
    assert untold == []


def test_what_stories_bring_about_is_as_it_was_promised():
    assert heard().wrong == {}
    assert sum(heard().right.values()) > 2_000


@pytest.mark.parametrize("code", sorted({*FACES} - {"admin"}))  # of which stories need a third
def test_stories_come_by_most_of_a_partys_endpoints(code):
    met = {endpoint for party, endpoint in heard().right if party == code}
    assert len(met) > len(successes(FACES[code])) // 2


@pytest.mark.parametrize(
    ("values", "schema"),
    [
        ([1, 2], {"type": "integer"}),
        ([1, None], {"type": ["integer", "null"]}),
        ([None], {}),
        ([True, False], {"type": "boolean"}),
        ([1, "a"], {"type": ["integer", "string"]}),
        ([[]], {"type": "array", "items": {}}),
        ([["a"], []], {"type": "array", "items": {"type": "string"}}),
        (
            [{"a": 1}, {"a": 2, "b": ""}],
            {
                "type": "object",
                "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
                "required": ["a"],
            },
        ),
        (
            [{"n": "x", "o": 1}],
            {
                "type": "object",
                "properties": {"n": {"type": ["string", "null"]}, "o": {"type": "integer"}},
                "required": ["n"],
            },
        ),
    ],
)
def test_a_schema_is_what_was_seen(values, schema):
    told = Described(nullable=frozenset({"n"}), optional=frozenset({"o"}))
    assert sketch(values, told) == schema


def test_where_a_refusal_has_the_fields_of_a_success_none_need_be_there():
    schema = sketch([{"data": {"a": 1}}], Described(), loose=True)
    judge = Draft202012Validator(schema)
    for body in ({"data": {"a": 1}}, {"data": None, "errors": []}, {"data": {"a": None}}, {}):
        assert judge.is_valid(body), body
    for body in ({"data": {"a": "1"}}, {"data": []}, []):
        assert not judge.is_valid(body), body


def test_an_object_whose_keys_are_data_says_what_every_value_is():
    told = Described(maps=frozenset({("/there", "m")}))
    seen = [{"m": {"barista": 1, "kue": None}}]
    schema = sketch(seen, told, path="/there/too")["properties"]["m"]
    assert schema == {"type": "object", "additionalProperties": {"type": ["integer", "null"]}}
    assert set(sketch(seen, told, path="/elsewhere")["properties"]["m"]["properties"]) == {"barista", "kue"}


def test_nothing_is_promised_of_what_somebody_else_said():
    told = Described(free=frozenset({("/", "said")}))
    assert sketch([{"said": {"a": 1}}], told, path="/x")["properties"] == {"said": {}}


def test_a_field_says_which_values_it_takes_and_what_it_means():
    told = document(FACES["payout"])["paths"]["/{partner}/transfers"]["post"]["responses"]["200"]
    fields = told["content"]["application/json"]["schema"]["properties"]
    assert fields["status"]["enum"] == [status.value for status in PayoutStatus]
    assert "pending" in fields["status"]["description"]
