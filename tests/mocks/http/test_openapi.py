"""Each party's OpenAPI 3.1: valid, with the wire's own envelopes and codes, and examples that work."""

import os
from pathlib import Path

import orjson
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from prakerja_sim import mocks
from prakerja_sim.mocks.http.describe import Example
from prakerja_sim.mocks.http.openapi import document, refusals, shape
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.mocks.prakerja.words import REJECTIONS
from prakerja_sim.mocks.server.app import Parties
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.errors import Reason
from tests.mocks.worlds import API, sign

HOME = Path(mocks.__file__).parent
FACES = {face.code: face for face in discovered()}
DOCUMENTS = {code: document(face) for code, face in FACES.items()}
PRAKERJA = DOCUMENTS["prakerja"]
EXAMPLES = [(where, one) for where, some in FACE.described.examples.items() for one in some]


@pytest.mark.parametrize("code", FACES)
def test_a_document_is_valid_openapi_3_1(code):
    OpenAPIV31SpecValidator(DOCUMENTS[code]).validate()
    assert DOCUMENTS[code]["openapi"] == "3.1.0"


@pytest.mark.parametrize("code", FACES)
def test_a_document_is_served_by_its_party(code, world):
    mount = "__admin" if code == "admin" else code
    answer = world.send("GET", f"/{mount}/openapi.json")
    told = orjson.loads(answer.body)
    assert told.pop("servers") == [{"url": f"/{mount}"}]
    assert told == orjson.loads(orjson.dumps(DOCUMENTS[code]))


@pytest.mark.parametrize("code", FACES)
def test_every_operation_has_a_name_of_its_own_a_summary_and_its_provenance(code):
    operations = [one for path in DOCUMENTS[code]["paths"].values() for one in path.values()]
    assert len({one["operationId"] for one in operations}) == len(operations)
    for one in operations:
        assert one["summary"]
        assert one["description"]
        assert len(one["tags"]) == 1
        assert one["x-provenance"] in {"documented", "seen", "inferred", "simulated"}


def operation(endpoint, method="post"):
    return PRAKERJA["paths"][endpoint][method]


def success(endpoint):
    return operation(endpoint)["responses"]["200"]["content"]["application/json"]["schema"]


def test_an_answer_stands_in_the_documented_envelope():
    told = success(f"{API}/payment/send-otp")
    assert told["required"] == ["success", "message", "data"]
    assert told["properties"]["data"] == {"$ref": "#/components/schemas/PaymentToken"}
    assert success(f"{API}/payment/void")["required"] == ["success", "message"]
    assert success("/api/v1/oauth/token")["properties"]["errorCode"] == {"type": "string"}


JSON = [one for one in FACE.endpoints if not one.path.startswith(FACE.described.pages)]


@pytest.mark.parametrize("endpoint", JSON, ids=lambda e: f"{e.method} {e.path}")
def test_every_code_that_an_endpoint_may_answer_is_in_its_document(endpoint):
    path = endpoint.path.replace("<", "{").replace(">", "}")
    responses = operation(path, endpoint.method.lower())["responses"]
    told = {
        example["value"]["code"]
        for answer in responses.values()
        for example in answer.get("content", {}).get("application/json", {}).get("examples", {}).values()
    }
    assert {reply.body["code"] for _, reply, _ in refusals(FACE, endpoint)} <= told | {""}
    assert {REJECTIONS[reason][1] for reason in endpoint.refuses} <= told


def test_a_code_says_how_well_it_is_known():
    told = operation(f"{API}/payment/void")["responses"]["400"]["content"]["application/json"]["examples"]
    assert told[Reason.ALREADY_VOIDED.value]["x-provenance"] == "documented"
    assert told[Reason.VOID_AFTER_REDEEM.value]["x-provenance"] == "simulated"


def test_a_field_says_how_well_it_is_known_where_its_endpoint_is_known_better():
    fields = PRAKERJA["components"]["schemas"]["RedeemState"]["properties"]
    assert fields["course_type_label"]["x-provenance"] == "seen"
    assert fields["redeem_code"]["x-provenance"] == "documented"
    token = PRAKERJA["components"]["schemas"]["PaymentToken"]["properties"]["payment_token"]
    assert token["x-provenance"] == "inferred"


WORDS = {"documented", "seen", "inferred", "simulated"}


@pytest.mark.parametrize("code", FACES)
def test_no_field_of_any_model_and_no_refusal_lacks_its_provenance(code):
    told = DOCUMENTS[code]
    for name, schema in told["components"]["schemas"].items():
        for field, one in schema.get("properties", {}).items():
            assert one["x-provenance"] in WORDS, (name, field)
    for path, operations in told["paths"].items():
        for one in operations.values():
            for status, answer in one["responses"].items():
                shown = answer.get("content", {}).get("application/json", {}).get("examples", {})
                for why, example in shown.items():
                    assert example["x-provenance"] in WORDS, (path, status, why)


def test_a_field_that_says_nothing_is_known_as_well_as_its_best_known_endpoint():
    schemas = PRAKERJA["components"]["schemas"]
    assert schemas["SendOtp"]["properties"]["amount"]["x-provenance"] == "documented"
    assert schemas["Completion"]["properties"]["score"]["x-provenance"] == "simulated"
    assert schemas["RedeemState"]["properties"]["course_type"]["x-provenance"] == "seen"
    assert schemas["RedeemState"]["properties"]["attendance_status"]["x-provenance"] == "documented"


