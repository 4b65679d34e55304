"""Passwords as an htpasswd file keeps them: bcrypt (`htpasswd -B`), Apache's MD5 (`htpasswd`), and {SHA}."""

from __future__ import annotations

import base64
import hashlib
import hmac

_APR1 = "$apr1$"
_SHA = "{SHA}"
_BCRYPT = ("$2a$", "$2b$", "$2y$")
_LETTERS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LONGEST_BCRYPT = 72  # bytes of a password that bcrypt looks at
_TRIPLES = ((0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5))


def is_known_kind(kept: str) -> bool:
    """Say whether `is_password_of` can check what stands in a file."""
    return kept.startswith((_APR1, _SHA, *_BCRYPT))


def is_password_of(kept: str, password: bytes) -> bool:
    """Say whether a password is the one that a file keeps in that form."""
    if kept.startswith(_BCRYPT):
        import bcrypt

        try:
            return bool(bcrypt.checkpw(password[:_LONGEST_BCRYPT], kept.encode()))
        except ValueError:
            return False
    if kept.startswith(_SHA):
        made = _SHA + base64.b64encode(hashlib.sha1(password).digest()).decode()
    else:
        made = apr1(password, kept.removeprefix(_APR1).partition("$")[0])
    return hmac.compare_digest(made.encode(), kept.encode())


def apr1(password: bytes, salt: str) -> str:
    """Return what Apache's `htpasswd` writes for a password and a salt: MD5, a thousand times over."""
    seed = salt.encode()[:8]
    inner = hashlib.md5(password + seed + password).digest()
    begun = hashlib.md5(password + _APR1.encode() + seed)
    for left in range(len(password), 0, -16):
        begun.update(inner[: min(16, left)])
    bits = len(password)
    while bits:
        begun.update(b"\0" if bits & 1 else password[:1])
        bits >>= 1
    mixed = begun.digest()
    for turn in range(1000):
        ends = (password, mixed) if turn & 1 else (mixed, password)
        between = (seed if turn % 3 else b"") + (password if turn % 7 else b"")
        mixed = hashlib.md5(ends[0] + between + ends[1]).digest()
    text = "".join(_letters(mixed[a] << 16 | mixed[b] << 8 | mixed[c], 4) for a, b, c in _TRIPLES)
    return f"{_APR1}{seed.decode()}${text}{_letters(mixed[11], 2)}"


def _letters(number: int, count: int) -> str:
    return "".join(_LETTERS[number >> 6 * place & 0x3F] for place in range(count))
