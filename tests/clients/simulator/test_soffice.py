"""Forms as .doc: LibreOffice where it is installed, a clear word where it is not."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from clients.cli import exits
from clients.cli import simulate as simulate_command
from clients.simulator import simulate
from clients.simulator.soffice import SofficeMissing, convert_all
from tests.processes import ended

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
FAKE = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
out=$2; shift 2
for file in "$@"; do printf 'made by a fake' > "$out/$(basename "$file" .docx).doc"; done
"""


def program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "soffice"
    path.write_text(script)
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.defpath}")


def test_doc_without_libreoffice_is_refused_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    answer = CliRunner().invoke(
        simulate_command.command, [str(tmp_path / "call"), "--count", "1", "--doc"], standalone_mode=False
    )
    assert answer.return_value == exits.SERVICE_FAILED
    assert "LibreOffice" in answer.output
    assert not (tmp_path / "call").exists()


def test_about_half_of_the_forms_are_doc_and_the_truth_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, FAKE, monkeypatch)
    truth = json.loads(simulate(tmp_path / "call", 8, 5, doc=True).read_text("utf-8"))
    media = []
    for entry in truth["submissions"]:
        for file in entry["files"]:
            data = (tmp_path / "call" / entry["folder"] / file["name"]).read_bytes()
            assert (data == b"made by a fake") == (file["medium"] == "doc") == file["name"].endswith(".doc")
            if file["medium"].startswith("doc") and file["kind"] == "application_form":
                media.append(file["medium"])
    assert set(media) == {"doc", "docx"}


def test_a_conversion_that_makes_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "#!/bin/sh\nexit 1\n", monkeypatch)
    (tmp_path / "form.docx").write_bytes(b"anything")
    with pytest.raises(SofficeMissing, match=r"form\.docx"):
        convert_all(tmp_path)


def test_a_conversion_that_hangs_is_ended_with_all_that_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, f"#!/bin/sh\nsleep 60 & echo $! > {tmp_path}/child\nwait\n", monkeypatch)
    monkeypatch.setattr("clients.simulator.soffice._START_SECONDS", 0.5)
    monkeypatch.setattr("clients.simulator.soffice._FILE_SECONDS", 0)
    (tmp_path / "form.docx").write_bytes(b"anything")
    with pytest.raises(SofficeMissing, match="did not end"):
        convert_all(tmp_path)
    assert ended(int((tmp_path / "child").read_text()))


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_makes_a_word_97_file(tmp_path: Path) -> None:
    truth = json.loads(simulate(tmp_path, 3, 5, doc=True).read_text("utf-8"))
    made = [
        tmp_path / e["folder"] / f["name"] for e in truth["submissions"] for f in e["files"] if f["medium"] == "doc"
    ]
    assert made
    assert all(path.read_bytes().startswith(OLE) for path in made)
