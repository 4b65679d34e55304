"""Targets, queries and the addresses that a registry hands out, by the rules of Go's net/url and of distribution.

Decoded text holds one character per byte, as everywhere in the program.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus, unquote_to_bytes

from explorer.wire.server import Incoming

_BAD_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
REPOSITORY = rf"{_COMPONENT}(?:/{_COMPONENT})*"
"""What a repository is named like (a regular expression)."""
TAG = r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}"
"""What a tag is named like (a regular expression)."""
_KEPT_IN_PATHS = "/:@!$&'()*+,;=~"


def split_target(target: str) -> tuple[str, str] | None:
    """Return the decoded path and the raw query of a target; None where an escape in its path is broken."""
    if not target.startswith("/") and "://" in target:
        target = re.sub(r"^[^:]*://[^/?]*", "", target)
    raw_path, _, query = target.partition("?")
    if _BAD_ESCAPE.search(raw_path):
        return None
    return unquote_to_bytes(raw_path.encode("latin-1")).decode("latin-1"), query


def clean_path(path: str) -> str:
    """Return the path without `//`, `.` and `..`, its last slash kept."""
    cleaned = posixpath.normpath("/" + path.lstrip("/"))
    return f"{cleaned}/" if path.endswith("/") and cleaned != "/" else cleaned


def encode_path(path: str) -> str:
    """Return a decoded path as it is written in a URL."""
    return quote(path.encode("latin-1"), safe=_KEPT_IN_PATHS)


def encode_value(value: str) -> str:
    """Return a decoded value as it is written in a query."""
    return quote_plus(value.encode("latin-1"))


def parse_pairs(query: str) -> Iterator[tuple[str, str]]:
    """Yield the decoded names and values of a query, or of a form: `+` is a blank, broken pairs are left out."""
    for pair in query.split("&"):
        name, _, value = pair.partition("=")
        if pair and ";" not in pair and not _BAD_ESCAPE.search(pair):
            yield _decoded(name), _decoded(value)


def parse_query(query: str) -> dict[str, str]:
    """Return the decoded values of a query; the first of repeats wins."""
    values: dict[str, str] = {}
    for name, value in parse_pairs(query):
        values.setdefault(name, value)
    return values


def is_repository(text: str) -> bool:
    """Say whether a repository can be named like that."""
    return re.fullmatch(REPOSITORY, text) is not None


def parse_number(text: str) -> int | None:
    """Return a whole number as Go reads one; None where it is none."""
    return int(text) if _NUMBER.fullmatch(text) else None


def base_url(incoming: Incoming) -> str:
    """Return scheme and host of the addresses to hand out: as the client named them, or as a proxy in front says."""
    scheme = incoming.headers.get("X-Forwarded-Proto") or incoming.scheme
    host = (incoming.headers.get("X-Forwarded-Host") or incoming.host).partition(",")[0].strip()
    forwarded = incoming.headers.get("Forwarded")
    if forwarded:
        pairs = (pair.strip().partition("=") for pair in forwarded.partition(",")[0].split(";"))
        said = {name.lower(): value.strip('"') for name, _, value in pairs}
        scheme, host = said.get("proto", incoming.scheme), said.get("host", incoming.host)
    return f"{scheme}://{host}"


def _decoded(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ").encode("latin-1")).decode("latin-1")
