"""What went well yields nothing above a hint; and one cause is one finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.diagnoses import Diagnosis
from explorer.flows.push_blob import Shape
from explorer.jobs import PullJob, PushJob, open_pull, open_push
from explorer.model import Failure
from explorer.practice import PracticeRegistry, personalities
from tests.diagnoses.conftest import With
from tests.diagnoses.talking import DATA, DIGEST, found, in_a_row, lower_case, made_up, names

ALIKE = sorted(personalities())


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize("like", ["distribution-2", "distribution-3", "zot", "quay", "specification"])
def test_a_push_and_a_pull_that_went_well_yield_nothing(tmp_path: Path, shape: Shape, like: str) -> None:
    with PracticeRegistry(manner=personalities()[like]) as registry:
        target = f"{registry.origin.authority}/demo/app:v1"
        schema = "oci"
        push = open_push(PushJob(target=target, shape=shape, schema=schema, recording=str(tmp_path / "a.jsonl")))
        list(push.run())
        pull = open_pull(PullJob(target, str(tmp_path / "out"), recording=str(tmp_path / "b.jsonl")))
        list(pull.run())
    for bench in (push, pull):
        bench.close()
        assert bench.state.status == 0
        assert names(bench.state.exchanges) == []
        assert {finding.certainty for finding in found(bench.state.exchanges, everything=True)} <= {"hint"}


def test_what_is_normal_is_no_finding(practice: With) -> None:
    talk = practice()
    talk.ask("HEAD", f"/v2/t/r/blobs/{DIGEST}")
    talk.push()
    talk.put(talk.at(talk.open(query=f"?mount={DIGEST}&from=other/r")), DATA)
    assert names(talk) == []


def test_the_first_401_is_no_finding_once_a_token_has_helped(practice: With) -> None:
    from tests.diagnoses.test_faults import logged_in

    talk = practice(auth=True)
    talk.open()
    logged_in(talk)
    assert talk.exchanges[-1].status == 202
    assert names(talk) == []


def test_a_challenge_at_the_very_end_is_told() -> None:
    challenge = ("WWW-Authenticate", 'Bearer realm="https://auth.test/token",service="x",scope="repository:a:pull"')
    exchange = made_up("GET", "/v2/a/tags/list", status=401, answer=[challenge])
    assert names([exchange]) == ["auth-required"]


def test_a_challenge_in_a_session_under_way_is_not_told_yet() -> None:
    challenge = ("WWW-Authenticate", 'Bearer realm="https://auth.test/token",service="x"')
    live = Diagnosis()
    live.feed(made_up("GET", "/v2/", status=401, answer=[challenge]))
    assert live.findings() == ()


def test_a_retry_that_worked_is_no_finding() -> None:
    failed = made_up("GET", f"/v2/a/blobs/{DIGEST}", status=502, answer=[("Server", "nginx")], says=b"<html>502</html>")
    worked = made_up("GET", f"/v2/a/blobs/{DIGEST}", status=200, says=DATA)
    assert names(in_a_row(failed, worked)) == []
    assert names([failed]) == ["bad-gateway"]


def test_what_somebody_had_to_mend_is_still_told() -> None:
    wrong = made_up("POST", "/v2/a/blobs/uploads", ("User-Agent", "curl/8.5.0"), status=404, says=b"404 page not found")
    right = made_up("POST", "/v2/a/blobs/uploads/", ("User-Agent", "curl/8.5.0"), status=202)
    assert "uploads-no-trailing-slash" in names(in_a_row(wrong, right))


def test_one_cause_is_one_finding_however_often_it_shows() -> None:
    page = b"<html><center><h1>413</h1></center><hr><center>nginx</center></html>"
    upload = "/v2/a/blobs/uploads/{}"
    sizes = range(5, 14)
    row = [
        made_up("PATCH", upload.format(n), ("Content-Length", str(n)), body=bytes(n), status=413, says=page)
        for n in sizes
    ]
    (finding,) = found(in_a_row(*row))
    assert (finding.rule, finding.exchanges) == ("nginx-413", tuple(range(1, 10)))


def test_names_of_headers_in_lower_case_make_no_difference(practice: With) -> None:
    talk = practice("location-internal-host")
    talk.open()
    plain = [(finding.rule, finding.what, finding.proof) for finding in found(talk)]
    assert plain == [
        (finding.rule, finding.what, finding.proof) for finding in found(list(map(lower_case, talk.exchanges)))
    ]
    assert plain


def test_a_growing_row_is_followed_from_where_it_was_left(practice: With) -> None:
    talk = practice("nginx-413=9")
    live = Diagnosis()
    talk.open()
    live.follow(talk.exchanges)
    talk.patch(talk.at(talk.exchanges[-1]))
    live.follow(talk.exchanges)
    assert [finding.rule for finding in live.findings()] == ["nginx-413"]


def test_a_try_at_tls_before_plain_http_is_no_finding() -> None:
    tried = made_up("", "/", error=Failure("not-http", "The client began in TLS, and the recorder did not"))
    worked = made_up("GET", "/v2/", status=200)
    assert names(in_a_row(tried, worked)) == []
    assert names([tried]) == ["https-to-http-port"]


def test_a_body_that_nobody_asked_for_is_not_too_short() -> None:
    error = Failure("unreachable", "The host 'registry' cannot be found")
    (finding,) = found([made_up("PATCH", "/v2/a/blobs/uploads/x", ("Content-Length", "99"), error=error)])
    assert finding.rule == "host-unreachable"
