"""`heyan call lint`, `test` and `draft` against the service itself, without waiting for its models."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from clients.private_server import PrivateServer
from tests.build import docx

ROOT = Path(__file__).parents[3]
CALLS = ROOT / "services" / "calls"
MINIMAL = CALLS / "example-minimal"
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'proto'}", "HEYAN_WORKERS": "1"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with PrivateServer(CALLS) as running:
        running.wait()
        yield running.address


def heyan(*arguments: object, code: int, server: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "clients.cli.main", "call", *map(str, arguments)]
    command += ["--server", server] if server else []
    run = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=120, check=False)
    assert "Traceback" not in run.stderr
    assert run.returncode == code, run.stdout + run.stderr
    return run


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the call example-minimal."""
    return Path(shutil.copytree(MINIMAL, tmp_path / "calls" / "example-minimal"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")


# -------------------------------------------------------------------------------------------------- lint


def test_a_call_in_order_has_no_problems(server: str) -> None:
    assert heyan("lint", MINIMAL, code=0, server=server).stdout == "没有发现问题。\n"
    answer = heyan("lint", MINIMAL / "call.yaml", "--json", code=0, server=server)
    assert json.loads(answer.stdout) == {"problems": []}


def test_problems_are_told_where_editors_find_them(server: str, copy: Path) -> None:
    change(copy / "call.yaml", "check: at_most", "check: atmost")
    change(copy / "call.yaml", "quote: 题目由学校拟定，不超过20字", "quote: 题目不限")
    run = heyan("lint", copy, code=1, server=server)
    lines = run.stdout.splitlines()
    assert [line.partition(":")[2].split(": ")[1:] for line in lines[:3:2]] == [
        ["警告", "rules[2].clause.quote"],
        ["错误", "rules[4].check"],
    ]
    assert lines[2].startswith(f"{copy}/call.yaml:")
    assert "是否想写 at_most？" in lines[3]
    assert lines[-1] == "1 处错误，1 处警告或提示。有错误的通知无法使用。"
    problems = json.loads(heyan("lint", copy, "--json", code=1, server=server).stdout)["problems"]
    assert [(problem["path"], problem["severity"]) for problem in problems] == [
        ("rules[2].clause.quote", "SEVERITY_WARNING"),
        ("rules[4].check", "SEVERITY_ERROR"),
    ]
    assert "did you mean at_most?" in heyan("lint", copy, "--lang", "en", code=1, server=server).stdout


def test_a_folder_must_be_named_like_its_call(server: str, copy: Path) -> None:
    other = copy.rename(copy.parent / "other")
    assert "文件夹名为 other" in heyan("lint", other, code=1, server=server).stdout
    heyan("lint", other / "call.yaml", code=0, server=server)


def test_what_is_no_text_file_is_wrong_usage(server: str, tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_bytes("number: 申报书".encode("gbk"))
    assert "UTF-8" in heyan("lint", tmp_path / "gbk.yaml", code=2, server=server).stderr
    heyan("lint", tmp_path / "none.yaml", code=2, server=server)
    heyan("lint", tmp_path, code=2, server=server)
    os.mkfifo(tmp_path / "pipe.yaml")
    heyan("lint", tmp_path / "pipe.yaml", code=2, server=server)


# -------------------------------------------------------------------------------------------------- test


def test_the_examples_of_every_call_are_as_expected() -> None:
    run = heyan("test", code=0)
    assert "全部与预期相符" in run.stdout


def test_differences_are_shown_and_counted(copy: Path) -> None:
    change(copy / "call.yaml", "limit: 2000 }", "limit: 1500 }")
    results = [json.loads(line) for line in heyan("test", copy, "--json", code=1).stdout.splitlines()]
    different = {result["example"]: result["differences"] for result in results if result["differences"]}
    assert set(different) == {"fee-at-limit"}
    assert [(each["rule"], each["expected"], each["got"]) for each in different["fee-at-limit"]] == [
        ("verdict", "acceptable", "return"),
        ("fee-over-limit", "passed", "violated"),
    ]
    assert "2,000元" in different["fee-at-limit"][1]["said_zh"]
    shown = heyan("test", copy, code=1).stdout
    assert "fee-at-limit" in shown
    assert "1 个与预期不符" in shown


def test_a_rule_that_is_expected_and_not_there_is_a_difference(server: str, copy: Path) -> None:
    change(copy / "examples" / "late.yaml", "late: violated", "lateness: violated")
    results = [json.loads(line) for line in heyan("test", copy, "--json", code=1, server=server).stdout.splitlines()]
    (differences,) = [result["differences"] for result in results if result["differences"]]
    assert [(each["rule"], each["got"]) for each in differences] == [("late", "violated"), ("lateness", "–")]


def test_a_broken_call_tells_its_lint(copy: Path) -> None:
    change(copy / "call.yaml", "check: at_most", "check: atmost")
    run = heyan("test", copy, code=1)
    assert "atmost" in run.stderr
    assert f"heyan call lint {copy}" in run.stderr


@pytest.mark.parametrize(
    "example",
    [
        "- a",
        "title: [",
        "a: &x [1]\nb: *x",
        "like: nobody\nexpect: {}",
        "like: broken\nexpect: {}",
        "documents: {a.docx: {fields: {a: {staate: blank}}}}\nexpect: {}",
        "documents: {a.docx: {kinds: x}}\nexpect: {}",
        "documents: {a.docx: {reading: ../call.yaml}}\nexpect: {}",
        "documents: [a]\nexpect: {}",
        "expected: {}",
        "documents: {a.docx: {}}\nreceived: 2024-01-01\nexpect: {}",
        "documents: {a.docx: {}}\nexpect: {verdict: fine}",
        "documents: {a.docx: {}}\nexpect: {findings: {late: wrong}}",
    ],
)
def test_an_example_that_is_written_wrongly_is_wrong_usage(server: str, copy: Path, example: str) -> None:
    (copy / "examples" / "broken.yaml").write_text(example, "utf-8")
    assert "broken.yaml" in heyan("test", copy, code=2, server=server).stderr


def test_nothing_tested_is_not_well_tested(copy: Path) -> None:
    shutil.rmtree(copy / "examples")
    heyan("test", copy, code=2)
    heyan("test", copy.parent / "none", code=2)
    heyan("test", "no-such-call", code=2)


# ------------------------------------------------------------------------------------------------- draft


def test_a_notice_becomes_a_folder_that_lint_understands(server: str, tmp_path: Path) -> None:
    notice = docx(*(MINIMAL / "notice.txt").read_text("utf-8").splitlines())
    (tmp_path / "通知.docx").write_bytes(notice)
    folder = tmp_path / "talks-2024"
    run = heyan("draft", tmp_path / "通知.docx", "-o", folder, code=0, server=server)
    assert "title" not in run.stdout
    assert "还有" in run.stderr
    text = (folder / "call.yaml").read_text("utf-8")
    assert "id: talks-2024" in text
    assert "deadline: 2024-09-20T17:00:00+08:00" in text
    assert "limit: 2000}" in text
    todos = {int(line.split(":")[1]) for line in run.stderr.splitlines() if line.startswith(f"  {folder}")}
    problems = json.loads(heyan("lint", folder, "--json", code=1, server=server).stdout)["problems"]
    assert {problem["line"] for problem in problems} <= todos
    heyan("draft", tmp_path / "通知.docx", "-o", folder, code=2, server=server)
    assert (folder / "call.yaml").read_text("utf-8") == text, "nothing is overwritten"


def test_a_draft_goes_to_standard_output(server: str, tmp_path: Path) -> None:
    (tmp_path / "n.txt").write_bytes((MINIMAL / "notice.txt").read_text("utf-8").encode("gb18030"))
    run = heyan("draft", tmp_path / "n.txt", "--lang", "en", code=0, server=server)
    assert "云科馆〔2024〕15号" in run.stdout
    assert "left to do" in run.stderr


def test_what_is_no_notice_is_told(server: str, tmp_path: Path) -> None:
    (tmp_path / "n.pdf").write_bytes(b"%PDF-1.4 nothing")
    heyan("draft", tmp_path / "n.pdf", code=1, server=server)
    heyan("draft", tmp_path / "none.txt", code=2, server=server)
    heyan("draft", tmp_path / "n.pdf", "-o", tmp_path / "Not An Id", code=2, server=server)
