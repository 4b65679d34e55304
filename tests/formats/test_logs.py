"""Logs of clients and servers, line by line as their makers print them: what each tells becomes exchanges."""

from __future__ import annotations

import json

import pytest

from explorer.errors import FormatError
from explorer.formats.importing import Imported, import_bytes
from explorer.model import Exchange

ID = "2f219b1f-b8da-4cd8-98d1-5240d2592e88"
UPLOADS = "/v2/demo/app/blobs/uploads/"
DIGEST = f"sha256:{'9f' * 32}"

ORAS = f"""[2026-11-23T09:11:11.000000055Z][DEBUG]: --> Request #0
> Request URL: "https://reg.example/v2/demo/app/manifests/v1"
> Request method: "GET"
> Request headers:
   "User-Agent": "oras/1.3.3"
   "Authorization": "*****"
   "Accept": "a/b", "c/d"


[2026-11-23T09:11:11.010000000Z][DEBUG]: --> Request #1
> Request URL: "https://reg.example{UPLOADS}"
> Request method: "POST"
> Request headers:
   "User-Agent": "oras/1.3.3"


[2026-11-23T09:11:11.020000000Z][DEBUG]: <-- Response #1
< Response Status: "202 Accepted"
< Response headers:
   "Location": "https://reg.example{UPLOADS}{ID}?_state=REDACTED"
   No response body to print


[2026-11-23T09:11:11.030000000Z][DEBUG]: <-- Response #0
< Response Status: "404 Not Found"
< Response headers:
   "Content-Type": "application/json; charset=utf-8"
< Response body:
{{"errors":[{{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}}]}}


[2026-11-23T09:11:11.040000000Z][DEBUG]: --> Request #2
> Request URL: "https://reg.example/v2/"
> Request method: "GET"
> Request headers:


[2026-11-23T09:11:11.050000000Z][DEBUG]: <-- Response #2
Error in getting response: dial tcp 127.0.0.1:5000: connect: connection refused
"""

OLD_ORAS = """DEBU[0000] Request #0
> Request URL: "https://reg.example/v2/"
> Request method: "GET"
> Request headers:
   "User-Agent": "oras/0.16.0"
DEBU[0000] Response #0
< Response Status: "200 OK"
< Response headers:
   "Content-Length": "2"
"""

LOCATION = f"https://reg.example{UPLOADS}{ID}?_state=AAAA"
CONTAINERD = f"""time="2026-11-23T09:11:11.000000000Z" level=debug msg="do request" digest="{DIGEST}" \
mediatype=application/vnd.oci.image.layer.v1.tar+gzip request.header.accept="application/json, */*" \
request.header.user-agent=containerd/1.7.0 request.method=HEAD size=105 url="https://reg.example/v2/demo/app/blobs/{DIGEST}"
time="2026-11-23T09:11:11.100000000Z" level=debug msg="do request" digest="{DIGEST}" \
request.header.user-agent=containerd/1.7.0 request.method=POST size=105 url="https://reg.example{UPLOADS}"
time="2026-11-23T09:11:11.200000000Z" level=debug msg="fetch response received" digest="{DIGEST}" \
response.header.content-type=application/json response.status="404 Not Found" \
url="https://reg.example/v2/demo/app/blobs/{DIGEST}"
time="2026-11-23T09:11:11.300000000Z" level=debug msg="fetch response received" digest="{DIGEST}" \
response.header.location="{LOCATION}" response.header.x.1=two response.status="202 Accepted" url="https://reg.example{UPLOADS}"
"""

DOCKERD = CONTAINERD.replace(' url="', ' spanID=0123456789abcdef traceID=0123456789abcdef0123456789abcdef url="')

COMBINED = f"""172.17.0.1 - - [23/Nov/2026:09:11:11 +0000] "POST {UPLOADS} HTTP/1.1" 202 0 "-" "docker/24.0.5 go/go1.20"
172.17.0.1 - bob [23/Nov/2026:09:11:12 +0000] "PATCH {UPLOADS}{ID}?_state=AAAA HTTP/1.1" 413 183 "-" "docker/24"
"""
COMMON = '172.17.0.1 - - [23/Nov/2026:09:11:11 +0000] "GET /v2/ HTTP/1.1" 401 87\n'
TOO_LARGE = (
    "2026/11/23 09:11:12 [error] 29#29: *12 client intended to send too large body: 1073741824 bytes, "
    f'client: 172.17.0.1, server: reg.example, request: "PATCH {UPLOADS}{ID}?_state=AAAA HTTP/1.1", '
    'host: "reg.example"\n'
)
CLOSED = (
    "2026/11/23 09:11:13 [error] 29#29: *13 upstream prematurely closed connection while reading response header from "
    f'upstream, client: 172.17.0.1, server: , request: "PUT {UPLOADS}{ID} HTTP/1.1", '
    f'upstream: "http://127.0.0.1:5000{UPLOADS}{ID}", host: "reg.example:8443"\n'
)


