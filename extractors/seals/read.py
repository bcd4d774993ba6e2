"""What an impression says: several strips of it are read, and the reading that holds best together is believed.

1. Unroll the band below the ring from each signal, at each candidate arc (unroll.py, bands.py, strips.py).
2. Read all strips at once, each with the prior of names (beam.py, prior.py); a reading's score is Hanzi × confidence ×
   known ending; equal readings support each other, above all from different signals.
3. The middle of the best arc, corrected by the star, says which way is up. Then the code (digits along the bottom) and
   the straight lines below the star are read.

What stands in a frame reads inscription.py.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.document import SealColour, SealShape
from extractors.ocr.engine import Odds, Raster, Recogniser, Strip
from extractors.seals import bands, beam, centre, code, inscription, unroll
from extractors.seals.bands import Arc, Band
from extractors.seals.outline import SURE, Outline
from extractors.seals.prior import BODIES, ENDINGS, of_names
from extractors.seals.star import Star
from extractors.seals.strips import STRIP, as_strips, column_at
from extractors.seals.text import (
    Text,
    as_name,
    begins_as_names_do,
    cleaned,
    ends_as_names_do,
    hanzi,
    is_name,
    with_known_places,
    wrapped,
)
from extractors.seals.unroll import COLUMNS, Floats, Impression
from extractors.values.characters import HANZI
from extractors.values.places import divisions_at_start

_DIVISION = re.compile(r"[^省市县区旗]{0,5}(?:省|自治区|市(?!场)|县|区(?!域)|旗)")
_LEGIBLE = 0.25  # confidence of a weak ring's first reading from which it may be a seal's
_CLEAR = 0.9  # confidence below which an arc is read again
_BLURRED = 0.8  # of the sharp signal's edges: below this a strip is blurred
_PRINTED = 0.8  # what a reading is worth in whose signal the print still is
_STRETCHES = (0.85, 1.25)
_ASIDE = 14  # degrees between the middle of an arc and of what was read on it from which the arc is too long
_OPEN = 0.02  # likelihood below which a character was not considered
_BESIDE = 20  # columns: half of a name's character
_ALONE = 0.7  # of a reading's confidence stays where no other signal reads the same
_STRAY = 4  # Hanzi at most that are read where a straight line below the star comes close to the ring
_LESS_SURE = 0.1  # than the name those are on average: slices of characters


@dataclass(frozen=True, slots=True)
class _Cut:
    """An arc of a ring, cut out of some signals alike. stretch: of the strips' natural width."""

    rings: Sequence[Floats]
    band: Band
    arc: Arc
    mean_radius: float
    stretch: float = 1.0

    def strips(self) -> tuple[Raster, ...]:
        return as_strips(self.rings, self.band, self.arc, self.mean_radius, stretch=self.stretch)

    def column_at(self, place: float) -> float:
        """The ring's column at a place of the strips, 0 to 1 of their width; it may be beyond COLUMNS."""
        return column_at(self.rings, self.band, self.arc, self.mean_radius, place, stretch=self.stretch)


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    strip: Strip
    source: tuple[int, ...]  # which readings of which signals, all of one cut
    cut: _Cut
    score: float
    whole: bool = True  # no ink is left before the first character or behind the last


def read(impression: Impression, star: Star, recogniser: Recogniser) -> Text:
    """Read one impression. star: in its middle. Raises errors.EngineError when the recogniser fails."""
    if impression.outline.shape.is_ring:
        return _read_ring(impression, star, recogniser.of_seals, recogniser)
    return inscription.read(impression, recogniser)


# ------------------------------------------------------------------------------------------------ rings


