"""The ladder as SVG: no scripts, no external references, light and dark by the reader's preference."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from explorer.ladder.rungs import Ladder, Rung
from explorer.visible import shortened, size_text

_LEFT = 90
_LANE = 430
_TOP = 56
_ROW = 46
_SIGNS = 55

STYLE = """
.ladder{--ink:#1f2328;--dim:#59636e;--line:#8c959f;--ok:#1a7f37;--bad:#cf222e;--odd:#9a6700;--back:#ffffff}
@media (prefers-color-scheme: dark){.ladder{--ink:#e6edf3;--dim:#9198a1;--line:#656c76;--ok:#3fb950;--bad:#f85149;
--odd:#d29922;--back:#0d1117}}
.ladder{background:var(--back)}
.ladder text{font:12px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:var(--ink)}
.ladder .dim{fill:var(--dim)}.ladder .head{font-weight:bold}
.ladder line{stroke:var(--line);stroke-width:1}.ladder .body{stroke-width:3}
.ladder .ok{stroke:var(--ok)}.ladder .refused,.ladder .failed{stroke:var(--bad)}.ladder .redirected{stroke:var(--odd)}
.ladder .failed{stroke-dasharray:4 4}.ladder .untold{stroke:var(--odd);stroke-dasharray:1 5}
.ladder text.refused,.ladder text.failed{fill:var(--bad);stroke:none}
.ladder .letter{fill:var(--odd);font-weight:bold}
.ladder polygon{fill:var(--line)}
"""


def as_svg(ladder: Ladder) -> str:
    """Draw a ladder as one SVG document that can stand in a page, too."""
    return "\n".join(_lines(ladder)) + "\n"


def _lines(ladder: Ladder) -> Iterator[str]:
    width = _LEFT + _LANE * max(1, len(ladder.lanes) - 1) + 110
    bottom = _TOP + _ROW * len(ladder.rungs) + 10
    height = bottom + 18 * (len(ladder.letters) + bool(ladder.left_out)) + 20
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="ladder" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img">'
    )
    yield f"<title>The conversation as a ladder of {len(ladder.rungs)} exchanges</title>"
    yield f"<style>{STYLE}</style>"
    yield f'<rect width="{width}" height="{height}" fill="var(--back)"/>'
    for index, lane in enumerate(ladder.lanes):
        x = _x(index)
        yield _text(x, 20, lane.name, "head", anchor="middle")
        yield _text(x, 36, shortened(lane.origin, _SIGNS), "dim", anchor="middle")
        yield f'<line x1="{x}" y1="44" x2="{x}" y2="{bottom}"/>'
    for row, rung in enumerate(ladder.rungs):
        yield from _rung(rung, _TOP + row * _ROW)
    for number, letter in enumerate(ladder.letters):
        yield _text(12, bottom + 18 * (number + 1), f"{letter.sign}  {letter.words}", "dim")
    if ladder.left_out:
        yield _text(12, height - 6, f"{ladder.left_out} more exchanges are not drawn.", "dim")
    yield "</svg>"


def _x(lane: int) -> int:
    return _LEFT + lane * _LANE


def _rung(rung: Rung, y: int) -> Iterator[str]:
    start, end = _x(0), _x(rung.lane)
    body = f" {size_text(rung.body)}" if rung.body else ""
    room = _SIGNS * rung.lane - len(body) - 4 * len(rung.carries)
    number = f"{rung.id}{' ~' if rung.is_edited else ''}"
    yield _text(start - 14, y + 12, number, "dim", anchor="end")
    yield f"<g><title>{escape(f'{rung.id}. {rung.request}: {rung.answer}')}</title>"
    yield _text(start + 8, y + 10, shortened(rung.request, room), "", rung.carries, body)
    yield _arrow(start, end, y + 15, "body" if rung.body else "")
    room = _SIGNS * rung.lane - 4 * len(rung.gives)
    kind = rung.kind if rung.kind in ("refused", "failed") else ""
    yield _text(start + 8, y + 29, shortened(rung.answer, room), kind, rung.gives)
    yield _arrow(end, start, y + 34, rung.kind)
    yield "</g>"
    if rung.seconds is not None:
        yield _text(end + 10, y + 32, f"{rung.seconds * 1000:.0f} ms", "dim")


def _arrow(start: int, end: int, y: int, kind: str) -> str:
    back = -7 if end > start else 7
    head = f"{end},{y} {end + back},{y - 3} {end + back},{y + 3}"
    return f'<line x1="{start}" y1="{y}" x2="{end}" y2="{y}" class="{kind}"/><polygon points="{head}"/>'


def _text(x: int, y: int, text: str, kind: str, signs: tuple[str, ...] = (), tail: str = "", anchor: str = "") -> str:
    place = f' text-anchor="{anchor}"' if anchor else ""
    letters = "".join(f' <tspan class="letter">[{sign}]</tspan>' for sign in signs)
    return f'<text x="{x}" y="{y}" class="{kind}"{place}>{escape(text)}{letters}{escape(tail)}</text>'
