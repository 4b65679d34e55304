"""Faults on the way through the recorder."""

from __future__ import annotations

import http.client
import socket
from contextlib import closing

import pytest

from explorer.errors import InputError
from explorer.faults import faults
from explorer.faults.declared import Where
from explorer.model import Exchange
from explorer.practice import PracticeRegistry
from tests.recorder.recording import Recorded, recording
from tests.wire.loopback import Loopback, answering

Answer = tuple[int, dict[str, str], bytes]


def ask(recorded: Recorded, method: str, target: str, body: bytes = b"") -> Answer:
    host, _, port = recorded.address.rpartition(":")
    with closing(http.client.HTTPConnection(host, int(port), timeout=20)) as connection:
        connection.request(method, target, body)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def through(method: str, target: str, body: bytes, *names: str) -> tuple[Answer, Exchange]:
    """Send one request to the practice registry through a recorder with faults."""
    with PracticeRegistry() as registry, recording(registry.origin, faults=names) as recorded:
        answer = ask(recorded, method, target, body)
        return answer, recorded.only()


def test_a_fault_that_answers_by_itself_is_recorded_as_what_the_client_was_told() -> None:
    answer, exchange = through("POST", "/v2/a/b/blobs/uploads/?digest=x", bytes(2000), "nginx-413=1k")
    assert answer[0] == 413
    assert exchange.response is None
    assert exchange.sent_head == b""
    assert exchange.client
    assert exchange.client.received_head.startswith(b"HTTP/1.1 413 ")
    assert exchange.error
    assert exchange.error.kind == "fault"
    assert [note.value for note in exchange.notes] == ["nginx-413=1k"]


def test_a_fault_that_changes_the_answer_leaves_what_the_upstream_said_to_be_seen() -> None:
    answer, exchange = through("POST", "/v2/a/b/blobs/uploads/", b"", "location-missing")
    assert "location" not in answer[1]
    assert exchange.response
    assert exchange.response.headers.get("Location")
    assert exchange.client
    assert b"location" not in exchange.client.received_head.lower()
    assert exchange.error is None


def test_without_a_hit_a_request_passes_and_locations_still_lead_here() -> None:
    with PracticeRegistry() as registry, recording(registry.origin, faults=("nginx-413=1M",)) as recorded:
        _, headers, _ = ask(recorded, "POST", "/v2/a/b/blobs/uploads/")
        assert recorded.address in headers["location"]
        target = headers["location"].partition(recorded.address)[2]
        assert ask(recorded, "PATCH", target, b"hello")[0] == 202
        assert [exchange.status for exchange in recorded.wait_for(2)] == [202, 202]
        assert recorded.exchanges[1].request.body == b"hello"


def test_a_fault_can_be_switched_while_it_runs() -> None:
    with PracticeRegistry() as registry, recording(registry.origin) as recorded:
        assert ask(recorded, "GET", "/v2/")[0] == 200
        recorded.recorder.faults.switch_on("bad-gateway")
        assert ask(recorded, "GET", "/v2/")[0] == 502
        recorded.recorder.faults.switch_all_off()
        assert ask(recorded, "GET", "/v2/")[0] == 200
        assert [exchange.status for exchange in recorded.wait_for(3)] == [200, 0, 200]


def test_a_dropped_answer_is_a_closed_connection() -> None:
    with PracticeRegistry() as registry, recording(registry.origin, faults=("response-dropped",)) as recorded:
        _, headers, _ = ask(recorded, "POST", "/v2/a/b/blobs/uploads/")
        target = headers["location"].partition(recorded.address)[2]
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            ask(recorded, "PUT", f"{target}&digest=sha256:0", b"")
        assert len(recorded.wait_for(2)) == 2


def test_a_fault_of_the_registry_itself_is_refused() -> None:
    inner = next(kind.name for kind in faults().values() if kind.where is Where.SERVER)
    with PracticeRegistry() as registry, pytest.raises(InputError, match="a recorder cannot cause it"):
        Recorded.of(registry.origin, faults=(inner,))


