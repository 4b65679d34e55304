"""Redirects as steps of their own: nothing is followed behind the user's back."""

from __future__ import annotations

from dataclasses import replace

from explorer.errors import Stuck
from explorer.flows import Flow, T
from explorer.flows.answers import next_location
from explorer.model import Exchange, Headers, Origin, Request, Step

REDIRECTS = (301, 302, 303, 307, 308)
_MOST_HOPS = 10
_OF_ONE_ORIGIN = ("Authorization", "Proxy-Authorization", "Cookie")


def redirected(flow: Flow[T]) -> Flow[T]:
    """Run a flow, and show each redirect that it meets as a step that asks the new place.

    The method and the body are kept, since that is what the conversation needs; clients built on Go turn everything but
    GET and HEAD into GET after 301, 302 and 303, and so does curl with a POST. Credentials stay with their origin.
    """
    try:
        step = next(flow)
        while True:
            exchange = yield step
            hops = 0
            while exchange.status in REDIRECTS:
                hops += 1
                if hops > _MOST_HOPS:
                    raise Stuck(f"The registry redirected {_MOST_HOPS} times in a row; this goes in circles.")
                exchange = yield _hop(step, exchange)
            step = flow.send(exchange)
    except StopIteration as done:
        result: T = done.value
        return result


def _hop(step: Step, answered: Exchange) -> Step:
    origin, target = next_location(answered)
    sent = answered.request
    keep = sent.method if answered.status != 303 else "GET"
    headers = _headers(sent, origin)
    moved = replace(sent, method=keep, origin=origin, target=target, headers=headers)
    if keep != sent.method:
        moved = replace(moved, body=b"", headers=headers.without("Content-Length", "Content-Type", "Content-Range"))
    return replace(
        step,
        title=f"{step.title} (redirected)",
        request=moved,
        why=f"The answer {answered.status} names another Location. {_what_clients_do(answered.status, sent.method)}",
    )


def _headers(sent: Request, origin: Origin) -> Headers:
    if origin == sent.origin:
        return sent.headers
    return sent.headers.without(*_OF_ONE_ORIGIN).set("Host", origin.authority)


def _what_clients_do(status: int, method: str) -> str:
    if status in (307, 308):
        return "307 and 308 keep method and body."
    if status == 303:
        return "303 asks for a GET."
    if method in ("GET", "HEAD"):
        return "Method and headers stay as they are."
    return f"Here {method} is kept; most clients would send GET instead, and so lose the body."
