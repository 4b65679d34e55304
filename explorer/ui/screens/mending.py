"""A screen on which findings are looked at and mended, and on which it is told whether a mend has helped."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from explorer.model import Edit, Finding
from explorer.standing import attempt_of, is_made_up_for, next_request
from explorer.state import State
from explorer.ui.screens.looking import LookingScreen

if TYPE_CHECKING:
    from explorer.ui.screens.mend import Mended


class MendingScreen(LookingScreen):
    """Shows findings, applies the edit of one to a new attempt, and compares what came of it."""

    _mended: Finding | None = None

    def action_findings(self) -> None:
        """Look at everything that is wrong."""
        from explorer.ui.screens.findings import FindingsScreen

        self.app.push_screen(FindingsScreen(self.insight.findings), self.go_to)

    def mendable(self) -> Finding | None:
        """Return the strongest finding with an edit: of the selected exchange, else of any that is not mended yet."""
        if self.selected:
            return next((one for one in self.insight.findings_of(self.selected) if one.edit), None)
        state = self.state
        return next((one for one in self.insight.findings if one.edit and state and not _is_mended(state, one)), None)

    def warned(self) -> Finding | None:
        """Return what would fail of the next request and can be mended before it is sent."""
        state = self.state
        request = next_request(state) if state and not self.selected else None
        warnings = self.insight.warnings(request) if request and state and (state.draft or state.exchanges) else ()
        return next((warning for warning in warnings if warning.edit), None)

    def action_mend(self) -> None:
        """Show what mends the strongest finding, and send it if that is wanted."""
        from explorer.ui.screens.mend import Mend

        state = self.state
        finding = self.warned() or self.mendable()
        if state is None or finding is None or finding.edit is None:
            self.say("There is nothing here that an edit of a request could mend.")
            return
        edit = finding.edit
        is_draft = edit.exchange > len(state.exchanges)
        before = next_request(state) if is_draft else state.exchange(edit.exchange).request
        if before is None:
            return
        self.app.push_screen(Mend(finding, before, edit.request), partial(self._mend, edit))

    def _mend(self, edit: Edit, mended: Mended | None) -> None:
        if mended is None or self.state is None:
            return
        self.state = self._bench.edit(mended.request, attempt_of(self._bench.state, edit))
        self.selected = 0
        self.pane("request")
        if mended.send:
            self._mended = mended.finding
            self.begin("send")

    def sent(self) -> None:
        """Say whether a mend has helped."""
        mended, self._mended = self._mended, None
        if mended is None or self.state is None:
            return
        self.insight.follow(self.state.exchanges)
        last = self.state.exchanges[-1]
        again = [finding.rule for finding in self.insight.findings_of(last.id)]
        if mended.rule in again:
            self.remark(f"The mend did not help: {mended.rule} shows itself again in {last.id}.")
        elif again:
            self.remark(f"The mend helped: {mended.rule} is gone. What shows itself next: {', '.join(again)}.")
        elif last.error or last.status >= 400:
            self.remark(f"{mended.rule} is gone, but {last.id} was answered {last.status or 'not at all'}.")
        else:
            self.remark(f"The mend helped: {mended.rule} is gone, and {last.id} was answered {last.status}.")


def _is_mended(state: State, finding: Finding) -> bool:
    return finding.edit is not None and is_made_up_for(state, finding.edit.exchange)
