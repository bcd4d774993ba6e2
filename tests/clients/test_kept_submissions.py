"""heyan submit, list, show, watch, rejudge, cancel, erase against the service itself, through its restart."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from docx import Document

from clients.sdk import Client, NotFound, Refused, Upload
from heyan.v1.intake_service_pb2 import SUBMISSION_STATE_DONE, SUBMISSION_STATE_ERASED
from heyan.v1.report_pb2 import VERDICT_REVIEW

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{ROOT / 'proto'}", "HEYAN_WORKERS": "1"}


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = f"unix:{folder}/s"
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-P", "-m", "services.server", "--listen", self.address]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--data", str(self.folder / "data")], stderr=log, env=ENVIRONMENT
            )
        with Client(self.address) as client:
            assert client.ready(60), (self.folder / "log").read_text()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def heyan(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "clients.cli.main", *arguments, "--server", self.address]
        return subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"))
    yield server
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(20) == 0


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two submissions of a form each."""
    made = []
    for name in ("甲学会", "乙学会"):
        folder = tmp_path_factory.mktemp("papers") / name
        folder.mkdir()
        form = Document()
        for line in ("“智惠行动”项目申报书", f"申报单位：{name}", "项目名称：科普进乡村", "申请经费：20万元"):
            form.add_paragraph(line)
        form.save(str(folder / "申报书.docx"))
        made.append(str(folder))
    return made


def test_submitted_listed_shown_watched_and_erased(server: Server, folders: list[str], tmp_path: Path) -> None:
    submit = ["submit", *folders, "--call", "zhihui-2021", "--received", "2021-09-01T10:00"]
    first = server.heyan(*submit)
    assert first.returncode == 0, first.stderr
    names = [line.split("\t")[0] for line in first.stdout.splitlines()]
    assert len(names) == 2

    server.kill()  # -9, and all is there afterwards
    server.start()
    again = server.heyan(*submit, "--wait")
    assert again.returncode == 1, again.stderr
    assert [line.split("\t") for line in again.stdout.splitlines()] == [
        [names[0], "退回", "甲学会"],
        [names[1], "退回", "乙学会"],
    ]
    listed = [json.loads(line) for line in server.heyan("list", "--json", "--verdict", "return").stdout.splitlines()]
    assert [each["name"] for each in listed] == names[::-1]
    assert "乙学会" in server.heyan("list").stdout
    assert server.heyan("list", "--label", "丙").stdout.count("学会") == 0
    shown = server.heyan("show", names[0].removeprefix("submissions/"))
    assert "申报书.docx" in shown.stdout
    assert shown.returncode == 1
    watched = server.heyan("watch", names[0], "--json")
    events = [json.loads(line) for line in watched.stdout.splitlines()]
    assert [int(event["sequence"]) for event in events] == list(range(1, len(events) + 1))
    assert server.heyan("cancel", names[0]).stdout.split("\t")[1] == "退回", "too late"

    draft = server.heyan("correction", names[0])
    assert "草稿" in draft.stdout
    assert "须提交与县级科协“结对”的函" in draft.stdout
    made = tmp_path / "made"
    made.mkdir()
    for command in (("roster", "--call", "zhihui-2021"), ("correction", names[0]), ("evidence", names[0])):
        assert server.heyan(*command, "-o", str(made / command[0])).returncode == 0
    assert [(made / name).read_bytes()[:2] for name in ("roster", "correction", "evidence")] == [b"PK", b"PK", b"<!"]
    assert server.heyan("evidence", names[0], "-o", str(made / "no" / "such")).returncode == 2

    rejudged = server.heyan("rejudge", "--call", "zhihui-2021", "--dry-run")
    assert "重新审核 2 份：0 份有变化" in rejudged.stdout
    assert server.heyan("erase", names[0], "--yes").returncode == 0
    assert "已删除" in server.heyan("show", names[0]).stdout
    refused = server.heyan("cancel", names[0])
    assert refused.returncode == 2
    assert "已被删除" in refused.stderr
    unknown = server.heyan("show", "submissions/none", "--lang", "en")
    assert unknown.returncode == 2
    assert "There is no submissions/none" in unknown.stderr


