"""The faults of the built-in registry or of the recorder: which are on; Enter switches one, while others talk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from explorer.errors import InputError
from explorer.ui.panes.choices import Choices
from explorer.ui.panes.footer import KeyLine
from explorer.ui.text import safe

if TYPE_CHECKING:
    from explorer.faults.declared import FaultKind
    from explorer.faults.switchboard import Switchboard


class FaultsScreen(ModalScreen[None]):
    """Lists every fault, on or off."""

    BINDINGS = [
        Binding("escape", "leave", "Back", id="faults.leave", priority=True),
        Binding("down", "list", "To the list", id="faults.list", show=False),
    ]
    DEFAULT_CSS = """
    FaultsScreen {
        align: center middle;
        & > #sheet { width: 100; max-width: 98%; height: 96%; border: round $primary; padding: 0 1;
                     background: $surface; }
        & #about, & #help { color: $foreground-muted; height: auto; }
        & #help { margin-top: 1; min-height: 3; max-height: 8; }
        & Input { border: none; height: 1; padding: 0; background: $boost; &:focus { border: none; } }
        & Choices { border: none; height: 1fr; min-width: 20; &:focus { border: none; } }
        & #wrong { color: $text-error; height: auto; }
    }
    """

    def __init__(self, faults: Switchboard) -> None:
        super().__init__()
        self._faults = faults
        self._shown: list[FaultKind] = []

    def compose(self) -> ComposeResult:
        """Lay out the field, the list, and the help of the one at hand."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = "Faults on the way" if self._faults.on_the_way else "Faults of the built-in registry"
            yield Static("Type a part of a name, or NAME=ARGUMENT; Enter switches on or off.", id="about", markup=False)
            yield Input(id="filter", placeholder="a part of a name, or NAME=ARGUMENT")
            yield Static(id="wrong")
            yield Choices(id="list", markup=False)
            yield Static(id="help")
        yield KeyLine()

    def on_mount(self) -> None:
        """Show all of them."""
        self._fill("")

    def on_input_changed(self, message: Input.Changed) -> None:
        """Show those that fit what was typed."""
        self._fill(message.value.partition("=")[0].strip().lower())

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """Switch what was typed: with an argument on; a name alone on or off; else the first that fits."""
        message.stop()
        typed = message.value.strip()
        names = [kind.name for kind in self._shown]
        if "=" in typed:
            self._switch_on(typed)
        elif names:
            self._toggle(typed if typed in names else names[0])
        else:
            self._switch_on(typed)

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Switch the chosen one."""
        message.stop()
        self._toggle(message.option.id or "")

    def on_option_list_option_highlighted(self, message: OptionList.OptionHighlighted) -> None:
        """Show the help of the one at hand."""
        message.stop()
        kind = next((kind for kind in self._shown if kind.name == message.option.id), None)
        self.query_exactly_one("#help", Static).update(safe(_help(kind)) if kind else "")

    def action_list(self) -> None:
        """Go from the field to the list."""
        self.query_exactly_one("#list", Choices).focus()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)

    def _toggle(self, name: str) -> None:
        if not self._faults.switch_off(name):
            self._faults.switch_on(name)
        self._again("")

    def _switch_on(self, text: str) -> None:
        try:
            self._faults.switch_on(text)
        except InputError as wrong:
            self._again(wrong.sentence)
            self.app.bell()
            return
        self._again("")

    def _again(self, wrong: str) -> None:
        self.query_exactly_one("#wrong", Static).update(safe(wrong))
        self._fill(self.query_exactly_one("#filter", Input).value.partition("=")[0].strip().lower())

    def _fill(self, part: str) -> None:
        choices = self.query_exactly_one("#list", Choices)
        at = choices.highlighted
        self._shown = [kind for kind in self._faults.kinds if part in kind.name]
        on = {one.kind.name: one.text for one in self._faults.on}
        choices.clear_options()
        choices.add_options(Option(safe(_row(kind, on.get(kind.name))), id=kind.name) for kind in self._shown)
        if self._shown:
            choices.highlighted = min(at or 0, len(self._shown) - 1)


def _row(kind: FaultKind, on: str | None) -> str:
    return f"{'on ' if on else '   '} {on or kind.name:<30}  {kind.line}"


def _help(kind: FaultKind) -> str:
    argument = kind.argument
    usage = f"{kind.usage}: {argument.help}; {argument.default} where none is given\n" if argument else f"{kind.name}\n"
    return f"{usage}{kind.help}"
