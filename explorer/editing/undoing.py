"""What was before: values that can be gone back to, one after the other."""

from __future__ import annotations

from typing import Generic, TypeVar

from explorer.frozen import frozen

Value = TypeVar("Value")


@frozen
class History(Generic[Value]):
    """A value, those it was before (the oldest first), and those that were undone (the last undone last)."""

    value: Value
    before: tuple[Value, ...] = ()
    undone: tuple[Value, ...] = ()

    def then(self, value: Value) -> History[Value]:
        """Return the history with another value; the same value adds nothing."""
        return self if value == self.value else History(value, (*self.before, self.value))

    def undo(self) -> History[Value]:
        """Return the history one value earlier; itself at its beginning."""
        if not self.before:
            return self
        return History(self.before[-1], self.before[:-1], (*self.undone, self.value))

    def redo(self) -> History[Value]:
        """Return the history with what was undone last; itself where nothing was."""
        if not self.undone:
            return self
        return History(self.undone[-1], (*self.before, self.value), self.undone[:-1])
