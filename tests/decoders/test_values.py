"""What the smaller decoders make of what stands on the wire."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.decoders import basic, challenge, dates, decode, digest, jwt, ranges, signed_url
from explorer.model import Decoded


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def token(claims: object) -> str:
    return f"{part({'alg': 'RS256', 'kid': 'k1'})}.{part(claims)}.c2ln"


def fields(decoded: Decoded | None) -> dict[str, str]:
    assert decoded is not None
    return dict(decoded.fields)


CLAIMS = {"iss": "auth", "exp": 1764000000, "access": [{"type": "repository", "name": "a/b", "actions": ["pull"]}]}


@pytest.mark.parametrize("front", ["", "Bearer ", "bearer  "])
def test_a_token_tells_who_made_it_and_what_it_allows(front: str) -> None:
    told = fields(jwt.decode(front + token(CLAIMS)))
    assert told["iss"] == "auth"
    assert told["exp"] == "2025-11-24T16:00:00Z (1764000000)"
    assert told["access"] == "pull on repository a/b"
    assert told["signature"].startswith("not checked")


@pytest.mark.parametrize("value", ["eyJ", "Bearer abc", "a.b.c", f"{part([])}.{part({})}.x", f"eyJ!.{part({})}.x"])
def test_what_is_no_token_is_none(value: str) -> None:
    assert jwt.decode(value) is None


@pytest.mark.parametrize("odd", [{"exp": 1e300}, {"exp": "soon"}, {"access": "all"}, {"access": [1, {}]}])
def test_odd_claims_are_shown_as_they_are(odd: object) -> None:
    assert jwt.decode(token(odd)) is not None


def test_a_password_is_never_shown() -> None:
    value = "Basic " + base64.b64encode(b"ci-bot:s3cret:with:colons").decode()
    decoded = basic.decode(value)
    assert fields(decoded) == {"user": "ci-bot", "password": "masked"}
    assert basic.decode("Basic !!") is None
    assert basic.decode("Basic bm9jb2xvbg==") is None


def test_a_challenge_tells_its_scopes() -> None:
    told = challenge.decode('Bearer realm="https://a/token",service="s",scope="repository:a/b:pull,push"')
    assert ("scope", "pull,push on repository a/b") in (told.fields if told else ())
    assert challenge.decode("Bearer eyJhbGciOi") is None


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("sha256:" + "a" * 64, "as it has to be"),
        ("sha256%3A" + "a" * 64, "as it has to be"),
        ("sha256:" + "A" * 64, ""),
        ("sha256:abc", ""),
    ],
)
def test_a_digest_says_whether_it_is_written_right(value: str, form: str) -> None:
    told = fields(digest.decode(value))["form"]
    assert (told == "as it has to be") == bool(form)


@pytest.mark.parametrize("value", ["layer.tar", "md5:abc", "latest", "sha256:"])
def test_what_is_no_digest_is_none(value: str) -> None:
    assert digest.decode(value) is None


@pytest.mark.parametrize(
    ("value", "count"),
    [
        ("0-99", "100"),
        ("100-199", "100"),
        ("bytes 0-4/5", "5"),
        ("bytes=0--1", "0"),
        ("0-0", "one, or none: in an upload's Range 0-0 means both"),
        ("9-3", "none: the last is before the first"),
    ],
)
def test_a_range_counts_both_its_ends(value: str, count: str) -> None:
    assert fields(ranges.decode(value))["bytes"] == count


@pytest.mark.parametrize("value", ["2026-11-24", "1-2-3", "bytes", "5-", "a-b"])
def test_what_is_no_range_is_none(value: str) -> None:
    assert ranges.decode(value) is None


def test_a_date_is_shown_as_it_is_elsewhere() -> None:
    assert fields(dates.decode("Tue, 24 Nov 2026 03:00:00 GMT")) == {"UTC": "2026-11-24T03:00:00Z"}
    assert dates.decode("Tue, 99 Nov 2026 03:00:00 GMT") is None
    assert dates.seconds_of("2026-11-24T03:00:00Z") == dates.seconds_of("Tue, 24 Nov 2026 03:00:00 GMT")
    assert dates.seconds_of("soon") is None


@pytest.mark.parametrize(
    ("query", "until"),
    [
        ("X-Amz-Date=20261124T030000Z&X-Amz-Expires=60&X-Amz-Signature=5ec2e7", "2026-11-24T03:01:00Z"),
        ("X-Goog-Date=20261124T030000Z&X-Goog-Expires=60&X-Goog-Signature=5ec2e7", "2026-11-24T03:01:00Z"),
        ("sv=2024-01-01&se=2026-11-24T03%3A01%3A00Z&sig=5ec2e7", "2026-11-24T03:01:00Z"),
        ("Expires=1764000000&Key-Pair-Id=K&Signature=5ec2e7", "2025-11-24T16:00:00Z"),
    ],
)
def test_a_signed_url_says_until_when_it_is_good_and_hides_its_signature(query: str, until: str) -> None:
    decoded = signed_url.decode(f"https://storage.test/blob?{query}")
    assert fields(decoded)["good until"] == until
    assert "5ec2e7" not in repr(decoded)


@pytest.mark.parametrize("value", ["/v2/a?sig=1", "/v2/a/blobs/uploads/1?_state=x", "text", "?X-Amz-Date=x"])
def test_what_is_not_signed_is_none(value: str) -> None:
    assert signed_url.decode(value) is None


@given(st.text())
def test_no_value_is_too_odd(value: str) -> None:
    assert isinstance(decode(value), tuple)
    assert isinstance(decode(f"Bearer {value}"), tuple)
    assert isinstance(decode(f"?X-Amz-Date={value}&X-Amz-Expires=9&X-Amz-Signature={value}"), tuple)
