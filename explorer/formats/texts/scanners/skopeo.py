"""The log of skopeo, podman and buildah with `--debug`: method and URL of each request, and now and then a word.

No status stands in it, save that of a ping, and that of an upload that failed, with its headers. What follows tells
most of them: `... not present` is a 404, a PATCH to the address of an upload means that the POST before it was answered
with that Location, and so on. All of it is inferred.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from explorer.formats.drafts import Draft
from explorer.formats.texts.entries import Entry
from explorer.formats.texts.go_failures import kind_of
from explorer.formats.texts.log_scanner import LogScanner, drafted
from explorer.formats.texts.scanning import Context
from explorer.formats.texts.statuses import spoken_status
from explorer.model import Failure, Header, Headers, Response

_REQUEST = re.compile(r"(GET|HEAD|POST|PUT|PATCH|DELETE) (https?://\S+)")
_PING = re.compile(r"Ping (\S+) status (\d{3})")
_PING_FAILED = re.compile(r"Ping (\S+) err (.*)", re.DOTALL)
_COMPLETE = re.compile(r"Upload of layer (\S+) complete")
_WORDS = (
    ("... not present", 404, "Not Found"),
    ("... already exists", 200, "OK"),
    ("... not authorized", 401, "Unauthorized"),
    ("... mount OK", 201, "Created"),
    ("... started an upload instead of mounting", 202, "Accepted"),
)
_STARTS = ("GET", "HEAD", "P", "DELETE", "Error ", "...", "Upload", "Checking", "Downloading", "Trying")
_STATUS = re.compile(
    r"(?:status code |HTTP status:? |status |StatusCode: )(\d{3})\b"
    r"|\b(\d{3}) \((?:Bad|Not|Un|For|Int|Req|Pay|Too|Con|Met|Ser)[A-Za-z ]{0,40}\)"
)
_FAILED = re.compile(r"Error (initiating|uploading) layer( chunked| upload)?, response http\.Response\{(.*)", re.DOTALL)
_FAILED_STATUS = re.compile(r"Status:\"(\d{3}) ?([^\"]*)\"")
_FAILED_HEADERS = re.compile(r"Header:http\.Header\{(.*?)\}\}?, Body:", re.DOTALL)
_FAILED_HEADER = re.compile(r"\"([^\"\\]+)\":\[\]string\{((?:\"(?:[^\"\\]|\\.)*\"(?:, )?)*)\}")
_NAMED_PATH = re.compile(r"initiating layer upload to (/v2/\S+)")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"")
_UPLOAD = re.compile(r"(.*/blobs/uploads/)[^/?]+")
NO_HEADERS = Headers()
_DIGEST = re.compile(r"[&?]digest=[^&]*$")


class Skopeo(LogScanner):
    """The log of skopeo, podman and buildah with --debug: statuses are concluded from what follows."""

    name = "skopeo"
    title = "log of skopeo, podman or buildah with --debug"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._open: list[Draft] = []  # without an answer so far, the latest last

    def take(self, number: int, entry: Entry) -> bool:
        """Take an entry that names a request, or tells what came of one."""
        message = entry.message
        if not message.startswith(_STARTS):
            return self._told(entry)
        if found := _REQUEST.fullmatch(message):
            self._request(drafted(number, found[1], found[2], entry.time, basis="inferred"))
            return True
        if found := _PING.fullmatch(message):
            url = found[1]
            self._answer(self._latest(lambda draft: f"{draft.origin}{draft.target}" == url), int(found[2]), "", message)
            return True
        if found := _PING_FAILED.fullmatch(message):
            url = found[1]
            self._fail(self._latest(lambda draft: f"{draft.origin}{draft.target}" == url), found[2])
            return True
        if found := _FAILED.match(message):
            return self._failed(found[1] == "initiating", "chunked" in (found[2] or ""), found[3])
        for words, status, reason in _WORDS:
            if message.startswith(words):
                self._answer(self._latest(lambda draft: draft.method in ("HEAD", "POST")), status, reason, message)
                return True
        if found := _COMPLETE.fullmatch(message):
            digest = found[1].replace(":", "%3A")
            self._answer(
                self._latest(
                    lambda draft: draft.method == "PUT" and (digest in draft.target or found[1] in draft.target)
                ),
                201,
                "Created",
                message,
            )
            return True
        if message.startswith(("Checking /v2/", "Uploading /v2/", "Downloading /v2/", "Trying to mount /v2/")):
            return True
        return self._told(entry)

    def finish(self) -> None:
        """Hand on what has no answer in the log."""
        for draft in self._open:
            self.context.assembly.close(draft)
        self._open.clear()

    def _request(self, draft: Draft) -> None:
        draft.unknown |= {"request.headers", "request.authorization"}
        if found := _UPLOAD.match(draft.target):
            self._led_to(draft, found[1])
        self._open.append(self.context.assembly.open(draft))
        if len(self._open) > 256:
            self.context.assembly.close(self._open.pop(0))

    def _led_to(self, draft: Draft, uploads: str) -> None:
        """Conclude that the request before, of the same upload or opening one, was answered with this address."""
        path = draft.target.partition("?")[0]
        before = self._latest(lambda other: other.target.startswith(path) and other.target.partition("?")[0] == path)
        if before is None:
            posts = [d for d in self._open if d.method == "POST" and d.target.partition("?")[0] == uploads]
            before = posts[0] if posts else None
            for post in posts if len(posts) > 1 else ():
                post.note("order-uncertain", "Several uploads were opened at once; which answer is whose is not told.")
        if before:
            location = (
                f"{draft.origin}{_DIGEST.sub('', draft.target)}"
                if draft.method == "PUT"
                else f"{draft.origin}{draft.target}"
            )
            headers = Headers((Header("Location", location),))
            self._answer(before, 202, "Accepted", f"{draft.method} to the address of the upload", headers)

    def _latest(self, is_it: Callable[[Draft], bool]) -> Draft | None:
        return next((draft for draft in reversed(self._open) if is_it(draft)), None)

    def _answer(self, draft: Draft | None, status: int, reason: str, words: str, headers: Headers = NO_HEADERS) -> None:
        if draft is None:
            return
        self._open.remove(draft)
        draft.response = Response(status, reason, "HTTP/1.1", headers)
        if words.startswith("Ping"):
            draft.unknown.discard("response.status")
        else:
            draft.note("status-guessed", f"The status {status} is concluded from: {words}.", words)
        self.context.assembly.close(draft)

    def _fail(self, draft: Draft | None, error: str) -> None:
        if draft is None:
            return
        self._open.remove(draft)
        draft.error = Failure(kind_of(error), f"The client says: {error}")
        self.context.assembly.close(draft)

    def _failed(self, is_post: bool, is_patch: bool, printed: str) -> bool:
        """Take the answer to a request of an upload, as Go prints it: status and headers, and no body."""
        status = _FAILED_STATUS.match(printed)
        wanted = "POST" if is_post else "PATCH" if is_patch else "PUT"
        draft = self._latest(lambda one: one.method == wanted)
        if status is None or draft is None:
            return False
        self._open.remove(draft)
        draft.response = Response(int(status[1]), status[2], "HTTP/1.1", Headers(tuple(_headers(printed))))
        draft.unknown -= {"response.status", "response.headers"}
        draft.unknown |= {"response.body"}
        self.context.assembly.close(draft)
        return True

    def _told(self, entry: Entry) -> bool:
        """Take what a client says when it gives up: often the status, or the errors, of the last request."""
        if not entry.level.startswith(("fata", "erro")) or not self._open:
            return False
        path = _NAMED_PATH.search(entry.message)
        draft = self._open[-1]
        if path and path[1] != draft.target.partition("?")[0]:
            return False
        draft.note("client-said", f"The client's log says: {entry.message}.", entry.message)
        if found := _STATUS.search(entry.message):
            self._answer(draft, int(found[1] or found[2]), "", entry.message)
        elif told := spoken_status(entry.message):
            self._answer(draft, told[0], "", told[1])
        return True


def _headers(printed: str) -> Iterator[Header]:
    """Yield the headers of an answer that Go printed."""
    found = _FAILED_HEADERS.search(printed)
    for row in _FAILED_HEADER.finditer(found[1] + "}" if found else ""):
        for value in _QUOTED.finditer(row[2]):
            yield Header(row[1], re.sub(r"\\(.)", r"\1", value[1]))
