"""A lesson being taken: what is to be read, guessed or mended next, and how the guesses went.

`Teaching.stage` says where it stands. Reading and Answered go on by `go_on`; Asking by `guess`, which sends; Mending by
`send` with a changed request, or by `give_up`. What sends blocks until the answer is there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

from explorer.errors import Stuck
from explorer.formats.session import SessionWriter
from explorer.frozen import frozen
from explorer.lessons.classroom import Classroom
from explorer.lessons.declared import Ask, Do, Fault, Lesson, LessonKind, Mend, Say
from explorer.model import Exchange, Origin, Request, Step
from explorer.sending import Wire, send_step


@frozen
class Reading:
    """Words to read."""

    words: str


@frozen
class Did:
    """A step that was sent without a question."""

    words: str
    exchange: Exchange


@frozen
class Asking:
    """A request that has not been sent, and a question about its answer."""

    ask: Ask
    number: int


@frozen
class Answered:
    """What came of it, beside the guess; an empty guess was none."""

    ask: Ask
    guess: str
    truth: str
    is_right: bool
    exchange: Exchange


@frozen
class Mending:
    """A request to be mended: as it stands, the last attempt, and the hint after that.

    `is_changed` where it was changed since then, and not sent.
    """

    mend: Mend
    request: Request
    tries: int = 0
    exchange: Exchange | None = None
    hint: str = ""
    is_changed: bool = False


@frozen
class Mended:
    """A request that got through; `by_hand` where the learner did it."""

    mend: Mend
    exchange: Exchange
    by_hand: bool


@frozen
class Over:
    """The end: what was learned, how many guesses and repairs were right, of how many."""

    learned: tuple[str, ...]
    right: int
    asked: int


Stage = Reading | Did | Asking | Answered | Mending | Mended | Over

_REQUEST = Request("GET", Origin("http", "localhost", 80), "/")
_NOTHING = Exchange(0, 0, "", _REQUEST, _REQUEST)


class Teaching:
    """Takes a lesson move by move. Close it with `close`."""

    def __init__(
        self,
        kind: LessonKind,
        room: Classroom,
        wire: Wire,
        switch: Callable[[Fault], None],
        writer: SessionWriter,
    ) -> None:
        """Begin; `switch` switches a fault of the registry, `writer` records what happens."""
        self.kind = kind
        self.right = self.asked = 0
        self._wire = wire
        self._switch = switch
        self._writer = writer
        self._sent = 0
        self._resources = ExitStack()
        self._lesson: Lesson = kind.teach(room)
        self.stage: Stage = self._next(None)

    @property
    def recording(self) -> str:
        """The file that everything is recorded in."""
        return str(self._writer.path)

    def go_on(self) -> Stage:
        """Go on from what was read."""
        match self.stage:
            case Reading():
                self.stage = self._next(_NOTHING)
            case Did(exchange=exchange) | Answered(exchange=exchange) | Mended(exchange=exchange):
                self.stage = self._next(exchange)
            case _:
                pass
        return self.stage

    def guess(self, typed: str) -> Stage:
        """Send the request that was asked about, and compare what comes with the guess."""
        if isinstance(self.stage, Asking):
            ask = self.stage.ask
            exchange = self._send(ask.step, ask.step.request)
            truth = ask.question.truth(exchange)
            is_right = _folded(typed) == _folded(truth)
            self._count(is_right)
            self.stage = Answered(ask, typed.strip(), truth, is_right, exchange)
        return self.stage

    def send(self, request: Request) -> Stage:
        """Send a request that was mended, or was meant to be."""
        if isinstance(self.stage, Mending):
            before = self.stage
            exchange = self._send(before.mend.step, request)
            if before.mend.is_right(exchange):
                self._count(True)
                self.stage = Mended(before.mend, exchange, by_hand=True)
            else:
                hints = before.mend.hints
                hint = hints[min(before.tries, len(hints) - 1)] if hints else ""
                self.stage = Mending(before.mend, request, before.tries + 1, exchange, hint)
        return self.stage

    def draft(self, request: Request) -> Stage:
        """Keep a request that was changed, and not sent yet."""
        if isinstance(self.stage, Mending):
            self.stage = replace(self.stage, request=request, is_changed=True)
        return self.stage

    def give_up(self) -> Stage:
        """Send the request as it should be, in the learner's place."""
        if isinstance(self.stage, Mending):
            mend = self.stage.mend
            self._count(False)
            self.stage = Mended(mend, self._send(mend.step, mend.solution), by_hand=False)
        return self.stage

    def stop(self) -> None:
        """End what is under way; may come from another thread."""
        self._wire.stop()

    def keep(self, resources: ExitStack) -> None:
        """Take over what has to be closed with this lesson."""
        self._resources.push(resources.pop_all())

    def close(self) -> None:
        """Close whatever belongs to this lesson."""
        self._resources.close()

    def _count(self, is_right: bool) -> None:
        self.asked += 1
        self.right += is_right

    def _next(self, exchange: Exchange | None) -> Stage:
        try:
            while True:
                move = next(self._lesson) if exchange is None else self._lesson.send(exchange)
                match move:
                    case Fault():
                        self._switch(move)
                        exchange = _NOTHING
                    case Say(words=words):
                        return Reading(words)
                    case Do(step=step, words=words):
                        return Did(words, self._send(step, step.request))
                    case Ask():
                        return Asking(move, self.asked + 1)
                    case Mend():
                        return Mending(move, move.step.request)
        except StopIteration:
            return Over(self.kind.learned, self.right, self.asked)
        except Stuck as stuck:
            raise Stuck(f"The lesson cannot go on: {stuck.sentence} Begin it again.") from stuck

    def _send(self, step: Step, request: Request) -> Exchange:
        (exchange,) = send_step(self._wire, step, request, (self._sent + 1, self._sent), None)
        self._sent += 1
        self._writer.append(replace(exchange, proposed=request))
        return exchange


def _folded(text: str) -> str:
    return "".join(text.split()).strip("\"'").casefold()
