"""List the tags of a repository."""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.declared import TARGET, Argument, Arguments, Kind, flow
from explorer.flows.lists import texts_of
from explorer.flows.paging import pages
from explorer.flows.requests import request
from explorer.spec.locations import append_query

N = Argument("n", Kind.NUMBER, "how many to a page")
LAST = Argument("last", Kind.TEXT, "begin after this one")


def paged(path: str, arguments: Arguments) -> str:
    """Return a path with `n` and `last` where they are given."""
    if (count := arguments.number("n")) is not None:
        path = append_query(path, f"n={count}")
    if last := arguments.text("last"):
        path = append_query(path, f"last={last}")
    return path


@flow("list-tags", "F17", arguments=(TARGET, N, LAST), example="list-tags localhost:5000/demo/app --n 10")
def list_tags(arguments: Arguments) -> Flow[str]:
    """List the tags of a repository, page after page.

    GET /v2/NAME/tags/list?n=COUNT&last=TAG (end-8a, end-8b). Link leads to the next page; each page is a step of
    its own.
    """
    target = arguments.target
    tags: list[str] = []
    yield from pages(
        "list the tags",
        request("GET", target.origin, paged(f"/v2/{target.repository}/tags/list", arguments)),
        spec="end-8a",
        why="The tags in byte order; Link leads to the next page where there is one.",
        expects=(200,),
        take=lambda page: tags.extend(texts_of(page, "tags")),
    )
    return "; ".join([f"{len(tags)} tag{'' if len(tags) == 1 else 's'}", *tags])
