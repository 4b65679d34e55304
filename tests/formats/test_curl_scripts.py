r"""Scripts of curl: what their variables leave open is named and never taken for known; other commands run it, too."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import FormatError
from explorer.formats.commands.expansions import changed, closing_brace, parameter_of
from explorer.formats.importing import Imported, import_bytes
from explorer.model import Exchange

POST = "curl -i -X POST http://reg:5000/v2/a/blobs/uploads/\nHTTP/1.1 202 Accepted\nLocation: {location}\n\n"


def read(text: str) -> Imported:
    return import_bytes(text.encode(), "a script")


def exchanges(text: str) -> tuple[Exchange, ...]:
    return tuple(read(text).session.exchanges)


def urls(text: str) -> list[str]:
    return [one.request.url for one in exchanges(text)]


def kinds(exchange: Exchange) -> set[str]:
    return {note.kind for note in exchange.notes}


@pytest.mark.parametrize(
    "location", ["/v2/a/blobs/uploads/u1?_state=x", "http://reg:5000/v2/a/blobs/uploads/u1?_state=x"]
)
@pytest.mark.parametrize("written", ["http://reg:5000${LOC}", "$LOC"])
def test_the_last_location_goes_where_it_is_left_open(location: str, written: str) -> None:
    post, put = exchanges(POST.format(location=location) + f'curl -X PUT "{written}&digest=sha256:b"\n')
    assert put.request.url == "http://reg:5000/v2/a/blobs/uploads/u1?_state=x&digest=sha256:b"
    assert (put.after, kinds(put) & {"hole", "hole-filled"}) == (post.id, {"hole-filled"})


def test_a_location_on_another_host_is_not_put_after_a_host_that_is_told() -> None:
    _, put = exchanges(POST.format(location="http://other/v2/u") + 'curl -X PUT "http://reg:5000$LOC"\n')
    assert (put.request.target, kinds(put) & {"hole", "hole-filled"}) == ("$LOC", {"hole"})


def test_what_stands_before_a_path_is_the_registry_and_not_a_location() -> None:
    _, put = exchanges(POST.format(location="/v2/u") + 'curl -X PUT "$REGISTRY/v2/a/manifests/x"\n')
    assert put.request.url == "http://reg:5000/v2/a/manifests/x"
    assert "hole" in kinds(put)


@pytest.mark.parametrize("authority", ["$HOST", "$HOST:5000", "reg.$DOMAIN", "<your-registry>"])
def test_a_host_that_is_left_open_is_named(authority: str) -> None:
    (get,) = exchanges(f'curl "https://{authority}/v2/a/tags/list"\n')
    assert get.request.target == "/v2/a/tags/list"
    assert "request.origin" in get.unknown
    assert "hole" in kinds(get)


def test_a_body_that_is_left_open_has_no_length() -> None:
    (post,) = exchanges("curl -d \"{'a': $B}\" http://reg/\n")
    assert "request.body" in post.unknown
    assert "hole" in kinds(post)
    assert post.request.headers.get("Content-Length") is None


def test_a_body_that_is_told_has_its_length_and_is_known() -> None:
    (post,) = exchanges("B=7\ncurl -d \"{'a': $B}\" http://reg/\n")
    assert (post.request.body, post.request.headers.get("Content-Length")) == (b"{'a': 7}", "8")
    assert "request.body" not in post.unknown


@pytest.mark.parametrize("word", ["$CURL_OPTS", '"${AUTH_ARGS[@]}"', '"$@"', "${ANY[*]}"])
def test_what_stands_for_options_is_no_url(word: str) -> None:
    (get,) = exchanges(f"curl {word} http://reg/v2/\n")
    assert get.request.url == "http://reg/v2/"
    assert "guessed" in kinds(get)
    assert "request.headers" in get.unknown


@pytest.mark.parametrize("word", ["$LOCATION", "$URL"])
def test_what_is_not_called_so_is_one(word: str) -> None:
    assert len(exchanges(f"curl {word} http://reg/v2/\n")) == 2


@pytest.mark.parametrize(
    "line",
    [
        "kubectl exec -it pod -n x -- curl -s http://reg/v2/",
        "$ kubectl exec pod -- sh -c 'curl -s http://reg/v2/ | jq .'",
        "docker run --rm -it curlimages/curl:8.10.1 -s http://reg/v2/",
        'docker exec registry sh -c "curl -s http://reg/v2/"',
        "root@node:~# ssh node2 curl -s http://reg/v2/",
        "timeout 5 curl http://reg/v2/",
        "sudo -u me curl http://reg/v2/",
        "find . | xargs -n1 curl -s http://reg/v2/",
        "RUN curl -fsSL http://reg/v2/ -o x",
        "      - run: curl -s http://reg/v2/",
        "$CURL http://reg/v2/",
        '"${MY_CURL}" -s http://reg/v2/',
    ],
)
def test_curl_is_found_where_another_command_runs_it(line: str) -> None:
    assert urls(f"{line}\n") == ["http://reg/v2/"]


@pytest.mark.parametrize(
    "line",
    [
        "docker ran into trouble, and curl http fails",
        "time is short and curl is slow",
        "$TOOL http://reg/v2/x",
        'echo "curl http://reg/v2/x"',
        "kubectl exec pod -- wget http://reg/v2/curl",
    ],
)
def test_what_only_speaks_of_curl_is_none(line: str) -> None:
    assert urls(f"{line}\ncurl http://reg/v2/\n") == ["http://reg/v2/"]


def test_a_file_of_options_that_is_not_shown_is_in_the_report() -> None:
    imported = read("curl -K secret.conf\ncurl http://reg/v2/\n")
    assert len(imported.session.exchanges) == 1
    assert "is in a file (-K)" in " ".join(imported.dropped)


def test_the_variables_of_curl_are_put_in_by_expand_alone() -> None:
    text = "curl --variable 'r= a/b ' --variable x=1 {} 'http://reg/{{{{r:trim:url}}}}/{{{{x}}}}{{{{none}}}}'\n"
    assert urls(text.format("--expand-url")) == ["http://reg/a%2Fb/1"]
    assert "hole" in kinds(exchanges(text.format("--url"))[0])


@pytest.mark.parametrize("variable", ["%TOKEN", "t@file", "%TOKEN=x", "t[0-3]@file"])
def test_a_variable_of_curl_from_outside_is_a_hole(variable: str) -> None:
    name = variable.strip("%").partition("@")[0].partition("=")[0].partition("[")[0]
    (get,) = exchanges(f"curl --variable '{variable}' --expand-data '{{{{{name}:b64}}}}' http://reg/\n")
    assert "request.body" in get.unknown


def test_a_literal_here_document_keeps_its_dollars() -> None:
    script = "V=1\ncurl --data-binary @- http://reg/ <<{0}EOF{0}\n$V `id`\nEOF\n"
    assert exchanges(script.format("'"))[0].request.body == b"$V `id`\n"
    assert "request.body" in exchanges(script.format(""))[0].unknown


def test_an_array_that_is_never_closed_ends_with_the_text() -> None:
    assert urls("curl http://reg/v2/\nargs=(\n  -s\n") == ["http://reg/v2/"]


@pytest.mark.parametrize(
    ("value", "operator", "word", "expected"),
    [
        ("sha256:ab", "#", "*:", "ab"),
        ("a/b/c", "#", "*/", "b/c"),
        ("a/b/c", "##", "*/", "c"),
        ("a/b/c", "%", "/*", "a/b"),
        ("a/b/c", "%%", "/*", "a"),
        ("abc", "#", "x", "abc"),
        ("a:b:c", "/", ":/-", "a-b:c"),
        ("a:b:c", "//", ":", "abc"),
        ("abc", "^", "", "Abc"),
        ("abcdef", ":", "1:2", "bc"),
        ("abcdef", ":", " -2", "ef"),
        ("abc", "/", "*/x", None),
        ("abc", ":", "x+1", None),
        ("abc", "@", "Q", None),
    ],
)
def test_a_value_is_changed_as_a_shell_does_it(value: str, operator: str, word: str, expected: str | None) -> None:
    assert changed(value, operator, word) == expected


@pytest.mark.parametrize(("text", "end"), [("{a}", 2), ("{a:-${b}}", 8), ("{a", -1), ("{a\n}", -1), ("{a\\}}", 4)])
def test_a_brace_is_closed_by_its_own(text: str, end: int) -> None:
    assert closing_brace(text, 0) == end


@pytest.mark.parametrize("inner", ["", "a b", "-", "a@Q", "é"])
def test_what_is_no_parameter_is_a_hole(inner: str) -> None:
    found = parameter_of(inner)
    assert found is None or found.name == inner


def test_an_array_that_is_set_anew_while_it_is_read_is_no_hindrance() -> None:
    assert urls("a=( -s $(a=1) )\ncurl ${a[@]} http://reg/v2/\n")[-1] == "http://reg/v2/"


OF_A_SHELL = [
    "a=(",
    "a+=(",
    "a=1\n",
    "${a[@]}",
    "${a##",
    "${a:-",
    "}",
    ")",
    "$(",
    "`",
    "'",
    '"',
    "\\",
    "\n",
    " ",
    "<<E\n",
]
OF_CURL = [
    "E\n",
    "curl ",
    "http://reg/ ",
    "-d @- ",
    "-K - ",
    "--expand-data '{{a:",
    "--variable a=b ",
    "sh -c ",
    "| ",
    "<(",
]
FRAGMENTS = st.sampled_from([*OF_A_SHELL, *OF_CURL])


@given(st.lists(FRAGMENTS, max_size=30))
def test_any_script_comes_to_an_end(pieces: list[str]) -> None:
    with suppress(FormatError):
        read("curl http://reg/v2/\n" + "".join(pieces))


@pytest.mark.parametrize("prompt", ["+ ", "+++ ", "+ push.sh:12: ", "+/tmp/push.sh:3> "])
def test_a_trace_of_the_shell_shows_its_commands(prompt: str) -> None:
    text = (
        f"{prompt}D=sha256:b\n{prompt}curl -sX PUT 'http://reg:5000/v2/a/blobs/uploads/u1?_state=x&digest=sha256:b'\n"
    )
    assert urls(text) == ["http://reg:5000/v2/a/blobs/uploads/u1?_state=x&digest=sha256:b"]


def test_what_a_trace_shows_of_other_commands_is_no_command_of_curl() -> None:
    with pytest.raises(FormatError):
        read("+ sha256sum layer.tar\n+ tar tf layer.tar\n")
