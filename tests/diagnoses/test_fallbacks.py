"""What clients try by themselves, one after the other, is no failure of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from explorer.model import Exchange, Failure, Origin
from explorer.spec.media_types import OCI_MANIFEST
from tests.diagnoses.conftest import With
from tests.diagnoses.talking import DIGEST, found, in_a_row, made_up, names

PAGE = b"<html><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.22.1</center></html>"
HTML = [("Content-Type", "text/html"), ("Server", "nginx/1.22.1")]
SENTENCE = "http: server gave HTTP response to HTTPS client"


def at(exchange: Exchange, scheme: str, port: int = 5714) -> Exchange:
    request = replace(exchange.request, origin=Origin(scheme, "reg.test", port))
    return replace(exchange, request=request, proposed=request)


def tried(target: str, port: int = 5714) -> Exchange:
    """Return a try at TLS with a port that speaks plain http."""
    failed = replace(made_up("GET", target, status=200), response=None, error=Failure("tls", SENTENCE))
    return at(failed, "https", port)


def answered(target: str, status: int, says: bytes = PAGE, port: int = 5714) -> Exchange:
    return at(made_up("GET", target, status=status, answer=HTML, says=says), "http", port)


def test_a_try_at_tls_is_made_up_for_by_any_answer_in_plain_http() -> None:
    assert names(in_a_row(tried("/v2/"), answered("/v2/", 502))) == ["bad-gateway"]


def test_the_ping_of_the_first_api_follows_from_the_failure_of_the_second() -> None:
    went = (tried("/v2/"), answered("/v2/", 502), tried("/v1/_ping"), answered("/v1/_ping", 404, b"<html>404</html>"))
    assert names(in_a_row(*went)) == ["bad-gateway"]


def test_an_answer_of_another_port_makes_up_for_nothing() -> None:
    assert "https-to-http-port" in names(in_a_row(tried("/v2/"), answered("/v2/", 502, port=5715)))


def test_a_try_at_tls_alone_is_the_failure() -> None:
    assert names(in_a_row(tried("/v2/"))) == ["https-to-http-port"]


def test_the_first_api_alone_is_a_wrong_path() -> None:
    assert names(in_a_row(answered("/v1/_ping", 404, b"<html>404</html>"))) == ["wrong-api-prefix"]


def test_a_repository_with_blobs_is_not_said_to_be_missing(practice: With) -> None:
    talk = practice()
    talk.push()
    talk.ask("GET", "/v2/t/r/tags/list")
    (finding,) = found(talk)
    assert (finding.rule, "has blobs" in finding.what) == ("repo-must-exist", True)


def test_a_repository_of_which_nothing_is_known_is_missing(practice: With) -> None:
    talk = practice()
    talk.push(name="other/r")
    talk.ask("GET", "/v2/t/r/tags/list")
    assert "does not exist" in found(talk)[0].what


@pytest.mark.parametrize(("unknown", "others"), [(("request.body",), 3), ((), 0)])
def test_a_manifest_that_nobody_has_seen_has_several_reasons(unknown: tuple[str, ...], others: int) -> None:
    says = b'{"errors":[{"code":"MANIFEST_INVALID","message":"manifest invalid","detail":{}}]}'
    refused = made_up(
        "PUT", "/v2/a/b/manifests/v1", ("Content-Type", OCI_MANIFEST), status=400, says=says, body=DIGEST.encode()
    )
    findings = found([replace(refused, unknown=unknown)])
    assert [len(one.otherwise) for one in findings if one.rule == "unexplained-refusal"] in ([others], [])
    assert bool(unknown) == any(one.rule == "unexplained-refusal" for one in findings)
