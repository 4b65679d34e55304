"""The pane of lines shows what it was given last, whether or not it was in view then."""

from __future__ import annotations

from textual.app import App, ComposeResult

from explorer.ui.panes.lines import Lines
from explorer.ui.text import words


class Pane(App[None]):
    """One pane."""

    def compose(self) -> ComposeResult:
        yield Lines("lines")


def drawn(pane: Lines) -> str:
    return "".join(segment.text for segment in pane.render_line(0)).strip()


async def test_lines_that_came_while_the_pane_was_out_of_view_are_drawn_when_it_is_back() -> None:
    async with Pane().run_test() as pilot:
        pane = pilot.app.query_one(Lines)
        pane.show("", [(words("PATCH"),)])
        await pilot.pause()
        assert "PATCH" in drawn(pane)
        pane.display = False
        await pilot.pause()
        pane.show("", [(words("PUT"),)])
        pane.display = True
        await pilot.pause()
        assert "PUT" in drawn(pane)
