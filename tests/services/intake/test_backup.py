"""Backup while the service works, a second one on top, and restore: of one machine's data, of PostgreSQL and S3, and
from one to the other."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from heyan.v1 import intake_service_pb2 as pb
from services.extraction.sandbox import Sandbox
from services.intake.backup import BackupError, backup, restore
from services.intake.integrity import problems
from services.intake.ledger import schema
from services.intake.ledger.database import looking, sqlite_url
from services.intake.opening import CannotOpen, open_attachments
from services.intake.store import FolderStore
from services.settings import Settings
from tests.services.intake.conftest import elsewhere
from tests.services.intake.house import House, open_house, sha

FORM, LETTER = b"application_form", b"pairing_letter"


async def listed(house: House) -> dict[str, pb.Submission]:
    answer = await house.intake.ListSubmissions(pb.ListSubmissionsRequest(), timeout=20)
    return {each.label: await house.get(each.name) for each in answer.submissions}


async def erase(house: House, label: str) -> None:
    name = (await listed(house))[label].name
    await house.intake.EraseSubmission(pb.EraseSubmissionRequest(name=name), timeout=20)


def is_whole(folder: Path) -> bool:
    engine = looking(sqlite_url(folder / "heyan.sqlite"))
    try:
        with engine.connect() as connection:
            return list(problems(connection, FolderStore(folder / "attachments"))) == []
    finally:
        engine.dispose()


async def test_a_backup_beside_a_working_server_comes_back_whole(
    readers: Sandbox, places: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    places.data.mkdir(exist_ok=True)
    async with open_house(readers, places, working=True) as house:
        before = [await house.done(FORM + b"\n%d" % n, LETTER, label=str(n)) for n in range(2)]
        done = backup(places, folder)
        assert (done.submissions, done.attachments, done.copied, done.removed, done.missing) == (2, 3, 3, 0, ())
        assert is_whole(folder)
    target = Settings(data=tmp_path / "restored")
    back = restore(folder, target)
    assert (back.submissions, back.attachments, back.copied, back.missing) == (2, 3, 3, ())
    async with open_house(readers, target) as house:
        assert list((await listed(house)).values()) == before[::-1]
        assert (await house.done(FORM, LETTER, label="new")).state == pb.SUBMISSION_STATE_DONE
        assert (await house.watch(before[0].name))[-1].stage == "done"


async def test_a_second_backup_copies_what_is_new_and_forgets_what_was_erased(
    readers: Sandbox, places: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "backup"
    places.data.mkdir(exist_ok=True)
    async with open_house(readers, places) as house:
        for number in range(2):
            await house.done(FORM + b"\n%d" % number, LETTER, label=str(number))
        backup(places, folder)
        await erase(house, "0")
        await house.done(FORM + b"\nnew", label="new")
        done = backup(places, folder)
    assert (done.submissions, done.attachments, done.copied, done.removed) == (3, 3, 1, 1)
    assert set(FolderStore(folder / "attachments").hashes(-1)) == {
        sha(LETTER),
        sha(FORM + b"\n1"),
        sha(FORM + b"\nnew"),
    }
    assert is_whole(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["attachments", "backup.json", "heyan.sqlite", "lock"]


async def test_what_waits_is_worked_on_after_the_restore(readers: Sandbox, places: Settings, tmp_path: Path) -> None:
    places.data.mkdir(exist_ok=True)
    async with open_house(readers, places, working=False) as house:
        await house.create(FORM, LETTER, label="waits")
        backup(places, tmp_path / "backup")
    target = Settings(data=tmp_path / "restored")
    restore(tmp_path / "backup", target)
    async with open_house(readers, target) as house:
        name = (await listed(house))["waits"].name
        assert (await house.watch(name))[-1].stage == "done"


async def test_one_machines_data_moves_to_many_and_numbers_go_on(
    readers: Sandbox, tmp_path: Path, postgres_url: str, s3: dict[str, str]
) -> None:
    (tmp_path / "one").mkdir()
    async with open_house(readers, Settings(data=tmp_path / "one")) as house:
        before = await house.done(FORM, LETTER, label="before")
    backup(Settings(data=tmp_path / "one"), tmp_path / "backup")
    many = elsewhere(tmp_path / "many", postgres_url, s3)
    assert restore(tmp_path / "backup", many).copied == 2
    assert set(open_attachments(many).hashes(-1)) == {sha(FORM), sha(LETTER)}
    async with open_house(readers, many) as house:
        assert await house.get(before.name) == before
        after = await house.done(FORM + b"\nafter", label="after")
        assert list(await listed(house)) == ["after", "before"], "the newest first"
        assert after.state == pb.SUBMISSION_STATE_DONE
        found = await house.database.read(lambda connection: list(problems(connection, house.store)))
        assert found == []
    with pytest.raises(BackupError, match="not empty"):
        restore(tmp_path / "backup", many)


async def test_bytes_erased_while_they_are_copied_are_in_no_backup(
    readers: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger is copied, then a submission is erased, then its bytes are asked for."""
    settings = Settings(data=tmp_path / "data")
    settings.data.mkdir()
    async with open_house(readers, settings) as house:
        for number in range(2):
            await house.done(FORM + b"\n%d" % number, label=str(number))
        get, gone = FolderStore.get, sha(FORM + b"\n0")

        def erased_meanwhile(store: FolderStore, sha256: str) -> bytes:
            if sha256 == gone:
                with sqlite3.connect(settings.data / "heyan.sqlite") as other:
                    for table in ("submission_files", "uploads", "readings", "attachments"):
                        other.execute(f"DELETE FROM {table} WHERE sha256 = ?", (gone,))
                other.close()
                store.delete(sha256)
            return get(store, sha256)

        monkeypatch.setattr(FolderStore, "get", erased_meanwhile)
        done = backup(settings, tmp_path / "backup")
        assert done.missing == ()
        assert done.attachments == 1


