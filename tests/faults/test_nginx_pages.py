"""The pages of nginx are nginx's own, byte for byte, but for the date and the version."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.faults.answers import nginx_page
from explorer.model import Headers
from explorer.wire.server import Outgoing
from tests.ports import free_port, until_it_listens

STATUSES = (400, 401, 403, 404, 405, 411, 413, 501, 502, 503, 504, 301)
HTTPS_NOTE = "The plain HTTP request was sent to HTTPS port"

CONFIGURATION = """
daemon off; pid {folder}/pid; error_log {folder}/errors;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port};
    location = /401 {{ auth_basic "Registry"; auth_basic_user_file {folder}/users; }}
    location = /301 {{ return 301 https://registry.test/x; }}
    {returns}
  }}
}}
"""


@pytest.fixture(scope="module")
def nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Run nginx; return its port."""
    program = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)
    if program is None:
        if os.environ.get("REGISTRY_EXPLORER_REQUIRE_REAL") == "1":
            pytest.fail("nginx is not installed, and REGISTRY_EXPLORER_REQUIRE_REAL=1 requires it")
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    (folder / "users").write_text("")
    port = free_port()
    returns = "\n".join(f"location = /{status} {{ return {status}; }}" for status in (*STATUSES[2:-1], 400, 497))
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port, returns=returns))
    running = subprocess.Popen([program, "-e", str(folder / "errors"), "-c", str(configuration)])
    try:
        until_it_listens(port, running)
        yield port
    finally:
        running.terminate()
        running.wait(20)


def lines(headers: list[tuple[str, str]]) -> list[str]:
    return [re.sub(r"^(Date|Server): .*", r"\1", f"{name}: {value}") for name, value in headers]


def ours(page: Outgoing, version: str) -> tuple[int, str, list[str], bytes]:
    body = page.body
    assert isinstance(body, bytes)
    body = re.sub(rb"nginx/[0-9.]+", version.encode(), body)
    headers = page.headers.set("Content-Length", str(len(body))) if page.headers.get("Content-Length") else Headers()
    return page.status, page.reason or "", lines([(name, value) for name, value, _ in headers]), body


def real(port: int, path: str) -> tuple[str, tuple[int, str, list[str], bytes]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.headers["Server"], (answer.status, answer.reason, lines(answer.getheaders()), body)


@pytest.mark.parametrize("status", STATUSES)
def test_a_page_is_that_of_nginx(nginx: int, status: int) -> None:
    extra = {
        401: ("WWW-Authenticate", 'Basic realm="Registry"'),
        301: ("Location", "https://registry.test/x"),
    }
    version, page = real(nginx, f"/{status}")
    assert ours(nginx_page(status, *filter(None, [extra.get(status)])), version) == page


def test_the_page_for_plain_http_at_a_tls_port_is_that_of_nginx(nginx: int) -> None:
    version, page = real(nginx, "/497")
    assert ours(nginx_page(400, note=HTTPS_NOTE), version) == page
