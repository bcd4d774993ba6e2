"""The inks of a page: a grey page without stamps for OCR, and the colour of the stamps for finding seals.

Divide by the local paper colour, take optical density (OD = -log10 of the ratio): text under a red seal is then dark in
the channel in which the seal's ink is least dense. What stays of the seal in that channel is taken off in proportion to
its chroma, for black ink has none.

What shines through from the other side of thin paper is pale and blurred, and has no dark core: it is painted over.

Ink is lifted only where the colour looks like a stamp. Coloured writing is text all the same: the red title of a
letterhead (红头), blue handwriting, the links of a printed e-mail address. See `_stamps` for the difference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import Box
from extractors.ocr.engine import Raster
from extractors.ocr.pieces import pieces
from extractors.ocr.shrink import shrunk

Entry = TypeVar("Entry", np.uint8, np.float32)

_BAND = 64  # rows that are worked on at a time
_SHRINK = 4  # the paper's colour and the stamps are found on a thumbnail of 1 : 4
_LEAST_PAPER = 48  # darker "paper" is a shadow or the desk; dividing by less would only raise noise
_COLOURED = 0.14  # chroma from which a thumbnail's pixel counts as coloured: a faint seal has about 0.2

LEAST_INK = 0.0002  # share of a page's pixels that is something to read: one character of 6 mm on A4

_STAINED = 0.07  # chroma from which a pixel within a seal's box holds its ink
_DARK = 140  # of the stretched grey: the middle of a printed stroke is darker
_WEAK = 100  # where the darkest ink is paler, all of the page's is strengthened
_PALE = 225  # and what can be seen of a pale one
_HAIR = 470  # of the longer side: what is thinner is a hairline, 0.6 mm on A4, soft edges included
_AROUND_HAIR = 7  # pixels over which the steps around a sharp hairline are more than its depth
_LEAST_BACK = 500  # pixels of pale ink, broad and all of it, from which something comes through
_MOST_BACK = 2.5  # times what is dark that pale ink is at most, where it comes through the paper
_BLURRED = 0.45  # median step over three pixels as a share of the depth, up to which pale ink is blurred

_DENSITY = -np.log10(np.maximum(np.arange(256, dtype=np.float32), 1.0) / 255.0).astype(np.float32)
"""Optical density of a ratio to the paper in 1/255: 0 for paper, 2.41 for black."""

_HUNDREDTHS = np.round(_DENSITY * 100).astype(np.uint8)

# Paper noise above 240/255 becomes white, ink below 40/255 black, linear between.
_STRETCH = np.clip((np.arange(256) - 40.0) / 200.0 * 255.0, 0, 255).astype(np.uint8)

_BLACK = np.where(np.arange(256) < 150, _STRETCH, 255).astype(np.uint8)
"""Of the lightest channel's ratio: what is dark in every channel, as no coloured ink is."""


@dataclass(frozen=True, slots=True)
class Density:
    """Optical density of each channel (R, G, B) relative to the local paper, 0 to about 2.5.

    ratio: of each channel to its paper, in 1/255: height × width × 3, or height × width where all are the same. The
    density is worked out for the parts that are asked for, for most of a page is never looked at.
    """

    ratio: Raster

    @property
    def shape(self) -> tuple[int, int, int]:
        height, width = self.ratio.shape[:2]
        return height, width, 3

    def __getitem__(self, window: tuple[slice, slice]) -> NDArray[np.float32]:
        """Height × width × 3 of a window."""
        part = np.ascontiguousarray(self.ratio[window])
        return _of_three(_look_up(part, _DENSITY))

    def least(self, window: tuple[slice, slice]) -> NDArray[np.float32]:
        """Of the lightest channel; height × width of a window."""
        return self._of_one(window, cv2.max)  # density falls as the ratio rises

    def greatest(self, window: tuple[slice, slice]) -> NDArray[np.float32]:
        """Of the darkest channel; height × width of a window."""
        return self._of_one(window, cv2.min)

    def _of_one(self, window: tuple[slice, slice], chosen: Callable[[Raster, Raster], object]) -> NDArray[np.float32]:
        part = np.ascontiguousarray(self.ratio[window])
        if part.ndim == 3 and part.size:
            first, second, third = (_array(channel) for channel in cv2.split(part))
            part = _array(chosen(_array(chosen(first, second)), third))
        return _look_up(part if part.ndim == 2 else part[..., 0], _DENSITY)

    def hundredths(self, size: tuple[int, int]) -> Raster:
        """The whole at another size (width, height), in 1/100; height × width × 3, or height × width, as the ratio."""
        return cast(Raster, cv2.resize(_look_up(self.ratio, _HUNDREDTHS), size, interpolation=cv2.INTER_LINEAR))