async def test_lost_bytes_are_told_and_the_rest_is_backed_up(readers: Sandbox, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    settings.data.mkdir()
    async with open_house(readers, settings) as house:
        await house.done(FORM, LETTER)
        house.store.delete(sha(LETTER))
        done = backup(settings, tmp_path / "backup")
        assert (done.attachments, done.missing) == (1, (f"attachments/{sha(LETTER)}",))
    again = restore(tmp_path / "backup", Settings(data=tmp_path / "restored"))
    assert again.missing == (f"attachments/{sha(LETTER)}",)


async def test_damaged_bytes_of_a_backup_never_come_back_as_sound(readers: Sandbox, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    settings.data.mkdir()
    async with open_house(readers, settings) as house:
        await house.done(FORM)
    backup(settings, tmp_path / "backup")
    (tmp_path / "backup" / "attachments" / sha(FORM)[:2] / sha(FORM)).write_bytes(b"another")
    assert not is_whole(tmp_path / "backup")
    assert restore(tmp_path / "backup", Settings(data=tmp_path / "restored")).missing == (f"attachments/{sha(FORM)}",)


def test_a_ledger_that_is_none_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "heyan.sqlite").write_bytes(b"not a database, " * 1000)
    (tmp_path / "backup.json").write_text("{}")
    said = "heyan.sqlite cannot be copied: file is not a database"
    with pytest.raises(BackupError, match=said):
        backup(Settings(data=tmp_path), tmp_path / "to")
    with pytest.raises(BackupError, match=said):
        restore(tmp_path, Settings(data=tmp_path / "restored"))
    assert not list(tmp_path.glob("*/heyan.sqlite*"))


async def test_refusals_leave_everything_as_it_was(readers: Sandbox, tmp_path: Path) -> None:
    one, two = (Settings(data=tmp_path / name) for name in ("one", "two"))
    for settings in (one, two):
        settings.data.mkdir()
        async with open_house(readers, settings) as house:
            await house.done(FORM)
    backup(one, tmp_path / "backup")
    before = (tmp_path / "backup" / "heyan.sqlite").read_bytes()
    with pytest.raises(BackupError, match="another ledger"):
        backup(two, tmp_path / "backup")
    with pytest.raises(BackupError, match="something else"):
        backup(one, tmp_path)
    assert not (tmp_path / "lock").exists()
    with pytest.raises(BackupError, match="no ledger"):
        backup(Settings(data=tmp_path / "none"), tmp_path / "backup2")
    with pytest.raises(BackupError, match="no complete backup"):
        restore(one.data, Settings(data=tmp_path / "new"))
    with pytest.raises(BackupError, match="has a ledger already"):
        restore(tmp_path / "backup", one)
    assert (tmp_path / "backup" / "heyan.sqlite").read_bytes() == before
    with sqlite3.connect(tmp_path / "backup" / "heyan.sqlite") as newer:
        newer.execute("UPDATE alembic_version SET version_num = 'f000'")
    newer.close()
    with pytest.raises(CannotOpen, match="newer heyan"):
        restore(tmp_path / "backup", Settings(data=tmp_path / "new"))
    assert not (tmp_path / "new" / "heyan.sqlite").exists()


async def test_the_commands(readers: Sandbox, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    settings.data.mkdir()
    async with open_house(readers, settings) as house:
        await house.done(FORM)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "clients.cli.main", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    made = run("backup", str(tmp_path / "backup"), "--data", str(settings.data), "--json")
    assert (made.returncode, json.loads(made.stdout)["attachments"]) == (0, 1), made.stderr
    restored = run("restore", str(tmp_path / "backup"), "--data", str(tmp_path / "restored"))
    assert restored.returncode == 0, restored.stderr
    assert "恢复完成：1 份申报" in restored.stdout
    refused = run("restore", str(tmp_path / "backup"), "--data", str(tmp_path / "restored"))
    assert refused.returncode == 4
    assert "has a ledger already" in refused.stderr
    with sqlite3.connect(tmp_path / "restored" / "heyan.sqlite") as ledger:
        assert ledger.execute(str(sa.select(sa.func.count()).select_from(schema.submissions))).fetchone() == (1,)
    ledger.close()
