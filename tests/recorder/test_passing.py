"""What goes through the recorder, seen at both of its sockets."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from explorer.model import Unkept, sha256_of
from tests.ports import free_port
from tests.recorder.recording import PATIENCE, Recorded, recording, wait_until
from tests.wire.loopback import OK, Loopback, Manner, Talk, answering

MIB = 1024 * 1024

GET = b"GET /v2/ HTTP/1.1\r\nhOsT:  near.test \r\nX-A: 1\r\nx-a:2\r\n\r\n"


class Caller:
    """A client that says exactly the bytes that it is told to."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self.socket = socket.create_connection((host, int(port)), PATIENCE)

    def say(self, raw: bytes) -> None:
        """Send bytes."""
        self.socket.sendall(raw)

    def end(self) -> None:
        """Send no more."""
        self.socket.shutdown(socket.SHUT_WR)

    def hear(self, count: int) -> bytes:
        """Return so many bytes, or fewer where they end before."""
        heard = b""
        while len(heard) < count and (more := self.socket.recv(count - len(heard))):
            heard += more
        return heard

    def hear_all(self) -> bytes:
        """Return all bytes up to the end."""
        return self.hear(1 << 30)

    def close(self) -> None:
        """Go away."""
        self.socket.close()

    def reset(self) -> None:
        """Go away rudely."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()


class Between:
    """A caller, the recorder, and a scripted upstream."""

    def __init__(self, upstream: Loopback, recorded: Recorded) -> None:
        self.upstream = upstream
        self.recorded = recorded

    def call(self) -> Caller:
        """Return a new client."""
        return Caller(self.recorded.address)

    def mapped(self, raw: bytes) -> bytes:
        """Return a head of this file's as the upstream has to get it."""
        return raw.replace(b"near.test", self.upstream.origin.authority.encode())


@contextlib.contextmanager
def between(*manners: Manner, **options: object) -> Iterator[Between]:
    with Loopback(*manners) as upstream, recording(upstream.origin, **options) as recorded:
        yield Between(upstream, recorded)


def one_exchange(raw: bytes, answer: bytes, body: int = 0, count: int = 1, **options: object) -> tuple[Between, bytes]:
    """Send a request, have it answered, and return what the caller heard when everything was over."""
    with between(answering(answer, body=body), **options) as there:
        with closing(there.call()) as caller:
            caller.say(raw)
            heard = caller.hear_all()
        there.recorded.wait_for(count)
    return there, heard


def test_heads_go_through_byte_for_byte_save_the_host() -> None:
    answer = b"HTTP/1.1 200  All  fine \r\nx-b:\t2 \r\nX-B: 1\r\nContent-length: 2\r\n\r\n{}"
    there, heard = one_exchange(GET, answer)
    exchange = there.recorded.only()
    assert there.upstream.received == [there.mapped(GET)]
    assert heard == answer
    assert exchange.client
    assert (exchange.client.sent_head, exchange.sent_head) == (GET, there.mapped(GET))
    assert exchange.client.received_head == exchange.received_head == answer.removesuffix(b"{}")
    assert exchange.response
    assert exchange.response.body == b"{}"
    assert exchange.error is None


def test_verbatim_leaves_even_the_host() -> None:
    answer = b"HTTP/1.1 307 T\r\nLocation: https://elsewhere.test/a\r\nContent-Length: 0\r\n\r\n"
    there, heard = one_exchange(GET, answer, is_verbatim=True)
    assert there.upstream.received == [GET]
    assert heard == answer


def test_what_leads_elsewhere_is_told_as_the_recorders_own() -> None:
    answer = (
        b"HTTP/1.1 401 Unauthorized\r\nLocation: https://s.test/a?b=%2F\r\n"
        b'WWW-Authenticate: Bearer realm="https://auth.test/token",service="s"\r\n'
        b'Link: <https://s.test/n?x=1>; rel="next", </v2/>; rel="x"\r\n'
        b'www-authenticate: Basic realm="Registry"\r\nContent-Length: 0\r\n\r\n'
    )
    there, heard = one_exchange(GET, answer)
    here = b"http://near.test/.via/https/"
    told = answer
    for old, new in ((b"https://s.test/", here + b"s.test/"), (b"https://auth.test/", here + b"auth.test/")):
        told = told.replace(old, new)
    assert heard == told
    exchange = there.recorded.only()
    assert exchange.received_head == answer
    assert exchange.client
    assert exchange.client.received_head == told


