"""A file that is written out while it grows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from explorer.practice.flushing import EarlyFlush


def test_what_cannot_be_written_out_is_told_at_the_next_bytes_or_at_the_end() -> None:
    reading, writing = os.pipe()  # a pipe takes no fsync
    flushing = EarlyFlush(writing, step=4)
    flushing.grown(4)
    with pytest.raises(OSError, match="Invalid argument"):
        flushing.close()
    os.close(reading)
    os.close(writing)


def test_it_is_told_once() -> None:
    reading, writing = os.pipe()
    flushing = EarlyFlush(writing, step=4)
    flushing.grown(4)
    with pytest.raises(OSError, match="Invalid argument"):
        flushing.close()
    flushing.close()
    os.close(reading)
    os.close(writing)


def test_a_file_that_grows_is_written_out_without_a_complaint(tmp_path: Path) -> None:
    with (tmp_path / "data").open("wb", buffering=0) as file:
        flushing = EarlyFlush(file.fileno(), step=4)
        for _ in range(10):
            flushing.grown(file.write(b"1234"))
        flushing.close()
    assert (tmp_path / "data").read_bytes() == b"1234" * 10
