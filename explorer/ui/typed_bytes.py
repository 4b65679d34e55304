"""What is typed or pasted need not be UTF-8: an odd byte is a replacement character, and no end of the program."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Callable
from functools import partial


def take_any_byte() -> None:
    """Have Textual read the terminal leniently; where it has no such driver (Windows), nothing needs to be done.

    Its driver asks for a strict decoder, and an error of that ends the app with a traceback.
    """
    if sys.platform != "win32":
        from textual.drivers import linux_driver

        linux_driver.__dict__["getincrementaldecoder"] = _lenient


def _lenient(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    return partial(codecs.getincrementaldecoder(encoding), "replace")
