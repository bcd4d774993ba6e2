"""Where seals stand on a page: outlines of rings and frames, before anything is read.

1. The page's chroma (see ocr/inks.py) is split into hue families, so that a blue signature does not join a red seal. In
   each what is certainly no seal goes: solid areas, long rules, titles.
2. What is left falls into patches. In each, what is whole is taken first, straight frames (frames.py) and rings
   (rings.py); what then remains is searched closer for what touches or is cut, worn or broken. Further passes at lower
   thresholds look for faint impressions, where they show more.
3. Black and grey ink are searched the same way, on a page in colour too, once print and table lines are taken away.

Everything happens at about 100 dpi. The answer is generous: what is weak *and* reads as nothing is rejected later
(evidence.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour
from extractors.limits import Limits
from extractors.ocr.inks import Inks
from extractors.ocr.pieces import pieces
from extractors.seals import rings
from extractors.seals.frames import Page, around, frames, unbroken
from extractors.seals.outline import SURE, Mask, Outline, distinct, same

Floats = NDArray[np.float32]
Shrunk = TypeVar("Shrunk", Mask, Floats)

WORK_SIDE = 1200  # pixels of the long side at which is searched: about 100 dpi on A4
SMALL, NEAREST = 360, 3.0  # pixels of a picture's long side up to which it is enlarged, and how much at most
SMALLEST = 0.036  # of the long side: 10 mm on A4, the smallest chop
FAINTEST = 0.045  # optical density of chroma below which nothing is told from paper and JPEG noise
DULLEST = 0.3  # chroma of ink as a part of its greatest density; black print stays below
BLURRED = 5  # pixels over which JPEG blurs colours
CROSSED = 9  # pixels: a rule's width and its soft rims
BLOCK = 4  # pixels, 1 mm on A4: what is coarse is looked at in blocks
SPECK = 6  # inked pixels
PIECES = 80  # connected pieces looked at in one pass, largest first
DENSEST = 60_000  # pixels of unexplained ink in which circles are still looked for; more is a picture or a pattern
UNSURE = 8  # outlines that are not SURE looked at on one page
LONGEST = 7.0  # of the smallest: 75 mm on A4, longer than a frame's side; straight lines beyond are rules
STRAIGHT = 1.9  # of the smallest: 20 mm on A4
WIDER = 2.2  # times its height from which a piece among characters is no character
RIM = 5  # pixels: a look at a lower threshold lets strokes grow by half of them, their soft edge
FRESH = 2  # times the smallest: inked pixels that the smallest seal has at least
STROKE = 2.0  # times its height that a frame's straight lines are long, and no strokes of characters
WHOLE = 0.95  # coverage of a frame from which nothing better is looked for in its place
CUT = 0.8  # visible part below which a ring is taken for one that another sheet has the rest of
APART = 1.5  # of the smallest: 16 mm on A4, from a star to a ring below of which a part is on the sheet
CUT_OFF = 0.95  # visible part below which an outline is cut by the page's edge
GAP = 0.4  # of the smallest: 4 mm on A4, between arcs of one ring
KNOTS = 4  # pieces in which several rings are looked for, largest first

DARK, PALE = 0.11, 0.06  # optical density above which there is black ink; a faint copy needs the second


@dataclass(frozen=True, slots=True)
class Found:
    """Outlines, best first; overflow: there was more than could be looked at, so some may be missing."""

    outlines: tuple[Outline, ...]
    overflow: bool = False


def find(inks: Inks, limits: Limits, *, scaled: bool = True) -> Found:
    """Outlines of possible seals on the page.

    scaled: the picture is known to show no less than a page. What may be a part of one, or nothing but a seal, is
    looked at from twice as far as well, unless a ring of a seal's size was seen; small ones are enlarged.
    """
    height, width = inks.chroma.shape
    scale = min(1.0, WORK_SIDE / max(height, width))
    if not scaled:
        scale = max(scale, min(NEAREST, SMALL / max(height, width)))
    size = _times(inks, scale)
    side = max(size) if _page_like(size) else WORK_SIDE
    found = _found(inks, scale, side, limits)
    if scaled or any(_whole_seal(outline, scale, side) for outline in found.outlines):
        return found
    afar = _found(inks, scale / 2, side, limits)
    sure = [outline for outline in found.outlines if outline.coverage >= SURE]
    more = [
        ring
        for ring in afar.outlines
        if not ring.corners and ring.visible > CUT_OFF and not any(same(ring, one) for one in sure)
    ]
    rest = distinct((*(one for one in found.outlines if one not in sure), *more))
    return Found((*sure, *rest)[: limits.seals], found.overflow and afar.overflow)


def _whole_seal(outline: Outline, scale: float, side: int) -> bool:
    """Whether nothing larger is looked for: a ring without doubt, at least half as large as rings may be."""
    return outline.coverage >= rings.WHOLE and outline.radius * scale > rings.LARGEST * side / 2 and not outline.corners


def _times(inks: Inks, scale: float) -> tuple[int, int]:
    """Width and height times `scale`."""
    height, width = inks.chroma.shape
    return max(1, round(width * scale)), max(1, round(height * scale))


def _found(inks: Inks, scale: float, side: int, limits: Limits) -> Found:
    """What is found at this scale, in pixels of the inks. side: of the page then, pixels."""
    size = _times(inks, scale)
    if min(size) < 24:
        return Found(())
    chroma = _shrunk(inks.chroma, size)
    density = inks.density.hundredths(size)
    least, most = _extremes(density)
    black = least * np.float32(0.01)
    outlines: list[Outline] = []
    overflow = False
    if _coloured(chroma):
        # Noise on black print has chroma too, but little for its darkness. Told of a neighbourhood, for JPEG blurs the
        # colour of a thin ring and leaves it dark.
        chroma = chroma * (_around(chroma) > _around(most) * np.float32(0.01 * DULLEST))
        for family, colour in _families(density, chroma):
            overflow |= _search_family(family, side, colour, outlines)
            if overflow:
                break
        black *= chroma <= FAINTEST
    if not overflow:
        coloured = any(outline.coverage >= SURE for outline in outlines)
        overflow = _search_black(black, side, outlines, coloured=coloured)
    outlines = distinct(outlines)
    sure = [outline for outline in outlines if outline.coverage >= SURE]
    unsure = [outline for outline in outlines if outline.coverage < SURE]
    overflow |= len(sure) > limits.seals or len(unsure) > UNSURE
    kept = (sure + unsure[:UNSURE])[: limits.seals]
    return Found(
        tuple(outline.enlarged(1 / scale, (1 / scale - 1) / 2, (1 / scale - 1) / 2) for outline in kept), overflow
    )


def _page_like(size: tuple[int, int]) -> bool:
    """Whether a picture has the proportions of a page or is as large as one; else it may show nothing but a seal."""
    return max(size) >= WORK_SIDE or (max(size) >= WORK_SIDE / 2 and 1.2 < max(size) / min(size) < 1.6)


# ------------------------------------------------------------------------------------------------ colour families


def _shrunk(picture: Shrunk, size: tuple[int, int]) -> Shrunk:
    """The picture at another size (width, height): whole blocks averaged first, which is several times faster."""
    height, width = picture.shape[:2]
    block = min(width // size[0], height // size[1])
    if block > 1:
        cut = picture[: height // block * block, : width // block * block]
        picture = cast(Shrunk, cv2.resize(cut, (width // block, height // block), interpolation=cv2.INTER_AREA))
    if picture.shape[:2] == (size[1], size[0]):
        return picture
    return cast(Shrunk, cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR))


def _extremes(density: Mask) -> tuple[Mask, Mask]:
    """The least and the greatest over the channels, height × width."""
    if density.ndim == 2:
        return density, density
    first, second, third = cv2.split(density)
    least, most = cv2.min(cv2.min(first, second), third), cv2.max(cv2.max(first, second), third)
    return cast(Mask, least), cast(Mask, most)


def _around(values: Shrunk) -> Shrunk:
    """The mean over as much as JPEG blurs colours."""
    return cast(Shrunk, cv2.blur(values, (BLURRED, BLURRED)))


def _coloured(chroma: Floats) -> bool:
    """Enough coloured pixels for the thinnest ring of the smallest seal."""
    return bool(np.count_nonzero(chroma > FAINTEST) > SMALLEST * max(chroma.shape))


def _families(density: Mask, chroma: Floats) -> Iterator[tuple[Floats, SealColour]]:
    """The chroma of each ink hue on the page (0 elsewhere), strongest first, at most three.

    density: of the channels, in 1/100.

    Hues are not cut at fixed borders: the peaks of the page's own hue histogram are taken, 40° to either side, because
    one ink drifts with paper, lamp and camera. Yellow to green is no stamp ink (paper tints, highlighter, print).
    """
    where = np.flatnonzero(chroma > FAINTEST)
    strength = chroma.ravel()[where]
    red, green, blue = np.ascontiguousarray(density.reshape(-1, 3)[where].T) * np.float32(0.01)
    low = np.minimum(np.minimum(red, green), blue)
    hue = np.where(
        low == red,
        ((blue - green) / strength) % 6,
        np.where(low == green, (red - blue) / strength + 2, (green - red) / strength + 4),
    )
    degrees = hue * 60 % 360
    histogram, _ = np.histogram(degrees, bins=36, range=(0, 360), weights=np.minimum(strength, 0.5))
    histogram[4:19] = 0
    total = float(histogram.sum())
    for _ in range(3):
        smooth = histogram + np.roll(histogram, 1) + np.roll(histogram, -1)
        peak = int(smooth.argmax())
        mass = float(smooth[peak])
        if mass < max(4.0, 0.005 * total):  # a chop among a dozen seals
            return
        centre = peak * 10 + 5
        distance = np.abs((degrees - centre + 180) % 360 - 180)
        family = np.zeros(chroma.size, np.float32)
        near = distance <= 40
        family[where[near]] = strength[near]
        yield family.reshape(chroma.shape), _colour_of(centre)
        for step in range(-4, 5):
            histogram[(peak + step) % 36] = 0


def _colour_of(hue: int) -> SealColour:
    if 185 <= hue < 262:
        return SealColour.BLUE
    if 262 <= hue < 328:
        return SealColour.PURPLE
    return SealColour.RED


# ------------------------------------------------------------------------------------------------ one family


def _search_family(chroma: Floats, side: int, colour: SealColour, outlines: list[Outline]) -> bool:
    """Add the family's outlines to `outlines`. True where there were more pieces than are looked at."""
    values = chroma[chroma > FAINTEST]
    if values.size == 0:
        return False
    usual, strongest = (float(np.clip(0.45 * np.percentile(values, part), 0.08, 0.3)) for part in (90, 99))
    # A strong red letterhead sets the first, or what stands out from a pattern in the paper (底纹); each further pass
    # looks for what is half as strong beside it.
    thresholds = [strongest if strongest > 1.5 * usual else usual]
    while thresholds[-1] > 1.25 * FAINTEST:
        thresholds.append(max(FAINTEST, thresholds[-1] / 2))
    return _search_passes(chroma, thresholds, side, colour, outlines)