def test_it_cannot_be_switched_on_later_either_and_is_not_offered() -> None:
    inner = next(kind.name for kind in faults().values() if kind.where is Where.SERVER)
    with PracticeRegistry() as registry, recording(registry.origin) as recorded:
        switchboard = recorded.recorder.faults
        assert inner not in {kind.name for kind in switchboard.kinds}
        with pytest.raises(InputError, match="a recorder cannot cause it"):
            switchboard.switch_on(inner)
        assert switchboard.on == ()


def test_heads_that_no_fault_changes_pass_byte_for_byte() -> None:
    raw = b"POST /v2/a HTTP/1.1\r\nhOsT:  near.test \r\nX-A:1\r\nx-a:  2\t\r\nContent-Length: 3\r\n\r\n"
    answer = b"HTTP/1.1 200  All  fine \r\nx-b:\t2 \r\nX-B: 1\r\nContent-length: 2\r\n\r\n"
    with (
        Loopback(answering(answer + b"{}", body=3)) as upstream,
        recording(upstream.origin, faults=("nginx-413=1M",)) as recorded,
    ):
        host, _, port = recorded.address.rpartition(":")
        with closing(socket.create_connection((host, int(port)), 20)) as caller:
            caller.sendall(raw + b"abc")
            caller.shutdown(socket.SHUT_WR)
            heard = b""
            while more := caller.recv(1 << 16):
                heard += more
        exchange = recorded.only()
    assert heard == answer + b"{}"
    assert upstream.received == [raw.replace(b"near.test", upstream.origin.authority.encode()) + b"abc"]
    assert exchange.client
    assert (exchange.client.sent_head, exchange.client.received_head) == (raw, answer)


def test_a_changed_answer_goes_out_with_its_changes_alone() -> None:
    with (
        Loopback(answering(b"HTTP/1.1 202 Fine\r\nX-b:1\r\nLocation: /v2/x\r\nContent-Length: 0\r\n\r\n")) as upstream,
        recording(upstream.origin, faults=("location-missing",)) as recorded,
    ):
        ask(recorded, "POST", "/v2/a/b/blobs/uploads/")
        exchange = recorded.only()
    assert exchange.client
    head = exchange.client.received_head
    assert head.startswith(b"HTTP/1.1 202 Fine\r\nX-b:1\r\n")
    assert b"Location" not in head


@pytest.mark.parametrize(
    "raw", [b"GET /v2/ HTTP/1.1\r\nX: 1\r\n fold\r\n\r\n", b"\x16\x03\x01\x02\n\r\n", b"GET /v2/\r\n\r\n"]
)
def test_what_cannot_go_through_faults_is_recorded_all_the_same(raw: bytes) -> None:
    with PracticeRegistry() as registry, recording(registry.origin, faults=("bad-gateway",)) as recorded:
        host, _, port = recorded.address.rpartition(":")
        with closing(socket.create_connection((host, int(port)), 20)) as caller:
            caller.sendall(raw)
            assert caller.recv(1 << 16).startswith(b"HTTP/1.1 400 ")
        client = recorded.only().client
        assert client
        assert client.sent_head.startswith(raw[:4])
        assert client.received_head.startswith(b"HTTP/1.1 400 ")


def test_what_is_malformed_behind_a_request_is_recorded_too() -> None:
    with PracticeRegistry() as registry, recording(registry.origin, faults=("nginx-413=1M",)) as recorded:
        host, _, port = recorded.address.rpartition(":")
        with closing(socket.create_connection((host, int(port)), 20)) as caller:
            caller.sendall(b"GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\nGET /v2/ HTTP/1.1\r\nX: 1\r\n fold\r\n\r\n")
            while caller.recv(1 << 16):
                pass
        good, bad = recorded.wait_for(2)
    assert good.status == 200
    assert bad.error
    assert bad.error.kind == "not-http"
    assert bad.client
    assert bad.client.sent_head == b"GET /v2/ HTTP/1.1\r\nX: 1\r\n fold\r\n\r\n"
    assert bad.client.received_head.startswith(b"HTTP/1.1 400 ")
