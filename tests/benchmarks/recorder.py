"""How much the recorder costs: throughput, latency and memory, beside a direct connection and mitmdump in reverse mode.

    python tests/benchmarks/recorder.py [--rounds 5] [--megabytes 1024] [--requests 500] [--without-mitmdump]

Each round runs every case once, in shuffled order; printed are medians, and medians of the ratios to the direct case of
the same round. mitmdump is installed into a virtual environment of its own, in the user's cache folder.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path

import platformdirs

ROOT = Path(__file__).parents[2]
GET = b"GET /v2/ HTTP/1.1\r\nHost: sink\r\nUser-Agent: benchmark\r\nAccept: */*\r\n\r\n"
MITMPROXY = "mitmproxy==11.0.2"

Figures = dict[str, dict[str, list[float]]]


def mitmdump() -> Path:
    """Return mitmdump's path; installs it first where it is not there."""
    place = Path(platformdirs.user_cache_dir("registry-explorer-benchmark", appauthor=False)) / "mitmproxy"
    program = place / "bin" / "mitmdump"
    if not program.exists():
        print(f"installing {MITMPROXY} into {place}", file=sys.stderr)
        venv.create(place, with_pip=True, clear=True)
        subprocess.run([place / "bin" / "pip", "install", "-q", MITMPROXY], check=True)
    return program


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def running(*words: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program, and end it."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    """Wait until something listens at a port."""
    for _ in range(600):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens at {port}")


def peak_megabytes(process: subprocess.Popen[bytes]) -> float:
    """Return the most memory that a process has had."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def upload(port: int, file: Path) -> float:
    """Return the seconds that curl takes for an upload."""
    started = time.perf_counter()
    words = ["curl", "-sS", "-o", "/dev/null", "-X", "PATCH", "-T", str(file), f"http://127.0.0.1:{port}/v2/a"]
    subprocess.run(words, check=True)
    return time.perf_counter() - started


def download(port: int, size: int) -> float:
    """Return the seconds that curl takes for a download."""
    started = time.perf_counter()
    subprocess.run(["curl", "-sS", "-o", "/dev/null", f"http://127.0.0.1:{port}/bytes/{size}"], check=True)
    return time.perf_counter() - started


def uploads_at_once(port: int, file: Path, count: int = 4) -> float:
    """Return the seconds that several uploads take together."""
    started = time.perf_counter()
    words = ["curl", "-sS", "-o", "/dev/null", "-X", "PATCH", "-T", str(file), f"http://127.0.0.1:{port}/v2/a"]
    talks = [subprocess.Popen(words) for _ in range(count)]
    for talk in talks:
        talk.wait()
    return time.perf_counter() - started


def latencies(port: int, count: int) -> list[float]:
    """Return the microseconds of small requests on one connection."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        took = []
        for _ in range(count):
            started = time.perf_counter()
            sock.sendall(GET)
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += sock.recv(4096)
            took.append((time.perf_counter() - started) * 1e6)
    return took


def measure(cases: dict[str, int], file: Path, quarter: Path, requests: int, figures: Figures) -> None:
    """Run every case once, in shuffled order."""
    for name in random.sample(list(cases), len(cases)):
        port, case = cases[name], figures[name]
        small = latencies(port, requests)
        case["p50 µs"].append(statistics.median(small))
        case["p99 µs"].append(statistics.quantiles(small, n=100)[98])
        case["upload s"].append(upload(port, file))
        case["download s"].append(download(port, file.stat().st_size))
        case["4 uploads s"].append(uploads_at_once(port, quarter))


def report(figures: Figures, peaks: dict[str, float]) -> None:
    """Print medians, and medians of ratios to the direct case."""
    names = list(next(iter(figures.values())))
    print(f"{'':<22}" + "".join(f"{name:>22}" for name in names) + f"{'peak MiB':>10}")
    for case, values in figures.items():
        cells = []
        for name in names:
            ratios = [base / own for base, own in zip(figures["direct"][name], values[name], strict=True)]
            added = statistics.median(values[name]) - statistics.median(figures["direct"][name])
            extra = f"+{added:.0f}" if name.endswith("µs") else f"{statistics.median(ratios):.2f} x"
            cells.append(f"{statistics.median(values[name]):>13.3f} {extra:>8}")
        print(f"{case:<22}" + "".join(cells) + (f"{peaks[case]:>10.1f}" if case in peaks else ""))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--without-mitmdump", action="store_true")
    parser.add_argument("--json", metavar="FILE", help="write the single figures there, too")
    wanted = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        file, quarter = folder / "layer", folder / "quarter"
        for path, size in ((file, wanted.megabytes), (quarter, max(1, wanted.megabytes // 4))):
            with path.open("wb") as out:
                out.truncate(size << 20)
        sink = stack.enter_context(running(sys.executable, "tests/benchmarks/sink.py"))
        assert sink.stdout
        port = int(sink.stdout.readline())
        cases, processes = {"direct": port}, {}

        def begin(name: str, *words: str | Path, at: int) -> None:
            processes[name] = stack.enter_context(running(*words))
            wait_for(at)
            cases[name] = at

        here = free_port()
        words: list[str | Path] = [
            "-m",
            "explorer",
            "record",
            f"127.0.0.1:{port}",
            "--plain",
            "--session",
            folder / "a.jsonl",
        ]
        begin("recorder", sys.executable, *words, "--port", str(here), at=here)
        subprocess.Popen(["cat"], stdin=processes["recorder"].stdout, stdout=subprocess.DEVNULL)
        if not wanted.without_mitmdump:
            for name, more in (("mitmdump", []), ("mitmdump streaming", ["--set", "stream_large_bodies=1m"])):
                there = free_port()
                reverse = ["--mode", f"reverse:http://127.0.0.1:{port}", "-p", str(there), "-q", *more]
                begin(name, mitmdump(), "--listen-host", "127.0.0.1", *reverse, at=there)
        names = ("p50 µs", "p99 µs", "upload s", "download s", "4 uploads s")
        figures: Figures = {name: {figure: [] for figure in names} for name in cases}
        measure(cases, quarter, quarter, wanted.requests, {name: {f: [] for f in names} for name in cases})
        for _ in range(wanted.rounds):
            measure(cases, file, quarter, wanted.requests, figures)
        report(figures, {name: peak_megabytes(process) for name, process in processes.items()})
        if wanted.json:
            Path(wanted.json).write_text(json.dumps(figures))


if __name__ == "__main__":
    main()
