"""What the panes that draw line by line share: their frame, the styles of spans by name, and their extent.

However much a pane holds, it stays where it is: no other widget is laid out anew for what it shows. Its scrollbar is
always there for that, and is seen while there is something to scroll.
"""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from explorer.ui.text import STYLES, safe


class StyledScroll(ScrollView, can_focus=True):
    """A scrolling pane that draws spans in the styles of the theme."""

    COMPONENT_CLASSES = {f"lines--{name}" for name in STYLES}
    DEFAULT_CSS = """
    StyledScroll {
        scrollbar-size: 1 1; scrollbar-gutter: stable; overflow-x: hidden; overflow-y: scroll;
        scrollbar-background: transparent;
        border: round $panel-lighten-2; border-title-color: $text; border-subtitle-color: $text-muted;
        &:focus { border: heavy $primary; }
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
        & > .lines--fits { color: $text-success; }
        & > .lines--warned { color: $text-error; text-style: bold; }
        & > .lines--found { text-style: reverse; }
    }
    """

    virtual_size = Reactive(Size(0, 0), layout=False, repaint=False)

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self._styles: dict[str, Style] = {}
        self._base: Style | None = None
        self._titles = ("", "")

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

    @property
    def base(self) -> Style:
        """The style of the pane itself, asked for once a frame."""
        if self._base is None:
            self._base = self.rich_style
        return self._base

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw what is seen of some lines."""
        self._base = None
        return super().render_lines(crop)

    def extend(self, width: int, height: int) -> None:
        """Take the extent of what is shown, in cells; the place that is seen stays, as far as it is still there."""
        if self.virtual_size == (width, height):
            return
        self.virtual_size = Size(width, height)
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = height
        self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def entitle(self, title: str, subtitle: str = "") -> None:
        """Put texts into the frame; nothing in them is markup."""
        if (title, subtitle) != self._titles:
            self._titles = (title, subtitle)
            self.border_title, self.border_subtitle = safe(title), safe(subtitle)
