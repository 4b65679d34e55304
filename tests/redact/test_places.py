"""A secret is found by its place, whichever of the many places it is, and is in no byte of what is shared."""

from __future__ import annotations

import base64
import json
import zlib
from urllib.parse import quote

import pytest
import zstandard

from explorer.formats.exporting import export
from explorer.formats.importing import import_bytes
from explorer.jobs.exporting import ExportJob, prepare_imported
from explorer.model import Exchange, FlowCall, Headers, Origin, Request, Response, Session
from explorer.redact.packing import chunked, packed_again, unchunked, unpack
from explorer.redact.sessions import redact

SECRET = "pl4ntedS3cretValue7"
PAIR = base64.b64encode(f"bob:{SECRET}".encode()).decode()
JWT_HEAD = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0."


def command(words: str, before: str = "") -> str:
    return f"{before}$ curl {words}\nHTTP/1.1 200 OK\n\n"


def transcript(header: str = "X: 1", answer: str = "Y: 1", body: str = "") -> str:
    sent = f"> POST /v2/a/b HTTP/1.1\n> Host: registry.test\n> {header}\n> \n"
    return f"{sent}< HTTP/1.1 307 Moved\n< {answer}\n< Content-Length: {len(body)}\n< \n{body}\n"


def leading_to(url: str) -> str:
    return transcript(answer=f"Location: https://store.test/{url}")


COMMANDS = {
    "-u": command(f"-u bob:{SECRET} https://r.test/v2/"),
    "-u, glued": command(f"-ubob:{SECRET} https://r.test/v2/"),
    "--user=": command(f"--user=bob:{SECRET} https://r.test/v2/"),
    "-sSfu": command(f"-sSfu bob:{SECRET} https://r.test/v2/"),
    "--cert": command(f"--cert c.pem:{SECRET} https://r.test/v2/"),
    "--pass": command(f"--pass {SECRET} https://r.test/v2/"),
    "-x": command(f"-x http://u:{SECRET}@proxy:3128 https://r.test/v2/"),
    "-U": command(f"-x p:1 -U u:{SECRET} https://r.test/v2/"),
    "--proxy-header": command(f"--proxy-header 'Proxy-Authorization: Basic {SECRET}' https://r.test/v2/"),
    "-H": command(f'-H "authorization:bearer {SECRET}" https://r.test/v2/'),
    "-H, a token's": command(f"-H X-Token:{SECRET} https://r.test/v2/"),
    "-b": command(f"-b 'sid={SECRET}' https://r.test/v2/"),
    "-d": command(f"-d 'grant_type=password&username=b&password={SECRET}' https://r.test/token"),
    "--json": command(f"--json '{json.dumps({'username': 'b', 'password': SECRET})}' https://r.test/token"),
    "-F": command(f"-F username=b -F password={SECRET} https://r.test/token"),
    "--data-urlencode": command(f"--data-urlencode 'password={SECRET}' https://r.test/token"),
    "a variable": command('-u "bob:$REG_PASS" https://r.test/v2/', f"export REG_PASS={SECRET}\n"),
    "a variable of another name": command(
        f"-H 'X-A: {SECRET}' https://r.test/v2/", f"AWS_SECRET_ACCESS_KEY={SECRET}\n"
    ),
    ".netrc": command(f"-n https://r.test/v2/?x={SECRET}", f"machine r.test login bob password {SECRET}\n"),
    "docker login": command(f"https://r.test/v2/?x={SECRET}", f"docker login -u bob -p {SECRET} r.test\n"),
    "config.json": command(f"https://r.test/v2/?x={SECRET}", json.dumps({"auths": {"r.test": {"auth": PAIR}}}) + "\n"),
    "user info": command(f"https://bob:{SECRET}@r.test/v2/"),
    "user info alone": command(f"https://{SECRET}@r.test/v2/"),
    "a JWT in a path": command(f"https://r.test/v2/{JWT_HEAD}{SECRET}/x"),
    "a JWT in a query": command(f"https://r.test/v2/?q={JWT_HEAD}{SECRET}"),
}