@pytest.mark.parametrize(
    ("request_body", "content"),
    [
        (b"Content-Length: 5\r\n\r\nhello", b"hello"),
        (b"Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\n", b"hello"),
        (b"transfer-encoding:CHUNKED\r\n\r\n005\r\nhello\r\n0\r\n\r\n", b"hello"),
    ],
)
def test_a_requests_body_keeps_its_framing(request_body: bytes, content: bytes) -> None:
    raw = b"PATCH /v2/a HTTP/1.1\r\nHost: near.test\r\n" + request_body
    there, heard = one_exchange(raw, OK, body=len(request_body.partition(b"\r\n\r\n")[2]))
    exchange = there.recorded.only()
    assert there.upstream.received == [there.mapped(raw)]
    assert heard == OK
    assert exchange.request.body == content
    assert (exchange.sent_size, exchange.sent_sha256) == (len(content), sha256_of(content))


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;x\r\na\r\n2\r\nbc\r\n0\r\nT: v\r\n\r\n", b"abc"),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n", b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", b""),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", b"a"),
        (b"HTTP/1.1 200 OK\nContent-Length: 1\n\na", b"a"),
    ],
)
def test_an_answer_keeps_its_framing(answer: bytes, content: bytes) -> None:
    there, heard = one_exchange(GET, answer)
    assert heard == answer
    exchange = there.recorded.only()
    assert exchange.response
    assert exchange.response.body == content
    assert exchange.error is None


def test_trailers_are_recorded() -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Digest: a\r\n\r\n"
    there, _ = one_exchange(GET, answer)
    response = there.recorded.only().response
    assert response
    assert response.trailers.get("x-digest") == "a"


