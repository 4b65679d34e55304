"""A session file is private, opens whatever was cut off, and holds what happened."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.errors import FormatError, InputError
from explorer.formats.session import SessionWriter, read_session
from explorer.model import Exchange, FlowCall, Request, Session, Slice, Step
from explorer.redact import masked
from tests.scripted import ORIGIN, answer, exchange_of
from tests.strategies import exchanges

CALL = FlowCall("push-image", {"target": "http://localhost:5000/t/r:v1", "é": ["→", 1, None]})
SESSION = Session("registry-explorer 0", 1_700_000_000.5, CALL)
STEP = Step("open", Request("POST", ORIGIN, "/v2/t/r/blobs/uploads/"))


def taken(count: int) -> list[Exchange]:
    body = '{"é":1}\n'.encode()
    return [
        exchange_of(STEP, answer(202, ("Location", "/u"), body=body), None, id, id - 1) for id in range(1, count + 1)
    ]


def write(path: Path, some: list[Exchange], session: Session = SESSION) -> bytes:
    writer = SessionWriter(path, session)
    for exchange in some:
        writer.append(exchange)
    writer.close()
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "one.jsonl"


def test_what_was_written_is_read(path: Path) -> None:
    some = taken(3)
    write(path, some)
    assert read_session(path).session == replace(SESSION, exchanges=tuple(some))
    assert read_session(path).remark == ""


def test_a_session_with_exchanges_begins_with_them(path: Path) -> None:
    session = replace(SESSION, exchanges=tuple(taken(2)))
    write(path, [], session)
    assert read_session(path).session == session


def test_an_exchange_is_on_the_disk_as_soon_as_it_is_appended(path: Path) -> None:
    writer = SessionWriter(path, SESSION)
    writer.append(taken(1)[0])
    assert len(read_session(path).session.exchanges) == 1
    writer.close()


def test_a_file_is_private(path: Path) -> None:
    before = os.umask(0)
    write(path, taken(1))
    os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_is_never_overwritten(path: Path) -> None:
    write(path, taken(1))
    with pytest.raises(InputError, match="never overwritten"):
        SessionWriter(path, SESSION)
    assert len(read_session(path).session.exchanges) == 1


@pytest.mark.parametrize("place", ["/proc/one.jsonl", "/dev/null/one.jsonl"])
def test_a_place_that_cannot_be_written_is_a_sentence(place: str) -> None:
    with pytest.raises(FormatError, match="cannot be written there"):
        SessionWriter(Path(place), SESSION)


def test_closing_twice_is_harmless(path: Path) -> None:
    writer = SessionWriter(path, SESSION)
    writer.close()
    writer.close()


def test_a_file_with_a_name_that_is_not_utf8_is_kept(path: Path) -> None:
    odd = os.fsdecode(b"/tmp/\xff.tar")
    exchange = exchange_of(replace(STEP, request=replace(STEP.request, body=Slice(odd, 0, 1))), answer(202))
    write(path, [exchange], replace(SESSION, call=FlowCall("push-image", {"source": odd})))
    session = read_session(path).session
    assert (session.exchanges[0], session.call.arguments["source"]) == (exchange, odd)


@given(st.integers(1, 4).flatmap(lambda count: st.tuples(*(exchanges(id) for id in range(1, count + 1)))))
@settings(max_examples=30)
def test_any_exchanges_are_read_as_they_were_written(tmp_path: Path, some: tuple[Exchange, ...]) -> None:
    path = tmp_path / str(time.perf_counter_ns())
    write(path, [*some])
    assert read_session(path).session.exchanges == tuple(map(masked, some))


def test_a_file_cut_at_any_byte_opens_up_to_there(path: Path) -> None:
    raw = write(path, taken(3))
    first = raw.index(b"\n")
    counts = []
    for cut in range(first, len(raw) + 1):
        path.write_bytes(raw[:cut])
        counts.append(len(read_session(path).session.exchanges))
    ends = [at for at, byte in enumerate(raw) if byte == 10]
    assert counts == [sum(end <= cut for end in ends[1:]) for cut in range(first, len(raw) + 1)]


@pytest.mark.parametrize(("gone", "remark"), [(1, ""), (2, "Line 3"), (100, "Line 3")])
def test_a_torn_last_line_is_remarked_upon(path: Path, gone: int, remark: str) -> None:
    raw = write(path, taken(2))
    path.write_bytes(raw[:-gone])
    assert remark in read_session(path).remark
    assert bool(read_session(path).remark) is bool(remark)


def test_a_head_that_is_cut_off_is_no_session(path: Path) -> None:
    raw = write(path, [])
    path.write_bytes(raw[:40])
    with pytest.raises(FormatError, match="line 1"):
        read_session(path)


def swapped(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: [lines[0].replace(b'"version":1', b'"version":2'), *lines[1:]], "version 2"),
        (lambda lines: [lines[0].replace(b"session", b"nonsense"), *lines[1:]], "line 1"),
        (lambda lines: [lines[0].replace(b"1700000000.5", b"1" + b"0" * 400), *lines[1:]], "line 1"),
        (lambda lines: [lines[0], b"junk", b"[]", b""], "line 2"),
        (lambda _: [b""], "line 1"),
        (lambda _: [b"\x1f\x8b\x08 not text at all"], "gzip"),
        (lambda _: [b"[" * 100_000], "line 1"),
        (
            lambda _: [b'{"format":"registry-explorer session","version":1,"flow":7,"made_with":"","started":0}'],
            "line 1",
        ),
    ],
)
def test_a_damaged_file_is_a_sentence_with_the_line(
    path: Path, change: Callable[[list[bytes]], list[bytes]], words: str
) -> None:
    lines = write(path, taken(3)).split(b"\n")
    path.write_bytes(b"\n".join(change(lines)))
    with pytest.raises(FormatError, match=words):
        read_session(path)


@pytest.mark.parametrize(
    ("change", "words", "left"),
    [
        (swapped, "line 2 .*it has the id 2, and 1 comes next", [True, False, True]),
        (lambda lines: [*lines[:2], b"junk", *lines[2:]], "line 3", [True, True, True]),
        (lambda lines: [*lines[:2], b"[]", *lines[3:]], "line 3", [True, False, True]),
        (
            lambda lines: [*lines[:2], lines[2].replace(b'"after":1', b'"after":2'), *lines[3:]],
            "comes later",
            [True, False, True],
        ),
        (
            lambda lines: [*lines[:2], lines[2].replace(b'"started":0.0', b'"started":"x"'), *lines[3:]],
            "line 3",
            [True, False, True],
        ),
    ],
)
def test_exchanges_survive_a_line_that_cannot_be_read(
    path: Path, change: Callable[[list[bytes]], list[bytes]], words: str, left: list[bool]
) -> None:
    lines = write(path, taken(3)).split(b"\n")
    path.write_bytes(b"\n".join(change(lines)))
    opened = read_session(path)
    assert re.search(words, opened.remark)
    assert [exchange.error is None for exchange in opened.session.exchanges] == left
    assert [exchange.id for exchange in opened.session.exchanges] == [1, 2, 3]


@pytest.mark.parametrize(("name", "words"), [("", "folder"), ("gone", "No such file")])
def test_what_cannot_be_opened_is_a_sentence(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(FormatError, match=words):
        read_session(tmp_path / name)


MUTATIONS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 3), st.binary(min_size=1, max_size=4)), max_size=5)


@given(MUTATIONS)
@settings(max_examples=50)
def test_a_file_with_bytes_changed_is_a_session_or_a_sentence(
    tmp_path: Path, changes: list[tuple[float, int, bytes]]
) -> None:
    path = tmp_path / str(time.perf_counter_ns())
    raw = bytearray(write(path, taken(2)))
    for place, gone, instead in changes:
        at = int(place * len(raw))
        raw[at : at + gone] = instead
    path.write_bytes(raw)
    with contextlib.suppress(FormatError):
        assert len(read_session(path).session.exchanges) <= 4


@given(st.binary(max_size=500))
@settings(max_examples=50)
def test_any_bytes_are_a_session_or_a_sentence(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(raw)
    with contextlib.suppress(FormatError):
        read_session(path)


ENDLESS = """
import sys
from pathlib import Path
from explorer.formats.session import SessionWriter
from tests.formats.test_session import SESSION, taken
from dataclasses import replace
writer = SessionWriter(Path(sys.argv[1]), SESSION)
one = taken(1)[0]
for id in range(1, 10**9):
    writer.append(replace(one, id=id, after=id - 1))
"""


@pytest.mark.parametrize("times", range(3))
def test_a_kill_in_the_middle_leaves_a_file_that_opens(path: Path, times: int) -> None:
    root = Path(__file__).parents[2]
    writer = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, str(path)], cwd=root, env={**os.environ, "PYTHONPATH": "."}
    )
    try:
        deadline = time.monotonic() + 20
        while not (path.exists() and path.stat().st_size > 100_000 + times) and time.monotonic() < deadline:
            time.sleep(0.005)
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    assert len(read_session(path).session.exchanges) > 10
