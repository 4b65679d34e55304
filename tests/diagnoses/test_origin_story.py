"""The failure that the project grew from, as a person pasted it, and as it happens."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from explorer.diagnoses import diagnose
from explorer.formats.importing import import_bytes
from explorer.jobs.diagnosing import diagnose_file
from explorer.practice.tokens import sign
from explorer.spec.digests import digest_of
from tests.diagnoses.conftest import With
from tests.diagnoses.talking import found

FOLDER = "75c416ea735c42a4a0b2c48f49b0b1b0f3ac6ab2b0ac3b5cbe2a1b4b5a2b2a11"
ID = "59160e66-f2b5-43d5-b14a-98fb0f4e6cd5"
TOKEN = sign(b"aaa", "myorg/busybox", ID, 0, "2018-11-24T00:49:59.123456789Z")
URL = f"http://localhost:5000/v2/myorg/busybox/blobs/uploads/{ID}?_state={TOKEN}"
IN_ORDER = ["second-question-mark", "digest-is-save-dirname", "curl-header-equals-sign"]

PASTE = f"""I want to push an image with curl. First I start the upload:

$ curl -i -X POST http://localhost:5000/v2/myorg/busybox/blobs/uploads/
HTTP/1.1 202 Accepted
Content-Length: 0
Docker-Distribution-Api-Version: registry/2.0
Docker-Upload-Uuid: {ID}
Location: {URL}
Range: 0-0
Date: Sat, 24 Nov 2018 00:49:59 GMT

$ curl -i -X PUT -H "Content-Type=application/octet-stream" --data-binary @FILE "{URL}?digest=sha256:{FOLDER}"
HTTP/1.1 404 Not Found
Content-Type: application/json; charset=utf-8
Docker-Distribution-Api-Version: registry/2.0
Content-Length: 89

{{"errors":[{{"code":"BLOB_UPLOAD_INVALID","message":"blob upload invalid","detail":{len(TOKEN)}}}]}}

What does {len(TOKEN)} mean?
"""


def test_the_token_is_as_long_as_the_story_says() -> None:
    assert len(TOKEN) == 212


@pytest.mark.parametrize(
    "paste",
    [
        PASTE.replace("FILE", f"{FOLDER}/layer.tar"),
        PASTE.replace("@FILE", "@layer.tar").replace("$ curl -i -X PUT", f"$ cd {FOLDER}\n$ curl -i -X PUT"),
        PASTE.replace("@FILE", "@layer.tar") + f"\nIn the archive there is:\n{FOLDER}/\n{FOLDER}/layer.tar\n",
        PASTE.replace("FILE", f"./{FOLDER}/layer.tar").replace("\n", "\r\n"),
    ],
    ids=["in the path", "in a cd", "in a listing", "with CR LF"],
)
def test_the_paste_yields_all_three_in_this_order(tmp_path: Path, paste: str) -> None:
    file = tmp_path / "paste.txt"
    file.write_bytes(paste.encode())
    diagnosed = diagnose_file(str(file))
    assert [finding.rule for finding in diagnosed.findings] == IN_ORDER
    assert "detail 212 is where the base64 of _state ends and your second '?' begins" in diagnosed.findings[0].proof
    assert FOLDER in diagnosed.findings[1].proof
    assert "application/x-www-form-urlencoded" in diagnosed.findings[2].proof


def test_the_first_fix_changes_that_one_sign(tmp_path: Path) -> None:
    imported = import_bytes(PASTE.replace("FILE", f"{FOLDER}/layer.tar").encode(), "a paste")
    edit = diagnose(imported.session, notes=tuple(PASTE.splitlines()))[0].edit
    assert edit is not None
    assert f"http://localhost:5000{edit.request.target}" == f"{URL}&digest=sha256:{FOLDER}"
    del tmp_path


def test_with_the_first_mended_the_next_shows_itself(practice: With) -> None:
    talk = practice(like="distribution-2")
    body = b"the bytes of a layer"
    opened = talk.at(talk.open())
    path = opened.partition("?")[0]
    notes = (f'$ curl -X PUT -H "Content-Type=application/octet-stream" --data-binary @{FOLDER}/layer.tar "{path}?…"',)
    form = ("Content-Type", "application/x-www-form-urlencoded")
    talk.ask("PUT", f"{opened}?digest=sha256:{FOLDER}", form, body=body)
    first = found(talk, notes=notes)
    assert [finding.rule for finding in first] == IN_ORDER
    assert first[0].edit is not None
    talk.send(first[0].edit.request)
    second = found(talk.exchanges[-1:], notes=notes)
    assert second[0].rule == "digest-is-save-dirname"
    assert second[0].edit is not None
    assert second[0].edit.request.target.endswith(f"&digest={digest_of(body)}")
    assert "curl-header-equals-sign" in [finding.rule for finding in second]


def test_the_verb_reads_the_paste_from_standard_input(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "explorer", "diagnose", "-", "--json"],
        input=PASTE.replace("FILE", f"{FOLDER}/layer.tar"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 1
    assert done.stdout.index("second-question-mark") < done.stdout.index("digest-is-save-dirname")
    del tmp_path
