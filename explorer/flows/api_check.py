"""Is there a registry, and does it want credentials?"""

from __future__ import annotations

from explorer.flows import Flow
from explorer.flows.answers import answered
from explorer.flows.declared import TARGET, Arguments, flow
from explorer.flows.requests import request


@flow("api-check", "F01", arguments=(TARGET,), example="api-check localhost:5000/demo/app")
def api_check(arguments: Arguments) -> Flow[str]:
    """Ask whether a registry is there.

    GET /v2/ (end-1). 200: a registry, open to anyone. 401: a registry that wants credentials; its WWW-Authenticate says
    which. 404: no registry answers under this address.
    """
    origin = arguments.target.origin
    checked = yield from answered(
        "ask for the API",
        request("GET", origin, "/v2/"),
        spec="end-1",
        why="Tells whether this is a registry, and whether it wants credentials.",
        expects=(200, 401),
    )
    return "a registry that wants credentials" if checked.status == 401 else "a registry"
