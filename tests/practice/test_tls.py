"""The practice registry over TLS: what clients see of it, and of certificates that are wrong."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from explorer.errors import FormatError, InputError
from explorer.faults.switchboard import Switchboard
from explorer.jobs import PushJob, open_push
from explorer.jobs.diagnosing import diagnose_file
from explorer.jobs.serving import PracticeJob, serve_practice
from explorer.model import Origin
from explorer.practice import Certificate, PracticeRegistry, PracticeTls, TokenAccess, Users
from explorer.spec.digests import digest_of
from explorer.stepping import Done
from explorer.wire.options import ConnectionOptions
from tests.diagnoses.talking import Talk, names
from tests.practice.test_serving import serving

Need = Callable[[str], str]


@contextmanager
def secure(need: Need, *faults: str, **more: object) -> Iterator[tuple[PracticeRegistry, Talk]]:
    """Run a registry that speaks TLS; yields it, and a client that trusts its CA."""
    need("openssl")
    tls = PracticeTls()
    with PracticeRegistry(tls=tls, faults=Switchboard(faults), **more) as registry:  # type: ignore[arg-type]
        talk = Talk(registry.origin, ConnectionOptions(ca=str(tls.ca)))
        yield registry, talk
        talk.close()


def is_pushed(registry: PracticeRegistry, folder: Path) -> bool:
    """Push the sample and say whether that was done."""
    options = ConnectionOptions(ca=str(registry.ca))
    job = PushJob(target=f"{registry.origin}/t/r:v1", recording=f"{folder}/a.jsonl", connection=options)
    workbench = open_push(job)
    for _ in workbench.run():
        pass
    workbench.close()
    return isinstance(workbench.state.outcome, Done)


def test_an_image_is_pushed_over_tls(need: Need, tmp_path: Path) -> None:
    with secure(need) as (registry, _):
        assert is_pushed(registry, tmp_path)


def test_locations_and_the_realm_name_https(need: Need) -> None:
    access = TokenAccess(Users.of("ann:secret"))
    with secure(need, access=access, realm_port=0) as (registry, talk):
        opened = talk.open()
        assert registry.realm.startswith("https://")
        assert opened.response is not None
        assert registry.realm in (opened.response.headers.get("Www-Authenticate") or "")
    with secure(need) as (registry, talk):
        assert talk.at(talk.open()).startswith(f"{registry.origin}/v2/")


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_the_certificate_is_for_this_machine(need: Need, name: str) -> None:
    with secure(need) as (registry, _):
        talk = Talk(Origin("https", name, registry.origin.port), ConnectionOptions(ca=str(registry.ca)))
        assert talk.ask("GET", "/v2/").status == 200
        talk.close()


def test_bytes_are_whole_in_both_directions(need: Need) -> None:
    data = bytes(range(256)) * 4096
    with secure(need) as (_, talk):
        talk.put(talk.at(talk.open()), data, digest_of(data))
        got = talk.ask("GET", f"/v2/t/r/blobs/{digest_of(data)}").response
    assert got is not None
    assert got.body == data or getattr(got.body, "sha256", "") == digest_of(data).partition(":")[2]


def test_plain_http_is_told_so_as_go_does(need: Need) -> None:
    with secure(need) as (registry, _):
        plain = Talk(Origin("http", "127.0.0.1", registry.origin.port))
        assert plain.ask("GET", "/v2/").status == 400
        assert names(plain)[0] == "http-to-https-port"
        plain.close()


def test_an_answer_before_the_body_is_through_arrives(need: Need) -> None:
    with secure(need, "nginx-413=10") as (registry, _):
        context = ssl.create_default_context(cafile=registry.ca)
        with (
            socket.create_connection(("127.0.0.1", registry.origin.port), timeout=30) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as sock,
        ):
            sock.sendall(b"PUT /v2/a/blobs/uploads/x HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n0123")
            assert sock.recv(12) == b"HTTP/1.1 413"


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [("unknown-ca", "tls-unknown-ca"), ("expired", "tls-expired"), ("other-name", "tls-name-mismatch")],
)
def test_a_wrong_certificate_is_refused_and_named(need: Need, wrong: str, rule: str) -> None:
    with secure(need, f"tls-unknown-ca={wrong}") as (_, talk):
        assert talk.ask("GET", "/v2/").error is not None
        assert names(talk) == [rule]


def test_the_fault_is_switched_off_while_it_runs(need: Need) -> None:
    with secure(need, "tls-unknown-ca") as (registry, talk):
        assert talk.ask("GET", "/v2/").error is not None
        registry.faults.switch_off("tls-unknown-ca")
        assert talk.ask("GET", "/v2/").status == 200


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [("unknown-ca", "tls-unknown-ca"), ("expired", "tls-expired"), ("other-name", "tls-name-mismatch")],
)
def test_what_curl_says_of_a_wrong_certificate_is_understood(need: Need, tmp_path: Path, wrong: str, rule: str) -> None:
    curl = need("curl")
    with secure(need, f"tls-unknown-ca={wrong}") as (registry, _):
        words = [curl, "-v", "--cacert", str(registry.ca), f"{registry.origin}/v2/"]
        (tmp_path / "said").write_bytes(subprocess.run(words, capture_output=True, timeout=60).stderr)
    assert [finding.rule for finding in diagnose_file(str(tmp_path / "said")).findings] == [rule]


def test_a_push_to_the_built_in_registry_meets_the_fault(need: Need, tmp_path: Path) -> None:
    need("openssl")
    workbench = open_push(PushJob(recording=f"{tmp_path}/a.jsonl", faults=("tls-unknown-ca",)))
    (exchange,) = workbench.send().exchanges
    workbench.close()
    assert names([exchange]) == ["tls-unknown-ca"]


def test_a_certificate_of_ones_own_is_shown(need: Need) -> None:
    need("openssl")
    made = PracticeTls(("registry.test",))
    shown = made.certificate()
    with PracticeRegistry(tls=PracticeTls(own=shown)) as registry:
        assert registry.ca is None
        talk = Talk(registry.origin, ConnectionOptions(ca=str(made.ca)))
        assert talk.ask("GET", "/v2/").status == 200
        talk.close()
    made.close()


def test_a_certificate_that_cannot_be_shown_is_named(need: Need, tmp_path: Path) -> None:
    need("openssl")
    (tmp_path / "a.pem").write_text("no certificate")
    with pytest.raises(FormatError, match="PEM was expected"):
        PracticeRegistry(tls=PracticeTls(own=Certificate(tmp_path / "a.pem", tmp_path / "a.pem")))
    with pytest.raises(FormatError, match="cannot be read: No such file"):
        serve_practice(PracticeJob(port=0, tls_cert=f"{tmp_path}/none.pem"), lambda _: None)


@pytest.mark.parametrize(
    ("job", "why"),
    [
        (PracticeJob(tls_key="k.pem"), "add --tls-cert"),
        (PracticeJob(tls_names=("a",)), "add --tls"),
        (PracticeJob(tls_cert="c.pem", tls_names=("a",)), "has its names already"),
    ],
)
def test_options_that_do_not_go_together_are_refused(job: PracticeJob, why: str) -> None:
    with pytest.raises(InputError, match=why):
        serve_practice(job, lambda _: None)


def test_without_openssl_a_sentence_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="openssl, which is not installed"):
        PracticeTls()


def test_it_says_whom_to_trust_and_how_and_leaves_nothing(need: Need, tmp_path: Path) -> None:
    curl = need("curl")
    need("openssl")
    with serving(tmp_path, "--tls", "--tls-name", "registry.test", "--fault", "accept-missing") as (
        process,
        port,
        said,
    ):
        ca = said[-1].split("--cacert ")[1].split()[0]
        assert any(f"Clients have to trust {ca}" in line for line in said)
        resolve = f"registry.test:{port}:127.0.0.1"
        words = [curl, "-sS", "--cacert", ca, "--resolve", resolve, f"https://registry.test:{port}/v2/"]
        assert subprocess.run(words, capture_output=True, timeout=60).returncode == 0
        process.terminate()
        assert process.wait(timeout=60) == 0
    assert list(tmp_path.iterdir()) == []


def test_skopeo_pushes_and_pulls_with_the_folder_that_is_said(need: Need, tmp_path: Path) -> None:
    skopeo = need("skopeo")
    with secure(need) as (registry, _):
        assert registry.ca is not None
        folder = registry.ca.parent
        assert is_pushed(registry, tmp_path)
        words = [skopeo, "--insecure-policy", "copy", "--src-cert-dir", str(folder)]
        source = f"docker://{registry.origin.authority}/t/r:v1"
        done = subprocess.run([*words, source, f"dir:{tmp_path}/out"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
