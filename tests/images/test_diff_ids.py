"""Layers are compared with what the config lists, unpacked; wrong ones are a sentence, unless they are meant."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from explorer.errors import FormatError
from explorer.images import open_image, open_loose
from explorer.images.hashing import with_unpacked_sha256
from explorer.model import Image, Slice, sha256_of
from tests.images.conftest import Make, config_of, tar_of

ONE, TWO = tar_of({"a": b"1"}), tar_of({"b": b"2"})


def loose(folder: Path, config: bytes, *layers: bytes, packs: bool = False, as_is: bool = False) -> Image:
    """Read loose files."""
    (folder / "config.json").write_bytes(config)
    names = []
    for number, layer in enumerate(layers):
        (folder / f"{number}.tar").write_bytes(layer)
        names.append(str(folder / f"{number}.tar"))
    return open_loose(names, str(folder / "config.json"), scratch=folder, gzip=packs, as_is=as_is)


@pytest.mark.parametrize("packs", [False, True])
@pytest.mark.parametrize("pack", [bytes, lambda tar: gzip.compress(tar, mtime=0)])
def test_the_right_layers_are_taken(tmp_path: Path, pack: Callable[[bytes], bytes], packs: bool) -> None:
    assert len(loose(tmp_path, config_of([ONE, TWO]), pack(ONE), pack(TWO), packs=packs).blobs) == 3


@pytest.mark.parametrize("packs", [False, True])
@pytest.mark.parametrize("pack", [bytes, lambda tar: gzip.compress(tar, mtime=0)])
def test_a_wrong_layer_is_named(tmp_path: Path, pack: Callable[[bytes], bytes], packs: bool) -> None:
    with pytest.raises(FormatError, match="layer 2") as caught:
        loose(tmp_path, config_of([ONE, TWO]), pack(ONE), pack(ONE), packs=packs)
    assert sha256_of(ONE) in str(caught.value)
    assert sha256_of(TWO) in str(caught.value)


def test_layers_in_another_order_are_wrong(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="layer 1"):
        loose(tmp_path, config_of([ONE, TWO]), TWO, ONE)


def test_another_number_of_layers_is_said(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"lists 2 layers .* has 1"):
        loose(tmp_path, config_of([ONE, TWO]), ONE)


@pytest.mark.parametrize("config", [b"{}", b'{"rootfs": 1}', b'{"rootfs": {"diff_ids": null}}'])
def test_a_config_that_lists_nothing_fits_all(tmp_path: Path, config: bytes) -> None:
    assert loose(tmp_path, config, ONE)


def test_what_is_meant_is_pushed_as_it_is(tmp_path: Path) -> None:
    assert loose(tmp_path, config_of([ONE, TWO]), ONE, as_is=True)


def test_a_layer_in_zstd_is_not_compared(tmp_path: Path) -> None:
    assert loose(tmp_path, config_of([ONE]), b"\x28\xb5\x2f\xfd" + b"x" * 600)


def test_an_archive_of_docker_is_compared(tmp_path: Path, make: Make) -> None:
    files = {"c.json": config_of([ONE, TWO]), "1.tar": ONE, "2.tar": ONE}
    source = make.tar(make.saved({"Config": "c.json", "Layers": ["1.tar", "2.tar"], "RepoTags": None}, **files))
    with pytest.raises(FormatError, match="layer 2"):
        open_image(source, scratch=tmp_path)


def test_a_layout_is_compared_as_far_as_names_tell(tmp_path: Path, make: Make) -> None:
    layout = make.layout()
    root = layout.image(layout.layer("x", packed=False))
    files = layout.roots(root)
    manifest = json.loads(files["blobs/" + str(root["digest"]).replace(":", "/")])
    wrong = config_of([TWO])
    config = layout.blob(wrong, manifest["config"]["mediaType"])
    again = layout.document({**manifest, "config": config}, str(root["mediaType"]))
    with pytest.raises(FormatError, match="layer 1"):
        open_image(make.tar(layout.roots(again)), scratch=tmp_path)
    assert open_image(make.tar(layout.roots(again)), scratch=tmp_path, as_is=True)


@pytest.mark.parametrize("damage", [lambda data: data[:-3], lambda data: data[:40] + b"\0" * 20 + data[60:]])
def test_gzip_that_is_damaged_is_a_sentence(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    with pytest.raises(FormatError, match="gzip data"):
        loose(tmp_path, config_of([ONE]), damage(gzip.compress(ONE * 3, mtime=0)))


def test_gzip_of_several_members_is_unpacked_whole(tmp_path: Path) -> None:
    data = gzip.compress(b"one") + gzip.compress(b"") + gzip.compress(b"two" * 400_000)
    (tmp_path / "x").write_bytes(data)
    [found] = with_unpacked_sha256([Slice(str(tmp_path / "x"), 0, len(data))])
    assert found == sha256_of(b"one" + b"two" * 400_000)
