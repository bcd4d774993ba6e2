"""The only place that knows both our types and the wire types of a reading. Proven by round trip."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar

from extractors.document import (
    Block,
    Box,
    Cell,
    Defect,
    Document,
    Field,
    FieldState,
    Half,
    Line,
    Page,
    Picture,
    Place,
    Presence,
    Reading,
    Seal,
    SealColour,
    SealShape,
    Slot,
    Source,
    Story,
    Table,
    Word,
)
from extractors.errors import ReadError
from extractors.forms.instructions import without_instructions
from heyan.v1 import document_pb2 as pb

STORIES = {
    Story.BODY: pb.STORY_BODY,
    Story.HEADER: pb.STORY_HEADER,
    Story.FOOTER: pb.STORY_FOOTER,
    Story.NOTE: pb.STORY_NOTE,
    Story.COMMENT: pb.STORY_COMMENT,
    Story.TEXT_BOX: pb.STORY_TEXT_BOX,
    Story.PICTURE: pb.STORY_PICTURE,
}
SOURCES = {Source.TEXT: pb.SOURCE_TEXT, Source.OCR: pb.SOURCE_OCR}
SHAPES = {
    SealShape.ROUND: pb.SEAL_SHAPE_ROUND,
    SealShape.OVAL: pb.SEAL_SHAPE_OVAL,
    SealShape.SQUARE: pb.SEAL_SHAPE_SQUARE,
    SealShape.RECTANGLE: pb.SEAL_SHAPE_RECTANGLE,
    SealShape.TRIANGLE: pb.SEAL_SHAPE_TRIANGLE,
    SealShape.DIAMOND: pb.SEAL_SHAPE_DIAMOND,
    SealShape.OTHER: pb.SEAL_SHAPE_OTHER,
}
COLOURS = {
    SealColour.RED: pb.SEAL_COLOUR_RED,
    SealColour.PURPLE: pb.SEAL_COLOUR_PURPLE,
    SealColour.BLUE: pb.SEAL_COLOUR_BLUE,
    SealColour.BLACK: pb.SEAL_COLOUR_BLACK,
}
STATES = {
    FieldState.FOUND: pb.FIELD_STATE_FOUND,
    FieldState.BLANK: pb.FIELD_STATE_BLANK,
    FieldState.ABSENT: pb.FIELD_STATE_ABSENT,
    FieldState.UNCLEAR: pb.FIELD_STATE_UNCLEAR,
}

PRESENCES = {
    Presence.PRESENT: pb.PRESENCE_PRESENT,
    Presence.ABSENT: pb.PRESENCE_ABSENT,
    Presence.UNSURE: pb.PRESENCE_UNSURE,
}

HALVES = {
    Half.WHOLE: pb.PAGE_HALF_WHOLE,
    Half.LEFT: pb.PAGE_HALF_LEFT,
    Half.RIGHT: pb.PAGE_HALF_RIGHT,
}

Ours = TypeVar("Ours", bound=StrEnum)
Wire = TypeVar("Wire", bound=int)


def ours(table: dict[Ours, Wire], value: int, default: Ours) -> Ours:
    """The name of ours for a wire value; `default` for unspecified ones and for those of newer callers."""
    return next((ours for ours, wire in table.items() if wire == value), default)


# ------------------------------------------------------------------------------------------- to the wire


def reading_to_proto(reading: Reading) -> pb.Reading:
    """A readable file's reading. The caller adds file name, hash and size."""
    return pb.Reading(
        document=_document(reading.document),
        kind=reading.kind,
        kind_confidence=reading.kind_confidence,
        fields=[_field(field) for field in reading.fields],
        seals=[_seal(seal) for seal in reading.seals],
        slots=[_slot(slot) for slot in reading.slots],
    )


def unreadable_to_proto(error: ReadError) -> pb.Reading:
    """The reading of a file that could not be read."""
    return pb.Reading(
        unreadable=pb.Unreadable(code=error.code, message=pb.LocalizedText(zh=error.zh, en=error.en)),
    )


def shorten(reading: pb.Reading) -> None:
    """Leave out what a BASIC view leaves out: text, blocks and tables."""
    for name in ("text", "blocks", "tables"):
        reading.document.ClearField(name)


def drop_pictures(reading: pb.Reading) -> None:
    """Leave out previews of pages and crops of seals."""
    for page in reading.document.pages:
        page.ClearField("preview")
    for seal in reading.seals:
        seal.ClearField("picture")


def place_to_proto(place: Place) -> pb.Place:
    return pb.Place(page=place.page or 0, box=_box(place.box) if place.box else None, path=place.path)


def _box(box: Box) -> pb.Box:
    return pb.Box(left=box.left, top=box.top, right=box.right, bottom=box.bottom)


def _line(line: Line) -> pb.Line:
    return pb.Line(
        text=line.text,
        place=place_to_proto(line.place),
        confidence=line.confidence,
        words=[pb.Word(text=word.text, box=_box(word.box), confidence=word.confidence) for word in line.words],
        story=STORIES[line.story],
        source=SOURCES[line.source],
        hidden=line.hidden,
        number=line.number,
        style=line.style,
        level=line.level,
        engine=line.engine,
        under_seal=line.under_seal,
    )


