"""The app that takes one lesson."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from explorer.teaching import Over, Teaching
from explorer.ui.app import ExplorerApp
from explorer.ui.screens.lesson import LessonScreen


class LessonApp(ExplorerApp):
    """Takes one lesson and ends."""

    def __init__(self, teaching: Teaching) -> None:
        super().__init__()
        self._teaching = teaching

    def exit(self, *arguments: Any, **named: Any) -> None:
        """Leave; what is being sent is stopped."""
        self._teaching.stop()
        super().exit(*arguments, **named)

    def get_default_screen(self) -> Screen[None]:
        """Return the lesson."""
        return LessonScreen(self._teaching, lambda _: None, is_first=True)


def run_lesson(teaching: Teaching) -> int:
    """Take a lesson until its end or until it is left; return the exit status."""
    LessonApp(teaching).run_as_set()
    return 0 if isinstance(teaching.stage, Over) else 130
