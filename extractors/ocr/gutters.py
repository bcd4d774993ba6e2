"""Tables whose rules are horizontal only (三线表, or a rule below each row): columns told by the white between them.

1. Three rules or more that begin and end alike, one below the other, with nothing beside them, may rule a table. What
   stands between two of them is a band.
2. Columns are parted by gutters that no word of any band crosses; each has a head in the first band.
3. A band is one row where its usual column holds one line; else each height is a row, and a line in a few columns
   goes on with the row next to it.

Letters are ruled like that too (版记, headers and footers, lined paper, blanks): prose crosses every gutter, labels
have colons, and what stands beside a rule tells that it is a blank.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from extractors.document import Box, Line, Word
from extractors.ocr.grid import Grid
from extractors.ocr.ruling import Rule

_EM = 0.55  # of a line's height, which the detector pads to nearly twice the print's
# em above and below a word's middle by which levels are told: together more than half of the way from line to line, for
# one line stands half-way beside two, and less than the whole, for photos bend rows.
_CORE = 0.4
_GUTTER = 0.5  # em: the white between two columns; between characters of one cell there is less, in some row at least
_ALIKE = 1.0  # em within which rules begin and end alike
_MOST = 300  # rules of a page; more are a texture
_LONG = 10.0  # em: a column whose usual line is longer holds prose


@dataclass(frozen=True, slots=True)
class _Print:
    """A word between two rules. left, right: fractions of the page. top, bottom: of its middle, of the way from
    the upper rule (0) to the lower one (1): so a row is level though the page slants, or narrows as photos do.
    """

    left: float
    right: float
    top: float
    bottom: float
    text: str


@dataclass(frozen=True, slots=True)
class _Band:
    """What stands between two rules: levels, from top to bottom, of words that share a height, from left to right."""

    upper: Rule
    lower: Rule
    levels: tuple[tuple[_Print, ...], ...]

    @property
    def words(self) -> tuple[_Print, ...]:
        return tuple(word for level in self.levels for word in level)


def open_grids(rules: Sequence[Rule], lines: Sequence[Line], aspect: float) -> tuple[Grid, ...]:
    """The tables of an upright page that horizontal rules alone make. aspect: height of the page over its width."""
    boxes = [line.place.box for line in lines if line.place.box is not None]
    if not 3 <= len(rules) <= _MOST or not boxes:
        return ()
    em = _EM * median(min(box.height * aspect, box.width) for box in boxes)
    stacks = [stack for stack in _stacks(rules, em) if len(stack) >= 3]
    words = [word for line in lines for word in _words(line)]
    runs = (run for stack in stacks for run in _runs(_bands(stack, words, em / aspect), em))
    return tuple(grid for run in runs for grid in _grids(run, em))


def _words(line: Line) -> tuple[Word, ...]:
    if line.place.box is None:
        return ()
    return line.words or (Word(line.text, line.place.box, line.confidence),)


def _stacks(rules: Sequence[Rule], em: float) -> list[list[Rule]]:
    """Rules that begin and end alike, from top to bottom."""
    stacks: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda rule: rule.first + rule.last):
        for stack in stacks:
            if max(abs(rule.left - stack[-1].left), abs(rule.right - stack[-1].right)) <= _ALIKE * em:
                stack.append(rule)
                break
        else:
            stacks.append([rule])
    return stacks


def _bands(stack: Sequence[Rule], words: Sequence[Word], em: float) -> Iterator[_Band | None]:
    """What stands between the rules; None where something stands beside them. em: of the page's height.

    What is no higher than print is the white of a double rule.
    """
    for upper, lower in pairwise(stack):
        if min(lower.first - upper.first, lower.last - upper.last) <= em:
            continue
        found: list[_Print] = []
        beside = False
        for word in words:
            box, x = word.box, (word.box.left + word.box.right) / 2
            start, high, y = upper.at(x), lower.at(x) - upper.at(x), (box.top + box.bottom) / 2
            if start < y < start + high:
                beside = beside or not upper.left < x < upper.right
                top, bottom = (y - _CORE * em - start) / high, (y + _CORE * em - start) / high
                found.append(_Print(box.left, box.right, top, bottom, word.text))
        yield None if beside else _Band(upper, lower, _levels(found))


def _levels(words: Sequence[_Print]) -> tuple[tuple[_Print, ...], ...]:
    levels: list[list[_Print]] = []
    bottom = float("-inf")
    for word in sorted(words, key=lambda word: word.top):
        if word.top >= bottom:
            levels.append([])
        levels[-1].append(word)
        bottom = max(bottom, word.bottom)
    return tuple(tuple(sorted(level, key=lambda word: word.left)) for level in levels)


def _runs(bands: Iterator[_Band | None], em: float) -> Iterator[list[_Band]]:
    """Bands below each other that may be a table's."""
    for may_be, run in groupby(bands, key=lambda band: band is not None and _may_hold_rows(band, em)):
        if may_be:
            yield [band for band in run if band is not None]


