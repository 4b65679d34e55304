"""One request as a curl command, sent by the real curl and seen by a real server."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.formats.importing import import_bytes
from explorer.formats.writing.one_command import curl_command
from explorer.model import Headers, Origin, Request, Slice, Unkept
from explorer.practice import PracticeRegistry

ORIGIN = Origin("http", "registry.test", 5000)


def test_a_credential_is_left_for_the_reader() -> None:
    command = curl_command(Request("GET", ORIGIN, "/v2/", Headers.of(("Authorization", "Bearer very-secret"))))
    assert "very-secret" not in command
    assert '"Authorization: $AUTHORIZATION"' in command


def test_a_body_that_was_not_kept_is_named() -> None:
    command = curl_command(Request("PATCH", ORIGIN, "/x", Headers(), Unkept(5, "ab" * 32)))
    assert command.startswith("# BODY: a file of 5 bytes with the sha256 abab")
    assert '--data-binary "@$BODY"' in command


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
@pytest.mark.parametrize("kind", ["text", "binary", "slice"])
def test_curl_sends_what_the_request_is(tmp_path: Path, kind: str) -> None:
    data = b'it\'s $HOME `x` "y" \\' if kind == "text" else bytes(range(256))
    path = tmp_path / "a file's"
    path.write_bytes(b"front" + data + b"back")
    body = Slice(str(path), 5, len(data)) if kind == "slice" else data
    with PracticeRegistry() as registry:
        headers = Headers.of(("Content-Type", "application/octet-stream"), ("X-Odd", "it's"), ("X-Empty", ""))
        request = Request("POST", registry.origin, "/v2/a/b/blobs/uploads/", headers)
        opened = subprocess.run(["sh", "-c", curl_command(request)], capture_output=True, text=True, check=True)
        assert "HTTP/1.1 202" in opened.stdout, opened.stdout
        location = opened.stdout.split("Location: ")[1].split("\n")[0]
        target = location.removeprefix(str(registry.origin))
        patch = Request("PATCH", registry.origin, target, headers, body)
        sent = subprocess.run(["sh", "-c", curl_command(patch)], capture_output=True, text=True, check=True)
        assert f"Range: 0-{len(data) - 1}\n" in sent.stdout


PLAIN = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
TARGETS = st.text("/abc019._=&?%-:'\"$`\\ ~{}[]*!", max_size=30).map(lambda text: "/" + text.replace(" ", "+"))
BODIES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40).filter(lambda text: text[:1] != "@")


@given(st.sampled_from(["POST", "PUT", "PATCH"]), TARGETS, PLAIN, BODIES)
def test_what_was_copied_is_read_back_as_the_same_request(method: str, target: str, value: str, text: str) -> None:
    body = text.encode()
    headers = Headers.of(
        ("Host", ORIGIN.authority),
        ("X-Odd", value),
        ("Content-Type", "application/octet-stream"),
        ("Content-Length", str(len(body))),
    )
    request = Request(method, ORIGIN, target, headers, body)
    (exchange,) = import_bytes(curl_command(request).encode(), "a command").session.exchanges
    assert (exchange.request.method, exchange.request.target) == (method, target)
    assert exchange.request.body == body
    assert sorted(exchange.request.headers) == sorted(headers)
