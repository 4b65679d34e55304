"""Make the recordings in sessions/ anew: all of them, or those that are named."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.stories import proxied, told
from tests.stories.telling import STORIES, make

assert proxied
assert told


def main(names: list[str]) -> None:
    """Make the stories of those names, or all."""
    for name in names or STORIES:
        with tempfile.TemporaryDirectory(prefix="story-") as folder:
            print(make(STORIES[name], Path(folder)))


if __name__ == "__main__":
    main(sys.argv[1:])
