"""Texts as people have them: entities of web pages, indented blocks, glued messages, tunnels, logs in JSON."""

from __future__ import annotations

import html
import json

import pytest

from explorer.errors import FormatError
from explorer.formats.importing import Imported, import_bytes
from explorer.formats.texts.statuses import spoken_status

Told = list[tuple[str, str, int]]


def read(text: str | bytes) -> Imported:
    return import_bytes(text if isinstance(text, bytes) else text.encode(), "a text")


def told(text: str | bytes) -> Told:
    return [(one.request.method, one.request.url, one.status) for one in read(text).session.exchanges]


CRANE = """\
2026/11/23 09:11:11 --> POST https://reg.example/v2/a/blobs/uploads/?mount=b&from=c
2026/11/23 09:11:11 POST /v2/a/blobs/uploads/?mount=b&from=c HTTP/1.1
Host: reg.example
X-Quoted: "a"

2026/11/23 09:11:12 <-- 202 https://reg.example/v2/a/blobs/uploads/?mount=b&from=c (15.12ms)
2026/11/23 09:11:12 HTTP/1.1 202 Accepted
Location: /v2/a/blobs/uploads/u

"""
CRANES = [("POST", "https://reg.example/v2/a/blobs/uploads/?mount=b&from=c", 202)]


def test_entities_of_a_web_page_are_the_signs_that_they_stand_for() -> None:
    imported = read(html.escape(CRANE))
    assert [(one.request.method, one.request.url, one.status) for one in imported.session.exchanges] == CRANES
    assert any("entities of a web page" in line for line in imported.understood)


@pytest.mark.parametrize("more", ['> X: "a" & b\n', ""])
def test_an_entity_that_a_client_sent_is_left_as_it_is(more: str) -> None:
    get = f"> GET /v2/?a=1&amp;b=2 HTTP/1.1\n> Host: reg:5000\n{more}> \n"
    assert told(get) == [("GET", "http://reg:5000/v2/?a=1&amp;b=2", 0)]


SYSLOG = "Nov 23 09:11:11 host dockerd[8]: "
DOCKERD = (
    'time="2026-11-23T09:11:11Z" level=debug msg="do request" request.method=PUT url="https://reg.example/v2/a/u"',
    'time="2026-11-23T09:11:12Z" level=error msg="unexpected response" status="401 Unauthorized" '
    'body="{\\"errors\\":[]}" url="https://reg.example/v2/a/u"',
)


@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf", b"    ", b"\t", b"\xc2\xa0\xc2\xa0"])
def test_whatever_stands_before_a_prefix_is_no_hindrance(start: bytes) -> None:
    lines = [start + SYSLOG.encode() + line.encode() for line in (*DOCKERD, *DOCKERD)]
    text = b"\n".join(line.removeprefix(b"\xef\xbb\xbf") if at else line for at, line in enumerate(lines))
    assert told(text) == [("PUT", "https://reg.example/v2/a/u", 401)] * 2


def test_an_unexpected_response_of_containerd_tells_status_and_body() -> None:
    (put,) = read("\n".join(DOCKERD)).session.exchanges
    assert put.response
    assert (put.response.body, "response.headers" in put.unknown) == (b'{"errors":[]}', True)


def test_an_unexpected_response_without_a_status_leaves_it_unknown() -> None:
    (put,) = read("\n".join(DOCKERD).replace('status="401 Unauthorized"', "")).session.exchanges
    assert put.status == 0


def test_headers_that_are_indented_behind_the_name_of_a_service_are_read() -> None:
    lines = [
        "DEBU[0000] Request #0",
        '> Request URL: "https://reg.example/v2/"',
        '> Request method: "GET"',
        "> Request headers:",
        '   "User-Agent": "oras/1.2.0"',
    ]
    (get,) = read("\n".join(f"client-1  | {line}" for line in lines)).session.exchanges
    assert get.request.headers.get("User-Agent") == "oras/1.2.0"


@pytest.mark.parametrize("body", ["hello", "{}", '{"a": 1}'])
def test_an_answer_that_is_glued_to_the_body_before_it_is_told_apart(body: str) -> None:
    head = f"PUT /v2/a/b HTTP/1.1\nHost: reg:5000\nContent-Length: {len(body)}\n\n"
    assert told(f"{head}{body}HTTP/1.1 201 Created\nContent-Length: 0\n\n") == [("PUT", "http://reg:5000/v2/a/b", 201)]


@pytest.mark.parametrize("line", ['echo "HTTP/1.1 200 OK"', "proto=HTTP/1.1 200 OK", "(HTTP/1.1 200 OK"])
def test_what_only_names_a_status_line_is_none(line: str) -> None:
    assert told(f"curl http://reg:5000/v2/\n{line}\n") == [("GET", "http://reg:5000/v2/", 0)]


TUNNEL = """\
* Connected to proxy (10.0.0.9) port 3128 (#0)
> CONNECT reg.example:443 HTTP/1.1
> Host: reg.example:443
>\x20
"""


def test_a_tunnel_that_opens_is_no_exchange() -> None:
    text = f"{TUNNEL}< HTTP/1.1 200 Connection established\n< \n* SSL connection using TLSv1.3 / X\n"
    get = "> GET /v2/ HTTP/1.1\n> Host: reg.example\n> \n< HTTP/1.1 401 Unauthorized\n< \n"
    assert told(text + get) == [("GET", "https://reg.example/v2/", 401)]


