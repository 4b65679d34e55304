"""The paste that the project grew from, in the shapes in which people paste: always the same two exchanges."""

from __future__ import annotations

import re

import pytest

from explorer.formats.importing import Imported, import_bytes
from explorer.practice.tokens import sign

ID = "59160e66-f2b5-43d5-b14a-98fb0f4e6cd5"
TOKEN = sign(b"aaa", "myorg/busybox", ID, 0, "2018-11-24T00:49:59.123456789Z")
PATH = "/v2/myorg/busybox/blobs/uploads/"
LOCATION = f"http://localhost:5000{PATH}{ID}?_state={TOKEN}"
FOLDER = "75c416ea735c42a4a0b2c48f49b0b1b0f3ac6ab2b0ac3b5cbe2a1b4b5a2b2a11"
POST = f"curl -i -X POST http://localhost:5000{PATH}"
HEAD = f"""HTTP/1.1 202 Accepted
Content-Length: 0
Docker-Distribution-Api-Version: registry/2.0
Docker-Upload-Uuid: {ID}
Location: {LOCATION}
Range: 0-0
Date: Sat, 24 Nov 2018 00:49:59 GMT
"""
ERROR = f'{{"errors":[{{"code":"BLOB_UPLOAD_INVALID","message":"blob upload invalid","detail":{len(TOKEN)}}}]}}'
RESET = "curl: (56) Recv failure: Connection reset by peer"


def put(location: str = LOCATION) -> str:
    return (
        f'curl -X PUT "{location}?digest=sha256:{FOLDER}" -H "Content-Type=application/octet-stream" '
        f"--data-binary @{FOLDER}/layer.tar"
    )


def verbose(head: str) -> str:
    sent = f"> POST {PATH} HTTP/1.1\n> Host: localhost:5000\n> User-Agent: curl/7.58.0\n> Accept: */*\n>\n"
    return sent + "".join(f"< {line}\n" for line in head.splitlines()) + "<\n"


PLAIN = f"{POST}\n\n{HEAD}\n{put()}\n\n{ERROR}\n"
BROKEN = f"Location: {LOCATION[:90]}\n{LOCATION[90:170]}\n{LOCATION[170:]}"
FENCED = f"First:\n\n```\n$ {POST}\n{HEAD}```\n\nThen:\n\n```bash\n$ {put()}\n{ERROR}\n```\n\nWhat does 212 mean?\n"
OVER_LINES = PLAIN.replace(" -H ", " \\\n  -H ").replace(" --data-binary", " \\\n  --data-binary")

SHAPES = {
    "plain": PLAIN,
    "fences": FENCED,
    "tildes": FENCED.replace("```", "~~~"),
    "quoted": "".join(f"> {line}\n" for line in PLAIN.splitlines()),
    "quoted twice": "".join(f">> {line}\n" for line in PLAIN.splitlines()),
    "quoted fences": "".join(f"> {line}".rstrip() + "\n" for line in FENCED.splitlines()),
    "entities": "".join(f"&gt; {line}\n" for line in PLAIN.splitlines()),
    "indented": "".join(f"    {line}\n" for line in PLAIN.splitlines()),
    "Location in pieces": PLAIN.replace(f"Location: {LOCATION}", BROKEN),
    "line ends lost": f"{POST}\n{' '.join(HEAD.splitlines())}\n\n{put()}\n{ERROR}\n",
    "no blank lines": PLAIN.replace("\n\n", "\n"),
    "a placeholder": PLAIN.replace(put(), put("<Location>")),
    "a placeholder in small letters": PLAIN.replace(put(), put("<location from above>")),
    "CR LF": PLAIN.replace("\n", "\r\n"),
    "CR LF in the head alone": PLAIN.replace(HEAD, HEAD.replace("\n", "\r\n")),
    "dollar": PLAIN.replace("curl -", "$ curl -"),
    "root": PLAIN.replace("curl -", "# curl -"),
    "user and host": PLAIN.replace("curl -", "user@host:~/images$ curl -") + "user@host:~/images$ \n",
    "brackets": PLAIN.replace("curl -", "[root@host busybox]# curl -"),
    "over lines": OVER_LINES,
    "colours": PLAIN.replace("HTTP/1.1 202", "\x1b[1mHTTP/1.1 202").replace("Location:", "\x1b[1mLocation\x1b[0m:"),
    "verbose indented": "".join(
        f"    {line}\n" for line in f"{POST.replace('-i', '-v')}\n{verbose(HEAD)}{put()}\n{ERROR}".splitlines()
    ),
    "verbose": f"{POST.replace('-i', '-v')}\n{verbose(HEAD)}{put()}\n{ERROR}\n",
    "pretty errors": PLAIN.replace(ERROR, ERROR.replace("[{", "[\n  {\n").replace("}]", "\n  }\n]")),
}


