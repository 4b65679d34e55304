"""From a file of any format to an export of it, redacted, with its bodies in side files where that is asked for."""

from __future__ import annotations

import platform
from dataclasses import field
from importlib.metadata import version

from explorer import __version__
from explorer.diagnoses import diagnose
from explorer.formats.exporters import Material
from explorer.formats.exporting import choose
from explorer.formats.importing import Imported, import_file
from explorer.frozen import frozen
from explorer.jobs.sharing import Sharing, share, what_was_masked
from explorer.jobs.side_files import about_side_files, with_side_files
from explorer.model import Finding, Session
from explorer.redact.sessions import Redacted


@frozen
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
    with_findings: bool = True  # whether what is written tells of them, and of versions


@frozen
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
    is_looked_up = bool(job.only or job.side_files or job.with_findings)
    ids = {exchange.id for exchange in choose(session.exchanges, job.only)} if is_looked_up else set[int]()
    redacted = None if job.as_is else share(session, job.sharing, imported.besides)
    shown = redacted.session if redacted else session
    said = tuple(what_was_masked(redacted)) if redacted else ("Nothing was redacted.",)
    if job.side_files:
        shown = with_side_files(shown, session, ids, job.side_files, is_hidden=redacted is not None)
        said = (*said, *about_side_files(session, ids, job.side_files))
    told = [*([imported.remark] if imported.remark else []), *imported.report()[:20]]
    remarks = [*(map(redacted.words, told) if redacted else told), said[0]]
    is_whole = not job.only or len(ids) == len(shown.exchanges)
    chosen = shown.exchanges if is_whole else tuple(exchange for exchange in shown.exchanges if exchange.id in ids)
    findings = findings_of(shown, ids) if job.with_findings else ()
    versions = versions_of(shown) if job.with_findings else ()
    material = Material(shown, chosen, findings, tuple(remarks), versions, files=job.side_files)
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


def findings_of(session: Session, ids: set[int]) -> tuple[Finding, ...]:
    """Return what was found wrong with the chosen exchanges."""
    return tuple(finding for finding in diagnose(session) if ids.intersection(finding.exchanges))
