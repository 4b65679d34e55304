"""Runs of hex digits in which text is written, with or without a sign between the bytes."""

from __future__ import annotations

import re
from collections.abc import Callable

HEX_RUN = re.compile(rb"(?:[0-9a-fA-F]{2}){6,}|[0-9a-fA-F]{2}(?:([: ])[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2}){4,}")
"""What may be text in hex."""

_READABLE = re.compile(rb"[\t\r\n\x20-\x7e\x80-\xff]*[\x20-\x7e]{4}[\t\r\n\x20-\x7e\x80-\xff]*")


def in_hex_run(run: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a run with what is written in it changed; untouched where it does not read as text."""
    between = run[2:3] if run[2:3] in (b":", b" ") else b""
    digits = run.replace(between, b"") if between else run
    for skip in (0, 1):
        coded = digits[skip:][: (len(digits) - skip) // 2 * 2]
        data = bytes.fromhex(coded.decode("ascii"))
        if not _READABLE.fullmatch(data):
            continue
        changed = change(data)
        if changed != data:
            written = changed.hex(between.decode()) if between else changed.hex()
            is_upper = not re.search(rb"[a-f]", coded)
            new = (written.upper() if is_upper else written).encode("ascii")
            return digits[:skip] + new + digits[skip + len(coded) :]
    return run
