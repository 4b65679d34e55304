"""The verb `report`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from explorer.cli.sharing_options import sharing_options

if TYPE_CHECKING:
    from explorer.jobs.sharing import Sharing


@click.command(name="report")
@click.argument("file")
@click.option("-o", "--output", default="", metavar="FILE", help="Where to write it. [default: NAME-report.zip here]")
@click.option("--only", default="", metavar="WHICH", help="Some exchanges: 3-7,failed,~m PATCH. [default: all]")
@click.option("--from", "kind", default="", metavar="FORMAT", help="What FILE is. [default: by its content]")
@sharing_options
def verb(file: str, output: str, only: str, kind: str, sharing: Sharing) -> int:
    """Make one bundle for a bug report, and print the summary to paste into an issue.

    The bundle is a zip with the redacted session, the report as Markdown and as HTML, the ladder, a curl script and a
    Hurl file that do it again, and the versions. What was masked is said on standard error.
    """
    from explorer.jobs.exporting import ExportJob
    from explorer.jobs.reporting import make_report

    report = make_report(ExportJob(file, only, kind, "", sharing), output)
    for line in report.summary:
        click.echo(line)
    for line in report.said:
        click.echo(line, err=True)
    click.echo(f"Written: {report.path} ({', '.join(report.names)})", err=True)
    return 0
