"""What `serve` prints when it is ready: examples that a newcomer can run.

It asks the server itself over HTTP, so what it prints is what works.
"""

import json
import os
import shlex
import sys
from pathlib import Path

from prakerja_sim.mocks.http.transport import Http
from prakerja_sim.mocks.server.options import SEED, Options, shown_store
from prakerja_sim.mocks.shop import registry
from prakerja_sim.simulator import VERSION


def as_json(options: Options) -> None:
    """One line for programs."""
    print(json.dumps(ready(options)), flush=True)


def ready(options: Options) -> dict[str, str | int]:
    """What a program needs to know of this server."""
    told: dict[str, str | int] = {"event": "ready", "url": options.url, "pid": os.getpid()}
    if options.tls_port is not None:
        told |= {"tls": options.tls_url, "proxy": options.proxy_url, "ca": options.ca}
    return told


def exports(options: Options) -> list[str]:
    """The environment variables that lead a program with a real https:// address to this server."""
    ca = shlex.quote(options.ca)
    java = f"-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort={options.proxy_port}"
    java += f" -Djavax.net.ssl.trustStore={shlex.quote(str(Path(options.ca).with_suffix('.p12')))}"
    java += " -Djavax.net.ssl.trustStorePassword=changeit"
    return [
        f"export HTTPS_PROXY={options.proxy_url} NO_PROXY=localhost,127.0.0.1",
        f"export REQUESTS_CA_BUNDLE={ca}     # Python: requests",
        f"export SSL_CERT_FILE={ca}          # Python: httpx, urllib; Go",
        f"export CURL_CA_BUNDLE={ca}         # curl",
        f"export NODE_EXTRA_CA_CERTS={ca} NODE_USE_ENV_PROXY=1    # Node; before Node 24 with a proxy agent",
        f"export JAVA_TOOL_OPTIONS={shlex.quote(java)}    # Java",
        f"alias php={shlex.quote(f'php -d curl.cainfo={ca} -d openssl.cafile={ca}')}    # PHP",
    ]


def for_people(options: Options) -> None:
    """Addresses, credentials, a person to play, and a signed request that works."""
    token = {"Authorization": f"Bearer {options.admin_token}"} if options.admin_token else {}
    admin = f"{options.url}/__admin"
    wire = Http(admin)

    def ask(path: str) -> dict[str, list[dict[str, str]]]:
        answer: dict[str, list[dict[str, str]]] = wire.send("GET", path, token).json()
        return answer

    clock, clients, waves = ask("/clock"), ask("/clients")["clients"], ask("/waves")["waves"]
    buyers = ask("/people?can_buy=true&limit=1")["people"]
    lines = [
        f"prakerja-sim {VERSION}   seed {options.seed}   store {_store(options)}",
        f"clock  {clock['now']}, frozen unless you move it:",
        f"       prakerja-sim clock --advance 1d --url {options.url}",
        "",
        f"  Console      {options.url}/",
        f"  Prakerja     {options.url}/prakerja/...  also {options.url}/api/v1/integration/...",
        *(f"  {registry.title(code):12} {options.url}/{code}/..." for code in registry.codes()),
        f"  Institution  {options.url}/institution/...   Payout {options.url}/payout/...",
        f"  To try them  {options.url}/prakerja/swagger, and the like for each party",
        f"  Admin        {admin}   (OpenAPI: {admin}/openapi.json)",
        "",
        "  Credentials  (party, client_code, sign_key)",
        *(f"    {c['party']:12} {c['client_code']:32} {c['sign_key']}" for c in clients),
        "",
    ]
    lines += _unmodified(options)
    lines += _person(options, buyers) if buyers else _how_to_get_one(options, str(clock["now"]), waves)
    if not options.empty:
        lines += ["  Try it       " + str(ask("/demo")["curl"])]
    lines += _weak(options)
    lines += [f"  Stop         Ctrl-C        Reset   {_curl(options)} -X POST {admin}/reset", ""]
    print("\n".join(lines), flush=True, file=sys.stdout)


def _store(options: Options) -> str:
    """Where everything is kept, and the server that does it."""
    store = "in memory, gone at the end" if options.store == "memory" else shown_store(options.store)
    line = f"{store}   server {options.server}"
    if options.durability == "relaxed":
        line += "  NOT DURABLE: --durability relaxed may lose purchases of the last seconds"
    return line


def _weak(options: Options) -> list[str]:
    """What is easier to guess than need be."""
    lines = []
    if options.admin_token and options.seed == SEED:
        lines += [f"  Weak         everybody knows seed {options.seed}; give --seed with one of your own"]
    if options.fixed_otp:
        lines += ["  Weaker than default: one fixed OTP for everybody"]
    return lines


def _curl(options: Options) -> str:
    """How curl asks the admin API, with the token of the shell's environment if one is needed."""
    token = ' -H "Authorization: Bearer $PRAKERJA_SIM_TOKEN"' if options.admin_token else ""
    return f"curl -s{token}"


def _person(options: Options, buyers: list[dict[str, str]]) -> list[str]:
    """Somebody who can buy now."""
    someone = buyers[0]
    password = someone["password"] or "(set anew by its owner)"
    return [
        f"  A person     {someone['name']}, card {someone['prakerja_id']}, wave {someone['wave']}",
        f"    dashboard  {options.url}/prakerja/dasbor   {someone['email']}   {password}",
        f"    the phone  {_curl(options)} '{options.url}/__admin/inbox/sms?to={someone['phone']}&otp=true'",
    ]


def _how_to_get_one(options: Options, now: str, waves: list[dict[str, str]]) -> list[str]:
    """How to get people who can buy, where nobody can: of a wave that is open now, or of another time."""
    if options.empty:
        return []
    open_now = [one["wave"] for one in waves if one["announced"] <= now <= one["buy_first_until"]]
    later = sorted((one["announced"], one["wave"]) for one in waves if one["announced"] > now)
    enrol = f"prakerja-sim people --enrol 5 --url {options.url} --wave"
    lines = ["  Nobody here can buy at this time. People who can:"]
    if open_now:
        return [*lines, f"    {enrol} {open_now[-1]}"]
    if later:
        day, number = later[0]
        lines.append(f"    prakerja-sim clock --to '{day[:19].replace('T', ' ')}' --url {options.url}")
        return [*lines, f"    {enrol} {number}"]
    return [*lines, "    begin again (below), or name a wave of your own: serve --waves FILE"]


def _unmodified(options: Options) -> list[str]:
    """How unmodified clients reach this server, if TLS is served."""
    if options.tls_port is None:
        return []
    return [
        f"  TLS          {options.tls_url}      proxy {options.proxy_url}",
        "  For a program with https://api.prakerja.go.id compiled in:",
        *(f"    {line}" for line in exports(options)),
        "",
    ]
