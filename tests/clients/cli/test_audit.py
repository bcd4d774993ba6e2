"""`heyan audit` as a process: what goes to stdout, what to stderr, and the exit code."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.clients.cli.test_main import heyan, submission
from tests.clients.fake_server import Fake


def audit(fake: Fake, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return heyan("audit", folder, "--call", "zhihui-2021", "--server", fake.address, *arguments)


@pytest.mark.parametrize(
    ("names", "code"),
    [(["a"], 0), (["a", "b"], 3), (["a", "grave"], 1), (["a", "return"], 1), (["a", "explode"], 4)],
)
def test_the_exit_code_is_the_worst_of_reports_and_findings(
    fake: Fake, tmp_path: Path, names: list[str], code: int
) -> None:
    for name in names:
        submission(tmp_path / name)
    run = audit(fake, tmp_path, "--json")
    assert run.returncode == code
    assert "Traceback" not in run.stderr


def test_json_has_the_reports_without_text_and_the_findings(fake: Fake, tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        submission(tmp_path / name, "申报表.docx")
    answer = json.loads(audit(fake, tmp_path, "--json").stdout)
    assert sorted(report["label"] for report in answer["reports"]) == ["乙", "甲"]
    assert answer["reports"][0]["documents"][0]["document"]["text"] == ""
    (finding,) = answer["findings"]
    assert sorted(finding["submissions"]) == ["乙", "甲"]
    assert fake.validation.headers[0].view == 2  # FULL
    assert fake.validation.audited[0].documents[0].document.text


def test_what_is_told_names_submissions_files_and_places(fake: Fake, tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        submission(tmp_path / name, "申报表.docx", "unreadable.pdf")
    run = audit(fake, tmp_path)
    said = " ".join(run.stdout.split())
    for words in (
        "2 份申报",
        "unreadable.pdf: damaged",
        "没有判断是否逾期",
        "甲 unreadable.pdf 第 1 页",
        "「出自甲」",
        "✗ 不符",
    ):
        assert words in said
    assert "2 submissions" in audit(fake, tmp_path, "--lang", "en").stdout


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_times_and_senders_come_from_a_list(fake: Fake, tmp_path: Path, encoding: str) -> None:
    for name in ("甲", "乙", "丙"):
        submission(tmp_path / "f" / name)
    times = tmp_path / "times.tsv"
    lines = "# 名称\t时间\t发件人\n甲\t2021-09-01T10:00\ta@example.org\n乙\t2021-09-02T10:00+00:00\n"
    times.write_text(lines, encoding)
    audit(fake, tmp_path / "f", "--times", times)
    known = {each.name: (each.receive_time.ToJsonString(), each.sender) for each in fake.validation.audited}
    assert known["甲"] == ("2021-09-01T02:00:00Z", "a@example.org")
    assert known["乙"] == ("2021-09-02T10:00:00Z", "")
    assert not next(each for each in fake.validation.audited if each.name == "丙").HasField("receive_time")


@pytest.mark.parametrize(
    ("line", "where"),
    [("丁\t2021-09-01", "line 1"), ("#\n甲\tgestern", "line 2"), ("甲\t2021-09-01\n甲甲\t2021-09-01", "line 2")],
)
def test_a_wrong_list_is_a_usage_error(fake: Fake, tmp_path: Path, line: str, where: str) -> None:
    submission(tmp_path / "f" / "甲")
    (tmp_path / "t").write_text(line, "utf-8")
    run = audit(fake, tmp_path / "f", "--times", tmp_path / "t")
    assert run.returncode == 2
    assert f"--times: 第 {where[-1]} 行 {where}:" in run.stderr
    assert not fake.validation.headers


def test_an_empty_folder_is_told_and_the_others_are_compared(fake: Fake, tmp_path: Path) -> None:
    submission(tmp_path / "甲")
    (tmp_path / "空").mkdir()
    (tmp_path / "汇总.xlsx").write_bytes(b"x")
    run = audit(fake, tmp_path, "--json")
    assert run.returncode == 2
    assert "空" in run.stderr
    assert "汇总.xlsx" in run.stderr
    assert len(json.loads(run.stdout)["reports"]) == 1


def test_a_folder_without_submissions_is_a_usage_error(fake: Fake, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    run = audit(fake, tmp_path)
    assert run.returncode == 2
    assert "每份申报一个子文件夹" in run.stderr


def test_a_file_that_cannot_be_opened_is_told_and_counts(fake: Fake, tmp_path: Path) -> None:
    submission(tmp_path / "甲")
    closed = submission(tmp_path / "乙", "密.docx") / "密.docx"
    closed.chmod(0)
    try:
        closed.read_bytes()
    except PermissionError:
        run = audit(fake, tmp_path, "--json")
        assert run.returncode == 2
        assert "密.docx" in run.stderr
        assert [report["label"] for report in json.loads(run.stdout)["reports"]] == ["甲"]
    else:
        pytest.skip("root opens everything")


def test_an_unknown_call_names_the_known_ones(fake: Fake, tmp_path: Path) -> None:
    submission(tmp_path / "甲")
    run = heyan("audit", tmp_path, "--call", "nowhere", "--server", fake.address)
    assert run.returncode == 2
    assert "zhihui-2021" in run.stderr
