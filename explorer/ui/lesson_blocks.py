"""What a lesson says at each stage, as blocks of text: words, what crosses the wire, a guess beside the truth."""

from __future__ import annotations

import textwrap

from explorer.frozen import frozen
from explorer.plain.transcript import exchange_lines, request_lines
from explorer.teaching import Answered, Asking, Did, Mended, Mending, Over, Reading, Stage


@frozen
class Block:
    """A block of text; `kind` is -words, -wire, -right or -wrong."""

    text: str
    kind: str = "-words"


def blocks_of(stage: Stage, width: int) -> list[Block]:
    """Return what is said when a lesson gets to a stage, for so many columns."""
    match stage:
        case Reading(words=words):
            return [Block(words)]
        case Did(words=words, exchange=exchange):
            request = exchange.request
            answer = str(exchange.status) if exchange.response else "no answer"
            return [Block(f"{words} ({request.method} {_short(request.target, width)}: {answer})")]
        case Asking(ask=ask):
            return [Block(ask.words), Block(_lines(request_lines(ask.step.request), width), "-wire")]
        case Answered() as answered:
            verdict = f"Your guess: {answered.guess or 'none'}\nIt was:     {answered.truth}"
            return [
                Block(_lines(list(exchange_lines(answered.exchange, answered.ask.step.request)), width), "-wire"),
                Block(
                    f"{verdict}{'  (right)' if answered.is_right else ''}", "-right" if answered.is_right else "-wrong"
                ),
                Block(answered.ask.after),
            ]
        case Mending(is_changed=True, request=request):
            return [Block("This is how it stands now."), Block(_lines(request_lines(request), width), "-wire")]
        case Mending(exchange=None) as mending:
            return [Block(mending.mend.words), Block(_lines(request_lines(mending.request), width), "-wire")]
        case Mending(exchange=exchange, hint=hint):
            shown = [Block(_lines(list(exchange_lines(exchange)), width), "-wire")] if exchange else []
            return [*shown, Block(f"Not yet. {hint}", "-wrong")]
        case Mended(mend=mend, exchange=exchange, by_hand=by_hand):
            words = "Mended." if by_hand else "So it gets through."
            return [
                Block(_lines(list(exchange_lines(exchange)), width), "-wire"),
                Block(words, "-right" if by_hand else "-wrong"),
                Block(mend.after),
            ]
        case Over(learned=learned, right=right, asked=asked):
            listed = "\n".join(f"- {sentence}" for sentence in learned)
            return [Block(f"What was learned:\n{listed}"), Block(f"{right} of {asked} right.", "-right")]


def _lines(lines: list[str], width: int) -> str:
    """Return lines of the wire, each cut into pieces that fit, so that nothing is lost in a narrow terminal."""
    pieces = [
        textwrap.wrap(line, max(20, width), drop_whitespace=False, break_on_hyphens=False) or [""] for line in lines
    ]
    return "\n".join(piece for group in pieces for piece in group).rstrip("\n")


def _short(target: str, width: int) -> str:
    most = max(20, width // 2)
    return target if len(target) <= most else f"{target[: most - 1]}…"
