"""Who is trusted and how one shows oneself: the TLS context for an origin.

Trusted are the system's roots, what the user names, and what stands in the folders that docker and podman have for the
host. Checks are left out only where the user says so; the name of the host is sent all the same.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

from explorer.errors import FormatError
from explorer.model import Origin
from explorer.wire.options import ConnectionOptions

_CA_ENDINGS = (".crt", ".pem", ".cer")


def context_for(origin: Origin, options: ConnectionOptions) -> ssl.SSLContext:
    """Return the TLS context for an origin; raises FormatError for a file that cannot be used."""
    context = ssl.create_default_context()
    if options.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if options.ca is not None:
        for file in _files_of(Path(options.ca)):
            _trust(context, file)
    for folder in _folders(origin, options):
        for file in _listed(folder, (".crt",)):
            _trust(context, file)
        for certificate in _listed(folder, (".cert",)):
            _show(context, certificate, certificate.with_suffix(".key"))
    # What was said on the command line comes last: it replaces what a folder has.
    if options.client_cert is not None:
        _show(context, Path(options.client_cert), Path(options.client_key) if options.client_key else None)
    return context


def shows_a_certificate(origin: Origin, options: ConnectionOptions) -> bool:
    """Say whether there is a client certificate for an origin."""
    folders = _folders(origin, options)
    return options.client_cert is not None or any(_listed(folder, (".cert",)) for folder in folders)


def _files_of(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    files = _listed(path, _CA_ENDINGS)
    if not files:
        raise FormatError(path, f"the folder has no certificate: files that end in {', '.join(_CA_ENDINGS)} count.")
    return files


def _folders(origin: Origin, options: ConnectionOptions) -> Iterator[Path]:
    host = f"[{origin.host}]" if ":" in origin.host else origin.host
    names = dict.fromkeys((f"{host}:{origin.port}", origin.authority))
    for parent in options.certificate_folders:
        try:
            yield from (Path(parent).expanduser() / name for name in names)
        except RuntimeError:
            continue  # there is no home


def _listed(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    """Return the files of a folder that end so; none where there is no such folder, or it may not be looked into."""
    try:
        return sorted(file for file in folder.iterdir() if file.suffix in endings)
    except OSError:
        return []


def _trust(context: ssl.SSLContext, file: Path) -> None:
    try:
        context.load_verify_locations(cafile=file)
    except ssl.SSLError as bad:
        if not _trust_der(context, file):
            raise FormatError(file, "no CA certificate can be read here; PEM or DER was expected.") from bad
    except OSError as bad:
        raise FormatError(file, f"the CA certificate cannot be read: {bad.strerror}.") from bad


def _trust_der(context: ssl.SSLContext, file: Path) -> bool:
    with file.open("rb") as opened:
        der = opened.read(1 << 20)
    try:
        context.load_verify_locations(cadata=der)
    except (ssl.SSLError, ValueError):
        return False
    return True


def _show(context: ssl.SSLContext, certificate: Path, key: Path | None) -> None:
    """Have the context show a client certificate; a key with a passphrase is refused, since nobody is asked here."""

    def refuse() -> str:
        raise FormatError(key or certificate, "the key has a passphrase, and none can be given here: write it without.")

    for file in (certificate, *([key] if key else [])):
        try:
            file.open("rb").close()
        except OSError as bad:
            raise FormatError(file, f"the client certificate or its key cannot be read: {bad.strerror}.") from bad
    try:
        context.load_cert_chain(certificate, key, password=refuse)
    except ssl.SSLError as bad:
        where = f" with the key {key}" if key else " with its key in the same file"
        why = "they do not belong together" if bad.reason == "KEY_VALUES_MISMATCH" else "PEM was expected of both"
        raise FormatError(certificate, f"no client certificate can be read here{where}: {why}.") from bad
