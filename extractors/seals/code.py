"""The code along the bottom of a seal's ring (印章编码, 13 digits): where it stands and what it says.

Its digits are much lower than the name's characters, so they stand where the zone below the ring is inked and the zone
further in is bare. The rims of both are wavy: rows are counted from the ring's own inner rim, column by column.

They stand in equal cells, which are fitted to all their ink (pitch.py). What hides a digit in one signal, or in one
cut, seldom hides it in the others: all cuts vote, digit by digit. Print's recogniser has less of a vote, and what it
reads otherwise is doubted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.ocr.engine import Odds, Raster, SealRecogniser
from extractors.seals import pitch
from extractors.seals.bands import runs
from extractors.seals.beam import CLEAR
from extractors.seals.strips import STRIP, kept
from extractors.seals.unroll import COLUMNS, FAINT, INSIDE, OUTSIDE, ROWS, Floats, row_at

DIGITS = 13
LEAST, MOST = 8, 18  # digits that other codes have
_DEPTH = 0.34  # below the ring's inner rim, units of the shorter semi-axis: of what is looked at
_ZONE = 0.2  # of that, where a code's digits stand
_SHORTEST, _LONGEST = 24, 150  # degrees of the ring that a code spans
_APART = 24  # columns from which bare ones are more than what is between two digits
_LOOK_ALIKE = {"O": "0", "o": "0", "〇": "0", "D": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8", "Z": "2"}
_TEN = "0123456789"
_STATES = {"": 0} | {of: 1 + int(digit) for of, digit in (*zip(_TEN, _TEN, strict=True), *_LOOK_ALIKE.items())}
_NONE = 0.25  # sureness of digits below which they are strokes of letters or print
_SOME = 5  # digits that are read at least where there is a code at all
_IMPOSSIBLE = 1e-4  # likelihood of what is not told of a column
_FORCED = 0.1  # part of the logarithm by which 13 digits are unlikelier than another number that counts against them
_FEWEST = 0.25  # of the strokes across the digits' middle: rows that have more belong to the digits
_LINE = 0.75  # of the columns from which what a row has is a line
_SHORT = 0.4  # of it, where there are not 13 digits: some were not read
_PAPER = 10  # pixels at both ends of a strip
_BOLDER = 0.55  # power of the ink by which faint strokes come out
_ALONE = 0.7  # of the confidence stays where no two cuts say the same, or print's recogniser says something else
_OWN = 0.3  # of a vote that print's recogniser has
_AGAIN, _NARROWER = 0.5, 0.8  # of a vote that a strip has which is read again, and of its width then
_CLEAR = 0.9  # confidence below which strips are read again
_ELSEWHERE = 0.5  # share of a row in cells, below which the cells may stand where the digits do not
_EXPECTED = {4: 0.4, 6: 0.3}
"""Of so many digits: how likely a code begins with those of the name's city or county; bodies move, and register
elsewhere."""
_ROW = (INSIDE + OUTSIDE) / (ROWS - 1)  # length of the polar picture's row, in units of the shorter semi-axis
_COLUMN = 2 * np.pi * 0.88 / COLUMNS  # and of its column, where digits stand
_PITCHES = (_SHORTEST / 360 * COLUMNS / DIGITS, 31.0)  # columns from one digit to the next
_PARTS = (1.0, 0.7, 0.5)  # of the rows that may be the digits'
_FLATTEST, _TALLEST = 0.8, 1.7  # height of digits to their pitch
_MARGIN = 1.0  # pitches around the cells: what stands there as digits do makes thirteen unlikely
_ASTRAY = 0.7  # pitches from the middle of its cell to where a digit is told at most


@dataclass(frozen=True, slots=True)
class Row:
    """DIGITS digits as one cut shows them. likelihoods: DIGITS × 10. share: 0 to 1, less where others count more."""

    likelihoods: NDArray[np.float64]
    share: float

    @property
    def text(self) -> str:
        return "".join(map(str, self.likelihoods.argmax(axis=1).tolist()))

    @property
    def sure(self) -> float:
        """0 to 1: the mean of the digits' likelihoods and of the least of them."""
        return _sure(self.likelihoods.max(axis=1).tolist()) * self.share


