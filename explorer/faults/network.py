"""What happens to bytes on their way: slow, late, broken off, or spoken to the wrong port."""

from __future__ import annotations

from dataclasses import replace

from explorer.faults.answers import nginx_page
from explorer.faults.arguments import Which, choice, size, time, which
from explorer.faults.bodies import Alter, AlteredBody, Blocks, HungUp, trickled
from explorer.faults.declared import Passing, Plays, fault
from explorer.wire.server import PLAIN_TEXT, BodyBroken, Outgoing


@fault("slow-answers", plays=Plays.NETWORK, argument=size("bytes in a second", "1k"), known_as=("gateway-timeout",))
def slow_answers(passing: Passing, rate: int) -> Outgoing:
    """The bodies of all answers trickle, a kilobyte in a second: timeouts of clients and proxies show."""
    return trickled(passing.on(), max(1, rate), passing.pause)


@fault("slow-uploads", plays=Plays.NETWORK, argument=size("bytes in a second", "64k"), known_as=("gateway-timeout",))
def slow_uploads(passing: Passing, rate: int) -> Outgoing:
    """The bodies of all requests are taken slowly, 64 KiB in a second: an upload takes its time, tokens run out."""

    def slowly(blocks: Blocks) -> Blocks:
        for block in blocks:
            yield block
            passing.pause(len(block) / max(1, rate))

    return passing.on(body=AlteredBody(passing.incoming.body, slowly))


@fault("late-answers", plays=Plays.NETWORK, argument=time("how late", "3s"), known_as=("gateway-timeout",))
def late_answers(passing: Passing, seconds: float) -> Outgoing:
    """Every answer comes late; what was asked for has been done by then."""
    answer = passing.on()
    passing.pause(seconds)
    return answer


@fault("response-dropped", plays=Plays.NETWORK, argument=which("PUT+once"))
def response_dropped(passing: Passing, meant: Which) -> Outgoing:
    """The connection is closed without a byte of an answer, for the first PUT; what it asked for has been done.

    Sent again, the PUT is told 404 `BLOB_UPLOAD_UNKNOWN`: the blob is there, and a HEAD finds it.
    """
    answer = passing.on()
    return replace(answer, cut=0) if meant.takes(passing.asked) else answer


@fault(
    "answer-cut",
    plays=Plays.NETWORK,
    argument=size("bytes of head and body that come", "100"),
    known_as=("response-dropped",),
)
def answer_cut(passing: Passing, length: int) -> Outgoing:
    """Every answer breaks off after so many bytes, in the middle of its head or of its body."""
    return replace(passing.on(), cut=length)


@fault(
    "request-cut",
    plays=Plays.NETWORK,
    argument=size("bytes of the body that arrive", "1k"),
    known_as=("response-dropped",),
)
def request_cut(passing: Passing, length: int) -> Outgoing:
    """The connection is closed in the middle of an upload, after so many bytes; those that arrived are kept.

    The status of the upload says how many; a PATCH from there resumes it. Bodies that are shorter get through.
    """
    return passing.on(body=AlteredBody(passing.incoming.body, _up_to(length, HungUp())))


@fault("client-closed-499", plays=Plays.PROXY, argument=size("bytes of the body that are handed on", "1k"))
def client_closed(passing: Passing, length: int) -> Outgoing:
    """499 for an upload that is longer: the proxy ends the request early, the registry takes the client for gone."""
    return passing.on(body=AlteredBody(passing.incoming.body, _up_to(length, _ended())))


def _ended() -> BodyBroken:
    return BodyBroken("The proxy ended the body of the request early.", "closed")


def _up_to(length: int, then: Exception) -> Alter:
    def cut(blocks: Blocks) -> Blocks:
        left = length
        for block in blocks:
            yield block[:left]
            left -= len(block)
            if left < 0:
                raise then

    return cut


@fault("expect-100-stall", plays=Plays.PROXY)
def expect_stall(passing: Passing) -> Outgoing:
    """No `100 Continue` for a client that waits for one: curl and Go go on after a second, others wait for ever."""
    passing.incoming.body.withhold_continue()
    return passing.on()


@fault("http-to-https-port", plays=Plays.DEPLOYMENT, argument=choice("what listens there", "go", "nginx"))
def http_to_https(passing: Passing, what: str) -> Outgoing:
    """400 to whatever is asked: the port speaks TLS, and was spoken to in plain http.

    A Go server says so in a line of text after a head of HTTP/1.0, nginx in a page of HTML.
    """
    if what == "go":
        return Outgoing(400, raw=PLAIN_TEXT)
    passing.swallow()
    return nginx_page(400, note="The plain HTTP request was sent to HTTPS port")
