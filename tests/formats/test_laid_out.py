"""A session that `jq .` has laid out over lines is the session that it was, up to where it is cut off or damaged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import FormatError
from explorer.formats.importing import Growing, begin_import, import_bytes
from explorer.formats.session_reading import PARSED_AT_ONCE, read_session

SESSIONS = Path(__file__).parents[2] / "sessions"
FILE = SESSIONS / "second-question-mark.jsonl"
VALUES = [json.loads(line) for line in FILE.read_bytes().splitlines()]


def laid_out(values: list[object], indent: int | str = 2, *, sort: bool = False, end: str = "\n") -> bytes:
    texts = [json.dumps(value, indent=indent, sort_keys=sort, ensure_ascii=False) + "\n" for value in values]
    return "".join(texts).replace("\n", end).encode()


@pytest.mark.parametrize("file", sorted(SESSIONS.glob("*.jsonl")), ids=lambda file: file.stem)
def test_each_session_is_what_it_was(file: Path) -> None:
    values = [json.loads(line) for line in file.read_bytes().splitlines()]
    assert import_bytes(laid_out(values), "printed").session == import_bytes(file.read_bytes(), "a file").session


@given(st.integers(0, 8) | st.just("\t"), st.booleans(), st.sampled_from(("\n", "\r\n")))
def test_it_is_known_however_it_is_laid_out(indent: int | str, sort: bool, end: str) -> None:
    found = import_bytes(laid_out(VALUES, indent, sort=sort, end=end), "printed")
    assert found.format == "session"
    assert found.session == import_bytes(FILE.read_bytes(), "a file").session


def test_it_is_read_as_far_as_it_goes() -> None:
    found = import_bytes(laid_out(VALUES)[:-40], "printed")
    assert len(found.session.exchanges) == len(VALUES) - 2
    assert found.remark == "printed (a session laid out over lines) is cut off; what comes before is shown."


def test_it_is_read_up_to_what_is_no_json() -> None:
    found = import_bytes(laid_out(VALUES[:2]) + b"{\n  oops\n}\n" + laid_out(VALUES[2:]), "printed")
    assert len(found.session.exchanges) == 1
    assert "is damaged after" in found.remark


def test_one_without_a_whole_object_is_refused_with_a_sentence() -> None:
    with pytest.raises(FormatError, match="is cut off before its first bytes"):
        import_bytes(laid_out(VALUES)[:200], "printed")


def test_json_that_names_the_format_within_something_else_is_none() -> None:
    har = {"log": {"version": "1.2", "format": "registry-explorer session", "entries": []}}
    with pytest.raises(FormatError, match="HAR"):
        import_bytes(json.dumps(har, indent=2).encode(), "a file")


def test_a_large_one_can_be_shown_before_all_of_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "printed.jsonl"
    many = [{**VALUES[1], "id": id, "after": id - 1} for id in range(1, PARSED_AT_ONCE // 2000)]
    path.write_bytes(laid_out([VALUES[0], *many], 4))
    growing = begin_import(path)
    assert isinstance(growing, Growing)
    growing.close()
    assert len(read_session(path).session.exchanges) == len(many)
