"""The programs beside which we are measured: the nearest thing that each of them does.

They live in folders of their own (`make peers`) and never beside our packages.  Each gets what it needs as
files in an empty folder.  Those that only answer are given the same two signed requests as we; they keep no
state, so what a ratio to them says is what state, rules and durability cost.
"""

import json
import sys
from pathlib import Path
from typing import Any

from prakerja_sim.loadtests.bench import buying
from prakerja_sim.loadtests.bench.client import Flow
from prakerja_sim.loadtests.bench.peer import CARD, SHOP, TOKEN, Command, Peer
from prakerja_sim.loadtests.bench.servers import HOST
from prakerja_sim.mocks.http.openapi import document
from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.mocks.server.serve import free_port

FOLDER = Path(sys.prefix) / "peers"
NODE = FOLDER / "node" / "node_modules"
PATHS = tuple(f"{buying.API}/{name}" for name in ("send-otp", "authorize"))
ANSWERS: tuple[dict[str, Any], ...] = (
    {"success": True, "message": "OK", "data": {"payment_token": TOKEN}},
    {"success": True, "message": "OK", "data": {"status": "SUCCESS", "transaction_code": "TRX"}},
)


def post(path: str, body: bytes, kind: str, **headers: str) -> bytes:
    """A request that another program's API takes."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n{more}\r\n"
    ).encode() + body


def put_items() -> Flow:
    """A purchase as an item of DynamoDB."""
    number = 0
    while True:
        number += 1
        item = {"id": {"S": f"INV/{number}"}, "card": {"S": CARD}, "amount": {"N": str(SHOP.price)}}
        yield _dynamo("PutItem", {"TableName": "purchases", "Item": item})


def payment_intents() -> Flow:
    """A payment intent at Stripe."""
    body = f"amount={SHOP.price}&currency=idr&metadata[card]={CARD}".encode()
    while True:
        yield post(
            "/v1/payment_intents",
            body,
            "application/x-www-form-urlencoded",
            Authorization="Bearer sk_test_12345",
        )


def records() -> Flow:
    """A purchase as a record of json-server's file."""
    body = json.dumps({"card": CARD, "course": SHOP.course, "amount": SHOP.price}).encode()
    while True:
        yield post("/purchases", body, "application/json")


def _node(package: str, script: str) -> Path:
    return NODE / package / script


def _written(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content))
    return path


_JSON = {"Content-Type": "application/json"}
PRISM = _node("@stoplight/prism-cli", "dist/index.js")
MOCKOON = _node("@mockoon/cli", "bin/run.js")
MOUNTEBANK = _node("@mbtest/mountebank", "bin/mb")
JSON_SERVER = _node("json-server", "lib/cli/bin.js")
WIREMOCK = NODE / "wiremock/build/wiremock-standalone-3.13.2.jar"
MOCKSERVER = NODE / "mockserver-node/mockserver-netty-8.0.0-jar-with-dependencies.jar"
MOTO = FOLDER / "moto/bin/moto_server"
LOCALSTRIPE = FOLDER / "localstripe/bin/localstripe"


def _prism(port: int, folder: Path) -> Command:
    contract = _written(folder / "openapi.json", _openapi())
    return ["node", PRISM, "mock", "-p", str(port), "-h", HOST, "-v", "fatal", contract]


def _mockoon(port: int, folder: Path) -> Command:
    routes = [_mockoon_route(number, path) for number, path in enumerate(PATHS)]
    environment = {
        "uuid": "bench",
        "lastMigration": 33,
        "name": "bench",
        "port": port,
        "hostname": HOST,
        "endpointPrefix": "",
        "latency": 0,
        "folders": [],
        "routes": routes,
        "proxyMode": False,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
        "headers": [],
        "data": [],
        "callbacks": [],
    }
    data = _written(folder / "mockoon.json", environment)
    return ["node", MOCKOON, "start", "--data", data, "--disable-log-to-file", "--disable-admin-api"]


def _mockoon_route(number: int, path: str) -> dict[str, Any]:
    """Its answer takes two values from the request, as a partner's would."""
    body = json.dumps(ANSWERS[number] | {"for": "{{body 'prakerja_id'}}{{body 'invoice_code'}}"})
    response = {
        "uuid": f"answer-{number}",
        "body": body,
        "latency": 0,
        "statusCode": 200,
        "label": "",
        "headers": [{"key": "Content-Type", "value": "application/json"}],
        "bodyType": "INLINE",
        "rules": [],
        "rulesOperator": "OR",
        "default": True,
        "filePath": "",
        "sendFileAsBody": False,
        "disableTemplating": False,
        "fallbackTo404": False,
        "callbacks": [],
        "databucketID": "",
        "crudKey": "id",
    }
    return {
        "uuid": f"route-{number}",
        "type": "http",
        "method": "post",
        "endpoint": path[1:],
        "documentation": "",
        "responses": [response],
        "responseMode": None,
    }


