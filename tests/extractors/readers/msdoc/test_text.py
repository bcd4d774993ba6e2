"""What of a document's text is read: visible, hidden, deleted, symbols, fields."""

import struct

import pytest

from extractors.document import Defect, Document, Line, Page, Place, Source, Story
from extractors.errors import Damaged
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import msdoc
from extractors.readers.msdoc import fields
from tests.build_doc import (
    DOP,
    FONTS,
    OWNERS,
    PLCF_HDD,
    PLCF_SED,
    PLCFAND_REF,
    PLCFAND_TXT,
    PLCFFND_REF,
    PLCFFND_TXT,
    SPA,
    STSHF,
    TXBX,
    Par,
    Parts,
    Run,
    compound,
    doc,
    par,
    plc,
    prl,
    xst,
)

DELETED, INSERTED, HIDDEN, SPEC = prl(0x0800), prl(0x0801), prl(0x083C), prl(0x0855)


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (), ())


def read(*pars: Par, parts: Parts | None = None) -> Document:
    return msdoc.read(doc(*pars, parts=parts), look, Limits())


def texts(*pars: Par, parts: Parts | None = None) -> list[str]:
    return [line.text for line in read(*pars, parts=parts).lines]


def symbol(code: int, font: int = 0) -> bytes:
    return SPEC + struct.pack("<HHH", 0x6A09, font, code)


def fonts(*names: str) -> bytes:
    entries = [b"\0" * 39 + name.encode("utf-16-le") + b"\0\0" for name in names]
    return struct.pack("<HH", len(names), 0) + b"".join(bytes([len(entry)]) + entry for entry in entries)


def test_paragraphs_become_lines_with_their_places():
    assert read(par("智惠行动"), par(""), par("Second")).lines == (
        Line("智惠行动", Place(path="paragraph 1")),
        Line("Second", Place(path="paragraph 3")),
    )


def test_a_character_beyond_the_basic_plane_is_one_character():
    assert texts(par("𠮷野", Run("家", DELETED), "屋")) == ["𠮷野屋"]


def test_half_a_surrogate_pair_is_marked_as_unreadable():
    assert texts(par("a\ud842b")) == ["a\ufffdb"]


def test_deleted_text_does_not_leak_and_inserted_text_counts():
    document = read(par("金额", Run("30", DELETED), Run("20", INSERTED), "万元"))
    assert [line.text for line in document.lines] == ["金额20万元"]
    assert document.defects == (
        Defect(
            "tracked_changes",
            "文件含有未接受的修订；按接受全部修订后的内容读取。",
            "The file has tracked changes; it was read as if all of them were accepted.",
        ),
    )


def test_paragraphs_whose_mark_was_deleted_are_one():
    first = Par((Run("one "), Run("\r", DELETED), Run("two")))
    assert texts(first) == ["one two"]


def test_hidden_text_is_marked_and_kept_apart():
    assert read(par("shown", Run("secret", HIDDEN))).lines == (
        Line("shown", Place(path="paragraph 1")),
        Line("secret", Place(path="paragraph 1"), hidden=True),
    )


def test_breaks_and_hyphens_become_what_they_look_like():
    assert texts(par("a\x0bb\x1ec\x1fd\x0ee")) == ["a", "b-cd", "e"]


@pytest.mark.parametrize(
    ("font", "code", "shown"),
    [
        ("Wingdings", 0xF0FE, "☑"),
        ("Wingdings", 0xF0A8, "☐"),
        ("Wingdings", 0x6F, "☐"),
        ("Wingdings 2", 0xF052, "☑"),
        ("Wingdings 2", 0xF0A3, "☐"),
        ("Symbol", 0xF0D6, "√"),
        ("Symbol", 0xF061, "α"),
        ("宋体", 0x2611, "☑"),
        ("Wingdings", 0xF001, "\ufffd"),
    ],
)
def test_symbols_become_unicode(font, code, shown):
    assert texts(par("是", Run("(", symbol(code))), parts=Parts(table={FONTS: fonts(font)})) == ["是" + shown]


