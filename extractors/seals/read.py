"""What an impression says: several strips of it are read, and the reading that holds best together is believed.

1. Unroll the band below the ring from each signal, at each candidate arc (unroll.py).
2. Read all strips at once, each with the prior of names (beam.py, prior.py); a reading's score is Hanzi × confidence ×
   known ending; equal readings support each other, above all from different signals.
3. The middle of the best arc, corrected by the star, says which way is up. Then the code (digits along the bottom) and
   the straight lines below the star are read.

Frames are read by rows from the left and by columns from the right; the order that makes better words is believed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.document import SealColour, SealShape
from extractors.ocr.engine import Raster, Recogniser, Strip
from extractors.seals import beam, unroll
from extractors.seals.find import SURE, Outline
from extractors.seals.prior import ENDINGS, WORDS, of_names
from extractors.seals.unroll import COLUMNS, FAINT, STRIP, Arc, Band, Floats, Impression
from extractors.values.places import divisions_at_start

_ASSOCIATION = re.compile(r"科学技[^术]协会$|科学[^技]术协会$|科[^学]技术协会$")  # no other body's name is that close
_DIVISION = re.compile(r"[^省市县区旗]{0,5}(?:省|自治区|市(?!场)|县|区(?!域)|旗)")
_CLEAR = 0.9  # confidence below which an arc is read again
_STRETCHES = (0.85, 1.25)
_ALONE = 0.7  # of a reading's confidence stays where no other signal reads the same
HANZI = re.compile(r"[㐀-鿿豈-﫿〇]")
BRACKETS = str.maketrans("()[]【】〔〕", "（）（）（）（）")


@dataclass(frozen=True, slots=True)
class Text:
    """What an impression says. angle: degrees clockwise, -180 to 180; None where unknown.

    text, centre, code: "" where nothing was read. legibility and the confidences: 0 to 1 (see document.Seal).
    """

    text: str = ""
    centre: str = ""
    code: str = ""
    angle: float | None = None
    legibility: float = 0.0
    confidence: float = 0.0
    centre_confidence: float = 0.0
    code_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    strip: Strip
    source: int  # which signal
    arc: Arc
    score: float
    whole: bool = True  # no ink is left before the first character or behind the last


def read(impression: Impression, recogniser: Recogniser) -> Text:
    """Read one impression. Raises errors.EngineError when the recogniser fails."""
    if impression.outline.shape in (SealShape.ROUND, SealShape.OVAL):
        return _read_ring(impression, recogniser)
    return _read_frame(impression, recogniser)


def hanzi(text: str) -> int:
    return len(HANZI.findall(text))


def cleaned(text: str) -> str:
    """Hanzi, digits and letters between them, and full-width brackets; nothing else."""
    text = re.sub(r"[^㐀-鿿豈-﫿〇（）·0-9A-Za-z]", "", text.translate(BRACKETS))
    text = _ASSOCIATION.sub("科学技术协会", text)
    found = list(HANZI.finditer(text))
    if not found:
        return ""
    start, end = found[0].start(), found[-1].end()
    if text[:start].endswith("（"):
        start -= 1
    if text[end:].startswith("）"):
        end += 1
    return text[start:end]


# ------------------------------------------------------------------------------------------------ rings


def _read_ring(impression: Impression, recogniser: Recogniser) -> Text:
    offset = unroll.edge_offset(unroll.ring_of(impression, impression.signals[0]))
    rings = [unroll.ring_of(impression, signal, offset) for signal in impression.signals]
    end = unroll.ring_end(rings[0])
    rings = [unroll.evened(ring, end) for ring in rings]
    band = unroll.text_band(rings[0], end)
    plan: list[tuple[int, Arc]] = []
    strips: list[Raster] = []
    for arc in unroll.arcs(rings[0], band):
        for source, ring in enumerate(rings):
            plan.append((source, arc))
            strips.append(unroll.strip(ring, band, arc, _mean_radius(impression.outline, band)))
    if not strips or not _promising(impression.outline, strips[0], recogniser):
        return Text()
    candidates = _candidates(plan, strips, recogniser)
    best, support = _best(candidates)
    if best is None:
        return Text()
    if _confidence(best, support) < _CLEAR:
        candidates += _again(impression.outline, rings, band, _beginning(best), recogniser)
        best, support = _best(candidates)
        assert best is not None
    angle = _angle(impression, best.arc)
    (centre, centre_sure), (code, code_sure) = _rest(impression, rings, band, end, best, angle, recogniser)
    confidence = _confidence(best, support)
    return Text(best.text, centre, code, angle, _legibility(best), confidence, centre_sure, code_sure)


def _promising(outline: Outline, strip: Raster, recogniser: Recogniser) -> bool:
    """Whether a weak outline is worth all its strips: its likeliest one must read as something."""
    if outline.coverage >= SURE:
        return True
    first = recogniser.recognise([strip])[0]
    return hanzi(first.text) >= 3 and first.confidence > 0.4


def _mean_radius(outline: Outline, band: Band) -> float:
    """Of the band's middle, in units of the shorter semi-axis; for ovals such that the arc's length comes out."""
    depth = (band.top + band.bottom) / 2 / (unroll.ROWS - 1) * (unroll.INSIDE + unroll.OUTSIDE) - unroll.OUTSIDE
    if outline.shape is SealShape.OVAL:
        mean = float(np.sqrt((outline.half_width**2 + outline.half_height**2) / 2)) / outline.half_height
        return mean - depth
    return 1 - depth


def _candidates(plan: Sequence[tuple[int, Arc]], strips: Sequence[Raster], recogniser: Recogniser) -> list[_Candidate]:
    made = []
    for (source, arc), raster, odds in zip(plan, strips, recogniser.weigh(strips), strict=True):
        strip = beam.read(odds, of_names())
        text = cleaned(strip.text)
        made.append(_Candidate(text, strip, source, arc, _score(text, strip), _whole(raster, strip)))
    return made


def _whole(raster: Raster, strip: Strip) -> bool:
    """Whether the characters reach as far as the ink: else one at an end was not read."""
    usual = _spacing(strip)
    inked = np.flatnonzero((raster < 110).sum(axis=0) >= STRIP // 10)
    if usual == 0 or not len(inked):
        return True
    first, last = strip.characters[0][1], strip.characters[-1][1]
    begin, end = inked[0] / raster.shape[1], inked[-1] / raster.shape[1]
    return bool(first - begin < 1.15 * usual and end - last < 1.15 * usual)


def _again(outline: Outline, rings: Sequence[Floats], band: Band, arc: Arc, recogniser: Recogniser) -> list[_Candidate]:
    """Further readings of a doubtful arc: with more room at its ends, its characters narrower and wider."""
    room = COLUMNS // 50
    wide = Arc((arc.start - room) % COLUMNS, min(COLUMNS, arc.length + 2 * room))
    plan: list[tuple[int, Arc]] = []
    strips: list[Raster] = []
    for index, stretch in enumerate(_STRETCHES):
        source = index % len(rings)
        plan.append((source, wide))
        strips.append(unroll.strip(rings[source], band, wide, _mean_radius(outline, band), stretch=stretch))
    return _candidates(plan, strips, recogniser)


def _beginning(best: _Candidate) -> Arc:
    """The candidate's arc; where its name is spread over the whole ring and was begun within, from where it begins."""
    turn = turned(best.text)
    places = [place for character, place, _ in best.strip.characters if HANZI.match(character)]
    if not 0 < turn < len(places):
        return best.arc
    between = (places[turn - 1] + places[turn]) / 2
    return Arc(round(best.arc.start + between * best.arc.length) % COLUMNS, COLUMNS)


