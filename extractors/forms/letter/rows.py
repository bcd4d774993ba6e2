"""A document as the rows of a letter, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.document import Box, Document, Line, Place, Story
from extractors.forms.letter.dates import is_date_row, mended
from extractors.forms.letter.row import Row
from extractors.forms.rows import Row as VisualRow
from extractors.forms.rows import rows_of
from extractors.forms.statement import least, source_of


def rows_of_letter(document: Document) -> list[Row]:
    """Lines in reading order; lines beside each other on a page joined."""
    rows: list[Row] = []
    pending: list[Line] = []

    def flush() -> None:
        for row in _side_by_side(rows_of(pending)):
            first = row.lines[0]
            rows.append(
                Row(
                    "  ".join(line.text for line in row.lines),
                    Place(first.place.page, row.box, first.place.path),
                    least(row.lines),
                    source_of(row.lines),
                    row.box.height,
                    any(line.under_seal for line in row.lines),
                )
            )
        pending.clear()

    for together in _columns(document):
        for line in together:
            if line.hidden or line.story in (Story.COMMENT, Story.FOOTER, Story.NOTE) or not line.text.strip():
                continue
            if line.place.box is None:
                flush()
                rows += [Row(text, line.place, line.confidence, line.source, 0.0) for text in line.text.splitlines()]
                continue
            if pending and pending[-1].place.page != line.place.page:
                flush()
            pending.append(line)
        flush()
    return [row for row in rows if row.text.strip()]


def _side_by_side(rows: Sequence[VisualRow]) -> list[VisualRow]:
    """The rows, those above two dates that stand beside each other one column after the other: who signs at the left,
    and who signs at the right."""
    for index, row in enumerate(rows):
        if len(row.lines) != 2 or not all(is_date_row(mended(line)) for line in row.lines):
            continue
        between = (_right_of(row.lines[0]) + _left_of(row.lines[1])) / 2
        first = index
        while first and len(above := rows[first - 1].lines) == 2 and _right_of(above[0]) < between < _left_of(above[1]):
            first -= 1
        columns = [
            VisualRow((each.lines[side],), _box_of(each.lines[side]))
            for side in (0, 1)
            for each in rows[first : index + 1]
        ]
        return [*rows[:first], *columns, *_side_by_side(rows[index + 1 :])]
    return list(rows)


def _box_of(line: Line) -> Box:
    assert line.place.box is not None  # rows are made of lines with boxes
    return line.place.box


def _left_of(line: Line) -> float:
    return _box_of(line).left


def _right_of(line: Line) -> float:
    return _box_of(line).right


def _columns(document: Document) -> Iterator[list[Line]]:
    """The lines in reading order, apart where they are no rows with those beside them: cells that hold several lines
    each are read one after the other (发函单位, its name and date | 结对单位, its name and date)."""
    together: list[Line] = []
    for block in document.blocks:
        if isinstance(block, Line):
            together.append(block)
            continue
        for cell in block.cells:
            if len(cell.lines) < 2:
                together += cell.lines
                continue
            yield together
            yield list(cell.lines)
            together = []
    yield together
