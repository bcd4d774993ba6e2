from __future__ import annotations

import ctypes
import io
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from extractors.document import Block, Box, Line, Page, Place, Seal, SealColour, SealShape, Source, Story, Table, Word
from extractors.errors import Damaged, Encrypted, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Raster, Shot, Sight
from extractors.readers import pdf as reader
from extractors.readers.pdf.text import Glyph, is_broken
from tests.build import PdfPage, fill, latin, pdf, rules, text

SEAL = Seal(SealShape.ROUND, SealColour.RED, "中国林学会", Place(box=Box(0.5, 0.5, 0.7, 0.7)))


@dataclass
class Eye:
    """Sees `lines` and a seal on every picture, and remembers what it was shown."""

    lines: tuple[Line, ...] = (Line("所见", Place(box=Box(0.1, 0.1, 0.2, 0.15)), 0.9, source=Source.OCR),)
    shots: list[Shot] = field(default_factory=list)

    def __call__(self, shot: Shot) -> Sight:
        self.shots.append(shot)
        return Sight(Page(1, Source.OCR, dpi=shot.dpi), self.lines, (SEAL,))


def blind(shot: Shot) -> Sight:
    raise AssertionError("nothing was to be looked at")


def image(width: int, height: int, colour: tuple[int, int, int] = (200, 30, 30)) -> tuple[int, int, bytes]:
    """Samples of one colour with a black first row."""
    pixels = np.full((height, width, 3), colour, np.uint8)
    pixels[0] = 0
    return width, height, pixels.tobytes()


def scan(**more: object) -> PdfPage:
    page = PdfPage(image=image(595, 842))
    return replace(page, content=fill(page), **more)  # type: ignore[arg-type]


def circle(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """Points around a circle, the last the first again."""
    angles = np.linspace(0, 2 * np.pi, 61)
    return [(round(x + radius * np.cos(angle), 2), round(y + radius * np.sin(angle), 2)) for angle in angles]


def lines(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Line)]


def test_a_printed_letter_is_read_from_its_text_layer() -> None:
    page = PdfPage(text(72, 700, "关于结对的函") + text(72, 650, "联系人：张三") + text(300, 650, "电话：010"))
    document = reader.read(pdf(page), blind, Limits())
    assert lines(document.blocks) == ["关于结对的函", "联系人：张三  电话：010"]
    assert document.pages == (
        Page(1, Source.TEXT, pytest.approx(209.9, abs=0.1), pytest.approx(297.0, abs=0.1)),  # type: ignore[arg-type]
    )
    line = document.lines[0]
    assert line.source == Source.TEXT
    assert line.place.page == 1
    assert line.place.box is not None
    assert line.place.box.left == pytest.approx(72 / 595, abs=0.002)
    assert line.place.box.right == pytest.approx((72 + 6 * 12) / 595, abs=0.002)
    assert 1 - 712 / 842 < line.place.box.top < line.place.box.bottom < 1 - 697 / 842
    assert [word.text for word in line.words] == list("关于结对的函")


def test_words_are_chinese_characters_and_latin_runs() -> None:
    document = reader.read(pdf(PdfPage(text(72, 700, "经费5万元 by 2021"))), blind, Limits())
    assert [word.text for word in document.lines[0].words] == ["经", "费", "5", "万", "元", "by", "2021"]


def test_a_ruled_table_keeps_its_text_to_itself() -> None:
    grid = rules(72, 500, [100, 200], [30, 30])
    page = PdfPage(
        text(72, 600, "附表") + grid + text(80, 540, "项目名称") + text(180, 540, "科普") + text(80, 510, "金额")
    )
    heading, table = reader.read(pdf(page), blind, Limits()).blocks
    assert isinstance(heading, Line)
    assert heading.text == "附表"
    assert isinstance(table, Table)
    assert [(cell.text, cell.row, cell.column) for cell in table.cells] == [
        ("项目名称", 0, 0),
        ("科普", 0, 1),
        ("金额", 1, 0),
        ("", 1, 1),
    ]
    assert table.cells[0].lines[0].place.path == "table 1 / row 1 / cell 1"


