"""What a session can be written as. One file, one kind; each declares a `Writer`, and is found by itself.

A writer yields text in pieces, so that a long session is never held twice. Bytes of the wire that are no UTF-8 are
lone surrogates in it (`surrogateescape`), where the format can carry them. Nothing is left out silently: what a format
cannot say stands in it as a remark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from explorer.frozen import frozen
from explorer.model import Exchange, Finding, Session


@frozen
class Material:
    """What is to be written: a session, redacted already where others are to read it, and what is known about it.

    `chosen` are the exchanges to write; the session has the others, too, since values may come from them. `remarks` are
    sentences about the session (how it ended, what an import guessed, what was masked). `files` is the folder that side
    files lie in, as the reader of the export will name it; empty where there are none.
    """

    session: Session
    chosen: Sequence[Exchange]
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    files: str = ""


@frozen
class Writer:
    """A kind of export: its name (as for `--to`), what it is, the ending of its files, and how it is written.

    `tells_findings` says that findings stand in it, so that they have to be there before.
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Material], Iterator[str]]
    tells_findings: bool = False
