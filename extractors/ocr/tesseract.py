"""Tesseract, the selectable second engine, for installations that have it.

Its reading of a whole Chinese page is far behind the default engine's; it is a second opinion on digits and Latin.

The program is started for every page and talks through pipes: no temporary files stay behind when a worker is killed.
It stays in the worker's process group, so that killing the group reaches it, and has a time limit of its own.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import cv2

from extractors.document import Box, Line, Place, Source, Word
from extractors.errors import EngineError
from extractors.ocr.engine import Raster

_LANGUAGE = "chi_sim"
_WORD = "5"  # the level of a word in Tesseract's table; higher levels are the boxes of lines, paragraphs and blocks
_INSTALL = "install it (Debian: apt-get install tesseract-ocr tesseract-ocr-chi-sim) or choose the engine rapidocr"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of Tesseract's table. line: block, paragraph and line number; box in pixels: left, top, width, height."""

    line: tuple[str, str, str]
    text: str
    box: tuple[int, int, int, int]
    confidence: float


class TesseractEngine:
    """Implements Engine. seconds: the time allowed for one page. Raises EngineError where Tesseract is missing."""

    def __init__(self, seconds: float = 60.0) -> None:
        self._seconds = seconds
        missing = _missing()
        if missing:
            raise EngineError(missing)

    @property
    def name(self) -> str:
        return "tesseract"

    def read(self, grey: Raster) -> tuple[Line, ...]:
        """Lines in reading order with words; boxes are fractions of `grey` and places have no page yet."""
        height, width = grey.shape[:2]
        pieces = _pieces(self._table(grey))
        groups = (tuple(group) for _, group in groupby(pieces, key=lambda piece: piece.line))
        return tuple(_line(group, height, width) for group in groups)

    def _table(self, grey: Raster) -> str:
        written, png = cv2.imencode(".png", grey, (cv2.IMWRITE_PNG_COMPRESSION, 1))
        if not written:
            raise EngineError("the page could not be handed to Tesseract as PNG")
        # One thread (its OpenMP threads spin and slow one another); one uniform block of text, which suits letters.
        command = ["env", "OMP_THREAD_LIMIT=1", "tesseract", "stdin", "stdout", "-l", _LANGUAGE, "--psm", "6", "tsv"]
        try:
            done = subprocess.run(command, input=png.tobytes(), capture_output=True, timeout=self._seconds, check=False)
        except subprocess.TimeoutExpired as error:
            raise EngineError(f"Tesseract did not finish a page within {self._seconds:.0f} s") from error
        except OSError as error:
            raise EngineError(f"Tesseract cannot be started: {error}; {_INSTALL}") from error
        if done.returncode != 0:
            complaint = done.stderr.decode("utf-8", "replace").strip()[-500:]
            raise EngineError(f"Tesseract failed with status {done.returncode}: {complaint}")
        return done.stdout.decode("utf-8", "replace")


def available() -> bool:
    """Tesseract and its Simplified Chinese data are installed."""
    return not _missing()


def _missing() -> str:
    """What is missing, as a sentence for the operator; "" when all is there."""
    if shutil.which("tesseract") is None:
        return f"the program tesseract is not installed; {_INSTALL}"
    try:
        listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"tesseract does not answer ({error}); {_INSTALL}"
    if _LANGUAGE.encode() not in listed.stdout.split():
        return f"tesseract has no data for {_LANGUAGE}; {_INSTALL}"
    return ""


def _pieces(table: str) -> Iterator[_Piece]:
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row["text"] or "").strip()
        if row["level"] != _WORD or not text:
            continue
        yield _Piece(
            line=(row["block_num"], row["par_num"], row["line_num"]),
            text=text,
            box=(int(row["left"]), int(row["top"]), int(row["width"]), int(row["height"])),
            confidence=min(1.0, max(0.0, float(row["conf"]) / 100)),
        )


def _line(pieces: tuple[_Piece, ...], height: int, width: int) -> Line:
    words = tuple(Word(piece.text, _box(piece, height, width), piece.confidence) for piece in pieces)
    text = ""
    for word in words:
        # Tesseract puts a space between any two words, and every Chinese character may be one.
        between = " " if text and text[-1].isascii() and word.text[0].isascii() else ""
        text += between + word.text
    box = Box(
        min(word.box.left for word in words),
        min(word.box.top for word in words),
        max(word.box.right for word in words),
        max(word.box.bottom for word in words),
    )
    sure = sum(word.confidence * len(word.text) for word in words) / sum(len(word.text) for word in words)
    return Line(text, Place(box=box), sure, words, source=Source.OCR)


def _box(piece: _Piece, height: int, width: int) -> Box:
    left, top, wide, tall = piece.box
    return Box(left / width, top / height, min(1.0, (left + wide) / width), min(1.0, (top + tall) / height))
