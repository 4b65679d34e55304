"""Digests: `algorithm:encoded` (image-spec, descriptor.md, "Digests")."""

from __future__ import annotations

import re

from explorer.errors import InputError

ENCODED_LENGTH = {"sha256": 64, "sha512": 128}
"""Number of lower-case hex digits of each registered algorithm."""

EMPTY_BLOB = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
EMPTY_JSON = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"

_SHAPE = re.compile(r"[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+")


def digest_of(data: bytes, algorithm: str = "sha256") -> str:
    """Return the digest of bytes."""
    import hashlib

    return f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"


def is_digest(text: str) -> bool:
    """Say whether the text is a digest of a registered algorithm (sha256, sha512) in its exact form."""
    return why_not_a_digest(text) == ""


def why_not_a_digest(text: str) -> str:
    """Return why the text is no usable digest, as the end of a sentence; empty where it is one."""
    algorithm, colon, encoded = text.partition(":")
    if not colon:
        return "it has no algorithm in front (sha256:…)"
    if not _SHAPE.fullmatch(text):
        return "it is not written algorithm:encoded"
    length = ENCODED_LENGTH.get(algorithm)
    if length is None:
        return f"its algorithm {algorithm} is not sha256 or sha512"
    if len(encoded) != length:
        return f"{algorithm} has {length} hex digits and this has {len(encoded)}"
    if not re.fullmatch(r"[0-9a-f]+", encoded):
        return "its digits are not all lower-case hex (0-9, a-f)"
    return ""


def parse_digest(text: str) -> tuple[str, str]:
    """Split a digest into algorithm and hex digits; raises InputError where it is none."""
    reason = why_not_a_digest(text)
    if reason:
        raise InputError(f"'{text}' is not a digest: {reason}.")
    algorithm, _, encoded = text.partition(":")
    return algorithm, encoded
