"""Programs written from the reference alone redeem a test code: by address, by Host, through TLS.

Each is run as its user would: with the lines that `serve --tls` prints, and nothing else.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from prakerja_sim.mocks.server.banner import exports
from prakerja_sim.mocks.server.options import Options
from tests.live import Live, serving

CLIENTS = Path(__file__).parent / "clients"
REAL_HOST = "api.prakerja.go.id"
JAVA = ["java", "-XX:TieredStopAtLevel=1", "-Djdk.httpclient.allowRestrictedHeaders=host"]
COMMANDS = {
    "requests": [sys.executable, "redeem_requests.py"],
    "httpx": [sys.executable, "redeem_httpx.py"],
    "curl": ["sh", "redeem_curl.sh"],
    "node": ["node", "redeem_node.js"],
    "java": [*JAVA, "Redeem.java"],
}
NEEDED = {"curl": ("curl", "openssl"), "node": ("node",), "java": ("javac",)}
WAYS = ("address", "host", "tls")


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    store = f"lmdb:{tmp_path_factory.mktemp('with a space') / 'sim.db'}"
    with serving("--store", store, "--tls", "--tls-port", "0", "--proxy-port", "0") as server:
        yield server


@pytest.fixture(params=COMMANDS)
def client(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    for program in NEEDED.get(name, ()):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} here")
    if name == "httpx" and find_spec("httpx") is None:
        pytest.skip("no httpx here")
    return name


def printed(server: Live) -> dict[str, str]:
    """The environment of a shell into which the printed lines were pasted."""
    ports = [int(server.ready[name].rpartition(":")[2]) for name in ("tls", "proxy")]
    lines = exports(Options(ca=server.ready["ca"], tls_port=ports[0], proxy_port=ports[1]))
    words = [
        word for line in lines if line.startswith("export ") for word in shlex.split(line, comments=True)
    ]
    return dict(word.split("=", 1) for word in words if word != "export")


def run(client: str, server: Live, way: str, *given: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    environment |= printed(server) if way == "tls" else {}
    url = f"https://{REAL_HOST}" if way == "tls" else server.url
    host = [REAL_HOST] if way == "host" else []
    return subprocess.run(
        [*COMMANDS[client], url, *given, *host],
        cwd=CLIENTS,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@pytest.fixture
def credential(secure: Live) -> tuple[str, str, str]:
    """Client code and key of an institution, and a fresh test code of its own course."""
    codes = secure.send("GET", "/__admin/test-codes")[1]["test_codes"]
    schedule = next(code for code in codes if code["institution"] == "lp-kopi")["schedule_code"]
    issued = secure.send("POST", "/__admin/test-codes", {"schedule_code": schedule})[1]
    known = secure.send("GET", "/__admin/clients")[1]["clients"]
    lp = next(c for c in known if c["party"] == "lp-kopi")
    assert (issued["status"], issued["redeem_code"][:5]) == ("issued", "PRAT-")
    return lp["client_code"], lp["sign_key"], issued["redeem_code"]


def status_of(server: Live, code: str) -> str:
    known = server.send("GET", "/__admin/test-codes")[1]["test_codes"]
    status: str = next(c for c in known if c["redeem_code"] == code)["status"]
    return status


@pytest.mark.parametrize("way", WAYS)
def test_a_client_asks_and_commits(
    client: str, way: str, secure: Live, credential: tuple[str, str, str]
) -> None:
    done = run(client, secure, way, *credential)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    for step, status in (("status", 0), ("commit", 1)):
        assert told[step]["success"] is True
        assert told[step]["data"]["status"] == status
        assert told[step]["data"]["redeem_code"] == credential[2]
    assert status_of(secure, credential[2]) == "redeemed"


def test_a_client_with_a_wrong_key_is_told_so_in_the_real_words(
    client: str, secure: Live, credential: tuple[str, str, str]
) -> None:
    done = run(client, secure, "tls", credential[0], "wrong", credential[2])
    told = json.loads(done.stdout)
    assert {told["status"]["message"], told["commit"]["message"]} == {"Unauthorized"}
    assert status_of(secure, credential[2]) == "issued"
