"""What recording an exchange costs on its way, and when it is safe on the disk."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from explorer.formats.session import SessionWriter
from explorer.model import Exchange, FlowCall, Origin, Session
from explorer.recorder import Book, Recorder, Recording
from explorer.recorder.passage import Passage
from tests.benchmarks.bench import Bench
from tests.benchmarks.goals import Result, Unavailable, at_most, row
from tests.benchmarks.measuring import percentile, running
from tests.benchmarks.relays import Caller
from tests.benchmarks.servers import sink
from tests.ports import free_port

_CALL = re.compile(r"^\d+ +(\d+\.\d+) (write|fsync)\(\d+<[^>]*session\.jsonl>.*<(\d+\.\d+)>$", re.MULTILINE)
_BEGUN = re.compile(r"^(\d+) +(\d+\.\d+) (write|fsync)\(\d+<[^>]*session\.jsonl>.*<unfinished \.\.\.>$")
_ENDED = re.compile(r"^(\d+) +(\d+\.\d+) <\.\.\. (write|fsync) resumed>.*$")


class TimedBook(Book):
    """The recorder's book, which notes how long it keeps those who relay, in microseconds."""

    def __init__(self, writer: SessionWriter) -> None:
        self.took: list[float] = []
        super().__init__(writer.append, _nothing, print)

    def later(self, passage: Passage) -> None:
        """Take a passage, and the time that this takes."""
        begun = time.perf_counter()
        super().later(passage)
        self.took.append((time.perf_counter() - begun) * 1e6)


def _nothing(_: Exchange) -> None:
    pass


@row("G14", "recording one exchange: what it keeps the relay, and until it is on the disk")
def recording(bench: Bench) -> Iterator[Result]:
    """Time the hand-over in a recorder that relays, and follow the real program's writes with strace."""
    with sink() as server:
        wanted = Recording(Origin("http", "127.0.0.1", server.port))
        writer = SessionWriter(bench.scratch("book") / "session.jsonl", Session("benchmark", 0.0, FlowCall("", {})))
        with TimedBook(writer) as book, Recorder(wanted, book) as recorder, Caller(recorder.address.port) as caller:
            for _ in range(bench.size(small=100, full=4000)):
                caller.call()
        writer.close()
        for percent, limit in ((50, 25), (99, 100)):
            value = percentile(book.took, percent)
            yield Result(f"hand-over, p{percent}", f"{value:.1f} µs", value, at_most(limit, "µs"))
        waits = _until_durable(bench, server.port)
    longest = max(waits)
    shown = f"p50 {percentile(waits, 50):.0f}, longest {longest:.0f} ms"
    yield Result("until it is durable", shown, longest, at_most(200, "ms"), remark="under strace")


def _until_durable(bench: Bench, upstream: int) -> list[float]:
    """Return the milliseconds from each answer to the end of the fsync that has it on the disk."""
    trace, folder, port = bench.folder / "trace", bench.scratch("durable"), free_port()
    strace = bench.peers.system("strace")
    own = bench.program("record", f"127.0.0.1:{upstream}", "--plain", "--port", str(port))
    words: list[str | Path] = [
        strace,
        "-f",
        "-y",
        "-ttt",
        "-T",
        "-s",
        "8",
        "-e",
        "trace=write,fsync",
        "-o",
        trace,
        *own,
    ]
    answered = []
    with running([*words, "--session", folder / "session.jsonl"], port, env=bench.environment) as pid:
        with Caller(port) as caller:
            for _ in range(bench.size(small=10, full=200)):
                caller.call()
                answered.append(time.time())
                time.sleep(0.01)
        time.sleep(1)
        _end(pid)
    writes, syncs = _calls(trace)
    recorded = writes[1:]  # the first line is the session's own
    if len(recorded) < len(answered):
        raise Unavailable(f"strace shows {len(recorded)} of {len(answered)} writes")
    ends = [next((end for begun, end in syncs if begun >= written), None) for written in recorded]
    return [(end - at) * 1000 for at, end in zip(answered, ends, strict=False) if end is not None]


def _end(pid: int) -> None:
    """End what strace follows, which strace ends with; a run in the background of a shell ignores SIGINT."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    subprocess.run(["kill", "-TERM", *children], check=False)


def _calls(trace: Path) -> tuple[list[float], list[tuple[float, float]]]:
    """Return when each write to the session has ended, and when each fsync has begun and ended."""
    writes, syncs = [], []
    begun: dict[tuple[str, str], float] = {}
    for line in trace.read_text().splitlines():
        if whole := _CALL.match(line):
            start, name, took = float(whole[1]), whole[2], float(whole[3])
        elif first := _BEGUN.match(line):
            begun[first[1], first[3]] = float(first[2])
            continue
        elif (last := _ENDED.match(line)) and (last[1], last[3]) in begun:
            start, name = begun.pop((last[1], last[3])), last[3]
            took = float(last[2]) - start
        else:
            continue
        if name == "write":
            writes.append(start + took)
        else:
            syncs.append((start, start + took))
    return sorted(writes), sorted(syncs)
