"""What a user gives to log in with, made into a login: `--user`, `--token`, `--trust`, or the environment.

A password may stand after the name's colon, but is seen in the process list there; REGISTRY_EXPLORER_PASSWORD is not.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from explorer.errors import InputError
from explorer.flows.authenticated import Login
from explorer.formats.values import origin_from_text
from explorer.model import Origin

PASSWORD = "REGISTRY_EXPLORER_PASSWORD"
USER = "REGISTRY_EXPLORER_USER"
TOKEN = "REGISTRY_EXPLORER_TOKEN"


@dataclass(frozen=True, slots=True)
class Given:
    """What was given to log in with; `trusted` are origins besides the registry's that the login may go to."""

    user: str = ""
    token: str = ""
    trusted: tuple[str, ...] = ()


def login_for(origin: Origin, given: Given, environ: Mapping[str, str]) -> Login | None:
    """Return the login for a registry, None where nothing was given; raises InputError."""
    trusted = tuple(_origin(text) for text in given.trusted)
    token = given.token or environ.get(TOKEN, "")
    user = given.user or environ.get(USER, "")
    if token and user:
        raise InputError("A user and a token were given; one of them is enough.")
    if token:
        if not token.isascii() or not token.isprintable() or " " in token:
            raise InputError("The token has signs in it that no token has; give it without quotes and line ends.")
        return Login(str(origin), token=token, trusted=trusted)
    if not user:
        return None
    name, colon, password = user.partition(":")
    if not colon:
        if PASSWORD not in environ:
            raise InputError(f"The user '{name}' has no password: set {PASSWORD}, or write --user NAME:PASSWORD.")
        password = environ[PASSWORD]
    basic = base64.b64encode(f"{name}:{password}".encode("utf-8", "surrogateescape")).decode("ascii")
    return Login(str(origin), basic, trusted=trusted)


def _origin(text: str) -> str:
    try:
        return str(origin_from_text(text.rstrip("/")))
    except ValueError as bad:
        raise InputError(f"--trust takes an origin, as in https://auth.example.com; '{text}' is none.") from bad
