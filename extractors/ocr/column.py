"""Characters that stand below each other in one box: where each of them is.

Labels in narrow columns run down (负 / 责 / 人), and the detector's box around two or three of them is hardly higher
than wide. Read as a row, or turned as a longer column is, they come out wrong; each by itself is read as it stands.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Raster

_RULE = 0.7  # of the box's width or height: what runs so far through it is a table's rule
_LARGEST = 1.15  # ems: a character is no higher, with the gap between its parts
_SLIMMEST = 0.3  # em: a lower piece by itself is a dot or the rest of a rule
_APART = 0.06  # em between two characters at least
_MOST = 12  # characters; longer columns are turned
_CONTRAST = 50  # grey levels between paper and ink
_LEAST_EM = 8  # pixels


def characters_of(strip: Raster) -> tuple[tuple[int, int, int, int], ...]:
    """(left, top, right, bottom) in pixels of each character of a column, from top to bottom; () where it is none.

    strip: what the box holds, grey. Two rows of text, or one character, are no column.
    """
    paper, dark = (float(value) for value in np.percentile(strip, (85, 2)))
    if paper - dark < _CONTRAST:
        return ()
    ink, pale = (strip < (paper + dark) / 2, strip < paper - _CONTRAST / 2)
    body, (left, right) = _apart(ink.astype(np.uint8), pale.astype(np.uint8))
    body = body[:, left:right]
    across = np.flatnonzero(body.any(axis=0))
    if not across.size:
        return ()
    em = int(across[-1] - across[0] + 1)
    if em < _LEAST_EM:
        return ()
    groups = _groups(np.asarray(body.any(axis=1)), em)
    if not 2 <= len(groups) <= _MOST or any(
        not _SLIMMEST * em <= last - first <= _LARGEST * em for first, last in groups
    ):
        return ()
    if any(after[0] - before[1] < _APART * em for before, after in pairwise(groups)):
        return ()
    edge = left + int(across[0])
    return tuple((edge, first, edge + em, last) for first, last in groups)


def _apart(ink: Raster, pale: Raster) -> tuple[Raster, tuple[int, int]]:
    """The ink without rules, and without what reaches the box's edge (neighbours' print); and the columns around the
    middle that no rule bounds. pale: with ink that is paler than print, as that of coloured rules and hairlines."""
    high, wide = ink.shape
    broad = cv2.dilate(pale, np.ones((3, 3), np.uint8))  # a slight slant moves a rule by a pixel
    across = cv2.morphologyEx(broad, cv2.MORPH_OPEN, np.ones((1, max(3, round(_RULE * wide))), np.uint8))
    down = cv2.morphologyEx(broad, cv2.MORPH_OPEN, np.ones((max(3, round(_RULE * high)), 1), np.uint8))
    rest = cv2.subtract(ink, cv2.max(across, down))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    left, top, width, height = (stats[:, column] for column in range(4))
    within = (left > 0) & (top > 0) & (left + width < wide) & (top + height < high)
    within[0] = False
    rules = np.flatnonzero(down.any(axis=0))
    before, behind = rules[rules < wide / 2], rules[rules >= wide / 2]
    columns = (int(before[-1]) + 1 if before.size else 0), (int(behind[0]) if behind.size else wide)
    return cast(Raster, within.astype(np.uint8)[labels]), columns


def _groups(inked: NDArray[np.bool_], em: int) -> list[tuple[int, int]]:
    """Rows of ink from top to bottom, put together while they are one character's parts: the nearest first."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inked.astype(np.int8), [0]))))
    groups = [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]
    while len(groups) > 1:
        gaps = [
            (b[0] - a[1] if b[1] - a[0] <= _LARGEST * em else len(inked), index)
            for index, (a, b) in enumerate(pairwise(groups))
        ]
        gap, index = min(gaps)
        if gap == len(inked):
            break
        groups[index : index + 2] = [(groups[index][0], groups[index + 1][1])]
    return groups
