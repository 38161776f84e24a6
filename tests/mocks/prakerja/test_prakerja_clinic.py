"""The clinic names exactly the part of a refused signature that differed; the sender learns nothing."""

import base64
import hashlib
import hmac

import pytest

from prakerja_sim.mocks.http.transport import InProcess, NoReply
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.settings import Settings
from tests.mocks.worlds import API, START, WALL, Partner, World, sign

PATH = f"{API}/payment/redeem-code/status"
BODY = b'{"redeem_code":"GHOPNYXUVMT0","sequence":1}'
STAMP = unix_seconds(START)
REFUSED = b'{"code":"ERR40180","message":"Unauthorized","success":false}'


@pytest.fixture(scope="module")
def clinic():
    made = World()
    made.sandboxes.lease("theirs", 7, START)
    made.sandboxes.add_client(made.sandbox, "MixedCase", "mixed-key", "lp-kopi")
    return made


def asked(world, query=""):
    return world.send("GET", f"/__admin/requests{query}").json()["requests"]


def diagnosed(world, answer):
    number = answer.headers["X-Sim-Request-Id"]
    return world.send("GET", f"/__admin/requests/{number}/signature").json()


def slip(
    world, path=PATH, raw=BODY, *, stamp=STAMP, key=None, method="POST", code=None, slot=b"", hashed="sha1"
):
    code = world.lp.code if code is None else code
    key = world.lp.key if key is None else key
    message = f"{code}{stamp}{method}{path}".encode() + slot + raw
    return hmac.new(key.encode() if isinstance(key, str) else key, message, hashed).hexdigest()


