"""The files in which docker (config.json) and podman (auth.json) keep logins, by registry.

`auths` is keyed by host[:port], by host[:port]/path (podman's), or by an URL such as https://host/v1/ (docker's old
way); `credHelpers` and `credsStore` name programs that have the login instead. Only the entry that is asked for is
read, so one that is broken harms no other registry. No message holds anything of an entry.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from explorer.errors import FormatError, InputError
from explorer.formats.values import Json
from explorer.frozen import frozen
from explorer.model import Origin
from explorer.spec.references import is_loopback, parse_origin

LARGEST = 1 << 20
"""So many bytes such a file may have."""

HUB_KEY = "https://index.docker.io/v1/"
"""What docker calls Docker Hub where it keeps logins."""

_HUB_HOSTS = ("docker.io", "index.docker.io", "registry-1.docker.io")
_TEXTS = ("username", "password", "auth", "identitytoken", "registrytoken")


@frozen
class Entry:
    """What a file has for a registry; the secrets are in no repr."""

    username: str = ""
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)
    registry_token: str = field(default="", repr=False)


@frozen
class AuthFile:
    """A file of logins, its entries not read yet."""

    path: Path
    auths: Json = field(default_factory=dict, repr=False)
    helpers: Json = field(default_factory=dict)
    store: str = ""

    def entry(self, origin: Origin, repository: str) -> Entry | None:
        """Return the entry that fits best, the one with the longest path first; raises FormatError."""
        for key in _fitting(self.auths, origin, repository):
            if found := _entry(self.path, key, self.auths[key]):
                return found
        return None

    def helper(self, origin: Origin) -> str:
        """Return the name of the program that has the login for a registry; empty where there is none."""
        for key in _fitting(self.helpers, origin, ""):
            name = self.helpers[key]
            if not isinstance(name, str):
                raise FormatError(self.path, "the name of a helper was expected.", f"credHelpers, '{key}'")
            return name
        return self.store


def is_hub(origin: Origin) -> bool:
    """Say whether an origin is Docker Hub, by any of its names."""
    return origin.host in _HUB_HOSTS and (origin.scheme, origin.port) == ("https", 443)


def read_auth_file(path: Path) -> AuthFile | None:
    """Read a file of logins; None where there is none. Raises FormatError where it is broken."""
    try:
        with path.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as bad:
        raise FormatError(path, f"the logins cannot be read: {bad.strerror}.") from bad
    except ValueError as bad:
        raise FormatError(repr(str(path)), "no file can have that name.") from bad
    if len(raw) > LARGEST:
        raise FormatError(path, f"a file of logins has at most {LARGEST} bytes, and this one has more.")
    return parse_auth_file(path, raw)


def parse_auth_file(path: Path, raw: bytes) -> AuthFile:
    """Return what the bytes of a file of logins say; raises FormatError."""
    whole = _json(path, raw)
    parts: dict[str, Json] = {}
    for name in ("auths", "credHelpers"):
        part = whole.get(name) or {}
        if not isinstance(part, dict):
            raise FormatError(path, "an object with registries as its keys was expected.", name)
        parts[name] = part
    store = whole.get("credsStore") or ""
    if not isinstance(store, str):
        raise FormatError(path, "the name of a helper was expected.", "credsStore")
    return AuthFile(path, parts["auths"], parts["credHelpers"], store)


def _json(path: Path, raw: bytes) -> Json:
    # What these errors chain would show the file's content, so nothing is chained.
    place = ""
    try:
        whole = json.loads(raw.decode("utf-8-sig")) if raw.strip() else {}
    except json.JSONDecodeError as bad:
        place, whole = f"line {bad.lineno}", None
    except (ValueError, RecursionError):
        whole = None
    if not isinstance(whole, dict):
        raise FormatError(
            path, "this is no JSON object; docker's config.json or podman's auth.json was expected.", place
        )
    return whole


def _fitting(entries: Mapping[str, object], origin: Origin, repository: str) -> list[str]:
    """Return the keys that stand for a repository of an origin, the one with the longest path first."""
    paths = {key: _path_of(key, origin) for key in entries}
    fitting = [
        (len(path), key)
        for key, path in paths.items()
        if path is not None and (not path or f"{repository}/".startswith(f"{path}/"))
    ]
    return [key for _, key in sorted(fitting, key=lambda pair: -pair[0])]


def _path_of(key: str, origin: Origin) -> str | None:
    """Return the path of a key that stands for an origin; None where it stands for another."""
    scheme, mark, rest = key.partition("://")
    authority, _, path = (rest if mark else key).partition("/")
    scheme = scheme.lower() if mark else origin.scheme
    if scheme not in ("http", "https"):
        return None
    # What was kept for https is not sent in the clear.
    if mark and scheme == "https" and origin.scheme == "http" and not is_loopback(origin.host):
        return None
    try:
        named = parse_origin(authority, scheme, plain_http=True)
    except InputError:
        return None
    same = named.host == origin.host or (is_hub(origin) and named.host in _HUB_HOSTS)
    if not same or named.port != origin.port:
        return None
    path = path.rstrip("/")
    return "" if mark or path in ("v1", "v2") else path


def _entry(path: Path, key: str, value: object) -> Entry | None:
    """Return an entry; None where it is empty, as docker writes one whose login a helper has."""
    place = f"auths, '{key}'"
    if not isinstance(value, dict):
        raise FormatError(path, "an object with the login was expected.", place)
    texts = {name: value.get(name) or "" for name in _TEXTS}
    if bad := [name for name, text in texts.items() if not isinstance(text, str)]:
        raise FormatError(path, f"{bad[0]} is no text.", place)
    username, password = texts["username"], texts["password"]
    if texts["auth"]:
        username, password = _pair(path, place, texts["auth"])
    entry = Entry(username, password, texts["identitytoken"], texts["registrytoken"])
    return entry if entry != Entry() else None


def _pair(path: Path, place: str, auth: str) -> tuple[str, str]:
    try:
        pair = base64.b64decode("".join(auth.split()), validate=True).decode("utf-8", "surrogateescape")
    except (binascii.Error, ValueError):
        pair = ""
    name, colon, password = pair.partition(":")
    if not colon or not name:
        raise FormatError(path, "auth is not user:password in base64.", place)
    return name, password.rstrip("\0")
