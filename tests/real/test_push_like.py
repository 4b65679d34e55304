"""A push like skopeo is skopeo's push, head for head and byte for byte; pushes like others are pulled back by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from explorer.flows.clients import clients
from explorer.jobs import PushJob, open_push
from explorer.practice import Registry, Store
from explorer.stepping import Done
from explorer.wire.server import Incoming, Outgoing, Server
from tests.layouts import fresh_layout
from tests.real.conftest import Skopeo


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """Run a registry; yields its host:port and the heads of what it is asked, as they come."""
    heads: list[bytes] = []
    store = Store()
    registry = Registry(store)

    def handle(incoming: Incoming) -> Outgoing:
        heads.append(incoming.head)
        return registry.handle(incoming)

    server = Server(handle, "127.0.0.1", 0)
    server.start()
    try:
        yield server.address.authority, heads
    finally:
        server.stop()
        store.close()


def plain(head: bytes) -> bytes:
    """Return a head without what is another one for each upload and each registry."""
    head = re.sub(rb"uploads/[0-9a-f-]{36}", b"uploads/ID", head)
    head = re.sub(rb"_state=[\w%-]+", b"_state=STATE", head)
    return re.sub(rb"Host: [^\r]*", b"Host: HOST", head)


def pushed(layout: Path, target: str, recording: Path, like: str) -> None:
    """Push a layout."""
    workbench = open_push(PushJob(str(layout), target=target, recording=str(recording), like=like))
    for _ in workbench.run():
        pass
    workbench.close()
    assert isinstance(workbench.state.outcome, Done), workbench.state.outcome


def heads_of_both(skopeo: Skopeo, folder: Path, layers: int) -> tuple[list[bytes], list[bytes]]:
    """Return what skopeo and what this program send for one image."""
    layout = folder / "fresh"
    fresh_layout(layout, layers)
    with listening() as (where, theirs):
        skopeo.copy(f"oci:{layout}:latest", f"docker://{where}/t/r:v1")
    with listening() as (where, ours):
        pushed(layout, f"{where}/t/r:v1", folder / "a.jsonl", like="skopeo")
    return [plain(head) for head in ours], [plain(head) for head in theirs]


def test_every_head_is_skopeo_s_own(skopeo: Skopeo, tmp_path: Path) -> None:
    ours, theirs = heads_of_both(skopeo, tmp_path, layers=2)
    assert sorted(ours) == sorted(theirs)  # skopeo sends layers side by side


def test_every_head_of_an_image_with_one_layer_is_in_skopeo_s_order(skopeo: Skopeo, tmp_path: Path) -> None:
    ours, theirs = heads_of_both(skopeo, tmp_path, layers=1)
    assert ours == theirs


@pytest.mark.parametrize("name", sorted(clients()))
def test_a_push_like_each_client_is_pulled_back_by_skopeo(
    name: str, docker_registry: str, skopeo: Skopeo, layout: Path, tmp_path: Path
) -> None:
    target = f"{docker_registry}/like/{name}-{tmp_path.name[-1]}:v1"
    pushed(layout, target, tmp_path / "a.jsonl", like=name)
    assert len(skopeo.pull(f"docker://{target}", "back")["layers"]) == 2
