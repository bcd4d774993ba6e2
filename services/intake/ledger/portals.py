"""What each caller has, and may have. Counted in the same transactions that change it, so that nothing is summed up
when an upload arrives."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.callers.refusals import OverQuota
from services.intake.ledger.database import Connection, upsert
from services.intake.ledger.schema import portals


@dataclass(frozen=True, slots=True)
class Quotas:
    """What a portal may have; infinite for no quota. bytes: of its uploads. checks: under way at once."""

    bytes: float = math.inf
    submissions: float = math.inf
    checks: float = math.inf


@dataclass(frozen=True, slots=True)
class Portal:
    """What a portal has; quotas of its own, None where those of the settings count."""

    name: str
    bytes: int
    submissions: int
    most_bytes: int | None
    most_submissions: int | None
    most_checks: int | None


_OF = sa.select(portals).where(portals.c.portal == sa.bindparam("the_portal"))


@cache
def _add(dialect: str) -> Any:
    made = upsert(dialect, portals)
    has = {name: portals.c[name] + made.excluded[name] for name in ("bytes", "submissions")}
    return made.on_conflict_do_update(index_elements=["portal"], set_=has).returning(
        portals.c.bytes, portals.c.submissions, portals.c.most_bytes, portals.c.most_submissions
    )


def add(connection: Connection, portal: str, bytes: int, submissions: int, usual: Quotas = Quotas()) -> None:
    """The portal has so much more. usual: the quotas of a portal without its own. Raises OverQuota."""
    more = {"portal": portal, "bytes": bytes, "submissions": submissions}
    row = connection.execute(_add(connection.dialect.name), more).one()
    most_bytes = usual.bytes if row.most_bytes is None else row.most_bytes
    most_submissions = usual.submissions if row.most_submissions is None else row.most_submissions
    if bytes > 0 and row.bytes > most_bytes:
        raise OverQuota(portal, "bytes", most_bytes)
    if submissions > 0 and row.submissions > most_submissions:
        raise OverQuota(portal, "submissions", most_submissions)


def bytes_of(connection: Connection, portal: str, usual: Quotas) -> tuple[int, float]:
    """What the portal has uploaded, and what it may."""
    row = connection.execute(_OF, {"the_portal": portal}).first()
    if row is None:
        return 0, usual.bytes
    return row.bytes, usual.bytes if row.most_bytes is None else row.most_bytes


def every(connection: Connection) -> list[Portal]:
    """By name."""
    return [Portal(*row) for row in connection.execute(sa.select(portals).order_by(portals.c.portal))]


def set_quotas(connection: Connection, portal: str, given: dict[str, int | None]) -> None:
    """Its own quotas, by "bytes", "submissions", "checks"; None for those of the settings."""
    add(connection, portal, 0, 0)
    values = {f"most_{quota}": most for quota, most in given.items()}
    if values:
        connection.execute(sa.update(portals).where(portals.c.portal == portal).values(**values))
