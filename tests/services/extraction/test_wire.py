"""What goes over the wire comes back the same."""

from __future__ import annotations

from dataclasses import fields

import pytest

from extractors import errors
from extractors.document import (
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
from heyan.v1 import document_pb2 as pb
from services.extraction import wire

BOX = Box(0.125, 0.25, 0.5, 0.75)
PLACE = Place(page=2, box=BOX, path="table 1 / row 2 / cell 3")


def reading() -> Reading:
    line = Line(
        "申报单位",
        PLACE,
        0.5,
        (Word("申", BOX, 0.25), Word("报", BOX, 0.75)),
        Story.HEADER,
        Source.OCR,
        True,
        "一、",
        "标题 1",
        1,
        "rapidocr",
        True,
    )
    table = Table(
        (
            Cell((line,), 0, 0, PLACE, 2, 3, 25.5),
            Cell((), 0, 3, Place(path="table 1 / row 1 / cell 2")),
        ),
        PLACE,
    )
    seal = Seal(
        SealShape.OVAL,
        SealColour.BLUE,
        "中国林学会",
        PLACE,
        "财务专用章",
        "1101080000001",
        -12.5,
        45.0,
        0.5,
        0.75,
        b"png",
        b"texture",
        centre_confidence=0.625,
        code_confidence=0.875,
        alternatives=("中国材学会", "中国杯学会"),
    )
    document = Document(
        "pdf",
        (
            Page(1, Source.OCR, 210.0, 297.0, 200.0, 90, b"jpeg", 3, Half.RIGHT, 2),
            Page(2, Source.TEXT),
        ),
        (line, table, Line("正文", Place())),
        (Picture(PLACE, 100, 200, "image/jpeg"),),
        (seal, Seal(SealShape.ROUND, SealColour.RED, "", Place(page=1, box=BOX))),
        (("title", "申报书"),),
        (Defect("has_macros", "含宏", "has macros", PLACE, True),),
    )
    amount = Field("amount", "50000", "5万元", FieldState.FOUND, PLACE, 0.5, "rapidocr")
    rows = Field("budget_items", "", rows=((Field("item", "培训费"), amount),))
    blank = Field("leader_name", "", "", FieldState.BLANK)
    return Reading(
        document, "application_form", 0.75, (amount, rows, blank, Field("partner", "", "?", FieldState.UNCLEAR))
    )


def test_a_reading_comes_back_the_same() -> None:
    assert wire.reading_from_proto(wire.reading_to_proto(reading())) == reading()


def test_it_survives_serialisation() -> None:
    message = pb.Reading.FromString(wire.reading_to_proto(reading()).SerializeToString())
    assert wire.reading_from_proto(message) == reading()


def test_the_empty_message_is_an_empty_document() -> None:
    assert wire.reading_from_proto(pb.Reading()) == Reading(Document(""))


def test_a_summary_leaves_the_lines_out_and_they_can_be_had_with_their_places() -> None:
    message = wire.reading_to_proto(reading())
    assert list(wire.lines_from_proto(message.document)) == [
        ("申报单位", Place(page=2)),
        ("申报单位", Place(page=2)),
        ("正文", Place()),
    ]
    summary = wire.summary_from_proto(message)
    assert summary.document.blocks == ()
    assert (summary.fields, summary.seals) == (reading().fields, reading().seals)


def test_without_blocks_there_are_the_lines_of_the_text() -> None:
    assert list(wire.lines_from_proto(pb.Document(text="甲\n乙"))) == [("甲", Place()), ("乙", Place())]


def test_every_name_has_a_wire_value_and_every_wire_value_a_name() -> None:
    for names, table, enum in (
        (Story, wire.STORIES, pb.Story),
        (Source, wire.SOURCES, pb.Source),
        (SealShape, wire.SHAPES, pb.SealShape),
        (SealColour, wire.COLOURS, pb.SealColour),
        (FieldState, wire.STATES, pb.FieldState),
    ):
        assert set(table) == set(names)
        assert sorted(table.values()) == sorted(value for value in enum.values() if value)


def test_every_reason_not_to_read_is_told_with_its_code_and_both_sentences() -> None:
    def leaves(cls: type[errors.ReadError]) -> list[type[errors.ReadError]]:
        return [leaf for child in cls.__subclasses__() for leaf in leaves(child)] or [cls]

    codes = []
    for cls in leaves(errors.ReadError):
        error = cls("pages") if cls in (errors.TooLarge, errors.Unsupported) else cls()
        message = wire.unreadable_to_proto(error).unreadable
        codes.append(message.code)
        assert message.message.zh.endswith("。")
        assert message.message.en.endswith(".")
    comment = {"empty", "unknown_format", "unsupported", "encrypted", "damaged", "too_large", "timed_out",
               "reader_crashed", "ambiguous_format"}  # fmt: skip
    assert set(codes) == comment, "Unreadable.code in document.proto lists them"


def test_a_basic_view_leaves_the_text_out_and_keeps_the_rest() -> None:
    message = wire.reading_to_proto(reading())
    wire.shorten(message)
    wire.drop_pictures(message)
    assert not message.document.text
    assert not message.document.blocks
    assert not message.document.tables
    assert message.document.pages[0].dpi == 200.0
    assert not message.document.pages[0].preview
    assert not message.seals[0].picture
    assert message.seals[0].text == "中国林学会"
    assert message.seals[0].impression == b"texture"  # small, and AuditCall needs it


@pytest.mark.parametrize("index", [0, 7])
def test_a_block_that_points_to_no_table_is_left_out(index: int) -> None:
    message = pb.Reading(document=pb.Document(blocks=[pb.Block(table=index)]))
    assert wire.reading_from_proto(message).document.blocks == ()


def test_the_document_has_no_field_that_the_wire_forgets() -> None:
    known = {"format", "pages", "blocks", "pictures", "seals", "properties", "defects", "handwriting"}
    assert {field.name for field in fields(Document)} == known
    for ours, wire_type in (
        (Line, pb.Line),
        (Cell, pb.Cell),
        (Seal, pb.Seal),
        (Field, pb.Field),
        (Page, pb.Page),
        (Slot, pb.Slot),
    ):
        assert {field.name for field in fields(ours)} <= {field.name for field in wire_type.DESCRIPTOR.fields}


@pytest.mark.parametrize("presence", list(Presence))
def test_a_slot_comes_back_the_same(presence: Presence) -> None:
    slot = Slot("applicant_opinion", PLACE, "同意申报", presence, PLACE, "2021-08-25", "2021年8月25日", (0,), 0.5)
    sent = Reading(
        Document("png", seals=reading().seals[:1], handwriting=(PLACE,)), "application_form", 0.5, (), (slot,)
    )
    assert wire.reading_from_proto(wire.reading_to_proto(sent)) == sent


def test_a_slot_that_points_to_no_seal_has_none() -> None:
    assert wire.reading_from_proto(pb.Reading(slots=[pb.Slot(id="cover", seals=[3])])).slots[0].seals == ()
    assert wire.reading_from_proto(pb.Reading(slots=[pb.Slot(id="cover")])).slots[0].signature is Presence.UNSURE
