"""The upload state token of distribution (protocol.md 2.1)."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.decoders import decode, decoders
from explorer.decoders.upload_state import UploadState, read_token, state_of

UUID = "01a207ba-66b8-7ece-86d5-0e6d866e25d7"
AT_POST = (
    "zT-3lzU8wztouYpbMOElq49_KQG0qJSlGt3NsjxQbPB7Ik5hbWUiOiJ0L3IiLCJVVUlEIjoiMDFhMjA3YmEtNjZiOC03ZWNlLTg2ZDUtMGU2ZDg2"
    "NmUyNWQ3IiwiT2Zmc2V0IjowLCJTdGFydGVkQXQiOiIyMDI2LTExLTIzVDA5OjI2OjI2LjIzMjk3MDk0OFoifQ=="
)
AT_PATCH = (
    "f5MIls1k2m7MazThN7l_fNZdI48D8mWsCejBOK0WSg17Ik5hbWUiOiJ0L3IiLCJVVUlEIjoiMDFhMjA3YmEtNjZiOC03ZWNlLTg2ZDUtMGU2ZDg2"
    "NmUyNWQ3IiwiT2Zmc2V0Ijo1LCJTdGFydGVkQXQiOiIyMDI2LTExLTIzVDA5OjI2OjI2WiJ9"
)


@pytest.mark.parametrize(
    ("token", "offset", "started_at"),
    [(AT_POST, 0, "2026-11-23T09:26:26.232970948Z"), (AT_PATCH, 5, "2026-11-23T09:26:26Z")],
)
def test_a_token_of_a_registry_reads_as_what_it_was_made_of(token: str, offset: int, started_at: str) -> None:
    state = read_token(token)
    assert state is not None
    assert (state.name, state.uuid, state.offset, state.started_at) == ("t/r", UUID, offset, started_at)


@pytest.mark.parametrize("written", [AT_POST, quote(AT_POST)])
def test_a_token_is_found_in_a_location_percent_encoded_or_not(written: str) -> None:
    state = state_of(f"http://registry.test/v2/t/r/blobs/uploads/{UUID}?_nouploadcache=false&_state={written}&x=y")
    assert state == read_token(AT_POST)


@pytest.mark.parametrize("bad", [AT_POST + "?digest=x", AT_POST[:-1], AT_POST[:40], "", "AAAA", "é" * 8, "%"])
def test_a_damaged_token_is_none(bad: str) -> None:
    assert read_token(bad) is None


@pytest.mark.parametrize("offset", ["true", '"5"', "5.0", "null", "[]"])
def test_an_offset_that_is_no_number_makes_no_token(offset: str) -> None:
    said = f'{{"Name":"t/r","UUID":"u","Offset":{offset},"StartedAt":""}}'
    assert read_token(base64.urlsafe_b64encode(bytes(32) + said.encode()).decode()) is None


@given(st.builds(UploadState, st.text(), st.text(), st.integers(), st.text(), st.binary(min_size=32, max_size=32)))
def test_any_token_reads_as_what_it_was_made_of(state: UploadState) -> None:
    said = {"Name": state.name, "UUID": state.uuid, "Offset": state.offset, "StartedAt": state.started_at}
    token = base64.urlsafe_b64encode(state.mac + json.dumps(said).encode()).decode()
    assert read_token(quote(token)) == read_token(token) == state


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(bytes(32) + raw).decode()))
def test_any_text_is_a_token_or_none(text: str) -> None:
    assert read_token(text) is None or state_of(f"/u?_state={quote(text)}") is not None


@given(st.text())
def test_no_decoder_ever_raises(text: str) -> None:
    assert all(decoded.fields for decoded in decode(text))


def test_a_token_is_decoded_as_a_habit_of_the_registry() -> None:
    (decoded,) = decode(f"/v2/t/r/blobs/uploads/{UUID}?_state={AT_PATCH}")
    assert (decoded.basis, dict(decoded.fields)["Offset"]) == ("this registry's habit", "5")


def test_decoders_are_found_by_their_folder() -> None:
    assert len(decoders()) >= 1