SLIPS = {
    "path with query": ("path", lambda w: slip(w, f"{PATH}?debug=1"), "?debug=1"),
    "path with host": ("path", lambda w: slip(w, f"localhost{PATH}"), ""),
    "whole URL": ("path", lambda w: slip(w, f"http://localhost{PATH}"), ""),
    "path with the mount": ("path", lambda w: slip(w, f"/prakerja{PATH}"), ""),
    "path without the prefix": ("path", lambda w: slip(w, "/payment/redeem-code/status"), ""),
    "path with a slash at its end": ("path", lambda w: slip(w, f"{PATH}/"), ""),
    "no body": ("body", lambda w: slip(w, raw=b""), ""),
    "body with spaces": ("body", lambda w: slip(w, raw=BODY.replace(b":", b": ").replace(b",", b", ")), ""),
    "body with a line end": ("body", lambda w: slip(w, raw=BODY + b"\n"), ""),
    "body with numbers in quotes": ("body", lambda w: slip(w, raw=BODY.replace(b":1}", b':"1"}')), ""),
    "milliseconds signed, seconds sent": ("timestamp", lambda w: slip(w, stamp=f"{STAMP}123"), ""),
    "another second signed": ("timestamp", lambda w: slip(w, stamp=STAMP + 1), ""),
    "key of another client": ("key", lambda w: slip(w, key=w.lp2.key), ""),
    "key in capitals": ("key", lambda w: slip(w, key=w.lp.key.upper()), ""),
    "key with a line end": ("key", lambda w: slip(w, key=w.lp.key + "\n"), ""),
    "method in small letters": ("method", lambda w: slip(w, method="post"), ""),
    "no method": ("method", lambda w: slip(w, method=""), ""),
    "no client_code": ("client_code", lambda w: slip(w, code=""), ""),
    "SHA-256": ("encoding", lambda w: slip(w, hashed="sha256"), ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_the_part_that_differed_is_named_and_only_that(clinic, name):
    part, signature, query = SLIPS[name]
    raw = BODY
    headers = clinic.lp.headers(PATH, raw, stamp=STAMP, signature=signature(clinic))
    answer = clinic.lp.wire.send("POST", PATH + query, headers, raw)
    assert (answer.status, answer.body) == (401, REFUSED)
    assert [found["part"] for found in diagnosed(clinic, answer)["differences"]] == [part]


def test_base64_is_told_from_hex(clinic):
    message = f"{clinic.lp.code}{STAMP}POST{PATH}".encode() + BODY
    digest = base64.b64encode(hmac.digest(clinic.lp.key.encode(), message, hashlib.sha1)).decode()
    told = diagnosed(clinic, clinic.lp.send(PATH, BODY, stamp=STAMP, signature=digest))
    assert told["differences"] == [{"part": "encoding", "say": "you signed: HMAC-SHA1 in Base64"}]


def test_two_slips_at_once_are_both_named(clinic):
    signature = slip(clinic, f"http://localhost{PATH}", method="post")
    told = diagnosed(clinic, clinic.lp.send(PATH, BODY, stamp=STAMP, signature=signature))
    assert [found["part"] for found in told["differences"]] == ["method", "path"]


def test_an_authorization_slot_in_another_scheme_is_named(clinic):
    path, raw = f"{API}/payment/authorize", b'{"otp":"123456"}'
    signature = slip(clinic, path, raw, slot=b"Bearer TOKEN")
    told = diagnosed(clinic, clinic.lp.send(path, raw, token="TOKEN", stamp=STAMP, signature=signature))
    assert [found["part"] for found in told["differences"]] == ["authorization"]
    assert len(told["accepts"]) == 3


def test_escaped_slashes_are_recognised_in_either_direction(clinic):
    raw = b'{"redeem_code":"X","url":"https://lp.example/f"}'
    php = raw.replace(b"/", b"\\/")
    for sent, signed in ((raw, php), (php, raw)):
        answer = clinic.lp.send(PATH, sent, stamp=STAMP, signature=slip(clinic, raw=signed))
        assert [found["part"] for found in diagnosed(clinic, answer)["differences"]] == ["body"]


def test_capitals_in_a_client_code_are_named(clinic):
    signature = sign("mixedcase", "mixed-key", STAMP, PATH, BODY)
    answer = clinic.lp.send(PATH, BODY, client_code="mixedcase", stamp=STAMP, signature=signature)
    assert (answer.status, answer.body) == (401, REFUSED)
    parts = [found["part"] for found in diagnosed(clinic, answer)["differences"]]
    assert set(parts) == {"client_code"}


def test_a_stranger_is_told_from_a_wrong_signature_only_here(clinic):
    answer = clinic.lp.send(PATH, BODY, client_code="nobody")
    assert [found["part"] for found in diagnosed(clinic, answer)["differences"]] == ["client_code"]


def test_what_nobody_can_explain_is_said_with_the_string_that_was_hashed(clinic):
    told = diagnosed(clinic, clinic.lp.send(PATH, BODY, stamp=STAMP, signature="AB" * 20))
    assert [found["part"] for found in told["differences"]] == ["unknown"]
    assert [found["part"] for found in told["remarks"]] == ["upper-case hex"]
    assert told["server_hashed"] == f"{clinic.lp.code}{STAMP}POST{PATH}{BODY.decode()}"
    assert told["accepts"][0]["signature"] == slip(clinic)
    assert told["accepts"][0]["bytes"] == len(told["server_hashed"])


@pytest.mark.parametrize(
    ("stamp", "says"),
    [
        (f"{STAMP}000", "milliseconds"),
        (str(STAMP - 301), "-301 s from the sandbox's clock"),
        (str(unix_seconds(WALL) + 7 * 3600), "seven hours"),
        ("yesterday", "digits"),
    ],
)
def test_a_refused_timestamp_is_explained(clinic, stamp, says):
    answer = clinic.lp.send(PATH, BODY, stamp=stamp)
    assert answer.status == 400
    told = diagnosed(clinic, answer)["differences"]
    assert [found["part"] for found in told] == ["timestamp"]
    assert says in told[0]["say"]


def test_a_missing_header_is_named(clinic):
    told = diagnosed(clinic, clinic.lp.send(PATH, BODY, client_code=None))
    assert told["differences"][0]["part"] == "header"
    assert "client_code" in told["differences"][0]["say"]


def test_secrets_are_masked_and_the_sign_key_is_never_shown(clinic):
    path, token, card = f"{API}/payment/send-otp", "f" * 28 + "abcd", "9900123412345678"
    raw = b'{"prakerja_id":"%s","otp": "654321"}' % card.encode()
    answer = clinic.dp.send(path, raw, token=token, stamp=STAMP, signature="0" * 40)
    number = answer.headers["X-Sim-Request-Id"]
    shown = clinic.send("GET", f"/__admin/requests/{number}/signature").body
    for secret in (token, card, "654321", clinic.dp.key, clinic.lp.key):
        assert secret.encode() not in shown
    assert b"5678" in shown


def test_the_sender_is_answered_with_the_same_bytes_for_every_cause(clinic):
    answers = [
        clinic.lp.send(PATH, BODY, signature="0" * 40),
        clinic.lp.send(PATH, BODY, client_code="nobody"),
        clinic.lp.send(PATH, BODY, client_code=clinic.lp.code.upper()),
        clinic.lp.send(PATH, BODY, signature=slip(clinic, method="post"), stamp=STAMP),
        Partner(clinic, "lp-kopi", "/s/theirs/prakerja").send(PATH, BODY),
    ]
    kept = [{**answer.headers, "X-Sim-Request-Id": "x"} for answer in answers]
    assert all((a.status, a.body) == (401, REFUSED) for a in answers)
    assert all(headers == kept[0] for headers in kept)
    assert {len(answer.headers["X-Sim-Request-Id"]) for answer in answers} == {10}


# The log


def test_requests_are_listed_newest_first_and_filtered(world):
    world.lp.send(PATH, BODY, signature="0" * 40)
    world.enrol()
    world.lp.send(PATH, BODY)
    world.send("GET", "/institution/nowhere")
    told = asked(world)
    assert [(one["party"], one["status"]) for one in told] == [
        ("institution", 404), ("prakerja", 400), ("prakerja", 401),
    ]  # fmt: skip
    assert told[1] | {"id": "", "wall": ""} == {
        "id": "",
        "at": START.isoformat(),
        "wall": "",
        "party": "prakerja",
        "method": "POST",
        "path": PATH,
        "status": 400,
        "provenance": "simulated",
        "signature_refused": False,
    }
    assert told[1]["wall"] == WALL.isoformat()
    assert len(asked(world, "?party=prakerja")) == 2
    assert [one["status"] for one in asked(world, "?status=401")] == [401]
    assert len(asked(world, "?path=redeem-code/status&limit=1")) == 1
    assert asked(world, "?path=nowhere/else") == []


@pytest.mark.parametrize("query", ["?limit=0", "?limit=501", "?limit=x", "?status=x", "?status=4000"])
def test_a_filter_that_makes_no_sense_is_refused(world, query):
    assert world.send("GET", f"/__admin/requests{query}").status == 400


def test_only_the_last_five_hundred_are_kept(world):
    for _ in range(501):
        world.send("GET", "/payout/x")
    kept = asked(world, "?limit=500")
    assert len(kept) == 500
    first = int(kept[-1]["id"])
    assert [int(one["id"]) for one in reversed(kept)] == list(range(first, first + 500))


def test_a_request_without_a_refused_signature_has_nothing_to_look_at(world):
    answer = world.lp.send(PATH, BODY)
    number = answer.headers["X-Sim-Request-Id"]
    assert world.send("GET", f"/__admin/requests/{number}/signature").status == 409
    assert world.send("GET", "/__admin/requests/none/signature").status == 404


def test_a_refused_signature_is_in_the_log_of_the_sandbox_that_its_client_opens(world):
    theirs = world.sandboxes.lease("theirs", 7, START)
    credential = world.sandboxes.add_client(theirs, "their-code", "their-key", "lp-kopi")
    stranger = world.lp.send(PATH, BODY, client_code=credential.client_code)
    assert stranger.status == 401
    assert asked(world) == []
    told = world.send("GET", "/s/theirs/__admin/requests").json()["requests"]
    assert [one["id"] for one in told] == [stranger.headers["X-Sim-Request-Id"]]
    shown = world.send("GET", f"/s/theirs/__admin/requests/{told[0]['id']}/signature").json()
    assert world.lp.key not in str(shown)


def test_a_lost_request_has_status_0_and_a_reset_forgets_all(world):
    world.sandbox.arm("request_lost", "redeem-code/status")
    with pytest.raises(NoReply):
        world.lp.send(PATH, BODY)
    assert [one["status"] for one in asked(world)] == [0]
    world.send("POST", "/__admin/reset")
    assert asked(world) == []


def test_the_log_is_no_part_of_the_world(world):
    before = world.digest()
    for _ in range(3):
        world.lp.send(PATH, BODY, signature="0" * 40)
    assert world.digest() == before


def test_strict_wire_sends_no_request_id():
    strict = World(Settings(), strict_wire=True)
    answer = InProcess(strict.parties.application, "/prakerja").send("POST", PATH, {}, BODY)
    assert "X-Sim-Request-Id" not in answer.headers
    assert len(asked(strict)) == 1


def test_a_hostile_body_is_looked_at_quickly_and_a_huge_one_is_not_kept(clinic):
    raw = b'{"redeem_code":"' + b"\\u0000" * 2_000 + b'"}'
    assert diagnosed(clinic, clinic.lp.send(PATH, raw, signature="0" * 40))["differences"]
    huge = clinic.lp.send(PATH, b"[" * 20_000, signature="0" * 40)
    assert diagnosed(clinic, huge)["error"]["code"] == "signature_not_refused"
