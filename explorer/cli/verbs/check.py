"""The verb `check`."""

from __future__ import annotations

import click


@click.command(name="check")
@click.argument("file")
@click.option("--from", "kind", default="", metavar="FORMAT", help="What FILE is. [default: by its content]")
def verb(file: str, kind: str) -> int:
    """Verify FILE: that every line or entry of it can be read, that it is whole, and that it holds no credentials.

    Says what was understood, guessed and dropped, and what is wrong. Nothing is written and nothing is sent.
    """
    from explorer.jobs.checking import check_file
    from explorer.visible import visible

    checked = check_file(file, kind)
    for line in checked.lines:
        click.echo(visible(line))
    return 0 if checked.is_sound else 4
