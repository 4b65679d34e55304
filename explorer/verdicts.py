"""What an answer is worth by the specification: as expected, allowed, unusual, or wrong, each with its section.

A verdict speaks of the answer alone. Why something failed, and what mends it, is for the diagnoses.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from explorer.frozen import frozen
from explorer.model import Exchange, Response, body_size
from explorer.spec.challenges import parse_challenges
from explorer.spec.digests import digest_of, is_digest
from explorer.spec.endpoints import Endpoint, endpoint_of
from explorer.spec.ranges import bytes_received

GRADES = ("as expected", "allowed", "unusual", "wrong")
"""From the best to the worst."""

_EVERYWHERE = {
    301: "it is at another address; how the method changes there is the client's matter",
    302: "it is at another address; how the method changes there is the client's matter",
    307: "it is at another address, to be asked with the same method and body",
    308: "it is at another address, to be asked with the same method and body",
    401: "credentials are wanted; the challenge says which",
    403: "the credentials do not allow this",
    429: "too many requests; Retry-After says when to come again",
}


@frozen
class Judgement:
    """One thing that is said of an answer: its grade, in words, and the section that says so."""

    grade: str
    words: str
    section: str


@frozen
class Verdict:
    """All that is said of an answer; `grade` is the worst of it."""

    judgements: tuple[Judgement, ...]

    @property
    def grade(self) -> str:
        """The worst grade of all; as expected where nothing is said."""
        return max((judgement.grade for judgement in self.judgements), key=GRADES.index, default=GRADES[0])


def verdict_on(exchange: Exchange) -> Verdict | None:
    """Return what the specification says of an exchange's answer; None where there is none or it is not of this API."""
    response = exchange.response
    if response is None:
        return None
    endpoint = endpoint_of(exchange.request.method, exchange.request.target)
    if endpoint is None:
        return None
    return _verdict((_on_status(endpoint, response.status), *_on_headers(exchange, endpoint, response)))


@lru_cache(256)
def _verdict(judgements: tuple[Judgement, ...]) -> Verdict:
    """Return a verdict; many answers of a session have the same one."""
    return Verdict(judgements)


@lru_cache(256)
def _on_status(endpoint: Endpoint, status: int) -> Judgement:
    allowed = endpoint.answer(status)
    if allowed:
        grade = "as expected" if allowed.grade == "expected" else "allowed"
        return Judgement(grade, f"{status}: {allowed.meaning}", endpoint.id)
    if status in _EVERYWHERE:
        return Judgement("allowed", f"{status}: {_EVERYWHERE[status]}", "RFC 9110, 15")
    wanted = " or ".join(str(one.status) for one in endpoint.answers if one.grade == "expected")
    if 500 <= status < 600:
        return Judgement("wrong", f"{status}: the server failed; {wanted} was to be expected", "RFC 9110, 15.6")
    grade = "unusual" if 200 <= status < 300 or 400 <= status < 500 else "wrong"
    return Judgement(
        grade, f"{status} is not among the answers of {endpoint.id}; {wanted} is what it wants", endpoint.id
    )


def _on_headers(exchange: Exchange, endpoint: Endpoint, response: Response) -> Iterator[Judgement]:
    for status, name in endpoint.must:
        if response.status == status and not response.headers.get(name):
            grade = "wrong" if name == "Location" else "unusual"
            yield Judgement(grade, f"a {status} has to have a {name}, and there is none", endpoint.id)
    if response.status == 401 and not parse_challenges(response.headers):
        yield Judgement("wrong", "a 401 has to have a WWW-Authenticate that can be read", "RFC 9110, 11.6.1")
    yield from _on_range(endpoint, response)
    yield from _on_digest(exchange, endpoint, response)


def _on_range(endpoint: Endpoint, response: Response) -> Iterator[Judgement]:
    said = response.headers.get("Range")
    if said is None or endpoint.id not in ("end-4a", "end-5", "end-13"):
        return
    if said.startswith("bytes") or "--" in said:
        yield Judgement("unusual", f"Range '{said}' is not written 0-LAST", endpoint.id)
    elif bytes_received(said) is None and said.strip() != "0-0":
        yield Judgement("wrong", f"Range '{said}' cannot be read; 0-LAST was to be expected", endpoint.id)


def _on_digest(exchange: Exchange, endpoint: Endpoint, response: Response) -> Iterator[Judgement]:
    said = response.headers.get("Docker-Content-Digest")
    if said is None or response.status >= 300:
        return
    if not is_digest(said):
        yield Judgement("wrong", f"Docker-Content-Digest '{said}' is no digest", "Digests")
        return
    body = response.body
    is_whole = exchange.request.method == "GET" and response.status == 200 and isinstance(body, bytes)
    if is_whole and isinstance(body, bytes) and body_size(body) and endpoint.id in ("end-2", "end-3"):
        algorithm = said.partition(":")[0]
        if digest_of(body, algorithm) != said:
            yield Judgement("wrong", "Docker-Content-Digest is not the digest of the body", endpoint.id)
