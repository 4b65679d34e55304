"""Workbenches over wires that are made up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from explorer.flows.push_blob import Shape
from explorer.flows.push_image import Push
from explorer.formats.session import read_session
from explorer.model import Failure, Image, Request, Response
from explorer.spec.references import parse_target
from explorer.state import State
from explorer.workbench import Workbench
from tests.scripted import BLOB, ScriptedWire, answer, as_a_registry, manifest_of

PUSH = Push(
    parse_target("localhost:5000/t/r:v1"), Image("app", (BLOB,), (manifest_of(b"{}"),)), Shape.STREAM, chunk_size=4
)
CLOSED = Failure("closed", "The registry closed the connection.")
Answers = Callable[[Request], Response | Failure]


@dataclass
class Bench:
    """A workbench with its wire and its file."""

    it: Workbench
    wire: ScriptedWire
    path: Path

    def after_runs(self, count: int) -> State:
        """Take so many steps."""
        for _ in range(count):
            self.it.send()
        return self.it.state


Make = Callable[..., Bench]


def reopened(make: Make, bench: Bench, answers: Answers = as_a_registry) -> Bench:
    return make(answers, read_session(bench.path).session)


def refusing(*numbers: int, instead: Response | Failure | None = None) -> Answers:
    """Answer as a registry does, but refuse the requests of those numbers (from 1)."""
    seen: list[Request] = []

    def answers(request: Request) -> Response | Failure:
        seen.append(request)
        return (instead or answer(404)) if len(seen) in numbers else as_a_registry(request)

    return answers
