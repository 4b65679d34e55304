"""Where a connection goes: names, addresses, unix sockets and proxies."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import FormatError, InputError
from explorer.formats.exchange_values import exchange_from_json, exchange_to_json
from explorer.model import Connection, Exchange, Headers, Origin, Request
from explorer.wire.client import Client
from explorer.wire.options import (
    INSECURE,
    ConnectionOptions,
    Proxy,
    Route,
    check,
    parse_proxy,
    parse_resolve,
    route_to,
)
from tests.wire.loopback import GET, OK, PATIENCE, Loopback, Talk, answering

FAR = Origin("https", "registry.test", 443)
FAR_HTTP = Origin("http", "registry.test", 5000)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("registry.test:443:127.0.0.1", ("registry.test", 443, "127.0.0.1")),
        ("Registry.TEST:5000:[::1]", ("registry.test", 5000, "::1")),
        ("[fe80::1]:443:::1", ("fe80::1", 443, "::1")),
    ],
)
def test_a_host_is_resolved_as_it_is_said(text: str, found: tuple[str, int, str]) -> None:
    assert parse_resolve(text) == found


@pytest.mark.parametrize("text", ["", "a:1", "a:0:127.0.0.1", "a:65536:::1", "a:1:localhost", ":1:::1", "a:b:1.1.1.1"])
def test_what_resolves_nothing_is_a_sentence(text: str) -> None:
    with pytest.raises(InputError, match="HOST:PORT:ADDRESS"):
        parse_resolve(text)


@given(st.text(max_size=30))
def test_any_text_resolves_or_is_a_sentence(text: str) -> None:
    try:
        host, port, address = parse_resolve(text)
    except InputError:
        return
    assert host
    assert 0 < port < 65536
    assert socket.getaddrinfo(address, port, flags=socket.AI_NUMERICHOST)


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        ({"HTTPS_PROXY": "http://upper", "https_proxy": "http://lower"}, "http://lower"),
        ({"HTTP_PROXY": "http://p:3128"}, None),
        ({"ALL_PROXY": "p:8080"}, "http://p:8080"),
        ({"HTTPS_PROXY": "", "ALL_PROXY": "http://p:8080"}, "http://p:8080"),
        ({"ALL_PROXY": "http://p", "NO_PROXY": "other.test, test"}, None),
        ({"ALL_PROXY": "http://p", "NO_PROXY": ".registry.test"}, None),
        ({"ALL_PROXY": "http://p", "NO_PROXY": "*.test"}, None),
        ({"ALL_PROXY": "http://p", "NO_PROXY": "*"}, None),
        ({"ALL_PROXY": "http://p", "no_proxy": "registry.test:443"}, None),
        ({"ALL_PROXY": "http://p", "NO_PROXY": "registry.test:5000,try.test,10.0.0.0/8"}, "http://p"),
    ],
)
def test_the_environment_names_the_proxy(environ: dict[str, str], proxy: str | None) -> None:
    found = route_to(FAR, ConnectionOptions(), environ).proxy
    assert (str(found) if found else None) == proxy


@pytest.mark.parametrize("exempt", ["10.0.0.0/8", "10.1.2.3", "fd00::/8"])
def test_a_network_is_exempt_from_the_proxy(exempt: str) -> None:
    host = "fd00::5" if ":" in exempt else "10.1.2.3"
    environ = {"ALL_PROXY": "http://p", "NO_PROXY": exempt}
    assert route_to(Origin("https", host, 443), ConnectionOptions(), environ) == Route()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "a.localhost"])
def test_loopback_goes_through_no_proxy_of_the_environment(host: str) -> None:
    assert route_to(Origin("http", host, 80), ConnectionOptions(), {"ALL_PROXY": "http://p"}) == Route()


def test_loopback_goes_through_a_proxy_that_is_said() -> None:
    route = route_to(Origin("http", "localhost", 80), ConnectionOptions(proxy="http://p:3128"), {})
    assert str(route.proxy) == "http://p:3128"


def test_a_proxy_by_option_stands_before_the_environment() -> None:
    found = route_to(FAR, ConnectionOptions(proxy="http://mine:1"), {"ALL_PROXY": "http://p", "NO_PROXY": "*"}).proxy
    assert str(found) == "http://mine:1"


@pytest.mark.parametrize(
    ("options", "route"),
    [
        (ConnectionOptions(proxy=""), Route()),
        (ConnectionOptions(unix_socket="/s"), Route(unix_socket="/s")),
        (ConnectionOptions(resolve=(("registry.test", 443, "10.0.0.5"),)), Route(address="10.0.0.5")),
    ],
)
def test_what_is_said_goes_past_the_proxy(options: ConnectionOptions, route: Route) -> None:
    assert route_to(FAR, options, {"ALL_PROXY": "http://p"}) == route


def test_a_header_of_a_request_to_a_cgi_is_no_proxy() -> None:
    environ = {"REQUEST_METHOD": "GET", "HTTP_PROXY": "http://evil"}
    assert route_to(FAR_HTTP, ConnectionOptions(), environ) == Route()


@pytest.mark.parametrize("text", ["socks4://p:1080", "ftp://p", "http://", "http://a b", "http://u:secret@:1"])
def test_a_proxy_that_cannot_be_used_is_a_sentence_without_its_password(text: str) -> None:
    with pytest.raises(InputError, match=r"^--proxy names") as bad:
        parse_proxy(text, "--proxy")
    assert "secret" not in bad.value.sentence


def test_the_login_of_a_proxy_is_read_and_never_shown() -> None:
    proxy = parse_proxy("http://us%40er:pa%3Ass@p:3128/", "--proxy")
    assert proxy == Proxy(Origin("http", "p", 3128), "us@er", "pa:ss")
    assert "pa" not in repr(Route(proxy))


def test_an_address_is_dialled_under_the_name_of_the_host() -> None:
    with Loopback(answering(OK)) as server:
        where = ("registry.test", server.origin.port, "127.0.0.1")
        with closing(Client(ConnectionOptions(resolve=(where,)))) as client:
            came = client.send(replace(GET, origin=Origin("http", *where[:2])))
    assert came.connection.peer == server.origin.authority
    assert server.received == [came.sent_head]


def test_an_address_that_nobody_listens_at_is_named() -> None:
    options = ConnectionOptions(resolve=(("registry.test", 1, "127.0.0.1"),))
    with closing(Client(options)) as client:
        came = client.send(replace(GET, origin=Origin("http", "registry.test", 1)))
    assert came.error is not None
    assert "registry.test:1 at the address 127.0.0.1" in came.error.sentence


@pytest.fixture
def unix(tmp_path: Path) -> Iterator[tuple[str, list[Talk]]]:
    """A unix socket that answers once, and what it got."""
    talks: list[Talk] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            talks.append(Talk(connection))
            answering(OK)(talks[0])

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield str(tmp_path / "s"), talks
        thread.join(PATIENCE)


def test_a_unix_socket_is_connected_to_whatever_the_host(unix: tuple[str, list[Talk]]) -> None:
    path, talks = unix
    with closing(Client(ConnectionOptions(unix_socket=path), {"ALL_PROXY": "socks5://p"})) as client:
        came = client.send(replace(GET, origin=FAR_HTTP))
    assert bytes(talks[0].got) == came.sent_head == GET.head()
    assert (came.error, came.connection.peer, came.connection.local) == (None, f"unix:{path}", "")


def test_a_unix_socket_that_is_not_there_is_named(tmp_path: Path) -> None:
    with closing(Client(ConnectionOptions(unix_socket=str(tmp_path / "none")))) as client:
        came = client.send(replace(GET, origin=FAR_HTTP))
    assert came.error is not None
    assert f"at the unix socket {tmp_path}/none cannot be reached: No such file" in came.error.sentence


@pytest.mark.parametrize(
    "options",
    [ConnectionOptions(ca="/none/ca.crt"), ConnectionOptions(unix_socket="/none"), ConnectionOptions(ca="\0")],
)
def test_a_file_that_is_not_there_is_a_sentence_before_anything_is_sent(options: ConnectionOptions) -> None:
    with pytest.raises(FormatError):
        check(options)


@pytest.mark.parametrize("options", [ConnectionOptions(client_key="/dev/null"), ConnectionOptions(proxy="ftp://p")])
def test_options_that_cannot_be_meant_are_a_sentence(options: ConnectionOptions) -> None:
    with pytest.raises(InputError):
        check(options)


def test_options_that_can_be_had_are_taken(tmp_path: Path) -> None:
    options = ConnectionOptions(ca=str(tmp_path), proxy="http://p:1")
    assert check(options) is options


@pytest.mark.parametrize(("insecure", "title"), [(False, "push x"), (True, f"{INSECURE} · push x")])
def test_a_title_says_what_is_not_checked(insecure: bool, title: str) -> None:
    assert ConnectionOptions(insecure=insecure).titled("push x") == title


def test_what_is_known_of_a_connection_comes_back_from_a_recording() -> None:
    request = Request("GET", FAR, "/", Headers())
    connection = Connection("a:1", "b:2", True, "TLSv1.3", "c", "CN=x", "http/1.1", "http://p, a tunnel by CONNECT")
    exchange = Exchange(1, 0, "t", request, request, connection=connection)
    assert exchange_from_json(exchange_to_json(exchange)) == exchange


def test_a_recording_that_knows_less_of_a_connection_is_read() -> None:
    request = Request("GET", FAR, "/", Headers())
    old = exchange_to_json(Exchange(1, 0, "t", request, request, connection=Connection("a:1", "b:2")))
    for name in ("certificate", "alpn", "proxy"):
        del old["connection"][name]
    assert exchange_from_json(old).connection == Connection("a:1", "b:2")


@pytest.mark.parametrize(
    ("text", "shown", "port"),
    [
        ("socks5://p", "socks5://p:1080", 1080),
        ("socks5h://u:p@p:9", "socks5h://p:9", 9),
        ("socks://p:9", "socks5://p:9", 9),
        ("https://p", "https://p", 443),
        ("p:3128", "http://p:3128", 3128),
        ("socks5h://[::1]", "socks5h://[::1]:1080", 1080),
    ],
)
def test_a_proxy_is_read_by_its_kind(text: str, shown: str, port: int) -> None:
    proxy = parse_proxy(text, "--proxy")
    assert (str(proxy), proxy.origin.port) == (shown, port)


def test_a_proxy_is_told_the_origin_only_of_http_in_http_1() -> None:
    proxy = parse_proxy("http://p", "--proxy")
    assert Route(proxy).is_told_the_origin("http")
    assert not Route(proxy).is_told_the_origin("https")
    assert not Route(parse_proxy("socks5://p", "--proxy")).is_told_the_origin("http")
    assert not route_to(FAR, ConnectionOptions(proxy="http://p", http="2"), {}).is_told_the_origin("http")
