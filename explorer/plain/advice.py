"""Findings in line mode: what is wrong with what was sent, what would fail, and the edits that mend it."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.errors import InputError
from explorer.insight import Insight
from explorer.model import Finding, Request, body_size
from explorer.plain.findings import IN_WORDS, difference, finding_told
from explorer.standing import attempt_of
from explorer.visible import visible
from explorer.workbench import Workbench

_SMALL = 8 << 20


class Advice:
    """Follows a workbench, tells what is wrong, and makes edits of it. The findings told last can be mended by
    number.
    """

    def __init__(self, workbench: Workbench, insight: Insight) -> None:
        """Begin; what is sent from here on is of this machine's own files, which may then be read."""
        self._bench = workbench
        self._insight = insight
        self._known = len(workbench.state.exchanges)
        self._told: tuple[Finding, ...] = ()
        self._mending = ""

    def told(self, findings: tuple[Finding, ...]) -> Iterator[str]:
        """Yield findings, numbered, so that `fix` knows them by their numbers."""
        self._told = findings
        state = self._bench.state
        edited = {found.edit.exchange for found in findings if found.edit}
        requests = {id: state.exchange(id).request for id in edited if 0 < id <= len(state.exchanges)}
        for number, found in enumerate(findings, start=1):
            yield from finding_told(found, number, requests)
        if any(found.edit for found in findings):
            yield "(fix N makes the edited request of finding N)"

    def after_sending(self) -> Iterator[str]:
        """Yield what is wrong with the exchanges that are new, and whether a fix has helped."""
        known = self._known
        self.follow()
        self._known = len(self._bench.state.exchanges)
        told = tuple(found for found in self._insight.findings if max(found.exchanges, default=0) > known)
        if self._mending:
            still = any(found.rule == self._mending for found in told)
            yield f"The fix for {self._mending} {'did not help' if still else 'helped'}."
            self._mending = ""
        yield from self.told(told)

    def look_through(self, insight: Insight) -> None:
        """Look with another insight from here on, which has not looked at anything yet."""
        self._insight = insight

    def follow(self) -> None:
        """Look at what is new."""
        exchanges = self._bench.state.exchanges
        self._insight.follow(exchanges, self._known)
        self._insight.allow_reading()
        self._insight.follow(exchanges)

    def before(self, request: Request, *, is_edited: bool = True) -> Iterator[str]:
        """Yield what would fail if a request was sent as it stands.

        The file behind a large body is read for it only where the request was edited: a flow has just hashed it.
        """
        may_read = is_edited or body_size(request.body) <= _SMALL
        self.follow()
        expected = self._insight.warnings(request, may_read=may_read)
        warnings = tuple(found for found in expected if found.certainty != "hint")
        if not warnings:
            return
        self._told = warnings
        for number, found in enumerate(warnings, start=1):
            yield f"Warning {number}: {visible(found.what)} ({found.rule}): {visible(found.proof or found.fix)}"
        if any(found.edit for found in warnings):
            yield "(fix N makes the edited request of warning N)"

    def fix(self, number: int) -> Iterator[str]:
        """Make the edited request of a finding the draft, and yield what it changes; raises InputError."""
        if not 1 <= number <= len(self._told):
            raise InputError(f"There is no finding {number}; the last answer had {len(self._told)}.")
        found = self._told[number - 1]
        if found.edit is None:
            raise InputError(f"Finding {number} cannot be mended by another request: {found.fix}")
        state = self._bench.state
        is_sent = found.edit.exchange <= len(state.exchanges)
        before = state.exchange(found.edit.exchange).request if is_sent else self._pending()
        self._bench.edit(found.edit.request, attempt_of(state, found.edit))
        self._mending = found.rule
        yield f"Fixed: {visible(found.edit.words)}"
        if before:
            yield from difference(before, found.edit.request, IN_WORDS)

    def _pending(self) -> Request | None:
        state = self._bench.state
        return state.draft.request if state.draft else state.pending.request if state.pending else None
