"""The lists: the tags of a repository, and the repositories; in pages, with a Link to the next."""

from __future__ import annotations

from bisect import bisect_right

from explorer.practice.answers import answer
from explorer.practice.call import Call
from explorer.practice.errors import refusal
from explorer.practice.urls import encode_path, encode_value, parse_number
from explorer.spec.go_json import go_json
from explorer.wire.server import Outgoing

_USUAL = 100


def list_tags(call: Call) -> Outgoing:
    """List the tags of a repository; without `n` all of them."""
    limit = None
    if call.manner.lists.pages and call.query.get("n"):
        asked = parse_number(call.query["n"])
        if asked is None or asked < 0:
            raise refusal("page-number", {"n": call.query["n"]}, {"n": asked or 0})
        limit = min(asked, call.manner.lists.most)
    tags = call.store.tags(call.name, is_sorted=call.manner.lists.is_sorted)
    if tags is None and (limit != 0 or not call.manner.lists.null_tags):
        raise refusal("name-unknown", {"name": call.name})
    shown, more = _page_of(tags or [], call, limit)
    listed: list[str] | None = shown or (None if call.manner.lists.null_tags and limit != 0 else [])
    return _answer(call, {"name": call.name, "tags": listed}, shown, limit, more=more)


def list_repositories(call: Call) -> Outgoing:
    """List the repositories that have had a manifest; 100 of them without `n`."""
    if not call.manner.lists.catalog:
        raise refusal("method-wrong", "this registry does not list its repositories")
    limit = _USUAL
    text = call.query.get("n", "")
    if text:
        asked = parse_number(text)
        if asked is None or asked < 0:
            if not call.manner.lists.lenient:
                raise refusal("page-number", {"n": text})
            asked = _USUAL
        if asked > call.manner.lists.most:
            raise refusal("page-number", {"n": asked})
        limit = asked
    names = call.store.repositories(with_blobs=call.manner.lists.catalog_of_blobs)
    shown, more = _page_of(names, call, limit)
    return _answer(call, {"repositories": shown}, shown, limit, more=more)


def _page_of(names: list[str], call: Call, limit: int | None) -> tuple[list[str], bool]:
    """Return the names behind `last`, at most so many, and whether there are more."""
    if not call.manner.lists.pages and limit is None:
        return names, False
    begin = bisect_right(names, call.query.get("last", ""))
    end = len(names) if limit is None else begin + limit
    return names[begin:end], end < len(names)


def _answer(call: Call, listed: dict[str, object], shown: list[str], limit: int | None, *, more: bool) -> Outgoing:
    """Answer with a page, with a Link where there is another; distribution does not look whether it is empty."""
    headers = [("Content-Type", call.manner.json_type)]
    if limit and shown and (more if call.manner.lists.looks_ahead else len(shown) == limit):
        query = f"last={encode_value(shown[-1])}&n={limit}"
        headers.append(("Link", f'<{encode_path(call.path)}?{query}>; rel="next"'))
    return answer(200, *headers, body=go_json(listed))
