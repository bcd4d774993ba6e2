"""docs/http.md, run as it stands."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.extraction.sandbox import Sandbox
from services.settings import Settings
from tests.services.callers.keys import token
from tests.services.http.web import Web, open_web

DOCS = Path(__file__).parents[3] / "docs" / "http.md"
BLOCKS = {
    (language, name): code
    for language, name, code in re.findall(r"^```(\w+) (\w+)\n(.*?)^```$", DOCS.read_text(), re.M | re.S)
}


@pytest.fixture
async def web(readers: Sandbox, tmp_path: Path) -> AsyncIterator[Web]:
    folder = tmp_path / "portal"
    async with open_web(readers, Settings(data=tmp_path, authenticate=True), folder) as web:
        (folder / "申报书.docx").write_bytes(b"application_form")
        (folder / "函.pdf").write_bytes(b"pairing_letter")
        (folder / "token").write_text((await token(web.house.database, "portal")).text)
        yield web


async def shell(web: Web, name: str) -> str:
    secret = (web.folder / "token").read_text()
    code, out, error = await web.run("bash", "-euc", BLOCKS["sh", name], TOKEN=secret)
    assert code == 0, error
    return out


async def test_a_check_is_one_request(web: Web) -> None:
    report = json.loads(await shell(web, "check"))["report"]
    assert report["label"] == "A-001"
    assert report["receive_time"] == "2021-09-01T02:00:00Z"
    assert [(each["file_name"], each["kind"]) for each in report["documents"]] == [
        ("申报书.docx", "application_form"),
        ("函.pdf", "pairing_letter"),
    ]
    assert report["verdict"] == "VERDICT_RETURN"


async def test_php_checks(web: Web) -> None:
    if shutil.which("php") is None:
        pytest.skip("PHP is not installed")
    (web.folder / "check.php").write_text(BLOCKS["php", "check"])
    code, out, error = await web.run("php", "check.php", TOKEN=(web.folder / "token").read_text())
    assert (code, error) == (0, "")
    assert out.splitlines()[0] == "VERDICT_RETURN"
    assert len(out.splitlines()) > 1
    code, out, error = await web.run("php", "check.php", TOKEN="heyan_wrong")
    assert code == 1
    assert "访问令牌无效" in error


async def test_one_file_is_read(web: Web) -> None:
    reading = json.loads(await shell(web, "extract"))["reading"]
    assert (reading["file_name"], reading["kind"]) == ("函.pdf", "pairing_letter")


async def test_a_submission_is_handed_in_and_asked_for(web: Web) -> None:
    first, again = json.loads(await shell(web, "submit")), json.loads(await shell(web, "submit"))
    assert first["submission"]["state"] == "SUBMISSION_STATE_QUEUED"
    assert first["submission"]["file_names"] == ["申报书.docx"]
    assert first["submission"]["name"] == again["submission"]["name"]
    listed = json.loads(await shell(web, "get"))
    assert [(each["name"], each["portal"]) for each in listed["submissions"]] == [
        (first["submission"]["name"], "portal")
    ]


async def test_calls_are_listed(web: Web) -> None:
    assert "calls/zhihui-2021" in [call["name"] for call in json.loads(await shell(web, "calls"))["calls"]]


async def test_what_is_wrong_is_told_in_both_languages(web: Web) -> None:
    error = json.loads(await shell(web, "wrong"))
    assert error["code"] == "not_found"
    told = {detail["debug"]["locale"] for detail in error["details"] if "LocalizedMessage" in detail["type"]}
    assert told == {"zh-CN", "en"}


def test_every_example_is_run() -> None:
    run = set(re.findall(r'(?:shell\(web, "(\w+)"\))', Path(__file__).read_text()))
    assert {name for language, name in BLOCKS if language == "sh"} == run
    assert {name for language, name in BLOCKS if language == "php"} == {"check"}
