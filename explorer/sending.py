"""From a step to what happened: one exchange, or two at the same time where the second passes the first's body on."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from explorer.model import Exchange, Failure, Progress, Relay, Request, Save, Step, Unkept
from explorer.wire.sent import Sent


class Wire(Protocol):
    """What sends requests and tells what came of them."""

    def send(self, request: Request, progress: Progress | None = None, save: Save | None = None) -> Sent:
        """Send a request; `save` says where the body of the answer goes."""

    def relay(self, request: Request, relay: Relay, progress: Progress | None = None) -> tuple[Sent, Sent | None]:
        """Send a request and, where it is answered 200, the one that passes its body on; None where it is not."""

    def stop(self) -> None:
        """End what is under way."""

    def close(self) -> None:
        """Close every connection."""


def is_spent(step: Step) -> bool:
    """Say whether a step's body came from another answer, so that the step cannot be sent by itself."""
    return isinstance(step.request.body, Unkept)


def send_step(
    wire: Wire, step: Step, request: Request, place: tuple[int, int], progress: Progress | None
) -> tuple[Exchange, ...]:
    """Send a step as `request` and return what happened; `place` is the id, and what it comes after.

    Where what takes a body over breaks off, both exchanges have an error, so that both are done again.
    """
    if step.relay is None:
        return (_exchange(step, request, place, wire.send(request, progress, step.save)),)
    first, second = wire.relay(request, step.relay, progress)
    if second is None:
        return (_exchange(step, request, place, first),)
    if second.error and (not first.error or first.error.kind == "stopped"):
        why = f"No more was taken, since what passed the body on broke off. {second.error.sentence}"
        first = replace(first, error=Failure(second.error.kind, why))
    id, after = place
    taker = step.relay.step
    return (
        _exchange(step, request, place, first),
        _exchange(taker, taker.request, (id + 1, after if first.error else id), second),
    )


def _exchange(step: Step, request: Request, place: tuple[int, int], sent: Sent) -> Exchange:
    return Exchange(
        id=place[0],
        after=place[1],
        title=step.title,
        proposed=step.request,
        request=request,
        response=sent.response,
        error=sent.error,
        sent_head=sent.sent_head,
        received_head=sent.received_head,
        sent_size=sent.sent_size,
        sent_sha256=sent.sent_sha256,
        timings=sent.timings,
        connection=sent.connection,
        spec=step.spec,
        notes=step.notes,
    )
