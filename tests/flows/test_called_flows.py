"""Each conversation, called by its name, against the built-in registry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from explorer.errors import InputError
from explorer.flows import flow_named, flows
from explorer.jobs import PushJob, open_flow, open_push, open_recording
from explorer.model import Origin
from explorer.practice import PracticeRegistry
from explorer.spec.media_types import OCI_INDEX
from explorer.state import State
from explorer.stepping import Blocked, Done
from explorer.workbench import Workbench

BLOB = bytes(range(256)) * 500
DIGEST = f"sha256:{hashlib.sha256(BLOB).hexdigest()}"


@pytest.fixture(scope="module")
def registry() -> Iterator[Origin]:
    """Return a registry that runs."""
    with PracticeRegistry() as practice:
        yield practice.origin


class Caller:
    """Calls flows in a folder of its own and runs them to the end."""

    def __init__(self, folder: Path, registry: Origin) -> None:
        self.folder = folder
        self.where = f"{registry.authority}/{''.join(c for c in folder.name.lower() if c.isalnum())}"
        self.count = 0
        (folder / "blob").write_bytes(BLOB)

    def recording(self) -> str:
        """Return the path of the next recording."""
        self.count += 1
        return str(self.folder / f"{self.count}.jsonl")

    def run(self, workbench: Workbench) -> State:
        """Run to the end."""
        for _ in workbench.run():
            pass
        workbench.close()
        return workbench.state

    def call(self, name: str, **words: object) -> State:
        """Call a flow with the repository as its target, and run it."""
        words = {key.replace("_", "-"): value for key, value in words.items()}
        words.setdefault("target", self.where)
        return self.run(open_flow(flow_named(name), words, recording=self.recording()))

    def result(self, name: str, **words: object) -> str:
        """Call a flow that gets through, and return its result."""
        state = self.call(name, **words)
        assert isinstance(state.outcome, Done), state.outcome
        return str(state.outcome.result)

    def push(self, tag: str = "v1") -> State:
        """Push the sample."""
        return self.run(open_push(PushJob(target=f"{self.where}:{tag}", recording=self.recording())))

    def upload(self) -> str:
        """Open an upload and return its Location."""
        location = self.call("open-upload").exchanges[-1].response
        assert location
        return location.headers.get("Location") or ""


@pytest.fixture
def caller(tmp_path: Path, registry: Origin) -> Caller:
    """Return what calls flows."""
    return Caller(tmp_path, registry)


def test_every_flow_tells_what_it_is_for_and_gives_an_example() -> None:
    for kind in flows().values():
        assert kind.line.endswith((".", "?"))
        assert kind.example.startswith(kind.name)
        assert "end-" in kind.help or "_catalog" in kind.help


def test_a_registry_is_found(caller: Caller) -> None:
    assert caller.result("api-check") == "a registry"


@pytest.mark.parametrize("shape", ["stream", "chunked", "put", "post"])
@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_a_blob_is_pushed_in_each_shape_and_found(caller: Caller, shape: str, algorithm: str) -> None:
    file = str(caller.folder / "blob")
    digest = caller.result("push-blob", file=file, shape=shape, chunk_size=50_000, algorithm=algorithm)
    assert digest.startswith(f"{algorithm}:")
    assert caller.result("blob-exists", digest=digest) == "there"


def test_a_blob_that_is_there_is_not_sent_again(caller: Caller) -> None:
    file = str(caller.folder / "blob")
    caller.result("push-blob", file=file)
    again = caller.call("push-blob", file=file, head_first=True)
    assert [exchange.request.method for exchange in again.exchanges] == ["HEAD"]


def test_a_blob_that_is_not_there_is_not_found(caller: Caller) -> None:
    assert caller.result("blob-exists", digest=f"sha256:{'0' * 64}") == "not there"


def test_an_upload_tells_how_far_it_is_and_is_cancelled(caller: Caller) -> None:
    location = caller.upload()
    assert "0-0" in caller.result("upload-status", location=location)
    assert caller.result("cancel-upload", location=location) == "the upload is cancelled"
    assert isinstance(caller.call("upload-status", location=location).outcome, Blocked)


def test_an_upload_that_was_cut_off_is_resumed_where_it_stopped(caller: Caller) -> None:
    workbench = open_flow(
        flow_named("push-blob"),
        {"target": caller.where, "file": str(caller.folder / "blob"), "shape": "chunked", "chunk-size": 1000},
        recording=caller.recording(),
    )
    for _ in range(3):
        cut = workbench.send()
    workbench.close()
    location = cut.exchanges[-1].response
    assert location
    resumed = caller.call("resume-upload", location=location.headers.get("Location"), file=str(caller.folder / "blob"))
    assert isinstance(resumed.outcome, Done)
    assert resumed.exchanges[1].request.headers.get("Content-Range") == f"2000-{len(BLOB) - 1}"
    assert caller.result("blob-exists", digest=DIGEST) == "there"


def test_a_blob_is_mounted_from_where_it_is(caller: Caller) -> None:
    caller.result("push-blob", file=str(caller.folder / "blob"))
    source = caller.where.partition("/")[2]
    assert caller.result("mount-blob", target=f"{caller.where}/b", digest=DIGEST, **{"from": source}) == "mounted"


def test_a_mount_that_is_not_done_is_cancelled(caller: Caller) -> None:
    state = caller.call("mount-blob", digest=f"sha256:{'0' * 64}", **{"from": "no/where"})
    assert [exchange.status for exchange in state.exchanges] == [202, 204]


def test_a_mount_from_a_name_that_cannot_be_is_refused_before_it_is_sent(caller: Caller) -> None:
    with pytest.raises(InputError, match="upper-case"):
        caller.call("mount-blob", digest=DIGEST, **{"from": "No/Where"})


@pytest.mark.parametrize(("part", "status", "size"), [("0-99", 206, 100), ("-10", 206, 10), ("", 200, len(BLOB))])
def test_a_blob_is_got_whole_or_in_part(caller: Caller, part: str, status: int, size: int) -> None:
    caller.result("push-blob", file=str(caller.folder / "blob"))
    answer = caller.call("get-blob", digest=DIGEST, range=part).exchanges[-1].response
    assert answer
    assert isinstance(answer.body, bytes)
    assert (answer.status, len(answer.body)) == (status, size)


def test_a_manifest_is_got_by_tag_and_by_digest(caller: Caller) -> None:
    caller.push()
    digest = caller.result("get-manifest", target=f"{caller.where}:v1")
    assert caller.result("get-manifest", target=f"{caller.where}@{digest}") == digest
    assert caller.result("get-manifest", target=f"{caller.where}:v1", head=True) == digest


def test_a_manifest_of_a_kind_that_is_not_accepted_is_refused(caller: Caller) -> None:
    caller.push()
    state = caller.call("get-manifest", target=f"{caller.where}:v1", accept=["application/json"])
    assert isinstance(state.outcome, Blocked)
    assert "accept header" in state.outcome.sentence.lower()


def test_a_manifest_is_pushed_from_a_file_under_its_own_type(caller: Caller) -> None:
    pushed = caller.push().exchanges[-1].request
    assert isinstance(pushed.body, bytes)
    (caller.folder / "manifest.json").write_bytes(pushed.body)
    caller.result("push-manifest", target=f"{caller.where}:v2", file=str(caller.folder / "manifest.json"))
    assert caller.result("get-manifest", target=f"{caller.where}:v2").startswith("sha256:")


def test_tags_are_listed_page_by_page(caller: Caller) -> None:
    for tag in ("a", "b", "c"):
        caller.push(tag)
    state = caller.call("list-tags", n=2)
    assert isinstance(state.outcome, Done)
    assert state.outcome.result == "3 tags; a; b; c"
    assert len(state.exchanges) == 2


def test_repositories_are_listed(caller: Caller) -> None:
    caller.push()
    assert caller.where.partition("/")[2] in caller.result("catalog", n=1)


def test_referrers_are_looked_for_under_their_tag_where_there_is_no_api(caller: Caller) -> None:
    digest = caller.push().outcome
    assert isinstance(digest, Done)
    tag = str(digest.result).replace(":", "-")
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}
    (caller.folder / "index.json").write_text(json.dumps(index))
    caller.result("push-manifest", target=f"{caller.where}:{tag}", file=str(caller.folder / "index.json"))
    assert "0 referrers" in caller.result("referrers", target=f"{caller.where}@{digest.result}")


@pytest.mark.parametrize("name", ["delete-tag", "delete-manifest", "delete-blob"])
def test_what_is_deleted_is_gone(caller: Caller, name: str) -> None:
    state = caller.push()
    assert isinstance(state.outcome, Done)
    blob = state.exchanges[2].request.target.partition("digest=")[2]
    at = "@" + str(state.outcome.result) if name == "delete-manifest" else ":v1"
    assert caller.result(name, target=f"{caller.where}{at}", digest=blob) == "deleted"
    if name == "delete-blob":
        assert caller.result("blob-exists", digest=blob) == "not there"
    else:
        assert isinstance(caller.call("get-manifest", target=f"{caller.where}:v1").outcome, Blocked)


def test_every_call_can_be_opened_again_from_its_recording(caller: Caller) -> None:
    state = caller.call("catalog", n=1)
    opened = open_recording(state.recording).workbench
    assert isinstance(opened.state.outcome, Done)
    assert opened.state.path == state.path
    opened.close()


@pytest.mark.parametrize(
    ("name", "words", "said"),
    [
        ("delete-tag", {"target": f"localhost/a@{DIGEST}"}, "takes a tag"),
        ("delete-manifest", {"target": "localhost/a:v1"}, "takes a digest"),
        ("referrers", {"target": "localhost/a:v1"}, "of a digest"),
        ("upload-status", {"location": "/v2/x"}, "no whole Location"),
        ("blob-exists", {"target": "localhost/a"}, "needs digest"),
        ("list-tags", {"target": "localhost/a", "n": "many"}, "whole number"),
        ("push-blob", {"target": "localhost/a", "file": __file__, "shape": "round"}, "is one of"),
    ],
)
def test_arguments_that_cannot_be_are_a_sentence(name: str, words: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        open_flow(flow_named(name), words)
