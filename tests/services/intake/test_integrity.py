"""What is lost, damaged or contradictory is told, by its place; what is whole is not complained about."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from clients.cli.doctor_data import show_kept
from heyan.v1 import intake_service_pb2 as pb
from services.extraction.sandbox import Sandbox
from services.intake.integrity import Problem, looked, problems
from services.intake.ledger import schema
from services.intake.store import FolderStore, Incoming
from services.settings import Settings
from tests.services.intake.house import House, open_house, sha

FORM, LETTER = b"application_form", b"pairing_letter"


@pytest.fixture
async def kept(readers: Sandbox, places: Settings) -> AsyncIterator[House]:
    """Two submissions that are done, one that was erased; nothing is under way any more."""
    places.data.mkdir(exist_ok=True)
    async with open_house(readers, places) as house:
        for number in range(3):
            await house.done(FORM + b"\n%d" % number, LETTER, label=f"{number}")
        erased = next(each for each in await names(house) if each.label == "2")
        await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=erased.name), timeout=20)
        yield house


async def names(house: House) -> list[pb.Submission]:
    return list((await house.intake.ListSubmissions(pb.ListSubmissionsRequest(), timeout=20)).submissions)


async def found(house: House) -> list[Problem]:
    return await house.database.read(lambda connection: list(problems(connection, house.store)))


async def codes(house: House) -> dict[str, str]:
    return {problem.code: problem.subject for problem in await found(house)}


async def test_what_is_whole_is_not_complained_about(kept: House) -> None:
    assert await found(kept) == []
    counted = await kept.database.read(looked)
    assert (counted.submissions, counted.attachments, counted.readings, counted.waiting) == (3, 3, 3, 0)
    await kept.upload(b"nobody has submitted it yet")
    await kept.check(b"application_form\nchecked only")
    assert await found(kept) == []


async def test_what_waits_is_whole_too(idle_house: House) -> None:
    await idle_house.create(FORM)
    assert await found(idle_house) == []


async def test_lost_and_damaged_bytes_are_told_apart(kept: House) -> None:
    store = kept.store
    store.delete(sha(LETTER))
    assert await codes(kept) == {"bytes_missing": f"attachments/{sha(LETTER)}"}
    if isinstance(store, FolderStore):
        (kept.settings.data / "attachments" / sha(LETTER)[:2] / sha(LETTER)).write_bytes(b"another")
        assert await codes(kept) == {"bytes_damaged": f"attachments/{sha(LETTER)}"}


async def test_bytes_that_nobody_knows_are_a_warning_once_no_upload_can_be_under_way(
    kept: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Incoming(kept.store.spool) as incoming:
        incoming.add(b"orphan")
        incoming.settle()
        kept.store.put(incoming)
    assert await found(kept) == [], "it may be under way"
    listed = kept.store.hashes
    monkeypatch.setattr(type(kept.store), "hashes", lambda self, older_than: listed(-1))
    (problem,) = await found(kept)
    assert (problem.code, problem.weight.value, problem.subject) == (
        "orphaned_bytes",
        "warning",
        f"attachments/{sha(b'orphan')}",
    )


table = schema.submissions
DONE = table.c.state == pb.SUBMISSION_STATE_DONE
ERASED = table.c.state == pb.SUBMISSION_STATE_ERASED


HARMS: list[tuple[sa.Executable, str]] = [
    (sa.update(table).where(DONE, table.c.label == "0").values(verdict=3), "verdict_differs"),
    (sa.update(table).where(DONE, table.c.label == "0").values(report=b"\xff\xff"), "report_damaged"),
    (sa.update(table).where(DONE, table.c.label == "0").values(report=None), "verdict_differs"),
    (sa.update(table).where(DONE, table.c.label == "0").values(finish_time=None), "finish_time_wrong"),
    (sa.update(table).where(DONE, table.c.label == "0").values(events=99), "events_missing"),
    (sa.update(table).where(DONE, table.c.label == "0").values(state=77), "state_unknown"),
    (sa.update(table).where(ERASED).values(label="甲"), "erased_in_part"),
    (
        sa.update(table).where(table.c.label == "0").values(state=pb.SUBMISSION_STATE_FAILED, report=None),
        "reason_missing",
    ),
    (
        sa.update(table)
        .where(table.c.label == "0")
        .values(state=pb.SUBMISSION_STATE_RUNNING, report=None, finish_time=None),
        "never_worked_on",
    ),
    (sa.update(schema.submission_files).values(sha256=sha(LETTER)), "report_of_others"),
    (sa.delete(schema.submission_files), "files_missing"),
    (sa.delete(schema.uploads), "upload_missing"),
    (sa.delete(schema.requests), "request_missing"),
    (sa.insert(schema.discarded).values(sha256=sha(LETTER)), "discarded_and_kept"),
    (
        sa.update(schema.readings).where(schema.readings.c.sha256 == sha(LETTER)).values(reading=b"?"),
        "reading_damaged",
    ),
    (sa.delete(schema.readings), "reading_missing"),
    (
        sa.insert(schema.jobs).from_select(
            ["submission", "caller", "priority", "turn", "not_before", "failures", "losses"],
            sa.select(table.c.number, table.c.caller, *map(sa.literal, (1, 1, 2**60, 0, 0))).where(
                table.c.label == "0"
            ),
        ),
        "worked_on_in_vain",
    ),
]


class _Undone(Exception):
    pass


async def test_every_contradiction_is_told(kept: House) -> None:
    """Each is made in a transaction that is undone."""

    def seen_after(connection: sa.Connection, harm: sa.Executable, told: set[str]) -> None:
        connection.execute(harm)
        told |= {problem.code for problem in problems(connection, kept.store)}
        raise _Undone

    for harm, code in HARMS:
        told: set[str] = set()
        with pytest.raises(_Undone):
            await kept.database.write(seen_after, harm, told)
        assert code in told
    assert await found(kept) == []


async def test_what_is_erased_while_we_look_is_no_problem(kept: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bytes go after our look at the ledger began, and before we ask for them."""
    get: Callable[[str], bytes] = kept.store.get
    victim = next(each for each in await names(kept) if each.label == "0")
    gone = sha(FORM + b"\n0")

    def erased_meanwhile(self: object, sha256: str) -> bytes:
        if sha256 == gone:
            with kept.database._engine.connect() as other:
                other.execute(sa.delete(schema.submission_files).where(schema.submission_files.c.sha256 == gone))
                other.execute(sa.delete(schema.uploads).where(schema.uploads.c.sha256 == gone))
                other.execute(sa.delete(schema.attachments).where(schema.attachments.c.sha256 == gone))
                other.commit()
            kept.store.delete(sha256)
        return get(sha256)

    monkeypatch.setattr(type(kept.store), "get", erased_meanwhile)
    assert f"attachments/{gone}" not in [problem.subject for problem in await found(kept)]
    assert victim.name


