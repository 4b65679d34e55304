"""Looking into bodies: windows, kinds, rows, searches, listings, JSON."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import re
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from explorer.bodies.json_tree import LIMIT, parse
from explorer.bodies.json_tree import rows as json_rows
from explorer.bodies.listing import is_listable, members
from explorer.bodies.rows import LONGEST, TextRows
from explorer.bodies.searching import MOST_PLACES, search
from explorer.bodies.sniffing import kind_of
from explorer.bodies.window import FilePart, Memory, window_on
from explorer.errors import FormatError
from explorer.model import Slice, Unkept


def all_rows(data: bytes, step: int = 7) -> list[bytes]:
    """Return the rows of a text, read a few bytes at a time."""
    text = TextRows(Memory(data))
    while text.grow(step):
        pass
    return [text.row(number) for number in range(text.count)]


@given(st.binary(max_size=300), st.integers(0, 20), st.integers(0, 300))
def test_a_window_on_a_file_shows_what_one_on_bytes_does(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, offset: int, length: int
) -> None:
    path = tmp_path_factory.mktemp("w") / "file"
    path.write_bytes(b"front" + data)
    with FilePart(Slice(str(path), 5, len(data))) as part:
        assert part.size == len(data)
        assert part.read(offset, length) == Memory(data).read(offset, length)


def test_bytes_that_are_nowhere_are_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="were not kept"):
        window_on(Unkept(5, "ab" * 32))
    with pytest.raises(FormatError, match="cannot be read"):
        window_on(Slice(str(tmp_path / "gone"), 0, 5))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", ""),
        (gzip.compress(b"x", mtime=0), "gzip"),
        (b"\x28\xb5\x2f\xfd....", "zstd"),
        (b"\0" * 257 + b"ustar", "tar"),
        (b'  {"a":1}', "JSON"),
        (b"<html>", "HTML"),
        ("grüße".encode(), "text"),
        ("grüß".encode()[:-1], "text"),
        (b"\x00\x01", "binary"),
        (b"\xff\xfe\xfd\xfc\xfb", "binary"),
    ],
)
def test_a_body_is_told_by_its_first_bytes(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind


@given(st.binary(max_size=200), st.integers(1, 50))
def test_rows_do_not_depend_on_how_a_text_is_read(data: bytes, step: int) -> None:
    assert all_rows(data, step) == all_rows(data, 1_000)


@given(st.lists(st.text("ab\r", max_size=9), max_size=300))
def test_rows_are_the_lines(lines: list[str]) -> None:
    data = "".join(f"{line}\n" for line in lines).encode()
    assert all_rows(data) == [line.removesuffix("\r").encode() for line in lines]


def test_long_lines_are_cut() -> None:
    rows = all_rows(b"a" * (2 * LONGEST + 3) + b"\nend")
    assert [len(row) for row in rows] == [LONGEST, LONGEST, 3, 3]


@given(st.binary(max_size=2000), st.integers(0, 1999))
def test_the_row_of_a_byte_is_found(data: bytes, offset: int) -> None:
    text = TextRows(Memory(data))
    while text.grow(100):
        pass
    if offset < len(data) and data[offset : offset + 1] not in (b"\n", b"\r"):
        assert data[offset : offset + 1] in text.row(text.row_at(offset))


@given(st.binary(max_size=500), st.binary(min_size=1, max_size=3))
def test_a_search_finds_what_find_does(data: bytes, sought: bytes) -> None:
    found = [place for progress in search(Memory(data), sought) for place in progress.places]
    assert len(found) == data.count(sought)
    assert all(data[place : place + len(sought)] == sought for place in found)


def test_a_search_sees_what_lies_across_two_blocks(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(b"." * (4 * 1024 * 1024 - 3) + b"needle" + b"." * 100 + b"NEEDLE")
    with FilePart(Slice(str(path), 0, path.stat().st_size)) as part:
        assert [*search(part, b"needle")][-1].count == 1
        assert [*search(part, b"needle", ignore_case=True)][-1].count == 2


def layer(*names: str) -> bytes:
    """Return a tar with empty files of those names."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for name in names:
            tar.addfile(tarfile.TarInfo(name))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "target"
        tar.addfile(link)
    return held.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress], ids=["tar", "gzip", "zstd"])
