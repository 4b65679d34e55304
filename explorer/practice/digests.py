"""What is wrong with a digest, in the words of go-digest."""

from __future__ import annotations

import re

from explorer.spec.digests import ENCODED_LENGTH, is_digest

FORMAT = "invalid checksum digest format"
LENGTH = "invalid checksum digest length"
UNSUPPORTED = "unsupported digest algorithm"

LOOKS_LIKE = r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+"
"""What a path takes for a digest, usable or not (a regular expression)."""


def complaint(text: str) -> str:
    """Return what is wrong with a digest; empty where nothing is."""
    if is_digest(text):
        return ""
    algorithm, colon, encoded = text.partition(":")
    if not (colon and algorithm and encoded):
        return FORMAT
    if algorithm not in ENCODED_LENGTH:
        return UNSUPPORTED if re.fullmatch(LOOKS_LIKE, text) else FORMAT
    return LENGTH if len(encoded) != ENCODED_LENGTH[algorithm] else FORMAT