def _read_ring(impression: Impression, star: Star, recogniser: Recogniser, other: Recogniser) -> Text:
    """recogniser: trained on rings. other: read by where that one is in doubt."""
    offset = unroll.edge_offset(unroll.ring_of(impression, impression.signals[0]))
    first = unroll.ring_of(impression, impression.signals[0], offset)
    end = bands.ring_end(first)
    first = bands.evened(first, end)
    band = bands.text_band(first, end)
    arcs, radius = bands.arcs(first, band), _mean_radius(impression.outline, band)
    if not arcs or not _promising(impression.outline, _Cut([first], band, arcs[0], radius), recogniser):
        return Text()
    others = (unroll.ring_of(impression, signal, offset) for signal in impression.signals[1:])
    rings = [first, *(bands.evened(ring, end) for ring in others)]
    pure = rings if impression.outline.colour is SealColour.BLACK else rings[:-1]
    candidates: list[_Candidate] = []
    best: _Candidate | None = None
    support = 0.0
    for arc in arcs:
        candidates += _readings(_Cut(pure, band, arc, radius), recogniser, other)
        best, support = _best(candidates)
        if best is not None and is_name(best.text) and _clear(best, support):
            break  # no other arc has more of it
    if best is None or not _clear(best, support):
        arc = arcs[0] if best is None else _beginning(best)
        candidates += _again(rings, band, arc, radius, recogniser)
        candidates += _crossed(impression.outline, first, end, band, pure, recogniser, other)
        if impression.outline.shape is SealShape.OVAL:
            for half in bands.halves(first, band):
                candidates += _readings(_Cut(pure, band, half, radius), recogniser, other)
        best, support = _best(candidates)
    if best is None:
        return Text()
    span = _span(best)
    angle = _angle(impression.outline, star, _middle(best.cut.arc, span))
    bottom = ((angle + 270) / 360 * COLUMNS) % COLUMNS
    digits, digits_sure = code.read(rings, end, bottom, recogniser)
    arc = best.cut.arc
    name = span or (arc.start + _BESIDE, arc.start + arc.length - _BESIDE)
    line, line_sure = centre.read(impression, angle, (band, end), name, recogniser)
    confidence = _confidence(best, support)
    return Text(best.text, line, digits, angle, _legibility(best), confidence, line_sure, digits_sure)


def _promising(outline: Outline, cut: _Cut, recogniser: Recogniser) -> bool:
    """Whether a weak outline is worth all its strips: its likeliest one must read as something."""
    if outline.coverage >= SURE:
        return True
    first = recogniser.recognise(cut.strips())[0]
    return hanzi(first.text) >= 3 and first.confidence > _LEGIBLE


def _mean_radius(outline: Outline, band: Band) -> float:
    """Of the band's middle, in units of the shorter semi-axis; for ovals such that the arc's length comes out."""
    depth = (band.top + band.bottom) / 2 / (unroll.ROWS - 1) * (unroll.INSIDE + unroll.OUTSIDE) - unroll.OUTSIDE
    if outline.shape is SealShape.OVAL:
        mean = float(np.sqrt((outline.half_width**2 + outline.half_height**2) / 2)) / outline.half_height
        return mean - depth
    return 1 - depth


def _readings(cut: _Cut, recogniser: Recogniser, other: Recogniser) -> list[_Candidate]:
    """What two strips say to a recogniser each, and what both say together.

    A mean of likelihoods is right more often than the surer of two; what the other two pairs say adds nothing to it.
    Where JPEG has blurred the colours, both read the sharp signal.
    """
    strips = cut.strips()
    blurred = _edges(strips[0]) < _BLURRED * _edges(strips[-1])
    odds = [*recogniser.weigh(strips[-1:]), *other.weigh(strips[-1:] if blurred else strips[:1])]
    each = [one for number in (0, 1) for one in _candidates(cut, strips[0], odds[number], (number,))]
    return [*_candidates(cut, strips[0], beam.together(odds), (0, 1)), *each]


def _edges(strip: Raster) -> float:
    """How steeply the ink rises and falls along the strip on average, grey levels a pixel."""
    return float(cv2.absdiff(strip[:, 1:], strip[:, :-1]).mean())


