"""Where a credential is found: the command line, the environment, docker's and podman's files, their helpers.

The first that has one for the registry is taken. Nothing is asked of a person here, and no message holds a secret.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.credentials.credential import Credential
from explorer.errors import InputError
from explorer.model import Origin

if TYPE_CHECKING:
    from explorer.formats.auth_files import AuthFile

USER = "REGISTRY_EXPLORER_USER"
PASSWORD = "REGISTRY_EXPLORER_PASSWORD"
TOKEN = "REGISTRY_EXPLORER_TOKEN"


def said_credential(user: str, token: str, environ: Mapping[str, str]) -> Credential | None:
    """Return what the command line says, else the environment; raises InputError where it cannot be used.

    `user` is NAME[:PASSWORD] as typed; either may be empty.
    """
    if said := _said(user, token, "--user", "--token", environ):
        return said
    return _said(environ.get(USER, ""), environ.get(TOKEN, ""), USER, TOKEN, environ)


def kept_credential(origin: Origin, repository: str, *, environ: Mapping[str, str], home: Path) -> Credential | None:
    """Return what docker's and podman's files and their helpers have for a repository of a registry.

    Raises InputError where a helper fails, FormatError where a file of logins is broken.
    """
    from explorer.formats.auth_files import read_auth_file

    for path in auth_files(environ, home):
        if (file := read_auth_file(path)) and (found := _in_file(file, origin, repository, environ)):
            return found
    return None


def auth_files(environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    """Yield where docker and podman keep logins, in the order in which they are asked."""
    docker = environ.get("DOCKER_CONFIG")
    yield (Path(docker) if docker else home / ".docker") / "config.json"
    if only := environ.get("REGISTRY_AUTH_FILE"):
        yield Path(only)
        return
    if run := environ.get("XDG_RUNTIME_DIR"):
        yield Path(run) / "containers" / "auth.json"
    config = environ.get("XDG_CONFIG_HOME")
    yield (Path(config) if config else home / ".config") / "containers" / "auth.json"


def _said(user: str, token: str, user_source: str, token_source: str, environ: Mapping[str, str]) -> Credential | None:
    if user and token:
        raise InputError(f"{user_source} and {token_source} were both given; one of them is enough.")
    if token:
        if not token.isascii() or not token.isprintable() or " " in token:
            raise InputError(f"{token_source} has signs in it that no token has; give it without quotes or line ends.")
        return Credential("", "", token=token, source=token_source)
    if not user:
        return None
    name, colon, password = user.partition(":")
    if not name:
        raise InputError(f"{user_source} has no name before its colon: write NAME or NAME:PASSWORD.")
    if colon:
        return Credential(name, password, source=user_source)
    if PASSWORD not in environ:
        raise InputError(f"The user '{name}' of {user_source} has no password: set {PASSWORD}, or write NAME:PASSWORD.")
    return Credential(name, environ[PASSWORD], source=f"{user_source}, with {PASSWORD}")


def _in_file(file: AuthFile, origin: Origin, repository: str, environ: Mapping[str, str]) -> Credential | None:
    from explorer.credentials.helpers import ask_helper
    from explorer.formats.auth_files import HUB_KEY, is_hub

    if name := file.helper(origin):
        server = HUB_KEY if is_hub(origin) else origin.authority
        if found := ask_helper(name, server, environ):
            return found
    entry = file.entry(origin, repository)
    if entry is None:
        return None
    return Credential(entry.username, entry.password, entry.identity_token, entry.registry_token, source=str(file.path))
