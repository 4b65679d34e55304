"""The certificate of a practice registry that speaks TLS, by a CA of its own that is thrown away at the end.

The keys are made by the `openssl` command, since Python's library makes none. They lie in a folder of their owner
alone; that of the CA is removed with it.
"""

from __future__ import annotations

import contextlib
import ipaddress
import platform
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

from explorer.errors import InputError
from explorer.faults.certificates import EXPIRED, OTHER_NAME, UNKNOWN_CA
from explorer.practice.leftovers import remove_leftovers
from explorer.practice.locking import FolderLock
from explorer.spec.references import is_address
from explorer.wire.server import Certificate

_TEMPORARY = "registry-explorer-tls-"
_DAYS = "30"
_OPENSSL_SECONDS = 60
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_REQUEST = "[req]\nprompt = no\ndistinguished_name = name\n[name]\nCN = {name}\n"
_AUTHORITY = "[ca]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, keyCertSign, cRLSign\n"


class PracticeTls:
    """What a registry shows in a handshake. Safe to use from several threads."""

    def __init__(self, names: Iterable[str] = (), own: Certificate | None = None) -> None:
        """Take the names and addresses beside this machine's own that the certificate is for, or a whole certificate.

        Raises InputError where openssl is not there, or makes none.
        """
        remove_leftovers(_TEMPORARY)
        self._temporary = tempfile.TemporaryDirectory(prefix=_TEMPORARY)
        self._folder = Path(self._temporary.name)
        self._used = FolderLock(self._folder)
        (self._folder / "trust").mkdir()
        self._lock = threading.Lock()
        self._made: dict[str, Certificate] = {}
        self._own = own
        self.names = tuple(dict.fromkeys((*_THIS_MACHINE, *_names_of(names), *_names_of([platform.node()]))))
        try:
            self.certificate()
            if not own:
                # Apart from what signs: podman and skopeo trust each .crt of a folder, and read each .key.
                shutil.copy(self._folder / "ca.crt", self._folder / "trust")
        except BaseException:
            self.close()
            raise

    @property
    def ca(self) -> Path | None:
        """What clients have to trust, alone in its folder; None where the certificate is the user's own."""
        return None if self._own else self._folder / "trust" / "ca.crt"

    def certificate(self, wrong: str = "") -> Certificate:
        """Return the certificate to show; `wrong` says what is to be wrong with it (see the fault `tls-unknown-ca`)."""
        if not wrong and self._own:
            return self._own
        with self._lock:
            if wrong not in self._made:
                self._made[wrong] = self._make(wrong)
            return self._made[wrong]

    def close(self) -> None:
        """Remove the keys and certificates that were made."""
        self._used.release()
        self._temporary.cleanup()

    def _make(self, wrong: str) -> Certificate:
        authority = "stranger" if wrong == UNKNOWN_CA else "ca"
        if not (self._folder / f"{authority}.crt").is_file():
            self._make_authority(authority)
        names = ("registry.elsewhere.invalid",) if wrong == OTHER_NAME else self.names
        return self._sign(authority, wrong or "server", names, days="-1" if wrong == EXPIRED else _DAYS)

    def _make_authority(self, name: str) -> None:
        title = "A CA that nobody knows" if name == "stranger" else "Practice registry: throw-away CA"
        self._write(f"{name}.cnf", _REQUEST.format(name=title) + _AUTHORITY)
        self._make_key(name)
        more = f"-config {name}.cnf -extensions ca -out {name}.crt"
        self._openssl(f"req -x509 -new -sha256 -days {_DAYS} -key {name}.key {more}")

    def _sign(self, authority: str, name: str, names: tuple[str, ...], days: str) -> Certificate:
        listed = ",".join(f"{'IP' if is_address(one) else 'DNS'}:{one}" for one in names)
        extensions = f"[server]\nsubjectAltName = {listed}\nextendedKeyUsage = serverAuth\n"
        self._write(f"{name}.cnf", _REQUEST.format(name=names[0]) + extensions)
        self._make_key(name)
        self._openssl(f"req -new -sha256 -key {name}.key -config {name}.cnf -out {name}.csr")
        signing = f"x509 -req -sha256 -in {name}.csr -CA {authority}.crt -CAkey {authority}.key -CAcreateserial"
        self._openssl(f"{signing} -extfile {name}.cnf -extensions server -days {days} -out {name}.crt")
        return Certificate(self._folder / f"{name}.crt", self._folder / f"{name}.key")

    def _make_key(self, name: str) -> None:
        self._openssl(f"ecparam -genkey -name prime256v1 -noout -out {name}.key")
        (self._folder / f"{name}.key").chmod(0o600)

    def _write(self, name: str, text: str) -> None:
        (self._folder / name).write_text(text, "utf-8")

    def _openssl(self, words: str) -> None:
        program = shutil.which("openssl")
        if program is None:
            raise InputError("--tls makes a certificate by openssl, which is not installed: install it, or give yours.")
        try:
            done = subprocess.run(
                [program, *words.split()],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_OPENSSL_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as bad:
            raise InputError(f"--tls needs openssl, which cannot be run: {bad}.") from bad
        if done.returncode:
            said = done.stderr.strip().partition("\n")[0]
            raise InputError(f"openssl makes no certificate (openssl {words.split()[0]}): {said}.")


def _names_of(given: Iterable[str]) -> Iterable[str]:
    """Yield what can stand in a certificate: no wildcard address, no name with strange signs."""
    for name in given:
        bare = name.strip("[]").lower()
        with contextlib.suppress(ValueError):
            if ipaddress.ip_address(bare).is_unspecified:
                continue
        if is_address(bare) or (bare and bare.isascii() and all(sign.isalnum() or sign in ".-*" for sign in bare)):
            yield bare
