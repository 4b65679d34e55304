"""Two exchanges side by side: what differs, and what of it was to be expected."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.compare.bodies import body_rows
from explorer.compare.passing import why_header_passes, why_text_passes
from explorer.frozen import frozen
from explorer.model import Exchange, Headers, Request, Response


@frozen
class Difference:
    """One thing that differs: where, the left and the right value (None: not there), and why it passes.

    `passes` says why it may differ from run to run; it is empty where the difference is real.
    """

    where: str
    left: str | None
    right: str | None
    passes: str = ""


@frozen
class Comparison:
    """What differs between two exchanges, in the order of their parts."""

    differences: tuple[Difference, ...]

    @property
    def real(self) -> tuple[Difference, ...]:
        """The differences that are not to be expected."""
        return tuple(difference for difference in self.differences if not difference.passes)

    @property
    def verdict(self) -> str:
        """The whole in a sentence."""
        if not self.differences:
            return "They are the same."
        if not self.real:
            return f"They differ only in what differs from run to run ({len(self.differences)})."
        where = ", ".join(dict.fromkeys(difference.where for difference in self.real[:4]))
        more = f" and {len(self.real) - 4} more" if len(self.real) > 4 else ""
        return f"They differ in {where}{more}."


def compare_requests(left: Request, right: Request) -> Comparison:
    """Compare two requests."""
    return Comparison(tuple(_requests(left, right)))


def compare_exchanges(left: Exchange, right: Exchange) -> Comparison:
    """Compare two exchanges: requests, then answers; times and connections are not compared."""
    return Comparison((*_requests(left.request, right.request), *_sent(left, right), *_answers(left, right)))


def _requests(left: Request, right: Request) -> Iterator[Difference]:
    if left.method != right.method:
        yield Difference("method", left.method, right.method)
    if left.origin != right.origin:
        yield Difference("registry", str(left.origin), str(right.origin))
    if left.target != right.target:
        yield Difference("target", left.target, right.target, why_text_passes(left.target, right.target))
    yield from _headers("request header", left.headers, right.headers)
    for path, one, two, passes in body_rows(left.body, right.body):
        yield Difference(f"request body {path}".rstrip(), one, two, passes)


def _sent(left: Exchange, right: Exchange) -> Iterator[Difference]:
    """Yield a difference of the bytes that really left, where the bodies as written are the same."""
    if left.request.body != right.request.body or not (left.sent_sha256 and right.sent_sha256):
        return
    if (left.sent_size, left.sent_sha256) != (right.sent_size, right.sent_sha256):
        yield Difference("bytes sent", f"{left.sent_size} bytes", f"{right.sent_size} bytes")


def _answers(left: Exchange, right: Exchange) -> Iterator[Difference]:
    one, two = left.response, right.response
    if left.error != right.error:
        yield Difference(
            "failure", left.error.sentence if left.error else None, right.error.sentence if right.error else None
        )
    if one is None or two is None:
        if one is not two:
            yield Difference("answer", _status(one), _status(two))
        return
    if one.status != two.status:
        yield Difference("status", _status(one), _status(two))
    elif one.reason != two.reason:
        yield Difference("reason", one.reason, two.reason)
    if one.version != two.version:
        yield Difference("version", one.version, two.version)
    yield from _headers("answer's header", one.headers, two.headers)
    for path, before, after, passes in body_rows(one.body, two.body):
        yield Difference(f"answer's body {path}".rstrip(), before, after, passes)


def _status(response: Response | None) -> str | None:
    return response.status_text if response else None


def _headers(what: str, left: Headers, right: Headers) -> Iterator[Difference]:
    """Yield differences header by header, repeats in their order; the order of different names does not count."""
    names: dict[str, str] = {}
    for row in (*left, *right):
        names.setdefault(row.name.lower(), row.name)
    for folded, name in names.items():
        one, two = left.all(folded), right.all(folded)
        for index in range(max(len(one), len(two))):
            before = one[index] if index < len(one) else None
            after = two[index] if index < len(two) else None
            if before != after:
                passes = why_header_passes(name, before, after) if before is not None and after is not None else ""
                yield Difference(f"{what} {name}", before, after, passes)
