"""The header lines that curl writes for a command line, in its order.

After curl's lib/http.c; checked against curl 7.88.1. What curl adds by itself is added, too, save what depends on its
version or on files: those are named as unknown.
"""

from __future__ import annotations

import base64

from explorer.formats.commands.bodies import JSON_TYPE, Data
from explorer.formats.commands.curl import Group
from explorer.formats.commands.words import has_hole
from explorer.formats.drafts import Draft
from explorer.model import Header

EXPECTS_ABOVE = 1024 * 1024
"""A body of more bytes than this makes curl ask with `Expect: 100-continue` first (since 7.69.0)."""

AGENT = "curl"


def write_headers(draft: Draft, group: Group, data: Data, kind: str, login: str) -> None:
    """Write the header lines of a draft: curl's own, then those of `-H`, then those of the body.

    `kind` is the method before `-X`, `login` what `-u` or the URL gives as user:password.
    """
    custom, removed = _custom(draft, group)
    if data.is_json:
        names = {header.name.lower() for header in custom} | removed
        of_json = (Header("Content-Type", JSON_TYPE), Header("Accept", JSON_TYPE))
        custom += [header for header in of_json if header.name.lower() not in names]
    host = next((header for header in custom if header.name.lower() == "host"), None)
    custom = [header for header in custom if header is not host]
    own = [host._replace(name="Host")] if host else []
    if not host and draft.origin and "host" not in removed:
        own = [Header("Host", draft.origin.authority)]
    taken = {header.name.lower() for header in custom} | removed
    candidates = [*_authorization(draft, group, login), *_range(draft, group, data, kind), *_of_options(group, data)]
    own += [header for header in candidates if header.name.lower() not in taken]
    is_chunked = any(header.name.lower() == "transfer-encoding" and "chunked" in header.value for header in custom)
    draft.headers = own + custom
    draft.headers += [header for header in _of_body(data, is_chunked) if header.name.lower() not in taken]
    if (
        "time-cond" in group.values
        or group.files
        or group.taken
        or ("http2" in group.flags and not (draft.origin and draft.origin.scheme == "https"))
    ):
        draft.unknown.add("request.headers")


def _of_options(group: Group, data: Data) -> list[Header]:
    values, flags = group.values, group.flags
    own = []
    if agent := values.get("user-agent", AGENT):
        own.append(Header("User-Agent", agent))
    own.append(Header("Accept", "*/*"))
    if "tr-encoding" in flags:
        own += [Header("Connection", "TE"), Header("TE", "gzip")]
    if "compressed" in flags:
        own.append(Header("Accept-Encoding", "deflate, gzip, br, zstd"))
    if referer := values.get("referer", "").partition(";")[0]:
        own.append(Header("Referer", referer))
    if cookies := [cookie for cookie in group.cookies if "=" in cookie]:
        own.append(Header("Cookie", ";".join(cookies)))
    if data.is_chunked:
        own.append(Header("Transfer-Encoding", "chunked"))
    return own


def _range(draft: Draft, group: Group, data: Data, kind: str) -> list[Header]:
    """Return the header of `-r` and `-C`: of what is wanted, or of what is sent."""
    start = group.values.get("continue-at", "")
    wanted = f"{start}-" if start else group.values.get("range", "")
    if not wanted or data.is_form:
        return []
    if start == "-" or (data.is_given and (start or not data.is_known or data.is_chunked)):
        draft.unknown.add("request.headers")
        return []
    if kind in ("POST", "PUT"):
        return [Header("Content-Range", f"bytes {wanted}/{len(data.text)}")]
    return [Header("Range", f"bytes={wanted}")]


def _custom(draft: Draft, group: Group) -> tuple[list[Header], set[str]]:
    kept: list[Header] = []
    removed: set[str] = set()
    for text in group.headers:
        if text.startswith("@"):
            draft.note("body-file", f"Headers are read from the file {text[1:]}, which was not read.", text[1:])
            draft.unknown.add("request.headers")
            continue
        name, colon, value = text.partition(":")
        if not colon and text.endswith(";"):
            kept.append(Header(text[:-1], "", ""))
        elif not colon:
            _drop(draft, text)
        elif not value.strip():
            removed.add(name.strip().lower())
            words = f"-H '{_plain(draft, text)}' takes curl's own header away."
            draft.note("header-removed", words, name.strip())
        else:
            blanks = len(value) - len(value.lstrip(" \t"))
            kept.append(Header(name, value[blanks:], value[:blanks]))
    return kept, removed


def _drop(draft: Draft, text: str) -> None:
    written = _plain(draft, text)
    draft.note(
        "header-dropped",
        f"-H '{written}' has no colon, so it is no header, and curl leaves it out: it never reached the wire.",
        written,
    )


def _plain(draft: Draft, text: str) -> str:
    return draft.fill.written(text) if draft.fill else text


def _authorization(draft: Draft, group: Group, login: str) -> list[Header]:
    values, flags = group.values, group.flags
    if "oauth2-bearer" in values:
        return [Header("Authorization", f"Bearer {values['oauth2-bearer']}")]
    asks_first = flags & {"digest", "ntlm", "negotiate", "anyauth"}
    if ":" in login and not asks_first and not has_hole(login):
        secret = base64.b64encode(login.encode("latin-1", "replace")).decode("ascii")
        return [Header("Authorization", f"Basic {secret}")]
    if login or asks_first or flags & {"netrc", "netrc-optional"} or "netrc-file" in values:
        draft.unknown.add("request.authorization")
    return []


def _of_body(data: Data, is_chunked: bool) -> list[Header]:
    if not data.is_given:
        return []
    headers = []
    size = len(data.text)
    if data.is_known and not data.is_chunked and not is_chunked:
        headers.append(Header("Content-Length", f"{size}"))
    if data.type and not data.is_json:
        headers.append(Header("Content-Type", data.type))
    if data.is_chunked or size > EXPECTS_ABOVE:
        headers.append(Header("Expect", "100-continue"))
    return headers
