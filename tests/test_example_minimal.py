"""A call of another kind, end to end: nothing of the first call is needed. A Word form, and the same form as a scan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from clients.private_server import PrivateServer
from clients.sdk import Client, Upload
from clients.simulator.fonts import SONG, Face
from clients.simulator.page import Rule, Sheet, Text, draw
from heyan.v1.report_pb2 import OUTCOME_VIOLATED, VERDICT_ACCEPTABLE, VERDICT_RETURN, Report
from tests.build import docx

CALL = "example-minimal"
CALLS = Path(__file__).parents[1] / "services" / "calls"
RECEIVED = datetime.fromisoformat("2024-09-10T09:00:00+08:00")
ROWS = (
    ("讲座题目", "月球上的土能不能种菜"),
    ("学校名称", "云岭市第三中学"),
    ("听众", "□小学生 ☑初中生 □高中生"),
    ("拟办日期", "2024年10月16日"),
    ("讲课费（元）", "1500"),
    ("联系人", "白晓梅"),
    ("联系电话", "0871-65511234"),
    ("电子邮箱", "baixm@example.org.cn"),
)
STATED = {
    "title": "月球上的土能不能种菜",
    "school": "云岭市第三中学",
    "audience": "junior",
    "held_on": "2024-10-16",
    "fee": "1500",
    "contact_name": "白晓梅",
    "contact_phone": "0871-65511234",
    "contact_email": "baixm@example.org.cn",
}


@pytest.fixture(scope="module")
def heyan() -> Iterator[Client]:
    with PrivateServer(CALLS) as server:
        server.wait()
        with Client(server.address) as client:
            assert client.ready(120)
            yield client


def word(**changes: str) -> bytes:
    return docx("科普讲座预约单", [[label, changes.get(label, value)] for label, value in ROWS])


def scan(**changes: str) -> bytes:
    """The form as a ruled page at 200 dpi."""
    sheet, face = Sheet(), Face(SONG)
    sheet.texts.append(Text("科普讲座预约单", 72, 30, 8, face))
    for number, (label, value) in enumerate(ROWS):
        y = 55 + number * 16
        sheet.rules.append(Rule(25, y - 5, 185, y - 5))
        sheet.texts += [Text(label, 30, y, 5, face), Text(changes.get(label, value).replace("☑", "■"), 80, y, 5, face)]
    bottom = 50 + len(ROWS) * 16
    sheet.rules += [Rule(25, bottom, 185, bottom), *(Rule(x, 50, x, bottom) for x in (25, 72, 185))]
    picture, _ = draw(Random(1), sheet, 200)
    data = BytesIO()
    Image.fromarray(picture).save(data, "JPEG", quality=88)
    return data.getvalue()


def checked(heyan: Client, name: str, data: bytes) -> Report:
    return heyan.check([Upload(name, data)], CALL, received=RECEIVED).report


def violated(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings if finding.outcome == OUTCOME_VIOLATED}


@pytest.mark.parametrize(("name", "made"), [("预约单.docx", word), ("预约单.jpg", scan)])
def test_a_good_form_is_read_whole_and_acceptable(heyan: Client, name: str, made: object) -> None:
    assert callable(made)
    report = checked(heyan, name, made())
    assert report.documents[0].kind == "booking_form"
    assert {field.id: field.value for field in report.documents[0].fields} == STATED
    assert report.verdict == VERDICT_ACCEPTABLE, [f.message.en for f in report.findings]


@pytest.mark.parametrize(("name", "made"), [("预约单.docx", word), ("预约单.jpg", scan)])
def test_a_form_with_mistakes_is_returned_with_each_of_them(heyan: Client, name: str, made: object) -> None:
    assert callable(made)
    report = checked(heyan, name, made(**{"讲课费（元）": "2500", "拟办日期": "2024年9月28日", "联系人": ""}))
    assert report.verdict == VERDICT_RETURN
    assert violated(report) == {"fee-over-limit", "date-out-of-range", "missing-field"}


def test_the_form_of_another_call_is_no_form_of_this_one(heyan: Client) -> None:
    other = docx(
        "科技志愿服务项目申报书", [["项目名称", "科普进村"], ["申报单位", "中国林学会"], ["申请经费", "20万元"]]
    )
    report = checked(heyan, "申报书.docx", other)
    assert report.documents[0].kind == "other"
    assert "missing-booking-form" in violated(report)
