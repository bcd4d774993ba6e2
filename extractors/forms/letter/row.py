"""The rows of a letter, and what is found on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.document import Place, Source


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the letter: its value ("" where the place for it is blank) and the words it rests on."""

    value: str
    raw: str
    place: Place
    confidence: float
    source: Source
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the letter; lines beside each other on a page are one."""

    text: str
    place: Place
    confidence: float
    source: Source
    height: float  # of the line as a fraction of the page; 0.0 where unknown
    under_seal: bool = False


def found_on(value: str, rows: Sequence[Row], raw: str = "", *, unclear: bool = False) -> Found:
    """What was found on some rows, as sure as the least sure of them. raw: "" for their whole text."""
    return Found(
        value,
        raw or "\n".join(row.text.strip() for row in rows),
        rows[0].place,
        min(row.confidence for row in rows),
        Source.OCR if any(row.source is Source.OCR for row in rows) else Source.TEXT,
        unclear,
    )
