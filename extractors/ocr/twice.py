"""Values that must be right are read twice: amounts, dates, telephone numbers and codes.

A stretch of digits or of numerals (大写) is cut out and read by another network. What the two read differently is not
sure, whatever either says: the characters of the stretch keep their text and lose their confidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extractors.document import Line, Word
from extractors.ocr.engine import Raster, Recogniser

DOUBTED = 0.5
"""The confidence of characters that two readings differ on: below every threshold from which a value is certain."""

_MOST = 200  # stretches of a page that are read again
_NUMERALS = "零〇一二三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟元圆角分"
_NO_VALUE = r"(?![A-Za-z0-9_.\-]{0,64}[@%％])"  # behind digits of a mail address or a share
_STRETCH = re.compile(
    rf"\d[\d,.，．：:/\-—年月日至]*(?:\d{_NO_VALUE}|[年月日X])|\d[元万]"
    rf"|[{_NUMERALS}]{{2,}}(?:[年月日][{_NUMERALS}]+)*[年月日整正]?"
)
_TELLING = re.compile(rf"[0-9{_NUMERALS}X]")
_SAME = str.maketrans("O○〇圆０１２３４５６７８９", "零零零元0123456789")
_BESIDE = 0.45  # of the line's height: what stands beside the stretch helps to tell 1 from l


def read_twice(lines: Sequence[Line], grey: Raster, recogniser: Recogniser) -> tuple[Line, ...]:
    """The lines, with less confidence in what a second reading of `grey` does not confirm. Raises EngineError."""
    stretches = [
        (number, match.start(), match.end(), strip)
        for number, line in enumerate(lines)
        for match in _STRETCH.finditer(line.text)
        if (strip := _strip(line, match.start(), match.end(), grey)) is not None
    ][:_MOST]
    read = recogniser.recognise([strip for *_, strip in stretches])
    doubted: dict[int, list[tuple[int, int]]] = {}
    for (number, start, end, _), again in zip(stretches, read, strict=True):
        if telling(lines[number].text[start:end]) not in telling(again.text):
            doubted.setdefault(number, []).append((start, end))
    return tuple(
        replace(line, words=_without_confidence(line, doubted[number])) if number in doubted else line
        for number, line in enumerate(lines)
    )


def telling(text: str) -> str:
    """The digits and numerals of a text, those written alike as one."""
    return "".join(_TELLING.findall(text.translate(_SAME)))


def _strip(line: Line, start: int, end: int, grey: Raster) -> Raster | None:
    """The stretch cut out with some of what is around it; None where it has no place or stands upright."""
    box = line.part(start, end)
    if box is None or not line.words:
        return None
    height, width = grey.shape
    high = box.height * height
    if high < 4 or (box.width * width < 0.3 * high):
        return None
    left, right = box.left * width - _BESIDE * high, box.right * width + _BESIDE * high
    strip = grey[max(0, round(box.top * height)) : round(box.bottom * height), max(0, round(left)) : round(right)]
    return np.ascontiguousarray(strip) if strip.size else None


def _without_confidence(line: Line, stretches: Sequence[tuple[int, int]]) -> tuple[Word, ...]:
    words: list[Word] = []
    for word, (at, to) in zip(line.words, line.spans(), strict=True):
        doubted = any(at < end and to > start for start, end in stretches)
        words.append(replace(word, confidence=min(word.confidence, DOUBTED)) if doubted else word)
    return tuple(words)
