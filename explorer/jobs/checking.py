"""Verifying a file: each exchange of it is parsed, and looked at for what cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from explorer.formats.importing import import_file
from explorer.frozen import frozen
from explorer.model import Exchange, sha256_of
from explorer.redact import masked

MOST = 50
"""So many faults are named; beyond, they are counted."""


@frozen
class Checked:
    """What a check says, line by line, and whether the file is whole and sound."""

    lines: tuple[str, ...]
    is_sound: bool


def check_file(path: str, kind: str = "") -> Checked:
    """Verify a file of any format that can be read; raises FormatError and InputError where none of it can be."""
    imported = import_file(path, kind)
    faults: list[str] = []
    warnings: list[str] = []
    for exchange in imported.session.exchanges:
        faults += _faults(exchange)
        if masked(exchange) != exchange:
            warnings.append(f"exchange {exchange.id}: it holds credentials; `registry-explorer redact` masks them")
    broken = imported.format == "session" and bool(imported.dropped)
    lines = [f"{path}: {imported.format}", *imported.report()]
    lines += [f"wrong: {imported.remark}"] if imported.remark else []
    lines += [f"wrong: {fault}" for fault in faults[:MOST]]
    lines += [f"wrong: and {len(faults) - MOST} more"] if len(faults) > MOST else []
    lines += [f"warning: {warning}" for warning in warnings[:MOST]]
    is_sound = not (faults or broken or imported.remark)
    lines.append("sound" if is_sound else "not sound")
    return Checked(tuple(lines), is_sound)


def _faults(exchange: Exchange) -> Iterator[str]:
    front = f"exchange {exchange.id}"
    if exchange.error and exchange.error.kind == "unreadable":
        yield f"{front}: {exchange.error.sentence}"
        return
    body = exchange.request.body
    is_whole = isinstance(body, bytes) and len(body) == exchange.sent_size and b"%5Bmasked%20" not in body
    if isinstance(body, bytes) and is_whole and exchange.sent_sha256 and sha256_of(body) != exchange.sent_sha256:
        yield f"{front}: the body of the request is not the one whose sha256 it names"
    if exchange.response and not 100 <= exchange.response.status <= 999:
        yield f"{front}: {exchange.response.status} is no status"
    if exchange.basis not in ("observed", "inferred", "made up"):
        yield f"{front}: its basis is '{exchange.basis}', which this version does not know"
