"""From a session to one bundle for a bug report, and the summary to paste beside it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from explorer.errors import InputError
from explorer.formats.exporters import Material
from explorer.formats.exporters.markdown import plain
from explorer.formats.exporting import export, write_private, writer_named
from explorer.formats.importing import Imported
from explorer.formats.writing.report import errors_of, facts_of, finding_lines, summary_of, title_of
from explorer.frozen import frozen
from explorer.jobs.exporting import ExportJob, Prepared, prepare, prepare_imported
from explorer.ladder import as_text, ladder_of
from explorer.model import Session
from explorer.places import sessions_folder
from explorer.visible import shortened, visible

PARTS = ("session", "markdown", "html", "svg", "mermaid", "curl", "hurl")
"""What a bundle holds, besides the ladder as text and the versions."""

_MOST_FINDINGS = 5
_MOST_FAILED = 6
_MOST_DRAWN = 12
_WIDTH = 100
# Files of an archive have a date; one that is the same for all makes equal sessions equal bundles.
_DATE = (2000, 1, 1, 0, 0, 0)


@frozen
class Report:
    """A bundle that was written: where, what is in it, the summary to paste, and what was said on the way."""

    path: Path
    names: tuple[str, ...]
    summary: tuple[str, ...]
    said: tuple[str, ...]


def make_report(job: ExportJob, output: str = "") -> Report:
    """Read a session, redact it, and write the bundle; raises FormatError or InputError."""
    if job.as_is:
        raise InputError("A report is for others, so it is always redacted.")
    return _written(prepare(job), job, output)


def report_of(session: Session, recording: str, output: str = "") -> Report:
    """Write the bundle for a session that is under way, beside where recordings go; raises FormatError."""
    job = ExportJob(recording or "session")
    stem = "session" if not recording or recording.startswith(("-", "@")) else Path(recording).stem
    prepared = prepare_imported(Imported(session, "session"), job)
    return _written(prepared, job, output or str(sessions_folder() / f"{stem}-report.zip"))


def _written(prepared: Prepared, job: ExportJob, output: str) -> Report:
    stem = "session" if job.path.startswith(("-", "@")) else Path(job.path).stem
    path = Path(output or f"{stem}-report.zip")
    files = dict(_files(prepared.material))
    write_private(path, (_zipped(files),))
    return Report(path, tuple(files), tuple(summary_lines(prepared)), prepared.said)


def _files(material: Material) -> Iterator[tuple[str, bytes]]:
    names = {"session": "session", "markdown": "report", "html": "report", "svg": "ladder", "mermaid": "ladder"}
    for kind in PARTS:
        name = names.get(kind, "again")
        yield f"{name}{writer_named(kind).suffix}", b"".join(export(material, kind))
    yield "ladder.txt", as_text(ladder_of(material.chosen, material.session.call)).encode("utf-8")
    yield "versions.txt", "".join(f"{visible(line)}\n" for line in material.versions).encode("utf-8")


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o700 if name.endswith(".sh") else 0o600) << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def summary_lines(prepared: Prepared) -> Iterator[str]:
    """Yield the summary to paste into an issue: what was tried, what was found, what failed, the ladder."""
    material = prepared.material
    yield f"**{plain(title_of(material))}**"
    yield ""
    for word, text in facts_of(material):
        yield f"- {word}: {plain(text)}"
    yield f"- {plain(prepared.said[0])}"
    for finding in material.findings[:_MOST_FINDINGS]:
        yield f"- found ({finding.certainty}): {plain(visible(finding.what))}"
        fix = dict(finding_lines(finding))["what to do"]
        yield f"  what to do: {plain(fix)}"
    failed = [exchange for exchange in material.chosen if exchange.status >= 400 or exchange.error]
    for exchange in failed[:_MOST_FAILED]:
        said = errors_of(exchange) or (exchange.error.sentence if exchange.error else "")
        yield f"- {plain(summary_of(exchange))}{': ' if said else ''}{plain(shortened(visible(said), 2 * _WIDTH))}"
    yield ""
    yield "```text"
    drawn = material.chosen[:_MOST_DRAWN]
    yield from as_text(ladder_of(drawn, material.session.call), _WIDTH).replace("`", "'").splitlines()
    if len(drawn) < len(material.chosen):
        yield f"  {len(material.chosen) - len(drawn)} more exchanges are in the bundle."
    yield "```"
