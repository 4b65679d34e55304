from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.errors import FormatError
from explorer.practice import Store
from explorer.practice.identifiers import rfc3339, uuid7
from explorer.practice.store import StoredManifest
from explorer.spec.digests import digest_of
from explorer.spec.media_types import OCI_MANIFEST


def put_blob(store: Store, name: str, data: bytes) -> str:
    upload, _ = store.uploads.begin(name)
    upload.append([data])
    digest = upload.digest("sha256")
    store.commit_upload(name, upload.id, digest)
    return digest


def test_a_kept_folder_holds_everything_when_it_is_opened_again(tmp_path: Path) -> None:
    first = Store(tmp_path / "kept")
    digest = put_blob(first, "a/b", b"hello")
    first.put_manifest("a/b", StoredManifest(digest_of(b"{}"), OCI_MANIFEST, b"{}"))
    first.put_tag("a/b", "v1", digest_of(b"{}"))
    first.close()
    again = Store(tmp_path / "kept")
    assert again.secret == first.secret
    assert again.blob_size("a/b", digest) == 5
    assert again.tagged("a/b", "v1") == digest_of(b"{}")
    assert again.manifest("a/b", digest_of(b"{}")) == StoredManifest(digest_of(b"{}"), OCI_MANIFEST, b"{}")


def test_an_upload_goes_on_after_the_store_is_opened_again(tmp_path: Path) -> None:
    first = Store(tmp_path)
    begun, _ = first.uploads.begin("a")
    begun.append([b"hel"])
    first.close()
    upload = Store(tmp_path).uploads.find("a", begun.id)
    assert upload is not None
    assert (upload.size(), upload.started_at) == (3, begun.started_at)
    upload.append([b"lo"])
    assert upload.digest("sha256") == digest_of(b"hello")
    assert upload.digest("sha512") == digest_of(b"hello", "sha512")


def test_files_are_private(tmp_path: Path) -> None:
    store = Store(tmp_path / "new" / "kept")
    put_blob(store, "a/b", b"hello")
    store.uploads.begin("a")
    for path in (tmp_path / "new").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_temporary_store_is_removed() -> None:
    store = Store()
    assert store.folder.is_dir()
    store.close()
    assert not store.folder.exists()


def test_equal_bytes_are_kept_once(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert put_blob(store, "a", b"hello") == put_blob(store, "b", b"hello")
    assert len([path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]) == 1
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("")
    with pytest.raises(FormatError, match=r"thesis\.txt"):
        Store(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("text", ["", "[]", '{"format":2}', '{"format":1}', '{"format":1,"secret":"x"}'])
def test_a_description_that_is_none_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "store.json").write_text(text)
    with pytest.raises(FormatError, match=r"store\.json"):
        Store(tmp_path)


def test_leftovers_go_when_they_are_old(tmp_path: Path) -> None:
    Store(tmp_path).close()
    for name, age in (("old", 7200), ("new", 0)):
        path = tmp_path / "aside" / name
        path.write_text("")
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - age))
    Store(tmp_path)
    assert [path.name for path in (tmp_path / "aside").iterdir()] == ["new"]


def kept_bytes(folder: Path) -> set[str]:
    return {path.name for path in (folder / "blobs").rglob("*") if path.is_file()}


def test_bytes_that_no_repository_has_go_when_the_store_is_opened(tmp_path: Path) -> None:
    first = Store(tmp_path)
    gone, stays = put_blob(first, "a/b", b"gone"), put_blob(first, "a/b", b"stays")
    shared = put_blob(first, "a/b", b"shared")
    put_blob(first, "c", b"shared")
    for body in (b"{}", b"[]"):
        first.put_manifest("a/b", StoredManifest(digest_of(body), OCI_MANIFEST, body))
    first.unlink_blob("a/b", gone)
    first.unlink_blob("a/b", shared)
    first.delete_manifest("a/b", digest_of(b"[]"))
    assert len(kept_bytes(tmp_path)) == 5
    first.close()
    again = Store(tmp_path)
    assert kept_bytes(tmp_path) == {digest.partition(":")[2] for digest in (stays, shared, digest_of(b"{}"))}
    assert again.blob_size("c", shared) == 6
    assert again.blob_size("a/b", stays) == 5
    assert again.manifest("a/b", digest_of(b"{}"))


def test_bytes_known_by_two_digests_stay_for_either(tmp_path: Path) -> None:
    first = Store(tmp_path)
    upload, _ = first.uploads.begin("a")
    upload.append([b"hello"])
    kept_as, other = upload.digest("sha256"), upload.digest("sha512")
    first.commit_upload("a", upload.id, kept_as, also=other)
    first.unlink_blob("a", kept_as)
    first.close()
    assert Store(tmp_path).blob_size("a", other) == 5


