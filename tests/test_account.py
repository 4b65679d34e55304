"""How far each side says an upload is."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.account import Account, Accounts
from explorer.flows.push_blob import Shape
from explorer.jobs import PushJob, open_push
from explorer.model import Exchange, Failure, Headers, Origin, Request, Response
from tests.strategies import exchanges

ORIGIN = Origin("http", "registry.test", 5000)
UPLOAD = "/v2/a/blobs/uploads/4f"


def state(offset: int) -> str:
    fields = {"Name": "a", "UUID": "4f", "Offset": offset, "StartedAt": "2026-11-24T03:00:00Z"}
    return base64.urlsafe_b64encode(b"m" * 32 + json.dumps(fields).encode()).decode()


def step(id: int, method: str, target: str, sent: int, status: int, **headers: str) -> Exchange:
    """Return an exchange of an upload."""
    request = Request(method, ORIGIN, target)
    answer = Response(status, "R", "HTTP/1.1", Headers.of(*headers.items()))
    return Exchange(id, id - 1, "step", request, request, answer, sent_size=sent)


def account_of(*steps: Exchange) -> Account:
    """Return the account after those steps."""
    accounts = Accounts()
    last = [accounts.add(one) for one in steps][-1]
    assert last is not None
    return last


OPENED = step(1, "POST", "/v2/a/blobs/uploads/", 0, 202, Location=f"{UPLOAD}?_state={state(0)}")


def patch(id: int, sent: int, admitted: str, offset: int, status: int = 202) -> Exchange:
    location = f"{UPLOAD}?_state={state(offset)}"
    return step(id, "PATCH", f"{UPLOAD}?_state=x", sent, status, Range=admitted, Location=location)


def test_an_account_whose_figures_agree_says_nothing() -> None:
    account = account_of(OPENED, patch(2, 10, "0-9", 10))
    assert (account.sent, account.admitted, account.claimed) == (10, 10, 10)
    assert account.disagreements == ()


def test_a_range_that_admits_less_than_was_sent_stands_out() -> None:
    account = account_of(OPENED, patch(2, 10, "0-4", 5))
    assert account.disagreements == ("10 bytes were sent, and the answer's Range admits 5",)


def test_a_token_that_claims_another_offset_stands_out() -> None:
    account = account_of(OPENED, patch(2, 10, "0-9", 0))
    assert account.disagreements == ("the token's Offset claims 0 bytes, and 10 are admitted by the answer's Range",)


def test_the_token_speaks_where_the_range_is_ambiguous() -> None:
    account = account_of(OPENED, patch(2, 1, "0-0", 1))
    assert (account.admitted, account.claimed) == (None, 1)
    assert account.disagreements == ()


def test_what_was_refused_does_not_count_as_sent() -> None:
    account = account_of(OPENED, patch(2, 10, "0-9", 10), patch(3, 10, "0-9", 10, status=416))
    assert account.sent == 10
    assert account.exchanges == (1, 2, 3)


def test_what_left_without_an_answer_is_told_apart_until_one_comes() -> None:
    broken = replace(patch(3, 7, "0-9", 10), response=None, error=Failure("closed", "The connection broke off."))
    account = account_of(OPENED, patch(2, 10, "0-9", 10), broken)
    assert (account.sent, account.admitted, account.unanswered) == (10, 10, 7)
    asked = step(4, "GET", f"{UPLOAD}?_state=x", 0, 204, Range="0-9", Location=f"{UPLOAD}?_state={state(10)}")
    assert account_of(OPENED, patch(2, 10, "0-9", 10), broken, asked).unanswered == 0


def test_two_uploads_have_two_accounts() -> None:
    accounts = Accounts()
    accounts.add(OPENED)
    accounts.add(step(2, "POST", "/v2/a/blobs/uploads/", 0, 202, Location="/v2/a/blobs/uploads/5a"))
    accounts.add(step(3, "PATCH", "/v2/a/blobs/uploads/5a", 7, 202, Range="0-6", Location="/v2/a/blobs/uploads/5a"))
    first, second = accounts.of(1), accounts.of(3)
    assert first is not None
    assert second is not None
    assert (first.sent, second.sent) == (0, 7)


@pytest.mark.parametrize("shape", [Shape.STREAM, Shape.CHUNKED])
def test_a_real_upload_fits_the_size_of_its_blob(tmp_path: Path, shape: Shape) -> None:
    bench = open_push(PushJob(shape=shape, chunk_size=10_000, recording=str(tmp_path / "push.jsonl")))
    accounts = Accounts(bench.session.call)
    try:
        for moved in bench.run():
            accounts.add(moved.exchanges[-1])
    finally:
        bench.close()
    assert len(accounts.all()) > 1
    for account in accounts.all():
        assert account.is_closed
        assert account.size == account.sent
        assert account.disagreements == ()


@given(st.lists(exchanges(), max_size=4))
def test_no_exchange_is_too_odd(some: list[Exchange]) -> None:
    accounts = Accounts()
    for one in some:
        accounts.add(one)
    assert all(isinstance(account.disagreements, tuple) for account in accounts.all())
