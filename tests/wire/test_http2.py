"""HTTP/2: what crosses the wire is the list that is shown, and nothing is added, joined or left out."""

from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from explorer.model import Body, Headers, Request, Slice
from explorer.wire.client import Client
from explorer.wire.header_lists import header_list
from explorer.wire.options import ConnectionOptions, Timeouts
from explorer.wire.sent import Sent
from tests.strategies import requests
from tests.wire.authority import Authority
from tests.wire.h2_side import OK, H2Manner, H2Talk, Rows, server_context, speaking
from tests.wire.loopback import GET, Loopback, Talk, answering

PRIOR = ConnectionOptions(http="2", timeouts=Timeouts(30, 30, 30))


def talk(manner: H2Manner, *requests: Request, options: ConnectionOptions = PRIOR) -> tuple[list[Sent], list[H2Talk]]:
    """Send requests by one client in plain http; return what came of them, and what each connection got."""
    kept: list[H2Talk] = []
    with Loopback(speaking(manner, kept)) as server, closing(Client(options)) as client:
        came = [client.send(replace(request, origin=server.origin)) for request in requests]
    return came, kept


def answers(*answered: tuple[Rows, bytes]) -> H2Manner:
    """Answer one request after the other."""

    def manner(side: H2Talk) -> None:
        for number, (rows, body) in enumerate(answered):
            side.request(2 * number + 1)
            side.answer(2 * number + 1, rows, body)
        side.wait()

    return manner


def put(body: Body, *headers: tuple[str, str]) -> Request:
    return Request("PUT", GET.origin, "/v2/x?a=b?c", Headers.of(("Host", "h"), *headers), body)


def test_a_head_becomes_a_list_in_its_order_with_lower_case_names() -> None:
    request = replace(GET, headers=Headers.of(("Accept", "a"), ("HOST", "reg:1"), ("X-B", "2"), ("accept", "b")))
    (came,), (side,) = talk(answers((OK, b"{}")), request)
    wanted = [(":method", "GET"), (":scheme", "http"), (":authority", "reg:1"), (":path", "/v2/")]
    assert side.lists[1] == [*wanted, ("accept", "a"), ("x-b", "2"), ("accept", "b")]
    assert came.sent_head == "".join(f"{name}: {value}\r\n" for name, value in side.lists[1]).encode() + b"\r\n"


@given(requests)
def test_every_header_is_in_the_list_save_those_of_a_connection(request: Request) -> None:
    pseudo = 4 if request.headers.get("host") is not None else 3
    names = [name for name, _, _ in header_list(request)][pseudo:]
    left = ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"]
    wanted = [name.lower() for name, _, _ in request.headers if name.lower() not in left]
    if "host" in wanted:
        wanted.remove("host")
    assert names == wanted


def test_an_answer_is_shown_as_the_list_that_came() -> None:
    rows = [(":status", "404"), ("x-b", "1"), ("set-cookie", "a"), ("x-b", "2"), ("cookie", "p"), ("cookie", "q")]
    (came,), _ = talk(answers((rows, b"no")), GET)
    assert came.received_head == "".join(f"{name}: {value}\r\n" for name, value in rows).encode() + b"\r\n"
    assert came.response is not None
    assert (came.response.version, came.response.status, came.response.reason) == ("HTTP/2", 404, "")
    assert [(row.name, row.value) for row in came.response.headers] == rows[1:]
    assert came.response.body == b"no"
    assert came.connection.version == "HTTP/2"


