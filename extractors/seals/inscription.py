"""What stands in a frame: rows from the left or columns from the right, each way up that the frame leaves open.

A frame's characters are not bent. Each signal of the ink is read by itself, by both recognisers, the purest first, and
the one with the print still in it only where the others say little. One reading tells the likeliest way up
and way to divide it; all that read it the same way, what stands there then (vote.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np

from extractors.document import SealColour, SealShape
from extractors.ocr.engine import Odds, Raster, SealRecogniser, Strip
from extractors.seals import beam, grid, unroll, vote
from extractors.seals.budget import HURRIED, Budget
from extractors.seals.outline import FIELD, Outline
from extractors.seals.prior import WORDS, of_frames, of_persons
from extractors.seals.text import PERSON, Text, as_name, cleaned, ends_as_names_do, hanzi, is_person, wrapped
from extractors.seals.unroll import Floats, Impression

_SIDE = 320  # pixels of a frame's width when it is read
_CLEAR = 0.85  # confidence from which no other way up and no other signal is asked
_OPEN = 0.6  # and below which every one is
_LOOK = 3  # strips of one way up and one signal, about: rows and columns
_ALONE = 0.85  # of a reading's confidence stays where no other signal reads the same
_NAMED = 1.35  # what a reading is worth that is a person's name
_NOBODYS = 0.8  # and as short a one that is none: its characters were divided or turned wrong
_PRINTED = 0.8  # what a reading is worth in whose signal the print still is
_SPARSE = 0.12  # inked part of a coloured frame's inside below which there is little but print
_STRAY = 0.35  # mean likelihood below which a row is print, wear or a part of the frame
_HEAVY = 0.45  # of the full ink: a second, weaker impression beside the first is paler
_DOUBT = 0.15  # of the inked part: so near to FIELD it does not tell bare characters from others
_EITHER = 0.25  # and so near to it, what cannot be read one way may be read the other
_FOLLOWED = 0.93  # part of a frame's side that paper follows; between bare characters there is none
_ACROSS = 0.8  # what a reading of a few characters by rows is worth: on persons' seals they stand in columns
_TRANSPOSED = 0.95  # and of characters by columns that were cut by rows
_TURNED = 0.6  # what a reading is worth for which the frame would have to be turned more than it seems
_WORN = 0.6  # of the full ink: what a field of it has at least
_LINE = 0.25  # inked part of the way around that is a frame's line
_PARALLEL = 12.0  # degrees
_AGREED = 0.3  # of the score that another signal or recogniser gives the same text counts
_TEXTS = 4  # that a reading finds likely, of which all readings judge
_RIVAL = 0.6  # of the best one's score: from which another reading makes it doubtful


@dataclass(frozen=True, slots=True)
class _Reading:
    text: str
    characters: tuple[tuple[str, float, float], ...]
    known: bool  # it is built as names are
    score: float
    source: int  # which signal, and which recogniser
    angle: float
    way: int  # 0 by rows, else by columns of so many characters together
    odds: Odds
    support: float = 0.0  # 1.0 where another signal, or recogniser, reads the same
    rival: float = 0.0  # the best score of another text to this one's

    @property
    def sure(self) -> list[float]:
        """Of each character, above 0 to 1."""
        return [max(sure, beam.IMPOSSIBLE) for *_, sure in self.characters]

    @property
    def confidence(self) -> float:
        mean = sum(self.sure) / len(self.sure)
        agreed = (_ALONE + (1 - _ALONE) * self.support) * (1.0 if self.known else 0.7)
        alone = 1 - 0.5 * max(0.0, self.rival - _RIVAL) / (1 - _RIVAL)
        return float(np.clip(mean * (0.7 + 0.3 * min(self.sure)) * agreed * alone, 0, 1))


def read(impression: Impression, recogniser: SealRecogniser, budget: Budget) -> Text:
    """Read a frame. budget: the page's. Raises errors.EngineError when the recogniser fails."""
    bare = _bare(impression)
    best, allowed = _read(impression, recogniser, budget, bare=bare)
    if allowed and abs(impression.outline.filled - FIELD) <= _EITHER and (best is None or best.confidence < _OPEN):
        other, allowed = _read(impression, recogniser, budget, bare=not bare)
        best = max((one for one in (best, other) if one), key=lambda one: one.score, default=None)
    if best is None:
        return Text()
    legible = sum(1 for one in best.sure if one >= 0.6) / len(best.sure)
    confidence = best.confidence * (1.0 if allowed else HURRIED)
    return Text(best.text, "", "", wrapped(best.angle), legible, confidence)


