"""What the last release kept is there after an upgrade, unchanged, and works on: last_release.sql is its ledger."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from heyan.v1 import intake_service_pb2 as pb
from services.extraction.sandbox import Sandbox
from services.intake.integrity import problems
from services.intake.ledger import migrate
from services.intake.ledger.database import looking, sqlite_url
from services.intake.opening import open_attachments, open_ledger
from services.intake.store import Incoming
from services.settings import Settings
from tests.services.intake.house import CALL, open_house
from tests.services.intake.last_release import FILE, FORM, LETTER, REVISION, at_revision, copy_tables


@pytest.fixture
def before(settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """The last release's rows by table; the ledger of the settings is the last release's, with its bytes beside."""
    file = settings.data / "last"
    with contextlib.closing(sqlite3.connect(file)) as ledger:
        ledger.executescript(FILE.read_text(encoding="utf-8"))
    url = settings.database or sqlite_url(settings.data / "heyan.sqlite")
    last = looking(sqlite_url(file))
    with last.connect() as source:
        if settings.database:
            engine = at_revision(url, REVISION)
            with engine.begin() as target:
                copy_tables(source, target)
                for table in ("submissions", "readings", "audit"):
                    sequence = f"pg_get_serial_sequence('{table}', 'number')"
                    target.execute(sa.text(f"SELECT setval({sequence}, (SELECT max(number) FROM {table}))"))
            engine.dispose()
        else:
            file.replace(settings.data / "heyan.sqlite")
    last.dispose()
    store = open_attachments(settings)
    for data in (FORM, LETTER, *(FORM + b"\n" + end for end in (b"cancelled", b"failed", b"waits"))):
        with Incoming(store.spool) as incoming:
            incoming.add(data)
            incoming.settle()
            store.put(incoming)
    return rows(url)


def rows(url: str, only: dict[str, list[dict[str, Any]]] | None = None) -> dict[str, list[dict[str, Any]]]:
    """Every row by its table; `only`: of its tables and columns."""
    engine, tables = looking(url), sa.MetaData()
    found = {}
    with engine.connect() as connection:
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if table.name == "alembic_version" or (only is not None and table.name not in only):
                continue
            columns = list(table.c) if only is None else [table.c[name] for name in only[table.name][0]]
            found[table.name] = [dict(row) for row in connection.execute(sa.select(*columns)).mappings()]
    engine.dispose()
    return {name: sorted(some, key=repr) for name, some in found.items() if some}


def test_every_row_of_the_last_release_is_there_after_the_upgrade(
    settings: Settings, before: dict[str, list[dict[str, Any]]]
) -> None:
    assert {"submissions", "submission_files", "attachments", "uploads", "readings", "events", "jobs"} <= set(before)
    database = open_ledger(settings)
    with database._engine.connect() as connection:
        current, head = migrate.revisions(connection)
        assert current == head != REVISION, "there is something to upgrade"
        assert list(problems(connection, open_attachments(settings))) == []
    database.close()
    url = settings.database or sqlite_url(settings.data / "heyan.sqlite")
    assert rows(url, before) == before


async def test_what_it_kept_is_answered_worked_on_and_judged_again(
    readers: Sandbox, settings: Settings, before: dict[str, list[dict[str, Any]]]
) -> None:
    async with open_house(readers, settings) as house:
        answer = await house.intake.ListSubmissions(pb.ListSubmissionsRequest(), timeout=20)
        states = {each.label: pb.SubmissionState.Name(each.state)[17:] for each in answer.submissions}
        assert {label: states[label] for label in ("退回", "缺函", "取消", "失败", "")} == {
            "退回": "DONE",
            "缺函": "DONE",
            "取消": "CANCELLED",
            "失败": "FAILED",
            "": "ERASED",
        }
        kept = next(row for row in before["submissions"] if row["label"] == "退回")
        done = await house.get(f"submissions/{kept['id']}")
        assert done.report.SerializeToString() == kept["report"]
        waited = next(each.name for each in answer.submissions if each.label == "等待")
        assert (await house.watch(waited))[-1].stage == "done"
        rejudged = house.intake.RejudgeCall(pb.RejudgeCallRequest(call=CALL), timeout=20)
        assert [each.problem async for each in rejudged] == ["", "", ""]
        assert (await house.done(FORM, LETTER, label="新")).state == pb.SUBMISSION_STATE_DONE


def test_the_ledger_of_the_last_release_is_small_and_of_nobody() -> None:
    assert FILE.stat().st_size < 200_000
    assert Path(FILE).read_text(encoding="utf-8").count("CREATE TABLE") >= 10
