"""What the reports for people say of a session as a whole."""

from __future__ import annotations

from dataclasses import replace

from explorer.formats.exporters import Material
from explorer.formats.writing.report import title_of
from explorer.model import Exchange, FlowCall
from tests.diagnoses.talking import in_a_row, made_up, session_of

TRY_AT_TLS = made_up("", "/")
PING = made_up("GET", "/v2/", status=200)


def titled(*exchanges: Exchange) -> str:
    session = replace(session_of(in_a_row(*exchanges)), call=FlowCall(""))
    return title_of(Material(session, session.exchanges))


def test_a_recording_is_titled_by_its_repository() -> None:
    asked = made_up("POST", "/v2/a/b/blobs/uploads/", status=202)
    assert titled(TRY_AT_TLS, PING, asked) == "https://registry.test/a/b"


def test_a_recording_without_a_repository_is_titled_by_the_first_that_was_asked() -> None:
    assert titled(TRY_AT_TLS, PING) == "https://registry.test"
