"""What the stories talk to: docker-registry, and nginx in front of it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port, until_it_listens
from tests.real.conftest import need

_REGISTRY = """
version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {root}}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}", secret: {secret}}}
"""

_NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_max_body_size 0;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {http}
}}
"""


@contextmanager
def docker_registry(folder: Path, secret: str = "aaa", root: Path | None = None) -> Iterator[str]:
    """Run docker-registry; yields its host:port when it answers."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = folder / "config.yml"
    config.write_text(_REGISTRY.format(root=root or folder / "data", port=port, secret=secret))
    with _running([need("docker-registry"), "serve", str(config)], folder / "log", port):
        yield f"127.0.0.1:{port}"


@contextmanager
def nginx(folder: Path, http: str, port: int) -> Iterator[str]:
    """Run nginx with servers of its own; yields the host:port that it answers at."""
    folder.mkdir(parents=True, exist_ok=True)
    config = folder / "nginx.conf"
    config.write_text(_NGINX.format(folder=folder, http=http))
    words = [need("nginx"), "-p", str(folder), "-c", str(config)]
    with _running(words, folder / "out", port):
        yield f"127.0.0.1:{port}"


@contextmanager
def _running(words: list[str], log: Path, port: int) -> Iterator[None]:
    with log.open("wb") as out, subprocess.Popen(words, stdout=out, stderr=out) as process:
        try:
            until_it_listens(port, process, log)
            yield
        finally:
            process.terminate()