def test_letters_typed_in_a_symbol_font_become_unicode():
    run = Run("\uf0fe\uf0a8", prl(0x4A4F, 1))
    assert texts(par(run, "是"), parts=Parts(table={FONTS: fonts("宋体", "Wingdings")})) == ["☑☐是"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("第\x13 PAGE \x143\x15页", "第3页"),
        ('\x13 HYPERLINK "http://a" \x14中国科协\x15网', "中国科协网"),
        ("\x13 MACROBUTTON NoMacro [单击此处输入姓名]\x15", "[单击此处输入姓名]"),
        ('\x13 IF \x13 MERGEFIELD a \x141\x15 = 1 "x" \x14yes\x15', "yes"),
        ("\x13 QUOTE \x14a\x13 DATE \x142021年9月3日\x15b\x15", "a2021年9月3日b"),
        ('\x13 XE "index" \x15text', "text"),
        ("\x13 eq \\o\\ac(○,3)\x15", "③"),
        ('\x13 EQ \\* jc2 \\* "Font:宋体" \\* hps10 \\o\\ad(\\s\\up 9(zhōng),中)\x15', "中(zhōng)"),
        ("\x13 EQ \\f(1,2) \x15", "1/2"),
        ('\x13 SYMBOL 254 \\f "Wingdings" \\s 12\x15', "☑"),
        ("a\x13 unclosed", "a unclosed"),
        ("a\x15b\x14c", "abc"),
    ],
)
def test_a_field_shows_what_people_see(text, shown):
    assert texts(par(text)) == [shown]


def test_a_field_may_run_over_paragraphs():
    assert texts(par("\x13 TOC "), par("more \x14一、基本情况"), par("二、经费\x15")) == ["一、基本情况", "二、经费"]


def test_deeply_nested_fields_end_somewhere():
    assert texts(par("\x13" * 5000 + "\x15" * 5000 + "end")) == ["end"]


def test_a_deep_equation_ends_somewhere():
    assert "x" in fields.equation("\\b(" * 5000 + "x" + ")" * 5000)


def ffdata(kind: int, result: int, default: int, *entries: str) -> bytes:
    empty = xst("") + b"\0\0"
    head = struct.pack("<IHHH", 0xFFFFFFFF, kind | result << 2, 0, 0) + empty + struct.pack("<H", default)
    texts = empty * 5
    sttb = struct.pack("<HHH", 0xFFFF, len(entries), 0) + b"".join(xst(entry) for entry in entries)
    body = head + texts + (sttb if kind == 2 else b"")
    return struct.pack("<IH", 68 + len(body), 68) + bytes(62) + body


@pytest.mark.parametrize(
    ("instruction", "data", "shown"),
    [
        ("FORMCHECKBOX", ffdata(1, 1, 0), "☑"),
        ("FORMCHECKBOX", ffdata(1, 0, 1), "☐"),
        ("FORMCHECKBOX", ffdata(1, 25, 1), "☑"),
        ("FORMDROPDOWN", ffdata(2, 1, 0, "全国学会", "省级学会"), "省级学会"),
        ("FORMDROPDOWN", ffdata(2, 9, 0, "全国学会"), ""),
        ("FORMCHECKBOX", b"\x01", ""),
    ],
)
def test_form_fields_show_their_state(instruction, data, shown):
    run = Run("\x01", SPEC + prl(0x0806) + prl(0x6A03, 0))
    assert texts(par(f"类别\x13 {instruction} ", run, "\x15"), parts=Parts(streams={"Data": data})) == ["类别" + shown]


def test_notes_tell_where_they_are_referred_to():
    parts = Parts(
        footnotes=[par("\x02 see there"), par("")],
        table={PLCFFND_REF: plc([5, 12], [b"\1\0"]), PLCFFND_TXT: plc([0, 12, 13])},
    )
    notes = [line for line in read(par("one"), par("tw\x02o"), parts=parts).lines if line.story is Story.NOTE]
    assert notes == [Line("see there", Place(path="footnote 1 (paragraph 2) / paragraph 1"), story=Story.NOTE)]


def test_comments_have_their_author():
    atrd = b"\0" * 20 + struct.pack("<H", 0) + b"\0" * 8
    parts = Parts(
        comments=[par("\x05请核对"), par("")],
        table={PLCFAND_REF: plc([1, 9], [atrd]), PLCFAND_TXT: plc([0, 5, 6]), OWNERS: xst("王五")},
    )
    comment = next(line for line in read(par("text"), parts=parts).lines if line.story is Story.COMMENT)
    assert (comment.text, comment.place.path) == ("请核对", "comment 1 by 王五 (paragraph 1) / paragraph 1")


def test_headers_are_told_by_section_and_kind():
    positions = [0] * 7 + [0, 5, 5, 9, 9, 9, 10]
    parts = Parts(headers=[par("head"), par("foo"), par("")], table={PLCF_HDD: plc(positions)})
    found = [(line.story, line.place.path, line.text) for line in read(par("x"), parts=parts).lines]
    assert found == [
        (Story.HEADER, "section 1 / header / paragraph 1", "head"),
        (Story.BODY, "paragraph 1", "x"),
        (Story.FOOTER, "section 1 / footer / paragraph 1", "foo"),
    ]


