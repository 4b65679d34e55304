"""An answer that the source does not tell is not drawn as one that did not come."""

from __future__ import annotations

from explorer.formats.importing import import_bytes
from explorer.ladder import as_mermaid, as_svg, as_text, ladder_of
from explorer.model import FlowCall

LOG = b'time="2026-11-24T06:00:00Z" level=debug msg="GET http://localhost:5000/v2/a/b/manifests/v1"\n'


def test_an_untold_answer_says_so_in_every_drawing() -> None:
    ladder = ladder_of(import_bytes(LOG, "log").session.exchanges, FlowCall(""))
    for drawn in (as_mermaid(ladder), as_text(ladder), "".join(as_svg(ladder))):
        assert "answer not told" in drawn
        assert "no answer" not in drawn
        assert "--x" not in drawn
