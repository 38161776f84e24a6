"""The published signature vectors pass on the default server, through a real socket.

Each is sent as real clients send it; a code that does not exist is answered by the endpoint
itself, which proves that the signature was accepted.
"""

import hashlib
import hmac
import socket

import pytest

from tests.live import Live

CODE, KEY = "myclient_code", "my_sign_key"
PATH = "/api/v1/integration"

VECTORS = [
    (
        "1516239022",
        "/payment/redeem-code/commit",
        '{"redeem_code":"code"}',
        "943c20a8e36b6243f576404b00fffdc86411ce1f",
        "ERRTRX40020",
    ),
    (
        "1516239022",
        "/payment/redeem-code/commit",
        '{"code":"code"}',
        "d46b59b221335976b46eafb752035a1172a8beb2",
        "ERR40082",
    ),
    (
        "1698289216",
        "/payment/redeem-code/status",
        '{"redeem_code":"GHOPNYXUVMT0","sequence":1}',
        "f85e52568c361213c7a4c5da4bf12d0964688373",
        "ERRTRX40020",
    ),
    (
        "1698289216",
        "/payment/redeem-code/commit",
        '{"redeem_code":"GHOPNYXUVMT0"}',
        "03cc285c9286c8e4445649a495f32550bfc6273f",
        "ERRTRX40020",
    ),
    (
        "1698289216",
        "/payment/redeem-code/reset",
        '{"redeem_code":"PRAT-XXXXXX"}',
        "5b7c97f3d4ed63b490a6c6adcc9bfa13b967947d",
        "ERRTRX40020",
    ),
    (
        "1698289216",
        "/payment/quota-schedule",
        '{"schedule_code":"9d683f80404811ed","course_code":"lkpis_1_9d680615-4048-11e"}',
        "add4c6d69817f99bb893c8b2447a2956f97cfeed",
        "ERRPLT40080",
    ),
]
AUTHORIZE = '{"otp":"123456","invoice_url":"https://dp.example/inv/1","invoice_code":"INV-1"}'
SLOTS = [
    ("full value", "f7c2087c65e0b941dc47f46e5ab9b5c03966cb63"),
    ("bare token", "fe685577d513dc8f1dd6fa7a232f2b8c92fd8697"),
    ("omitted", "9e8c720b5dd932e7d5136f26064e1c246978c2fb"),
]


@pytest.fixture(scope="module")
def vectors(live: Live) -> Live:
    """A sandbox in which the documentation's client signs; its timestamps are years old, so age is off."""
    settings = {"signature_clock": "off"}
    leased = live.send("POST", "/__admin/sandboxes", {"name": "vectors", "settings": settings})
    assert leased[0] == 201
    client = {
        "client_code": CODE,
        "sign_key": KEY,
        "party": "lp-kopi",
        "roles": ["marketplace", "institution"],
    }
    assert live.send("POST", "/s/vectors/__admin/clients", client)[0] == 201
    return live


def headers(stamp: str, signature: str, **more: str) -> dict[str, str]:
    return {"client_code": CODE, "timestamp": stamp, "signature": signature, **more}


@pytest.mark.parametrize(("stamp", "path", "body", "signature", "code"), VECTORS)
def test_a_published_vector_is_accepted(
    vectors: Live, stamp: str, path: str, body: str, signature: str, code: str
) -> None:
    status, told, _ = vectors.send("POST", PATH + path, body.encode(), headers(stamp, signature))
    assert (status, told["code"]) == (400, code)


@pytest.mark.parametrize(("stamp", "path", "body", "signature", "code"), VECTORS)
def test_the_same_vector_with_another_key_is_not(
    vectors: Live, stamp: str, path: str, body: str, signature: str, code: str
) -> None:
    wrong = ("0" if signature[0] != "0" else "1") + signature[1:]
    status, told, _ = vectors.send("POST", PATH + path, body.encode(), headers(stamp, wrong))
    assert (status, told) == (401, {"code": "ERR40180", "message": "Unauthorized", "success": False})


