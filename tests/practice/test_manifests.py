from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from explorer.spec.digests import digest_of
from explorer.spec.media_types import DOCKER_LIST, DOCKER_MANIFEST, OCI_CONFIG, OCI_INDEX, OCI_LAYER, OCI_MANIFEST
from explorer.wire.server import Outgoing

Ask = Callable[..., Outgoing]

_FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
_MISSING = digest_of(b"missing")


@pytest.fixture(autouse=True)
def pushed(hold: Callable[[str, bytes], str]) -> None:
    for data in (b"{}", b"layer"):
        hold("t/r", data)


def to(data: bytes, media_type: str, **more: object) -> dict[str, object]:
    return {"mediaType": media_type, "digest": digest_of(data), "size": len(data), **more}


def image(media_type: str = OCI_MANIFEST, **changed: object) -> bytes:
    fields = {
        "schemaVersion": 2,
        "mediaType": media_type,
        "config": to(b"{}", OCI_CONFIG),
        "layers": [to(b"layer", OCI_LAYER)],
        **changed,
    }
    return json.dumps({name: value for name, value in fields.items() if value != "absent"}).encode()


def index(child: bytes, media_type: str = OCI_INDEX, **more: object) -> bytes:
    return json.dumps(
        {"schemaVersion": 2, "mediaType": media_type, "manifests": [to(child, OCI_MANIFEST, **more)]}
    ).encode()


def put(ask: Ask, body: bytes, media_type: str = OCI_MANIFEST, reference: str = "v1") -> Outgoing:
    return ask("PUT", f"/v2/t/r/manifests/{reference}", body, Content_Type=media_type)


def told(answer: Outgoing) -> list[tuple[str, object]]:
    assert isinstance(answer.body, bytes)
    return [(error["code"], error.get("detail")) for error in json.loads(answer.body)["errors"]]


@pytest.mark.parametrize("media_type", [OCI_MANIFEST, DOCKER_MANIFEST])
def test_a_manifest_comes_back_byte_for_byte(ask: Ask, media_type: str) -> None:
    body = image(media_type)
    answer = put(ask, body, f"{media_type}; charset=utf-8")
    digest = digest_of(body)
    assert answer.status == 201
    assert answer.headers.get("Docker-Content-Digest") == digest
    assert answer.headers.get("Location") == f"http://reg:5000/v2/t/r/manifests/{digest}"
    for reference in ("v1", digest):
        got = ask("GET", f"/v2/t/r/manifests/{reference}", Accept=f"text/plain, {media_type};q=0.5")
        assert (got.status, got.body) == (200, body)
        assert got.headers.get("Content-Type") == media_type
        assert got.headers.get("ETag") == f'"{digest}"'


@pytest.mark.parametrize("accept", [{}, {"Accept": "*/*"}, {"Accept": DOCKER_MANIFEST}])
def test_an_oci_manifest_needs_its_accept(ask: Ask, accept: dict[str, str]) -> None:
    put(ask, image())
    answer = ask("GET", "/v2/t/r/manifests/v1", **accept)
    assert answer.status == 404
    assert isinstance(answer.body, bytes)
    assert b"OCI manifest found, but accept header does not support OCI manifests" in answer.body


def test_an_oci_index_needs_none(ask: Ask) -> None:
    put(ask, image())
    assert put(ask, index(image()), OCI_INDEX, "all").status == 201
    assert ask("GET", "/v2/t/r/manifests/all").status == 200


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [(DOCKER_LIST, 200, DOCKER_LIST), (DOCKER_MANIFEST, 200, DOCKER_MANIFEST), ("*/*", 400, "application/json")],
)
def test_a_docker_list_is_answered_with_what_the_client_knows(
    ask: Ask, accept: str, status: int, media_type: str
) -> None:
    child = image(DOCKER_MANIFEST)
    put(ask, child, DOCKER_MANIFEST)
    put(ask, index(child, DOCKER_LIST, platform={"os": "linux", "architecture": "amd64"}), DOCKER_LIST, "all")
    answer = ask("GET", "/v2/t/r/manifests/all", Accept=accept)
    assert (answer.status, answer.headers.get("Content-Type")) == (status, media_type)


