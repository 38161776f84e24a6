"""The diagnosis names exactly the part of a refused signature that differed; the sender learns nothing."""

import base64
import hashlib
import hmac

import pytest

from prakerja_sim.mocks.http.transport import InProcess, NoReply
from prakerja_sim.mocks.prakerja.signature import compacted
from prakerja_sim.simulator.values.clock import unix_seconds
from prakerja_sim.simulator.values.settings import Settings
from tests.mocks.worlds import API, START, WALL, Partner, World, sign

PATH = f"{API}/payment/redeem-code/status"
BODY = b'{"redeem_code":"GHOPNYXUVMT0","sequence":1}'
STAMP = unix_seconds(START)
REFUSED = b'{"code":"ERR40180","message":"Unauthorized","success":false}'


@pytest.fixture(scope="module")
def diagnosis_world():
    made = World()
    made.sandboxes.lease("theirs", 7, START)
    made.sandboxes.add_client(made.sandbox, "MixedCase", "mixed-key", "lp-kopi")
    return made


def requests(world, query=""):
    return world.send("GET", f"/__admin/requests{query}").json()["requests"]


def diagnosed(world, answer):
    number = answer.headers["X-Sim-Request-Id"]
    return world.send("GET", f"/__admin/requests/{number}/signature").json()


def signed(
    world, path=PATH, raw=BODY, *, stamp=STAMP, key=None, method="POST", code=None, slot=b"", hashed="sha1"
):
    code = world.lp.code if code is None else code
    key = world.lp.key if key is None else key
    message = f"{code}{stamp}{method}{path}".encode() + slot + raw
    return hmac.new(key.encode() if isinstance(key, str) else key, message, hashed).hexdigest()