def _read(
    impression: Impression, recogniser: SealRecogniser, budget: Budget, *, bare: bool
) -> tuple[_Reading | None, bool]:
    """The best reading of its characters, bare paper or ink; and whether the budget allowed all that was asked for."""
    first, *others = _ways_up(impression.outline)
    pure, printed = signals_of(impression, bare=bare)
    readings: list[_Reading] = []

    def ask(signal: Floats, angle: float, source: int, worth: float = 1.0, *, twice: bool = True) -> _Reading | None:
        found = _readings(impression, signal, angle, source, recogniser, bare=bare, twice=twice)
        readings.extend(replace(one, score=one.score * worth) for one in found)
        return _best(readings)

    best = ask(pure[0], first, 0)
    for angle in others:
        if best is not None and best.confidence >= _CLEAR * _ALONE:
            break
        if not budget.spend(_LOOK):
            return best, False
        best = ask(pure[0], angle, 0, _TURNED, twice=False)  # enough to tell which way up it is
    for source, signal in enumerate((*pure[1:], *printed), 1):
        if best is not None and (best.confidence >= _CLEAR or (source >= len(pure) and best.confidence >= _OPEN)):
            break
        if not budget.spend(_LOOK):
            return best, False
        best = ask(signal, first if best is None else best.angle, source, 1.0 if source < len(pure) else _PRINTED)
    return None if best is None else _voted(best, readings), True


def signals_of(impression: Impression, *, bare: bool) -> tuple[list[Floats], list[Floats]]:
    """The signals without print, and those with it; characters are 1 in all. bare: they are paper."""
    signals = [_reversed(signal) if bare else signal for signal in impression.signals]
    heavy = np.asarray(np.clip((signals[0] - _HEAVY) / (1 - _HEAVY), 0, 1), np.float32)
    sparse = impression.outline.colour is not SealColour.BLACK and impression.outline.filled < _SPARSE
    return [*(signals[:-1] or signals), heavy], [] if sparse else signals[1:][-1:]


def _bare(impression: Impression) -> bool:
    """Whether the characters are bare paper (白文). A thick frame makes much ink, too, but paper follows it."""
    outline = impression.outline
    if abs(outline.filled - FIELD) > _DOUBT:
        return outline.bare
    paper = unroll.upright(impression, impression.signals[0], outline.turn, _SIDE) < unroll.FAINT
    followed = []
    for _ in range(4):
        paper = np.rot90(paper)
        rim, sides = len(paper) // 4, paper.shape[1] // 6
        followed.append(float(paper[4:rim, sides:-sides].any(axis=0).mean()))
    return float(np.median(followed)) < _FOLLOWED


def _reversed(signal: Floats) -> Floats:
    """Bare characters as ink; a field of worn ink stays paper."""
    return np.asarray(1 - np.clip(signal / _WORN, 0, 1), np.float32)


def _ways_up(outline: Outline) -> list[float]:
    """Degrees by which the frame may be turned, the likeliest first."""
    if outline.shape is SealShape.TRIANGLE:
        corners = np.array(outline.corners)
        sides = np.roll(corners, -1, axis=0) - corners
        # Clockwise with y down, the side at the bottom goes to the left.
        return sorted((wrapped(float(np.degrees(np.arctan2(y, x))) + 180.0) for x, y in sides), key=abs)
    turns = [outline.turn, outline.turn + 180]
    if min(outline.half_width, outline.half_height) > 0.85 * outline.radius and len(outline.corners) == 4:
        turns = [outline.turn + quarter for quarter in (0, 90, -90, 180)]
        # A square that stands on its corner may be a diamond, and the other way round.
        turns += [outline.turn + between for between in (45, -45, 135, -135)]
    return turns