@dataclass(frozen=True, slots=True)
class Cut:
    """A row of digits, of each signal alike.

    middles: of DIGITS cells, 0 to 1 of the width; () where unknown. begin, pitch: of those cells, columns of the ring.
    """

    strips: list[Raster]
    middles: tuple[float, ...] = ()
    begin: float = 0.0
    pitch: float = 0.0


@dataclass(frozen=True, slots=True)
class Reading:
    """What one strip says: its likeliest digits, however many, how sure, and the likeliest row of DIGITS, if any.

    own: print's recogniser says so. again: of a strip that has had its vote.
    """

    text: str
    sure: float
    row: Row | None
    own: bool = False
    again: bool = False

    @classmethod
    def of(cls, odds: Odds, middles: Sequence[float], *, own: bool = False, again: bool = False) -> Reading:
        """Where the strip reads as DIGITS digits, but hardly in its cells, these were fitted to other ink.

        One cell aside they are right, and a stroke before the digits, or behind them, was read as one.
        """
        text, sure = digits(odds)
        row = thirteen(odds, middles)
        if row is not None and row.share < _ELSEWHERE and len(text) == DIGITS:
            aside = row.text[1:] == text[:-1] or row.text[:-1] == text[1:]
            row = row if aside else thirteen(odds)
        return cls(text, sure, row, own, again)


def read(
    rings: Sequence[Floats], end: int, bottom: float, recogniser: SealRecogniser, beginnings: Sequence[str] = ()
) -> tuple[str, float]:
    """The digits and how sure they are, 0 to 1; ("", 0.0) for none. Raises errors.EngineError.

    rings: of each signal, the last the one with the print still in it. end: row of the ring's inner rim. bottom: column
    of the seal's lowest point. beginnings: with which a code is expected to begin, of 4 and 6 digits.
    """
    flats = [below(ring, end) for ring in rings]
    # Where compression has blurred the colours, the digits' strokes are in the last signal alone.
    for signals in (flats, flats[-1:])[: len(flats)]:
        cut = in_cells(signals, bottom)
        readings = list(_readings(cut, recogniser))
        text, sure = said(readings, beginnings)
        if text and sure < _CLEAR:
            text, sure = said([*readings, *_again(cut, recogniser)], beginnings)
        if text:
            return text, sure
    cuts = (Cut(strips(flats, *window)) for window in _between(flats[0], bottom))
    return said([one for cut in cuts for one in _readings(cut, recogniser)], beginnings)


def _readings(cut: Cut, recogniser: SealRecogniser) -> Iterator[Reading]:
    """What each of the strips says; nothing where the one with all the ink shows no row of digits."""
    if not cut.strips:
        return
    *others, whole = map(bolder, cut.strips)
    (odds,) = recogniser.weigh([whole])
    first = Reading.of(odds, cut.middles)
    if len(first.text) < _SOME:
        return
    yield first
    for trained, own in recogniser.weigh_twice(others[::-1]):
        yield Reading.of(trained, cut.middles)
        yield Reading.of(own, cut.middles, own=True)


def _again(cut: Cut, recogniser: SealRecogniser) -> Iterator[Reading]:
    """What the strips say narrower, which moves the recogniser's columns against the digits."""
    size = (max(1, round(_NARROWER * cut.strips[0].shape[1])), STRIP)
    narrow = [np.asarray(cv2.resize(bolder(strip), size, interpolation=cv2.INTER_AREA)) for strip in cut.strips]
    return (Reading.of(odds, cut.middles, again=True) for odds in recogniser.weigh(narrow))


