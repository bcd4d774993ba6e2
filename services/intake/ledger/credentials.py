"""Tokens and certificates, as rows. A secret is never among them: of a token only its SHA-256 is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from services.intake.ledger import events, portals
from services.intake.ledger.database import Connection, now
from services.intake.ledger.portals import Portal
from services.intake.ledger.schema import credentials

TOKEN, CERTIFICATE = "token", "certificate"


class Taken(Exception):
    """The certificate's name is registered already. The message is the id of its registration."""


@dataclass(frozen=True, slots=True)
class Credential:
    """kind, secret: see schema.py. Moments in µs; expire_time None for never, revoke_time None while it counts."""

    id: str
    portal: str
    kind: str
    secret: str
    scopes: tuple[str, ...]
    create_time: int
    expire_time: int | None
    revoke_time: int | None


@dataclass(frozen=True, slots=True)
class Roll:
    """Everybody who may call or might once, and the portals, at a moment by the database's clock."""

    moment: int
    credentials: tuple[Credential, ...]
    portals: tuple[Portal, ...]


def roll(connection: Connection) -> Roll:
    rows = connection.execute(sa.select(credentials).order_by(credentials.c.create_time, credentials.c.id)).all()
    return Roll(
        now(connection),
        tuple(
            Credential(
                row.id,
                row.portal,
                row.kind,
                row.secret,
                tuple(row.scopes.split()),
                row.create_time,
                row.expire_time,
                row.revoke_time,
            )
            for row in rows
        ),
        tuple(portals.every(connection)),
    )


def create(
    connection: Connection,
    id: str,
    portal: str,
    kind: str,
    secret: str,
    scopes: Collection[str],
    seconds: float | None,
) -> Credential:
    """seconds: until it expires; None for never. Raises Taken, where a certificate still counts for somebody."""
    taken = connection.execute(sa.select(credentials).where(credentials.c.secret == secret)).first()
    if taken is not None:
        if taken.revoke_time is None:
            raise Taken(taken.id)
        connection.execute(sa.delete(credentials).where(credentials.c.secret == secret))
    moment = now(connection)
    expire_time = None if seconds is None else moment + int(seconds * 1_000_000)
    made = Credential(id, portal, kind, secret, tuple(sorted(scopes)), moment, expire_time, None)
    connection.execute(
        sa.insert(credentials).values(
            id=id,
            portal=portal,
            kind=kind,
            secret=secret,
            scopes=" ".join(made.scopes),
            create_time=moment,
            expire_time=expire_time,
        )
    )
    events.note(connection, portal, f"{kind} created", f"tokens/{id}")
    return made


def revoke(connection: Connection, id: str) -> bool:
    """From now on it counts no more; twice is no error. False where there is none of that id."""
    row = connection.execute(sa.select(credentials).where(credentials.c.id == id)).first()
    if row is None:
        return False
    if row.revoke_time is None:
        connection.execute(sa.update(credentials).where(credentials.c.id == id).values(revoke_time=now(connection)))
        events.note(connection, row.portal, f"{row.kind} revoked", f"tokens/{id}")
    return True
