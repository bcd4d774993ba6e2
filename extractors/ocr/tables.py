"""Ruled tables on a picture: which cells the rules make, and which words stand in which cell.

1. The rooms that rules enclose (ruling.py) are the cells; where their sides are level, they share a grid line. What
   parts two rooms of a low row, or of a narrow column, and runs through a character is the character's stroke: the
   rooms are one.
2. Every word goes into the smallest cell in which its centre lies, for a recognised line may run across a rule.
3. Pieces of one row of a cell are one line again.

Boxes with fewer than two cells (frames, underlined blanks) are not tables.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from statistics import median

from extractors.document import Block, Box, Cell, Line, Place, Table, Word
from extractors.hanzi import is_hanzi
from extractors.limits import Limits
from extractors.ocr.enclosed import MISSED
from extractors.ocr.engine import Raster
from extractors.ocr.grid import Grid
from extractors.ocr.gutters import open_grids
from extractors.ocr.ruling import Room, Rule, ruling_of

_LEVEL = 6  # units (ruling.py) within which the sides of two cells are one grid line
_LARGE = 40  # two cells of a table at least are so long or so high
# Of a word's height, which the detector pads to nearly twice the print's: what is lower is no cell for it.
_LOWEST = 0.5
_MOSTLY = 0.4  # of a word's box that a cell has whose rule runs through the word
_RULE = 18  # and the thickest rule, or the white between double ones
_MOST_LOW = 1500  # rooms of a frame that may be parted by strokes; more are no form
_LOW = 1.25  # em: in a higher row no stroke reaches from rule to rule
_PITCH = 1.6  # em from line to line at most, where a row of several is no higher than they are
_NARROW = 4.0  # em: in a wider column the strokes of characters that stand side by side do not
_USUAL = 1.4  # times the page's usual em: a larger character may be two rows that were read as one
_IN_CHARACTER = 0.34  # em from a character's middle within which its strokes stand, and no rule does
_TELLING = 3  # characters of a line whose pitch is their size
_PADDED = 0.2  # of a line's height above and below its print, more or less: a rule may stand there
_LIKE_RULES = "|丨｜lI1!/[]【】()（）"  # what a rule may be read as


def arrange(grids: Sequence[Grid], lines: Sequence[Line]) -> tuple[Block, ...]:
    """The lines of an upright page, those in its ruled tables gathered into Tables, all in reading order.

    A table within a cell stands after the table around it. grids: as `grids_of` gives them.
    """
    outside: list[Line] = []
    held: list[list[tuple[int, Line]]] = [[] for _ in grids]  # for each grid: (cell, piece of a line)
    for line in lines:
        outside.extend(_dealt(line, grids, held))
    filled = [(grid, pieces) for grid, pieces in zip(grids, held, strict=True) if pieces]
    return _merged(outside, [_table(grid, pieces) for grid, pieces in filled])


def grids_of(grey: Raster, lines: Sequence[Line], limits: Limits) -> tuple[Grid, ...]:
    """The ruled tables of an upright page, from top to bottom, the outer before those within its cells.

    grey: the page, paper 255. lines: what was read on it, which tells strokes from rules; () where nothing was. A
    table of more than `limits.cells` cells is none.
    """
    height, width = grey.shape
    aspect = height / max(1, width)
    ruling = ruling_of(grey, tuple(_prints(lines)))
    grids = _with_open(_closed(ruling.frames, lines, aspect), ruling.rules, lines, aspect)
    grids = [grid for grid in grids if len(grid.cells) <= limits.cells]
    return tuple(sorted(grids, key=lambda grid: (grid.box.top, -grid.box.width * grid.box.height)))


def _with_open(closed: Sequence[Grid], rules: Sequence[Rule], lines: Sequence[Line], aspect: float) -> list[Grid]:
    """The tables that rules enclose, and those that rules across make elsewhere.

    A single row within one of these is made of strokes of its print.
    """
    taken = [grid.box for grid in closed if grid.rows > 1]
    free = [rule for rule in rules if not any(rule.within(box) for box in taken)]
    found = [grid for grid in open_grids(free, lines, aspect) if not any(map(grid.box.meets, taken))]
    kept = [grid for grid in closed if grid.rows > 1 or not any(grid.box.meets(other.box) for other in found)]
    return [*kept, *found]


def _closed(frames: Sequence[Sequence[Room]], lines: Sequence[Line], aspect: float) -> list[Grid]:
    """The tables whose cells are rooms that rules enclose. aspect: height of the page over its width."""
    frames = [rooms for rooms in frames if _grid(rooms) is not None]
    if not frames:
        return []
    characters = sorted((each for line in lines for each in _characters(line, aspect)), key=_height)
    upright = sorted((_turned_character(each) for each in _usual(characters)), key=_height)
    whole = (_without_strokes(rooms, characters, _LOW, _PITCH) for rooms in frames)
    whole = ([_turned(each) for each in _without_strokes([*map(_turned, rooms)], upright, _NARROW)] for rooms in whole)
    return [grid for rooms in whole if (grid := _grid(rooms)) is not None]


def _prints(lines: Sequence[Line]) -> Iterator[Box]:
    """Where the print of each line stands: the middle of its box; not of one that is two rows read as one."""
    level = [line.place.box for line in lines if line.place.box is not None and len(line.text) > 1]
    usual = _USUAL * median(box.height for box in level) if level else 0.0
    for box in level:
        if box.height <= usual and box.height < box.width:
            yield replace(box, top=box.top + _PADDED * box.height, bottom=box.bottom - _PADDED * box.height)


@dataclass(frozen=True, slots=True)
class _Character:
    """Where something was read: the middle of a character, or a word from left to right; fractions of the page."""

    left: float
    right: float
    y: float
    em: float  # of the page's width
    high: float  # the em, of the page's height


def _characters(line: Line, aspect: float) -> Iterator[_Character]:
    """aspect: height of the page over its width."""
    if line.place.box is None:
        return
    em = min(0.8 * line.place.box.height * aspect, _pitch(line))
    if line.place.box.height * aspect > line.place.box.width > 0:  # read from top to bottom
        if len(line.words) < 2 or line.words[1].box.top <= line.words[0].box.top:
            return  # turned, and its words have no places
        em = line.words[0].box.width
    for word in line.words:
        if word.text in _LIKE_RULES:
            continue
        middle, half = (word.box.left + word.box.right) / 2, (word.box.right - word.box.left) / 2
        reach = max(0.0, half - em / 2) if len(word.text) > 1 else 0.0
        yield _Character(middle - reach, middle + reach, (word.box.top + word.box.bottom) / 2, em, em / aspect)


def _pitch(line: Line) -> float:
    """From one character of a line to the next, of the page's width; endless where few tell it: a box is often higher
    than its characters."""
    middles = [(word.box.left + word.box.right) / 2 for word in line.words if is_hanzi(word.text)]
    return median(b - a for a, b in pairwise(middles)) if len(middles) >= _TELLING else inf


def _height(character: _Character) -> float:
    return character.y


def _usual(characters: Sequence[_Character]) -> Iterator[_Character]:
    """Those not much larger than most."""
    usual = _USUAL * median(each.em for each in characters) if characters else 0.0
    return (each for each in characters if each.em <= usual)


def _turned(room: Room) -> Room:
    """With rows for columns."""
    left, top, right, bottom = room.box
    return Room(room.top, room.left, room.bottom, room.right, room.share, (top, left, bottom, right))


def _turned_character(each: _Character) -> _Character:
    return _Character(each.y, each.y, (each.left + each.right) / 2, each.high, each.em)


def _without_strokes(
    rooms: Sequence[Room], characters: Sequence[_Character], low: float, pitch: float = 0.0
) -> Sequence[Room]:
    """The rooms, those together that only a character's stroke parts. characters: from top to bottom.

    low: em of the highest row in which a stroke may reach from rule to rule. pitch: and for each further line of it.
    """
    if not characters or len(rooms) > _MOST_LOW:
        return rooms
    order = sorted(rooms, key=lambda room: (room.top, room.left))
    parted = [(a, b, _through(a, b, characters, low, pitch)) for a, b in _neighbours(order)]
    joined: dict[int, Room] = {}
    for a, b, stroke in parted:
        if stroke:
            first = joined.pop(id(a), a)
            joined[id(b)] = _one_room(first, b)
            order.remove(a)
    whole = list(joined.values())
    kept = [joined.get(id(room), room) for room in order]
    return [room for room in kept if not any(other.holds(room) for other in whole)]


def _neighbours(rooms: Sequence[Room]) -> Iterator[tuple[Room, Room]]:
    """Rooms beside each other, as high as each other, nothing higher between; top to bottom, left to right.

    What is between them may be parts of characters, and rooms within the row.
    """
    rows: list[list[Room]] = []
    for room in rooms:
        row = next((row for row in reversed(rows) if _as_high(row[0], room)), None)
        if row is None:
            rows.append([room])
        else:
            row.append(room)
    for row in rows:
        row.sort(key=lambda room: room.left)
        for a, b in pairwise(row):
            if not any(_between(a, b, other) for other in rooms if other.right > a.right and other.left < b.left):
                yield a, b


def _between(a: Room, b: Room, other: Room) -> bool:
    """Whether a room that reaches out of their row stands between two rooms of a row."""
    reaches = other.top < a.top - _LEVEL or other.bottom > a.bottom + _LEVEL
    return reaches and other.top < a.bottom - _LEVEL and other.bottom > a.top + _LEVEL


def _as_high(a: Room, b: Room) -> bool:
    return abs(a.top - b.top) <= _LEVEL and abs(a.bottom - b.bottom) <= _LEVEL


def _through(a: Room, b: Room, characters: Sequence[_Character], low: float, pitch: float) -> bool:
    """Whether what parts two rooms runs through a character, or through one of each line that stands in them: strokes
    reach from rule to rule only where lines fill the row. No character is wider than an em: what stands between rooms
    further apart are rooms.
    """
    top, bottom = max(a.box[1], b.box[1]), min(a.box[3], b.box[3])
    first, last = sorted((a.box[2], b.box[0]))
    start, stop = bisect_left(characters, top, key=_height), bisect_right(characters, bottom, key=_height)
    met = [
        each
        for each in characters[start:stop]
        if each.em > 0
        and last - first <= each.em
        and max(0.0, first - each.right, each.left - last) <= _IN_CHARACTER * each.em
    ]
    lines = sum(after.y - before.y > before.high / 2 for before, after in pairwise(met))
    high = bottom - top
    if lines and pitch:  # strokes above each other are as long as a rule, and were led on at both ends
        high *= 1 - 2 * MISSED / max(2 * MISSED, a.bottom - a.top)
    return bool(met) and high <= (low + pitch * lines) * max(each.high for each in met)


def _one_room(a: Room, b: Room) -> Room:
    box = (a.box[0], min(a.box[1], b.box[1]), b.box[2], max(a.box[3], b.box[3]))
    return Room(a.left, min(a.top, b.top), b.right, max(a.bottom, b.bottom), min(a.share, b.share), box)


def _grid(rooms: Sequence[Room]) -> Grid | None:
    """The rooms of one frame as cells; None where there are fewer than two."""
    columns = _levels([(room.left, room.right) for room in rooms])
    rows = _levels([(room.top, room.bottom) for room in rooms])
    cells = [
        ((top, left, bottom - top, right - left), Box(*room.box))
        for room, (left, right), (top, bottom) in zip(rooms, columns, rows, strict=True)
        if left < right and top < bottom
    ]
    # parts of characters, of a black seal on a frame for one, are no cells
    if sum(max(room.right - room.left, room.bottom - room.top) >= _LARGE for room in rooms) < 2 or len(cells) < 2:
        return None
    cells.sort(key=lambda cell: cell[0][:2])
    return Grid(tuple(cell for cell, _ in cells), tuple(box for _, box in cells))


def _levels(sides: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Two sides of each room as numbers of grid lines, from 0.

    Sides are on one line where they are level, or where one room ends and the next begins but for a rule between them.
    """
    ends = sorted([(first, False) for first, _ in sides] + [(second, True) for _, second in sides])
    number: dict[tuple[float, bool], int] = {}
    line, last = -1, (float("-inf"), True)
    for side in ends:
        line += side[0] - last[0] > (_RULE if last[1] and not side[1] else _LEVEL)
        number[side], last = line, side
    spans = [(number[first, False], number[second, True]) for first, second in sides]
    # between some lines there is only the white of double rules
    filled = sorted({step for first, second in spans for step in range(first, second)})
    order = {step: index for index, step in enumerate(filled)}
    return [(order[first], order[second - 1] + 1) if first < second else (0, 0) for first, second in spans]


