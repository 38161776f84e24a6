"""What every face promises, whichever party it is: headers, problems, its OpenAPI, its envelope."""

import re

import pytest
from pydantic import BaseModel, ConfigDict

from prakerja_sim.mocks.http.bodies import loaded, parsed, validated
from prakerja_sim.mocks.http.credentials import Role
from prakerja_sim.mocks.http.envelope import Plain
from prakerja_sim.mocks.http.face import Face, Malformed, Provenance, Reply
from prakerja_sim.mocks.http.openapi import document
from prakerja_sim.mocks.server.mounts import discovered
from prakerja_sim.simulator import VERSION
from prakerja_sim.simulator.values.errors import Reason, Rejected
from prakerja_sim.simulator.world.refusals import reasons_of
from tests.mocks.worlds import API, BARISTA, CAKE, World

FACES = discovered()
OURS = ("X-Sim-Version", "X-Sim-Provenance", "X-Sim-Request-Id", "X-Ledger-Head")


def test_the_parties_of_the_folder_are_all_there():
    assert {"admin", "institution", "payout", "prakerja", "tokopedia"} <= {face.code for face in FACES}


# Headers


def test_an_answer_says_how_well_it_is_known_by_whom_and_after_which_entry(world):
    answer = world.send_otp(world.enrol())
    assert answer.headers["X-Sim-Version"] == VERSION
    assert answer.headers["X-Sim-Provenance"] == "documented"
    assert answer.headers["X-Ledger-Head"] == world.sandbox.journal()[-1].head


def test_a_question_has_no_ledger_head(world):
    schedule = world.schedule(BARISTA)
    answer = world.dp.post("/payment/quota-schedule", course_code=BARISTA, schedule_code=schedule)
    assert "X-Ledger-Head" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/healthz", "/prakerja/nowhere", "/prakerja/openapi.json", "/__admin/clock"]
)
def test_what_is_ours_is_marked_simulated(world, path):
    assert world.send("GET", path).headers["X-Sim-Provenance"] == "simulated"


def test_strict_wire_drops_every_header_that_the_real_one_would_not_send():
    world = World(strict_wire=True)
    ani = world.enrol()
    answers = [world.send_otp(ani), world.send_otp(ani), world.send("GET", "/prakerja/nowhere")]
    answers += [world.send("GET", "/healthz"), world.send("GET", "/prakerja/openapi.json")]
    assert [answer.status for answer in answers] == [200, 400, 404, 200, 200]
    for answer in answers:
        assert not [name for name in OURS if name in answer.headers]


# Methods


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.code)
def test_a_browser_that_asks_what_it_may_send_runs_no_endpoint(world, face):
    """Browsers ask so before they send JSON from a page of another site, also for a page that may not."""
    before = world.sandbox.digest()
    for one in face.endpoints:
        path = ("/__admin" if face.code == "admin" else f"/{face.code}") + re.sub("<[^>]*>", "1", one.path)
        answer = world.send("OPTIONS", path, b"{}", Origin="https://evil.example")
        assert (answer.status, answer.body) == (200, b""), one.path
        assert one.method in answer.headers["Allow"].split(", ")
    assert world.sandbox.digest() == before
    assert world.parties.sandboxes.names() == ["default"]


def test_a_question_for_the_head_is_answered_as_its_get_and_finds_no_other_endpoint(world):
    assert world.send("HEAD", "/__admin/clock").status == 200
    answer = world.send("HEAD", "/__admin/reset")
    assert (answer.status, answer.headers["Allow"]) == (405, "OPTIONS, POST")


# Problems


class Inner(BaseModel):
    model_config = ConfigDict(strict=True)
    x: int


class Many(BaseModel):
    model_config = ConfigDict(strict=True)
    inner: Inner
    numbers: list[int]


def test_a_good_body_becomes_its_model():
    assert parsed(b'{"inner":{"x":1},"numbers":[1,2]}', Many) == Many(inner=Inner(x=1), numbers=[1, 2])