def _readings(
    impression: Impression,
    signal: Floats,
    angle: float,
    source: int,
    recogniser: SealRecogniser,
    *,
    bare: bool,
    twice: bool,
) -> Iterator[_Reading]:
    """By rows and by columns, one way up, by the recogniser of seals or, twice, by the one for lines, too."""
    picture = levelled(impression, signal, angle, bare=bare)

    def weighed(strips: Sequence[Raster]) -> Iterator[tuple[Odds, ...]]:
        """Of each recogniser, what it says of each strip."""
        told = recogniser.weigh_twice(strips) if twice else [(odds,) for odds in recogniser.weigh(strips)]
        return zip(*told, strict=True)

    for number, told in enumerate(weighed(grid.by_rows(picture))):
        rows = [(_cleaned(beam.read(odds, of_frames())), odds) for odds in told]
        if kept := [(row, odds) for row, odds in rows if row.text and row.confidence > _STRAY]:
            beside = tuple(column for _, odds in kept for column in odds)
            row_wise = _reading([row for row, _ in kept], 2 * source + number, angle, 0, beside)
            yield replace(row_wise, score=row_wise.score * (_ACROSS if hanzi(row_wise.text) <= PERSON + 1 else 1.0))
            if len(cells := _by_columns(kept)) > PERSON + 1:
                beside = tuple(column for cell in cells for column in cell)
                column = _cleaned(beam.read(beside, of_frames()))
                if hanzi(column.text) == len(cells):
                    turned = _reading([column], 2 * source + number, angle, len(cells), beside)
                    yield replace(turned, score=turned.score * _TRANSPOSED)
    if not _along_sides(impression.outline, angle):
        return
    for count, strip in grid.by_columns(picture):
        for number, (odds,) in enumerate(weighed([strip])):
            column = _cleaned(beam.read(odds, of_persons() if count <= PERSON else of_frames()))
            if column.text:
                yield _reading([column], 2 * source + number, angle, count, odds)


def _by_columns(rows: Sequence[tuple[Strip, Odds]]) -> list[Odds]:
    """Of rows that have as many characters each, what is told of each character, down the columns from the right.

    Empty where they have not. Columns of a body's name may touch, so that only its rows are found.
    """
    counts = {len(row.characters) for row, _ in rows}
    if len(rows) < 2 or len(counts) > 1 or min(counts) < 2:
        return []
    cells: list[list[Odds]] = []
    for row, odds in rows:
        ats = [at for _, at, _ in row.characters]
        cuts = [0, *(round((one + other) / 2 * len(odds)) for one, other in pairwise(ats)), len(odds)]
        cells.append([odds[start:stop] for start, stop in pairwise(cuts)])
    return [cell for column in reversed(list(zip(*cells, strict=True))) for cell in column]


def levelled(impression: Impression, signal: Floats, angle: float, *, bare: bool) -> Floats:
    """What stands in the frame, this way up (degrees clockwise), without the frame. bare: its characters were paper."""
    if _along_sides(impression.outline, angle):
        return grid.without_frame(unroll.upright(impression, signal, angle, _SIDE), bare=bare)
    return unroll.upright(impression, signal * _inside(impression), angle, _SIDE)


def _along_sides(outline: Outline, angle: float) -> bool:
    """Whether the text, turned by so much, is parallel to the sides of a frame of four corners."""
    if len(outline.corners) != 4:
        return False
    corners = np.array(outline.corners)
    sides = np.roll(corners, -1, axis=0) - corners
    directions = np.degrees(np.arctan2(sides[:, 1], sides[:, 0]))
    return bool((np.abs((directions - angle + 45) % 90 - 45) < _PARALLEL).all())


