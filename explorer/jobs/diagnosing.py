"""From evidence of any kind to what is wrong: a recording, a log, a paste, one error line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace

from explorer.diagnoses import Diagnosis
from explorer.diagnoses.capture import capture
from explorer.errors import FormatError
from explorer.formats.importers.text import ERROR_LINES
from explorer.formats.importing import import_source
from explorer.formats.sources import Source
from explorer.formats.unpacking import open_plain
from explorer.frozen import frozen
from explorer.model import Exchange, Finding
from explorer.recognition import Parties, Recognised, recognise

FIRST_NOTES, LAST_NOTES = 256 * 1024, 768 * 1024
"""So many bytes of the evidence, from its begin and its end, are read as text beside the exchanges.

People type around what they paste, and what a client or a CI job says last is the failure.
"""

RECORDINGS = ("session", "har", "mitmproxy")
"""Formats that hold exchanges alone, and no line that a person or a client put beside them."""


@frozen
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
        if not imported.session.exchanges or imported.format == ERROR_LINES:
            return _heard(source, everything, None)
        session, notes = imported.session, _notes(source)
        if imported.format in RECORDINGS:
            findings, parties, is_thin = _told(session.exchanges, notes, everything)
        else:
            from explorer.diagnoses.lines import hear_besides

            session, findings, speaker = hear_besides(session, notes, everything=everything)
            parties = _with_speaker(recognise(session.exchanges), speaker)
            is_thin = any(map(_is_thin, session.exchanges))
        return Diagnosed(
            session.exchanges,
            findings,
            parties,
            imported.format,
            imported.guessed,
            imported.dropped,
            capture(parties.client.name) if is_thin and not _is_certain(findings) else "",
        )


def _told(
    exchanges: Sequence[Exchange], notes: tuple[str, ...], everything: bool
) -> tuple[tuple[Finding, ...], Parties, bool]:
    """Return what is wrong, who took part, and whether the evidence is thin; each exchange is looked at once."""
    diagnosis = Diagnosis(notes=notes)
    is_thin = False
    for exchange in exchanges:
        diagnosis.feed(exchange, exchanges)
        is_thin = is_thin or _is_thin(exchange)
    findings = diagnosis.findings(is_over=True, everything=everything)
    return findings, diagnosis.history.recogniser.parties, is_thin


def _is_thin(exchange: Exchange) -> bool:
    return exchange.basis == "inferred" or bool(exchange.unknown)


def _is_certain(findings: tuple[Finding, ...]) -> bool:
    return any(finding.certainty == "decides" for finding in findings)


_NO_CLIENTS = ("registry", "proxy")


def _with_speaker(parties: Parties, speaker: str) -> Parties:
    """Return the parties with the client that printed the lines that tell of the failure: it is the one that failed."""
    if not speaker or speaker in _NO_CLIENTS or speaker == parties.client.name:
        return parties
    others = (f"{parties.client.name} made the exchanges beside them",) if parties.client else ()
    evidence = (f"the lines that tell of the failure are {speaker}'s", *others)
    return replace(parties, client=Recognised(speaker, "likely", evidence))


def _notes(source: Source) -> tuple[str, ...]:
    """Return the lines of a text beside the exchanges; none where the evidence is no text."""
    head = source.head(FIRST_NOTES + LAST_NOTES)
    if b"\0" in head[:4096]:
        return ()
    if source.size <= len(head):
        return tuple(head.decode("utf-8", "replace").splitlines())
    first = head[:FIRST_NOTES].decode("utf-8", "replace").splitlines()
    last = source.tail(LAST_NOTES).decode("utf-8", "replace").splitlines()
    return (*first[:-1], *last[1:])


def _heard(source: Source, everything: bool, refused: FormatError | None) -> Diagnosed:
    from explorer.diagnoses.lines import hear

    heard = hear("\n".join(_notes(source)), everything=everything)
    if not heard:
        raise refused or FormatError(
            source.name,
            "there is no exchange in it, and no error line that is known. A log or a paste with requests and answers "
            "was expected, a recording, or an error message of a client or a registry.",
        )
    parties = _with_speaker(recognise(heard.exchanges), heard.client)
    next_step = "" if _is_certain(heard.findings) else heard.next
    return Diagnosed(heard.exchanges, heard.findings, parties, ERROR_LINES, next=next_step)
