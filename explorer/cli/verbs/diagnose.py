"""`registry-explorer diagnose`: what went wrong in a recording, a log or a paste."""

from __future__ import annotations

import sys

import click


@click.command(name="diagnose")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="For programs; the shape is in the manual.")
@click.option("--all", "everything", is_flag=True, help="Also consequences, and hints about what went well.")
@click.option("--from", "kind", metavar="FORMAT", default="", help="What FILE is, where it cannot be recognised.")
def verb(file: str, as_json: bool, everything: bool, kind: str) -> int:
    """Say what went wrong in FILE: cause, proof, and what mends it.

    FILE is whatever `open` takes; - reads a paste or one error line from standard input. Nothing is sent, and no file
    that the evidence names is touched.

    \b
    Exit status: 0 nothing found · 1 findings · 2 usage · 4 the input cannot be used
    """
    from explorer.jobs.diagnosing import diagnose_file

    found = diagnose_file(file, everything=everything, kind=kind)
    if as_json:
        from explorer.formats.findings import findings_as_json, findings_to_json

        told = findings_to_json(found.findings, found.parties, (), found.format, found.guessed, found.dropped)
        sys.stdout.writelines(findings_as_json(told, found.exchanges))
        click.echo()
    else:
        from explorer.plain.findings import findings_lines, parties_lines, requests_to_mend

        requests = requests_to_mend(found.findings, found.exchanges)
        for line in findings_lines(found.findings, requests):
            click.echo(line)
        if not found.findings:
            count = len(found.exchanges)
            click.echo(f"Nothing wrong was found in {count} exchange{'' if count == 1 else 's'}.")
        for line in parties_lines(found.parties):
            click.echo(line)
        if found.next:
            click.echo(f"The evidence is thin. To see more: {found.next}")
    return 1 if found.findings else 0