HEADERS = {
    name: transcript(header=line)
    for name, line in {
        "cookie": f"Cookie: a=1; sid={SECRET}",
        "api key": f"X-Api-Key: {SECRET}",
        "GitLab's": f"PRIVATE-TOKEN: {SECRET}",
        "of a job": f"Job-Token: {SECRET}",
        "Vault's": f"X-Vault-Token: {SECRET}",
        "x-auth": f"X-Auth: {SECRET}",
        "Artifactory's": f"X-JFrog-Art-Api: {SECRET}",
        "AWS's": f"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/s3, Signature={SECRET}",
        "digest": f'Authorization: Digest username="b", realm="x", response="{SECRET}"',
        "Azure's": f"Authorization: SharedKey acct:{SECRET}",
        "a JWT": f"X-Odd: a {JWT_HEAD}{SECRET} b",
        "a JWE": f"X-Odd: eyJhbGciOiJSU0EifQ.abc.def.ghi.{SECRET}",
        "GitHub's token": f"X-Odd: ghp_{SECRET}aaaaaaaaaaaaaaaaa",
        "CSRF": f"X-Harbor-CSRF-Token: {SECRET}",
    }.items()
}

URLS = {
    "S3": leading_to(f"k?X-Amz-Algorithm=A&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE&X-Amz-Signature={SECRET}"),
    "S3, of a session": leading_to(f"k?X-Amz-Security-Token={SECRET}&X-Amz-Signature=00"),
    "Google": leading_to(f"k?X-Goog-Algorithm=A&X-Goog-Signature={SECRET}"),
    "Google, old": leading_to(f"k?GoogleAccessId=x&Expires=1&Signature={SECRET}"),
    "Azure": leading_to(f"k?sv=2020&sr=b&sig={SECRET}&se=2026"),
    "CloudFront": leading_to(f"k?Policy=abc{SECRET}&Signature={SECRET}&Key-Pair-Id=K1"),
    "Cloudflare": leading_to(f"k?verify=1700000000-{SECRET}"),
    "a URL in a URL": leading_to(f"?next={quote(f'https://u:{SECRET}@h/', safe='')}"),
    "a signed URL in a URL": leading_to(f"?next={quote(f'https://h/?sig={SECRET}', safe='')}"),
    "twice in a URL": leading_to(f"?next={quote(quote(f'https://h/?sig={SECRET}', safe=''), safe='')}"),
    "a fragment": leading_to(f"cb#access_token={SECRET}&x=1"),
    "a code of OAuth": leading_to(f"cb?code={SECRET}&state=1"),
}

BODIES = {
    name: transcript(body=body)
    for name, body in {
        "a token": json.dumps({"token": SECRET}),
        "JSON in JSON": json.dumps({"m": json.dumps({"password": SECRET})}),
        "JSON in JSON in JSON": json.dumps({"m": json.dumps({"n": json.dumps({"password": SECRET})})}),
        "names in camel case": json.dumps({"accessToken": SECRET, "refreshToken": SECRET}),
        "names of AWS": json.dumps({"SessionToken": SECRET, "SecretAccessKey": SECRET}),
        "spread out": f'{{"password"  :\n  "{SECRET}"}}',
        "docker's file": json.dumps({"auths": {"r.test": {"auth": PAIR}}}),
        "docker's file in base64": json.dumps(
            {
                ".dockerconfigjson": base64.b64encode(
                    b'{"auths":{"r.test":{"password":"%s"}}}' % SECRET.encode()
                ).decode()
            }
        ),
        "a header in JSON": json.dumps({"name": "Authorization", "value": f"Bearer {SECRET}"}),
        "a cookie in JSON": json.dumps({"name": "Cookie", "value": f"sid={SECRET}"}),
        "XML": f"<error><Password>{SECRET}</Password><SessionToken>{SECRET}</SessionToken></error>",
        "htpasswd": f"bob:$2y$05$abcdefghijklmnopqrstuv/{SECRET}",
        "YAML": f"username: bob\npassword: {SECRET}\n",
        "a key": f"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n{SECRET}\n-----END RSA PRIVATE KEY-----",
        "a key with a head": f"-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,12\n\n{SECRET}\n"
        "-----END RSA PRIVATE KEY-----",
    }.items()
}


def shared(data: bytes) -> bytes:
    prepared = prepare_imported(import_bytes(data, "paste"), ExportJob("paste"))
    return b"".join(export(prepared.material, "session")) + "\n".join(prepared.said).encode()


