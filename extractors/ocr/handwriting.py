"""Ink behind the words that ask for a signature: strokes that are neither printed lines, rules nor a seal.

Only whether somebody wrote there is told, never what. The ground that is looked at reaches from the words (签字：) to a
third of the page further, to the next word printed on the line, or to the next rule of a table; handwriting is larger
than print, so it reaches beyond the line above and below. It costs nothing on pages that ask for no signature.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Box, Line, Seal, SealColour
from extractors.ocr.engine import Raster
from extractors.ocr.inks import Inks

_ASKS = re.compile(r"(?:签字|签名|手签|签署|签章)(?:[)）]\s*[:：]?|\s*[:：]|\s*$)")
_PRINTED_NEXT = re.compile(r"[(（]|公章|盖章|单位|电话|日期|年")
_MOST = 40  # places of a page that are looked at
_WIDTH = 0.3  # of the page's width
_SURE = 0.85  # confidence from which a recognised line is printed
_DARK = 128
_COLOURED = 0.15  # chroma from which ink within a seal's box is the seal's


def find_handwriting(inks: Inks, lines: Sequence[Line], seals: Sequence[Seal]) -> tuple[Box, ...]:
    """Where somebody wrote behind words that ask for a signature, as fractions of the page."""
    height, width = inks.grey.shape
    found = []
    asked = [(line, match) for line in lines for match in _ASKS.finditer(line.text) if line.place.box is not None]
    for line, match in asked[:_MOST]:
        words = line.part(match.start(), match.end())
        if words is None:
            continue
        ground = _ground(line, match.end(), words)
        left, top = int(ground.left * width), int(ground.top * height)
        right, bottom = int(ground.right * width), int(ground.bottom * height)
        em = max(4, round(words.height * height))
        if right - left < em or bottom - top < em:
            continue
        ink = _ink(inks, left, top, right, bottom, lines, line, seals)
        strokes = _strokes(_without_rules(ink, em), em)
        if strokes is not None:
            x, y, wide, high = strokes
            found.append(
                Box((left + x) / width, (top + y) / height, (left + x + wide) / width, (top + y + high) / height)
            )
    return tuple(found)


def _ground(line: Line, end: int, words: Box) -> Box:
    """Where to look: behind the words, till what is printed next on their line."""
    after = _PRINTED_NEXT.search(line.text, end)
    printed = line.part(after.start(), after.start() + 1) if after is not None else None
    right = min(1.0, words.right + _WIDTH, printed.left if printed is not None else 1.0)
    high = words.height
    return Box(words.right, max(0.0, words.top - 0.8 * high), right, min(1.0, words.bottom + 0.5 * high))


def _ink(
    inks: Inks, left: int, top: int, right: int, bottom: int, lines: Sequence[Line], own: Line, seals: Sequence[Seal]
) -> Raster:
    """What is dark in a window (255), without other printed lines and without seals."""
    window = np.s_[top:bottom, left:right]
    ink = (inks.grey[window] < _DARK).astype(np.uint8) * 255
    height, width = inks.grey.shape

    def cover(box: Box, mask: NDArray[np.bool_] | None = None) -> None:
        part = np.s_[
            max(0, int(box.top * height) - top) : max(0, int(box.bottom * height) + 1 - top),
            max(0, int(box.left * width) - left) : max(0, int(box.right * width) + 1 - left),
        ]
        if mask is None:
            ink[part] = 0
        else:
            ink[part][mask[part]] = 0

    for line in lines:
        if line is not own and line.place.box is not None and line.confidence >= _SURE and len(line.text) >= 2:
            cover(line.place.box)
    for seal in seals:
        if seal.place.box is not None:
            coloured = None if seal.colour is SealColour.BLACK else inks.chroma[window] > _COLOURED
            cover(seal.place.box, coloured)
    return ink


def _without_rules(ink: Raster, em: int) -> Raster:
    """Without underlines; what stands right of a table's rule is another cell's."""
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, round(2.5 * em)), np.uint8))
    ink = cast(Raster, cv2.subtract(ink, cv2.dilate(across, np.ones((3, 3), np.uint8))))
    full = np.flatnonzero((ink > 0).mean(axis=0) > 0.9)
    return ink[:, : int(full[0])] if full.size else ink


def _strokes(ink: Raster, em: int) -> tuple[int, int, int, int] | None:
    """Left, top, width and height of what is large and inky enough to be a name; None where nothing is."""
    if ink.size == 0:
        return None
    count, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    large = stats[1:count]
    large = large[(np.maximum(large[:, 2], large[:, 3]) >= 0.3 * em) & (large[:, 4] >= 0.02 * em * em)]
    if large.size == 0 or large[:, 4].sum() < 0.25 * em * em:
        return None
    left, top = int(large[:, 0].min()), int(large[:, 1].min())
    wide = int((large[:, 0] + large[:, 2]).max()) - left
    high = int((large[:, 1] + large[:, 3]).max()) - top
    return (left, top, wide, high) if wide >= 0.8 * em and high >= 0.5 * em else None
