"""A page's ink of one colour searched at falling thresholds.

At the highest, what is strong stands by itself. Each further pass looks for faint impressions, where there is more than
the soft rim of what was there before.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour
from extractors.seals.blocks import BLOCK
from extractors.seals.clutter import without_print, without_solids, without_specks
from extractors.seals.outline import BETTER, RING, SURE, Mask, Outline, same
from extractors.seals.page import Page
from extractors.seals.patches import patches
from extractors.seals.rings import again, empty
from extractors.seals.ruling import CROSSED, rules, without
from extractors.seals.search import LONGEST, PIECES, View, search
from extractors.seals.titles import Titles, without_titles

Floats = NDArray[np.float32]

SMALLEST = 0.036  # of the long side: 10 mm on A4, the smallest chop
FRESH = 2  # times the smallest: inked pixels that the smallest seal has at least
RIM = 5  # pixels: print's soft edge is half of them wide
GROWN = 3  # pixels: a look at a lower threshold lets strokes grow by half of them, their soft edge

DARK, PALE = 11, 6  # optical density in 1/100 above which there is black ink; a faint copy needs the second
DARKEST, PRINT = 90, 0.6  # what part of the ink is paler than print at its darkest, in 1/100; print's least, of that
SPECKS = 7  # pixels between what a dry seal leaves


def search_coloured(
    chroma: Floats, side: int, colour: SealColour, floor: float, outlines: list[Outline], seen: Sequence[Outline]
) -> bool:
    """Add the family's outlines to `outlines`. True where there were more pieces than are looked at.

    floor: chroma below which nothing is told from paper. seen: rings that were seen from afar.
    """
    values = chroma[chroma > floor]
    if values.size == 0:
        return False
    usual, strongest = (float(np.clip(0.45 * np.percentile(values, part), 0.08, 0.3)) for part in (90, 99))
    # A strong red letterhead sets the first, or what stands out from a pattern in the paper (底纹); each further pass
    # looks for what is half as strong beside it.
    thresholds = [strongest if strongest > 1.5 * usual else usual]
    while thresholds[-1] > 1.25 * floor:
        thresholds.append(max(floor, thresholds[-1] / 2))
    return _search_passes(chroma, thresholds, side, colour, outlines, seen)


def search_black(density: Mask, side: int, outlines: list[Outline], seen: Sequence[Outline], *, coloured: bool) -> bool:
    """Add rings and frames in black or grey ink. coloured: the page has a sure seal in colour.

    density: in 1/100. A faint or dry impression's copy is looked for where seals may be grey.
    """
    thresholds = (DARK,) if coloured else (DARK, PALE)
    overflow = _search_passes(density, thresholds, side, SealColour.BLACK, outlines, seen)
    if overflow or coloured:
        return overflow
    return _search_dry(density, side, outlines)


def _search_dry(density: Mask, side: int, outlines: list[Outline]) -> bool:
    """Add what shows where ink that is paler than print is joined: a dry seal is specks as small as print's pieces."""
    inked = density[density > DARK]
    if not len(inked):
        return False
    printed = (density >= PRINT * float(np.percentile(inked, DARKEST))).view(np.uint8)
    pale = (density > PALE).view(np.uint8) & (1 - cv2.dilate(printed, np.ones((RIM, RIM), np.uint8)))
    pale = without_specks(np.asarray(pale, np.uint8))
    if not _enough(pale, side):
        return False
    joined = cv2.morphologyEx(pale, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (SPECKS, SPECKS)))
    return _search_passes(np.asarray(joined, np.uint8), (0,), side, SealColour.BLACK, outlines, ())


def _search_passes(
    strength: Floats | Mask,
    thresholds: Sequence[float],
    side: int,
    colour: SealColour,
    outlines: list[Outline],
    seen: Sequence[Outline],
) -> bool:
    """Add what shows at each threshold, highest first. True where there was more than is looked at.

    A strong ring in colour may have text that shows at the lowest alone. Black ink at its lowest is paper's grain, too.
    """
    before: Mask | None = None
    for threshold in thresholds:
        ink = (strength > threshold).view(np.uint8)
        _look_again(seen, ink, side, colour, outlines)
        mask = ink.copy()
        _erase_sure(outlines, mask)
        if not _enough(mask, side):
            continue
        ink = without_specks(without_solids(ink))
        mask = ink.copy()
        _erase_sure(outlines, mask)
        here: list[Outline] = []
        overflow = _search_mask(mask, ink, before, side, colour, here)
        within = ink if colour is SealColour.BLACK else (strength > thresholds[-1]).view(np.uint8)
        outlines.extend(one for one in here if one.corners or not empty(one, within))
        if overflow:
            return True
        _erase_sure(outlines, mask)
        before = mask
    return False