@dataclass(frozen=True, slots=True)
class Inks:
    """A page taken apart. All have the page's height and width.

    grey: the page without the ink of stamps, 0 to 255, paper 255, text dark, coloured text too.
    rules: like grey, but what is black stays whole beneath a stamp, for hairlines are thinner than its edge is blurred.
    density: optical density of each channel.
    chroma: greatest minus least density over the channels: 0 for black, grey and paper, large for coloured ink.
    """

    grey: Raster
    rules: Raster
    density: Density
    chroma: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Patch:
    """Where a stamp is. Pixels of the page, right and bottom exclusive; mask is 255 within the stamp's hull."""

    left: int
    top: int
    right: int
    bottom: int
    mask: Raster

    def within(self, other: _Patch) -> bool:
        """Whether all of it is the other's, too."""
        if self.left < other.left or self.top < other.top or self.right > other.right or self.bottom > other.bottom:
            return False
        rows = slice(self.top - other.top, self.bottom - other.top)
        columns = slice(self.left - other.left, self.right - other.left)
        return cv2.countNonZero(cv2.subtract(self.mask, other.mask[rows, columns])) == 0


def separate(raster: Raster) -> Inks:
    """Take a page (RGB or grey, at least one pixel) apart. The input is left as it is."""
    if raster.ndim == 2:
        paper = _enlarged(_paper(raster), raster)
        ratio = _array(cv2.divide(raster, paper, dst=paper, scale=255))
        grey = _without_back(_strengthened(_array(cv2.LUT(ratio, _STRETCH))))
        return Inks(grey=grey, rules=grey, density=Density(ratio), chroma=np.zeros(ratio.shape, np.float32))
    ratio, grey, most, chroma = _of_channels(raster, _paper(raster))
    grey = _without_back(_strengthened(grey))
    patches = _stamps(chroma)
    for patch in patches:
        _lift(patch, grey, most, chroma)
    rules = _array(cv2.min(grey, cv2.LUT(most, _BLACK))) if patches else grey
    return Inks(grey=grey, rules=rules, density=Density(ratio), chroma=chroma)


def _of_channels(raster: Raster, paper: Raster) -> tuple[Raster, Raster, Raster, NDArray[np.float32]]:
    """Of a page in colour the ratio of each channel to its paper, in 1/255; of each pixel the grey, stretched, the
    greatest of its ratios, and the chroma.

    In bands of rows, and their channels in the same memory, that stay in the processor's cache: memory costs more than
    the arithmetic.
    """
    ratio, size = _enlarged(paper, raster), raster.shape[:2]
    grey, most, chroma = np.empty(size, np.uint8), np.empty(size, np.uint8), np.empty(size, np.float32)
    channels = np.empty((3, _BAND, size[1]), np.uint8)
    for start in range(0, len(ratio), _BAND):
        rows = slice(start, start + _BAND)
        band = _array(cv2.divide(raster[rows], ratio[rows], dst=ratio[rows], scale=255))
        cv2.LUT(cv2.cvtColor(band, cv2.COLOR_RGB2GRAY, dst=grey[rows]), _STRETCH, dst=grey[rows])
        first, second, third = cv2.split(band, list(channels[:, : len(band)]))
        cv2.max(cv2.max(first, second), third, dst=most[rows])
        # OD falls as the ratio rises, so two look-ups replace a maximum and a minimum over floats.
        cv2.LUT(cv2.min(cv2.min(first, second), third), _DENSITY, dst=chroma[rows])
        cv2.subtract(chroma[rows], cv2.LUT(most[rows], _DENSITY), dst=chroma[rows])
    return ratio, grey, most, chroma


