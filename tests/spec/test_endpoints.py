"""Which endpoint a request is for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.spec.endpoints import ENDPOINTS, endpoint_of

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("method", "target", "id"),
    [
        ("GET", "/v2/", "end-1"),
        ("HEAD", f"/v2/a/b/blobs/{DIGEST}", "end-2"),
        ("GET", "/v2/a/manifests/v1", "end-3"),
        ("POST", "/v2/a/blobs/uploads/", "end-4a"),
        ("POST", "/v2/a/blobs/uploads", "end-4a"),
        ("POST", f"/v2/a/blobs/uploads/?digest={DIGEST}", "end-4b"),
        ("POST", f"/v2/a/blobs/uploads/?mount={DIGEST}&from=b", "end-11"),
        ("PATCH", "/v2/a/blobs/uploads/1?_state=x", "end-5"),
        ("PATCH", "/elsewhere/opaque", "end-5"),
        ("PUT", f"/v2/a/blobs/uploads/1?_state=x&digest={DIGEST}", "end-6"),
        ("PUT", f"/v2/a/blobs/uploads/1?_state=x?digest={DIGEST}", "end-6"),
        ("PUT", f"/artifacts-uploads/namespaces/x/uploads/y?digest={DIGEST}", "end-6"),
        ("PUT", f"/anywhere?digest={DIGEST}", "end-6"),
        ("PUT", "/v2/a/manifests/v1", "end-7"),
        ("GET", "/v2/a/tags/list?n=1", "end-8a"),
        ("DELETE", "/v2/a/manifests/v1", "end-9"),
        ("DELETE", f"/v2/a/blobs/{DIGEST}", "end-10"),
        ("GET", f"/v2/a/referrers/{DIGEST}", "end-12a"),
        ("GET", "/v2/a/blobs/uploads/1", "end-13"),
        ("GET", "/v2/a/blobs/upload/1", "end-13"),
        ("DELETE", "/v2/a/blobs/uploads/1", "end-14"),
        ("GET", "/v2/_catalog?n=5", "docker: _catalog"),
    ],
)
def test_a_request_belongs_to_its_endpoint(method: str, target: str, id: str) -> None:
    endpoint = endpoint_of(method, target)
    assert endpoint is not None
    assert endpoint.id == id


@pytest.mark.parametrize(
    ("method", "target"), [("GET", "/token?service=x"), ("GET", "/v1/"), ("POST", "/v2/a/manifests/v1"), ("GET", "/")]
)
def test_what_is_not_of_the_api_belongs_to_none(method: str, target: str) -> None:
    assert endpoint_of(method, target) is None


@given(st.text(), st.text())
def test_no_request_is_too_odd(method: str, target: str) -> None:
    assert endpoint_of(method, target) in (None, *ENDPOINTS)


def test_each_endpoint_wants_something() -> None:
    assert all(any(answer.grade == "expected" for answer in endpoint.answers) for endpoint in ENDPOINTS)
