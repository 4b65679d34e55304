"""What a client written in Go says where no answer came."""

from __future__ import annotations

import pytest

from explorer.formats.texts.go_failures import kind_of


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("dial tcp 10.0.0.1:5000: i/o timeout", "unreachable"),
        ("dial tcp: lookup reg.example: no such host", "unreachable"),
        ("net/http: TLS handshake timeout", "timeout"),
        ("context deadline exceeded", "timeout"),
        ("x509: certificate signed by unknown authority", "tls"),
        ("http: server gave HTTP response to HTTPS client", "tls"),
        ('net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0"', "not-http"),
        ("EOF", "closed"),
        ("read tcp 10.0.0.1:1->10.0.0.2:2: read: connection reset by peer", "closed"),
        ("stopped after 10 redirects", "closed"),
        ("something else", "unreachable"),
    ],
)
def test_the_kind_is_told_by_its_words(words: str, kind: str) -> None:
    assert kind_of(words) == kind