def test_a_docker_list_without_a_usual_platform_is_unknown(ask: Ask) -> None:
    child = image(DOCKER_MANIFEST)
    put(ask, child, DOCKER_MANIFEST)
    put(ask, index(child, DOCKER_LIST), DOCKER_LIST, "all")
    assert ask("GET", "/v2/t/r/manifests/all").status == 404


def test_what_the_client_has_is_not_sent_again(ask: Ask) -> None:
    put(ask, image())
    assert ask("GET", "/v2/t/r/manifests/v1", If_None_Match=f'"{digest_of(image())}"').status == 304


def test_missing_references_are_named_one_by_one(ask: Ask) -> None:
    other = digest_of(b"other")
    body = image(config={"digest": other}, layers=[{"digest": _MISSING}, to(b"layer", OCI_LAYER), {"digest": _MISSING}])
    answer = put(ask, body)
    assert answer.status == 400
    assert told(answer) == [("MANIFEST_BLOB_UNKNOWN", digest) for digest in (other, _MISSING, _MISSING)]
    assert ask("GET", "/v2/t/r/manifests/v1", Accept=OCI_MANIFEST).status == 404


def test_an_index_needs_its_children(ask: Ask) -> None:
    answer = put(ask, index(image()), OCI_INDEX)
    assert told(answer) == [("MANIFEST_BLOB_UNKNOWN", digest_of(image()))]


def test_a_layer_with_urls_need_not_be_there(ask: Ask) -> None:
    layer = {"mediaType": _FOREIGN, "digest": _MISSING, "size": 1}
    assert put(ask, image(DOCKER_MANIFEST, layers=[{**layer, "urls": ["https://x/y"]}]), DOCKER_MANIFEST).status == 201
    answer = put(ask, image(DOCKER_MANIFEST, layers=[layer]), DOCKER_MANIFEST)
    assert answer.status == 500
    assert told(answer) == [("UNKNOWN", None), ("UNKNOWN", "missing URL on layer"), ("MANIFEST_BLOB_UNKNOWN", _MISSING)]


def test_a_bad_digest_inside_is_told_as_distribution_does(ask: Ask) -> None:
    answer = put(ask, image(layers=[{"digest": "sha256:abc"}]))
    said = [("UNKNOWN", None), ("UNKNOWN", "invalid checksum digest length"), ("MANIFEST_BLOB_UNKNOWN", "sha256:abc")]
    assert (answer.status, told(answer)) == (500, said)
    assert put(ask, image(layers=[{"digest": ""}])).status == 400


_MISTYPED = "json: cannot unmarshal"
_UNSUPPORTED = "unsupported manifest media type and no default available: "


@pytest.mark.parametrize(
    ("media_type", "body", "detail"),
    [
        ("", image(), _UNSUPPORTED),
        ("application/json", image(), f"{_UNSUPPORTED}application/json"),
        (OCI_MANIFEST, b"", "unexpected end of JSON input"),
        (OCI_MANIFEST, b'{"a', "unexpected end of JSON input"),
        (OCI_MANIFEST, b"<html>", "invalid character '<' looking for beginning of value"),
        (OCI_MANIFEST, b"{} x", "invalid character 'x' after top-level value"),
        (OCI_MANIFEST, b"[" * 100_000, "exceeded max depth"),
        (OCI_MANIFEST, b'{"x":NaN}', "invalid character 'N' looking for beginning of value"),
        (OCI_MANIFEST, b'{"x":-Infinity}', "invalid character 'I' in numeric literal"),
        (OCI_MANIFEST, b"[]", f"{_MISTYPED} array into Go value of type ocischema.Manifest"),
        (
            OCI_MANIFEST,
            image(layers={}),
            f"{_MISTYPED} object into Go struct field Manifest.layers of type []v1.Descriptor",
        ),
        (
            OCI_MANIFEST,
            image(schemaVersion="2"),
            f"{_MISTYPED} string into Go struct field Manifest.schemaVersion of type int",
        ),
        (
            OCI_MANIFEST,
            image(mediaType=5),
            f"{_MISTYPED} number into Go struct field Manifest.mediaType of type string",
        ),
        (OCI_MANIFEST, image("x/y"), f"if present, mediaType in manifest should be '{OCI_MANIFEST}' not 'x/y'"),
        (DOCKER_MANIFEST, image("absent"), f"mediaType in manifest should be '{DOCKER_MANIFEST}' not ''"),
        (OCI_MANIFEST, index(b"x"), "ocimanifest: expected manifest but found index"),
        (OCI_INDEX, image(), "index: expected index but found manifest"),
        (OCI_MANIFEST, b" " * (4 * 1024 * 1024 + 1), "http: request body too large"),
    ],
)
def test_a_manifest_of_the_wrong_form_is_told_why(ask: Ask, media_type: str, body: bytes, detail: str) -> None:
    answer = put(ask, body, media_type)
    assert (answer.status, told(answer)) == (400, [("MANIFEST_INVALID", detail)])


