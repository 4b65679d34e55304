"""Dates of HTTP (RFC 9110, 5.6.7) and of JSON (RFC 3339)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from explorer.model import Decoded

_HTTP = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


def decode(value: str) -> Decoded | None:
    """Show a date of HTTP as it is written elsewhere."""
    text = value.strip()
    if not _HTTP.fullmatch(text):
        return None
    try:
        moment = _moment(text)
    except ValueError:
        return None
    return Decoded("date", "specification", (("UTC", f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"),))


def seconds_of(value: str) -> float | None:
    """Return an RFC 3339 or HTTP date as seconds since 1970; None where it is none. Never raises."""
    text = value.strip()
    try:
        if _HTTP.fullmatch(text):
            return _moment(text).timestamp()
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None


def _moment(text: str) -> datetime:
    from email.utils import parsedate_to_datetime

    return parsedate_to_datetime(text)
