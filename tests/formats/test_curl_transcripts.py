"""Transcripts and traces of curl whose transfers run at once, begin with `100 Continue`, or were changed by hand."""

from __future__ import annotations

import pytest

from explorer.formats.importing import Imported, import_bytes

GUESSED_ORDER = "Several requests ran at once"


def read(text: str) -> Imported:
    return import_bytes(text.encode(), "a paste")


def told(text: str) -> list[tuple[str, str, int]]:
    exchanges = read(text).session.exchanges
    return sorted((one.request.method, one.request.target, one.status) for one in exchanges)


def notes_of(imported: Imported, target: str) -> list[str]:
    (found,) = [one for one in imported.session.exchanges if one.request.target == target]
    return [note.words for note in found.notes]


WITH_IDS = """\
10:11:12.000001 [0-0] * Connected to reg.example (10.0.0.1) port 5000
10:11:12.000002 [1-1] * Connected to reg.example (10.0.0.1) port 5000
10:11:12.000003 [0-0] > POST /v2/a/blobs/uploads/ HTTP/1.1
10:11:12.000003 [0-0] > Host: reg.example:5000
10:11:12.000004 [1-1] > HEAD /v2/b/blobs/sha256:11 HTTP/1.1
10:11:12.000004 [0-0] > User-Agent: curl/8.14.1
10:11:12.000005 [1-1] > Host: reg.example:5000
10:11:12.000005 [1-1] >\x20
10:11:12.000005 [0-0] >\x20
10:11:12.000006 [1-1] < HTTP/1.1 404 Not Found
10:11:12.000006 [0-0] < HTTP/1.1 202 Accepted
10:11:12.000007 [1-1] < Content-Length: 0
10:11:12.000007 [0-0] < Location: /v2/a/blobs/uploads/u1
10:11:12.000008 [1-1] <\x20
10:11:12.000008 [0-0] <\x20
"""

BY_CONNECTION = """\
* Connected to 127.0.0.1 (127.0.0.1) port 5000 (#0)
> GET /v2/a/tags/list HTTP/1.1
> Host: 127.0.0.1:5000
>\x20
* Connected to 127.0.0.1 (127.0.0.1) port 5000 (#1)
> GET /v2/b/tags/list HTTP/1.1
> Host: 127.0.0.1:5000
>\x20
< HTTP/1.1 404 Not Found
< Content-Length: 5
<\x20
* Connection #0 to host 127.0.0.1 left intact
< HTTP/1.1 200 OK
< Content-Length: 7
<\x20
* Connection #1 to host 127.0.0.1 left intact
"""


def test_ids_tell_apart_what_is_mixed_line_by_line() -> None:
    assert told(WITH_IDS) == [("HEAD", "/v2/b/blobs/sha256:11", 404), ("POST", "/v2/a/blobs/uploads/", 202)]


def test_each_head_has_its_own_headers_only() -> None:
    post = next(one for one in read(WITH_IDS).session.exchanges if one.request.method == "POST")
    assert [row.name for row in post.request.headers] == ["Host", "User-Agent"]
    assert post.response
    assert [row.name for row in post.response.headers] == ["Location"]


def test_without_ids_the_connection_tells_whose_answer_it_is() -> None:
    assert told(BY_CONNECTION) == [("GET", "/v2/a/tags/list", 404), ("GET", "/v2/b/tags/list", 200)]
    assert not [note for note in notes_of(read(BY_CONNECTION), "/v2/a/tags/list") if GUESSED_ORDER in note]


def test_where_nothing_tells_the_order_is_a_guess_that_is_said() -> None:
    text = "".join(line for line in BY_CONNECTION.splitlines(keepends=True) if "left intact" not in line)
    assert GUESSED_ORDER in " ".join(read(text).guessed)
    assert sorted(status for _, _, status in told(text)) == [200, 404]


def test_one_after_the_other_is_no_guess() -> None:
    one = BY_CONNECTION.splitlines(keepends=True)
    text = "".join(one[:4] + one[8:12] + one[4:8] + one[12:])
    assert told(text) == [("GET", "/v2/a/tags/list", 404), ("GET", "/v2/b/tags/list", 200)]
    assert GUESSED_ORDER not in " ".join(read(text).guessed)


def test_a_request_that_was_tried_again_leaves_the_answer_to_the_second() -> None:
    first = BY_CONNECTION.splitlines(keepends=True)[:4]
    again = ["* Connection died, retrying a fresh connect\n", first[0].replace("#0", "#1"), *first[1:]]
    exchanges = read("".join([*first, *again, "< HTTP/1.1 200 OK\n", "< \n"])).session.exchanges
    assert [one.status for one in exchanges] == [0, 200]


