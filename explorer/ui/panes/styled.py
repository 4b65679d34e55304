"""What the panes that draw line by line share: their frame, the styles of spans by name, and their extent.

However much a pane holds, it stays where it is: no other widget is laid out anew for what it shows. Its scrollbar is
always there for that, and is seen while there is something to scroll.
"""

from __future__ import annotations

from rich.style import Style
from textual.color import Color
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from explorer.ui.text import safe

SPANS = {
    "text": ("foreground", ""),
    "dim": ("foreground-muted", ""),
    "prose": ("foreground-muted", ""),
    "name": ("text-primary", ""),
    "good": ("text-success", ""),
    "bad": ("text-error", "bold"),
    "odd": ("text-warning", ""),
    "accent": ("text-accent", ""),
    "title": ("", "bold"),
    "edited": ("text-warning", "bold"),
    "told": ("foreground", ""),
    "fits": ("text-success", ""),
    "warned": ("text-error", "bold"),
    "found": ("", "reverse"),
}
"""The styles of spans: a colour of the theme by its name, and an attribute.

They are no component classes: Textual would match all of its rules against each of them, for every pane, whenever one
gets the focus.
"""


class StyledScroll(ScrollView, can_focus=True):
    """A scrolling pane that draws spans in the styles of the theme."""

    DEFAULT_CSS = """
    StyledScroll {
        scrollbar-size: 1 1; scrollbar-gutter: stable; overflow-x: hidden; overflow-y: scroll;
        scrollbar-background: transparent;
        border: round $panel-lighten-2; border-title-color: $text; border-subtitle-color: $text-muted;
        &:focus { border: heavy $primary; }
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
            style = self._styles[name] = self._made(name)
        return style

    def _made(self, name: str) -> Style:
        if name not in SPANS:
            return self.get_component_rich_style(f"lines--{name}", partial=True)
        colour, attribute = SPANS[name]
        style = Style.parse(attribute)
        if colour:
            value = self.app.theme_variables[colour].split()[0]  # what may follow is how opaque it is
            style += Style.from_color(Color.parse(value).rich_color)
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
