"""What can go wrong, by who must act.

    Problem
      InputError    the user asked for something that cannot be: a name, a target, a request that no wire can carry
      FormatError   a file is not what it should be
      WireError     the network failed: no connection, no answer, an answer that is not HTTP
      Stuck         the registry answered, but not with what the conversation needs

Each carries one whole sentence that says what was found, where, what was expected and what to do.
"""

from __future__ import annotations


class Problem(Exception):
    """Say in one sentence what is wrong and who must act; `status` is the program's exit status for it."""

    status = 1

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class InputError(Problem):
    """Say what in the user's own words or edits cannot be used."""

    status = 2


class WireError(Problem):
    """Say how the network failed; `kind` is one of the kinds of `model.Failure`."""

    status = 3

    def __init__(self, sentence: str, kind: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class FormatError(Problem):
    """Say what is wrong with a file, and where in it (`place`: a line, a member, an offset in bytes; may be empty)."""

    status = 4

    def __init__(self, path: object, sentence: str, place: str = "") -> None:
        where = f"{path}, {place}" if place else f"{path}"
        super().__init__(f"{where}: {sentence}")
        self.path = str(path)
        self.place = place


class Stuck(Problem):
    """Say why a flow cannot go on from the answer that it was given."""


class Ended(KeyboardInterrupt):
    """The program is told to end (SIGTERM, SIGHUP), as against Ctrl-C, which may end what is under way alone."""
