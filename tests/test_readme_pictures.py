"""The pictures that README speaks of are there, at each size, and name no folder of the machine that drew them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.manual import README
from tests.pictures.screens import ALL, SIZES

FOLDER = Path(__file__).parent / "pictures"


@pytest.mark.parametrize("name", ALL)
def test_each_screen_has_its_pictures(name: str) -> None:
    assert f"`{name}`" in README.split("## Pictures")[1].split("## ")[0]
    for width, height in SIZES:
        picture = (FOLDER / f"{name}-{width}x{height}.svg").read_text()
        assert re.findall(r"/tmp|/home|/root|https?://fonts|@font-face", picture) == []


def test_each_picture_of_the_manual_is_there() -> None:
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (FOLDER.parents[1] / path).is_file()