def _may_hold_rows(band: _Band, em: float) -> bool:
    """Something stands beside something else, and most of it is no label."""
    pieces = [_pieces(level, em) for level in band.levels]
    labels = sum(2 * sum(map(_is_label, texts)) >= len(texts) for texts in pieces)
    return max(map(len, pieces), default=0) > 1 and 2 * labels <= len(pieces)


def _pieces(level: Sequence[_Print], em: float) -> list[str]:
    """The texts of a level that white parts."""
    return ["".join(word.text for word in piece) for piece in _parted(level, em)]


def _parted(words: Sequence[_Print], em: float) -> list[list[_Print]]:
    """Words, from left to right, parted where there is a gutter."""
    parted: list[list[_Print]] = []
    right = float("-inf")
    for word in words:
        if word.left - right >= _GUTTER * em:
            parted.append([])
        parted[-1].append(word)
        right = max(right, word.right)
    return parted


def _is_label(text: str) -> bool:
    before, colon, _ = text.replace(":", "：").partition("：")
    return bool(colon) and not before[-1:].isdigit()


def _grids(bands: Sequence[_Band], em: float) -> Iterator[Grid]:
    """The tables that bands below each other make."""
    start = 0
    while start + 1 < len(bands):
        stop = start + 1
        while stop < len(bands) and _goes_on(bands[start:stop], bands[stop], em):
            stop += 1
        grid = _grid(bands[start], bands[start + 1 : stop], em)
        if grid is not None:
            yield grid
        start = start + 1 if grid is None else stop + 1  # what ends a table heads none: each has rules of its own


def _goes_on(bands: Sequence[_Band], after: _Band, em: float) -> bool:
    """Whether a band holds rows of the table above it, and not what stands between it and the next table.

    Rows begin in the first column, or fill most.
    """
    sides = _sides(bands, em)
    for level in after.levels:
        filled = [bool(_within(level, side)) for side in sides]
        if len(_parted(level, em)) > 1 and (filled[0] or 2 * sum(filled) > len(filled)):
            return True
    return False


def _sides(bands: Sequence[_Band], em: float) -> list[tuple[float, float]]:
    """From where to where the columns reach, the head in the first band: to the middle of the gutters."""
    columns: list[list[_Print]] = []
    for words in _parted(sorted((word for band in bands for word in band.words), key=lambda word: word.left), em):
        if columns and _complete(columns[-1], words, frozenset(bands[0].words)):
            columns[-1] += words
        else:
            columns.append(words)
    gutters = [(max(word.right for word in one) + other[0].left) / 2 for one, other in pairwise(columns)]
    return list(pairwise([bands[0].upper.left, *gutters, bands[0].upper.right]))


