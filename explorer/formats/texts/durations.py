"""Durations as Go writes them: 842.042µs, 15.12ms, 2.5s, 1m3s."""

from __future__ import annotations

import re

_PART = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)(ns|us|\xb5s|\xc2\xb5s|\xce\xbcs|ms|s|m|h)")
_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "\xb5s": 1e-6,
    "\xc2\xb5s": 1e-6,
    "\xce\xbcs": 1e-6,
    "ms": 1e-3,
    "s": 1,
    "m": 60,
    "h": 3600,
}


def seconds_of(text: str) -> float | None:
    """Return a duration in seconds; None where it is none."""
    if found := _PART.fullmatch(text):
        return float(found[1]) * _SECONDS[found[2]]
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)
