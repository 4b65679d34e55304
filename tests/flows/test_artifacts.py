"""Artifacts, what they refer to, and the index that clients keep where a registry has no referrers API."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.calls import call_from_words
from explorer.errors import InputError
from explorer.flows import Flow, build, flow_named
from explorer.flows.referrers_tag import descriptor_of, tag_of
from explorer.model import Manifest, Response, Step
from explorer.spec.digests import EMPTY_JSON, digest_of
from explorer.spec.media_types import OCI_EMPTY, OCI_INDEX, OCI_MANIFEST
from explorer.stepping import Blocked, Done
from tests.scripted import Ran, answer, run

SUBJECT = b'{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"}'
DIGEST = digest_of(SUBJECT)
TAG = tag_of(DIGEST)
OTHER = {"mediaType": OCI_MANIFEST, "digest": digest_of(b"other"), "size": 5}


def flow(name: str, **words: object) -> Callable[[], Flow[object]]:
    """Return what makes a flow, called with words."""
    words.setdefault("target", "localhost:5000/t/r:v1")
    return build(call_from_words(flow_named(name), {key.replace("_", "-"): word for key, word in words.items()}))


class Registry:
    """Answers as a registry that keeps manifests; with or without the referrers API."""

    def __init__(self, *, has_api: bool = False) -> None:
        self.has_api = has_api
        self.manifests: dict[str, bytes] = {DIGEST: SUBJECT}
        self.if_match: str | None = None

    def __call__(self, step: Step) -> Response:
        """Answer a step."""
        method, target, body = step.request.method, step.request.target, step.request.body
        reference = target.rpartition("/")[2]
        if "/referrers/" in target:
            return answer(200 if self.has_api else 404)
        if "/manifests/" not in target:
            return self._blob(method)
        if method == "GET" and reference in self.manifests:
            return answer(200, ("Content-Type", OCI_MANIFEST), ("ETag", '"e1"'), body=self.manifests[reference])
        if method == "PUT" and isinstance(body, bytes):
            self.manifests[reference] = self.manifests[digest_of(body)] = body
            self.if_match = step.request.headers.get("If-Match")
            subject = json.loads(body).get("subject")
            said = (("OCI-Subject", subject["digest"]),) if subject and self.has_api else ()
            return answer(201, ("Docker-Content-Digest", digest_of(body)), *said)
        return answer(202 if method == "DELETE" else 404)

    def _blob(self, method: str) -> Response:
        match method:
            case "HEAD":
                return answer(404)
            case "PUT":
                return answer(201)
            case _:
                return answer(202, ("Location", "/v2/t/r/blobs/uploads/4f"))

    @property
    def listed(self) -> list[dict[str, object]]:
        """What lies under the referrers' tag."""
        entries = json.loads(self.manifests[TAG])["manifests"]
        assert isinstance(entries, list)
        return entries


def artifact(registry: Registry, folder: Path, **words: object) -> Ran:
    """Push a file as an artifact."""
    (folder / "sbom.json").write_text("{}\n")
    words = {"artifact_type": "application/spdx+json", "file": [f"{folder}/sbom.json:application/spdx+json"], **words}
    return run(flow("push-artifact", **words), registry)


def pushed_manifest(ran: Ran) -> dict[str, object]:
    """Return the artifact's manifest."""
    [body] = [s.request.body for s in ran.steps if s.title.startswith("manifest")]
    assert isinstance(body, bytes)
    content = json.loads(body)
    assert isinstance(content, dict)
    return content


def test_a_file_becomes_a_layer_with_its_type_and_name(tmp_path: Path) -> None:
    ran = artifact(Registry(), tmp_path)
    assert isinstance(ran.outcome, Done), ran.outcome
    content = pushed_manifest(ran)
    assert content["artifactType"] == "application/spdx+json"
    assert content["config"] == {"mediaType": OCI_EMPTY, "digest": EMPTY_JSON, "size": 2}
    assert content["layers"] == [
        {
            "mediaType": "application/spdx+json",
            "digest": digest_of(b"{}\n"),
            "size": 3,
            "annotations": {"org.opencontainers.image.title": "sbom.json"},
        }
    ]


