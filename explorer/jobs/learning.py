"""From the name of a lesson to one that stands before its first move, in a practice registry of its own."""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import partial

from explorer.jobs.making import MADE_WITH, new_client, recorder
from explorer.lessons import lesson_named
from explorer.lessons.classroom import PASSWORD, USER, Classroom
from explorer.lessons.declared import Fault
from explorer.model import FlowCall, Session
from explorer.teaching import Teaching
from explorer.wire.deferred import DeferredClient
from explorer.wire.options import DEFAULT


def open_lesson(name: str, recording: str = "") -> Teaching:
    """Start a practice registry and begin the lesson; raises InputError or FormatError.

    The registry is stopped when the lesson is closed.
    """
    kind = lesson_named(name)
    from explorer.practice import PracticeRegistry, TokenAccess, Users

    with ExitStack() as resources:
        access = TokenAccess(Users.of(f"{USER}:{PASSWORD}")) if kind.with_login else None
        registry = resources.enter_context(PracticeRegistry(access=access))

        def switch(fault: Fault) -> None:
            if fault.on:
                registry.faults.switch_on(fault.name)
            else:
                registry.faults.switch_off(fault.name)

        session = Session(MADE_WITH, round(time.time(), 3), FlowCall(""))
        writer = recorder(recording, f"learn-{kind.name}")(session)
        resources.callback(writer.close)
        wire = DeferredClient(partial(new_client, DEFAULT))
        resources.callback(wire.close)
        teaching = Teaching(kind, Classroom(registry.origin), wire, switch, writer)
        teaching.keep(resources)
        return teaching
