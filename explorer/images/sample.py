"""The made-up image `tiny`: two small layers, the same bytes in every run and on every machine.

The layers are gzip with stored blocks, written by hand: zlib's output differs from version to version.
"""

from __future__ import annotations

import io
import json
import tarfile
import zlib

from explorer.images.building import Making, build
from explorer.model import Image
from explorer.spec.digests import digest_of

NAME = "tiny"
_MADE = "2024-01-01T00:00:00Z"
_LARGEST_STORED = 65535  # RFC 1951 section 3.2.4: the length of a stored block has 16 bits


def read_sample(making: Making) -> Image:
    """Make the sample; its schema is oci where none is asked for."""
    tars = (_tar({"etc/motd": _motd()}), _tar({"hello.txt": b"Hello from a layer.\n"}))
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


def _tar(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


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
