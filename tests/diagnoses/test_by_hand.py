"""Mistakes of people who push by hand, and of what stands in front of a registry; each beside what "
"comes close to it."""

from __future__ import annotations

import base64
import json
import random
from dataclasses import replace

import pytest

from explorer.model import Exchange, Failure, Note
from tests.diagnoses.talking import DATA, DIGEST, OCTETS, found, in_a_row, made_up, names
from tests.diagnoses.test_near_misses import (
    API,
    BASIC,
    BEARER,
    BLOB,
    CLOSE,
    OPEN,
    TAG,
    TEN,
    UPLOAD,
    empty_close,
    error,
    moved,
    opened,
    patched,
)

NGINX = ("Server", "nginx/1.22.1")
PAGE = b"<html><head><title>%s</title></head><body><hr><center>nginx/1.22.1</center></body></html>"
PLAIN = b"Client sent an HTTP request to an HTTPS server.\n"
GO = ("Content-Type", "application/json; charset=utf-8")
BINARY = random.Random(1).randbytes(6000)


def refused(*headers: tuple[str, str], status: int = 401, challenge: tuple[str, str] = BEARER) -> list[Exchange]:
    return [made_up("POST", OPEN, *headers, status=status, answer=[challenge, API])]


def never_sent(target: str) -> list[Exchange]:
    error = Failure("unsendable", "curl says (3): URL using bad/illegal format or missing URL")
    return in_a_row(opened(), made_up("PUT", target, error=error, basis="inferred"))


def by_nginx(status: int, title: bytes = b"", method: str = "PUT", target: str = CLOSE) -> Exchange:
    return made_up(method, target, TEN, body=DATA, status=status, answer=[NGINX], says=PAGE % title)


def mismatch(body: bytes, *headers: tuple[str, str]) -> Exchange:
    length = ("Content-Length", str(len(body)))
    agent = ("User-Agent", "curl/7.88.1")
    says = error("DIGEST_INVALID")
    return made_up("PUT", CLOSE, agent, OCTETS, length, *headers, body=body, status=400, says=says, answer=[API, GO])


def not_told(length: int) -> Exchange:
    """Return a refused PUT of which a transcript of curl -v tells the head, and not the body."""
    exchange = mismatch(b"")
    request = replace(exchange.request, headers=exchange.request.headers.set("Content-Length", str(length)))
    return replace(exchange, request=request, unknown=("request.body",), basis="inferred")


def full(detail: object, status: int = 500) -> Exchange:
    return made_up(
        "PATCH", UPLOAD, TEN, body=DATA, status=status, says=error("UNKNOWN", "unknown error", detail), answer=[API]
    )


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (f"{UPLOAD}?_state=ab\r&digest={DIGEST}", "a line end is in it"),
        (f"{UPLOAD}?_state=ab&digest={DIGEST}  layer.tar", "a blank is in it"),
        (f"{UPLOAD}?_state=ab&digest={{", "it is none"),
    ],
)
def test_a_url_that_the_client_did_not_take(target: str, words: str) -> None:
    (finding,) = found(never_sent(target))
    assert finding.rule == "url-malformed"
    assert words in finding.what


def test_a_url_without_its_location_is_a_consequence_of_the_refusal_before_it() -> None:
    refusal = made_up("POST", OPEN, status=405, says=b"Method not allowed", answer=[API, ("Allow", "GET, HEAD")])
    assert names(in_a_row(refusal, *never_sent("/")[1:])) == ["read-only"]


@pytest.mark.parametrize(
    "exchange",
    [
        by_nginx(414, b"414 Request-URI Too Large"),
        by_nginx(400, b"400 Request Header Or Cookie Too Large"),
        made_up("GET", TAG, status=431),
    ],
)
def test_a_head_that_is_too_large(exchange: Exchange) -> None:
    assert names([exchange]) == ["head-too-large"]


def test_two_addresses_that_redirect_to_each_other() -> None:
    (finding,) = found(in_a_row(moved("/v2"), moved("/v2/", target="/v2")))
    assert finding.rule == "redirect-loop"
    assert finding.exchanges == (1, 2)