def test_the_client_sends_what_is_missing_and_a_watcher_outlives_a_restart(server: Server, folders: list[str]) -> None:
    form = Upload("表.docx", Path(folders[1]) / "申报书.docx")
    with Client(server.address) as client:
        submission = client.intake.submit([form, Upload("空.pdf", b"")], "zhihui-2021", label="丁", request_id="r")
        assert (
            client.intake.submit([form, Upload("空.pdf", b"")], "zhihui-2021", label="丁", request_id="r") == submission
        )
        watching = client.intake.watch(submission.name)
        assert next(watching).stage == "queued"
        server.kill()
        server.start()
        assert [event.stage for event in watching][-1] == "done"
        kept = client.intake.wait(submission.name)
        assert kept.state == SUBMISSION_STATE_DONE
        assert kept.verdict == VERDICT_REVIEW
        assert [reading.file_name for reading in kept.report.documents] == ["表.docx", "空.pdf"]
        assert [each.name for each in client.intake.list(label="丁", at_once=1)] == [submission.name]
        assert client.intake.missing(["attachments/" + "0" * 64]) == ["attachments/" + "0" * 64]
        client.intake.erase(submission.name)
        assert client.intake.get(submission.name).state == SUBMISSION_STATE_ERASED
        with pytest.raises(NotFound):
            client.intake.get("none")
        with pytest.raises(Refused):
            client.intake.submit([form], "zhihui-2021", label="a\x00b")


def test_a_submission_that_is_refused_stops_no_other(server: Server, folders: list[str], tmp_path: Path) -> None:
    crowd = tmp_path / "多"
    crowd.mkdir()
    for number in range(65):
        (crowd / f"{number}.txt").write_text(str(number))
    run = server.heyan("submit", str(crowd), folders[0], "--call", "zhihui-2021", "--again")
    assert run.returncode == 2
    assert run.stderr.startswith("多: 一份申报最多 64 个附件。")
    assert [line.split("\t")[1] for line in run.stdout.splitlines()] == ["甲学会"]
    nowhere = server.heyan("submit", *folders, "--call", "none", "--again")
    assert (nowhere.returncode, nowhere.stderr.count("none")) == (2, 1), "what concerns all is said once"


def test_what_has_no_verdict_is_not_acceptable_and_what_came_to_its_end_is_not_submitted_anew_unsaid(
    server: Server, folders: list[str]
) -> None:
    submit = ["submit", folders[0], "--call", "zhihui-2021", "--label", "戊"]
    name = server.heyan(*submit, "--wait").stdout.split("\t")[0]
    assert server.heyan(*submit).returncode == 0
    server.heyan("erase", name, "--yes")
    assert server.heyan("show", name).returncode == 3
    assert server.heyan("watch", name).returncode == 3
    for more in ((), ("--wait",)):
        again = server.heyan(*submit, *more)
        assert again.returncode == 2
        assert "此前提交过，已删除，未重新提交；要重新提交请加 --again。" in again.stderr
    anew = server.heyan(*submit, "--again", "--wait")
    assert (anew.returncode, anew.stderr) == (1, "")


def test_a_folder_of_folders_is_told_as_one_submission(server: Server, folders: list[str], tmp_path: Path) -> None:
    for folder in folders:
        shutil.copytree(folder, tmp_path / "申报" / Path(folder).name)
    run = server.heyan("check", str(tmp_path / "申报"), "--call", "zhihui-2021")
    assert "其中 2 个子文件夹的文件按一份申报处理；若各为一份申报，请写 申报/*/" in run.stderr
    assert server.heyan("check", *folders, "--call", "zhihui-2021").stderr == ""


def test_without_a_server_nothing_is_submitted_to_one_that_would_not_stay(folders: list[str]) -> None:
    begun = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-P", "-m", "clients.cli.main", "submit", folders[0], "--call", "c"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=60,
        check=False,
    )
    assert run.returncode == 4
    assert "heyan serve" in run.stderr
    assert time.monotonic() - begun < 30
    assert os.path.exists(folders[0])