SLIPS = {
    "path with query": ("path", lambda w: signed(w, f"{PATH}?debug=1"), "?debug=1"),
    "path with host": ("path", lambda w: signed(w, f"localhost{PATH}"), ""),
    "whole URL": ("path", lambda w: signed(w, f"http://localhost{PATH}"), ""),
    "path with the mount": ("path", lambda w: signed(w, f"/prakerja{PATH}"), ""),
    "path without the prefix": ("path", lambda w: signed(w, "/payment/redeem-code/status"), ""),
    "path with a slash at its end": ("path", lambda w: signed(w, f"{PATH}/"), ""),
    "no body": ("body", lambda w: signed(w, raw=b""), ""),
    "body with spaces": ("body", lambda w: signed(w, raw=BODY.replace(b":", b": ").replace(b",", b", ")), ""),
    "body with a line end": ("body", lambda w: signed(w, raw=BODY + b"\n"), ""),
    "body with numbers in quotes": ("body", lambda w: signed(w, raw=BODY.replace(b":1}", b':"1"}')), ""),
    "milliseconds signed, seconds sent": ("timestamp", lambda w: signed(w, stamp=f"{STAMP}123"), ""),
    "another second signed": ("timestamp", lambda w: signed(w, stamp=STAMP + 1), ""),
    "key of another client": ("key", lambda w: signed(w, key=w.lp2.key), ""),
    "key in capitals": ("key", lambda w: signed(w, key=w.lp.key.upper()), ""),
    "key with a line end": ("key", lambda w: signed(w, key=w.lp.key + "\n"), ""),
    "method in small letters": ("method", lambda w: signed(w, method="post"), ""),
    "no method": ("method", lambda w: signed(w, method=""), ""),
    "no client_code": ("client_code", lambda w: signed(w, code=""), ""),
    "SHA-256": ("encoding", lambda w: signed(w, hashed="sha256"), ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_the_part_that_differed_is_named_and_only_that(diagnosis_world, name):
    part, signature, query = SLIPS[name]
    raw = BODY
    headers = diagnosis_world.lp.headers(PATH, raw, stamp=STAMP, signature=signature(diagnosis_world))
    answer = diagnosis_world.lp.wire.send("POST", PATH + query, headers, raw)
    assert (answer.status, answer.body) == (401, REFUSED)
    [difference] = diagnosed(diagnosis_world, answer)["differences"]
    assert difference["part"] == part
    assert difference["say"].startswith("you signed: ")
    assert difference["say_id"].startswith("yang Anda tandatangani: ")


def test_base64_is_told_from_hex(diagnosis_world):
    message = f"{diagnosis_world.lp.code}{STAMP}POST{PATH}".encode() + BODY
    digest = base64.b64encode(hmac.digest(diagnosis_world.lp.key.encode(), message, hashlib.sha1)).decode()
    diagnosis = diagnosed(diagnosis_world, diagnosis_world.lp.send(PATH, BODY, stamp=STAMP, signature=digest))
    assert diagnosis["differences"] == [
        {
            "part": "encoding",
            "say": "you signed: HMAC-SHA1 in Base64",
            "say_id": "yang Anda tandatangani: HMAC-SHA1 dalam Base64",
        }
    ]


def test_two_mistakes_together_are_both_named(diagnosis_world):
    signature = signed(diagnosis_world, f"http://localhost{PATH}", method="post")
    diagnosis = diagnosed(
        diagnosis_world, diagnosis_world.lp.send(PATH, BODY, stamp=STAMP, signature=signature)
    )
    assert [difference["part"] for difference in diagnosis["differences"]] == ["method", "path"]


def test_an_authorization_slot_in_another_scheme_is_named(diagnosis_world):
    path, raw = f"{API}/payment/redeem-code/status", b'{"redeem_code":"X"}'
    signature = signed(diagnosis_world, path, raw, slot=b"Bearer TOKEN")
    diagnosis = diagnosed(
        diagnosis_world, diagnosis_world.lp.send(path, raw, token="TOKEN", stamp=STAMP, signature=signature)
    )
    assert [difference["part"] for difference in diagnosis["differences"]] == ["authorization"]
    assert len(diagnosis["accepts"]) == 3


def test_escaped_slashes_are_recognised_in_either_direction(diagnosis_world):
    raw = b'{"redeem_code":"X","url":"https://lp.example/f"}'
    php = raw.replace(b"/", b"\\/")
    for sent, hashed in ((raw, php), (php, raw)):
        answer = diagnosis_world.lp.send(
            PATH, sent, stamp=STAMP, signature=signed(diagnosis_world, raw=hashed)
        )
        assert [difference["part"] for difference in diagnosed(diagnosis_world, answer)["differences"]] == [
            "body"
        ]


URL = b'{"redeem_code":"X","url":"https://lp.example/f?a=1&b=<+>%s"}'
SENT_RAW = {
    "compact": URL % b"",
    "spaced": (URL % b"").replace(b'":', b'": ').replace(b",", b", "),
    "with PHP's slashes": (URL % b"").replace(b"/", b"\\/"),
    "with letters beyond ASCII": URL % "Caf\u00e9".encode(),
    "with escapes of its own": URL % b"Caf\\u00E9 \\u0041",
}
ESCAPED = {
    "Go": {b"&": b"\\u0026", b"<": b"\\u003c", b">": b"\\u003e"},
    "PHP": {b"&": b"\\u0026", b"<": b"\\u003C", b">": b"\\u003E"},
    ".NET": {b"&": b"\\u0026", b"<": b"\\u003C", b">": b"\\u003E", b"+": b"\\u002B"},
}


@pytest.mark.parametrize("raw", SENT_RAW.values(), ids=SENT_RAW)
@pytest.mark.parametrize("escapes", ESCAPED.values(), ids=ESCAPED)
@pytest.mark.parametrize("compactly", [False, True], ids=["as sent", "compactly"])
def test_what_was_signed_with_escapes_and_sent_without_is_refused_and_named(
    diagnosis_world, raw, escapes, compactly
):
    hashed = compacted(raw) if compactly else raw
    for letter, escape in escapes.items():
        hashed = hashed.replace(letter, escape)
    answer = diagnosis_world.lp.send(PATH, raw, stamp=STAMP, signature=signed(diagnosis_world, raw=hashed))
    assert (answer.status, answer.body) == (401, REFUSED)
    [difference] = diagnosed(diagnosis_world, answer)["differences"]
    assert difference["part"] == "body"
    assert "\\u0026 for &" in difference["say"]


def test_capitals_in_a_client_code_are_named(diagnosis_world):
    signature = sign("mixedcase", "mixed-key", STAMP, PATH, BODY)
    answer = diagnosis_world.lp.send(PATH, BODY, client_code="mixedcase", stamp=STAMP, signature=signature)
    assert (answer.status, answer.body) == (401, REFUSED)
    parts = [difference["part"] for difference in diagnosed(diagnosis_world, answer)["differences"]]
    assert set(parts) == {"client_code"}


def test_a_stranger_is_told_from_a_wrong_signature_only_here(diagnosis_world):
    answer = diagnosis_world.lp.send(PATH, BODY, client_code="nobody")
    assert [difference["part"] for difference in diagnosed(diagnosis_world, answer)["differences"]] == [
        "client_code"
    ]


def test_what_nobody_can_explain_is_said_with_the_string_that_was_hashed(diagnosis_world):
    diagnosis = diagnosed(
        diagnosis_world, diagnosis_world.lp.send(PATH, BODY, stamp=STAMP, signature="AB" * 20)
    )
    assert [difference["part"] for difference in diagnosis["differences"]] == ["unknown"]
    assert [difference["part"] for difference in diagnosis["remarks"]] == ["upper-case hex"]
    assert diagnosis["server_hashed"] == f"{diagnosis_world.lp.code}{STAMP}POST{PATH}{BODY.decode()}"
    assert diagnosis["accepts"][0]["signature"] == signed(diagnosis_world)
    assert diagnosis["accepts"][0]["bytes"] == len(diagnosis["server_hashed"])


@pytest.mark.parametrize(
    ("stamp", "says"),
    [
        (f"{STAMP}000", "milliseconds"),
        (f"{STAMP}123456789", "milliseconds"),
        (str(STAMP - 301), "-301 s from the sandbox's clock"),
        (str(unix_seconds(WALL) + 7 * 3600), "seven hours"),
        ("yesterday", "digits"),
    ],
)
def test_a_refused_timestamp_is_explained(diagnosis_world, stamp, says):
    answer = diagnosis_world.lp.send(PATH, BODY, stamp=stamp)
    assert answer.status == 400
    diagnosis = diagnosed(diagnosis_world, answer)["differences"]
    assert [difference["part"] for difference in diagnosis] == ["timestamp"]
    assert says in diagnosis[0]["say"]


def test_a_missing_header_is_named(diagnosis_world):
    diagnosis = diagnosed(diagnosis_world, diagnosis_world.lp.send(PATH, BODY, client_code=None))
    assert diagnosis["differences"][0]["part"] == "header"
    assert "client_code" in diagnosis["differences"][0]["say"]


def test_secrets_are_masked_and_the_sign_key_is_never_shown(diagnosis_world):
    path, token, card = f"{API}/payment/send-otp", "f" * 28 + "abcd", "9900123412345678"
    raw = b'{"prakerja_id":"%s","otp": "654321"}' % card.encode()
    answer = diagnosis_world.dp.send(path, raw, token=token, stamp=STAMP, signature="0" * 40)
    number = answer.headers["X-Sim-Request-Id"]
    body = diagnosis_world.send("GET", f"/__admin/requests/{number}/signature").body
    for secret in (token, card, "654321", diagnosis_world.dp.key, diagnosis_world.lp.key):
        assert secret.encode() not in body
    assert b"5678" in body


def test_the_sender_is_answered_with_the_same_bytes_for_every_cause(diagnosis_world):
    answers = [
        diagnosis_world.lp.send(PATH, BODY, signature="0" * 40),
        diagnosis_world.lp.send(PATH, BODY, client_code="nobody"),
        diagnosis_world.lp.send(PATH, BODY, client_code=diagnosis_world.lp.code.upper()),
        diagnosis_world.lp.send(PATH, BODY, signature=signed(diagnosis_world, method="post"), stamp=STAMP),
        Partner(diagnosis_world, "lp-kopi", "/s/theirs/prakerja").send(PATH, BODY),
    ]
    rows = [{**answer.headers, "X-Sim-Request-Id": "x"} for answer in answers]
    assert all((a.status, a.body) == (401, REFUSED) for a in answers)
    assert all(headers == rows[0] for headers in rows)
    assert {len(answer.headers["X-Sim-Request-Id"]) for answer in answers} == {10}


# The log


def test_requests_are_listed_newest_first_and_filtered(world):
    world.lp.send(PATH, BODY, signature="0" * 40)
    world.enrol()
    world.lp.send(PATH, BODY)
    world.send("GET", "/institution/nowhere")
    rows = requests(world)
    assert [(one["party"], one["status"]) for one in rows] == [
        ("institution", 404), ("prakerja", 400), ("prakerja", 401),
    ]  # fmt: skip
    assert rows[1] | {"id": "", "wall": ""} == {
        "id": "",
        "at": START.isoformat(),
        "wall": "",
        "party": "prakerja",
        "method": "POST",
        "path": PATH,
        "status": 400,
        "provenance": "simulated",
        "signature_refused": False,
        "reason": "redeem_code_unknown",
    }
    assert rows[1]["wall"] == WALL.isoformat()
    assert len(requests(world, "?party=prakerja")) == 2
    assert [one["status"] for one in requests(world, "?status=401")] == [401]
    assert len(requests(world, "?path=redeem-code/status&limit=1")) == 1
    assert requests(world, "?path=nowhere/else") == []


@pytest.mark.parametrize("query", ["?limit=0", "?limit=2001", "?limit=x", "?status=x", "?status=4000"])
def test_a_filter_that_makes_no_sense_is_refused(world, query):
    assert world.send("GET", f"/__admin/requests{query}").status == 400


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
    assert requests(world) == []
    rows = world.send("GET", "/s/theirs/__admin/requests").json()["requests"]
    assert [one["id"] for one in rows] == [stranger.headers["X-Sim-Request-Id"]]
    diagnosis = world.send("GET", f"/s/theirs/__admin/requests/{rows[0]['id']}/signature").json()
    assert world.lp.key not in str(diagnosis)


def test_a_lost_request_has_status_0_and_a_reset_forgets_all(world):
    world.sandbox.arm("request_lost", "redeem-code/status")
    with pytest.raises(NoReply):
        world.lp.send(PATH, BODY)
    assert [one["status"] for one in requests(world)] == [0]
    world.send("POST", "/__admin/reset")
    assert requests(world) == []


def test_the_log_is_no_part_of_the_world(world):
    before = world.digest()
    for _ in range(3):
        world.lp.send(PATH, BODY, signature="0" * 40)
    assert world.digest() == before


def test_strict_wire_sends_no_request_id():
    strict = World(Settings(), strict_wire=True)
    answer = InProcess(strict.parties.application, "/prakerja").send("POST", PATH, {}, BODY)
    assert "X-Sim-Request-Id" not in answer.headers
    assert len(requests(strict)) == 1


def test_a_hostile_body_is_looked_at_quickly_and_a_huge_one_is_not_kept(diagnosis_world):
    raw = b'{"redeem_code":"' + b"\\u0000" * 2_000 + b'"}'
    assert diagnosed(diagnosis_world, diagnosis_world.lp.send(PATH, raw, signature="0" * 40))["differences"]
    huge = diagnosis_world.lp.send(PATH, b"[" * 20_000, signature="0" * 40)
    assert diagnosed(diagnosis_world, huge)["error"]["code"] == "signature_not_refused"