def test_a_slash_that_a_proxy_takes_off_is_its_affair() -> None:
    (finding,) = found([moved("/v2/a/b/blobs/uploads", "POST", OPEN)])
    assert (finding.rule, finding.who) == ("uploads-no-trailing-slash", "proxy")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_login_page_is_no_place_for_an_upload(method: str) -> None:
    target = OPEN if method == "POST" else "/v2/"
    (finding,) = found([moved("https://sso.test/login?next=/v2/", method, target)])
    assert (finding.rule, finding.edit) == ("redirected-to-a-page", None)


def test_a_redirect_that_keeps_the_method_has_to_be_followed() -> None:
    hop = made_up("POST", OPEN, status=308, answer=[("Location", f"http://registry.test{OPEN}")])
    assert names([hop]) == ["upload-redirected"]
    assert names(in_a_row(hop, replace(opened(), basis="observed"))) == []


def test_a_post_that_misses_an_upload_was_none_when_it_arrived() -> None:
    answer = made_up("POST", OPEN, status=404, says=error("BLOB_UPLOAD_UNKNOWN"), answer=[API])
    assert names([answer]) == ["post-became-get"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Bearer", "nothing stands after"),
        ("Bearer null", "'null' stands"),
        ('Bearer {"token":"x"}', "the whole JSON"),
        ('Bearer "abc"', "quotation marks"),
        ("Bearer $TOKEN", "a variable"),
        ("Bearer Bearer abc", "twice"),
        ("Basic ann:secret", "not put into base64"),
        (f"Basic {base64.b64encode(b'ann:secret' + bytes([10])).decode()}", "line feed"),
        (f"Basic {base64.b64encode(b'annsecret').decode()}", "no colon"),
    ],
)
def test_what_stands_where_credentials_belong(value: str, words: str) -> None:
    challenge = BASIC if value.startswith("Basic") else BEARER
    (finding,) = found(refused(("Authorization", value), challenge=challenge))
    assert finding.rule == "authorization-malformed"
    assert words in finding.what
    assert "secret" not in finding.what + finding.proof


def test_a_login_that_was_forgotten_on_the_way_to_the_location() -> None:
    begun = made_up("POST", OPEN, ("Authorization", "Basic eDp5"), status=202, answer=[("Location", UPLOAD)])
    (finding,) = found(in_a_row(begun, made_up("PUT", CLOSE, TEN, body=DATA, status=401, answer=[BASIC, API])))
    assert "exchange 1, which opened this upload, had one" in finding.proof
    assert "curl -u NAME with every command" in finding.fix


def test_a_chunk_that_was_sent_twice() -> None:
    pieces = in_a_row(opened(), patched(), patched(range="0-19"), empty_close())
    (finding,) = found(pieces)
    assert (finding.rule, finding.exchanges) == ("chunk-sent-twice", (2, 3, 4))


def test_a_chunk_out_of_order_that_was_taken_explains_the_digest() -> None:
    far = patched(("Content-Range", "10-19"))
    assert names(in_a_row(opened(), far, empty_close())) == ["chunk-out-of-order"]


def test_nothing_was_sent() -> None:
    warning = 'Warning: Couldn\'t read data from file "layer.tar", this makes an empty POST.'
    (finding,) = found(in_a_row(opened(), empty_close()), notes=(warning,))
    assert (finding.rule, finding.proof, finding.edit) == ("no-bytes-sent", warning, None)


def test_the_name_of_a_file_in_the_place_of_the_file() -> None:
    assert names(in_a_row(opened(), mismatch(b"./out/layer.tar"))) == ["curl-data-without-at"]


def test_the_name_of_a_file_in_a_command() -> None:
    command = f"$ curl -X PUT --data-binary layer.tar 'http://registry.test{CLOSE}'"
    unseen = not_told(9)
    assert names(in_a_row(opened(), unseen), notes=(command,)) == ["curl-data-without-at"]
    with_at = command.replace("layer.tar", "@layer.tar")
    assert names(in_a_row(opened(), unseen), notes=(with_at,)) == ["digest-mismatch"]


