"""A real mail server on loopback that can be told to misbehave."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "humas@kantor.example", "rahasia surel"


@dataclass
class Box:
    """What arrived, and what the server says instead of yes. ``break_at``: hang up there without an answer."""

    messages: list[EmailMessage] = field(default_factory=list)
    seen: list[bytes] = field(default_factory=list)
    on_sender: str = ""
    on_recipient: str = ""
    on_content: str = ""
    break_at: str = ""

    async def handle_MAIL(self, server: Any, _s: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        await self._maybe_break(server, "sender")
        if self.on_sender:
            return self.on_sender
        envelope.mail_from, envelope.mail_options = address, options
        return "250 OK"

    async def handle_RCPT(self, server: Any, _s: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        await self._maybe_break(server, "recipient")
        if self.on_recipient:
            return self.on_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _s: Any, envelope: Any) -> str:  # noqa: N802
        if self.on_content:
            return self.on_content
        self.seen.append(envelope.content)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        await self._maybe_break(server, "content")
        return "250 Diterima"

    async def _maybe_break(self, server: Any, where: str) -> None:
        if self.break_at == where:
            server.transport.abort()
            raise asyncio.CancelledError


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    *, with_auth: bool = False, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[Box, int]]:
    """A running server: its box and its port."""
    box, port = Box(), free_port()
    options: dict[str, Any] = {"require_starttls": True, "tls_context": starttls} if starttls else {}
    if with_auth:
        options |= {"authenticator": _check, "auth_required": True, "auth_require_tls": starttls is not None}
    controller = Controller(box, hostname="127.0.0.1", port=port, ssl_context=tls, **options)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def make_certificate(folder: Path, name: str = "localhost") -> tuple[ssl.SSLContext, Path]:
    """A self-signed certificate for a name: the server's context, and the file that makes a client trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_file, key_file = folder / f"{name}.pem", folder / f"{name}.key"
    cert_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert_file, key_file)
    return context, cert_file
