"""Heads of HTTP messages as they are: `curl -i`, `curl -D`, Go's dumps, whatever was copied from a wire."""

from __future__ import annotations

import re
from string import ascii_uppercase

from explorer.formats.texts.heads import HEADER_LINE, REQUEST_LINE, STATUS_LINE, Head, unglued
from explorer.formats.texts.scanning import Context, Scanner

_METHODS = frozenset(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
_VERSION = re.compile(r" HTTP/\d(?:\.\d)?\s*$")


class HttpMessage(Scanner):
    """Heads of requests and answers without any prefix: curl -i, curl -D, dumps."""

    name = "http-message"
    title = "heads of HTTP messages: curl -i, curl -D, dumps"
    firsts = ascii_uppercase

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._head: Head | None = None

    def begins(self, number: int, text: str) -> bool | str:
        """Take a status line or a request line."""
        first, *rest = unglued(text)
        if STATUS_LINE.fullmatch(first):
            self._head = Head(number, first)
            for line in rest:
                self._head.add(line)
            return True
        found = REQUEST_LINE.fullmatch(text)
        if found and found[1] in _METHODS and found[3]:
            self._head = Head(number, text)
            return True
        return False

    def goes_on(self, number: int, text: str) -> bool | str:
        """Take a header line; an empty one ends the head."""
        if self._head is None:
            return self.begins(number, text)
        if not text.strip():
            self.end()
            return True
        if STATUS_LINE.fullmatch(text) or (_VERSION.search(text) and REQUEST_LINE.fullmatch(text)):
            self.end()
            return self.begins(number, text)
        if HEADER_LINE.fullmatch(text) or self._head.rejoin(text):
            return self._head.add(text) if HEADER_LINE.fullmatch(text) else True
        self.end()
        return False

    def end(self) -> None:
        """Hand on the head that was being read."""
        head, self._head = self._head, None
        if head is None:
            return
        if head.is_answer:
            self.context.conversation.received(head)
        else:
            self.context.conversation.sent(head)
