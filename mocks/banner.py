"""What `serve` says when it is ready: something that a newcomer can act on.

It asks the server itself over HTTP, so what it prints is what works.
"""

import json
import os
import sys

import requests

from mocks.serve import Options
from simulator import VERSION


def as_json(options: Options) -> None:
    """One line for programs."""
    print(json.dumps({"event": "ready", "url": options.url, "pid": os.getpid()}), flush=True)


def for_people(options: Options) -> None:
    """Addresses, credentials, a person to play, and a signed request that works."""
    token = {"Authorization": f"Bearer {options.admin_token}"} if options.admin_token else {}
    admin = f"{options.url}/__admin"

    def ask(path: str) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = requests.get(admin + path, headers=token, timeout=5).json()
        return found

    clock, clients, people = ask("/clock"), ask("/clients")["clients"], ask("/people")["people"]
    kept = "in memory, gone at the end" if options.store == "memory" else options.store
    durable = "" if options.durability == "full" else "  NOT DURABLE: --durability relaxed may lose purchases"
    lines = [
        f"prakerja-sim {VERSION}   seed {options.seed}   store {kept}   server {options.server}{durable}",
        f"clock  {clock['now']}, frozen unless you move it:",
        f"       prakerja-sim clock --advance 1d --url {options.url}",
        "",
        f"  Console      {options.url}/",
        f"  Prakerja     {options.url}/prakerja      partner API also at {options.url}/api/v1/integration",
        f"  Tokopedia    {options.url}/tokopedia",
        f"  Institution  {options.url}/institution   Payout {options.url}/payout",
        f"  Admin        {admin}   (OpenAPI: {admin}/openapi.json)",
        "",
        "  Credentials  (party, client_code, sign_key)",
        *(f"    {c['party']:12} {c['client_code']:32} {c['sign_key']}" for c in clients),
        "",
    ]
    if people:
        someone = people[0]
        lines += [
            f"  A person     {someone['name']}, card {someone['prakerja_id']}, wave {someone['wave']}",
            f"    the phone  curl -s '{admin}/inbox/sms?to={someone['phone']}&wait=5s'",
        ]
    if not options.empty:
        lines += ["  Try it       " + str(ask("/demo")["curl"])]
    if options.fixed_otp:
        lines += ["  Weaker than default: one fixed OTP for everybody"]
    lines += [f"  Stop         Ctrl-C        Reset   curl -s -X POST {admin}/reset", ""]
    print("\n".join(lines), flush=True, file=sys.stdout)
