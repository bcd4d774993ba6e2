"""What stands in a frame: rows from the left or columns from the right, each way up that the frame's shape leaves open.

A frame's characters are not bent: they are read as print is. Each signal of the ink is read by itself, the purest first,
and the one with the print still in it only where the others say little; a reading that another signal repeats is sure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.document import SealColour, SealShape
from extractors.ocr.engine import Recogniser, Strip
from extractors.seals import beam, grid, unroll
from extractors.seals.outline import Outline
from extractors.seals.prior import ENDINGS, SURNAMES, WORDS, of_names, of_persons
from extractors.seals.text import Text, begins_as_names_do, cleaned, hanzi, wrapped
from extractors.seals.unroll import Floats, Impression

_SIDE = 320  # pixels of a frame's width when it is read
_CLEAR = 0.85  # confidence from which no other way up and no other signal is asked
_OPEN = 0.6  # and below which every one is
_ALONE = 0.85  # of a reading's confidence stays where no other signal reads the same
_PERSON = 4  # characters at most of a person's name on a seal of his own
_PRINTED = 0.8  # what a reading is worth in whose signal the print still is
_STRAY = 0.35  # mean likelihood below which a row is print, wear or a part of the frame
_HEAVY = 0.45  # of the full ink: a second, weaker impression beside the first is paler
_GAP = 0.25  # inked part of the way around from which a frame is followed by paper


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    characters: tuple[tuple[str, float, float], ...]
    known: bool  # it is built as names are
    score: float
    source: int
    angle: float
    support: float = 0.0  # 1.0 where another signal reads the same

    @property
    def confidence(self) -> float:
        sure = [sure for *_, sure in self.characters]
        mean = sum(sure) / len(sure)
        agreed = _ALONE + (1 - _ALONE) * self.support
        return float(np.clip(mean * (0.7 + 0.3 * min(sure)) * agreed * (1.0 if self.known else 0.75), 0, 1))


def read(impression: Impression, recogniser: Recogniser) -> Text:
    """Read a frame. Raises errors.EngineError when the recogniser fails."""
    outline = impression.outline
    signals, printed = _signals(impression)
    first, *others = _ways_up(outline)
    readings: list[_Reading] = []
    best: _Reading | None = None
    for source, signal in enumerate(signals):
        if source >= printed and best is not None and best.confidence >= _OPEN:
            break
        worth = _PRINTED if source >= printed else 1.0
        angles = [first if best is None else best.angle]
        if source == 0 or best is None:
            angles += others
        for angle in angles:
            readings += [
                replace(one, score=one.score * worth) for one in _readings(impression, signal, angle, source, recogniser)
            ]
            best = _best(readings)
            if best is not None and best.confidence >= _CLEAR * _ALONE:
                break
        if best is not None and best.support == 1.0 and best.confidence >= _CLEAR:
            break
    if best is None:
        return Text()
    sure = [sure for *_, sure in best.characters]
    legible = sum(1 for one in sure if one >= 0.6) / len(sure)
    return Text(best.text, "", "", wrapped(best.angle), legible, best.confidence)


def _signals(impression: Impression) -> tuple[list[Floats], int]:
    """The inside of the frame in each signal, ink 1, and from which one on print is in them."""
    outline = impression.outline
    inside = _inside(impression)
    made = [np.asarray(signal * inside, np.float32) for signal in impression.signals]
    if _bare(impression):
        made = [np.asarray((1 - signal) * inside, np.float32) for signal in impression.signals]
    heavy = np.asarray(np.clip((made[0] - _HEAVY) / (1 - _HEAVY), 0, 1), np.float32)
    if len(made) == 1:
        return [*made, heavy], 2
    pure, last = made[:-1], made[-1]
    return [*pure, heavy, last], len(pure) + 1


def _inside(impression: Impression) -> Floats:
    """1 within the lines of frames that are not cut by rows and columns: their sides are not parallel to the text."""
    outline = impression.outline
    shape = impression.signals[0].shape
    corners = np.round(np.array(outline.corners) - impression.origin).astype(np.int32)
    area = np.zeros(shape, np.uint8)
    cv2.fillPoly(area, [corners], 1)
    if outline.shape not in (SealShape.TRIANGLE, SealShape.DIAMOND):
        return np.asarray(area, np.float32)
    depth = cv2.distanceTransform(np.pad(area, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    profile = _profile(impression.signals[0], depth)
    reach = max(3, len(profile) // 3)
    lines = np.flatnonzero(profile[:reach] > 0.5)
    edge = int(lines[-1]) + 1 if len(lines) else 1
    while edge < reach and profile[edge] > _GAP:
        edge += 1
    return np.asarray(depth > edge + 1, np.float32)


def _profile(signal: Floats, depth: Floats) -> Floats:
    """The inked part of the way around at each pixel's depth below the edge."""
    within = depth > 0
    steps = depth[within].astype(np.intp)
    inked = np.bincount(steps, signal[within] > unroll.FAINT)
    return np.asarray(inked / np.maximum(1, np.bincount(steps)), np.float32)


