"""The second engine: what it makes of Tesseract's table, and how it fails. Tesseract itself is optional."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from extractors.errors import EngineError
from extractors.ocr.tesseract import TesseractEngine, available

PAGE = np.full((100, 200), 255, np.uint8)
HEADER = "level page_num block_num par_num line_num word_num left top width height conf text".replace(" ", "\t")


def pretend(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str, language: str = "chi_sim") -> None:
    """Put a program called tesseract first in PATH: lists the language, else runs the script ($2: the answer)."""
    program = folder / "tesseract"
    languages = f"printf 'List of languages:\\n{language}\\n'; exit 0"
    version = "echo 'tesseract 5.3.0'; exit 0"
    cases = f"case $1 in --list-langs) {languages};; --version) {version};; esac"
    program.write_text(f"#!/bin/sh\n{cases}\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:{os.defpath}")


def test_words_become_lines_without_tesseracts_spaces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        "4 1 1 1 1 0 10 10 150 20 -1 ",
        "5 1 1 1 1 1 10 10 40 20 96.0 联系",
        "5 1 1 1 1 2 50 12 20 20 90.0 人",
        "5 1 1 1 1 3 80 10 50 20 80.0 Li",
        "5 1 1 1 1 4 130 10 50 20 80.0 Wei",
        "5 1 1 1 2 1 10 60 60 20 70.0 2021年",
        "5 1 1 1 2 2 90 60 60 20 70.0  ",
    ]
    (tmp_path / "table").write_text(
        "\n".join([HEADER, *(row.replace(" ", "\t", 11) for row in rows)]), encoding="utf-8"
    )
    pretend(tmp_path, monkeypatch, f"cat {tmp_path}/table > $2.tsv")
    first, second = TesseractEngine().read(PAGE)
    assert (first.text, second.text) == ("联系人Li Wei", "2021年")
    assert [word.text for word in first.words] == ["联系", "人", "Li", "Wei"]
    assert first.place.box is not None
    assert (first.place.box.left, first.place.box.bottom) == (0.05, 0.32)
    assert second.confidence == pytest.approx(0.7)


def test_an_empty_table_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(tmp_path, monkeypatch, f"printf '{HEADER}\\n' > $2.tsv")
    assert TesseractEngine().read(PAGE) == ()


def test_a_failing_program_is_an_engine_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(tmp_path, monkeypatch, "echo broken data >&2; exit 1")
    with pytest.raises(EngineError, match="status 1: broken data"):
        TesseractEngine().read(PAGE)


def test_a_hanging_program_is_an_engine_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(tmp_path, monkeypatch, "exec sleep 20")
    with pytest.raises(EngineError, match="did not finish"):
        TesseractEngine(seconds=0.2).read(PAGE)


def test_a_missing_program_is_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not available()
    with pytest.raises(EngineError, match="apt-get install tesseract-ocr"):
        TesseractEngine()


def test_missing_chinese_data_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(tmp_path, monkeypatch, "", language="eng")
    with pytest.raises(EngineError, match="no data for chi_sim"):
        TesseractEngine()


@pytest.mark.skipif(not available(), reason="Tesseract is optional and not installed")
def test_tesseract_itself_reads_a_number(draw) -> None:  # type: ignore[no-untyped-def]
    lines = TesseractEngine().read(draw([("13812345678", 40, 40, 48)], size=(500, 140))[:, :, 0])
    assert [line.text[:6] for line in lines] == ["138123"]
