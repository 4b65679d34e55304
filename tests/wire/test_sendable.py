"""What no wire can carry is found before anything is sent; all else may go out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from explorer.errors import InputError
from explorer.model import Header, Headers, Request, Unkept
from explorer.wire.sendable import check_sendable
from tests.strategies import requests
from tests.wire.loopback import GET


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"method": ""}, "method is missing"),
        ({"method": "GE T"}, "blank"),
        ({"method": "GET\r\nX:y"}, "carriage return"),
        ({"method": "connect"}, "tunnel"),
        ({"target": ""}, "target is missing"),
        ({"target": "/a\nb"}, "line feed"),
        ({"target": "/\0"}, "NUL"),
        ({"target": "/→"}, "stands for no byte"),
        ({"headers": Headers.of(("", "x"))}, "no name"),
        ({"headers": Headers.of(("A:b", "x"))}, "colon"),
        ({"headers": Headers.of((" A", "x"))}, "begins with a blank"),
        ({"headers": Headers.of(("A", "x\r\nB: y"))}, "carriage return"),
        ({"headers": Headers.of(("A\n", "x"))}, "line feed"),
        ({"headers": Headers((Header("A", "x", "\r\n"),))}, "only blanks"),
        ({"headers": Headers.of(("A", "→"))}, "stands for no byte"),
        ({"body": Unkept(1, "")}, "not kept"),
    ],
)
def test_what_no_wire_can_carry_is_refused_in_a_sentence(change: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        check_sendable(replace(GET, **change))  # type: ignore[arg-type]  # one field or another


@given(requests)
def test_what_passes_has_a_head_of_as_many_lines_as_it_has_parts(request: Request) -> None:
    try:
        check_sendable(request)
    except InputError:
        return
    assert len(request.head().split(b"\r\n")) == 3 + len(request.headers)