def _dealt(line: Line, grids: Sequence[Grid], held: list[list[tuple[int, Line]]]) -> list[Line]:
    """Put the line's pieces into `held`; answer those that stand in no table."""
    box = line.place.box
    if box is None or not grids:
        return [line]
    words = line.words or (Word(line.text, box, line.confidence),)
    homes = _beyond(words, [_home(word.box, grids) for word in words], grids)
    if len(set(homes)) == 1:
        return _put(homes[0], line, held)
    outside: list[Line] = []
    start = 0
    for end in range(1, len(words) + 1):
        if end == len(words) or homes[end] != homes[start]:
            outside.extend(_put(homes[start], _piece(line, start, end), held))
            start = end
    return outside


def _beyond(
    words: Sequence[Word], homes: Sequence[tuple[int, int] | None], grids: Sequence[Grid]
) -> list[tuple[int, int] | None]:
    """The words' homes; that of words that run out over a table's right side is the cell in which they begin.

    A narrow last column is printed so where its words cannot be broken: a telephone number.
    """
    found: list[tuple[int, int] | None] = []
    for word, home in zip(words, homes, strict=True):
        if home is None and found and found[-1] is not None and _goes_on(words[len(found) - 1], word):
            grid, cell = found[-1]
            home = found[-1] if _at_side(grids[grid], cell) else None
        elif home is None:
            home = _begun(word, grids)
        found.append(home)
    return found


