"""`serve --tls`: what it says, that a real https:// address leads to it, and how it ends."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
import requests

from tests.live import REPOSITORY, Live, serving

SECURE = ("--tls", "--tls-port", "0", "--proxy-port", "0")
QUOTA = "https://api.prakerja.go.id/api/v1/integration/payment/quota-schedule"


@pytest.fixture(scope="module")
def secure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with serving("--store", f"lmdb:{tmp_path_factory.mktemp('front') / 'sim.db'}", *SECURE) as server:
        yield server


@pytest.fixture(scope="module")
def on_granian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    kept = f"lmdb:{tmp_path_factory.mktemp('granian') / 'sim.db'}"
    with serving("--store", kept, "--server", "granian", *SECURE) as server:
        yield server


@pytest.fixture(params=["secure", "on_granian"])
def either(request: pytest.FixtureRequest) -> Live:
    """Gunicorn, which is the usual one, and Granian."""
    server: Live = request.getfixturevalue(request.param)
    return server


def reached(server: Live, url: str = QUOTA) -> requests.Response:
    """An unsigned request through the proxy; its answer tells that Prakerja heard it."""
    with requests.Session() as session:
        session.trust_env = False
        session.proxies, session.verify = {"https": server.ready["proxy"]}, server.ready["ca"]
        return session.post(url, json={}, timeout=30)


def port_of(url: str) -> int:
    return int(url.rpartition(":")[2])


def test_the_ready_line_names_what_there_is(secure: Live, live: Live) -> None:
    assert list(secure.ready) == ["event", "url", "pid", "tls", "proxy", "ca"]
    assert list(live.ready) == ["event", "url", "pid"]
    assert secure.ready["tls"].startswith("https://127.0.0.1:")
    assert secure.ready["proxy"].startswith("http://127.0.0.1:")
    assert "PRIVATE" not in Path(secure.ready["ca"]).read_text()


def test_a_real_address_leads_to_either_server(either: Live) -> None:
    assert reached(either).json()["code"] == "ERR40080"
    assert requests.get(f"{either.ready['tls']}/healthz", verify=either.ready["ca"], timeout=30).ok


def sent_whole(server: Live, host: str) -> tuple[int, bytes]:
    """A request as axios 1.1.2 sends it to HTTPS_PROXY: the whole https:// address, without CONNECT."""
    near = HTTPConnection("127.0.0.1", port_of(server.ready["proxy"]), timeout=30)
    path = QUOTA.replace("api.prakerja.go.id", host)
    near.putrequest("POST", path, skip_host=True)
    for name, value in (("Host", host), ("Content-Type", "application/json"), ("Content-Length", "2")):
        near.putheader(name, value)
    near.endheaders(b"{}")
    answer = near.getresponse()
    told = answer.status, answer.read()
    near.close()
    return told


def test_a_whole_address_that_is_sent_to_the_proxy_is_answered(either: Live) -> None:
    status, body = sent_whole(either, "api.prakerja.go.id")
    assert (status, b"ERR40080" in body) == (400, True)
    status, body = sent_whole(either, "example.com")
    assert (status, body.startswith(b"Blocked by simulator")) == (403, True)


def test_a_later_request_on_the_same_connection_reaches_no_other_host(secure: Live) -> None:
    near = HTTPConnection("127.0.0.1", port_of(secure.ready["proxy"]), timeout=30)
    near.request("GET", "https://api.prakerja.go.id/", headers={"Host": "api.prakerja.go.id"})
    assert near.getresponse().read()
    near.request("GET", "https://example.com/", headers={"Host": "example.com"})
    assert near.getresponse().status == 421
    near.close()


@pytest.mark.parametrize("host", ["api.prakerja.go.id", "example.com"])
def test_a_client_with_a_hosts_file_needs_no_proxy(secure: Live, host: str) -> None:
    """As with `127.0.0.1 api.prakerja.go.id` in the hosts file and `--tls-port 443`."""
    context = ssl.create_default_context(cafile=secure.ready["ca"])
    with socket.create_connection(("127.0.0.1", port_of(secure.ready["tls"])), timeout=30) as near:
        if host == "example.com":
            with pytest.raises(ssl.SSLCertVerificationError):
                context.wrap_socket(near, server_hostname=host)
            return
        with context.wrap_socket(near, server_hostname=host) as end:
            end.sendall(f"GET /consent-sso HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            assert end.recv(12) == b"HTTP/1.1 400"


def test_a_distributors_token_is_had_through_tls(secure: Live) -> None:
    """A known client of that surface asks for a token by https only."""
    assert reached(secure, "https://accounts.tokopedia.com/token").json()["error"] == "invalid_client"
    assert reached(secure, "https://b2b.tokopedia.com/api/v2/order").json()["errors"][0]["code"] == "U00"


STORY = str(REPOSITORY / "scenarios/purchase/promo.yaml")


def replayed(server: Live, **exported: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "prakerja_sim", "replay", STORY, "--marketplace", "tokopedia"]
    command += ["--against", server.ready["tls"]]
    clean = {name: value for name, value in os.environ.items() if not name.endswith(("_BUNDLE", "_FILE"))}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, env=clean | exported, check=False
    )


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"])
def test_stories_are_played_through_tls_with_the_authority_exported(secure: Live, variable: str) -> None:
    done = replayed(secure, **{variable: secure.ready["ca"]}, HTTPS_PROXY=secure.ready["proxy"])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("exported", "told"), [({}, "its certificate is not trusted"), ({"SSL_CERT_FILE": "/no.pem"}, "/no.pem")]
)
def test_without_the_authority_a_replay_says_what_to_export(
    secure: Live, exported: dict[str, str], told: str
) -> None:
    done = replayed(secure, **exported)
    assert done.returncode == 2
    assert told in done.stderr
    assert "export REQUESTS_CA_BUNDLE=FILE" in done.stderr


