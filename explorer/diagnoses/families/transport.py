"""The connection: what came instead of an HTTP answer, or broke it off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen

_PLAIN_TO_TLS = ("plain HTTP request was sent to HTTPS port", "Client sent an HTTP request to an HTTPS server")
_TLS_TO_PLAIN = (
    "that port speaks plain http",
    "The client began in TLS",
    "wrong version number",
    "WRONG_VERSION_NUMBER",
    "server gave HTTP response to HTTPS client",
    "first record does not look like a TLS handshake",
)
_HAS_BEGUN = re.compile("broke off|is malformed")
_BREAKS_THE_RULES = re.compile(  # the second in recordings of versions that quoted h11
    "^The answer of [^ ]+ is malformed: "
    "|broke off or is malformed: (?:bad|conflicting|illegal|multiple|receive buffer|only) ",
    re.IGNORECASE,
)
_RESETS = (
    "GOAWAY",
    "REFUSED_STREAM",
    "INTERNAL_ERROR; received from peer",
    "stream error",
    "after Request.Body was written",
    "ENHANCE_YOUR_CALM",
    "HTTP/2 framing layer",
    "HTTP/2 stream",
)


@rule(
    "http-to-https-port",
    "decides",
    fix="Write https:// before the target; where the registry is meant to be asked in plain http, use its http port.",
    sources=("observed with nginx 1.22 and Go's net/http",),
)
def http_to_https_port(seen: Seen) -> Iterator[Found]:
    """The request went out in plain http, and the port speaks TLS.

    nginx answers 400 with a page that says so; Go's server answers 400 in one line of text, without headers.
    """
    error = seen.exchange.error
    answered_in_tls = error is not None and "answered in TLS" in error.sentence
    if (seen.status == 400 and seen.says(*_PLAIN_TO_TLS)) or answered_in_tls:
        place = seen.at_failure if answered_in_tls else seen.at_body()
        secure = f"https://{seen.request.origin.authority}{seen.target}"
        if seen.status and seen.proxy and seen.r("Server") and not seen.says(_PLAIN_TO_TLS[0]):
            yield _from_a_proxy(seen)
            return
        proof = f"the request went to {seen.request.origin}, and what answered there speaks TLS"
        yield Found("plain http was spoken to a TLS port", proof, (place,), seen.to(secure), "https instead of http")


def _from_a_proxy(seen: Seen) -> Found:
    """Return that it was the proxy that spoke plain http to the registry, whose words it passes on."""
    return Found(
        f"{seen.proxy} speaks plain http to a registry that speaks TLS",
        f"the sentence is of a server written in Go, and the head of the answer is {seen.proxy}'s (Server: "
        f"{seen.r('Server')})",
        (seen.at_body(), seen.at_answer("Server")),
        who="proxy",
        fix="Let the proxy speak TLS to the registry (nginx: proxy_pass https://REGISTRY; and "
        "proxy_ssl_trusted_certificate for its CA), or switch TLS off behind it.",
    )


@rule(
    "https-to-http-port",
    "decides",
    fix="Write http:// before the target (--plain-http here; insecure-registries for docker, --tls-verify=false for "
    "skopeo and podman, --insecure for crane, --plain-http for oras); or put a proxy with a certificate in front.",
    sources=("observed with distribution 3 and nginx 1.22",),
)
def https_to_http_port(seen: Seen) -> Iterator[Found]:
    """TLS was spoken to a port that speaks plain http, so the handshake met HTTP instead of TLS.

    OpenSSL calls it "wrong version number", Go "server gave HTTP response to HTTPS client".
    """
    if seen.exchange.error and seen.says(*_TLS_TO_PLAIN):
        if not seen.method:
            yield Found("TLS was spoken to a plain http port", seen.exchange.error.sentence, (seen.at_failure,))
            return
        plain = f"http://{seen.request.origin.authority}{seen.target}"
        proof = f"the handshake with {seen.request.origin} was answered with something that is not TLS"
        yield Found(
            "TLS was spoken to a plain http port", proof, (seen.at_failure,), seen.to(plain), "http instead of https"
        )


@rule(
    "host-unreachable",
    "decides",
    who="network",
    fix="Check the name, the port, and whether the registry runs and this machine may reach it.",
)
def host_unreachable(seen: Seen) -> Iterator[Found]:
    """There was no connection: the name has no address, nothing listens at the port, or the way there is blocked."""
    error = seen.exchange.error
    if error and (
        error.kind == "unreachable" or (error.kind == "timeout" and "did not take a connection" in error.sentence)
    ):
        where = seen.request.origin
        yield Found(f"{where} cannot be reached", error.sentence, (seen.at_failure,), key=str(where))


@rule(
    "http2-stream-reset",
    "likely",
    who="proxy",
    fix="Send it again; where it comes back, speak HTTP/1.1 (GODEBUG=http2client=0 for Go clients, --http1.1 for curl) "
    "and raise the front end's limits for request bodies and streams (nginx: http2_max_requests, keepalive_requests).",
    sources=("google/go-containerregistry#1318", "werf/werf#2684"),
)
def http2_stream_reset(seen: Seen) -> Iterator[Found]:
    """An HTTP/2 front end ended the stream or the connection while the body was on its way.

    GOAWAY, REFUSED_STREAM and INTERNAL_ERROR are its words for it. A body that was partly sent cannot be sent again by
    clients that stream it.
    """
    if seen.exchange.error and seen.says(*_RESETS):
        yield Found("the HTTP/2 stream was reset", seen.exchange.error.sentence, (seen.at_failure,))


@rule(
    "answer-cut-off",
    "likely",
    who="proxy",
    fix="Ask again; where it comes back at the same size or time, look for a limit or a timeout in what stands between "
    "(proxy_read_timeout, proxy_max_temp_file_size in nginx, an idle timeout in a load balancer).",
)
def answer_cut_off(seen: Seen) -> Iterator[Found]:
    """The answer began and then the connection ended before all of it had come: less than its Content-Length said."""
    error = seen.exchange.error
    if error and _BREAKS_THE_RULES.search(error.sentence):
        yield Found(
            "the answer is not as HTTP has it",
            error.sentence,
            (seen.at_failure,),
            who="registry",
            cause="What came begins as an answer of HTTP and then breaks its rules, so that where it ends cannot be "
            "told.",
            fix="Look at the raw head (curl -v, registry-explorer record), and ask past what stands between: a gateway "
            "that writes headers by itself, or something that is no registry.",
        )
        return
    if error and error.kind == "closed" and (seen.response is not None or "broke off" in error.sentence):
        declared = seen.r("Content-Length")
        proof = f"Content-Length says {declared}; {error.sentence}" if declared else error.sentence
        yield Found("the answer broke off", proof, (seen.at_failure,))


@rule(
    "response-dropped",
    "likely",
    who="registry",
    fix="Send it again; where it comes back, look into the log of the registry at that time (a handler that crashed), "
    "and into the idle timeouts of what stands in front.",
    sources=("observed with go-containerregistry's test registry",),
)
def response_dropped(seen: Seen) -> Iterator[Found]:
    """The connection was closed without a byte of an answer: a handler that crashed, an idle timeout, TLS to a plain
    port.

    A proxy that refuses a large body may do this, too, where it does not read the body to its end.
    """
    error = seen.exchange.error
    if error and error.kind == "closed" and seen.response is None and not _HAS_BEGUN.search(error.sentence):
        sent = f"{seen.size:,} bytes of body had been sent" if seen.size else "the request had been sent"
        yield Found(
            "no answer came: the connection was closed",
            f"{sent}; {error.sentence}",
            (seen.at_failure,),
            otherwise=("a body limit in front of the registry", "a crash of the registry", "an idle timeout"),
            experiment="send the same request with a body of a few bytes: where that is answered, it is a limit "
            "on size",
        )


@rule(
    "expect-100-stall",
    "hint",
    when="always",
    fix="Send no Expect (curl: -H 'Expect:'), or let the proxy pass 100 Continue on.",
    sources=("observed with curl 7.88 and distribution 3", "RFC 9110, 10.1.1"),
)
def expect_100_stall(seen: Seen) -> Iterator[Found]:
    """The request asks to be told to go on (Expect: 100-continue) before it sends its body, and was not told.

    curl adds the field for larger bodies and waits a second for the answer. 417 is a refusal of it. A final answer
    before the body is normal: the body then need not be sent.
    """
    expects = (seen.q("Expect") or "").lower() == "100-continue"
    times = seen.exchange.timings
    if seen.status == 417:
        yield Found(
            "the Expect field was refused with 417",
            "417 answers Expect: 100-continue",
            (seen.at_header("Expect"), seen.at_answer()),
            seen.without_header("Expect"),
            "no Expect field",
            certainty="decides",
        )
    elif expects and seen.exchange.error and seen.exchange.error.kind == "timeout":
        yield Found(
            "100 Continue never came",
            seen.exchange.error.sentence,
            (seen.at_header("Expect"), seen.at_failure),
            seen.without_header("Expect"),
            "no Expect field",
            certainty="likely",
        )
    elif expects and _waited(seen) and times.sent is not None:
        yield Found(
            "no 100 Continue came within a second",
            f"the body was complete after {times.sent:.2f} s, and no 100 stands before the answer",
            (seen.at_header("Expect"),),
            seen.without_header("Expect"),
            "no Expect field",
        )


def _waited(seen: Seen) -> bool:
    heads = seen.exchange.received_head
    return bool(heads) and b" 100 " not in heads[:20] and (seen.exchange.timings.sent or 0) >= 0.95 and seen.worked


@rule(
    "timed-out",
    "likely",
    who="network",
    fix="Ask again, and measure where the time goes: GET /v2/ answers at once from a registry that is well. Where only "
    "large bodies hang, compare Content-Length with the bytes that were sent, and look at the proxy's buffering.",
    sources=("observed",),
)
def timed_out(seen: Seen) -> Iterator[Found]:
    """The connection was made, and then nothing more came in time.

    A Content-Length that promises more than was sent makes the other side wait for the rest; so does a proxy that
    buffers a large body before it forwards any of it.
    """
    error = seen.exchange.error
    if error and error.kind == "timeout" and "did not take a connection" not in error.sentence:
        yield Found("no answer came in time", error.sentence, (seen.at_failure,))


@rule(
    "not-http",
    "decides",
    who="network",
    fix="Check the port: something else than a registry listens there.",
)
def not_http(seen: Seen) -> Iterator[Found]:
    """What answered does not speak HTTP."""
    error = seen.exchange.error
    if error and error.kind == "not-http" and not seen.says("answered in TLS", *_TLS_TO_PLAIN):
        yield Found("what answered does not speak HTTP", error.sentence, (seen.at_failure,))
