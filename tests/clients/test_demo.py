from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def demo(directory: Path, front: Path, count: int = 2) -> subprocess.CompletedProcess[str]:
    path = ":".join(map(str, (front, ROOT, ROOT / "proto")))
    return subprocess.run(
        [sys.executable, "-P", "-m", "clients.demo", str(directory), "--count", str(count), "--seed", "7"],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": path, "PYTHONUTF8": "1"},
        timeout=60,
        check=False,
    )


def test_the_demo_leaves_files_and_reports_and_its_second_run_makes_no_new_files(
    tmp_path: Path, stand_in: Path
) -> None:
    first = demo(tmp_path, stand_in)
    assert first.returncode == 0, first.stderr
    truth = json.loads((tmp_path / "submissions" / "truth.json").read_text())
    folders = [entry["folder"] for entry in truth["submissions"]]
    assert len(folders) == 2
    for folder in folders:
        assert folder in first.stdout
        report = json.loads((tmp_path / "reports" / f"{folder}.json").read_text())
        files = sorted(path.name for path in (tmp_path / "submissions" / folder).iterdir())
        assert [reading["file_name"] for reading in report["documents"]] == files
        assert (tmp_path / "reports" / f"{folder}.html").read_text().startswith("<!doctype html>")
    received = json.loads((tmp_path / "reports" / f"{folders[0]}.json").read_text())["receive_time"]
    assert received  # by the truth, so that the deadline is judged

    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "submissions").rglob("*") if path.is_file()}
    assert demo(tmp_path, stand_in).returncode == 0
    assert written == {
        path: path.stat().st_mtime_ns for path in (tmp_path / "submissions").rglob("*") if path.is_file()
    }

    assert demo(tmp_path, stand_in, 1).returncode == 0  # another call altogether: nothing old is left
    assert len(list((tmp_path / "reports").glob("*.json"))) == 1
    assert len([path for path in (tmp_path / "submissions").iterdir() if path.is_dir()]) == 1


def test_a_server_that_cannot_start_ends_the_demo_with_its_words(tmp_path: Path, stand_in: Path) -> None:
    (stand_in / "services" / "server.py").write_text("raise SystemExit('the models are gone')")
    run = demo(tmp_path, stand_in, 1)
    assert run.returncode == 4
    assert "the models are gone" in run.stderr
    assert "Traceback" not in run.stderr
