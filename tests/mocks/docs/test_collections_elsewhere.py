"""Newman and Bruno's own program run the collections: a whole purchase, in any sandbox, again and again.

`make test-collections` installs both; without them this skips and says so.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from prakerja_sim.mocks.docs.collections import collections
from tests.kit.pages import DOCS, FENCED
from tests.live import REPOSITORY, serving

NODE = REPOSITORY / ".venv" / "node-collections" / "node_modules"
PROGRAMS = {"newman": NODE / ".bin" / "newman", "bru": NODE / ".bin" / "bru"}
USUAL = "http://127.0.0.1:8420"
PURCHASE, ENDPOINTS = "A whole purchase", "Each endpoint"

pytestmark = [
    pytest.mark.skipif(
        shutil.which("node") is None or not all(map(Path.exists, PROGRAMS.values())),
        reason="newman and bru are not installed: make test-collections",
    ),
    pytest.mark.timeout(900),
]


@pytest.fixture(scope="module")
def live():
    with serving("--store", "memory", "--quiet") as server:
        yield server


class Collection:
    """The files as they are written, in a folder of the test, and a program that runs them."""

    def __init__(self, program, home):
        self.program, self.home = program, home
        for name, text in collections().items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def plant(self, good, bad):
        """Replace a text in every request."""
        paths = [path for path in self.home.rglob("*.*") if path.is_file() and good in path.read_text()]
        assert paths
        for path in paths:
            path.write_text(path.read_text().replace(good, bad))

    def run(self, url, folder="", **variables):
        """Whether the program ends with 0, and how many requests it sent.

        Bruno's scripts run in Node here, which is faster than its own interpreter. That is the default, and
        the handbook's commands are run with that.
        """
        given = [f"--env-var={name}={value}" for name, value in {"base_url": url, **variables}.items()]
        home, told = self.home / "collections", self.home / "told.json"
        if self.program == "newman":
            place = [home / "prakerja.postman_collection.json", *(["--folder", folder] if folder else [])]
            report = ["--reporters=json", f"--reporter-json-export={told}"]
        else:
            where = {"": [], PURCHASE: ["purchase"], ENDPOINTS: ["endpoints"]}[folder]
            place = [*where, "-r", "--env=Simulator", "--sandbox=developer"]
            report = [f"--reporter-json={told}"]
        done = subprocess.run(
            [PROGRAMS[self.program], "run", *place, *given, *report, "--bail"],
            cwd=home / "prakerja",
            capture_output=True,
            text=True,
            timeout=800,
            check=False,
        )
        assert done.returncode in (0, 1), done.stdout + done.stderr
        answer = json.loads(told.read_text())
        if self.program == "newman":
            return done.returncode == 0, len(answer["run"]["executions"])
        return done.returncode == 0, len([one for one in answer[0]["results"] if one["status"] != "skipped"])


@pytest.fixture(params=PROGRAMS)
def collection(request, tmp_path):
    return Collection(request.param, tmp_path)


def payments(live, box=""):
    return live.send("GET", f"{box}/__admin/payments")[1]["payments"]


def test_the_whole_collection_runs_and_again_in_the_default_sandbox(live, collection):
    before = len([one for one in payments(live) if one["status"] == "paid"])
    passed, sent = collection.run(live.url)
    assert passed
    assert sent == len([name for name in collections() if re.search(r"/\d\d-[^/]+\.yml$", name)])
    assert collection.run(live.url, PURCHASE)[0]
    assert collection.run(live.url, ENDPOINTS)[0]
    assert len([one for one in payments(live) if one["status"] == "paid"]) == before + 2
    assert live.send("GET", "/__admin/reconciliation")[1]["ok"]


def test_it_runs_in_a_leased_sandbox_with_a_credential_of_ones_own(live, collection):
    name = f"lease-{collection.program}"
    own = {"client_code": f"toko-{name}", "sign_key": "kunci-uji-toko", "party": "tokopedia"}
    lease = {"name": name, "seed": 7, "fill": True, "clients": [own]}
    assert live.send("POST", "/__admin/sandboxes", lease)[0] == 201
    mine = {"marketplace_client_code": own["client_code"], "marketplace_sign_key": own["sign_key"]}
    for _ in range(2):
        assert collection.run(f"{live.url}/s/{name}", PURCHASE, **mine)[0]
    paid = payments(live, f"/s/{name}")
    assert [one["status"] for one in paid] == ["paid", "paid"]


def test_the_handbooks_commands_run(live, tmp_path):
    for name, text in collections().items():
        path = tmp_path / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(USUAL, live.url))
    commands = [code for tag, code in FENCED.findall((DOCS / "handbook.md").read_text()) if tag == "bash"]
    assert len(commands) == 2
    for code in commands:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", code.replace(USUAL, live.url)],
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{NODE / '.bin'}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=800,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_key_fails_the_run(live, collection):
    passed, sent = collection.run(live.url, PURCHASE, marketplace_sign_key="wrong")
    assert not passed
    assert sent == 5  # the first one that is signed


def test_a_wrong_otp_fails_the_run(live, collection):
    collection.plant("{{otp}}", "salah?")
    before = [one["status"] for one in payments(live)].count("paid")
    assert not collection.run(live.url, PURCHASE)[0]
    assert [one["status"] for one in payments(live)].count("paid") == before


def test_a_price_that_is_not_charged_fails_the_run(live, collection):
    collection.plant(
        'Number(variable(\\"price\\"))' if collection.program == "newman" else 'Number(variable("price"))',
        "1",
    )
    assert not collection.run(live.url, PURCHASE)[0]
