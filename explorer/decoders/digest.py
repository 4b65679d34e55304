"""Digests: `algorithm:encoded` (image-spec, descriptor.md, "Digests")."""

from __future__ import annotations

import re
from urllib.parse import unquote

from explorer.model import Decoded
from explorer.spec.digests import EMPTY_BLOB, EMPTY_JSON, why_not_a_digest

_LIKE = re.compile(r"sha(?:256|512)(?::|%3[aA])[0-9A-Za-z]+")
_KNOWN = {EMPTY_BLOB: "of no bytes at all", EMPTY_JSON: "of the two bytes {}"}


def decode(value: str) -> Decoded | None:
    """Show the algorithm of a digest, and whether it is written as it has to be."""
    text = value.strip().strip('"')
    if not _LIKE.fullmatch(text):
        return None
    digest = unquote(text)
    algorithm, _, encoded = digest.partition(":")
    wrong = why_not_a_digest(digest)
    fields = [("algorithm", algorithm), ("length", f"{len(encoded)} characters"), ("form", wrong or "as it has to be")]
    if digest in _KNOWN:
        fields.append(("content", _KNOWN[digest]))
    return Decoded("digest", "specification", tuple(fields))