def _candidates(cut: _Cut, raster: Raster, odds: Odds, source: tuple[int, ...]) -> list[_Candidate]:
    """What odds say, and the name within it."""
    strip = _in_a_known_place(beam.read(odds, of_names()), odds)
    text = cleaned(strip.text)
    made = [_Candidate(text, strip, source, cut, _score(text, strip), _whole(raster, strip))]
    if within := name_within(strip):
        made.append(_Candidate(within.text, within, source, cut, _score(within.text, within), False))
    return made


def _in_a_known_place(strip: Strip, odds: Odds) -> Strip:
    """With a division that there is, where the recogniser leaves it open; as sure as it is of that."""
    others = (beam.aligned(text, odds, _OPEN) for text in with_known_places(strip.text))
    likely = [one for one in others if one.text and min(sure for *_, sure in one.characters) > _OPEN]
    return max(likely, key=lambda one: one.confidence, default=strip)


def name_within(strip: Strip) -> Strip | None:
    """What begins and ends as names do, where less sure characters stand beside it; else None.

    A straight line that reaches into the name's band leaves slices of its characters there, all around the gap.
    """
    characters = [one for one in strip.characters if HANZI.match(one[0])]
    letters = "".join(character for character, *_ in characters)
    begins, ends = begins_as_names_do(letters), ends_as_names_do(letters)
    for stray in range(1, min(_STRAY, len(letters) - 4) + 1):
        for first in range(stray + 1):
            last = first + len(letters) - stray
            if (begins and first) or (ends and last < len(letters)):
                continue  # 新兴县 is not 兴县, however doubtful its first character
            if not (begins_as_names_do(letters[first:last]) and ends_as_names_do(letters[:last])):
                continue
            kept, beside = Strip.of(characters[first:last]), Strip.of(characters[:first] + characters[last:])
            if beside.confidence < kept.confidence - _LESS_SURE:
                return kept
    return None