def turned(text: str) -> int:
    """By how many Hanzi a ring was begun too early: 科学技术协会象山县 by six; 0 where it begins as names do."""
    letters = "".join(HANZI.findall(text))
    if _begins(letters):
        return 0
    turns = (at for at in range(1, len(letters)) if _begins(letters[at:] + letters[:at]))
    return next((at for at in turns if (letters[at:] + letters[:at]).endswith(tuple(ENDINGS))), 0)


def _begins(text: str) -> bool:
    return text.startswith(("中国", "中华")) or bool(divisions_at_start(text))


def _score(text: str, strip: Strip) -> float:
    ending = 1.15 if text.endswith(tuple(ENDINGS)) else 1.0
    beginning = 1.08 if _begins(text) else 1.0
    foreign = 0.8 ** len(re.findall(r"[0-9A-Za-z]", text))
    even = float(np.sqrt(_evenness(strip)))
    return hanzi(text) * strip.confidence**2 * ending * beginning * float(foreign) * even


def _evenness(strip: Strip) -> float:
    """1.0 where the characters stand at equal distances; less where ink between two of them was not read."""
    usual = _spacing(strip)
    if usual == 0:
        return 1.0
    widest = float(np.diff([centre for _, centre, _ in strip.characters]).max())
    return float(np.clip(2.6 - widest / usual, 0.4, 1.0))


