"""From a curl command line to the requests that curl would send for it.

After curl's lib/http.c; checked against curl 7.88.1. What curl adds by itself is added, too, save what depends on its
version or on files: those are named as unknown.
"""

from __future__ import annotations

import base64
from urllib.parse import unquote

from explorer.formats.commands.bodies import JSON_TYPE, Data, data_of, upload_of
from explorer.formats.commands.curl import Group, parse_curl
from explorer.formats.commands.urls import PLACEHOLDER, expanded, squashed, with_query
from explorer.formats.commands.words import Command, Hole, Holes, has_hole
from explorer.formats.drafts import NOTHING_TOLD, Draft, split_url
from explorer.model import Header

EXPECTS_ABOVE = 1024 * 1024
"""A body of more bytes than this makes curl ask with `Expect: 100-continue` first (since 7.69.0)."""

AGENT = "curl"


def drafts_of(command: Command, holes: Holes) -> list[Draft]:
    """Return a draft for each request of a command line; texts in it may still have holes."""
    drafts: list[Draft] = []
    for group in parse_curl(command.words):
        drafts += _Requests(group, command, holes).drafts()
    return drafts


class _Requests:
    def __init__(self, group: Group, command: Command, holes: Holes) -> None:
        self._group = group
        self._command = command
        self._holes = holes

    def drafts(self) -> list[Draft]:
        group = self._group
        drafts = []
        for at, word in enumerate(group.urls or [""]):
            upload = group.uploads[min(at, len(group.uploads) - 1)] if group.uploads else None
            url = PLACEHOLDER.sub(lambda found: self._holes.add(Hole(found[0], found[0].strip("<>{}[]% "))), word)
            for one in [url] if "globoff" in group.flags else expanded(url):
                drafts.append(self._draft(one, upload))
        return drafts

    def _draft(self, url: str, upload: str | None) -> Draft:
        group = self._group
        draft = Draft(
            self._command.line, basis="inferred", unknown=set(NOTHING_TOLD), follows=group.follows, fill=self._holes
        )
        draft.keeps_method = bool(group.method or group.flags & {"post301", "post302", "post303"})
        stdin = self._command.stdin
        data = upload_of(upload, stdin) if upload is not None else data_of(group, stdin)
        in_query = "get" in group.flags and data.is_given and upload is None
        draft.method = group.method or self._method(data, upload, in_query)
        self._aim(draft, url, upload)
        self._extend_query(draft, data if in_query else Data())
        self._write_headers(draft, Data() if in_query else data)
        self._remark(draft, data)
        if data.is_known and not in_query:
            draft.body = self._holes.written(data.text).encode("latin-1", "replace")
        elif not in_query:
            draft.unknown.add("request.body")
        return draft

    def _method(self, data: Data, upload: str | None, in_query: bool) -> str:
        if "head" in self._group.flags:
            return "HEAD"
        if upload is not None:
            return "PUT"
        return "POST" if data.is_given and not in_query else "GET"

    def _aim(self, draft: Draft, url: str, upload: str | None) -> None:
        if not url:
            draft.note("hole", "The command line names no URL.", "")
        if upload and upload not in ("-", ".") and url.partition("?")[0].endswith("/") and "?" not in url:
            url += upload.rpartition("/")[2]
        if "://" not in url and not has_hole(url[:1]):
            draft.note("guessed", "The URL has no scheme, so curl takes http.", "scheme")
            url = f"http://{url}"
        draft.origin, draft.target = split_url(url)
        self._take_login(url)
        if draft.origin is None and not has_hole(url[:1]) and "://" in url:
            rest = url.partition("://")[2]
            draft.target = rest[rest.find("/") :] if "/" in rest else "/"
        if "path-as-is" not in self._group.flags:
            draft.target = squashed(draft.target)
        if "request-target" in self._group.values:
            draft.target = self._group.values["request-target"]

    def _take_login(self, url: str) -> None:
        authority = url.partition("://")[2].partition("/")[0]
        if "@" in authority and "user" not in self._group.values:
            self._group.values["user"] = unquote(authority.rpartition("@")[0], encoding="latin-1")

    def _extend_query(self, draft: Draft, data: Data) -> None:
        for query in self._group.queries:
            draft.target = with_query(draft.target, query.removeprefix("+"))
        draft.target = with_query(draft.target, data.text)

    def _write_headers(self, draft: Draft, data: Data) -> None:
        """Write the header lines in curl's order: its own, then those of `-H`, then those of the body."""
        custom, removed = self._custom(draft)
        own = [Header("Host", draft.origin.authority)] if draft.origin else []
        own += self._authorization(draft)
        values = self._group.values
        if "range" in values:
            own.append(Header("Range", f"bytes={values['range']}"))
        agent = values.get("user-agent", AGENT)
        own += [Header("User-Agent", agent)] if agent else []
        own.append(Header("Accept", JSON_TYPE if data.is_json else "*/*"))
        if "compressed" in self._group.flags:
            own.append(Header("Accept-Encoding", "deflate, gzip, br, zstd"))
        if referer := values.get("referer", "").partition(";")[0]:
            own.append(Header("Referer", referer))
        if cookies := [cookie for cookie in self._group.cookies if "=" in cookie]:
            own.append(Header("Cookie", "; ".join(cookies)))
        taken = {header.name.lower() for header in custom} | removed
        draft.headers = [header for header in own if header.name.lower() not in taken] + custom
        draft.headers += [header for header in _of_body(data) if header.name.lower() not in taken]

    def _custom(self, draft: Draft) -> tuple[list[Header], set[str]]:
        kept: list[Header] = []
        removed: set[str] = set()
        for text in self._group.headers:
            if text.startswith("@"):
                draft.note("body-file", f"Headers are read from the file {text[1:]}, which was not read.", text[1:])
                draft.unknown.add("request.headers")
                continue
            name, colon, value = text.partition(":")
            if not colon and text.endswith(";"):
                kept.append(Header(text[:-1], "", ""))
            elif not colon:
                self._drop(draft, text)
            elif not value.strip():
                removed.add(name.strip().lower())
                draft.note("header-removed", f"-H '{self._plain(text)}' takes curl's own header away.", name.strip())
            else:
                blanks = len(value) - len(value.lstrip(" \t"))
                kept.append(Header(name, value[blanks:], value[:blanks]))
        return kept, removed

    def _drop(self, draft: Draft, text: str) -> None:
        written = self._plain(text)
        draft.note(
            "header-dropped",
            f"-H '{written}' has no colon, so it is no header, and curl leaves it out: it never reached the wire.",
            written,
        )

    def _authorization(self, draft: Draft) -> list[Header]:
        values, flags = self._group.values, self._group.flags
        if "oauth2-bearer" in values:
            return [Header("Authorization", f"Bearer {values['oauth2-bearer']}")]
        asks_first = flags & {"digest", "ntlm", "negotiate", "anyauth"}
        if "user" in values and ":" in values["user"] and not asks_first and not has_hole(values["user"]):
            secret = base64.b64encode(values["user"].encode("latin-1", "replace")).decode("ascii")
            return [Header("Authorization", f"Basic {secret}")]
        if "user" in values or asks_first or flags & {"netrc", "netrc-optional"} or "netrc-file" in values:
            draft.unknown.add("request.authorization")
        return []

    def _remark(self, draft: Draft, data: Data) -> None:
        for name in data.files:
            written = self._plain(name)
            where = "standard input" if name in ("-", ".") else f"the file {written}"
            draft.note("body-file", f"The body comes from {where}, which was not read.", written)
        for name in data.stripped:
            words = f"-d takes line ends and NUL out of {self._plain(name)}; --data-binary sends it as it is."
            draft.note("data-stripped", words, self._plain(name))
        for written in self._group.sending:
            draft.note("option", f"curl was told {self._plain(written)}.", self._plain(written))
        for written in self._group.not_known:
            draft.note(
                "option", f"curl has no option {self._plain(written)}, as far as is known here.", self._plain(written)
            )
        if "config" in self._group.values:
            words = "More options come from a file (-K), which was not read."
            draft.note("option", words, f"-K {self._plain(self._group.values['config'])}")

    def _plain(self, text: str) -> str:
        return self._holes.written(text)


def _of_body(data: Data) -> list[Header]:
    if not data.is_given:
        return []
    headers = []
    size = len(data.text)
    if data.is_chunked:
        headers.append(Header("Transfer-Encoding", "chunked"))
    elif data.is_known:
        headers.append(Header("Content-Length", f"{size}"))
    if data.type:
        headers.append(Header("Content-Type", data.type))
    if data.is_chunked or size > EXPECTS_ABOVE:
        headers.append(Header("Expect", "100-continue"))
    return headers