def read(text: str) -> Imported:
    return import_bytes(text.encode(), "a log")


def told(text: str) -> list[tuple[str, str, int]]:
    return [(one.request.method, one.request.target, one.status) for one in read(text).session.exchanges]


def noted(exchange: Exchange, kind: str) -> list[str]:
    return [note.value for note in exchange.notes if note.kind == kind]


def test_oras_pairs_by_its_numbers() -> None:
    assert told(ORAS) == [("GET", "/v2/demo/app/manifests/v1", 404), ("POST", UPLOADS, 202), ("GET", "/v2/", 0)]


def test_oras_tells_headers_and_bodies() -> None:
    manifest, upload, last = read(ORAS).session.exchanges
    assert [row.value for row in manifest.request.headers if row.name == "Accept"] == ["a/b", "c/d"]
    assert manifest.response is not None
    assert b"MANIFEST_UNKNOWN" in bytes(manifest.response.body if isinstance(manifest.response.body, bytes) else b"")
    assert "request.authorization" in manifest.unknown
    assert "headers.order" in manifest.unknown
    assert upload.response is not None
    assert (upload.response.headers.get("Location") or "").startswith("https://reg.example")
    assert "response.body" not in upload.unknown
    assert last.error is not None
    assert "connection refused" in last.error.sentence


def test_oras_is_read_where_it_is_quoted() -> None:
    assert told("".join(f"> {line}\n" for line in ORAS.splitlines())) == told(ORAS)


def test_oras_before_1_3_is_read_too() -> None:
    assert told(OLD_ORAS) == [("GET", "/v2/", 200)]
    text = OLD_ORAS.replace("DEBU[0000] ", 'time="2026-11-23T09:11:11Z" level=debug msg=')
    assert told(text) == [("GET", "/v2/", 200)]


@pytest.mark.parametrize("log", [CONTAINERD, DOCKERD], ids=["containerd", "dockerd"])
def test_containerd_pairs_by_url_and_span(log: str) -> None:
    assert told(log) == [("HEAD", f"/v2/demo/app/blobs/{DIGEST}", 404), ("POST", UPLOADS, 202)]
    head, upload = read(log).session.exchanges
    assert head.request.headers.get("Accept") == "application/json, */*"
    assert "request.authorization" in head.unknown
    assert upload.response is not None
    assert upload.response.headers.get("Location") == LOCATION
    assert upload.response.headers.get("x") == "two"


def test_an_answer_without_its_request_stays_without() -> None:
    text = "\n".join(CONTAINERD.splitlines()[2:])
    assert [method for method, _, _ in told(text)] == ["?", "?"]


def test_a_log_that_only_looks_like_containerds_is_none() -> None:
    text = f'{OLD_ORAS}time="2026-11-23T09:11:11Z" level=debug msg="do request" request.method=GET\n'
    assert len(told(text)) == 1


def test_an_access_log_tells_method_target_and_status() -> None:
    assert told(COMBINED + COMMON) == [
        ("POST", UPLOADS, 202),
        ("PATCH", f"{UPLOADS}{ID}?_state=AAAA", 413),
        ("GET", "/v2/", 401),
    ]
    first = read(COMBINED).session.exchanges[0]
    assert first.request.headers.get("User-Agent") == "docker/24.0.5 go/go1.20"
    assert {"request.origin", "response.headers"} <= set(first.unknown)


def test_prose_with_quotes_is_no_access_log() -> None:
    assert told(COMMON + 'He said [x] "GET /v2/ HTTP/1.1" 200 and left.\n') == [("GET", "/v2/", 401)]


@pytest.mark.parametrize("text", [TOO_LARGE + COMBINED, COMBINED + TOO_LARGE], ids=["before", "after"])
def test_both_logs_of_nginx_tell_of_one_exchange(text: str) -> None:
    assert sorted(told(text)) == sorted(told(COMBINED))
    refused = next(one for one in read(text).session.exchanges if one.status == 413)
    assert "client intended to send too large body: 1073741824 bytes" in noted(refused, "server-said")
    assert not noted(refused, "status-guessed")
    assert "response.status" not in refused.unknown


@pytest.mark.parametrize(("line", "status"), [(TOO_LARGE, 413), (CLOSED, 502)])
def test_the_error_log_alone_is_a_guess_of_the_status(line: str, status: int) -> None:
    (one,) = read(line).session.exchanges
    assert one.status == status
    assert "response.status" in one.unknown
    assert noted(one, "status-guessed")


def test_the_error_log_names_the_host() -> None:
    (one,) = read(CLOSED).session.exchanges
    assert one.request.origin.authority == "reg.example:8443"


def test_a_complaint_that_names_no_answer_leaves_the_status_unknown() -> None:
    text = CLOSED.replace("upstream prematurely closed connection while", "an unheard-of thing happened while")
    (one,) = read(text).session.exchanges
    assert (one.status, one.response) == (0, None)