def _cell(cell: Cell) -> pb.Cell:
    return pb.Cell(
        text=cell.text,
        row=cell.row,
        column=cell.column,
        row_span=cell.row_span,
        column_span=cell.column_span,
        place=place_to_proto(cell.place),
        lines=[_line(line) for line in cell.lines],
        width_mm=cell.width_mm or 0.0,
    )


def _document(document: Document) -> pb.Document:
    message = pb.Document(
        format=document.format,
        text=document.text,
        pages=[
            pb.Page(
                number=page.number,
                source=SOURCES[page.source],
                width_mm=page.width_mm or 0.0,
                height_mm=page.height_mm or 0.0,
                dpi=page.dpi or 0.0,
                rotation=page.rotation,
                preview=page.preview,
                sheet=page.sheet,
                half=HALVES[page.half],
                attachment=page.attachment,
                file=page.file,
            )
            for page in document.pages
        ],
        pictures=[
            pb.Picture(
                place=place_to_proto(picture.place),
                width=picture.width,
                height=picture.height,
                media_type=picture.media_type,
            )
            for picture in document.pictures
        ],
        properties=[pb.Property(name=name, value=value) for name, value in document.properties],
        defects=[
            pb.Defect(
                code=defect.code,
                message=pb.LocalizedText(zh=defect.zh, en=defect.en),
                place=place_to_proto(defect.place),
                blind=defect.blind,
            )
            for defect in document.defects
        ],
        handwriting=[place_to_proto(place) for place in document.handwriting],
    )
    for block in document.blocks:
        if isinstance(block, Line):
            message.blocks.add(line=_line(block))
        else:
            message.blocks.add(table=len(message.tables))
            message.tables.add(
                rows=block.rows,
                columns=block.columns,
                place=place_to_proto(block.place),
                cells=[_cell(cell) for cell in block.cells],
            )
    return message


def _seal(seal: Seal) -> pb.Seal:
    return pb.Seal(
        shape=SHAPES[seal.shape],
        colour=COLOURS[seal.colour],
        text=seal.text,
        centre_text=seal.centre_text,
        code=seal.code,
        place=place_to_proto(seal.place),
        angle=seal.angle,
        diameter_mm=seal.diameter_mm or 0.0,
        legibility=seal.legibility,
        confidence=seal.confidence,
        picture=seal.picture,
        impression=seal.impression,
        polygon=[pb.Point(x=x, y=y) for x, y in seal.polygon],
        visible=seal.visible,
        across=seal.across,
        centre_confidence=seal.centre_confidence,
        code_confidence=seal.code_confidence,
        alternatives=seal.alternatives,
    )


def _field(field: Field) -> pb.Field:
    return pb.Field(
        id=field.id,
        value=field.value,
        raw=field.raw,
        state=STATES[field.state],
        place=place_to_proto(field.place) if field.place else None,
        confidence=field.confidence,
        engine=field.engine,
        rows=[pb.FieldRow(fields=[_field(each) for each in row]) for row in field.rows],
        unit=field.unit,
    )


def _slot(slot: Slot) -> pb.Slot:
    return pb.Slot(
        id=slot.id,
        place=place_to_proto(slot.place),
        opinion=slot.opinion,
        signature=PRESENCES[slot.signature],
        signature_place=place_to_proto(slot.signature_place) if slot.signature_place else None,
        date=slot.date,
        date_raw=slot.date_raw,
        seals=slot.seals,
        confidence=slot.confidence,
    )


# ----------------------------------------------------------------------------------------- from the wire


def summary_from_proto(message: pb.Reading) -> Reading:
    """Our reading of a readable file without its blocks; the message keeps them no longer."""
    for name in ("text", "blocks", "tables"):
        message.document.ClearField(name)
    return reading_from_proto(message)


def lines_from_proto(message: pb.Document) -> Iterator[tuple[str, Place]]:
    """What a document says, line by line with its page or path, without the form's own instructions.

    Where blocks were not sent, the lines of its text.
    """
    if not message.blocks:
        yield from ((line, Place()) for line in message.text.split("\n"))
        return
    blocks: list[Block] = []
    for block in message.blocks:
        if block.HasField("line"):
            blocks.append(_plain_line(block.line))
        elif block.table < len(message.tables):
            cells = message.tables[block.table].cells
            lines = [_plain_line(line) for cell in cells for line in cell.lines]
            blocks.append(Table((Cell(tuple(lines), 0, 0, Place()),), Place()))
    for kept in without_instructions(blocks):
        for line in (kept,) if isinstance(kept, Line) else kept.cells[0].lines:
            yield line.text, line.place


def _plain_line(message: pb.Line) -> Line:
    """Its text and place: the page, or the path where there are no pages."""
    return Line(message.text, Place(message.place.page or None, path="" if message.place.page else message.place.path))


