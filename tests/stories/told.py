"""Stories of one registry."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from explorer.credentials import Given
from explorer.flows import flow_named
from explorer.flows.push_blob import Shape
from explorer.jobs import PullJob, PushJob, open_flow, open_pull, open_push
from explorer.model import Request, Slice
from explorer.practice import PracticeRegistry, TokenAccess, Users
from explorer.spec.locations import resolve
from tests.layouts import image, keep, layer_of
from tests.stories.servers import docker_registry
from tests.stories.telling import pending, story, to_the_end

USER = "alice:correct-horse-battery"


@story("first-push", "A first push: for each blob POST, PATCH and PUT, then the manifest.")
def first_push(folder: Path, path: Path) -> None:
    """Push the sample."""
    with docker_registry(folder / "registry") as registry:
        to_the_end(open_push(PushJob(target=f"{registry}/demo/app:v1", recording=str(path))))


@story("second-question-mark", "The digest was appended with a second '?': 404, and the same request mended.")
def second_question_mark(folder: Path, path: Path) -> None:
    """Push the sample, and close the first blob with the mistake that this program was begun for."""
    with docker_registry(folder / "registry") as registry:
        workbench = open_push(PushJob(target=f"{registry}/demo/app:v1", recording=str(path)))
        workbench.send()
        workbench.send()
        request = pending(workbench)
        workbench.edit(replace(request, target=request.target.replace("&digest=", "?digest=")))
        workbench.send()
        to_the_end(workbench)


@story("stale-location", "The PUT went to the Location of the POST and not to the newer one of the PATCH: refused.")
def stale_location(folder: Path, path: Path) -> None:
    """Close the first blob at an address that has been overtaken, once with each mistake."""
    with docker_registry(folder / "registry") as registry:
        workbench = open_push(PushJob(target=f"{registry}/demo/app:v1", recording=str(path)))
        opened = workbench.send().exchanges[0]
        workbench.send()
        request = pending(workbench)
        assert opened.response is not None
        _, old = resolve(opened.request, opened.response.headers.get("Location"))
        appended = request.target[request.target.index("&digest=") :]
        workbench.edit(replace(request, target=old + appended))
        workbench.send()
        to_the_end(workbench)


@story("expired-token", "The token ran out in the middle of the push: 401 invalid_token, a new one, and on.")
def expired_token(folder: Path, path: Path) -> None:
    """Push with a token that lasts a minute, and put the registry's clock ahead."""
    ahead = 0.0
    access = TokenAccess(Users.of(USER), life=60.0, clock=lambda: time.time() + ahead)
    with PracticeRegistry(folder / "store", access=access) as registry:
        login = Given(user=USER)
        target = f"{registry.origin.authority}/demo/app:v1"
        workbench = open_push(PushJob(target=target, recording=str(path), login=login))
        for _ in range(4):
            workbench.send()
        ahead = 90.0
        to_the_end(workbench)


@story("who-are-you", "401 and its challenge, a visit to the token service, and that one does not take the password.")
def who_are_you(folder: Path, path: Path) -> None:
    """Push with a wrong password."""
    with PracticeRegistry(folder / "store", access=TokenAccess(Users.of(USER))) as registry:
        target = f"{registry.origin.authority}/demo/app:v1"
        login = Given(user="alice:not-the-password-1")
        to_the_end(open_push(PushJob(target=target, recording=str(path), login=login)))


@story("resumed-upload", "An upload that was cut off goes on: its status, the rest of the bytes, the digest.")
def resumed_upload(folder: Path, path: Path) -> None:
    """Open an upload and send half of a file, then resume it."""
    file = folder / "layer.tar"
    file.write_bytes(layer_of(3, 20_000))
    with docker_registry(folder / "registry") as registry:
        target = f"{registry}/demo/app:v1"
        half = open_flow(
            flow_named("push-blob"),
            {"target": target, "file": str(file), "shape": "chunked", "chunk-size": "12000"},
            recording=str(folder / "half.jsonl"),
        )
        half.send()
        sent = half.send().exchanges[-1]
        half.close()
        assert sent.response is not None
        origin, location = resolve(sent.request, sent.response.headers.get("Location"))
        words = {"location": f"{origin}{location}", "file": str(file)}
        to_the_end(open_flow(flow_named("resume-upload"), words, recording=str(path)))


@story("mount", "A blob is taken over from another repository without being sent; one that is not there is not.")
def mount(folder: Path, path: Path) -> None:
    """Push into one repository, and mount its blobs while pushing into another."""
    with docker_registry(folder / "registry") as registry:
        to_the_end(open_push(PushJob(target=f"{registry}/base/app:v1", recording=str(folder / "base.jsonl"))))
        job = PushJob(target=f"{registry}/demo/app:v1", recording=str(path), mount_from="base/app")
        to_the_end(open_push(job))


@story("multi-platform-push", "An image for two platforms: shared blobs once, each manifest by digest, the index last.")
def multi_platform_push(folder: Path, path: Path) -> None:
    """Push a layout with an index."""
    layout = small_layout(folder / "layout")
    with docker_registry(folder / "registry") as registry:
        to_the_end(open_push(PushJob(str(layout), target=f"{registry}/demo/app:v1", recording=str(path))))


def small_layout(folder: Path) -> Path:
    """Write an OCI layout with a small image for each of two platforms, which share a layer."""
    import json

    from explorer.spec.media_types import OCI_INDEX

    shared = layer_of(0, 4_000)
    children = [
        image(folder, name, shared, layer_of(n, 2_000)) for n, name in enumerate(("linux/amd64", "linux/arm64"), 1)
    ]
    index = json.dumps({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": children}).encode()
    root = keep(folder, index, OCI_INDEX, annotations={"org.opencontainers.image.ref.name": "v1"})
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [root]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    return folder


@story("pull", "A pull: the manifest first, then every blob that it names, once.")
def pull(folder: Path, path: Path) -> None:
    """Push the sample and pull it."""
    with docker_registry(folder / "registry") as registry:
        target = f"{registry}/demo/app:v1"
        to_the_end(open_push(PushJob(target=target, recording=str(folder / "pushed.jsonl"))))
        to_the_end(open_pull(PullJob(target, str(folder / "pulled"), recording=str(path))))


@story("chunk-out-of-order", "A chunk left a gap: 416, the status tells where the upload stands, the chunk goes there.")
def chunk_out_of_order(folder: Path, path: Path) -> None:
    """Push in chunks, one of them with a Content-Range that leaves a gap."""
    file = folder / "layer.tar"
    file.write_bytes(layer_of(4, 20_000))
    with PracticeRegistry(folder / "store") as registry:
        words = {
            "target": f"{registry.origin.authority}/demo/app:v1",
            "file": str(file),
            "shape": "chunked",
            "chunk-size": "8000",
        }
        workbench = open_flow(flow_named("push-blob"), words, recording=str(path))
        workbench.send()
        workbench.send()
        request: Request = pending(workbench)
        assert isinstance(request.body, Slice)
        gap = request.headers.set("Content-Range", "9000-16999")
        workbench.edit(replace(request, headers=gap))
        workbench.send()
        to_the_end(workbench)


@story("whole-in-one", "Each blob in one PUT after its POST, as containerd and oras do.")
def whole_in_one(folder: Path, path: Path) -> None:
    """Push the sample in the shape of containerd."""
    with docker_registry(folder / "registry") as registry:
        to_the_end(open_push(PushJob(target=f"{registry}/demo/app:v1", shape=Shape.PUT, recording=str(path))))
