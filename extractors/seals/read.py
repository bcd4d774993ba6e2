"""What an impression says: several strips of it are read, and the name on which they agree is believed.

1. Unroll the band below the ring from each signal, at each candidate arc (unroll.py, bands.py, strips.py).
2. Read the strips by two recognisers, each with the prior of names (beam.py, prior.py). All of them judge what any of
   them found likely (vote.py). Where that leaves a doubt, more strips are cut and read until it is gone, or the page's
   budget is (budget.py). Where nothing is read, the name may stand on one of two arcs, its feet outwards.
3. The middle of the best arc, corrected by the star, says which way is up. Then the code (digits along the bottom) and
   the straight lines below the star are read.

What stands in a frame reads inscription.py.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.document import SealColour, SealShape
from extractors.hanzi import HANZI
from extractors.ocr.engine import Odds, Raster, SealRecogniser, Strip
from extractors.seals import bands, beam, centre, code, inscription, mending, unroll, vote
from extractors.seals.bands import Arc, Band
from extractors.seals.budget import HURRIED, Budget
from extractors.seals.outline import SURE, Outline
from extractors.seals.prior import BODIES, ENDINGS, of_names
from extractors.seals.star import Star
from extractors.seals.strips import STRIP, as_strips, column_at
from extractors.seals.text import (
    Text,
    begins_as_names_do,
    cleaned,
    ends_as_names_do,
    hanzi,
    is_name,
    wrapped,
)
from extractors.seals.unroll import COLUMNS, Floats, Impression
from extractors.values.parts import unnumbered
from extractors.values.places import code_beginnings, divisions_at_start

_KINDS = (*ENDINGS, *BODIES)
_DIVISION = re.compile(r"[^省市县区旗]{0,5}(?:省|自治区|市(?!场)|县|区(?!域)|旗)")
_LEGIBLE = 0.25  # confidence of a weak ring's first reading from which it may be a seal's, and of a whole ring's last
_NONE = Strip("", 0.0)
_SAYING, _FAINTEST = 3, 0.05  # Hanzi and confidence below which a first look found nothing that another would mend
_BESIDES = 4  # strips of a code and of the straight lines, about
_FINDERS = 3  # readings that find a name likeliest, of which the one that has it most evenly says where it stands
_TEXTS = 3  # that a reading proposes
_ALSO, _OTHERS = 0.1, 3  # likelihood from which another name is told as well, and how many of them
_AGREED, _ENOUGH = 0.9, 0.7  # likelihood and confidence of a name from which a doubtful ring is read no further
_CLEAR = 0.9  # confidence below which an arc is read again
_BLURRED = 0.8  # of the sharp signal's edges: below this a strip is blurred
_STRETCHES = (1.25, 0.85)
_ASIDE = 14  # degrees between the middle of an arc and of what was read on it from which the arc is too long
_PARTED = 0.8  # of the gap at which a name was begun: a smaller one within it does not part end and beginning
_BESIDE = 20  # columns: half of a name's character
_STRAY = 4  # Hanzi at most that are read where a straight line below the star comes close to the ring
_LESS_SURE = 0.1  # than the name those are on average: slices of characters


@dataclass(frozen=True, slots=True)
class _Cut:
    """An arc of a ring, cut out of some signals alike. stretch: of the strips' natural width.

    inverted: its characters have their feet outwards, as on a lower edge.
    """

    rings: Sequence[Floats]
    band: Band
    arc: Arc
    mean_radius: float
    stretch: float = 1.0
    inverted: bool = False

    def strips(self) -> tuple[Raster, ...]:
        strips = as_strips(self.rings, self.band, self.arc, self.mean_radius, stretch=self.stretch)
        return tuple(np.ascontiguousarray(strip[::-1, ::-1]) for strip in strips) if self.inverted else strips

    def column_at(self, place: float) -> float:
        """The ring's column at a place of the strips, 0 to 1 of their width; it may be beyond COLUMNS."""
        place = 1 - place if self.inverted else place
        return column_at(self.rings, self.band, self.arc, self.mean_radius, place, stretch=self.stretch)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a recogniser says of a strip. texts: that it finds likely, likeliest first, as it spells them.

    worth: of its vote; 0 where it only proposes.
    """

    odds: Odds
    worth: float
    texts: tuple[str, ...]
    raster: Raster
    cut: _Cut


@dataclass(frozen=True, slots=True)
class _Name:
    """What the readings agree on. strip: of the one that has it most evenly. likely: that it is right, if any is."""

    text: str
    strip: Strip
    cut: _Cut
    likely: float
    support: float  # how alike another reading's own text is, 0 to 1
    whole: bool  # no ink is left before the first character or behind the last
    others: tuple[str, ...]  # that are likely as well, likeliest first


def read(impression: Impression, star: Star, recogniser: SealRecogniser, budget: Budget) -> Text:
    """Read one impression. star: in its middle. budget: the page's. Raises errors.EngineError."""
    if impression.outline.shape.is_ring:
        return _read_ring(impression, star, recogniser, budget)
    return inscription.read(impression, recogniser, budget)


