"""What the real curl sends for a command line, and what the importer makes of the same line: they agree.

Where the importer says that a part is unknown (the content of a file), that part is not compared.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from explorer.formats.importing import import_bytes
from tests.real.conftest import need
from tests.real.listening import Arrived, Listener, listening

OF_A_FILE = ("content-length", "expect")


class Curl(NamedTuple):
    """curl in a folder of files, and who listens to it."""

    folder: Path
    listener: Listener

    def send(self, words: list[str]) -> None:
        self.listener.arrived.clear()
        environment = {"HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        command = [need("curl"), "--no-progress-meter", *words]
        subprocess.run(command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, check=True, timeout=60)


@pytest.fixture(scope="module")
def curl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Curl]:
    folder = tmp_path_factory.mktemp("curl")
    (folder / "f").write_bytes(b"a\r\nb\0c")
    (folder / "g h.txt").write_bytes(b"gg")
    (folder / "lines").write_text("X-A: 1\nX-B: 2\n")
    (folder / "options").write_text('header = "X-K: 1"\n')
    with listening() as listener:
        yield Curl(folder, listener)


def compare(curl: Curl, line: list[str]) -> None:
    """Send a command line, in which U stands for the listener, and compare what arrives with what is imported."""
    host = f"127.0.0.1:{curl.listener.port}"
    words = [re.sub(r"^U(?=[/?#]|$)", f"http://{host}", word).replace("HOST", host) for word in line]
    curl.send(words)
    agree(curl.listener.arrived, f"curl {shlex.join(words)}\n")


def agree(arrived: list[Arrived], script: str) -> None:
    """Compare what has arrived with what is imported of the script that sent it."""
    exchanges = import_bytes(script.encode(), "a script").session.exchanges
    assert len(exchanges) == len(arrived)
    for exchange, one in zip(exchanges, arrived, strict=True):
        request = exchange.request
        lacks_body = "request.body" in exchange.unknown
        told_first = f"{request.method} {request.target} {one.first.rpartition(' ')[2]}"
        assert _upper_escapes(one.first) == _upper_escapes(told_first)
        sent = [_fixed(name, value) for name, value in one.rows]
        told = [_fixed(row.name, row.gap + row.value) for row in request.headers]
        if lacks_body:
            sent = [(name, value) for name, value in sent if name.lower() not in OF_A_FILE]
            told = [(name, value) for name, value in told if name.lower() not in OF_A_FILE]
        if "request.headers" in exchange.unknown:
            sent = [row for row in sent if row in told]
        assert told == sent
        assert isinstance(request.body, bytes)
        assert lacks_body or _without_lot(request.body) == _without_lot(one.body)


def _upper_escapes(text: str) -> str:
    """Return a line with its percent escapes in capitals: some releases of curl write small letters with `-G`."""
    return re.sub(r"%[0-9a-f]{2}", lambda found: found[0].upper(), text)


def _fixed(name: str, value: str) -> tuple[str, str]:
    """Return a header without what depends on the release of curl and on its lot."""
    return name, re.sub(r"^ curl/\S+$", " curl", re.sub(r"boundary=-+\w+", "boundary", value))


def _without_lot(body: bytes) -> bytes:
    return re.sub(rb"-{20,}\w+", b"boundary", body)


COMMANDS = r"""
U
HOST/x
U/a#part
U/a//b
U/a/../b
U/a/./b/..
U/../../x
U/a/../b?x=/../y
--path-as-is U/a/../b
U/[1-3]
U/[01-03]
U/[a-c]/[1-9:4]
U/{a,b}/[1-2]
U/\\{a,b\\}
-g U/{a,b}
-g U/[1-3]
U/a U/b
--url U/a U/b
-d a U/a U/b
-d a=1 U
-d '' U
-d 'x
y' U
-d a -d b --data-binary c --data-urlencode 'd e=f g' U
--data-raw @x U
--data-raw a --data-ascii b U
-d @f U
--data-binary @f U
--data-urlencode 'a b' U
--data-urlencode '=a=b c' U
--data-urlencode n@f U
--json {"a":1 --json } U
--json {} -H 'X: y' U
--json {} -H 'Accept: text/plain' U
--json {} -H 'content-type: text/plain' -H 'Z: 1' U
-d a --json {} U
-G -d n=10 -d last=a U/?x=1
-G -I -d a=b U
-G U
-G -d '' U/q
-G -d '' U/q?
-G -d '' U/q?a
-G -d a U/q?
-G -X POST -d a=b U
--url-query 'a=b c' U
--url-query a=b U/?z
--url-query +m=n U
-T f U/dir/
-T f U
-T f U/name?_state=A%3D%3D
-T f U/dir/?x=1
-T f U/dir/#part
-T {f,lines} U/dir/
-T 'g h.txt' U/
-T f U/a U/b
-T f U/a -T lines U/b
-T f -X POST U/x
-T f -H 'Content-Type: q/r' U/x
-T f -r 0-5 U/x
-T - U/x
-T - -H 'X: y' U/x
-F a=b U
-F a=b -F c=d -X PUT U
-F 'a=b;type=text/plain' U
-F 'a=b;filename=x;type=t/t' U
-F 'a="b;c"' U
-F 'a"b=c' U
-F a=@f U
-F 'a=<f' U
-F a=b -r 0-3 U
--form-string 'a=@b;type=c' U
-H 'X;' U
-H X U
-H X: U
-H 'X-Sp:   v  ' U
-H Accept: U
-H 'Accept;' U
-H 'Host: other' U
-H 'X: y' -H 'host:  other' U
-H Host: U
-H Content-Type: -d a U
-H 'Content-Type;' -d a U
-H Content-Type=application/octet-stream --data-binary abc U
-H 'Content-Length: 3' -d abc U
-H 'Transfer-Encoding: chunked' -d abc U
-H 'Transfer-Encoding: chunked' -F a=b U
-H 'user-agent: me' U
-H 'A: 1' -H 'A: 2' U
-H @lines U
-A me -H 'User-Agent: you' U
-I U
-I -X POST U
-X PATCH U
-X PATCH -d a U
-X delete U
-u u:pa:ss U
-u u: U
-u a:b http://u:p@HOST/x
-u a:b -H 'Authorization: Bearer z' U
http://u:p%40@HOST/x
http://u@HOST/x
http://u:p@HOST/x U/y
--oauth2-bearer T -u a:b U
--anyauth -u a:b U
-n U
-A me U
-A '' U
-e me U
-e 'me;auto' U
-e '' U
-b a=b U
-b a=b -b 'c=d; e=f' U
-b a=b -H 'Cookie: z=z' U
-b /dev/null U
-r 0-5 U
-r -5 U
-r 0-5 -d a U
-C 5 U
-H 'Range: bytes=0-1' -r 5-6 U
--compressed U
--compressed --no-compressed U
--tr-encoding -H 'X: 1' U
-L U
-L --max-redirs 3 -X PUT U
-K options U
-0 U
--http1.1 -d a U
--http2 U
-z lines U
--request-target /other U/x
-sSLk U
-XPATCH -HAccept:x -dabc U
-d@f U
-o /dev/null -w %{http_code} -D - -m 50 --retry 0 U
-H 'X: y' -d a U/a --next U/b
-A me U/a --next -I U/b -: -X PUT U/c
-- U
""".strip()


@pytest.mark.parametrize("line", re.findall(r"(?:[^\n']|'[^']*')+", COMMANDS))
def test_what_is_imported_is_what_curl_sends(curl: Curl, line: str) -> None:
    compare(curl, shlex.split(line))


VALUES = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='@;#"\\<>{}[]%'), min_size=1, max_size=12
)
BODIES = st.lists(
    st.tuples(st.sampled_from(["-d", "--data-raw", "--data-binary", "--data-urlencode", "--json"]), VALUES), max_size=3
)
HEADERS = st.lists(
    st.tuples(st.just("-H"), st.sampled_from(["X: y", "X;", "X", "X:", "Accept:", "Content-Type: a/b", "accept: c/d"])),
    max_size=3,
)
OTHERS = st.lists(
    st.sampled_from(
        [
            ("-A", "me"),
            ("-e", "there"),
            ("-b", "a=b"),
            ("-u", "u:p"),
            ("-r", "0-5"),
            ("-X", "PUT"),
            ("--compressed",),
            ("-L",),
            ("-G",),
            ("--path-as-is",),
            ("--url-query", "q=1"),
        ]
    ),
    max_size=4,
    unique=True,
)
TARGETS = st.sampled_from(["U", "U/v2/", "U/a/../b", "U/u?_state=A%3D%3D", "U/[1-2]", "U/a#b"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BODIES, HEADERS, OTHERS, TARGETS)
def test_options_together_are_what_curl_makes_of_them(
    curl: Curl,
    bodies: list[tuple[str, str]],
    headers: list[tuple[str, str]],
    others: list[tuple[str, ...]],
    target: str,
) -> None:
    options = [*bodies, *headers, *others]
    if ("-G",) in others or ("--url-query", "q=1") in others:  # curl 7.88.1 forgets --path-as-is beside these
        options = [option for option in options if option[0] != "--path-as-is"]
    if ("-G",) in others:
        options = [option for option in options if option[0] not in ("--json", "--url-query")]
    compare(curl, [word for option in options for word in option] + [target])
