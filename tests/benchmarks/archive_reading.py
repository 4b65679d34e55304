"""List an archive and hash its layers as a push does, and print the seconds of both as JSON.

python -m tests.benchmarks.archive_reading ARCHIVE
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from explorer.images.archives import open_archive
from explorer.images.hashing import with_sha256


def main(path: str) -> None:
    """Do both once."""
    with tempfile.TemporaryDirectory() as scratch:
        begun = time.perf_counter()
        files = open_archive(path, Path(scratch), None)
        listed = time.perf_counter()
        layers = [files.slice(name, "a layer") for name in files.names() if name.endswith("layer.tar")]
        before = time.perf_counter()
        with_sha256(layers)
        print(json.dumps({"list": listed - begun, "digest": time.perf_counter() - before}))


if __name__ == "__main__":
    main(sys.argv[1])
