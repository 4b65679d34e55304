"""A destination is told by its name, and nothing that is there is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.errors import InputError
from explorer.images.destinations import destination, what_is_there
from explorer.spec.digests import digest_of


@pytest.mark.parametrize(
    ("name", "form", "becomes"),
    [
        ("app", "", "layout"),
        ("app.tar", "", "docker-archive"),
        ("APP.TAR", "", "docker-archive"),
        ("app.tar", "layout", "layout"),
        ("app", "docker-archive", "docker-archive"),
    ],
)
def test_a_destination_that_ends_in_tar_is_an_archive(tmp_path: Path, name: str, form: str, becomes: str) -> None:
    assert destination(str(tmp_path / name), form).form == becomes


def test_a_layout_gathers_in_itself_and_an_archive_beside_itself(tmp_path: Path) -> None:
    assert destination(str(tmp_path / "app")).folder == tmp_path / "app"
    assert destination(str(tmp_path / "app.tar")).folder == tmp_path / "app.tar.partial"


def test_a_relative_destination_is_one_of_the_folder_that_one_is_in(tmp_path: Path, monkeypatch: object) -> None:
    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    monkeypatch.chdir(tmp_path)
    assert destination("app").path == tmp_path / "app"


@pytest.mark.parametrize(
    ("name", "form", "said"),
    [
        ("", "", "The destination is empty"),
        ("x", "zip", "'zip' is no form"),
        ("file", "", "is a file, and is not overwritten"),
        ("file", "docker-archive", "exists already, and is not overwritten"),
        ("folder", "", "is no OCI layout, and holds 'mine'"),
        ("nowhere/app.tar", "", "There is no folder"),
    ],
)
def test_a_destination_that_cannot_be_is_a_sentence(tmp_path: Path, name: str, form: str, said: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").touch()
    with pytest.raises(InputError, match=said):
        destination(str(tmp_path / name) if name else "", form)


@pytest.mark.parametrize("entry", ["blobs", "oci-layout", ""])
def test_a_layout_or_what_a_pull_has_left_of_one_is_gone_on_with(tmp_path: Path, entry: str) -> None:
    (tmp_path / entry).mkdir(exist_ok=True)
    assert destination(str(tmp_path)).form == "layout"


def test_a_layout_may_hold_more_than_a_layout(tmp_path: Path) -> None:
    (tmp_path / "oci-layout").touch()
    (tmp_path / "README").touch()
    assert destination(str(tmp_path)).form == "layout"


def test_whole_blobs_and_halves_are_found_by_their_names(tmp_path: Path) -> None:
    digits = digest_of(b"x").partition(":")[2]
    blobs = tmp_path / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    (blobs / digits).write_bytes(b"x")
    (blobs / f"{digits}.part").write_bytes(b"12")
    (blobs / "other").write_bytes(b"123")
    assert what_is_there(tmp_path) == ({digest_of(b"x"): 1}, {digest_of(b"x"): 2})


def test_nothing_is_there_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert what_is_there(tmp_path / "no") == ({}, {})
