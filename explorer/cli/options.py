"""Options that several commands share, as decorators: where to record, with which login, over which connection."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from explorer.errors import InputError

if TYPE_CHECKING:
    from explorer.credentials import Given
    from explorer.wire.options import ConnectionOptions

Command = Callable[..., Any]

LONGEST_TIMEOUT = 86400.0


def screen_options(command: Command) -> Command:
    """Add the options of whatever is stepped; they arrive as `plain` and `session`."""
    command = click.option("--plain", is_flag=True, help="Line mode: typed commands, no cursor control.")(command)
    return click.option(
        "--session", metavar="FILE", default="", help="Where to record; a new file. [default: see below]"
    )(command)


def login_options(command: Command) -> Command:
    """Add the options that say with which credentials; they arrive as one, `login`."""

    @functools.wraps(command)
    def with_login(**words: Any) -> Any:
        return command(login=take_login(words), **words)

    decorated: Command = with_login
    for option in (
        click.option("--anonymous", is_flag=True, help="Use no login, and look for none."),
        click.option("--oauth2", is_flag=True, help="Ask a token service by POST first, as containerd does."),
        click.option("--trust", multiple=True, metavar="ORIGIN", help="Send the login to this realm's origin, too."),
        click.option("--token", metavar="TOKEN", default="", help="A bearer token; or in REGISTRY_EXPLORER_TOKEN."),
        click.option(
            "--user",
            metavar="NAME[:PASSWORD]",
            default="",
            help="Log in; the password may be in REGISTRY_EXPLORER_PASSWORD.  [default: docker's and podman's logins]",
        ),
    ):
        decorated = option(decorated)
    return decorated


def take_login(words: dict[str, Any]) -> Given:
    """Take the options of the login out of a command's words."""
    from explorer.credentials import Given

    names = ("user", "token", "trust", "oauth2", "anonymous")
    return Given(*(words.pop(name) for name in names))


def connection_options(command: Command) -> Command:
    """Add the options that say how connections are made; they arrive as one, `connection`."""

    @functools.wraps(command)
    def with_connection(**words: Any) -> Any:
        return command(connection=take_connection(words), **words)

    decorated: Command = with_connection
    for option in (
        click.option(
            "--http",
            type=click.Choice(["auto", "1.1", "2"]),
            default="auto",
            show_default=True,
            help="Which HTTP; auto agrees on it in TLS (ALPN), and is 1.1 over plain http.",
        ),
        click.option("--timeout", type=float, metavar="SECONDS", help="Wait so long for a connection, and for bytes."),
        click.option("--unix-socket", metavar="PATH", help="Connect to this socket, whatever the host."),
        click.option(
            "--proxy",
            metavar="URL",
            help='http://, https://, socks5:// or socks5h://; "" for none.  [default: the environment\'s]',
        ),
        click.option(
            "--resolve",
            multiple=True,
            metavar="HOST:PORT:ADDRESS",
            help="Dial this address for that host and port; repeatable.",
        ),
        click.option("--insecure", is_flag=True, help="Accept any certificate. Whoever is in between can read along."),
        click.option("--client-key", metavar="FILE", help="Its key, where it is not in the same file."),
        click.option("--client-cert", metavar="FILE", help="Show this certificate where one is asked for."),
        click.option("--ca", metavar="FILE", help="Trust this CA, too: a file, or a folder of files."),
    ):
        decorated = option(decorated)
    return decorated


def take_connection(words: dict[str, Any]) -> ConnectionOptions:
    """Take the options of the connection out of a command's words; raises InputError or FormatError."""
    from explorer.wire.options import ConnectionOptions, Timeouts, check, parse_resolve

    timeout = words.pop("timeout")
    if timeout is not None and not 0 < timeout <= LONGEST_TIMEOUT:
        raise InputError(f"--timeout {timeout:g} is no time to wait: give seconds, more than 0 and at most a day.")
    return check(
        ConnectionOptions(
            ca=words.pop("ca"),
            client_cert=words.pop("client_cert"),
            client_key=words.pop("client_key"),
            insecure=words.pop("insecure"),
            resolve=tuple(map(parse_resolve, words.pop("resolve"))),
            proxy=words.pop("proxy"),
            unix_socket=words.pop("unix_socket"),
            http=words.pop("http"),
            timeouts=Timeouts(timeout, timeout, timeout) if timeout else Timeouts(),
        )
    )
