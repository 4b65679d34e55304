"""Bodies in hex, from files and their parts, with bytes changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.editing import body_bytes, edit_body, from_hex, hex_lines, with_body
from explorer.errors import FormatError, InputError
from explorer.model import Body, Headers, Request, Slice, Unkept
from tests.scripted import ORIGIN


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    """Return a file of ten bytes."""
    path = tmp_path / "layer.tar"
    path.write_bytes(b"0123456789")
    return path


@given(st.binary(max_size=200))
def test_any_bytes_come_back_from_their_hex(data: bytes) -> None:
    assert from_hex("\n".join(hex_lines(data))) == data


@pytest.mark.parametrize(
    "text",
    [
        "1f8b0800",
        "1F 8b\n\n08 00",
        "00000000: 1f 8b 08 00",
        "00000000  1f 8b 08 00                                       |....|\n00000004",
        "0: 1f8b 0800",
    ],
)
def test_a_dump_is_read_as_it_is_pasted(text: str) -> None:
    assert from_hex(text) == b"\x1f\x8b\x08\x00"


@pytest.mark.parametrize(("text", "words"), [("1f\n8g", "Line 2.*'g'"), ("1f 8", "3 hex digits"), ("é", "'é'")])
def test_what_is_no_hex_is_named_by_its_line(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        from_hex(text)


@pytest.mark.parametrize(
    ("notation", "content"),
    [("", b"0123456789"), ("@2+3", b"234"), ("@7", b"789"), ("@10", b""), ("@0+10", b"0123456789")],
)
def test_a_file_or_a_part_of_it_is_a_body(layer: Path, notation: str, content: bytes) -> None:
    body = edit_body(b"", f"{layer}{notation}")
    assert isinstance(body, Slice)
    assert body_bytes(body, 100) == content


@pytest.mark.parametrize("notation", ["@2+9", "@11", "@11+0"])
def test_a_part_that_leaves_the_file_is_refused(layer: Path, notation: str) -> None:
    with pytest.raises(FormatError, match="10 bytes"):
        edit_body(b"", f"{layer}{notation}")


def test_a_file_whose_name_looks_like_a_part_is_meant_itself(tmp_path: Path) -> None:
    (tmp_path / "a@1").write_bytes(b"whole")
    assert body_bytes(edit_body(b"", f"{tmp_path}/a@1"), 100) == b"whole"


@pytest.mark.parametrize(("notation", "content"), [("@0=ff", b"\xffbc"), ("@2=00", b"ab\x00"), ("@1=5A5a", b"aZZ")])
def test_bytes_are_written_over(notation: str, content: bytes) -> None:
    assert edit_body(b"abc", notation) == content


def test_a_byte_of_a_file_is_changed_and_the_file_is_left_alone(layer: Path) -> None:
    assert edit_body(Slice(str(layer), 2, 3), "@1=78") == b"2x4"
    assert layer.read_bytes() == b"0123456789"


@pytest.mark.parametrize("notation", ["@3=00", "@2=0000", "@x=00", "@1=0", "@1=", "@1"])
def test_what_changes_no_byte_of_the_body_is_refused(notation: str) -> None:
    with pytest.raises(InputError, match=r"3 bytes|no byte"):
        edit_body(b"abc", notation)


def test_a_body_that_was_not_kept_cannot_have_a_byte_changed() -> None:
    with pytest.raises(InputError, match="not kept"):
        edit_body(Unkept(3, "0" * 64), "@0=00")


def test_a_file_that_became_shorter_is_said(layer: Path) -> None:
    with pytest.raises(FormatError, match="shorter"):
        body_bytes(Slice(str(layer), 8, 3), 100)


@pytest.mark.parametrize("body", [b"12345", Unkept(5, "")])
def test_a_body_that_is_too_large_or_not_kept_has_no_bytes_here(body: Body) -> None:
    assert body_bytes(body, 4) is None


def test_a_pinned_content_length_stays() -> None:
    request = Request("PUT", ORIGIN, "/", Headers.of(("Content-Length", "5")), b"12345")
    assert with_body(request, b"1", is_pinned=True).headers == request.headers


def test_a_pipe_or_a_folder_is_no_body(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(FormatError, match="no regular file"):
            edit_body(b"", str(path))


@given(st.binary(max_size=100))
def test_a_dump_of_xxd_is_read_without_its_readable_column(data: bytes) -> None:
    rows = []
    for at in range(0, len(data), 16):
        part = data[at : at + 16]
        groups = " ".join(part[start : start + 2].hex() for start in range(0, len(part), 2))
        readable = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        rows.append(f"{at:08x}: {groups:<39}  {readable}")
    assert from_hex("\n".join(rows)) == data
