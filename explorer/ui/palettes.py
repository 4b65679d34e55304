"""What the palette offers beside Textual's own commands; each is loaded when the palette is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.command import Provider


def flow_commands() -> type[Provider]:
    """Return what offers the conversations."""
    from explorer.ui.commands import FlowCommands

    return FlowCommands


def action_commands() -> type[Provider]:
    """Return what offers the actions of the screen."""
    from explorer.ui.action_commands import ActionCommands

    return ActionCommands


def fault_commands() -> type[Provider]:
    """Return what offers the faults."""
    from explorer.ui.fault_commands import FaultCommands

    return FaultCommands
