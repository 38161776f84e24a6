"""The requests of `collection_steps.py` as collections for Postman (v2.1) and Bruno (OpenCollection).

A script before each signs it. The variables are those of the default sandbox; the demo of every other one has
the same credentials, so another sandbox is another `base_url`.
"""

import json
import re
from typing import Any

import yaml

from prakerja_sim.mocks.admin.seed import START
from prakerja_sim.mocks.docs.collection_steps import Folder, Step, folders
from prakerja_sim.mocks.http.credentials import DEFAULT
from prakerja_sim.mocks.server.sandboxes import Sandboxes
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator.stores.memory import Memory

SEED = 42
SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
NAME = "Kartu Prakerja partner API (simulated)"
ROLES = {registry.DEFAULT: "marketplace", "lp-kopi": "institution"}

SIGN = r"""
if (path.startsWith("/api/")) {
  const role = /redeem-code|\/tpm\/|\/oauth\//.test(path) ? "institution" : "marketplace";
  const code = variable(role + "_client_code");
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signed = code + timestamp + "POST" + path + body;
  const signature = cryptoJs.HmacSHA1(signed, variable(role + "_sign_key")).toString();
  header("client_code", code);
  header("timestamp", timestamp);
  header("signature", signature);
}
""".strip()
POSTMAN_SIGNS = f"""
const cryptoJs = require("crypto-js");
const variable = (name) => pm.variables.get(name);
const path = pm.request.url.getPath();
const body = pm.variables.replaceIn(pm.request.body ? pm.request.body.raw : "");
const header = (key, value) => pm.request.headers.upsert({{ key, value }});
{SIGN}
""".strip()
BRUNO_SIGNS = f"""
const cryptoJs = require("crypto-js");
const variable = (name) => bru.getEnvVar(name);
const path = req.getUrl().replace(/^.*?(?=\\/(api|__admin)\\/)/, "");
const body = bru.interpolate(req.getBody({{ raw: true }}) || "");
const header = (name, value) => req.setHeader(name, value);
{SIGN}
""".strip()
POSTMAN_CHECKS = """
const { test, expect } = pm;
const status = pm.response.code, answer = pm.response.json();
const variable = (name) => pm.variables.get(name);
const keep = (name, value) => pm.collectionVariables.set(name, value);
""".strip()
BRUNO_CHECKS = """
const status = res.getStatus(), answer = res.getBody();
const variable = (name) => bru.getVar(name);
const keep = (name, value) => bru.setVar(name, value);
""".strip()


def collections() -> dict[str, str]:
    """Every file by its path below docs/."""
    files = {"collections/prakerja.postman_collection.json": _json(_postman())}
    opening = {
        "opencollection": "1.0.0",
        "info": {"name": NAME},
        "request": {"scripts": [{"type": "before-request", "code": BRUNO_SIGNS}]},
    }
    environment = {
        "name": "Simulator",
        "variables": [{"name": name, "value": value} for name, value in _variables().items()],
    }
    files["collections/prakerja/opencollection.yml"] = _yaml(opening)
    files["collections/prakerja/environments/Simulator.yml"] = _yaml(environment)
    for number, folder in enumerate(folders(), 1):
        files |= _bruno_folder(number, folder)
    return files


def _variables() -> dict[str, str]:
    sandboxes = Sandboxes(Memory())
    default = sandboxes.lease(DEFAULT, SEED, START)
    variables = {"base_url": "http://127.0.0.1:8420", "admin_token": ""}
    for party, role in ROLES.items():
        credential = sandboxes.credential_of(default, party)
        variables |= {f"{role}_client_code": credential.client_code, f"{role}_sign_key": credential.sign_key}
    return variables


def _postman() -> dict[str, Any]:
    return {
        "info": {"name": NAME, "schema": SCHEMA},
        "item": [
            {"name": folder.name, "item": [_postman_item(step) for step in folder.steps]}
            for folder in folders()
        ],
        "event": [_event("prerequest", POSTMAN_SIGNS)],
        "variable": [{"key": name, "value": value} for name, value in _variables().items()],
    }


def _postman_item(step: Step) -> dict[str, Any]:
    path, _, query = step.path.partition("?")
    url: dict[str, Any] = {
        "raw": f"{{{{base_url}}}}{step.path}",
        "host": ["{{base_url}}"],
        "path": path[1:].split("/"),
    }
    if query:
        url["query"] = [
            dict(zip(("key", "value"), part.split("="), strict=True)) for part in query.split("&")
        ]
    request: dict[str, Any] = {
        "method": step.method,
        "header": [{"key": key, "value": value} for key, value in (step.headers or {}).items()],
        "url": url,
    }
    if step.raw is not None:
        request["body"] = {"mode": "raw", "raw": step.raw}
    checks = _event("test", f"{POSTMAN_CHECKS}\n{step.check}")
    return {"name": step.name, "request": request, "event": [checks]}


def _event(listen: str, code: str) -> dict[str, Any]:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": code.split("\n")}}


def _bruno_folder(number: int, folder: Folder) -> dict[str, str]:
    home = f"collections/prakerja/{folder.code}"
    files = {f"{home}/folder.yml": _yaml({"info": {"name": folder.name, "type": "folder", "seq": number}})}
    for place, step in enumerate(folder.steps, 1):
        name = re.sub(r"[^a-z0-9]+", "-", step.name.lower()).strip("-")
        files[f"{home}/{place:02}-{name}.yml"] = _yaml(_bruno(step, place))
    return files


def _bruno(step: Step, place: int) -> dict[str, Any]:
    http: dict[str, Any] = {
        "method": step.method,
        "url": f"{{{{base_url}}}}{step.path}",
        "headers": [{"name": name, "value": value} for name, value in (step.headers or {}).items()],
    }
    if step.raw is not None:
        http["body"] = {"type": "json", "data": step.raw}
    return {
        "info": {"name": step.name, "type": "http", "seq": place},
        "http": http,
        "runtime": {"scripts": [{"type": "tests", "code": f"{BRUNO_CHECKS}\n{step.check}"}]},
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as blocks."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def _yaml(value: Any) -> str:
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=200)
