"""An exchange's request as a program: curl, Python, Node or PHP; a signed request signs itself anew.

The program holds card, code and keys whole, since it could not send them otherwise; it is made on demand.
"""

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from prakerja_sim.mocks.admin.again import SET_ANEW, SIGNED
from prakerja_sim.mocks.http.credentials import Credential
from prakerja_sim.mocks.http.exchanges import Exchange

_SIGNED = {name.lower() for name in SIGNED}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a program sends."""

    method: str
    url: str
    path: str
    """As it is signed."""
    headers: Mapping[str, str]
    """But for those that sign."""
    body: str
    signer: Credential | None


def program(language: str, one: Exchange, at: str, signer: Credential | None) -> str:
    """The request to the party at that address, as a program in one of `LANGUAGES`."""
    left_out = {*SET_ANEW, *(_SIGNED if signer else ())}
    headers = {name: value for name, value in one.headers.items() if name.lower() not in left_out}
    body = one.body.decode(errors="replace")
    path = one.path.partition("?")[0]
    return LANGUAGES[language](Sent(one.method, at + one.path, path, headers, body, signer))


def _curl(sent: Sent) -> str:
    lines, more = [], []
    if sent.signer:
        start = f"{sent.signer.client_code}${{STAMP}}{sent.method}{sent.path}"
        key = shlex.quote(sent.signer.sign_key)
        lines = [
            f"BODY={shlex.quote(sent.body)}",
            "STAMP=$(date +%s)",
            f'SIGNATURE=$(printf %s "{start}$BODY" | openssl dgst -sha1 -hmac {key} | sed "s/^.* //")',
        ]
        more = [
            f"  -H {shlex.quote(f'client_code: {sent.signer.client_code}')}",
            '  -H "timestamp: $STAMP"',
            '  -H "signature: $SIGNATURE"',
        ]
    call = [f"curl -sS -X {sent.method} {shlex.quote(sent.url)}"]
    call += [f"  -H {shlex.quote(f'{name}: {value}')}" for name, value in sent.headers.items()]
    body = '"$BODY"' if sent.signer else shlex.quote(sent.body)
    call += more + ([f"  --data-raw {body}"] if sent.body else [])
    return "\n".join([*lines, " \\\n".join(call)])


def _python(sent: Sent) -> str:
    lines = ["import hashlib, hmac, time", ""] if sent.signer else []
    lines += ["import requests", "", f"body = {sent.body!r}.encode()", f"headers = {dict(sent.headers)!r}"]
    if sent.signer:
        lines += [
            "stamp = str(int(time.time()))",
            f"signed = {sent.signer.client_code!r} + stamp + {sent.method + sent.path!r}",
            f"key = {sent.signer.sign_key!r}.encode()",
            "signature = hmac.new(key, signed.encode() + body, hashlib.sha1).hexdigest()",
            f"headers |= {{'client_code': {sent.signer.client_code!r}, 'timestamp': stamp}}",
            "headers['signature'] = signature",
        ]
    lines += [
        f"answer = requests.request({sent.method!r}, {sent.url!r}, headers=headers, data=body)",
        "print(answer.status_code, answer.text)",
    ]
    return "\n".join(lines)


def _node(sent: Sent) -> str:
    body = f"const body = {json.dumps(sent.body)};"
    lines = [body, f"const headers = {json.dumps(dict(sent.headers))};"]
    if sent.signer:
        lines = ['const { createHmac } = require("node:crypto");', *lines]
        code, key = json.dumps(sent.signer.client_code), json.dumps(sent.signer.sign_key)
        lines += [
            "const stamp = String(Math.floor(Date.now() / 1000));",
            f"const signed = {code} + stamp + {json.dumps(sent.method + sent.path)} + body;",
            f'const signature = createHmac("sha1", {key}).update(signed).digest("hex");',
            f"Object.assign(headers, {{client_code: {code}, timestamp: stamp, signature}});",
        ]
    carried = ", body" if sent.body else ""
    lines += [
        f"fetch({json.dumps(sent.url)}, {{method: {json.dumps(sent.method)}, headers{carried}}})",
        "  .then(async (answer) => console.log(answer.status, await answer.text()));",
    ]
    return "\n".join(lines)


def _php(sent: Sent) -> str:
    lines = ["<?php", f"$body = {_quoted(sent.body)};"]
    lines += [f"$headers = [{', '.join(_quoted(f'{n}: {v}') for n, v in sent.headers.items())}];"]
    if sent.signer:
        code = _quoted(sent.signer.client_code)
        lines += [
            "$stamp = (string) time();",
            f"$signed = {code} . $stamp . {_quoted(sent.method + sent.path)} . $body;",
            f"$signature = hash_hmac('sha1', $signed, {_quoted(sent.signer.sign_key)});",
            f'array_push($headers, "client_code: " . {code}, "timestamp: $stamp", "signature: $signature");',
        ]
    lines += [
        f"$call = curl_init({_quoted(sent.url)});",
        "curl_setopt_array($call, [",
        f"  CURLOPT_CUSTOMREQUEST => {_quoted(sent.method)}, CURLOPT_HTTPHEADER => $headers,",
        "  CURLOPT_POSTFIELDS => $body, CURLOPT_RETURNTRANSFER => true,",
        "]);",
        "$answer = curl_exec($call);",
        'echo curl_getinfo($call, CURLINFO_RESPONSE_CODE), " ", $answer, "\\n";',
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """A text in PHP's single quotes, in which only these two signs have a meaning."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


LANGUAGES: Mapping[str, Callable[[Sent], str]] = {
    "curl": _curl,
    "Python": _python,
    "Node": _node,
    "PHP": _php,
}
