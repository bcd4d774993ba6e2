"""Which way is up on a page, told from a few pieces of its lines before the whole page is read.

1. Ink that lies close together makes lines: characters stand nearer to their neighbours in the line than to other
   lines. Most lines run across the picture, or down it.
2. A few pieces of them are read both ways up: text upside down reads as little, unsurely.

That costs a few hundredths of reading the page; finding out by reading a page that lies on its side costs it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.hanzi import is_hanzi
from extractors.ocr.engine import Raster, Recogniser, Strip
from extractors.ocr.page import Sheet
from extractors.ocr.pieces import pieces

_PIECES = 3  # pieces of lines that are read, at most
_EMS = 9  # length of a piece
_SHORTEST = 3.5  # ems; a shorter run of ink is no line
_ENOUGH = 6  # Hanzi that tell
_SURE = 0.9  # mean confidence from which a piece is the right way up
_CLEARLY = 1.3  # how much more the lines of one direction must be than those of the other


@dataclass(frozen=True, slots=True)
class _Run:
    """A line of ink: a rectangle that may be turned. Pixels of the picture.

    angle: degrees clockwise by which its long side falls, -45 to 45 from across or, where it runs `down`, from down.
    """

    centre: tuple[float, float]
    length: float
    thickness: float
    angle: float
    down: bool


def way_up(sheet: Sheet, recogniser: Recogniser) -> int | None:
    """Degrees clockwise (0, 90, 180, 270) by which the sheet must be turned to stand upright; None if nothing tells.

    Raises EngineError of the recogniser.
    """
    raster = sheet.raster
    runs = _runs(sheet)
    across = sum(run.length for run in runs if not run.down)
    down = sum(run.length for run in runs if run.down)
    axes = [False, True] if across >= down else [True, False]
    if max(across, down) >= _CLEARLY * min(across, down):
        axes = axes[:1]
    worths: dict[int, float] = {}
    for lying in axes:
        upright, reverse = (90, 270) if lying else (0, 180)
        pieces = [_piece(raster, run) for run in _chosen([run for run in runs if run.down == lying])]
        read: list[Strip] = []
        for piece in pieces:  # the first tells as a rule
            read += recogniser.recognise([piece])
            if _sure(read):
                return upright
        worths[upright] = _worth(read)
        worths[reverse] = _worth(recogniser.recognise([np.ascontiguousarray(piece[::-1, ::-1]) for piece in pieces]))
    ranked = sorted(worths, key=lambda degrees: -worths[degrees])
    return ranked[0] if ranked and worths[ranked[0]] > _CLEARLY * worths[ranked[1]] else None


def _sure(strips: Sequence[Strip]) -> bool:
    """Of so many characters that are hardly ever read upside down; 609 and 181 are."""
    characters = sum(len(strip.text) for strip in strips)
    hanzi = sum(is_hanzi(character) for strip in strips for character in strip.text)
    return hanzi >= _ENOUGH and sum(strip.confidence * len(strip.text) for strip in strips) >= _SURE * characters


def _worth(strips: Sequence[Strip]) -> float:
    return sum(strip.confidence**4 * len(strip.text) for strip in strips)


def _runs(sheet: Sheet) -> list[_Run]:
    """The lines of ink, on a thumbnail. What is closed is a third of an em: gaps in lines, but none between lines."""
    ink = sheet.ink
    em = _em(ink)
    if em < 4:
        return []
    side = max(2, round(em / 3))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    scale = max(sheet.raster.shape[:2]) / max(ink.shape)
    runs: list[_Run] = []
    for contour in contours:
        (x, y), (wide, high), angle = cv2.minAreaRect(contour)
        length, thickness = max(wide, high), min(wide, high)
        if not (0.5 * em <= thickness <= 2.2 * em and length >= _SHORTEST * em and length >= 3 * thickness):
            continue
        fall = (angle if wide >= high else angle - 90) % 180  # of the long side, 0 to 180, clockwise from across
        down = 45 < fall < 135
        off = fall - 90 if down else fall if fall <= 45 else fall - 180
        centre = ((x + 0.5) * scale, (y + 0.5) * scale)
        runs.append(_Run(centre, length * scale, thickness * scale, off, down))
    return runs


def _em(ink: NDArray[np.uint8]) -> float:
    """The size of most characters in pixels of the thumbnail; 0.0 where there is nothing of the kind."""
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((2, 2), np.uint8))
    _, stats = pieces(np.asarray(closed, np.uint8))
    wide, high = stats[1:, 2], stats[1:, 3]
    sizes = np.maximum(wide, high)[(wide < 1.6 * high) & (high < 1.6 * wide)]
    sizes = sizes[(sizes >= 4) & (sizes <= max(ink.shape) / 12)]
    return float(np.quantile(sizes, 0.75)) if len(sizes) else 0.0


def _chosen(runs: Sequence[_Run]) -> list[_Run]:
    """A few runs, spread over the page, of the usual thickness."""
    if not runs:
        return []
    usual = float(np.median([run.thickness for run in runs]))
    plain = [run for run in runs if 0.7 * usual <= run.thickness <= 1.4 * usual] or list(runs)
    plain.sort(key=lambda run: run.centre[0] if run.down else run.centre[1])
    edges = np.linspace(0, len(plain), min(_PIECES, len(plain)) + 1).astype(int)
    return [
        max(plain[start:end], key=lambda run: min(run.length, _EMS * run.thickness)) for start, end in pairwise(edges)
    ]


def _piece(raster: Raster, run: _Run) -> Raster:
    """The middle of a run, level, as a strip with a margin; one that runs down is turned clockwise by 90 degrees."""
    length, thickness = min(run.length, _EMS * run.thickness) + 0.4 * run.thickness, 1.3 * run.thickness
    wide, high = (thickness, length) if run.down else (length, thickness)
    turn = cv2.getRotationMatrix2D(run.centre, run.angle, 1.0)
    turn[:, 2] += (wide / 2 - run.centre[0], high / 2 - run.centre[1])
    size = (max(1, round(wide)), max(1, round(high)))
    strip = cv2.warpAffine(raster, turn, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    strip = strip if strip.ndim == 2 else cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY)
    return np.ascontiguousarray(np.rot90(strip, -1)) if run.down else cast(Raster, strip)
