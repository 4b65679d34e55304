"""A docker-registry 2.8 that has a certificate of a private CA and wants one of its clients."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.jobs import PullJob, PushJob, open_pull, open_push, open_recording
from explorer.state import State
from explorer.stepping import Done
from explorer.wire.options import INSECURE, ConnectionOptions
from tests.layouts import blobs_of
from tests.real.conftest import need, serve_registry
from tests.wire.authority import Authority, Signed


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    need("openssl")
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture(scope="module")
def client(authority: Authority) -> Signed:
    return authority.sign("client")


@pytest.fixture(scope="module")
def tls_registry(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return host:port of the registry."""
    signed = authority.sign("registry")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGISTRY_HTTP_TLS_CERTIFICATE", str(signed.certificate))
        patch.setenv("REGISTRY_HTTP_TLS_KEY", str(signed.key))
        patch.setenv("REGISTRY_HTTP_TLS_CLIENTCAS", json.dumps([str(authority.ca)]))
        yield from serve_registry(tmp_path_factory.mktemp("tls-registry"))


def pushed(target: str, folder: Path, options: ConnectionOptions) -> State:
    """Push the sample as far as it goes and return how it stands."""
    workbench = open_push(PushJob(target=target, recording=f"{folder}/a.jsonl", connection=options))
    for _ in workbench.run():
        pass
    workbench.close()
    return workbench.state


@pytest.mark.parametrize("insecure", [False, True])
def test_a_push_over_tls_is_pulled_back_by_skopeo(
    tls_registry: str, authority: Authority, client: Signed, tmp_path: Path, insecure: bool
) -> None:
    name = f"{tls_registry}/t/tls-{insecure}:v1".lower()
    options = ConnectionOptions(str(authority.ca), str(client.certificate), str(client.key), insecure)
    state = pushed(f"https://{name}", tmp_path, options)
    assert isinstance(state.outcome, Done), state.outcome
    assert state.title.startswith(INSECURE) == insecure
    certificates = tmp_path / "certs"
    certificates.mkdir()
    for end, file in (("crt", authority.ca), ("cert", client.certificate), ("key", client.key)):
        (certificates / f"client.{end}").write_bytes(file.read_bytes())
    words = ["--insecure-policy", "copy", "--src-cert-dir", str(certificates), f"docker://{name}", f"dir:{tmp_path}/d"]
    done = subprocess.run([need("skopeo"), *words], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "d" / "manifest.json").read_bytes() == state.exchanges[-1].request.body


def test_a_push_without_a_client_certificate_says_what_is_missing(
    tls_registry: str, authority: Authority, tmp_path: Path
) -> None:
    state = pushed(f"https://{tls_registry}/t/none:v1", tmp_path, ConnectionOptions(str(authority.ca)))
    error = state.exchanges[0].error
    assert error is not None
    assert "requires a client certificate" in error.sentence


@pytest.mark.parametrize("http", ["1.1", "2"])
def test_an_image_goes_and_comes_back_over_each_http(
    tls_registry: str, authority: Authority, client: Signed, tmp_path: Path, http: str
) -> None:
    name = f"https://{tls_registry}/t/http-{http[0]}:v1"
    options = ConnectionOptions(str(authority.ca), str(client.certificate), str(client.key), http=http)
    state = pushed(name, tmp_path, options)
    assert isinstance(state.outcome, Done), state.outcome
    job = PullJob(name, f"{tmp_path}/back", recording=f"{tmp_path}/b.jsonl", connection=options)
    workbench = open_pull(job)
    for _ in workbench.run():
        pass
    workbench.close()
    assert isinstance(workbench.state.outcome, Done), workbench.state.outcome
    exchanges = (*state.exchanges, *workbench.state.exchanges)
    assert {one.response.version for one in exchanges if one.response} == {f"HTTP/{http}"}
    assert {one.connection.alpn for one in exchanges} == {"h2" if http == "2" else "http/1.1"}
    assert b"".join(blobs_of(tmp_path / "back").values())
    assert len({one.connection.local for one in state.exchanges}) == 1
    for name in ("a", "b"):
        opened = open_recording(f"{tmp_path}/{name}.jsonl").workbench
        assert isinstance(opened.state.outcome, Done)
        opened.close()