# ------------------------------------------------------------------------------------------------ rings


def _read_ring(impression: Impression, star: Star, recogniser: SealRecogniser, budget: Budget) -> Text:
    offset = unroll.edge_offset(unroll.ring_of(impression, impression.signals[0]))
    bold = () if impression.bold is None else (impression.bold,)
    polar = [unroll.ring_of(impression, signal, offset) for signal in (*impression.signals, *bold)]
    end = bands.ring_end(polar[0])
    rings = [bands.evened(ring, end) for ring in bands.without_inner_ring(polar, end)]
    first = rings.pop() if bold else rings[0]
    black = impression.outline.colour is SealColour.BLACK
    pure = [*rings[1:], first] if black else rings[:-1]
    seen = first if black else np.maximum.reduce(pure)  # compression takes strokes out of one
    band = bands.text_band(seen, end)
    radius = _mean_radius(impression.outline, band)
    readings: list[_Reading] = []
    best: _Name | None = None
    allowed = True
    for number, arc in enumerate(bands.arcs(seen, band)):
        if number and not (allowed := budget.spend(2)):
            break
        readings += _readings(_Cut(pure, band, arc, radius), recogniser)
        best = _best(readings)
        if (best is not None and _told(best)) or not _promising(impression.outline, best):
            break  # no other arc has more of it
    if not _promising(impression.outline, best):
        return Text()
    sure = impression.outline.coverage >= SURE
    if best is None or (not _clear(best) and (sure or _says(best))):
        blurred = not black and (best is None or _blurred(best.cut.strips()))
        apart = rings[1:] if blurred and len(rings) > 2 else [first, *rings[1:]]
        begun = None if best is None else _beginning(best)
        for cut in _further(impression.outline, apart, end, band, begun, radius, blurred=blurred):
            if not allowed or not (allowed := budget.spend(len(cut.rings))):
                break
            readings += _each(cut, recogniser)
            best = _best(readings) or best
            if best and is_name(best.text) and best.likely >= _AGREED and _confidence(best) >= _ENOUGH:
                break
    below = _NONE
    around = _Cut(pure, band, bands.WHOLE, radius)
    if best is not None and allowed and (not _clear(best) or bands.lettered(pure[-1], band, _name_span(best))):
        below, best = _below(around, end, best, impression.outline, recogniser, budget)
    parted = None
    if allowed and sure and (best is None or _confidence(best) < _LEGIBLE):
        parted = _parted(around, end, impression.outline, recogniser, budget)
    if parted and best and _confidence(parted) < _confidence(best):
        parted = None
    best = parted or best
    if best is None:
        return Text()
    span = _span(best)
    middle = _middle(best.cut.arc, span) + (COLUMNS / 2 if best.cut.inverted else 0)
    angle = _angle(impression.outline, star, middle)
    text = Text(best.text, "", "", angle, _legibility(best), _confidence(best), alternatives=best.others)
    if not _clear(best) and not (allowed and budget.spend(_BESIDES)):
        return replace(text, confidence=HURRIED * text.confidence)
    bottom = ((angle + 270) / 360 * COLUMNS) % COLUMNS
    digits, digits_sure = "", 0.0
    if not best.cut.inverted:  # else the name stands there
        digits, digits_sure = code.read(rings, end, bottom, recogniser, code_beginnings(best.text))
    name = _name_span(best)
    if parted or below.text or bands.lettered(pure[-1], band, name):
        name = (0, COLUMNS)  # letters all around
    line, line_sure = centre.read(impression, angle, (band, end), name, recogniser)
    if below.text and not line:
        line, line_sure = below.text, below.confidence
    return replace(text, centre=line, code=digits, centre_confidence=line_sure, code_confidence=digits_sure)


