"""Servers that rows send to: the sink, docker-registry 2.8, and this program's practice registry."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.bench import GIB, Bench
from tests.benchmarks.measuring import running, sink_words
from tests.ports import free_port

CONFIG = """
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}", secret: aaa}}
"""
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that listens on this machine, and the folder that it stores in."""

    port: int
    pid: int
    folder: Path | None = None

    @property
    def host(self) -> str:
        """Host and port, as a target begins."""
        return f"127.0.0.1:{self.port}"


@contextlib.contextmanager
def sink() -> Iterator[Server]:
    """Run the sink until the end of the block."""
    port = free_port()
    with running(sink_words(port), port) as pid:
        yield Server(port, pid)


@contextlib.contextmanager
def docker_registry(bench: Bench) -> Iterator[Server]:
    """Run docker-registry on an empty store until the end of the block; raises Unavailable.

    The store lies in memory where there is room, so that no disk decides, and goes at the end.
    """
    program, port = bench.peers.system("docker-registry"), free_port()
    with tempfile.TemporaryDirectory(prefix="docker-registry-", dir=_memory(bench.folder)) as name:
        folder = Path(name)
        (folder / "config.yml").write_text(CONFIG.format(folder=folder / "data", port=port))
        with running([program, "serve", folder / "config.yml"], port) as pid:
            yield Server(port, pid, folder / "data")


def _memory(otherwise: Path) -> Path:
    """Return the file system in memory, where there is one with room for two large blobs."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free >= 4 * GIB
    return memory if has_room else otherwise


@contextlib.contextmanager
def practice(bench: Bench, *options: str) -> Iterator[Server]:
    """Run the practice registry on an empty store until the end of the block."""
    folder = bench.folder / f"practice-{next(_numbers)}"
    port = free_port()
    words = bench.program("practice", "--port", str(port), "--store", folder, *options)
    with running(words, port, env=bench.environment) as pid:
        yield Server(port, pid, folder)
