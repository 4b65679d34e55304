"""The settings file: what is right in it is taken, what is wrong is told, nothing stops the program."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.settings import ASCII, Settings, can_show_signs, read_settings

UTF8 = {"LANG": "de_DE.UTF-8"}


def read(tmp_path: Path, text: str, environment: dict[str, str] = UTF8) -> Settings:
    """Read settings of a text."""
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return read_settings(path, environment)


def test_what_is_right_is_taken(tmp_path: Path) -> None:
    text = 'theme = "nord"\nascii = true\nmouse = false\n[keys]\n"step.send" = "f9, n"\nstep.edit = "E"\n'
    assert read(tmp_path, text) == Settings("nord", True, False, (("step.send", "f9,n"), ("step.edit", "E")))


def test_no_file_is_no_problem(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none.toml", UTF8) == Settings()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("theme = ", "is no TOML"),
        ("theme = 3", "theme has to be a text"),
        ("ascii = 1", "ascii has to be true or false"),
        ("colour = true", "there is no setting 'colour'"),
        ('keys = "n"', "keys has to be a table"),
        ('[keys]\n"step.send" = 3', "the keys of 'step.send' have to be a text"),
        ('[keys]\n"step.send" = ", "', "the keys of 'step.send' have to be a text"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(tmp_path: Path, text: str, told: str) -> None:
    settings = read(tmp_path, text)
    (sentence,) = settings.problems
    assert told in sentence
    assert str(tmp_path) in sentence
    assert settings.keys == ()


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (sentence,) = read_settings(tmp_path, UTF8).problems
    assert "cannot be read" in sentence


@given(st.binary(max_size=200))
def test_no_file_stops_the_program(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "settings.toml")
        path.write_bytes(raw)
        assert isinstance(read_settings(path, UTF8), Settings)


@pytest.mark.parametrize(
    ("environment", "can"),
    [
        ({}, True),
        ({"LANG": "C.UTF-8"}, True),
        ({"LANG": "en_US.utf8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, False),
        ({"LC_ALL": "", "LC_CTYPE": "POSIX"}, False),
    ],
)
def test_the_locale_says_whether_signs_can_be_shown(environment: dict[str, str], can: bool) -> None:
    assert can_show_signs(environment) is can


@pytest.mark.parametrize(
    ("environment", "few"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty"}, False),
        ({"TERM": "alacritty", "COLORTERM": "truecolor"}, False),
        ({"TERM": "screen-256color", "STY": "1.a"}, False),
        ({"TERM": "linux"}, True),
        ({"TERM": "screen"}, True),
        ({"TERM": "screen", "STY": "1.a", "COLORTERM": "truecolor"}, True),
    ],
)
def test_few_colours_are_those_of_high_contrast_where_nothing_else_is_wanted(
    tmp_path: Path, environment: dict[str, str], few: bool
) -> None:
    assert read(tmp_path, "", environment).theme == ("high-contrast" if few else "")
    assert read_settings(tmp_path / "none.toml", environment).theme == ("high-contrast" if few else "")
    assert read(tmp_path, 'theme = "nord"', environment).theme == "nord"


@pytest.mark.parametrize(
    ("environment", "mouse"),
    [
        ({"TERM": "screen", "STY": "1.a"}, False),
        ({"TERM": "screen.xterm-256color", "STY": "1.a"}, False),
        ({"TERM": "screen"}, True),
        ({"TERM": "tmux-256color", "STY": "1.a"}, True),
    ],
)
def test_gnu_screen_keeps_the_mouse_unless_it_is_wanted(
    tmp_path: Path, environment: dict[str, str], mouse: bool
) -> None:
    assert read(tmp_path, "", environment).mouse is mouse
    assert read(tmp_path, "mouse = true", environment).mouse


def test_the_option_goes_before_the_file(tmp_path: Path) -> None:
    assert read(tmp_path, "ascii = false", {**UTF8, ASCII: "1"}).ascii
    assert not read(tmp_path, "ascii = false", {"LANG": "C"}).ascii
