"""What `explain` says, and what `diagnose --json` prints."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from explorer.cli import verb_named
from explorer.diagnoses import rules
from explorer.errors import InputError
from explorer.jobs.explaining import explain, overview
from explorer.spec.codes import CODES
from explorer.spec.fields import FIELDS, field_named
from explorer.spec.parameters import PARAMETERS
from explorer.spec.statuses import STATUSES

WORDS = [*rules(), *(code.code for code in CODES), *(field.name for field in FIELDS), *map(str, STATUSES)]
WORDS += [one.name for one in PARAMETERS]


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_an_explanation(word: str) -> None:
    lines = list(explain(word))
    assert len(lines) >= 3
    assert lines[0].lower().startswith(word.lower())


@pytest.mark.parametrize("word", ["?digest=", "&digest", "DIGEST"])
def test_a_parameter_may_be_pasted_with_its_signs(word: str) -> None:
    assert next(iter(explain(word))).startswith("digest: a parameter")


def test_the_overview_names_everything() -> None:
    text = "\n".join(overview())
    assert all(word in text for word in WORDS)


def test_a_word_that_is_unknown_is_a_sentence_with_what_is_near() -> None:
    with pytest.raises(InputError, match="second-question-mark"):
        explain("second-questionmark")


@pytest.mark.parametrize(
    ("name", "value", "in_answer", "is_right"),
    [
        ("Content-Range", "0-4", False, True),
        ("content-range", "bytes 0-4/5", False, False),
        ("Content-Range", "bytes 0-4/5", True, True),
        ("Range", "0-0", True, True),
        ("Range", "bytes=0--1", True, False),
        ("Docker-Content-Digest", "sha256:abc", True, False),
        ("Content-Length", "ten", False, False),
        ("Content-Type", "application/x-www-form-urlencoded", False, False),
        ("Location", "https,http://x/", True, False),
        ("WWW-Authenticate", 'Bearer service="x"', True, False),
    ],
)
def test_a_value_is_judged(name: str, value: str, in_answer: bool, is_right: bool) -> None:
    field = field_named(name)
    assert field is not None
    assert (field.objection(value, in_answer=in_answer) == "") == is_right


def test_the_json_has_the_shape_that_the_manual_says() -> None:
    done = CliRunner().invoke(verb_named("diagnose"), ["sessions/second-question-mark.jsonl", "--json"])
    value = json.loads(done.stdout)
    assert set(value) == {"findings", "recognised", "exchanges", "imported"}
    (finding,) = value["findings"]
    assert list(finding) == ["rule", "certainty", "exchanges", "what", "cause", "proof", "fix", "edit", "sources"]
    assert set(value["recognised"]) == {"registry", "client", "proxy"}
    assert list(value["exchanges"][0]) == ["id", "method", "target", "status", "known"]
    assert set(value["imported"]) == {"format", "guessed", "dropped"}


@pytest.mark.parametrize(
    ("text", "status"), [("denied: requested access to the resource is denied", 1), ("HTTP/1.1 200 OK\n\n", 0)]
)
def test_the_exit_status_says_whether_something_was_found(text: str, status: int) -> None:
    done = CliRunner().invoke(verb_named("diagnose"), ["-"], input=text, standalone_mode=False)
    assert done.return_value == status
