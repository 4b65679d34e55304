"""Names of upload sessions, and moments as Go writes them."""

from __future__ import annotations

import secrets
import time
import uuid


def uuid7(now: int) -> str:
    """Return a UUID of version 7 (RFC 9562, 5.7): 48 bits of milliseconds, then chance; `now` is in nanoseconds."""
    number = ((now // 10**6) & (2**48 - 1)) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 7 << 76
    number = number & ~(0x3 << 62) | 2 << 62
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def uuid4(_now: int) -> str:
    """Return a UUID of version 4: chance alone."""
    return str(uuid.uuid4())


def decimal(_now: int) -> str:
    """Return a random number below 2**63."""
    return str(secrets.randbits(63))


def rfc3339(now: int) -> str:
    """Return a moment, in nanoseconds since 1970, as Go writes it: UTC, no zeros at the end of the fraction."""
    seconds, nanoseconds = divmod(now, 10**9)
    fraction = f".{nanoseconds:09}".rstrip("0").rstrip(".")
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + fraction + "Z"
