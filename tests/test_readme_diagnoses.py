"""The manual's table of rules names each rule, how certain it is, and who mends it."""

from __future__ import annotations

from explorer.diagnoses import rules
from tests.manual import README, table


def test_the_table_of_rules_names_each_rule() -> None:
    assert [cell.strip("`") for cell in table("rule")] == list(rules())


def test_the_table_says_how_certain_each_rule_is_and_who_mends_it() -> None:
    wrong = [
        rule.name for rule in rules().values() if f"| `{rule.name}` | {rule.certainty} | {rule.who} |" not in README
    ]
    assert wrong == []
