"""Files: sessions indexed, archives listed and digested, HARs and logs imported, short commands, redaction."""

from __future__ import annotations

import hashlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.bench import GIB, MIB, Bench
from tests.benchmarks.goals import Result, at_least, at_most, row
from tests.benchmarks.made_files import LOGS, write_archive, write_flows, write_har, write_log, write_session
from tests.benchmarks.measuring import ROOT, Took, in_rounds, peak, ratio, run, seconds

_SIZE = 100_000_000
_LOADS = "import json, sys; json.loads(open(sys.argv[1], 'rb').read())"


def made(bench: Bench, name: str, write: Callable[[Path, int], object], full: int = _SIZE) -> Path:
    """Return a file of this run, which is written where it is not there yet."""
    path = bench.folder / name
    if not path.exists():
        write(path, bench.size(small=_SIZE // 200, full=full))
    return path


def opened(bench: Bench, file: Path) -> Callable[[], Took]:
    """Return what opens a file in line mode, and leaves at once: it reads all of it, as `open` does."""
    return lambda: run(bench.program("open", "--plain", file), env=bench.environment)


def loaded(file: Path) -> Callable[[], Took]:
    """Return what reads the same bytes by json.loads."""
    return lambda: run([sys.executable, "-c", _LOADS, file])


def nothing() -> Took:
    """Start Python, and end it."""
    return run([sys.executable, "-c", "pass"])


@row("G15", "a session of 100 MB indexed")
def session_indexed(bench: Bench) -> Iterator[Result]:
    """Measure the whole command, start included, and two that parse each exchange besides."""
    file = made(bench, "session.jsonl", write_session)
    size = file.stat().st_size / MIB
    took = in_rounds({"open": opened(bench, file), "start": lambda: opened_small(bench)}, bench.rounds)
    rates = [size / (own.seconds - small.seconds) for own, small in zip(took["open"], took["start"], strict=True)]
    rate = statistics.median(rates)
    whole = seconds(took["open"])
    yield Result(
        "open --plain, less the same with a session of one exchange",
        f"{rate:.0f} MiB/s ({whole:.2f} s, start included)",
        rate,
        at_least(200, "MiB/s"),
    )
    yield Result("its memory", f"{peak(took['open']):.0f} MiB", peak(took["open"]), at_most(70, "MiB"))
    for verb, what, goal in (
        ("check", "every exchange parsed, and looked at for credentials", at_most(70, "MiB")),
        ("diagnose", "every rule asked about every exchange", None),
    ):
        once = run(bench.program(verb, file), env=bench.environment)
        yield Result(f"{verb}: {what}", f"{once.seconds:.1f} s, {once.peak:.0f} MiB", once.peak, goal)


def opened_small(bench: Bench) -> Took:
    """Open a session of a few exchanges."""
    file = bench.folder / "short.jsonl"
    if not file.exists():
        write_session(file, 1)
    return opened(bench, file)()


@row("G16", "a docker save archive of 1 GiB")
def archive(bench: Bench) -> Iterator[Result]:
    """Measure the listing and the hashing that a push does, in a process that has imported what it needs."""
    file = bench.folder / "app.tar"
    size = bench.size(small=16 * MIB, full=GIB)
    write_archive(file, size)
    figures: dict[str, list[float]] = {"list": [], "digest": [], "sha256sum": [], "openssl": []}

    def own() -> None:
        words = [sys.executable, "-m", "tests.benchmarks.archive_reading", str(file)]
        printed = subprocess.run(words, cwd=ROOT, check=True, capture_output=True).stdout
        for name, value in json.loads(printed).items():
            figures[name].append(value)

    def peer(name: str, *words: str) -> Callable[[], None]:
        return lambda: figures[name].append(run([*words, file]).seconds)

    cases = {
        "own": own,
        "sha256sum": peer("sha256sum", "sha256sum"),
        "openssl": peer("openssl", "openssl", "dgst", "-sha256"),
    }
    in_rounds(cases, bench.rounds)
    found = {name: values[1:] for name, values in figures.items()}  # without the warm-up
    listed = statistics.median(found["list"]) * 1000
    yield Result("list it", f"{listed:.1f} ms", listed, at_most(5, "ms"))
    rate = statistics.median(size / MIB / value for value in found["digest"])
    beside = {name: size / MIB / statistics.median(found[name]) for name in ("sha256sum", "openssl")}
    yield Result(
        "digest all layers",
        f"{rate:.0f} MiB/s",
        rate,
        at_least(2500, "MiB/s"),
        against=f"openssl dgst {beside['openssl']:.0f} MiB/s; hashlib, one thread {one_thread():.0f} MiB/s",
    )
    times = statistics.median(other / value for other, value in zip(found["sha256sum"], found["digest"], strict=True))
    yield Result(
        "the same",
        f"{times:.1f} × sha256sum",
        times,
        at_least(7.5, "× sha256sum"),
        against=f"sha256sum {beside['sha256sum']:.0f} MiB/s",
    )
    file.unlink()


def one_thread() -> float:
    """Return how many MiB/s one thread hashes here out of memory: twice that is the limit of two cores."""
    block = bytes(256 * 1024)
    digest = hashlib.sha256()
    begun = time.perf_counter()
    for _ in range(256):
        digest.update(block)
    return 64 / (time.perf_counter() - begun)


@row("short", "`--help`, and `diagnose` of a small file")
def short_commands(bench: Bench) -> Iterator[Result]:
    """Measure both beside a Python that does nothing."""
    file = ROOT / "sessions" / "second-question-mark.jsonl"
    cases = {
        "pass": nothing,
        "--help": lambda: run(bench.program("--help"), env=bench.environment),
        "diagnose": lambda: run(bench.program("diagnose", file), env=bench.environment, ok=1),
    }
    took = in_rounds(cases, max(bench.rounds, bench.size(small=1, full=9)))
    for name in ("--help", "diagnose"):
        above = statistics.median(
            one.seconds - other.seconds for one, other in zip(took[name], took["pass"], strict=True)
        )
        yield Result(
            name,
            f"{above:.3f} s above it ({seconds(took[name]):.3f} s)",
            above,
            at_most(0.15, "s above python -c pass"),
            against=f"python -c pass {seconds(took['pass']):.3f} s",
        )


@row("har", "import of a HAR of 100 MB")
def har_import(bench: Bench) -> Iterator[Result]:
    """Measure a HAR as mitmproxy writes it, and one without blanks: as whole commands, start included."""
    files = {
        "as mitmproxy writes it": made(bench, "pretty.har", lambda path, size: write_har(path, size, indent=4)),
        "without blanks": made(bench, "dense.har", write_har),
    }
    for name, file in files.items():
        took = in_rounds({"open": opened(bench, file), "loads": loaded(file)}, bench.rounds)
        times = ratio(took["open"], took["loads"])
        yield Result(
            name,
            f"{seconds(took['open']):.2f} s",
            times,
            at_most(3, "× json.loads"),
            against=f"json.loads {seconds(took['loads']):.2f} s, {peak(took['loads']):.0f} MiB",
        )
        yield memory(took["open"], file)


@row("logs", "import of logs of 100 MB")
def log_import(bench: Bench) -> Iterator[Result]:
    """Measure logs of clients beside json.loads of a HAR of the same size; others once, to orientate."""
    har = made(bench, "dense.har", write_har)
    names = ["crane", "regctl-json"]
    cases = {name: opened(bench, made_log(bench, name)) for name in names}
    took = in_rounds({**cases, "loads": loaded(har)}, bench.rounds, warm_up=False)
    for name in names:
        yield Result(
            f"log of {name}",
            f"{seconds(took[name]):.2f} s",
            ratio(took[name], took["loads"]),
            at_most(3, "× json.loads"),
            against=f"json.loads of a HAR of the same size {seconds(took['loads']):.2f} s",
        )
        yield memory(took[name], bench.folder / f"{name}.log")
    others = [*(name for name in LOGS if name not in names), "nginx", "curl"]
    others_took = {name: opened(bench, made_log(bench, name, _SIZE // 5))() for name in others}
    flows = made(bench, "flows.mitm", write_flows, _SIZE // 5)
    others_took["mitmproxy's flows"] = opened(bench, flows)()
    for name, one in others_took.items():
        yield Result(f"{name}, 20 MB", f"{one.seconds:.1f} s, {one.peak:.0f} MiB", one.peak, at_most(105, "MiB"))


def made_log(bench: Bench, name: str, full: int = _SIZE) -> Path:
    """Return a log of a kind."""
    return made(bench, f"{name}.log", lambda path, size: write_log(path, name, size), full)


def memory(took: list[Took], file: Path) -> Result:
    """Return the result for the memory of an import: at most a quarter of the file and 100 MiB."""
    limit = round(file.stat().st_size / MIB / 4 + 100)
    return Result("its memory", f"{peak(took):.0f} MiB", peak(took), at_most(limit, "MiB"))


@row("redact", "a session of 20 MB redacted")
def redaction(bench: Bench) -> Iterator[Result]:
    """Measure the whole command once: how long, how much memory."""
    file = made(bench, "shared.jsonl", write_session, _SIZE // 5)
    out = bench.folder / "redacted.jsonl"
    took = run(bench.program("redact", file, "--output", out), env=bench.environment)
    yield Result("redact", f"{took.seconds:.1f} s, {took.peak:.0f} MiB")
