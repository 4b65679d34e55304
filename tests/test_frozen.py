"""Frozen classes are what `dataclass(frozen=True, slots=True)` makes, in all that the program and the library do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest

from explorer.frozen import frozen


@frozen
class Quick:
    """Made by the decorator of this program."""

    kind: ClassVar[str] = "quick"
    name: str
    size: int = 0
    tags: list[str] = field(default_factory=list, hash=False)
    secret: str = field(default="", repr=False)
    seen: float = field(default=0.0, compare=False)
    length: int = field(init=False)
    count: int = field(init=False, default=1, repr=False)

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("negative")
        object.__setattr__(self, "length", len(self.name))


@dataclass(frozen=True, slots=True)
class Standard:
    """The same, made by the standard one."""

    kind: ClassVar[str] = "quick"
    name: str
    size: int = 0
    tags: list[str] = field(default_factory=list, hash=False)
    secret: str = field(default="", repr=False)
    seen: float = field(default=0.0, compare=False)
    length: int = field(init=False)
    count: int = field(init=False, default=1, repr=False)

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("negative")
        object.__setattr__(self, "length", len(self.name))


@frozen
class Empty:
    """No fields."""


@frozen
class Wider(Quick):
    """One field more."""

    more: str = "more"


@frozen
class Alike:
    """Equal as it says itself."""

    name: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alike) and self.name.lower() == other.name.lower()

    def __hash__(self) -> int:
        return hash(self.name.lower())

    def __repr__(self) -> str:
        return f"<{self.name}>"


CASES: list[dict[str, Any]] = [
    {"name": "a"},
    {"name": "b"},
    {"name": "a", "size": 3},
    {"name": "a", "tags": ["x"]},
    {"name": "a", "secret": "s"},
    {"name": "a", "seen": 1.0},
]


@pytest.mark.parametrize("one", CASES)
@pytest.mark.parametrize("other", CASES)
def test_what_is_equal_is_equal(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (Quick(**one) == Quick(**other)) is (Standard(**one) == Standard(**other))
    assert (hash(Quick(**one)) == hash(Quick(**other))) is (hash(Standard(**one)) == hash(Standard(**other)))


@pytest.mark.parametrize("case", CASES)
def test_it_is_shown_and_read_alike(case: dict[str, Any]) -> None:
    quick, standard = Quick(**case), Standard(**case)
    assert repr(quick) == repr(standard).replace("Standard", "Quick")
    assert dataclasses.asdict(quick) == dataclasses.asdict(standard)
    assert Quick.__match_args__ == Standard.__match_args__
    assert Quick.__slots__ == Standard.__slots__  # type: ignore[attr-defined]  # a type checker is not told of them


@pytest.mark.parametrize(
    "arguments", [((), {}), (("a", 1, [], "", 0.0, "too many"), {}), (("a",), {"nonsense": 1}), (("a",), {"name": "b"})]
)
def test_wrong_arguments_are_refused_in_the_same_words(arguments: tuple[tuple[Any, ...], dict[str, Any]]) -> None:
    given, named = arguments
    with pytest.raises(TypeError) as expected:
        Standard(*given, **named)
    with pytest.raises(TypeError) as raised:
        Quick(*given, **named)
    assert str(raised.value) == str(expected.value).replace("Standard", "Quick")


def test_nothing_can_be_changed() -> None:
    quick = Quick("a")
    with pytest.raises(FrozenInstanceError, match="'name' of Quick"):
        quick.name = "b"  # type: ignore[misc]  # what is tested
    with pytest.raises(FrozenInstanceError):
        del quick.name
    with pytest.raises(FrozenInstanceError):
        quick.another = 1  # type: ignore[attr-defined]  # what is tested
    assert quick == Quick("a")


def test_a_list_that_is_made_for_one_is_not_that_of_another() -> None:
    assert Quick("a").tags is not Quick("a").tags


def test_another_one_is_made_by_replacing_a_field() -> None:
    assert dataclasses.replace(Quick("a", 1), size=2) == Quick("a", 2)
    with pytest.raises(ValueError, match="negative"):
        dataclasses.replace(Quick("a"), size=-1)


def test_it_can_be_copied() -> None:
    quick = Quick("a", 1, ["x"])
    assert copy.copy(quick) == copy.deepcopy(quick) == pickle.loads(pickle.dumps(quick)) == quick
    assert copy.deepcopy(quick).tags is not quick.tags


def test_it_is_matched_by_its_fields() -> None:
    match Quick("a", 7):
        case Quick("a", size):
            assert size == 7
        case _:
            pytest.fail("it does not match")


def test_another_class_with_the_same_fields_is_not_equal() -> None:
    assert Quick("a") != Wider("a")
    assert Wider("a", 1) == Wider("a", 1)
    assert repr(Wider("a")) == "Wider(name='a', size=0, tags=[], seen=0.0, length=1, more='more')"


def test_one_without_fields_is_equal_to_any_of_its_class() -> None:
    assert Empty() == Empty()
    assert hash(Empty()) == hash(Empty())
    assert repr(Empty()) == "Empty()"


def test_what_a_class_says_itself_stays() -> None:
    assert Alike("A") == Alike("a")
    assert len({Alike("A"), Alike("a")}) == 1
    assert repr(Alike("A")) == "<A>"


def test_values_are_frozen_by_this_decorator_alone() -> None:
    explorer = Path(__file__).parent.parent / "explorer"
    by_the_standard = [
        str(file.relative_to(explorer.parent))
        for file in explorer.rglob("*.py")
        if "@dataclass(frozen=True, slots=True)\n" in file.read_text("utf-8")
    ]
    assert by_the_standard == []