def _spacing(strip: Strip) -> float:
    """The usual distance between characters as a fraction of the strip; 0.0 for fewer than four."""
    if len(strip.characters) < 4:
        return 0.0
    return max(0.0, float(np.median(np.diff([centre for _, centre, _ in strip.characters]))))


def _plausible(text: str) -> bool:
    """Whether it begins as a name may: not within a division's name, and no lone letter between characters."""
    if _DIVISION.match(text) and not divisions_at_start(text):
        return False
    return not re.search(r"[^0-9A-Za-z][0-9A-Za-z][^0-9A-Za-z]", text)


def _best(candidates: Sequence[_Candidate]) -> tuple[_Candidate | None, float]:
    """The best supported candidate, and its support: 1.0 where another signal says exactly the same."""
    best: _Candidate | None = None
    most, support = 0.0, 0.0
    for one in candidates:
        if hanzi(one.text) == 0:
            continue
        agreement = [
            difflib.SequenceMatcher(None, one.text, other.text, autojunk=False).ratio()
            * (1.0 if other.source != one.source else 0.6)
            for other in candidates
            if other is not one and other.text
        ]
        closest = max(agreement, default=0.0)
        total = one.score * (1 + 0.5 * closest)
        if total > most:
            best, most, support = one, total, closest
    return best, support


def _confidence(best: _Candidate, support: float) -> float:
    weakest = min((sure for _, _, sure in best.strip.characters), default=best.strip.confidence)
    known = 1.0 if best.text.endswith(tuple(ENDINGS)) else 0.75
    sure = best.strip.confidence * (0.35 + 0.35 * support + 0.3 * weakest) * known * _evenness(best.strip)
    # What an arc cut short, a crossing line or print makes is often read surely.
    sure *= (1.0 if best.whole else 0.85) * (1.0 if _plausible(best.text) else 0.75)
    return float(np.clip(sure, 0, 1))


def _legibility(best: _Candidate) -> float:
    characters = best.strip.characters
    if not characters:
        return float(best.strip.confidence)
    return sum(1 for _, _, sure in characters if sure >= 0.6) / len(characters)


def _angle(impression: Impression, arc: Arc) -> float:
    angle = (arc.middle - COLUMNS / 4) * 360 / COLUMNS
    if impression.outline.shape is SealShape.OVAL:
        # The long axis is the line of the text; the arc only tells which way is up.
        turn = impression.outline.turn
        return _wrapped(turn if abs(_wrapped(angle - turn)) <= 90 else turn + 180)
    phase, sure = unroll.star_phase(impression, impression.signals[0])
    if sure > 0.5:
        off = (phase - angle + 36) % 72 - 36
        if abs(off) < 24:
            angle += off
    return _wrapped(angle)


def _wrapped(angle: float) -> float:
    return (angle + 180) % 360 - 180


def _rest(
    impression: Impression, rings: Sequence[Floats], band: Band, end: int, best: _Candidate, angle: float,
    recogniser: Recogniser,
) -> tuple[tuple[str, float], tuple[str, float]]:  # fmt: skip
    """The centre lines and the code, each with how sure it is, 0 to 1."""
    bottom = (angle / 360 * COLUMNS + COLUMNS / 4 + COLUMNS / 2) % COLUMNS
    gap = 360 - best.arc.length * 360 / COLUMNS
    strips: list[Raster] = []
    # Print or wear may have bridged the gap: the code is looked for all the same.
    half = float(np.clip(gap / 2 + 2, 38, 66))
    for ring in rings[::-1]:
        strip = unroll.code_strip(ring, end, bottom, half)
        if strip is not None:
            strips.append(strip)
    codes = len(strips)
    lines: list[int] = []
    # The last signal of a grey copy is the one with the print still in it.
    black = impression.outline.colour is SealColour.BLACK
    for source, signal in enumerate(impression.signals[:1] if black else impression.signals):
        for strip in centre_lines(impression, signal, angle, band):
            strips.append(strip)
            lines.append(source)
    read = recogniser.recognise(strips) if strips else ()
    said: list[tuple[str, list[Strip]]] = []
    for source in range(len(impression.signals)):
        parts = [(cleaned(one.text), one) for one, of in zip(read[codes:], lines, strict=True) if of == source]
        parts = [(text, one) for text, one in parts if hanzi(text) >= 2 and one.confidence > 0.5]
        said.append(("".join(text for text, _ in parts), [one for _, one in parts]))
    return _centre(said), _code(read[:codes])


