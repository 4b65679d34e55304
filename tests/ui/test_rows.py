"""Rows of the panes, without a screen."""

from __future__ import annotations

import base64
import json

import pytest

from explorer.account import Account
from explorer.insight import Insight
from explorer.model import Exchange, FlowCall, Headers, Origin, Request, Response
from explorer.state import State
from explorer.stepping import Done
from explorer.ui.contents import meaning_contents
from explorer.ui.pointing import Line, Pointed
from explorer.ui.rows import answer_lines, location_rows, request_lines
from explorer.ui.rows.accounts import account_rows
from explorer.ui.text import cut, joined, row_width, words, wrapped

REGISTRY = Origin("http", "127.0.0.1", 5000)


def upload(name: str, uuid: str) -> str:
    """Return the path of an upload, with a state token of distribution that says these."""
    fields = {"Name": name, "UUID": uuid, "Offset": 0, "StartedAt": "2026-11-24T10:00:00Z"}
    token = base64.urlsafe_b64encode(bytes(32) + json.dumps(fields).encode()).decode()
    return f"/v2/t/r/blobs/uploads/4f?_state={token}"


def opened(location: str) -> Exchange:
    """Return the opening of an upload."""
    request = Request("POST", REGISTRY, "/v2/t/r/blobs/uploads/")
    return Exchange(1, 0, "", request, request, Response(202, "", "HTTP/1.1", Headers.of(("Location", location))))


@pytest.mark.parametrize("width", [40, 53, 58, 66, 120])
def test_the_signs_of_a_full_bar_stand_in_one_row(width: int) -> None:
    account = Account("/v2/t/r/blobs/uploads/4f", (1, 2), 30_743, 30_743, 30_743, 30_743)
    _, bar, signs, *_ = account_rows(account, width)
    assert joined([signs]).strip() == "sac"
    assert max(row_width(bar), row_width(signs)) <= width


def test_a_state_token_for_another_repository_or_upload_stands_out() -> None:
    said = joined(location_rows(opened(upload("other", "50"))))
    assert "other  ≠ repository in the path" in said
    assert "50  ≠ upload in the path" in said


def test_a_state_token_that_fits_says_so_and_nothing_else() -> None:
    said = joined(location_rows(opened(upload("t/r", "4f"))))
    assert "= repository in the path" in said
    assert "≠" not in said


def test_a_request_shows_no_credential_of_its_target_or_form_and_all_else() -> None:
    signature = "5f0e1d2c3b4a5968778695a4b3c2d1e0f0e1d2c3b4a596877869"
    target = f"/bucket/blob?X-Amz-Expires=300&X-Amz-Signature={signature}"
    form = b"grant_type=password&username=anna&password=s3cretWord99"
    said = joined(line.row for line in request_lines(Request("GET", REGISTRY, target)))
    assert signature not in said
    assert "/bucket/blob?X-Amz-Expires=300&X-Amz-Signature=" in said
    typed = Headers.of(("Content-Type", "application/x-www-form-urlencoded"))
    said = joined(line.row for line in request_lines(Request("POST", REGISTRY, "/token", typed, form)))
    assert "s3cretWord99" not in said
    assert "grant_type=password&username=anna&password=" in said


def test_what_left_without_an_answer_stands_below_the_bar() -> None:
    rows = [*account_rows(Account("/v2/t/r/blobs/uploads/4f", (1, 2), 10, 10, size=40, unanswered=7), 80)]
    assert "7 more left, and no answer says what became of them" in joined(rows)
    whole = [*account_rows(Account("/v2/t/r/blobs/uploads/4f", (1, 2), 10, 10, size=40), 80)]
    assert "no answer" not in joined(whole)


def test_what_fits_is_cut_between_words() -> None:
    row = next(row for row in location_rows(opened(upload("t/r", "4f"))) if "upload in the path" in joined([row]))
    assert joined(wrapped(row, 30)).split()[-4:] == ["upload", "in", "the", "path"]


def test_every_error_of_a_body_is_laid_out_with_the_registrys_own_words() -> None:
    errors = [
        {"code": "DENIED", "message": "repository policy forbids it", "detail": {"policy": 7}},
        {"code": "HOUSE_RULE", "message": "not on Sundays"},
    ]
    request = Request("PUT", REGISTRY, "/v2/t/r/manifests/v1")
    body = json.dumps({"errors": errors}).encode()
    answered = Exchange(1, 0, "", request, request, Response(403, "Forbidden", "HTTP/1.1", Headers(), body))
    said = joined(line.row for line in answer_lines(answered))
    assert '  message repository policy forbids it\n  detail  {"policy": 7}\n' in said
    assert "HOUSE_RULE" in said
    assert "  message not on Sundays" in said


CLAIMS = {"sub": "ci", "access": [{"type": "repository", "name": "a/b", "actions": ["pull", "push"]}]}
TOKEN = ".".join(
    base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "RS256"}, CLAIMS, "s")
)


def pointed_at(value: str, name: str = "Authorization") -> str:
    """Return what is said of a header of a request that carries the token of an earlier answer."""
    insight = Insight(FlowCall("", {}))
    asked = Request("GET", REGISTRY, "/token")
    body = json.dumps({"token": TOKEN}).encode()
    used = Request("GET", REGISTRY, "/v2/", Headers.of((name, value)))
    exchanges = (
        Exchange(1, 0, "", asked, asked, Response(200, "OK", "HTTP/1.1", Headers(), body)),
        Exchange(2, 1, "", used, used, Response(200, "OK", "HTTP/1.1")),
    )
    insight.follow(exchanges)
    state = State(1, "", "", exchanges, (1, 2), Done(""), ())
    line = next(line for line in request_lines(used, exchange=2) if line.about and line.about.name == name)
    of_header = meaning_contents(state, 2, insight, line.about, 80)
    of_body = meaning_contents(state, 1, insight, Pointed(1, "answer", "body"), 80)
    return joined(line.row if isinstance(line, Line) else line for line in (*of_header.lines, *of_body.lines))


def test_a_token_is_decoded_where_it_is_masked_and_never_shown() -> None:
    said = pointed_at(f"Bearer {TOKEN}")
    assert said.count("JSON Web Token, decoded (this registry's habit)") == 2
    assert "pull,push on repository a/b" in said
    assert "token of 1 (inferred)" in said
    assert TOKEN[:12] not in said


def test_the_user_of_basic_credentials_is_told_and_the_password_is_not() -> None:
    said = pointed_at("Basic " + base64.b64encode(b"ci-bot:hunter22").decode())
    assert "ci-bot" in said
    assert "masked" in said
    assert "hunter22" not in said


def test_a_tag_that_is_too_wide_is_cut_and_keeps_its_end() -> None:
    row = (words("← "), words("scope of the challenge of 12"))
    assert row_width(cut(row, 20)) == 20
    assert joined([cut(row, 20)]).endswith("of 12")
    assert cut(row, 40) == row
    assert cut((), -3) == ()