def _promising(outline: Outline, best: _Name | None) -> bool:
    """Whether a weak outline is worth all its strips: its likeliest one must read as something."""
    if outline.coverage >= SURE:
        return True
    return best is not None and hanzi(best.text) >= _SAYING and best.strip.confidence > _LEGIBLE


def _mean_radius(outline: Outline, band: Band) -> float:
    """Of the band's middle, in units of the shorter semi-axis; for ovals such that the arc's length comes out."""
    depth = (band.top + band.bottom) / 2 / (unroll.ROWS - 1) * (unroll.INSIDE + unroll.OUTSIDE) - unroll.OUTSIDE
    if outline.shape is SealShape.OVAL:
        mean = float(np.sqrt((outline.half_width**2 + outline.half_height**2) / 2)) / outline.half_height
        return mean - depth
    return 1 - depth


def _readings(cut: _Cut, recogniser: SealRecogniser) -> list[_Reading]:
    """What the sharp strip says to both recognisers, or else the sharp one to the one and the soft one to the other;
    each for itself and both together.
    """
    strips = cut.strips()
    ((trained, own),) = recogniser.weigh_twice(strips[-1:])
    readings = _together([trained, own], strips[-1], cut)
    best = _best(readings)
    if best is None or not _says(best) or _told(best):
        return readings
    if len(strips) == 1 or _blurred(strips):
        return readings
    ((_, own),) = recogniser.weigh_twice(strips[:1])
    return _together([trained, own], strips[0], cut)


def _together(odds: Sequence[Odds], raster: Raster, cut: _Cut) -> list[_Reading]:
    return [_reading(beam.together(odds), 0.0, raster, cut), *_both(odds, raster, cut)]


def _both(odds: Sequence[Odds], raster: Raster, cut: _Cut) -> list[_Reading]:
    """What the trained recogniser and print's say of a strip."""
    return [_reading(one, worth, raster, cut) for one, worth in zip(odds, (vote.TRAINED, vote.OWN), strict=True)]


def _each(cut: _Cut, recogniser: SealRecogniser) -> list[_Reading]:
    """What the strip of each signal says."""
    strips = cut.strips()
    weighed = recogniser.weigh_twice(strips)
    return [one for twice, strip in zip(weighed, strips, strict=True) for one in _both(twice, strip, cut)]


def _blurred(strips: Sequence[Raster]) -> bool:
    """Whether JPEG has blurred the colours: then the soft strip, the first one, is of no use."""
    return _edges(strips[0]) < _BLURRED * _edges(strips[-1])


def _edges(strip: Raster) -> float:
    """How steeply the ink rises and falls along the strip on average, grey levels a pixel."""
    return float(cv2.absdiff(strip[:, 1:], strip[:, :-1]).mean())


def _reading(odds: Odds, worth: float, raster: Raster, cut: _Cut) -> _Reading:
    """With the texts that the odds find likely, those with listed words, and the name within the likeliest."""
    texts = list(beam.search(odds, of_names(), _TEXTS))
    texts += mending.proposed(texts[0], odds)
    if not is_name(texts[0]) and (within := name_within(beam.aligned(texts[0], odds))):
        texts.append(within.text)
    return _Reading(odds, worth, tuple(texts), raster, cut)


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


