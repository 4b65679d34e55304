"""The programs that this one is measured beside, each in a place of its own.

Python programs are installed into a virtual environment each, below a cache folder, when they are first asked for.
What comes with the system is used as it is. What cannot be had raises Unavailable, and is a row that says why.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.goals import Unavailable

PACKAGES = {
    "mitmproxy": ("mitmproxy==11.0.2",),
    # tree-sitter 0.26 ends posting at its start.
    "posting": ("posting==2.11.1", "tree-sitter<0.26"),
    "python-dxf": ("python-dxf==12.1.1",),
    "oras": ("oras==0.2.43",),
}
SYSTEM = {
    "curl": "curl",
    "docker-registry": "docker-registry",
    "haproxy": "haproxy",
    "nginx": "nginx-light",
    "openssl": "openssl",
    "sha256sum": "coreutils",
    "skopeo": "skopeo",
    "strace": "strace",
}
"""Programs of the system, and Debian's package for each."""


@dataclass(frozen=True, slots=True)
class Peers:
    """Where peers are: those of Python below `folder`; none of these where `folder` is None."""

    folder: Path | None

    def system(self, name: str) -> str:
        """Return the path of a program of the system; raises Unavailable."""
        path = shutil.which(name, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin")
        if path is None:
            raise Unavailable(f"{name} is not installed (apt-get install {SYSTEM.get(name, name)})")
        return path

    def python(self, name: str) -> Path:
        """Return the interpreter that has a peer of Python, installed where it is not there; raises Unavailable."""
        return self.script(name, "python")

    def script(self, name: str, script: str) -> Path:
        """Return a program of a peer of Python, installed where it is not there; raises Unavailable."""
        if self.folder is None:
            raise Unavailable(f"{name} is measured at full size only")
        place = self.folder / name
        done = place / "installed"
        wanted = "\n".join(PACKAGES[name])
        if not done.exists() or done.read_text() != wanted:
            _install(name, place)
            done.write_text(wanted)
        return place / "bin" / script


def _install(name: str, place: Path) -> None:
    print(f"installing {', '.join(PACKAGES[name])} into {place}", file=sys.stderr)
    venv.create(place, with_pip=True, clear=True)
    words = [str(place / "bin" / "pip"), "install", "-q", "--disable-pip-version-check", *PACKAGES[name]]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=600)
    except subprocess.TimeoutExpired as late:
        raise Unavailable(f"{name} could not be installed within ten minutes") from late
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip gave no reason"])[-1]
        raise Unavailable(f"{name} could not be installed: {last}")
