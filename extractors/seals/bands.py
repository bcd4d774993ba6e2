"""Where a name stands on a ring's polar picture: below the ring its rows, the band, and its columns, the arc."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.seals.unroll import COLUMNS, FAINT, ROWS, Floats, row_at, smooth_course

FAINTEST_TEXT = 0.25  # of the ring's ink: what is weaker than this on a whole side is not raised further
FAINTEST_LINE = 0.15  # of the full ink: of a thin inner ring
FILLED = 0.35  # of the most inked row: where all rows have more, characters go on
LINE = 0.6  # part of the way around on which a line stands apart, from which it is a ring
_APART = 5  # rows beside a thin line that are bare
_SOME = 0.05  # inked part of a column in which something stands
_BARE = 0.05  # part of its columns at most that have ink further in, where other text stands along the edge
_SECTORS = 32
_LESS = 0.75  # of the other arcs' length: so much shorter is one of a name beside other letters
_THICKEST = 10  # rows of an inner ring's line
_INNERMOST = 0.55  # depth down to which an inner ring is looked for
_NEAR = 2.5  # rows from a line's course within which it runs
_SEEN, _AROUND = 0.4, 0.85  # parts of the way around on which an inner ring stands apart, and on which there is ink


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of a Ring between which text stands: first (nearest to the ring) and last, as depths in rows."""

    top: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Arc:
    """Columns of a Ring from start on, clockwise, over length columns; start 0 to COLUMNS - 1."""

    start: int
    length: int

    @property
    def middle(self) -> float:
        return (self.start + self.length / 2) % COLUMNS


WHOLE = Arc(0, COLUMNS)


def ring_end(ring: Floats) -> int:
    """The first row inside of the ring, and of an inner ring close to it."""
    cover = (ring > FAINT).mean(axis=1)
    edge = row_at(0.0)
    window = cover[: row_at(0.22)]
    strongest = float(window.max(initial=0.0))
    if strongest < 0.3:
        return edge + 3
    level = max(0.45, 0.7 * strongest)
    rows = np.flatnonzero(window > min(level, 0.95 * strongest))
    end = int(rows[0])
    while end < len(window) and cover[end] > 0.62 * strongest:
        end += 1
    # An inner ring: a thin line that stands apart nearly all around, close below. Characters have gaps.
    thick = cv2.dilate(ring, np.ones((3, 1), np.uint8))
    beside = np.zeros_like(ring)
    beside[_APART:-_APART] = np.maximum(ring[: -2 * _APART], ring[2 * _APART :])
    apart = ((thick > FAINTEST_LINE) & (beside < 0.5 * thick)).mean(axis=1)
    around = (thick > FAINT).mean(axis=1)
    for row in range(min(len(window), end + row_at(0.15) - edge), end + 1, -1):
        if around[row] > 0.9 or (apart[row] > LINE and apart[row] >= apart[row - 2 : row + 3].max()):
            end = row
            while end < len(window) and (cover[end] > 0.5 or apart[end] > 0.5 * LINE):
                end += 1
            return min(end + 1, len(window))
    return end


def without_inner_ring(rings: Sequence[Floats], end: int) -> list[Floats]:
    """The pictures without a thin line that runs around below row `end`, where there is one; the first tells where.

    An inner ellipse has not everywhere the same distance from the outer one, so that no row shows it whole, and
    characters may touch it.
    """
    course = _inner_ring(rings[0], end)
    if course is None:
        return list(rings)
    rows = np.arange(ROWS)[:, None]
    line = np.abs(rows - course[None]) <= _THICKEST / 2
    return [np.where(line, np.float32(0), ring) for ring in rings]


def _inner_ring(ring: Floats, end: int) -> NDArray[np.float64] | None:
    """The row of its middle at each column."""
    inside = ring[: row_at(_INNERMOST)]
    # A thin one takes less ink than the ring itself, and is all that most columns have where the name is thin, too.
    strength = float(np.median(inside[end + 2 :].max(axis=0)))
    window = inside > FAINT * float(np.clip(strength, FAINTEST_TEXT, 1.0))
    high, rows = len(window), np.arange(len(window), dtype=np.int16)[:, None]
    padded = np.pad(window, ((_APART, 2 * _APART), (0, 0)))
    # Whether the _APART rows before a row are bare, and of each pixel the first bare row from it on: there ink ends.
    clear = ~np.logical_or.reduce([padded[shift : shift + high + _APART + 1] for shift in range(_APART)])
    behind = np.minimum.accumulate(np.where(window, np.int16(high), rows)[::-1], axis=0)[::-1]
    line = window & clear[:high] & (rows > end) & (behind - rows <= _THICKEST)
    line &= np.take_along_axis(clear, behind.astype(np.intp) + _APART, axis=0)
    seen, first = line.any(axis=0), line.argmax(axis=0)
    if seen.mean() < _SEEN:
        return None
    middle = (first + behind[first, np.arange(COLUMNS)] - 1) / 2
    course = smooth_course(middle, seen, float(np.median(middle[seen])), (8.0, _NEAR, _NEAR))
    if course is None:
        return None
    along = np.clip(np.round(course).astype(int) + np.arange(-2, 3)[:, None], 0, len(window) - 1)
    there = window[along, np.arange(COLUMNS)].any(axis=0)
    return course if there.mean() >= _AROUND else None


