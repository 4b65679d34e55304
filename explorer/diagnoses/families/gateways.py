"""What a proxy answers in the registry's place: gateway errors, refused methods, web pages."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.diagnoses.declared import Found, rule
from explorer.diagnoses.seen import Seen
from explorer.diagnoses.settings import READ_TIMEOUT, setting
from explorer.recognition.proxies import is_html, page_of

_UPLOAD_METHODS = ("PATCH", "PUT", "DELETE", "POST")


@rule(
    "bad-gateway",
    "decides",
    who="proxy",
    fix="Start the registry, or mend the address that the proxy forwards to; ask the registry's own port past the "
    "proxy.",
    sources=("observed with nginx 1.22 in front of distribution 3",),
)
def bad_gateway(seen: Seen) -> Iterator[Found]:
    """The proxy could not reach the registry, or did not understand its answer.

    502 comes from what stands in front, never from a registry: the registry is down, listens elsewhere, or speaks TLS
    where plain http was expected.
    """
    if seen.status == 502:
        yield Found(
            f"{seen.proxy or 'the proxy'} got no answer from the registry ({seen.status})",
            _page_proof(seen),
            (seen.at_answer(), seen.at_body()),
        )


@rule(
    "gateway-timeout",
    "decides",
    who="proxy",
    fix="Let the proxy wait longer for the registry, and not buffer request bodies.",
    sources=("observed with nginx 1.22 in front of distribution 3",),
)
def gateway_timeout(seen: Seen) -> Iterator[Found]:
    """The proxy gave up waiting for the registry: often a long commit of a large layer to object storage.

    The registry may well finish what it was doing: ask with HEAD whether the blob is there before sending it again.
    """
    if seen.status in (504, 522, 524):
        finished = seen.exchange.timings.finished
        after = f" after {finished:.1f} s" if finished else ""
        yield Found(
            f"{seen.proxy or 'the proxy'} waited too long for the registry ({seen.status}{after})",
            _page_proof(seen),
            (seen.at_answer(),),
            fix=f"Let the proxy wait longer and not buffer bodies ({setting(READ_TIMEOUT, seen.proxy)}).",
        )


@rule(
    "client-closed-499",
    "likely",
    fix="Raise the client's timeout and the proxy's (proxy_request_buffering off; client_body_timeout), and see "
    "whether the "
    "body was shorter than its Content-Length.",
    sources=("sonatype/nexus-public#423", "observed with distribution 3"),
)
def client_closed_499(seen: Seen) -> Iterator[Found]:
    """499: the other side says that the request ended before its body was complete.

    The client's own timeout, a proxy that stopped forwarding, or a Content-Length larger than what was sent. A PATCH
    keeps what arrived (distribution): ask the upload's status and go on from there.
    """
    if seen.status == 499:
        declared = seen.q("Content-Length")
        proof = (
            f"Content-Length said {declared}, {seen.size:,} bytes left"
            if declared and declared != str(seen.size)
            else ""
        )
        yield Found("the request ended before it was complete, says the answer (499)", proof, (seen.at_answer(),))


@rule(
    "verb-blocked",
    "decides",
    who="proxy",
    fix="Let PATCH, PUT, POST, DELETE and HEAD through for /v2/ (limit_except in nginx, allowed HTTP methods in "
    "CDN and "
    "WAF, WebDAV and request filtering in IIS).",
    covers=("html-instead-of-json",),
    sources=("moby/moby#27877", "docker-archive/docker-registry#1060"),
)
def verb_blocked(seen: Seen) -> Iterator[Found]:
    """Something in front does not let this method through: a firewall for web applications, IIS, a content network.

    The answer has none of the registry's marks, and other methods are answered by the registry.
    """
    is_page = seen.who == "proxy" or (seen.who == "" and bool(seen.proxy))
    if seen.method in _UPLOAD_METHODS and seen.status in (403, 405, 501) and is_page and not seen.challenges:
        proof = f"{seen.method} was answered {seen.status} without Docker-Distribution-Api-Version or errors in JSON"
        certainty = "likely" if seen.status == 403 else ""
        yield Found(
            f"{seen.method} does not get through {seen.proxy or 'what stands in front'}",
            proof,
            (seen.at_target(), seen.at_answer()),
            certainty=certainty,
            key=seen.method,
        )


@rule(
    "html-instead-of-json",
    "likely",
    who="proxy",
    when="answered",
    fix="See which server makes this page (its Server header and its text tell), and let it pass /v2/ to the registry.",
    covers=("content-not-its-digest", "not-a-registry", "wrong-digest-header"),
    sources=("distribution/distribution-library-image#143", "moby/moby#27877"),
)
def html_instead_of_json(seen: Seen) -> Iterator[Found]:
    """A web page came where the registry's answer was expected: something in front answered, or a web site.

    A login page, a captive portal, an error page. Go clients decode it blindly and print "invalid character '<' looking
    for beginning of value".
    """
    if seen.response is None or not is_html(seen.response) or seen.method == "HEAD" or 300 <= seen.status < 400:
        return
    begin = f"Content-Type is {seen.r('Content-Type')}; the body begins: {' '.join(seen.text[:90].split())}"
    places = (seen.at_answer("Content-Type"), seen.at_body())
    if seen.worked:
        is_typed = (seen.r("Content-Type") or "").lower().startswith("text/html")
        if seen.kind != "other" and is_typed and seen.r("Docker-Content-Digest") is None:
            yield Found("a web page came in the place of the registry's answer", begin, places, certainty="decides")
        return
    special = seen.status in (401, 411, 413, 417, 429, 502, 503, 504, 400) and is_known_page(seen)
    is_of_api = seen.kind != "other" or seen.history.is_token_service(seen.exchange)
    if is_of_api and not special:
        yield Found(f"a web page came with {seen.status}, not a registry's answer", begin, places)


def is_known_page(seen: Seen) -> bool:
    """Say whether another rule speaks of this page: a login, a limit, a gateway."""
    if seen.status == 400:
        return seen.says("plain HTTP request", "too large", "SSL certificate")
    return True


def _page_proof(seen: Seen) -> str:
    if not seen.knows("response.headers"):
        return ""
    page = page_of(seen.response) if seen.response else ""
    marks = "no Docker-Distribution-Api-Version and no errors in JSON"
    return (
        f"the page is {page}'s own; it has {marks}"
        if page
        else f"the answer has {marks}"
        if seen.who != "registry"
        else ""
    )
