"""Runs of base32 in which text is written (RFC 4648, 6), in capitals or in small letters."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

BASE32_RUN = re.compile(rb"[A-Z2-7]{16,}={0,6}|[a-z2-7]{16,}={0,6}")
"""What may be text in base32."""

_WHOLE = (0, 2, 4, 5, 7)  # so many signs can be left after the groups of eight
_READABLE = re.compile(rb"[\t\r\n\x20-\x7e\x80-\xff]*[\x20-\x7e]{4}[\t\r\n\x20-\x7e\x80-\xff]*")


def in_base32_run(run: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a run with what is written in it changed; untouched where it does not read as text."""
    signs = run.rstrip(b"=")
    if len(signs) % 8 not in _WHOLE:
        return run
    data = base64.b32decode(signs + b"=" * (-len(signs) % 8), casefold=True)
    if not _READABLE.fullmatch(data):
        return run
    changed = change(data)
    if changed == data:
        return run
    coded = base64.b32encode(changed)
    coded = coded if len(signs) < len(run) else coded.rstrip(b"=")
    return coded if signs.upper() == signs else coded.lower()
