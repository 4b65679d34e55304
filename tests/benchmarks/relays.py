"""Relays in front of a server: this program's recorder, haproxy, nginx and mitmdump, and the straight way."""

from __future__ import annotations

import contextlib
import itertools
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.bench import Bench
from tests.benchmarks.clients import GET
from tests.benchmarks.goals import Unavailable
from tests.benchmarks.measuring import running
from tests.benchmarks.servers import Server
from tests.ports import free_port

HAPROXY = """
global
  nbthread 1
defaults
  mode http
  timeout connect 10s
  timeout client 600s
  timeout server 600s
listen relay
  bind 127.0.0.1:{port}
  server upstream 127.0.0.1:{upstream}
"""
NGINX = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/pid;
error_log /dev/null;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream behind {{ server 127.0.0.1:{upstream}; keepalive 8; }}
  server {{
    listen 127.0.0.1:{port};
    client_max_body_size 0;
    keepalive_requests 1000000;
    location / {{
      proxy_pass http://behind;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_request_buffering off;
      proxy_buffering off;
    }}
  }}
}}
"""
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Relays:
    """The relays that run, by name, the straight way among them; and why the others do not."""

    running: dict[str, Server]
    lacking: dict[str, Unavailable]


@contextlib.contextmanager
def recorder(bench: Bench, upstream: int) -> Iterator[Server]:
    """Run `record` without a screen until the end of the block; `folder` has its recording."""
    folder, port = bench.scratch(f"recorder-{next(_numbers)}"), free_port()
    words = bench.program("record", f"127.0.0.1:{upstream}", "--plain", "--port", str(port))
    with running([*words, "--session", folder / "session.jsonl"], port, env=bench.environment) as pid:
        yield Server(port, pid, folder)


@contextlib.contextmanager
def haproxy(bench: Bench, upstream: int) -> Iterator[Server]:
    """Run haproxy with one thread; raises Unavailable."""
    folder, port = bench.scratch(f"haproxy-{next(_numbers)}"), free_port()
    (folder / "haproxy.cfg").write_text(HAPROXY.format(port=port, upstream=upstream))
    with running([bench.peers.system("haproxy"), "-db", "-f", folder / "haproxy.cfg"], port) as pid:
        yield Server(port, pid)


@contextlib.contextmanager
def nginx(bench: Bench, upstream: int) -> Iterator[Server]:
    """Run nginx without buffering, in one process; raises Unavailable."""
    folder, port = bench.scratch(f"nginx-{next(_numbers)}"), free_port()
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, upstream=upstream))
    with running([bench.peers.system("nginx"), "-p", folder, "-c", folder / "nginx.conf"], port) as pid:
        yield Server(port, pid)


@contextlib.contextmanager
def mitmdump(bench: Bench, upstream: int) -> Iterator[Server]:
    """Run mitmdump in reverse mode with streaming of large bodies; raises Unavailable."""
    port = free_port()
    words: list[str | Path] = [
        bench.peers.script("mitmproxy", "mitmdump"),
        "--mode",
        f"reverse:http://127.0.0.1:{upstream}",
        "-q",
    ]
    more = ["--listen-host", "127.0.0.1", "-p", str(port), "--set", "stream_large_bodies=1m"]
    with running([*words, *more], port, env=bench.environment) as pid:
        yield Server(port, pid)


KINDS: dict[str, Callable[[Bench, int], AbstractContextManager[Server]]] = {
    "own": recorder,
    "haproxy": haproxy,
    "nginx": nginx,
    "mitmdump": mitmdump,
}


@contextlib.contextmanager
def all_relays(bench: Bench, upstream: Server) -> Iterator[Relays]:
    """Run every relay that is there, in front of one server, until the end of the block."""
    found, lacking = {"direct": upstream}, {}
    with contextlib.ExitStack() as stack:
        for name, kind in KINDS.items():
            try:
                found[name] = stack.enter_context(kind(bench, upstream.port))
            except Unavailable as why:
                lacking[name] = why
        yield Relays(found, lacking)


class Caller:
    """A client that sends small requests on one connection that it keeps."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Caller:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def call(self, request: bytes = GET) -> float:
        """Send a request, and return the microseconds until its answer's head is there."""
        begun = time.perf_counter()
        self._socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self._socket.recv(4096)
            if not part:
                raise Unavailable("the connection was closed without an answer")
            answer += part
        return (time.perf_counter() - begun) * 1e6
