"""What is drawn is inert, stands out from its ground in every theme, and says without colour what is at hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.widget import Widget

from explorer.settings import Settings
from explorer.ui.app import ExplorerApp
from explorer.ui.ascii import Ascii
from explorer.ui.drawn import LEAST_CONTRAST, AllOf, Inert, contrast, readable
from explorer.ui.panes.tick import Tick
from explorer.ui.themes import THEMES
from explorer.visible import visible
from explorer.workbench import Workbench
from tests.ui.palettes import until_offered
from tests.ui.test_stepper import press

BLACK = Color(0, 0, 0)


@given(st.lists(st.text(max_size=12), max_size=4), st.integers(0, 20))
def test_nothing_that_a_terminal_obeys_gets_through_and_the_width_stays(texts: list[str], blanks: int) -> None:
    segments = [*(Segment(text, Style()) for text in texts), Segment(" " * blanks, Style())]
    drawn = Inert().apply(segments, BLACK)
    text = "".join(segment.text for segment in drawn)
    assert [sign for sign in text if visible(sign) != sign] == []
    assert cell_len(text) == sum(cell_len(segment.text) for segment in segments)


def test_what_is_inert_is_drawn_as_it_is() -> None:
    segments = [Segment("GET /v2/ ▶ 漢字 é │", Style())]
    assert Inert().apply(segments, BLACK) is segments


def test_a_control_character_is_seen_as_its_sign() -> None:
    drawn = Inert().apply([Segment("a\x1b[31m\x00\u202eb", Style()), Segment("    ")], BLACK)
    assert "".join(segment.text for segment in drawn) == "a␛[31m␀␦b "


def test_several_filters_draw_what_the_last_makes_of_what_the_ones_before_made() -> None:
    drawn = AllOf((Inert(), Ascii())).apply([Segment("a\x1b ▶ ", Style())], BLACK)
    assert "".join(segment.text for segment in drawn) == "a^ >"


async def test_a_line_passes_one_filter_that_stays_until_others_are_wanted() -> None:
    app = ExplorerApp()
    app.behave(Settings(ascii=True))
    async with app.run_test():
        before = app.get_line_filters()
        assert before == app.get_line_filters()
        app.theme = "ansi-dark"
        assert len(before) == len(app.get_line_filters()) == 1
        assert before != app.get_line_filters()


colours = st.tuples(*[st.integers(0, 255)] * 3).map(lambda parts: Color(*parts))


@given(colours, colours)
def test_any_text_stands_out_from_any_ground(text: Color, ground: Color) -> None:
    style = readable(Style.from_color(text.rich_color, ground.rich_color), BLACK.rich_color)
    assert style.color is not None
    assert contrast(Color.from_rich_color(style.color), ground) >= LEAST_CONTRAST


def test_colours_that_stand_out_stay() -> None:
    style = Style.from_color(Color(200, 200, 255).rich_color, BLACK.rich_color)
    assert readable(style, BLACK.rich_color) is style


def faint(app: App[None]) -> list[tuple[str, str, float]]:
    """Return the text on the screen that does not stand out from its ground, with its contrast."""
    found = []
    for widget in app.screen.walk_children(Widget, with_self=True):
        for strip in widget.render_lines(widget.size.region) if widget.size.area else ():
            for text, style, _ in strip:
                if style is None or style.color is None or style.bgcolor is None or not any(map(str.isalnum, text)):
                    continue
                if style.color.triplet and style.bgcolor.triplet:
                    ratio = contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
                    found += [(type(widget).__name__, text, round(ratio, 2))] if ratio < LEAST_CONTRAST else []
    return found


@pytest.mark.parametrize("keys", [("up",), ("e",), ("ctrl+p",)], ids="".join)
async def test_text_stands_out_in_every_theme(bench: Workbench, keys: tuple[str, ...]) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", *keys)
        for theme in pilot.app.available_themes:
            pilot.app.theme = theme
            await pilot.pause()
            assert faint(pilot.app) == [], theme


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_the_colours_of_our_own_themes_need_no_help(bench: Workbench, theme: object) -> None:
    app = ExplorerApp(bench)
    app.behave(Settings(theme=getattr(theme, "name", "")))
    async with app.run_test(size=(120, 40)):
        colours = app.theme_variables
        for ground in ("background", "surface", "panel"):
            for name in ("foreground", "foreground-muted", "text-primary", "text-accent", "text-warning", "text-error",
                         "text-success"):  # fmt: skip
                found = contrast(Color.parse(colours[name]), Color.parse(colours[ground]))
                assert found >= LEAST_CONTRAST, (name, ground)


def at_hand(pilot_app: App[None], selector: str) -> list[str]:
    """Return the lines of a widget that have the sign of what is at hand in their margin."""
    widget = pilot_app.screen.query_one(selector, Widget)
    lines = [strip.text for strip in widget.render_lines(widget.size.region)]
    return [line for line in lines if line.lstrip("│┃ ").startswith("▶")]


@pytest.mark.parametrize(
    ("keys", "selector"),
    [
        ((), "#timeline"),
        (("up",), "#timeline"),
        (("1", "down"), "#request"),
        (("2", "down"), "#answer"),
        (("e", "f3", "down"), "#parts"),
        (("d",), "#findings"),
        (("up", "1", "b"), "#body-view"),
    ],
)
async def test_what_is_at_hand_has_a_sign_in_its_margin(bench: Workbench, keys: tuple[str, ...], selector: str) -> None:
    async with ExplorerApp(bench).run_test(size=(120, 40)) as pilot:
        await press(pilot, "enter", "enter", *keys)
        assert at_hand(pilot.app, selector)


async def test_an_option_at_hand_has_a_sign_in_its_margin() -> None:
    async with ExplorerApp().run_test(size=(80, 24)) as pilot:
        await press(pilot, "down", "down")
        assert [line.split()[:2] for line in at_hand(pilot.app, "#choices")] == [["▶", "Push"]]
        await press(pilot, "down", "down", "enter")
        assert at_hand(pilot.app, "#flows")[0].split()[:2] == ["▶", "api-check"]


async def test_the_palette_has_a_sign_before_the_command_at_hand() -> None:
    async with ExplorerApp().run_test(size=(80, 24)) as pilot:
        await press(pilot, "ctrl+p")
        await until_offered(pilot)
        await press(pilot, "down", "down")
        assert at_hand(pilot.app, "CommandList")


async def test_a_box_that_is_ticked_and_one_that_is_not_are_told_apart_without_colours() -> None:
    async with ExplorerApp().run_test(size=(120, 60)) as pilot:
        await press(pilot, *["down"] * 5, "enter")
        box = pilot.app.screen.query_exactly_one("#insecure", Tick)
        before = box.render_line(0).text
        box.value = True
        await pilot.pause()
        assert "X" not in before.split("INSECURE")[0]
        assert "X" in box.render_line(0).text.split("INSECURE")[0]
