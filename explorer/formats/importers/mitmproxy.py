"""Flow files of mitmproxy, versions 15 to 21 of the format (mitmproxy 8 to 12): typed netstrings, one record a flow."""

from __future__ import annotations

import re

from explorer.errors import FormatError
from explorer.formats.drafts import Draft, origin_of
from explorer.formats.importers import Imported, Reader, session_of
from explorer.formats.links import Links
from explorer.formats.remarks import Remarks
from explorer.formats.settling import settle
from explorer.formats.shelves import Gathering
from explorer.formats.sources import Source
from explorer.formats.tnetstrings import NetstringError, Value, records
from explorer.formats.unreadable import UNREADABLE, why
from explorer.model import Connection, Failure, Header, Headers, Response, Timings

OLDEST, NEWEST = 15, 21
_FLOW = re.compile(rb"\d{1,11}:\d{1,11}:[a-z_]{2,24}[;,]")


def _recognise(head: bytes) -> float:
    return 1.0 if _FLOW.match(head) else 0.0


def _read(source: Source) -> Imported:
    exchanges = Gathering()
    dropped, links, remark = Remarks("flow", "flows"), Links(), ""
    try:
        for number, record in enumerate(records(source.stream()), start=1):
            try:
                draft = _draft(number, record, links)
            except UNREADABLE as bad:
                dropped.add(number, why(bad))
                continue
            request = draft.request()
            id = len(exchanges) + 1
            exchange = draft.exchange(request, id, links.after(request, id), has_line=False)
            links.add(exchange)
            exchanges.add(exchange)
    except NetstringError as bad:
        if not exchanges:
            raise FormatError(source.name, f"this flow file cannot be read: {bad}.", f"byte {bad.offset}") from bad
        what = "is cut off" if bad.is_cut else f"cannot be read further ({bad})"
        remark = f"{source.name} {what} at byte {bad.offset}; the {len(exchanges)} exchanges before it are shown."
    if not exchanges:
        reasons = "; ".join(dropped.lines()[:3])
        raise FormatError(source.name, f"this flow file holds no exchange that can be read ({reasons}).")
    understood = (f"{len(exchanges)} exchanges recorded by mitmproxy",)
    return Imported(session_of(exchanges), "mitmproxy", understood, (), dropped.lines(), remark)


def _draft(number: int, record: Value, links: Links) -> Draft:
    flow = _dictionary(record)
    version = flow.get("version")
    if not isinstance(version, int) or not OLDEST <= version <= NEWEST:
        raise ValueError(f"it is of version {version!r:.40}; versions {OLDEST} to {NEWEST} are read")
    if flow.get("type") != "http":
        raise ValueError(f"it is of type {flow.get('type')!r:.40}, and http is read")
    request = _dictionary(flow["request"])
    draft = Draft(number, _text(request["method"]), target=_text(request["path"]))
    scheme, host, port = _text(request["scheme"]) or "http", _text(request["host"]), _whole(request["port"])
    draft.origin = origin_of(f"[{host}]:{port}" if ":" in host else f"{host}:{port}", scheme)
    draft.headers = _headers(request["headers"])
    _take_body(draft, request)
    _take_answer(draft, flow)
    _take_connection(draft, flow, request)
    if replayed := _text(flow.get("is_replay")):
        draft.note("client-said", f"mitmproxy replayed the {replayed}.", replayed)
    if comment := _text(flow.get("comment")):
        draft.note("client-said", f"A comment in mitmproxy: {comment}", comment)
    settle(draft, links, {})
    return draft


def _take_body(draft: Draft, request: dict[str, Value]) -> None:
    content = request.get("content")
    if isinstance(content, bytes):
        draft.body = content
    else:
        draft.unknown.add("request.body")


def _take_answer(draft: Draft, flow: dict[str, Value]) -> None:
    error = flow.get("error")
    if isinstance(error, dict):
        draft.error = Failure("closed", f"mitmproxy says: {_text(error.get('msg'))}")
    if not isinstance(answer := flow.get("response"), dict):
        return
    status = _whole(answer["status_code"])
    if not 100 <= status <= 999:
        raise ValueError(f"{status} is no status")
    content = answer.get("content")
    draft.answered(
        Response(
            status,
            _text(answer["reason"]),
            _text(answer["http_version"]),
            Headers(tuple(_headers(answer["headers"]))),
            content if isinstance(content, bytes) else b"",
            Headers(tuple(_headers(answer["trailers"]))) if answer.get("trailers") else Headers(),
        )
    )
    if isinstance(content, bytes):
        draft.unknown.discard("response.body")


def _take_connection(draft: Draft, flow: dict[str, Value], request: dict[str, Value]) -> None:
    server, answer = flow.get("server_conn"), flow.get("response")
    started = _float(request.get("timestamp_start")) or 0.0
    times = _dictionary(answer) if isinstance(answer, dict) else {}
    draft.timings = Timings(
        started,
        None,
        _since(started, request.get("timestamp_end")),
        _since(started, times.get("timestamp_start")),
        _since(started, times.get("timestamp_end")),
    )
    if isinstance(server, dict):
        draft.connection = Connection(
            local=_address(server.get("sockname")),
            peer=_address(server.get("peername")),
            tls=_text(server.get("tls_version")),
            cipher=_text(server.get("cipher")),
            alpn=_text(server.get("alpn")),
        )


def _dictionary(value: Value) -> dict[str, Value]:
    if not isinstance(value, dict):
        raise TypeError("it is no flow")
    return value


def _headers(value: Value) -> list[Header]:
    if not isinstance(value, list):
        raise TypeError("its headers are no list")
    pairs = [pair for pair in value if isinstance(pair, list) and len(pair) == 2]
    return [Header(_text(name), _text(text)) for name, text in pairs]


def _text(value: Value) -> str:
    match value:
        case bytes():
            return value.decode("latin-1")
        case str():
            return value.encode("utf-8", "replace").decode("latin-1")
        case None:
            return ""
        case _:
            raise TypeError(f"{value!r:.40} is no text")


def _whole(value: Value) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r:.40} is no whole number")
    return value


def _float(value: Value) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
    return float(value) if is_number and isinstance(value, int | float) else None


def _since(started: float, value: Value) -> float | None:
    at = _float(value)
    return None if at is None or not started else max(0.0, at - started)


def _address(value: Value) -> str:
    if not isinstance(value, list) or len(value) < 2:
        return ""
    host, port = _text(value[0]), _whole(value[1])
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


READER = Reader("mitmproxy", "flow file of mitmproxy 8 to 12", _recognise, _read)
