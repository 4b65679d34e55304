"""A known secret in every place and every encoding: it is in no byte of what is recorded, shown or exported."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from explorer.credentials import Given
from explorer.formats.exporting import export, writers
from explorer.formats.importing import import_bytes
from explorer.formats.session import SessionWriter, session_lines
from explorer.jobs import PushJob, open_push
from explorer.jobs.exporting import ExportJob, prepare
from explorer.jobs.reporting import make_report
from explorer.model import Exchange, Failure, FlowCall, Headers, Note, Origin, Request, Response, Session
from explorer.plain.transcript import exchange_lines
from explorer.practice import PracticeRegistry, TokenAccess, Users

SECRET = "pl4nted/S3cret+Value~7"
RAW = SECRET.encode()
USER = f"alice:{SECRET}"
BASIC = base64.b64encode(USER.encode()).decode()
JWT = f"eyJhbGciOiJIUzI1NiJ9.{base64.urlsafe_b64encode(json.dumps({'sub': 'a', 'k': SECRET}).encode()).decode()}.c2ln"
KINDS = [writer.name for writer in writers()]


def unwrapped(data: bytes, depth: int = 4) -> Iterator[bytes]:
    """Yield data with all that can be got out of it: compressed, percent-encoded, escaped, in base64."""
    yield data
    if depth <= 0:
        return
    for found in re.finditer(rb"\x1f\x8b\x08", data):
        try:
            yield from unwrapped(zlib.decompressobj(31).decompress(data[found.start() :]), depth - 1)
        except zlib.error:
            continue
    if b"\0" in data:
        yield data.replace(b"\0", b"")
    for found in re.finditer(rb"(?:[0-9a-f]{2}){10,}|(?:[0-9A-F]{2}){10,}", data):
        yield bytes.fromhex(found[0].decode())
    if re.search(rb"%[0-9A-Fa-f]{2}|\\[ux/]|&#", data):
        plain = re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), data)
        plain = re.sub(rb"\\(?:u00|x)([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), plain)
        plain = re.sub(rb"&#(\d+);", lambda found: chr(int(found[1])).encode(), plain).replace(rb"\/", b"/")
        yield from unwrapped(plain, depth - 1)
    for found in re.finditer(rb"[A-Za-z0-9+/_-]{12,}", data):
        run = found[0].translate(bytes.maketrans(b"-_", b"+/"))
        for skip in range(4):
            piece = run[skip:][: len(run[skip:]) - (len(run[skip:]) % 4 == 1)]
            yield from unwrapped(base64.b64decode(piece + b"=" * (-len(piece) % 4)), depth - 1)


def is_in(data: bytes) -> bool:
    return any(RAW in piece or RAW.replace(b"/", rb"\/") in piece for piece in unwrapped(data))


ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "percent": lambda text: quote(text, safe=""),
    "percent, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "json": lambda text: json.dumps(json.dumps({"x": text})),
    "json, slash escaped": lambda text: json.dumps({"x": text}).replace("/", "\\/"),
    "json, all escaped": lambda text: "".join(f"\\u{ord(sign):04x}" for sign in text),
    "base64": lambda text: base64.b64encode(b"a" + text.encode()).decode(),
    "base64url": lambda text: base64.urlsafe_b64encode(b"\xff\xfe" + text.encode() + b"zz").decode(),
    "base64 in base64": lambda text: base64.b64encode(b'{"auth":"' + base64.b64encode(text.encode()) + b'"}').decode(),
    "gzip in base64": lambda text: base64.b64encode(gzip.compress(b"x" + text.encode())).decode(),
    "percent, every third sign": lambda text: "".join(
        f"%{ord(sign):02X}" if at % 3 == 0 else sign for at, sign in enumerate(text)
    ),
    "percent, three times": lambda text: quote(quote(quote(text, safe=""), safe=""), safe=""),
    "json in json in json": lambda text: json.dumps(json.dumps(json.dumps({"x": text}))).replace("/", "\\/"),
    "entities": lambda text: "".join(f"&#{ord(sign)};" for sign in text),
    "escapes of C": lambda text: "".join(f"\\x{ord(sign):02x}" for sign in text),
    "hex": lambda text: text.encode().hex(),
    "hex, upper case": lambda text: text.encode().hex().upper(),
    "base64 of UTF-16": lambda text: base64.b64encode(f"a{text}".encode("utf-16-le")).decode(),
    "gzip in gzip in base64": lambda text: base64.b64encode(gzip.compress(gzip.compress(text.encode()))).decode(),
    "base64, percent-encoded twice": lambda text: quote(quote(base64.b64encode(f"?>{text}?>".encode()))),
}

PLACES: dict[str, str] = {
    "Authorization": f"Basic {BASIC}",
    "Proxy-Authorization": f"Bearer {SECRET}",
    "Cookie": f"sid={SECRET}; a=b",
    "Set-Cookie": f"sid={SECRET}; Path=/",
    "X-Registry-Auth": base64.b64encode(json.dumps({"username": "alice", "password": SECRET}).encode()).decode(),
    "X-Amz-Security-Token": SECRET,
    "Location": f"https://{quote(USER, safe=':')}@store.test/b?X-Amz-Signature={quote(SECRET, safe='')}&a=9",
    "WWW-Authenticate": f'Bearer realm="https://a.test/t?access_token={quote(SECRET, safe="")}",service="s"',
    "X-Trace": f"curl -u {USER} https://registry.test/v2/",
    "X-Upstream": BASIC,
    "Referer": f"https://{quote(USER, safe=':')}@store.test/b",
    "Link": f'<https://{quote(USER, safe=":")}@r.test/v2/_catalog?n=1>; rel="next"',
    "X-Log": json.dumps(json.dumps({"auths": {"r.test": {"auth": BASIC}}})),
    "X-Env": f"REGISTRY_PASS={SECRET} ./push.sh",
    "X-Config": f'user = "{USER}"',
    "X-Page": f'<a href="https://b.test/o?X-Goog-Algorithm=G&amp;X-Goog-Signature={quote(SECRET, safe="")}">Moved</a>',
    "X-Detail": json.dumps(f"https://b.test/o?sv=1&sig={quote(SECRET, safe='')}&se=2").replace("&", "\\u0026"),
    "X-Status": json.dumps({"Status": "Login Succeeded", "IdentityToken": SECRET}),
}


def planted(place: str, value: str) -> Exchange:
    """Return an exchange with the secret in one place, and in every encoding in its bodies, target and words."""
    everywhere = " ".join(encode(SECRET) for encode in ENCODINGS.values())
    in_headers = tuple((f"X-{number}", encode(SECRET)) for number, encode in enumerate(ENCODINGS.values()))
    request = Request(
        "POST",
        Origin("https", "registry.test", 443),
        f"/v2/t/r/blobs/uploads/?hint={quote(SECRET, safe='')}&b={quote(ENCODINGS['base64'](SECRET), safe='')}",
        Headers.of((place, value), *in_headers),
        f"log: {everywhere} {JWT}".encode(),
    )
    body = gzip.compress(json.dumps({"errors": [{"detail": everywhere}]}).encode())
    response = Response(401, "No", "HTTP/1.1", Headers.of((place, value), *in_headers), body)
    head = "HTTP/1.1 401 No\r\n" + "".join(f"{name}: {text}\r\n" for name, text, _ in response.headers) + "\r\n"
    return Exchange(
        1,
        0,
        f"curl --user '{USER}' https://registry.test/v2/",
        request,
        request,
        response,
        Failure("closed", f"It broke after {everywhere}."),
        sent_head=request.head(),
        received_head=head.encode(),
        notes=(Note("option", f"the option -u {USER}", f"-u {USER}"),),
        extra={"later": {"password": SECRET, "list": [everywhere]}},
    )


def session_file(path: Path, session: Session) -> Path:
    """Write a session as somebody else's program would: nothing is masked."""
    from explorer.formats.exchange_values import exchange_to_json

    head, *_ = session_lines(Session("other", 1.0, session.call))
    path.write_bytes(head + b"".join(json.dumps(exchange_to_json(e)).encode() + b"\n" for e in session.exchanges))
    return path


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=list(ENCODINGS))
def test_the_test_itself_finds_it_in_every_encoding(encode: Callable[[str], str]) -> None:
    assert is_in(f"a {encode(SECRET)} b".encode())
    assert not is_in(f"a {encode(SECRET.swapcase())} b".encode())


