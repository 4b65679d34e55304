"""The sentences that flows stop with."""

from __future__ import annotations

import pytest

from explorer.flows.answers import describe
from explorer.model import Headers, Response


def said(body: bytes, *headers: tuple[str, str]) -> str:
    """Return what is said about an answer with that body."""
    return describe(Response(400, "Bad Request", "HTTP/1.1", Headers.of(*headers), body))


@pytest.mark.parametrize(
    "body",
    [
        b"<html>The plain HTTP request was sent to HTTPS port</html>",
        b"Client sent an HTTP request to an HTTPS server.\n",
    ],
)
def test_plain_http_to_a_tls_port_is_named(body: bytes) -> None:
    assert "write https://" in said(body)


def test_every_error_of_a_registry_is_quoted_with_its_detail() -> None:
    body = b'{"errors":[{"code":"UNKNOWN","message":"m"},{"code":"MANIFEST_BLOB_UNKNOWN","detail":{"digest":"d"}}]}'
    assert said(body) == 'The registry says: UNKNOWN m; MANIFEST_BLOB_UNKNOWN ({"digest": "d"}).'


def test_what_is_no_registrys_error_is_quoted_as_that() -> None:
    assert "something else may have answered: <html> hi" in said(b"<html>\n hi", ("Content-Type", "text/html"))


def test_a_long_body_is_not_quoted_as_if_whole() -> None:
    assert said(b"x" * 1000).endswith("…")
