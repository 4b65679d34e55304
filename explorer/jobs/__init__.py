"""From what a user asks for to a workbench that does it: the doors that the command line and the start screen share."""

from __future__ import annotations

from explorer.jobs.copying import CopyJob, open_copy
from explorer.jobs.flows import open_flow
from explorer.jobs.learning import open_lesson
from explorer.jobs.making import MADE_WITH
from explorer.jobs.opening import OpenedRecording, open_recording
from explorer.jobs.pulls import PullJob, open_pull
from explorer.jobs.pushing import PushJob, open_push
from explorer.jobs.resuming import ResumeJob, open_resume
from explorer.jobs.serving import PracticeJob, personality_words, serve_practice
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