def test_a_merged_cell_of_a_ruled_table_spans() -> None:
    # Three rows of 30; the first column is one cell, the top right cell spans two columns.
    grid = "".join(
        f"{x0} {y0} m {x1} {y1} l S\n"
        for x0, y0, x1, y1 in (
            (72, 500, 372, 500),
            (172, 530, 372, 530),
            (172, 560, 372, 560),
            (72, 590, 372, 590),
            (72, 500, 72, 590),
            (172, 500, 172, 590),
            (272, 500, 272, 560),
            (372, 500, 372, 590),
        )
    )
    page = PdfPage(grid + text(80, 540, "单位") + text(180, 570, "名称"))
    (table,) = reader.read(pdf(page), blind, Limits()).tables
    assert [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells] == [
        ("单位", 0, 0, 3, 1),
        ("名称", 0, 1, 1, 2),
        ("", 1, 1, 1, 1),
        ("", 1, 2, 1, 1),
        ("", 2, 1, 1, 1),
        ("", 2, 2, 1, 1),
    ]


def test_a_scan_is_looked_at_as_it_was_scanned() -> None:
    eye = Eye()
    document = reader.read(pdf(scan()), eye, Limits())
    (shot,) = eye.shots
    assert shot.raster.shape == (842, 595, 3)
    assert shot.raster[0, 0].tolist() == [0, 0, 0]
    assert shot.raster[1, 1].tolist() == [200, 30, 30]
    assert shot.dpi == pytest.approx(72, abs=0.1)
    assert document.pages == (Page(1, Source.OCR, dpi=shot.dpi),)
    assert lines(document.blocks) == ["所见"]
    assert [seal.place for seal in document.seals] == [Place(page=1, box=Box(0.5, 0.5, 0.7, 0.7))]