def test_four_mebibytes_are_taken(ask: Ask) -> None:
    assert put(ask, image() + b" " * (4 * 1024 * 1024 - len(image()))).status == 201


def test_a_number_may_be_longer_than_python_reads(ask: Ask) -> None:
    assert put(ask, image(extra=0)[:-2] + b"9" * 5000 + b"}").status == 201


def test_the_media_type_field_may_be_absent_in_oci(ask: Ask) -> None:
    assert put(ask, image("absent")).status == 201


@pytest.mark.parametrize(
    ("media_type", "said"),
    [
        (OCI_MANIFEST, "unrecognized manifest schema version 1"),
        (OCI_INDEX, "unrecognized manifest list schema version 1, expected 2"),
    ],
)
def test_another_schema_version_is_refused(ask: Ask, media_type: str, said: str) -> None:
    body = json.dumps({"schemaVersion": 1}).encode()
    answer = put(ask, body, media_type)
    assert (answer.status, told(answer)) == (500, [("UNKNOWN", said)])


def test_a_manifest_is_put_by_its_digest(ask: Ask) -> None:
    digest = digest_of(image())
    assert put(ask, image(), reference=digest).status == 201
    assert ask("GET", f"/v2/t/r/manifests/{digest}", Accept=OCI_MANIFEST).status == 200
    for answer in (
        put(ask, image() + b"\n", reference=digest),
        put(ask, image(), reference=digest_of(image(), "sha512")),
    ):
        assert (answer.status, told(answer)) == (400, [("DIGEST_INVALID", None)])


@pytest.mark.parametrize(
    ("reference", "detail"),
    [("none", "unknown tag=none"), (_MISSING, f"unknown manifest name=t/r revision={_MISSING}")],
)
def test_what_is_not_there_is_unknown(ask: Ask, reference: str, detail: str) -> None:
    answer = ask("GET", f"/v2/t/r/manifests/{reference}")
    assert (answer.status, told(answer)) == (404, [("MANIFEST_UNKNOWN", detail)])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_broken_digest_is_taken_for_a_tag(ask: Ask, method: str) -> None:
    answer = ask(method, "/v2/t/r/manifests/sha256:abc", image() if method == "PUT" else b"", Content_Type=OCI_MANIFEST)
    assert answer.status == 500
    assert "filesystem: invalid path" in str(told(answer)[0][1])


def test_deleting_a_tag_keeps_the_manifest(ask: Ask) -> None:
    put(ask, image())
    assert ask("DELETE", "/v2/t/r/manifests/v1").status == 202
    assert ask("DELETE", "/v2/t/r/manifests/v1").status == 404
    assert ask("HEAD", f"/v2/t/r/manifests/{digest_of(image())}", Accept=OCI_MANIFEST).status == 200


def test_deleting_a_manifest_takes_its_tags(ask: Ask) -> None:
    for tag in ("v1", "v2"):
        put(ask, image(), reference=tag)
    put(ask, image(annotations={}), reference="v3")
    assert ask("DELETE", f"/v2/t/r/manifests/{digest_of(image())}").status == 202
    assert ask("GET", "/v2/t/r/tags/list").body == b'{"name":"t/r","tags":["v3"]}\n'
    assert ask("DELETE", f"/v2/t/r/manifests/{digest_of(image())}").status == 404