def test_a_head_answer_has_no_body_whatever_it_declares() -> None:
    raw = GET.replace(b"GET", b"HEAD")
    with between(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", OK)) as there:
        with closing(there.call()) as caller:
            caller.say(raw)
            assert caller.hear(38) == b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
            caller.say(GET)
            assert caller.hear(len(OK)) == OK
        assert [exchange.status for exchange in there.recorded.wait_for(2)] == [200, 200]
        assert len(there.upstream.received) == 1


def test_pipelined_requests_are_exchanges_of_their_own() -> None:
    second = GET.replace(b"/v2/", b"/v2/b")
    with between(answering(OK, OK)) as there:
        with closing(there.call()) as caller:
            caller.say(GET + second)
            assert caller.hear_all() == OK + OK
        targets = [exchange.request.target for exchange in there.recorded.wait_for(2)]
        assert targets == ["/v2/", "/v2/b"]
        assert there.upstream.received == [there.mapped(GET + second)]
        assert [exchange.connection.reused for exchange in there.recorded.exchanges] == [False, True]


def test_a_client_that_waits_for_the_continue_gets_it_from_the_upstream() -> None:
    raw = b"PUT /v2/a HTTP/1.1\r\nHost: near.test\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"

    def manner(talk: Talk) -> None:
        talk.request()
        talk.say(b"HTTP/1.1 100 Continue\r\n\r\n")
        talk.request(3)
        talk.say(OK)
        talk.end()

    with between(manner) as there:
        with closing(there.call()) as caller:
            caller.say(raw)
            assert caller.hear(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
            caller.say(b"abc")
            assert caller.hear_all() == OK
        exchange = there.recorded.only()
        assert exchange.received_head.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")
        assert exchange.request.body == b"abc"


def test_an_early_answer_comes_while_the_body_is_still_being_sent() -> None:
    raw = b"PUT /v2/a HTTP/1.1\r\nHost: near.test\r\nContent-Length: 10\r\n\r\n"
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"

    def manner(talk: Talk) -> None:
        talk.request(3)
        talk.say(refusal)
        talk.request(0, talk.request(10))
        talk.say(OK)
        talk.end()

    with between(manner) as there:
        with closing(there.call()) as caller:
            caller.say(raw + b"abc")
            assert caller.hear(len(refusal)) == refusal
            caller.say(b"defghij" + GET)
            assert caller.hear_all() == OK
        first, second = there.recorded.wait_for(2)
        assert (first.status, first.sent_size, first.error) == (413, 10, None)
        assert second.status == 200


def test_an_upstream_that_answers_early_and_closes_ends_the_client_too() -> None:
    raw = b"PUT /v2/a HTTP/1.1\r\nHost: near.test\r\nContent-Length: 1000000000\r\n\r\n"
    refusal = b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"

    def manner(talk: Talk) -> None:
        talk.request(3)
        talk.say(refusal)
        talk.socket.shutdown(socket.SHUT_WR)
        talk.wait()

    with between(manner) as there:
        with closing(there.call()) as caller:
            caller.say(raw + b"abc")
            assert caller.hear_all() == refusal
        exchange = there.recorded.only()
        assert (exchange.status, exchange.sent_size, exchange.error) == (413, 3, None)


def test_a_half_close_is_passed_on_and_the_answer_still_comes() -> None:
    def manner(talk: Talk) -> None:
        talk.wait()
        talk.say(OK)
        talk.end()

    with between(manner) as there:
        with closing(there.call()) as caller:
            caller.say(GET)
            caller.end()
            assert caller.hear_all() == OK
        assert there.recorded.only().status == 200


def test_a_half_close_behind_pipelined_requests_waits_for_the_last_of_them() -> None:
    has_ended = threading.Event()

    def manner(talk: Talk) -> None:
        end = talk.request()
        has_ended.wait(PATIENCE)
        time.sleep(0.2)  # enough, mostly, for the recorder to see the end; too short a time only finds less
        talk.say(OK)
        talk.request(0, end)
        talk.wait()
        talk.say(OK)
        talk.end()

    with between(manner) as there:
        with closing(there.call()) as caller:
            caller.say(GET + GET)
            caller.end()
            has_ended.set()
            assert caller.hear_all() == OK + OK
        assert [exchange.status for exchange in there.recorded.wait_for(2)] == [200, 200]
        assert there.upstream.received == [there.mapped(GET + GET)]


def test_a_client_that_goes_away_in_its_body_is_recorded_so() -> None:
    gone = threading.Event()

    def manner(talk: Talk) -> None:
        talk.wait()
        gone.set()

    with between(manner) as there:
        with closing(there.call()) as caller:
            caller.say(b"PATCH /v2/a HTTP/1.1\r\nHost: near.test\r\nContent-Length: 10\r\n\r\nabc")
        assert gone.wait(PATIENCE)
        exchange = there.recorded.only()
        assert exchange.error
        assert exchange.error.kind == "client-gone"
        assert (exchange.request.body, exchange.sent_size) == (b"abc", 3)


def test_a_client_that_goes_away_while_it_waits_is_told_to_the_upstream() -> None:
    gone = threading.Event()

    def manner(talk: Talk) -> None:
        talk.request()
        talk.wait()
        gone.set()

    with between(manner) as there:
        caller = there.call()
        caller.say(GET)
        wait_until(lambda: bool(there.upstream.talks and there.upstream.talks[0].got))
        caller.reset()
        assert gone.wait(PATIENCE)
        exchange = there.recorded.only()
        assert exchange.error
        assert exchange.error.kind == "client-gone"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (b"", "without a whole head"),
        (b"HTTP/1.1 200 OK\r\nConte", "without a whole head"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "after an announcement"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "after 3 bytes of the answer's body"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "after 2 bytes of the answer's body"),
    ],
)
def test_an_upstream_that_goes_away_is_recorded_so(said: bytes, sentence: str) -> None:
    there, heard = one_exchange(GET, said)
    exchange = there.recorded.only()
    assert exchange.error
    assert exchange.error.kind == "closed"
    assert sentence in exchange.error.sentence
    assert heard == said


def test_an_upstream_that_resets_has_the_client_reset() -> None:
    def manner(talk: Talk) -> None:
        talk.request()
        talk.reset()

    with between(manner) as there:
        with closing(there.call()) as caller:
            caller.say(GET)
            with pytest.raises(ConnectionResetError):
                caller.hear_all()
        exchange = there.recorded.only()
        assert exchange.error
        assert "reset" in exchange.error.sentence


def test_an_upstream_that_closes_a_kept_connection_closes_the_clients() -> None:
    with between(answering(OK)) as there, closing(there.call()) as caller:
        caller.say(GET)
        assert caller.hear_all() == OK


def test_what_an_upstream_says_unasked_is_passed_on() -> None:
    late = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n"

    def manner(talk: Talk) -> None:
        talk.request()
        talk.say(OK)
        wait_until(lambda: len(recorded) == 1)
        talk.say(late)
        talk.end()

    with between(manner) as there:
        recorded = there.recorded.exchanges
        with closing(there.call()) as caller:
            caller.say(GET)
            assert caller.hear_all() == OK + late


