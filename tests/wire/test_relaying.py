"""A body goes from one registry to another while it comes: exact on both sides, in constant memory, ended cleanly."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace

import pytest

from explorer.errors import InputError
from explorer.model import Headers, Relay, Request, Step, Unkept, sha256_of
from explorer.wire.client import Client
from explorer.wire.sent import Sent
from tests.wire.loopback import GET, NOWHERE, PATIENCE, Loopback, Manner, Talk, answering

DATA = bytes(range(256)) * 4096
TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"


def giving(data: bytes, declared: int | None = None, status: bytes = b"200 OK") -> Manner:
    """Answer with those bytes, and then close."""
    size = str(len(data) if declared is None else declared).encode()
    return answering(b"HTTP/1.1 " + status + b"\r\nContent-Length: " + size + b"\r\n\r\n" + data)


def taking(size: int, answer: bytes = TAKEN) -> Manner:
    """Read a request with so many bytes of a body, and answer."""
    return answering(answer, body=size)


def patch(size: int) -> Request:
    """Return a request whose body is what the other side answers."""
    head = Headers.of(("Host", "b.test"), ("Content-Length", str(size)))
    return Request("PATCH", NOWHERE, "/u", head, Unkept(size, "", "the other's answer"))


def relayed(
    source: Manner, taker: Manner, data: bytes = DATA, algorithm: str = "sha256"
) -> tuple[Sent, Sent | None, bytes]:
    """Relay once; returns both sides, and the bytes that the taker got."""
    digest = f"{algorithm}:{hashlib.new(algorithm, data).hexdigest()}"
    with Loopback(source) as a, Loopback(taker) as b, closing(Client()) as client:
        step = Step("send", replace(patch(len(data)), origin=b.origin))
        came, passed = client.relay(replace(GET, origin=a.origin), Relay(step, digest, len(data)))
    return came, passed, b"".join(b.received)


def test_the_bytes_of_an_answer_are_the_body_of_the_other_request() -> None:
    came, passed, got = relayed(giving(DATA), taking(len(DATA)))
    assert passed is not None
    assert came.response
    assert passed.response
    assert came.error is passed.error is None
    assert got == patch(len(DATA)).head() + DATA
    assert (passed.sent_size, passed.sent_sha256) == (len(DATA), sha256_of(DATA))
    assert isinstance(came.response.body, Unkept)
    assert (came.response.body.size, came.response.body.sha256) == (len(DATA), sha256_of(DATA))


def test_an_empty_body_is_passed_on() -> None:
    came, passed, _ = relayed(giving(b""), taking(0), b"")
    assert passed is not None
    assert came.error is passed.error is None


def test_the_digest_of_another_algorithm_is_computed_on_the_way() -> None:
    came, _, _ = relayed(giving(DATA), taking(len(DATA)), algorithm="sha512")
    assert came.response
    assert isinstance(came.response.body, Unkept)
    assert came.response.body.digest == f"sha512:{hashlib.sha512(DATA).hexdigest()}"


@pytest.mark.parametrize("status", [b"401 Unauthorized", b"307 Temporary Redirect", b"404 Not Found"])
def test_only_a_200_is_passed_on(status: bytes) -> None:
    came, passed, got = relayed(giving(b"why not", status=status), taking(len(DATA)))
    assert passed is None
    assert came.response
    assert (came.response.body, got) == (b"why not", b"")


def test_a_source_that_breaks_off_ends_both_with_its_reason() -> None:
    came, passed, _ = relayed(giving(DATA[:5000], declared=len(DATA)), taking(len(DATA)))
    assert passed is not None
    assert came.error
    assert passed.error
    assert f"5000 of the {len(DATA)} bytes" in passed.error.sentence


def test_a_source_that_sends_more_than_is_declared_is_cut_off() -> None:
    _, passed, got = relayed(giving(DATA + b"x" * 100_000), taking(len(DATA)))
    assert passed is not None
    assert passed.error
    assert "more than" in passed.error.sentence
    assert len(got) <= len(patch(len(DATA)).head()) + len(DATA)


def test_a_source_that_sends_less_than_is_declared_is_said() -> None:
    _, passed, _ = relayed(giving(DATA[:10]), taking(len(DATA)))
    assert passed is not None
    assert passed.error
    assert f"10 of the {len(DATA)} bytes" in passed.error.sentence


def test_an_early_refusal_ends_the_source_without_a_failure() -> None:
    def refuse(talk: Talk) -> None:
        talk.request()
        talk.say(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        talk.end()

    data = DATA * 40
    came, passed, _ = relayed(giving(data), refuse, data)
    assert passed is not None
    assert passed.response
    assert came.response
    assert (passed.response.status, came.error) == (413, None)
    assert isinstance(came.response.body, Unkept)
    assert came.response.body.size < len(data)


def test_a_taker_that_is_not_there_ends_the_source() -> None:
    with Loopback(giving(DATA * 40)) as a, closing(Client()) as client:
        step = Step("send", patch(len(DATA) * 40))
        came, passed = client.relay(replace(GET, origin=a.origin), Relay(step, "sha256:0", len(DATA) * 40))
    assert passed is not None
    assert passed.error
    assert passed.error.kind == "unreachable"
    assert came.connection.peer.endswith(str(a.origin.port))


def stop_then(begun: threading.Event, client: Client) -> None:
    begun.wait(PATIENCE)
    client.stop()


def test_a_stop_ends_both() -> None:
    def slow(talk: Talk) -> None:
        talk.request()
        talk.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegins")
        begun.set()
        talk.wait()

    begun = threading.Event()
    with Loopback(slow) as a, Loopback(taking(100)) as b, closing(Client()) as client:
        threading.Thread(target=stop_then, args=(begun, client), daemon=True).start()
        step = Step("send", replace(patch(100), origin=b.origin))
        came, passed = client.relay(replace(GET, origin=a.origin), Relay(step, "sha256:0", 100))
    assert came.error
    assert passed is None or passed.error


def test_a_request_that_no_wire_can_carry_is_refused_before_anything_is_sent() -> None:
    relay = Relay(Step("send", replace(patch(1), target="/a\nb")), "sha256:0", 1)
    with Loopback(giving(DATA)) as a, closing(Client()) as client, pytest.raises(InputError, match="line feed"):
        client.relay(replace(GET, origin=a.origin), relay)
    assert a.received == []


MEMORY = """
import resource, sys
from contextlib import closing
from dataclasses import replace
from explorer.model import Relay, Step
from explorer.wire.client import Client
from tests.wire.loopback import GET, Loopback
from tests.wire.test_relaying import patch, TAKEN

BLOCK, COUNT = bytes(1 << 20), 200
SIZE = len(BLOCK) * COUNT

def give(talk):
    talk.request()
    talk.say(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n" % SIZE)
    for _ in range(COUNT):
        talk.say(BLOCK)
    talk.end()

def take(talk):
    talk.request()
    left = SIZE - (len(talk.got) - talk.got.index(b"\\r\\n\\r\\n") - 4)
    while left > 0:
        left -= len(talk.socket.recv(1 << 20))
    talk.say(TAKEN)
    talk.end()

with Loopback(give) as a, Loopback(take) as b, closing(Client()) as client:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    step = Step("send", replace(patch(SIZE), origin=b.origin))
    came, passed = client.relay(replace(GET, origin=a.origin), Relay(step, "sha256:0", SIZE))
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert passed.sent_size == SIZE, passed
print(after - before)
"""


def test_a_body_of_any_size_is_passed_on_in_constant_memory() -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True, timeout=120)
    assert int(done.stdout) < 40 * 1024  # KiB, for 200 MiB that go through
