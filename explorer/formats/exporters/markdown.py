"""A bug report in Markdown: what was tried, findings, the ladder, each exchange folded.

Text of the wire stands in fences that are longer than any run of backticks in it, or is written in entities, so that it
can neither end its place nor name people, issues or links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
from explorer.ladder import as_mermaid, ladder_of
from explorer.model import Exchange
from explorer.visible import visible

_MOST_DRAWN = 60
_TICKS = re.compile("`+")
# A colon before slashes and the point after www make links in some places; '_' within a word means nothing.
_HAS_A_MEANING = re.compile(
    r"[\\`*{}\[\]<>#~|!@&^$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|:(?=//)|(?<=www)\.", re.IGNORECASE
)


def write(material: Material) -> Iterator[str]:
    """Yield the report, section by section."""
    yield f"## {plain(title_of(material))}\n\n"
    for word, text in facts_of(material):
        yield f"- {word}: {plain(text)}\n"
    for remark in material.remarks:
        yield f"- {plain(visible(remark))}\n"
    yield from _findings(material)
    yield from _ladder(material)
    yield "\n### Exchanges\n"
    for exchange in material.chosen:
        yield from _exchange(exchange)


def _findings(material: Material) -> Iterator[str]:
    if not material.findings:
        return
    yield "\n### What was found\n"
    for number, finding in enumerate(material.findings, start=1):
        yield f"\n{number}. **{plain(visible(finding.what))}**\n"
        for word, text in finding_lines(finding):
            yield f"   - {word}: {plain(text)}\n"


def _ladder(material: Material) -> Iterator[str]:
    drawn = material.chosen[:_MOST_DRAWN]
    yield "\n### The conversation\n\n"
    yield fenced("mermaid", as_mermaid(ladder_of(drawn, material.session.call)).splitlines())
    if len(drawn) < len(material.chosen):
        yield f"\nThe first {len(drawn)} of {len(material.chosen)} exchanges are drawn.\n"


def _exchange(exchange: Exchange) -> Iterator[str]:
    yield f"\n<details><summary><code>{plain(summary_of(exchange))}</code></summary>\n\n"
    yield f"{plain(visible(exchange.title))}, to {plain(str(exchange.request.origin))}\n\n"
    for doubt in doubts_of(exchange):
        yield f"- {plain(doubt)}\n"
    if exchange.is_edited:
        yield "Proposed was:\n\n"
        yield fenced("http", request_lines(exchange.proposed))
        yield "\nSent was:\n\n"
    yield fenced("http", request_lines(exchange.request, exchange.sent_head))
    yield "\n"
    yield fenced("http", answer_lines(exchange) or ["[the source tells of no answer]"])
    yield "\n</details>\n"


def fenced(kind: str, lines: list[str]) -> str:
    """Return lines in a fence that nothing in them can end."""
    longest = max((len(found[0]) for line in lines for found in _TICKS.finditer(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{kind}", *lines, fence]) + "\n"


def plain(text: str) -> str:
    """Return text that Markdown and HTML take for nothing but text: what has a meaning there as an entity."""
    return _HAS_A_MEANING.sub(lambda found: f"&#{ord(found[0])};", text)


MARKDOWN = Writer("markdown", "a bug report in Markdown", ".md", write, tells_findings=True)