def evened(ring: Floats, end: int) -> Floats:
    """The ring with the text below row `end` at the strength of its own neighbourhood.

    Thin strokes take far less ink than the ring, and a worn or faint side less than the other.
    """
    strength = ring[end + 2 : row_at(0.42)].max(axis=0)[None]
    reach = COLUMNS // 24
    wrapped = np.pad(strength, ((0, 0), (2 * reach, 2 * reach)), mode="wrap")
    wrapped = cv2.blur(cv2.dilate(wrapped, np.ones((1, 2 * reach + 1), np.uint8)), (2 * reach + 1, 1))
    level = np.clip(wrapped[:, 2 * reach : -2 * reach], FAINTEST_TEXT, 1.0)
    even = ring.copy()
    even[end:] = np.clip(ring[end:] / level, 0, 1)
    return even


def text_band(ring: Floats, end: int, *, crossed: bool = False) -> Band:
    """Where the name stands below the ring: from its first ink to the emptiest row after it, or to the last one.

    crossed: print or other seals cross a part of the ring; the most inked quarter of each row does not count.
    """
    sectors = np.sort((ring > FAINT).reshape(ROWS, _SECTORS, -1).mean(axis=2), axis=1)
    cover = sectors[:, : _SECTORS - (_SECTORS // 4 if crossed else 0)].mean(axis=1)
    smooth = np.convolve(cover, np.ones(5) / 5, mode="same")
    peak = float(smooth[end + 4 : row_at(0.45)].max(initial=0.0))
    # What is left of the ring fades out before the text begins.
    first = end + int(smooth[end : end + row_at(0.08) - row_at(0)].argmin())
    least = float(smooth[first])
    while first < row_at(0.3) and smooth[first] < least + 0.04 * peak:
        first += 1
    low, high = first + row_at(0.15) - row_at(0), min(ROWS - 1, first + row_at(0.46) - row_at(0))
    if high <= low + 2:
        return Band(max(end, first - 2), min(ROWS, first + row_at(0.32) - row_at(0)))
    valley = smooth[low:high]
    if valley.min() > FILLED * peak:  # characters that are twice as high as wide
        valley = smooth[low:]
        if valley.min() > FILLED * peak:
            return Band(max(end, first - 4), ROWS)
    bottom = low + int(np.flatnonzero(valley <= float(valley.min()) + 0.06 * peak)[0])
    return Band(max(end, first - 4), min(ROWS, bottom + 2))


def arcs(ring: Floats, band: Band) -> tuple[Arc, ...]:
    """Candidates for the name's arc, likeliest first: what the largest gaps leave.

    The code along the bottom is lower than the name's characters, so it leaves the band's inner half empty, and other
    letters the inner third; a straight line leaves the outer half.
    """
    middle = (band.top + band.bottom) // 2
    found: list[Arc] = []
    for rows in (slice(middle, band.bottom), slice(band.top + 1, band.bottom), slice(band.top + 1, middle)):
        arc = _complement((ring[rows] > FAINT).mean(axis=0))
        if arc is not None and not any(_close(arc, other) for other in found):
            found.append(arc)
    feet = _complement((ring[(band.top + 2 * band.bottom) // 3 : band.bottom] > FAINT).mean(axis=0))
    if feet is not None and all(feet.length < _LESS * other.length for other in found):
        found.append(feet)
    return tuple(found)


def parts(ring: Floats, band: Band) -> tuple[Arc, ...]:
    """The two arcs between the two largest gaps, the longer one first; () where there is but one gap.

    Of a bilingual seal one has the name in Chinese; the other, along the other edge, is in other letters.
    """
    empty = _empty((ring[band.top + 1 : band.bottom] > FAINT).mean(axis=0))
    gaps = sorted(_runs_around(empty), key=lambda gap: -gap[1])[:2]
    if len(gaps) < 2 or gaps[1][1] < COLUMNS // 60:
        return ()
    one, other = _between(*gaps), _between(*reversed(gaps))
    return (one, other) if one.length >= other.length else (other, one)


def lettered(ring: Floats, band: Band, name: tuple[float, float]) -> bool:
    """Whether other text stands around where the name does not, along the edge as the name does.

    name: columns of its first and last characters. A straight line reaches further in than the name; a code leaves the
    band's inner half bare.
    """
    if band.bottom + (band.bottom - band.top) // 2 > ROWS:
        return False  # so broad a band may hold a straight line
    ends = COLUMNS // 32
    columns = np.arange(round(name[1]) + ends, round(name[0]) + COLUMNS - ends) % COLUMNS
    rows = np.asarray(ring[:, columns] > FAINT)
    inked = np.flatnonzero(rows[(band.top + band.bottom) // 2 : band.bottom - 1].mean(axis=0) > _SOME)
    if len(inked) < COLUMNS // 32 or inked[-1] - inked[0] < COLUMNS // 8:
        return False
    further_in = np.asarray(rows[band.bottom : 2 * band.bottom - band.top].any(axis=0))
    return bool(further_in[inked[0] : inked[-1] + 1].mean() < _BARE)


def along(ring: Floats, arc: Arc) -> Floats:
    """The ring's arc at the width of a whole ring."""
    columns = np.linspace(arc.start, arc.start + arc.length, COLUMNS, endpoint=False).astype(np.intp) % COLUMNS
    return ring[:, columns]


def halves(ring: Floats, band: Band) -> tuple[Arc, ...]:
    """Of an oval with a text on top and another along the bottom, the arc of each; () where no gaps part them.

    An oval's texts are centred on its short axis, so the gaps between them mirror each other.
    """
    empty = _empty((ring[band.top + 1 : band.bottom] > FAINT).mean(axis=0))
    # From the bottom, over the left end of the long axis, to the top.
    left = np.arange(-COLUMNS // 4, COLUMNS // 4)
    both = runs(empty[left % COLUMNS] & empty[(COLUMNS // 2 - left) % COLUMNS])
    between = [(stop - start, start, stop) for start, stop in both if start > 0 and stop < len(left)]
    length, start, stop = max(between, default=(0, 0, 0))
    if length < COLUMNS // 60:
        return ()
    below, above = int(left[start]), int(left[stop - 1])
    return (
        Arc(above % COLUMNS, COLUMNS // 2 - 2 * above),
        Arc((COLUMNS // 2 - below) % COLUMNS, COLUMNS // 2 + 2 * below),
    )


def _close(one: Arc, other: Arc) -> bool:
    tolerance = COLUMNS // 90
    apart = abs((one.start - other.start + COLUMNS // 2) % COLUMNS - COLUMNS // 2)
    return apart <= tolerance and abs(one.length - other.length) <= tolerance


def _smooth(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.convolve(np.concatenate([profile[-4:], profile, profile[:4]]), np.ones(9) / 9, mode="valid")


def _empty(profile: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which columns hold next to no ink, of what is usual where there is some."""
    smooth = _smooth(profile)
    inked = smooth[smooth > 0.05]
    usual = float(np.percentile(inked, 60)) if inked.size else 1.0
    return np.asarray(smooth < 0.16 * usual)


def _complement(profile: NDArray[np.float64]) -> Arc | None:
    """All columns but the longest run of empty ones."""
    smooth = _smooth(profile)
    if np.count_nonzero(smooth > 0.05) < COLUMNS // 20:
        return None
    empty = _empty(profile)
    start, length = longest_run(empty)
    if length < COLUMNS // 60:
        start, length = int(smooth.argmin()), 1
    return _between((start, length), (start, length))


def _between(gap: tuple[int, int], following: tuple[int, int]) -> Arc:
    """From one gap to the next, clockwise, with a little of both. gap, following: start and length; may be the same."""
    begin = gap[0] + gap[1]
    margin = min(gap[1] // 3, following[1] // 3, COLUMNS // 70)
    return Arc((begin - margin) % COLUMNS, (following[0] - begin) % COLUMNS + 2 * margin)


def longest_run(flags: NDArray[np.bool_]) -> tuple[int, int]:
    """Start and length of the longest run of True on a circle; (0, 0) for none."""
    return max(_runs_around(flags), key=lambda run: run[1], default=(0, 0))


def _runs_around(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Start and length of the runs of True on a circle."""
    if flags.all():
        return [(0, len(flags))]
    begin = int(flags.argmin())  # a run may go on from the end to the beginning
    return [((start + begin) % len(flags), stop - start) for start, stop in runs(np.roll(flags, -begin))]


def runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of True in a row of flags: the first of each, and the one behind its last."""
    change = np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8))
    return list(zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True))
