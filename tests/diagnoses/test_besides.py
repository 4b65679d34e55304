"""Error lines beside exchanges: what a client said last counts, what belongs to an exchange is not told twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.jobs.diagnosing import Diagnosed, diagnose_file

OPENED = """$ curl -v -X POST http://reg.test/v2/a/b/blobs/uploads/
> POST /v2/a/b/blobs/uploads/ HTTP/1.1
> Host: reg.test
> User-Agent: curl/7.88.1
>
< HTTP/1.1 202 Accepted
< Content-Length: 0
< X-Quota-Remaining: 12
< Docker-Distribution-Api-Version: registry/2.0
< Location: http://reg.test/v2/a/b/blobs/uploads/4f
< Range: 0-0
<
* Connection #0 to host reg.test left intact
"""
PUSH = "$ docker push reg.test/a/b:1\nThe push refers to repository [reg.test/a/b]\n5f70bf18a086: Pushing  1.024kB\n"
REFUSED = """$ curl -v -X POST http://reg.test/v2/A/b/blobs/uploads/
> POST /v2/A/b/blobs/uploads/ HTTP/1.1
> Host: reg.test
>
< HTTP/1.1 404 Not Found
< Content-Type: text/plain; charset=utf-8
<
404 page not found
"""
NGINX = "2026/01/01 10:00:00 [error] 31#31: *1 client intended to send too large body: 1048577 bytes"


def told(tmp_path: Path, text: str) -> Diagnosed:
    path = tmp_path / "paste.txt"
    path.write_text(text)
    return diagnose_file(str(path))


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("unknown blob", "patch-became-get-unknown-blob"),
        ("denied: requested access to the resource is denied", "denied"),
        ("Error parsing HTTP response: invalid character '<' looking for beginning of value", "html-instead-of-json"),
        ('time="2026-11-24T05:56:39Z" level=fatal msg="writing blob: manifest invalid"', "manifest-generic-type"),
        ("Error response from daemon: toomanyrequests: too many", "rate-limited"),
    ],
)
@pytest.mark.parametrize("before", ["", PUSH])
def test_the_last_line_of_a_client_counts_beside_exchanges(tmp_path: Path, line: str, rule: str, before: str) -> None:
    diagnosed = told(tmp_path, f"{OPENED}{before}{line}\n")
    assert [finding.rule for finding in diagnosed.findings] == [rule]
    assert f"the line says: {line}" in diagnosed.findings[0].proof


def test_a_request_that_only_the_last_line_names_is_inferred(tmp_path: Path) -> None:
    line = "ERROR: unexpected status from PUT request to http://reg.test/v2/a/b/blobs/uploads/4f: 502 Bad Gateway"
    diagnosed = told(tmp_path, f"{OPENED}{line}\n")
    assert [(one.request.method, one.status, one.basis) for one in diagnosed.exchanges] == [
        ("POST", 202, "observed"),
        ("PUT", 502, "inferred"),
    ]
    assert [finding.rule for finding in diagnosed.findings] == ["bad-gateway"]


def test_a_request_that_is_there_already_is_not_inferred_again(tmp_path: Path) -> None:
    line = "Error: POST http://reg.test/v2/A/b/blobs/uploads/: unexpected status code 404 Not Found"
    diagnosed = told(tmp_path, f"{REFUSED}{line}\n")
    assert len(diagnosed.exchanges) == 1
    assert [finding.rule for finding in diagnosed.findings] == ["repo-uppercase"]


def test_a_line_that_only_suspects_is_not_told_beside_what_explains(tmp_path: Path) -> None:
    assert [finding.rule for finding in told(tmp_path, f"{REFUSED}blob upload unknown\n").findings] == [
        "repo-uppercase"
    ]


@pytest.mark.parametrize("line", ["", "5f70bf18a086: Pushed", 'time="x" level=error msg="blob unknown to registry"'])
def test_what_a_log_or_a_progress_says_is_no_last_word(tmp_path: Path, line: str) -> None:
    assert told(tmp_path, f"{OPENED}{line}\n").findings == ()


def test_the_error_log_of_a_proxy_is_a_hint_where_all_went_well(tmp_path: Path) -> None:
    (finding,) = told(tmp_path, f"{OPENED}{NGINX}\n").findings
    assert (finding.rule, finding.certainty) == ("nginx-413", "hint")


def test_the_client_is_the_one_that_failed_and_not_the_one_that_was_tried_beside_it(tmp_path: Path) -> None:
    client = told(tmp_path, f"{OPENED}{PUSH}unknown blob\n").parties.client
    assert client.name == "docker"
    assert any("curl" in words for words in client.evidence)


def test_the_client_of_the_exchanges_stays_where_its_own_failure_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, f"{OPENED}curl: (52) Empty reply from server\n").parties.client.name == "curl"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("before", ["", "one more byte"])
def test_the_last_line_of_a_long_log_counts(tmp_path: Path, encoding: str, before: str) -> None:
    line = "#9 [build 3/9] RUN something that says nothing of use\n"
    text = f"{before}{line * 30_000}unexpected status from PUT request to https://reg.test/v2/a/b/manifests/v1: 413\n"
    (tmp_path / "build.log").write_text(text, encoding)
    diagnosed = diagnose_file(str(tmp_path / "build.log"))
    assert [finding.rule for finding in diagnosed.findings] == ["nginx-413"]


def test_the_first_line_of_a_long_log_counts_as_well(tmp_path: Path) -> None:
    text = f"denied: requested access to the resource is denied\n{'nothing of use here' * 5}\n" * 1
    (tmp_path / "build.log").write_text(text + "nothing that is of use\n" * 90_000)
    assert [one.rule for one in diagnose_file(str(tmp_path / "build.log")).findings] == ["denied"]
