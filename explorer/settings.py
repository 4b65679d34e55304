"""The user's settings: a TOML file in the user's configuration folder. A wrong one is told of, and stops nothing.

theme = "high-contrast"
ascii = true
mouse = false

[keys]
"step.send" = "f9,n"
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import platformdirs

from explorer.frozen import frozen

LARGEST = 1 << 20
"""A settings file of more bytes is not read."""

ASCII = "REGISTRY_EXPLORER_ASCII"
"""The variable that stands for --ascii; it goes before the file."""

FEW_COLOURS = "high-contrast"
"""The theme where the terminal has few colours, and none was chosen."""

KNOWN = ("theme", "ascii", "mouse", "keys")


@frozen
class Settings:
    """How the screen behaves; `problems` are sentences about what in the file could not be used."""

    theme: str = ""
    """The name of a theme; empty: the usual one."""
    ascii: bool = False
    """Whether nothing but ASCII is drawn."""
    mouse: bool = True
    """Whether the program takes the mouse; if not, it is the terminal's own."""
    keys: tuple[tuple[str, str], ...] = ()
    """Ids of bindings with the keys that they are to have, separated by commas."""
    problems: tuple[str, ...] = ()


DEFAULT = Settings()


def settings_path() -> Path:
    """Return where the settings are; the file need not exist."""
    return Path(platformdirs.user_config_dir("registry-explorer", appauthor=False)) / "settings.toml"


def read_settings(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of a file (of the user, where none is given) for an environment; raises nothing.

    Where the file does not decide on ASCII, the locale does; on theme and mouse, the terminal does.
    """
    path = path or settings_path()
    usual = Settings(
        theme=FEW_COLOURS if has_few_colours(environment) else "",
        ascii=bool(environment.get(ASCII)) or not can_show_signs(environment),
        mouse=not is_gnu_screen(environment),
    )
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        return usual
    except OSError as bad:
        return replace(usual, problems=(f"{path} cannot be read: {bad.strerror}. It is as if it were not there.",))
    if len(raw) > LARGEST:
        return replace(usual, problems=(f"{path} has more than {LARGEST} bytes. It is as if it were not there.",))
    import tomllib

    try:
        found = tomllib.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as bad:
        return replace(usual, problems=(f"{path} is no TOML: {bad}. It is as if it were not there.",))
    return _taken(found, usual, path, bool(environment.get(ASCII)))


def can_show_signs(environment: Mapping[str, str]) -> bool:
    """Say whether the locale has the signs that are drawn: whether it is UTF-8, as one that is not set may be."""
    locale = next((value for name in ("LC_ALL", "LC_CTYPE", "LANG") if (value := environment.get(name))), "")
    return not locale or "utf8" in locale.lower().replace("-", "")


def is_gnu_screen(environment: Mapping[str, str]) -> bool:
    """Say whether this runs in GNU screen: while a program has the mouse there, Escape waits for the key after it."""
    return bool(environment.get("STY")) and environment.get("TERM", "").startswith("screen")


def has_few_colours(environment: Mapping[str, str]) -> bool:
    """Say whether the terminal has 8 or 16 colours, to which most of a theme's shades come out alike."""
    terminal = environment.get("TERM", "")
    if not terminal or terminal.endswith(("256color", "direct", "kitty")):
        return False
    # What GNU screen is started from says it of itself, not of GNU screen.
    return is_gnu_screen(environment) or environment.get("COLORTERM", "") not in ("truecolor", "24bit")


def _taken(found: dict[str, Any], usual: Settings, path: Path, is_ascii: bool) -> Settings:
    """Take what is right out of a file that was read, and tell of the rest."""
    problems = [f"{path}: there is no setting {name!r}; there are {', '.join(KNOWN)}." for name in found.keys() - KNOWN]

    def value(name: str, kind: type, otherwise: Any) -> Any:
        if name not in found or type(found[name]) is kind:
            return found.get(name, otherwise)
        wanted = {str: "a text", bool: "true or false", dict: "a table"}[kind]
        problems.append(f"{path}: {name} has to be {wanted}, and is {found[name]!r}.")
        return otherwise

    theme, ascii, mouse = (
        value("theme", str, usual.theme),
        value("ascii", bool, usual.ascii),
        value("mouse", bool, usual.mouse),
    )
    keys = []
    for id, key in _flat(value("keys", dict, {})):
        if isinstance(key, str) and key.strip(", "):
            keys.append((id, ",".join(part.strip() for part in key.split(",") if part.strip())))
        else:
            problems.append(f'{path}: the keys of {id!r} have to be a text as in "f9,n", and are {key!r}.')
    return Settings(theme, ascii or is_ascii, mouse, tuple(keys), tuple(problems))


def _flat(table: dict[str, Any], front: str = "") -> list[tuple[str, Any]]:
    """Return the keys of a table, those of tables in it joined by dots: step.send may be written without quotes."""
    pairs: list[tuple[str, Any]] = []
    for name, value in table.items():
        pairs += _flat(value, f"{front}{name}.") if isinstance(value, dict) else [(front + name, value)]
    return pairs
