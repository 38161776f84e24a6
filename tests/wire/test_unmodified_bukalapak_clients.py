"""Programs written from the reference alone log in at Bukalapak and buy: by address, by Host, through TLS.

Each is run as its user would: with the lines that `serve --tls` prints, and nothing else.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.live import Live, serving
from tests.wire.test_unmodified_clients import printed

CLIENTS = Path(__file__).parent / "clients"
COMMANDS = {
    "requests": [sys.executable, "bukalapak_requests.py"],
    "node": ["node", "bukalapak_node.js"],
}
HOSTS = ("accounts.bukalapak.com", "api.bukalapak.com")
WAYS = ("address", "host", "tls")
APP = ("bukalapak-app", "test_bukalapak_app")
COURSE = "kue-rumahan"
PASSWORD = "rahasia-sekali"
NUMBERS = count(100)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    store = f"lmdb:{tmp_path_factory.mktemp('bukalapak') / 'sim.db'}"
    with serving("--store", store, "--tls", "--tls-port", "0", "--proxy-port", "0") as running:
        yield running


@pytest.fixture(params=COMMANDS)
def client(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name == "node" and shutil.which("node") is None:
        pytest.skip("no node here")
    return name


def account(server: Live) -> dict[str, Any]:
    """Somebody with a card, and an account whose phone is not confirmed yet."""
    enrol = {"wave": 22, "number": next(NUMBERS), "videos_watched": True}
    person: dict[str, Any] = server.send("POST", "/__admin/people", enrol)[1]["people"][0]
    grant = urlencode({"client_id": APP[0], "client_secret": APP[1], "grant_type": "client_credentials"})
    token = server.send("POST", f"/bukalapak/accounts/oauth/token?{grant}")[1]["access_token"]
    body = {"name": person["name"], "phone": person["phone"], "email": person["email"], "password": PASSWORD}
    opened = server.send("POST", "/bukalapak/api/users", body, {"Authorization": f"Bearer {token}"})
    assert opened[0] == 201, opened
    return person


def bases(server: Live, way: str) -> tuple[list[str], list[str]]:
    """Where accounts and API are, and the hosts to name if the address does not."""
    if way == "tls":
        return [f"https://{host}" for host in HOSTS], []
    if way == "host":
        return [server.url, server.url], list(HOSTS)
    return [f"{server.url}/bukalapak/accounts", f"{server.url}/bukalapak/api"], []


def run(client: str, server: Live, way: str, person: dict[str, Any], *login: str) -> Any:
    addresses, hosts = bases(server, way)
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    environment |= printed(server) if way == "tls" else {}
    given = [*addresses, *login, person["phone"], PASSWORD, COURSE, person["prakerja_id"]]
    done = subprocess.run(
        [*COMMANDS[client], *given, f"{server.url}/__admin/inbox/sms", *hosts],
        cwd=CLIENTS,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def balance(server: Live, person: dict[str, Any]) -> int:
    named = f"/__admin/ledger?account=card:{person['prakerja_id']}"
    [account] = server.send("GET", named)[1]["accounts"]
    found: int = account["balance"]
    return found


@pytest.mark.parametrize("way", WAYS)
def test_a_program_logs_in_and_buys(client: str, way: str, server: Live) -> None:
    person = account(server)
    told = run(client, server, way, person, *APP)
    assert told.pop("coupon").startswith("BLPK-")
    # A sandbox of 2021 and a clock of today: the official client takes each token for expired.
    assert told.pop("refreshed", True) is True
    assert told == {
        "found": True,
        "curriculum": 4,
        "checked": "card_entered",
        "paid": "paid",
        "confirmed": True,
        "statuses": [200, 201, 202, 401],
    }
    assert balance(server, person) == 750_000
    assert server.send("GET", "/__admin/invariants")[1]["ok"] is True


def test_a_partners_own_credential_is_a_client_too(client: str, server: Live) -> None:
    known = server.send("GET", "/__admin/clients")[1]["clients"]
    partner = next(one for one in known if one["party"] == "bukalapak")
    told = run(client, server, "address", account(server), partner["client_code"], partner["sign_key"])
    assert told["paid"] == "paid"