def _goes_on(word: Word, after: Word) -> bool:
    return after.box.left - word.box.right < _wide(word)


def _wide(word: Word) -> float:
    """The width of one of its characters."""
    return word.box.width / max(1, len(word.text))


def _at_side(grid: Grid, cell: int) -> bool:
    _, column, _, span = grid.cells[cell]
    return column + span == max(first + wide for _, first, _, wide in grid.cells)


def _begun(word: Word, grids: Sequence[Grid]) -> tuple[int, int] | None:
    """The cell at a table's right side in which a word begins that is cut by that side."""
    home = _home(replace(word.box, right=word.box.left + _wide(word)), grids)
    if home is None or word.box.right <= grids[home[0]].box.right:
        return None
    return home if _at_side(grids[home[0]], home[1]) else None


def _put(home: tuple[int, int] | None, line: Line, held: list[list[tuple[int, Line]]]) -> list[Line]:
    if home is None:
        return [line]
    grid, cell = home
    held[grid].append((cell, line))
    return []


def _home(box: Box, grids: Sequence[Grid]) -> tuple[int, int] | None:
    """Which grid's which cell the box's centre is in; the smallest, where they are within each other.

    A centre on a rule (a bold character's own strokes are taken for one) belongs to the cell that has most of the box.
    """
    best: tuple[float, int, int] | None = None
    for number, grid in enumerate(grids):
        for index, area in enumerate(grid.boxes):
            if area.holds_middle_of(box):
                if area.height < _LOWEST * box.height:
                    continue  # the white within characters above a table
                if best is None or area.area < best[0]:
                    best = area.area, number, index
    return _nearest(box, grids) if best is None else best[1:]


