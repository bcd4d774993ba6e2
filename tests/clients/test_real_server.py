"""The command line with the service itself, started as a private server."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from docx import Document
from msoffcrypto.format.ooxml import OOXMLFile

from clients.private_server import accepts

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-P", "-m", "clients.cli.main", "check", "--call", "zhihui-2021", "--json"]
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{ROOT / 'proto'}", "HEYAN_WORKERS": "1"}

pytestmark = pytest.mark.skipif(accepts("127.0.0.1:50551"), reason="a server runs at the default address")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    form = Document()
    form.add_paragraph("“智惠行动”项目申报书")
    form.add_paragraph("项目名称：科普进乡村")
    (tmp_path / "f").mkdir()
    form.save(str(tmp_path / "f" / "申报书.docx"))
    (tmp_path / "f" / "空.pdf").touch()
    return tmp_path / "f"


def processes_of(session: int) -> list[int]:
    """The processes of a session that live; a server has workers."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, its_session = stat.read_text().rsplit(")", 1)[1].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(its_session) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_until_gone(session: int, seconds: float = 15.0) -> list[int]:
    end = time.monotonic() + seconds
    while (left := processes_of(session)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def test_a_submission_is_checked_and_neither_server_nor_worker_is_left(folder: Path) -> None:
    with (folder / "申报书.docx").open("rb") as plain, (folder / "有密码.docx").open("wb") as locked:
        OOXMLFile(plain).encrypt("密码1", locked)
    run = subprocess.run(
        [*COMMAND, "--password", "密码1", str(folder)],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 3, run.stderr  # the unreadable file may be the letter
    report = json.loads(run.stdout)
    documents = {reading["file_name"]: reading for reading in report["documents"]}
    assert list(documents) == ["有密码.docx", "申报书.docx", "空.pdf"]
    assert documents["空.pdf"]["unreadable"]["code"] == "empty"
    assert documents["有密码.docx"]["document"]["format"] == "docx"
    assert "密码1" not in run.stderr + run.stdout
    assert report["verdict"] == "VERDICT_REVIEW"
    assert wait_until_gone(_pid(run.stderr)) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_is_left_when_we_are_ended_while_the_models_load(folder: Path, number: signal.Signals) -> None:
    with subprocess.Popen(
        [*COMMAND, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT, text=True
    ) as process:
        assert process.stderr is not None
        pid = _pid(process.stderr.readline())
        time.sleep(1.5)
        os.kill(process.pid, number)
        assert "Traceback" not in process.stderr.read()
    assert process.returncode == (143 if number == signal.SIGTERM else -9)
    assert wait_until_gone(pid) == []


def _pid(said: str) -> int:
    found = re.search(r"pid (\d+)", said)
    assert found, said
    return int(found[1])
