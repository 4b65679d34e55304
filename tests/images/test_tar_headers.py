from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.images.tar_headers import Damage, Member, is_header, members

if TYPE_CHECKING:
    from tests.images.conftest import Make

FORMS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]


def listing(data: bytes) -> list[Member]:
    return [member for member in members(io.BytesIO(data), len(data)) if member is not None]


def header(**fields: object) -> bytes:
    """Return one header, with fields of a TarInfo set and the checksum right."""
    member = tarfile.TarInfo("member")
    for name, value in fields.items():
        setattr(member, name, value)
    return member.tobuf(tarfile.GNU_FORMAT)


def edited(block: bytes, at: int, field: bytes) -> bytes:
    """Return a header with a field changed and the checksum right."""
    changed = bytearray(block)
    changed[at : at + len(field)] = field
    changed[148:156] = b" " * 8
    changed[148:156] = b"%06o\0 " % sum(changed)
    return bytes(changed)


def pax(records: bytes, kind: bytes = b"x") -> bytes:
    return header(type=kind, size=len(records)) + records.ljust(-(-len(records) // 512) * 512, b"\0")


def record(key: str, value: str) -> bytes:
    rest = f" {key}={value}\n".encode()
    length = next(n for n in range(len(rest), len(rest) + 9) if len(str(n)) + len(rest) == n)
    return str(length).encode() + rest


names = st.lists(
    st.text("abcé./ -", min_size=1, max_size=90).map(lambda text: "x" + text + "x"), min_size=1, max_size=4
)


@settings(deadline=None, max_examples=60)
@given(parts=names, data=st.binary(max_size=1500), form=st.sampled_from(FORMS[1:]))
def test_members_are_those_that_tarfile_finds(parts: list[str], data: bytes, form: int) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=form) as tar:
        for number in range(3):
            member = tarfile.TarInfo("/".join(parts) + str(number))
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    packed.seek(0)
    with tarfile.open(fileobj=packed) as tar:
        expected = [(member.name, member.offset_data, member.size) for member in tar]
    assert [(member.name, member.offset, member.size) for member in listing(packed.getvalue())] == expected


@pytest.mark.parametrize("form", FORMS)
def test_long_names_and_links_are_read_in_every_form(form: int, make: Make) -> None:
    name, target = f"{'a' * 60}/{'b' * 80}", "c" * 90
    found = listing(make.tar_of({name: make.link(target), "file": b"x"}, form))
    assert [(member.name, member.kind, member.link) for member in found] == [
        (name, "link", target),
        ("file", "file", ""),
    ]


def test_a_long_link_is_read(make: Make) -> None:
    target = "c" * 300
    found = [listing(make.tar_of({"x": make.link(target)}, form))[0].link for form in FORMS[1:]]
    assert found == [target, target]


@pytest.mark.parametrize(
    ("kind", "word"),
    [(b"1", "hard link"), (b"3", "device"), (b"5", "folder"), (b"6", "pipe"), (b"7", "file"), (b"Q", "other")],
)
def test_kinds_have_words(kind: bytes, word: str) -> None:
    assert listing(edited(header(), 156, kind) + bytes(1024))[0].kind == word


def test_a_name_that_ends_in_a_slash_is_a_folder() -> None:
    assert listing(edited(header(name="x"), 0, b"folder/") + bytes(1024))[0].kind == "folder"


def test_a_global_header_holds_for_all_that_follow() -> None:
    data = pax(record("path", "everywhere"), b"g") + header() + header() + bytes(1024)
    assert [member.name for member in listing(data)] == ["everywhere", "everywhere"]


def test_an_extended_header_holds_for_one() -> None:
    data = pax(record("path", "once") + record("size", "3")) + header() + bytes(512) + header() + bytes(1024)
    assert [(member.name, member.size) for member in listing(data)] == [("once", 3), ("member", 0)]


def test_a_size_in_base_256_is_read() -> None:
    data = edited(header(), 124, b"\x80" + (5).to_bytes(11, "big")) + bytes(512) + bytes(1024)
    assert listing(data)[0].size == 5


def test_a_checksum_of_signed_bytes_is_one() -> None:
    block = bytearray(edited(header(name="x"), 0, "é".encode()))
    block[148:156] = b" " * 8
    signed = sum(byte - 256 if byte > 127 else byte for byte in block)
    block[148:156] = b"%06o\0 " % signed
    assert is_header(bytes(block))


@pytest.mark.parametrize(
    "block", [b"", bytes(512), b"x" * 512, b"x" * 100, edited(header(), 0, b"y")[:148] + b"9" * 364]
)
def test_other_blocks_are_no_headers(block: bytes) -> None:
    assert not is_header(block)


def test_sparse_files_are_told_apart() -> None:
    pax_sparse = pax(record("GNU.sparse.major", "1") + record("GNU.sparse.name", "real")) + header()
    found = listing(header(type=b"S") + pax_sparse + bytes(1024))
    assert [(member.name, member.kind) for member in found] == [("member", "sparse"), ("real", "sparse")]


def test_the_map_of_a_sparse_file_is_passed_over() -> None:
    first = edited(header(type=b"S", size=512), 482, b"\1")
    more = bytes(504) + b"\1" + bytes(7)
    data = first + more + bytes(512) + b"d" * 512 + header(name="next") + bytes(1024)
    assert [member.name for member in listing(data)] == ["member", "next"]


def test_a_missing_end_mark_is_told() -> None:
    assert list(members(io.BytesIO(header()), 512))[-1] is None


@pytest.mark.parametrize(
    ("data", "at", "said"),
    [
        (header() + header()[:100], 512, "100 bytes of a header of 512"),
        (header() + b"junk" * 128, 512, "its checksum does not fit"),
        (header() + header(size=1000) + b"x" * 512, 512, "'member' has 1000 bytes and 512 of them are there"),
        (header(type=b"L", size=2 * 1024 * 1024) + bytes(2 * 1024 * 1024), 0, "extends the next one by 2097152"),
        (header(type=b"x", size=600) + bytes(10), 0, "'member' has 600 bytes and 10"),
        (edited(header(), 124, b"\xff" * 12), 0, "the size in this header is -1"),
        (edited(header(), 124, b"99999999999\0"), 0, "is not a number"),
        (pax(record("size", "-1")) + header(), 1024, "'-1' stands where a number belongs"),
        (pax(record("size", "1" * 30)) + header(), 1024, "stands where a number belongs"),
        (pax(record("size", "1" * 15)) + header(), 1024, "has 111111111111111 bytes"),
        (pax(b"garbage"), 0, "not made of 'length key=value' lines"),
        (pax(b"0 a=b\n"), 0, "not made of 'length key=value' lines"),
        (pax(b"9 a=b\n"), 0, "not made of 'length key=value' lines"),
        (pax(b"7 a-bc\n"), 0, "not made of 'length key=value' lines"),
        (pax(b"999 a=b\n"), 0, "not made of 'length key=value' lines"),
    ],
)
def test_damage_is_found_where_it_is(data: bytes, at: int, said: str) -> None:
    with pytest.raises(Damage, match=said) as caught:
        listing(data)
    assert caught.value.at == at
