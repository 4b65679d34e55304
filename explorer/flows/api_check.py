"""Is there a registry, and does it want credentials?"""

from __future__ import annotations

from explorer.errors import Stuck
from explorer.flows import Flow
from explorer.flows.answers import answered
from explorer.flows.declared import REGISTRY, Arguments, flow
from explorer.flows.requests import request


@flow("api-check", "F01", "F24", "F25", arguments=(REGISTRY,), example="api-check localhost:5000 --user ann")
def api_check(arguments: Arguments) -> Flow[str]:
    """Ask whether a registry is there, and whether it takes the login.

    GET /v2/ (end-1). 200: a registry, open to anyone or to this login. 401: a registry that wants credentials; its
    WWW-Authenticate says which: Basic, or a token of the service that it names, which is asked in a step of its own.
    404: no registry answers under this address. Rights to a repository are not asked for here.
    """
    origin = arguments.registry
    checked = yield from answered(
        "ask for the API",
        request("GET", origin, "/v2/"),
        spec="end-1",
        why="Tells whether this is a registry, and whether it wants credentials.",
        expects=(200, 401),
    )
    if checked.status == 401 and checked.request.headers.get("Authorization") is not None:
        raise Stuck("It is a registry, and it did not take the credentials that were sent.")
    return "a registry that wants credentials" if checked.status == 401 else "a registry"
