"""A private CA, made by openssl, and what it signs."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

NAMES = "DNS:registry.test,IP:127.0.0.1"


@dataclass(frozen=True)
class Signed:
    """A certificate and its key, as files."""

    certificate: Path
    key: Path

    def server(self, *, wants_clients_of: Path | None = None, at_most: ssl.TLSVersion | None = None) -> ssl.SSLContext:
        """Return a server's side of TLS; with a CA, it requires a client certificate of it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        context.set_alpn_protocols(["http/1.1"])
        if wants_clients_of:
            context.load_verify_locations(wants_clients_of)
            context.verify_mode = ssl.CERT_REQUIRED
        if at_most:
            context.maximum_version = at_most
        return context


class Authority:
    """A CA in a folder."""

    def __init__(self, folder: Path, name: str = "Private CA") -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not installed")
        self.folder = folder
        self.ca = folder / "ca.crt"
        folder.mkdir(parents=True, exist_ok=True)
        self._openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.crt -subj", f"/CN={name}")

    def sign(self, name: str, names: str = NAMES, days: int = 2) -> Signed:
        """Sign a certificate; with a negative number of days it has expired."""
        (self.folder / f"{name}.ext").write_text(f"subjectAltName={names}\n")
        self._openssl(f"req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj", f"/CN={name}")
        signing = f"x509 -req -in {name}.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile {name}.ext"
        self._openssl(f"{signing} -days {days} -out {name}.crt")
        return Signed(self.folder / f"{name}.crt", self.folder / f"{name}.key")

    def _openssl(self, words: str, *more: str) -> None:
        subprocess.run(["openssl", *words.split(), *more], cwd=self.folder, check=True, capture_output=True)
