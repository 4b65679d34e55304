"""The names that stand for secrets in a session that is shared: one for each secret, the same everywhere.

A login is the same whether it is written as Basic, as user info or as `--user`; the parts of what was found (the
password of a login, the values of cookies) are secrets of their own wherever they occur again.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote

from explorer.redact.values import Value

_NAME = re.compile(r"masked-([a-z]+)-(\d+)")
_MARK = re.compile(r"\[masked [0-9a-f]{8}\]")
_COOKIE_WORDS = {"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "version", "priority"}
_SHORTEST_FREE = 8
_SHORTEST = 4
_PROTOCOL_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        accept api application auth authorization basic bearer blob blobs body bytes catalog chunked close config
        connection content delete digest docker error errors from get gzip head header host http https image index json
        keep-alive latest layer layers length link list location login manifest manifests masked mount name
        octet-stream ok patch password post pull push put range realm referrers registry repository scope secret server
        service sha256 sha512 size state tags token true false type upload uploads user username version
        """,
    )
)


@dataclass(slots=True)
class Named:
    """A secret that was given a name: its kind, where it was found first, how often, and whether by value, too."""

    name: str
    kind: str
    place: str
    count: int = 0
    is_by_value: bool = True


class Ledger:
    """Gives names; `place` is to be set to where things are being found."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """Begin after the names that stand in the texts already, so that a session can be redacted twice."""
        self.place = ""
        self.named_so_far = 0
        """How often something was given its name."""
        self._counted = 1
        self._counts: dict[str, int] = {}
        for kind, number in (found for text in texts for found in _NAME.findall(text)):
            self._counts[kind] = max(self._counts.get(kind, 0), int(number))
        self._named: dict[str, Named] = {}
        self._by_name: dict[str, Named] = {}
        self._values: dict[bytes, Value] = {}

    @property
    def named(self) -> tuple[Named, ...]:
        """Everything that was given a name, in the order in which it was found."""
        return tuple(self._named.values())

    @property
    def values(self) -> tuple[Value, ...]:
        """What is to be replaced wherever it occurs."""
        return tuple(self._values.values())

    def give(self, kind: str, secret: str) -> str:
        """Return what stands in the place of a secret (one character per byte), as it was found."""
        if _NAME.fullmatch(secret):
            return secret
        if kind == "cookie" and "=" in secret and not _MARK.fullmatch(secret):
            return self._cookies(secret)
        plain = _plain(secret)
        if kind == "login":
            return self._login(secret, plain)
        name = self.name(kind, plain)
        self._note(secret, name)
        self._note(plain, name)
        if kind == "password" and "+" in secret:
            self._note(plain.replace("+", " "), name)
        return name

    @contextmanager
    def uncounted(self) -> Iterator[None]:
        """Let what is given a name meanwhile count no more than it is replaced later."""
        self._counted = 0
        try:
            yield
        finally:
            self._counted = 1

    def name(self, kind: str, key: str) -> str:
        """Return the name of a thing, without noting it as a value; counts it."""
        self.named_so_far += 1
        named = self._named.get(key)
        if named is None:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            named = self._named[key] = Named(f"masked-{kind}-{self._counts[kind]}", kind, self.place)
            self._by_name[named.name] = named
        named.count += self._counted
        return named.name

    def add(self, value: Value, kind: str) -> None:
        """Note a value under a name that is not this ledger's own (a host, a repository)."""
        if value.secret not in self._values:
            self._values[value.secret] = value
            named = Named(value.name.decode("latin-1"), kind, self.place)
            self._named[value.secret.decode("latin-1")] = self._by_name[named.name] = named

    def note(self, value: Value) -> None:
        """Note a value whose name was given by `name`."""
        self._values.setdefault(value.secret, value)

    def counted(self, counts: dict[Value, int]) -> None:
        """Take over how often values were found."""
        for value, count in counts.items():
            if named := self._by_name.get(value.name.decode("latin-1").lstrip("/")):
                named.count += count

    def _login(self, secret: str, plain: str) -> str:
        pair = plain if ":" in plain else _from_base64(plain) or plain
        name = self.name("login", pair)
        self._note(secret, name)
        self._note(pair, name)
        _, colon, password = pair.partition(":")
        if colon and password:
            self._note(password, self.name("password", password))
        elif pair != plain:
            self._json_logins(pair)
        return name

    def _json_logins(self, text: str) -> None:
        """Note the secrets of a login that is JSON, as X-Registry-Auth has it."""
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return
        for field in ("password", "identitytoken", "registrytoken", "auth"):
            if isinstance(value, dict) and isinstance(value.get(field), str) and value[field]:
                self.give("login" if field == "auth" else "password", value[field].encode().decode("latin-1"))

    def _cookies(self, text: str) -> str:
        parts = []
        for part in text.split(";"):
            name, mark, value = part.partition("=")
            is_plain = not mark or not value or name.strip().lower() in _COOKIE_WORDS
            parts.append(part if is_plain else f"{name}={self._cookie(value)}")
        return ";".join(parts)

    def _cookie(self, value: str) -> str:
        if _NAME.fullmatch(value):
            return value
        name = self.name("cookie", value)
        self._note(value, name)
        return name

    def _note(self, secret: str, name: str) -> None:
        raw = secret.encode("latin-1", "replace")
        named = self._by_name[name]
        if len(raw) < _SHORTEST or secret.lower() in _PROTOCOL_WORDS:
            named.is_by_value = False
        elif raw not in self._values:
            guard = "" if len(raw) >= _SHORTEST_FREE else "word"
            self._values[raw] = Value(raw, name.encode("ascii"), guard)


def _plain(secret: str) -> str:
    """Return a secret without percent- or JSON-escapes, one character per byte of its UTF-8 form."""
    if "\\" in secret:
        try:
            text = json.loads(f'"{secret}"')
        except ValueError:
            text = secret
        secret = text.encode("utf-8", "surrogatepass").decode("latin-1") if isinstance(text, str) else secret
    return unquote(secret, "latin-1") if "%" in secret else secret


def _from_base64(text: str) -> str:
    """Return what a login's base64 says; empty where it is none."""
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return ""
    return raw.decode("latin-1")
