"""Who may do what: users and their passwords, HTTP Basic, and a token service as docker's specification has it."""

from __future__ import annotations

from explorer.practice.access.checks import Access, BasicAccess, TokenAccess
from explorer.practice.access.users import Grant, Users
from explorer.practice.access.wanted import CATALOG, Wanted, wanted_of

__all__ = ["CATALOG", "Access", "BasicAccess", "Grant", "TokenAccess", "Users", "Wanted", "wanted_of"]
