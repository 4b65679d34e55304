"""Every capture, disfigured in every way in which people and services do it: it tells the same exchanges."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from explorer.formats.importing import import_bytes
from explorer.model import Exchange

CAPTURES = Path(__file__).parents[1] / "captures"
NAMES = sorted(path.name for path in CAPTURES.iterdir() if path.name not in ("README.md", "push.mitm", "push.har"))

Line = Callable[[int, bytes], bytes]


def by_line(line: Line) -> Callable[[bytes], bytes]:
    return lambda data: b"".join(line(at, text) for at, text in enumerate(data.splitlines(keepends=True)))


def before(prefix: str) -> Callable[[bytes], bytes]:
    """Put a prefix before each line; in it `{m}` and `{s}` are minutes and seconds, `{n}` the number of the line."""
    return by_line(lambda at, text: prefix.format(m=f"{at // 60 % 60:02}", s=f"{at % 60:02}", n=at + 1).encode() + text)


def around(front: bytes, back: bytes) -> Callable[[bytes], bytes]:
    def put(_: int, text: bytes) -> bytes:
        bare = text.rstrip(b"\r\n")
        return front + bare + back + text[len(bare) :]

    return by_line(put)


def in_utf_16(data: bytes, coding: str, mark: bytes) -> bytes:
    return mark + data.decode("utf-8").replace("\r\n", "\n").replace("\n", "\r\n").encode(coding)


def of_json_file(_: int, text: bytes) -> bytes:
    time = "2026-11-24T06:00:00.123456789Z"
    return json.dumps({"log": text.decode("utf-8"), "stream": "stderr", "time": time}).encode() + b"\n"


def of_journald(at: int, text: bytes) -> bytes:
    fields = {"__CURSOR": f"s={at}", "PRIORITY": "6", "MESSAGE": text.decode("utf-8").rstrip("\r\n")}
    return json.dumps(fields).encode() + b"\n"


def cut_by_a_runtime(at: int, text: bytes) -> bytes:
    """Return a line as a runtime of Kubernetes writes it: what is long comes in pieces."""
    stamp = f"2026-11-24T06:{at // 60 % 60:02}:{at % 60:02}.123456789Z stderr ".encode()
    bare = text.rstrip(b"\r\n")
    pieces = [bare[start : start + 100] for start in range(0, len(bare), 100)] or [b""]
    return b"".join(stamp + (b"F " if piece is pieces[-1] else b"P ") + piece + b"\n" for piece in pieces)


STAMP = "2026-11-24T06:{m}:{s}"

DISFIGURED: dict[str, Callable[[bytes], bytes]] = {
    "line feeds alone": lambda data: data.replace(b"\r\n", b"\n"),
    "line ends of Windows": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "line ends of Windows, twice": lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\r\n"),
    "no last line end": lambda data: data.rstrip(b"\r\n"),
    "an empty line after each": by_line(lambda _, text: text + b"\n"),
    "blanks at the ends": by_line(lambda _, text: text.rstrip(b"\r\n") + b"   \n"),
    "blanks that do not break": lambda data: data.replace(b"  ", b"\xc2\xa0 "),
    "indented": before("    "),
    "a tab": before("\t"),
    "quoted": before("> "),
    "quoted twice": before("> > "),
    "quoted without a blank": before(">"),
    "quoted in HTML": before("&gt; "),
    "between fences": lambda data: b"Here it is:\n\n```console\n" + data + b"```\n\nAny idea?\n",
    "in details": lambda data: b"<details><summary>log</summary>\n\n```\n" + data + b"\n```\n\n</details>\n",
    "coloured": around(b"\x1b[32m", b"\x1b[0m"),
    "coloured by GitLab": around(b"\x1b[0K", b"\x1b[0;m"),
    "UTF-16 of PowerShell": partial(in_utf_16, coding="utf-16-le", mark=b"\xff\xfe"),
    "UTF-16, the other way": partial(in_utf_16, coding="utf-16-be", mark=b"\xfe\xff"),
    "UTF-16 without a mark": partial(in_utf_16, coding="utf-16-le", mark=b""),
    "UTF-8 with a mark": lambda data: b"\xef\xbb\xbf" + data,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "gzip in parts": lambda data: gzip.compress(data[:700], mtime=0) + gzip.compress(data[700:], mtime=0),
    "docker logs -t": before(f"{STAMP}.123456789Z "),
    "docker's json-file driver": by_line(of_json_file),
    "docker compose logs": before("registry-1  | "),
    "docker compose logs -t": before(f"registry-1  | {STAMP}.123456789Z "),
    "docker compose logs, coloured": before("\x1b[36mregistry-1  |\x1b[0m "),
    "docker service logs": before("reg_web.1.zt8q3n4k@node-1    | "),
    "GitHub Actions": before(f"{STAMP}.1234567Z "),
    "GitHub Actions, quoted": before(f"> {STAMP}.1234567Z "),
    "gh run view": before(f"push\tBuild and push\t{STAMP}.1234567Z "),
    "GitLab": before(f"{STAMP}.123456Z 00O "),
    "Jenkins": before(f"[{STAMP}.123Z] "),
    "time in brackets": before("[06:{m}:{s}] "),
    "BuildKit": before("#12 {n}.123 "),
    "ts": before("Nov 24 06:{m}:{s} "),
    "journald": before("Nov 24 06:{m}:{s} myhost dockerd[1234]: "),
    "journald, precise": before("Nov  4 06:{m}:{s}.123456 myhost dockerd[1234]: "),
    "journald, ISO": before(f"{STAMP}+0000 my-host.test dockerd[1234]: "),
    "journald as JSON": by_line(of_journald),
    "syslog": before(f"<30>1 {STAMP}.003Z myhost registry 1234 - - "),
    "kubectl logs --prefix": before("[pod/registry-7d9f6c9b8-abcde/registry] "),
    "kubectl logs --prefix --timestamps": before(f"[pod/registry-7d9f6c9b8-abcde/registry] {STAMP}.123456789Z "),
    "a runtime of Kubernetes": by_line(cut_by_a_runtime),
    "stern": before("registry-7d9f6c9b8-abcde registry "),
    "cat -n": by_line(lambda at, text: b"%6d\t" % (at + 1) + text),
    "grep -n": by_line(lambda at, text: b"%d:" % (at + 1) + text),
}


def told(exchange: Exchange) -> tuple[str, str, int, str]:
    failure = exchange.error.kind if exchange.error else ""
    return exchange.request.method, exchange.request.target, exchange.status, failure


@cache
def captured(name: str) -> bytes:
    """Return the beginning of a capture, up to a whole line."""
    return b"".join((CAPTURES / name).read_bytes().splitlines(keepends=True)[:120])


@cache
def exchanges_of(name: str) -> tuple[tuple[str, str, int, str], ...]:
    return tuple(told(exchange) for exchange in import_bytes(captured(name), name).session.exchanges)


@pytest.mark.parametrize("way", DISFIGURED.values(), ids=list(DISFIGURED))
@pytest.mark.parametrize("name", NAMES)
def test_it_tells_the_same_exchanges(name: str, way: Callable[[bytes], bytes]) -> None:
    found = import_bytes(way(captured(name)), name).session.exchanges
    assert tuple(told(exchange) for exchange in found) == exchanges_of(name)


@pytest.mark.parametrize(
    "way", ["between fences", "quoted", "quoted in HTML", "indented", "UTF-16 of PowerShell", "gzip"]
)
@pytest.mark.parametrize("name", ["push.har", "recorded.jsonl"])
def test_a_har_and_a_session_do_so_too(name: str, way: str) -> None:
    story = CAPTURES.parents[1] / "sessions" / "second-question-mark.jsonl"
    data = story.read_bytes() if name.endswith(".jsonl") else (CAPTURES / name).read_bytes()
    found = import_bytes(DISFIGURED[way](data), name).session.exchanges
    assert [told(one) for one in found] == [told(one) for one in import_bytes(data, name).session.exchanges]


def test_what_was_taken_off_is_said() -> None:
    data = DISFIGURED["docker logs -t"](captured("crane-push.log"))
    assert "taken off before 120 lines: a time" in import_bytes(data, "log").understood
