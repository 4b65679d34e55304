"""Names of repositories, tags and targets."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import InputError
from explorer.model import Origin
from explorer.spec.references import (
    Target,
    check_repository,
    check_tag,
    is_loopback,
    parse_origin,
    parse_registry,
    parse_target,
)

DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("text", "origin", "repository", "reference"),
    [
        ("localhost:5000/demo/app:v1", Origin("http", "localhost", 5000), "demo/app", "v1"),
        ("localhost/demo", Origin("http", "localhost", 80), "demo", "latest"),
        ("127.0.0.1:5000/a", Origin("http", "127.0.0.1", 5000), "a", "latest"),
        ("[::1]:5000/a:b", Origin("http", "::1", 5000), "a", "b"),
        ("[::1]/a", Origin("http", "::1", 80), "a", "latest"),
        ("registry.test/a/b/c", Origin("https", "registry.test", 443), "a/b/c", "latest"),
        ("Registry.TEST/a:V1", Origin("https", "registry.test", 443), "a", "V1"),
        ("https://localhost:5000/a", Origin("https", "localhost", 5000), "a", "latest"),
        ("http://localhost/a", Origin("http", "localhost", 80), "a", "latest"),
        (f"registry.test/a@{DIGEST}", Origin("https", "registry.test", 443), "a", DIGEST),
        (f"registry.test/a:v1@{DIGEST}", Origin("https", "registry.test", 443), "a", DIGEST),
        ("registry:5000/a__b-c.d", Origin("https", "registry", 5000), "a__b-c.d", "latest"),
    ],
)
def test_a_target_is_origin_repository_and_reference(
    text: str, origin: Origin, repository: str, reference: str
) -> None:
    assert parse_target(text) == Target(origin, repository, reference)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "demo/app",
        "registry.test",
        "registry.test/",
        "registry.test//a",
        "registry.test/a/",
        "registry.test/A",
        "registry.test/a..b",
        "registry.test/a:",
        "registry.test/a:-x",
        f"registry.test/a:{'x' * 129}",
        f"registry.test/{'a' * 256}",
        "registry.test/a@sha256:abc",
        "registry.test/a?x",
        "registry.test/a b",
        "registry.test:0/a",
        "registry.test:65536/a",
        f"registry.test:{'9' * 5000}/a",
        "user:word@registry.test/a",
        "ftp://registry.test/a",
        "http://registry.test/a",
        "https://",
        "a..b:1/x",
        f"{'a' * 64}.test/x",
        "[:::]:5000/x",
        "[1.2.3.4]:5000/x",
    ],
)
def test_what_names_no_place_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(InputError, match=r"\.$"):
        parse_target(text)


def test_plain_http_to_another_machine_is_allowed_where_it_is_asked_for() -> None:
    assert parse_target("registry.test/a", plain_http=True).origin == Origin("http", "registry.test", 80)


def test_plain_http_and_https_contradict_each_other() -> None:
    with pytest.raises(InputError, match="--plain-http"):
        parse_target("https://registry.test/a", plain_http=True)


def test_a_password_in_a_target_is_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        parse_target("me:hunter2@registry.test/a")
    assert "hunter2" not in caught.value.sentence


@pytest.mark.parametrize("text", ["localhost:5000/demo/app:v1", "http://[::1]:5000/a", f"registry.test/a@{DIGEST}"])
def test_a_target_written_out_reads_as_the_same(text: str) -> None:
    target = parse_target(text)
    assert parse_target(str(target)) == target


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("registry.test", False),
        ("10.0.0.1", False),
        ("localhost.test", False),
    ],
)
def test_only_names_of_this_machine_are_local(host: str, local: bool) -> None:
    assert is_loopback(host) is local


@pytest.mark.parametrize(("name", "why"), [("a//b", "two slashes"), ("Ab", "upper-case"), ("a___b", "joined by")])
def test_the_component_at_fault_is_named(name: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        check_repository(name)


@given(st.text() | st.text(st.sampled_from("ab.:/@[]-_1")))
def test_any_text_is_a_target_or_a_sentence(text: str) -> None:
    with contextlib.suppress(InputError):
        target = parse_target(text)
        assert parse_target(str(target)) == target


@given(st.text())
def test_any_text_is_a_tag_or_a_sentence(text: str) -> None:
    with contextlib.suppress(InputError):
        assert check_tag(text).isascii()


@given(st.text(st.sampled_from("a.:[]-_10%\xe9")), st.sampled_from(["", "http", "https"]))
def test_any_text_is_an_origin_that_can_be_written_out_or_a_sentence(text: str, scheme: str) -> None:
    with contextlib.suppress(InputError):
        origin = parse_origin(text, scheme, plain_http=True)
        assert parse_origin(origin.authority, origin.scheme, plain_http=True) == origin


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("localhost:5000", "http://localhost:5000"),
        ("localhost:5000/", "http://localhost:5000"),
        ("localhost:5000/demo/app:v1", "http://localhost:5000"),
        ("registry.example", "https://registry.example"),
        ("https://127.0.0.1:8443", "https://127.0.0.1:8443"),
        ("[::1]:5000", "http://[::1]:5000"),
    ],
)
def test_a_registry_is_named_by_its_host_alone(text: str, origin: str) -> None:
    assert str(parse_registry(text)) == origin


@pytest.mark.parametrize("text", ["", "/", "demo/app", "https://", "http://registry.example", "a b"])
def test_what_names_no_registry_is_a_sentence(text: str) -> None:
    with pytest.raises(InputError):
        parse_registry(text)
