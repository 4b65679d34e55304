from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest

from explorer.model import Headers
from explorer.practice import Manner, PracticeRegistry, Registry, Store, personalities
from explorer.spec.digests import digest_of
from explorer.wire.server import BodyReader, Incoming, Outgoing

Ask = Callable[..., Outgoing]


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store(secret=b"aaa")
    yield made
    made.close()


@pytest.fixture
def manner() -> Manner:
    """Return the manner that `ask` is answered in."""
    return personalities()["distribution-3"]


@pytest.fixture
def ask(store: Store, manner: Manner) -> Ask:
    """Ask a registry without a socket: `ask(method, target, body, Header_Name="value")`."""
    registry = Registry(store, manner=manner)

    def asking(method: str, target: str, body: bytes = b"", **headers: str) -> Outgoing:
        pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
        if body or method in ("PUT", "PATCH"):
            pairs.append(("Content-Length", str(len(body))))
        return registry.handle(Incoming(method, target, Headers.of(*pairs), BodyReader.of(body), host="reg:5000"))

    return asking


@pytest.fixture
def practice() -> Iterator[PracticeRegistry]:
    with PracticeRegistry(secret=b"aaa") as running:
        yield running


@pytest.fixture
def need() -> Callable[[str], str]:
    """Return a program's path; without it the test is skipped, or fails where real programs are required."""

    def needed(program: str) -> str:
        path = shutil.which(program)
        if path:
            return path
        if os.environ.get("REGISTRY_EXPLORER_REQUIRE_REAL") == "1":
            pytest.fail(f"{program} is not installed, and REGISTRY_EXPLORER_REQUIRE_REAL=1 requires it")
        pytest.skip(f"{program} is not installed")

    return needed


Hold = Callable[[str, bytes], str]


@pytest.fixture
def hold(store: Store) -> Hold:
    """Let a repository have a blob: `hold(name, data)` returns its digest."""

    def holding(name: str, data: bytes) -> str:
        upload, _ = store.uploads.begin(name)
        upload.append([data])
        digest = digest_of(data)
        store.commit_upload(name, upload.id, digest)
        return digest

    return holding
