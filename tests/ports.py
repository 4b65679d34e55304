"""Ports for servers that have to be told one, and waiting until such a server listens.

A port that was found free can be taken before the server has it: by the kernel for any connection that goes out, by
whatever binds port 0, and by other tests that look for one. So these lie outside the range that the kernel hands out of
itself, and each is claimed, until the process ends, by the UDP port of the same number, which nothing here uses.
"""

from __future__ import annotations

import random
import socket
import subprocess
import time
from pathlib import Path

_LOWEST = 10_240
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_PATIENCE = 60.0


def free_port() -> int:
    """Return a port of this machine that nothing listens at, and that no other caller of this is given."""
    for port in random.SystemRandom().sample(_own_range(), 1000):
        if _claim(port):
            return port
    raise AssertionError("a thousand ports were tried, and each is in use")


def until_it_listens(port: int, process: subprocess.Popen[bytes], log: Path | None = None) -> None:
    """Wait until a server listens at a port of loopback; fails with its log where it ends before that."""
    end = time.monotonic() + _PATIENCE
    while not _is_heard(port):
        said = log.read_text() if log and log.exists() else ""
        assert process.poll() is None, f"{process.args!r} ended before it listened: {said}"
        assert time.monotonic() < end, f"{process.args!r} does not listen: {said}"
        time.sleep(0.02)


def _own_range() -> range:
    try:
        first = int(_EPHEMERAL.read_text().split()[0])
    except OSError:
        first = 32_768
    # A kernel that hands out nearly everything leaves no range of one's own: the claims alone have to do.
    return range(_LOWEST, first) if first >= _LOWEST + 2000 else range(_LOWEST, 65_536)


def _claim(port: int) -> bool:
    claim = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        claim.bind(("127.0.0.1", port))
        with socket.socket() as probe:
            probe.bind(("", port))
    except OSError:
        claim.close()
        return False
    claim.detach()  # kept open until the process ends
    return True


def _is_heard(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True
