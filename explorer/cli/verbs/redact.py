"""The verb `redact`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from explorer.cli.sharing_options import sharing_options

if TYPE_CHECKING:
    from explorer.jobs.sharing import Sharing


@click.command(name="redact")
@click.argument("file")
@click.option("-o", "--output", default="", metavar="FILE", help="Where to write it. [default: FILE-redacted.jsonl]")
@click.option("--only", default="", metavar="WHICH", help="Some exchanges: 3-7,failed,~m PATCH. [default: all]")
@click.option("--from", "kind", default="", metavar="FORMAT", help="What FILE is. [default: by its content]")
@click.option("--dry-run", is_flag=True, help="Only say what would be masked, and what looks secret.")
@sharing_options
def verb(file: str, output: str, only: str, kind: str, dry_run: bool, sharing: Sharing) -> int:
    """Write FILE as a session that can be shared, and say what was masked in it.

    The same secret has the same name everywhere (`masked-token-1`), lengths and digests are kept true, so that the
    session can still be stepped, compared and diagnosed. FILE stays as it is.
    """
    from pathlib import Path

    from explorer.formats.exporting import export, write_private
    from explorer.jobs.exporting import ExportJob, prepare

    prepared = prepare(ExportJob(file, only, kind, "", sharing, with_findings=False))
    if not dry_run:
        stem = "session" if file.startswith(("-", "@")) else Path(file).stem
        path = Path(output or Path(file).parent / f"{stem}-redacted.jsonl")
        write_private(path, export(prepared.material, "session"))
        click.echo(f"Written: {path}")
    for line in prepared.said:
        click.echo(line)
    return 0
