"""What the commands of the line mode work on: the sessions that are open, the one at hand, the exchange at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from explorer.errors import InputError
from explorer.insight import Insight
from explorer.jobs.session_options import SessionOptions
from explorer.model import Exchange, Request
from explorer.origins import Source
from explorer.plain.advice import Advice
from explorer.standing import next_request, next_sources
from explorer.state import State
from explorer.workbench import Workbench

if TYPE_CHECKING:
    from explorer.compare import SessionComparison
    from explorer.plain.paging import Pages

Say = Callable[[str], None]
Ask = Callable[[str], str]
"""Shows a prompt and returns the line that was typed; raises EOFError at the end of the input."""

_LONGEST_NUMBER = 18
_MANY = 2_000
NO_OPTIONS = SessionOptions()


@runtime_checkable
class Collects(Protocol):
    """A workbench on which others make exchanges, too: a recorder is behind it."""

    def collect(self) -> State:
        """Take over what has happened, and return the state."""


@dataclass
class Work:
    """A session that is open here: its workbench, what can be said of it, and the exchange at hand (0: the last)."""

    bench: Workbench
    insight: Insight
    advice: Advice
    compared: Callable[[], SessionComparison] | None = None  # with what was recorded, where it is a replay
    at: int = 0
    began_with: int = 0  # exchanges

    @property
    def status(self) -> int:
        """The exit status for where it stands; 0 where a recording was only looked at."""
        state = self.bench.state
        if self.began_with and len(state.exchanges) == self.began_with:
            return 0
        if state.status == 0 and self.compared:
            from explorer.plain.replaying import went_as_recorded

            return 0 if went_as_recorded(self.compared()) else 1
        return state.status

    def look_anew(self) -> None:
        """Begin to look at the exchanges from the first one on, after the looking was broken off in the middle."""
        self.insight = Insight(self.bench.session.call)
        self.advice.look_through(self.insight)

    @classmethod
    def on(cls, bench: Workbench, compared: Callable[[], SessionComparison] | None = None) -> Work:
        """Begin to work on a workbench."""
        insight = Insight(bench.session.call)
        return cls(bench, insight, Advice(bench, insight), compared, began_with=len(bench.state.exchanges))


class Subject(NamedTuple):
    """A request that is looked at: of an exchange, or (`exchange` 0) the one that goes out next."""

    request: Request
    exchange: int
    words: str


@dataclass
class Desk:
    """Holds the sessions, the one at hand last; asks and says."""

    works: list[Work]
    say: Say
    ask: Ask
    options: SessionOptions = NO_OPTIONS
    current: int = 0
    pages: Pages | None = None
    is_left: bool = False
    heard: int = 0  # exchanges of a recorder that were told
    recordings: list[str] = field(default_factory=list)

    @property
    def work(self) -> Work:
        """The session at hand."""
        return self.works[self.current]

    @property
    def bench(self) -> Workbench:
        """The workbench at hand."""
        return self.work.bench

    @property
    def state(self) -> State:
        """Where the session at hand stands; with what others have sent meanwhile, where a recorder is behind it."""
        bench = self.bench
        return bench.collect() if isinstance(bench, Collects) else bench.state

    @property
    def at_hand(self) -> str:
        """Which session is at hand, as a sentence."""
        return f"Session {self.current + 1} is at hand: {self.state.title}."

    @property
    def insight(self) -> Insight:
        """What can be said of the session at hand, up to its last exchange; says so where that takes a while."""
        behind = self.work.insight.behind(self.state.exchanges)
        if behind > _MANY:
            self.say(f"Looking at {behind} exchanges first.")
        self.work.advice.follow()
        return self.work.insight

    @property
    def advice(self) -> Advice:
        """The findings of the session at hand."""
        return self.work.advice

    def say_all(self, lines: Iterable[str]) -> None:
        """Say lines."""
        for line in lines:
            self.say(line)

    def open(self, work: Work) -> None:
        """Work on another session; this one stays open."""
        self.works.append(work)
        self.current = len(self.works) - 1
        self.pages = None

    def place_of(self, text: str) -> int:
        """Return the place, from 0, of the session of a number, from 1; raises InputError where there is none."""
        number = number_in(text)
        if not 1 <= number <= len(self.works):
            raise InputError(f"There is no session {number}; there are {len(self.works)}.")
        return number - 1

    def close(self) -> None:
        """Close every session but the first, which is the caller's, and remember what was recorded."""
        for work in self.works[1:]:
            work.bench.close()
            if work.bench.has_recorded:
                self.recordings.append(work.bench.state.recording)

    def exchange(self, text: str) -> Exchange:
        """Return the exchange that a number names; the one at hand without one. Raises InputError."""
        state = self.state
        if text.strip():
            return state.exchange(number_in(text))
        if not state.exchanges:
            raise InputError("Nothing was sent yet, so there is no exchange to look at.")
        return state.exchange(self.work.at or len(state.exchanges))

    def subject(self, text: str) -> Subject:
        """Return the request that a number or `next` names; without either the next one, else that at hand."""
        request = next_request(self.state)
        word = text.strip().lower()
        if word == "next" and request is None:
            raise InputError("There is no next request: the conversation is through. Name an exchange by its number.")
        if request is not None and (word == "next" or (not word and not self.work.at)):
            return Subject(request, 0, "The next request")
        exchange = self.exchange("" if word == "next" else text)
        return Subject(exchange.request, exchange.id, f"Request {exchange.id}")

    def sources(self, subject: Subject) -> tuple[Source, ...]:
        """Return where the values of a request came from."""
        if subject.exchange:
            return self.insight.sources(subject.exchange)
        return next_sources(self.state, self.insight)


def number_in(text: str) -> int:
    """Return the number that a text is; raises InputError."""
    word = text.strip()
    if not (word.isascii() and word.isdecimal()) or len(word) > _LONGEST_NUMBER:
        raise InputError(f"'{text}' is no number; the command needs one, as in: show 3.")
    return int(word)


def lines_after(lines: Sequence[str], word: str, rest: str) -> list[str]:
    """Return the lines of a head after one edit: `+ TEXT` adds one, `- N` drops one, `N TEXT` replaces one.

    Raises InputError where there is no such line.
    """
    if word == "+":
        return [*lines, rest]
    number = number_in(rest if word == "-" else word)
    if not 1 <= number <= len(lines):
        raise InputError(f"There is no line {number}; the head has {len(lines)}.")
    return [*lines[: number - 1], *([] if word == "-" else [rest]), *lines[number:]]


def nothing_follows(argument: str, word: str) -> None:
    """Raise InputError where something was typed after a command that takes nothing."""
    if argument.strip():
        raise InputError(f"'{word}' takes nothing after it, and '{argument}' was typed.")


def numbered(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines with their numbers from 1."""
    yield from (f"{number:>3}  {line}" for number, line in enumerate(lines, start=1))