def test_the_members_of_a_layer_are_listed(pack: Callable[[bytes], bytes]) -> None:
    window = Memory(pack(layer("etc/passwd", "etc/.wh.shadow", "var/.wh..wh..opq")))
    assert is_listable(window)
    listed = [*members(window)]
    assert [member.name for member in listed] == ["etc/passwd", "etc/.wh.shadow", "var/.wh..wh..opq", "link"]
    assert [member.note for member in listed] == [
        "",
        "removes shadow of lower layers",
        "hides everything that lower layers have in this folder",
        "→ target",
    ]
    assert listed[0].mode == "-rw-r--r--"
    assert listed[3].mode[0] == "l"


@pytest.mark.parametrize(
    "start", [b"", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", zstandard.compress(b"no tar")[:9], layer("a")[:512]]
)
@given(data=st.binary(max_size=600))
def test_what_is_no_layer_is_a_sentence_at_worst(start: bytes, data: bytes) -> None:
    with contextlib.suppress(FormatError):
        assert len([*members(Memory(start + data))]) < 4


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_a_layer_that_breaks_off_says_so(pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(FormatError, match="cannot be listed as a tar from here on"):
        assert [*members(Memory(pack(layer("a", "b"))[:-40]))]


def test_a_document_is_folded_by_its_paths() -> None:
    document: object = {"a": [1, {"b/c": "x"}], "d": None, "e": {}}
    whole = [(row.depth, row.name, row.text) for row in json_rows(document)]
    assert whole == [
        (0, "", "{"),
        (1, "a", "["),
        (2, "", "1"),
        (2, "", "{"),
        (3, "b/c", '"x"'),
        (2, "", "}"),
        (1, "", "]"),
        (1, "d", "null"),
        (1, "e", "{}"),
        (0, "", "}"),
    ]
    folded = [row.text for row in json_rows(document, frozenset({"/a"}))]
    assert folded == ["{", "[ 2 items ]", "null", "{}", "}"]
    assert [row.path for row in json_rows(document)][4] == "/a/1/b~1c"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_every_document_has_rows(document: object) -> None:
    assert parse(json.dumps(document).encode()) == document
    assert [*json_rows(document)]


@pytest.mark.parametrize("data", [b"{", b"[" * 100_000, b" " * (LIMIT + 1)])
def test_what_is_no_document_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse(data)


@pytest.mark.parametrize("before", [*range(28665, 28674), *range(262138, 262147)])
@pytest.mark.parametrize("sought", [b"aaa", b"abcdef"])
def test_what_lies_across_two_parts_that_are_read_is_found_once(before: int, sought: bytes) -> None:
    data = bytes(before) + sought * 3 + b"ab" + bytes(300_000) + sought
    found = [place for progress in search(Memory(data), sought) for place in progress.places]
    assert found == [found.start() for found in re.finditer(sought, data)]


def test_no_more_places_are_remembered_than_can_be_gone_to() -> None:
    found = [*search(Memory(b"a" * (MOST_PLACES + 5)), b"a")]
    assert found[-1].count == MOST_PLACES + 5
    assert sum(len(progress.places) for progress in found) == MOST_PLACES


@given(st.binary(max_size=3000), st.integers(1, 700))
def test_each_row_of_a_text_is_found_again_by_the_place_of_its_first_byte(text: bytes, length: int) -> None:
    rows = TextRows(Memory(text))
    while rows.grow(length):
        pass
    assert [rows.row_at(rows.offset_of(number)) for number in range(rows.count)] == list(range(rows.count))


def test_the_row_of_a_byte_that_was_not_read_so_far_is_the_last_one() -> None:
    rows = TextRows(Memory(b"a\nb\nc\nd\n"))
    rows.grow(4)
    assert rows.row_at(6) == rows.count - 1 == 1