def test_a_length_that_was_typed() -> None:
    command = f"$ curl -X PUT -H 'Content-Length: 10' --data-binary @layer.tar 'http://registry.test{CLOSE}'"
    unseen = not_told(10)
    assert names(in_a_row(opened(), unseen), notes=(command,)) == ["curl-own-content-length"]


def test_a_head_that_waits_for_a_body() -> None:
    said = "curl says (28): Operation timed out after 2001 milliseconds with 0 out of 10 bytes received"
    head = replace(
        made_up("HEAD", BLOB, status=200, answer=[TEN, API]),
        notes=(Note("client-said", f"After the answer, {said}", said),),
    )
    assert names([head]) == ["curl-head-by-x"]


@pytest.mark.parametrize(
    ("body", "rule"),
    [(BINARY.translate(None, b"\n\r\0"), "curl-d-strips-newlines"), (BINARY, "digest-mismatch")],
)
def test_bytes_that_lack_three_of_their_kinds(body: bytes, rule: str) -> None:
    assert names(in_a_row(opened(), mismatch(body))) == [rule]


@pytest.mark.parametrize(
    ("detail", "what"),
    [
        (
            {"DriverName": "filesystem", "Enclosed": {"Op": "write", "Path": "/x", "Err": 28}},
            "the registry's disk is full",
        ),
        ("write /x/data: no space left on device", "the registry's disk is full"),
        ("filesystem: mkdir /x: read-only file system", "the registry's disk is mounted read-only"),
        ("filesystem: mkdir /x: permission denied", "the registry may not write where it stores"),
        ("s3aws: connection reset", "the registry's storage failed"),
    ],
)
def test_what_the_system_says_of_a_disk(detail: object, what: str) -> None:
    (finding,) = found([full(detail)])
    assert (finding.rule, finding.what) == ("storage-error", what)


def test_nginx_does_not_mean_a_registry_that_is_down_by_503() -> None:
    (finding,) = found([by_nginx(503, b"503 Service Temporarily Unavailable")])
    assert (finding.rule, finding.who) == ("health-503", "proxy")
    assert "limit" in finding.what


def test_a_proxy_that_speaks_plain_http_to_tls() -> None:
    answer = made_up("GET", "/v2/", status=400, answer=[NGINX], says=PLAIN)
    (finding,) = found([answer])
    assert (finding.rule, finding.who, finding.edit) == ("http-to-https-port", "proxy", None)


def test_a_client_that_speaks_plain_http_to_tls() -> None:
    (finding,) = found([made_up("GET", "/v2/", status=400, says=PLAIN)])
    assert (finding.rule, finding.who) == ("http-to-https-port", "client")


def test_a_cache_of_nginx_tells_of_itself() -> None:
    stale = made_up("HEAD", BLOB, status=404, answer=[NGINX, ("X-Cache-Status", "HIT")])
    close = made_up("PUT", CLOSE, TEN, body=DATA, status=201, answer=[("Location", BLOB), API])
    assert names(in_a_row(opened(), close, stale)) == ["caching-proxy-stale-404"]


def test_a_tag_with_a_slash() -> None:
    (finding,) = found([made_up("PUT", "/v2/a/manifests/feature/x", status=404, says=b"404 page not found\n")])
    assert (finding.rule, finding.what) == ("tag-grammar", "'feature/x' is no tag: a slash is in it")


def test_the_address_of_the_registry_within_the_name() -> None:
    answer = made_up(
        "POST", "/v2/127.0.0.1:5000/a/blobs/uploads/", status=500, says=error("UNKNOWN", "", {"Path": "/"})
    )
    (finding,) = found([answer])
    assert finding.rule == "repo-name-grammar"
    assert "no part of the name" in finding.fix


def test_a_manifest_that_distribution_2_could_not_read() -> None:
    says = error("MANIFEST_INVALID", "manifest invalid", {"Offset": 1})
    unseen = made_up("PUT", TAG, ("Content-Type", "application/vnd.oci.image.manifest.v1+json"), status=400, says=says)
    assert names([replace(unseen, unknown=("request.body",))]) == ["manifest-not-json"]


