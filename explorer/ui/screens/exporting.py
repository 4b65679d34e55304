"""A screen whose session can be written as what others use, secrets masked."""

from __future__ import annotations

from typing import Any

from textual import work
from textual.screen import Screen

from explorer.errors import InputError, Problem
from explorer.model import Session
from explorer.visible import visible

_SECONDS = 10.0


class ExportingScreen(Screen[Any]):
    """Asks for a kind and a file, and writes."""

    kind = "har session.har"
    """What is proposed."""

    def exported(self) -> tuple[Session, str] | None:
        """Return the session and the path of its recording; None where there is nothing to write."""
        raise NotImplementedError

    def action_export(self) -> None:
        """Ask for a kind and a file, and write the session so."""
        from explorer.formats.exporting import writers
        from explorer.ui.screens.asking import Ask

        if self.exported() is None:
            self.notify("Nothing was sent yet, so there is nothing to export.", severity="warning", markup=False)
            return
        names = ", ".join(writer.name for writer in writers())
        help = f"KIND FILE [WHICH]. A kind is one of {names}; WHICH chooses exchanges, as in 3-7,failed."
        self.app.push_screen(Ask("Export as…", help, self.kind, _parsed), self._export_as)

    def _export_as(self, text: str | None) -> None:
        if text:
            self._export(*_parsed(text))

    @work(thread=True, group="export", exclusive=True, exit_on_error=False, description="export")
    def _export(self, kind: str, path: str, only: str) -> None:
        from explorer.formats.exporting import export, writer_named
        from explorer.formats.importing import Imported
        from explorer.jobs.exporting import ExportJob, prepare_imported
        from explorer.plain.handing import written

        found = self.exported()
        if found is None:
            return
        session, recording = found
        try:
            tells = writer_named(kind).tells_findings
            job = ExportJob(recording or "session", only, with_findings=tells)
            prepared = prepare_imported(Imported(session, "session"), job)
            said = " ".join((written(path, export(prepared.material, kind)), *prepared.said))
        except Problem as problem:
            said = problem.sentence
        self.app.call_from_thread(self.notify, visible(said), timeout=_SECONDS, markup=False)


def _parsed(text: str) -> tuple[str, str, str]:
    """Return the kind, the file and the choice that a text names; raises InputError."""
    from explorer.formats.exporting import writer_named
    from explorer.plain.handing import new_file

    words = text.split(maxsplit=2)
    if len(words) < 2:
        raise InputError("Say a kind and a file, as in: curl push.sh")
    writer_named(words[0])
    new_file(words[1])
    return words[0], words[1], words[2] if len(words) > 2 else ""
