"""From what happened to what is next: `next_step(flow, history)`.

A flow is a generator; it is fed the exchanges that happened and yields what it wants to do next. Rewinding, retrying
and forking are a shorter or another history. `Walk` keeps one generator alive, so that going forward stays linear.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.frozen import frozen
from explorer.model import Body, Exchange, Headers, Request, Response, Step, body_size
from explorer.redact import holds_masked, without_secrets


@frozen
class Done:
    """The flow is through; `result` is what it returns."""

    result: object


@frozen
class Blocked:
    """The flow cannot go on from the last answer; `step` is the one that was refused."""

    sentence: str
    step: Step


@frozen
class Diverged:
    """The history is another flow's: at `index` (from 0) this one would have sent `step`."""

    index: int
    step: Step | None


Outcome = Step | Done | Blocked | Diverged


class Walk:
    """A flow with the exchanges fed to it so far; `outcome` says what is next."""

    def __init__(self, flow: Callable[[], Flow[object]], history: Sequence[Exchange] = ()) -> None:
        self._flow = flow()
        self._fed = 0
        self.outcome: Outcome = self._advance(None)
        for exchange in history:
            self.feed(exchange)

    def feed(self, exchange: Exchange) -> Outcome:
        """Give the flow what happened to its step and return what is next."""
        match self.outcome:
            case Step() as step if same_request(step.request, exchange.proposed):
                self.outcome = self._advance(exchange)
                self._fed += 1
            case Step() as step:
                self.outcome = Diverged(self._fed, step)
            case Done() | Blocked():
                self.outcome = Diverged(self._fed, None)
            case Diverged():
                pass
        return self.outcome

    def _advance(self, exchange: Exchange | None) -> Outcome:
        refused = self.outcome if exchange else None
        try:
            return next(self._flow) if exchange is None else self._flow.send(exchange)
        except StopIteration as done:
            return Done(done.value)
        except Stuck as stuck:
            if not isinstance(refused, Step):
                raise
            return Blocked(stuck.sentence, refused)


def next_step(flow: Callable[[], Flow[object]], history: Sequence[Exchange]) -> Outcome:
    """Return what the flow does next after that history."""
    return Walk(flow, history).outcome


def same_request(one: Request, other: Request) -> bool:
    """Say whether two proposals are the same, as far as a recording can tell.

    Bodies are compared by size and credentials by scheme, since it may hold no more of them.
    """
    if one is other:
        return True
    if one.method != other.method or one.origin != other.origin or one.target != other.target:
        return False
    if _is_masked(one.body) or _is_masked(other.body):
        return one.headers.without("Content-Length") == other.headers.without("Content-Length")
    return without_secrets(one.headers) == without_secrets(other.headers) and body_size(one.body) == body_size(
        other.body
    )


def _is_masked(body: Body) -> bool:
    """Say whether secrets were masked in a body, so that its size says nothing."""
    return isinstance(body, bytes) and holds_masked(body)


def outline(flow: Callable[[], Flow[object]], most: int = 10_000) -> tuple[str, ...]:
    """Return the titles of the steps that a flow takes where each is answered as the specification wants.

    The answers are made up for this and go nowhere else.
    """
    walk = Walk(flow)
    titles: list[str] = []
    while isinstance(walk.outcome, Step) and len(titles) < most:
        step = walk.outcome
        titles.append(step.title)
        walk.feed(_as_hoped(step))
    return tuple(titles)


def _as_hoped(step: Step) -> Exchange:
    status = step.expects[0] if step.expects else 200
    answer = Response(status, "", "HTTP/1.1", Headers.of(("Location", "/planned")))
    return Exchange(0, 0, step.title, step.request, step.request, answer)
