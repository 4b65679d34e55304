"""What flows ask of an answer, and the sentences they stop with."""

from __future__ import annotations

from collections.abc import Generator

from explorer.errors import Stuck
from explorer.model import Exchange, Origin, Request, Response, Slice, Step, Unkept
from explorer.spec.errors import parse_errors
from explorer.spec.locations import resolve

_LONGEST_QUOTE = 200
_PLAIN_TO_TLS = (b"plain HTTP request was sent to HTTPS port", b"sent an HTTP request to an HTTPS server")


def accept(exchange: Exchange, *statuses: int) -> Response:
    """Return the answer where its status is one of those; raises Stuck with what the registry said instead."""
    answer = exchange.response
    if answer is None:
        raise Stuck("There is no answer to go on from.")
    if answer.status in statuses:
        return answer
    wanted = " or ".join(str(status) for status in statuses)
    method = exchange.request.method
    raise Stuck(f"{method} was answered {answer.status_text}; {wanted} was expected. {describe(answer)}")


def describe(answer: Response) -> str:
    """Return a sentence about what the body of an answer says."""
    if isinstance(answer.body, Unkept):
        return f"The body, {answer.body.size} bytes, was not kept."
    if isinstance(answer.body, Slice):
        return f"The body, {answer.body.length} bytes, was saved."
    body = answer.body
    errors = parse_errors(body)
    if errors:
        return (
            "The registry says: "
            + "; ".join(
                " ".join(filter(None, (e.code, e.message, f"({e.detail})" if e.detail else ""))) for e in errors
            )
            + "."
        )
    if any(words in body for words in _PLAIN_TO_TLS):
        return "That port speaks TLS and was asked in plain http: write https:// before the target."
    kind = answer.headers.get("Content-Type") or "no Content-Type"
    if not body:
        return "The answer has no body."
    quote = " ".join(body[:_LONGEST_QUOTE].decode("utf-8", "replace").split())
    more = "…" if len(body) > _LONGEST_QUOTE else ""
    return f"The body ({kind}) is no registry's error, so something else may have answered: {quote}{more}"


def next_location(exchange: Exchange) -> tuple[Origin, str]:
    """Return where the answer's Location leads to; raises Stuck where it has none that can be used."""
    answer = exchange.response
    if answer is None:
        raise Stuck("There is no answer to take a Location from.")
    try:
        return resolve(exchange.request, answer.headers.get("Location"))
    except Stuck as stuck:
        raise Stuck(f"{stuck.sentence} The answer was {answer.status_text}. {describe(answer)}") from stuck


def upload_after(exchange: Exchange) -> tuple[Origin, str]:
    """Return where an upload goes on after a PATCH, or after its status was asked; raises Stuck where that is unknown.

    Quay's answer to the status has no Location, so the address that was asked still holds.
    """
    answer = exchange.response
    if exchange.request.method == "GET" and answer and answer.headers.get("Location") is None:
        return exchange.request.origin, exchange.request.target
    return next_location(exchange)


def check_digest(answer: Response, digest: str) -> None:
    """Raise Stuck where the answer names another digest of the same algorithm; another algorithm may differ."""
    named = answer.headers.get("Docker-Content-Digest")
    if named and named.split(":")[0] == digest.split(":")[0] and named != digest:
        raise Stuck(f"The registry stored it as {named}, but {digest} was sent (Docker-Content-Digest differs).")


def answered(
    title: str,
    sent: Request,
    *,
    spec: str,
    why: str,
    expects: tuple[int, ...],
) -> Generator[Step, Exchange, Exchange]:
    """Send one request and return the exchange; raises Stuck where the status is none of `expects`."""
    exchange = yield Step(title, sent, spec=spec, why=why, expects=expects)
    accept(exchange, *expects)
    return exchange