def reading_from_proto(message: pb.Reading) -> Reading:
    """Our reading of a readable file. A message of which nothing is set gives an empty document of kind "other"."""
    return Reading(
        document=_document_from(message.document, tuple(_seal_from(seal) for seal in message.seals)),
        kind=message.kind or "other",
        kind_confidence=message.kind_confidence,
        fields=tuple(_field_from(field) for field in message.fields),
        slots=tuple(_slot_from(slot, len(message.seals)) for slot in message.slots),
    )


def place_from_proto(message: pb.Place) -> Place:
    box = message.box
    return Place(
        page=message.page or None,
        box=Box(box.left, box.top, box.right, box.bottom) if message.HasField("box") else None,
        path=message.path,
    )


def _line_from(message: pb.Line) -> Line:
    return Line(
        text=message.text,
        place=place_from_proto(message.place),
        confidence=message.confidence,
        words=tuple(
            Word(word.text, Box(word.box.left, word.box.top, word.box.right, word.box.bottom), word.confidence)
            for word in message.words
        ),
        story=ours(STORIES, message.story, Story.BODY),
        source=ours(SOURCES, message.source, Source.TEXT),
        hidden=message.hidden,
        number=message.number,
        style=message.style,
        level=message.level,
        engine=message.engine,
        under_seal=message.under_seal,
    )


def _table_from(message: pb.Table) -> Table:
    return Table(
        cells=tuple(
            Cell(
                lines=tuple(_line_from(line) for line in cell.lines),
                row=cell.row,
                column=cell.column,
                place=place_from_proto(cell.place),
                row_span=max(1, cell.row_span),
                column_span=max(1, cell.column_span),
                width_mm=cell.width_mm or None,
            )
            for cell in message.cells
        ),
        place=place_from_proto(message.place),
    )


def _document_from(message: pb.Document, seals: tuple[Seal, ...]) -> Document:
    blocks: list[Block] = []
    for block in message.blocks:
        if block.HasField("line"):
            blocks.append(_line_from(block.line))
        elif block.table < len(message.tables):
            blocks.append(_table_from(message.tables[block.table]))
    return Document(
        format=message.format,
        pages=tuple(
            Page(
                number=page.number,
                source=ours(SOURCES, page.source, Source.TEXT),
                width_mm=page.width_mm or None,
                height_mm=page.height_mm or None,
                dpi=page.dpi or None,
                rotation=page.rotation,
                preview=page.preview,
                sheet=page.sheet,
                half=ours(HALVES, page.half, Half.WHOLE),
                attachment=page.attachment,
                file=page.file,
            )
            for page in message.pages
        ),
        blocks=tuple(blocks),
        pictures=tuple(
            Picture(place_from_proto(picture.place), picture.width, picture.height, picture.media_type)
            for picture in message.pictures
        ),
        seals=seals,
        properties=tuple((each.name, each.value) for each in message.properties),
        defects=tuple(
            Defect(each.code, each.message.zh, each.message.en, place_from_proto(each.place), each.blind)
            for each in message.defects
        ),
        handwriting=tuple(place_from_proto(place) for place in message.handwriting),
    )


def _seal_from(message: pb.Seal) -> Seal:
    return Seal(
        shape=ours(SHAPES, message.shape, SealShape.OTHER),
        colour=ours(COLOURS, message.colour, SealColour.RED),
        text=message.text,
        place=place_from_proto(message.place),
        centre_text=message.centre_text,
        code=message.code,
        angle=message.angle if message.HasField("angle") else None,
        diameter_mm=message.diameter_mm or None,
        legibility=message.legibility,
        confidence=message.confidence,
        picture=message.picture,
        impression=message.impression,
        polygon=tuple((point.x, point.y) for point in message.polygon),
        visible=message.visible if message.HasField("visible") else 1.0,
        across=message.across,
        centre_confidence=message.centre_confidence,
        code_confidence=message.code_confidence,
        alternatives=tuple(message.alternatives),
    )


def _field_from(message: pb.Field) -> Field:
    return Field(
        id=message.id,
        value=message.value,
        raw=message.raw,
        state=ours(STATES, message.state, FieldState.FOUND if message.value else FieldState.ABSENT),
        place=place_from_proto(message.place) if message.HasField("place") else None,
        confidence=message.confidence,
        engine=message.engine,
        rows=tuple(tuple(_field_from(each) for each in row.fields) for row in message.rows),
        unit=message.unit,
    )


def _slot_from(message: pb.Slot, seals: int) -> Slot:
    """seals: how many the reading has; indices beyond are a caller's mistake and left out."""
    return Slot(
        id=message.id,
        place=place_from_proto(message.place),
        opinion=message.opinion,
        signature=ours(PRESENCES, message.signature, Presence.UNSURE),
        signature_place=place_from_proto(message.signature_place) if message.HasField("signature_place") else None,
        date=message.date,
        date_raw=message.date_raw,
        seals=tuple(index for index in message.seals if index < seals),
        confidence=message.confidence,
    )
