"""What the panes that draw line by line share: their frame, and the styles of spans by name."""

from __future__ import annotations

from rich.style import Style
from textual.scroll_view import ScrollView

from explorer.ui.text import STYLES


class StyledScroll(ScrollView, can_focus=True):
    """A scrolling pane that draws spans in the styles of the theme."""

    COMPONENT_CLASSES = {f"lines--{name}" for name in STYLES}
    DEFAULT_CSS = """
    StyledScroll {
        scrollbar-size: 1 1; scrollbar-gutter: stable; overflow-x: hidden;
        border: round $panel-lighten-2; border-title-color: $text; border-subtitle-color: $text-muted;
        &:focus { border: round $primary; }
        & > .lines--text { color: $foreground; }
        & > .lines--dim { color: $foreground-muted; }
        & > .lines--prose { color: $foreground-muted; }
        & > .lines--name { color: $text-primary; }
        & > .lines--good { color: $text-success; }
        & > .lines--bad { color: $text-error; text-style: bold; }
        & > .lines--odd { color: $text-warning; }
        & > .lines--accent { color: $text-accent; }
        & > .lines--title { text-style: bold; }
        & > .lines--edited { color: $text-warning; text-style: bold; }
        & > .lines--told { color: $foreground; }
        & > .lines--found { text-style: reverse; }
    }
    """

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}

    def notify_style_update(self) -> None:
        """Forget the styles of the theme that was in use."""
        self._styles.clear()
        super().notify_style_update()

    def style_of(self, name: str) -> Style:
        """Return the style of that name in the theme in use."""
        style = self._styles.get(name)
        if style is None:
            style = self._styles[name] = self.get_component_rich_style(f"lines--{name}", partial=True)
        return style
