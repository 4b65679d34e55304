"""Where the values of a request came from, inferred from the exchanges alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from explorer.model import Exchange, Headers, Origin, Request, Response, Session, sha256_of
from explorer.origins import Origins, Source, offers_of
from tests.strategies import exchanges

ORIGIN = Origin("http", "registry.test", 5000)
UPLOAD = "/v2/demo/app/blobs/uploads/2f21-9b1f"
DIGEST = "sha256:" + sha256_of(b"layer")


def exchange(
    id: int,
    method: str,
    target: str,
    *answer: tuple[str, str],
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"",
    sent: bytes = b"",
    status: int = 202,
) -> Exchange:
    """Return an exchange as a recording has it."""
    request = Request(method, ORIGIN, target, Headers.of(*headers), sent)
    response = Response(status, "Fine", "HTTP/1.1", Headers.of(*answer), body)
    digest = sha256_of(sent) if sent else ""
    return Exchange(id, id - 1, "step", request, request, response, sent_sha256=digest, sent_size=len(sent))


def sources(request: Request, *before: Exchange, proposed: Request | None = None) -> list[Source]:
    """Return the sources of a request that comes after those exchanges."""
    origins = Origins()
    for one in before:
        origins.add(one)
    return [*origins.of(request, proposed)]


def get(target: str, *headers: tuple[str, str], body: bytes = b"") -> Request:
    return Request("GET", ORIGIN, target, Headers.of(*headers), body)


OPENED = exchange(1, "POST", "/v2/demo/app/blobs/uploads/", ("Location", f"{UPLOAD}?_state=abcdefgh"))


def test_a_location_that_is_used_as_it_is_is_the_origin_of_the_whole_target() -> None:
    (source,) = sources(get(f"{UPLOAD}?_state=abcdefgh"), OPENED)
    assert (source.kind, source.exchange, source.key) == ("answer", 1, "Location")
    assert (source.span.start, source.span.end) == (0, len(f"{UPLOAD}?_state=abcdefgh"))
    assert source.words == "Location of 1"


@pytest.mark.parametrize("joint", ["&", "?"])
def test_what_was_appended_to_a_location_is_not_of_it(joint: str) -> None:
    target = f"{UPLOAD}?_state=abcdefgh{joint}digest={DIGEST}"
    first = sources(get(target), OPENED)[0]
    assert target[first.span.end :].startswith(f"{joint}digest=")


def test_an_absolute_location_is_found_in_a_target() -> None:
    opened = exchange(1, "POST", "/x", ("Location", f"http://registry.test:5000{UPLOAD}?_state=abcdefgh"))
    assert sources(get(f"{UPLOAD}?_state=abcdefgh"), opened)[0].key == "Location"


def test_a_location_without_its_query_is_told_apart() -> None:
    (source,) = sources(get(UPLOAD), OPENED)
    assert source.key == "Location, its path"


def test_an_upload_url_that_no_answer_gave_has_no_answer_for_its_origin() -> None:
    assert [s for s in sources(get("/v2/demo/app/blobs/uploads/other-id?_state=zzzzzzzz"), OPENED) if s.exchange] == []


def test_a_location_is_stale_where_a_later_answer_moved_the_upload_on() -> None:
    moved = exchange(2, "PATCH", f"{UPLOAD}?_state=abcdefgh", ("Location", f"{UPLOAD}?_state=ijklmnop"))
    assert sources(get(f"{UPLOAD}?_state=abcdefgh"), OPENED, moved)[0].stale == 2
    assert sources(get(f"{UPLOAD}?_state=ijklmnop"), OPENED, moved)[0].stale == 0


def test_a_token_of_a_token_service_is_the_origin_of_an_authorization() -> None:
    told = exchange(1, "GET", "/token", body=b'{"token": "abc.def.ghi-long"}', status=200)
    (source,) = sources(get("/v2/", ("Authorization", "Bearer abc.def.ghi-long")), told)
    assert (source.exchange, source.key, source.span.start) == (1, "body /token", len("Bearer "))


def test_scope_and_service_come_from_the_challenge() -> None:
    challenge = 'Bearer realm="http://registry.test:5000/token",service="reg",scope="repository:a/b:pull,push"'
    refused = exchange(1, "GET", "/v2/", ("WWW-Authenticate", challenge), status=401)
    found = sources(get("/token?service=reg&scope=repository%3Aa/b%3Apull,push"), refused)
    assert [(s.span.role, s.key) for s in found] == [
        ("url", "realm of the challenge"),
        ("service", "service of the challenge"),
        ("scope", "scope of the challenge"),
    ]


def test_the_digest_of_a_body_that_was_sent_is_the_origin_of_a_digest_parameter() -> None:
    sent = exchange(1, "PATCH", "/v2/demo/app/blobs/uploads/other", sent=b"layer")
    found = sources(get(f"/v2/demo/app/blobs/uploads/another?digest={DIGEST}"), sent)
    assert found[-1].words == "sha256 of the body of 1"


def test_a_digest_of_a_manifest_is_the_origin_of_a_blob_url() -> None:
    manifest = exchange(1, "GET", "/v2/a/manifests/v1", body=b'{"layers":[{"digest":"%s"}]}' % DIGEST.encode())
    assert sources(get(f"/v2/a/blobs/{DIGEST}"), manifest)[0].key == "body /layers/0/digest"


def test_a_short_tag_is_found_only_where_a_tag_stands() -> None:
    listed = exchange(1, "GET", "/v2/a/tags/list", body=b'{"name":"a","tags":["v1"]}', status=200)
    assert sources(get("/v2/a/manifests/v1"), listed)[0].key == "body /tags/0"
    assert sources(get("/v2/v1/manifests/v2"), listed) == []


def test_a_content_range_comes_from_the_range_before_it() -> None:
    moved = exchange(1, "PATCH", UPLOAD, ("Range", "0-99"))
    (source,) = sources(get("/x", ("Content-Range", "100-199")), moved)
    assert source.words == "one past the Range of 1"


def test_what_was_typed_is_the_users() -> None:
    proposed = get(f"{UPLOAD}?_state=abcdefgh&digest=sha256:12")
    edited = replace(proposed, target=f"{UPLOAD}?_state=abcdefgh?digest=sha256:12", headers=Headers.of(("X-Mine", "1")))
    found = sources(edited, OPENED, proposed=proposed)
    typed = [s.span.value for s in found if s.kind == "edited"]
    assert typed == ["?", "1"]


def test_the_arguments_of_the_call_are_named() -> None:
    arguments = {
        "target": "http://localhost:5000/demo/app:v1",
        "blobs": [{"digest": DIGEST, "name": "layer.tar"}],
    }
    found = Origins(arguments).of(get(f"/v2/demo/app/blobs/uploads/?digest={DIGEST}"))
    assert [(s.kind, s.words) for s in found] == [
        ("given", "the repository of the target"),
        ("given", "digest of layer.tar"),
    ]


def test_uses_lead_forward_from_an_answer_to_the_requests_that_carry_it() -> None:
    origins = Origins()
    origins.add(OPENED)
    origins.add(exchange(2, "PATCH", f"{UPLOAD}?_state=abcdefgh"))
    (use,) = origins.uses(1)
    assert (use.exchange, use.source.key) == (2, "Location")


@given(exchanges())
def test_no_exchange_is_too_odd(one: Exchange) -> None:
    origins = Origins()
    origins.add(one)
    assert all(source.span.start <= source.span.end for source in origins.of(one.request))
    assert isinstance(offers_of(one), tuple)


@given(exchanges())
def test_a_span_holds_the_text_that_it_names(one: Exchange) -> None:
    for source in Origins().of(one.request):
        if source.span.part == "header":
            text = one.request.headers.rows[source.span.row].value
            assert text[source.span.start : source.span.end] == source.span.value


def test_a_session_as_a_whole_keeps_the_sources_of_each_exchange(pushed_session: Session) -> None:
    origins = Origins(pushed_session.call.arguments)
    for one in pushed_session.exchanges:
        origins.add(one)
    patch = next(one for one in pushed_session.exchanges if one.request.method == "PATCH")
    put = next(one for one in pushed_session.exchanges if one.request.method == "PUT")
    assert origins.sources(patch.id)[0].words == f"Location of {patch.after}"
    assert [s.words for s in origins.sources(put.id)][:2] == [f"Location of {patch.id}", "digest of layer 1"]
