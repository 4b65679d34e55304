"""Options of what is shared with others, as a decorator; they arrive as one, `sharing`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from explorer.jobs.sharing import Sharing

Command = Callable[..., Any]


def sharing_options(command: Command) -> Command:
    """Add the options that say what is masked."""

    @functools.wraps(command)
    def with_sharing(**words: Any) -> Any:
        return command(sharing=_take(words), **words)

    decorated: Command = with_sharing
    for option in (
        click.option("--strict", is_flag=True, help="Write nothing while something looks secret and is not masked."),
        click.option("--reviewed", multiple=True, metavar="ID", help="That looks secret, but is none; or `all`."),
        click.option("--hide", multiple=True, metavar="ID", help="That looks secret, and is: mask it; or `all`."),
        click.option(
            "--mask",
            multiple=True,
            metavar="WHAT",
            help="Mask hosts, repositories, addresses, users or all besides secrets; repeatable, or with commas.",
        ),
    ):
        decorated = option(decorated)
    return decorated


def _take(words: dict[str, Any]) -> Sharing:
    from explorer.jobs.sharing import Sharing

    mask = tuple(name.strip() for text in words.pop("mask") for name in text.split(",") if name.strip())
    return Sharing(mask, words.pop("hide"), words.pop("reviewed"), words.pop("strict"))
