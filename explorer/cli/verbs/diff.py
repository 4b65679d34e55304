"""The verb `diff`."""

from __future__ import annotations

import click


@click.command(
    name="diff", epilog="\b\nExit status: 0 they went the same way · 1 they differ · 2 usage · 4 a file cannot be used"
)
@click.argument("left")
@click.argument("right")
def verb(left: str, right: str) -> int:
    """Compare two sessions, exchange by exchange.

    Ids, states, dates and tokens differ from run to run; they are counted, and what differs besides is listed. LEFT and
    RIGHT are recordings, or whatever else `open` reads.
    """
    from explorer.compare import compare_sessions
    from explorer.formats.importing import import_file
    from explorer.plain.replaying import difference_lines

    one, other = import_file(left), import_file(right)
    for opened in (one, other):
        if opened.remark:
            click.echo(opened.remark, err=True)
    comparison = compare_sessions(one.session.exchanges, other.session.exchanges)
    for line in difference_lines(comparison, ("left", "right")):
        click.echo(line)
    return 1 if comparison.different else 0