def test_where_a_repository_cannot_be_read_no_bytes_go(tmp_path: Path) -> None:
    first = Store(tmp_path)
    digest = put_blob(first, "a", b"hello")
    first.unlink_blob("a", digest)
    first.link_blob("b", digest)
    first.close()
    [link] = [path for path in (tmp_path / "repositories" / "b").rglob("*") if path.is_file()]
    link.unlink()
    link.mkdir()
    Store(tmp_path).close()
    assert len(kept_bytes(tmp_path)) == 1


def test_bytes_that_are_lost_are_no_blob_and_no_manifest(tmp_path: Path) -> None:
    store = Store(tmp_path)
    digest = put_blob(store, "a", b"hello")
    store.put_manifest("a", StoredManifest(digest, OCI_MANIFEST, b"hello"))
    store.blob_path(digest).unlink()
    assert store.blob_size("a", digest) is None
    assert store.manifest("a", digest) is None


def test_an_upload_without_its_data_is_over(tmp_path: Path) -> None:
    store = Store(tmp_path)
    upload, _ = store.uploads.begin("a")
    store.uploads.data_path(upload.id).unlink()
    assert store.uploads.find("a", upload.id) is None
    store.close()
    assert Store(tmp_path).uploads.find("a", upload.id) is None


_WRITER = """
import itertools, sys
from pathlib import Path
from explorer.practice import Store
from explorer.practice.store import StoredManifest
from explorer.spec.digests import digest_of
store = Store(Path(sys.argv[1]))
for number in itertools.count():
    body = str(number).encode() * 1000
    upload, _ = store.uploads.begin("a")
    upload.append([body])
    store.commit_upload("a", upload.id, upload.digest("sha256"))
    store.put_manifest("a", StoredManifest(digest_of(body), "x", body))
    store.put_tag("a", f"t{number % 5}", digest_of(body))
    if number == 5:
        print("going", flush=True)
"""


def test_a_killed_writer_leaves_a_store_that_is_whole(tmp_path: Path) -> None:
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(tmp_path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        with writer.stdout as said:
            assert said.readline() == b"going\n"
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        store = Store(tmp_path)
        for path in (tmp_path / "blobs" / "sha256").rglob("*"):
            assert path.is_dir() or digest_of(path.read_bytes()) == f"sha256:{path.name}"
        for tag in store.tags("a") or ():
            assert store.manifest("a", store.tagged("a", tag) or "") is not None
        store.close()


def test_a_second_process_is_locked_out_with_a_sentence(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from explorer.practice import Store; Store(Path(sys.argv[1]))"
    store = Store(tmp_path)
    second = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert f"another process (its number is {os.getpid()}) is using it as its store" in second.stderr
    store.close()
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False).returncode == 0


def test_an_upload_is_dropped_when_nothing_came_for_it(tmp_path: Path) -> None:
    store = Store(tmp_path, upload_life=100)
    old, young, busy = (store.uploads.begin("a")[0] for _ in range(3))
    now = store.uploads.data_path(young.id).stat().st_mtime
    for upload in (old, busy):
        for path in (store.uploads.data_path(upload.id), store.uploads.data_path(upload.id).parent):
            os.utime(path, (now - 200, now - 200))
    with busy.lock:
        assert store.uploads.purge(now) == 1
    found = [store.uploads.find("a", upload.id) is not None for upload in (old, young, busy)]
    assert found == [False, True, True]


def test_old_uploads_are_dropped_when_the_store_is_opened(tmp_path: Path) -> None:
    store = Store(tmp_path)
    upload, _ = store.uploads.begin("a")
    store.close()
    for path in (store.uploads.data_path(upload.id), store.uploads.data_path(upload.id).parent):
        os.utime(path, (0, 0))
    assert Store(tmp_path).uploads.find("a", upload.id) is None


def test_a_uuid_begins_with_its_moment() -> None:
    id = uuid7(0x01A207BA66B8 * 10**6)
    assert id.startswith("01a207ba-66b8-7")
    assert id[19] in "89ab"


@pytest.mark.parametrize(
    ("moment", "text"),
    [(0, "1970-01-01T00:00:00Z"), (1_500_000_000, "1970-01-01T00:00:01.5Z"), (1, "1970-01-01T00:00:00.000000001Z")],
)
def test_a_moment_is_written_as_go_writes_it(moment: int, text: str) -> None:
    assert rfc3339(moment) == text