def _centre(said: Sequence[tuple[str, Sequence[Strip]]]) -> tuple[str, float]:
    """The likeliest text of the centre lines. said: of each signal, its text and the strips that read so."""
    most = 0.0
    best: tuple[str, Sequence[Strip]] = ("", ())
    for text, strips in said:
        score = sum(_score(cleaned(one.text), one) for one in strips)
        if score > most:
            best, most = (text, strips), score
    text, strips = best
    return text, _sureness(strips, [other for other, _ in said].count(text)) if text else 0.0


def _code(strips: Sequence[Strip]) -> tuple[str, float]:
    """The likeliest code: 13 digits; another length (8 to 18) only where two strips say the same."""
    said: list[tuple[str, Strip]] = []
    for strip in strips:
        digits = "".join(re.findall(r"[0-9]", strip.text.translate(str.maketrans("OoIlSB", "001158"))))
        letters = len(re.sub(r"[0-9\s]", "", strip.text))
        if 8 <= len(digits) <= 18 and letters <= 4:
            said.append((digits, strip))
    texts = [digits for digits, _ in said]
    likely = [
        (len(digits) == 13, _sureness([strip], texts.count(digits)), digits)
        for digits, strip in said
        if len(digits) == 13 or texts.count(digits) > 1
    ]
    _, sure, code = max(likely, default=(False, 0.0, ""))
    return code, sure


def _sureness(strips: Sequence[Strip], agreeing: int) -> float:
    """How sure what these strips read is: no surer than its weakest character, less where one signal alone says so."""
    weakest = min((sure for one in strips for _, _, sure in one.characters), default=0.0)
    mean = min((one.confidence for one in strips), default=0.0)
    return float(np.clip((mean + weakest) / 2 * (1.0 if agreeing > 1 else _ALONE), 0, 1))


def centre_lines(impression: Impression, signal: Floats, angle: float, band: Band) -> Iterator[Raster]:
    """The straight lines of text inside the name's band as strips, top to bottom, at most three."""
    side = 384
    depth = band.bottom / (unroll.ROWS - 1) * (unroll.INSIDE + unroll.OUTSIDE) - unroll.OUTSIDE
    oval = impression.outline.shape is SealShape.OVAL
    picture = unroll.upright(impression, signal, angle, side)
    rows = picture.shape[0]
    ys, xs = np.mgrid[0:rows, 0:side]
    dx, dy = (xs - side / 2 + 0.5) / (rows / 2), (ys - rows / 2 + 0.5) / (rows / 2)
    if oval:
        ratio = side / rows
        inside = np.hypot(dx / (ratio - depth), dy / (1 - depth)) < 1
    else:
        inside = np.hypot(dx, dy) < 1 - depth
    picture = np.where(inside, picture, 0).astype(np.float32)
    top = -0.6 if oval or unroll.star_phase(impression, signal)[1] < 0.5 else 0.27
    first, last = round((top + 1) * rows / 2), round((0.76 + 1) * rows / 2)
    yield from _lines(picture[first:last], least=0.10 * rows / 2, most=0.5 * rows / 2)


def _lines(picture: Floats, least: float, most: float) -> Iterator[Raster]:
    """Runs of inked rows of plausible height, as strips cut to their ink."""
    ink = picture > FAINT
    counts = np.convolve(ink.sum(axis=1), np.ones(3) / 3, mode="same")
    inked = counts > max(3.0, 0.1 * float(counts.max(initial=0.0)))
    # Rows of thin strokes may be all but empty in the middle of a line.
    inked = cv2.morphologyEx(inked.astype(np.uint8)[:, None], cv2.MORPH_CLOSE, np.ones((5, 1), np.uint8))[:, 0] > 0
    count = 0
    for start, stop in _runs(inked):
        if not least <= stop - start <= most or count == 3:
            continue
        columns = np.flatnonzero(ink[start:stop].any(axis=0))
        if len(columns) == 0 or columns[-1] - columns[0] < 1.2 * (stop - start):
            continue
        line = picture[max(0, start - 2) : stop + 2, columns[0] : columns[-1] + 1]
        width = min(1200, round(line.shape[1] * STRIP / line.shape[0]))
        flat = np.pad(cv2.resize(line, (width, STRIP), interpolation=cv2.INTER_CUBIC), ((0, 0), (10, 10)))
        count += 1
        yield (255 * (1 - np.clip(flat, 0, 1))).astype(np.uint8)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    padded = np.concatenate([[False], flags, [False]]).astype(np.int8)
    change = np.diff(padded)
    return list(zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True))


