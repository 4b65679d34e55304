"""Sizes in manifests are numbers that Go's int64 takes."""

from __future__ import annotations

import json

import pytest

from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_CONFIG, OCI_LAYER, OCI_MANIFEST
from tests.practice.conftest import Ask, Hold

DATA = b"0123456789"


def put(ask: Ask, hold: Hold, size: object) -> int:
    hold("a/b", DATA)
    config = {"mediaType": OCI_CONFIG, "digest": digest_of(DATA), "size": len(DATA)}
    layer = {"mediaType": OCI_LAYER, "digest": digest_of(DATA), "size": size}
    body = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": config, "layers": [layer]}
    return ask("PUT", "/v2/a/b/manifests/v1", json.dumps(body).encode(), Content_Type=OCI_MANIFEST).status


@pytest.mark.parametrize("size", [2**63, 10**30, -(2**63) - 1, 1.5, 1e300, "10", True, [10]])
def test_a_size_that_is_none_is_refused(ask: Ask, hold: Hold, size: object) -> None:
    assert put(ask, hold, size) == 400


@pytest.mark.parametrize("size", [10, 0, 2**63 - 1, None])
def test_a_size_that_may_be_is_taken(ask: Ask, hold: Hold, size: object) -> None:
    assert put(ask, hold, size) == 201
