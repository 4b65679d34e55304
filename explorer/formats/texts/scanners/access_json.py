"""Access logs in JSON: of Caddy and Traefik, and what is made with `log_format … escape=json` of nginx.

nginx has no names of its own for the fields, so those of its variables are taken, and the commonest others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from explorer.formats.drafts import Draft
from explorer.formats.texts.entries import LONGEST, parse_time
from explorer.formats.texts.scanning import Scanner
from explorer.model import Connection, Header, Response, Timings, wire_text

_METHOD = ("request_method", "method", "requestMethod", "RequestMethod", "http_method")
_TARGET = ("request_uri", "uri", "requestUrl", "RequestPath", "path", "url")
_STATUS = ("status", "status_code", "statusCode", "DownstreamStatus", "response_status", "response_code", "code")
_NAMING = ("tatus", "ode", "\\u")  # one of them is in every name of a status, however JSON writes it
_HOST = ("http_host", "host", "RequestHost", "server_name")
_CLIENT = ("remote_addr", "remote_ip", "client_ip", "ClientHost", "remoteIp")
_AGENT = ("http_user_agent", "user_agent", "userAgent", "request_User-Agent", "agent")
_TIME = ("time_iso8601", "time", "@timestamp", "timestamp", "StartUTC", "ts", "msec")
_REQUEST = re.compile(r"([A-Z]{3,10}) (\S+)(?: (HTTP/\d(?:\.\d)?))?")


class AccessJson(Scanner):
    """Access logs in JSON, one object a line."""

    name = "access-json"
    title = "access log in JSON (nginx, Caddy, Traefik)"
    rank = 7
    firsts = "{"

    def begins(self, number: int, text: str) -> bool | str:
        """Take a line that has the method, the target and the status of a request."""
        if not any([word in text for word in _NAMING]):
            return False
        fields = _fields(text)
        found = _REQUEST.fullmatch(fields.get("request", ""))
        method = found[1] if found else _first(fields, _METHOD)
        target = found[2] if found else _first(fields, _TARGET)
        status = _first(fields, _STATUS)
        if not re.fullmatch(r"[A-Z]{3,10}", method) or not re.fullmatch(r"[1-9]\d\d", status):
            return False
        if not target.startswith(("/", "http://", "https://")) or re.search(r"\s", target):
            return False
        draft = Draft(number, method, target=target, basis="inferred", authority=_first(fields, _HOST))
        agent = _first(fields, _AGENT)
        draft.headers = [Header("User-Agent", agent)] if agent not in ("", "-") else []
        draft.connection = Connection(local=_first(fields, _CLIENT))
        draft.timings = Timings(_seconds(_first(fields, _TIME)))
        draft.unknown |= {"request.headers", "request.authorization"}
        draft.unknown |= {"request.body"} if method in ("PUT", "POST", "PATCH") else set()
        draft.response = Response(int(status), "", found[3] if found and found[3] else "HTTP/1.1")
        draft.unknown.discard("response.status")
        self.context.assembly.open(draft)
        self.context.assembly.close(draft)
        return True


def _fields(text: str) -> dict[str, str]:
    """Return the texts and numbers of an object, those of a `request` within it (as Caddy has it) included."""
    if len(text) > LONGEST or text.count("{", 0, 4000) > 64 or not text.rstrip().endswith("}"):
        return {}
    try:
        value = json.loads(text.encode("latin-1", "replace"))
    except (ValueError, RecursionError):
        return {}
    fields = _plain(value) if isinstance(value, dict) else {}
    inner = value.get("request") if isinstance(value, dict) else None
    if isinstance(inner, dict):
        agents = inner.get("headers")
        agent = agents.get("User-Agent") if isinstance(agents, dict) else None
        fields |= _plain(inner)
        if isinstance(agent, list) and agent and isinstance(agent[0], str):
            fields["user_agent"] = wire_text(agent[0])
    return fields


def _plain(value: Mapping[str, object]) -> dict[str, str]:
    whole = {name: f"{one}" for name, one in value.items() if isinstance(one, (int, float)) and one is not True}
    return whole | {name: wire_text(one) for name, one in value.items() if isinstance(one, str)}


def _first(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if name in fields), "")


def _seconds(text: str) -> float:
    """Return a time in seconds since 1970, told as such or by RFC 3339; 0 where it is neither."""
    return float(text) if re.fullmatch(r"\d{9,10}(?:\.\d{1,9})?", text) else parse_time(text)
