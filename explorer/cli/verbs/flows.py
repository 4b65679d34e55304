"""The verb `flows`."""

from __future__ import annotations

import click


@click.command(name="flows")
def verb() -> None:
    """List the conversations that `run` knows, with a line each."""
    from explorer.flows import flows as known

    width = max(len(name) for name in known())
    for kind in known().values():
        click.echo(f"{kind.name:<{width}}  {kind.line} ({', '.join(kind.numbers)})")
