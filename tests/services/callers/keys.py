"""Portals with tokens in a ledger, and certificates of a make-believe authority."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import trustme

from services.callers import token as tokens
from services.callers.caller import Scope
from services.intake.ledger import credentials
from services.intake.ledger.credentials import CERTIFICATE, TOKEN
from services.intake.ledger.database import Database

EVERYTHING = (Scope.CHECK, Scope.SUBMIT, Scope.READ_OWN, Scope.ERASE)


async def token(database: Database, portal: str, *scopes: str, seconds: float | None = None) -> tokens.Token:
    made = tokens.make()
    given = scopes or EVERYTHING
    await database.write(credentials.create, made.id, portal, TOKEN, made.sha256, given, seconds)
    return made


async def certificate(database: Database, portal: str, name: str, *scopes: str) -> None:
    await database.write(credentials.create, tokens.new_id(), portal, CERTIFICATE, name, scopes or EVERYTHING, None)


def bearer(made: tokens.Token) -> Sequence[tuple[str, str]]:
    return (("authorization", f"Bearer {made.text}"),)


def write_certificate(
    folder: Path, authority: trustme.CA, *names: str, common_name: str | None = None
) -> tuple[Path, Path]:
    """PEM files of a certificate with its chain, and of its key; overwritten where they are there."""
    issued = authority.issue_cert(*names, common_name=common_name)
    chain, key = folder / "chain.pem", folder / "key.pem"
    folder.mkdir(exist_ok=True)
    chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())
    return chain, key
