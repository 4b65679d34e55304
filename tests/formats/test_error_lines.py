"""An error line that stands alone is opened for what it names; what it does not say is unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.errors import FormatError
from explorer.formats.importing import import_bytes
from explorer.jobs.diagnosing import diagnose_file

URL = "https://reg.example/v2/demo/app/blobs/uploads/9b?_state=x"
NAMING = {
    "buildkit": (
        f"ERROR: failed to push reg.example/demo/app:v1: unexpected status from PUT request to {URL}: 400 Bad Request",
        ("PUT", 400, ""),
    ),
    "containerd": (
        f"ctr: unexpected status from POST request to {URL}: 413 Request Entity Too Large",
        ("POST", 413, ""),
    ),
    "docker": (
        f'Error response from daemon: Get "{URL}": x509: certificate signed by unknown authority',
        ("GET", 0, "tls"),
    ),
}
SAYING = {
    'failed commit on ref "layer-sha256:2c26b46b": unexpected status: 500 Internal Server Error': "failed",
    "denied: requested access to the resource is denied": "the account may not do this",
    "error parsing HTTP 413 response body: invalid character '<' looking for beginning of value": "a web page came",
}


@pytest.mark.parametrize(("line", "told"), NAMING.values(), ids=NAMING)
@pytest.mark.parametrize("around", ["{}\n", "> {}\r\n", "\x1b[31m{}\x1b[0m", "It says:\n\n```\n{}\n```\n"])
def test_a_line_that_names_a_request_is_opened(line: str, told: tuple[str, int, str], around: str) -> None:
    imported = import_bytes(around.format(line).encode(), "a paste")
    (exchange,) = imported.session.exchanges
    error = exchange.error.kind if exchange.error else ""
    assert (exchange.request.method, exchange.status, error) == told
    assert exchange.request.url == URL
    assert exchange.basis == "inferred"
    assert {"request.headers", "response.headers"} <= set(exchange.unknown)
    assert "is unknown" in imported.remark


@pytest.mark.parametrize(("line", "said"), SAYING.items(), ids=["commit", "denied", "413"])
def test_a_line_that_names_none_is_refused_with_its_meaning(line: str, said: str) -> None:
    with pytest.raises(FormatError, match="no exchange in it to look at, but an error line") as refused:
        import_bytes(line.encode(), "a paste")
    assert said in refused.value.sentence
    assert "`registry-explorer diagnose`" in refused.value.sentence


@pytest.mark.parametrize("text", ["hello world", "see https://reg.example/v2/ for more", "PUT it there: 400 apples"])
def test_prose_is_no_error_line(text: str) -> None:
    with pytest.raises(FormatError, match="no HTTP exchange was found in it"):
        import_bytes(text.encode(), "a paste")


@pytest.mark.parametrize("line", [*SAYING, *(line for line, _ in NAMING.values())])
def test_what_is_diagnosed_of_a_line_is_the_same_whether_it_can_be_opened(line: str, tmp_path: Path) -> None:
    path = tmp_path / "line.txt"
    path.write_text(line)
    diagnosed = diagnose_file(str(path))
    assert diagnosed.format == "error lines"
    assert diagnosed.findings


@given(st.text(), st.text())
def test_whatever_stands_around_it_a_line_is_opened_or_refused_in_a_sentence(before: str, after: str) -> None:
    line = f"{before}unexpected status from PUT request to https://{after}: 400 Bad Request"
    try:
        imported = import_bytes(line.encode("utf-8", "replace"), "a paste")
    except FormatError:
        return
    assert imported.session.exchanges
