"""Bodies in files of their own: what is in a session is written without its secrets, and never through a link."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from explorer.errors import InputError
from explorer.formats.exporting import export
from explorer.formats.session import read_session, session_lines
from explorer.jobs.exporting import ExportJob, prepare
from explorer.jobs.sharing import Sharing
from explorer.model import Headers, Session, Slice, sha256_of

FIRST = Path(__file__).parents[1] / "sessions" / "first-push.jsonl"
SECRET = "pl4ntedS3cretValue7"


def with_a_body(folder: Path, body: bytes) -> Path:
    session = read_session(FIRST).session
    first = session.exchanges[0]
    headers = Headers.of(("Cookie", f"sid={SECRET}"), ("Content-Length", str(len(body))))
    request = replace(first.request, headers=headers, body=body)
    changed = replace(first, request=request, proposed=request)
    path = folder / "s.jsonl"
    path.write_bytes(b"".join(session_lines(Session("m", 1.0, session.call, (changed,)))))
    return path


def test_a_body_of_the_session_is_written_without_its_secrets(tmp_path: Path) -> None:
    path = with_a_body(tmp_path, f'{{"password": "{SECRET}"}}'.encode() + b" " * 5000)
    prepared = prepare(ExportJob(str(path), side_files=str(tmp_path / "side")))
    written = (tmp_path / "side" / "body-1.bin").read_bytes()
    assert SECRET.encode() not in written
    assert b"masked-" in written
    shown = b"".join(export(prepared.material, "session"))
    assert str(tmp_path).encode() not in shown
    assert b'"@$FILES/body-1.bin"' in b"".join(export(prepared.material, "curl"))


def test_as_it_is_the_body_is_written_whole(tmp_path: Path) -> None:
    body = b"nothing to see here " * 300
    said = prepare(ExportJob(str(with_a_body(tmp_path, body)), side_files=str(tmp_path / "side"))).said
    assert not any("looked into" in line for line in said)
    assert (tmp_path / "side" / "body-1.bin").read_bytes() == body


def test_bodies_from_the_disk_are_said_to_be_as_they_were(tmp_path: Path) -> None:
    layer = tmp_path / "layer"
    layer.write_bytes(bytes(range(256)) * 600)
    session = read_session(FIRST).session
    first = session.exchanges[1]
    body = Slice(str(layer), 0, layer.stat().st_size, sha256_of(layer.read_bytes()))
    request = replace(first.request, body=body)
    changed = replace(first, id=1, after=0, request=request, proposed=request)
    path = tmp_path / "s.jsonl"
    path.write_bytes(b"".join(session_lines(replace(session, exchanges=(changed,)))))
    said = prepare(ExportJob(str(path), side_files=str(tmp_path / "side"))).said
    assert said[-1].endswith("side: 1 body as it was sent; it was not looked into for secrets.")


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "side").symlink_to(tmp_path / "elsewhere")
    path = with_a_body(tmp_path, b"x" * 5000)
    with pytest.raises(InputError, match="is a link to another folder"):
        prepare(ExportJob(str(path), side_files=str(tmp_path / "side")))
    assert [*(tmp_path / "elsewhere").iterdir()] == []


def test_nothing_is_written_where_something_is_left_to_review(tmp_path: Path) -> None:
    body = b'{"note": "Zx1kQ9vLm3Tn8Rw2Yp7Bc5"}' + b" " * 5000
    job = ExportJob(str(with_a_body(tmp_path, body)), side_files=str(tmp_path / "side"), sharing=Sharing(strict=True))
    with pytest.raises(InputError, match="Nothing was written"):
        prepare(job)
    assert not (tmp_path / "side").exists()
    prepare(replace(job, sharing=Sharing(strict=True, reviewed=("all",))))
    assert (tmp_path / "side" / "body-1.bin").exists()


def test_an_id_to_hide_has_to_be_one(tmp_path: Path) -> None:
    path = str(with_a_body(tmp_path, b'{"note": "Zx1kQ9vLm3Tn8Rw2Yp7Bc5"}'))
    with pytest.raises(
        InputError, match=r"--hide deadbeef is the id of nothing that looks secret; listed are [0-9a-f]{8}"
    ):
        prepare(ExportJob(path, sharing=Sharing(hide=("deadbeef",))))
    redacted = prepare(ExportJob(path, sharing=Sharing(hide=("all",)))).redacted
    assert redacted
    assert redacted.suspects == ()
