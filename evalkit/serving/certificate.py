"""A certificate for a meeting room, where no authority gives one: made here, known by its print."""

from __future__ import annotations

import hashlib
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from evalkit.base import files
from evalkit.base.errors import InputError
from evalkit.base.text import _
from evalkit.serving.address import HOST, own_address

CERTIFICATE, KEY = "room.crt", "room.key"
VALID = timedelta(days=180)


def room_certificate(folder: Path, names: Sequence[str]) -> tuple[Path, Path]:
    """The files of a certificate for ``names`` (hosts or addresses) and of its key, in ``folder``.

    They are made where there are none for these names, or they have expired; a new one is good for
    this machine's own names, too, so that its print stays. Raises InputError where the library for
    it is missing.
    """
    certificate, key = folder / CERTIFICATE, folder / KEY
    if not (certificate.exists() and key.exists() and _covers(certificate, names)):
        more = (own_address(), socket.gethostname(), "localhost", HOST)
        _make(certificate, key, list(dict.fromkeys([*names, *more])))
    return certificate, key


def fingerprint(certificate: Path) -> str:
    """SHA-256 of a certificate in pairs, as browsers show it."""
    try:
        der = ssl.PEM_cert_to_DER_cert(certificate.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise InputError(_("读不出证书 {file}", file=str(certificate))) from error
    print_ = hashlib.sha256(der).hexdigest().upper()
    return ":".join(print_[n : n + 2] for n in range(0, len(print_), 2))


def _library() -> Any:
    try:
        from cryptography import x509
    except ImportError as error:
        text = _(
            "自制证书要用 cryptography：pip install 'evalkit[serve]'；或用 --cert、--key 给出证书"
        )
        raise InputError(text) from error
    return x509


def _covers(file: Path, names: Sequence[str]) -> bool:
    x509 = _library()
    try:
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    known = {str(name.value) for name in found}
    lasting = certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1)
    return lasting and set(names) <= known


def _make(file: Path, key_file: Path, names: Sequence[str]) -> None:
    x509 = _library()
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "evalkit room")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([_general(n) for n in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    files.place_private(key_file, secret)
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _general(name: str) -> Any:
    x509 = _library()
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
