"""List the repositories of a registry."""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.declared import REGISTRY, Arguments, flow
from explorer.flows.list_tags import LAST, N, paged
from explorer.flows.lists import texts_of
from explorer.flows.paging import pages
from explorer.flows.requests import request


@flow("catalog", "F18", arguments=(REGISTRY, N, LAST), example="catalog localhost:5000 --n 100")
def catalog(arguments: Arguments) -> Flow[str]:
    """List the repositories of a registry, page after page.

    GET /v2/_catalog?n=COUNT&last=NAME: docker's own, not in the OCI specification, and often switched off.
    """
    names: list[str] = []
    yield from pages(
        "list the repositories",
        request("GET", arguments.registry, paged("/v2/_catalog", arguments)),
        spec="docker: _catalog",
        why="The names of the repositories; Link leads to the next page where there is one.",
        expects=(200,),
        take=lambda page: names.extend(texts_of(page, "repositories")),
    )
    return "; ".join([f"{len(names)} repositories", *names])
