"""What files state, kept by (sha256, reader, forms), so that nothing is read twice."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from heyan.v1.document_pb2 import Reading
from services.intake.ledger.database import Connection, now, upsert
from services.intake.ledger.schema import readings, submission_files

_LEVEL = 1  # pictures are JPEG already, and text shrinks to a fifth even so


@dataclass(frozen=True, slots=True)
class Key:
    """sha256: of the file. reader: what makes the document of it. forms: what is looked for in it, by which finder."""

    sha256: str
    reader: str
    forms: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading, without a file name. fits: it was looked for the same forms; else kind and fields are others'."""

    reading: Reading
    fits: bool


# Made once: making a statement anew costs as much as running it.
_READER = readings.c.reader == sa.bindparam("the_reader")
_FORMS = readings.c.forms == sa.bindparam("the_forms")
_OF_FILE = sa.select(readings.c.forms, readings.c.reading).where(readings.c.sha256 == sa.bindparam("the_sha256"))
_FIND = _OF_FILE.where(_READER, readings.c.certain).order_by(_FORMS.desc(), readings.c.number.desc()).limit(1)
_FIND_ANY = _OF_FILE.order_by(_READER.desc(), readings.c.certain.desc(), _FORMS.desc(), readings.c.number.desc()).limit(
    1
)
_EDITIONS = sa.select(readings.c.sha256, readings.c.number, readings.c.use_time).where(
    readings.c.sha256.in_(sa.bindparam("hashes", expanding=True)), _READER, _FORMS, readings.c.certain
)


@cache
def _keep(dialect: str) -> Any:
    made = upsert(dialect, readings)
    new = {name: made.excluded[name] for name in ("certain", "reading", "use_time")}
    return made.on_conflict_do_update(index_elements=["sha256", "reader", "forms"], set_=new)


def find(connection: Connection, key: Key) -> Kept | None:
    """The reading of a file by this reader, of the same forms where there is one. Never an uncertain one."""
    return _kept(connection.execute(_FIND, _asked(key)).first(), key)


def find_by_any_reader(connection: Connection, key: Key) -> Kept | None:
    """The last reading of a file, whatever read it; one of the same forms and reader first."""
    return _kept(connection.execute(_FIND_ANY, _asked(key)).first(), key)


def editions(connection: Connection, hashes: Sequence[str], reader: str, forms: str) -> dict[str, tuple[int, int]]:
    """Which readings of files are there, by this reader and for these forms: their numbers, and when they were kept.

    Never an uncertain one.
    """
    asked = {"hashes": list(hashes), "the_reader": reader, "the_forms": forms}
    found = connection.execute(_EDITIONS, asked)
    return {row.sha256: (row.number, row.use_time) for row in found}


def _asked(key: Key) -> dict[str, object]:
    return {"the_sha256": key.sha256, "the_reader": key.reader, "the_forms": key.forms}


def _kept(row: sa.Row[Any, Any] | None, key: Key) -> Kept | None:
    if row is None:
        return None
    return Kept(Reading.FromString(zlib.decompress(row.reading)), row.forms == key.forms)


def packed(reading: Reading) -> bytes:
    """As it is kept, without its file's name. Of a long scan it takes a while: not to be done within a transaction."""
    name, reading.file_name = reading.file_name, ""
    try:
        return zlib.compress(reading.SerializeToString(), _LEVEL)
    finally:
        reading.file_name = name


def keep(connection: Connection, key: Key, packed: bytes, *, certain: bool) -> None:
    """Keeps a packed reading in place of the one under the same key."""
    values = {"certain": certain, "reading": packed, "use_time": now(connection)}
    named = {"sha256": key.sha256, "reader": key.reader, "forms": key.forms}
    connection.execute(_keep(connection.dialect.name), {**named, **values})


def forget_unsubmitted(connection: Connection, before: int) -> int:
    """Readings from before a moment of files that no submission has. How many."""
    used = sa.select(submission_files.c.sha256).where(submission_files.c.sha256 == readings.c.sha256)
    return connection.execute(sa.delete(readings).where(readings.c.use_time < before, ~used.exists())).rowcount