def bolder(strip: Raster) -> Raster:
    """The strip with its faint strokes brought out, as codes are read."""
    return np.asarray(255 * (1 - (1 - strip / 255) ** _BOLDER), np.uint8)


def strips(flats: Sequence[Floats], start: int, length: int) -> list[Raster]:
    """The row of digits in these columns of each signal, where there is one: STRIP high, dark on white, cut alike."""
    columns = np.arange(start, start + length) % COLUMNS
    return _strips([flat[:, columns] for flat in flats])


def below(ring: Floats, end: int) -> Floats:
    """What is below the ring, its rows counted from the inner rim of the ring at each column."""
    blank = ring[max(0, end - 4) : end + 6] < FAINT
    rim = np.where(blank.any(axis=0), blank.argmax(axis=0), 4).astype(np.float32)
    reach = 24
    wrapped = np.pad(rim, reach, mode="wrap")[None]
    level = cv2.blur(cv2.dilate(wrapped, np.ones((1, 9), np.uint8)), (2 * reach + 1, 1))[0, reach:-reach]
    rows = row_at(_DEPTH) - row_at(0)
    ys = np.arange(rows, dtype=np.float32)[:, None] + np.float32(max(0, end - 4)) + level[None].astype(np.float32)
    xs = np.broadcast_to(np.arange(COLUMNS, dtype=np.float32), ys.shape)
    return np.asarray(cv2.remap(ring, np.ascontiguousarray(xs), ys, cv2.INTER_LINEAR, borderValue=0), np.float32)


def _between(flat: Floats, bottom: float) -> Iterator[tuple[int, int]]:
    """Start and length of the columns where only the code's zone is inked, nearest to the bottom; at most two.

    What crosses the zone further in may be a stroke of the name, where the code ends, or another line, where it does
    not: once every stroke counts, once only what is as dense as characters are.
    """
    zone = row_at(_ZONE) - row_at(0)
    inner = ((flat[zone + 2 :] > FAINT).sum(axis=0) >= 2).astype(np.float32)
    outer = np.asarray((flat[2:zone] > FAINT).any(axis=0))
    known: list[tuple[int, int]] = []
    for reach, dense in ((6, 0.99), (20, 0.4)):
        wrapped = np.pad(inner, reach, mode="wrap")[None]
        named = cv2.blur(wrapped, (reach + 1, 1))[0, reach:-reach] > dense
        best: tuple[float, int, int] | None = None
        for start, length in _bare(named):
            inked = np.flatnonzero(outer[np.arange(start, start + length) % COLUMNS])
            rows = np.split(inked, np.flatnonzero(np.diff(inked) > _APART) + 1)
            row = max(rows, key=lambda one: 0 if not len(one) else one[-1] - one[0])
            if not len(row):
                continue
            first, last = int(row[0]), int(row[-1])
            if not _SHORTEST <= (last - first) * 360 / COLUMNS <= _LONGEST or len(row) < 0.2 * (last - first):
                continue
            off = abs((start + (first + last) / 2 - bottom + COLUMNS / 2) % COLUMNS - COLUMNS / 2)
            if best is None or off < best[0]:
                best = off, start + first - 3, last - first + 7
        if best is not None and best[1:] not in known:
            known.append(best[1:])
            yield best[1:]


