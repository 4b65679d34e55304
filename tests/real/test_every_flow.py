"""Every conversation, called by its name, against docker-registry 2.8 and against the built-in registry."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explorer.flows import flow_named, flows
from explorer.jobs import open_flow
from explorer.practice import PracticeRegistry
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_MANIFEST
from explorer.state import State
from explorer.stepping import Blocked, Done

BLOB = bytes(range(256)) * 4000
DIGEST = digest_of(BLOB)
Words = dict[str, object]


@pytest.fixture(params=["docker-registry", "practice"], scope="module")
def registry(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return host:port of either registry."""
    if request.param == "practice":
        with PracticeRegistry() as practice:
            yield practice.origin.authority
    else:
        where: str = request.getfixturevalue("docker_registry")
        yield where


class Caller:
    """Calls flows on a repository of its own."""

    def __init__(self, registry: str, folder: Path) -> None:
        name = "".join(sign for sign in folder.name.lower() if sign.isalnum())
        self.target = f"{registry}/each/{name}"
        self.folder = folder
        self._count = 0

    def call(self, name: str, **words: object) -> State:
        """Call a flow and run it to its end."""
        self._count += 1
        given: Words = {key.rstrip("_").replace("_", "-"): word for key, word in words.items()}
        given.setdefault("target", f"{self.target}:v1")
        bench = open_flow(flow_named(name), given, recording=str(self.folder / f"{self._count}.jsonl"))
        for _ in bench.run():
            pass
        bench.close()
        return bench.state

    def result(self, name: str, **words: object) -> str:
        """Call a flow that gets through, and return its result."""
        state = self.call(name, **words)
        assert isinstance(state.outcome, Done), state.outcome
        return str(state.outcome.result)

    def push(self, **words: object) -> str:
        """Push the sample and return its digest."""
        return self.result("push-image", **{"image": "tiny", **words})

    def file(self, data: bytes = BLOB, name: str = "blob") -> str:
        """Write a file."""
        (self.folder / name).write_bytes(data)
        return str(self.folder / name)

    def upload(self) -> str:
        """Open an upload and return its Location."""
        answer = self.call("open-upload").exchanges[-1].response
        assert answer
        return answer.headers.get("Location") or ""


@pytest.fixture
def caller(registry: str, tmp_path: Path) -> Caller:
    """Return what calls flows."""
    return Caller(registry, tmp_path)


def _api_check(caller: Caller) -> None:
    assert caller.result("api-check") == "a registry"


def _blob_exists(caller: Caller) -> None:
    assert caller.result("blob-exists", digest=DIGEST) == "not there"


def _push_blob(caller: Caller) -> None:
    for shape in ("stream", "chunked", "put", "post"):
        caller.result(
            "push-blob", target=f"{caller.target}-{shape}", file=caller.file(), shape=shape, chunk_size=300_000
        )
        assert caller.result("blob-exists", target=f"{caller.target}-{shape}", digest=DIGEST) == "there"


def _push_image(caller: Caller) -> None:
    assert caller.push() == caller.result("get-manifest")


def _uploads(caller: Caller) -> None:
    location = caller.upload()
    assert "0-0" in caller.result("upload-status", location=location)
    caller.result("cancel-upload", location=location)
    assert isinstance(caller.call("upload-status", location=location).outcome, Blocked)


def _resume_upload(caller: Caller) -> None:
    assert caller.result("resume-upload", location=caller.upload(), file=caller.file()) == DIGEST


def _mount_blob(caller: Caller) -> None:
    caller.result("push-blob", file=caller.file())
    source = caller.target.partition("/")[2]
    assert caller.result("mount-blob", target=f"{caller.target}/b", digest=DIGEST, from_=source) == "mounted"
    assert caller.result("mount-blob", target=f"{caller.target}/c", digest=DIGEST, from_="no/where") == "not mounted"
    sent = caller.result(
        "mount-blob", target=f"{caller.target}/c", digest=DIGEST, from_="no/where", file=[caller.file()]
    )
    assert sent == "not mounted, but sent"


def _get_blob(caller: Caller) -> None:
    caller.result("push-blob", file=caller.file())
    answer = caller.call("get-blob", digest=DIGEST, range="5-9").exchanges[-1].response
    assert answer
    assert (answer.status, answer.body) == (206, BLOB[5:10])


def _pull_image(caller: Caller) -> None:
    digest = caller.push()
    assert digest in caller.result("pull-image", dest=str(caller.folder / "out"))


