"""Who calls, and what they may. The gate (gate.py) decides it once a request; everybody else asks `caller_of`."""

from __future__ import annotations

import math
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum

from services.status import Context

LOCAL = "local"


class Scope(StrEnum):
    """What a token or a certificate allows. ADMIN is every scope, on every portal's submissions."""

    CHECK = "check"
    SUBMIT = "submit"
    READ_OWN = "read-own"
    READ_ALL = "read-all"
    ERASE = "erase"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """A portal with its scopes. known: by a token or a certificate, and not only because it reached a local listener.

    most_checks: checks that the portal may have under way at once; infinite for no quota.
    """

    portal: str
    scopes: frozenset[Scope]
    known: bool = True
    most_checks: float = math.inf

    def may(self, scope: Scope) -> bool:
        """ADMIN may everything; who reads all portals' submissions reads his own."""
        if Scope.ADMIN in self.scopes or scope in self.scopes:
            return True
        return scope is Scope.READ_OWN and Scope.READ_ALL in self.scopes

    @property
    def reads(self) -> str | None:
        """Whose submissions it may see; None for everybody's."""
        return None if self.may(Scope.READ_ALL) else self.portal

    @property
    def changes(self) -> str | None:
        """Whose submissions it may cancel, erase and judge again; None for everybody's."""
        return None if Scope.ADMIN in self.scopes else self.portal


ANYBODY_HERE = Caller(LOCAL, frozenset(Scope), known=False)
"""Whoever reaches a listener that only this machine reaches, while nobody asks for tokens."""

_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


def caller_of(context: Context) -> Caller:
    """Whose request this is. A handler that no gate stands before is a bug, never an open door."""
    caller = _caller.get()
    assert caller is not None, "no gate stands before this handler"
    return caller


def whose() -> str:
    """The portal for which this task works; "" for work that the server does by itself."""
    caller = _caller.get()
    return caller.portal if caller else ""


def let_in(caller: Caller) -> None:
    """From here on this task, which is one request's, works for the caller."""
    _caller.set(caller)
