"""A request in parts: what is not touched stays, what is done to a line is done to that line only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.editing import Change, History, Sheet, changes, with_origin
from explorer.errors import InputError
from explorer.model import Header, Headers, Request
from tests.scripted import ORIGIN
from tests.strategies import requests

REQUEST = Request(
    "PUT", ORIGIN, "/u?_state=a%3D&digest=d", Headers.of(("Host", "h"), ("X", "1"), ("Content-Length", "3")), b"abc"
)
SHEET = Sheet.of(REQUEST)
STATE, DIGEST, HOST, X, LENGTH = 2, 3, 4, 5, 6


@given(requests)
def test_a_sheet_that_nobody_touched_is_the_same_request(request_: Request) -> None:
    assert Sheet.of(request_).request == request_


@given(requests, st.data())
def test_a_line_that_is_given_its_own_text_keeps_its_bytes(request_: Request, data: st.DataObject) -> None:
    sheet = Sheet.of(request_)
    number = data.draw(st.integers(0, len(sheet.lines) - 1))
    assert sheet.retyped(number, sheet.text(number)) is sheet


@given(requests, st.data())
def test_switching_twice_and_moving_there_and_back_changes_nothing(request_: Request, data: st.DataObject) -> None:
    sheet = Sheet.of(request_)
    number = data.draw(st.integers(0, len(sheet.lines) - 1))
    assert sheet.switched(number).switched(number) == sheet
    moved = sheet.moved(number, 1)
    assert moved is sheet or moved.moved(number + 1, -1) == sheet


@pytest.mark.parametrize(
    ("edit", "target"),
    [
        (lambda sheet: sheet.retyped(DIGEST, "?digest=d"), "/u?_state=a%3D?digest=d"),
        (lambda sheet: sheet.retyped(STATE, ""), "/u&digest=d"),
        (lambda sheet: sheet.retyped(1, "/v2//x?y"), "/v2//x?y?_state=a%3D&digest=d"),
        (lambda sheet: sheet.moved(DIGEST, -1), "/u?digest=d&_state=a%3D"),
        (lambda sheet: sheet.moved(STATE, -1), REQUEST.target),
        (lambda sheet: sheet.repeated(STATE), "/u?_state=a%3D&_state=a%3D&digest=d"),
        (lambda sheet: sheet.repeated(1), REQUEST.target),
        (lambda sheet: sheet.without(STATE), "/u?digest=d"),
        (lambda sheet: sheet.without(DIGEST), "/u?_state=a%3D"),
        (lambda sheet: sheet.without(1), REQUEST.target),
        (lambda sheet: sheet.added(1, "?n=1")[0], "/u?n=1?_state=a%3D&digest=d"),
        (lambda sheet: sheet.added(X, "&n=1")[0], "/u?_state=a%3D&digest=d&n=1"),
    ],
)
def test_the_target_is_edited_piece_by_piece(edit: Callable[[Sheet], Sheet], target: str) -> None:
    edited = edit(SHEET).request
    assert edited == replace(REQUEST, target=target)


@pytest.mark.parametrize(
    ("edit", "names"),
    [
        (lambda sheet: sheet.switched(X), "Host Content-Length"),
        (lambda sheet: sheet.moved(X, -1), "X Host Content-Length"),
        (lambda sheet: sheet.moved(HOST, -1), "Host X Content-Length"),
        (lambda sheet: sheet.moved(LENGTH, 1), "Host X Content-Length"),
        (lambda sheet: sheet.repeated(X), "Host X X Content-Length"),
        (lambda sheet: sheet.without(X), "Host Content-Length"),
        (lambda sheet: sheet.added(HOST, "Y:2")[0], "Host Y X Content-Length"),
        (lambda sheet: sheet.added(0, "Y:2")[0], "Y Host X Content-Length"),
        (lambda sheet: sheet.retyped(X, "x: 1"), "Host x Content-Length"),
    ],
)
def test_headers_are_edited_row_by_row(edit: Callable[[Sheet], Sheet], names: str) -> None:
    edited = edit(SHEET).request
    assert " ".join(header.name for header in edited.headers) == names
    assert edited.target == REQUEST.target


@pytest.mark.parametrize(("number", "text"), [(X, "no colon"), (X, ": v"), (DIGEST, "digest=d")])
def test_a_line_that_says_nothing_that_can_be_sent_is_refused(number: int, text: str) -> None:
    with pytest.raises(InputError, match=text):
        SHEET.retyped(number, text)


def test_a_row_that_is_off_survives_an_edit_as_raw_text() -> None:
    off = SHEET.switched(X)
    edited = off.with_request(replace(off.request, method="POST"))
    assert edited.request.method == "POST"
    assert edited.headers[-1].header == Header("X", "1")
    assert off.with_request(off.request) is off


def test_content_length_follows_a_body_unless_it_is_pinned_or_false() -> None:
    assert SHEET.with_body(b"").request.headers.get("Content-Length") == "0"
    assert replace(SHEET, is_pinned=True).with_body(b"").request.headers.get("Content-Length") == "3"
    assert Sheet.of(replace(REQUEST, body=b"x")).is_pinned


def test_a_new_method_is_as_typed() -> None:
    assert SHEET.retyped(0, "pätch").request.method.encode("latin-1") == "pätch".encode()


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda sheet: sheet, ()),
        (lambda sheet: sheet.retyped(0, "POST"), (Change("~", 0, "PUT"),)),
        (lambda sheet: sheet.switched(X), (Change("~", X, "X: 1"),)),
        (lambda sheet: sheet.repeated(X), (Change("+", X + 1),)),
        (lambda sheet: sheet.without(X), (Change("-", X, "X: 1"),)),
    ],
)
def test_what_differs_from_the_proposal_is_told(edit: Callable[[Sheet], Sheet], expected: tuple[Change, ...]) -> None:
    assert changes(SHEET, edit(SHEET)) == expected


@given(requests)
def test_nothing_differs_from_itself(request_: Request) -> None:
    assert changes(Sheet.of(request_), Sheet.of(request_)) == ()


@given(st.lists(st.integers(0, 3)))
def test_undoing_goes_back_to_the_beginning_and_redoing_to_the_end(values: list[int]) -> None:
    history = History(0)
    for value in values:
        history = history.then(value)
    end = history
    while history.before:
        history = history.undo()
    assert history.value == 0
    assert history.undo() is history
    while history.undone:
        history = history.redo()
    assert history == end
    assert history.redo() is history


def test_a_credential_that_is_off_does_not_go_along_to_another_origin() -> None:
    request = Request("GET", ORIGIN, "/v2/", Headers.of(("Authorization", "Bearer secret"), ("X", "1")))
    off = Sheet.of(request).switched(2).switched(3)
    elsewhere = off.with_request(with_origin(off.request, "http://other:5000"))
    assert [row.header.name for row in elsewhere.headers] == ["X"]


def test_a_length_that_follows_again_is_true_at_once() -> None:
    pinned = Sheet.of(replace(REQUEST, body=b"12345"))
    assert pinned.pin_switched().request.headers.get("Content-Length") == "5"
    assert SHEET.pin_switched().pin_switched() == SHEET
