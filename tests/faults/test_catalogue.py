"""Every failure that a server, a proxy or the deployment can cause has a fault."""

from __future__ import annotations

from explorer.faults import faults
from tests.faults.catalogue import BY_ITSELF, CLIENT, FAULTS, NOT_HERE


def test_each_failure_of_others_has_a_fault() -> None:
    reproduced = {name for kind in faults().values() for name in kind.reproduces}
    assert reproduced == set(FAULTS)


def test_the_catalogue_is_whole() -> None:
    names = [*CLIENT, *BY_ITSELF, *NOT_HERE, *FAULTS]
    assert len(names) == len(set(names)) == 133