@pytest.mark.parametrize("place", PLACES)
def test_it_is_in_no_export_wherever_it_was_planted(place: str, tmp_path: Path) -> None:
    session = Session("m", 1.0, FlowCall(""), (planted(place, PLACES[place]),))
    path = session_file(tmp_path / "s.jsonl", session)
    assert is_in(path.read_bytes())
    prepared = prepare(ExportJob(str(path)))
    for kind in KINDS:
        assert not is_in(b"".join(export(prepared.material, kind))), kind
    assert not is_in("\n".join(prepared.said).encode())


def test_it_is_in_no_byte_of_a_report(tmp_path: Path) -> None:
    session = Session("m", 1.0, FlowCall(""), (planted("Authorization", PLACES["Authorization"]),))
    report = make_report(ExportJob(str(session_file(tmp_path / "s.jsonl", session))), str(tmp_path / "r.zip"))
    assert not is_in("\n".join((*report.summary, *report.said)).encode())
    with zipfile.ZipFile(report.path) as bundle:
        assert not any(is_in(bundle.read(name)) for name in bundle.namelist())
    assert report.path.stat().st_mode & 0o777 == 0o600


CREDENTIALS_ONLY = ("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Registry-Auth", "Location")


@pytest.mark.parametrize("place", CREDENTIALS_ONLY)
def test_a_recording_and_a_transcript_hold_no_credential(place: str, tmp_path: Path) -> None:
    request = Request("GET", Origin("https", "registry.test", 443), "/v2/", Headers.of((place, PLACES[place])))
    response = Response(200, "OK", "HTTP/1.1", request.headers, json.dumps({"token": SECRET}).encode())
    head = f"HTTP/1.1 200 OK\r\n{place}: {PLACES[place]}\r\n\r\n".encode()
    one = Exchange(1, 0, "", request, request, response, sent_head=request.head(), received_head=head)
    path = tmp_path / "r.jsonl"
    writer = SessionWriter(path, Session("m", 1.0, FlowCall("")))
    writer.append(one)
    writer.close()
    assert not is_in(path.read_bytes())
    assert not is_in("\n".join(exchange_lines(one)).encode())


