"""The whole path as a portal's programmer walks it: simulate, check over gRPC with the real engine, read the report."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from clients.simulator import simulate

HEYAN = str(Path(sys.executable).parent / "heyan")


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """Three submissions and what the simulator knows about them."""
    truth = simulate(tmp_path_factory.mktemp("call"), 3, 20)
    return truth.parent, json.loads(truth.read_text("utf-8"))["submissions"]


def test_a_submission_is_checked_by_one_command(call: tuple[Path, list[dict[str, Any]]], tmp_path: Path) -> None:
    directory, entries = call
    entry = entries[0]
    page = tmp_path / "report.html"
    command = [
        HEYAN,
        "check",
        str(directory / entry["folder"]),
        "--call",
        "zhihui-2021",
        "--received",
        entry["received"],
    ]
    answer = subprocess.run([*command, "--json", "--html", str(page)], capture_output=True, timeout=120, check=False)
    report = json.loads(answer.stdout)
    verdict = report["verdict"].removeprefix("VERDICT_").lower()
    assert answer.returncode == {"acceptable": 0, "return": 1, "review": 3}[verdict]
    assert verdict == entry["verdict"]
    kinds = {document["file_name"]: document["kind"] for document in report["documents"]}
    for file in entry["files"]:
        if file["kind"] in ("application_form", "pairing_letter") and "damage" not in file:
            assert kinds[file["name"]] == file["kind"]
    assert page.read_text("utf-8").startswith("<!doctype html>")
    targets = re.findall(r"""(?:src|href)=["']?(.{5})""", page.read_text("utf-8"))
    assert all(target.startswith(("#", "data:")) for target in targets), "self-contained"


def test_what_a_file_states_is_told_as_json(call: tuple[Path, list[dict[str, Any]]]) -> None:
    directory, entries = call
    entry, file = next(
        (entry, file) for entry in entries for file in entry["files"] if file["kind"] == "application_form"
    )
    path = directory / entry["folder"] / file["name"]
    answer = subprocess.run(
        [HEYAN, "extract", str(path), "--call", "zhihui-2021", "--json"], capture_output=True, timeout=120, check=False
    )
    assert answer.returncode == 0
    reading = json.loads(answer.stdout)
    assert reading["kind"] == "application_form"
    assert reading["document"]["format"] == "docx"
    assert reading["document"]["text"]
    assert reading["document"]["tables"][0]["cells"]
    stated = {field["id"]: field["value"] for field in reading["fields"]}
    assert stated["applicant"] == file["fields"]["applicant"]