def test_a_wrong_size_stays_wrong_however_well_things_go_on() -> None:
    layer = {"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": DIGEST, "size": 9}
    kind = "application/vnd.oci.image.manifest.v1+json"
    document = json.dumps({"schemaVersion": 2, "mediaType": kind, "config": {**layer, "size": 10}, "layers": [layer]})
    body = document.encode()
    close = made_up("PUT", CLOSE, TEN, body=DATA, status=201, answer=[("Location", BLOB), API])
    put = made_up("PUT", TAG, ("Content-Type", kind), body=body, status=201, answer=[("Location", TAG)])
    later = made_up("GET", "/v2/a/b/tags/list", status=200, says=b'{"tags":["v1"]}')
    assert names(in_a_row(opened(), close, put, later)) == ["wrong-descriptor-size"]


def test_a_body_that_is_right_and_arrives_wrong_is_the_proxys() -> None:
    says = error("DIGEST_INVALID", "provided digest did not match", {"Digest": DIGEST, "Reason": {}})
    close = made_up("PUT", CLOSE, OCTETS, TEN, body=DATA, status=400, says=says, answer=[API])
    (finding,) = found(in_a_row(opened(), close))
    assert (finding.rule, finding.who, finding.edit) == ("digest-mismatch", "proxy", None)


@pytest.mark.parametrize("location", ["#part", "javascript:alert(1)", "file:///etc/passwd", "http://[::1/x"])
def test_a_location_that_is_no_address(location: str) -> None:
    (finding,) = found([opened(location)])
    assert (finding.rule, finding.what) == ("location-missing", "the Location is no address that a request can go to")


def test_a_location_without_a_scheme_leads_to_another_host_all_the_same() -> None:
    assert names([opened("//other.test/x")]) == ["location-internal-host"]


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("conflicting Content-Length headers", "the answer is not as HTTP has it"),
        ("illegal chunk header: bytearray(b'ZZ')", "the answer is not as HTTP has it"),
        ("peer closed connection without sending complete message body", "the answer broke off"),
    ],
)
def test_an_answer_that_breaks_the_rules_is_not_one_that_broke_off(words: str, what: str) -> None:
    failure = Failure("closed", f"The answer of http://registry.test broke off or is malformed: {words}.")
    (finding,) = found([made_up("GET", "/v2/", status=200, error=failure)])
    assert (finding.rule, finding.what) == ("answer-cut-off", what)


@pytest.mark.parametrize(
    ("happened", "what"),
    [
        ("is malformed: its head has the line `x`", "the answer is not as HTTP has it"),
        ("broke off: the connection was closed before its head was whole", "the answer broke off"),
    ],
)
@pytest.mark.parametrize("status", [0, 200])
def test_a_malformed_answer_is_told_from_one_that_broke_off(happened: str, what: str, status: int) -> None:
    failure = Failure("closed", f"The answer of http://registry.test {happened}.")
    (finding,) = found([made_up("GET", "/v2/", status=status, error=failure)])
    assert (finding.rule, finding.what) == ("answer-cut-off", what)


def test_a_realm_that_is_no_address() -> None:
    (finding,) = found(refused(challenge=("WWW-Authenticate", 'Bearer realm="file:///etc/passwd",service="s"')))
    assert (finding.rule, finding.what) == ("realm-unreachable", "the challenge names no address of a token service")


def test_an_upload_that_200_opens_is_none() -> None:
    (finding,) = found([made_up("POST", OPEN, status=200, says=b"{}")])
    assert (finding.rule, finding.certainty) == ("not-a-registry", "likely")


def test_a_redirect_to_itself_is_a_loop() -> None:
    assert names([moved("/v2/")]) == ["redirect-loop"]


def test_redirects_that_a_client_gave_up_on() -> None:
    failure = Failure("closed", 'The client says: Get "/v2/": stopped after 10 redirects')
    assert names([made_up("GET", "/v2/", error=failure)]) == ["redirect-loop"]


def test_503_of_nobody_that_can_be_told() -> None:
    unseen = made_up("HEAD", BLOB, status=503)
    (finding,) = found([replace(unseen, unknown=("response.headers", "response.body"))])
    assert (finding.rule, finding.otherwise != ()) == ("health-503", True)
