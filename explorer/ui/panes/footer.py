"""The line of keys: one widget that draws a line, where Textual's footer is made of a widget for each key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.events import Leave, MouseDown, MouseMove, MouseScrollDown, MouseScrollUp
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

_DIM = Style(dim=True)
_STEP = 4
"""So many cells the mouse's wheel moves a line that is too long."""


class Shown(NamedTuple):
    """A key as it is shown: its name to Textual and to the user, what it does, and whether that is possible now."""

    key: str
    display: str
    what: str
    can: bool
    tooltip: str

    @property
    def width(self) -> int:
        """The cells that it takes, with the blank behind it."""
        return cell_len(self.display) + 1 + cell_len(self.what) + 1


class KeyLine(Widget, can_focus=False):
    """Shows the keys that do something on a screen; a click on one presses it."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"keys--key", "keys--what", "keys--hover"}
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom; height: 1; color: $footer-foreground; background: $footer-background;
        & > .keys--key {
            color: $footer-key-foreground; background: $footer-key-background; text-style: bold;
        }
        & > .keys--what { color: $footer-description-foreground; background: $footer-description-background; }
        & > .keys--hover { color: $footer-key-foreground; background: $block-hover-background; }
    }
    """

    def __init__(self, actions: Sequence[str] = ()) -> None:
        """Watch actions by their names, which are possible only at times."""
        super().__init__()
        self._actions = tuple(actions)
        self._possible: tuple[bool | None, ...] = ()
        self._shown: tuple[Shown, ...] = ()
        self._left = 0
        self._hovered: Shown | None = None

    @property
    def text(self) -> str:
        """What is shown."""
        return " ".join(f"{one.display} {one.what}" for one in self._shown)

    def on_mount(self) -> None:
        """Follow the keys of the screen."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def tell_the_truth(self) -> None:
        """Draw the keys again, where others are possible than are shown."""
        possible = tuple(self.screen.check_action(action, ()) for action in self._actions)
        if possible != self._possible:
            self._possible = possible
            self.screen.refresh_bindings()

    def _changed(self, screen: Screen[object]) -> None:
        if not screen.app.app_focus or screen is not self.screen:
            return
        shown = tuple(self._keys(screen))
        if shown != self._shown:
            self._shown = shown
            self._left = min(self._left, self._most())
            self.refresh()

    def _keys(self, screen: Screen[object]) -> Iterator[Shown]:
        seen = set()
        for _, binding, can, tooltip in screen.active_bindings.values():
            if binding.show and binding.action not in seen:
                seen.add(binding.action)
                yield Shown(binding.key, self.app.get_key_display(binding), binding.description, can, tooltip)

    def _most(self) -> int:
        return max(0, sum(one.width for one in self._shown) - 1 - self.size.width)

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        base = self.rich_style
        if y:
            return Strip.blank(self.size.width, base)
        key, what, hover = (
            self.get_component_rich_style(f"keys--{name}", partial=True) for name in ("key", "what", "hover")
        )
        segments = []
        for one in self._shown:
            behind = base + hover if one == self._hovered else base
            dim = Style() if one.can else _DIM
            segments += [Segment(one.display, behind + key + dim), Segment(f" {one.what}", behind + what + dim)]
            segments.append(Segment(" ", base))
        strip = Strip(segments)
        return strip.crop(self._left, self._left + self.size.width).adjust_cell_length(self.size.width, base)

    def _at(self, x: int) -> Shown | None:
        end = -self._left
        for one in self._shown:
            end += one.width
            if x < end - 1:
                return one
            if x < end:
                return None
        return None

    def _hover(self, one: Shown | None) -> None:
        if one != self._hovered:
            self._hovered = one
            self.tooltip = one.tooltip if one else None
            self.refresh()

    def on_mouse_move(self, event: MouseMove) -> None:
        """Show what is pointed at, and what it does."""
        self._hover(self._at(event.x))

    def on_leave(self, _: Leave) -> None:
        """Show that nothing is pointed at."""
        self._hover(None)

    def on_mouse_down(self, event: MouseDown) -> None:
        """Press the key that was clicked."""
        one = self._at(event.x)
        if one and one.can:
            self.app.simulate_key(one.key)
        elif one:
            self.app.bell()

    def on_mouse_scroll_down(self, _: MouseScrollDown) -> None:
        """Show more of the keys to the right."""
        self._scroll(_STEP)

    def on_mouse_scroll_up(self, _: MouseScrollUp) -> None:
        """Show more of the keys to the left."""
        self._scroll(-_STEP)

    def _scroll(self, cells: int) -> None:
        left = max(0, min(self._most(), self._left + cells))
        if left != self._left:
            self._left = left
            self.refresh()
