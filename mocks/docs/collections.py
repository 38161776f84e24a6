"""Collections for Postman (v2.1) and Bruno (OpenCollection) from the examples of Prakerja's OpenAPI.

A script before each request signs it; the variables are those of the default sandbox.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from prakerja_sim.mocks.admin.seed import START
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.http.describe import Example
from prakerja_sim.mocks.prakerja.fields import API
from prakerja_sim.mocks.prakerja.server import FACE
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.stores.memory import Memory

SEED = 42
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
NAME = "Kartu Prakerja partner API (simulated)"
AUTHORIZE = f"{API}/payment/authorize"
ROLES = {registry.DEFAULT: "marketplace", "lp-kopi": "institution"}

SIGN = r"""
const role = /redeem-code|\/tpm\/|\/oauth\//.test(path) ? "institution" : "marketplace";
const code = variable(role + "_client_code");
const timestamp = String(Math.floor(Date.now() / 1000));
const signed = code + timestamp + "POST" + path + body;
const signature = CryptoJS.HmacSHA1(signed, variable(role + "_sign_key")).toString(CryptoJS.enc.Hex);
header("client_code", code);
header("timestamp", timestamp);
header("signature", signature);
""".strip()
POSTMAN = f"""
const path = pm.request.url.getPath();
const body = pm.request.body.raw;
const variable = (name) => pm.variables.get(name);
const header = (key, value) => pm.request.headers.upsert({{ key, value }});
{SIGN}
""".strip()
BRUNO = f"""
const CryptoJS = require("crypto-js");
const path = req.getUrl().replace(/^.*?(?=\\/api\\/)/, "");
const body = typeof req.getBody() === "string" ? req.getBody() : JSON.stringify(req.getBody());
const variable = (name) => bru.getEnvVar(name);
const header = (name, value) => req.setHeader(name, value);
{SIGN}
""".strip()
KEEP_TOKEN = {
    "postman": "const data = pm.response.json().data; "
    'if (data) pm.collectionVariables.set("payment_token", data.payment_token);',
    "bruno": 'const data = res.getBody().data; if (data) bru.setVar("payment_token", data.payment_token);',
}


def collections() -> dict[str, str]:
    """Every file by its path below docs/."""
    files = {"collections/prakerja.postman_collection.json": _json(_postman())}
    opening = {
        "opencollection": "1.0.0",
        "info": {"name": NAME},
        "request": {"scripts": [{"type": "before-request", "code": BRUNO}]},
    }
    environment = {
        "name": "Simulator",
        "variables": [{"name": name, "value": value} for name, value in _variables().items()],
    }
    files["collections/prakerja/opencollection.yml"] = _yaml(opening)
    files["collections/prakerja/environments/Simulator.yml"] = _yaml(environment)
    for number, (path, one) in enumerate(_requests(), 1):
        name = re.sub(r"[^a-z0-9]+", "-", f"{path.removeprefix(API)} {one.name}".lower()).strip("-")
        files[f"collections/prakerja/{name}.yml"] = _yaml(_bruno(path, one, number))
    return files


def _requests() -> Iterator[tuple[str, Example]]:
    for (_, path), some in FACE.described.examples.items():
        if path.startswith(API):
            yield from ((path, one) for one in some)


def _variables() -> dict[str, str]:
    sandboxes = Sandboxes(Memory())
    default = sandboxes.lease(DEFAULT, SEED, START)
    variables = {"base_url": "http://127.0.0.1:8420"}
    for party, role in ROLES.items():
        credential = sandboxes.credential_of(default, party)
        variables |= {f"{role}_client_code": credential.client_code, f"{role}_sign_key": credential.sign_key}
    return variables


def _headers(path: str) -> dict[str, str]:
    token = {"Authorization": "Payment {{payment_token}}"} if path == AUTHORIZE else {}
    return {"Content-Type": "application/json", **token}


def _title(path: str, one: Example) -> str:
    return f"{path.removeprefix(API + '/')}: {one.name}"


def _postman() -> dict[str, Any]:
    items = []
    for path, one in _requests():
        item: dict[str, Any] = {
            "name": _title(path, one),
            "request": {
                "method": "POST",
                "header": [{"key": key, "value": value} for key, value in _headers(path).items()],
                "url": {
                    "raw": f"{{{{base_url}}}}{path}",
                    "host": ["{{base_url}}"],
                    "path": path[1:].split("/"),
                },
                "body": {"mode": "raw", "raw": json.dumps(dict(one.body), separators=(",", ":"))},
            },
        }
        if path.endswith("/send-otp"):
            item["event"] = [_event("test", KEEP_TOKEN["postman"])]
        items.append(item)
    variables = [{"key": name, "value": value} for name, value in _variables().items()]
    return {
        "info": {"name": NAME, "schema": SCHEMA},
        "item": items,
        "event": [_event("prerequest", POSTMAN)],
        "variable": [*variables, {"key": "payment_token", "value": ""}],
    }


def _event(listen: str, code: str) -> dict[str, Any]:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": code.split("\n")}}


def _bruno(path: str, one: Example, number: int) -> dict[str, Any]:
    request: dict[str, Any] = {
        "info": {"name": _title(path, one), "type": "http", "seq": number},
        "http": {
            "method": "POST",
            "url": f"{{{{base_url}}}}{path}",
            "headers": [{"name": name, "value": value} for name, value in _headers(path).items()],
            "body": {"type": "json", "data": json.dumps(dict(one.body), indent=2)},
        },
    }
    if path.endswith("/send-otp"):
        request["runtime"] = {"scripts": [{"type": "after-response", "code": KEEP_TOKEN["bruno"]}]}
    return request


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _yaml(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=200)
