"""HTTP/2 with nginx before docker-registry: agreed on in TLS, and begun without asking in plain http."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.jobs import PushJob, open_push
from explorer.model import Exchange
from explorer.stepping import Done
from explorer.wire.options import ConnectionOptions
from tests.ports import free_port, until_it_listens
from tests.real.conftest import need
from tests.wire.authority import Authority

CONFIG = """
daemon off; master_process off; error_log {folder}/error.log; pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off; client_max_body_size {limit};
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    server {{
        listen 127.0.0.1:{secure} ssl http2; listen 127.0.0.1:{plain} http2;
        ssl_certificate {folder}/nginx.crt; ssl_certificate_key {folder}/nginx.key;
        location / {{ proxy_pass http://{registry}; proxy_set_header Host $http_host;
                      proxy_set_header X-Forwarded-Proto $scheme; }}
    }}
}}
"""


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    need("openssl")
    return Authority(tmp_path)


@pytest.fixture
def ports(docker_registry: str, authority: Authority, tmp_path: Path, limit: str) -> Iterator[tuple[int, int]]:
    """Return the ports for TLS and for plain http of an nginx that takes bodies up to a limit."""
    authority.sign("nginx")
    secure, plain = free_port(), free_port()
    config = CONFIG.format(folder=tmp_path, secure=secure, plain=plain, registry=docker_registry, limit=limit)
    (tmp_path / "nginx.conf").write_text(config)
    words = [need("nginx"), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "start.log")]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
        try:
            for port in (secure, plain):
                until_it_listens(port, process, tmp_path / "start.log")
            yield secure, plain
        finally:
            process.terminate()


def pushed(
    target: str, options: ConnectionOptions, folder: Path, **more: object
) -> tuple[object, tuple[Exchange, ...]]:
    """Push the sample, or what is named; return how it ended, and what was sent."""
    job = PushJob(target=target, recording=f"{folder}/a.jsonl", connection=options, **more)  # type: ignore[arg-type]  # fields of it
    workbench = open_push(job)
    for _ in workbench.run():
        pass
    workbench.close()
    return workbench.state.outcome, tuple(workbench.state.exchanges)


@pytest.mark.parametrize("limit", ["0"])
@pytest.mark.parametrize("way", ["tls", "plain"])
def test_a_push_goes_through_in_http2(ports: tuple[int, int], authority: Authority, tmp_path: Path, way: str) -> None:
    where = f"https://127.0.0.1:{ports[0]}" if way == "tls" else f"http://127.0.0.1:{ports[1]}"
    options = ConnectionOptions(ca=str(authority.ca), http="auto" if way == "tls" else "2")
    outcome, exchanges = pushed(f"{where}/t/nginx-{way}:v1", options, tmp_path)
    assert isinstance(outcome, Done), outcome
    assert {one.connection.version for one in exchanges} == {"HTTP/2"}
    assert all(one.received_head.startswith(b":status: ") for one in exchanges)
    assert exchanges[0].sent_head.startswith(b":method: POST\r\n:scheme: ")


@pytest.mark.parametrize("limit", ["1"])
def test_a_body_that_is_too_large_is_answered_413_in_http2(
    ports: tuple[int, int], authority: Authority, tmp_path: Path
) -> None:
    options = ConnectionOptions(ca=str(authority.ca))
    _, exchanges = pushed(f"https://127.0.0.1:{ports[0]}/t/nginx:v1", options, tmp_path)
    assert exchanges[-1].status == 413
    assert exchanges[-1].error is None
