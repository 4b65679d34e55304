"""What is pulled from docker-registry 2.8 is what skopeo pulls, and skopeo reads what was written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from explorer.images import open_image
from explorer.jobs import PullJob, open_pull
from explorer.state import State
from explorer.stepping import Blocked
from tests.layouts import blobs_of, multi_platform_layout
from tests.real.conftest import Skopeo

PLATFORMS = ("linux/amd64", "linux/arm/v7")


def pulled(target: str, dest: Path, platform: str = "") -> State:
    """Pull to the end and return how it stands."""
    workbench = open_pull(PullJob(target, str(dest), platform, recording=f"{dest}.jsonl"))
    for _ in workbench.run():
        pass
    workbench.close()
    assert workbench.state.status == 0, workbench.state.outcome
    return workbench.state


def root_of(layout: Path) -> str:
    """Return the digest that the only image of a layout has."""
    [entry] = json.loads((layout / "index.json").read_bytes())["manifests"]
    return str(entry["digest"])


@pytest.fixture
def app(docker_registry: str, skopeo: Skopeo, layout: Path, tmp_path: Path) -> str:
    """Return an image in docker-registry that skopeo has pushed."""
    target = f"{docker_registry}/{tmp_path.name.lower()}/app:v1"
    skopeo.copy(f"oci:{layout}:latest", f"docker://{target}")
    return target


@pytest.fixture
def several(docker_registry: str, skopeo: Skopeo, tmp_path: Path) -> str:
    """Return an image for two platforms in docker-registry that skopeo has pushed, every platform of it."""
    target = f"{docker_registry}/{tmp_path.name.lower()}/several:v1"
    multi_platform_layout(tmp_path / "source", *PLATFORMS)
    skopeo.copy(f"oci:{tmp_path / 'source'}:v1", f"docker://{target}", "--all", "--preserve-digests")
    return target


def test_a_layout_is_the_one_that_skopeo_pulls_file_by_file(app: str, skopeo: Skopeo, tmp_path: Path) -> None:
    pulled(app, tmp_path / "ours")
    skopeo.copy(f"docker://{app}", f"oci:{tmp_path / 'theirs'}:v1", "--preserve-digests")
    assert blobs_of(tmp_path / "ours") == blobs_of(tmp_path / "theirs")
    assert root_of(tmp_path / "ours") == root_of(tmp_path / "theirs") == skopeo.manifest_digest(f"docker://{app}")


@pytest.mark.parametrize("kind", ["oci", "v2s2"])
def test_every_file_is_the_one_that_skopeo_puts_into_a_folder(
    app: str, skopeo: Skopeo, tmp_path: Path, kind: str
) -> None:
    target = app.replace(":v1", f":{kind}")
    skopeo.copy(f"docker://{app}", f"docker://{target}", "--format", kind)
    pulled(target, tmp_path / "ours")
    skopeo.copy(f"docker://{target}", f"dir:{tmp_path / 'theirs'}", "--preserve-digests")
    theirs = {path.name: path.read_bytes() for path in (tmp_path / "theirs").iterdir() if path.name != "version"}
    manifest = theirs.pop("manifest.json")
    ours = {Path(name).name: data for name, data in blobs_of(tmp_path / "ours").items()}
    assert ours == {**theirs, root_of(tmp_path / "ours").partition(":")[2]: manifest}


def test_skopeo_reads_a_layout_back(app: str, skopeo: Skopeo, tmp_path: Path) -> None:
    pulled(app, tmp_path / "ours")
    back = app.replace("/app:", "/back:")
    skopeo.copy(f"oci:{tmp_path / 'ours'}:v1", f"docker://{back}", "--preserve-digests")
    assert skopeo.manifest_digest(f"docker://{back}") == root_of(tmp_path / "ours")


def test_skopeo_reads_an_archive_back(app: str, skopeo: Skopeo, tmp_path: Path) -> None:
    pulled(app, tmp_path / "ours.tar")
    skopeo.copy(f"docker-archive:{tmp_path / 'ours.tar'}:{app}", f"oci:{tmp_path / 'back'}:v1")
    sample = open_image("tiny", scratch=tmp_path)
    back = open_image(str(tmp_path / "back"), scratch=tmp_path)
    configs = [json.loads(Path(b.body.path).read_bytes()) for b in back.blobs[-1:] if not isinstance(b.body, bytes)]
    assert isinstance(sample.blobs[-1].body, bytes)
    assert configs[0]["rootfs"] == json.loads(sample.blobs[-1].body)["rootfs"]


def test_an_image_for_several_platforms_is_the_one_that_skopeo_pulls(
    several: str, skopeo: Skopeo, tmp_path: Path
) -> None:
    pulled(several, tmp_path / "ours")
    skopeo.copy(f"docker://{several}", f"oci:{tmp_path / 'theirs'}:v1", "--all", "--preserve-digests")
    assert blobs_of(tmp_path / "ours") == blobs_of(tmp_path / "theirs") == blobs_of(tmp_path / "source")
    assert root_of(tmp_path / "ours") == root_of(tmp_path / "theirs")


def test_one_platform_is_the_one_that_skopeo_pulls(several: str, skopeo: Skopeo, tmp_path: Path) -> None:
    pulled(several, tmp_path / "ours", "linux/arm/v7")
    skopeo.copy(
        f"docker://{several}", f"oci:{tmp_path / 'theirs'}:v1", "--preserve-digests", before=("--override-arch", "arm")
    )
    assert blobs_of(tmp_path / "ours") == blobs_of(tmp_path / "theirs")
    assert root_of(tmp_path / "ours") == root_of(tmp_path / "theirs")


def test_skopeo_reads_every_platform_of_a_layout_back(several: str, skopeo: Skopeo, tmp_path: Path) -> None:
    pulled(several, tmp_path / "ours")
    back = several.replace("/several:", "/back:")
    skopeo.copy(f"oci:{tmp_path / 'ours'}:v1", f"docker://{back}", "--all", "--preserve-digests")
    pulled(back, tmp_path / "again")
    assert blobs_of(tmp_path / "again") == blobs_of(tmp_path / "ours")


def test_a_half_is_gone_on_from(several: str, tmp_path: Path) -> None:
    source = blobs_of(tmp_path / "source")
    name, data = max(source.items(), key=lambda item: len(item[1]))
    part = tmp_path / "ours" / f"{name}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(data[:77_777])
    state = pulled(several, tmp_path / "ours")
    assert [exchange.status for exchange in state.exchanges].count(206) == 1
    assert blobs_of(tmp_path / "ours") == source


def test_an_image_that_is_not_there_is_a_sentence(docker_registry: str, tmp_path: Path) -> None:
    workbench = open_pull(
        PullJob(f"{docker_registry}/no/such:v1", str(tmp_path / "x"), recording=f"{tmp_path}/x.jsonl")
    )
    state = workbench.send()
    workbench.close()
    assert isinstance(state.outcome, Blocked)
    assert "MANIFEST_UNKNOWN" in state.outcome.sentence
    assert not (tmp_path / "x").exists()