def story(text: str) -> Imported:
    return import_bytes(text.encode(), "a paste")


@pytest.mark.parametrize("ending", ["", f"{RESET}\n"], ids=["", "and curl gives up"])
@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_tells_the_same_two_exchanges(shape: str, ending: str) -> None:
    mark = re.match(r"(?:> ?|>> |&gt; |    )*", SHAPES[shape])
    post, put = story(SHAPES[shape] + f"{mark[0] if mark else ''}{ending}").session.exchanges
    assert (post.request.method, post.request.url, post.status) == ("POST", f"http://localhost:5000{PATH}", 202)
    assert post.response is not None
    assert post.response.headers.get("Location") == LOCATION
    assert (put.request.method, put.request.url) == ("PUT", f"{LOCATION}?digest=sha256:{FOLDER}")
    assert put.after == post.id
    assert put.response is not None
    assert isinstance(put.response.body, bytes)
    assert b'"detail":212' in put.response.body


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_says_what_curl_left_out(shape: str) -> None:
    put = story(SHAPES[shape]).session.exchanges[-1]
    dropped = [note.value for note in put.notes if note.kind == "header-dropped"]
    assert dropped == ["Content-Type=application/octet-stream"]
    assert put.request.headers.get("Content-Type") == "application/x-www-form-urlencoded"
    assert put.request.headers.get("Host") == "localhost:5000"


@pytest.mark.parametrize("shape", SHAPES)
def test_the_status_that_is_not_told_is_a_guess(shape: str) -> None:
    imported = story(SHAPES[shape])
    put = imported.session.exchanges[-1]
    assert put.status == 404
    assert "response.status" in put.unknown
    assert any("BLOB_UPLOAD_INVALID" in line for line in imported.guessed)


def test_the_header_with_a_colon_is_sent() -> None:
    put = story(PLAIN.replace("Content-Type=", "Content-Type: ")).session.exchanges[-1]
    assert not [note for note in put.notes if note.kind == "header-dropped"]
    assert put.request.headers.get("Content-Type") == "application/octet-stream"


def test_what_curl_says_after_the_answer_is_a_note() -> None:
    put = story(f"{PLAIN}{RESET}\n").session.exchanges[-1]
    assert [note.value for note in put.notes if note.kind == "client-said"] == [
        RESET.replace("curl: (56)", "curl says (56):")
    ]
    assert put.error is None


def test_what_curl_says_after_an_answer_in_its_transcript_is_a_note() -> None:
    (post,) = story(f"{verbose(HEAD)}{RESET}\n").session.exchanges
    assert "client-said" in [note.kind for note in post.notes]


def test_what_curl_says_in_place_of_an_answer_is_the_failure() -> None:
    last = story(f"{POST}\n\n{HEAD}\n{put()}\n{RESET}\n").session.exchanges[-1]
    assert last.error is not None
    assert last.error.kind == "closed"
    assert last.response is None


def test_a_status_that_curl_tells_when_it_fails_is_the_answers() -> None:
    (post,) = story(
        f"{POST.replace('-i', '-f')}\ncurl: (22) The requested URL returned error: 404 Not Found\n"
    ).session.exchanges
    assert (post.status, post.error) == (404, None)
    assert "response.status" not in post.unknown
    assert "response.headers" in post.unknown


def test_a_status_that_was_seen_already_makes_no_exchange() -> None:
    head = HEAD.replace("202 Accepted", "404 Not Found")
    text = f"{POST} -f\n{head}\ncurl: (22) The requested URL returned error: 404\n"
    assert [exchange.status for exchange in story(text).session.exchanges] == [404]
