"""From a curl command line to the requests that curl would send for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from explorer.formats.commands.bodies import Data, data_of, upload_of, urlencoded
from explorer.formats.commands.curl import Group, parse_curl
from explorer.formats.commands.headers import write_headers
from explorer.formats.commands.urls import PLACEHOLDER, expanded, squashed, with_file_name, with_query
from explorer.formats.commands.words import Command, Hole, Holes, has_hole, split_at_hole
from explorer.formats.drafts import NOTHING_TOLD, Draft, split_url


def drafts_of(command: Command, holes: Holes) -> list[Draft]:
    """Return a draft for each request of a command line; texts in it may still have holes."""
    drafts: list[Draft] = []
    for group in parse_curl(command.words, holes, command.input):
        drafts += _Requests(group, command, holes).drafts()
    return drafts


class _Requests:
    def __init__(self, group: Group, command: Command, holes: Holes) -> None:
        self._group = group
        self._command = command
        self._holes = holes
        self._login = ""  # user:password

    def drafts(self) -> list[Draft]:
        group = self._group
        expand: Callable[[str], list[str]] = (lambda text: [text]) if "globoff" in group.flags else expanded
        drafts = []
        for at, word in enumerate(group.urls or [""]):
            named = group.uploads[at] if at < len(group.uploads) else ""
            url = PLACEHOLDER.sub(lambda found: self._holes.add(Hole(found[0], found[0].strip("<>{}[]% "))), word)
            for upload in expand(named) if named else [None]:
                drafts += [self._draft(one, upload) for one in expand(url)]
        return drafts

    def _draft(self, url: str, upload: str | None) -> Draft:
        group = self._group
        draft = Draft(
            self._command.line, basis="inferred", unknown=set(NOTHING_TOLD), follows=group.follows, fill=self._holes
        )
        draft.keeps_method = bool(group.method or group.flags & {"post301", "post302", "post303"})
        stdin = self._command.input
        data = upload_of(upload, stdin) if upload is not None else data_of(group, stdin)
        in_query = "get" in group.flags and data.is_given and upload is None
        kind = self._method(data, upload, in_query)
        draft.method = group.method or kind
        self._aim(draft, url, upload)
        self._extend_query(draft, data, in_query=in_query)
        write_headers(draft, group, replace(data, is_given=False) if in_query else data, kind, self._login)
        self._remark(draft, data)
        if not in_query:
            draft.body = b"" if data.files else self._holes.written(data.text).encode("latin-1", "replace")
            self._tell_holes(draft, data.text)
        if not data.is_known and not in_query:
            draft.unknown.add("request.body")
        return draft

    def _tell_holes(self, draft: Draft, text: str) -> None:
        for hole in self._holes.of(text):
            draft.note("hole", f"What {hole.written} stands for is not told.", hole.written)

    def _method(self, data: Data, upload: str | None, in_query: bool) -> str:
        if "head" in self._group.flags:
            return "HEAD"
        if upload is not None:
            return "PUT"
        return "POST" if data.is_given and not in_query else "GET"

    def _aim(self, draft: Draft, url: str, upload: str | None) -> None:
        if not url:
            draft.note("hole", "The command line names no URL.", "")
        if upload and upload not in ("-", "."):
            url = with_file_name(url, upload)
        if "://" not in url and not has_hole(url[:1]):
            draft.note("guessed", "The URL has no scheme, so curl takes http.", "scheme")
            url = f"http://{url}"
        draft.origin, draft.target = split_url(url)
        self._take_login(url)
        if draft.origin is None and "://" in url.partition("/v2/")[0]:
            self._aim_at_hole(draft, url)
        if "path-as-is" not in self._group.flags:
            draft.target = squashed(draft.target)
        if "request-target" in self._group.values:
            draft.target = self._group.values["request-target"]

    def _aim_at_hole(self, draft: Draft, url: str) -> None:
        """Tell the target where the origin is not told, or goes over into something that is not told."""
        scheme, _, rest = url.partition("://")
        draft.target = rest[rest.find("/") :] if "/" in rest else "/"
        authority = rest.partition("/")[0]
        known, sign, following = split_at_hole(authority)
        origin = split_url(f"{scheme}://{known}")[0] if sign and known[-1:].isalnum() else None
        if origin and rest == authority and following[:1] in ("", "?", "&"):  # as in http://host:5000$LOCATION
            draft.origin, draft.target = origin, sign + following
        elif has_hole(scheme + authority):
            draft.where = authority
            self._tell_holes(draft, scheme + authority)

    def _take_login(self, url: str) -> None:
        authority = url.partition("://")[2].partition("/")[0]
        self._login = self._group.values.get("user", "")
        if "@" in authority and not self._login:
            login = unquote(authority.rpartition("@")[0], encoding="latin-1")
            self._login = login if ":" in login else f"{login}:"

    def _extend_query(self, draft: Draft, data: Data, *, in_query: bool) -> None:
        for query in self._group.queries:
            piece = query[1:] if query.startswith("+") else urlencoded(query, data)
            draft.target = with_query(draft.target, piece)
        if in_query:
            draft.target = draft.target.removesuffix("?")
            draft.target += "&" if not data.text and "?" in draft.target else ""
        draft.target = with_query(draft.target, data.text if in_query else "")

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
            words = f"curl has no option {self._plain(written)}, as far as is known here: it would send nothing."
            draft.note("refused", words, self._plain(written))
        if data.is_form:
            draft.note("guessed", "curl draws the boundary of a form by lot; here it is all zeros.", "request.body")
        for name in map(self._plain, self._group.files):
            draft.note("option", f"More options come from the file {name} (-K), which was not read.", f"-K {name}")
        for name in self._group.taken:
            draft.note("guessed", f"{name} is taken to stand for options, which are not told.", name)

    def _plain(self, text: str) -> str:
        return self._holes.written(text)
