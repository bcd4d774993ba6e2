"""Which ink is drawn as rules (框线): long thin strokes, however pale, rows of dashes, and short ones that join two."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Raster
from extractors.ocr.pieces import pieces
from extractors.ocr.strokes import BEHIND, PRINT, RULE, SHORTEST, darker, joined_along, opened, steps, strokes_of

BETWEEN_DASHES = 8
_LONGEST_DASH = 12  # two brackets, one below the other, are longer strokes with a gap between
_WORN = 3  # gaps of a hairline
_BESIDE = 5  # what is so near to print is its edge, and beside a pale rule mostly paper
_EVENED = 20  # units along a pale rule; what is shorter, a character's stroke, comes to be so long
_SEEN = 6  # of 255: how much darker a pale rule is than three times what is around, on the average
_CROWD = 40  # of 255: more ink right above or below, and it is no row of dashes
_THICK = 8  # a thicker stroke is a bar or a picture, not a rule


def drawn_across(ink: Raster, unit: float) -> Raster:
    """The horizontal rules (255): long, but not also thick as bars and dark pictures are. Its rows are shrunk."""
    # A slant of a third of a degree moves a rule by a pixel every 170: such steps are bridged first.
    bridged = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    long = opened(bridged, 1, steps(RULE, unit))
    if long.any():
        solid = cv2.dilate(opened(long, round(_THICK * unit) + 3, 1), np.ones((3, 3), np.uint8))
        long = cv2.subtract(long, solid)
    return long


def hairlines(pale: Raster, unit: float) -> Raster:
    """Hairlines, rows of dashes or dots, joined (255): thin, and alone: above and below them is paper."""
    ink = cv2.dilate(pale, np.ones((3, 1), np.uint8))
    thin = cv2.subtract(ink, opened(ink, round(7 * unit), 1))
    near = round(7 * unit)
    # the strokes of a line of text that stand at one height are not alone
    crowd = cv2.blur(ink, (steps(RULE, unit), 1)) > _CROWD
    alone = thin.copy()
    alone[near:][crowd[:-near]] = 0
    alone[:-near][crowd[near:]] = 0
    dashes = cv2.subtract(alone, opened(alone, 1, steps(_LONGEST_DASH, unit)))
    joined = cv2.max(joined_along(alone, steps(_WORN, unit)), joined_along(dashes, steps(BETWEEN_DASHES, unit)))
    return opened(joined, 1, steps(RULE, unit))


def faint_rules(grey: Raster, unit: float) -> Raster:
    """Pale rules (255), however pale: they are evened along, which takes the noise away. Its rows are shrunk.

    What is near print, its soft edges, is left out: so print may stand close to a pale rule.
    """
    length, near = steps(_EVENED, unit), round(_BESIDE * unit)
    print_ = cv2.dilate(darker(grey, PRINT), np.ones((2 * near + 1, 2 * steps(_BESIDE, unit) + 1), np.uint8))
    ink = cv2.bitwise_not(cv2.max(grey, print_))
    pale = cv2.reduce(cv2.compare(ink, _SEEN, cv2.CMP_GE), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    if pale.max() < 255 * length:
        return np.zeros_like(grey)
    free = cv2.blur(cv2.bitwise_not(print_), (length, 1))
    along = cv2.divide(cv2.blur(ink, (length, 1)), free, scale=255)
    around = cv2.blur(along, (1, 2 * near + 1))
    most = cv2.dilate(along, np.ones((1, length), np.uint8))
    seen = cv2.compare(along, cv2.add(cv2.multiply(around, 3), _SEEN), cv2.CMP_GE)  # a line, and no shade
    for least in (cv2.compare(free, 255 // 3, cv2.CMP_GE), cv2.compare(along, cv2.subtract(most, along), cv2.CMP_GE)):
        seen = cv2.bitwise_and(seen, least)
    return opened(cast(Raster, cv2.dilate(seen, np.ones((3, 1), np.uint8))), 1, steps(RULE, unit))


def stubs(ink: Raster, across: Raster, unit: float) -> Raster:
    """The vertical rules (255) of single rows, too short to be told from strokes but that they join two rules.

    ink: of a picture whose columns are shrunk. across: of one whose rows are.
    """
    high, wide = ink.shape
    rules = cast(Raster, cv2.resize(across, (wide, high), interpolation=cv2.INTER_AREA))
    rules = cv2.threshold(rules, 1, 255, cv2.THRESH_BINARY)[1]
    upright = opened(cv2.dilate(ink, np.ones((1, 3), np.uint8)), steps(SHORTEST, unit), 1)
    upright = cv2.subtract(upright, opened(upright, 1, round(_THICK * unit) + 3))
    upright = cv2.subtract(upright, rules)
    near = 2
    drawn, walls = cv2.dilate(ink, np.ones((1, 3), np.uint8)), cv2.dilate(rules, np.ones((1, 3), np.uint8))
    rules = cv2.dilate(rules, np.ones((2 * near + 1, 3), np.uint8))
    found = np.zeros_like(ink)
    _, stats = pieces(upright)
    left, top, width, height = stats[1:, :4].T
    middle, bottom = left + width // 2, top + height - 1
    slim = (height >= steps(SHORTEST, unit) - near) & (height <= steps(3 * RULE, unit)) & (width <= _THICK * unit)
    joins = np.flatnonzero(slim & (rules[top, middle] > 0) & (rules[bottom, middle] > 0))
    for x, y0, y1 in zip(middle[joins].tolist(), top[joins].tolist(), bottom[joins].tolist(), strict=True):
        above, below = np.s_[max(0, y0 - near) : y0, x], np.s_[y1 + 1 : y1 + 1 + near, x]
        if _unbroken(drawn[above][::-1], walls[above][::-1]) and _unbroken(drawn[below], walls[below]):
            cv2.line(found, (x, max(0, y0 - 1)), (x, min(high - 1, y1 + 1)), 255, 1)
    return found


def _unbroken(ink: NDArray[np.uint8], walls: NDArray[np.uint8]) -> bool:
    """Whether a stroke goes on as far as the rule, where that is near: a character that fills its row ends short."""
    rule = int(np.argmax(walls > 0)) if walls.any() else len(walls)
    return bool(ink[:rule].all())


def held_between(faint: Raster, walls: Raster, unit: float) -> Raster:
    """Of faint horizontal rules, those that stand between two others (255), however short. walls: the vertical ones."""
    held = np.zeros_like(faint)
    near = round(BEHIND * unit)
    for stroke in strokes_of(faint, RULE * unit):
        ends = ((stroke.left, round(stroke.first)), (stroke.right, round(stroke.last)))
        if all(walls[max(0, y - near) : y + near, max(0, x - near) : x + near].any() for x, y in ends):
            cv2.line(held, *ends, 255, 1)
    return held
