"""What every row is given: how large, how often, where the peers are, where to put files, how to start the program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from tests.benchmarks.goals import Unavailable
from tests.benchmarks.peers import Peers

T = TypeVar("T")

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Bench:
    """The circumstances of one run; `folder` is empty at first, and goes at the end."""

    full: bool
    rounds: int
    folder: Path
    peers: Peers
    say: Callable[[str], None] = field(default=lambda _: None)
    """Tells the person who waits what is being done."""

    def size(self, *, small: T, full: T) -> T:
        """Return what goes with the size of this run."""
        return full if self.full else small

    def program(self, *words: str | Path) -> list[str]:
        """Return the command line of the program as users run it."""
        installed = Path(sys.executable).with_name("registry-explorer")
        start = [str(installed)] if installed.exists() else [sys.executable, "-m", "explorer"]
        return [*start, *map(str, words)]

    @property
    def environment(self) -> dict[str, str]:
        """The environment for the program and its peers: a home of their own, no proxies, a known terminal."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH")}
        places = {name: str(home / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
        return {**kept, **places, "HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}

    def scratch(self, name: str) -> Path:
        """Return a new, empty folder; raises FileExistsError where the name is taken."""
        path = self.folder / name
        path.mkdir()
        return path

    def random_file(self, size: int) -> Path:
        """Return a file of that many bytes that do not compress; made once a run."""
        path = self.folder / f"random-{size}"
        if not path.exists():
            with path.open("wb") as file:
                for at in range(0, size, MIB):
                    file.write(os.urandom(min(MIB, size - at)))
        return path

    def need_full(self, what: str) -> None:
        """Raise Unavailable in the small size, where `what` is not looked for."""
        if not self.full:
            raise Unavailable(f"{what} is measured at full size only")
