"""A block of lines at once is what its lines are one by one; where that is not so, they are taken one by one."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from explorer.formats.sources import Source
from explorer.formats.texts.cleaning import Cleaner
from explorer.formats.texts.heads import Head
from explorer.formats.texts.prefixes import Prefixes
from explorer.formats.texts.runs import runs

CAPTURES = Path(__file__).parents[1] / "captures"
LINES = sorted({line for file in CAPTURES.iterdir() for line in file.read_bytes().splitlines(keepends=True)})
ODD = (b"", b"> quoted", b"&gt; x", b"```sh", b"  ~~~", b"a* Connection #0", b"x HTTP/1.1 200 OK", b"xHTTP/1.1 200 OK")
ODDER = (b"\xef\xbb\xbfGET", b"a\rb", b"\x1b[1mbold", b"[1m", b"\xc2\xa0x", b"- --:--:-- ", b"ends in \\", b"> goes on")
ENDS = (b"\n", b"\r\n", b"\r\r\n", b"\n\n")
LINE = st.sampled_from(LINES) | st.builds(bytes.__add__, st.sampled_from(ODD + ODDER), st.sampled_from(ENDS))
BLOCK = st.lists(LINE | st.binary(max_size=20), min_size=1, max_size=12).map(b"".join).filter(len)


@given(BLOCK, st.integers(1, 3))
def test_a_block_that_is_plain_has_the_lines_that_it_has_one_by_one(block: bytes, first: int) -> None:
    lines = block.splitlines(keepends=True) if b"\r" not in block else block.replace(b"\n", b"\n\0").split(b"\0")
    one_by_one = [*Cleaner().lines(enumerate((line for line in lines if line), start=first))]
    found = Cleaner().plain(first, block)
    assert found is None or [*enumerate(found, start=first)] == one_by_one


@given(st.lists(BLOCK, max_size=4).map(b"".join), st.integers(1, 200))
def test_blocks_are_whole_lines_and_together_all_of_them(data: bytes, size: int) -> None:
    blocks = [*Source.of(data, "a text").blocks(size)]
    assert b"".join(blocks) == data
    assert all(block.endswith(b"\n") for block in blocks[:-1])


def test_the_lines_of_a_text_of_many_blocks_keep_their_numbers() -> None:
    lines = [b"line %d\n" % number if number % 1000 else b"> quoted %d\n" % number for number in range(1, 40_001)]
    found = [*runs(Source.of(b"".join(lines), "a text"), Prefixes())]
    assert [number for run in found for number in run.numbers] == [*range(1, 40_001)]
    assert [text for run in found for text in run.texts if text[0] == "l"][:2] == ["line 1", "line 2"]
    assert sum(len(run.texts) for run in found) == 40_000


HEADER = st.sampled_from(
    ("A: b", "Location: /v2/", "x", "", "no colon here", "2026/11/23 09:37:45 GET / HTTP/1.1", "a:")
)


@given(st.sampled_from(("HTTP/1.1 200 OK", "HTTP/1.1 200 OK ")), st.lists(HEADER | st.text(max_size=9), max_size=60))
def test_header_lines_at_once_are_those_that_are_taken_one_by_one(first: str, texts: list[str]) -> None:
    once, single = Head(1, first), Head(1, first)
    count = once.add_all(texts, 0)
    assert all(single.add(text) for text in texts[:count])
    assert (once.rows, once.lines, once.rejoined) == (single.rows, single.lines, [])
