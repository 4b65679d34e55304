"""What clients see of a proxy that limits, blocks, redirects, or gives up."""

from __future__ import annotations

import pytest

from tests.faults.conftest import DATA, DIGEST, OCTETS, With


def test_nginx_413_is_nginxs_page_for_a_body_over_the_limit(faulty: With) -> None:
    talk = faulty("nginx-413=9")
    seen = talk.patch(talk.open().location)
    assert seen.status == 413
    assert seen.headers["server"].startswith("nginx")
    assert "docker-distribution-api-version" not in seen.headers
    assert b"<center><h1>413 Request Entity Too Large</h1></center>" in seen.body


def test_nginx_413_is_for_chunked_bodies_too(faulty: With) -> None:
    talk = faulty("nginx-413=9")
    assert talk.chunked("PATCH", talk.open().location, b"01234", b"56789").status == 413


def test_nginx_413_lets_what_is_small_enough_through(faulty: With) -> None:
    assert faulty("nginx-413=10").push().status == 201


def test_cdn_413_is_cloudflares_page(faulty: With) -> None:
    talk = faulty("cdn-413=9")
    seen = talk.patch(talk.open().location)
    assert (seen.status, seen.headers["server"]) == (413, "cloudflare")
    assert b"<center>cloudflare</center>" in seen.body


def test_length_required_411_is_for_chunked_bodies_alone(faulty: With) -> None:
    talk = faulty("length-required-411")
    opened = talk.open().location
    assert talk.chunked("PATCH", opened, DATA).status == 411
    assert talk.patch(opened).status == 202


def test_verb_blocked_stops_patch_but_not_post(faulty: With) -> None:
    talk = faulty("verb-blocked")
    opened = talk.open()
    assert opened.status == 202
    seen = talk.patch(opened.location)
    assert (seen.status, seen.headers["content-type"]) == (405, "text/html")


@pytest.mark.parametrize(("fault", "status"), [("bad-gateway", 502), ("service-unavailable", 503)])
def test_a_page_of_the_proxy_comes_instead(faulty: With, fault: str, status: int) -> None:
    seen = faulty(fault).ask("GET", "/v2/")
    assert seen.status == status
    assert f"<h1>{status} ".encode() in seen.body


def test_gateway_timeout_is_504_though_the_blob_is_there_afterwards(faulty: With) -> None:
    talk = faulty("gateway-timeout=10ms")
    seen = talk.push()
    assert (seen.status, seen.reason) == (504, "Gateway Time-out")
    assert talk.ask("HEAD", f"/v2/t/r/blobs/{DIGEST}").status == 200


def test_client_closed_499_is_what_the_registry_says(faulty: With) -> None:
    talk = faulty("client-closed-499=4")
    opened = talk.open().location
    seen = talk.patch(opened)
    assert (seen.status, seen.headers["content-type"]) == (499, "text/plain; charset=utf-8")
    assert talk.ask("GET", opened).headers["range"] == "0-3"


def test_post_became_get_ends_in_404_where_the_method_changes(faulty: With) -> None:
    talk = faulty("post-became-get")
    moved = talk.open()
    assert (moved.status, moved.headers["server"]) == (301, "nginx/1.22.1")
    as_get = talk.ask("GET", moved.location)
    assert (as_get.status, b"BLOB_UPLOAD_UNKNOWN" in as_get.body) == (404, True)
    assert talk.ask("POST", moved.location).status == 202


def test_post_became_get_can_lead_to_another_origin(faulty: With) -> None:
    moved = faulty("post-became-get=https://registry.test").open()
    assert moved.location == "https://registry.test/v2/t/r/blobs/uploads/"


def test_patch_became_get_seems_to_work_and_leaves_an_unknown_blob(faulty: With) -> None:
    talk = faulty("patch-became-get-unknown-blob")
    opened = talk.open().location
    moved = talk.patch(opened)
    assert moved.status == 301
    assert talk.ask("GET", moved.location).status == 204
    assert talk.put(opened).status == 301
    assert talk.ask("HEAD", f"/v2/t/r/blobs/{DIGEST}").status == 404


def test_a_client_that_keeps_the_method_gets_through_the_redirect(faulty: With) -> None:
    talk = faulty("patch-became-get-unknown-blob")
    sent = talk.patch(talk.patch(talk.open().location).location)
    assert sent.status == 202
    closing = talk.put(sent.location)
    assert closing.status == 301
    assert talk.ask("PUT", closing.location, b"", OCTETS).status == 201


def test_uploads_no_trailing_slash_redirects_the_post_for_ever(faulty: With) -> None:
    talk = faulty("uploads-no-trailing-slash")
    moved = talk.open()
    assert (moved.status, moved.body) == (301, b"")
    assert moved.location.endswith("/v2/t/r/blobs/uploads/")
    assert talk.ask("POST", moved.location).status == 301
    assert b"BLOB_UPLOAD_UNKNOWN" in talk.ask("GET", moved.location).body


def test_double_slash_redirects_to_the_cleaned_path(faulty: With) -> None:
    moved = faulty("double-slash").open()
    assert (moved.status, moved.location) == (301, "/v2/t/r/blobs/uploads/")


def test_not_a_registry_answers_everything_with_a_page(faulty: With) -> None:
    talk = faulty("not-a-registry")
    for seen in (talk.open(), talk.ask("GET", "/v2/"), talk.ask("PUT", "/v2/t/r/manifests/v1", b"{}")):
        assert (seen.status, seen.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "docker-content-digest" not in seen.headers


@pytest.mark.parametrize("what", ["go", "nginx"])
def test_http_to_https_port_says_so(faulty: With, what: str) -> None:
    seen = faulty(f"http-to-https-port={what}").ask("GET", "/v2/")
    assert seen.status == 400
    text = {"go": b"Client sent an HTTP request to an HTTPS server.\n", "nginx": b"The plain HTTP request was sent"}
    assert text[what] in seen.body


def test_caching_proxy_answers_the_second_head_from_its_cache(faulty: With) -> None:
    talk = faulty("caching-proxy-stale-404")
    blob = f"/v2/t/r/blobs/{DIGEST}"
    assert talk.ask("HEAD", blob).status == 404
    assert talk.push().status == 201
    seen = talk.ask("HEAD", blob)
    assert (seen.status, seen.headers["x-cache"]) == (404, "HIT")
    assert "age" in seen.headers
    assert talk.ask("GET", blob).status == 200


def test_a_cache_forgets_in_time(faulty: With) -> None:
    talk = faulty("caching-proxy-stale-404=0")
    blob = f"/v2/t/r/blobs/{DIGEST}"
    assert talk.ask("HEAD", blob).status == 404
    talk.push()
    assert talk.ask("HEAD", blob).status == 200
