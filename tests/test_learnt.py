"""The progress of lessons is kept, for its owner alone, and a broken file is a sentence."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import learnt
from explorer.errors import FormatError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "lessons.json"


def test_without_a_file_nothing_was_taken(path: Path) -> None:
    assert learnt.taken(path) == {}


def test_what_was_taken_is_kept_for_its_owner_alone(path: Path) -> None:
    learnt.note("chunks", 3, 5, path)
    learnt.note("mount", 5, 5, path)
    known = learnt.taken(path)
    assert {name: (one.right, one.asked) for name, one in known.items()} == {"chunks": (3, 5), "mount": (5, 5)}
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("second", "kept"), [((4, 5), (4, 5)), ((2, 5), (3, 5)), ((3, 6), (3, 5))])
def test_the_better_result_stays(path: Path, second: tuple[int, int], kept: tuple[int, int]) -> None:
    learnt.note("chunks", 3, 5, path)
    learnt.note("chunks", *second, path)
    one = learnt.taken(path)["chunks"]
    assert (one.right, one.asked) == kept


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format":1,"lessons":[]}', '{"format":1,"lessons":{"a":{"right":"1"}}}', '{"format":2}']
)
def test_a_file_that_is_something_else_is_a_sentence_with_its_name(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(FormatError) as wrong:
        learnt.note("chunks", 1, 1, path)
    assert str(path) in wrong.value.sentence
    assert path.read_text() == text


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("learnt") / "lessons.json"
    path.write_bytes(data)
    with suppress(FormatError):
        learnt.taken(path)


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(FormatError, match=r"lessons\.json"):
        learnt.note("chunks", 1, 1, tmp_path / "data" / "lessons.json")
