"""Docker's and podman's files of logins: which key stands for whom, and what cannot be read."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import FormatError
from explorer.formats.auth_files import LARGEST, AuthFile, Entry, parse_auth_file, read_auth_file
from explorer.model import Origin

PATH = Path("/home/me/.docker/config.json")
FAR = Origin("https", "registry.test", 443)
PORT = Origin("https", "registry.test", 5000)
HTTP = Origin("http", "registry.test", 5000)
LOCAL = Origin("http", "localhost", 5000)
HUB = Origin("https", "registry-1.docker.io", 443)


def auth(name: str, password: str) -> str:
    return base64.b64encode(f"{name}:{password}".encode()).decode()


def file(value: object) -> AuthFile:
    return parse_auth_file(PATH, json.dumps(value).encode())


def found(key: str, origin: Origin, repository: str = "team/app") -> bool:
    return file({"auths": {key: {"auth": auth("me", "secret")}}}).entry(origin, repository) is not None


@pytest.mark.parametrize(
    ("key", "origin"),
    [
        ("registry.test", FAR),
        ("registry.test:443", FAR),
        ("Registry.Test", FAR),
        ("https://registry.test", FAR),
        ("https://registry.test/v1/", FAR),
        ("HTTPS://registry.test/v2/", FAR),
        ("registry.test/v1/", FAR),
        ("registry.test:5000", PORT),
        ("http://registry.test:5000", PORT),
        ("registry.test:5000", HTTP),
        ("https://localhost:5000/v1/", LOCAL),
        ("[::1]:5000", Origin("http", "::1", 5000)),
        ("https://index.docker.io/v1/", HUB),
        ("docker.io", HUB),
        ("index.docker.io", Origin("https", "docker.io", 443)),
        ("registry.test/team", FAR),
        ("registry.test/team/app", FAR),
    ],
)
def test_a_key_stands_for_its_registry(key: str, origin: Origin) -> None:
    assert found(key, origin)


@pytest.mark.parametrize(
    ("key", "origin"),
    [
        ("registry.test", PORT),
        ("registry.test:5000", FAR),
        ("http://registry.test", FAR),
        ("https://registry.test:5000/v1/", HTTP),
        ("ftp://registry.test", FAR),
        ("registry.test.evil.test", FAR),
        ("evil.test/registry.test", FAR),
        ("user@registry.test", FAR),
        ("", FAR),
        ("registry.test/tea", FAR),
        ("registry.test/team/app/more", FAR),
        ("https://index.docker.io/v1/", FAR),
        ("docker.io", Origin("https", "docker.io", 5000)),
        ("index.docker.io", Origin("http", "docker.io", 80)),
    ],
)
def test_a_key_stands_for_no_other_registry(key: str, origin: Origin) -> None:
    assert not found(key, origin)


def test_the_longest_path_comes_first() -> None:
    keys = ["registry.test", "registry.test/team/app", "registry.test/team"]
    entries = {key: {"auth": auth(key, "x")} for key in keys}
    logins = file({"auths": entries})
    names = [logins.entry(FAR, name) for name in ("team/app", "team/other", "else")]
    assert [entry.username for entry in names if entry] == ["registry.test/team/app", "registry.test/team", keys[0]]


def test_an_empty_entry_gives_way_to_another() -> None:
    entries = {"registry.test/team": {}, "registry.test": {"auth": auth("me", "x")}}
    assert file({"auths": entries}).entry(FAR, "team/app") == Entry("me", "x")


@pytest.mark.parametrize(
    ("value", "entry"),
    [
        ({"auth": auth("me", "a:b:c")}, Entry("me", "a:b:c")),
        ({"auth": auth("me", "")}, Entry("me")),
        ({"auth": auth("me", "pass\0")}, Entry("me", "pass")),
        ({"auth": auth("mé", "pä")}, Entry("mé", "pä")),
        ({"username": "me", "password": "x"}, Entry("me", "x")),
        ({"auth": auth("0-0", ""), "identitytoken": "i"}, Entry("0-0", "", "i")),
        ({"registrytoken": "r"}, Entry(registry_token="r")),
        ({"auth": None, "email": 5}, None),
    ],
)
def test_an_entry_is_read_as_clients_write_it(value: object, entry: Entry | None) -> None:
    assert file({"auths": {"registry.test": value}}).entry(FAR, "a") == entry


@pytest.mark.parametrize(
    "value",
    ["secret", ["secret"], {"auth": "secret"}, {"auth": "c2VjcmV0"}, {"auth": "OnNlY3JldA=="}, {"identitytoken": 5}],
)
def test_a_broken_entry_is_named_without_what_is_in_it(value: object) -> None:
    with pytest.raises(FormatError, match=r"config\.json, auths, 'registry\.test'") as bad:
        file({"auths": {"registry.test": value}}).entry(FAR, "a")
    assert not any(secret in bad.value.sentence for secret in ("secret", "c2Vj", "Onse"))


def test_a_broken_entry_harms_no_other_registry() -> None:
    logins = file({"auths": {"other.test": "broken", "registry.test": {"auth": auth("me", "x")}}})
    assert logins.entry(FAR, "a") == Entry("me", "x")


@pytest.mark.parametrize(
    ("value", "helper"),
    [
        ({}, ""),
        ({"credsStore": "desktop"}, "desktop"),
        ({"credsStore": "desktop", "credHelpers": {"registry.test": "mine"}}, "mine"),
        ({"credsStore": "desktop", "credHelpers": {"other.test": "mine"}}, "desktop"),
    ],
)
def test_a_helper_of_the_registry_comes_before_the_store(value: object, helper: str) -> None:
    assert file(value).helper(FAR) == helper


@pytest.mark.parametrize("key", ["docker.io", "index.docker.io", "https://index.docker.io/v1/"])
def test_a_helper_for_docker_hub_is_found_by_each_of_its_names(key: str) -> None:
    assert file({"credHelpers": {key: "mine"}}).helper(HUB) == "mine"


def test_a_helper_that_is_no_name_is_a_sentence() -> None:
    with pytest.raises(FormatError, match=r"credHelpers, 'registry\.test'"):
        file({"credHelpers": {"registry.test": 5}}).helper(FAR)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"[]", ""),
        (b'"secret"', ""),
        (b'{"auths":\n{"secret"}', "line 2"),
        (b"\xffsecret", ""),
        (b"[" * 100_000, ""),
        (b'{"auths": ["secret"]}', "auths"),
        (b'{"credHelpers": "secret"}', "credHelpers"),
        (b'{"credsStore": ["secret"]}', "credsStore"),
    ],
)
def test_a_broken_file_is_named_without_what_is_in_it(raw: bytes, place: str) -> None:
    with pytest.raises(FormatError, match=r"^/home/me/\.docker/config\.json") as bad:
        parse_auth_file(PATH, raw)
    assert (bad.value.place, "secret" in bad.value.sentence) == (place, False)


@pytest.mark.parametrize("raw", [b"", b" \n", b"{}", b"\xef\xbb\xbf{}", b'{"auths": null, "credsStore": ""}'])
def test_a_file_without_logins_has_none(raw: bytes) -> None:
    assert parse_auth_file(PATH, raw).entry(FAR, "a") is None


def test_no_secret_is_in_a_repr() -> None:
    logins = file({"auths": {"registry.test": {"auth": auth("me", "secret"), "identitytoken": "secret"}}})
    assert "secret" not in repr(logins) + repr(logins.entry(FAR, "a"))
    assert auth("me", "secret") not in repr(logins)


@pytest.mark.parametrize("name", ["none.json", "file/none.json"])
def test_a_file_that_is_not_there_is_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    assert read_auth_file(tmp_path / name) is None


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="the logins cannot be read: Is a directory"):
        read_auth_file(tmp_path)
    with pytest.raises(FormatError, match="no file can have that name"):
        read_auth_file(Path("a\0b"))


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(FormatError, match="at most 1048576 bytes"):
        read_auth_file(tmp_path / "config.json")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_file_or_a_sentence(raw: bytes) -> None:
    try:
        assert parse_auth_file(PATH, raw).path == PATH
    except FormatError as bad:
        error = bad
    else:
        return
    assert error.path == str(PATH)


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=":"), min_size=1)
passwords = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: not text.endswith("\0"))


@given(names, passwords)
def test_any_name_and_password_come_back(name: str, password: str) -> None:
    entry = file({"auths": {"registry.test": {"auth": auth(name, password)}}}).entry(FAR, "a")
    assert entry == Entry(name, password)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(["registry.test", "https://registry.test/v1/", "registry.test/a"]) | st.text()
fields = st.sampled_from(["auth", "username", "password", "identitytoken", "registrytoken"])
files = st.fixed_dictionaries(
    {},
    optional={
        "auths": st.dictionaries(keys, st.dictionaries(fields, json_values) | json_values, max_size=3) | json_values,
        "credHelpers": st.dictionaries(keys, json_values, max_size=3) | json_values,
        "credsStore": json_values,
    },
)


@given(files)
def test_any_json_has_an_entry_or_none_or_is_a_sentence(value: object) -> None:
    try:
        logins = file(value)
        assert isinstance(logins.entry(FAR, "a/b"), Entry | None)
        assert isinstance(logins.helper(FAR), str)
    except FormatError as bad:
        error = bad
    else:
        return
    assert error.path == str(PATH)
