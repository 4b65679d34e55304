"""One HTML page: no scripts, nothing from outside, light and dark by the reader's preference, fit to be printed."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from explorer.formats.exporters import Material, Writer
from explorer.formats.writing.report import (
    answer_lines,
    doubts_of,
    facts_of,
    finding_lines,
    request_lines,
    summary_of,
    title_of,
)
from explorer.ladder import as_svg, ladder_of
from explorer.model import Exchange
from explorer.visible import visible

_MOST_DRAWN = 300
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

_STYLE = """
:root{color-scheme:light dark;--ink:#1f2328;--dim:#59636e;--back:#fff;--soft:#f6f8fa;--edge:#d1d9e0;--bad:#cf222e;
--good:#1a7f37;--odd:#9a6700}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--dim:#9198a1;--back:#0d1117;--soft:#151b23;--edge:#3d444d;
--bad:#f85149;--good:#3fb950;--odd:#d29922}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);max-width:72rem;margin:2rem auto;
padding:0 1rem}
h1{font-size:1.5rem;overflow-wrap:anywhere}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid var(--edge)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}dt{color:var(--dim)}
dd{margin:0;overflow-wrap:anywhere}
pre{background:var(--soft);border:1px solid var(--edge);border-radius:6px;padding:.6rem;overflow-x:auto;
font:12.5px/1.45 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
details{border:1px solid var(--edge);border-radius:6px;margin:.4rem 0;padding:.3rem .7rem}
summary{cursor:pointer;font:13px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
.bad>summary{color:var(--bad)}.finding{border-left:4px solid var(--bad);padding-left:.8rem;margin:1rem 0}
.likely{border-color:var(--odd)}.hint{border-color:var(--edge)}.finding p{margin:.2rem 0;font-weight:600}
.ladder{max-width:100%;height:auto}.note{color:var(--dim)}
@media print{body{max-width:none;margin:0}pre{white-space:pre-wrap}details{break-inside:avoid}
details::details-content{content-visibility:visible;block-size:auto}}
"""


def write(material: Material) -> Iterator[str]:
    """Yield the page, section by section."""
    title = escape(title_of(material))
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
    yield f"<title>{title}</title><style>{_STYLE}</style></head><body>\n<h1>{title}</h1>\n"
    yield _pairs(facts_of(material))
    for remark in material.remarks:
        yield f'<p class="note">{escape(visible(remark))}</p>\n'
    yield from _findings(material)
    drawn = material.chosen[:_MOST_DRAWN]
    yield f"<h2>The conversation</h2>\n{as_svg(ladder_of(drawn, material.session.call))}"
    if len(drawn) < len(material.chosen):
        yield f'<p class="note">The first {len(drawn)} of {len(material.chosen)} exchanges are drawn.</p>\n'
    yield "<h2>Exchanges</h2>\n"
    for exchange in material.chosen:
        yield from _exchange(exchange)
    yield "</body></html>\n"


def _pairs(pairs: Iterator[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{escape(word)}</dt><dd>{escape(text)}</dd>" for word, text in pairs)
    return f"<dl>{rows}</dl>\n"


def _findings(material: Material) -> Iterator[str]:
    if material.findings:
        yield "<h2>What was found</h2>\n"
    for finding in material.findings:
        yield f'<div class="finding {escape(finding.certainty)}"><p>{escape(visible(finding.what))}</p>'
        yield _pairs(finding_lines(finding))
        yield "</div>\n"


def _exchange(exchange: Exchange) -> Iterator[str]:
    is_bad = exchange.status >= 400 or exchange.error is not None
    opened = ' class="bad" open' if is_bad else ""
    yield f"<details{opened}><summary>{escape(summary_of(exchange))}</summary>\n"
    yield f'<p class="note">{escape(visible(exchange.title))}, to {escape(str(exchange.request.origin))}</p>\n'
    for doubt in doubts_of(exchange):
        yield f'<p class="note">{escape(doubt)}</p>\n'
    if exchange.is_edited:
        yield f'<p class="note">Proposed was:</p>{_block(request_lines(exchange.proposed))}'
        yield '<p class="note">Sent was:</p>'
    yield _block(request_lines(exchange.request, exchange.sent_head))
    yield _block(answer_lines(exchange) or ["[the source tells of no answer]"])
    yield "</details>\n"


def _block(lines: list[str]) -> str:
    return f"<pre>{escape(chr(10).join(lines))}</pre>\n"


HTML = Writer("html", "one HTML page", ".html", write, tells_findings=True)
