"""What is submitted, and what its report must be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from clients.simulator import simulate
from heyan.v1.report_pb2 import Report
from tests.build import docx

Files = tuple[tuple[str, bytes], ...]  # names and contents, in their order


class Papers(Protocol):
    """The submissions of a run, by number."""

    def files(self, number: int) -> Files: ...

    def wrong(self, number: int, report: Report) -> str:
        """What is wrong with a report; "" where it is right."""
        ...


class Words:
    """For readers that need no models: a file's first line says what kind it is."""

    def files(self, number: int) -> Files:
        return ("form", b"application_form\n" + f"{number} ".encode() * 20_000), ("letter", b"pairing_letter")

    def wrong(self, number: int, report: Report) -> str:
        kinds = [reading.kind for reading in report.documents]
        return "" if kinds == ["application_form", "pairing_letter"] else f"kinds {kinds}"


class Forms:
    """For the real readers: a Word form of its own each, a letter; every so many a scan instead of the letter.

    expected: the reports of an undisturbed server, by number.
    """

    def __init__(self, scans: int, every: int) -> None:
        self.expected: dict[int, Report] = {}
        self._every = every
        self._scans = tuple(_scans(scans))
        self._files: dict[int, Files] = {}

    def files(self, number: int) -> Files:
        if number not in self._files:  # a .docx made again has another time in it
            self._files[number] = self._make(number)
        return self._files[number]

    def _make(self, number: int) -> Files:
        form = docx(
            "项目申报书",
            f"项目名称：科技下乡第{number}期",
            f"申报单位：中国{('林', '农', '水利', '气象')[number % 4]}学会",
            "项目负责人：王五",
            "联系人：赵六",
            "联系电话：13800138000",
            f"申请经费：{5 + number % 20}万元",
            *[f"第{line}段：本项目面向乡村开展科普讲座、培训与志愿服务，编号 {number}-{line}。" for line in range(60)],
        )
        if number % self._every == 0:
            return ("申报书.docx", form), ("函.pdf", self._scans[number // self._every % len(self._scans)])
        letter = docx(
            "结对函", f"致中国林学会第{number % 7}分会：", "我县同意结对。", "安吉县科学技术协会", "2021年5月6日"
        )
        return ("申报书.docx", form), ("函.docx", letter)

    def wrong(self, number: int, report: Report) -> str:
        expected = self.expected[number]
        if report == expected:
            return ""
        for ours, theirs in zip(report.documents, expected.documents, strict=False):
            if ours.unreadable != theirs.unreadable:
                return f"{ours.file_name} is {ours.unreadable.code!r}, and {theirs.unreadable.code!r} undisturbed"
        differ = [
            field.name
            for field, _ in expected.ListFields()
            if getattr(report, field.name) != getattr(expected, field.name)
        ]
        return f"the report differs from an undisturbed server's in {differ}"


def _scans(count: int) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        simulate(Path(folder), 6 * count, 33)
        found = [path.read_bytes() for path in sorted(Path(folder).glob("*/*.pdf"))]
        # the simulator plants empty and broken files, too
        yield from sorted((data for data in found if len(data) > 50_000), key=len)[:count]
