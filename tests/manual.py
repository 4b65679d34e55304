"""README as the tests read it."""

from __future__ import annotations

from pathlib import Path

README = (Path(__file__).parent.parent / "README.md").read_text()


def table(heading: str) -> list[str]:
    """Return the first cells of the table that stands under a row of headings."""
    rows = README.split(f"| {heading} |", 1)[1].split("\n")[2:]
    cells = []
    for row in rows:
        if not row.startswith("|"):
            break
        cells.append(row.split("|")[1].strip())
    return cells
