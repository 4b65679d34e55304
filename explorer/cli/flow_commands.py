"""Each flow as a command of `run`: its arguments from its declaration, its help from its docstring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from explorer.cli.options import connection_options, login_options, screen_options, take_connection, take_login
from explorer.cli.working import EXIT, needs_a_terminal, work
from explorer.flows.declared import Argument, FlowKind, Kind
from explorer.formats.values import Json


def command_of(kind: FlowKind) -> click.Command:
    """Return the command that steps or runs a flow."""

    def body(**words: Any) -> int:
        return _step(kind, words)

    command = click.Command(
        kind.name,
        callback=body,
        params=[_parameter(argument) for argument in kind.arguments],
        help=kind.help,
        short_help=kind.line,
        epilog=f"\b\nExample: registry-explorer run {kind.example}\n\n{EXIT}",
    )
    command.params += [
        click.Option(["--plain-http"], is_flag=True, help="Use http for a registry that is not on this machine."),
        click.Option(["--yes"], is_flag=True, help="Ask no question before something is deleted."),
        click.Option(["--run", "run_all"], is_flag=True, help="To the end without asking, printed as curl -v does."),
    ]
    if not kind.asks_first:
        command.params = [param for param in command.params if param.name != "yes"]
    for options in (connection_options, login_options, screen_options):
        _decorate(command, options)
    return command


def _decorate(command: click.Command, options: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Give the command the options that a decorator adds to functions."""

    def holder() -> None:
        """Hold the options until they are taken over."""

    command.params += reversed(getattr(options(holder), "__click_params__", []))


def _parameter(argument: Argument) -> click.Parameter:
    name = argument.name
    if argument.required:
        return click.Argument([name.replace("-", "_")], metavar=name.upper())
    choice = click.Choice(argument.choices) if argument.choices else None
    return click.Option(
        [f"--{name}", name.replace("-", "_")],
        help=argument.help[:1].upper() + argument.help[1:] + ".",
        is_flag=argument.kind is Kind.FLAG,
        multiple=argument.kind in (Kind.TEXTS, Kind.FILES),
        type=choice or (int if argument.kind is Kind.NUMBER else str) if argument.kind is not Kind.FLAG else None,
        default=argument.default,
        show_default=argument.default is not None,
    )


def _step(kind: FlowKind, words: Json) -> int:
    from explorer.jobs import open_flow
    from explorer.plain.progress import bar_for

    plain, run_all = words["plain"], words["run_all"]
    if not (plain or run_all):
        needs_a_terminal("--plain or --run")
    given = {argument.name: words.get(argument.name.replace("-", "_")) for argument in kind.arguments}
    given = {name: value for name, value in given.items() if value not in (None, (), False)}
    connection = take_connection(words)
    login = take_login(words)
    bar = bar_for("reading", plain=plain)
    workbench = open_flow(
        kind,
        given,
        plain_http=words["plain_http"],
        recording=words["session"],
        login=login,
        progress=bar,
        connection=connection,
    )
    bar.clear()
    if kind.asks_first and not words["yes"]:
        question = kind.asks_first.format(**{name: value for name, value in given.items() if isinstance(value, str)})
        if not click.confirm(f"{question} Go on?", err=True):
            workbench.close()
            click.echo("Nothing was sent.", err=True)
            return 130
    return work(workbench, plain=plain, run_all=run_all, login=login, connection=connection)