def _complete(one: Sequence[_Print], other: Sequence[_Print], head: Container[_Print]) -> bool:
    """Whether one is a head alone and the other has none: in a wide column a head is centred where cells are not."""
    kinds = {frozenset(word in head for word in words) for words in (one, other)}
    return kinds == {frozenset((True,)), frozenset((False,))}


def _grid(head: _Band, body: Sequence[_Band], em: float) -> Grid | None:
    """The table of a head and what stands below it; None where that is none."""
    sides = _sides([head, *body], em)
    if not body or len(sides) < 2 or not _is_head(head, sides) or not _has_cells(body, sides, em):
        return None
    rows = [(head, 0.0, 1.0), *((band, *row) for band in body for row in _rows(band, sides))]
    places = [
        ((number, column, 1, 1), _cell(*row, side))
        for number, row in enumerate(rows)
        for column, side in enumerate(sides)
    ]
    return Grid(tuple(cell for cell, _ in places), tuple(box for _, box in places))


def _within(words: Sequence[_Print], side: tuple[float, float]) -> list[_Print]:
    """Those that stand in a column."""
    return [word for word in words if side[0] <= (word.left + word.right) / 2 < side[1]]


def _is_head(band: _Band, sides: Sequence[tuple[float, float]]) -> bool:
    """Whether a band is one row, and heads each column but perhaps the first, of what the rows are called."""
    return _is_one_row(band, sides) and all(_within(band.words, side) for side in sides[1:])


def _is_one_row(band: _Band, sides: Sequence[tuple[float, float]]) -> bool:
    """Whether the usual one of its columns holds one line."""
    lines = [sum(bool(_within(level, side)) for level in band.levels) for side in sides]
    return median([each for each in lines if each] or [0]) <= 1


def _has_cells(body: Sequence[_Band], sides: Sequence[tuple[float, float]], em: float) -> bool:
    """Whether most columns hold cells: not nothing, nor prose, as in two columns of a paper."""
    return 2 * sum(_holds_cells(body, side, em) for side in sides) > len(sides)


def _holds_cells(body: Sequence[_Band], side: tuple[float, float], em: float) -> bool:
    lines = [found for band in body for level in band.levels if (found := _within(level, side))]
    if not lines:
        return False
    return median(line[-1].right - line[0].left for line in lines) < _LONG * em


def _rows(band: _Band, sides: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The rows of a band: where each begins and ends, of the way from its upper rule (0) to its lower one (1)."""
    rows = [] if _is_one_row(band, sides) else _joined(band.levels, sides)
    yield from pairwise([0.0, *((_bottom(above) + _top(below)) / 2 for above, below in pairwise(rows)), 1.0])


def _joined(levels: Sequence[Sequence[_Print]], sides: Sequence[tuple[float, float]]) -> list[list[_Print]]:
    """The words of each row: what stands in few columns, and not the first, goes on with the row that is nearer."""
    rows: list[list[_Print]] = []
    down = False  # the level before belongs to this one
    for level, below in zip(levels, [*levels[1:], None], strict=True):
        filled = [bool(_within(level, side)) for side in sides]
        part = not filled[0] and 2 * sum(filled) < len(filled)
        near = not rows or (below is not None and _top(below) - _bottom(level) < _top(level) - _bottom(rows[-1]))
        if rows and (down or (part and not near)):
            rows[-1] += level
        else:
            rows.append(list(level))
        down = part and near
    return rows


def _top(words: Sequence[_Print]) -> float:
    return min(word.top for word in words)


def _bottom(words: Sequence[_Print]) -> float:
    return max(word.bottom for word in words)


def _cell(band: _Band, top: float, bottom: float, side: tuple[float, float]) -> Box:
    """Where a cell of a row stands."""
    x = (side[0] + side[1]) / 2
    start, high = band.upper.at(x), band.lower.at(x) - band.upper.at(x)
    return Box(side[0], start + top * high, side[1], start + bottom * high)