# ------------------------------------------------------------------------------------------------ frames


def _read_frame(impression: Impression, recogniser: Recogniser) -> Text:
    """Rows from the left, and columns from the right, of each signal."""
    outline = impression.outline
    plan: list[tuple[int, Arc]] = []
    strips: list[Raster] = []
    for source, signal in enumerate(impression.signals):
        side = 320
        picture = unroll.upright(impression, signal, outline.turn, side)
        picture = _without_frame(picture)
        for strip in (_by_rows(picture), _by_columns(picture)):
            if strip is not None:
                plan.append((source, Arc(0, 0)))
                strips.append(strip)
    if not strips:
        return Text()
    candidates = [
        replace(one, score=one.score * (1 + 0.2 * sum(word in one.text for word in WORDS)))
        for one in _candidates(plan, strips, recogniser)
    ]
    best, support = _best(candidates)
    if best is None:
        return Text()
    return Text(best.text, "", "", _wrapped(outline.turn), _legibility(best), _confidence(best, support))


def _without_frame(picture: Floats) -> Floats:
    """The inside of the frame: from each side, past the line and what hangs on it."""
    rows, columns = picture.shape
    ink = picture > FAINT
    reach_y, reach_x = max(3, round(0.16 * rows)), max(3, round(0.16 * rows))

    def past(cover: NDArray[np.float64]) -> int:
        lines = np.flatnonzero(cover[: max(2, len(cover) // 2)] > 0.55)
        if not len(lines):
            return 2
        end = int(lines[0])
        while end < len(cover) and cover[end] > 0.4:
            end += 1
        return end + 1

    top = past(ink[:reach_y].mean(axis=1))
    bottom = past(ink[::-1][:reach_y].mean(axis=1))
    left = past(ink[:, :reach_x].mean(axis=0))
    right = past(ink[:, ::-1][:, :reach_x].mean(axis=0))
    return picture[top : rows - bottom, left : columns - right]


def _by_rows(picture: Floats) -> Raster | None:
    """Its rows of characters side by side, top row first."""
    return _side_by_side([picture[a:b] for a, b in _pieces(picture, axis=1)])


def _by_columns(picture: Floats) -> Raster | None:
    """Its columns' characters side by side, right column first; None where there is one row only."""
    cells: list[Floats] = []
    rows = _pieces(picture, axis=1)
    if len(rows) < 2:
        return None
    for a, b in _pieces(picture, axis=0)[::-1]:
        column = picture[:, a:b]
        cells.extend(column[c:d] for c, d in _pieces(column, axis=1))
    return _side_by_side(cells) if 2 <= len(cells) <= 40 else None


def _pieces(picture: Floats, axis: int) -> list[tuple[int, int]]:
    """Runs of ink along the other axis; thin ones (parts of 三, 二 ...) join their neighbour. At most eight."""
    profile = np.convolve((picture > FAINT).mean(axis=axis), np.ones(3) / 3, mode="same")
    runs = [run for run in _runs(profile > 0.02) if run[1] - run[0] > 2]
    if not runs:
        return []
    tall = max(b - a for a, b in runs)
    joined: list[tuple[int, int]] = []
    for a, b in runs:
        if joined and (b - joined[-1][0]) <= 1.12 * tall:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    return [(a, b) for a, b in joined if b - a > 0.3 * tall][:8]


def _side_by_side(parts: Sequence[Floats]) -> Raster | None:
    flat: list[Floats] = []
    for part in parts:
        columns = np.flatnonzero((part > FAINT).any(axis=0))
        if len(columns) == 0 or part.shape[0] < 4:
            continue
        part = part[:, columns[0] : columns[-1] + 1]
        width = int(np.clip(part.shape[1] * (STRIP - 6) / part.shape[0], 8, 1500))
        flat.append(np.pad(cv2.resize(part, (width, STRIP - 6), interpolation=cv2.INTER_CUBIC), ((3, 3), (3, 3))))
    if not flat:
        return None
    picture = np.pad(np.hstack(flat), ((0, 0), (8, 8)))[:, :2400]
    return (255 * (1 - np.clip(picture, 0, 1))).astype(np.uint8)
