"""Tesseract (through pytesseract), the selectable second engine, for installations that have it.

Its reading of a whole Chinese page is far behind the default engine's; it is a second opinion on digits and Latin.

The program is started for every page. It stays in the worker's session, so that the sandbox's sweep reaches it when the
worker is killed, and has a time limit of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pytesseract
from PIL import Image

from extractors.document import Box, Line, Place, Source, Word
from extractors.errors import EngineError
from extractors.ocr.engine import Raster

_LANGUAGE = "chi_sim"
_WORD = 5  # the level of a word in Tesseract's table; higher levels are the boxes of lines, paragraphs and blocks
_INSTALL = "install it (Debian: apt-get install tesseract-ocr tesseract-ocr-chi-sim) or choose the engine rapidocr"


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word of Tesseract's table. line: block, paragraph and line number; box in pixels: left, top, width, height."""

    line: tuple[int, int, int]
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

    def _table(self, grey: Raster) -> dict[str, list[Any]]:
        """Tesseract's table, a list a column. One uniform block of text (psm 6) suits letters."""
        try:
            table: dict[str, list[Any]] = pytesseract.image_to_data(
                Image.fromarray(grey),
                lang=_LANGUAGE,
                config="--psm 6",
                output_type=pytesseract.Output.DICT,
                timeout=self._seconds,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise EngineError(f"Tesseract cannot be started; {_INSTALL}") from error
        except pytesseract.TesseractError as error:
            raise EngineError(f"Tesseract failed with status {error.status}: {error.message}") from error
        except RuntimeError as error:  # pytesseract's word for a time limit
            raise EngineError(f"Tesseract did not finish a page within {self._seconds:g} s") from error
        except OSError as error:
            raise EngineError(f"Tesseract left no answer: {error}") from error
        return table


def available() -> bool:
    """Tesseract and its Simplified Chinese data are installed."""
    return not _missing()


def _missing() -> str:
    """What is missing, as a sentence for the operator; "" when all is there."""
    try:
        pytesseract.get_tesseract_version()
        languages = pytesseract.get_languages()
    except SystemExit as error:  # pytesseract's way to refuse an old version
        return f"{error}; {_INSTALL}"
    except pytesseract.TesseractNotFoundError:
        return f"the program tesseract is not installed; {_INSTALL}"
    if _LANGUAGE not in languages:
        return f"tesseract has no data for {_LANGUAGE}; {_INSTALL}"
    return ""


def _pieces(table: dict[str, list[Any]]) -> Iterator[_Piece]:
    for row in range(len(table.get("text", ()))):
        text = str(table["text"][row]).strip()
        if table["level"][row] != _WORD or not text:
            continue
        yield _Piece(
            line=(table["block_num"][row], table["par_num"][row], table["line_num"][row]),
            text=text,
            box=(table["left"][row], table["top"][row], table["width"][row], table["height"][row]),
            confidence=min(1.0, max(0.0, float(table["conf"][row]) / 100)),
        )


def _line(pieces: tuple[_Piece, ...], height: int, width: int) -> Line:
    words = tuple(Word(piece.text, _box(piece, height, width), piece.confidence) for piece in pieces)
    text = ""
    for word in words:
        # Tesseract puts a space between any two words, and every Chinese character may be one.
        between = " " if text and text[-1].isascii() and word.text[0].isascii() else ""
        text += between + word.text
    box = Box.around(word.box for word in words)
    sure = sum(word.confidence * len(word.text) for word in words) / sum(len(word.text) for word in words)
    return Line(text, Place(box=box), sure, words, source=Source.OCR)


def _box(piece: _Piece, height: int, width: int) -> Box:
    left, top, wide, tall = piece.box
    return Box(left / width, top / height, min(1.0, (left + wide) / width), min(1.0, (top + tall) / height))
