"""How a story is told: a workbench that records it, and the way from there to sessions/."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from explorer.formats.exporting import write_private
from explorer.formats.session import read_session, session_lines
from explorer.formats.values import INLINE, Json, bytes_to_json
from explorer.jobs.sharing import Sharing, share
from explorer.model import Exchange, Request, Session, Slice
from explorer.workbench import Workbench

SESSIONS = Path(__file__).parents[2] / "sessions"


@dataclass(frozen=True, slots=True)
class Story:
    """A recording that is made: its name, what it tells, and how; `tell` gets a folder and the recording's path."""

    name: str
    line: str
    tell: Callable[[Path, Path], None]


STORIES: dict[str, Story] = {}


def story(name: str, line: str) -> Callable[[Callable[[Path, Path], None]], Callable[[Path, Path], None]]:
    """Declare a function to be a story."""

    def declare(tell: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
        STORIES[name] = Story(name, line, tell)
        return tell

    return declare


def to_the_end(workbench: Workbench) -> None:
    """Send what is left, and close."""
    for _ in workbench.run():
        pass
    workbench.close()


def pending(workbench: Workbench) -> Request:
    """Return the request that comes next."""
    step = workbench.state.pending
    assert step is not None, workbench.state.outcome
    return step.request


def make(story: Story, folder: Path, into: Path = SESSIONS) -> Path:
    """Tell a story and put its recording, redacted and with its small bodies, into sessions/ or another folder."""
    recorded = folder / f"{story.name}.recorded"
    story.tell(folder, recorded)
    session = with_bytes(read_session(recorded).session)
    session = replace(session, extra={**session.extra, "story": story.line})
    shared = share(session, Sharing())
    path = into / f"{story.name}.jsonl"
    write_private(path, session_lines(shared.session), 0o644)
    return path


def with_bytes(session: Session) -> Session:
    """Return a session with the bytes of its small files in it, since the files are gone afterwards."""
    arguments = _read(session.call.arguments)
    exchanges = tuple(_with_bytes(exchange) for exchange in session.exchanges)
    return replace(session, call=replace(session.call, arguments=arguments), exchanges=exchanges)


def _with_bytes(exchange: Exchange) -> Exchange:
    request, proposed = (_request(one) for one in (exchange.request, exchange.proposed))
    return replace(exchange, request=request, proposed=proposed)


def _request(request: Request) -> Request:
    body = request.body
    if not isinstance(body, Slice) or body.length > INLINE:
        return request
    with Path(body.path).open("rb") as file:
        file.seek(body.offset)
        return replace(request, body=file.read(body.length))


def _read(value: Any) -> Any:
    match value:
        case {"file": str(path), "offset": int(offset), "length": int(length)} if length <= INLINE:
            with Path(path).open("rb") as file:
                file.seek(offset)
                content: Json = bytes_to_json(file.read(length))
            return {name: inner for name, inner in value.items() if name not in ("file", "offset", "length")} | content
        case dict():
            return {name: _read(inner) for name, inner in value.items()}
        case list():
            return [_read(inner) for inner in value]
        case _:
            return value
