"""Location: opaque. It is resolved against the URL that was really sent, and appended to; never parsed and rebuilt.

RFC 3986 section 5.2 for the resolution, RFC 9110 section 10.2.2 for the field. What follows the authority is kept
character by character, the query above all.
"""

from __future__ import annotations

import re
from functools import lru_cache

from explorer.errors import InputError, Stuck
from explorer.model import Origin, Request, shared
from explorer.spec.references import parse_origin

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


def resolve(sent: Request, location: str | None) -> tuple[Origin, str]:
    """Return the origin and the target that a Location leads to, seen from the request that was really sent.

    Raises Stuck where it is missing, empty, or not a URL that a registry can be reached by.
    """
    location = (location or "").partition("#")[0]
    if not location:
        raise Stuck("The answer has no Location, so there is no address to go on with.")
    if location.startswith("//"):
        return _absolute(f"{sent.origin.scheme}:{location}", location)
    if "://" in location.partition("?")[0]:
        return _absolute(location, location)
    if location.startswith("/"):
        return sent.origin, location
    path, _, _ = sent.target.partition("?")
    if location.startswith("?"):
        return sent.origin, path + location
    if _is_a_bare_host(location):
        return _absolute(f"{sent.origin.scheme}://{location}", location)
    if _SCHEME.match(location.partition("/")[0]):
        raise Stuck(f"The Location '{location}' is not an http or https URL.")
    return sent.origin, without_dots(path.rpartition("/")[0] + "/" + location)


def _is_a_bare_host(location: str) -> bool:
    """Say whether a Location is `host/path` without a scheme, as some registries write it (containerd accepts it)."""
    first, slash, _ = location.partition("/")
    return (
        bool(slash)
        and first not in (".", "..")
        and re.fullmatch(r"[\w-]+(\.[\w-]+)*(:\d+)?", first) is not None
        and ("." in first or ":" in first or first == "localhost")
    )


@lru_cache(64)  # whoever looks at an exchange resolves its Location, and keeps the target
def _absolute(url: str, location: str) -> tuple[Origin, str]:
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("http", "https"):
        raise Stuck(f"The Location '{location}' begins with '{scheme}://', which is neither http nor https.")
    authority = rest.partition("/")[0].partition("?")[0]
    target = rest[len(authority) :]
    try:
        origin = _origin(authority.rpartition("@")[2], scheme.lower())
    except InputError as bad:
        raise Stuck(f"The Location '{location}' cannot be followed: {bad.sentence}") from bad
    return origin, target if target.startswith("/") else f"/{target}"


@lru_cache(1024)
def _origin(authority: str, scheme: str) -> Origin:
    return parse_origin(authority, scheme, plain_http=True)


def without_dots(target: str) -> str:
    """Return a target without the segments `.` and `..` in its path (RFC 3986, 5.2.4); its query stays as it is."""
    path, mark, query = target.partition("?")
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            del kept[max(1, len(kept) - 1) :]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept) + mark + query


def path_of(target: str) -> str:
    """Return a target without its query. Equal ones are one string: much that is remembered is remembered by them."""
    return shared(target.partition("?")[0])


def append_query(target: str, parameter: str) -> str:
    """Append `name=value`, as it shall be sent, with '&' where the target has a query already, else with '?'."""
    if "?" not in target:
        return f"{target}?{parameter}"
    joint = "" if target.endswith(("?", "&")) else "&"
    return f"{target}{joint}{parameter}"


def query_values(target: str, name: str) -> tuple[str, ...]:
    """Return the raw values (still percent-encoded) of a query parameter, in order."""
    query = target.partition("?")[2]
    parts = (part.partition("=") for part in query.split("&"))
    return tuple(value for key, _, value in parts if key == name)
