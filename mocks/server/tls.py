"""TLS and a CONNECT proxy in front of the plain port, for programs with https:// compiled in.

The authority is our own.  Its key stays in a file that only its owner reads; what clients are
given is the certificate alone.  The certificate of the TLS port is made anew at every start.
"""

import os
import shutil
import ssl
import tempfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import trustme
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore
from cryptography.x509 import load_pem_x509_certificate

from prakerja_sim.mocks.http.addresses import LOOPBACK
from prakerja_sim.mocks.server.tls_proxy import Address, ConnectProxy, Proxy, TlsProxy

LOCAL_NAMES = ("localhost", LOOPBACK)
TRUST_STORE_PASSWORD = "changeit"
"""Java's own default; a trust store holds no secret."""
VALID_BEFORE, VALID_FOR = timedelta(days=1), timedelta(days=397)
"""Long validity is refused by some systems, so ours is what public authorities give."""

S = TypeVar("S", bound=Proxy)


class CannotSecure(Exception):
    """TLS or the proxy cannot start; the message says why and what to do."""


class Front:
    """The TLS port and the proxy of one server, until closed."""

    def __init__(
        self,
        *,
        tls_port: int,
        proxy_port: int,
        upstream: Address,
        hosts: Iterable[str],
        ca_file: Path | None,
        now: datetime,
    ) -> None:
        """Listen; `ca_file` is the file of the authority, None for one that ends with the server."""
        self._owner = os.getpid()
        names = frozenset(host.lower() for host in hosts)
        with ExitStack() as undo:
            if ca_file is None:
                folder = Path(tempfile.mkdtemp(prefix="prakerja-sim-"))
                undo.callback(shutil.rmtree, folder, ignore_errors=True)
                ca_file = folder / "ca.pem"
            signed = authority(ca_file)
            self.ca = ca_file.with_suffix(".crt").absolute()
            """The authority's certificate, which clients must trust."""
            _write(self.ca, signed.cert_pem.bytes(), 0o644)
            _write(trust_store(self.ca), _java_trust_store(signed), 0o644)
            context = _context(signed, (*sorted(names), *LOCAL_NAMES), now)
            self._tls = _listening("--tls-port", tls_port, lambda: TlsProxy(tls_port, upstream, context))
            undo.callback(self._tls.close)
            behind = (LOOPBACK, self._tls.port)
            self._proxy = _listening(
                "--proxy-port", proxy_port, lambda: ConnectProxy(proxy_port, behind, names, upstream)
            )
            undo.callback(self._proxy.close)
            self._undo = undo.pop_all()
        self.tls_port, self.proxy_port = self._tls.port, self._proxy.port
        os.register_at_fork(after_in_child=self._forget)

    def close(self) -> None:
        """Stop both and wait for their threads; a child that was forked off leaves them to its parent."""
        if os.getpid() == self._owner:
            self._undo.close()

    def _forget(self) -> None:
        for proxy in (self._tls, self._proxy):
            proxy.forget()


def authority(ca_file: Path) -> trustme.CA:
    """The authority whose key and certificate that file holds; made if there is none."""
    if not ca_file.exists():
        made = trustme.CA(organization_name="prakerja-sim, for tests only")
        _write(ca_file, made.private_key_pem.bytes() + made.cert_pem.bytes(), 0o600)
        return made
    ca_file.chmod(0o600)
    try:
        text = ca_file.read_bytes()
        return trustme.CA.from_pem(cert_bytes=text, private_key_bytes=text)
    except (ValueError, TypeError):
        raise CannotSecure(f"{ca_file} holds no authority; remove it to get a new one") from None


def trust_store(ca: Path) -> Path:
    """The same certificate as a Java trust store, beside it."""
    return ca.with_suffix(".p12")


def _java_trust_store(signed: trustme.CA) -> bytes:
    certificate = load_pem_x509_certificate(signed.cert_pem.bytes())
    entry = PKCS12Certificate(certificate, b"prakerja-sim")
    return serialize_java_truststore([entry], BestAvailableEncryption(TRUST_STORE_PASSWORD.encode()))


def _context(signed: trustme.CA, names: Iterable[str], now: datetime) -> ssl.SSLContext:
    certificate = signed.issue_cert(*names, not_before=now - VALID_BEFORE, not_after=now + VALID_FOR)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    certificate.configure_cert(context)
    return context


def _listening(option: str, port: int, listen: Callable[[], S]) -> S:
    try:
        return listen()
    except OSError as problem:
        raise CannotSecure(
            f"{LOOPBACK}:{port} cannot be bound ({problem.strerror}); choose another {option}"
        ) from None


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file in one step, where a link leads if it is one; it never has more rights than `mode`."""
    path = path.resolve()
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as file:
        file.write(content)
    new.replace(path)
