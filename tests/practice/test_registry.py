from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from explorer.wire.server import Outgoing

Ask = Callable[..., Outgoing]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_the_api_says_that_it_is_there(ask: Ask, method: str) -> None:
    answer = ask(method, "/v2/")
    assert (answer.status, answer.body) == (200, b"{}")
    assert answer.headers.get("Content-Type") == "application/json"


@pytest.mark.parametrize(
    ("method", "target", "location", "body"),
    [
        ("POST", "/v2/a/blobs/uploads", "/v2/a/blobs/uploads/", b""),
        ("POST", "/v2/a/blobs/uploads?mount=x&from=y", "/v2/a/blobs/uploads/?mount=x&from=y", b""),
        ("POST", "//v2/a/blobs/uploads/?x=1", "/v2/a/blobs/uploads/?x=1", b""),
        ("GET", "/v2//a/tags/list", "/v2/a/tags/list", b""),
        ("GET", "/v2/a/../b/./tags/list", "/v2/b/tags/list", b""),
        ("GET", "/v2", "/v2/", b'<a href="/v2/">Moved Permanently</a>.\n\n'),
        ("GET", "/v2/a/tags/list/", "/v2/a/tags/list", b'<a href="/v2/a/tags/list">Moved Permanently</a>.\n\n'),
    ],
)
def test_a_path_is_redirected_as_go_does(ask: Ask, method: str, target: str, location: str, body: bytes) -> None:
    answer = ask(method, target)
    assert (answer.status, answer.headers.get("Location"), answer.body) == (301, location, body)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/",
        "/v2/UP/tags/list",
        "/v2/a..b/tags/list",
        "/v2/a___b/tags/list",
        "/v2/-a/tags/list",
        "/v2/a/manifests/-x",
        "/v2/a/manifests/a!b",
        f"/v2/a/manifests/{'x' * 129}",
        "/v2/a/referrers/sha256:x",
        "/v2/a/blobs/x",
    ],
)
def test_what_matches_no_route_is_not_found(ask: Ask, path: str) -> None:
    answer = ask("GET", path)
    assert (answer.status, answer.body) == (404, b"404 page not found\n")
    assert answer.headers.get("Docker-Distribution-Api-Version") == "registry/2.0"


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("/v2/a/tags/list", "GET"),
        (f"/v2/a/blobs/sha256:{'0' * 64}", "DELETE, GET, HEAD"),
        ("/v2/a/manifests/x", "DELETE, GET, HEAD, PUT"),
        ("/v2/a/blobs/uploads/", "DELETE, GET, HEAD, PATCH, POST, PUT"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(ask: Ask, target: str, allowed: str) -> None:
    answer = ask("BREW", target)
    assert (answer.status, answer.body) == (405, b"Method not allowed\n")
    assert answer.headers.get("Allow") == allowed
    assert ask("OPTIONS", target).status == 200


def test_a_name_that_is_too_long_is_a_500(ask: Ask) -> None:
    answer = ask("GET", f"/v2/{'a' * 256}/tags/list")
    assert answer.status == 500
    assert isinstance(answer.body, bytes)
    assert b"must not be more than 255 characters" in answer.body


def test_an_escaped_path_is_read_and_a_broken_one_is_not(ask: Ask) -> None:
    assert ask("GET", "/v2/a%2Fb/tags/list").status == 404
    assert ask("GET", "http://reg:5000/v2/").status == 200
    assert ask("GET", "/v2/%zz").status == 400
    assert ask("GET", "/").status == 200


def test_practice_is_cheap_to_import() -> None:
    code = "import sys, explorer.practice; print({'httpx', 'httpcore', 'textual', 'click'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