def _nearest(box: Box, grids: Sequence[Grid]) -> tuple[int, int] | None:
    """The cell of the innermost grid around the box's centre that has at least _MOSTLY of the box."""
    around = [(grid.box.area, number) for number, grid in enumerate(grids) if grid.box.holds_middle_of(box)]
    if not around:
        return None
    _, number = min(around)
    shares = [
        (box.shared(area), -index)
        for index, area in enumerate(grids[number].boxes)
        if area.height >= _LOWEST * box.height
    ]
    share, index = max(shares, default=(0.0, 0))
    return (number, -index) if share >= _MOSTLY * box.area > 0 else None


def _piece(line: Line, start: int, end: int) -> Line:
    """The part of a line that words of it make, from one up to another."""
    words, spans = line.words[start:end], line.spans()
    return replace(
        line,
        text=line.text[spans[start][0] : spans[end - 1][1]],
        place=replace(line.place, box=Box.around(word.box for word in words)),
        confidence=sum(word.confidence for word in words) / len(words),
        words=words,
    )


def _table(grid: Grid, pieces: Sequence[tuple[int, Line]]) -> Table:
    inside: dict[int, list[Line]] = {}
    for index, line in pieces:
        inside.setdefault(index, []).append(line)
    cells = tuple(
        Cell(
            lines=_joined(inside.get(index, [])),
            row=cell[0],
            column=cell[1],
            row_span=cell[2],
            column_span=cell[3],
            place=Place(box=box),
        )
        for index, (cell, box) in enumerate(zip(grid.cells, grid.boxes, strict=True))
    )
    return Table(cells, Place(box=grid.box))


