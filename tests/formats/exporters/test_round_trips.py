"""What is exported can be read again, and is the same then."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from explorer.formats.exporters import Material
from explorer.formats.importing import import_bytes
from explorer.model import Exchange
from tests.formats.exporters.conftest import exported, material_of
from tests.strategies import exchanges as any_exchange


@pytest.mark.parametrize("kind", ["har", "session"])
def test_a_session_comes_back_whole(kind: str, recorded: Material) -> None:
    back = import_bytes(exported(recorded, kind).encode("utf-8", "surrogateescape"), kind).session
    assert back.exchanges == recorded.session.exchanges
    assert back.call == recorded.session.call


@given(any_exchange(id=1))
@settings(max_examples=60, deadline=None)
def test_any_exchange_comes_back_from_a_har(exchange: Exchange) -> None:
    one = replace(exchange, after=0, extra={})
    (back,) = import_bytes(exported(material_of(one), "har").encode(), "x.har").session.exchanges
    assert back.request == one.request
    assert back.response == one.response
    assert back.proposed == one.proposed


def test_a_script_comes_back_as_the_same_requests(recorded: Material) -> None:
    imported = import_bytes(exported(recorded, "http").encode("utf-8", "surrogateescape"), "x.http")
    methods = [exchange.request.method for exchange in imported.session.exchanges]
    assert methods == [exchange.request.method for exchange in recorded.chosen]