IMPORTS = {
    "a command": f"curl -v -u {USER} -H 'Cookie: sid={SECRET}' https://registry.test/v2/\n",
    "a bearer": f"curl -i --oauth2-bearer {SECRET} -X POST https://registry.test/v2/t/r/blobs/uploads/\n",
    "a header": f"curl -H 'Authorization: Basic {BASIC}' https://registry.test/v2/\n",
    "a transcript": (
        f"> GET /v2/ HTTP/1.1\n> Host: registry.test\n> Authorization: Basic {BASIC}\n> \n< HTTP/1.1 200 OK\n"
        f"< Set-Cookie: sid={SECRET}\n< \n"
    ),
    "a HAR": json.dumps(
        {
            "log": {
                "version": "1.2",
                "creator": {"name": "x", "version": "1"},
                "entries": [
                    {
                        "startedDateTime": "2026-11-24T00:00:00Z",
                        "time": 1,
                        "request": {
                            "method": "POST",
                            "url": f"https://registry.test/v2/?x={quote(SECRET, safe='')}",
                            "httpVersion": "HTTP/1.1",
                            "headers": [{"name": "Authorization", "value": f"Basic {BASIC}"}],
                            "queryString": [],
                            "cookies": [],
                            "headersSize": -1,
                            "bodySize": -1,
                            "postData": {"mimeType": "text/plain", "text": f"echo {SECRET} {BASIC}"},
                        },
                        "response": {
                            "status": 200,
                            "statusText": "OK",
                            "httpVersion": "HTTP/1.1",
                            "headers": [],
                            "cookies": [],
                            "content": {"size": 0, "mimeType": "", "text": json.dumps({"token": SECRET})},
                            "redirectURL": "",
                            "headersSize": -1,
                            "bodySize": -1,
                        },
                        "cache": {},
                        "timings": {"send": 0, "wait": 0, "receive": 0},
                    }
                ],
            }
        }
    ),
}


@pytest.mark.parametrize("name", IMPORTS)
def test_it_is_in_no_export_of_what_was_imported(name: str, tmp_path: Path) -> None:
    path = tmp_path / "pasted"
    path.write_text(IMPORTS[name])
    assert import_bytes(IMPORTS[name].encode(), name).session.exchanges
    prepared = prepare(ExportJob(str(path)))
    for kind in KINDS:
        assert not is_in(b"".join(export(prepared.material, kind))), kind
    assert not is_in("\n".join((*prepared.said, *prepared.imported.report())).encode()) or name != "a HAR"


@pytest.mark.parametrize("oauth2", [False, True])
def test_a_push_with_a_login_leaves_it_nowhere(tmp_path: Path, *, oauth2: bool) -> None:
    path = tmp_path / "pushed.jsonl"
    with PracticeRegistry(access=TokenAccess(Users.of(USER))) as registry:
        login = Given(user=USER, oauth2=oauth2)
        job = PushJob(target=f"{registry.origin.authority}/t/r:v1", recording=str(path), login=login)
        workbench = open_push(job)
        for _ in workbench.run():
            pass
        workbench.close()
        assert workbench.state.status == 0
        live = workbench.state.exchanges
    token = next(one.request.headers.get("Authorization") for one in reversed(live))
    assert token is not None
    shown = "\n".join(line for one in live for line in exchange_lines(one)).encode()
    prepared = prepare(ExportJob(str(path)))
    written = [path.read_bytes(), shown, *(b"".join(export(prepared.material, kind)) for kind in KINDS)]
    for data in written:
        assert not is_in(data)
        assert token.partition(" ")[2].encode() not in data
