"""Credential helpers of docker and podman: programs that have the logins, run without a shell.

`docker-credential-NAME get` is told the server's name on its standard input and answers in JSON. It is given so many
seconds; whatever it began is ended with it. No message holds what it said.
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
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from explorer.credentials.credential import Credential
from explorer.errors import InputError

HELPER_SECONDS = 10.0
"""A helper that has not answered by then is ended."""

_LONGEST_ANSWER = 1 << 20
_HELPER_NAME = re.compile(r"[A-Za-z0-9._-]+")
_IDENTITY = "<token>"
"""The user name by which a helper says that its secret is an identity token."""


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
