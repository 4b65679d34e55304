"""The rooms: imports point down, libraries stay where they belong, files stay short, imports come late."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "explorer"
FILES = sorted(PACKAGE.rglob("*.py"))

ROOMS = (
    "__main__",
    "cli",
    "ui",
    "plain",
    "jobs",
    "calls pulling",
    "credentials",
    "revival live growing",
    "workbench breakpoints teaching learnt standing",
    "state sending",
    "finishing",
    "stepping",
    "practice recorder",
    "faults",
    "wire",
    "lessons",
    "flows",
    "formats",
    "images",
    "editing supposing",
    "insight ladder",
    "origins compare verdicts account filters",
    "diagnoses picking",
    "redact places settings clipboard bodies",
    "recognition",
    "decoders",
    "visible",
    "spec",
    "model",
    "errors garbage frozen",
)
"""From top to bottom; rooms of one line stand side by side."""

LIBRARIES = {
    "wire": {"httpx", "httpcore", "h11", "h2", "hpack", "socket", "ssl"},
    "ui": {"textual", "rich", "pygments"},
    "cli": {"click"},
}


def room_of(module: str) -> str:
    """Return the room that a module of the package lies in."""
    return module.split(".")[1] if "." in module else ""


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the line and the module of every import, those within functions too, those for types alone not."""
    for node in walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from ((node.lineno, name) for name in names)


def walk(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from walk(child)


def level_of(room: str) -> int:
    return next(level for level, rooms in enumerate(ROOMS) if room in rooms.split())


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_point_down(path: Path) -> None:
    room = room_of(module_of(path))
    ours = [
        (line, name)
        for line, name in imports_of(path)
        if name.startswith("explorer.") and name != "explorer.__version__"
    ]
    upwards = [
        f"line {line}: {name}"
        for line, name in ours
        if room_of(name) != room and room and level_of(room_of(name)) <= level_of(room)
    ]
    assert upwards == []


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    room = room_of(module_of(path))
    strangers = [
        f"line {line}: {name}"
        for line, name in imports_of(path)
        for home, libraries in LIBRARIES.items()
        if name.split(".")[0] in libraries and room != home
    ]
    assert strangers == []


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_file_has_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("explorer.cli", {"textual", "rich", "httpx", "httpcore", "tarfile", "pygments", "msgspec"}),
        ("explorer.jobs", {"textual", "rich", "pygments", "httpx", "httpcore"}),
        ("explorer.flows", {"textual", "httpx", "socket"}),
        ("explorer.ui.app", {"httpx", "httpcore", "tarfile", "pygments"}),
        (
            "explorer.ui.app",
            {"explorer.jobs.pushing", "explorer.diagnoses", "explorer.recognition", "explorer.lessons"},
        ),
    ],
)
def test_importing_a_module_loads_no_more_than_it_needs(module: str, never: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert never & set(done.stdout.split()) == set()