def _look_again(seen: Sequence[Outline], ink: Mask, side: int, colour: SealColour, outlines: list[Outline]) -> None:
    """Add the rings that were seen from afar where they are whole from near."""
    page = Page(0, 0, ink.shape[1], ink.shape[0], side)
    for ring in seen:
        if not any(same(ring, outline) for outline in outlines if outline.coverage >= SURE):
            nearer = again(ink, page, colour, ring)
            if nearer is not None and nearer.coverage >= RING:
                outlines.append(nearer if nearer.coverage >= ring.coverage - BETTER else ring)


def _enough(mask: Mask, side: int) -> bool:
    """Whether there is ink for the smallest seal."""
    return cv2.countNonZero(mask) >= FRESH * SMALLEST * side


def _erase_sure(outlines: list[Outline], mask: Mask) -> None:
    """A weak outline must not hide the better one that a lower threshold may show there."""
    for outline in outlines:
        if outline.coverage >= SURE:
            outline.erase(mask)


def _search_mask(
    mask: Mask, ink: Mask, before: Mask | None, side: int, colour: SealColour, outlines: list[Outline]
) -> bool:
    """Add what stands in the mask of a whole page. True where there was more than is looked at.

    ink: with what lies within the seals that were found. before: the mask of the look before; where ink has but grown
    by its soft rim since, there is nothing new.
    """
    smallest = SMALLEST * side
    black = colour is SealColour.BLACK
    fresh = mask if before is None else mask & (1 - cv2.dilate(before, np.ones((GROWN, GROWN), np.uint8)))
    if not _enough(fresh, side):
        return False
    page = Page(0, 0, mask.shape[1], mask.shape[0], side)
    strokes = without_print(mask, smallest) if black else mask
    area = _inked(strokes)
    across, down = area[1].start, area[0].start
    mask, ink, strokes, fresh = mask[area], ink[area], strokes[area], fresh[area]
    page = page.moved(-across, -down)
    if not patches(strokes, smallest):
        return False
    lines = rules(strokes, LONGEST * smallest)
    ruled = without(strokes, lines)
    if black and lines is not None:  # print that hung on them
        ruled = without_print(ruled, smallest)
    rest, bare = without_titles(ruled, page, smallest)
    # The lines of a table may cross a frame, whose own are thicker.
    crossed = without(mask, lines, thickest=2)
    hidden = ink & (1 - mask)
    parts = patches(ruled, smallest, hidden)
    overflow = len(parts) > PIECES
    for patch in parts[:PIECES]:
        window = patch.window
        if np.count_nonzero(fresh[window] & patch.own) < FRESH * smallest:
            continue
        top, left = window[0].start, window[1].start
        own = rest[window] & patch.own
        view = View(
            own, own | hidden[window], crossed[window], ink[window], page.moved(-left, -top),
            Titles(ruled[window], bare[window], colour), smallest, colour,
        )  # fmt: skip
        here: list[Outline] = []
        overflow |= search(view, here)
        found = [outline for outline in here if not view.titles.have(outline)]
        outlines.extend(outline.moved(left + across, top + down) for outline in found)
    return overflow


def _inked(mask: Mask) -> tuple[slice, slice]:
    """The window of whole blocks that has all the ink, and as much around it as crossing strokes reach."""
    x, y, w, h = cv2.boundingRect(mask)
    reach = -(-CROSSED // BLOCK) * BLOCK
    left, top = max(0, x // BLOCK * BLOCK - reach), max(0, y // BLOCK * BLOCK - reach)
    right, bottom = (-(-end // BLOCK) * BLOCK + reach for end in (x + w, y + h))
    return np.s_[top : min(bottom, mask.shape[0]), left : min(right, mask.shape[1])]
