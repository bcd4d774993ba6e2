"""The room of a slot: which lines, which part of a page or which cell belong to it.

In a table it is the cell beside the label (all cells, where the label spans rows), else the cells below it, else the
label's own cell. Among lines it is what follows the label till the date, the next label or heading, on the next
page too. On the cover it is the line of the label; in a letter, signature and date, and the reply slip.

A seal is pressed over name and date (骑年盖月) and is larger than both: the area of lines reaches half a seal further.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.document import Box, Cell, Document, Line, Place, Seal, Source, Story, Table
from extractors.forms import letter as letters
from extractors.forms.asked import LONGEST, label_of, named
from extractors.forms.cuts import cuts
from extractors.forms.labels import Labels, normal_label
from extractors.forms.pages import marginal, whole_tables
from extractors.forms.rows import rows_of
from extractors.forms.spec import FormSpec, SlotFinder, SlotSpec
from extractors.forms.statement import is_heading, least, source_of
from extractors.values.characters import fold, squeeze
from extractors.values.dates import find_dates, is_blank_date, is_unread_date

_REACH = 0.08  # of the page's height: half a seal (45 mm on A4)
_SIDE = 0.12  # of its width
_OWN = 0.7  # of a line's area: lies within a seal
_ROWS = 16  # lines of a slot that no table bounds
_BELOW = 4  # rows of a table below a label that belong to it
_COVER = 40  # lines within which the cover ends
_STORIES = (Story.BODY, Story.TEXT_BOX, Story.PICTURE)
_MOST = 200  # rooms of a document
_ASKS = re.compile("盖章|签字|签章|单位公?章|填表日期")  # what forms print where a seal is to stand; no seal says so
_PARAGRAPH = re.compile(r"^paragraph (\d{1,7})(?: / |$)")


@dataclass(frozen=True, slots=True)
class Area:
    """Part of a page, or of a picture in flowing text (then path is the picture's). anchor: height of the date."""

    page: int | None
    path: str
    box: Box
    anchor: float


@dataclass(frozen=True, slots=True)
class Room:
    """Where a slot is. texts: its lines without the label, each with the line it comes from.

    areas: where it reaches on pages. paths: of its cells in flowing formats. flowing: it stands in flowing text outside
    tables. place: of the whole. confidence: of its label.
    """

    spec: SlotSpec
    texts: tuple[tuple[str, Line], ...]
    areas: tuple[Area, ...]
    paths: tuple[str, ...]
    place: Place
    confidence: float
    flowing: bool = False
    paragraphs: range = range(0)  # of the body, where it stands in flowing text outside tables

    def holds_paragraph(self, path: str) -> bool:
        """Whether something at a path stands in one of its paragraphs, blank ones too."""
        number = _PARAGRAPH.match(path)
        return number is not None and int(number[1]) in self.paragraphs


def find_rooms(document: Document, form: FormSpec) -> tuple[Room, ...]:
    """The rooms of a form's slots, in no order; perhaps several of one slot."""
    document = replace(document, blocks=tuple(_beside_seals(document)))
    boxes = tuple(spec for spec in form.slots if spec.finder is SlotFinder.BOX)
    rooms: list[Room] = []
    if boxes:
        blocks = whole_tables(document.blocks)
        tables = [block for block in blocks if isinstance(block, Table)]
        lines = document.lines
        for table in tables:
            rooms += _in_table(table, boxes, lines)
        rooms += _among_lines(replace(document, blocks=blocks), boxes)
    for spec in form.slots:
        if spec.finder is SlotFinder.COVER:
            rooms += _on_cover(document, spec)
    if any(spec.finder in (SlotFinder.SIGNATURE, SlotFinder.REPLY) for spec in form.slots):
        letter = letters.read_letter(document)
        rooms += [room for spec in form.slots for room in _in_letter(document, letter, spec)]
    return tuple(rooms[:_MOST])


# ------------------------------------------------------------------------------------------- seals' own text


def _beside_seals(document: Document) -> Iterator[Line | Table]:
    """The blocks, but for lines of sheets on which nothing is printed: all that was read lies within seals.

    That is what the seals themselves say (a part of a ring's name is read as a line): no seal stands in a slot that it
    makes itself.
    """
    printed: dict[tuple[int | None, str], bool] = {}
    for block in document.blocks:
        sheet = _sheet(block)
        printed[sheet] = printed.get(sheet, False) or isinstance(block, Table) or _is_printed(block, document.seals)
    return (block for block in document.blocks if printed[_sheet(block)])


def _is_printed(line: Line, seals: Sequence[Seal]) -> bool:
    """It stands in no seal, or asks for one, or it is a date as letters bear it (年月日); a stamp's middle has dots."""
    within = [seal for seal in seals if _lies_within(line.place, seal.place)]
    if not within or _ASKS.search(squeeze(line.text)):
        return True
    dated = "年" in line.text and (bool(find_dates(line.text)) or is_unread_date(line.text))
    return dated and not any(squeeze(line.text) in squeeze(seal.centre_text) for seal in within)


def _lies_within(place: Place, other: Place) -> bool:
    box, outer = place.box, other.box
    if box is None or outer is None or (place.page, place.path) != (other.page, other.path):
        return False
    return box.shared(outer) >= _OWN * box.area


# ----------------------------------------------------------------------------------------------- in tables


def _with_whole_rows(table: Table, specs: tuple[SlotSpec, ...]) -> Table:
    """The table, a label whose row a page break divides (省 / 级科协意见, or whole above it and nothing below) in one
    cell beside both parts."""
    below = {(cell.row, cell.column): cell for cell in table.cells}
    cells = list(table.cells)
    for cell in table.cells:
        rest = below.get((cell.row + cell.row_span, cell.column))
        if rest is None or None in (cell.place.page, rest.place.page) or cell.place.page == rest.place.page:
            continue
        parts = [named(text, specs, recognised=False) for text in (cell.text, rest.text, cell.text + rest.text)]
        blank = parts[0] is not None and not rest.text.strip()
        if blank or (parts[:2] == [None, None] and parts[2] is not None):
            whole = replace(cell, lines=cell.lines + rest.lines, row_span=cell.row_span + rest.row_span)
            cells = [whole if each is cell else each for each in cells if each is not rest]
    return table if len(cells) == len(table.cells) else replace(table, cells=tuple(cells))


def _in_table(table: Table, specs: tuple[SlotSpec, ...], lines: Sequence[Line]) -> Iterator[Room]:
    table = _with_whole_rows(table, specs)
    labels = {
        (cell.row, cell.column): spec
        for cell in table.cells
        if (spec := named(cell.text, specs, recognised=source_of(cell.lines) is Source.OCR)) is not None
    }
    for cell in table.cells:
        spec = labels.get((cell.row, cell.column))
        if spec is not None:
            cells = _beside(table, cell, labels) or _under(table, cell, labels)
            yield _room_of(spec, cells or [cell], [] if cells else [()], cell, lines)
            continue
        opened = [(number, found) for number, line in enumerate(cell.lines) if (found := label_of(line, specs))]
        if len(opened) == 1 and _above_is_empty(cell, opened[0][0]):
            number, (spec, rest) = opened[0]
            first = [(rest, cell.lines[number])] if rest.strip() else []
            below = [(line.text, line) for line in cell.lines[number + 1 :]]
            yield _room_of(spec, [cell], [(*first, *below)], cell, lines)


def _above_is_empty(cell: Cell, number: int) -> bool:
    return not any(line.text.strip() for line in cell.lines[:number])


def _beside(table: Table, label: Cell, labels: dict[tuple[int, int], SlotSpec]) -> list[Cell]:
    """The cells to the right of a label in all the rows that it spans, up to the next label."""
    rows = range(label.row, label.row + label.row_span)
    right = [
        cell
        for cell in table.cells
        if cell.row < rows.stop
        and cell.row + cell.row_span > rows.start
        and cell.column >= label.column + label.column_span
    ]
    end = min((cell.column for cell in right if (cell.row, cell.column) in labels), default=None)
    return [cell for cell in right if end is None or cell.column < end]


def _under(table: Table, label: Cell, labels: dict[tuple[int, int], SlotSpec]) -> list[Cell]:
    """The cells below a label, as wide as it is, till the next label or the first dated row."""
    found: list[Cell] = []
    first = label.row + label.row_span
    for row in range(first, first + _BELOW):
        cells = [
            cell
            for cell in table.cells
            if cell.row == row
            and cell.column < label.column + label.column_span
            and cell.column + cell.column_span > label.column
        ]
        if not cells or any((cell.row, cell.column) in labels for cell in cells):
            break
        wide = [cell for cell in table.cells if cell.row == row]
        if found and len(wide) > 1 and len(wide[0].text) <= 12 and wide[0] in cells:
            break  # a row of label and value: the form goes on
        found += cells
        if any(find_dates(cell.text) or _blank_date_in(cell.text) for cell in cells):
            break
    return found


def _blank_date_in(text: str) -> bool:
    return any(is_blank_date(line) or is_unread_date(line) for line in text.split("\n"))


def _room_of(
    spec: SlotSpec,
    cells: Sequence[Cell],
    texts: Sequence[tuple[tuple[str, Line], ...]],
    label: Cell,
    lines: Sequence[Line],
) -> Room:
    """texts: the lines where they are not all of the cells' own."""
    paths = tuple(cell.place.path for cell in cells if cell.place.box is None and cell.place.path)
    own = [pair for part in texts for pair in part] if texts else [(line.text, line) for c in cells for line in c.lines]
    known = {id(line) for cell in (*cells, label) for line in cell.lines}
    nested = [
        (line.text, line)
        for line in lines
        if paths
        and id(line) not in known
        and any(line.place.path.startswith(f"{path} / ") for path in paths)
        and line.story is not Story.PICTURE
    ]
    boxed = [(cell.place, box) for cell in cells if (box := cell.place.box) is not None]
    areas = tuple(Area(place.page, _picture_of(place), box, box.bottom) for place, box in boxed)
    place = cells[0].place
    if boxed:
        same = [box for other, box in boxed if other.page == place.page]
        place = replace(place, box=Box.around(same))
    return Room(spec, tuple(own + nested), areas, paths, place, label.confidence)


# ------------------------------------------------------------------------------------------- among lines


def _sheet(line: Line | Table) -> tuple[int | None, str]:
    """Lines with boxes can be compared within a page, or a picture of flowing text."""
    return line.place.page, _picture_of(line.place)


def _picture_of(place: Place) -> str:
    """The picture of flowing text in which something stands; "" for what has a page, whatever cell it is in."""
    return place.path if place.box is not None and place.page is None else ""


def _runs(document: Document) -> Iterator[list[Line]]:
    """The lines between tables, over the ends of pages; lines beside each other are put together."""
    run: list[Line] = []
    page: list[Line] = []
    for block in document.blocks:
        if page and (isinstance(block, Table) or _sheet(page[-1]) != _sheet(block)):
            run += _rows(page)
            page = []
        if isinstance(block, Table):
            yield run
            run = []
        elif not block.hidden and block.story in _STORIES and not marginal(block):
            page.append(block)
    yield run + _rows(page)


def _rows(run: list[Line]) -> list[Line]:
    boxed = [line for line in run if line.place.box is not None]
    if not boxed:
        return run
    return [
        replace(
            row.lines[0],
            text="  ".join(line.text for line in row.lines),
            place=replace(row.lines[0].place, box=row.box),
            confidence=least(row.lines),
            source=source_of(row.lines),
            under_seal=any(line.under_seal for line in row.lines),
        )
        for row in rows_of(boxed)
    ]


def _among_lines(document: Document, specs: tuple[SlotSpec, ...]) -> Iterator[Room]:
    for run in _runs(document):
        for index, line in enumerate(run):
            opened = label_of(line, specs)
            if opened is None:
                continue
            spec, rest = opened
            following = _till_date(run[index + 1 : index + 1 + _ROWS], specs)
            texts = [(rest, line)] if rest.strip() else []
            texts += [(each.text, each) for each in following]
            yield _lines_room(spec, texts, [line, *following], line)


def _till_date(lines: Sequence[Line], specs: tuple[SlotSpec, ...]) -> list[Line]:
    found: list[Line] = []
    for line in lines:
        if is_heading(line.text) or label_of(line, specs) is not None:
            break
        found.append(line)
        if _is_date(line.text):
            break
    return found


def _is_date(text: str) -> bool:
    """A line that is a date, perhaps blank, and little else."""
    bare = fold(text)
    tail = re.split(r"[:：]|\s{2,}", bare)[-1]
    if any(part and (is_blank_date(part) or is_unread_date(part)) for part in (bare, tail)):
        return True
    dates = find_dates(text)
    return bool(dates) and len(squeeze(text)) <= 40 and dates[-1].end >= len(bare.rstrip()) - 1


def _lines_room(
    spec: SlotSpec,
    texts: Sequence[tuple[str, Line]],
    lines: Sequence[Line],
    label: Line,
    *,
    bottom: float = 1.0,
    heading: bool = False,
) -> Room:
    """bottom: where the room ends at the latest, as a fraction of the page. heading: it begins with one, above which
    nobody puts a seal."""
    areas: list[Area] = []
    for page, path in dict.fromkeys(_sheet(line) for line in lines):
        boxes = [box for line in lines if _sheet(line) == (page, path) and (box := line.place.box) is not None]
        if boxes:
            around = Box.around(boxes)
            top = around.top if heading and not areas else around.top - _REACH / 2
            reach = Box(around.left - _SIDE, top, around.right + _SIDE, min(bottom, around.bottom + _REACH))
            areas.append(Area(page, path, reach, (boxes[-1].top + boxes[-1].bottom) / 2))
    paths = tuple(line.place.path for line in lines if line.place.box is None)
    flowing = not areas and not any("table " in path for path in paths)
    own = [line.place.box for line in lines if line.place.box is not None and _sheet(line) == _sheet(lines[0])]
    place = replace(lines[0].place, box=Box.around(own)) if own else lines[0].place
    numbers = [int(number[1]) for path in paths if (number := _PARAGRAPH.match(path))]
    # a seal is put into the paragraph of the date, or the blank one next to it
    paragraphs = range(min(numbers), max(numbers) + 2) if flowing and numbers else range(0)
    return Room(spec, tuple(texts), tuple(areas), paths, place, label.confidence, flowing, paragraphs)


# ---------------------------------------------------------------------------------------------- the cover


def _on_cover(document: Document, spec: SlotSpec) -> Iterator[Room]:
    """The first line before any heading or table that one of the labels opens; and wherever else outside tables one
    asks for a seal, as forms do at their foot: 申报单位（盖章）."""
    yield from _first_on_cover(document, spec)
    known = {normal_label(label) for label in spec.labels}
    for run in _runs(document):
        for index, line in enumerate(run):
            label = re.split("[:：]", line.text)[0]
            if "章" in label and len(label) <= LONGEST and normal_label(label) in known:
                dated = next((each for each in run[index + 1 : index + 3] if _is_date(each.text)), None)
                texts = [(dated.text, dated)] if dated is not None else []
                yield _lines_room(spec, texts, [line, *([dated] if dated is not None else [])], line)


def _first_on_cover(document: Document, spec: SlotSpec) -> Iterator[Room]:
    labels = Labels(frozenset(normal_label(label) for label in spec.labels), ())
    for run in _runs(document):
        for index, line in enumerate(run[:_COVER]):
            if is_heading(line.text):
                return
            found = [cut for cut in cuts(line.text, labels, recognised=line.source is Source.OCR) if cut.match]
            if found:
                dated = next((each for each in run[index + 1 : index + 8] if _is_date(each.text)), None)
                texts = [(dated.text, dated)] if dated is not None else []
                yield _lines_room(spec, texts, [line], line)
                return
        table = next((block for block in document.blocks[: len(run) + 1] if isinstance(block, Table)), None)
        if table is not None:
            yield from _in_cover_table(table, spec, labels)
            return


def _in_cover_table(table: Table, spec: SlotSpec, labels: Labels) -> Iterator[Room]:
    """A row of the cover's table whose label asks for a seal: 申报单位（盖章） | 中国林学会."""
    for cell in table.cells:
        recognised = source_of(cell.lines) is Source.OCR
        if "章" not in cell.text or labels.match(cell.text, recognised=recognised) is None:
            continue
        beside = [line for other in table.cells if other.row == cell.row for line in other.lines]
        yield _lines_room(spec, [], beside, cell.lines[0])
        return


# --------------------------------------------------------------------------------------------- the letter


def _in_letter(document: Document, letter: letters.Letter, spec: SlotSpec) -> Iterator[Room]:
    if spec.finder is SlotFinder.SIGNATURE:
        rows = letters.signature_block(letter)
        if rows:
            slip = letter.rows[letter.slip].place if letter.slip >= 0 else None
            last, bottom = rows[-1].place, 1.0
            if slip is not None and slip.box is not None and last.box is not None and slip.page == last.page:
                bottom = slip.box.top if slip.box.top > last.box.top else 1.0  # it may stand beside the signature
            yield _letter_room(spec, rows, bottom=bottom)
    elif spec.finder is SlotFinder.REPLY:
        rows = letters.reply_block(letter)
        if rows:
            yield _letter_room(spec, rows, heading=True)
        else:
            yield from _countersigned(document, letter, spec)


def _letter_room(spec: SlotSpec, rows: Sequence[letters.Row], *, bottom: float = 1.0, heading: bool = False) -> Room:
    lines = [Line(row.text, row.place, row.confidence, source=row.source) for row in rows]
    return _lines_room(spec, [(line.text, line) for line in lines], lines, lines[0], bottom=bottom, heading=heading)


def _countersigned(document: Document, letter: letters.Letter, spec: SlotSpec) -> Iterator[Room]:
    """No slip, but the addressee signs below the letter: its name again, with a place for its seal or a date."""
    addressee = letters.addressee(letter)
    if addressee is None or not addressee.value:
        return
    name = _short(addressee.value)
    lines = [line for line in document.iter_lines() if not line.hidden]
    start = next((i for i, line in enumerate(lines) if name in _short(line.text)), len(lines)) + 1
    for index in range(start, len(lines)):
        text = _short(lines[index].text)
        bare = re.sub(r"[(（][^()（）]{0,10}章[)）]|[:：]", "", text)
        if bare != name:
            continue
        dated = next((line for line in lines[index + 1 : index + 5] if _is_date(line.text)), None)
        used = [lines[index], *([dated] if dated is not None else [])]
        yield _lines_room(spec, [(line.text, line) for line in used], used, lines[index])
        return


def _short(name: str) -> str:
    return squeeze(name).replace("科学技术协会", "科协")