def test_a_line_of_the_error_log_without_a_request_is_dropped() -> None:
    imported = read(f"2026/11/23 09:11:12 [notice] 1#1: signal process started\n{TOO_LARGE}")
    assert len(imported.session.exchanges) == 1
    assert imported.dropped


REFUSED = """\
$ curl -v --bogus http://localhost:5000/v2/
curl: option --bogus: is unknown
curl: try 'curl --help' for more information
$ curl -X POST http://localhost:5000/v2/a -d
curl: option -d: requires parameter
$ curl -i http://localhost:5000/v2/ok
HTTP/1.1 200 OK

"""


def test_a_command_that_curl_did_not_take_has_sent_nothing_and_the_report_says_so() -> None:
    imported = import_bytes(REFUSED.encode(), "paste")
    assert [(one.request.target, one.status) for one in imported.session.exchanges] == [("/v2/ok", 200)]
    assert [line.partition(":")[0] for line in imported.dropped] == ["line 2", "line 5"]
    assert "option --bogus: is unknown" in imported.dropped[0]


def test_an_option_that_curl_does_not_have_is_in_the_report() -> None:
    imported = import_bytes(b"curl --bogus http://localhost:5000/v2/\n", "paste")
    assert "curl has no option --bogus" in imported.guessed[0]


@pytest.mark.parametrize(
    ("why", "kind"),
    [
        ("net::ERR_CONNECTION_RESET", "closed"),
        ("net::ERR_CONNECTION_REFUSED", "unreachable"),
        ("net::ERR_CERT_AUTHORITY_INVALID", "tls"),
        ("net::ERR_TIMED_OUT", "timeout"),
        ("net::ERR_ABORTED", "stopped"),
        ("net::ERR_BLOCKED_BY_CLIENT", ""),
        ("", ""),
    ],
)
def test_a_har_without_an_answer_says_no_more_than_its_source(why: str, kind: str) -> None:
    request = {"method": "PATCH", "url": "https://r.test/v2/a/b/blobs/uploads/x", "headers": []}
    entry = {"startedDateTime": "2026-11-24T00:00:00Z", "request": request, "response": {"status": 0, "_error": why}}
    har = json.dumps({"log": {"version": "1.2", "entries": [entry]}})
    one = import_bytes(har.encode(), "it.har").session.exchanges[0]
    assert (one.error.kind if one.error else "", one.basis, one.response) == (kind, "inferred", None)


@pytest.mark.parametrize("printed", ["404", "status: 404", "HTTP 404"])
def test_a_status_that_a_command_prints_is_that_of_its_answer(printed: str) -> None:
    text = f"$ curl -s -o /dev/null -w '%{{http_code}}\\n' http://localhost:5000/v2/a/tags/list\n{printed}\n"
    assert [one.status for one in import_bytes(text.encode(), "paste").session.exchanges] == [404]


def test_a_number_is_no_status_where_the_command_prints_none() -> None:
    one = import_bytes(b"$ curl -s http://localhost:5000/v2/a\n404\n", "paste").session.exchanges[0]
    assert one.response is None


PARALLEL = """\
$ curl -v -Z http://localhost:5000/v2/ http://localhost:5000/v2/_catalog
> GET /v2/ HTTP/1.1
> Host: localhost:5000
>
< HTTP/1.1 200 OK
< Content-Length: 2
<
{ [2 bytes data]
> GET /v2/_catalog HTTP/1.1
> Host: localhost:5000
>
{}< HTTP/1.1 404 Not Found
< Content-Length: 0
<
"""


def test_marks_of_data_before_a_head_are_passed_over() -> None:
    exchanges = import_bytes(PARALLEL.encode(), "paste").session.exchanges
    assert [(one.request.target, one.status) for one in exchanges] == [("/v2/", 200), ("/v2/_catalog", 404)]


def har_of(**entry: object) -> bytes:
    whole = {
        "startedDateTime": "2026-11-24T00:00:00Z",
        "request": {"method": "GET", "url": "https://r.test/v2/"},
        **entry,
    }
    return json.dumps({"log": {"version": "1.2", "entries": [whole]}}).encode()


@pytest.mark.parametrize("response", [None, {}, {"status": 0}, {"status": "200"}, {"status": 200, "content": None}])
def test_an_entry_of_a_har_with_little_in_it_is_read(response: object) -> None:
    assert len(import_bytes(har_of(response=response), "it.har").session.exchanges) == 1


@pytest.mark.parametrize("url", ["data:text/plain,abc", "blob:https://r.test/1", "chrome-extension://abc/x.js"])
def test_what_a_browser_did_besides_http_is_left_out(url: str) -> None:
    with pytest.raises(FormatError, match="no entry"):
        import_bytes(har_of(request={"method": "GET", "url": url}, response={"status": 200}), "it.har")
