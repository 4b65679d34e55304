"""Line mode: the same stepping as numbered prompts, for screen readers, scripts, slow links and CI."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from explorer.editing import edit_body, from_hex, head_lines, with_body, with_head, with_origin
from explorer.errors import InputError, Problem
from explorer.model import Body, Request, body_size, wire_text
from explorer.plain.advice import Advice
from explorer.plain.progress import Bar
from explorer.plain.running import Say, ending, warning_lines
from explorer.plain.transcript import exchange_lines, relay_lines, request_lines, step_lines, summary_line
from explorer.stepping import Blocked
from explorer.visible import visible
from explorer.workbench import Workbench

Ask = Callable[[str], str]
"""Shows a prompt and returns the line that was typed; raises EOFError at the end of the input."""

MENU = (
    ("1", "send", "send it"),
    ("2", "edit", "edit it before it is sent"),
    ("3", "undo", "drop the edits"),
    ("4", "run", "send this and all that follow, to the end"),
    ("5 N", "again N", "send exchange N again as it was"),
    ("6 N", "change N", "edit exchange N, to be sent as another attempt"),
    ("7 N", "show N", "show exchange N"),
    ("8", "list", "list the exchanges"),
    ("9 N", "from N", "go on from exchange N"),
    ("f N", "fix N", "make the edited request that mends finding N"),
    ("0", "quit", "leave; the recording stays"),
)
_LONGEST_NUMBER = 18
_CHANGED = re.compile(r"@\d+=[0-9a-fA-F]")
_WORDS = {row[0].split()[0]: row[1].split()[0] for row in MENU}

EDIT_HELP = (
    "N text        line N becomes text        + text   a header line at the end",
    "- N           line N goes                to URL   connect to http(s)://host:port instead",
    "body @FILE    the body from a file       body TEXT  the body is TEXT",
    "body @FILE@OFFSET+LENGTH  part of a file body hex FF00  the body in hex",
    "body @OFFSET=HEX  the body with these bytes written over it from there",
    "an empty line ends the editing",
)


class Prompts:
    """Steps through a session by questions and answers."""

    def __init__(self, workbench: Workbench, say: Say, ask: Ask) -> None:
        self._bench = workbench
        self._say = say
        self._ask = ask
        self._advice = Advice(workbench)

    def run(self) -> int:
        """Ask until the user leaves or the input ends; returns the exit status."""
        self._say_all(f"{number:>4}  {word:<9} {what}" for number, word, what in MENU)
        while True:
            self._say_next()
            try:
                words = self._ask("> ").split(maxsplit=1)
            except EOFError:
                break
            command = _WORDS.get(words[0], words[0]) if words else "send"
            if command == "quit":
                break
            try:
                self._do(command, words[1] if len(words) > 1 else "")
            except Problem as problem:
                self._say(visible(problem.sentence))
        self._say(ending(self._bench.state))
        return self._bench.state.status

    def _do(self, command: str, argument: str) -> None:
        bench = self._bench
        match command:
            case "send":
                self._sent(lambda: bench.send(Bar("sending")))
            case "edit":
                self._edit()
            case "undo":
                bench.drop_draft()
            case "run":
                self._run()
            case "again":
                id = _number(argument)
                self._sent(lambda: bench.replay(id, Bar("sending")))
            case "change":
                exchange = bench.state.exchange(_number(argument))
                bench.edit(self._edited(exchange.request), exchange.id)
            case "show":
                self._say_all(exchange_lines(bench.state.exchange(_number(argument))))
            case "list":
                self._say_all(summary_line(exchange) for exchange in bench.state.exchanges)
            case "from":
                bench.stand_after(_number(argument))
            case "fix":
                self._say_all(self._advice.fix(_number(argument)))
            case _:
                raise InputError(f"'{command}' is none of the choices; type a number from 0 to 9 or its word.")

    def _say_all(self, lines: Iterator[str] | list[str]) -> None:
        for line in lines:
            self._say(line)

    def _say_next(self) -> None:
        state = self._bench.state
        self._say_all(warning_lines(state))
        if state.draft and state.draft.attempt_of:
            self._say(f"Next: another attempt of exchange {state.draft.attempt_of}, edited")
            self._say_all(request_lines(state.draft.request))
            self._say_all(self._advice.before(state.draft.request))
            return
        if isinstance(state.outcome, Blocked):
            self._say(visible(state.outcome.sentence))
        step = state.pending
        if step is None:
            self._say(ending(state))
            return
        number = len(state.path) + 1
        self._say(f"Step {number} of {number + len(state.planned)}: {visible(step.title)} ({visible(step.spec)})")
        self._say_all(step_lines(step))
        self._say_all(request_lines(state.draft.request if state.draft else step.request))
        self._say_all(relay_lines(step))
        if state.draft:
            self._say("(edited; 3 drops the edits)")
        if state.draft or state.exchanges:
            request = state.draft.request if state.draft else step.request
            self._say_all(self._advice.before(request, is_edited=state.draft is not None))

    def _sent(self, send: Callable[[], object]) -> None:
        told = len(self._bench.state.exchanges)
        send()
        self._say_new(told)
        self._say_all(self._advice.after_sending())

    def _say_new(self, told: int) -> int:
        """Show the exchanges since then, and return how many there are in all."""
        for exchange in self._bench.state.exchanges[told:]:
            self._say_all(exchange_lines(exchange))
        return len(self._bench.state.exchanges)

    def _run(self) -> None:
        told = len(self._bench.state.exchanges)
        for _ in self._bench.run(Bar("sending")):
            told = self._say_new(told)
        self._say_all(self._advice.after_sending())

    def _edit(self) -> None:
        draft = self._bench.state.draft
        step = self._bench.state.pending
        request = draft.request if draft else step.request if step else None
        if request is None:
            raise InputError("There is no next request to edit; 6 N edits an exchange that was sent.")
        self._bench.edit(self._edited(request), draft.attempt_of if draft else 0)

    def _edited(self, request: Request) -> Request:
        self._say_all(list(EDIT_HELP))
        while True:
            self._say_all(f"{number:>3}  {line}" for number, line in enumerate(head_lines(request), start=1))
            self._say(f"     ({body_size(request.body)} bytes of body, to {request.origin})")
            try:
                line = self._ask("edit> ")
            except EOFError:
                return request
            if not line.strip():
                return request
            try:
                request = apply_edit(request, line)
            except Problem as problem:
                self._say(visible(problem.sentence))


def apply_edit(request: Request, line: str) -> Request:
    """Return the request after one line of editing, as EDIT_HELP explains; raises InputError or FormatError."""
    word, _, rest = line.lstrip().partition(" ")
    lines = head_lines(request)
    if word == "to":
        return with_origin(request, rest)
    if word == "body":
        return with_body(request, _typed_body(request, rest))
    if word == "+":
        return with_head(request, [*lines, rest])
    number = _number(rest if word == "-" else word)
    if not 1 <= number <= len(lines):
        raise InputError(f"There is no line {number}; the head has {len(lines)}.")
    if word == "-":
        return with_head(request, [*lines[: number - 1], *lines[number:]])
    return with_head(request, [*lines[: number - 1], rest, *lines[number:]])


def _typed_body(request: Request, text: str) -> Body:
    if text.startswith("hex "):
        return from_hex(text.removeprefix("hex "))
    if not text.startswith("@"):
        return wire_text(text).encode("latin-1")
    return edit_body(request.body, text if _CHANGED.match(text) else text[1:])


def _number(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > _LONGEST_NUMBER:
        raise InputError(f"'{text}' is no number; the command needs one, as in: 7 3.")
    return int(text)