def _bare(impression: Impression) -> bool:
    """Whether the characters are bare paper (白文): there is no paper between the edge and them, however thick it is."""
    outline = impression.outline
    if not outline.bare:
        return False
    area = np.zeros(impression.signals[0].shape, np.uint8)
    cv2.fillPoly(area, [np.round(np.array(outline.corners) - impression.origin).astype(np.int32)], 1)
    depth = cv2.distanceTransform(np.pad(area, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    profile = _profile(impression.signals[0], depth)
    return bool(profile[2 : max(3, int(0.3 * len(profile)))].min() > _GAP)


def _ways_up(outline: Outline) -> list[float]:
    """Degrees by which the frame may be turned, the likeliest first."""
    if outline.shape is SealShape.TRIANGLE:
        corners = np.array(outline.corners)
        sides = np.roll(corners, -1, axis=0) - corners
        # Clockwise with y down, the side at the bottom goes to the left.
        return sorted((wrapped(float(np.degrees(np.arctan2(y, x))) + 180) for x, y in sides), key=abs)
    if outline.shape is SealShape.SQUARE:
        # One that stands on its corner may be a diamond that was turned.
        turns = [outline.turn + more for more in (0, 90, -90, 180, 45, -45, 135, -135)]
        return turns if outline.half_width > 0 else turns[:1]
    return [outline.turn, outline.turn + 180]


def _readings(
    impression: Impression, signal: Floats, angle: float, source: int, recogniser: Recogniser
) -> Iterator[_Reading]:
    """By rows and by columns, one way up."""
    picture = unroll.upright(impression, signal, angle, _SIDE)
    if impression.outline.shape in (SealShape.SQUARE, SealShape.RECTANGLE):
        picture = grid.without_frame(picture)
    if rows := [_cleaned(beam.read(odds, of_names())) for odds in recogniser.weigh(grid.by_rows(picture))]:
        kept = [row for row in rows if row.text and row.confidence > _STRAY]
        if kept:
            yield _reading(kept, source, angle)
    for count, strip in grid.by_columns(picture):
        prior = of_persons() if count <= _PERSON else of_names()
        (odds,) = recogniser.weigh([strip])
        column = _cleaned(beam.read(odds, prior))
        if column.text:
            yield _reading([column], source, angle)


def _cleaned(strip: Strip) -> Strip:
    """Its Hanzi and what may stand between them."""
    text = cleaned(strip.text)
    return Strip(text, strip.confidence, strip.characters) if hanzi(text) else Strip("", 0.0)


def _reading(rows: Sequence[Strip], source: int, angle: float) -> _Reading:
    text = "".join(row.text for row in rows)
    whole = any(_worth(row.text) > 1.3 for row in rows)
    score = sum(hanzi(row.text) * row.confidence**2 * _worth(row.text) for row in rows)
    score *= 1 + 0.2 * sum(word in text for word in WORDS)
    characters = tuple(one for row in rows for one in row.characters)
    known = whole or text.endswith(tuple(ENDINGS))
    return _Reading(text, characters, known, score, source, angle)


def _worth(text: str) -> float:
    """More for what is built as names are: of a body, or of a person (姓名, 姓名印, 姓名之印)."""
    name = text.removesuffix("之印").removesuffix("印章").removesuffix("印").removesuffix("章")
    if 2 <= len(name) <= _PERSON and len(text) <= _PERSON + 1 and name.startswith(SURNAMES):
        return 1.35
    begins, ends = begins_as_names_do(text), text.endswith(tuple(ENDINGS))
    return 1.35 if begins and ends else 1.15 if ends else 1.08 if begins else 1.0


def _best(readings: Sequence[_Reading]) -> _Reading | None:
    """The best one, those that another signal repeats first among about equals."""
    made = []
    for one in readings:
        same = any(other.text == one.text and other.source != one.source for other in readings)
        made.append(replace(one, support=1.0 if same else 0.0))
    return max(made, key=lambda one: one.score * (1.3 if one.support else 1.0), default=None)
