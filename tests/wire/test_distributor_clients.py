"""Distributors' programs written from the reference alone buy a class over SAT, callback included."""

import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.live import Live

CLIENTS = Path(__file__).parent / "clients"
COMMANDS = {"requests": [sys.executable, "sat_requests.py"], "node": ["node", "sat_node.js"]}
P03 = {"code": "P03", "detail": "Duplicate Request ID, please check your system", "status": "400"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def bought(client: str, live: Live, tmp_path: Path, product: str, number: str) -> dict[str, Any]:
    demo = live.send("GET", "/__admin/distributor")[1]
    port = free_port()
    url = f"http://127.0.0.1:{port}/callback"
    assert live.send("POST", "/__admin/callbacks", {"url": url})[0] == 201
    keys = [tmp_path / "private.pem", tmp_path / "public.pem"]
    for path, name in zip(keys, ("private_key", "platform_public_key"), strict=True):
        path.write_text(demo[name])
    who = [live.url, demo["client_id"], demo["client_secret"], *map(str, keys)]
    what = [product, number, f"{client}-{product}", str(port)]
    done = subprocess.run(
        [*COMMANDS[client], *who, *what],
        cwd=CLIENTS,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.parametrize("client", COMMANDS)
@pytest.mark.parametrize(
    ("product", "number", "ends"),
    [("prakerja-jualan-online", "081234567890", "Success"), ("pln-postpaid", "2121212", "Failed")],
)
def test_a_program_buys_and_believes_only_what_is_signed(
    client: str, product: str, number: str, ends: str, live: Live, tmp_path: Path
) -> None:
    if shutil.which(COMMANDS[client][0]) is None:
        pytest.skip(f"no {client} here")
    told = bought(client, live, tmp_path, product, number)
    assert told["ping"]["status"] == "ok"
    assert {"name", "sales_price", "product_name", "price"} <= set(told["product"])
    assert told["order"]["data"]["attributes"]["status"] == "Pending"
    assert told["again"] == {"errors": [P03]}
    status = told["status"]["data"]
    assert (status["id"], status["attributes"]["status"]) == (f"{client}-{product}", ends)
    assert bool(status["attributes"].get("voucher_code")) is (ends == "Success")
    assert told["spent"] == (told["price"] if ends == "Success" else 0)
    assert told["callbacks"] == [{"type": "application/vnd.api+json", "document": told["status"]}]
    assert live.send("GET", "/__admin/invariants")[1]["violations"] == []