def _push_manifest(caller: Caller) -> None:
    caller.push()
    body = caller.call("get-manifest").exchanges[-1].response
    assert body
    assert isinstance(body.body, bytes)
    digest = digest_of(body.body)
    by_digest = f"{caller.target}@{digest}"
    assert digest in caller.result("push-manifest", target=by_digest, file=caller.file(body.body, "m.json"), tag=["x"])
    assert digest in caller.result("push-manifest", target=f"{caller.target}:v2", file=str(caller.folder / "m.json"))


def _push_artifact(caller: Caller) -> None:
    subject = caller.push()
    words: Words = {"artifact_type": "application/spdx+json", "file": [f"{caller.file(b'{}', 's')}:a/b"]}
    pushed = caller.result("push-artifact", target=f"{caller.target}:sbom", subject=subject, **words)
    digest = pushed.partition(";")[0]
    found = caller.result("referrers", target=f"{caller.target}@{subject}", artifact_type="application/spdx+json")
    assert found == f"1 referrer; {digest}"
    assert "0 referrers" in caller.result("referrers", target=f"{caller.target}@{subject}", artifact_type="x/y")
    caller.result("delete-manifest", target=f"{caller.target}@{digest}")
    assert "0 referrers" in caller.result("referrers", target=f"{caller.target}@{subject}")


def _get_manifest(caller: Caller) -> None:
    caller.push()
    assert caller.result("get-manifest", head=True) == caller.result("get-manifest", ns="docker.io")
    assert isinstance(caller.call("get-manifest", accept=["application/json"]).outcome, Blocked)


def _lists(caller: Caller) -> None:
    for tag in ("a", "b", "c"):
        caller.push(target=f"{caller.target}:{tag}")
    found = caller.result("list-tags", n=2)
    assert all(f"; {tag}" in found for tag in ("a", "b", "c"))
    assert caller.target.partition("/")[2] in caller.result("catalog", n=1)


def _delete_tag(caller: Caller) -> None:
    caller.push()
    state = caller.call("delete-tag")
    if isinstance(state.outcome, Blocked):  # distribution 2 deletes by digest only
        assert "DIGEST_INVALID" in state.outcome.sentence
    else:
        assert isinstance(caller.call("get-manifest").outcome, Blocked)


def _deletes(caller: Caller) -> None:
    digest = caller.push()
    caller.result("push-blob", file=caller.file())
    assert caller.result("delete-manifest", target=f"{caller.target}@{digest}") == "deleted"
    assert isinstance(caller.call("get-manifest").outcome, Blocked)
    assert caller.result("delete-blob", digest=DIGEST) == "deleted"
    assert caller.result("blob-exists", digest=DIGEST) == "not there"


def _copy_image(caller: Caller) -> None:
    digest = caller.push()
    assert caller.result("copy-image", source=f"{caller.target}:v1", target=f"{caller.target}/copy:v1") == digest
    with PracticeRegistry() as other:
        words: Words = {"source": f"{caller.target}:v1", "target": f"{other.origin.authority}/x/y:v1"}
        assert caller.result("copy-image", **words) == digest


CASES: dict[str, Callable[[Caller], None]] = {
    "api-check": _api_check,
    "blob-exists": _blob_exists,
    "open-upload": _uploads,
    "push-blob": _push_blob,
    "push-image": _push_image,
    "upload-status": _uploads,
    "resume-upload": _resume_upload,
    "cancel-upload": _uploads,
    "mount-blob": _mount_blob,
    "get-blob": _get_blob,
    "pull-image": _pull_image,
    "copy-image": _copy_image,
    "push-manifest": _push_manifest,
    "push-artifact": _push_artifact,
    "get-manifest": _get_manifest,
    "list-tags": _lists,
    "catalog": _lists,
    "referrers": _push_artifact,
    "delete-tag": _delete_tag,
    "delete-manifest": _deletes,
    "delete-blob": _deletes,
}


@pytest.mark.parametrize("case", dict.fromkeys(CASES.values()), ids=lambda case: case.__name__.lstrip("_"))
def test_the_conversation_gets_through(caller: Caller, case: Callable[[Caller], None]) -> None:
    case(caller)


def test_each_conversation_is_among_them() -> None:
    assert set(flows()) == set(CASES)


def test_each_number_of_the_catalogue_has_a_conversation() -> None:
    found = {number for kind in flows().values() for number in kind.numbers}
    assert found == {f"F{number:02}" for number in range(1, 27)}


def test_a_manifest_that_names_what_is_not_there_is_refused(caller: Caller) -> None:
    layer = {"mediaType": "a/b", "digest": DIGEST, "size": len(BLOB)}
    content = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": layer, "layers": [layer]}
    state = caller.call("push-manifest", file=caller.file(json.dumps(content).encode(), "m.json"))
    assert isinstance(state.outcome, Blocked)
    assert "MANIFEST_BLOB_UNKNOWN" in state.outcome.sentence