def test_an_artifact_without_files_has_the_empty_object_as_layer_and_config(tmp_path: Path) -> None:
    ran = artifact(Registry(), tmp_path, file=[], annotation=["a=b=c"])
    content = pushed_manifest(ran)
    assert content["layers"] == [content["config"]]
    assert content["annotations"] == {"a": "b=c"}
    assert len([step for step in ran.steps if step.request.method == "POST"]) == 1


def test_an_artifact_can_go_by_sha512(tmp_path: Path) -> None:
    ran = artifact(Registry(), tmp_path, algorithm="sha512", by_digest=True)
    assert ran.last.target.rpartition("/")[2].startswith("sha512:")
    assert "?digest-algorithm=sha512" in ran.lines[1]


def test_a_registry_with_the_api_is_left_to_keep_the_referrers(tmp_path: Path) -> None:
    ran = artifact(Registry(has_api=True), tmp_path, subject=DIGEST)
    assert isinstance(ran.outcome, Done), ran.outcome
    assert "which the registry keeps" in str(ran.outcome.result)
    assert ran.last.target.endswith("/manifests/v1")
    assert pushed_manifest(ran)["subject"] == {"mediaType": OCI_MANIFEST, "digest": DIGEST, "size": len(SUBJECT)}


def test_without_the_api_the_index_under_the_tag_is_made(tmp_path: Path) -> None:
    registry = Registry()
    ran = artifact(registry, tmp_path, subject=DIGEST)
    assert isinstance(ran.outcome, Done), ran.outcome
    [entry] = registry.listed
    assert entry["artifactType"] == "application/spdx+json"
    assert ran.last.headers.get("Content-Type") == OCI_INDEX
    assert registry.if_match is None


def test_without_the_api_the_index_under_the_tag_is_added_to(tmp_path: Path) -> None:
    registry = Registry()
    registry.manifests[TAG] = json.dumps({"schemaVersion": 2, "x": 1, "manifests": [OTHER]}).encode()
    artifact(registry, tmp_path, subject=DIGEST)
    assert registry.listed[0] == OTHER
    assert len(registry.listed) == 2
    assert json.loads(registry.manifests[TAG])["x"] == 1
    assert registry.if_match == '"e1"'


def test_what_is_listed_already_is_not_listed_twice(tmp_path: Path) -> None:
    registry = Registry()
    artifact(registry, tmp_path, subject=DIGEST)
    again = artifact(registry, tmp_path, subject=DIGEST)
    assert len(registry.listed) == 1
    assert again.last.method == "GET"


def test_a_subject_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    ran = artifact(Registry(), tmp_path, subject=digest_of(b"nowhere"))
    assert isinstance(ran.outcome, Blocked)
    assert len(ran.steps) == 1


def test_another_subject_in_the_answer_is_a_sentence(tmp_path: Path) -> None:
    registry = Registry(has_api=True)

    def answers(step: Step) -> Response:
        came = registry(step)
        return answer(201, ("OCI-Subject", digest_of(b"x"))) if came.headers.get("OCI-Subject") else came

    (tmp_path / "m.json").write_text(json.dumps({"mediaType": OCI_MANIFEST, "subject": {"digest": DIGEST}}))
    ran = run(flow("push-manifest", file=str(tmp_path / "m.json")), answers)
    assert isinstance(ran.outcome, Blocked)
    assert "OCI-Subject" in ran.outcome.sentence


@pytest.mark.parametrize("index", [b"[]", b"{", b'{"manifests": 1}', b'{"manifests": [1]}'])
def test_what_is_no_index_under_the_tag_is_a_sentence(index: bytes, tmp_path: Path) -> None:
    registry = Registry()
    registry.manifests[TAG] = index
    assert isinstance(artifact(registry, tmp_path, subject=DIGEST).outcome, Blocked)


