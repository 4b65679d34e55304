"""The verb `diff`."""

from __future__ import annotations

import click


@click.command(
    name="diff", epilog="\b\nExit status: 0 they went the same way · 1 they differ · 2 usage · 4 a file cannot be used"
)
@click.argument("left")
@click.argument("right")
@click.option(
    "--from",
    "kinds",
    multiple=True,
    metavar="FORMAT",
    help="What LEFT and RIGHT are; twice: LEFT, then RIGHT. [default: by their content]",
)
def verb(left: str, right: str, kinds: tuple[str, ...]) -> int:
    """Compare two sessions, exchange by exchange.

    Ids, states, dates and tokens differ from run to run; they are counted, and what differs besides is listed. LEFT and
    RIGHT are recordings, or whatever else `open` reads.
    """
    from explorer.compare import compare_sessions
    from explorer.formats.importing import import_file
    from explorer.formats.sources import STDIN
    from explorer.plain.replaying import difference_lines

    if len(kinds) > 2:
        raise click.UsageError("--from is said once for both, or twice: for LEFT, then for RIGHT.")
    if left == right == STDIN:
        raise click.UsageError("Standard input can be LEFT or RIGHT, and not both.")
    one, other = import_file(left, kinds[0] if kinds else ""), import_file(right, kinds[-1] if kinds else "")
    for opened in (one, other):
        if opened.remark:
            click.echo(opened.remark, err=True)
    comparison = compare_sessions(one.session.exchanges, other.session.exchanges)
    for line in difference_lines(comparison, ("left", "right")):
        click.echo(line)
    return 1 if comparison.different else 0
