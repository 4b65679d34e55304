"""What a client masks, what whoever shared it shortened, and what a script leaves open is no mistake of theirs."""

from __future__ import annotations

import pytest

from explorer.diagnoses import diagnose
from explorer.formats.importing import import_bytes

UPLOADS = "https://reg.example/v2/demo/app/blobs/uploads/"
STATE = "aGFsbG8gd2VsdCwgZGFzIGlzdCBlaW4gdG9rZW4h"


def of_containerd(state: str, digest: str, status: str) -> str:
    put = f"{UPLOADS}u1?_state={state}&digest={digest}"
    return (
        f'time="2026-11-23T09:11:12Z" level=debug msg="do request" request.method=POST url="{UPLOADS}"\n'
        f'time="2026-11-23T09:11:12Z" level=debug msg="fetch response received" response.status="202 Accepted" '
        f'response.header.location="{UPLOADS}u1?_state={STATE}" url="{UPLOADS}"\n'
        f'time="2026-11-23T09:11:13Z" level=debug msg="do request" request.method=PUT url="{put}"\n'
        f'time="2026-11-23T09:11:13Z" level=debug msg="fetch response received" response.status="{status}" '
        f'url="{put}"\n'
    )


def rules_of(text: str) -> set[str]:
    return {finding.rule for finding in diagnose(import_bytes(text.encode(), "a text").session)}


@pytest.mark.parametrize("status", ["400 Bad Request", "404 Not Found", "416 Range Not Satisfiable"])
@pytest.mark.parametrize("left_out", ["REDACTED", "***", "abc..."])
def test_what_is_masked_is_no_bad_digest_and_no_old_location(status: str, left_out: str) -> None:
    found = rules_of(of_containerd(left_out, left_out, status))
    assert not found & {"digest-unparsable", "stale-location", "state-padding-cut"}


def test_what_is_told_is_one() -> None:
    assert "digest-unparsable" in rules_of(of_containerd(STATE, "abcd", "400 Bad Request"))
    assert "stale-location" in rules_of(of_containerd("b2xkIHRva2Vu", "sha256:ab", "416 Range Not Satisfiable"))


def curl(path: str) -> str:
    return f'curl -i "https://reg.example/v2/{path}"\nHTTP/1.1 404 Not Found\nContent-Length: 0\n\n'


@pytest.mark.parametrize("path", ["demo/app/manifests/sha256:$D", "$REPO/tags/list", "a/$Name.x/tags/list"])
def test_what_a_script_leaves_open_is_no_bad_name(path: str) -> None:
    assert not rules_of(curl(path)) & {"digest-as-tag", "repo-uppercase", "repo-name-grammar", "tag-grammar"}


@pytest.mark.parametrize(
    ("path", "rule"), [("demo/app/manifests/sha256:D", "digest-as-tag"), ("Repo/tags/list", "repo-uppercase")]
)
def test_what_a_script_says_is_one(path: str, rule: str) -> None:
    assert rule in rules_of(curl(path))
