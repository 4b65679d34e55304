"""What stands in the place of a secret: a mark while recording, a name in what is shared.

A mark is the same for the same secret within one run of the program, so that equal secrets can be recognised; it is
keyed with a random number, so that nothing can be tried against it. A name (`masked-token-1`) counts through one
session. Both are recognised wherever they stand, so that none is ever sent as if it were a credential.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

Give = Callable[[str, str], str]
"""Called with the kind of a secret and the secret itself; returns what stands in its place."""

_KEY = os.urandom(16)
_SCHEME = re.compile(r"(Basic|Bearer|Digest|Negotiate) +", re.IGNORECASE)
_MASKED = re.compile(r"\[masked [0-9a-f]{8}\]|masked-[a-z]+-\d+")
_MASKED_BYTES = re.compile(rb"(?:\[|%5B)masked(?: |\+|%20)[0-9a-f]{8}(?:\]|%5D)|masked-[a-z]+-\d+", re.IGNORECASE)
_VARIABLE = re.compile(r"\{\{[A-Za-z_$][\w.$-]{0,100}\}\}")
# What clients and logs write where they hide a credential themselves.
_HIDDEN = re.compile(r"[\[<(*]*(?:redacted|censored|hidden|masked|x{3,}|\*{3,}|•+|\.{3}|…)[\]>)*]*", re.IGNORECASE)


def mark(secret: str) -> str:
    """Return the mark of a secret; what is a mark, a name or a variable of a .http or Hurl file stays."""
    if not secret or _MASKED.fullmatch(secret) or _VARIABLE.fullmatch(secret):
        return secret
    import hmac

    keyed = hmac.new(_KEY, secret.encode("latin-1", "replace"), "sha256").hexdigest()[:8]
    return f"[masked {keyed}]"


def split_scheme(value: str) -> tuple[str, str]:
    """Return the scheme of a credential with the blanks after it (both may be empty), and the rest."""
    scheme = _SCHEME.match(value)
    front = scheme[0] if scheme else ""
    return front, value[len(front) :]


def mask(value: str) -> str:
    """Return what stands in the place of a secret: its scheme, where it has one, and a mark."""
    front, secret = split_scheme(value)
    return front + mark(secret)


def is_masked(value: str) -> bool:
    """Say whether a value is, or holds, what stands in the place of a secret."""
    return _MASKED.search(value) is not None


def holds_masked(data: bytes) -> bool:
    """Say whether bytes hold, percent-encoded or not, what stands in the place of a secret."""
    return _MASKED_BYTES.search(data) is not None


def is_a_name(value: str) -> bool:
    """Say whether a value is nothing but a mark or a name."""
    return _MASKED.fullmatch(value) is not None


def is_hidden(value: str) -> bool:
    """Say whether somebody has hidden the value already, or a shell would put it there."""
    return not value or value[0] == "$" or _HIDDEN.fullmatch(value) is not None