@pytest.mark.parametrize(
    ("samples", "first", "second"),
    [
        ("/BitsPerComponent 1 /ColorSpace /DeviceGray", [255, 255, 255], [0, 0, 0]),
        ("/BitsPerComponent 1 /ColorSpace /DeviceGray /Decode [1 0]", [0, 0, 0], [255, 255, 255]),
        ("/BitsPerComponent 1 /ImageMask true", [255, 255, 255], [0, 0, 0]),
        ("/BitsPerComponent 1 /ColorSpace [/Indexed /DeviceRGB 1 <FF0000FFFFFF>]", [255, 255, 255], [255, 0, 0]),
        ("/BitsPerComponent 1 /ColorSpace [/Indexed /DeviceRGB 1 <0000FFFF0000>]", [255, 0, 0], [0, 0, 255]),
    ],
)
def test_a_scan_of_one_bit_has_the_colours_it_is_shown_in(samples: str, first: list[int], second: list[int]) -> None:
    eye = Eye()
    page = PdfPage(image=(80, 100, b"\xff" * 10 * 50 + bytes(10 * 50)), width=80, height=100, samples=samples)
    reader.read(pdf(replace(page, content=fill(page))), eye, Limits())
    raster = eye.shots[0].raster
    assert raster[len(raster) // 4, 9].tolist() == first
    assert raster[-len(raster) // 4, 9].tolist() == second


@pytest.mark.parametrize(("rotate", "corner"), [(90, (1, -1)), (180, (-1, 0)), (270, (1, 0))])
def test_a_turned_scan_stands_upright(rotate: int, corner: tuple[int, int]) -> None:
    eye = Eye()
    reader.read(pdf(scan(entries=f"/Rotate {rotate}")), eye, Limits())
    raster: Raster = eye.shots[0].raster
    assert raster.shape == ((595, 842, 3) if rotate % 180 else (842, 595, 3))
    assert raster[corner].tolist() == [0, 0, 0]


def test_a_turned_pages_text_has_upright_boxes() -> None:
    document = reader.read(pdf(PdfPage(text(72, 700, "横") * 1, entries="/Rotate 90")), Eye(), Limits())
    # Turned by 90 degrees the characters lie on their side: the page is looked at.
    assert document.pages[0].source == Source.OCR


@pytest.mark.parametrize(
    "content",
    [
        fill(scan()) + "3 Tr " + text(72, 700, "别家的识别结果"),  # an OCR layer nobody sees
        fill(scan()) + text(72, 30, "第1页"),  # a scan with a printed page number
        latin(72, 700, "private", "P"),  # private use
        latin(72, 700, "ÖÐ¹úÁÖÑ§»á"),  # GBK taken for Latin-1
        "0 0 1 rg 72 700 m 100 720 l 90 600 l f",  # outlines instead of text
    ],
)
def test_a_text_layer_that_cannot_be_what_is_seen_is_not_believed(content: str) -> None:
    eye = Eye()
    document = reader.read(pdf(replace(scan(), content=content)), eye, Limits())
    assert len(eye.shots) == 1
    assert document.pages[0].source == Source.OCR
    assert lines(document.blocks) == ["所见"]
    assert not document.blind


def test_a_garbled_text_layer_is_told() -> None:
    document = reader.read(pdf(PdfPage(latin(72, 700, "private", "P"))), Eye(), Limits())
    assert [defect.code for defect in document.defects] == ["broken_text_layer"]


def test_a_seal_pasted_into_a_printed_letter_is_looked_for() -> None:
    inside = Line("画中字", Place(box=Box(0.55, 0.55, 0.6, 0.6)), 0.9, source=Source.OCR)
    outside = Line("别处", Place(box=Box(0.1, 0.1, 0.2, 0.12)), 0.9, source=Source.OCR)
    written = Line("关于结对的函", Place(box=Box(0.121, 0.157, 0.24, 0.17)), 0.9, source=Source.OCR)
    eye = Eye((inside, outside, written))
    seal = "q 120 0 0 120 300 300 cm /Im Do Q"
    page = PdfPage(text(72, 700, "关于结对的函") + seal, image=image(100, 100))
    document = reader.read(pdf(page), eye, Limits())
    assert [(line.text, line.story, line.source) for line in document.lines] == [
        ("关于结对的函", Story.BODY, Source.TEXT),
        ("画中字", Story.PICTURE, Source.OCR),
    ]
    assert [seal.text for seal in document.seals] == ["中国林学会"]
    assert eye.shots[0].dpi == pytest.approx(200, abs=1)
    pasted, whole = document.pictures
    assert pasted.place.box is not None
    assert (pasted.place.box.width, pasted.width, whole.place) == (pytest.approx(0.2017, abs=0.001), 100, Place(1))


def test_a_pasted_signature_that_is_read_in_one_line_with_the_words_before_it() -> None:
    asked, name = "负责人（签字）：", "文德"
    words = tuple(
        Word(c, Box(0.121 + 0.0202 * i, 0.51, 0.141 + 0.0202 * i, 0.53), 0.9) for i, c in enumerate(asked + name)
    )
    seen = Line(asked + name, Place(box=Box(0.121, 0.51, 0.323, 0.53)), 0.97, words, source=Source.OCR)
    drawn = "q 120 0 0 120 300 300 cm /Im Do Q q 40 0 0 20 166 394 cm /Im Do Q"
    page = PdfPage(text(72, 400, asked) + drawn, image=image(100, 100))
    document = reader.read(pdf(page), Eye((seen,)), Limits())
    assert [(line.text, line.story) for line in document.lines] == [(asked, Story.BODY), (name, Story.PICTURE)]
    box = document.lines[1].place.box
    assert box is not None
    assert box.left == pytest.approx(0.2826, abs=0.001)


def test_a_printed_page_is_looked_at_as_it_stands() -> None:
    shots: list[Shot] = []

    def look(shot: Shot) -> Sight:
        shots.append(shot)
        return Sight(Page(1, Source.OCR), (), (replace(SEAL, place=Place(box=Box(0.5, 0.6, 0.7, 0.9))),))

    page = PdfPage(text(72, 700, "关于结对的函") + "q 120 0 0 120 300 300 cm /Im Do Q", image=image(100, 100))
    (seal,) = reader.read(pdf(page), look, Limits()).seals
    assert seal.place == Place(page=1, box=Box(0.5, 0.6, 0.7, 0.9))
    assert [(shot.upright, shot.sheet) for shot in shots] == [(True, False)]


def test_a_small_logo_costs_no_look() -> None:
    page = PdfPage(text(72, 700, "关于结对的函") + "q 30 0 0 30 300 300 cm /Im Do Q", image=image(100, 100))
    assert lines(reader.read(pdf(page), blind, Limits()).blocks) == ["关于结对的函"]


def test_a_drawn_seal_is_looked_for() -> None:
    ring = "1 0 0 RG 300 300 m 300 360 400 360 400 300 c 400 240 300 240 300 300 c S\n"
    document = reader.read(pdf(PdfPage(text(72, 700, "关于结对的函") + ring)), Eye(), Limits())
    assert [seal.text for seal in document.seals] == ["中国林学会"]


@pytest.mark.parametrize(
    "ring",
    [
        "".join(f"q 120 0 0 30 300 {300 + 30 * strip} cm /Im Do Q\n" for strip in range(4)),
        "1 0 0 RG 400 350 m " + " ".join(f"{x} {y} l" for x, y in circle(350, 350, 50)) + " S\n",
        "1 0 0 RG\n" + "".join(f"{x} {y} m {u} {v} l S\n" for (x, y), (u, v) in pairwise(circle(350, 350, 50))),
    ],
    ids=["strips", "polygon", "lines"],
)
def test_a_seal_in_pieces_is_looked_for(ring: str) -> None:
    page = PdfPage(text(72, 700, "关于结对的函") + ring, image=image(100, 25))
    document = reader.read(pdf(page), Eye(), Limits())
    assert [seal.text for seal in document.seals] == ["中国林学会"]


def test_coloured_rules_cost_no_look() -> None:
    head = "1 0 0 RG 2 w 72 690 m 520 690 l S 72 686 m 520 686 l S\n"
    assert lines(reader.read(pdf(PdfPage(text(72, 700, "关于结对的函") + head)), blind, Limits()).blocks) == [
        "关于结对的函"
    ]


def test_text_typed_over_a_page_is_read() -> None:
    typed = (
        "<< /Type /Annot /Subtype /FreeText /Rect [172 500 400 530] /F 4 /DA (/F 12 Tf) /Contents (x) "
        "/AP << /N 111 0 R >> >>"
    )
    operators = text(2, 8, "张三")
    appearance = (
        "<< /Type /XObject /Subtype /Form /BBox [0 0 228 30] /Resources << /Font << /F 3 0 R >> >> "
        f"/Length {len(operators)} >>\nstream\n{operators}\nendstream"
    )
    page = PdfPage(text(72, 510, "联系人："), entries="/Annots [110 0 R]", extra=(typed, appearance))
    document = reader.read(pdf(page), Eye(()), Limits())
    assert "张三" in document.text


def test_a_filled_field_is_read_even_without_an_appearance() -> None:
    value = "FEFF" + "ZS-2021".encode("utf-16-be").hex()
    widget = (
        f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (n) /V <{value}> /Rect [172 500 400 530] /F 4 "
        "/DA (/H 12 Tf 0 g) >>"
    )
    page = PdfPage(text(72, 510, "编号："), entries="/Annots [110 0 R]", extra=(widget,))
    fields = "/AcroForm << /Fields [110 0 R] /NeedAppearances true /DR << /Font << /H 7 0 R >> >> /DA (/H 12 Tf) >>"
    document = reader.read(pdf(page, catalog=fields), Eye(()), Limits())
    assert document.text == "编号：  ZS-2021"


def test_an_empty_page_is_a_page_without_text() -> None:
    document = reader.read(pdf(PdfPage(), "第二页"), blind, Limits())
    assert [page.number for page in document.pages] == [1, 2]
    assert [(line.text, line.place.page) for line in document.lines] == [("第二页", 2)]


def test_what_lies_outside_the_crop_box_is_not_read() -> None:
    page = PdfPage(text(72, 700, "框外") + text(72, 300, "框内"), entries="/CropBox [0 0 595 421]")
    document = reader.read(pdf(page), blind, Limits())
    assert lines(document.blocks) == ["框内"]
    box = document.lines[0].place.box
    assert box is not None
    assert box.top == pytest.approx(1 - 310 / 421, abs=0.02)


def test_bold_by_printing_twice_is_read_once() -> None:
    page = PdfPage(text(72, 700, "介绍信") + text(72.4, 700, "介绍信"))
    assert lines(reader.read(pdf(page), blind, Limits()).blocks) == ["介绍信"]


def test_a_watermark_does_not_mix_into_lines() -> None:
    page = PdfPage(
        text(72, 700, "正文第一行") + f"BT /F 40 Tf .7 .7 -.7 .7 60 650 Tm <{'样本'.encode('utf-16-be').hex()}> Tj ET"
    )
    assert lines(reader.read(pdf(page), blind, Limits()).blocks) == ["样本", "正文第一行"]


def test_properties_are_told() -> None:
    document = reader.read(
        pdf("文", info="/Title (Letter) /Producer (WPS) /CreationDate (D:20210506120000+08'00')"), blind, Limits()
    )
    assert document.properties == (("title", "Letter"), ("application", "WPS"), ("created", "2021-05-06T12:00:00"))


@pytest.mark.parametrize(
    ("data", "limits", "limit"),
    [
        (pdf("一", "二", "三"), Limits(pages=2), "pages"),
        (pdf(PdfPage("0 0 m 9 9 l S", width=14000, height=100)), Limits(), "page_side_mm"),
        (pdf(PdfPage(text(99, 505, "格") + rules(72, 500, [50] * 3, [30] * 3))), Limits(cells=8), "cells"),
        (pdf(scan()), Limits(pixels=1000), "pixels"),
        (pdf(PdfPage("0 0 m 9 9 l S")), Limits(pixels=1000), "pixels"),
    ],
)
def test_a_limit_is_named_when_it_is_exceeded(data: bytes, limits: Limits, limit: str) -> None:
    with pytest.raises(TooLarge) as caught:
        reader.read(data, blind, limits)
    assert caught.value.limit == limit


def encrypted(user: bool) -> bytes:
    """A PDF that says it is encrypted (RC4, revision 2): with a user password, or with an owner's alone."""
    import hashlib

    padding = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    owner = bytes(32)
    password = b"secret" if user else b""
    key = hashlib.md5((password + padding)[:32] + owner + (-4).to_bytes(4, "little", signed=True) + b"id").digest()[:5]
    entry = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}> /U <{rc4(key, padding).hex()}> >>"
    plain = pdf(PdfPage(""))
    return plain.replace(b"/Info 6 0 R", b"/ID [<6964> <6964>] /Encrypt " + entry.encode())


def rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def test_a_password_to_open_is_told_from_one_to_change() -> None:
    with pytest.raises(Encrypted):
        reader.read(encrypted(user=True), blind, Limits())
    assert len(reader.read(encrypted(user=False), blind, Limits()).pages) == 1


def test_the_password_opens_a_pdf_and_another_does_not() -> None:
    assert len(reader.read(encrypted(user=True), blind, Limits(), "secret").pages) == 1
    assert len(reader.read(pdf("正文"), blind, Limits(), "needless").pages) == 1
    with pytest.raises(Encrypted):
        reader.read(encrypted(user=True), blind, Limits(), "another")


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.7\n" + bytes(1000), pdf("文")[:60]])
def test_a_hopeless_pdf_is_damaged(data: bytes) -> None:
    assert reader.recognises(data)
    with pytest.raises(Damaged):
        reader.read(data, blind, Limits())


def test_pdf_within_an_archive_is_not_a_pdf() -> None:
    assert not reader.recognises(b"PK\x03\x04" + bytes(20) + b"%PDF-1.4")


@pytest.mark.parametrize(
    ("shown", "broken"),
    [
        ("关于结对的函", False),
        ("Müller, Straße 5, Köln is a line of German", False),
        ("\ue00b 第一项：经费用于培训、交通和资料印制，共三类十二项 " * 3, False),
        ("", True),
        ("   ", False),
        ("\ufffd\ufffd\ufffd\ufffd", True),
    ],
)
def test_a_broken_text_layer_is_told_from_an_odd_one(shown: str, broken: bool) -> None:
    glyphs = [Glyph(character, 0, 0, 1, 1) for character in shown]
    assert is_broken(glyphs) == broken


FACE = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
LINES = ("Letter of the society 2021", "Please send your answer", "by the end of September")


class Reads:
    """Sees every picture, and reads one text on each."""

    def __init__(self, *texts: str) -> None:
        self.shots: list[Shot] = []
        self.lines = tuple(Line(each, Place(box=Box(0.2, 0.6, 0.5, 0.62)), source=Source.OCR) for each in texts)

    def __call__(self, shot: Shot) -> Sight:
        self.shots.append(shot)
        return Sight(Page(1, Source.OCR, dpi=shot.dpi), self.lines, ())


def printed(
    *shown: str, told: tuple[str, ...] = (), white: tuple[str, ...] = (), curves: tuple[str, ...] = ()
) -> bytes:
    """A page set in an embedded font. told: what the font's table says instead. white: lines in white ink. curves:
    lines that are drawn."""
    data = FACE.read_bytes()
    glyphs = TTFont(io.BytesIO(data)).getBestCmap()
    order = TTFont(io.BytesIO(data)).getReverseGlyphMap()
    codes: dict[int, str] = {}
    for seen, said in zip((*shown, *white), (*(told or shown), *white), strict=True):
        codes |= {order[glyphs[ord(a)]]: b for a, b in zip(seen, said, strict=True)}
    table = "".join(f"<{code:04X}> <{ord(said):04X}>\n" for code, said in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange {len(codes)} beginbfchar\n{table}endbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    identity = b"".join(code.to_bytes(2, "big") for code in range(65536))
    document = pdfium.PdfDocument.new()
    page = document.new_page(595, 842)
    font = pdfium_c.FPDFText_LoadCidType2Font(
        document,
        (ctypes.c_uint8 * len(data)).from_buffer_copy(data),
        len(data),
        cmap.encode(),
        (ctypes.c_uint8 * len(identity)).from_buffer_copy(identity),
        len(identity),
    )
    for index, seen in enumerate((*shown, *white)):
        item = pdfium_c.FPDFPageObj_CreateTextObj(document, font, 14.0)
        charcodes = [order[glyphs[ord(each)]] for each in seen]
        pdfium_c.FPDFText_SetCharcodes(item, (ctypes.c_uint32 * len(charcodes))(*charcodes), len(charcodes))
        pdfium_c.FPDFPageObj_Transform(item, 1, 0, 0, 1, 72, 700 - 40 * index)
        if index >= len(shown):
            pdfium_c.FPDFPageObj_SetFillColor(item, 255, 255, 255, 255)
        pdfium_c.FPDFPage_InsertObject(page, item)
    for index, seen in enumerate(curves):
        draw_outlines(page, TTFont(io.BytesIO(data)), seen, 72, 400 - 40 * index)
    pdfium_c.FPDFPage_GenerateContent(page)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def draw_outlines(page: Any, font: TTFont, seen: str, x: float, y: float) -> None:
    """Text as filled curves, 14 points high."""
    scale, glyphs = 14 / font["head"].unitsPerEm, font.getGlyphSet()
    for character in seen:
        name = font.getBestCmap()[ord(character)]
        pen = RecordingPen()
        glyphs[name].draw(pen)
        path = pdfium_c.FPDFPageObj_CreateNewPath(0, 0)
        for step, points in pen.value:
            at = [(x + a * scale, y + b * scale) for a, b in points]
            if step == "moveTo":
                pdfium_c.FPDFPath_MoveTo(path, *at[0])
            elif at:  # straight from point to point is curve enough
                for point in at:
                    pdfium_c.FPDFPath_LineTo(path, *point)
            else:
                pdfium_c.FPDFPath_Close(path)
        pdfium_c.FPDFPath_SetDrawMode(path, pdfium_c.FPDF_FILLMODE_WINDING, 0)
        pdfium_c.FPDFPage_InsertObject(page, path)
        x += glyphs[name].width * scale


def test_a_text_layer_that_says_what_is_seen_is_proved_once_a_font_and_believed() -> None:
    eye = Reads("Letter of the society 2021 Please send your answer by the end of September")
    document = reader.read(printed(*LINES), eye, Limits())
    assert lines(document.blocks) == list(LINES)
    assert (len(eye.shots), document.pages[0].source, document.defects) == (1, Source.TEXT, ())
    assert eye.shots[0].upright


def test_a_font_whose_table_lies_is_not_believed() -> None:
    shifted = tuple("".join(chr(ord(each) + 1) if each != " " else each for each in line) for line in LINES)
    eye = Reads(*LINES)
    document = reader.read(printed(*LINES, told=shifted), eye, Limits())
    assert lines(document.blocks) == list(LINES)
    assert document.pages[0].source is Source.OCR
    assert [(defect.code, defect.blind) for defect in document.defects] == [("text_layer_differs", False)]


def test_what_is_written_in_white_is_hidden_and_told() -> None:
    document = reader.read(printed(*LINES, white=("one million yuan",)), Reads(" ".join(LINES)), Limits())
    assert [(line.text, line.hidden) for line in document.lines] == [
        *((line, False) for line in LINES),
        ("one million yuan", True),
    ]
    assert [defect.code for defect in document.defects] == ["unseen_text"]


def test_a_page_of_unseen_text_is_read_from_its_picture() -> None:
    document = reader.read(printed("No", white=LINES), Reads("what is seen"), Limits())
    assert lines(document.blocks) == ["what is seen"]
    assert [defect.code for defect in document.defects] == ["text_layer_differs"]


def test_text_that_is_drawn_as_curves_beside_a_text_layer_is_read_too() -> None:
    data = printed(*LINES[:1], curves=("The whole amount is 35000",))
    sample, page = Reads(LINES[0]), Reads("The whole amount is 35000")
    document = reader.read(data, lambda shot: (sample if not sample.shots else page)(shot), Limits())
    assert lines(document.blocks) == [LINES[0], "The whole amount is 35000"]
    assert document.pages[0].source is Source.TEXT


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        (pdf(*["页"] * 10_000), "pages"),
        (pdf(PdfPage("0 0 m 9 9 l S", width=14174, height=14174)), "page_side_mm"),  # 5 × 5 m
    ],
    ids=["10,000 pages", "5 × 5 m"],
)
def test_what_no_letter_is_is_refused_by_its_limit(data: bytes, limit: str) -> None:
    with pytest.raises(TooLarge) as caught:
        reader.read(data, blind, Limits())
    assert caught.value.limit == limit


def test_a_form_that_draws_itself_ends() -> None:
    resources = "<< /XObject << /Fm 110 0 R >> >>"
    entries = f"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources {resources} /Length 6"
    form = f"<< {entries} >>\nstream\n/Fm Do\nendstream"
    page = PdfPage("/Fm Do", entries=f"/Resources {resources}", extra=(form,))
    assert len(reader.read(pdf(page), Eye(), Limits()).pages) == 1
