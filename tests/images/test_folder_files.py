from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.images.folder_files import FolderFiles
from explorer.model import Image, Slice

if TYPE_CHECKING:
    from tests.images.conftest import Make


def test_a_file_is_a_slice_from_its_beginning(make: Make) -> None:
    source = make.folder({"a/b": b"12345"})
    path = str(Path(source).resolve() / "a/b")
    assert FolderFiles(source).slice("a/b", "it") == Slice(path, 0, 5, source="a/b in source")


def test_a_file_where_a_folder_should_be_is_missing(make: Make, problem: Callable[..., str]) -> None:
    files = make.saved({"Config": "c.json", "Layers": ["c.json/layer.tar"]}, **{"c.json": b"{}"})
    assert "holds no 'c.json/layer.tar'" in problem(make.folder(files))


def test_a_folder_behind_a_link_is_read(make: Make, read: Callable[..., Image]) -> None:
    source = make.folder(make.saved({"Config": "c", "Layers": []}, c=b"{}"))
    (make.at / "link").symlink_to(source)
    assert read(str(make.at / "link")).name == "link:latest"


def test_names_that_cannot_be_are_not_there(make: Make) -> None:
    files = FolderFiles(make.folder({"a": b""}))
    assert [files.has(name) for name in ("a", "b", "../a", "", "x" * 5000, "\udfff\ud800")] == [True] + [False] * 5


def test_a_name_too_long_for_the_disk_is_said(make: Make, problem: Callable[..., str]) -> None:
    source = make.folder(make.saved({"Config": "c" * 5000, "Layers": []}))
    assert "it cannot be read: File name too long" in problem(source)
