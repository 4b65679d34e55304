"""The made-up image `tiny`: two small layers, the same bytes in every run and on every machine.

The layers are gzip with stored blocks, written by hand: zlib's output differs from version to version. So are the
tars, as the sample is what the first screen shows, and `tarfile` takes long to import.
"""

from __future__ import annotations

import json
import zlib

from explorer.images.building import build
from explorer.images.making import Making
from explorer.model import Image
from explorer.spec.digests import digest_of

NAME = "tiny"
_MADE = "2024-01-01T00:00:00Z"
_LARGEST_STORED = 65535  # RFC 1951 section 3.2.4: the length of a stored block has 16 bits


def read_sample(making: Making) -> Image:
    """Make the sample; its schema is oci where none is asked for."""
    tars = (_tar("etc/motd", _motd()), _tar("hello.txt", b"Hello from a layer.\n"))
    layers = [stored_gzip(tar) for tar in tars]
    return build(f"{NAME}:latest", _config(tars), layers, making.schema or "oci", making)


def _motd() -> bytes:
    lines = [f"{number:3}  This line is here to give the layer some bytes.\n" for number in range(1, 401)]
    return "".join(["This image was made up to be pushed.\n", *lines]).encode()


def _config(tars: tuple[bytes, ...]) -> bytes:
    config = {
        "created": _MADE,
        "architecture": "amd64",
        "os": "linux",
        "config": {"Env": ["PATH=/bin"], "Cmd": ["/hello.txt"]},
        "rootfs": {"type": "layers", "diff_ids": [digest_of(tar) for tar in tars]},
        "history": [
            {"created": _MADE, "created_by": "registry-explorer: a message of the day"},
            {"created": _MADE, "created_by": "registry-explorer: a greeting"},
        ],
    }
    return json.dumps(config, indent=2).encode()


def _tar(name: str, data: bytes) -> bytes:
    """Return a tar of one file (POSIX.1-1988 "ustar"), filled up to a record of 10240 bytes as tar does."""
    fields = (
        (name.encode(), 100),
        (b"0000644", 8),  # mode
        (b"0000000", 8),  # user
        (b"0000000", 8),  # group
        (b"%011o" % len(data), 12),
        (b"00000000000", 12),  # time
        (b"        ", 8),  # checksum, counted as blanks
        (b"0", 1),  # a regular file
        (b"", 100),  # link
        (b"ustar\x0000", 8),
    )
    header = b"".join(field.ljust(size, b"\0") for field, size in fields).ljust(512, b"\0")
    header = header[:148] + b"%06o\0 " % sum(header) + header[156:]
    blocks = header + data.ljust(-(-len(data) // 512) * 512, b"\0") + bytes(1024)
    return blocks.ljust(-(-len(blocks) // 10240) * 10240, b"\0")


def stored_gzip(data: bytes) -> bytes:
    """Wrap data as gzip without compressing it (RFC 1952, RFC 1951 section 3.2.4): no name, the time 0."""
    blocks = [data[at : at + _LARGEST_STORED] for at in range(0, len(data), _LARGEST_STORED)] or [b""]
    parts = [b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"]
    for number, block in enumerate(blocks, 1):
        length = len(block)
        parts += [bytes([number == len(blocks)]), _little(length, 2), _little(length ^ 0xFFFF, 2), block]
    return b"".join([*parts, _little(zlib.crc32(data), 4), _little(len(data) & 0xFFFFFFFF, 4)])


def _little(number: int, size: int) -> bytes:
    return number.to_bytes(size, "little")
