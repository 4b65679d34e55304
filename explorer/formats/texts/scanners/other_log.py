"""Entries of logs that tell of no exchange."""

from __future__ import annotations

import re

from explorer.formats.texts.entries import Entry
from explorer.formats.texts.log_scanner import LogScanner

_GRAPHDRIVER = re.compile(
    r"Trying to push |Pushing repository: |Checking for presence of layer |attempting to mount layer |Pushing layer: "
    r"|uploaded layer |Upload failed, retrying|Trying to pull "
)


class OtherLog(LogScanner):
    """Entries of logs that tell of no exchange: they are passed over, and counted."""

    name = "other-log"
    title = "entries of logs that tell of no exchange"
    rank = 8

    def goes_on(self, number: int, text: str) -> bool | str:
        """Leave each line to the other scanners first."""
        del number, text
        return False

    def take(self, number: int, entry: Entry) -> bool:
        """Take any entry of a log."""
        if entry.is_json and not (entry.level or entry.time):
            return False
        if _GRAPHDRIVER.match(entry.message):
            words = (
                "dockerd with its older image store, which logs no requests: record them in between, "
                "or look at the registry's log"
            )
            self.context.dropped.add(number, words)
            self.context.why_nothing = (
                "this is the log of dockerd with its older image store, which logs no HTTP exchange. To see them, push "
                "through `registry-explorer record REGISTRY`, look at the registry's own log, or switch docker to the "
                "containerd image store and take its log at debug level; `registry-explorer diagnose` reads the errors."
            )
        else:
            self.context.dropped.add(number, "an entry of a log that tells of no exchange")
        return True
