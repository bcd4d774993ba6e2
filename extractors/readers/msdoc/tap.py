"""Table properties of a row (2.6.3): where its cells begin and end, and which are merged.

They are stored with the mark that ends the row. sprmTDefTable (2.9.317) defines the cells; later sprms change some.
"""

from __future__ import annotations

import struct
from dataclasses import replace

from extractors.readers.grid import Shape
from extractors.readers.msdoc import sprm
from extractors.readers.msdoc.binary import i16

MAX_CELLS = 64  # 2.9.317: NumberOfColumns is at most 63
_TC80 = 20


def read(grpprl: bytes) -> tuple[Shape, ...]:
    """The cells of a row from the grpprl of its row mark; () where it defines none."""
    cells: list[Shape] = []
    for code, operand in sprm.iter_sprms(grpprl):
        if code in (sprm.T_DEF_TABLE, sprm.T_DEF_TABLE_10):
            cells = _defined(operand)
        elif code in _CHANGES and cells and operand:
            cells = _CHANGES[code](cells, operand)
    return tuple(cells)


def _defined(operand: bytes) -> list[Shape]:
    """2.9.317 TDefTableOperand: a count, one more edges than cells, and a TC80 (2.9.315) for each cell or fewer."""
    if not operand:
        return []
    count = min(operand[0], MAX_CELLS, (len(operand) - 3) // 2)
    if count <= 0:
        return []
    edges = struct.unpack_from(f"<{count + 1}h", operand, 1)
    base = 1 + 2 * (count + 1)
    flags = [
        int.from_bytes(operand[at : at + 2], "little") for at in range(base, base + count * _TC80, _TC80)
    ]  # of cells that have no TC80, 0
    merges = _horizontal([flag & 3 for flag in flags])
    return [
        Shape(
            left=edges[index],
            right=max(edges[index], edges[index + 1]),
            first=merges[index] == _FIRST,
            merged=merges[index] == _MERGED,
            restarts=bool(flags[index] & 0x40),
            continues=flags[index] & 0x60 == 0x20,
        )
        for index in range(count)
    ]


_FIRST, _MERGED = 1, 2


def _horizontal(kinds: list[int]) -> list[int]:
    """Which cells are first of merged ones and which are merged into them, from TCGRF.horzMerge (2.9.312).

    The specification calls 2 the first and 1 the others; files and other readers have it the other way round, too. In
    a row both must alternate, so whatever begins a run of merged cells is the first. A run of one kind alone merges
    nothing.
    """
    found = [0] * len(kinds)
    at = 0
    while at < len(kinds):
        end = at
        while end < len(kinds) and kinds[end]:
            end += 1
        leader = kinds[at]
        if len(set(kinds[at:end])) > 1:
            found[at:end] = [_FIRST if kind == leader else _MERGED for kind in kinds[at:end]]
        at = max(end, at + 1)
    return found


def _range(cells: list[Shape], operand: bytes) -> tuple[int, int]:
    """2.9.128 ItcFirstLim: the first cell and the one after the last, within the row."""
    first = min(operand[0], len(cells))
    return first, max(first, min(operand[1] if len(operand) > 1 else first, len(cells)))


def _merge(cells: list[Shape], operand: bytes) -> list[Shape]:
    first, limit = _range(cells, operand)
    return [
        replace(cell, first=index == first, merged=index > first) if first <= index < limit else cell
        for index, cell in enumerate(cells)
    ]


def _split(cells: list[Shape], operand: bytes) -> list[Shape]:
    first, limit = _range(cells, operand)
    return [
        replace(cell, first=False, merged=False) if first <= index < limit else cell for index, cell in enumerate(cells)
    ]


def _vert_merge(cells: list[Shape], operand: bytes) -> list[Shape]:
    """2.9.345 VertMergeOperand: a cell's index and 0 (none), 1 (continues) or 3 (restarts)."""
    index, kind = operand[0], operand[1] if len(operand) > 1 else 0
    if index < len(cells):
        cells[index] = replace(cells[index], restarts=kind == 3, continues=kind == 1)
    return cells


def _insert(cells: list[Shape], operand: bytes) -> list[Shape]:
    """2.9.325 TInsertOperand: first, how many, and their width."""
    if len(operand) < 4:
        return cells
    first, count = min(operand[0], len(cells)), min(operand[1], MAX_CELLS - len(cells))
    width = max(0, i16(operand, 2, "sprmTInsert"))
    left = cells[first].left if first < len(cells) else cells[-1].right
    new = [Shape(left + i * width, left + (i + 1) * width) for i in range(max(0, count))]
    return cells[:first] + new + [_moved(cell, width * len(new)) for cell in cells[first:]]


def _delete(cells: list[Shape], operand: bytes) -> list[Shape]:
    first, limit = _range(cells, operand)
    gone = sum(cell.right - cell.left for cell in cells[first:limit])
    return cells[:first] + [_moved(cell, -gone) for cell in cells[limit:]]


def _width(cells: list[Shape], operand: bytes) -> list[Shape]:
    """2.9.319 TDxaColOperand: cells of a range all get one width."""
    if len(operand) < 4:
        return cells
    first, limit = _range(cells, operand)
    width = max(0, i16(operand, 2, "sprmTDxaCol"))
    placed: list[Shape] = []
    left = cells[0].left
    for index, cell in enumerate(cells):
        right = left + (width if first <= index < limit else cell.right - cell.left)
        placed.append(replace(cell, left=left, right=right))
        left = right
    return placed


def _left(cells: list[Shape], operand: bytes) -> list[Shape]:
    """sprmTDxaLeft moves the whole row."""
    if len(operand) < 2:
        return cells
    shift = i16(operand, 0, "sprmTDxaLeft") - cells[0].left
    return [_moved(cell, shift) for cell in cells]


def _moved(cell: Shape, by: int) -> Shape:
    return replace(cell, left=cell.left + by, right=cell.right + by)


_CHANGES = {
    sprm.T_MERGE: _merge,
    sprm.T_SPLIT: _split,
    sprm.T_VERT_MERGE: _vert_merge,
    sprm.T_INSERT: _insert,
    sprm.T_DELETE: _delete,
    sprm.T_DXA_COL: _width,
    sprm.T_DXA_LEFT: _left,
}