def _further(
    outline: Outline, rings: Sequence[Floats], end: int, band: Band, arc: Arc | None, radius: float, *, blurred: bool
) -> Iterator[_Cut]:
    """Other cuts of a doubtful ring, from the two signals that are least alike.

    arc: where the name seems to stand; None where nothing was read. blurred: compression took strokes of the colours,
    which the density has, as it has print.
    """
    own = bands.text_band(rings[-1], end)
    if arc is None or (blurred and _differ(own, band)):
        for one in bands.arcs(rings[-1], own)[:1]:
            yield _Cut(rings[-1:], own, one, _mean_radius(outline, own))
    if arc is None:
        return
    apart = rings if len(rings) < 3 else (rings[0], rings[-1])
    room = COLUMNS // 50
    wide = Arc((arc.start - room) % COLUMNS, min(COLUMNS, arc.length + 2 * room))
    for stretch in _STRETCHES:
        yield _Cut(apart, band, wide, radius, stretch)
    less = bands.text_band(rings[0], end, crossed=True)
    if _differ(less, band):
        for one in bands.arcs(rings[0], less)[:1]:
            yield _Cut(apart, less, one, _mean_radius(outline, less))
    if outline.shape is SealShape.OVAL:
        for half in bands.halves(rings[0], band):
            yield _Cut(apart, band, half, radius)


def _differ(one: Band, band: Band) -> bool:
    return abs(one.bottom - band.bottom) >= (band.bottom - band.top) // 8


def _parted(ring: _Cut, end: int, outline: Outline, recogniser: SealRecogniser, budget: Budget) -> _Name | None:
    """The name on one of two arcs, upright or with its feet outwards; None where neither has one.

    Bilingual seals have the other language's letters on the other arc. ring: all around. end: row of its inner rim.
    """
    found: list[_Name] = []
    for arc in bands.parts(ring.rings[-1], ring.band):
        band = bands.text_band(bands.along(ring.rings[-1], arc), end)
        for inverted in (False, True):
            if not budget.spend(2 + len(ring.rings)):
                break
            cut = _Cut(ring.rings, band, arc, _mean_radius(outline, band), inverted=inverted)
            readings = _readings(cut, recogniser)
            name = _best(readings)
            if name is not None and is_name(name.text) and not _clear(name):
                name = _best([*readings, *_each(cut, recogniser)])
            if name is not None and is_name(name.text):
                found.append(name)
    return max(found, key=_confidence, default=None)


def _below(
    ring: _Cut, end: int, best: _Name, outline: Outline, recogniser: SealRecogniser, budget: Budget
) -> tuple[Strip, _Name]:
    """The purpose that stands along the lower edge with its feet outwards, and the name on the rest of the ring.

    A name that is clear stays. ring: all around. end: row of its inner rim.
    """
    two = bands.parts(ring.rings[-1], ring.band)
    name = (two[0].start, two[0].start + two[0].length) if two else (0, COLUMNS)
    if not bands.lettered(ring.rings[-1], ring.band, name) or not budget.spend(len(ring.rings)):
        return _NONE, best
    band = bands.text_band(bands.along(ring.rings[-1], two[1]), end)
    lower = _Cut(ring.rings, band, two[1], _mean_radius(outline, band), inverted=True)
    readings = [[centre.reading(odds)] for odds in recogniser.weigh(lower.strips())]
    text, sure = centre.said(list(enumerate(readings)))
    if sure < _ENOUGH or not unnumbered(text).endswith(("章", *centre.KNOWN)):
        return _NONE, best
    if not _clear(best) and budget.spend(4):
        upper = replace(ring, arc=two[0])
        best = _best([*_readings(upper, recogniser), *_each(upper, recogniser)]) or best
    return Strip(text, sure), best


def _beginning(best: _Name) -> Arc:
    """The candidate's arc; where its name is spread over the whole ring and was begun within, from where it begins.

    There the gap between end and beginning is no smaller than where it was begun: 荷飞有限公司江苏分公司 stays.
    """
    turn = turned(best.text)
    columns = [best.cut.column_at(place) for character, place, _ in best.strip.characters if HANZI.match(character)]
    if not 0 < turn < len(columns):
        return best.cut.arc
    within, around = columns[turn] - columns[turn - 1], columns[0] + COLUMNS - columns[-1]
    if within < _PARTED * around:
        return best.cut.arc
    return Arc(round((columns[turn - 1] + columns[turn]) / 2) % COLUMNS, COLUMNS)


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
    for word in _KINDS:
        for at in range(1, len(word) if len(word) > 2 else 0):
            if letters.startswith(word[at:]) and letters.endswith(word[:at]) and len(letters) > len(word):
                return len(word) - at
    return 0


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


