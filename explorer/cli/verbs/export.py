"""The verb `export`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from explorer.cli.sharing_options import sharing_options

if TYPE_CHECKING:
    from explorer.jobs.sharing import Sharing


@click.command(name="export")
@click.argument("file")
@click.option("--to", "to", required=True, metavar="KIND", help="What to write; see below.")
@click.option("--only", default="", metavar="WHICH", help="Some exchanges: 3-7,failed,~m PATCH. [default: all]")
@click.option("-o", "--output", default="", metavar="FILE", help="A file; private, replaced whole. [default: stdout]")
@click.option("--side-files", default="", metavar="FOLDER", help="Put the bodies of requests into files there.")
@click.option("--from", "kind", default="", metavar="FORMAT", help="What FILE is. [default: by its content]")
@click.option("--as-is", is_flag=True, help="For yourself: mask nothing but the credentials of headers and logins.")
@sharing_options
def verb(file: str, to: str, only: str, output: str, side_files: str, kind: str, as_is: bool, sharing: Sharing) -> int:
    """Write a session as something that others can use; secrets are masked, and what was is said.

    \b
    KIND  har, curl, hurl, http, raw, markdown, html, svg, mermaid, ladder
        or session
    FILE  a recording, or whatever else `open` reads; - is standard input

    On a terminal, control characters are shown as signs. A curl script and a Hurl file have the whole conversation
    again, each Location taken from the answer before.
    """
    from explorer.formats.exporting import export, write_private, writer_named
    from explorer.jobs.exporting import ExportJob, prepare

    with_findings = writer_named(to).tells_findings
    prepared = prepare(ExportJob(file, only, kind, side_files, sharing, as_is, with_findings))
    pieces = export(prepared.material, to)
    if output and output != "-":
        from pathlib import Path

        write_private(Path(output), pieces)
    else:
        for piece in map(_inert, pieces) if sys.stdout.isatty() else pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.flush()
    for line in prepared.said:
        click.echo(line, err=True)
    return 0


def _inert(piece: bytes) -> bytes:
    """Return a piece as a terminal may have it, which would obey what it tells it to do."""
    from explorer.visible import visible

    lines = piece.decode("utf-8", "backslashreplace").replace("\r\n", "\n").split("\n")
    return "\n".join(visible(line.replace("\t", "    ")) for line in lines).encode()
