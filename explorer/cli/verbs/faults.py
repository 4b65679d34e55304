"""The verb `faults`."""

from __future__ import annotations

import click


@click.command(name="faults")
@click.argument("name", required=False)
def verb(name: str | None) -> int:
    """List the ways in which the built-in registry can go wrong, and what a user sees of each; or explain one.

    They are switched on by `practice --fault NAME[=ARGUMENT]`, `push SOURCE --fault NAME[=ARGUMENT]`,
    `record UPSTREAM --fault NAME[=ARGUMENT]`, or in the app.
    """
    from explorer.plain.faults import all_faults, one_fault

    for line in one_fault(name) if name else all_faults():
        click.echo(line)
    return 0