def test_what_is_deleted_is_taken_out_of_the_index(tmp_path: Path) -> None:
    registry = Registry()
    ran = artifact(registry, tmp_path, subject=DIGEST)
    assert isinstance(ran.outcome, Done)
    digest = str(ran.outcome.result).partition(";")[0]
    deleted = run(flow("delete-manifest", target=f"localhost:5000/t/r@{digest}"), registry)
    assert isinstance(deleted.outcome, Done), deleted.outcome
    assert registry.listed == []
    assert [step.request.method for step in deleted.steps] == ["GET", "DELETE", "GET", "GET", "PUT"]


def test_a_registry_with_the_api_needs_no_index_at_a_delete(tmp_path: Path) -> None:
    registry = Registry(has_api=True)
    ran = artifact(registry, tmp_path, subject=DIGEST)
    assert isinstance(ran.outcome, Done)
    digest = str(ran.outcome.result).partition(";")[0]
    deleted = run(flow("delete-manifest", target=f"localhost:5000/t/r@{digest}"), registry)
    assert [step.request.method for step in deleted.steps] == ["GET", "DELETE", "GET"]


def test_what_refers_to_nothing_is_just_deleted() -> None:
    deleted = run(flow("delete-manifest", target=f"localhost:5000/t/r@{DIGEST}"), Registry())
    assert [step.request.method for step in deleted.steps] == ["GET", "DELETE"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"artifact_type": None}, "artifact-type"),
        ({"annotation": ["novalue"]}, "NAME=VALUE"),
        ({"subject": "v1"}, "takes a digest"),
    ],
)
def test_what_cannot_be_an_artifact_is_a_sentence(words: dict[str, object], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        artifact(Registry(), tmp_path, **words)


def test_a_file_whose_name_has_a_colon_is_found(tmp_path: Path) -> None:
    (tmp_path / "a:text").mkdir()
    (tmp_path / "a:text" / "plain").write_text("x")
    ran = run(flow("push-artifact", artifact_type="a/b", file=[f"{tmp_path}/a:text/plain"]), Registry())
    layers = pushed_manifest(ran)["layers"]
    assert isinstance(layers, list)
    assert layers[0]["mediaType"] == "application/octet-stream"


def test_a_tag_for_referrers_has_no_sign_that_a_tag_cannot_have() -> None:
    assert tag_of("sha256:" + "a" * 64) == "sha256-" + "a" * 64
    assert tag_of("sha512:" + "b" * 128) == "sha512-" + "b" * 64
    assert tag_of("a+b:c=d") == "a-b-c-d"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"artifactType": "a/b", "config": {"mediaType": "c/d"}}, "a/b"),
        ({"config": {"mediaType": "c/d"}}, "c/d"),
        ({}, None),
    ],
)
def test_the_type_of_a_referrer_is_its_own_or_its_config_s(content: dict[str, object], kind: str | None) -> None:
    body = json.dumps(content).encode()
    assert descriptor_of(Manifest(digest_of(body), OCI_MANIFEST, body)).get("artifactType") == kind


def test_tags_that_were_not_made_are_said(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text(json.dumps({"mediaType": OCI_MANIFEST}))
    digest = digest_of((tmp_path / "m.json").read_bytes())
    words = {"target": f"localhost:5000/t/r@{digest}", "file": str(tmp_path / "m.json"), "tag": ["a", "b"]}
    ran = run(flow("push-manifest", **words), lambda _: answer(201, ("OCI-Tag", "a")))
    assert isinstance(ran.outcome, Done)
    assert "tags a" in str(ran.outcome.result)
    assert "not tagged b" in str(ran.outcome.result)
    plain = run(flow("push-manifest", **words), lambda _: answer(201))
    assert isinstance(plain.outcome, Done)
    assert "does not know tag=" in str(plain.outcome.result)
