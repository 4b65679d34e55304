"""The verb `run`."""

from __future__ import annotations

import click


class LazyFlows(click.Group):
    """The flows as commands, made when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the flows."""
        del ctx
        from explorer.flows import flows as known

        return list(known())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of a flow; None where there is none of that name."""
        del ctx
        from explorer.cli.flow_commands import command_of
        from explorer.flows import flows as known

        return command_of(known()[cmd_name]) if cmd_name in known() else None


@click.group(name="run", cls=LazyFlows, subcommand_metavar="FLOW [ARGUMENTS]")
def verb() -> None:
    """Step or run any conversation; `run FLOW --help` names its arguments.

    The flows are listed by `registry-explorer flows`.
    """
