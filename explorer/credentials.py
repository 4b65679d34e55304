"""Where a credential comes from: the command line, the environment, docker's and podman's files, their helpers.

The first that has one for the registry is taken. Nothing is asked of a person here, and no message holds a secret.
Helpers are run without a shell, as `docker-credential-NAME get`, with the server's name on their standard input.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from explorer.errors import InputError
from explorer.formats.auth_files import HUB_KEY, AuthFile, is_hub, read_auth_file
from explorer.model import Origin

USER = "REGISTRY_EXPLORER_USER"
PASSWORD = "REGISTRY_EXPLORER_PASSWORD"
TOKEN = "REGISTRY_EXPLORER_TOKEN"

HELPER_SECONDS = 10.0
"""A helper that has not answered by then is ended."""

_LONGEST_ANSWER = 1 << 20
_HELPER_NAME = re.compile(r"[A-Za-z0-9._-]+")
_IDENTITY = "<token>"
"""The user name by which a helper says that its secret is an identity token."""


@dataclass(frozen=True, slots=True)
class Credential:
    """Whom to be at a registry: a name and a password, an identity token, or a bearer token given by hand.

    `source` says in words where it came from. The secrets are in no repr.
    """

    username: str
    password: str = field(repr=False)
    identity_token: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    source: str = ""


def find_credential(
    origin: Origin,
    repository: str,
    *,
    user: str | None = None,
    token: str | None = None,
    environ: Mapping[str, str],
    home: Path,
) -> Credential | None:
    """Return the credential for a repository of a registry; None where there is none.

    `user` is NAME[:PASSWORD] as typed. Raises InputError where what was said cannot be used or a helper fails,
    FormatError where a file of logins is broken.
    """
    if said := _said(user or "", token or "", "--user", "--token", environ):
        return said
    if said := _said(environ.get(USER, ""), environ.get(TOKEN, ""), USER, TOKEN, environ):
        return said
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
    if name := file.helper(origin):
        server = HUB_KEY if is_hub(origin) else origin.authority
        if found := ask_helper(name, server, environ):
            return found
    entry = file.entry(origin, repository)
    if entry is None:
        return None
    return Credential(entry.username, entry.password, entry.identity_token, entry.registry_token, source=str(file.path))


def ask_helper(
    name: str, server: str, environ: Mapping[str, str], seconds: float = HELPER_SECONDS
) -> Credential | None:
    """Ask a credential helper for a server; None where it has none. Raises InputError where it is of no use."""
    if not _HELPER_NAME.fullmatch(name):
        raise InputError(
            f"The credential helper {name!r} cannot be run: its name is letters, digits, '.', '_' and '-'."
        )
    program = f"docker-credential-{name}"
    path = shutil.which(program, path=environ.get("PATH", os.defpath))
    # One that is found by a relative way would be another program in another folder.
    if path is None or not Path(path).is_absolute():
        raise InputError(
            f"The credential helper {program} is not installed (nothing of that name in PATH), and it is to have the "
            f"login for {server}: install it, or give --user NAME."
        )
    status, answer = _run(path, program, server, environ, seconds)
    if status != 0:
        if b"credentials not found" in answer.lower():
            return None
        raise InputError(f"The credential helper {program} failed with status {status} when asked for {server}.")
    return _credential(program, server, answer)


def _credential(program: str, server: str, answer: bytes) -> Credential | None:
    try:
        value = json.loads(answer)
        username, secret = value["Username"], value["Secret"]
    except (ValueError, LookupError, TypeError, RecursionError):
        username = secret = None
    if not isinstance(username, str) or not isinstance(secret, str):
        raise InputError(f"The credential helper {program} answered for {server} with something that is no credential.")
    source = f"the credential helper {program}"
    if not secret and username in ("", _IDENTITY):
        return None
    if username == _IDENTITY:
        return Credential("", "", identity_token=secret, source=source)
    return Credential(username, secret, source=source)


def _run(path: str, program: str, server: str, environ: Mapping[str, str], seconds: float) -> tuple[int, bytes]:
    """Run a helper; return its status and what it wrote. It and whatever it began are ended where it takes too long."""
    until = time.monotonic() + seconds
    try:
        process = subprocess.Popen(
            [path, "get"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            start_new_session=True,
        )
    except (OSError, ValueError) as bad:
        why = bad.strerror if isinstance(bad, OSError) else "its name or environment cannot be passed on"
        raise InputError(f"The credential helper {program} cannot be run: {why}.") from bad
    with process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            _tell(process.stdin, server)
            answer = _read(process.stdout, program, until)
            return process.wait(max(0.0, until - time.monotonic())), answer
        except (TimeoutError, subprocess.TimeoutExpired) as late:
            raise InputError(
                f"The credential helper {program} gave no answer for {server} within {seconds:g} s and was ended; "
                "it may be waiting for a password that it asks for elsewhere."
            ) from late
        finally:
            # Not once it has been waited for: its number may be another's by then.
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(process.pid, signal.SIGKILL)


def _tell(pipe: IO[bytes], server: str) -> None:
    with contextlib.suppress(BrokenPipeError), pipe:
        pipe.write(server.encode() + b"\n")


def _read(pipe: IO[bytes], program: str, until: float) -> bytes:
    """Read to the end; raises TimeoutError where that is not there in time, InputError where there is too much."""
    answer = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while selector.select(max(0.0, until - time.monotonic())):
            block = os.read(pipe.fileno(), 1 << 16)
            if not block:
                return bytes(answer)
            answer += block
            if len(answer) > _LONGEST_ANSWER:
                raise InputError(f"The credential helper {program} answered with more than {_LONGEST_ANSWER} bytes.")
    raise TimeoutError