def _mountebank(port: int, folder: Path) -> Command:
    stubs = [
        {
            "predicates": [{"equals": {"method": "POST", "path": path}}, {"exists": {"body": True}}],
            "responses": [{"is": _kept(json.dumps(answer))}],
        }
        for path, answer in zip(PATHS, ANSWERS, strict=True)
    ]
    imposter = {"port": port, "protocol": "http", "host": HOST, "recordRequests": False, "stubs": stubs}
    config = _written(folder / "mb.json", {"imposters": [imposter]})
    admin = str(free_port(HOST))
    return [
        *("node", MOUNTEBANK, "start", "--configfile", config, "--port", admin, "--host", HOST),
        *("--loglevel", "error", "--nologfile", "--pidfile", folder / "mb.pid"),
    ]


def _kept(body: str) -> dict[str, Any]:
    """An answer after which the connection is kept."""
    headers = _JSON | {"Connection": "keep-alive", "Content-Length": str(len(body))}
    return {"statusCode": 200, "headers": headers, "body": body}


def _wiremock(port: int, folder: Path) -> Command:
    (folder / "mappings").mkdir()
    for number, path in enumerate(PATHS):
        answer = {"status": 200, "headers": _JSON, "body": json.dumps(ANSWERS[number])}
        mapping = {"request": {"method": "POST", "urlPath": path}, "response": answer}
        _written(folder / "mappings" / f"{number}.json", mapping)
    return [
        *("java", "-jar", WIREMOCK, "--port", str(port), "--bind-address", HOST, "--root-dir", folder),
        *("--no-request-journal", "--disable-banner", "--disable-request-logging"),
        *("--use-chunked-encoding", "never"),
    ]


def _mockserver(port: int, folder: Path) -> Command:
    expectations = [
        {
            "httpRequest": {"method": "POST", "path": path},
            "httpResponse": {"statusCode": 200, "headers": {}, "body": {"type": "JSON", "json": answer}},
            "times": {"unlimited": True},
        }
        for path, answer in zip(PATHS, ANSWERS, strict=True)
    ]
    file = _written(folder / "expectations.json", expectations)
    settings = {"initializationJsonPath": file, "logLevel": "ERROR", "disableSystemOut": "true"}
    return [
        *("java", *(f"-Dmockserver.{name}={value}" for name, value in settings.items())),
        *("-cp", MOCKSERVER, "org.mockserver.cli.Main", "-serverPort", str(port)),
    ]


def _json_server(port: int, folder: Path) -> Command:
    kept = _written(folder / "db.json", {"purchases": []})
    return ["node", JSON_SERVER, "--quiet", "--port", str(port), "--host", HOST, kept]


def _dynamo(operation: str, body: dict[str, Any]) -> bytes:
    return post(
        "/",
        json.dumps(body).encode(),
        "application/x-amz-json-1.0",
        X_Amz_Target=f"DynamoDB_20120810.{operation}",
        Authorization="AWS4-HMAC-SHA256 Credential=bench/20211101/us-east-1/dynamodb/aws4_request",
    )


_TABLE = _dynamo(
    "CreateTable",
    {
        "TableName": "purchases",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "BillingMode": "PAY_PER_REQUEST",
    },
)


def _openapi() -> dict[str, Any]:
    """Our own contract of the two requests, as every simulator serves it."""
    whole = document(FACE)
    return whole | {"paths": {path: whole["paths"][path] for path in PATHS}}


PEERS = (
    Peer("Prism", "@stoplight/prism-cli 5.14.2", "validates, answers an example", PRISM, _prism),
    Peer("Mockoon", "@mockoon/cli 9.9.0", "answers a template", MOCKOON, _mockoon),
    Peer("mountebank", "@mbtest/mountebank 2.9.2", "answers a text", MOUNTEBANK, _mountebank),
    Peer("WireMock", "wiremock 3.13.2", "answers a text", WIREMOCK, _wiremock),
    Peer("MockServer", "mockserver-node 8.0.0", "answers a text", MOCKSERVER, _mockserver),
    Peer(
        *("json-server", "json-server 0.17.4", "adds a record to a file", JSON_SERVER, _json_server),
        flow=records,
        grows=True,
    ),
    Peer(
        *("moto", "moto 5.2.5", "DynamoDB in memory, PutItem", MOTO),
        lambda port, _: [MOTO, "-H", HOST, "-p", str(port)],
        flow=put_items,
        prepare=_TABLE,
    ),
    Peer(
        *("localstripe", "localstripe 1.15.10", "Stripe in memory and a file, payment intent", LOCALSTRIPE),
        lambda port, _: [LOCALSTRIPE, "--port", str(port), "--from-scratch"],
        flow=payment_intents,
        grows=True,
    ),
)