def test_what_is_not_http_is_passed_on_and_named() -> None:
    there, heard = one_exchange(GET, b"SSH-2.0-OpenSSH\r\n")
    assert heard == b"SSH-2.0-OpenSSH\r\n"
    error = there.recorded.only().error
    assert error
    assert error.kind == "not-http"


def test_a_framing_in_doubt_is_passed_on_to_the_end() -> None:
    raw = b"PUT /v2/a HTTP/1.1\r\nHost: near.test\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc" + GET

    def manner(talk: Talk) -> None:
        talk.wait()
        talk.say(OK + OK)
        talk.end()

    with between(manner) as there:
        with closing(there.call()) as caller:
            caller.say(raw)
            caller.end()
            heard = caller.hear_all()
        exchange = there.recorded.only()
        assert there.upstream.received == [there.mapped(raw[: -len(GET)]) + GET]
        assert heard.startswith(OK)
        assert [note.kind for note in exchange.notes] == ["framing-in-doubt"]


def test_a_switch_to_another_protocol_opens_both_directions() -> None:
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"

    def manner(talk: Talk) -> None:
        end = talk.request()
        talk.say(switch)
        talk.until(b"ping", end)
        talk.say(b"pong")
        talk.end()

    with between(manner) as there:
        with closing(there.call()) as caller:
            caller.say(GET)
            assert caller.hear(len(switch)) == switch
            caller.say(b"ping")
            assert caller.hear_all() == b"pong"
        assert there.recorded.only().status == 101


def test_an_upstream_that_cannot_be_reached_is_answered_for_and_recorded() -> None:
    with recording(f"127.0.0.1:{free_port()}") as recorded, closing(Caller(recorded.address)) as caller:
        caller.say(GET)
        heard = caller.hear_all()
        exchange = recorded.only()
    assert heard.startswith(b"HTTP/1.1 502 Bad Gateway\r\nServer: registry-explorer recorder\r\n")
    assert exchange.error
    assert exchange.error.kind == "unreachable"
    assert exchange.client
    assert exchange.client.received_head == heard.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert exchange.response is None


def test_an_origin_that_no_answer_named_is_not_reached() -> None:
    with between(answering(OK)) as there, closing(there.call()) as caller:
        caller.say(GET.replace(b"/v2/", b"/.via/http/127.0.0.1:1/x"))
        assert caller.hear_all().startswith(b"HTTP/1.1 421 ")


@pytest.mark.parametrize("verbatim", [False, True])
@pytest.mark.parametrize("line", [b" Authorization: Basic YTpi", b"\tHost: elsewhere", b" "])
def test_a_line_that_is_a_header_to_some_alone_is_not_passed_on(line: bytes, *, verbatim: bool) -> None:
    raw = GET.replace(b"\r\n", b"\r\n" + line + b"\r\n", 1)
    with between(answering(OK), is_verbatim=verbatim) as there, closing(there.call()) as caller:
        caller.say(raw)
        heard = caller.hear_all()
        assert heard.startswith(b"HTTP/1.1 400 ")
        assert b"begins with a blank" in heard
        assert b"YTpi" not in heard
        assert there.upstream.received == []


@pytest.mark.parametrize("raw", [b"\x16\x03\x01\x02\x00\x01\x00", b"GARBAGE\r\n\r\n", b"\0\0\0\0"])
def test_a_client_that_speaks_no_http_is_told_so_and_recorded(raw: bytes) -> None:
    with between(answering(OK)) as there:
        with closing(there.call()) as caller:
            caller.say(raw)
            assert caller.hear_all().startswith(b"HTTP/1.1 400 ")
        exchange = there.recorded.only()
        assert exchange.client
        assert exchange.client.sent_head == raw
        assert there.upstream.received == []


@pytest.mark.parametrize("size", [MIB, 24 * MIB + 1])
def test_a_large_body_is_kept_by_size_and_digest(size: int) -> None:
    content = random.Random(size).randbytes(size)
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content
    there, heard = one_exchange(GET, answer)
    assert heard == answer
    response = there.recorded.only().response
    assert response
    assert response.body == Unkept(len(content), sha256_of(content), "the answer")


def test_stopping_records_what_is_under_way_as_interrupted() -> None:
    def manner(talk: Talk) -> None:
        talk.wait()

    with between(manner) as there, closing(there.call()) as caller:
        caller.say(GET)
        wait_until(lambda: bool(there.upstream.talks and there.upstream.talks[0].got))
        there.recorded.recorder.stop()
    error = there.recorded.only().error
    assert error
    assert error.kind == "interrupted"
