"""What people see while long files are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients.cli.check import pages_text
from clients.cli.watch import _line
from clients.sdk import Client, Upload
from heyan.v1.intake_service_pb2 import WatchSubmissionResponse as Event
from tests.clients.fake_server import Fake


@pytest.mark.parametrize(
    ("event", "zh", "en"),
    [
        (Event(sequence=2, stage="reading"), "2\t读取", "2\treading"),
        (
            Event(
                sequence=7, stage="reading", file=2, files=3, file_pages_done=120, file_pages_total=300, pages_done=125
            ),
            "7\t读取 第 2/3 个文件 120/300 页",
            "7\treading file 2 of 3 120/300 pages",
        ),
        (
            Event(sequence=4, stage="reading", file=1, files=1, file_pages_done=5, pages_done=5, pages_total=9),
            "4\t读取 5/9 页",
            "4\treading 5/9 pages",
        ),
        (
            Event(sequence=9, stage="judging", file=3, files=3, pages_done=9, pages_total=9),
            "9\t审核 9/9 页",
            "9\tjudging 9/9 pages",
        ),
        (Event(sequence=9, stage="done", pages_done=9, pages_total=9), "9\t完成 9/9 页", "9\tdone 9/9 pages"),
    ],
)
def test_a_watched_submission_says_which_file_and_how_many_of_its_pages(event: Event, zh: str, en: str) -> None:
    assert (_line(event, "zh"), _line(event, "en")) == (zh, en)


def test_a_watched_check_says_the_file_and_its_pages_without_control_characters() -> None:
    assert pages_text("函\x1b[31m.pdf", 3, 30, "zh").endswith(" 3/30 页")
    assert "\x1b" not in pages_text("函\x1b[31m.pdf", 3, 30, "zh")
    assert pages_text("申报书.docx", 0, 0, "en") == "申报书.docx"


def test_a_server_that_cannot_tell_progress_still_answers(fake: Fake, tmp_path: Path) -> None:
    file = tmp_path / "函.pdf"
    file.write_bytes(b"some bytes")
    told: list[object] = []
    with Client(fake.address) as client:
        files = [Upload("函.pdf", file)]
        answer = client.check(files, "zhihui-2021", progress=told.append)
        assert answer == client.check(files, "zhihui-2021")
    assert told == []