def test_a_tunnel_that_is_refused_is_one() -> None:
    (connect,) = read(f"{TUNNEL}< HTTP/1.1 407 Proxy Authentication Required\n< \n").session.exchanges
    assert (connect.request.method, connect.request.target, connect.status) == ("CONNECT", "reg.example:443", 407)


def test_a_tunnel_that_never_opens_has_failed() -> None:
    (connect,) = read(f"{TUNNEL}curl: (28) Proxy CONNECT aborted due to timeout\n").session.exchanges
    assert connect.error
    assert connect.error.kind == "timeout"


CADDY = {
    "ts": 1732353071.5,
    "msg": "handled request",
    "request": {
        "remote_ip": "10.0.0.1",
        "method": "PATCH",
        "host": "reg.example",
        "uri": "/v2/a/blobs/uploads/u?_state=x",
        "headers": {"User-Agent": ["docker/24.0"]},
    },
    "status": 413,
}
TRAEFIK = {
    "ClientHost": "10.0.0.1",
    "DownstreamStatus": 413,
    "RequestHost": "reg.example",
    "RequestMethod": "PATCH",
    "RequestPath": "/v2/a/blobs/uploads/u?_state=x",
    "StartUTC": "2024-11-23T09:11:11.5Z",
    "level": "info",
    "msg": "",
}
NGINX = {
    "time": "2024-11-23T09:11:11.5+00:00",
    "request": "PATCH /v2/a/blobs/uploads/u?_state=x HTTP/1.1",
    "http_host": "reg.example",
    "status": "413",
}


@pytest.mark.parametrize("line", [CADDY, TRAEFIK, NGINX], ids=["Caddy", "Traefik", "nginx"])
def test_an_access_log_in_json_tells_method_target_host_and_status(line: dict[str, object]) -> None:
    (patch,) = read(json.dumps(line)).session.exchanges
    assert (patch.request.method, patch.status) == ("PATCH", 413)
    assert patch.request.url == "https://reg.example/v2/a/blobs/uploads/u?_state=x"
    assert patch.timings.started == 1732353071.5
    assert (patch.basis, "request.headers" in patch.unknown) == ("inferred", True)


@pytest.mark.parametrize(
    "line", [{"status": "ok", "method": "GET", "path": "/"}, {"status": 200, "path": "/x"}, {"status": 200}, ["GET"]]
)
def test_json_of_something_else_is_no_access_log(line: object) -> None:
    text = f"{json.dumps(line)}\ncurl http://reg:5000/v2/\n"
    assert told(text) == [("GET", "http://reg:5000/v2/", 0)]


def test_an_error_log_that_quotes_bytes_is_still_a_text() -> None:
    noise = '2026/11/24 11:26:42 [info] 2#2: *1 client sent invalid method, request: "\x16\x03\x01\x02\x00\x01"\n'
    line = (
        "2026/11/24 11:26:43 [error] 2#2: *2 client intended to send too large body: 3 bytes, client: 1.2.3.4, "
        'server: , request: "PUT /v2/a/b HTTP/1.1", host: "reg:5000"\n'
    )
    assert told(noise + line) == [("PUT", "http://reg:5000/v2/a/b", 413)]


def test_dockerds_older_store_is_named_where_it_tells_nothing() -> None:
    with pytest.raises(FormatError, match="dockerd with its older image store, which logs no HTTP exchange"):
        read('time="2026-11-23T09:11:10Z" level=debug msg="Pushing layer: sha256:aa11"\n')


def test_a_target_that_a_proxy_was_asked_for_tells_its_origin() -> None:
    line = '1.2.3.4 - - [24/Nov/2026:11:26:42 +0000] "GET http://reg.example/v2/ HTTP/1.1" 200 2\n'
    (get,) = read(line).session.exchanges
    assert (f"{get.request.origin}", get.request.target) == ("http://reg.example", "/v2/")


SKOPEO = 'time="2026-11-23T09:11:11Z" level={} msg="{}"\n'


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("reading manifest v1 in reg/a: manifest unknown: manifest unknown", 404),
        ("reading manifest v1 in reg/a: unauthorized: authentication required", 401),
        ("reading manifest v1 in reg/a: something manifest unknowable", 0),
    ],
)
def test_what_skopeo_gives_up_with_tells_the_status(words: str, status: int) -> None:
    text = SKOPEO.format("debug", "GET https://reg.example/v2/a/manifests/v1") + SKOPEO.format("fatal", words)
    assert told(text) == [("GET", "https://reg.example/v2/a/manifests/v1", status)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("x: denied: requested access is denied", (403, "denied")),
        ("blob upload unknown", (404, "blob upload unknown")),
        ("an unknown blob unknown to us", None),
        ("", None),
    ],
)
def test_errors_in_words_go_with_a_status(words: str, expected: tuple[int, str] | None) -> None:
    assert spoken_status(words) == expected


@pytest.mark.parametrize("indent", ["", "    ", "\t"])
def test_a_here_document_in_an_indented_block_ends_with_its_word(indent: str) -> None:
    lines = ["curl --data-binary @- http://reg:5000/a <<EOF", '{"a": 1}', "EOF", "curl http://reg:5000/b"]
    text = "Run this:\n\n" + "\n".join(f"{indent}{line}" for line in lines) + "\n\nand see.\n"
    first, second = read(text).session.exchanges
    assert (first.request.body, second.request.target) == (b'{"a": 1}\n', "/b")


def test_a_line_of_nothing_but_glued_answers_is_read_to_its_end() -> None:
    assert told("aHTTP/1.1 200 OK" * 5000 + "\ncurl http://reg:5000/v2/\n")[-1] == ("GET", "http://reg:5000/v2/", 0)
