"""A receiver of webhooks on a port of this machine, with a self-signed certificate."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.aws.signing_keys import KeyPurpose
from shared.channels.network import Network
from tests.builders import signing_keys

HOST = "cases.da.example.gov"
KEYS = signing_keys(KeyPurpose.WEBHOOKS)


@dataclass
class Receiver:
    """`got` lists the headers and body of each request; `status` is its answer to the next one."""

    port: int
    tls: ssl.SSLContext
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200

    @property
    def network(self) -> Network:
        """Resolves every name to this machine, and therefore permits an address that the product refuses."""
        return Network(self.tls, resolve=lambda *_: ["127.0.0.1"], permits=lambda _: True)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}/alerts"

    @property
    def route(self) -> dict[str, Any]:
        return {"webhook_keys": lambda: KEYS, "outside": self._elsewhere, "mails_a_second": 14, "texts_a_second": 20}

    @property
    def _elsewhere(self) -> Network:
        return Network(self.tls, resolve=lambda *_: ["127.0.0.1"], permits=lambda _: True, port=self.port)


@contextmanager
def receiving(tmp_path: Path) -> Iterator[Receiver]:
    certificate, key = _certificate(tmp_path)
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(certificate, key)
    receiver = Receiver(0, ssl.create_default_context(cafile=str(certificate)))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.status)
            self.send_header("location", "https://169.254.169.254/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = server_side.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield receiver
    server.shutdown()
    server.server_close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    no_password = serialization.NoEncryption()
    paths[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, no_password))
    return paths