def test_every_problem_is_told_with_its_place_and_without_its_value():
    with pytest.raises(Malformed) as wrong:
        parsed(b'{"inner":{"x":"SECRET"},"numbers":[1,"SECRET"]}', Many)
    places = [problem.partition(":")[0] for problem in wrong.value.problems]
    assert places == ["inner.x", "numbers.1"]
    assert "SECRET" not in str(wrong.value)


@pytest.mark.parametrize(("wrong", "told"), [(19, 19), (20, 20), (21, 20), (5000, 20)])
def test_up_to_twenty_problems_are_told(wrong, told):
    with pytest.raises(Malformed) as problem:
        validated({"inner": {"x": 1}, "numbers": ["x"] * wrong}, Many)
    assert len(problem.value.problems) == told


PLACES = [
    (b"{", r"body is not JSON: .* at byte \d+"),
    (b'{"a":[1,{"b":9007199254740993}]}', r"a\.1\.b: beyond the largest whole number, 9007199254740992"),
    (b'{"a":-9007199254740993}', r"a: beyond .*"),
    (b'{"a":1e16}', r"a: beyond .*"),
    (b'{"a":1e400}', r"a: beyond .*|body is not JSON.*"),
    (b"9007199254740993", r": beyond .*"),
    (b"[" * 33 + b"]" * 33, r"(0\.)+0: nested deeper than 32"),
    (b'{"a":' * 33 + b"1" + b"}" * 33, r"(a\.)+a: nested deeper than 32"),
]


@pytest.mark.parametrize(("raw", "told"), PLACES)
def test_a_json_problem_names_its_place(raw, told):
    with pytest.raises(Malformed) as wrong:
        loaded(raw)
    assert re.fullmatch(told, str(wrong.value)), str(wrong.value)


@pytest.mark.parametrize(
    "raw", [b"9007199254740992", b"-9007199254740992", b"[" * 32 + b"]" * 32, b"1e15", b'"x"', b"true"]
)
def test_what_is_just_within_the_limits_is_read(raw):
    loaded(raw)


# OpenAPI


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.code)
def test_the_openapi_of_a_face_lists_every_endpoint(face):
    told = document(face)
    listed = {(method.upper(), path) for path, methods in told["paths"].items() for method in methods}
    registered = {(e.method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", e.path)) for e in face.endpoints}
    assert listed == registered
    assert told["info"]["version"] == VERSION


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.code)
def test_the_openapi_tells_provenance_refusals_and_bodies(face):
    told = document(face)
    for endpoint in face.endpoints:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", endpoint.path)
        operation = told["paths"][path][endpoint.method.lower()]
        assert operation["x-provenance"] == endpoint.provenance.value
        assert operation["x-refuses"] == [reason.value for reason in endpoint.refuses]
        assert operation["summary"].endswith((".", "`", "?"))
        if endpoint.body is not None and endpoint.method != "GET":
            [media] = operation["requestBody"]["content"].values()
            named = media["schema"]["$ref"].rpartition("/")[2]
            assert named in told["components"]["schemas"]


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.code)
def test_every_endpoint_that_is_registered_is_routed(face):
    routed = {(method, str(rule)) for rule in face.app.url_map.iter_rules() for method in rule.methods or ()}
    for endpoint in face.endpoints:
        assert (endpoint.method, endpoint.path) in routed


# The envelope of the parties that have none of their own


@pytest.mark.parametrize("reason", list(Reason))
def test_the_plain_envelope_words_every_reason_as_a_4xx(reason):
    reply = Plain().refused(Rejected(reason, why="because"))
    assert reply.status in (404, 409)
    assert list(reply.body["error"]) == ["code", "message"]
    assert reply.body["error"]["code"] == reason.value
    assert reply.body["error"]["message"] == f"{reason.value}: why=because; nothing was changed"


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.code)
def test_every_envelope_words_whatever_may_go_wrong(face):
    envelope = face.envelope({"PATH_INFO": "/", "REQUEST_METHOD": "GET"})
    with face.app.test_request_context("/"):
        for status in (404, 405, 413, 429, 503):
            assert envelope.unknown(status).status == status
        assert envelope.unauthorized().status == 401
        assert envelope.malformed(Malformed("x: wrong")).status in (400, 422)
        assert envelope.broken().status == 500
        for reason in {r for e in face.endpoints for r in reasons_of(*e.refuses, e.sender or e.handler)}:
            status = envelope.refused(Rejected(reason)).status
            assert 400 <= status < 500 or status in (502, 503, 504)  # what a site did not do itself


