"""Mistakes of clients, made for real against registries of both generations; and the same done right."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from explorer.spec.digests import digest_of
from explorer.spec.locations import append_query
from explorer.spec.media_types import DOCKER_MANIFEST, OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST
from tests.diagnoses.conftest import With
from tests.diagnoses.talking import DATA, DIGEST, OCTETS, Talk, found, names
from tests.diagnoses.test_faults import CONFIG, blobs, manifest

FORM = ("Content-Type", "application/x-www-form-urlencoded")


@dataclass(frozen=True)
class Mistake:
    """A mistake: the rule that names it, how it is made, on which registries it shows, and whether it can be mended."""

    rule: str
    make: Callable[[Talk], object]
    like: tuple[str, ...] = ("distribution-2", "distribution-3")
    mends: bool = False


def wrong_manifest(kind: str = OCI_MANIFEST, reference: str = "v1", **more: object) -> Callable[[Talk], object]:
    def make(talk: Talk) -> object:
        blobs(talk)
        return talk.put_manifest(manifest(**more), kind, reference)

    return make


def raw_manifest(body: bytes, *headers: tuple[str, str], reference: str = "v1") -> Callable[[Talk], object]:
    return lambda talk: talk.ask("PUT", f"/v2/t/r/manifests/{reference}", *headers, body=body)


def stale(talk: Talk) -> object:
    opened = talk.at(talk.open())
    talk.patch(opened, DATA[:5])
    return talk.patch(opened, DATA[5:])


def stale_after_put(talk: Talk) -> object:
    opened = talk.at(talk.open())
    talk.put(opened, DATA, digest_of(b"else"))
    return talk.put(opened, DATA)


def chunk(value: str, size: int = 5) -> Callable[[Talk], object]:
    return lambda talk: talk.patch(talk.at(talk.open()), DATA[:size], ("Content-Range", value))


def out_of_order(talk: Talk) -> object:
    sent = talk.patch(talk.at(talk.open()), DATA[:5], ("Content-Range", "0-4"))
    return talk.patch(talk.at(sent), DATA[7:], ("Content-Range", "7-9"))


def cut(talk: Talk, characters: int = 1) -> object:
    opened = talk.at(talk.open("t/rr")).removesuffix("%3D").removesuffix("%3D").removesuffix("=")
    return talk.put(opened[: len(opened) - characters], DATA)


def posted(talk: Talk) -> object:
    return talk.ask("POST", append_query(talk.at(talk.open()), f"digest={DIGEST}"), OCTETS, body=DATA)


def of_another(talk: Talk) -> object:
    one, other = talk.at(talk.open()), talk.at(talk.open())
    return talk.put(f"{one.partition('?')[0]}?{other.partition('?')[2]}", DATA)


def finished(talk: Talk) -> object:
    sent = talk.patch(talk.at(talk.open()))
    talk.put(talk.at(sent))
    return talk.put(talk.at(sent))


def in_another(talk: Talk) -> object:
    talk.push(name="other/r")
    talk.push(CONFIG)
    return talk.put_manifest(manifest(mediaType=OCI_MANIFEST), OCI_MANIFEST)


INDEX = json.dumps(
    {
        "schemaVersion": 2,
        "mediaType": OCI_INDEX,
        "manifests": [{"mediaType": OCI_MANIFEST, "digest": DIGEST, "size": 9}],
    }
).encode()
LAYER = {"mediaType": OCI_LAYER, "digest": DIGEST, "size": len(DATA)}
BAD_LAYER = LAYER | {"digest": "sha256:abc"}
THREE = ("distribution-3",)

MISTAKES = (
    Mistake("wrong-method", lambda talk: talk.ask("PUT", f"/v2/t/r/blobs/{DIGEST}", OCTETS, body=DATA), mends=True),
    Mistake(
        "wrong-method",
        lambda talk: talk.ask("PUT", f"/v2/t/r/blobs/uploads/?digest={DIGEST}", OCTETS, body=DATA),
        mends=True,
    ),
    Mistake("wrong-method", lambda talk: talk.ask("PATCH", "/v2/t/r/blobs/uploads/", OCTETS, body=DATA), mends=True),
    Mistake(
        "wrong-method",
        lambda talk: talk.ask("POST", "/v2/t/r/manifests/v1", ("Content-Type", OCI_MANIFEST), body=manifest()),
        mends=True,
    ),
    Mistake("wrong-method", lambda talk: talk.ask("DELETE", "/v2/t/r/tags/list")),
    Mistake("post-to-upload", posted, mends=True),
    Mistake(
        "second-question-mark",
        lambda talk: talk.ask("PUT", f"{talk.at(talk.open())}?digest={DIGEST}", OCTETS, body=DATA),
        mends=True,
    ),
    Mistake("state-padding-cut", cut, mends=True),
    Mistake("state-wrong-upload", of_another),
    Mistake("stale-location", stale, mends=True),
    Mistake("stale-after-failed-put", stale_after_put, THREE, mends=True),
    Mistake("upload-gone", finished, mends=True),
    Mistake("uploads-no-trailing-slash", lambda talk: talk.ask("POST", "/v2/t/r/blobs/uploads"), mends=True),
    Mistake("double-slash", lambda talk: talk.ask("POST", "//v2/t/r/blobs/uploads/"), mends=True),
    Mistake("repo-uppercase", lambda talk: talk.open("t/App"), mends=True),
    Mistake("repo-name-grammar", lambda talk: talk.open("t/-app")),
    Mistake("repo-name-too-long", lambda talk: talk.open("a/" + "b" * 255)),
    Mistake("tag-grammar", raw_manifest(b"{}", ("Content-Type", OCI_MANIFEST), reference="a!b")),
    Mistake("digest-as-tag", raw_manifest(b"{}", ("Content-Type", OCI_MANIFEST), reference="sha256:abc")),
    Mistake("wrong-api-prefix", lambda talk: talk.ask("GET", "/v1/t/r/tags")),
    Mistake("digest-missing", lambda talk: talk.ask("PUT", talk.at(talk.open()), OCTETS, body=DATA), mends=True),
    Mistake(
        "digest-unparsable",
        lambda talk: talk.put(talk.at(talk.open()), DATA, DIGEST.upper().replace("SHA256", "sha256")),
        mends=True,
    ),
    Mistake(
        "digest-unparsable", lambda talk: talk.put(talk.at(talk.open()), DATA, DIGEST.partition(":")[2]), mends=True
    ),
    Mistake("digest-mismatch", lambda talk: talk.put(talk.at(talk.open()), DATA, digest_of(b"else")), mends=True),
    Mistake(
        "digest-of-uncompressed", lambda talk: talk.put(talk.at(talk.open()), gzip.compress(DATA), DIGEST), mends=True
    ),
    Mistake("trailing-newline", lambda talk: talk.put(talk.at(talk.open()), DATA + b"\n", DIGEST), mends=True),
    Mistake("body-eaten-as-form", lambda talk: talk.put(talk.at(talk.open()), DATA, DIGEST, FORM), mends=True),
    Mistake(
        "patch-content-type",
        lambda talk: talk.ask("PATCH", talk.at(talk.open()), ("Content-Type", "text/plain"), body=DATA),
        mends=True,
    ),
    Mistake("content-range-with-unit", chunk("bytes 0-4"), THREE, mends=True),
    Mistake("content-range-with-total", chunk("0-4/5"), THREE, mends=True),
    Mistake("content-range-off-by-one", chunk("0-5"), THREE, mends=True),
    Mistake("content-range-malformed", chunk("five"), THREE),
    Mistake("chunk-out-of-order", out_of_order, THREE),
    Mistake("manifest-no-content-type", raw_manifest(manifest()), mends=True),
    Mistake("manifest-generic-type", wrong_manifest("application/json"), mends=True),
    Mistake("manifest-type-field-mismatch", wrong_manifest(DOCKER_MANIFEST, mediaType=OCI_MANIFEST), mends=True),
    Mistake("manifest-vs-index", wrong_manifest(OCI_INDEX), mends=True),
    Mistake("manifest-not-json", raw_manifest(b"{,", ("Content-Type", OCI_MANIFEST))),
    Mistake("manifest-too-big", raw_manifest(b" " * (4 << 20) + b"{}", ("Content-Type", OCI_MANIFEST)), THREE),
    Mistake("manifest-blob-unknown", raw_manifest(manifest(), ("Content-Type", OCI_MANIFEST))),
    Mistake("index-child-unknown", raw_manifest(INDEX, ("Content-Type", OCI_INDEX))),
    Mistake("blob-in-other-repo", in_another),
    Mistake("manifest-digest-mismatch", wrong_manifest(reference=digest_of(b"else")), mends=True),
    Mistake("bad-digest-inside", raw_manifest(manifest(layers=[BAD_LAYER]), ("Content-Type", OCI_MANIFEST))),
    Mistake("schema-version", wrong_manifest(schemaVersion=1)),
    Mistake(
        "accept-missing",
        lambda talk: (wrong_manifest()(talk), talk.ask("GET", "/v2/t/r/manifests/v1", ("Accept", "*/*"))),
        mends=True,
    ),
    Mistake("manifest-missing", lambda talk: talk.ask("GET", "/v2/t/r/manifests/nothing", ("Accept", OCI_MANIFEST))),
    Mistake("blob-missing", lambda talk: talk.ask("GET", f"/v2/t/r/blobs/{DIGEST}")),
    Mistake(
        "range-not-satisfiable",
        lambda talk: (talk.push(), talk.ask("GET", f"/v2/t/r/blobs/{DIGEST}", ("Range", "bytes=90-99"))),
        like=THREE,
        mends=True,
    ),
)


CASES = [(mistake, like) for mistake in MISTAKES for like in mistake.like]


@pytest.mark.parametrize(("mistake", "like"), CASES, ids=[f"{m.rule}-{like}-{n}" for n, (m, like) in enumerate(CASES)])
def test_a_mistake_is_named_first(practice: With, mistake: Mistake, like: str) -> None:
    talk = practice(like=like)
    mistake.make(talk)
    findings = found(talk)
    assert [finding.rule for finding in findings][:1] == [mistake.rule]
    assert findings[0].what
    assert findings[0].fix


MENDED = [(mistake, like) for mistake, like in CASES if mistake.mends]


@pytest.mark.parametrize(
    ("mistake", "like"), MENDED, ids=[f"{m.rule}-{like}-{n}" for n, (m, like) in enumerate(MENDED)]
)
def test_its_edit_mends_it(practice: With, mistake: Mistake, like: str) -> None:
    talk = practice(like=like)
    mistake.make(talk)
    edit = found(talk)[0].edit
    assert edit is not None
    assert edit.words
    talk.send(edit.request)
    assert mistake.rule not in names(talk.exchanges[-1:])


@pytest.mark.parametrize("rule", sorted({mistake.rule for mistake in MISTAKES}))
def test_done_right_it_is_not_named(practice: With, rule: str) -> None:
    talk = practice()
    blobs(talk)
    talk.put_manifest(manifest(mediaType=OCI_MANIFEST), OCI_MANIFEST)
    talk.ask("GET", "/v2/t/r/manifests/v1", ("Accept", OCI_MANIFEST))
    talk.ask("GET", f"/v2/t/r/blobs/{DIGEST}", ("Range", "bytes=2-4"))
    assert rule not in names(talk, everything=True)
    assert OCI_CONFIG in talk.exchanges[6].request.body.decode()  # type: ignore[union-attr]  # the manifest's bytes
