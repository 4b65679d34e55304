"""The commands `save`, `export` and `report`."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.errors import InputError
from explorer.formats.importing import Imported
from explorer.plain.declared import command
from explorer.plain.desk import Desk
from explorer.plain.handing import new_file, written


def _needs_exchanges(desk: Desk) -> None:
    if not desk.state.exchanges:
        raise InputError("Nothing was sent yet, so there is nothing to hand out.")


@command("save", takes="FILE", group="handing out")
def save(desk: Desk, argument: str) -> Iterator[str]:
    """Write the whole session to a new file, for yourself: as the recording has it, credentials masked and no more.

    The session is being recorded anyway; where says in which file.
    """
    _needs_exchanges(desk)
    yield from _exported(desk, "session", argument, "", as_is=True)


@command("export", takes="KIND FILE [WHICH]", group="handing out")
def export(desk: Desk, argument: str) -> Iterator[str]:
    """Write the session as something that others use, secrets masked: KIND har, curl, hurl, http, raw, markdown, …

    KIND may also be html, svg, mermaid, ladder or session. WHICH chooses exchanges, as in 3-7,failed. What was masked
    is said.
    """
    words = argument.split(maxsplit=2)
    if len(words) < 2:
        raise InputError("Say a kind and a file, as in: export curl push.sh.")
    _needs_exchanges(desk)
    yield from _exported(desk, words[0], words[1], words[2] if len(words) > 2 else "", as_is=False)


def _exported(desk: Desk, kind: str, path: str, only: str, *, as_is: bool) -> Iterator[str]:
    from explorer.formats.exporting import export as exported
    from explorer.formats.exporting import writer_named
    from explorer.jobs.exporting import ExportJob, prepare_imported

    tells = writer_named(kind).tells_findings
    new_file(path)
    job = ExportJob(desk.state.recording or "session", only, as_is=as_is, with_findings=tells)
    prepared = prepare_imported(Imported(desk.bench.session, "session"), job)
    yield written(path, exported(prepared.material, kind))
    yield from prepared.said


@command("report", takes="[FILE]", group="handing out")
def report(desk: Desk, argument: str) -> Iterator[str]:
    """Write a redacted bundle for a bug report, and hear the summary to paste and what was masked."""
    from explorer.jobs.reporting import report_of

    _needs_exchanges(desk)
    path = str(new_file(argument)) if argument.strip() else ""
    made = report_of(desk.bench.session, desk.state.recording, path)
    yield from made.summary
    yield from made.said
    yield f"Written: {made.path} ({', '.join(made.names)})"