def test_one_connection_carries_one_exchange_after_the_other() -> None:
    came, sides = talk(answers((OK, b"{}"), (OK, b"{}"), (OK, b"{}")), GET, put(b"12345"), GET)
    assert [one.connection.reused for one in came] == [False, True, True]
    assert len(sides) == 1
    assert bytes(sides[0].bodies[3]) == b"12345"


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 1_000_000])
def test_a_body_goes_out_whole_within_the_windows(size: int, tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(bytes(range(256)) * (size // 256 + 1))
    body = Slice(str(tmp_path / "body"), 0, size)
    (came,), (side,) = talk(answers((OK, b"{}")), put(body, ("Content-Length", str(size))))
    assert bytes(side.bodies[1]) == (tmp_path / "body").read_bytes()[:size]
    assert (came.sent_size, came.error) == (size, None)


def test_a_chunked_body_goes_out_without_the_header_that_http2_has_no_place_for() -> None:
    (came,), (side,) = talk(answers((OK, b"{}")), put(b"12345", ("Transfer-Encoding", "chunked"), ("X", "y")))
    assert [name for name, _ in side.lists[1]][4:] == ["x"]
    assert bytes(side.bodies[1]) == b"12345"
    assert b"transfer-encoding" not in came.sent_head


def test_a_large_answer_comes_whole_through_the_windows() -> None:
    body = b"x" * 3_000_000

    def manner(side: H2Talk) -> None:
        side.request(1)
        side.state.send_headers(1, [(":status", "200")])
        left = memoryview(body)
        while left:
            room = min(side.state.local_flow_control_window(1), 16_384)
            if room:
                side.state.send_data(1, bytes(left[:room]))
                left = left[room:]
                side.flush()
            else:
                side.step()
        side.state.end_stream(1)
        side.flush()
        side.wait()

    (came,), _ = talk(manner, GET)
    assert came.response is not None
    assert came.response.body == body


def test_an_answer_before_the_body_is_through_ends_the_sending() -> None:
    def manner(side: H2Talk) -> None:
        while 1 not in side.lists:
            side.step(takes_bodies=False)
        side.answer(1, [(":status", "413")], b"too large")
        while 1 not in side.resets and side.step(takes_bodies=False):
            pass
        side.request(3)
        side.answer(3)
        side.wait()

    (came, after), sides = talk(manner, put(b"x" * 10_000_000), GET)
    assert came.response is not None
    assert (came.response.status, came.error) == (413, None)
    assert came.sent_size < 10_000_000
    assert after.response is not None
    assert (after.connection.reused, len(sides)) == (True, 1)


def test_interim_answers_and_trailers_are_kept() -> None:
    def manner(side: H2Talk) -> None:
        side.request(1)
        side.answer(1, [(":status", "103"), ("link", "<x>")], b"", is_end=False)
        side.answer(1, [(":status", "200")], b"{}", is_end=False)
        side.state.send_headers(1, [("x-sum", "1")], end_stream=True)
        side.flush()
        side.wait()

    (came,), _ = talk(manner, GET)
    assert came.received_head == b":status: 103\r\nlink: <x>\r\n\r\n:status: 200\r\n\r\n"
    assert came.response is not None
    assert came.response.trailers == Headers.of(("x-sum", "1"))


def test_a_body_that_waits_for_100_continue_goes_when_it_comes() -> None:
    def manner(side: H2Talk) -> None:
        while 1 not in side.lists:
            side.step()
        assert not side.bodies[1]
        side.answer(1, [(":status", "100")], b"", is_end=False)
        side.request(1)
        side.answer(1)
        side.wait()

    (came,), (side,) = talk(manner, put(b"12345", ("Expect", "100-continue"), ("Content-Length", "5")))
    assert came.response is not None
    assert bytes(side.bodies[1]) == b"12345"


def test_a_head_request_has_no_body_whatever_length_is_said() -> None:
    (came,), _ = talk(answers(([(":status", "200"), ("content-length", "99")], b"")), replace(GET, method="HEAD"))
    assert came.response is not None
    assert (came.response.body, came.error) == (b"", None)


def reset(side: H2Talk) -> None:
    side.request(1)
    side.state.reset_stream(1, 7)
    side.flush()
    side.wait()


def go_away(side: H2Talk) -> None:
    side.request(1)
    side.state.close_connection(11, last_stream_id=0)
    side.flush()
    side.wait()


def half(side: H2Talk) -> None:
    side.request(1)
    side.answer(1, [(":status", "200"), ("content-length", "10")], b"12345", is_end=False)
    side.state.reset_stream(1, 2)
    side.flush()
    side.wait()


def short(side: H2Talk) -> None:
    side.request(1)
    side.answer(1, [(":status", "200"), ("content-length", "10")], b"12345")
    side.wait()


def gone(side: H2Talk) -> None:
    side.request(1)
    side.talk.end()  # closed with something unread, it would be reset


def no_status(side: H2Talk) -> None:
    side.request(1)
    side.answer(1, [(":status", "abc")], b"")
    side.wait()


def nonsense(side: H2Talk) -> None:
    side.request(1)
    side.talk.say(b"\x00\x00\x01\x07\x00\x00\x00\x00\x00\xff")
    side.wait()


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        (reset, "RST_STREAM, REFUSED_STREAM"),
        (go_away, "GOAWAY, ENHANCE_YOUR_CALM"),
        (half, "RST_STREAM, INTERNAL_ERROR"),
        (short, "broke off, over HTTP/2"),
        (gone, "the connection was closed"),
        (no_status, "no status"),
        (nonsense, "broke off, over HTTP/2"),
    ],
)
def test_an_exchange_that_breaks_off_is_a_sentence_with_the_reason(manner: H2Manner, words: str) -> None:
    (came,), _ = talk(manner, GET)
    assert came.error is not None
    assert words in came.error.sentence


def test_after_a_go_away_the_next_request_goes_on_a_new_connection() -> None:
    def manner(side: H2Talk) -> None:
        side.request(1)
        # In one piece: a go-away that comes while the next request is on its way is another story.
        side.state.send_headers(1, OK)
        side.state.send_data(1, b"{}", end_stream=True)
        side.state.close_connection()
        side.flush()
        side.wait()

    came, sides = talk(manner, GET, GET)
    assert [one.error for one in came] == [None, None]
    assert len(sides) == 2


def test_http_1_where_http_2_is_to_be_spoken_is_a_sentence() -> None:
    with Loopback(answering(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server, closing(Client(PRIOR)) as client:
        came = client.send(replace(GET, origin=server.origin))
    assert came.error is not None
    assert "--http 1.1" in came.error.sentence


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.mark.parametrize(
    ("http", "offered", "spoken", "alpn"),
    [
        ("auto", ("h2", "http/1.1"), "HTTP/2", "h2"),
        ("auto", ("http/1.1",), "HTTP/1.1", "http/1.1"),
        ("1.1", ("h2", "http/1.1"), "HTTP/1.1", "http/1.1"),
        ("2", ("h2", "http/1.1"), "HTTP/2", "h2"),
    ],
)
def test_which_http_is_spoken_is_agreed_on_in_tls(
    authority: Authority, http: str, offered: tuple[str, ...], spoken: str, alpn: str
) -> None:
    kept: list[H2Talk] = []

    def manner(plain: Talk) -> None:
        if spoken == "HTTP/2":
            speaking(answers((OK, b"{}")), kept)(plain)
        else:
            answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")(plain)

    tls = server_context(authority.sign(f"r-{http}-{alpn[:2]}"), *offered)
    options = ConnectionOptions(ca=str(authority.ca), http=http)
    with Loopback(manner, tls=tls) as server, closing(Client(options)) as client:
        came = client.send(replace(GET, origin=server.origin))
    assert came.response is not None
    assert (came.response.version, came.connection.alpn) == (spoken, alpn)


def test_a_server_that_agrees_on_no_http_2_is_named(authority: Authority) -> None:
    tls = server_context(authority.sign("no-h2"), "http/1.1")
    options = ConnectionOptions(ca=str(authority.ca), http="2")
    with Loopback(answering(b""), tls=tls) as server, closing(Client(options)) as client:
        came = client.send(replace(GET, origin=server.origin))
    assert came.error is not None
    assert "HTTP/2" in came.error.sentence


def test_a_stop_ends_an_exchange_that_waits() -> None:
    began = threading.Event()

    def manner(side: H2Talk) -> None:
        side.request(1)
        began.set()
        side.wait()

    kept: list[H2Talk] = []
    with Loopback(speaking(manner, kept)) as server, closing(Client(PRIOR)) as client:

        def stop() -> None:
            began.wait(5)
            client.stop()

        stopping = threading.Thread(target=stop)
        stopping.start()
        came = client.send(replace(GET, origin=server.origin))
        stopping.join()
    assert came.error is not None
    assert came.error.kind == "stopped"
