"""Lessons in line mode: the same questions as numbered lines, for screen readers, scripts and slow links."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator

from explorer.errors import Problem
from explorer.learnt import Taken
from explorer.lessons import lessons
from explorer.model import Request
from explorer.plain.desk import Ask
from explorer.plain.editing import EDIT_HELP, apply_edit
from explorer.plain.telling import exchange_told, request_told
from explorer.teaching import Answered, Asking, Did, Mended, Mending, Over, Reading, Teaching
from explorer.visible import visible

_WIDTH = 100
_LEFT_STATUS = 130
_MEND_HELP = (
    *EDIT_HELP[:-1],
    "show  the request as it stands    give up  send it as it should be",
    "an empty line sends it",
)


def lesson_lines(known: dict[str, Taken]) -> Iterator[str]:
    """Yield the lessons with what each is about, and how those that were taken went."""
    for kind in lessons().values():
        one = known.get(kind.name)
        done = f"taken, {one.right} of {one.asked} right" if one else ""
        yield f"{kind.number}  {kind.name:<16} {kind.title}{f'  ({done})' if done else ''}"
        yield from textwrap.wrap(kind.line, _WIDTH, initial_indent="   ", subsequent_indent="   ")
    yield ""
    yield "`registry-explorer learn NAME` takes one; --plain for line mode. They need no network."


class LessonPrompts:
    """Takes a lesson by questions and answers."""

    def __init__(self, teaching: Teaching, say: Callable[[str], None], ask: Ask) -> None:
        self._teaching = teaching
        self._say = say
        self._ask = ask

    def run(self) -> int:
        """Teach until the end, or until the learner leaves; returns the exit status."""
        teaching = self._teaching
        self._say(f"Lesson {teaching.kind.number}: {teaching.kind.title}. An empty line goes on, q leaves.")
        self._say("")
        try:
            while not isinstance(teaching.stage, Over):
                self._take()
        except EOFError:
            return _LEFT_STATUS
        self._say_over(teaching.stage)
        return 0

    def _take(self) -> None:
        match self._teaching.stage:
            case Reading(words=words):
                self._words(words)
                self._asked("Enter to go on> ")
                self._teaching.go_on()
            case Did(words=words, exchange=exchange):
                line = f"{visible(exchange.request.method)} {visible(exchange.request.target)}"
                self._words(f"{words} ({line}: {exchange.status or 'no answer'})")
                self._teaching.go_on()
            case Asking() as asking:
                self._question(asking)
            case Answered() as answered:
                self._answered(answered)
                self._teaching.go_on()
            case Mending() as mending:
                self._mend(mending)
            case Mended() as mended:
                self._lines(map(visible, exchange_told(mended.exchange)))
                self._words("Mended." if mended.by_hand else "So it gets through.")
                self._words(mended.mend.after)
                self._teaching.go_on()

    def _question(self, asking: Asking) -> None:
        question = asking.ask.question
        self._words(asking.ask.words)
        self._lines(map(visible, request_told(asking.ask.step.request, "The request")))
        self._say("")
        self._say(f"Question {asking.number}: {question.words}")
        self._lines(f"  {number}  {choice}" for number, choice in enumerate(question.choices, start=1))
        typed = self._asked("Your guess> ").strip()
        if typed.isdecimal() and len(typed) < 3 and 0 < int(typed) <= len(question.choices):
            typed = question.choices[int(typed) - 1]
        self._teaching.guess(typed)

    def _answered(self, answered: Answered) -> None:
        self._lines(map(visible, exchange_told(answered.exchange, answered.ask.step.request)))
        self._say(f"Your guess: {visible(answered.guess) or 'none'}")
        self._say(f"It was:     {visible(answered.truth)}{'  (right)' if answered.is_right else ''}")
        self._say("")
        self._words(answered.ask.after)

    def _mend(self, mending: Mending) -> None:
        if mending.exchange:
            self._lines(map(visible, exchange_told(mending.exchange)))
            self._words(f"Not yet. {mending.hint}")
        else:
            self._words(mending.mend.words)
        self._lines(_MEND_HELP)
        request = self._edited(mending.request)
        if request is None:
            self._teaching.give_up()
        else:
            self._teaching.send(request)

    def _edited(self, request: Request) -> Request | None:
        """Return the request as it is to be sent; None where the learner gives up."""
        self._show(request)
        while True:
            line = self._asked("mend> ").strip()
            if not line:
                return request
            if line == "give up":
                return None
            try:
                request = request if line == "show" else apply_edit(request, line)
            except Problem as problem:
                self._say(visible(problem.sentence))
                continue
            self._show(request)

    def _show(self, request: Request) -> None:
        head = request.head().decode("latin-1").split("\r\n")[:-2]
        self._lines(f"{number:>3}  {visible(line)}" for number, line in enumerate(head, start=1))

    def _say_over(self, over: Over) -> None:
        self._say("What was learned:")
        for sentence in over.learned:
            self._words(f"- {sentence}")
        self._say(f"{over.right} of {over.asked} right.")

    def _asked(self, prompt: str) -> str:
        line = self._ask(prompt)
        if line.strip().lower() in ("q", "quit"):
            raise EOFError
        return line

    def _words(self, words: str) -> None:
        for paragraph in words.split("\n"):
            wrapped = textwrap.wrap(visible(paragraph), _WIDTH, break_long_words=False, break_on_hyphens=False)
            for line in wrapped or [""]:
                self._say(line)
        self._say("")

    def _lines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._say(line)
