"""Whatever is done to a source, an image comes out of it or a sentence."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.errors import FormatError, InputError
from explorer.images import open_image
from explorer.model import Image

if TYPE_CHECKING:
    from tests.images.conftest import Make

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
HOW = st.sampled_from([{}, {"schema": "docker"}, {"schema": "oci", "gzip": True}, {"choose": "linux/amd64"}])


def opened(data: bytes, how: dict[str, object]) -> Image | None:
    """Return the image, or None where there was a sentence; anything else fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.write_bytes(data)
        try:
            return open_image(str(source), scratch=Path(folder), **how)  # type: ignore[arg-type] # values of HOW
        except (FormatError, InputError) as bad:
            sentence = bad.sentence
    if "\n" in sentence or not sentence.endswith("."):
        raise AssertionError(sentence)
    return None


@pytest.fixture(params=["docker", "oci", "tar.gz"])
def good(request: pytest.FixtureRequest, make: Make) -> bytes:
    layout = make.layout()
    child = layout.image(layout.layer("x", packed=False), platform={"os": "linux", "architecture": "amd64"})
    oci = make.tar_of(layout.roots(layout.index(child)))
    linked = make.saved({"Config": "c", "Layers": ["l", "m"]}, c=b"{}", l=b"layer", m=make.link("l"))
    return {"docker": make.tar_of(linked), "oci": oci, "tar.gz": gzip.compress(oci, mtime=0)}[str(request.param)]


def test_an_undamaged_source_is_an_image(good: bytes) -> None:
    assert opened(good, {}) is not None


@QUICK
@given(data=st.data(), how=HOW)
def test_a_source_that_is_cut_off_gives_an_image_or_a_sentence(
    good: bytes, data: st.DataObject, how: dict[str, object]
) -> None:
    opened(good[: data.draw(st.integers(0, len(good)))], how)


@QUICK
@given(data=st.data(), how=HOW)
def test_a_source_with_other_bytes_in_it_gives_an_image_or_a_sentence(
    good: bytes, data: st.DataObject, how: dict[str, object]
) -> None:
    changed = bytearray(good)
    for place in data.draw(st.lists(st.integers(0, len(good) - 1), min_size=1, max_size=6)):
        changed[place] = data.draw(st.integers(0, 255))
    opened(bytes(changed), how)


@QUICK
@given(data=st.data(), how=HOW)
def test_json_with_other_words_in_it_gives_an_image_or_a_sentence(
    good: bytes, data: st.DataObject, how: dict[str, object]
) -> None:
    words = st.sampled_from(
        [b'"size": ', b'"digest": ', b'"layers"', b'"manifests"', b"sha256:", b"{", b"[", b'"Config"']
    )
    others = st.sampled_from(
        [b"null,     ", b'"x": "y"  ', b"-1,       ", b"[[[[[[[[[[", b'"\\ud800",  ', b"1e999,    "]
    )
    old, new = data.draw(words), data.draw(others)
    opened(good.replace(old, new[: len(old)]), how)


@QUICK
@given(start=st.sampled_from([b"", b"\x1f\x8b\x08\0", b"{", b"PK\x03\x04"]), rest=st.binary(max_size=2000))
def test_random_bytes_give_a_sentence(start: bytes, rest: bytes) -> None:
    assert opened(start + rest, {}) is None


def test_names_that_are_no_utf_8_are_no_obstacle(make: Make) -> None:
    tar = make.tar_of(make.saved({"Config": "c", "Layers": ["\udcff"]}, c=b"{}"))
    assert opened(tar, {}) is None


@pytest.mark.parametrize("text", [b'["\\ud800"]', b'[{"Config": "\\ud800", "Layers": []}]'])
def test_half_a_surrogate_is_no_obstacle(text: bytes, make: Make, problem: Callable[..., str]) -> None:
    assert problem(make.folder({"manifest.json": text})).isascii()
