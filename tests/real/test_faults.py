"""What skopeo says of the practice registry's faults is what people report of real ones."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from explorer.faults.switchboard import Switchboard
from explorer.practice import PracticeRegistry
from tests.practice.test_clients import write_layout


@pytest.fixture
def layout(tmp_path: Path) -> str:
    folder = tmp_path / "layout"
    folder.mkdir()
    write_layout(folder)
    return f"oci:{folder}:v1"


def copy(source: str, target: str) -> subprocess.CompletedProcess[str]:
    """Copy by skopeo, over plain http."""
    skopeo = shutil.which("skopeo")
    if skopeo is None:
        if os.environ.get("REGISTRY_EXPLORER_REQUIRE_REAL") == "1":
            pytest.fail("skopeo is not installed, and REGISTRY_EXPLORER_REQUIRE_REAL=1 requires it")
        pytest.skip("skopeo is not installed")
    plain = ("--src-tls-verify=false", "--dest-tls-verify=false")
    command = [skopeo, "--insecure-policy", "copy", *plain, source, target]
    return subprocess.run(command, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("nginx-413=1k", "413"),
        ("patch-became-get-unknown-blob", "uploading layer"),
        ("replica-secret-mismatch", "blob upload invalid"),
        ("denied", "denied: permission_denied: write_package"),
        ("read-only", "Method not allowed"),
        ("location-http-behind-tls", 'Patch \\"https://127.0.0.1:'),
    ],
)
def test_a_push_fails_as_people_report(layout: str, fault: str, said: str) -> None:
    with PracticeRegistry(faults=Switchboard([fault])) as registry:
        done = copy(layout, f"docker://{registry.origin.authority}/t/r:v1")
    assert done.returncode == 1
    assert said in done.stderr


def test_a_push_to_a_web_site_seems_to_work(layout: str) -> None:
    with PracticeRegistry(faults=Switchboard(["not-a-registry"])) as registry:
        assert copy(layout, f"docker://{registry.origin.authority}/t/r:v1").returncode == 0


def test_a_corrupt_blob_is_noticed_and_a_redirected_one_is_fetched(layout: str, tmp_path: Path) -> None:
    with PracticeRegistry() as registry:
        target = f"docker://{registry.origin.authority}/t/r:v1"
        assert copy(layout, target).returncode == 0
        registry.faults.switch_on("storage-redirect")
        assert copy(target, f"dir:{tmp_path / 'whole'}").returncode == 0
        registry.faults.switch_on("corrupt-blob")
        done = copy(target, f"dir:{tmp_path / 'corrupt'}")
    assert done.returncode == 1
    assert "Digest did not match" in done.stderr
