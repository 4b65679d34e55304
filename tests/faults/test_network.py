"""What clients see of bytes that come late, slowly, or not at all."""

from __future__ import annotations

import http.client
import socket
import time

import pytest

from tests.faults.conftest import DATA, DIGEST, With
from tests.faults.test_policies import raw


def test_response_dropped_closes_without_a_byte_and_the_blob_is_there(faulty: With) -> None:
    talk = faulty("response-dropped")
    opened = talk.open().location
    with pytest.raises(http.client.RemoteDisconnected):
        talk.put(opened, DATA)
    assert talk.ask("HEAD", f"/v2/t/r/blobs/{DIGEST}").status == 200
    again = talk.put(opened, DATA)
    assert (again.status, talk.error(again)["code"]) == (404, "BLOB_UPLOAD_UNKNOWN")


def test_answer_cut_ends_within_the_head(faulty: With) -> None:
    assert raw(faulty("answer-cut=20"), b"GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n") == b"HTTP/1.1 200 OK\r\nCon"


def test_request_cut_keeps_what_arrived_and_can_be_resumed(faulty: With) -> None:
    talk = faulty("request-cut=4")
    opened = talk.open().location
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        talk.patch(opened)
    status = talk.ask("GET", opened)
    assert status.headers["range"] == "0-3"
    talk.registry.faults.switch_off("request-cut")
    assert talk.put(talk.patch(status.location, DATA[4:]).location).status == 201


def test_request_cut_lets_short_bodies_through(faulty: With) -> None:
    assert faulty("request-cut=10").push().status == 201


def test_slow_answers_take_their_time_and_are_whole(faulty: With) -> None:
    talk = faulty("slow-answers=100")
    talk.registry.faults.switch_off("slow-answers")
    talk.push()
    talk.registry.faults.switch_on("slow-answers=100")
    begun = time.monotonic()
    seen = talk.ask("GET", f"/v2/t/r/blobs/{DIGEST}")
    assert (seen.body, seen.headers["content-length"]) == (DATA, "10")
    assert time.monotonic() - begun >= 0.09


def test_slow_uploads_take_their_time_and_arrive(faulty: With) -> None:
    talk = faulty("slow-uploads=100")
    begun = time.monotonic()
    assert talk.push().status == 201
    assert time.monotonic() - begun >= 0.09


def test_late_answers_come(faulty: With) -> None:
    begun = time.monotonic()
    assert faulty("late-answers=100ms").ask("GET", "/v2/").status == 200
    assert time.monotonic() - begun >= 0.09


def test_expect_100_stall_says_no_100(faulty: With) -> None:
    talk = faulty("expect-100-stall")
    target = talk.open().location.removeprefix(str(talk.origin))
    head = (
        f"PATCH {target} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((talk.origin.host, talk.origin.port), timeout=10) as sock:
        sock.sendall(head.encode())
        sock.settimeout(0.3)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        sock.settimeout(10)
        sock.sendall(DATA)
        received = b""
        while more := sock.recv(65536):
            received += more
    assert received.startswith(b"HTTP/1.1 202 Accepted\r\n")