def _whole(raster: Raster, strip: Strip) -> bool:
    """Whether the characters reach as far as the ink: else one at an end was not read."""
    usual = _spacing(strip)
    inked = np.flatnonzero((raster < 110).sum(axis=0) >= STRIP // 10)
    if usual == 0 or not len(inked):
        return True
    first, last = strip.characters[0][1], strip.characters[-1][1]
    begin, end = inked[0] / raster.shape[1], inked[-1] / raster.shape[1]
    return bool(first - begin < 1.15 * usual and end - last < 1.15 * usual)


def _again(rings: Sequence[Floats], band: Band, arc: Arc, radius: float, recogniser: Recogniser) -> list[_Candidate]:
    """Further readings of a doubtful arc: with more room at its ends, its characters narrower and wider."""
    room = COLUMNS // 50
    wide = Arc((arc.start - room) % COLUMNS, min(COLUMNS, arc.length + 2 * room))
    made: list[_Candidate] = []
    for number, stretch in enumerate((1.0, *_STRETCHES), 1):
        cut = _Cut([rings[-number % len(rings)]], band, wide, radius, stretch)
        strips = cut.strips()
        found = _candidates(cut, strips[0], recogniser.weigh(strips)[0], (-number,))
        worth = _PRINTED if len(rings) > 1 and cut.rings[0] is rings[-1] else 1.0
        made += [replace(one, score=one.score * worth) for one in found]
    return made


def _crossed(
    outline: Outline,
    ring: Floats,
    end: int,
    band: Band,
    pure: Sequence[Floats],
    recogniser: Recogniser,
    other: Recogniser,
) -> list[_Candidate]:
    """Readings of the band that is left where what crosses a part of the ring is not counted, if it is another."""
    less = bands.text_band(ring, end, crossed=True)
    if outline.colour is not SealColour.BLACK or abs(less.bottom - band.bottom) < (band.bottom - band.top) // 8:
        return []
    cuts = (_Cut(pure, less, arc, _mean_radius(outline, less)) for arc in bands.arcs(ring, less))
    return [one for cut in cuts for one in _readings(cut, recogniser, other)]


def _beginning(best: _Candidate) -> Arc:
    """The candidate's arc; where its name is spread over the whole ring and was begun within, from where it begins."""
    turn = turned(best.text)
    places = [place for character, place, _ in best.strip.characters if HANZI.match(character)]
    if not 0 < turn < len(places):
        return best.cut.arc
    return Arc(round(best.cut.column_at((places[turn - 1] + places[turn]) / 2)) % COLUMNS, COLUMNS)


def turned(text: str) -> int:
    """By how many Hanzi a ring was begun too early: 科学技术协会象山县 by six, 会浙江水产学 by one; 0 for none."""
    letters = "".join(HANZI.findall(text))
    if begins_as_names_do(letters):
        return 0
    turns = [at for at in range(1, len(letters)) if begins_as_names_do(letters[at:] + letters[:at])]
    for stray in range(min(_STRAY, len(letters) - 4) + 1):  # that are read behind the name
        for at in turns:
            if ends_as_names_do(letters[at:] + letters[: at - stray]) and stray < at:
                return at
    for word in (*ENDINGS, *BODIES):
        for at in range(1, len(word) if len(word) > 2 else 0):
            if letters.startswith(word[at:]) and letters.endswith(word[:at]) and len(letters) > len(word):
                return len(word) - at
    return 0


def _score(text: str, strip: Strip) -> float:
    foreign = 0.8 ** len(re.findall(r"[0-9A-Za-z]", text))
    even = float(np.sqrt(_evenness(strip)))
    return hanzi(text) * strip.confidence**2 * as_name(text) * float(foreign) * even


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
    known = 1.0 if ends_as_names_do(best.text) else 0.75
    sure = best.strip.confidence * (0.35 + 0.35 * support + 0.3 * weakest) * known * _evenness(best.strip)
    # What an arc cut short, a crossing line or print makes is often read surely.
    sure *= (1.0 if best.whole else 0.85) * (1.0 if _plausible(best.text) else 0.75)
    return float(np.clip(sure, 0, 1))


def _clear(best: _Candidate, support: float) -> bool:
    """Sure enough for no further reading of the arc, and begun where names begin."""
    return _confidence(best, support) >= _CLEAR and not turned(best.text)


def _legibility(best: _Candidate) -> float:
    characters = best.strip.characters
    if not characters:
        return float(best.strip.confidence)
    return sum(1 for _, _, sure in characters if sure >= 0.6) / len(characters)


def _span(best: _Candidate) -> tuple[float, float] | None:
    """The columns where the name's first and last characters stand, the second may be beyond COLUMNS; None for few."""
    places = [place for character, place, _ in best.strip.characters if HANZI.match(character)]
    return None if len(places) < 3 else (best.cut.column_at(places[0]), best.cut.column_at(places[-1]))


def _middle(arc: Arc, span: tuple[float, float] | None) -> float:
    """The column in the middle of the name: of its arc, unless what was read stands elsewhere on it (beside a code)."""
    if span is None:
        return arc.middle
    middle = sum(span) / 2 % COLUMNS
    apart = abs((middle - arc.middle + COLUMNS / 2) % COLUMNS - COLUMNS / 2)
    return middle if apart > _ASIDE / 360 * COLUMNS else arc.middle


def _angle(outline: Outline, star: Star, middle: float) -> float:
    """How the seal is turned, where the name's middle is at this column of the ring."""
    angle = (middle - COLUMNS / 4) * 360 / COLUMNS
    if outline.shape is SealShape.OVAL:
        # The long axis is the line of the text; the arc only tells which way is up.
        return wrapped(outline.turn if abs(wrapped(angle - outline.turn)) <= 90 else outline.turn + 180)
    if star.sure > 0.5:
        off = (star.phase - angle + 36) % 72 - 36
        if abs(off) < 24:
            angle += off
    return wrapped(angle)
