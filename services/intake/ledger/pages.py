"""Pages of files that are being read, so that whoever goes on after a crash reads only what is missing.

They go when the whole reading is kept, or with whatever else is known of the file.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from services.intake.ledger.database import Connection, now, upsert
from services.intake.ledger.schema import pages, submission_files

_LEVEL = 1


_FILE = pages.c.sha256 == sa.bindparam("the_sha256")
_OF = sa.select(pages.c.number, pages.c.page).where(_FILE, pages.c.reader == sa.bindparam("the_reader"))
_FORGET = sa.delete(pages).where(_FILE)


@cache
def _keep(dialect: str) -> Any:
    return upsert(dialect, pages).on_conflict_do_nothing()


def find(connection: Connection, sha256: str, reader: str) -> dict[int, bytes]:
    """The pages of a file that this reader has read: by their number, as they were kept."""
    found = connection.execute(_OF, {"the_sha256": sha256, "the_reader": reader})
    return {row.number: zlib.decompress(row.page) for row in found}


def keep(connection: Connection, sha256: str, reader: str, read: Mapping[int, bytes]) -> None:
    """Keeps pages; those that are there already stay."""
    moment = now(connection)
    for number, page in read.items():
        kept = {"sha256": sha256, "reader": reader, "number": number, "keep_time": moment}
        connection.execute(_keep(connection.dialect.name), {**kept, "page": zlib.compress(page, _LEVEL)})


def forget(connection: Connection, sha256: str) -> None:
    """Of a file, whatever has read them."""
    connection.execute(_FORGET, {"the_sha256": sha256})


def forget_unsubmitted(connection: Connection, before: int) -> int:
    """Pages from before a moment of files that no submission has. How many."""
    used = sa.select(submission_files.c.sha256).where(submission_files.c.sha256 == pages.c.sha256)
    return connection.execute(sa.delete(pages).where(pages.c.keep_time < before, ~used.exists())).rowcount
