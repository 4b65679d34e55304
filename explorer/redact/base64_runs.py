"""Runs of base64 in text, of either alphabet, in one line or in several, and what is encoded in them.

A run may begin with signs that belong to something else (the '/' of a path is one of base64's), so a value is looked
for at each of the three ways in which it can lie across the groups of three bytes.
"""

from __future__ import annotations

import base64
import re

from explorer.frozen import frozen
from explorer.redact.sought import Sought

RUN = re.compile(rb"(?:[A-Za-z0-9+/_-]{40,}\r?\n[ \t]*)+[A-Za-z0-9+/_-]+=*|[A-Za-z0-9+_/-]{6,}=*")
"""What may be base64; where it goes over several lines, they are long ones."""

LONG_RUN = re.compile(rb"(?:[A-Za-z0-9+/_-]{40,}\r?\n[ \t]*)+[A-Za-z0-9+/_-]+=*|[A-Za-z0-9+_/-]{16,}=*")
"""What may be base64 of a text."""

_SHORTEST_CORE = 4
SHORTEST_TEXT = 16
"""Base64 that holds no value is looked into where it has so many signs, and reads as text."""
_LOOKED_AT = 48
_STATE = b"7Ik5hbWUiOiJ"  # {"Name":" where it follows 32 bytes
_OF_MAC = 43
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_TO_URL = bytes.maketrans(b"+/", b"-_")
_PRINTABLE = re.compile(rb"[\t\r\n\x20-\x7e]+")
_WIDE = re.compile(rb"(?:\xff\xfe|\xfe\xff)?\0?(?:[\t\r\n\x20-\x7e]\0)+[\t\r\n\x20-\x7e]?")
_PACKED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x28\xb5")
_BREAK = re.compile(rb"\r?\n[ \t]*")

NO_CORES: Sought[Core] = Sought(())


@frozen
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


def cores_in(data: bytes, cores: Sought[Core]) -> Sought[Core]:
    """Return those of the cores that stand in data at all; all of them where base64 may go over several lines."""
    if b"\n" in data:
        return cores
    folded = data.translate(_TO_STANDARD)
    return Sought((core.signs, core) for core in cores.within(folded))


@frozen
class DecodedRun:
    """What a run encodes, and how it was written: `between` is where its lines end, `width` how long the first is."""

    data: bytes
    front: bytes
    tail: bytes
    is_url: bool
    is_padded: bool
    between: bytes = b""
    width: int = 0

    def encoded(self, data: bytes) -> bytes:
        """Return other data written in the same way."""
        coded = base64.b64encode(data)
        if not self.is_padded:
            coded = coded.rstrip(b"=")
        if self.is_url:
            coded = coded.translate(_TO_URL)
        written = self.front + coded + self.tail
        if not self.between:
            return written
        return self.between.join(written[at : at + self.width] for at in range(0, len(written), self.width))


def decoded_run(run: bytes, cores: Sought[Core]) -> DecodedRun | None:
    """Return what a run encodes where it holds one of the values, or reads as text; None where it does neither."""
    line_end = _BREAK.search(run)
    plain = _BREAK.sub(b"", run) if line_end else run
    signs = plain.rstrip(b"=")
    folded = signs.translate(_TO_STANDARD)
    offset = _offset(folded, cores)
    if offset is None:
        return None
    coded, tail = folded[offset:], b""
    if len(coded) % 4 == 1:
        coded, tail = coded[:-1], signs[-1:]
    is_url = b"-" in signs or b"_" in signs
    between, width = (line_end[0], line_end.start()) if line_end else (b"", 0)
    return DecodedRun(_decode(coded), signs[:offset], tail, is_url, plain != signs, between, width)


def _decode(coded: bytes) -> bytes:
    coded = coded[: len(coded) - (len(coded) % 4 == 1)]
    return base64.b64decode(coded + b"=" * (-len(coded) % 4))


def _offset(folded: bytes, cores: Sought[Core]) -> int | None:
    """Return at which of the first four signs the base64 begins."""
    for core in cores.within(folded):
        at = folded.find(core.signs)
        while at >= 0:
            offset = (at - core.skip) % 4
            if core.secret in _decode(folded[offset:]):
                return offset
            at = folded.find(core.signs, at + 1)
    if len(folded) < SHORTEST_TEXT:
        return None
    if (at := folded.find(_STATE)) >= _OF_MAC:  # an upload state is text after the 32 bytes of its MAC
        return (at - _OF_MAC) % 4
    return next((offset for offset in range(4) if _can_be_read(folded[offset:])), None)


def _can_be_read(coded: bytes) -> bool:
    beginning = _decode(coded[: min(len(coded), _LOOKED_AT) // 4 * 4])
    if beginning[:2] in _PACKED or _PRINTABLE.fullmatch(beginning):
        return True
    return b"\0" in beginning and _WIDE.fullmatch(beginning) is not None