def _joined(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of one cell: pieces of one row are one line, and so is a column of single characters."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: _centre(_box(line))):
        if rows and _level(_box(rows[-1][-1]), _box(line)):
            rows[-1].append(line)
        else:
            rows.append([line])
    joined = [_one(sorted(row, key=lambda line: _box(line).left), spaced=True) for row in rows]
    if len(joined) > 1 and all(len(line.text) == 1 for line in joined):
        joined = [_one(joined, spaced=False)]
    return tuple(joined)


def _one(lines: Sequence[Line], *, spaced: bool) -> Line:
    if len(lines) == 1:
        return lines[0]
    text = (" " if spaced else "").join(line.text for line in lines)
    length = sum(len(line.text) for line in lines)
    return replace(
        lines[0],
        text=text,
        place=replace(lines[0].place, box=Box.around(_box(line) for line in lines)),
        confidence=sum(line.confidence * len(line.text) for line in lines) / max(1, length),
        words=tuple(word for line in lines for word in line.words),
    )


def _level(first: Box, second: Box) -> bool:
    overlap = min(first.bottom, second.bottom) - max(first.top, second.top)
    return overlap > 0.5 * min(first.height, second.height)


def _centre(box: Box) -> float:
    return (box.top + box.bottom) / 2


def _box(block: Block) -> Box:
    """The box of a block on a page; lines without one, which no engine makes, count as standing at its top."""
    return block.place.box or Box(0.0, 0.0, 0.0, 0.0)


def _merged(lines: Sequence[Line], tables: Sequence[Table]) -> tuple[Block, ...]:
    """Lines in their order, each table before the first line that starts below the table's top."""
    blocks: list[Block] = []
    waiting = list(tables)
    for line in lines:
        while waiting and _box(waiting[0]).top < _centre(_box(line)):
            blocks.append(waiting.pop(0))
        blocks.append(line)
    return (*blocks, *waiting)
