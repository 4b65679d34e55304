"""Every capture of a real client or server is read: methods, paths, statuses, and which answer led to which request."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.formats.importing import Imported, import_file
from explorer.model import Exchange
from explorer.spec.locations import resolve

CAPTURES = Path(__file__).parents[1] / "captures"
LAYER = "sha256:22565d759647383340a0bcfd00f7f231abaf2bffed45dd56a382dbd4b14497a6"
CONFIG = "sha256:cae7c968952bcabe79e1a8e0201280e51ca455c56c6c5fb83d37aa01e4d1949d"
TAR = "sha256:43c89ba24fa41515c84f08363537f9d524c67d8add16d583669862c6fefe0e5e"
SEED = "/v2/seed/alpine/blobs/uploads/"

HEADS_AND_UPLOADS = [
    ("HEAD", f"blobs/{CONFIG}", 404),
    ("HEAD", f"blobs/{LAYER}", 404),
    ("POST", "blobs/uploads/", 202),
    ("POST", "blobs/uploads/", 202),
]

EXPECTED: dict[str, list[tuple[str, str, int]]] = {
    "curl-01-post-no-slash.txt": [("POST", SEED[:-1], 301), ("POST", SEED, 202)],
    "curl-02-post.txt": [("POST", SEED, 202)],
    "curl-03-put-two-question-marks.txt": [("PUT", f"{SEED}bcbdfaff-f02f-49e9-8cf2-d8f3cf77bd69", 404)],
    "curl-04-patch.txt": [("PATCH", f"{SEED}bcbdfaff-f02f-49e9-8cf2-d8f3cf77bd69", 202)],
    "curl-08-put-monolithic.txt": [("PUT", f"{SEED}d93d29fb-c22e-47eb-a059-8a9524045775", 201)],
    "curl-09-head-blob.txt": [("HEAD", f"/v2/seed/alpine/blobs/{TAR}", 200)],
    "curl-10-put-manifest-unknown-blob.txt": [("PUT", "/v2/seed/alpine/manifests/latest", 400)],
    "curl-13-put-manifest.txt": [("PUT", "/v2/seed/alpine/manifests/latest", 201)],
    "curl-15-get-manifest.txt": [("GET", "/v2/seed/alpine/manifests/latest", 200)],
    "curl-20-trace.txt": [("POST", SEED, 202)],
    "curl-21-trace-ascii.txt": [("POST", SEED, 202)],
    "curl-23-headers.txt": [("POST", SEED[:-1], 301), ("POST", SEED, 202)],
    "regctl-copy.log": [("HEAD", "/v2/demo/regctl/manifests/v1", 404)],
    "regctl-copy-json.log": [
        ("HEAD", "/v2/demo/regctl/manifests/v1", 404),
        ("GET", "/v2/demo/regctl/manifests/v1", 404),
    ],
    "crane-push.log": [
        ("GET", "/v2/", 0),
        ("GET", "/v2/", 200),
        ("HEAD", "/v2/demo/copy/manifests/v1", 404),
        *((method, f"/v2/demo/copy/{path}", status) for method, path, status in HEADS_AND_UPLOADS),
        ("PATCH", "/v2/demo/copy/blobs/uploads/53598712-e8c6-414d-80c7-d950ac73553a", 202),
        ("PATCH", "/v2/demo/copy/blobs/uploads/0366340b-a90e-4225-8cc4-67f58299fc07", 202),
        ("PUT", "/v2/demo/copy/blobs/uploads/0366340b-a90e-4225-8cc4-67f58299fc07", 201),
        ("PUT", "/v2/demo/copy/blobs/uploads/53598712-e8c6-414d-80c7-d950ac73553a", 201),
        ("PUT", "/v2/demo/copy/manifests/v1", 201),
    ],
    "skopeo-copy.log": [
        ("GET", "/v2/", 0),
        ("GET", "/v2/", 200),
        ("HEAD", f"/v2/demo/skopeo/blobs/{LAYER}", 404),
        ("HEAD", f"/v2/demo/skopeo/blobs/{LAYER}", 404),
        ("POST", "/v2/demo/skopeo/blobs/uploads/", 202),
        ("PATCH", "/v2/demo/skopeo/blobs/uploads/0cc1c040-baa2-4a77-9d7d-86e99e7c8f69", 202),
        ("PUT", "/v2/demo/skopeo/blobs/uploads/0cc1c040-baa2-4a77-9d7d-86e99e7c8f69", 201),
        ("HEAD", f"/v2/demo/skopeo/blobs/{CONFIG}", 404),
        ("POST", "/v2/demo/skopeo/blobs/uploads/", 202),
        ("PATCH", "/v2/demo/skopeo/blobs/uploads/960db738-59a3-49dc-9890-11a5d2b36dce", 202),
        ("PUT", "/v2/demo/skopeo/blobs/uploads/960db738-59a3-49dc-9890-11a5d2b36dce", 201),
        ("PUT", "/v2/demo/skopeo/manifests/v1", 0),
    ],
    "server-distribution-2.8.log": [
        ("GET", "/v2/", 200),
        ("HEAD", "/v2/demo/copy/manifests/v1", 404),
        ("HEAD", f"/v2/demo/copy/blobs/{LAYER}", 404),
        ("HEAD", f"/v2/demo/copy/blobs/{CONFIG}", 404),
        ("POST", "/v2/demo/copy/blobs/uploads/", 202),
        ("POST", "/v2/demo/copy/blobs/uploads/", 202),
        ("PATCH", "/v2/demo/copy/blobs/uploads/f414829c-c087-47eb-9438-399ccd314509", 202),
        ("PATCH", "/v2/demo/copy/blobs/uploads/8cd8f2dc-046f-4be9-a8aa-d2c71d261c99", 202),
        ("PUT", "/v2/demo/copy/blobs/uploads/f414829c-c087-47eb-9438-399ccd314509", 201),
        ("PUT", "/v2/demo/copy/blobs/uploads/8cd8f2dc-046f-4be9-a8aa-d2c71d261c99", 201),
        ("PUT", "/v2/demo/copy/manifests/v1", 201),
        ("POST", "/v2/a/b/blobs/uploads/", 202),
        ("PUT", "/v2/a/b/blobs/uploads/fce0b1fd-cca2-4a38-9766-97df42ddf067", 404),
        ("PATCH", "/v2/a/b/blobs/uploads/fce0b1fd-cca2-4a38-9766-97df42ddf067", 202),
        ("PUT", "/v2/a/b/blobs/uploads/fce0b1fd-cca2-4a38-9766-97df42ddf067", 404),
    ],
    "server-distribution-3.log": [
        ("GET", "/v2/", 200),
        ("HEAD", "/v2/demo/copy/manifests/v1", 404),
        ("HEAD", f"/v2/demo/copy/blobs/{CONFIG}", 404),
        ("HEAD", f"/v2/demo/copy/blobs/{LAYER}", 404),
        ("POST", "/v2/demo/copy/blobs/uploads/", 202),
        ("POST", "/v2/demo/copy/blobs/uploads/", 202),
        ("PATCH", "/v2/demo/copy/blobs/uploads/01a207d0-ff8e-7a4b-b14c-c151e8ff5feb", 202),
        ("PATCH", "/v2/demo/copy/blobs/uploads/01a207d0-ff8e-7b51-97a8-da5308077bef", 202),
        ("PUT", "/v2/demo/copy/blobs/uploads/01a207d0-ff8e-7b51-97a8-da5308077bef", 201),
        ("PUT", "/v2/demo/copy/blobs/uploads/01a207d0-ff8e-7a4b-b14c-c151e8ff5feb", 201),
        ("PUT", "/v2/demo/copy/manifests/v1", 201),
        ("POST", "/v2/a/b/blobs/uploads/", 202),
        ("PUT", "/v2/a/b/blobs/uploads/01a207d0-ffb2-76cc-b34c-ae0120ba416c", 404),
        ("PATCH", "/v2/a/b/blobs/uploads/01a207d0-ffb2-76cc-b34c-ae0120ba416c", 202),
        ("PUT", "/v2/a/b/blobs/uploads/01a207d0-ffb2-76cc-b34c-ae0120ba416c", 416),
    ],
}

for _name in ("push.har", "push.mitm"):
    EXPECTED[_name] = [
        ("GET", "/v2/", 200),
        ("HEAD", f"/v2/demo/mitm/blobs/{LAYER}", 404),
        ("HEAD", f"/v2/demo/mitm/blobs/{LAYER}", 404),
        ("POST", "/v2/demo/mitm/blobs/uploads/", 202),
        ("HEAD", f"/v2/demo/mitm/blobs/{CONFIG}", 404),
        ("POST", "/v2/demo/mitm/blobs/uploads/", 202),
        ("PUT", "/v2/demo/mitm/manifests/v1", 201),
    ]

LINKS: dict[str, dict[int, int]] = {
    "curl-01-post-no-slash.txt": {2: 1},
    "curl-23-headers.txt": {2: 1},
    "crane-push.log": {8: 6, 9: 7, 10: 9, 11: 8},
    "skopeo-copy.log": {6: 5, 7: 6, 10: 9, 11: 10},
    "server-distribution-2.8.log": {7: 6, 8: 5, 9: 7, 10: 8, 13: 12, 14: 13, 15: 14},
    "server-distribution-3.log": {9: 8, 10: 7, 13: 12, 14: 13, 15: 14},
}
"""For each capture, the exchanges that come after one whose answer, or whose upload, led to them."""


def read(name: str) -> Imported:
    return import_file(CAPTURES / name)


def told(exchange: Exchange) -> tuple[str, str, int]:
    return exchange.request.method, exchange.request.target.partition("?")[0], exchange.status


@pytest.mark.parametrize("name", EXPECTED)
def test_methods_paths_and_statuses_are_right(name: str) -> None:
    assert [told(exchange) for exchange in read(name).session.exchanges] == EXPECTED[name]


@pytest.mark.parametrize("name", LINKS)
def test_each_request_comes_after_the_one_that_led_to_it(name: str) -> None:
    exchanges = read(name).session.exchanges
    assert {id: exchanges[id - 1].after for id in LINKS[name]} == LINKS[name]


@pytest.mark.parametrize("name", ["crane-push.log", "skopeo-copy.log", "curl-01-post-no-slash.txt"])
def test_a_location_that_was_used_is_the_address_of_what_follows(name: str) -> None:
    exchanges = read(name).session.exchanges
    for id, before in LINKS[name].items():
        answered = exchanges[before - 1]
        assert answered.response
        origin, target = resolve(answered.request, answered.response.headers.get("Location"))
        assert exchanges[id - 1].request.origin == origin
        assert exchanges[id - 1].request.target.startswith(target)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_report_says_what_was_understood(name: str) -> None:
    assert read(name).understood[0].startswith(f"{len(EXPECTED[name])} exchanges")


def test_every_capture_is_expected_to_be_something() -> None:
    names = {path.name for path in CAPTURES.iterdir()} - {"README.md"}
    assert names == set(EXPECTED)


def test_a_flow_file_and_its_har_say_the_same() -> None:
    flows, har = read("push.mitm").session.exchanges, read("push.har").session.exchanges
    assert [one.request for one in flows] == [one.request for one in har]
    assert [one.response for one in flows] == [one.response for one in har]


def test_the_header_that_curl_drops_is_noted() -> None:
    (put,) = read("curl-03-put-two-question-marks.txt").session.exchanges
    assert [note.value for note in put.notes if note.kind == "header-dropped"] == [
        "Content-Type=application/octet-stream"
    ]
    assert put.request.headers.get("Content-Type") == "application/x-www-form-urlencoded"


def test_a_failure_of_the_connection_is_none_of_the_registry() -> None:
    first = read("crane-push.log").session.exchanges[0]
    assert first.error
    assert first.error.kind == "tls"
    assert str(first.request.origin) == "https://127.0.0.1:5002"


@pytest.mark.parametrize("name", ["curl-20-trace.txt", "curl-21-trace-ascii.txt"])
def test_a_trace_gives_the_heads_back_byte_for_byte(name: str) -> None:
    (post,) = read(name).session.exchanges
    assert post.sent_head == (
        b"POST /v2/seed/alpine/blobs/uploads/ HTTP/1.1\r\nHost: 127.0.0.1:5002\r\n"
        b"User-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n"
    )
    assert post.response
    assert (post.response.headers.get("Location") or "").endswith("In0%3D")
    assert post.response.headers.get("Content-Length") == "0"