@pytest.mark.parametrize(
    ("facing", "title", "shown"),
    [
        (0, 0, ["odd", "body"]),
        (1, 0, ["even", "odd", "body"]),
        (0, 1, ["odd", "first", "body"]),
        (1, 1, ["even", "odd", "first", "body"]),
    ],
)
def test_headers_that_no_page_shows_are_left_out(facing, title, shown):
    positions = [0] * 7 + [5, 9, 9, 9, 15, 15, 16]
    sepx = struct.pack("<H", 3) + prl(0x300A, title)
    sed = struct.pack("<HIHI", 0, 1024, 0, 0)  # between the FIB and the text
    parts = Parts(
        headers=[par("even"), par("odd"), par("first"), par("")],
        table={PLCF_HDD: plc(positions), PLCF_SED: plc([0, 5], [sed]), DOP: bytes([facing]) + bytes(83)},
    )
    data = doc(par("body"), parts=parts)
    data = data[: 512 + 1024] + sepx + data[512 + 1024 + len(sepx) :]
    assert [line.text for line in msdoc.read(data, look, Limits()).lines] == shown


def test_a_text_box_stands_after_the_paragraph_it_is_anchored_in():
    spa = struct.pack("<I", 1025) + bytes(22)
    ftxbxs = bytes(14) + struct.pack("<I", 1025) + bytes(4)
    parts = Parts(
        text_boxes=[par("in the box"), par("")],
        table={SPA: plc([1, 20], [spa]), TXBX: plc([0, 11, 12], [ftxbxs, bytes(22)])},
    )
    lines = read(par("a\x08b"), par("after"), parts=parts).lines
    assert [(line.story, line.text) for line in lines] == [
        (Story.BODY, "ab"),
        (Story.TEXT_BOX, "in the box"),
        (Story.BODY, "after"),
    ]
    assert lines[1].place.path == "text box 1 (paragraph 1) / paragraph 1"


def style(name: str, sti: int, base: int = 0xFFF, papx: bytes = b"", chpx: bytes = b"") -> bytes:
    upx = struct.pack("<H", len(papx) + 2) + b"\0\0" + papx
    upx += bytes(len(upx) % 2) + struct.pack("<H", len(chpx)) + chpx
    std = struct.pack("<HHHHH", sti, 1 | base << 4, 2, 0, 0) + xst(name) + b"\0\0" + upx
    return struct.pack("<H", len(std)) + std


def stsh(*styles: bytes) -> bytes:
    return struct.pack("<HHH", 18, len(styles), 10) + bytes(14) + b"".join(styles)


def test_styles_give_names_and_heading_levels():
    sheet = stsh(
        style("正文", 0),
        style("标题 1", 1),
        style("自定标题", 0xFFE, base=0, papx=prl(0x2640, 1)),
        style("隐藏", 0xFFE, base=0, chpx=HIDDEN),
    )
    lines = read(
        par("一、基本情况", istd=1), par("（一）", istd=2), par("x", istd=3), parts=Parts(table={STSHF: sheet})
    ).lines
    assert [(line.style, line.level, line.hidden) for line in lines] == [
        ("标题 1", 1, False),
        ("自定标题", 2, False),
        ("隐藏", 0, True),
    ]


def test_a_style_based_on_itself_ends_somewhere():
    sheet = stsh(style("a", 0, base=1), style("b", 0, base=0))
    assert texts(par("x", istd=1), parts=Parts(table={STSHF: sheet})) == ["x"]


def test_a_file_without_a_piece_table_is_damaged():
    whole = doc(par("x"))
    broken = whole.replace(b"\x02" + struct.pack("<I", 16), b"\x07" + struct.pack("<I", 16))
    with pytest.raises(Damaged, match="2 characters in 0 bytes"):
        msdoc.read(broken, look, Limits())


def test_a_compound_file_without_word_is_not_recognised():
    assert msdoc.recognises(doc(par("x")))
    assert not msdoc.recognises(compound({"Workbook": b"x"}))
    assert not msdoc.recognises(b"WordDocument")


def test_macros_and_embedded_objects_are_told():
    progid = b"Excel.Sheet.8\0"
    names = b"".join(struct.pack("<I", len(text)) + text for text in (b"Worksheet\0", b"Biff8\0", progid))
    streams = {"Macros/VBA": b"x", "ObjectPool/_1/\x01CompObj": bytes(28) + names}
    defects = read(par("x"), parts=Parts(streams=streams)).defects
    assert [(defect.code, defect.blind) for defect in defects] == [("has_macros", False), ("embedded_object", True)]
    assert "Excel.Sheet.8" in defects[1].en
