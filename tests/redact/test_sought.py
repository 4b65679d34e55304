"""What is sought among many is found wherever it stands."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from explorer.redact.sought import Sought
from explorer.redact.values import Value, Values
from tests.test_growth import calls_of

LETTERS = st.text("ab", max_size=40).map(str.encode)


@given(st.lists(LETTERS, min_size=30, max_size=60), st.lists(LETTERS, max_size=6))
def test_it_finds_what_is_in_a_text_in_its_order(sought: list[bytes], parts: list[bytes]) -> None:
    text = b"-".join([*parts, *sought[:2]])
    found = [*Sought((one, place) for place, one in enumerate(sought)).within(text)]
    assert found == [place for place, one in enumerate(sought) if one in text]


def secret(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).hexdigest().encode()


def test_every_place_in_a_text_is_looked_at() -> None:
    sought = Sought((secret(number), number) for number in range(50))
    assert all([*sought.within(b"." * before + secret(7) + b".")] == [7] for before in range(20))


def test_what_begins_and_ends_alike_is_told_apart() -> None:
    sought = Sought((b"eyJhbGciOiJSUzI1NiIs." + secret(number) + b"/aws4_request/s3", number) for number in range(500))
    text = b"a eyJhbGciOiJSUzI1NiIs." + secret(3) + b"/aws4_request/s3"
    assert len({*sought._places(text)}) < 5
    assert [*sought.within(text)] == [3]


def test_a_text_costs_the_same_however_many_secrets_there_are() -> None:
    text = b'{"location": "/v2/?signature=' + secret(5) + b'", "state": "' + b"QUJD" * 30 + b'"}'
    costs = []
    for count in (100, 1000):
        values = Values([Value(secret(number), b"masked-signature-%d" % number) for number in range(count)])
        assert b"masked-signature-5" in values.in_bytes(text)

        def again(values: Values = values) -> bytes:
            return values.in_bytes(text)

        costs.append(calls_of(again))
    assert costs[1] < 1.3 * costs[0]
