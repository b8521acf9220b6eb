"""What `doctor --url` learns through a proxy with TLS: one that sets its headers, and one that passes on what it is told."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lineofsight.service.health import probe, through_proxy
from lineofsight.vocabulary.refusal import Refused


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=9))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


@contextlib.contextmanager
def proxied(certificate: Path, *, trusting: bool) -> Iterator[int]:
    """A service behind TLS that knows the word; `trusting`: it believes what a visitor claims."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == through_proxy.PATH
            ours = probe.is_ours(self.headers[probe.HEADER])
            address = self.headers["X-Forwarded-For"] if trusting else "127.0.0.1"
            https = self.headers["X-Forwarded-Proto"] == "https" if trusting else True
            saw = {"address": address, "https": https, "host": self.headers["Host"]}
            body = json.dumps(saw).encode() if ours else b"ok\n"
            self.send_response(200)
            self.send_header("Strict-Transport-Security", "max-age=31536000")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_proxy_that_sets_its_headers_and_one_that_passes_them_on(certificate: Path) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate))
    with proxied(certificate, trusting=False) as port:
        seen = through_proxy.ask(f"https://127.0.0.1:{port}/", trusted)
    assert (seen.fault, seen.status, seen.address, seen.saw_https) == ("", 200, "127.0.0.1", True)
    assert seen.host in seen.url
    assert seen.hsts
    assert seen.certificate_until is not None
    with proxied(certificate, trusting=True) as port:
        seen = through_proxy.ask(f"https://127.0.0.1:{port}", trusted)
    assert (seen.address, seen.saw_https) == (seen.spoofed, False)


def test_a_certificate_that_nobody_trusts_and_a_port_where_nothing_listens(certificate: Path) -> None:
    with proxied(certificate, trusting=False) as port:
        assert "not trusted" in through_proxy.ask(f"https://127.0.0.1:{port}").fault
    assert through_proxy.ask(f"https://127.0.0.1:{port}").fault


def test_an_address_without_tls_is_refused() -> None:
    with pytest.raises(Refused, match="https://"):
        through_proxy.ask("http://127.0.0.1")