def doctor(data: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object], str]:
    """Exit code, the facts, and what is shown of them."""
    command = [sys.executable, "-P", "-m", "services.doctor", "--data", str(data)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    facts = json.loads(run.stdout)
    capsys.readouterr()
    code = show_kept(facts, as_json=False)
    shown = capsys.readouterr().out
    assert show_kept(facts, as_json=True) == code
    assert json.loads(capsys.readouterr().out) == facts
    return code, facts, shown


async def test_the_command_tells_it_beside_a_server_that_works(
    readers: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    data.mkdir()
    async with open_house(readers, Settings(data=data)) as house:
        await house.done(FORM, LETTER)
        code, told, shown = doctor(data, capsys)
        assert (code, told["problems"], told["submissions"]) == (0, [], 1)
        assert "完好" in shown
        house.store.delete(sha(FORM))
        code, told, shown = doctor(data, capsys)
        assert code == 4
        assert "附件在存储中缺失" in shown
    assert doctor(tmp_path, capsys)[0] == 4, "there is no ledger"


def test_an_older_ledger_is_left_alone_and_a_newer_one_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from services.intake.opening import open_ledger

    database = open_ledger(Settings(data=tmp_path))
    with database._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert doctor(tmp_path, capsys)[0] == 3
    with database._engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0001"
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'f000'")
    database.close()
    code, told, shown = doctor(tmp_path, capsys)
    assert (code, told["newer"]) == (4, True)
    assert "made by a newer heyan" in shown
