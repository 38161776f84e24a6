"""The signing page: its programs print the signature that our own code accepts, its mistakes are told so."""

import base64
import hashlib
import hmac
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.kit.pages import ENGLISH, FENCED
from tests.live import Live

PAGE = (ENGLISH / "signing.md").read_text()
CODE, KEY = "myclient_code", "my_sign_key"
PATH = "/api/v1/integration/payment/redeem-code/commit"
RUNTIMES = {"python": [sys.executable, "-"], "js": ["node", "-"], "php": ["php"]}
URL = f"http://127.0.0.1{PATH}"


def hashed(text: str, key: str = KEY) -> hmac.HMAC:
    return hmac.new(key.encode(), text.encode(), hashlib.sha1)


def start(stamp: str, method: str = "POST", path: str = PATH) -> str:
    return f"{CODE}{stamp}{method}{path}"


NOW = "1635732000"
"""Where the clock of a new sandbox stands, 2021-11-01 09:00 WIB."""
BODY = '{"redeem_code":"A&B","email":"https://x"}'
FIRST = start(NOW)
MISTAKES = {
    "you signed: the whole URL; sign the path only": hashed(start(NOW, path=URL) + BODY).hexdigest(),
    "you signed: the body with escaped slashes (PHP), but sent plain ones": hashed(
        FIRST + BODY.replace("/", "\\/")
    ).hexdigest(),
    "you signed: the body with \\u0026 for &, but sent it without these escapes": hashed(
        FIRST + BODY.replace("&", "\\u0026")
    ).hexdigest(),
    "you signed: the body with its keys sorted": hashed(
        FIRST + '{"email":"https://x","redeem_code":"A&B"}'
    ).hexdigest(),
    "you signed: HMAC-SHA256 in hex": hmac.new(KEY.encode(), (FIRST + BODY).encode(), "sha256").hexdigest(),
    "you signed: HMAC-SHA1 in Base64": base64.b64encode(hashed(FIRST + BODY).digest()).decode(),
    "you signed: with your sign_key and a line end after it": hashed(FIRST + BODY, KEY + "\n").hexdigest(),
    "you signed: the method in small letters, 'post'": hashed(start(NOW, "post") + BODY).hexdigest(),
}
"""What the diagnosis says, and the signature of which it says so."""
TIMES = {
    "is in milliseconds or finer; it must be Unix seconds": f"{NOW}000",
    "seven hours: local time (WIB) was taken for UTC": str(int(NOW) + 7 * 3600),
}


QUERY = "you signed: the path with its query; sign it without"
LOST = "some proxies drop names with underscores"


@pytest.fixture(scope="module")
def signing(live: Live) -> Iterator[str]:
    """A sandbox in which the page's client signs."""
    client = {"client_code": CODE, "sign_key": KEY, "party": "lp-kopi"}
    leased = live.send("POST", "/__admin/sandboxes", {"name": "signing-page", "clients": [client]})
    assert leased[0] == 201, leased
    yield "/s/signing-page"
    live.send("DELETE", "/__admin/sandboxes/signing-page")


def judged(live: Live, at: str, stamp: str, signature: str, body: str = BODY) -> tuple[str, str]:
    """What the diagnosis says differs, and what it remarks."""
    headers = f"Host: 127.0.0.1\nclient_code: {CODE}\ntimestamp: {stamp}\nsignature: {signature}"
    asked = {"path": PATH, "headers": headers, "body": body}
    status, answer, _ = live.send("POST", f"{at}/__admin/signature", asked)
    assert status == 200, answer
    said = ["; ".join(one["say"] for one in answer[name]) for name in ("differences", "remarks")]
    return said[0], said[1]


@pytest.mark.parametrize("language", RUNTIMES)
def test_the_worked_example_prints_what_is_accepted(live: Live, signing: str, language: str) -> None:
    if shutil.which(RUNTIMES[language][0]) is None:
        pytest.skip(f"{language} is not installed")
    (program,) = (code for tag, code in FENCED.findall(PAGE) if tag == language)
    done = subprocess.run(
        RUNTIMES[language], input=program, capture_output=True, text=True, timeout=60, check=True
    )
    signature = done.stdout.strip()
    assert f"each program prints `{signature}`" in PAGE, done.stderr
    differs, _ = judged(live, signing, "1516239022", signature, '{"redeem_code":"code"}')
    assert "you signed" not in differs
    assert "known mistakes" not in differs


@pytest.mark.parametrize("says", MISTAKES)
def test_a_mistake_is_told_as_the_page_says(live: Live, signing: str, says: str) -> None:
    assert says in judged(live, signing, NOW, MISTAKES[says])[0]


@pytest.mark.parametrize("says", TIMES)
def test_a_wrong_time_is_told_as_the_page_says(live: Live, signing: str, says: str) -> None:
    stamp = TIMES[says]
    assert says in judged(live, signing, stamp, hashed(start(stamp) + BODY).hexdigest())[0]


def test_a_signed_query_is_told_as_the_page_says(live: Live, signing: str) -> None:
    headers = {"client_code": CODE, "timestamp": NOW, "signature": hashed(f"{FIRST}?a=1{BODY}").hexdigest()}
    _, _, answered = live.send("POST", f"{signing}{PATH}?a=1", BODY.encode(), headers)
    asked = f"{signing}/__admin/requests/{answered['X-Sim-Request-Id']}/signature"
    (difference,) = live.send("GET", asked)[1]["differences"]
    assert difference["say"] == QUERY


def test_lost_headers_are_told_as_the_page_says(live: Live, signing: str) -> None:
    asked = {"path": PATH, "headers": "Host: 127.0.0.1"}
    (difference,) = live.send("POST", f"{signing}/__admin/signature", asked)[1]["differences"]
    assert LOST in difference["say"]


def test_every_mistake_of_the_page_was_made_here() -> None:
    told = re.findall(r"^\| [^|]* \| `([^|]*)` \|$", PAGE.partition("## Usual mistakes")[2], re.MULTILINE)
    assert set(told) == {*MISTAKES, *TIMES, QUERY, LOST}
