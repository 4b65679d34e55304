"""What a lesson is made of: words, questions with an exchange behind them, requests to mend."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator

from explorer.frozen import frozen
from explorer.lessons.classroom import Classroom
from explorer.model import Exchange, Request, Step

NO_ANSWER = "no answer"


@frozen
class Say:
    """Words to read."""

    words: str


@frozen
class Do:
    """A step that is sent without a question; `words` say in a line what it is for."""

    step: Step
    words: str


@frozen
class Question:
    """What the learner is asked about the answer to come: `truth` reads it from what came.

    Without choices the answer is typed; blanks and case do not matter then.
    """

    words: str
    truth: Callable[[Exchange], str]
    choices: tuple[str, ...] = ()


@frozen
class Ask:
    """A step with a question before it is sent, and what is to be said of the answer."""

    step: Step
    words: str
    question: Question
    after: str


@frozen
class Mend:
    """A request that is wrong: the learner changes it until its answer is right.

    `hints` are given one after each attempt that fails; `solution` is what is sent where the learner gives up.
    """

    step: Step
    words: str
    is_right: Callable[[Exchange], bool]
    solution: Request
    hints: tuple[str, ...]
    after: str


@frozen
class Fault:
    """Switch a fault of the practice registry on, or off."""

    name: str
    on: bool = True


Move = Say | Do | Ask | Mend | Fault

Lesson = Generator[Move, Exchange, None]
"""Yields moves; is sent the exchange of each (of Say and Fault: one that says nothing)."""


@frozen
class LessonKind:
    """A lesson: its number in the course, title, what is learned in it, and whether its registry wants a login."""

    name: str
    number: int
    title: str
    learned: tuple[str, ...]
    with_login: bool
    teach: Callable[[Classroom], Lesson]

    @property
    def line(self) -> str:
        """What it is about, in one sentence."""
        return (inspect.getdoc(self.teach) or "").split("\n", 1)[0]


def lesson(
    name: str, number: int, title: str, *learned: str, with_login: bool = False
) -> Callable[[Callable[[Classroom], Lesson]], LessonKind]:
    """Declare the decorated function to be a lesson; it is called with the classroom and is a generator of moves."""

    def declare(teach: Callable[[Classroom], Lesson]) -> LessonKind:
        return LessonKind(name, number, title, learned, with_login, teach)

    return declare
