"""What went wrong, how it is known, and what mends it.

One function is one rule (`declared.rule`), one file of `families/` one family of failures; both are found by
themselves. A rule is given one exchange and what was known before it (`seen.Seen`), and yields what it finds.

    diagnose(session)                    everything there is to say about a recording
    Diagnosis()                          the same, exchange by exchange, for a session that is under way
    before_sending(request, exchanges)   what would fail, if this was sent next

Rules do no I/O but reading a body's own file where that is allowed, read no clock, and raise nothing.
"""

from __future__ import annotations

from explorer.diagnoses.declared import Found, Rule, rule
from explorer.diagnoses.engine import Diagnosis, before_sending, diagnose
from explorer.diagnoses.finding_rules import rule_named, rules
from explorer.diagnoses.seen import Seen

__all__ = ["Diagnosis", "Found", "Rule", "Seen", "before_sending", "diagnose", "rule", "rule_named", "rules"]