def test_answers_that_only_clients_show_are_seen_although_their_endpoints_are_documented():
    schemas = PRAKERJA["components"]["schemas"]
    for name in ("VerificationUrl", "CourseHeld", "HandedIn", "Marked"):
        assert {one["x-provenance"] for one in schemas[name]["properties"].values()} == {"seen"}, name
    assert schemas["TaskState"]["properties"]["status"]["x-provenance"] == "documented"


def test_signed_operations_name_the_three_headers_and_authorize_the_token():
    assert operation(f"{API}/payment/void")["security"] == [
        {"client_code": [], "timestamp": [], "signature": []}
    ]
    assert "payment_token" in operation(f"{API}/payment/authorize")["security"][0]
    assert "security" not in operation("/dashboard/login")


def test_every_partner_endpoint_with_a_body_has_an_example():
    signed = {("POST", e.path) for e in FACE.endpoints if e.sender is FACE.sender and e.body is not None}
    assert signed == set(FACE.described.examples)


@pytest.fixture
def fresh() -> Parties:
    return build(Options(store="memory"))


def sent(parties: Parties, where: tuple[str, str], one: Example):
    """The example as a partner would send it to a server that has just started."""
    sandbox = parties.sandboxes.get("default")
    credential = parties.sandboxes.credential_of(sandbox, one.party)
    raw, stamp = orjson.dumps(dict(one.body)), unix_seconds(sandbox.now())
    signature = sign(credential.client_code, credential.sign_key, stamp, where[1], raw)
    headers = {"client_code": credential.client_code, "timestamp": str(stamp), "signature": signature}
    headers |= {"Authorization": one.authorization} if one.authorization else {}
    return InProcess(parties.application, "/prakerja").send(where[0], where[1], headers, raw)


def recorded(where, one, answer):
    """The answer is what the document shows; record it anew with UPDATE_GOLDEN=1."""
    told = {
        "request": {"method": where[0], "path": where[1], "headers": {}, "body": one.body},
        "response": {"status": one.status, "content_type": "application/json", "body": answer.json()},
    }
    golden = HOME / "prakerja" / "golden" / f"{where[1].strip('/').replace('/', '-')} {one.name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2) + b"\n")
    assert orjson.loads(golden.read_bytes()) == told


def shown(content):
    """The examples of one content."""
    return [one["value"] for one in content.get("examples", {}).values()] + (
        [content["example"]] if "example" in content else []
    )


@pytest.mark.parametrize("code", FACES)
def test_every_example_of_an_answer_fits_its_schema(code):
    told, checked = DOCUMENTS[code], 0
    for path, operations in told["paths"].items():
        for method, one in operations.items():
            for status, answer in one["responses"].items():
                for content in answer.get("content", {}).values():
                    judge = Draft202012Validator({**content["schema"], "components": told["components"]})
                    for example in shown(content):
                        assert list(judge.iter_errors(example)) == [], (method, path, status)
                        checked += 1
    assert checked >= len(FACES[code].endpoints) // 2


def without(operation):
    """What the document of an operation does not say, for each of its successes that is no redirect."""
    lacking = {word for word in ("summary", "description", "tags") if not operation[word]}
    for status, answer in operation["responses"].items():
        if status < "300" and answer["description"] != "a page":
            shown = [*answer.get("content", {}).values()] or [{}]
            lacking |= {"schema"} if not all(one.get("schema") for one in shown) else set()
            lacking |= {"example"} if not all({"example", "examples"} & set(one) for one in shown) else set()
    return lacking


@pytest.mark.parametrize("code", FACES)
def test_every_operation_has_tag_description_and_schema_and_example_of_its_success(code):
    lacking = {
        f"{method} {path}": without(one)
        for path, operations in DOCUMENTS[code]["paths"].items()
        for method, one in operations.items()
        if without(one)
    }
    assert lacking.keys() == EXCEPTED.get(code, {}).keys(), lacking


PAGE, ENCRYPTED = "a page of HTML", "what it answers is encrypted"
EXCEPTED = {
    "admin": {"get /metrics": "the text of the Prometheus library, of the whole process"},
    "institution": {
        f"post /{{institution}}/pis/{what}": ENCRYPTED
        for what in ("token", "health-check", "inquiry", "payment", "check-status", "void-refund", "balance")
    },
    "kemnaker": {"get /account/auth": PAGE, "get /account/auth/login": PAGE},
    "tokopedia": {"post /gql/graphql/{operation}": "an operation that is none always fails"},
}
"""Operations whose successes are not shown, and why."""


@pytest.mark.parametrize(("where", "one"), EXAMPLES, ids=lambda v: getattr(v, "name", None) or str(v[1]))
def test_an_example_works_on_a_fresh_sandbox(fresh, where, one):
    answer = sent(fresh, where, one)
    assert answer.status == one.status, answer.body
    recorded(where, one, answer)
    told = operation(where[1])["responses"][str(one.status)]["content"]["application/json"]["schema"]
    schema = {**told, "components": PRAKERJA["components"]}
    Draft202012Validator(schema).validate(answer.json())
    shown = operation(where[1])["requestBody"]["content"]["application/json"]["examples"]
    assert shown[one.name]["value"] == one.body


def test_the_shape_of_refusals_lists_their_codes_and_requires_what_all_have():
    told = shape([{"code": "A", "n": 1, "ok": False}, {"code": "B", "n": 2, "ok": False, "more": [None]}])
    assert told["required"] == ["code", "n", "ok"]
    assert told["properties"]["code"] == {"type": "string", "enum": ["A", "B"]}
    assert told["properties"]["ok"] == {"const": False}
    assert told["properties"]["more"] == {"type": "array", "items": {"type": "null"}}
    assert shape([1, "x"]) == {}