TRACE_WITH_IDS = """\
[0-0] == Info: Connected to reg.example (10.0.0.1) port 5000
[0-0] => Send header, 51 bytes (0x33)
0000: GET /v2/a/tags/list HTTP/1.1
001e: Host: reg.example
0031:\x20
[1-1] => Send header, 51 bytes (0x33)
0000: GET /v2/b/tags/list HTTP/1.1
001e: Host: reg.example
0031:\x20
[1-1] <= Recv header, 24 bytes (0x18)
0000: HTTP/1.1 404 Not Found
[0-0] <= Recv header, 17 bytes (0x11)
0000: HTTP/1.1 200 OK
[0-0] <= Recv header, 2 bytes (0x2)
0000:\x20
[1-1] <= Recv header, 2 bytes (0x2)
0000:\x20
[0-0] <= Recv data, 2 bytes (0x2)
0000: ab
[1-1] <= Recv data, 2 bytes (0x2)
0000: xy
[0-0] * still there
[0-0] <= Recv data, 1 bytes (0x1)
0000: c
"""


def test_ids_tell_the_blocks_of_a_trace_apart() -> None:
    bodies = {one.request.target: one.response.body for one in read(TRACE_WITH_IDS).session.exchanges if one.response}
    assert bodies == {"/v2/a/tags/list": b"abc", "/v2/b/tags/list": b"xy"}
    assert told(TRACE_WITH_IDS) == [("GET", "/v2/a/tags/list", 200), ("GET", "/v2/b/tags/list", 404)]


def traced(*heads: str, body: str = "", host: str = "reg.example", sent: str = "") -> str:
    lines = ["=> Send header, 43 bytes (0x2b)", "0000: PUT /v2/a/b HTTP/1.1", f"0016: Host: {host}", "0029: "]
    if sent:
        lines += [f"=> Send data, {len(sent)} bytes (0x1)", f"0000: {sent}"]
    for head in heads:
        lines += [f"<= Recv header, {len(head) + 2} bytes (0x1)", f"0000: {head}"]
    lines += ["<= Recv header, 2 bytes (0x2)", "0000: "]
    if body:
        lines += [f"<= Recv data, {len(body)} bytes (0x1)", f"0000: {body}"]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("rows", [["HTTP/1.1 100 Continue", "HTTP/1.1 201 Created"], ["HTTP/1.1 201 Created"]])
def test_a_100_without_its_empty_line_does_not_hide_the_answer(rows: list[str]) -> None:
    (put,) = read(traced(*rows, "Location: /v2/a/blobs/x")).session.exchanges
    assert put.status == 201
    assert (b"100 Continue" in put.received_head) == (len(rows) == 2)


@pytest.mark.parametrize("host", ["a-much-longer-name.example.com:5000", "reg", "reg.example"])
def test_a_host_that_was_changed_by_hand_does_not_spoil_the_head(host: str) -> None:
    (put,) = read(traced("HTTP/1.1 201 Created", host=host)).session.exchanges
    assert [tuple(row)[:2] for row in put.request.headers] == [("Host", host)]


def test_dots_between_the_values_of_json_are_ends_of_lines() -> None:
    imported = read(traced("HTTP/1.1 404 Not Found", body='{"errors":[.{"code":"A.B","detail":1.5}.]}.'))
    (put,) = imported.session.exchanges
    assert put.response
    assert put.response.body == b'{"errors":[\n{"code":"A.B","detail":1.5}\n]}\n'
    assert "taken for line ends" in " ".join(imported.guessed)


def test_dots_of_the_text_itself_stay_and_nothing_is_said() -> None:
    imported = read(traced("HTTP/1.1 404 Not Found", sent='{"a":"b.c"}', body='{"version":"1.2"}'))
    (put,) = imported.session.exchanges
    assert (put.request.body, put.response and put.response.body) == (b'{"a":"b.c"}', b'{"version":"1.2"}')
    assert "dots" not in " ".join(imported.guessed)


def test_a_body_that_is_no_json_is_said_to_be_lossy() -> None:
    imported = read(traced("HTTP/1.1 200 OK", sent="..P.binary"))
    assert "as dots" in " ".join(imported.guessed)


@pytest.mark.parametrize(("port", "url"), [(80, "http://reg.example/v2/"), (443, "https://reg.example/v2/")])
def test_the_port_of_the_connection_tells_the_scheme(port: int, url: str) -> None:
    text = f"* Connected to reg.example (10.0.0.1) port {port} (#0)\n> GET /v2/ HTTP/1.1\n> Host: reg.example\n>\n"
    (get,) = read(text).session.exchanges
    assert get.request.url == url


def test_more_requests_at_once_than_are_told_apart_are_read() -> None:
    sent = "".join(f"> GET /v2/{at}/tags/list HTTP/1.1\n> Host: reg:5000\n> \n" for at in range(600))
    exchanges = read(sent + "< HTTP/1.1 200 OK\n< \n" * 600).session.exchanges
    requests = [one for one in exchanges if one.request.method == "GET"]
    assert len(requests) == 600
    assert sum(one.status == 200 for one in requests) >= 256