def _inside(impression: Impression) -> Floats:
    """1 within the lines of a frame, as deep as they go."""
    area = np.zeros(impression.signals[0].shape, np.uint8)
    corners = np.array(impression.outline.corners) - impression.origin
    cv2.fillPoly(area, [np.round(corners).astype(np.int32)], 1)
    depth = cv2.distanceTransform(np.pad(area, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    steps = depth.astype(np.intp)[area > 0]
    inked = np.bincount(steps, impression.signals[0][area > 0] > unroll.FAINT) / np.maximum(1, np.bincount(steps))
    reach = max(3, len(inked) // 3)
    lines = np.flatnonzero(inked[:reach] > 0.5)
    edge = int(lines[-1]) + 1 if len(lines) else 1
    while edge < reach and inked[edge] > _LINE:
        edge += 1
    return np.asarray(depth > edge + 1, np.float32)


def _cleaned(strip: Strip) -> Strip:
    """Its Hanzi and what may stand between them."""
    text = cleaned(strip.text)
    return Strip(text, strip.confidence, strip.characters) if hanzi(text) else Strip("", 0.0)


def _reading(rows: Sequence[Strip], source: int, angle: float, way: int, odds: Odds) -> _Reading:
    text = "".join(row.text for row in rows)
    whole = any(_worth(row.text) > 1.3 for row in rows)
    score = sum(hanzi(row.text) * row.confidence**2 * _worth(row.text) for row in rows)
    words = sum(word in text for word in WORDS)
    score *= 1 + 0.2 * words
    if len(text) <= PERSON and not words and not is_person(text):
        score *= _NOBODYS
    characters = tuple(one for row in rows for one in row.characters)
    known = whole or ends_as_names_do(text)
    return _Reading(text, characters, known, score, source, angle, way, odds)


def _worth(text: str) -> float:
    """More for what is built as names are: of a body, or of a person."""
    return _NAMED if is_person(text) else as_name(text)


def _best(readings: Sequence[_Reading]) -> _Reading | None:
    """The best one, by its own score and what other signals and the other recogniser give the same text."""
    made = []
    for one in readings:
        same = {other.source: other.score for other in readings if other.text == one.text}
        more = [score for source, score in same.items() if source != one.source]
        made.append(replace(one, support=1.0 if more else 0.0, score=one.score + _AGREED * sum(more)))
    best = max(made, key=lambda one: one.score, default=None)
    if best is None:
        return None
    best = _in_order(best, made)
    rival = max((one.score for one in made if one.text != best.text), default=0.0)
    return replace(best, rival=min(1.0, rival / best.score) if best.score else 1.0)


def _in_order(best: _Reading, readings: Sequence[_Reading]) -> _Reading:
    """The best one, or that of another way which has as many characters: where both read well, only what is usual tells
    in which order they stand. Of persons' names nothing is usual."""
    count = hanzi(best.text)
    if count <= PERSON + 1:
        return best
    ways: dict[int, _Reading] = {best.way: best}
    for one in sorted(readings, key=lambda one: -one.score):
        if one.angle == best.angle and hanzi(one.text) == count and one.score >= _RIVAL * best.score:
            ways.setdefault(one.way, one)
    return max(ways.values(), key=lambda one: sum(map(math.log, one.sure)) + vote.before(one.text))


def _voted(best: _Reading, readings: Sequence[_Reading]) -> _Reading:
    """With the text on which all agree that read the same way (vote.py), of as many Hanzi."""
    alike = [one for one in readings if (one.angle, one.way) == (best.angle, best.way)]
    follows = of_persons() if 0 < best.way <= PERSON else of_frames()
    likely = {text for one in alike for text in (one.text, *beam.search(one.odds, follows, _TEXTS))}
    others = {text for text in likely if text == cleaned(text) and hanzi(text) == hanzi(best.text)}
    texts = sorted({best.text, *others})  # rows that were cleaned one by one are not clean together
    told = vote.likelihoods(texts, [one.odds for one in alike])
    worth = [vote.OWN if one.source % 2 else vote.TRAINED for one in alike]
    odds = vote.agreed(texts, told, worth, person=hanzi(best.text) <= PERSON + 1)
    text = texts[int(odds.argmax())]
    if text == best.text:
        return best
    strip = max((beam.aligned(text, one.odds) for one in alike), key=lambda strip: strip.confidence)
    if not strip.text:  # its words were mended, and no reading has all characters
        return best
    agree = {one.source for one in alike if one.text == text}
    return replace(
        best, text=text, characters=strip.characters, support=float(len(agree) > 1),
        rival=float(np.sort(odds)[-2] / odds.max()),
    )  # fmt: skip
