"""The users of the practice registry, their passwords, and what each of them may do."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

from explorer.errors import FormatError, InputError
from explorer.frozen import frozen
from explorer.practice.access.passwords import is_known_kind, is_password_of
from explorer.practice.access.wanted import Wanted


@frozen
class Grant:
    """What a user may do in the repositories whose names fit a pattern (`*` stands for anything)."""

    user: str
    pattern: str
    actions: frozenset[str]

    @classmethod
    def parse(cls, text: str) -> Grant:
        """Read USER:PATTERN:ACTIONS; raises InputError where it is not written like that."""
        user, first, rest = text.partition(":")
        pattern, second, actions = rest.rpartition(":")
        if not (first and second and user and pattern and actions):
            raise InputError(f"The grant '{text}' is not USER:REPOSITORY:ACTIONS, as in ann:demo/*:pull,push.")
        return cls(user, pattern, frozenset(actions.split(",")))


class Users:
    """Names and passwords. A user without grants may do everything; one with grants may do those things."""

    def __init__(self, plain: Iterable[tuple[str, str]] = (), grants: Iterable[Grant] = ()) -> None:
        self._key = secrets.token_bytes(32)
        self._right: dict[str, bytes] = {name: self._mark(password.encode()) for name, password in plain}
        self._kept: dict[str, str] = {}
        self._grants = tuple(grants)

    @classmethod
    def of(cls, *texts: str) -> Users:
        """Make users of texts NAME:PASSWORD; raises InputError where one is not written like that."""
        pairs = []
        for text in texts:
            name, colon, password = text.partition(":")
            if not (name and colon):
                raise InputError("A user is given as NAME:PASSWORD.")
            pairs.append((name, password))
        return cls(pairs)

    def granting(self, *texts: str) -> Users:
        """Return these users with grants USER:REPOSITORY:ACTIONS; raises InputError."""
        self._grants = (*self._grants, *(Grant.parse(text) for text in texts))
        unknown = sorted({grant.user for grant in self._grants} - {*self._right, *self._kept})
        if unknown:
            raise InputError(f"The grant is for {unknown[0]}, who is no user here: add --user {unknown[0]}:PASSWORD.")
        return self

    def reading(self, path: Path) -> Users:
        """Return these users and those of an htpasswd file; raises FormatError where a line cannot be used."""
        try:
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as bad:
            raise FormatError(path, f"it cannot be read as an htpasswd file: {bad}.") from bad
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            name, colon, kept = line.strip().partition(":")
            if not (name and colon):
                raise FormatError(path, "it is not written NAME:HASH.", f"line {number}")
            if not is_known_kind(kept):
                raise FormatError(
                    path,
                    f"the password of {name} is kept in a form that is not known here; bcrypt (htpasswd -B), "
                    "$apr1$ (htpasswd -m) and {SHA} (htpasswd -s) are.",
                    f"line {number}",
                )
            self._kept[name] = kept
        return self

    def __bool__(self) -> bool:
        return bool(self._right or self._kept)

    def know(self, name: str, password: str) -> bool:
        """Say whether there is a user of that name and password."""
        given = password.encode("utf-8", "surrogateescape")
        mark = self._mark(given)
        if name in self._right and hmac.compare_digest(self._right[name], mark):
            return True
        if name in self._kept and is_password_of(self._kept[name], given):
            self._right[name] = mark  # bcrypt is slow by design, and Basic comes with every request
            return True
        return False

    def may(self, name: str, wanted: Wanted) -> bool:
        """Say whether a user may do something."""
        mine = [grant for grant in self._grants if grant.user == name]
        if not mine:
            return True
        return wanted.type == "repository" and any(
            fnmatchcase(wanted.name, grant.pattern) and (wanted.action in grant.actions or "*" in grant.actions)
            for grant in mine
        )

    def _mark(self, password: bytes) -> bytes:
        return hashlib.blake2b(password, key=self._key).digest()


def basic_login(header: str) -> tuple[str, str] | None:
    """Return name and password of a Basic Authorization; None where it is none."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8", "surrogateescape")
    except (ValueError, binascii.Error):
        return None
    name, colon, password = text.partition(":")
    return (name, password) if colon else None
