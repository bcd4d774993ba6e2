"""The command line as a process: what goes to stdout, what to stderr, and the exit code."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from clients.cli import exits
from heyan.v1.call_pb2 import Call
from tests.clients.fake_server import Fake
from tests.processes import ended

ROOT = Path(__file__).parents[3]


def environment(front: Path | None = None) -> dict[str, str]:
    paths = [*([str(front)] if front else []), str(ROOT), str(ROOT / "proto")]
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(paths), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}


def heyan(*arguments: str | Path, front: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "clients.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment(front), timeout=60, check=False)


def submission(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True)
    for name in names or ("申报表.docx", "对接函.pdf"):
        (folder / name).write_bytes(b"x")
    return folder


def check(fake: Fake, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return heyan("check", *arguments, "--call", "zhihui-2021", "--server", fake.address)


@pytest.mark.parametrize(
    ("labels", "code"),
    [
        (["a"], 0),
        (["return"], 1),
        (["review"], 3),
        (["explode"], 4),
        (["a", "review"], 3),
        (["review", "return", "a"], 1),
        (["return", "explode", "review"], 4),
    ],
)
def test_the_exit_code_is_the_worst_verdict(fake: Fake, tmp_path: Path, labels: Sequence[str], code: int) -> None:
    run = check(fake, *[submission(tmp_path / label) for label in labels], "--json")
    assert run.returncode == code
    assert len(run.stdout.splitlines()) == len(labels) - labels.count("explode") or len(labels) == 1
    assert "Traceback" not in run.stderr


def test_every_verdict_of_several_has_its_place() -> None:
    assert [exits.worst(codes) for codes in ([0, 0], [0, 3], [3, 1], [1, 4, 0], [])] == [0, 3, 1, 4, 4]
    assert exits.of_verdict(0) == exits.of_verdict(99) == exits.REVIEW


def test_json_of_one_submission_is_the_report_alone_with_its_own_field_names(fake: Fake, tmp_path: Path) -> None:
    run = check(fake, submission(tmp_path / "return", "申报表.docx", ".hidden"), "--json", "--received", "2021-09-03")
    report = json.loads(run.stdout)
    assert report["verdict"] == "VERDICT_RETURN"
    assert report["receive_time"] == "2021-09-03T15:59:59Z"
    assert [reading["file_name"] for reading in report["documents"]] == ["申报表.docx"]
    assert report["documents"][0]["document"]["defects"] == []  # empty fields are there, too
    assert "申报表.docx" in run.stdout  # not escaped
    assert "23:59:59" in run.stderr
    assert ".hidden" in run.stderr


def test_json_of_several_submissions_is_one_line_each_in_order(fake: Fake, tmp_path: Path) -> None:
    run = check(fake, submission(tmp_path / "return"), submission(tmp_path / "a"), "--json")
    assert [json.loads(line)["label"] for line in run.stdout.splitlines()] == ["return", "a"]


def test_for_people_the_report_is_told_in_chinese(fake: Fake, tmp_path: Path) -> None:
    run = check(fake, submission(tmp_path / "return", "申报表.docx", "unreadable.pdf"))
    for words in (
        "退回",
        "项目申报表",
        "超过限额",
        "每个项目资助不超过5万元",
        "表 1 行 6 格 2",
        "建议",
        "另有 1 项通过",
    ):
        assert words in run.stdout
    assert "unreadable: damaged" in run.stdout
    assert "文件已损坏" in run.stdout
    assert max(map(_columns, run.stdout.splitlines())) <= 100


def _columns(line: str) -> int:
    from rich.cells import cell_len

    return cell_len(line)


def test_for_people_in_english(fake: Fake, tmp_path: Path) -> None:
    run = check(fake, submission(tmp_path / "return"), "--lang", "en", "--all")
    assert "80000 exceeds the limit" in run.stdout
    assert "RETURN" in run.stdout
    assert "✓ passed" in run.stdout


def test_a_name_with_control_characters_is_shown_escaped(fake: Fake, tmp_path: Path) -> None:
    run = check(fake, submission(tmp_path / "a", "x\x1b[31m\u202e.pdf"))
    assert "\x1b[31m" not in run.stdout
    assert "x\\x1b[31m\\u202e.pdf" in run.stdout


def test_a_terminal_in_gbk_gets_what_it_can_show(fake: Fake, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "clients.cli.main", "check", str(submission(tmp_path / "a")), "--all"]
    command += ["--call", "zhihui-2021", "--server", fake.address]
    gbk = environment() | {"PYTHONIOENCODING": "gbk"}
    run = subprocess.run(command, capture_output=True, env=gbk, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (0, b"")
    assert "可受理" in run.stdout.decode("gbk")
    as_json = subprocess.run([*command, "--json"], capture_output=True, env=gbk, timeout=60, check=False)
    assert "申报表" in as_json.stdout.decode("utf-8")


def test_the_evidence_page_goes_to_its_file(fake: Fake, tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    run = check(fake, submission(tmp_path / "a"), "--html", page)
    assert run.returncode == 0
    assert page.read_text() == "<!doctype html><title>a</title>"


def test_the_evidence_pages_of_several_go_to_a_folder(fake: Fake, tmp_path: Path) -> None:
    folders = [submission(tmp_path / "1" / "a"), submission(tmp_path / "2" / "a"), submission(tmp_path / "b")]
    check(fake, *folders, "--html", tmp_path / "pages")
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["a-2.html", "a.html", "b.html"]


def test_usage_errors_exit_with_2_and_a_sentence(fake: Fake, tmp_path: Path) -> None:
    good = submission(tmp_path / "good")
    letter = good / "对接函.pdf"
    (tmp_path / "empty").mkdir()
    server = ("--server", fake.address)
    for arguments, words in (
        (("check", good, *server), "--call"),
        (("check", "--call", "zhihui-2021", *server), "PATH"),
        (("check", tmp_path / "none", "--call", "zhihui-2021", *server), "none"),
        (("check", tmp_path / "empty", "--call", "zhihui-2021", *server), "empty"),
        (("check", good, good / "对接函.pdf", "--call", "zhihui-2021", *server), "不能混用"),
        (("check", good, "--call", "nowhere", *server), "known: zhihui-2021"),
        (("check", good, "--call", "Bad Id", *server), "zhihui-2021"),
        (("check", good, "--call", "zhihui-2021", "--received", "soon", *server), "ISO 8601"),
        (("check", good, "--call", "zhihui-2021", "--html", tmp_path, *server), "--html"),
        (("check", good, "--call", "zhihui-2021", "--html", good / "r.html", *server), "不能放在送检的文件夹里"),
        (("check", letter, "--call", "zhihui-2021", "--html", letter, *server), "不能放在送检的文件夹里"),
        (("extract", good / "对接函.pdf", "--json", "--text", *server), "--text"),
        (("extract", tmp_path / "none", *server), "none"),
        (("call", "show", "nowhere", *server), "known: zhihui-2021"),
        (("nonsense",), "nonsense"),
    ):
        run = heyan(*arguments)
        assert (run.returncode, run.stdout) == (2, ""), run
        assert words in run.stderr
        assert "Traceback" not in run.stderr


def test_a_named_server_that_is_not_there_is_a_failed_service(tmp_path: Path) -> None:
    run = heyan("check", submission(tmp_path / "a"), "--call", "zhihui-2021", "--server", f"unix:{tmp_path}/none")
    assert (run.returncode, run.stdout) == (4, "")
    assert str(tmp_path) in run.stderr


def test_what_a_server_refuses_is_told_in_its_words(fake: Fake, tmp_path: Path) -> None:
    run = check(fake, submission(tmp_path / "toomany"))
    assert run.returncode == 4
    assert "一次最多 64 个文件。" in run.stderr
    assert "HEYAN_MAX_FILES: at most 64" in run.stderr


def test_a_file_is_extracted_as_json_text_and_for_people(fake: Fake, tmp_path: Path) -> None:
    path = submission(tmp_path / "f") / "对接函.pdf"
    as_json = heyan("extract", path, "--json", "--server", fake.address)
    assert as_json.returncode == 0
    assert {"document", "kind", "fields", "seals"} <= json.loads(as_json.stdout).keys()
    assert "zhihui-2021" in as_json.stderr  # the sole call, said aloud
    assert heyan("extract", path, "--text", "--server", fake.address).stdout == "申报表\t甲\n"
    shown = heyan("extract", path, "--server", fake.address, "--call", "zhihui-2021").stdout
    for words in ("项目申报表", "项目名称", "科普进乡村", "未填", "中国某某学会", "红 圆形 42 mm"):
        assert words in shown


def test_without_a_call_the_only_real_one_is_meant_and_of_several_none(fake: Fake, tmp_path: Path) -> None:
    path = submission(tmp_path / "f") / "对接函.pdf"

    def said(*ids: str) -> tuple[str, bool]:
        fake.validation.calls = [Call(name=f"calls/{id}") for id in ids]
        run = heyan("extract", path, "--json", "--server", fake.address)
        return run.stderr, bool(json.loads(run.stdout)["kind"])

    assert "唯一的通知 zhihui-2021" in said("example-minimal", "zhihui-2021")[0]
    assert said("example-minimal", "zhihui-2021")[1]
    for ids in (("other", "zhihui-2021"), ("example-minimal",), ()):
        assert said(*ids) == (f"未指定 --call：只读文字、表格和印章；通知有 {'、'.join(ids)}。\n", False)


def test_an_unreadable_file_exits_with_1_and_its_json(fake: Fake, tmp_path: Path) -> None:
    path = submission(tmp_path / "f", "unreadable.pdf") / "unreadable.pdf"
    run = heyan("extract", path, "--json", "--server", fake.address)
    assert run.returncode == 1
    assert json.loads(run.stdout)["unreadable"]["code"] == "damaged"
    assert "unreadable: damaged\n文件已损坏" in run.stderr
    assert "The file is damaged" in run.stderr


def test_calls_are_listed_and_shown(fake: Fake) -> None:
    assert "zhihui-2021" in heyan("call", "list", "--server", fake.address).stdout
    shown = heyan("call", "show", "zhihui-2021", "--server", fake.address).stdout
    assert "申请金额不超过限额" in shown
    assert "项目名称" in shown


def test_a_reader_that_goes_away_is_no_error(fake: Fake, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "clients.cli.main", "check", str(submission(tmp_path / "a")), "--json"]
    command += ["--call", "zhihui-2021", "--server", fake.address]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert process.returncode == 141


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_output_that_cannot_be_written_is_no_verdict(fake: Fake, tmp_path: Path, more: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "clients.cli.main", "check", str(submission(tmp_path / "a")), *more]
    command += ["--call", "zhihui-2021", "--server", fake.address]
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, env=environment(), text=True, timeout=60, check=False
        )
    assert run.returncode == 4
    assert "No space left on device" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_bug_of_the_command_line_is_no_verdict() -> None:
    broken = "from clients.cli import main\nmain._run = lambda arguments: 1 / 0\nmain.main()"
    run = subprocess.run(
        [sys.executable, "-c", broken], capture_output=True, env=environment(), text=True, timeout=60, check=False
    )
    assert run.returncode == 4
    assert "ZeroDivisionError" in run.stderr


# ------------------------------------------------------------------------------------------- the private server


@pytest.fixture
def nobody_at_the_default_address() -> None:
    from clients.private_server import accepts

    if accepts("127.0.0.1:50551"):
        pytest.skip("a server runs at the default address")


def started(stderr: str) -> int:
    found = re.search(r"pid (\d+)", stderr)
    assert found, stderr
    return int(found[1])


@pytest.mark.usefixtures("nobody_at_the_default_address")
def test_without_a_server_a_private_one_is_started_told_and_ended(tmp_path: Path, stand_in: Path) -> None:
    run = heyan("check", submission(tmp_path / "return"), "--call", "zhihui-2021", "--json", front=stand_in)
    assert run.returncode == 1, run.stderr
    assert json.loads(run.stdout)["label"] == "return"
    assert ended(started(run.stderr))


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Shells start what runs in the background with SIGINT ignored, and programs inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("nobody_at_the_default_address", "interruptible")
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129), (signal.SIGKILL, -9)]
)
def test_the_private_server_goes_with_us_on_every_signal(
    tmp_path: Path, stand_in: Path, number: signal.Signals, code: int
) -> None:
    command = [sys.executable, "-m", "clients.cli.main", "check", str(submission(tmp_path / "slow"))]
    command += ["--call", "zhihui-2021"]
    temporary = tmp_path / "t"
    temporary.mkdir()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(stand_in) | {"TMPDIR": str(temporary)},
        text=True,
    ) as process:
        assert process.stderr is not None
        pid = started(process.stderr.readline())
        time.sleep(0.7)  # into the call
        os.kill(process.pid, number)
        said = process.stderr.read()
    assert process.returncode == code
    assert "Traceback" not in said
    assert ended(pid)
    if number != signal.SIGKILL:
        assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("nobody_at_the_default_address")
def test_a_private_server_that_cannot_start_is_a_failed_service_with_its_last_words(
    tmp_path: Path, stand_in: Path
) -> None:
    (stand_in / "services" / "server.py").write_text("raise SystemExit('the models are gone')")
    run = heyan("check", submission(tmp_path / "a"), "--call", "zhihui-2021", front=stand_in)
    assert run.returncode == 4
    assert "the models are gone" in run.stderr
    assert "heyan doctor" in run.stderr


def test_serve_becomes_the_server(stand_in: Path) -> None:
    run = heyan("serve", "--listen", "127.0.0.1:0", "--data", "/tmp/d", front=stand_in)
    assert run.returncode == 0
    assert "listen='127.0.0.1:0'" in run.stdout
    assert "data='/tmp/d'" in run.stdout