def _best(readings: Sequence[_Reading]) -> _Name | None:
    """The name on which the readings agree; None where none of them found any."""
    texts = tuple(dict.fromkeys(text for reading in readings for text in reading.texts if hanzi(cleaned(text))))
    if not texts:
        return None
    told = vote.likelihoods(texts, [reading.odds for reading in readings])
    likely = vote.agreed(texts, told, [reading.worth for reading in readings])
    number = int(likely.argmax())
    text = cleaned(texts[number])
    found: list[tuple[float, Strip, _Reading]] = []
    for place in np.argsort(-told[:, number]).tolist():
        strip = beam.aligned(texts[number], readings[place].odds)
        if strip.text:  # else one of its characters was not considered there at all
            found.append((strip.confidence * _evenness(strip), strip, readings[place]))
        if len(found) == _FINDERS:
            break
    _, strip, strongest = max(found, key=lambda one: one[0])
    alike = (cleaned(other.texts[0]) for other in readings if other is not strongest)
    support = max((difflib.SequenceMatcher(None, text, one, autojunk=False).ratio() for one in alike), default=0.0)
    shares: defaultdict[str, float] = defaultdict(float)
    for one, sure in zip(texts, likely.tolist(), strict=True):
        shares[cleaned(one)] += sure
    by_share = sorted(shares, key=lambda one: -shares[one])
    others = tuple(one for one in by_share if one != text and shares[one] >= _ALSO)[:_OTHERS]
    return _Name(text, strip, strongest.cut, shares[text], support, _whole(strongest.raster, strip), others)


def _confidence(best: _Name) -> float:
    weakest = min((sure for _, _, sure in best.strip.characters), default=best.strip.confidence)
    known = (0.5 if _headless(best.text) else 1.0) if ends_as_names_do(best.text) else 0.75
    sure = best.strip.confidence * (0.35 + 0.35 * best.support + 0.3 * weakest) * known * _evenness(best.strip)
    # What an arc cut short, a crossing line or print makes is often read surely.
    sure *= (1.0 if best.whole else 0.85) * (1.0 if _plausible(best.text) else 0.75)
    return float(np.clip(min(sure, best.likely), 0, 1))


def _headless(text: str) -> bool:
    """Whether it is but a kind of body (合作社, 发展和改革委员会): whose was not read."""
    return text in _KINDS and not begins_as_names_do(text)


def _clear(best: _Name) -> bool:
    """Sure enough for no further reading of the arc, and begun where names begin."""
    return _confidence(best) >= _CLEAR and not turned(best.text)


def _told(best: _Name) -> bool:
    return is_name(best.text) and _clear(best)


def _says(best: _Name) -> bool:
    return hanzi(best.text) >= _SAYING and _confidence(best) >= _FAINTEST


def _legibility(best: _Name) -> float:
    characters = best.strip.characters
    if not characters:
        return float(best.strip.confidence)
    return sum(1 for _, _, sure in characters if sure >= 0.6) / len(characters)


def _span(best: _Name) -> tuple[float, float] | None:
    """The columns where the name ends, clockwise, the second may be beyond COLUMNS; None for few characters."""
    places = [place for character, place, _ in best.strip.characters if HANZI.match(character)]
    if len(places) < 3:
        return None
    ends = best.cut.column_at(places[0]), best.cut.column_at(places[-1])
    return min(ends), max(ends)


def _name_span(best: _Name) -> tuple[float, float]:
    """`_span`, or else what its arc is without its margins."""
    arc = best.cut.arc
    return _span(best) or (arc.start + _BESIDE, arc.start + arc.length - _BESIDE)


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
