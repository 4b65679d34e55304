"""From a file of any format to an export of it, redacted, with its bodies in side files where that is asked for."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from explorer import __version__
from explorer.diagnoses import diagnose
from explorer.errors import FormatError, InputError
from explorer.formats.exporters import Material
from explorer.formats.exporting import choose, write_private
from explorer.formats.importing import Imported, import_file
from explorer.jobs.sharing import Sharing, share, what_was_masked
from explorer.model import Exchange, Finding, Session, Slice
from explorer.redact.sessions import Redacted
from explorer.revival import RecordedBytes

_BLOCK = 1024 * 1024
_SMALL = 4096


@dataclass(frozen=True, slots=True)
class ExportJob:
    """What to export and how, as the user said it; empty where it was not said.

    `side_files` is a folder that the bodies of requests are written to. With `as_is`, nothing is redacted beyond what a
    recording leaves out anyway.
    """

    path: str
    only: str = ""
    kind: str = ""
    side_files: str = ""
    sharing: Sharing = field(default_factory=Sharing)
    as_is: bool = False
    with_findings: bool = True  # whether what is written tells of them


@dataclass(frozen=True, slots=True)
class Prepared:
    """Material that can be written, and what is to be said about it: by the import, and by the redaction."""

    material: Material
    imported: Imported
    said: tuple[str, ...]
    redacted: Redacted | None


def prepare(job: ExportJob) -> Prepared:
    """Read, choose, write side files, redact; raises FormatError or InputError. Nothing else is written."""
    return prepare_imported(import_file(job.path, job.kind), job)


def prepare_imported(imported: Imported, job: ExportJob) -> Prepared:
    """Do the same with a session that was read already, or is under way."""
    session = imported.session
    ids = {exchange.id for exchange in choose(session.exchanges, job.only)}
    if job.side_files:
        session = with_side_files(session, ids, Path(job.side_files))
    redacted = None if job.as_is else share(session, job.sharing, imported.besides)
    shown = redacted.session if redacted else session
    said = tuple(what_was_masked(redacted)) if redacted else ("Nothing was redacted.",)
    remarks = [*imported.report()[:20], said[0]]
    if imported.remark:
        remarks.insert(0, imported.remark)
    is_whole = len(ids) == len(shown.exchanges)
    chosen = shown.exchanges if is_whole else tuple(exchange for exchange in shown.exchanges if exchange.id in ids)
    findings = findings_of(shown, ids) if job.with_findings else ()
    material = Material(shown, chosen, findings, tuple(remarks), versions_of(shown), files=job.side_files)
    return Prepared(material, imported, said, redacted)


def versions_of(session: Session) -> tuple[str, ...]:
    """Return the versions of what takes part: this program and what it stands on, and what the registry says it is."""
    ours = f"registry-explorer {__version__}, Python {platform.python_version()}, httpx {version('httpx')}"
    servers: dict[str, None] = {}
    for exchange in session.exchanges:
        headers = exchange.response.headers if exchange.response else ()
        for row in headers:
            if row.name.lower() in ("server", "docker-distribution-api-version", "via", "x-powered-by"):
                servers[f"{row.name}: {row.value}"[:120]] = None
    return (ours, *list(servers)[:8])


def with_side_files(session: Session, ids: set[int], folder: Path) -> Session:
    """Write the bodies of the chosen requests into a folder, and return the session with them there.

    Small ones that are text stay in the session. The files get the sha256 that was sent checked; raises FormatError
    where one of them is gone or another one now.
    """
    source = RecordedBytes(session.call.arguments)
    written: dict[str, Slice] = {}
    try:
        exchanges = tuple(
            _with_side_file(exchange, folder, source, written) if exchange.id in ids else exchange
            for exchange in session.exchanges
        )
    finally:
        source.close()
    return replace(session, exchanges=exchanges)


def _with_side_file(exchange: Exchange, folder: Path, source: RecordedBytes, written: dict[str, Slice]) -> Exchange:
    body = exchange.request.body
    if isinstance(body, bytes):
        if len(body) <= _SMALL:
            return exchange
        wanted = hashlib.sha256(body).hexdigest()
    elif isinstance(body, Slice):
        wanted = body.sha256 or exchange.sent_sha256
        if not wanted:
            raise InputError(f"The body of exchange {exchange.id} has no sha256, so nothing tells which bytes it was.")
        body = source.again(body)
    else:
        return exchange
    if wanted not in written:
        path = folder / f"body-{exchange.id}.bin"
        hashed = hashlib.sha256()
        write_private(path, _hashing(body, hashed, wanted, path))
        size = len(body) if isinstance(body, bytes) else body.length
        written[wanted] = Slice(str(path.absolute()), 0, size, wanted, path.name)
    request = replace(exchange.request, body=written[wanted])
    is_same = exchange.proposed == exchange.request
    return replace(exchange, request=request, proposed=request if is_same else exchange.proposed)


def _hashing(body: bytes | Slice, hashed: hashlib._Hash, wanted: str, path: Path) -> Iterator[bytes]:
    """Yield the blocks of a body; raises FormatError at the end where they are not those that were sent."""
    for block in blocks_of(body):
        hashed.update(block)
        yield block
    if hashed.hexdigest() != wanted:
        where = body.path if isinstance(body, Slice) else path
        raise FormatError(where, f"the bytes there are not those that were sent: their sha256 is not {wanted}.")


def blocks_of(body: bytes | Slice) -> Iterator[bytes]:
    """Yield a body in blocks; raises FormatError where its file cannot be read."""
    if isinstance(body, bytes):
        yield body
        return
    left = body.length
    try:
        with Path(body.path).open("rb") as file:
            file.seek(body.offset)
            while left and (block := file.read(min(left, _BLOCK))):
                left -= len(block)
                yield block
    except OSError as bad:
        raise FormatError(body.path, f"the body of a request lay there, and cannot be read: {bad.strerror}.") from bad


def findings_of(session: Session, ids: set[int]) -> tuple[Finding, ...]:
    """Return what was found wrong with the chosen exchanges."""
    return tuple(finding for finding in diagnose(session) if ids.intersection(finding.exchanges))
