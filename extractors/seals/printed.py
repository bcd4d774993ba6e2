"""Print that runs through a black seal: nothing but its place and its strokes tells it from what the seal says.

Its lines go on beside the seal. There they tell which rows they take and how broad their strokes are; within the seal,
pieces of ink that keep to these rows and are no broader are print. What hangs together with the seal's strokes stays,
unless those are plainly broader than print's: then what is as thin as print in its rows is taken for print, too. The
seal's smaller characters may be as thin, so that is told by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.pieces import Labels, pieces
from extractors.seals.outline import Outline

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

BESIDE = 0.8  # radii to the left and right of the outline in which lines are looked for
_ROOM = 0.06  # of the radius: as far around the outline its own ink reaches
_RING = 0.12  # of the radius: what is farther in is no ring
_FAINTEST = 0.15  # density of ink
_INK = 0.5  # of the usual ink: what counts as ink
_LOWEST, _HIGHEST = 0.06, 0.5  # height of a line of print to the radius
_FILLED = 0.06  # inked part of a row beside the seal that holds print
_SLACK = 0.15  # of a line's height: how far above and below it its characters reach
_AROUND = 0.4  # of a line's height: how far above and below it what is as thin as print may be its own
_BROADER = 1.25  # than most strokes beside the seal: a stroke that is not of that print
_MOST = 0.95  # part of the strokes beside the seal that are counted
_LONG = 1.0  # radii: a rule
_BOLD, _THIN = 0.6, 0.15  # part of the seal's and of print's ink that lies in strokes broader than print's
_STAR = 0.06  # of the radius: half the breadth of what is no stroke
_GAP = 3.5  # of a line's height: print goes on behind a character that touches the seal


def print_in(
    density: Floats, origin: tuple[int, int], outline: Outline, others: Sequence[Outline]
) -> tuple[Mask, Mask | None]:
    """Where print and rules are within the outline; and what else is as thin, None where all of the seal may be.

    density: of the page around it, BESIDE radii to each side if the page has them. origin: its first pixel on the
    page. others: seals around, whose ink is no print.
    """
    level = float(np.percentile(density[density > _FAINTEST], 60)) if (density > _FAINTEST).any() else 1.0
    ink = (density > _INK * level).astype(np.uint8)
    own = _area(outline, ink.shape, origin, _ROOM * outline.radius)
    beside = ink * (1 - own)
    for other in others:
        beside *= 1 - _area(other, ink.shape, origin, _ROOM * other.radius)
    rules = _rules(ink, own, outline.radius)
    beside[rules] = 0
    lines = _lines(beside, 1 - own, outline.radius)
    broad = _breadth(beside, min((last - first for first, last in lines), default=0))
    found = rules & (own > 0)
    if not lines or broad == 0:
        return found, None
    inside = ink * own
    inside[rules] = 0
    labels, stats, broadest = _pieces(inside)
    top, high = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT]
    wide = stats[:, cv2.CC_STAT_WIDTH]
    printed = np.zeros(len(stats), bool)
    left = stats[:, cv2.CC_STAT_LEFT]
    fit = broadest <= _BROADER * broad
    fit[0] = False
    for first, last in lines:
        slack, reach = _SLACK * (last - first), _GAP * (last - first)
        inside_line = fit & (top >= first - slack) & (top + high <= last + slack) & (wide <= 2.5 * (last - first))
        columns = beside[first:last].any(axis=0)
        for piece in _going_on(left, left + wide, np.flatnonzero(inside_line), np.flatnonzero(columns), reach):
            printed[piece] = True
    found = np.asarray(found | np.take(printed, labels))
    rows = np.zeros(len(ink), bool)
    for first, last in lines:
        around = round(_AROUND * (last - first))
        rows[max(0, first - around) : last + around] = True
    strokes = ink * _area(outline, ink.shape, origin, -_RING * outline.radius)
    strokes[found] = 0
    return found, _thin(strokes, beside, rows, broad, outline.radius)


def _thin(
    strokes: NDArray[np.uint8], beside: NDArray[np.uint8], rows: NDArray[np.bool_], broad: float, radius: float
) -> Mask | None:
    """What of the seal's strokes is as thin as print and stands in its rows; None where most others are as thin.

    beside: print and nothing else. broad: half of print's breadth.
    """
    side = 2 * round(broad) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    bold = cv2.morphologyEx(strokes, cv2.MORPH_OPEN, disc)
    labels, _, broadest = _pieces(bold)
    star = np.take((broadest > _STAR * radius).astype(np.uint8), labels)
    letters = (strokes > cv2.dilate(star, disc))[~rows]
    print_ = cv2.morphologyEx(beside, cv2.MORPH_OPEN, disc)[rows]
    if not letters.any() or bold[~rows][letters].mean() < _BOLD or print_.sum() > _THIN * beside[rows].sum():
        return None
    return np.asarray((strokes > cv2.dilate(bold, disc)) & rows[:, None])


def _pieces(ink: NDArray[np.uint8]) -> tuple[Labels, NDArray[np.int32], Floats]:
    """As `pieces`, and half the breadth of each at its broadest."""
    labels, stats = pieces(ink)
    broadest = np.zeros(len(stats), np.float32)
    np.maximum.at(broadest, labels.ravel(), cv2.distanceTransform(ink, cv2.DIST_L2, 3).ravel())
    return labels, stats, broadest


def _going_on(
    begin: NDArray[np.int32], end: NDArray[np.int32], line: NDArray[np.intp], beside: NDArray[np.intp], reach: float
) -> list[int]:
    """Which pieces of a line go on from what stands in it beside the seal, or from one that does, without a gap."""
    found: set[int] = set()
    middle = (begin[line].min() + end[line].max()) / 2 if len(line) else 0.0
    at = max(beside[beside < middle], default=-np.inf)
    for piece in sorted(line.tolist(), key=lambda one: int(begin[one])):
        if begin[piece] - at > reach:
            break
        found.add(piece)
        at = max(at, end[piece])
    at = min(beside[beside > middle], default=np.inf)
    for piece in sorted(line.tolist(), key=lambda one: -int(end[one])):
        if at - end[piece] > reach:
            break
        found.add(piece)
        at = min(at, begin[piece])
    return list(found)


def _area(outline: Outline, shape: tuple[int, ...], origin: tuple[int, int], room: float) -> NDArray[np.uint8]:
    """1 within the outline and the room around it."""
    area = np.zeros(shape, np.uint8)
    points = outline.polygon(72)
    away = points - outline.centre
    far = np.maximum(1e-6, np.linalg.norm(away, axis=1))[:, None]
    grown = outline.centre + away * (1 + room / far) - np.asarray(origin)
    cv2.fillPoly(area, [np.round(grown).astype(np.int32)], 1)
    return area


def _lines(beside: NDArray[np.uint8], free: NDArray[np.uint8], radius: float) -> list[tuple[int, int]]:
    """First row and the one after the last of each line of print."""
    room = np.maximum(1, free.sum(axis=1))
    filled = np.convolve(beside.sum(axis=1) / room, np.ones(3) / 3, mode="same") > _FILLED
    change = np.diff(np.concatenate([[False], filled, [False]]).astype(np.int8))
    both = zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True)
    return [(first, last) for first, last in both if _LOWEST * radius <= last - first <= _HIGHEST * radius]


def _breadth(beside: NDArray[np.uint8], high: int) -> float:
    """Half the breadth of nearly all strokes, by pieces half as high as a line; 0.0 where there are none."""
    _, stats, broadest = _pieces(beside)
    tall = stats[:, cv2.CC_STAT_HEIGHT] > high / 2
    tall[0] = False
    return float(np.quantile(broadest[tall], _MOST)) if tall.any() else 0.0


def _rules(ink: NDArray[np.uint8], own: NDArray[np.uint8], radius: float) -> Mask:
    """Straight lines that go on beyond the outline."""
    long = max(9, round(_LONG * radius))
    found = np.zeros(ink.shape, bool)
    for kernel in (np.ones((1, long), np.uint8), np.ones((long, 1), np.uint8)):
        labels, stats = pieces(cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel))
        outside = np.bincount(labels.ravel(), 1 - own.ravel(), len(stats))
        thin = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]) <= 0.1 * radius
        rule = (outside > 0.2 * stats[:, cv2.CC_STAT_AREA]) & thin
        rule[0] = False
        found |= np.take(rule, labels)
    return found
