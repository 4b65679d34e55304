"""Members of a tar: where their bytes lie (POSIX.1-2008 "pax", ustar, GNU and v7).

Not `tarfile`: that one skips a damaged header as if the archive ended there, believes sizes that lead beyond the end
of the file, and loops for ever on some sparse maps and negative sizes. This reads nothing but headers, and says at
which byte an archive is damaged or cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from explorer.errors import FormatError
from explorer.frozen import frozen
from explorer.images.files import shown

BLOCK = 512
_LARGEST_EXTENSION = 1024 * 1024  # of a pax header or GNU long name, in bytes
_KINDS = {
    b"0": "file",
    b"\0": "file",
    b"7": "file",
    b"1": "hard link",
    b"2": "link",
    b"3": "device",
    b"4": "device",
    b"5": "folder",
    b"6": "pipe",
    b"S": "sparse",
}
_WITHOUT_DATA = frozenset({"hard link", "link", "device", "folder", "pipe"})


class Damage(Exception):
    """Say what is wrong at a byte of a tar."""

    def __init__(self, sentence: str, at: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.at = at

    def in_file(self, path: str) -> FormatError:
        """Return this as a problem of a file."""
        return FormatError(path, self.sentence, f"byte {self.at}")


@frozen
class Member:
    """One member: `kind` (file, link, hard link, folder, sparse, …), where its data is and its size, in bytes."""

    name: str
    kind: str
    offset: int
    size: int
    link: str = ""


@frozen
class _Said:
    """What the headers before a member say of it: pax records, and GNU's long names."""

    records: dict[str, bytes]
    name: bytes | None = None
    link: bytes | None = None


def is_header(block: bytes) -> bool:
    """Say whether a block is the header of a tar member, by its checksum."""
    if len(block) != BLOCK or not any(block):
        return False
    try:
        said = _number(block[148:156])
    except ValueError:
        return False
    rest = block[:148] + b" " * 8 + block[156:]
    return said == sum(rest) or said == sum(byte - 256 if byte > 127 else byte for byte in rest)


def members(file: BinaryIO, size: int) -> Iterator[Member | None]:
    """Yield the members of a tar of `size` bytes, and None last where the end mark is missing; raises Damage."""
    at = 0
    globally: dict[str, bytes] = {}
    said = _Said({})
    while True:
        block = _read(file, at, BLOCK)
        if not block:
            yield None
            return
        if len(block) < BLOCK:
            raise Damage(f"the tar is cut off: {len(block)} bytes of a header of {BLOCK} are there.", at)
        if not any(block):
            return
        if not is_header(block):
            raise Damage("the tar is damaged: a header was expected here, and its checksum does not fit.", at)
        member = _member(block, at, _Said({**globally, **said.records}, said.name, said.link))
        _check_extent(member, size, at)
        kind = block[156:157]
        if kind in (b"x", b"g", b"L", b"K"):
            extension = _extension(file, member, at)
            if kind == b"g":
                globally = {**globally, **_records(extension, at)}
            else:
                said = _extended(said, kind, extension, at)
        else:
            yield member
            said = _Said({})
        at += _sparse_map(file, at) if kind == b"S" else 0
        stored = 0 if member.kind in _WITHOUT_DATA else member.size
        at += BLOCK + -(-stored // BLOCK) * BLOCK


def _member(block: bytes, at: int, said: _Said) -> Member:
    kind = block[156:157]
    try:
        size = _number(block[124:136])
    except ValueError as bad:
        raise Damage("the tar is damaged: the size in this header is not a number.", at) from bad
    name = _text(block[0:100])
    prefix = _text(block[345:500]) if block[257:263] == b"ustar\0" else ""
    plain = Member(f"{prefix}/{name}" if prefix else name, _KINDS.get(kind, "other"), at + BLOCK, size)
    if kind in (b"x", b"g", b"L", b"K"):
        return plain
    member = replace(plain, link=_text(block[157:257]))
    return _as_said(member, said, at)


def _as_said(member: Member, said: _Said, at: int) -> Member:
    records = said.records
    name = said.name if said.name is not None else records.get("path")
    link = said.link if said.link is not None else records.get("linkpath")
    if name is not None:
        member = replace(member, name=_text(name))
    if link is not None:
        member = replace(member, link=_text(link))
    if "size" in records:
        member = replace(member, size=_decimal(records["size"], at))
    if any(key.startswith("GNU.sparse.") for key in records):
        real_name = records.get("GNU.sparse.name")
        member = replace(member, kind="sparse", name=_text(real_name) if real_name else member.name)
    if member.kind == "file" and member.name.endswith("/"):  # how v7 wrote a folder
        member = replace(member, kind="folder")
    return member


def _check_extent(member: Member, size: int, at: int) -> None:
    if member.size < 0:
        raise Damage(f"the tar is damaged: the size in this header is {member.size}.", at)
    if member.kind not in _WITHOUT_DATA and member.offset + member.size > size:
        raise Damage(
            f"the tar is cut off: '{shown(member.name)}' has {member.size} bytes "
            f"and {max(0, size - member.offset)} of them are there.",
            at,
        )


def _sparse_map(file: BinaryIO, at: int) -> int:
    """Return the size in bytes of the blocks by which GNU's old sparse header is continued."""
    more, length = _read(file, at + 482, 1), 0
    while more.strip(b"\0"):
        length += BLOCK
        more = _read(file, at + length + 504, 1)
    return length


def _extension(file: BinaryIO, member: Member, at: int) -> bytes:
    if member.size > _LARGEST_EXTENSION:
        raise Damage(
            f"this header extends the next one by {member.size} bytes; at most {_LARGEST_EXTENSION} are read.", at
        )
    return _read(file, member.offset, member.size)


def _extended(said: _Said, kind: bytes, extension: bytes, at: int) -> _Said:
    if kind == b"L":
        return replace(said, name=extension)
    if kind == b"K":
        return replace(said, link=extension)
    return replace(said, records=_records(extension, at))


def _records(data: bytes, at: int) -> dict[str, bytes]:
    """Return pax records, each of them "length key=value" and a line feed, the length counting all of it."""
    records: dict[str, bytes] = {}
    position = 0
    while position < len(data) and data[position] != 0:
        blank = data.find(b" ", position, position + 20)
        length = _decimal(data[position:blank], at) if blank > position else 0
        record = data[position : position + length]
        key, equals, value = data[blank + 1 : position + length].partition(b"=")
        if len(record) != length or not record.endswith(b"\n") or not equals:
            raise Damage("the tar is damaged: this extended header is not made of 'length key=value' lines.", at)
        records[key.decode("utf-8", "surrogateescape")] = value[:-1]
        position += length
    return records


def _decimal(digits: bytes, at: int) -> int:
    if not digits.isdigit() or len(digits) > 19:
        raise Damage(f"the tar is damaged: {ascii(digits[:40])[1:]} stands where a number belongs.", at)
    return int(digits)


def _number(field: bytes) -> int:
    """Return a number of a header: octal digits, or GNU's base-256; raises ValueError."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    if field[0] == 0xFF:
        return int.from_bytes(field, "big", signed=True)
    digits = field.split(b"\0", 1)[0].strip(b" ")
    if digits.strip(b"01234567"):
        raise ValueError(digits)
    return int(digits or b"0", 8)


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _read(file: BinaryIO, at: int, length: int) -> bytes:
    file.seek(at)
    return file.read(length)
