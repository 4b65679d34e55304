"""Files that are compressed, archived or in UTF-16 are unpacked within bounds, damaged ones up to the damage."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import FormatError
from explorer.formats import unpacking
from explorer.formats.importing import import_bytes, import_file
from explorer.formats.sources import Source
from explorer.formats.unpacking import plain

LOG = (Path(__file__).parents[1] / "captures" / "crane-push.log").read_bytes()
WAYS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "zstd": zstandard.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def unpacked(data: bytes) -> bytes:
    with ExitStack() as resources:
        return plain(Source.of(data, "it"), resources).stream().read()


@pytest.mark.parametrize("way", WAYS)
@given(data=st.binary(min_size=1, max_size=300), more=st.binary(min_size=1, max_size=300))
def test_one_stream_after_another_is_unpacked(way: str, data: bytes, more: bytes) -> None:
    compressed = b"".join(map(WAYS[way], (b"text " + data, more)))
    assert unpacked(compressed) == b"text " + data + more


@pytest.mark.parametrize("way", WAYS)
def test_a_rotated_log_is_opened(way: str, tmp_path: Path) -> None:
    path = tmp_path / "push.log.1.gz"
    path.write_bytes(WAYS[way](LOG))
    imported = import_file(path)
    assert (len(imported.session.exchanges), imported.remark) == (12, "")


@pytest.mark.parametrize("way", ["gzip", "zlib"])
def test_one_that_is_cut_off_is_read_up_to_there_and_says_so(way: str) -> None:
    imported = import_bytes(WAYS[way](LOG)[:-1500], "push.log.gz")
    assert 0 < len(imported.session.exchanges) < 12
    assert f"({way}) is cut off" in imported.remark


def test_one_with_something_else_behind_it_says_so() -> None:
    imported = import_bytes(gzip.compress(LOG) + b"something else", "push.log.gz")
    assert len(imported.session.exchanges) == 12
    assert "damaged" in imported.remark


@pytest.mark.parametrize("way", WAYS)
def test_one_that_unpacks_to_nothing_whole_is_a_sentence(way: str) -> None:
    with pytest.raises(FormatError):
        import_bytes(WAYS[way](LOG)[:8], "push.log.gz")


@pytest.mark.parametrize("way", WAYS)
def test_what_unpacks_to_too_much_is_refused(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(FormatError, match="more than 1000000 bytes"):
        unpacked(WAYS[way](bytes(3_000_000)))


@given(st.sampled_from([way(b"some text") for way in WAYS.values()]), st.binary(max_size=200))
def test_any_bytes_after_a_magic_number_are_read_or_refused(start: bytes, data: bytes) -> None:
    for cut in (4, 12, len(start)):
        with suppress(FormatError):
            assert len(unpacked(start[:cut] + data)) < 1_000_000


def test_the_session_of_a_bundle_is_opened() -> None:
    story = (Path(__file__).parents[2] / "sessions" / "first-push.jsonl").read_bytes()
    bundle = zipped(**{"report.md": b"text", "session.jsonl": story, "again.sh": b"curl http://localhost/v2/"})
    assert import_bytes(bundle, "bundle.zip").format == "session"


def test_one_file_in_an_archive_is_opened() -> None:
    assert len(import_bytes(zipped(**{"logs/push.txt": LOG}), "logs.zip").session.exchanges) == 12


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zipped(**{"1_build.txt": b"a", "2_push.txt": b"b"}), "1_build.txt"),
        (zipped(), "without a file"),
        (zipped(a=LOG)[:-30], "cannot be unpacked"),
        (b"PK\x03\x04" + bytes(40), "cannot be unpacked"),
    ],
    ids=["several", "none", "cut", "broken"],
)
def test_an_archive_that_does_not_tell_is_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        import_bytes(data, "logs.zip")
