"""A Location is resolved against what was really sent, and never parsed and rebuilt."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import Stuck
from explorer.model import Origin, Request
from explorer.spec.locations import append_query, query_values, resolve

HERE = Origin("http", "registry.test", 5000)
SENT = Request("POST", HERE, "/v2/t/r/blobs/uploads/?digest=x")
SECURE = Request("POST", Origin("https", "registry.test", 443), "/v2/t/r/blobs/uploads/")


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/v2/t/r/blobs/uploads/4f?_state=a%3D%3D", "/v2/t/r/blobs/uploads/4f?_state=a%3D%3D"),
        ("/a/../b//c?x=/../y", "/a/../b//c?x=/../y"),
        ("/uploads/4f?_state=a==&x=%253D#top", "/uploads/4f?_state=a==&x=%253D"),
        ("4f", "/v2/t/r/blobs/uploads/4f"),
        ("./4f?q=./..", "/v2/t/r/blobs/uploads/4f?q=./.."),
        ("../upload/4f", "/v2/t/r/blobs/upload/4f"),
        ("../../../../../../4f", "/4f"),
        ("..", "/v2/t/r/blobs/"),
        ("?_state=b", "/v2/t/r/blobs/uploads/?_state=b"),
        ("http://registry.test:5000/x?to=http://a", "/x?to=http://a"),
        ("HTTP://REGISTRY.test:5000/X", "/X"),
        ("//registry.test:5000/x", "/x"),
        ("registry.test:5000/x?y", "/x?y"),
        ("/x?to=http://elsewhere/", "/x?to=http://elsewhere/"),
    ],
)
def test_a_location_on_the_same_registry_leads_there_as_written(location: str, target: str) -> None:
    assert resolve(SENT, location) == (HERE, target)


@pytest.mark.parametrize(
    ("location", "origin", "target"),
    [
        ("https://store.test/b?sig=%2F", Origin("https", "store.test", 443), "/b?sig=%2F"),
        ("http://store.test", Origin("http", "store.test", 80), "/"),
        ("http://store.test:80?x", Origin("http", "store.test", 80), "/?x"),
        ("//store.test/b", Origin("http", "store.test", 80), "/b"),
        ("store.test/b", Origin("http", "store.test", 80), "/b"),
        ("localhost/b", Origin("http", "localhost", 80), "/b"),
        ("registry:5001/b", Origin("http", "registry", 5001), "/b"),
        ("http://[::1]:5000/b", Origin("http", "::1", 5000), "/b"),
        ("http://user:word@store.test/b", Origin("http", "store.test", 80), "/b"),
    ],
)
def test_a_location_on_another_host_leads_to_that_origin(location: str, origin: Origin, target: str) -> None:
    assert resolve(SENT, location) == (origin, target)


def test_a_host_without_a_scheme_keeps_the_scheme_of_what_was_sent() -> None:
    assert resolve(SECURE, "store.test/b") == (Origin("https", "store.test", 443), "/b")


@pytest.mark.parametrize(
    "location",
    [
        None,
        "",
        "#top",
        "ftp://store.test/b",
        "mailto:you",
        "http://",
        "http:///b",
        "http://store.test:0/b",
        "http://store.test:70000/b",
        f"http://store.test:{'1' * 5000}/b",
        "http://store test/b",
        "http://a..b/",
        f"http://{'a' * 64}.test/",
        "http://[:::]/",
    ],
)
def test_a_location_that_leads_nowhere_stops_the_flow(location: str | None) -> None:
    with pytest.raises(Stuck, match="Location"):
        resolve(SENT, location)


@given(st.text() | st.text(st.sampled_from("/.:?#@[]%ah0 \t\xe9")), st.text())
def test_any_location_leads_to_a_path_or_stops_the_flow(location: str, start: str) -> None:
    with contextlib.suppress(Stuck):
        _, target = resolve(Request("PUT", HERE, f"/{start}"), location)
        assert target.startswith("/")


@given(st.text(st.characters(exclude_characters="#", max_codepoint=255)))
def test_a_query_is_kept_character_by_character(query: str) -> None:
    assert resolve(SENT, f"/x?{query}")[1] == f"/x?{query}"


@pytest.mark.parametrize(
    ("target", "appended"),
    [
        ("/u", "/u?digest=d"),
        ("/u?", "/u?digest=d"),
        ("/u?a=b", "/u?a=b&digest=d"),
        ("/u?a=b&", "/u?a=b&digest=d"),
        ("/u?_state=a%3D%3D", "/u?_state=a%3D%3D&digest=d"),
    ],
)
def test_a_parameter_is_joined_to_what_is_there(target: str, appended: str) -> None:
    assert append_query(target, "digest=d") == appended


@pytest.mark.parametrize(
    ("target", "values"),
    [
        ("/u?a=1&_state=x%3D&_state=y==", ("x%3D", "y==")),
        ("/u?_state", ("",)),
        ("/u?x_state=1", ()),
        ("/u", ()),
    ],
)
def test_values_of_a_query_are_read_raw_and_in_order(target: str, values: tuple[str, ...]) -> None:
    assert query_values(target, "_state") == values
