"""The collections for Postman and Bruno: their scripts sign what Prakerja accepts."""

import json
import re
import shutil
import subprocess

import pytest
import yaml

from prakerja_sim.mocks.docs.collections import collections
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.simulator.values.settings import Settings

FILES = collections()
POSTMAN = json.loads(FILES["collections/prakerja.postman_collection.json"])
BRUNO = {name: yaml.safe_load(text) for name, text in FILES.items() if name.endswith(".yml")}

STUBS = """
const told = {};
const input = JSON.parse(require("fs").readFileSync(0));
const CryptoJS = { enc: { Hex: "hex" }, HmacSHA1: (text, key) => ({
  toString: (how) => require("crypto").createHmac("sha1", key).update(text).digest(how) }) };
"""
POSTMAN_STUB = """
const pm = { variables: { get: (name) => input.variables[name] }, request: {
  url: { getPath: () => input.path }, body: { raw: input.body },
  headers: { upsert: ({ key, value }) => { told[key] = value; } } } };
"""
BRUNO_STUB = """
const req = { getUrl: () => "{{base_url}}" + input.path, getBody: () => JSON.parse(input.body),
  setHeader: (name, value) => { told[name] = value; } };
const bru = { getEnvVar: (name) => input.variables[name] };
"""


def test_postman_and_bruno_hold_the_same_requests():
    bruno = [told["info"]["name"] for told in BRUNO.values() if told.get("http")]
    assert sorted(bruno) == sorted(item["name"] for item in POSTMAN["item"])
    assert len(bruno) > 15
    assert POSTMAN["info"]["schema"].endswith("/v2.1.0/collection.json")
    assert BRUNO["collections/prakerja/opencollection.yml"]["opencollection"] == "1.0.0"


def test_every_variable_that_is_used_is_there():
    known = {one["key"] for one in POSTMAN["variable"]}
    used = set(re.findall(r"\{\{(\w+)\}\}", json.dumps(POSTMAN)))
    assert used <= known
    there = {one["name"] for one in BRUNO["collections/prakerja/environments/Simulator.yml"]["variables"]}
    assert known - {"payment_token"} == there


@pytest.mark.skipif(shutil.which("node") is None, reason="the scripts are JavaScript")
@pytest.mark.parametrize("program", ["postman", "bruno"])
def test_a_script_signs_what_is_accepted(program):
    parties = build(Options(store="memory"))
    object.__setattr__(parties.sandboxes.get("default"), "settings", Settings(signature_clock="off"))
    if program == "postman":
        script = POSTMAN_STUB + "\n".join(POSTMAN["event"][0]["script"]["exec"])
    else:
        script = BRUNO["collections/prakerja/opencollection.yml"]["request"]["scripts"][0]["code"]
        script = BRUNO_STUB + script.replace('const CryptoJS = require("crypto-js");', "")
    variables = {one["key"]: one["value"] for one in POSTMAN["variable"]}
    program = STUBS + script + "\nconsole.log(JSON.stringify(told));"
    for item in (POSTMAN["item"][0], POSTMAN["item"][-1]):
        path, body = "/" + "/".join(item["request"]["url"]["path"]), item["request"]["body"]["raw"]
        given = json.dumps({"path": path, "body": body, "variables": variables})
        done = subprocess.run(
            ["node", "-e", program], input=given, capture_output=True, text=True, check=True, timeout=30
        )
        headers = json.loads(done.stdout)
        answer = InProcess(parties.application).send("POST", path, headers, body.encode())
        assert answer.json().get("code") not in ("ERR40180", "ERR40080"), answer.body
