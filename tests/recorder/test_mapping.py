from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import InputError, Stuck
from explorer.model import Headers, Origin, Request
from explorer.recorder.mapping import Mapping, Way, authority_of
from explorer.spec.locations import resolve

HERE = "127.0.0.1:5050"
UPSTREAM = Origin("https", "registry.test", 443)

hosts = st.sampled_from(["registry.test", "storage.test", "auth.test", "127.0.0.1", "::1"])
origins = st.builds(Origin, st.sampled_from(["http", "https"]), hosts, st.integers(1, 65535))
signs = st.sampled_from("abc/.%=&?+~;@:!$'()*,[]|\\^`{}é")
targets = st.text(signs, max_size=30).map(lambda text: f"/{text}")


def follow(mapping: Mapping, client_target: str, told: str) -> Way:
    """Go where a client is led that reads a reference as RFC 3986 has it."""
    here = Origin("http", "127.0.0.1", 5050)
    origin, target = resolve(Request("", here, client_target), told)
    assert origin == here
    return mapping.way(target, HERE)


@given(origins, targets, st.sampled_from(["", "/base", "/a/b"]))
def test_whatever_an_answer_names_comes_back_to_the_same_url(origin: Origin, target: str, base: str) -> None:
    mapping = Mapping(UPSTREAM, base)
    url = f"{origin}{target}"
    told = mapping.told(Way(UPSTREAM, f"{base}/v2/"), "/v2/", HERE, url) or url
    way = follow(mapping, "/v2/", told)
    meant = UPSTREAM if mapping.is_upstream(origin) else origin
    assert way == Way(meant, target)


@given(origins, targets, st.sampled_from(["", "/base"]), st.text(signs, max_size=20))
def test_a_reference_leads_where_it_would_have_led(origin: Origin, sent: str, base: str, reference: str) -> None:
    mapping = Mapping(UPSTREAM, base)
    url = f"{origin}{sent}"
    client_target = (mapping.told(Way(UPSTREAM, f"{base}/v2/"), "/v2/", HERE, url) or url).partition(HERE)[2]
    way = mapping.way(client_target, HERE)
    try:
        meant, target = resolve(Request("", way.origin, way.target), reference)
    except Stuck:
        return
    told = mapping.told(way, client_target, HERE, reference)
    led = follow(mapping, client_target, reference if told is None else told)
    assert led == Way(UPSTREAM if mapping.is_upstream(meant) else meant, target)


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("/v2/a/blobs/uploads/1?_state=x%3D", None),
        ("https://registry.test/v2/a?_state=x%3D", f"http://{HERE}/v2/a?_state=x%3D"),
        ("http://registry.test/v2/a", f"http://{HERE}/v2/a"),
        ("http://registry.test:443/v2/a", f"http://{HERE}/v2/a"),
        ("//registry.test/v2/a", f"//{HERE}/v2/a"),
        ("https://storage.test/b?sig=a%2Fb", f"http://{HERE}/.via/https/storage.test/b?sig=a%2Fb"),
        ("http://registry.test:5000/v2/a", f"http://{HERE}/.via/http/registry.test:5000/v2/a"),
        ("https://[::1]:5000/a", f"http://{HERE}/.via/https/%5B%3A%3A1%5D:5000/a"),
        ("storage.test/a", f"{HERE}/.via/https/storage.test/a"),
        ("mailto:nobody", None),
        ("", None),
    ],
)
def test_a_location_is_told_in_its_own_form(location: str, told: str | None) -> None:
    assert Mapping(UPSTREAM).told(Way(UPSTREAM, "/v2/a/blobs/uploads/"), "/v2/a/blobs/uploads/", HERE, location) == told


def test_a_base_path_is_taken_away_and_put_back() -> None:
    mapping = Mapping(UPSTREAM, "/base")
    told = mapping.told(Way(UPSTREAM, "/base/v2/a"), "/v2/a", HERE, "/base/v2/a/blobs/uploads/1?x")
    assert told == "/v2/a/blobs/uploads/1?x"
    assert mapping.way(told, HERE) == Way(UPSTREAM, "/base/v2/a/blobs/uploads/1?x")


def test_a_location_outside_the_base_path_stays_outside() -> None:
    mapping = Mapping(UPSTREAM, "/base")
    told = mapping.told(Way(UPSTREAM, "/base/v2/a"), "/v2/a", HERE, "/v2/a/blobs/uploads/1")
    assert told == "/.via/https/registry.test/v2/a/blobs/uploads/1"
    assert mapping.way(told, HERE) == Way(UPSTREAM, "/v2/a/blobs/uploads/1")


def test_an_origin_that_nobody_named_cannot_be_reached() -> None:
    with pytest.raises(InputError, match="named by no answer"):
        Mapping(UPSTREAM).way("/.via/https/elsewhere.test/x", HERE)


def test_another_https_port_of_a_plain_upstream_is_another_origin() -> None:
    assert not Mapping(Origin("http", "registry.test", 80)).is_upstream(Origin("https", "registry.test", 443))


def test_an_absolute_target_that_names_the_recorder_is_the_upstreams() -> None:
    assert Mapping(UPSTREAM).way(f"http://{HERE}/v2/?a", HERE) == Way(UPSTREAM, "/v2/?a")


@pytest.mark.parametrize("host", ["", "a b", "evil\x00", "user@host", "[::1"])
def test_a_host_that_is_none_is_not_told(host: str) -> None:
    assert authority_of(Headers.of(("Host", host)), HERE) == HERE