@pytest.mark.parametrize(("slot", "signature"), SLOTS)
def test_the_authorization_header_may_be_signed_in_each_way(vectors: Live, slot: str, signature: str) -> None:
    given = headers("1698289216", signature, Authorization="Payment TOKEN")
    status, told, _ = vectors.send("POST", f"{PATH}/payment/authorize", AUTHORIZE.encode(), given)
    assert (status, told["code"]) == (400, "ERRPLT40097"), slot


SPACED = '{ "redeem_code" : "GHOPNYXUVMT0" }'
COMMIT = "03cc285c9286c8e4445649a495f32550bfc6273f"


@pytest.mark.parametrize(
    "body", [SPACED, '{"redeem_code": "GHOPNYXUVMT0"}', '{\n\t"redeem_code":"GHOPNYXUVMT0"\n}']
)
def test_white_space_may_differ_from_what_was_signed(vectors: Live, body: str) -> None:
    given = headers("1698289216", COMMIT)
    status, told, _ = vectors.send("POST", f"{PATH}/payment/redeem-code/commit", body.encode(), given)
    assert (status, told["code"]) == (400, "ERRTRX40020")


def test_white_space_inside_a_value_may_not_differ(vectors: Live) -> None:
    given = headers("1698289216", COMMIT)
    body = b'{"redeem_code":"GHOP NYXUVMT0"}'
    assert vectors.send("POST", f"{PATH}/payment/redeem-code/commit", body, given)[0] == 401


def signed(path: str, body: str, stamp: str = "1698289216") -> str:
    return hmac.new(KEY.encode(), f"{CODE}{stamp}POST{path}{body}".encode(), hashlib.sha1).hexdigest()


def test_escaped_slashes_of_php_are_kept_as_they_are_signed(vectors: Live) -> None:
    body = '{"redeem_code":"GHOPNYXUVMT0","note":"https:\\/\\/lp.example\\/f.pdf"}'
    assert "\\/" in body
    path = f"{PATH}/payment/redeem-code/status"
    given = headers("1698289216", signed(path, body))
    assert vectors.send("POST", path, body.encode(), given)[1]["code"] == "ERRTRX40020"


@pytest.mark.parametrize(
    "doubled", [f"/{PATH}", f"/prakerja/{PATH}", "/api//v1/integration", f"/prakerja{PATH}"]
)
def test_a_doubled_slash_in_the_path_is_normalised(vectors: Live, doubled: str) -> None:
    given = headers("1698289216", COMMIT)
    path = f"{doubled}/payment/redeem-code/commit"
    assert vectors.send("POST", path, b'{"redeem_code":"GHOPNYXUVMT0"}', given)[1]["code"] == "ERRTRX40020"


@pytest.mark.parametrize("name", ["client_code", "Client_code", "CLIENT_CODE"])
def test_header_names_arrive_in_any_spelling_through_a_bare_socket(vectors: Live, name: str) -> None:
    body = b'{"redeem_code":"GHOPNYXUVMT0"}'
    host, _, port = vectors.url.removeprefix("http://").partition(":")
    request = (
        f"POST {PATH}/payment/redeem-code/commit HTTP/1.1\r\nHost: api.prakerja.go.id\r\n"
        f"{name}: {CODE}\r\nTimestamp: 1698289216\r\nSignature: {COMMIT}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode()
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall(request + body)
        answer = b""
        while more := wire.recv(65536):
            answer += more
    assert b" 400 " in answer.split(b"\r\n", 1)[0]
    assert b'"ERRTRX40020"' in answer


@pytest.mark.parametrize("missing", ["client_code", "timestamp", "signature"])
def test_a_missing_header_is_said(vectors: Live, missing: str) -> None:
    given = headers("1698289216", COMMIT)
    del given[missing]
    path = f"{PATH}/payment/redeem-code/commit"
    status, told, _ = vectors.send("POST", path, b'{"redeem_code":"GHOPNYXUVMT0"}', given)
    assert (status, told["code"]) == (400, "ERR40080")