def without_seals(raster: Raster, boxes: Sequence[Box]) -> Raster:
    """A page in colour without the coloured ink in the boxes of its seals; what is printed under them stays, in black.

    A seal in black ink, or on a grey page, stays: nothing tells its ink from print. The input is left as it is.
    """
    if raster.ndim == 2 or not boxes:
        return raster
    height, width = raster.shape[:2]
    inks = separate(raster)
    paper = _enlarged(_paper(raster), raster)
    clean = raster.copy()
    for box in boxes:
        window = np.s_[
            max(0, int((box.top - 0.01) * height)) : int((box.bottom + 0.01) * height) + 1,
            max(0, int((box.left - 0.01) * width)) : int((box.right + 0.01) * width) + 1,
        ]
        stained = cv2.dilate((inks.chroma[window] > _STAINED).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        print_ = paper[window].astype(np.float32) * (inks.grey[window][..., None] / np.float32(255))
        clean[window][stained] = print_[stained].astype(np.uint8)
    return clean


def _strengthened(grey: Raster) -> Raster:
    """The page with its darkest ink made black where none of it is dark: pale toner, thermal paper, a coloured pen.

    As it is where there is nothing darker than paper's own unevenness.
    """
    part = np.ascontiguousarray(grey[::_SHRINK, ::_SHRINK])
    darkest = int(np.searchsorted(np.cumsum(cv2.calcHist([part], [0], None, [256], [0, 256])), LEAST_INK * part.size))
    if not _WEAK < darkest < _PALE:
        return grey
    levels = (np.arange(256) - darkest) * (255 / (255 - darkest))
    return _array(cv2.LUT(grey, np.clip(levels, 0, 255).astype(np.uint8)))


def _without_back(grey: Raster) -> Raster:
    """The page without what shines through from its back. As it is where there is nothing of the kind.

    Strokes of this side are dark in their middle, so whatever is pale is the edge of such a stroke, or faint print.
    Faint print has sharp edges; where most of the pale ink that is not beside a dark stroke changes slowly, it comes
    through the paper. Where it is far more than what is dark, the page is out of focus or its print is fading, and what
    comes through is told by its reading (back.py). Thin and sharp are this side's hairlines, one of which that is not
    level fades wherever it lies between two rows of pixels; where most is so, toner ran out.
    """
    dark = (grey < _DARK).view(np.uint8)
    near = cv2.dilate(dark, np.ones((7, 7), np.uint8))
    pale = ((grey < _PALE).view(np.uint8) > near).view(np.uint8)
    print_ = cv2.countNonZero(dark)
    least = max(_LEAST_BACK, 0.015 * print_)
    if not least <= cv2.countNonZero(pale) <= _MOST_BACK * print_:
        return grey
    side = max(3, round(max(grey.shape) / _HAIR)) | 1
    broad = (cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8)) < _PALE).astype(np.uint8)
    broad &= pale
    if cv2.countNonZero(broad) < _LEAST_BACK:
        return grey
    steps = cv2.morphologyEx(cv2.blur(grey, (3, 3)), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    around = (_AROUND_HAIR, _AROUND_HAIR)
    sharp = cv2.compare(cv2.blur(steps, around), cv2.blur(cv2.bitwise_not(grey), around), cv2.CMP_GT)
    hair = cv2.bitwise_and(cv2.subtract(pale, broad), sharp)
    if cv2.countNonZero(pale) < cv2.countNonZero(hair) + max(least, cv2.countNonZero(hair)):
        return grey
    edges = steps[broad > 0]
    depth = 255 - grey[broad > 0].astype(np.int16)
    # Over three pixels, a sharp edge changes by nearly its whole depth.
    if float(np.median(edges / depth)) > _BLURRED:
        return grey
    # The dark strokes stay with their edges; everything else that is pale goes.
    return _array(np.where((near == 0) & (grey >= _DARK) & (hair == 0), np.uint8(255), grey))


def _look_up(picture: Raster, table: NDArray[Entry]) -> NDArray[Entry]:
    """The table's entry of each value. As one channel: OpenCV is four times slower on interleaved ones."""
    if not picture.size:
        return np.zeros(picture.shape, table.dtype)
    flat = picture.reshape(picture.shape[0], -1)
    return cast("NDArray[Entry]", cv2.LUT(flat, table).reshape(picture.shape))


def _of_three(density: NDArray[np.float32]) -> NDArray[np.float32]:
    return density if density.ndim == 3 else np.repeat(density[:, :, None], 3, axis=2)


def _array(picture: object) -> Raster:
    """OpenCV's results are uint8 arrays, which its type stubs do not tell."""
    return cast(Raster, picture)


def _thumbnail(picture: NDArray[Entry]) -> NDArray[Entry]:
    """1 : 4 by averaging; what is beyond a multiple of four is cut off."""
    height, width = picture.shape[:2]
    tall, wide = height // _SHRINK, width // _SHRINK
    if tall == 0 or wide == 0:
        return picture
    cut = picture[: tall * _SHRINK, : wide * _SHRINK]
    return shrunk(cut, wide, tall)


def _paper(raster: Raster) -> Raster:
    """The paper's colour around each pixel, as a thumbnail: strokes are closed over, slow shadows are followed."""
    small = _thumbnail(raster)
    # Wider than a stroke of a big title or a seal's star, narrower than a shadow: about 17 mm of an A4 page.
    side = max(3, round(max(small.shape[:2]) / 17)) | 1
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8), borderType=cv2.BORDER_REPLICATE)
    # The closing takes the brightest of a noisy neighbourhood; the blur brings it back to its mean and softens steps.
    closed = cv2.blur(closed, (side, side))
    return _array(np.maximum(closed, _LEAST_PAPER))


