"""A conversation run to its end without asking, printed as it happens."""

from __future__ import annotations

from collections.abc import Callable

from explorer.model import Request, Session
from explorer.plain.findings import findings_lines, requests_to_mend
from explorer.plain.progress import Bar
from explorer.plain.transcript import exchange_lines, summary_line, upcoming_lines
from explorer.state import State
from explorer.stepping import Blocked, Diverged, Done
from explorer.supposing import MADE_UP
from explorer.visible import size_text, visible
from explorer.wire.options import INSECURE
from explorer.workbench import Workbench

Say = Callable[[str], None]

_LOOKED_AT = 1_000


def run_to_end(workbench: Workbench, say: Say) -> int:
    """Send step after step, print each exchange, a summary and why it failed, and return the exit status.

    `say` is given what belongs together at once, as lines without the last one's end: each call is a write.
    """
    bar = Bar("sending")
    shown: list[Request] = []
    told = len(workbench.state.exchanges)

    def before(state: State) -> None:
        step = state.pending
        if step is None:
            return
        request = state.draft.request if state.draft else step.request
        shown[:] = [request, *([step.relay.step.request] if step.relay else [])]
        say("\n".join((*warning_lines(state), *upcoming_lines(step, request, len(state.exchanges) + 1))))

    def after() -> None:
        nonlocal told
        bar.clear()
        new = workbench.state.exchanges[told:]
        told += len(new)
        for exchange, request in zip(new, shown, strict=False):
            say("\n".join(exchange_lines(exchange, request)))

    try:
        for _ in workbench.run(bar, before):
            after()
    except KeyboardInterrupt:
        after()
    say("\n".join(summary(workbench.state)))
    if workbench.state.status in (1, 3) and (lines := reason_lines(workbench.session)):
        say("\n".join(lines))
    return workbench.state.status


def warning_lines(state: State) -> list[str]:
    """Return what is not safe about every step of this session, as its title says."""
    return [f"* {INSECURE}"] if state.title.startswith(INSECURE) else []


def summary(state: State) -> list[str]:
    """Return what happened: a line for each exchange, the totals, and how it ended."""
    lines = [summary_line(exchange) for exchange in state.exchanges]
    sent = sum(exchange.sent_size for exchange in state.exchanges)
    seconds = sum(exchange.timings.finished or 0.0 for exchange in state.exchanges)
    count = len(state.exchanges)
    lines.append(f"{count} exchange{'' if count == 1 else 's'}, {size_text(sent)} sent, {seconds:.2f} s on the wire")
    lines.append(ending(state))
    return lines


def reason_lines(session: Session) -> list[str]:
    """Return the likeliest reason why a conversation ended at its last exchange; empty where none is known."""
    from explorer.diagnoses import diagnose

    last = len(session.exchanges)
    shown = [finding for finding in diagnose(session, may_read=True) if last in finding.exchanges][:1]
    return list(findings_lines(shown, requests_to_mend(shown, session.exchanges)))[:-1]


def ending(state: State) -> str:
    """Return in a sentence where the conversation stands."""
    last = state.exchanges[-1] if state.exchanges else None
    match state.outcome:
        case Done(result=None):
            count = len(state.exchanges)
            return f"{visible(state.title)}: {count} exchange{'' if count == 1 else 's'}, and none is next."
        case Done(result=result):
            finish = f" {visible(state.finish.sentence)}" if state.finish else ""
            made_up = " An answer on the way is MADE UP." if is_made_up(state) else ""
            return f"Done: {visible(state.title)}, {result}.{finish}{made_up}"
        case _ if last and last.error:
            return visible(last.error.sentence)
        case Blocked(sentence=sentence):
            return visible(sentence)
        case Diverged(index=index):
            return f"From exchange {index + 1} of its path on, this recording is not what the flow would do here."
        case _:
            return f"Left before the end: {visible(state.pending.title if state.pending else '')} was next."


def is_made_up(state: State) -> bool:
    """Say whether the way to where the conversation stands goes over an answer that nobody gave."""
    return any(state.exchange(id).basis == MADE_UP for id in state.path[-_LOOKED_AT:])
