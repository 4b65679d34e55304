"""What a source tells about an exchange beside its messages: remarks with a kind that rules can ask for."""

from __future__ import annotations

from explorer.frozen import frozen

NOTE_KINDS = {
    "header-dropped": "a header argument of the command line that never reached the wire; `value` is the argument",
    "header-removed": "a default header that the command line took away; `value` is its name",
    "hole": "a variable, command or placeholder whose value the source does not tell; `value` is its text",
    "hole-filled": "a hole that was filled from an earlier answer; `value` is its text",
    "guessed": "something that the source does not tell and that was concluded; `value` names it",
    "elided": "a value that was shortened by whoever shared it; `value` names the place",
    "body-file": "the body is that of a file which was not read; `value` is the name as it was written",
    "data-stripped": "curl takes line ends and NUL out of the file of -d; `value` is the name of the file",
    "expected": "what a script expects of the answer, or keeps of it; `value` is that",
    "option": "an option of the command line that decides how it is sent; `value` is the option",
    "refused": "something in a command that its client does not take, so that it would send nothing; `value` is that",
    "replaced": "what a replay put in the place of what in the recorded request; `value` is empty",
    "rejoined": "a line that was broken on its way here was joined again; `value` names the place",
    "order-uncertain": "which answer belongs to which request, or which came first, is not certain",
    "status-guessed": "the status is concluded from what the source says in words; `value` is those words",
    "server-said": "what the server's log says about this request; `value` is the message",
    "client-said": "what the client's log says about this request; `value` is the message",
    "withheld": "a credential of the client that the recorder did not pass on; `value` is the header's name",
    "fault": "the recorder had faults on the way; `value` names them",
    "framing-in-doubt": "the end of the body could not be told, so all was passed on; `value` says why",
    "source-line": "where in the imported file it begins; `value` is the number of the line",
}
"""Each kind of note and what it says."""


@frozen
class Note:
    """A remark on an exchange: its kind, a sentence for people, and the thing itself, exactly as it was written."""

    kind: str
    words: str
    value: str = ""