def _enlarged(paper: Raster, raster: Raster) -> Raster:
    """A thumbnail at the size of its page."""
    height, width = raster.shape[:2]
    return _array(cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR))


def _stamps(chroma: NDArray[np.float32]) -> tuple[_Patch, ...]:
    """Where coloured ink looks like a stamp rather than like writing.

    1. Coloured pixels of the thumbnail, without long straight rules (a letterhead's red line would tie a seal to it).
    2. A stamp is one stroke that goes round: a component (small gaps closed) that is large both ways, not much
       longer than high, and not a quarter of the page: no glyph is, but for huge titles.
    3. A broken impression has no such component: gaps closed more widely, or all pieces that are near each other taken
       together (a ring that is pale at top and bottom is two arcs), it must be a disc, with empty corners.
    4. What has neighbours of its own height in its row is a title.
    """
    height, width = chroma.shape
    small = _thumbnail(chroma)
    coloured = (small > _COLOURED).astype(np.uint8) * 255
    if not coloured.any():
        return ()
    page = max(small.shape)
    coloured = _array(cv2.subtract(coloured, _rules(coloured, page)))
    # only there, and where gaps around it may be closed
    left, top, wide, high = cv2.boundingRect(coloured)
    if not wide:
        return ()
    left, top = max(0, left - page // 70), max(0, top - page // 70)
    coloured = np.ascontiguousarray(
        coloured[top : top + high + 2 * (page // 70), left : left + wide + 2 * (page // 70)]
    )
    found: list[tuple[Raster, bool]] = [
        (_closed(coloured, max(3, page // 240)), False),
        (_closed(coloured, max(5, page // 70)), True),
        (_gathered(coloured, max(9, page // 35)), True),
    ]
    patches: list[_Patch] = []
    for mask, disc in found:
        patches.extend(_stamps_of(mask, coloured, page, (left, top, height, width), disc=disc))
    return tuple(patch for number, patch in enumerate(patches) if not any(map(patch.within, patches[number + 1 :])))


def _rules(mask: Raster, page: int) -> Raster:
    """Straight coloured lines, horizontal or vertical, longer than a fifth of the page."""
    long = max(9, page // 5)
    across = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    down = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((long, 1), np.uint8))
    return _array(cv2.dilate(cv2.max(across, down), np.ones((3, 3), np.uint8)))


def _closed(mask: Raster, side: int) -> Raster:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side | 1, side | 1))
    return _array(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel))


def _gathered(mask: Raster, side: int) -> Raster:
    """Pieces less than `side` apart become one; unlike closing, also where they meet end to end."""
    return _array(cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side | 1, side | 1))))


def _stamps_of(
    mask: Raster, coloured: Raster, page: int, place: tuple[int, int, int, int], *, disc: bool
) -> list[_Patch]:
    """place: of the masks on the thumbnail, left and top; height and width of the page."""
    labels, stats = pieces(mask)
    boxes = stats[1:, :4]
    patches: list[_Patch] = []
    shorter, longer = boxes[:, 2:].min(axis=1), boxes[:, 2:].max(axis=1)
    likely = (shorter >= page * (0.06 if disc else 0.035)) & (longer <= page * 0.45) & (longer <= shorter * 2.2)
    for index in np.flatnonzero(likely).tolist():
        left, top, wide, high = boxes[index].tolist()
        # Three seals of one size may stand in a row, but no title is a twelfth of the page high.
        if high < page * 0.085 and _in_a_row(boxes, index):
            continue
        component = (labels[top : top + high, left : left + wide] == index + 1).astype(np.uint8)
        x, y = 0, 0
        if disc:
            inked = cv2.bitwise_and(component, coloured[top : top + high, left : left + wide])
            x, y, wide, high = cv2.boundingRect(inked)
            component = _array(inked[y : y + high, x : x + wide])
            if not _is_disc(component):
                continue
        patches.append(_patch(component, left + x + place[0], top + y + place[1], place[2:]))
    return patches


def _in_a_row(boxes: NDArray[np.int32], index: int) -> bool:
    """Others of about its height stand close beside it, together twice as wide as it is high: writing, not a stamp."""
    left, top, wide, high = (int(value) for value in boxes[index])
    lefts, tops, wides, highs = boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]
    like = (highs > high * 0.6) & (highs < high * 1.6)
    level = np.abs(tops + highs / 2 - (top + high / 2)) < high * 0.3
    gaps = np.maximum(lefts - (left + wide), left - (lefts + wides))
    return int(wides[like & level & (gaps < 5 * high)].sum()) - wide >= 2 * high


def _is_disc(ink: Raster) -> bool:
    """The ink stays within the ellipse of its box: writing would fill the corners too (a fifth of the box)."""
    high, wide = ink.shape
    rows = (np.arange(high, dtype=np.float32) + 0.5) / high * 2 - 1
    columns = (np.arange(wide, dtype=np.float32) + 0.5) / wide * 2 - 1
    radius = np.sqrt(rows[:, None] ** 2 + columns[None, :] ** 2)
    total = np.count_nonzero(ink)
    outside = np.count_nonzero(ink[radius > 1.04])
    rim = np.count_nonzero(ink[(radius > 0.85) & (radius <= 1.04)])
    return bool(outside < 0.03 * total and rim > 0.15 * total)


def _patch(component: Raster, left: int, top: int, size: tuple[int, int]) -> _Patch:
    """The hull of a thumbnail's component, a little widened, on the page."""
    points = cv2.findNonZero(component)
    hull = cv2.convexHull(points)
    margin = 3
    high, wide = component.shape
    mask = np.zeros((high + 2 * margin, wide + 2 * margin), np.uint8)
    cv2.fillConvexPoly(mask, hull + margin, 255)
    mask = cv2.dilate(mask, np.ones((margin, margin), np.uint8))
    mask = cv2.resize(mask, None, fx=_SHRINK, fy=_SHRINK, interpolation=cv2.INTER_NEAREST)
    x, y = (left - margin) * _SHRINK, (top - margin) * _SHRINK
    page_high, page_wide = size
    inside = mask[max(0, -y) : max(0, page_high - y), max(0, -x) : max(0, page_wide - x)]
    x, y = max(0, x), max(0, y)
    return _Patch(x, y, x + inside.shape[1], y + inside.shape[0], _array(inside))


def _lift(patch: _Patch, grey: Raster, most: Raster, chroma: NDArray[np.float32]) -> None:
    """Take a stamp's ink off `grey` within the patch."""
    window = np.s_[patch.top : patch.bottom, patch.left : patch.right]
    colour = chroma[window]
    remainder = cv2.LUT(most[window], _DENSITY)
    # What the ink leaves in its least dense channel for each unit of chroma: about 0.1 for red, 0.5 for purple. Black
    # under the stamp is left out (its chroma is noise), and a stroke's typical chroma bounds what is taken off.
    ink = (colour > 0.15) & (remainder < 0.7) & (patch.mask > 0)
    if ink.any():
        usual = float(np.quantile(colour[ink], 0.8))
        # JPEG blurs colour, not brightness: a stroke's edges have less chroma than ink. Further from the stroke, print
        # at 72 dpi would go with it.
        reach = cv2.min(cv2.dilate(colour, np.ones((3, 3), np.uint8)), usual)
        strokes = ink & (colour > 0.5 * usual)
        share = float(np.quantile(remainder[strokes] / reach[strokes], 0.6))
        remainder = cv2.max(cv2.subtract(remainder, cv2.multiply(reach, 1.3 * min(share, 1.0))), 0.0)
    clean = cv2.exp(cv2.multiply(remainder, -np.log(10.0))) * np.float32(255.0)
    clean = cv2.LUT(np.clip(clean, 0, 255).astype(np.uint8), _STRETCH)
    cv2.copyTo(clean, patch.mask, grey[window])