# A bug of our own


def broken_face():
    """A face with an endpoint that has a bug, which only a test would have."""
    face = Face("broken", "Broken", Plain, callers=Role.ANYBODY)

    @face.endpoint("GET", "/crash", provenance=Provenance.SIMULATED)
    def crash(call):
        """Crash."""
        raise KeyError("SECRET")

    @face.endpoint("POST", "/needs", provenance=Provenance.SIMULATED, body=Inner)
    def needs(call, body):
        """Answer the number."""
        return Reply({"x": body.x}, headers={"X-Extra": "1"})

    @face.endpoint("GET", "/words/<word>", provenance=Provenance.SIMULATED)
    def word(call):
        """Answer the word."""
        return Reply(b"", 304) if call.path["word"] == "old" else Reply({"word": call.path["word"]})

    @face.endpoint("GET", "/page", provenance=Provenance.SEEN)
    def page(call):
        return Reply("<p>hello</p>")

    return face


@pytest.fixture
def broken(world):
    face = broken_face()
    world.parties.application._apps["broken"] = face
    return face


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/words/kopi%20susu", 200, b'{"word":"kopi susu"}'),
        ("GET", "/words/%C3%A9", 200, '{"word":"é"}'.encode()),
        ("GET", "/words/", 404, None),
        ("POST", "/words/kopi", 405, None),
        ("HEAD", "/words/kopi", 200, b""),
    ],
)
def test_the_values_of_a_path_are_read_as_utf_8(world, broken, method, path, status, body):
    answer = world.send(method, f"/broken{path}")
    assert (answer.status, answer.body if body is not None else None) == (status, body)


def test_an_answer_without_a_body_has_no_type_and_no_length(world, broken):
    answer = world.send("GET", "/broken/words/old")
    assert answer.status == 304
    assert not {"Content-Type", "Content-Length"} & set(answer.headers)


def test_a_bug_is_a_500_without_a_traceback_and_is_remembered(broken, caplog):
    world = World()
    world.parties.application._apps["broken"] = broken
    answer = world.send("GET", "/broken/crash")
    assert (answer.status, answer.json()["error"]["code"]) == (500, "internal")
    assert b"SECRET" not in answer.body
    assert b"Traceback" not in answer.body
    assert world.parties.bugs == [("default", "GET /crash: KeyError('SECRET')")]
    assert "a bug in GET /crash" in caplog.text
    bugs = world.send("GET", "/__admin/bugs").json()
    assert bugs == {"bugs": ["GET /crash: KeyError('SECRET')"]}


def test_a_bug_of_another_sandbox_is_not_shown(world, broken):
    world.parties.bugs.append(("theirs", "GET /crash: KeyError()"))
    assert world.send("GET", "/__admin/bugs").json() == {"bugs": []}
    world.parties.bugs.clear()


def test_a_reply_may_carry_headers_and_pages_are_html(world, broken):
    answer = world.send("POST", "/broken/needs", b'{"x":1}')
    assert (answer.json(), answer.headers["X-Extra"]) == ({"x": 1}, "1")
    page = world.send("GET", "/broken/page")
    assert page.headers["Content-Type"].startswith("text/html")
    assert page.headers["X-Sim-Provenance"] == "seen"


def test_an_endpoint_without_a_docstring_is_summed_up_by_its_name(broken):
    assert broken.endpoints[-1].summary == "page"


def test_the_commands_of_one_sandbox_do_not_change_another(world):
    other = world.sandboxes.lease("theirs", 42, world.sandbox.now())
    before = other.digest()
    world.bought(world.enrol(), CAKE)
    assert other.digest() == before
    assert world.send("GET", f"/s/theirs{API}/x").status == 404
