"""Diagnoses of what Debian's docker-registry, nginx in front of it, curl and skopeo really do."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.jobs import PushJob, open_push
from explorer.jobs.diagnosing import diagnose_file
from explorer.model import Origin
from explorer.recognition import recognise
from tests.diagnoses.talking import DATA, DIGEST, OCTETS, Talk, found, names
from tests.ports import free_port, until_it_listens
from tests.real.conftest import need

NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port}; client_max_body_size 1k;
        location /v2/ {{ proxy_pass http://{upstream}; {more} }}
        location /dead/ {{ proxy_pass http://127.0.0.1:1; }}
    }}
}}
"""


def origin_of(address: str) -> Origin:
    host, _, port = address.partition(":")
    return Origin("http", host, int(port))


@pytest.fixture
def registry(docker_registry: str) -> Iterator[Talk]:
    talk = Talk(origin_of(docker_registry))
    yield talk
    talk.close()


@pytest.fixture(params=["", "proxy_set_header Host $host;"])
def in_front(request: pytest.FixtureRequest, docker_registry: str, tmp_path: Path) -> Iterator[Talk]:
    """Talk to nginx in front of the registry, without and with the port lost from Host."""
    program, port = need("nginx"), free_port()
    config = tmp_path / "nginx.conf"
    config.write_text(NGINX.format(folder=tmp_path, port=port, upstream=docker_registry, more=request.param))
    with subprocess.Popen([program, "-c", str(config), "-p", str(tmp_path)], stderr=subprocess.DEVNULL) as process:
        talk = Talk(Origin("http", "127.0.0.1", port))
        try:
            until_it_listens(port, process)
            yield talk
        finally:
            talk.close()
            process.terminate()


def test_the_mistake_that_this_began_with(registry: Talk) -> None:
    registry.ask("PUT", f"{registry.at(registry.open())}?digest={DIGEST}", OCTETS, body=DATA)
    (finding,) = found(registry)
    assert finding.rule == "second-question-mark"
    assert "is where the base64 of _state ends and your second '?' begins" in finding.proof
    assert recognise(registry.exchanges).registry.name == "distribution 2"
    assert finding.edit is not None
    assert registry.send(finding.edit.request).status == 201


def test_a_stale_location_of_the_second_generation(registry: Talk) -> None:
    opened = registry.at(registry.open())
    registry.patch(opened, DATA[:5])
    registry.patch(opened, DATA[5:])
    (finding,) = found(registry)
    assert finding.rule == "stale-location"
    assert "decodes to Offset 0, but 5 bytes had been accepted by exchange 2" in finding.proof


def test_a_form_eats_the_body(registry: Talk) -> None:
    form = ("Content-Type", "application/x-www-form-urlencoded")
    registry.put(registry.at(registry.open()), DATA, DIGEST, form)
    assert names(registry) == ["body-eaten-as-form"]


def test_nginx_limits_bodies(in_front: Talk) -> None:
    opened = in_front.open()
    where = f"{in_front.origin}{in_front.at(opened).partition('://')[2].partition('/')[1]}"
    target = in_front.at(opened).partition("://")[2].partition("/")[2]
    in_front.patch(f"{where}{target}", bytes(2048))
    told = names(in_front)
    assert "nginx-413" in told
    assert recognise(in_front.exchanges).proxy.name == "nginx"


def test_nginx_gets_no_answer(in_front: Talk) -> None:
    in_front.ask("GET", "/dead/")
    assert names(in_front) == ["bad-gateway"]


def test_nginx_leads_astray(in_front: Talk) -> None:
    opened = in_front.open()
    is_astray = str(in_front.origin) not in in_front.at(opened)
    assert names(in_front) == (["location-wrong-port"] if is_astray else [])


def test_curl_says_what_it_did(registry: Talk, tmp_path: Path) -> None:
    curl = need("curl")
    (tmp_path / "layer.tar").write_bytes(DATA)
    where = f"{registry.at(registry.open())}?digest={DIGEST}"
    words = [curl, "-v", "-X", "PUT", "-H", "Content-Type=application/octet-stream"]
    data = ["--data-binary", f"@{tmp_path}/layer.tar", where]
    done = subprocess.run([*words, *data], capture_output=True, text=True, check=False, timeout=60)
    log = tmp_path / "log"
    log.write_text(f"$ curl {' '.join(words[1:])} {' '.join(data)}\n{done.stderr}{done.stdout}")
    told = [finding.rule for finding in diagnose_file(str(log)).findings]
    assert told == ["second-question-mark", "curl-header-equals-sign"]


def test_a_push_that_went_well_yields_nothing(docker_registry: str, tmp_path: Path) -> None:
    bench = open_push(PushJob(target=f"{docker_registry}/diagnosed/app:v1", recording=str(tmp_path / "one")))
    list(bench.run())
    bench.close()
    assert bench.state.status == 0
    assert names(bench.state.exchanges) == []
    assert {finding.certainty for finding in found(bench.state.exchanges, everything=True)} <= {"hint"}
