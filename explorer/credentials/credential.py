"""A credential as a person or a program has it."""

from __future__ import annotations

from dataclasses import field

from explorer.frozen import frozen


@frozen
class Credential:
    """Whom to be at a registry: a name and a password, an identity token, or a bearer token given by hand.

    `source` says in words where it came from. The secrets are in no repr.
    """

    username: str
    password: str = field(repr=False)
    identity_token: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    source: str = ""
