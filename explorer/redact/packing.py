"""Bodies that are compressed or framed in chunks: taken apart to look into them, and put together again.

gzip, zlib and zstd are told by their first bytes; what else a Content-Encoding may name (brotli, deflate without zlib's
frame) is not looked into, and said to be so.
"""

from __future__ import annotations

import re
import zlib

LARGEST_UNPACKED = 4 * 1024 * 1024
"""Compressed data is looked into up to so many bytes; what is more is not looked into, and said."""

_ALWAYS = 1024 * 1024
_MOST_TIMES = 100  # what unpacks to more than so many times its size, and is not small, is made to waste time
_BEGINNING = 256 * 1024

_WINDOW = 8 * 1024 * 1024
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_SKIPPED = 8  # bytes of the head of a frame that decoders skip (RFC 8878, 3.1.2)
_ZSTD = b"\x28\xb5\x2f\xfd"
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_END = re.compile(rb"\r?\n")


def unpack(data: bytes) -> bytes | None:
    """Return what compressed data holds; None where it is none, is broken or cut off, or is too large."""
    content, is_whole = _unpacked(data)
    return content if is_whole else None


def unpack_beginning(data: bytes) -> bytes:
    """Return what the beginning of compressed data holds that is cut off, as a chunk of an upload is; else nothing."""
    content, is_whole = _unpacked(data)
    return b"" if is_whole else content[:_BEGINNING]


def is_packed(data: bytes) -> bool:
    """Say whether data begins as compressed data does that can be looked into."""
    return data[:2] == b"\x1f\x8b" or data[:2] in _ZLIB or data[:4] == _ZSTD


def _unpacked(data: bytes) -> tuple[bytes, bool]:
    if data[:2] == b"\x1f\x8b" or data[:2] in _ZLIB:
        return _unpacked_members(data)
    return _unpacked_zstd(data) if data[:4] == _ZSTD else (b"", False)


def _unpacked_members(data: bytes) -> tuple[bytes, bool]:
    """Return what one stream of zlib holds, or the members of gzip one after the other (RFC 1952, 2.2)."""
    content = bytearray()
    most, at = _most(data), 0
    while at < len(data):
        stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
        while at < len(data) and not stream.eof:
            try:
                # In pieces, so that what comes before a damage is had.
                content += stream.decompress(data[at : at + 1024], most - len(content) + 1)
            except zlib.error:
                return bytes(content), False
            at += 1024
            if len(content) > most:
                return bytes(content), False
        at = min(at, len(data)) - len(stream.unused_data)
        if not stream.eof or not data[at:].strip(b"\0"):
            return bytes(content), stream.eof
        if data[at : at + 2] != b"\x1f\x8b":
            return bytes(content), False
    return bytes(content), True


def _most(data: bytes) -> int:
    """Return how many bytes data may unpack to."""
    return min(LARGEST_UNPACKED, max(_ALWAYS, _MOST_TIMES * len(data)))


def _unpacked_zstd(data: bytes) -> tuple[bytes, bool]:
    from zstandard import ZstdDecompressor, ZstdError

    content, at = b"", 0
    most = _most(data)
    try:
        while at < len(data):
            frame = ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
            while at < len(data) and not frame.eof:
                # In small pieces, since a piece can hold a thousand times its size and more.
                content += frame.decompress(data[at : at + 256])
                at += 256
                if len(content) > most:
                    return content, False
            if not frame.eof:
                return content, False
            at = min(at, len(data)) - len(frame.unused_data)
    except (ZstdError, MemoryError):
        return content, False
    return content, True


def packed_again(content: bytes, length: int, like: bytes = b"\x1f\x8b") -> bytes:
    """Return content compressed as `like` is; filled up to a length with what is passed over after its end.

    Where it comes out longer than that, nothing of it is kept, since what describes a blob has its size.
    """
    packed = _compressed(content, like)
    missing = length - len(packed)
    if not length or missing == 0 or missing >= (_SKIPPED if like[:4] == _ZSTD else 0):
        return _filled(packed, length, like)
    return _filled(_compressed(b"", like), length, like)[:length]


def _compressed(content: bytes, like: bytes) -> bytes:
    if like[:4] == _ZSTD:
        from zstandard import ZstdCompressor

        return ZstdCompressor(level=19, write_content_size=True).compress(content)
    if like[:2] in _ZLIB:
        return zlib.compress(content, 9)
    from gzip import compress

    return compress(content, 9, mtime=0)


def _filled(packed: bytes, length: int, like: bytes) -> bytes:
    missing = length - len(packed)
    if missing >= _SKIPPED and like[:4] == _ZSTD:
        return packed + b"\x50\x2a\x4d\x18" + (missing - _SKIPPED).to_bytes(4, "little") + bytes(missing - _SKIPPED)
    return packed.ljust(max(0, length), b"\0")


def unchunked(data: bytes) -> bytes | None:
    """Return a body without the framing of a chunked transfer (RFC 9112, 7.1); None where it has none."""
    content, at = b"", 0
    while found := _CHUNK.match(data, at):
        size, at = int(found[1], 16), found.end()
        if not size:
            return content or None
        content += data[at : at + size]
        end = _END.match(data, at + size)
        if at + size > len(data) or (not end and at + size < len(data)):
            return None
        at = end.end() if end else at + size
    return content if content and at >= len(data) else None


def chunked(content: bytes) -> bytes:
    """Return a body in the framing of a chunked transfer, as one chunk."""
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content) if content else b"0\r\n\r\n"
