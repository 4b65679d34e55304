"""What an answer is worth by the specification."""

from __future__ import annotations

import pytest
from hypothesis import given

from explorer.model import Exchange, Headers, Origin, Request, Response, sha256_of
from explorer.verdicts import GRADES, verdict_on
from tests.strategies import exchanges

ORIGIN = Origin("http", "registry.test", 5000)


def grade(method: str, target: str, status: int, *headers: tuple[str, str], body: bytes = b"") -> str:
    """Return the grade of that answer."""
    request = Request(method, ORIGIN, target)
    response = Response(status, "R", "HTTP/1.1", Headers.of(*headers), body)
    verdict = verdict_on(Exchange(1, 0, "step", request, request, response))
    assert verdict is not None
    return verdict.grade


OPEN = ("POST", "/v2/a/blobs/uploads/")
PATCH = ("PATCH", "/v2/a/blobs/uploads/1")
AT = ("Location", "/v2/a/blobs/uploads/1")


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        ("as expected", (*OPEN, 202, AT)),
        ("wrong", (*OPEN, 202)),
        ("unusual", (*OPEN, 200, AT)),
        ("wrong", (*OPEN, 500)),
        ("allowed", (*OPEN, 401, ("WWW-Authenticate", 'Basic realm="x"'))),
        ("wrong", (*OPEN, 401)),
        ("allowed", (*OPEN, 301, ("Location", "/"))),
        ("unusual", (*OPEN, 202, AT, ("Range", "bytes=0--1"))),
        ("as expected", (*PATCH, 202, AT, ("Range", "0-9"))),
        ("as expected", (*PATCH, 202, AT, ("Range", "0-0"))),
        ("unusual", (*PATCH, 202, AT)),
        ("wrong", (*PATCH, 202, AT, ("Range", "many"))),
        ("unusual", (*PATCH, 201, AT, ("Range", "0-9"))),
        ("allowed", (*PATCH, 416)),
        ("allowed", ("HEAD", "/v2/a/blobs/sha256:" + "a" * 64, 404)),
        ("wrong", ("GET", "/v2/a/manifests/v1", 200, ("Docker-Content-Digest", "sha256:12"))),
    ],
)
def test_an_answer_is_graded(wanted: str, answer: tuple[str, str, int]) -> None:
    assert grade(*answer) == wanted


def test_the_digest_of_a_manifest_is_checked_against_its_bytes() -> None:
    target = "/v2/a/manifests/v1"
    right = ("Docker-Content-Digest", f"sha256:{sha256_of(b'{}')}")
    assert grade("GET", target, 200, right, body=b"{}") == "as expected"
    assert grade("GET", target, 200, right, body=b"{ }") == "wrong"
    assert grade("HEAD", target, 200, right) == "as expected"


def test_nothing_is_said_of_what_is_not_of_the_api() -> None:
    request = Request("GET", ORIGIN, "/token")
    assert verdict_on(Exchange(1, 0, "step", request, request, Response(200, "R", "HTTP/1.1"))) is None
    assert verdict_on(Exchange(1, 0, "step", Request("GET", ORIGIN, "/v2/"), Request("GET", ORIGIN, "/v2/"))) is None


@given(exchanges())
def test_no_answer_is_too_odd(one: Exchange) -> None:
    verdict = verdict_on(one)
    assert verdict is None or verdict.grade in GRADES