def test_a_host_that_is_not_ours_is_not_reached(secure: Live) -> None:
    with pytest.raises(requests.exceptions.ProxyError, match="403 Blocked by simulator"):
        reached(secure, "https://example.com/")


def test_an_allowed_host_is_named_by_the_certificate_and_passes_the_proxy(tmp_path: Path) -> None:
    allowed = ("--allow-host", "prakerja.test", "--allow-host", "other.test:8420")
    with serving("--store", f"lmdb:{tmp_path / 'sim.db'}", *allowed, *SECURE) as server:
        assert (
            reached(server, QUOTA.replace("api.prakerja.go.id", "prakerja.test")).json()["code"] == "ERR40080"
        )


def test_fifty_requests_at_once_are_all_answered(secure: Live) -> None:
    with ThreadPoolExecutor(50) as together:
        answers = list(together.map(lambda _: reached(secure).status_code, range(50)))
    assert answers == [400] * 50


def test_a_lost_reply_is_lost_through_tls_too(secure: Live) -> None:
    secure.send("POST", "/__admin/faults", {"fault": "reply_lost", "where": "payment/quota-schedule"})
    with pytest.raises(requests.ConnectionError):
        signed(secure)
    assert signed(secure) == 200


def signed(server: Live) -> int:
    """The request of the demo, through TLS."""
    words = server.send("GET", "/__admin/demo")[1]["curl"].split("'")
    headers = dict(word.split(": ", 1) for word in words if ": " in word)
    with requests.Session() as session:
        session.trust_env = False
        session.proxies, session.verify = {"https": server.ready["proxy"]}, server.ready["ca"]
        return session.post(QUOTA, data=words[-2], headers=headers, timeout=30).status_code


def test_a_killed_worker_is_replaced_and_reached_again(tmp_path: Path) -> None:
    with serving("--store", f"lmdb:{tmp_path / 'sim.db'}", *SECURE) as server:
        reached(server)
        listed = subprocess.run(
            ["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True, check=True
        )
        os.kill(int(listed.stdout.split()[0]), signal.SIGKILL)
        pause = threading.Event()
        for _ in range(200):
            with suppress(requests.ConnectionError):
                assert reached(server).json()["code"] == "ERR40080"
                return
            pause.wait(0.05)
        raise AssertionError("the worker did not come back")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_with_connections_open(number: signal.Signals) -> None:
    with serving("--store", "memory", *SECURE) as server:
        proxy, tls = (port_of(server.ready[name]) for name in ("proxy", "tls"))
        folder = Path(server.ready["ca"]).parent
        assert folder.is_dir()
        with socket.create_connection(("127.0.0.1", proxy)), socket.create_connection(("127.0.0.1", tls)):
            server.process.send_signal(number)
            assert server.process.wait(20) == 0
        assert not folder.exists()
        for port in (proxy, tls, port_of(server.url)):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port))


@pytest.mark.parametrize("option", ["--port", "--tls-port", "--proxy-port"])
def test_a_taken_port_is_bad_input(option: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ports = {"--port": "0", "--tls-port": "0", "--proxy-port": "0", option: port}
        command = [
            sys.executable,
            "-m",
            "prakerja_sim",
            "serve",
            "--tls",
            "--store",
            f"lmdb:{tmp_path / 'sim.db'}",
        ]
        command += [word for pair in ports.items() for word in pair]
        done = subprocess.run(
            command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: 127.0.0.1:{port} cannot be bound (Address already in use)")
    assert done.stderr.rstrip().endswith(f"choose another {option}")


def test_a_broken_authority_is_bad_input(tmp_path: Path) -> None:
    (tmp_path / "sim.db.ca.pem").write_text("nonsense")
    command = [sys.executable, "-m", "prakerja_sim", "serve", "--port", "0", *SECURE]
    command += ["--store", f"lmdb:{tmp_path / 'sim.db'}"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "sim.db.ca.pem holds no authority" in done.stderr
