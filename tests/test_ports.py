"""A port that is given to a server stays its own, whatever else runs on the machine."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ports import free_port, until_it_listens

ROOT = Path(__file__).parents[1]


def test_no_port_is_given_twice_here_or_in_another_process() -> None:
    words = [sys.executable, "-c", "from tests.ports import free_port\nprint(*(free_port() for _ in range(40)))"]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        ours = [free_port() for _ in range(40)]
        theirs = [int(word) for word in other.communicate()[0].split()]
    assert len({*ours, *theirs}) == 80


def test_the_kernel_gives_none_of_them_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as given:
        assert free_port() < given.getsockname()[1]


def test_a_server_that_ends_is_told_apart_from_one_that_is_slow(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("address in use")
    with subprocess.Popen([sys.executable, "-c", "pass"]) as ended:
        ended.wait()
        with pytest.raises(AssertionError, match="ended before it listened: address in use"):
            until_it_listens(free_port(), ended, log)
