"""`Accept`: which media types a request takes (RFC 9110, 12.5.1), and how distribution reads it."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.practice.manifest_rules import parse_media_type


def is_accepted(values: Iterable[str], media_type: str, *, wildcards: bool) -> bool:
    """Say whether the values of Accept take a media type.

    With `wildcards`, as HTTP has it: none at all take everything, the closest range decides, and `q=0` takes nothing.
    Without, as distribution does: only what is named exactly.
    """
    ranges = [part for value in values for part in value.split(",") if part.strip()]
    if not wildcards:
        return any(parse_media_type(part) == media_type for part in ranges)
    if not ranges:
        return True
    kind = media_type.partition("/")[0]
    for wanted in (media_type, f"{kind}/*", "*/*"):
        found = [part for part in ranges if parse_media_type(part) == wanted]
        if found:
            return any(not _is_refused(part) for part in found)
    return False


def _is_refused(part: str) -> bool:
    words = [word.strip().lower() for word in part.split(";")[1:]]
    return any(word.startswith("q=") and word[2:].rstrip("0").rstrip(".") in ("", "0") for word in words)
