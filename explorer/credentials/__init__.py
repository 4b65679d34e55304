"""Whom to be at a registry: where credentials come from, and when they are looked for.

Said ones (`--user`, `--token`, the environment) are read at once. Those that docker and podman keep are looked up when
a 401 of the registry has come, and not before: a helper may ask for a fingerprint.
"""

from __future__ import annotations

from explorer.credentials.asking import AskingWire, Given, Logins
from explorer.credentials.credential import Credential

__all__ = ["AskingWire", "Credential", "Given", "Logins"]
