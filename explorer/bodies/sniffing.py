"""What a body is, told by its first bytes."""

from __future__ import annotations

HEAD = 4096
"""So many first bytes are enough to tell."""

_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"\x7fELF", "ELF program"),
    (b"<?xml", "XML"),
)
_PLAIN_CONTROLS = {9, 10, 13, 27}


def kind_of(head: bytes) -> str:
    """Return the kind of a body: gzip, zstd, tar, JSON, HTML, text, binary, …; empty for no bytes."""
    if not head:
        return ""
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[257:262] == b"ustar":
        return "tar"
    start = head.lstrip()[:64].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "HTML"
    if not is_text(head):
        return "binary"
    return "JSON" if start[:1] in (b"{", b"[") else "text"


def is_text(head: bytes) -> bool:
    """Say whether bytes are UTF-8 text without control characters; one that is cut at the end may be."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as bad:
        if bad.start < len(head) - 3:
            return False
    return not any(byte < 32 and byte not in _PLAIN_CONTROLS for byte in head)