def _bare(inked: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Start and length of the runs of False on a circle that a code may stand in."""
    if not inked.any():
        yield 0, len(inked)
        return
    begin = int(np.flatnonzero(inked)[0])
    for start, stop in runs(~np.roll(inked, -begin)):
        if (stop - start) * 360 / len(inked) >= _SHORTEST:
            yield (start + begin) % len(inked), stop - start


def _strips(sectors: Sequence[Floats]) -> list[Raster]:
    """The row of digits in sectors whose first row is at the ring, turned to stand on its feet.

    The first sector tells which rows.
    """
    evened = _evened(sectors)
    rows = _rows(evened) if evened else None
    if rows is None:
        return []
    flats = [_standing(sector, rows) for sector in evened]
    stay = kept(np.maximum.reduce(flats))
    return [_dark(flat[:, stay]) for flat in flats]


def in_cells(flats: Sequence[Floats], bottom: float) -> Cut:
    """The row of DIGITS equal cells around the ring's lowest column, and a little beside it, as `strips`."""
    length = round(_LONGEST / 360 * COLUMNS)
    start = round(bottom) - length // 2
    columns = np.arange(start, start + length) % COLUMNS
    evened = _evened([flat[:, columns] for flat in flats])
    rows = _rows(evened) if evened else None
    if rows is None:
        return Cut([])
    ink = np.mean(evened[:-1] or evened, axis=0)
    best: tuple[float, tuple[int, int], pitch.Cells] | None = None
    # What is higher than digits are for their distances has print in it: a part of it is the row.
    for part in _PARTS:
        inner = rows[0], rows[0] + max(6, round(part * (rows[1] - rows[0])))
        cells = pitch.fitted(ink[max(0, inner[0] - 1) : inner[1] + 1].mean(axis=0), DIGITS, *_PITCHES)
        if cells is None:
            return Cut([])
        high = (inner[1] - inner[0] + 1) * _ROW / (cells.pitch * _COLUMN)
        worth = cells.score - 0.5 * max(0.0, high - _TALLEST, _FLATTEST - high)
        if best is None or worth > best[0]:
            best = worth, inner, cells
        if high < _TALLEST:
            break
    assert best is not None
    _, rows, cells = best
    first, last = (round(cells.begin + cells.pitch * at) for at in (-_MARGIN, DIGITS + _MARGIN))
    inside = np.arange(max(0, first), min(length, last))
    made = [_dark(_standing(sector[:, inside], rows)) for sector in evened]
    # A standing row begins where the sector ends.
    each = cells.begin + cells.pitch * (np.arange(DIGITS)[::-1] + 0.5)
    wide = made[0].shape[1]
    middles = (_PAPER + (inside[-1] + 1 - each) / len(inside) * (wide - 2 * _PAPER)) / wide
    return Cut(made, tuple(middles.tolist()), start + cells.begin, cells.pitch)


def _evened(sectors: Sequence[Floats]) -> list[Floats]:
    """Each column at its neighbourhood's own strength; nothing where there is hardly ink."""
    zone = row_at(_ZONE) - row_at(0)
    evened: list[Floats] = []
    for sector in sectors:
        strength = sector[:zone].max(axis=0)[None]
        if not evened and float(np.percentile(strength, 75)) < 0.08:
            return []
        # Fine lines take far less ink than the name's.
        strength = cv2.blur(cv2.dilate(strength, np.ones((1, 41), np.uint8)), (41, 1))
        evened.append(np.asarray(np.clip(sector / np.clip(strength, 0.12, 1.0), 0, 1), np.float32))
    return evened


def _rows(sectors: Sequence[Floats]) -> tuple[int, int] | None:
    """First and last row of the digits, by the first signal; None for none.

    Digits have strokes beside each other; what is left of the ring, or a second ring, has ink but hardly strokes. Worn
    in one signal it has as many, and is inked nearly all along in another.
    """
    zone = row_at(_ZONE) - row_at(0)
    strokes = (np.diff((sectors[0] > FAINT).astype(np.int8), axis=1, prepend=0) == 1).mean(axis=1)
    inked = np.max([(sector > FAINT).mean(axis=1) for sector in sectors], axis=0)
    strokes[inked > _LINE] = 0.0
    strokes = np.convolve(strokes, np.ones(3) / 3, mode="same")
    body = np.convolve(strokes, np.ones(7) / 7, mode="same")
    first = last = int(body[:zone].argmax())
    level = _FEWEST * float(strokes[first])
    while first > 0 and strokes[first - 1] > level:
        first -= 1
    while last + 1 < len(strokes) and strokes[last + 1] > level:
        last += 1
    return None if last - first < 5 else (first, last)


def _standing(sector: Floats, rows: tuple[int, int]) -> Floats:
    """These rows of a sector on their feet, STRIP high."""
    picture = np.pad(sector[max(0, rows[0] - 1) : rows[1] + 2][::-1, ::-1], ((2, 2), (0, 0)))
    width = picture.shape[1] * _COLUMN / _ROW * STRIP / picture.shape[0]
    size = (int(np.clip(width, STRIP, 1600)), STRIP)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _dark(flat: Floats) -> Raster:
    """Dark on white, with paper at both ends."""
    return np.asarray(255 * (1 - np.clip(np.pad(flat, ((0, 0), (_PAPER, _PAPER))), 0, 1)), np.uint8)


def digits(odds: Odds) -> tuple[str, float]:
    """The likeliest digits of a strip, however many, and how sure the recogniser is of them, 0 to 1.

    It weighs other characters, too. Sure of all together: the mean of the digits' likelihoods and of the least of them.
    """
    text: list[str] = []
    sure: list[float] = []
    before = 0
    for row in _weights(odds):
        state = int(row.argmax())
        if state and state == before:
            sure[-1] = max(sure[-1], float(row[state]))
        elif state:
            text.append(_TEN[state - 1])
            sure.append(float(row[state]))
        before = state
    return "".join(text), _sure(sure)


def _sure(likelihoods: Sequence[float]) -> float:
    """Of all together, 0 to 1."""
    return min(1.0, (sum(likelihoods) / len(likelihoods) + min(likelihoods)) / 2) if likelihoods else 0.0


def thirteen(odds: Odds, middles: Sequence[float] = ()) -> Row | None:
    """The likeliest row of DIGITS digits, each near its cell's middle where that is known; None for no room for them.

    The likeliest path through the columns that has so many (Viterbi): digits that run together are parted, slices of
    what stands beside them are left out. Where another number is likelier, the row's share is less by that.
    """
    weights = _weights(odds)
    if len(weights) < 2 * DIGITS - 1:
        return None
    logs = np.log(np.maximum(weights, _IMPOSSIBLE))
    # States: 0 before the first digit, then 11 for each digit that was told: blank behind it, or it still (0 to 9).
    reach = np.full((DIGITS + 1, 11), -np.inf)
    reach[0, 0] = 0.0
    came = np.zeros((len(logs), DIGITS + 1, 11), np.int8)
    each, states = np.arange(DIGITS + 1), np.arange(1, 11)
    astray = _astray(len(logs), middles)
    for number, column in enumerate(logs):
        # A blank may follow all; a digit goes on, or begins behind another one or a blank: the best that it is not.
        best, rest = reach.argmax(axis=1), reach.copy()
        most = reach[each, best]
        rest[each, best] = -np.inf
        second = rest.argmax(axis=1)
        own = best[:-1, None] == states
        begin = np.where(own, rest[each, second][:-1, None], most[:-1, None])
        goes_on = reach[1:, 1:] >= begin
        came[number, :, 0] = best
        came[number, 1:, 1:] = np.where(goes_on, -1, np.where(own, second[:-1, None], best[:-1, None]))
        reach[1:, 1:] = np.maximum(reach[1:, 1:], begin) + column[1:] + astray[number][:, None]
        reach[0, 1:] = -np.inf
        reach[:, 0] = most + column[0]
    count, state = DIGITS, int(reach[DIGITS].argmax())
    likelihood, free = float(reach[count, state]), float(logs.max(axis=1).sum())
    likelihoods = np.zeros((DIGITS, 10))
    for number in range(len(logs) - 1, -1, -1):
        if state:
            likelihoods[count - 1] = np.maximum(likelihoods[count - 1], weights[number, 1:])
        before = int(came[number, count, state])
        if state and before >= 0:
            count -= 1
        state = before if state == 0 or before >= 0 else state
    return Row(likelihoods, float(np.exp((likelihood - free) * _FORCED)))


def _astray(columns: int, middles: Sequence[float]) -> NDArray[np.float64]:
    """Columns × DIGITS: 0 where a digit may be told, else the logarithm of what is not told."""
    if not middles:
        return np.zeros((columns, DIGITS))
    at = (np.arange(columns)[:, None] + 0.5) / columns
    reach = _ASTRAY * abs(middles[-1] - middles[0]) / (DIGITS - 1) + 0.5 / columns
    return np.where(np.abs(at - np.asarray(middles)) > reach, np.log(_IMPOSSIBLE), 0.0)


def _weights(odds: Odds) -> NDArray[np.float64]:
    """Columns × 11: likelihood of no character, and of each digit with what looks alike."""
    weights = np.zeros((len(odds), 11))
    for row, column in zip(weights, odds, strict=True):
        for character, state in _STATES.items():
            row[state] += column.get(character, 0.0)
    return weights


def said(readings: Sequence[Reading], beginnings: Sequence[str] = ()) -> tuple[str, float]:
    """What they say together, and how sure: 13 digits; another length only where two say the same."""
    first = [one for one in readings if not (one.own or one.again)]
    rows = [one.row for one in first if one.row is not None]
    own = [one.row for one in readings if one.own and one.row is not None]
    again = [one.row for one in readings if one.again and one.row is not None]
    text, sure = voted(rows, beginnings, own, again) if rows else _other_length(first)
    return (text, sure) if sure >= _NONE else ("", 0.0)


def voted(
    rows: Sequence[Row], beginnings: Sequence[str] = (), own: Sequence[Row] = (), again: Sequence[Row] = ()
) -> tuple[str, float]:
    """The digits by the mean of their likelihoods, the surer row counting more; ("", 0.0) for no row.

    own: rows by print's recogniser. again: of strips that are read once more. A code begins
    with its division's (GA 241.1, GB/T 2260): what the rows leave open there, `beginnings` decide.
    """
    parts = ((1.0, rows), (_OWN, own), (_AGAIN, again))
    votes = [(row, part * row.sure) for part, of in parts for row in of]
    if not any(row.sure for row in rows):
        return "", 0.0
    mean = _mean(votes)
    agreed = sum(row.text == mean.text for row in rows) > 1
    doubted = any(row.sure for row in own) and _mean([(row, row.sure) for row in own]).text != mean.text
    begin = next((one for one in beginnings if _may_begin(mean, one)), "")
    sure = mean.sure * max(row.share for row in rows)
    return begin + mean.text[len(begin) :], sure * (1.0 if agreed else _ALONE) * (_ALONE if doubted else 1.0)


def _mean(votes: Sequence[tuple[Row, float]]) -> Row:
    """Of rows and what each vote is worth, which must be more than nothing together."""
    likelihoods = sum(row.likelihoods * worth for row, worth in votes) / sum(worth for _, worth in votes)
    return Row(np.asarray(likelihoods), 1.0)


def _may_begin(row: Row, digits: str) -> bool:
    """Whether it is likelier that the row begins so, which is expected, than that the expectation is wrong."""
    best, likely = row.likelihoods.max(axis=1), row.likelihoods[range(len(digits)), list(map(int, digits))]
    ratios = likely / np.maximum(best[: len(digits)], _IMPOSSIBLE)
    expected = _EXPECTED[len(digits)] * 10.0 ** len(digits)
    return bool(ratios.min() > 1 / CLEAR and expected * ratios.prod() > 1)


def _other_length(readings: Sequence[Reading]) -> tuple[str, float]:
    votes = Counter(one.text for one in readings if LEAST <= len(one.text) <= MOST)
    likely = [(one.sure + 0.1 * votes[one.text], one.sure, one.text) for one in readings if votes[one.text] > 1]
    _, sure, text = max(likely, default=(0.0, 0.0, ""))
    return text, sure * _SHORT
