"""The collections for Postman and Bruno: their scripts sign what Prakerja accepts.

The programs themselves run them in test_collections_elsewhere.py.
"""

import json
import re
import shutil
import subprocess

import pytest
import yaml

from prakerja_sim.mocks.docs.collections import collections
from prakerja_sim.mocks.docs.reference import DOCS
from prakerja_sim.mocks.http.transport import InProcess
from prakerja_sim.mocks.server.options import Options
from prakerja_sim.mocks.server.serve import build
from prakerja_sim.simulator.values.settings import Settings

FILES = collections()
POSTMAN = json.loads(FILES["collections/prakerja.postman_collection.json"])
BRUNO = {name: yaml.safe_load(text) for name, text in FILES.items() if name.endswith(".yml")}
ITEMS = [item for folder in POSTMAN["item"] for item in folder["item"]]
VARIABLES = {one["key"]: one["value"] for one in POSTMAN["variable"]}
PROGRAM = "collections/prakerja/opencollection.yml"

STUBS = """
const sent = {};
const input = JSON.parse(require("fs").readFileSync(0));
const filled = (text) => text.replace(/\\{\\{(\\w+)\\}\\}/g, (_, name) => input.variables[name]);
const { createHmac } = require("crypto");
const cryptoJs = { HmacSHA1: (text, key) => createHmac("sha1", key).update(text).digest("hex") };
const pm = { variables: { get: (name) => input.variables[name], replaceIn: filled }, request: {
  url: { getPath: () => input.path }, body: { raw: input.body },
  headers: { upsert: ({ key, value }) => { sent[key] = value; } } } };
const req = { getUrl: () => "{{base_url}}" + input.path, getBody: () => input.body,
  setHeader: (name, value) => { sent[name] = value; } };
const bru = { getEnvVar: (name) => input.variables[name], interpolate: filled };
"""


def test_postman_and_bruno_hold_the_same_requests():
    bruno = [read["info"]["name"] for read in BRUNO.values() if read.get("http")]
    assert bruno == [item["name"] for item in ITEMS]
    assert POSTMAN["info"]["schema"].endswith("/v2.1.0/collection.json")
    assert BRUNO[PROGRAM]["opencollection"] == "1.0.0"


def test_every_variable_that_is_used_is_given_or_kept_before():
    kept = set(VARIABLES)
    for item in ITEMS:
        script = "\n".join(item["event"][0]["script"]["exec"])
        assert set(re.findall(r"\{\{(\w+)\}\}", json.dumps(item["request"]))) <= kept, item["name"]
        assert set(re.findall(r'variable\("(\w+)"\)', script)) <= kept, item["name"]
        kept |= set(re.findall(r'keep\("(\w+)"', script))
    given = BRUNO["collections/prakerja/environments/Simulator.yml"]["variables"]
    assert {one["name"]: one["value"] for one in given} == VARIABLES


def test_every_answer_is_judged():
    for item in ITEMS:
        assert 'test("status ' in "\n".join(item["event"][0]["script"]["exec"]), item["name"]


def test_nothing_lies_beside_them():
    there = {str(path.relative_to(DOCS)) for path in (DOCS / "collections").rglob("*") if path.is_file()}
    assert there == set(FILES)


@pytest.mark.skipif(shutil.which("node") is None, reason="the scripts are JavaScript")
@pytest.mark.parametrize("program", ["postman", "bruno"])
def test_a_script_signs_what_is_accepted(program):
    parties = build(Options(store="memory"))
    object.__setattr__(parties.sandboxes.get("default"), "settings", Settings(signature_clock="off"))
    if program == "postman":
        script = "\n".join(POSTMAN["event"][0]["script"]["exec"])
    else:
        script = BRUNO[PROGRAM]["request"]["scripts"][0]["code"]
    script = script.replace('const cryptoJs = require("crypto-js");', "")
    program = f"{STUBS}{{{script}}}\nconsole.log(JSON.stringify(sent));"
    variables = {
        **VARIABLES,
        "card": "9900164602219921",
        "schedule_code": "eb67c9c62f3962e2",
        "price": 650_000,
    }
    signed = [item["request"] for item in ITEMS if item["name"] in ("Send the OTP", ITEMS[-1]["name"])]
    assert len(signed) == 2
    for request in signed:
        path, body = "/" + "/".join(request["url"]["path"]), request["body"]["raw"]
        given = json.dumps({"path": path, "body": body, "variables": variables})
        done = subprocess.run(
            ["node", "-e", program], input=given, capture_output=True, text=True, check=True, timeout=30
        )
        headers = json.loads(done.stdout)
        filled = re.sub(r"\{\{(\w+)\}\}", lambda name: str(variables.get(name[1], "undefined")), body)
        answer = InProcess(parties.application).send("POST", path, headers, filled.encode())
        assert answer.json().get("code") not in ("ERR40180", "ERR40080"), answer.body