def _search_passes(
    strength: Floats, thresholds: Sequence[float], side: int, colour: SealColour, outlines: list[Outline]
) -> bool:
    """Add what shows at each threshold, highest first. True where there was more than is looked at."""
    before: Mask | None = None
    for threshold in thresholds:
        ink = _without_specks(_without_solids((strength > threshold).astype(np.uint8)))
        mask = ink.copy()
        _erase_sure(outlines, mask)
        if _search_mask(mask, ink, before, side, colour, outlines):
            return True
        _erase_sure(outlines, mask)
        before = mask
    return False


def _erase_sure(outlines: list[Outline], mask: Mask) -> None:
    """A weak outline must not hide the better one that a lower threshold may show there."""
    for outline in outlines:
        if outline.coverage >= SURE:
            outline.erase(mask)


def _in_blocks(mask: Mask, side: int = BLOCK) -> Mask:
    """How many pixels of each block of side × side are inked; side: 2 or 4."""
    height, width = mask.shape
    whole = cv2.copyMakeBorder(mask, 0, -height % side, 0, -width % side, cv2.BORDER_CONSTANT, value=0)
    counts: Mask = whole * np.uint8(side**2)
    while side > 1:  # OpenCV averages pairs several times faster than fours; no step rounds
        size = (counts.shape[1] // 2, counts.shape[0] // 2)
        counts, side = np.asarray(cv2.resize(counts, size, interpolation=cv2.INTER_AREA), np.uint8), side // 2
    return counts


def _of_blocks(blocks: Mask, shape: tuple[int, ...], side: int = BLOCK) -> Mask:
    """Each block's value for all its pixels."""
    size = (blocks.shape[1] * side, blocks.shape[0] * side)
    return np.asarray(cv2.resize(blocks, size, interpolation=cv2.INTER_NEAREST), np.uint8)[: shape[0], : shape[1]]


def _without_solids(mask: Mask) -> Mask:
    """Without solid areas more than about 8 mm wide (photos, bars, highlighter)."""
    full = (_in_blocks(mask) > 0.9 * BLOCK**2).astype(np.uint8)
    solid = cv2.morphologyEx(full, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    if not solid.any():
        return mask
    solid = np.asarray(cv2.dilate(solid, np.ones((3, 3), np.uint8)), np.uint8)
    return mask & (1 - _of_blocks(solid, mask.shape))


def _without_specks(mask: Mask) -> Mask:
    """Without ink of a few pixels that has none beside it."""
    blocks = _in_blocks(mask)
    labels, stats = pieces(blocks)
    inked = np.flatnonzero(blocks)
    counts = np.bincount(labels.ravel()[inked], blocks.ravel()[inked], minlength=len(stats))
    keep = (counts >= SPECK).astype(np.uint8)
    return mask & _of_blocks(np.take(keep, labels), mask.shape)


def _without_rules(mask: Mask, longest: float, thickest: int = 0) -> Mask:
    """Without straight lines longer than `longest` pixels (tables, rules of a letterhead); see `_without`."""
    return _without(mask, _rules(mask, longest), thickest)


def _rules(mask: Mask, longest: float) -> Mask | None:
    """The straight lines longer than `longest` pixels; None where there are none."""
    level, upright = _runs_along(mask, longest, 1), _runs_along(mask, longest, 0)
    if level is None or upright is None:
        return upright if level is None else level
    return level | upright


def _runs_along(mask: Mask, longest: float, axis: int) -> Mask | None:
    """Runs of ink down the columns (axis 0) or along the rows (1), to a block's length; None where there are none."""
    (high, wide), shape = ((BLOCK, 1) if axis == 0 else (1, BLOCK)), mask.shape
    # Beyond the border is paper: otherwise every line from border to border would count as endless.
    paper = {"borderType": cv2.BORDER_CONSTANT, "borderValue": 0}
    # A page that lies a little askew moves a line by its own width or two on the way.
    across = np.ones((1, 3) if axis == 0 else (3, 1), np.uint8)
    thick = cv2.copyMakeBorder(
        cv2.dilate(mask, across, **paper), 0, -shape[0] % high, 0, -shape[1] % wide, cv2.BORDER_CONSTANT, value=0
    )
    if axis == 0:
        full = np.bitwise_and.reduce(thick.reshape(-1, BLOCK, thick.shape[1]), axis=1)
    else:
        full = (np.ascontiguousarray(thick).view(np.uint32) == 0x01010101).astype(np.uint8)  # four pixels of 1
    least = max(1, round(longest / BLOCK) - 1)
    lines = cv2.morphologyEx(full, cv2.MORPH_OPEN, np.ones((least, 1) if axis == 0 else (1, least), np.uint8), **paper)
    if not lines.any():
        return None
    ends = cv2.dilate(lines, np.ones((3, 1) if axis == 0 else (1, 3), np.uint8))
    drawn = cv2.resize(ends, (thick.shape[1], thick.shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(drawn, np.uint8)[: shape[0], : shape[1]]


def _without(mask: Mask, lines: Mask | None, thickest: int = 0) -> Mask:
    """Without those lines.

    thickest: lines thicker than that many pixels stay, for they may be the flat part of a thick ring; 0: none stay.
    """
    if lines is None:
        return mask
    if thickest:
        solid = cv2.morphologyEx(
            mask, cv2.MORPH_OPEN, np.ones((thickest + 1, thickest + 1), np.uint8),
            borderType=cv2.BORDER_CONSTANT, borderValue=0,
        )  # fmt: skip
        lines = lines & (1 - cv2.dilate(solid, np.ones((3, 3), np.uint8)))
    gone = np.asarray(cv2.dilate(lines, np.ones((3, 3), np.uint8)), np.uint8)
    rest = mask & (1 - gone)
    # Strokes that cross a line go on: there is ink on both sides of it.
    for across in ((CROSSED, 1), (1, CROSSED)):
        rest = rest | (mask & gone & cv2.morphologyEx(mask & (1 - gone), cv2.MORPH_CLOSE, np.ones(across, np.uint8)))
    return np.asarray(rest, np.uint8)


def _without_titles(mask: Mask, smallest: float) -> tuple[Mask, Mask]:
    """Without rows of large characters (a letterhead's title): each has neighbours of its height beside it.

    Once with what seems to be framed and once without that, too.
    """
    smallest = smallest / 2  # characters so large are told at half the size
    half = np.minimum(_in_blocks(mask, 2), 1)
    labels, stats = pieces(np.asarray(cv2.morphologyEx(half, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8))
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    wide, high = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    large = np.flatnonzero((high > 0.7 * smallest) & (high < 1.7 * smallest) & (np.arange(len(high)) > 0))
    if not 0 < len(large) <= 4 * PIECES:
        return mask, mask
    tall = high[large].astype(np.float64)
    middle = top[large] + tall / 2
    begin, end = left[large], left[large] + wide[large]
    like = (tall[None] > 0.6 * tall[:, None]) & (tall[None] < 1.7 * tall[:, None])
    level = np.abs(middle[None] - middle[:, None]) < 0.35 * tall[:, None]
    near = np.maximum(begin[None] - end[:, None], begin[:, None] - end[None]) < 2.5 * tall[:, None]
    written = (like & level & near) @ wide[large].astype(np.float64)
    framed = np.array([_is_framed(labels, stats[index], int(index)) for index in large])
    is_title = written >= 3.0 * tall
    if not is_title.any():
        return mask, mask
    without: list[Mask] = []
    for title, spared in ((large[is_title & ~framed], large[framed]), (large[is_title], large[:0])):
        keep = np.ones(len(stats), np.uint8)
        keep[_in_rows(stats, title)] = 0
        keep[spared] = 1
        without.append(mask & _of_blocks(np.take(keep, labels), mask.shape, 2))
    return without[0], without[1]


def _in_rows(stats: NDArray[np.int32], title: NDArray[np.intp]) -> NDArray[np.intp]:
    """The pieces that lie in the rows of a title's: the parts of its characters that are in several (会, 函)."""
    left, top = stats[:, cv2.CC_STAT_LEFT], stats[:, cv2.CC_STAT_TOP]
    right, bottom = left + stats[:, cv2.CC_STAT_WIDTH], top + stats[:, cv2.CC_STAT_HEIGHT]
    inside = np.zeros(len(stats), bool)
    for index in title:
        tall = bottom[index] - top[index]
        level = (top > top[index] - 0.25 * tall) & (bottom < bottom[index] + 0.25 * tall)
        inside |= level & (np.maximum(left - right[index], left[index] - right) < 1.5 * tall)
    return np.flatnonzero(inside)


def _is_framed(labels: NDArray[np.int32], stats: NDArray[np.int32], index: int) -> bool:
    """Whether a piece wider than two characters has a straight line above and below it all along.

    It is a frame then, or characters of a title that run into one another (国互联), as far as this can tell.
    """
    x, y, w, h, _ = (int(value) for value in stats)
    if w < WIDER * h:
        return False
    piece, band = (labels[y : y + h, x : x + w] == index).astype(np.uint8), max(3, h // 5)
    if min(float(piece[:band].any(axis=0).mean()), float(piece[-band:].any(axis=0).mean())) <= 0.9:
        return False
    # a slant moves a line by a pixel or two
    thick = cv2.dilate(piece, np.ones((3, 1), np.uint8))
    lines = cv2.morphologyEx(
        thick, cv2.MORPH_OPEN, np.ones((1, round(max(STROKE * h, 0.6 * w))), np.uint8),
        borderType=cv2.BORDER_CONSTANT, borderValue=0,
    )  # fmt: skip
    return bool(lines[: h // 2].any() and lines[h // 2 :].any())


def _search_mask(
    mask: Mask, ink: Mask, before: Mask | None, side: int, colour: SealColour, outlines: list[Outline]
) -> bool:
    """Add what stands in the mask of a whole page. True where there was more than is looked at.

    ink: with what lies within the seals that were found. before: the mask of the look before; where ink has but grown
    by its soft rim since, there is nothing new.
    """
    smallest = SMALLEST * side
    black = colour is SealColour.BLACK
    fresh = mask if before is None else mask & (1 - cv2.dilate(before, np.ones((RIM, RIM), np.uint8)))
    if np.count_nonzero(fresh) < FRESH * smallest:
        return False
    page = Page(0, 0, mask.shape[1], mask.shape[0], side)
    strokes = _without_print(mask, smallest) if black else mask
    area = _inked(strokes)
    across, down = area[1].start, area[0].start
    mask, ink, strokes, fresh = mask[area], ink[area], strokes[area], fresh[area]
    page = page.moved(-across, -down)
    if not _patches(strokes, smallest):
        return False
    lines = _rules(strokes, LONGEST * smallest)
    ruled = _without(strokes, lines)
    if black and lines is not None:  # print that hung on them
        ruled = _without_print(ruled, smallest)
    rest, bare = _without_titles(ruled, smallest)
    # The lines of a table may cross a frame, whose own are thicker.
    crossed = _without(mask, lines, thickest=2)
    patches = _patches(ruled, smallest)
    overflow = len(patches) > PIECES
    for patch in patches[:PIECES]:
        window = patch.window
        if np.count_nonzero(fresh[window] & patch.own) < FRESH * smallest:
            continue
        top, left = window[0].start, window[1].start
        own = rest[window] & patch.own
        view = _View(
            own, own | (ink[window] & (1 - mask[window])), crossed[window], ink[window], page.moved(-left, -top),
            _Titles(ruled[window], bare[window], colour), smallest, colour,
        )  # fmt: skip
        here: list[Outline] = []
        overflow |= _search_view(view, here)
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


@dataclass(frozen=True, slots=True)
class _Patch:
    """Ink that is near to other ink, away from the rest. own: 1 in the window's blocks that belong to it."""

    window: tuple[slice, slice]
    own: Mask


def _patches(mask: Mask, smallest: float) -> list[_Patch]:
    """Where something of a seal's size may stand, largest first: gaps as within a seal are closed."""
    ink = np.minimum(_in_blocks(mask), 1)
    reach = round(APART * smallest / 2 / BLOCK)
    near = cv2.dilate(
        cv2.copyMakeBorder(ink, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0),
        np.ones((2 * reach + 1, 2 * reach + 1), np.uint8),
    )
    labels, stats = pieces(np.asarray(near, np.uint8))
    found: list[_Patch] = []
    for index in np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable") + 1:
        x, y, w, h, _ = stats[index].tolist()
        w, h = w - 2 * reach, h - 2 * reach  # of its ink
        if max(w, h) * BLOCK < smallest or min(w, h) * BLOCK < 0.4 * smallest:
            continue
        window = np.s_[y * BLOCK : min((y + h) * BLOCK, mask.shape[0]), x * BLOCK : min((x + w) * BLOCK, mask.shape[1])]
        own = (labels[y + reach : y + reach + h, x + reach : x + reach + w] == index).astype(np.uint8)
        found.append(_Patch(window, _of_blocks(own, mask[window].shape)))
    return found


@dataclass(frozen=True, slots=True)
class _Titles:
    """What of a mask is characters of titles: `without` is `whole` without them."""

    whole: Mask
    without: Mask
    colour: SealColour

    def have(self, outline: Outline) -> bool:
        """Whether an outline is a character of a title (国, 口), or several that run into one another.

        These have strokes from the upper line to the lower (国互联), but so has a frame over print of its own ink.
        """
        left, top, right, bottom = (max(0, round(edge)) for edge in outline.extent)
        window = np.s_[top : bottom + 1, left : right + 1]
        if np.count_nonzero(self.without[window]) >= 0.5 * np.count_nonzero(self.whole[window]):
            return False
        if outline.radius <= WIDER * min(outline.half_width, outline.half_height):
            return True
        high = bottom - top
        within = self.whole[top + high // 6 : bottom - high // 6, left + high // 3 : right - high // 3]
        if self.colour is SealColour.BLACK or within.size == 0:
            return False
        stroke = np.ones(max(3, round(high / 16)))
        return float(np.convolve(within.mean(axis=0) > 0.95, stroke).max()) >= len(stroke)


_Known = dict[tuple[int, ...], list[Outline]]
"""Of each piece, by its place on the page and its ink, the outlines relative to it: it is met at every gap again."""


@dataclass(frozen=True, slots=True)
class _View:
    """A patch as it is searched. mask: without rules and titles. crossed: with titles, and rules where they are thick.

    ink: like the mask, with what lies within seals that were found: what is new may reach into them. inside: all ink
    there. page: in the masks' coordinates. smallest: pixels. known: what was made of the pieces so far.
    """

    mask: Mask
    ink: Mask
    crossed: Mask
    inside: Mask
    page: Page
    titles: _Titles
    smallest: float
    colour: SealColour
    known: _Known = field(default_factory=dict)

    def part(self, mask: Mask, left: int, top: int) -> _View:
        """The window at `left` and `top` in which `mask` is."""
        window = np.s_[top : top + mask.shape[0], left : left + mask.shape[1]]
        page = self.page.moved(-left, -top)
        ink, crossed, inside = self.ink[window], self.crossed[window], self.inside[window]
        return replace(self, mask=mask, ink=ink, crossed=crossed, inside=inside, page=page)


def _search_view(view: _View, outlines: list[Outline]) -> bool:
    """What is whole, then a closer look at what is left. True where there was more than is looked at."""
    mask, smallest, page, colour = view.mask.copy(), view.smallest, view.page, view.colour
    largest = LONGEST * smallest
    whole = np.asarray(cv2.morphologyEx(view.crossed, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), np.uint8)
    for frame in unbroken(whole, view.inside, page, colour, smallest, largest):
        if not view.titles.have(frame) and not _is_picture(frame, page):
            outlines.append(frame)
            if frame.coverage >= WHOLE:  # else its corners may tell more
                frame.erase(mask)
    # What is whole needs no closer look, and most seals are.
    overflow = _search_pieces(mask, view, outlines, 5, least=WHOLE, knots=0)
    for patch in _patches(mask, smallest):
        top, left = patch.window[0].start, patch.window[1].start
        closer: list[Outline] = []
        overflow |= _search_closer(view.part(mask[patch.window] & patch.own, left, top), closer)
        outlines.extend(outline.moved(left, top) for outline in closer)
    return overflow


def _search_closer(view: _View, outlines: list[Outline]) -> bool:
    """Frames whose line is broken, rings that touch, are cut or broken. True where there was more than is looked at."""
    mask, smallest, page, colour = view.mask.copy(), view.smallest, view.page, view.colour
    if np.count_nonzero(mask) <= DENSEST:
        for frame in frames(mask, view.ink, view.inside, page, colour, smallest, LONGEST * smallest):
            outlines.append(frame)
            frame.erase(mask)
    # No ring is straight for so long: what is, are lines of tables, to which a ring may be tied.
    mask = _without_rules(mask, STRAIGHT * smallest, thickest=4)
    overflow = _search_pieces(mask, view, outlines, 5)
    if overflow or np.count_nonzero(mask) > DENSEST:
        return True
    outlines.extend(rings.circles(mask, view.ink, page, colour, smallest / 2))
    for outline in outlines:
        if outline.coverage >= SURE:
            outline.erase(mask)
    outlines.extend(_fanned(mask, page, smallest, colour))
    # Print, lines and wear break rings into arcs.
    return _search_pieces(mask, view, outlines, round(GAP * smallest) | 1)


def _fanned(mask: Mask, page: Page, smallest: float, colour: SealColour) -> list[Outline]:
    """Parts of rings at the left or right rim of sheets that were fanned out (骑缝章); erased from the mask.

    What lay below the next sheet is cut off along a line within the page, so that is where the page ends for them.
    """
    found: list[Outline] = []
    reach, near = round(1.4 * rings.LARGEST * page.side), 0.3 * smallest
    for at_left in (True, False):
        begin = max(0, round(page.left) if at_left else round(page.right) - reach)
        window = mask[:, begin : max(begin, round(page.left if at_left else page.right) + (reach if at_left else 0))]
        for start, stop in _runs(np.asarray(window.any(axis=1)), round(1.5 * smallest)):
            part = window[start:stop]
            columns = np.flatnonzero(part.any(axis=0))
            first, last = int(columns[0]) + begin, int(columns[-1]) + begin + 1
            at_rim = first - page.left < near if at_left else page.right - last < near
            if stop - start < 1.5 * smallest or not at_rim or last - first >= 0.95 * reach:
                continue
            sheet = replace(page, right=float(last)) if at_left else replace(page, left=float(first))
            for ring in rings.circles(part, part, sheet.moved(-begin, -start), colour, smallest):
                if ring.coverage >= SURE and ring.visible < CUT:
                    whole = replace(ring.moved(begin, start), span=(float(first), float(last)))
                    whole.erase(mask)
                    found.append(whole)
    return found


def _runs(flags: NDArray[np.bool_], gap: int) -> Iterator[tuple[int, int]]:
    """Runs of True, from and to, where gaps up to `gap` do not count."""
    at = np.flatnonzero(flags)
    if len(at):
        breaks = np.flatnonzero(np.diff(at) > gap)
        yield from zip(at[np.append(0, breaks + 1)].tolist(), (at[np.append(breaks, -1)] + 1).tolist(), strict=True)


def _search_pieces(
    mask: Mask, view: _View, outlines: list[Outline], gap: int, *, least: float = 0.0, knots: int = KNOTS
) -> bool:
    """Pieces of the mask, with gaps closed, that are frames or rings. True where there were more than are looked at.

    least: coverage. knots: pieces at most in which several rings are looked for.
    """
    smallest = view.smallest
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    labels, stats = pieces(np.asarray(joined, np.uint8))
    sides = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    order = np.argsort(-sides, kind="stable")
    order = order[sides[order] >= smallest]
    knotted = 0
    for index in order[:PIECES]:
        x, y, w, h, _ = (int(value) for value in stats[index + 1])
        if min(w, h) < 0.4 * smallest:
            continue
        window = np.s_[y : y + h, x : x + w]
        piece = ((labels[window] == index + 1) & (mask[window] > 0)).astype(np.uint8)
        here, ink = view.page.moved(-x, -y), int(np.count_nonzero(piece))
        key = (round(here.left), round(here.top), w, h, ink)
        if key not in view.known:
            view.known[key] = _made_of(piece, view.inside[window], here, view)
        found = view.known[key]
        if any(outline.corners and outline.coverage >= SURE for outline in found):
            outlines.append(found[0].moved(x, y))
            outlines[-1].erase(mask)
            continue
        # Of what an edge cuts off, an ellipse's axes are open: a circle may fit as well.
        # Two rings that touch pass for an oval with gaps.
        ring = next((outline for outline in found if not outline.corners), None)
        doubtful = ring is None or ring.visible < CUT_OFF or ring.gappy
        if doubtful and min(w, h) >= 0.6 * smallest and knotted < knots and ink < DENSEST // 4:
            knotted += 1
            if (*key, 0) not in view.known:
                view.known[(*key, 0)] = _knot(piece, view.ink[window], here, view.colour, smallest)
            found = distinct([*found, *view.known[(*key, 0)]])
        for outline in found:
            if outline.coverage < least:
                continue
            outlines.append(outline.moved(x, y))
            if outline.coverage >= SURE:
                outlines[-1].erase(mask)
    return len(order) > PIECES


def _is_picture(frame: Outline, page: Page) -> bool:
    """Whether a frame is the picture's own edge, at which a pattern or a tinted paper ends."""
    edges = zip(frame.extent, (page.left, page.top, page.right, page.bottom), strict=True)
    return sum(abs(own - other) < RIM for own, other in edges) >= 3


def _made_of(piece: Mask, inside: Mask, page: Page, view: _View) -> list[Outline]:
    """The frame along a piece's hull and the ellipse around it, as far as there are; a sure frame alone."""
    frame = around(piece, inside, page, view.colour, view.smallest, LONGEST * view.smallest)
    if frame is not None and _is_picture(frame, page):
        frame = None
    if frame is not None and frame.coverage >= SURE:
        return [frame]
    ring = rings.ellipse(piece, inside, page, view.colour)
    return [outline for outline in (frame, ring) if outline is not None]


def _knot(piece: Mask, ink: Mask, page: Page, colour: SealColour, smallest: float) -> list[Outline]:
    """Rings in a piece that touch each other, other ink or the page's edge."""
    found = rings.circles(piece, ink, page, colour, smallest / 2)
    return found + rings.ovals(piece, ink, page, colour, smallest / 2)


# ------------------------------------------------------------------------------------------------ grey pages


def _search_black(density: Floats, side: int, outlines: list[Outline], *, coloured: bool) -> bool:
    """Add rings and frames in black or grey ink. coloured: the page has a sure seal in colour.

    A faint impression's copy is looked for where seals may be grey.
    """
    return _search_passes(density, (DARK,) if coloured else (DARK, PALE), side, SealColour.BLACK, outlines)


def _without_print(dark: Mask, smallest: float) -> Mask:
    """Without small pieces, as print is."""
    labels, stats = pieces(dark)
    w, h, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_AREA]
    longer, shorter = np.maximum(w, h), np.minimum(w, h)
    # A person's seal may be a field of ink; larger fields are pictures.
    sparse = (area < 0.7 * w * h) | ((longer < 2.5 * smallest) & (area < 0.9 * w * h))
    keep = (longer > 0.7 * smallest) & sparse & (shorter > 4)
    keep[0] = False
    return np.asarray(np.take(keep.astype(np.uint8), labels), np.uint8)


__all__ = ["SURE", "Found", "Outline", "find"]
