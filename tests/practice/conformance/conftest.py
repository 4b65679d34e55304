"""The specification's conformance, point by point: what its own suite (conformance/ of distribution-spec) looks at.

Every optional feature is on: anonymous mounts, cancelling, tag parameters, referrers, sparse manifests, sha512.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from explorer.practice import PracticeRegistry, personalities
from tests.practice.conformance.client import Client


@pytest.fixture(scope="package")
def registry() -> Iterator[PracticeRegistry]:
    manner = personalities()["specification"]
    with PracticeRegistry(manner=replace(manner, manifests=replace(manner.manifests, sparse=True))) as running:
        yield running


@pytest.fixture
def client(registry: PracticeRegistry) -> Client:
    return Client(registry.origin)
