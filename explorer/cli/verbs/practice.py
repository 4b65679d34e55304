"""The verb `practice`."""

from __future__ import annotations

import click


@click.command(name="practice")
@click.option("--port", type=click.IntRange(0, 65535), default=5000, show_default=True, help="0 takes a free one.")
@click.option("--store", metavar="FOLDER", help="Keep what is pushed there; otherwise it is gone at the end.")
def verb(port: int, store: str | None) -> int:
    """Run the built-in registry on its own, for any client, until Ctrl-C."""
    from explorer.jobs import serve_practice

    return serve_practice(port, store, click.echo)
