"""The endpoint that switches faults while a registry runs; it lies outside `/v2/` and is off unless it is wanted.

    GET    /faults              what is on, and what there is
    PUT    /faults/NAME         switch on; ?argument=… where the default is not meant
    DELETE /faults/NAME         switch off
    DELETE /faults              switch all off

A request that a browser sends for a page of another site is refused: it has an Origin that is not this host's.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qs, unquote

from explorer.errors import InputError
from explorer.faults import faults
from explorer.faults.declared import FaultKind
from explorer.faults.switchboard import Switchboard
from explorer.model import Headers
from explorer.wire.server import Incoming, Outgoing

PATH = "/faults"


def is_control(incoming: Incoming) -> bool:
    """Say whether a request is for this endpoint."""
    path = incoming.target.partition("?")[0]
    return path == PATH or path.startswith(f"{PATH}/")


def control(switchboard: Switchboard, incoming: Incoming) -> Outgoing:
    """Answer a request to this endpoint: 200 with what is on, 400 or 404 with a sentence."""
    origin = incoming.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != incoming.host:
        return _answer(403, {"error": f"Pages of {origin} may not switch faults here."})
    path, _, query = incoming.target.partition("?")
    name = unquote(path.removeprefix(PATH).strip("/"))
    try:
        return _do(switchboard, incoming.method, name, parse_qs(query, keep_blank_values=True).get("argument"))
    except InputError as wrong:
        return _answer(400, {"error": wrong.sentence})


def _do(switchboard: Switchboard, method: str, name: str, arguments: list[str] | None) -> Outgoing:
    match method, bool(name):
        case "GET" | "HEAD", False:
            return _answer(200, {"on": _on(switchboard), "faults": [_described(kind) for kind in faults().values()]})
        case "PUT", True:
            switchboard.switch_on(f"{name}={arguments[0]}" if arguments else name)
        case "DELETE", True:
            if not switchboard.switch_off(name):
                return _answer(404, {"error": f"The fault '{name}' is not on."})
        case "DELETE", False:
            switchboard.switch_all_off()
        case _:
            return _answer(
                405, {"error": f"{method} does nothing here: GET or DELETE {PATH}, PUT or DELETE {PATH}/NAME."}
            )
    return _answer(200, {"on": _on(switchboard)})


def _on(switchboard: Switchboard) -> list[str]:
    return [one.text for one in switchboard.on]


def _described(kind: FaultKind) -> dict[str, object]:
    return {
        "name": kind.name,
        "argument": kind.argument.name if kind.argument else None,
        "default": kind.argument.default if kind.argument else None,
        "plays": kind.plays.value,
        "reproduces": list(kind.reproduces),
        "seen": kind.line,
    }


def _answer(status: int, value: object) -> Outgoing:
    body = json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
    return Outgoing(status, Headers.of(("Content-Type", "application/json")), body)
