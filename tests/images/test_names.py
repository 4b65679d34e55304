from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.images.names import Candidate, listed, suggestion
from explorer.spec.references import check_repository, check_tag


@settings(deadline=None)
@given(names=st.lists(st.text(max_size=30), max_size=2), source=st.text(st.characters(codec="utf-8"), max_size=20))
def test_a_suggestion_always_fits_the_grammar(names: list[str], source: str) -> None:
    repository, _, tag = suggestion(names, source.replace("\0", "")).rpartition(":")
    assert check_repository(repository)
    assert check_tag(tag)


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("alpine:latest", "alpine:latest"),
        ("docker.io/library/alpine", "alpine:latest"),
        ("registry:5000/a/b:c", "a/b:c"),
        ("localhost/app:1", "app:1"),
        ("<none>:<none>", "none:none-"),
        ("a/./b:t", "a/b:t"),
        ("h.io/" + "a" * 300, "a" * 200 + ":latest"),
        ("a:" + "t" * 300, "a:" + "t" * 128),
        ("a---b/c__d.e:t", "a---b/c__d.e:t"),
    ],
)
def test_a_name_suggests_itself_without_its_host(name: str, suggested: str) -> None:
    assert suggestion([name], "file") == suggested


def test_many_images_are_listed_in_part() -> None:
    images = [Candidate((f"app:{number}",), "", None) for number in range(25)]
    assert listed(images).endswith("app:19; and 5 more")


def test_an_image_without_name_and_digest_is_listed_as_such() -> None:
    assert listed([Candidate((), "", None)]) == "one without a name"
