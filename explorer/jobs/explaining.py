"""What a word of this API means: a rule, an error code, a header, a status, a parameter of a query."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from explorer.diagnoses import Rule, rules
from explorer.errors import InputError
from explorer.spec.codes import CODES, Code, code_named
from explorer.spec.field_checks import Field
from explorer.spec.fields import FIELDS, field_named
from explorer.spec.parameters import PARAMETERS, Parameter, parameter_named
from explorer.spec.statuses import STATUSES, phrase_of


def explain(word: str) -> Iterator[str]:
    """Return the explanation of a word as lines; raises InputError where nothing is known of it."""
    word = word.strip()
    name, _, value = word.partition(":")
    found = rules().get(word.lower())
    if found:
        return _of_rule(found)
    code = code_named(word)
    if code:
        return _of_code(code)
    if word.isdecimal() and len(word) == 3 and int(word) in STATUSES:
        return _of_status(int(word))
    field = field_named(name)
    if field:
        return _of_field(field, value.strip())
    parameter = parameter_named(word)
    if parameter:
        return _of_parameter(parameter)
    near = get_close_matches(word.lower(), _words(), 3)
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise InputError(
        f"Nothing is known of '{word}': it is no rule, error code, header, status or parameter of this API{hint}."
    )


def overview() -> Iterator[str]:
    """Yield everything that can be explained, in short."""
    yield "Rules:"
    for rule in rules().values():
        yield f"  {rule.name:<32} {rule.cause[:100]}"
    yield "Error codes:"
    yield from (f"  {code.code:<32} {code.meaning}" for code in CODES)
    yield "Headers:"
    yield f"  {', '.join(field.name for field in FIELDS)}"
    yield "Statuses:"
    yield f"  {', '.join(map(str, STATUSES))}"
    yield "Parameters of queries:"
    yield f"  {', '.join(one.name for one in PARAMETERS)}"


def _words() -> list[str]:
    named = (*(code.code for code in CODES), *(one.name for one in FIELDS), *(one.name for one in PARAMETERS))
    return [*rules(), *(name.lower() for name in named)]


def _of_rule(rule: Rule) -> Iterator[str]:
    yield f"{rule.name}: a rule of the family {rule.family}; a match {_certainty(rule.certainty)}"
    yield ""
    yield from rule.explanation.splitlines()
    yield ""
    yield f"Who can mend it: {rule.who}"
    yield f"Fix: {rule.fix}"
    if rule.covers:
        yield f"Often followed by: {', '.join(sorted(rule.covers))}"
    if rule.before:
        yield "It warns before a request is sent, too."
    if rule.sources:
        yield f"Sources: {', '.join(rule.sources)}"


def _certainty(certainty: str) -> str:
    words = {
        "decides": "decides on its own",
        "likely": "makes it likely",
        "hint": "is a hint, to be seen beside others",
    }
    return words[certainty]


def _of_code(code: Code) -> Iterator[str]:
    where = "of the distribution specification" if code.is_of_the_specification else "not in the specification"
    yield f"{code.code}: an error code, {where}; status {', '.join(map(str, code.statuses))}"
    yield ""
    yield f"It means: {code.meaning}."
    yield f"When: {code.when}"
    yield from _rules_that_name(code.code)


def _of_field(field: Field, value: str) -> Iterator[str]:
    yield f"{field.name}: a header ({field.section})"
    yield ""
    yield field.meaning
    if value:
        as_sent = field.objection(value, in_answer=False)
        as_answered = field.objection(value, in_answer=True)
        yield (
            f"'{value}' in a request: {as_sent or 'as it should be'}; in an answer: {as_answered or 'as it should be'}"
        )
    yield from _rules_that_name(field.name)


def _of_parameter(parameter: Parameter) -> Iterator[str]:
    yield f"{parameter.name}: a parameter of a query ({parameter.section}), in {parameter.where}"
    yield ""
    yield parameter.meaning
    yield from _rules_that_name(parameter.name if parameter.name.startswith("_") else f"{parameter.name}=")


def _of_status(status: int) -> Iterator[str]:
    yield f"{status} {phrase_of(status)}".rstrip()
    yield ""
    yield STATUSES[status]
    codes = [code.code for code in CODES if status in code.statuses]
    if codes:
        yield f"Codes that come with it: {', '.join(codes)}"
    yield from _rules_that_name(str(status))


def _rules_that_name(word: str) -> Iterator[str]:
    named = [rule.name for rule in rules().values() if _is_named(word, f"{rule.explanation} {rule.fix} {rule.name}")]
    if named:
        yield f"Rules that speak of it: {', '.join(named)}"


def _is_named(word: str, text: str) -> bool:
    return f" {word}" in f" {text}".replace("`", " ").replace("\n", " ")
