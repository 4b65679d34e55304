"""Runs of base64 in text, of either alphabet, percent-encoded or not, and what is encoded in them.

A run may begin with signs that belong to something else (the '/' of a path is one of base64's), so a value is looked
for at each of the three ways in which it can lie across the groups of three bytes.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

RUN = re.compile(rb"(?:[A-Za-z0-9+_/-]|%2[BbFf]){6,}(?:=|%3[Dd])*")
"""What may be base64."""

_SHORTEST_CORE = 4
_SHORTEST_TEXT = 16
_LOOKED_AT = 48
_STATE = b"7Ik5hbWUiOiJ"  # {"Name":" where it follows 32 bytes
_OF_MAC = 43
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_TO_URL = bytes.maketrans(b"+/", b"-_")
_PERCENT = re.compile(rb"%(?:2[BbFf]|3[Dd])")
_PLAIN = {b"%2b": b"+", b"%2f": b"/", b"%3d": b"="}
_PRINTABLE = re.compile(rb"[\t\r\n\x20-\x7e]+")


@dataclass(frozen=True, slots=True)
class Core:
    """The signs of an encoded value that do not depend on what is beside it; `skip` signs of its group are before."""

    signs: bytes
    skip: int
    secret: bytes


def cores_of(secret: bytes) -> list[Core]:
    """Return the three ways in which a value can stand in base64, save those too short to tell anything."""
    cores = []
    for before, skip in ((0, 0), (1, 2), (2, 3)):
        coded = base64.b64encode(b"\0" * before + secret)
        signs = coded[skip : (before + len(secret)) * 8 // 6]
        if len(signs) >= _SHORTEST_CORE:
            cores.append(Core(signs, skip, secret))
    return cores


@dataclass(frozen=True, slots=True)
class DecodedRun:
    """What a run encodes, and how it was written."""

    data: bytes
    front: bytes
    tail: bytes
    is_url: bool
    is_padded: bool
    is_percent: bool

    def encoded(self, data: bytes) -> bytes:
        """Return other data written in the same way."""
        coded = base64.b64encode(data)
        if not self.is_padded:
            coded = coded.rstrip(b"=")
        if self.is_url:
            coded = coded.translate(_TO_URL)
        if self.is_percent:
            coded = coded.replace(b"=", b"%3D").replace(b"+", b"%2B").replace(b"/", b"%2F")
        return self.front + coded + self.tail


def decoded_run(run: bytes, cores: Sequence[Core]) -> DecodedRun | None:
    """Return what a run encodes where it holds one of the values, or reads as text; None where it does neither."""
    is_percent = b"%" in run
    plain = _PERCENT.sub(lambda found: _PLAIN[found[0].lower()], run) if is_percent else run
    signs = plain.rstrip(b"=")
    folded = signs.translate(_TO_STANDARD)
    offset = _offset(folded, cores)
    if offset is None:
        return None
    coded, tail = folded[offset:], b""
    if len(coded) % 4 == 1:
        coded, tail = coded[:-1], signs[-1:]
    is_url = b"-" in signs or b"_" in signs
    return DecodedRun(_decode(coded), signs[:offset], tail, is_url, plain != signs, is_percent)


def _decode(coded: bytes) -> bytes:
    coded = coded[: len(coded) - (len(coded) % 4 == 1)]
    return base64.b64decode(coded + b"=" * (-len(coded) % 4))


def _offset(folded: bytes, cores: Sequence[Core]) -> int | None:
    """Return at which of the first four signs the base64 begins."""
    for core in cores:
        at = folded.find(core.signs)
        while at >= 0:
            offset = (at - core.skip) % 4
            if core.secret in _decode(folded[offset:]):
                return offset
            at = folded.find(core.signs, at + 1)
    if len(folded) < _SHORTEST_TEXT:
        return None
    if (at := folded.find(_STATE)) >= _OF_MAC:  # an upload state is text after the 32 bytes of its MAC
        return (at - _OF_MAC) % 4
    return next((offset for offset in range(4) if _reads_as_text(folded[offset:])), None)


def _reads_as_text(coded: bytes) -> bool:
    beginning = _decode(coded[: min(len(coded), _LOOKED_AT) // 4 * 4])
    return beginning[:2] == b"\x1f\x8b" or _PRINTABLE.fullmatch(beginning) is not None
