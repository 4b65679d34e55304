"""How an answer is given to its request: what a text shows of either, and what is concluded from it."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.formats.drafts import Draft, split_url
from explorer.formats.texts.heads import Head
from explorer.model import Failure, Header, Response


@dataclass(slots=True)
class Answer:
    """An answer that waits for its request: where it stands, its head and its body as far as told, or a failure."""

    line: int
    response: Response | None = None
    head: bytes = b""
    error: Failure | None = None
    code: str = ""  # what the status was guessed from
    trouble: str = ""  # what the client said when the answer was there


def take(draft: Draft, answer: Answer) -> None:
    """Give a draft the answer, or what stands in its place."""
    if answer.error:
        draft.error = answer.error
    elif answer.response and answer.code:
        draft.response = answer.response
        guessed(draft, answer.code)
    elif answer.response and answer.head:
        draft.answered(answer.response, answer.head)
    elif answer.response:
        draft.response = answer.response
        draft.unknown.discard("response.status")
    if answer.trouble:
        troubled(draft, answer.trouble)


def hand_over(one: Draft, other: Draft) -> None:
    """Give a draft the answer that another was taken to have got."""
    other.response, one.response = one.response, None
    other.received_head, one.received_head = one.received_head, b""
    other.unknown -= {"response.status", "response.headers"}
    one.unknown |= {"response.status", "response.headers"}
    told = [note for note in one.notes if note.kind == "order-uncertain" or note.value.startswith("response ")]
    one.notes = [note for note in one.notes if note not in told]
    other.notes += [note for note in told if note.kind != "order-uncertain"]


def troubled(draft: Draft, sentence: str) -> None:
    """Note what a client said although it had its answer."""
    draft.note("client-said", f"After the answer, {sentence}", sentence)


def guessed(draft: Draft, code: str) -> None:
    """Note that a status is concluded from a code."""
    draft.note("status-guessed", f"The status is not told; it is what usually comes with {code}.", code)
    draft.basis = "inferred"


def is_the_same(one: Response, other: Response) -> bool:
    """Say whether a head was printed twice, as `curl -v -i` and `curl -v -I` do."""
    return one.status == other.status and one.headers == other.headers


def chains_of(answers: list[Answer], commands: int, follows: bool) -> list[list[Answer]]:
    """Return the answers in chains: one that follows a redirect answers the request that the redirect led to."""
    chains: list[list[Answer]] = []
    for answer in answers:
        before = chains[-1][-1].response if chains else None
        leads_on = before and 300 <= before.status < 400 and before.status != 304 and before.headers.get("Location")
        if leads_on and (follows or len(answers) > commands):
            chains[-1].append(answer)
        else:
            chains.append([answer])
    return chains


def show(draft: Draft, method: str, target: str, head: Head) -> None:
    """Let a draft have what a transcript shows of its request, in place of what was concluded from a command."""
    draft.method, draft.target = method, target
    draft.headers = [Header(*row) for row in head.rows]
    draft.sent_head = head.raw()
    draft.basis = "observed"
    draft.unknown.discard("request.headers")
    if "://" in target.partition("?")[0]:
        draft.origin, draft.target = split_url(target)
    if draft.origin is None:
        draft.authority = draft.header("host")
    if not draft.header("authorization"):
        draft.unknown.discard("request.authorization")
    draft.notes = [note for note in draft.notes if note.kind not in ("hole", "hole-filled")]
    for name in head.rejoined:
        draft.note("rejoined", f"The line of {name} was broken, and is joined again.", f"request {name}")
