"""The lists: the tags of a repository, and the repositories; in pages, with a Link to the next."""

from __future__ import annotations

from explorer.practice.answers import answer
from explorer.practice.call import Call
from explorer.practice.errors import refusal
from explorer.practice.urls import encode_path, encode_value, parse_number
from explorer.spec.go_json import go_json
from explorer.wire.server import Outgoing

_MOST = 1000
_USUAL = 100


def list_tags(call: Call) -> Outgoing:
    """List the tags of a repository; without `n` all of them."""
    limit = None
    if call.query.get("n"):
        asked = parse_number(call.query["n"])
        if asked is None or asked < 0:
            raise refusal("PAGINATION_NUMBER_INVALID", {"n": asked or 0})
        limit = min(asked, _MOST)
    tags = call.store.tags(call.name)
    if limit == 0:
        return _page(call, {"name": call.name, "tags": []})
    if tags is None:
        raise refusal("NAME_UNKNOWN", {"name": call.name})
    shown = [tag for tag in tags if tag > call.query.get("last", "")][:limit]
    return _page(call, {"name": call.name, "tags": shown or None}, shown, limit)


def list_repositories(call: Call) -> Outgoing:
    """List the repositories that have had a manifest; 100 of them without `n`."""
    limit = _USUAL
    text = call.query.get("n", "")
    if text:
        asked = parse_number(text)
        if asked is None or asked < 0:
            raise refusal("PAGINATION_NUMBER_INVALID", {"n": text})
        if asked > _MOST:
            raise refusal("PAGINATION_NUMBER_INVALID", {"n": asked})
        limit = asked
    names = [name for name in call.store.repositories() if name > call.query.get("last", "")][:limit]
    return _page(call, {"repositories": names}, names, limit)


def _page(call: Call, listed: dict[str, object], shown: list[str] | None = None, limit: int | None = None) -> Outgoing:
    """Answer with a page. A full one links to the next, which may be empty: distribution does not look ahead."""
    headers = [("Content-Type", "application/json")]
    if limit and shown and len(shown) == limit:
        query = f"last={encode_value(shown[-1])}&n={limit}"
        headers.append(("Link", f'<{encode_path(call.path)}?{query}>; rel="next"'))
    return answer(200, *headers, body=go_json(listed))
