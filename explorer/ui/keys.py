"""The keys of the main screen, and which of them can be used now, so that its footer tells the truth."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from explorer.state import State

KEYS: list[BindingType] = [
    Binding(
        "enter,n",
        "send",
        "Send",
        id="step.send",
        key_display="enter",
        tooltip="Send the next request; show it first if needed",
    ),
    Binding(
        "e",
        "edit",
        "Edit",
        id="step.edit",
        tooltip="Edit the next request, or the selected one for another attempt",
    ),
    Binding("u", "undo", "Undo", id="step.undo", show=False, tooltip="Drop the edits"),
    Binding("r", "replay", "Replay", id="step.replay", tooltip="Send the selected exchange again as it was"),
    Binding(
        "A",
        "replay_afresh",
        "Afresh…",
        id="step.afresh",
        show=False,
        tooltip="Have the conversation again from here on, with values derived afresh",
    ),
    Binding("O", "replay_one", "One afresh…", id="step.one", show=False, tooltip="Have it alone again, derived afresh"),
    Binding("L", "as_client", "As client…", id="step.client", show=False, tooltip="Push as another client would"),
    Binding("c", "go_on", "Go on here", id="step.from", show=False, tooltip="Go on from the selected exchange"),
    Binding("a", "run", "All", id="step.run", tooltip="Send everything to the end"),
    Binding("p", "run_until", "Until…", id="step.until", show=False, tooltip="Send until something happens"),
    Binding("space", "pause", "Pause", id="step.pause", tooltip="End a run after the exchange that is under way"),
    Binding(
        "w",
        "suppose",
        "What if",
        id="step.suppose",
        show=False,
        tooltip="Type an answer that nobody gave",
    ),
    Binding("d", "findings", "Findings", id="step.findings", tooltip="Everything that is wrong, and why"),
    Binding("m", "mend", "Mend", id="step.mend", tooltip="Show the edit that mends the finding; send it if you want"),
    Binding("b", "body", "Body", id="step.body", show=False, tooltip="Look at a body alone, of any size"),
    Binding("R", "report", "Report", id="step.report", show=False, tooltip="Write a redacted bundle for a bug report"),
    Binding("E", "export", "Export…", id="step.export", show=False, tooltip="As HAR, curl, SVG, Mermaid, HTML, …"),
    Binding("s", "ladder", "Sequence", id="step.ladder", show=False, tooltip="The session as a ladder"),
    Binding("v", "compare", "Compare", id="step.compare", show=False, tooltip="Mark, then compare with another one"),
    Binding("V", "compare_session", "Compare all", id="step.sessions", show=False, tooltip="With another recording"),
    Binding("y", "copy", "Copy", id="step.copy", show=False, tooltip="Copy the request as curl, or the pane's text"),
    Binding("Y", "write", "Write", id="step.write", show=False, tooltip="Write what would be copied to a file"),
    Binding("M", "plain", "Plain text", id="step.plain", show=False, tooltip="In the terminal itself, to copy"),
    Binding("slash", "filter", "Filter", id="step.filter", show=False, tooltip="Type what the steps are to show"),
    Binding("o", "order", "Order", id="step.order", show=False, tooltip="By blob and manifest, or by time"),
    Binding("exclamation_mark", "failure", "Failure", id="step.failure", show=False, tooltip="Go to the next failure"),
    Binding("t", "origin", "Origin", id="step.origin", show=False, tooltip="Go to where this value came from"),
    Binding("T", "use", "Use", id="step.use", show=False, tooltip="Go to the request that carries this value"),
    Binding("x", "stop", "Stop", id="step.stop", tooltip="Stop what is being sent"),
    Binding("0", "app.focus('timeline')", "Steps", id="step.steps", show=False, tooltip="Go to the steps"),
    Binding("1", "pane('request')", "Request", id="step.request", show=False, tooltip="Go to the request"),
    Binding("2", "pane('answer')", "Answer", id="step.answer", show=False, tooltip="Go to the answer"),
    Binding("3", "pane('meaning')", "Meaning", id="step.meaning", show=False, tooltip="Go to what it means"),
    Binding("f", "enlarge", "Full", id="step.enlarge", show=False, tooltip="Enlarge the focused pane, or back"),
    Binding("question_mark,f1", "help", "Help", id="step.help"),
    Binding("escape", "leave", "Back", id="step.leave", show=False),
    Binding("q", "quit", "Quit", id="step.quit"),
]

CHANGING = ("send", "edit", "undo", "replay", "go_on", "run", "run_until", "pause", "suppose", "mend", "stop")
"""Actions that are possible only at times."""


def possible(action: str, state: State, selected: int, *, is_busy: bool, is_mendable: bool = False) -> bool | None:
    """Say whether an action is possible: True; None where its key is shown greyed out; False where it is not shown."""
    match action:
        case "stop" | "pause":
            return is_busy
        case "mend":
            return is_mendable and not is_busy
        case "undo":
            return bool(state.draft) and not is_busy
        case "send":
            can = bool(state.pending or state.draft)
        case "edit" | "suppose":
            can = bool(state.pending or selected)
        case "run" | "run_until":
            can = state.pending is not None
        case "replay" | "go_on":
            can = selected > 0
        case _:
            return True
    return True if can and not is_busy else None
