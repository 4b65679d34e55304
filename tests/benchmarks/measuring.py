"""Measuring: rounds in which every case has its turn, processes with what they cost, servers with their peak memory."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.benchmarks.goals import Unavailable

ROOT = Path(__file__).parents[2]
T = TypeVar("T")
Words = Sequence[str | Path]


@dataclass(frozen=True, slots=True)
class Took:
    """What something cost: wall seconds, seconds of CPU (user and system), the peak of its memory in MiB."""

    seconds: float
    cpu: float = 0.0
    peak: float = 0.0


def in_rounds(cases: Mapping[str, Callable[[], T]], rounds: int, *, warm_up: bool = True) -> dict[str, list[T]]:
    """Run every case once a round, in shuffled order; return what each gave, by rounds. The warm-up is not kept."""
    figures: dict[str, list[T]] = {name: [] for name in cases}
    for number in range(rounds + warm_up):
        for name in random.sample(list(cases), len(cases)):
            figure = cases[name]()
            if number >= warm_up:
                figures[name].append(figure)
    return figures


def seconds(took: Sequence[Took]) -> float:
    """Return the median of the wall seconds."""
    return statistics.median(one.seconds for one in took)


def cpu(took: Sequence[Took]) -> float:
    """Return the median of the seconds of CPU."""
    return statistics.median(one.cpu for one in took)


def peak(took: Sequence[Took]) -> float:
    """Return the highest peak of memory, in MiB."""
    return max(one.peak for one in took)


def ratio(own: Sequence[Took], base: Sequence[Took]) -> float:
    """Return the median of the ratios of wall time, round by round; below 1 is faster than the base."""
    return statistics.median(one.seconds / other.seconds for one, other in zip(own, base, strict=True))


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many percent of them do not exceed."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def run(words: Words, *, env: Mapping[str, str] | None = None, cwd: Path | None = None, ok: int = 0) -> Took:
    """Run a program to its end and return what it cost; raises Unavailable with its last words where it fails."""
    took, _ = run_for_output(words, env=env, cwd=cwd, ok=ok)
    return took


def run_for_output(
    words: Words, *, env: Mapping[str, str] | None = None, cwd: Path | None = None, ok: int = 0
) -> tuple[Took, bytes]:
    """Run a program to its end; return what it cost, and what it printed. The figures are those of its own process."""
    reading, writing = os.pipe()
    launched = [sys.executable, "-S", "-E", Path(__file__).with_name("launcher.py"), str(writing), *words]
    none, pipe = subprocess.DEVNULL, subprocess.PIPE
    with open(reading, "rb") as told:  # noqa: PTH123 - a pipe has no path
        with subprocess.Popen(
            launched, env=env, cwd=cwd or ROOT, stdin=none, stdout=pipe, stderr=subprocess.STDOUT, pass_fds=(writing,)
        ) as process:
            os.close(writing)
            printed, _ = process.communicate()
        costs = told.read()
    took, used, most, status = json.loads(costs) if costs else (0.0, 0.0, 0.0, None)
    if status != ok:
        last = printed.decode(errors="replace").strip()[-300:]
        raise Unavailable(f"{Path(words[0]).name} ended with {status}: {last}")
    return Took(took, used, most), printed


@contextlib.contextmanager
def running(words: Words, port: int, *, env: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a server until the end of the block; yields its process id once it listens there; raises Unavailable."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(words, env=env, cwd=ROOT, stdin=quiet, stdout=quiet, stderr=quiet) as process:
        try:
            _wait_until_it_listens(port, process)
            yield process.pid
        finally:
            process.terminate()


def _wait_until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    raise Unavailable(f"{process.args!r} does not listen at port {port}")


def peak_of(pid: int) -> float:
    """Return the most memory that a running process has had (VmHWM), in MiB."""
    return _status(pid, "VmHWM")


def memory_of(pid: int) -> float:
    """Return the memory that a running process has (VmRSS), in MiB."""
    return _status(pid, "VmRSS")


def reset_peak(pid: int) -> None:
    """Let the peak of a process begin anew at what it has; needs the rights over it."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def cpu_of(pid: int) -> float:
    """Return the seconds of CPU that a running process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _status(pid: int, name: str) -> float:
    found = re.search(rf"{name}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def sink_words(port: int) -> list[str]:
    """Return the command line of the sink."""
    return [sys.executable, str(Path(__file__).with_name("sink.py")), str(port)]
