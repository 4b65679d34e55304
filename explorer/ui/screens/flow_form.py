"""Any conversation by its name: a list to choose from, and a form for its arguments."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList, Select, Static
from textual.widgets.option_list import Option

from explorer.flows import flow_named, flows
from explorer.flows.declared import Argument, FlowKind, Kind
from explorer.formats.values import Json
from explorer.ui.panes.choices import Choices
from explorer.ui.panes.footer import KeyLine
from explorer.ui.panes.tick import Tick
from explorer.ui.text import safe

_SHEET = """
    & > #sheet { width: 90; max-width: 98%; height: auto; max-height: 96%; border: round $primary; padding: 0 1;
                 background: $surface; }
    & Label, & #help { color: $foreground-muted; width: 100%; }
    & Input { border: none; height: 1; padding: 0; background: $boost; &:focus { border: none; } }
    & Tick { border: none; height: 1; padding: 0; &:focus { border: none; } }
    & Choices { border: none; height: auto; max-height: 24; min-width: 20; &:focus { border: none; } }
"""


class FlowList(ModalScreen[str | None]):
    """Asks which conversation."""

    BINDINGS = [Binding("escape", "cancel", "Cancel", id="flows.cancel", priority=True)]
    DEFAULT_CSS = f"FlowList {{ align: center middle; {_SHEET} }}"

    def compose(self) -> ComposeResult:
        """List the conversations."""
        with Vertical(id="sheet") as sheet:
            sheet.border_title = "Another conversation"
            yield Choices(
                *(Option(safe(f"{kind.name:<16} {kind.line}"), id=kind.name) for kind in callable_flows()),
                id="flows",
                markup=False,
            )
        yield KeyLine()

    def on_option_list_option_selected(self, message: OptionList.OptionSelected) -> None:
        """Take the chosen one."""
        message.stop()
        self.dismiss(message.option.id)

    def action_cancel(self) -> None:
        """Go back."""
        self.dismiss(None)


def callable_flows() -> list[FlowKind]:
    """Return the flows that a form can ask for: every one."""
    return list(flows().values())


class FlowForm(ModalScreen[Json | None]):
    """Asks for the arguments of a conversation; its help stands above them."""

    AUTO_FOCUS = ""  # it would scroll the first label away
    BINDINGS = [
        Binding("f5", "finish", "Begin", id="flow.begin", priority=True),
        Binding("escape", "cancel", "Cancel", id="flow.cancel", priority=True),
    ]
    DEFAULT_CSS = f"FlowForm {{ align: center middle; {_SHEET} }}"

    def __init__(self, name: str) -> None:
        super().__init__()
        self._kind = flow_named(name)

    def compose(self) -> ComposeResult:
        """Lay out a field for each argument."""
        with VerticalScroll(id="sheet", can_focus=False) as sheet:
            sheet.border_title = safe(self._kind.name)
            yield Static(safe(self._kind.help), id="help")
            for argument in self._kind.arguments:
                yield from _field(argument)
            if self._kind.asks_first:
                yield Tick(safe("Yes, delete it"), id="yes")
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin in the first field."""
        self.query("Input, Select, Tick").first().focus(scroll_visible=False)

    def on_input_submitted(self) -> None:
        """Enter in a field begins."""
        self.action_finish()

    def action_finish(self) -> None:
        """Begin the conversation; a deletion has to be ticked first."""
        if self._kind.asks_first and not self.query_exactly_one("#yes", Tick).value:
            self.query_exactly_one("#yes", Tick).focus()
            self.app.bell()
            return
        values = {argument.name: self._value(argument) for argument in self._kind.arguments}
        self.dismiss({name: value for name, value in values.items() if value not in ("", False, [])})

    def action_cancel(self) -> None:
        """Go back."""
        self.dismiss(None)

    def _value(self, argument: Argument) -> object:
        id = f"#arg-{argument.name}"
        if argument.kind is Kind.FLAG:
            return self.query_exactly_one(id, Tick).value
        if argument.choices:
            return str(self.query_exactly_one(id, Select).value)
        text = self.query_exactly_one(id, Input).value.strip()
        return text.split() if argument.kind in (Kind.TEXTS, Kind.FILES) else text


def _field(argument: Argument) -> ComposeResult:
    id = f"arg-{argument.name}"
    needed = "" if argument.required else " (may be left empty)"
    if argument.kind is Kind.FLAG:
        yield Tick(safe(f"{argument.name}: {argument.help}"), id=id)
        return
    yield Label(safe(f"{argument.name}: {argument.help}{needed}"))
    if argument.choices:
        yield Select(
            [(choice, choice) for choice in argument.choices],
            value=str(argument.default or argument.choices[0]),
            allow_blank=False,
            compact=True,
            id=id,
        )
    else:
        yield Input("" if argument.default is None else str(argument.default), id=id)
