"""Whether layers are those that a config lists: `rootfs.diff_ids` are the digests of the unpacked layers, in order.

image-spec, config.md. No registry compares them; whoever pulls does, and refuses the image.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from explorer.errors import FormatError
from explorer.images.documents import At, Json
from explorer.images.files import read_part
from explorer.images.making import Making
from explorer.model import Slice, sha256_of
from explorer.spec.media_types import compression_of

_GZIP = 31
_ADVICE = "Whoever pulls the image will refuse it; --as-is pushes it all the same."


def listed_in(config: Json) -> list[str] | None:
    """Return the diff_ids of a config; None where it has none, as that of an artifact."""
    rootfs = config.get("rootfs")
    listed = rootfs.get("diff_ids") if isinstance(rootfs, dict) else None
    if not isinstance(listed, list) or not all(isinstance(entry, str) for entry in listed):
        return None
    return listed


def check_count(listed: list[str], count: int, at: At) -> None:
    """Raise FormatError where a config lists another number of layers than there are."""
    if len(listed) != count:
        raise at.wrong(f"it lists {len(listed)} layers (rootfs.diff_ids), and the image has {count}. {_ADVICE}")


def check_one(listed: str, found: str, number: int, at: At) -> None:
    """Raise FormatError where an unpacked layer has another digest than the config lists for it."""
    if listed.startswith("sha256:") and found and listed != found:
        raise at.wrong(
            f"it lists layer {number} as {listed} (rootfs.diff_ids), and unpacked that has {found}. {_ADVICE}"
        )


def check_layers(
    config: Json, layers: Sequence[bytes | Slice], known: Sequence[bytes | Slice], making: Making, at: At
) -> None:
    """Compare layers, unpacking those in gzip, with what a config lists; raises FormatError.

    `known` are the same layers as they are to be sent: where a layer goes as it is, its digest was taken already.
    """
    listed = listed_in(config)
    if listed is None or making.as_is:
        return
    check_count(listed, len(layers), at)
    found = _unpacked(layers, known, making)
    for number, (wanted, digest) in enumerate(zip(listed, found, strict=True), 1):
        check_one(wanted, digest, number, at)


def _unpacked(layers: Sequence[bytes | Slice], known: Sequence[bytes | Slice], making: Making) -> list[str]:
    """Return the digests of the unpacked layers, empty for those in zstd, which cannot be unpacked here."""
    from explorer.images.hashing import with_sha256, with_unpacked_sha256

    found: dict[int, str] = {}
    plain: dict[int, Slice] = {}
    packed: dict[int, Slice] = {}
    for number, (layer, sent) in enumerate(zip(layers, known, strict=True)):
        kind = compression_of(layer[:4] if isinstance(layer, bytes) else _start(layer))
        if kind == "zstd":
            found[number] = ""
        elif isinstance(layer, bytes):
            found[number] = f"sha256:{sha256_of(_gunzipped(layer) if kind else layer)}"
        elif kind:
            packed[number] = layer
        else:
            same = isinstance(sent, Slice) and (sent.path, sent.offset) == (layer.path, layer.offset)
            plain[number] = sent if same and isinstance(sent, Slice) else layer
    hashed = with_sha256(list(plain.values()), making.progress)
    unpacked = with_unpacked_sha256(list(packed.values()), making.progress)
    found |= {number: f"sha256:{part.sha256}" for number, part in zip(plain, hashed, strict=True)}
    found |= {number: f"sha256:{digest}" for number, digest in zip(packed, unpacked, strict=True)}
    return [found[number] for number in range(len(layers))]


def _start(layer: Slice) -> bytes:
    from explorer.model import body_part

    part = body_part(layer, 0, 4)
    return part if isinstance(part, bytes) else read_part(part, part.path)


def _gunzipped(data: bytes) -> bytes:
    try:
        return zlib.decompress(data, _GZIP)
    except zlib.error as bad:
        raise FormatError("a layer", f"its gzip data is damaged ({bad}).") from bad
