"""What can be pushed: an archive of docker, an OCI layout, loose files or the sample `tiny`, each read into an Image.

What a source is, is told by what it holds, never by its name. Nothing is unpacked but .tar.gz: the bodies are
stretches of the files as they lie.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from explorer.errors import FormatError, InputError
from explorer.images.files import Files, inside, shown
from explorer.images.making import Making
from explorer.images.names import Candidate, pick
from explorer.model import Image, Progress

SAMPLE = "tiny"


def open_image(
    source: str,
    *,
    schema: str | None = None,
    gzip: bool = False,
    as_is: bool = False,
    choose: str | None = None,
    platform: str = "",
    progress: Progress | None = None,
    scratch: Path,
) -> Image:
    """Read an image from a file, a folder or the word `tiny`; raises InputError or FormatError.

    `schema` is docker or oci; without it an image keeps its own. `gzip` compresses plain layers; with `as_is`
    layers are not compared with what the config lists. `choose` names one of
    several images, by name, digest or platform; `platform` takes only this one of an image for several. `scratch` is a
    private folder that outlives the image. `progress` is told of each long piece of work from the start (unpacking,
    compressing, hashing), and ends it by raising.
    """
    making = _making(schema, gzip, progress, scratch, as_is=as_is)
    with _sentences(source, scratch):
        return _sample(choose, making) if source == SAMPLE else _read(source, choose, platform, making)


def open_loose(
    layers: Sequence[str],
    config: str,
    *,
    schema: str | None = None,
    gzip: bool = False,
    as_is: bool = False,
    progress: Progress | None = None,
    scratch: Path,
) -> Image:
    """Make an image of layer files, lowest first, and a config file; raises InputError or FormatError."""
    from explorer.images.loose import read_loose

    making = _making(schema, gzip, progress, scratch, as_is=as_is)
    with _sentences(config, scratch):
        return read_loose(layers, config, making)


def _making(schema: str | None, gzip: bool, progress: Progress | None, scratch: Path, *, as_is: bool) -> Making:
    if schema not in (None, "docker", "oci"):
        raise InputError(f"'{schema}' is no schema of manifests: it is docker or oci.")
    return Making(scratch, schema, gzip, progress, as_is)


def _sample(choose: str | None, making: Making) -> Image:
    from explorer.images.sample import read_sample

    image = read_sample(making)
    if pick([Candidate((SAMPLE,), image.root.digest, image)], choose, SAMPLE) is None:
        raise InputError(f"The sample '{SAMPLE}' is one image, so there is no '{choose}' to choose.")
    return image


def _read(source: str, choose: str | None, platform: str, making: Making) -> Image:
    from explorer.images import docker_save, oci_layout
    from explorer.images.convert import convert

    files = _files(source, making)
    if files.has(oci_layout.INDEX):
        return convert(oci_layout.read_layout(files, choose, platform, as_is=making.as_is), making)
    if files.has(docker_save.MANIFEST):
        return docker_save.read_docker_save(files, choose, making)
    raise _no_image(files)


def _files(source: str, making: Making) -> Files:
    path = Path(source)
    if not source or not path.exists():
        raise FormatError(
            source, f"there is no such file or folder; the word {SAMPLE} stands for a made-up sample image."
        )
    if path.is_dir():
        from explorer.images.folder_files import FolderFiles

        return FolderFiles(source)
    if not path.is_file():
        raise FormatError(source, "it is neither a regular file nor a folder.")
    from explorer.images.archives import open_archive

    return open_archive(source, making.scratch, making.progress)


def _no_image(files: Files) -> FormatError:
    if files.has("repositories"):
        return FormatError(
            files.path,
            "it is of a docker before 1.10, with 'repositories' and no manifest.json: "
            "load it into a present docker (docker load) and save it again (docker save).",
        )
    if files.has("oci-layout"):
        return FormatError(
            files.path, f"it has an oci-layout, and the index.json that belongs to it is missing{files.doubt}."
        )
    names = [*islice((shown(name) for name in files.names()), 3)]
    deeper = _folder_of_an_image(files)
    if deeper:
        return FormatError(files.path, f"the image is not at its top but in '{shown(deeper)}': pack what is in there.")
    holds = f"it holds {', '.join(names)} and so on" if names else "it is empty"
    return FormatError(
        files.path,
        f"{holds}{files.doubt}; neither manifest.json (docker save) nor index.json (OCI layout) is in "
        f"the {files.kind}, and a lone layer is given together with a config.",
    )


def _folder_of_an_image(files: Files) -> str:
    """Return the folder in an archive or folder that holds an image; empty where there is none."""
    tops = (name.partition("/")[0] for name in islice(files.names(), 1000))
    for top in dict.fromkeys(tops):
        if inside(top) and any(files.has(f"{top}/{name}") for name in ("index.json", "manifest.json")):
            return top
    return ""


@contextmanager
def _sentences(source: str, scratch: Path) -> Iterator[None]:
    """Turn whatever a bad file or a full disk raises into a sentence."""
    try:
        yield
    except OSError as bad:
        if bad.errno in (errno.ENOSPC, errno.EDQUOT):
            raise InputError(
                f"There is no room left in the temporary folder {scratch}; set TMPDIR to another."
            ) from bad
        raise FormatError(source, f"it cannot be read: {bad.strerror or bad}.") from bad
    except (ValueError, RecursionError, MemoryError) as bad:
        raise FormatError(source, f"it cannot be read: {str(bad) or type(bad).__name__}.") from bad
