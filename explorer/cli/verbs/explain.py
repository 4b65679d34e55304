"""`registry-explorer explain`: what a word of this API means: rule, error code, header, status, parameter."""

from __future__ import annotations

import click


@click.command(name="explain")
@click.argument("word", required=False, default="")
def verb(word: str) -> int:
    """Explain WORD: a rule, an error code, a header (also as 'Name: value') or a status. Without it, list them.

    \b
    registry-explorer explain second-question-mark
    registry-explorer explain BLOB_UPLOAD_INVALID
    registry-explorer explain 'Content-Range: bytes 0-4/5'
    registry-explorer explain 416
    """
    from explorer.jobs.explaining import explain, overview
    from explorer.visible import visible

    for line in explain(word) if word else overview():
        click.echo(visible(line))
    return 0
