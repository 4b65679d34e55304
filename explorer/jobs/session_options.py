"""What holds for every session that is begun from one screen: with which login, and over which connections."""

from __future__ import annotations

from dataclasses import replace

from explorer.credentials import Given
from explorer.flows import flow_named
from explorer.flows.login import registries_of
from explorer.frozen import frozen
from explorer.model import FlowCall
from explorer.wire.options import DEFAULT, INSECURE, ConnectionOptions

_NOBODY = Given()


@frozen
class SessionOptions:
    """A login, which is for the registry that it was given for, and how connections are made."""

    login: Given = _NOBODY
    connection: ConnectionOptions = DEFAULT

    @property
    def words(self) -> str:
        """What is other than usual, in a line; empty where nothing is."""
        login, connection = self.login, self.connection
        name = login.user.partition(":")[0]
        parts = (
            INSECURE if connection.insecure else "",
            f"login '{name}' for {login.only_for}" if name else "",
            f"a token for {login.only_for}" if login.token else "",
            "no login" if login.anonymous else "",
            f"CA {connection.ca}" if connection.ca else "",
            f"client certificate {connection.client_cert}" if connection.client_cert else "",
            f"HTTP {connection.http}" if connection.http != "auto" else "",
            "a proxy" if connection.proxy else "",
        )
        return " · ".join(filter(None, parts))


def options_after(call: FlowCall, login: Given | None, connection: ConnectionOptions) -> SessionOptions:
    """Return the options of a session for those that are begun after it: its login is for its own registry alone."""
    given = login or _NOBODY
    registries = registries_of(flow_named(call.flow), call) if call.flow else ()
    if not registries:
        return SessionOptions(replace(given, user="", token="", source_user=""), connection)
    return SessionOptions(replace(given, source_user="", only_for=str(registries[0].origin)), connection)
