"""From evidence of any kind to what is wrong: a recording, a log, a paste, one error line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from explorer.diagnoses import diagnose
from explorer.diagnoses.capture import capture
from explorer.diagnoses.lines import hear, hear_besides
from explorer.errors import FormatError
from explorer.formats.importing import import_source
from explorer.formats.sources import Source
from explorer.formats.unpacking import open_plain
from explorer.model import Exchange, Finding
from explorer.recognition import Parties, recognise

LONGEST_NOTES = 1 << 20
"""So many bytes of the evidence are read as text beside the exchanges, for what people typed around them."""

RECORDINGS = ("session", "har", "mitmproxy")
"""Formats that hold exchanges alone, and no line that a person or a client put beside them."""


@dataclass(frozen=True, slots=True)
class Diagnosed:
    """What came of a diagnosis: the exchanges, the findings, who took part, and the report of the import.

    `next` says what to record next, where the evidence is thin; empty where it is not.
    """

    exchanges: Sequence[Exchange]
    findings: tuple[Finding, ...]
    parties: Parties
    format: str
    guessed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    next: str = ""


def diagnose_file(path: str, *, everything: bool = False, kind: str = "") -> Diagnosed:
    """Diagnose a file (`-`: standard input); raises FormatError where nothing can be made of it.

    No file that the evidence names is touched.
    """
    with ExitStack() as resources:
        source = open_plain(path, resources)
        try:
            imported = import_source(source, kind)
        except FormatError as refused:
            if kind:
                raise
            return _heard(source, everything, refused)
        if not imported.session.exchanges:
            return _heard(source, everything, None)
        session, notes = imported.session, _notes(source)
        if imported.format in RECORDINGS:
            findings = diagnose(session, everything=everything, notes=notes)
        else:
            session, findings = hear_besides(session, notes, everything=everything)
        exchanges = session.exchanges
        parties = recognise(exchanges)
        is_thin = any(exchange.basis == "inferred" or exchange.unknown for exchange in exchanges)
        return Diagnosed(
            exchanges,
            findings,
            parties,
            imported.format,
            imported.guessed,
            imported.dropped,
            capture(parties.client.name) if is_thin and not _is_certain(findings) else "",
        )


def _is_certain(findings: tuple[Finding, ...]) -> bool:
    return any(finding.certainty == "decides" for finding in findings)


def _notes(source: Source) -> tuple[str, ...]:
    """Return the lines of a text beside the exchanges; none where the evidence is no text."""
    head = source.head(LONGEST_NOTES)
    return () if b"\0" in head[:4096] else tuple(head.decode("utf-8", "replace").splitlines())


def _heard(source: Source, everything: bool, refused: FormatError | None) -> Diagnosed:
    heard = hear("\n".join(_notes(source)), everything=everything)
    if not heard:
        raise refused or FormatError(
            source.name,
            "there is no exchange in it, and no error line that is known. A log or a paste with requests and answers "
            "was expected, a recording, or an error message of a client or a registry.",
        )
    parties = recognise(heard.exchanges)
    next_step = "" if _is_certain(heard.findings) else heard.next
    return Diagnosed(heard.exchanges, heard.findings, parties, "error lines", next=next_step)