def holds(data: bytes) -> bool:
    coded = (base64.b64encode(b"\0" * skip + SECRET.encode())[4:-4] for skip in range(3))
    return SECRET.encode() in data or any(piece in data for piece in coded)


@pytest.mark.parametrize("places", [COMMANDS, HEADERS, URLS, BODIES], ids=["commands", "headers", "urls", "bodies"])
@pytest.mark.parametrize("number", range(25))
def test_it_is_masked_wherever_it_stands(places: dict[str, str], number: int) -> None:
    for name, text in [*places.items()][number::25]:
        assert SECRET in text or PAIR in text or ".docker" in text
        assert not holds(shared(text.encode())), name


def exchange(body: bytes, *headers: tuple[str, str], answer: bytes = b"") -> Exchange:
    request = Request("POST", Origin("https", "r.test", 443), "/t", Headers.of(*headers), body)
    response = Response(200, "OK", "HTTP/1.1", Headers.of(("Set-Cookie", f"s={SECRET}"), *headers), answer)
    return Exchange(1, 0, "", request, request, response)


def sharing(one: Exchange) -> Exchange:
    found: Exchange = redact(Session("m", 1.0, FlowCall(""), (one,))).session.exchanges[0]
    return found


@pytest.mark.parametrize("pack", [zlib.compress, zstandard.compress], ids=["deflate", "zstd"])
def test_a_secret_in_a_compressed_body_is_masked_and_the_body_can_be_read(pack: object) -> None:
    packed = pack(json.dumps({"said": f"it is {SECRET}"}).encode())  # type: ignore[operator] # one of two functions
    found = sharing(exchange(b"", answer=packed)).response
    assert found
    assert isinstance(found.body, bytes)
    assert b"masked-cookie-1" in (unpack(found.body) or b"")


def test_a_secret_that_is_split_over_chunks_is_masked() -> None:
    half = len(SECRET) // 2
    parts = [f"it is {SECRET[:half]}".encode(), SECRET[half:].encode()]
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
    found = sharing(exchange(body)).request.body
    assert isinstance(found, bytes)
    assert unchunked(found) == b"it is masked-cookie-1"


def test_a_compressed_body_that_is_cut_off_keeps_its_length_and_loses_the_secret() -> None:
    cut = zlib.compress(f"it is {SECRET}".encode() + bytes(range(256)))[:-40]
    found = sharing(exchange(cut)).request.body
    assert isinstance(found, bytes)
    assert len(found) == len(cut)
    assert SECRET.encode() not in zlib.decompressobj().decompress(found)


def test_a_body_that_cannot_be_looked_into_has_to_be_reviewed() -> None:
    one = exchange(b"\x8b\x02\x80\x81", ("Content-Encoding", "br"))
    suspects = redact(Session("m", 1.0, FlowCall(""), (one,))).suspects
    assert [(one.place, one.text) for one in suspects] == [
        ("the request's body of 1", "a body in br, which was not looked into")
    ]


@pytest.mark.parametrize("data", [b"", b"5\r\nabc", b"zz\r\n", b"3\r\nabcdef", b"0\r\n\r\n", b"10"])
def test_what_is_not_in_chunks_is_not_taken_for_it(data: bytes) -> None:
    assert unchunked(data) is None


def test_chunks_can_be_made_and_taken_apart() -> None:
    assert unchunked(chunked(b"x" * 300)) == b"x" * 300


@pytest.mark.parametrize("like", [zlib.compress(b"x"), zstandard.compress(b"x"), b"\x1f\x8b"])
@pytest.mark.parametrize("length", [0, 30, 300])
def test_what_is_packed_again_has_its_length_and_can_be_read(like: bytes, length: int) -> None:
    packed = packed_again(b"content " * 4, length, like)
    assert unpack(packed) in (b"content " * 4, b"")
    assert len(packed) == length or not length


@pytest.mark.parametrize("pack", [zlib.compress, zstandard.compress], ids=["deflate", "zstd"])
def test_what_is_made_to_unpack_to_too_much_is_not_looked_into(pack: object) -> None:
    bomb = pack(bytes(20_000_000))  # type: ignore[operator] # one of two functions
    assert unpack(bomb) is None
    one = exchange(bomb, ("Content-Encoding", "x"))
    assert [found.is_unseen for found in redact(Session("m", 1.0, FlowCall(""), (one,))).suspects] == [True]
