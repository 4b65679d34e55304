"""From what a user asks for to a workbench that does it: the doors that the command line and the start screen share.

Each door is loaded when it is asked for, since most of what lies behind the others is not needed then.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from explorer.jobs.announcing import personality_words
    from explorer.jobs.copying import CopyJob, open_copy
    from explorer.jobs.flows import open_flow
    from explorer.jobs.learning import open_lesson
    from explorer.jobs.making import MADE_WITH
    from explorer.jobs.opening import OpenedRecording, open_recording
    from explorer.jobs.pulls import PullJob, open_pull
    from explorer.jobs.pushing import PushJob, open_push
    from explorer.jobs.resuming import ResumeJob, open_resume
    from explorer.jobs.serving import PracticeJob, serve_practice
    from explorer.jobs.session_options import SessionOptions, options_after

__all__ = [
    "MADE_WITH",
    "CopyJob",
    "OpenedRecording",
    "PracticeJob",
    "PullJob",
    "PushJob",
    "ResumeJob",
    "SessionOptions",
    "open_copy",
    "open_flow",
    "open_lesson",
    "open_pull",
    "open_push",
    "open_recording",
    "open_resume",
    "options_after",
    "personality_words",
    "serve_practice",
]

_HOMES = {
    "CopyJob": "copying",
    "MADE_WITH": "making",
    "OpenedRecording": "opening",
    "PracticeJob": "serving",
    "PullJob": "pulls",
    "PushJob": "pushing",
    "ResumeJob": "resuming",
    "SessionOptions": "session_options",
    "open_copy": "copying",
    "open_flow": "flows",
    "open_lesson": "learning",
    "open_pull": "pulls",
    "open_push": "pushing",
    "open_recording": "opening",
    "open_resume": "resuming",
    "options_after": "session_options",
    "personality_words": "announcing",
    "serve_practice": "serving",
}


def __getattr__(name: str) -> Any:
    """Load a door; raises AttributeError where there is none of that name."""
    if name not in _HOMES:
        raise AttributeError(f"explorer.jobs has no {name!r}")
    return getattr(import_module(f"explorer.jobs.{_HOMES[name]}"), name)
