from __future__ import annotations

import io
from dataclasses import dataclass, field

import pytest
from PIL import Image

from extractors.document import Block, Box, Line, Page, Place, Seal, SealColour, SealShape, Source, Story, Table
from extractors.errors import Damaged, Encrypted, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import docx as reader
from extractors.readers.docx.numbering import numeral
from tests.build import archive, block, docx, drawing, emf, paragraph, picture, png, relationships, run

SEAL = Seal(SealShape.ROUND, SealColour.RED, "中国林学会", Place(page=1, box=Box(0, 0, 1, 1)))


@dataclass
class Eye:
    """Sees one line and one seal on every picture, and remembers what it was shown."""

    shots: list[Shot] = field(default_factory=list)

    def __call__(self, shot: Shot) -> Sight:
        self.shots.append(shot)
        line = Line("印章", Place(page=1, box=Box(0.1, 0.1, 0.5, 0.5)), 0.9, source=Source.OCR)
        return Sight(Page(1, Source.OCR, dpi=shot.dpi), (line,), (SEAL,))


def blind(shot: Shot) -> Sight:
    raise AssertionError("nothing was to be looked at")


def blocks(data: bytes) -> tuple[Block, ...]:
    return reader.read(data, blind, Limits()).blocks


def texts(*content: str, **more: object) -> list[str]:
    """The texts of a document's lines."""
    document = reader.read(docx(*content, **more), blind, Limits())  # type: ignore[arg-type]
    return [line.text for line in document.lines if not line.hidden]


def rows(table: Block) -> list[tuple[str, int, int, int, int]]:
    assert isinstance(table, Table)
    return [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells]


def test_paragraphs_and_tables_stand_in_order_with_their_paths() -> None:
    found = reader.read(docx("关于结对的函", [["项目名称", "乡村科普"]], "落款"), blind, Limits())
    assert found.text == "关于结对的函\n项目名称\t乡村科普\n落款"
    assert [line.place.path for line in found.lines] == [
        "paragraph 1",
        "table 1 / row 1 / cell 1 / paragraph 1",
        "table 1 / row 1 / cell 2 / paragraph 1",
        "paragraph 2",
    ]


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        ('<w:del w:id="1"><w:r><w:delText>旧</w:delText></w:r></w:del>' + run("新"), "新"),
        ('<w:moveFrom w:id="1">' + run("移走") + "</w:moveFrom>" + run("留下"), "留下"),
        ('<w:ins w:id="1">' + run("新增") + "</w:ins>", "新增"),
        (run("甲") + "<w:r><w:tab/></w:r>" + run("乙"), "甲\t乙"),
        (run("软") + "<w:r><w:softHyphen/></w:r>" + run("连"), "软连"),
        ('<w:hyperlink r:id="x">' + run("a@b.cn") + "</w:hyperlink>", "a@b.cn"),
        ("<w:fldSimple w:instr=' DATE '>" + run("2021年5月6日") + "</w:fldSimple>", "2021年5月6日"),
        (
            "<w:r><w:ruby><w:rt>" + run("lín") + "</w:rt><w:rubyBase>" + run("林") + "</w:rubyBase></w:ruby></w:r>",
            "林",
        ),
        ("<m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath>", "x+1"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("同意"), "☑同意"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F0A3"/></w:r>' + run("同意"), "☐同意"),
        (run("\uf0fe", '<w:rFonts w:ascii="Wingdings"/>') + run("是"), "☑是"),
        (run("R", '<w:rFonts w:ascii="Wingdings 2"/>') + run("是"), "☑是"),
    ],
)
def test_a_paragraph_reads_as_it_is_shown(inner: str, shown: str) -> None:
    assert texts(paragraph(inner)) == [shown]


def mark(kind: str, data: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{data}</w:fldChar></w:r>'


def instruction(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


@pytest.mark.parametrize(
    ("inner", "shown"),
    [
        (
            mark("begin")
            + instruction(" DATE ")
            + run("藏")
            + mark("separate")
            + run("五月")
            + mark("end")
            + run("。"),
            "五月。",
        ),
        (mark("begin", "<w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>") + mark("end") + run("是"), "☑是"),
        (
            mark("begin", '<w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData>')
            + mark("end")
            + run("否"),
            "☐否",
        ),
        (
            mark(
                "begin",
                '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="甲"/><w:listEntry w:val="乙"/></w:ddList>'
                "</w:ffData>",
            )
            + instruction(" FORMDROPDOWN ")
            + mark("separate")
            + mark("end"),
            "乙",
        ),
        (mark("begin") + instruction(" MACROBUTTON NoMacro □ ") + mark("end") + run("省级"), "□省级"),
        (mark("begin") + instruction(r"eq \o\ac(□,√)") + mark("end") + run("国家级"), "☑国家级"),
        (mark("begin") + instruction(r" EQ \o\ac(○,3)") + mark("end") + run("材料"), "③材料"),
    ],
)
def test_a_field_shows_its_result(inner: str, shown: str) -> None:
    assert texts(paragraph(inner)) == [shown]


def test_a_fields_instruction_may_reach_across_paragraphs() -> None:
    first = paragraph(run("前") + mark("begin") + instruction(" TOC "))
    second = paragraph(instruction("\\o") + mark("separate") + run("后") + mark("end"))
    assert texts(first, second) == ["前", "后"]


def test_a_field_that_never_ends_leaves_the_reader_blind_not_silent() -> None:
    document = reader.read(docx(paragraph(mark("begin") + run("不见"))), blind, Limits())
    assert document.blind
    assert [defect.code for defect in document.defects] == ["unclosed_field"]


def test_a_line_break_ends_a_line() -> None:
    assert texts(paragraph(run("联系人：张三") + "<w:r><w:br/></w:r>" + run("电话：1"))) == ["联系人：张三", "电话：1"]


def test_hidden_text_is_kept_and_marked() -> None:
    line_shown, line_hidden = blocks(docx(paragraph(run("看得见") + run("看不见", "<w:vanish/>"))))
    assert line_shown == Line("看得见", Place(path="paragraph 1"))
    assert line_hidden == Line("看不见", Place(path="paragraph 1"), hidden=True)


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    first = paragraph(run("中国"), '<w:rPr><w:del w:id="1"/></w:rPr>')
    assert texts(first, "林学会") == ["中国林学会"]


def control(properties: str, content: str) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (paragraph(control("", run("张三"))), ["张三"]),
        (control("", paragraph(run("李四"))), ["李四"]),
        (paragraph(run("姓名") + control("<w:showingPlcHdr/>", run("单击此处输入文字"))), ["姓名"]),
        (control("<w:showingPlcHdr/>", paragraph(run("单击此处"))), []),
        (control('<w:showingPlcHdr w:val="0"/>', paragraph(run("已填"))), ["已填"]),
        (
            paragraph(control('<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>', run("☒")) + run("是")),
            ["☑是"],
        ),
        (paragraph(control('<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>', run("☐")) + run("否")), ["☐否"]),
    ],
)
def test_a_content_control_shows_what_was_filled_in(content: str, shown: list[str]) -> None:
    assert texts(content) == shown


def cell(text: str, properties: str) -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run(text))}</w:tc>"


def test_merged_cells_stand_once_with_their_spans() -> None:
    table = (
        "<w:tbl><w:tr>" + cell("标题", '<w:gridSpan w:val="3"/>') + "</w:tr>"
        "<w:tr>" + cell("申请单位", '<w:vMerge w:val="restart"/>') + cell("名称", "") + cell("林学会", "") + "</w:tr>"
        "<w:tr>" + cell("", "<w:vMerge/>") + cell("电话", "") + cell("010", "") + "</w:tr>"
        "<w:tr>" + cell("", "<w:vMerge/>") + cell("合计", '<w:gridSpan w:val="2"/>') + "</w:tr></w:tbl>"
    )
    (found,) = blocks(docx(table))
    assert rows(found) == [
        ("标题", 0, 0, 1, 3),
        ("申请单位", 1, 0, 3, 1),
        ("名称", 1, 1, 1, 1),
        ("林学会", 1, 2, 1, 1),
        ("电话", 2, 1, 1, 1),
        ("010", 2, 2, 1, 1),
        ("合计", 3, 1, 1, 2),
    ]


def test_a_deleted_row_is_gone_and_rows_in_a_control_are_there() -> None:
    gone = '<w:tr><w:trPr><w:del w:id="1"/></w:trPr>' + cell("旧", "") + "</w:tr>"
    table = f"<w:tbl>{gone}{control('', '<w:tr>' + control('', cell('新', '')) + '</w:tr>')}</w:tbl>"
    (found,) = blocks(docx(table))
    assert rows(found) == [("新", 0, 0, 1, 1)]


def test_a_nested_table_is_a_table_of_its_own() -> None:
    outer, inner = blocks(docx([["外", block([["内"]]) + paragraph("")]]))
    assert rows(outer) == [("外", 0, 0, 1, 1), ("", 0, 1, 1, 1)]
    assert rows(inner) == [("内", 0, 0, 1, 1)]
    assert inner.place.path == "table 1 / row 1 / cell 2 / table 1"


def test_tables_nested_too_deeply_are_a_blind_defect() -> None:
    deep = paragraph("")
    for _ in range(20):
        deep = f"<w:tbl><w:tr><w:tc>{deep}</w:tc></w:tr></w:tbl>"
    document = reader.read(docx(deep), blind, Limits())
    assert [(defect.code, defect.blind) for defect in document.defects] == [("depth_limit", True)]
    assert len(document.tables) == Limits().depth


def test_headers_footers_notes_and_comments_are_stories_of_their_own() -> None:
    data = docx(
        "正文",
        parts={
            "header1.xml": "<w:hdr {ns}>" + block("页眉") + "</w:hdr>",
            "header2.xml": "<w:hdr {ns}>" + block("不显示的首页页眉") + "</w:hdr>",
            "footer1.xml": "<w:ftr {ns}>" + block("页脚") + "</w:ftr>",
            "footnotes.xml": '<w:footnotes {ns}><w:footnote w:type="separator">'
            + block("-")
            + "</w:footnote><w:footnote>"
            + block("脚注")
            + "</w:footnote></w:footnotes>",
            "comments.xml": "<w:comments {ns}><w:comment>" + block("批注") + "</w:comment></w:comments>",
        },
        relations={
            "h": ("header", "header1.xml"),
            "h2": ("header", "header2.xml"),
            "f": ("footer", "/word/footer1.xml"),
            "n": ("footnotes", "footnotes.xml"),
            "c": ("comments", "comments.xml"),
        },
        section='<w:headerReference w:type="default" r:id="h"/><w:headerReference w:type="first" r:id="h2"/>'
        '<w:footerReference w:type="default" r:id="f"/>',
    )
    assert [(line.text, line.story, line.place.path) for line in blocks(data) if isinstance(line, Line)] == [
        ("页眉", Story.HEADER, "header1 / paragraph 1"),
        ("正文", Story.BODY, "paragraph 1"),
        ("页脚", Story.FOOTER, "footer1 / paragraph 1"),
        ("脚注", Story.NOTE, "footnote 1 / paragraph 1"),
        ("批注", Story.COMMENT, "comment 1 / paragraph 1"),
    ]


def test_a_text_box_that_is_offered_twice_is_read_once() -> None:
    inner = "<w:txbxContent>" + block("框内") + "</w:txbxContent>"
    twice = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>'
        + inner
        + "</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        + inner
        + "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert blocks(docx(paragraph(run("正文") + twice))) == (
        Line("正文", Place(path="paragraph 1")),
        Line("框内", Place(path="paragraph 1 / text box 1 / paragraph 1"), story=Story.TEXT_BOX),
    )


NUMBERING = (
    '<w:numbering {ns}><w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%3"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="0"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>'
)


def numbered(text: str, level: int, list: int = 1) -> str:
    return paragraph(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>')


def test_automatic_numbers_are_written_before_their_paragraphs() -> None:
    found = texts(
        numbered("目标", 0),
        numbered("任务", 0),
        numbered("甲", 1),
        numbered("乙", 1),
        numbered("细目", 2),
        numbered("预算", 0),
        numbered("丙", 1),
        numbered("又一", 0, 2),
        parts={"numbering.xml": NUMBERING},
        relations={"n": ("numbering", "numbering.xml")},
    )
    assert found == ["一、目标", "二、任务", "（一）甲", "（二）乙", "2.1 细目", "三、预算", "（一）丙", "一、又一"]


def test_an_empty_paragraph_is_numbered_too() -> None:
    (table,) = blocks(
        docx(
            [[numbered("", 0), "甲"], [numbered("", 0), "乙"]],
            parts={"numbering.xml": NUMBERING},
            relations={"n": ("numbering", "numbering.xml")},
        )
    )
    assert [text for text, *_ in rows(table)] == ["一、", "甲", "二、", "乙"]


def test_a_style_brings_its_number() -> None:
    styles = (
        '<w:styles {ns}><w:style w:type="paragraph" w:styleId="1">'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:basedOn w:val="1"/></w:style></w:styles>'
    )
    found = texts(
        paragraph(run("总则"), '<w:pStyle w:val="2"/>'),
        paragraph(run("无号"), '<w:pStyle w:val="2"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
        parts={"numbering.xml": NUMBERING, "styles.xml": styles},
        relations={"n": ("numbering", "numbering.xml"), "s": ("styles", "styles.xml")},
    )
    assert found == ["一、总则", "无号"]


def test_a_line_tells_its_number_its_style_and_whether_it_is_a_heading() -> None:
    styles = (
        '<w:styles {ns}><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="2"><w:name w:val="标题甲"/><w:basedOn w:val="1"/></w:style></w:styles>'
    )
    found = blocks(
        docx(
            paragraph(run("总则") + "<w:r><w:br/></w:r>" + run("续行"), '<w:pStyle w:val="2"/>'),
            paragraph(run("正文"), '<w:pStyle w:val="2"/><w:outlineLvl w:val="9"/>'),
            paragraph(run("三级"), '<w:outlineLvl w:val="2"/>'),
            "一、手写的号",
            parts={"numbering.xml": NUMBERING, "styles.xml": styles},
            relations={"n": ("numbering", "numbering.xml"), "s": ("styles", "styles.xml")},
        )
    )
    assert [(line.text, line.number, line.style, line.level) for line in found if isinstance(line, Line)] == [
        ("一、总则", "一、", "标题甲", 1),
        ("续行", "", "标题甲", 1),
        ("二、正文", "二、", "标题甲", 0),
        ("三级", "", "Normal", 3),
        ("一、手写的号", "", "Normal", 0),
    ]


@pytest.mark.parametrize(
    ("count", "format", "shown"),
    [
        (1, "chineseCounting", "一"),
        (10, "chineseCounting", "十"),
        (11, "chineseCounting", "十一"),
        (20, "chineseCountingThousand", "二十"),
        (101, "chineseCountingThousand", "一百零一"),
        (110, "chineseCountingThousand", "一百一十"),
        (1001, "chineseCountingThousand", "一千零一"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (3, "decimalEnclosedCircle", "③"),
        (2, "ideographTraditional", "乙"),
        (4, "upperRoman", "IV"),
        (27, "lowerLetter", "aa"),
        (7, "decimalZero", "07"),
        (3, "decimalFullWidth", "３"),
        (5, "somethingNew", "5"),
    ],
)
def test_a_counter_is_shown_in_its_format(count: int, format: str, shown: str) -> None:
    assert numeral(count, format) == shown


def test_a_picture_is_looked_at_and_its_seal_has_a_place() -> None:
    eye = Eye()
    data = docx(
        [[paragraph(run("盖章") + drawing("p", 40))]],
        parts={"media/seal.png": png(400, 400)},
        relations={"p": ("image", "media/seal.png")},
    )
    document = reader.read(data, eye, Limits())
    path = "table 1 / row 1 / cell 1 / paragraph 1 / picture 1"
    assert eye.shots[0].dpi == pytest.approx(254)
    assert [(seal.text, seal.place.path) for seal in document.seals] == [("中国林学会", path)]
    assert document.blocks[1] == Line(
        "印章",
        Place(box=Box(0.1, 0.1, 0.5, 0.5), path=path),
        0.9,
        story=Story.PICTURE,
        source=Source.OCR,
    )
    assert [(shown.width, shown.height, shown.media_type) for shown in document.pictures] == [(400, 400, "image/png")]


def test_one_picture_shown_twice_is_looked_at_once_and_reported_twice() -> None:
    eye = Eye()
    data = docx(
        paragraph(drawing("p")),
        paragraph(drawing("p")),
        parts={"media/a.png": png(99, 99)},
        relations={"p": ("image", "media/a.png")},
    )
    document = reader.read(data, eye, Limits())
    assert len(eye.shots) == 1
    assert [seal.place.path for seal in document.seals] == ["paragraph 1 / picture 1", "paragraph 2 / picture 1"]


def test_what_is_cropped_away_is_not_looked_at() -> None:
    eye = Eye()
    shown = drawing("p").replace("</pic:blipFill>", '<a:srcRect l="25000" b="50000"/></pic:blipFill>')
    reader.read(
        docx(paragraph(shown), parts={"a.png": png(400, 400)}, relations={"p": ("image", "a.png")}), eye, Limits()
    )
    assert eye.shots[0].raster.shape == (200, 300, 3)


def test_what_vml_crops_away_is_not_looked_at() -> None:
    eye = Eye()
    shown = (
        '<w:r><w:pict><v:shape style="width:100pt;height:100pt">'
        '<v:imagedata r:id="p" cropleft="16384f" cropbottom=".5" cropright="-9f" croptop="x"/></v:shape></w:pict></w:r>'
    )
    reader.read(
        docx(paragraph(shown), parts={"a.png": png(400, 400)}, relations={"p": ("image", "a.png")}), eye, Limits()
    )
    assert eye.shots[0].raster.shape == (200, 300, 3)


def test_the_bitmap_in_a_metafile_is_looked_at() -> None:
    eye = Eye()
    stream = io.BytesIO()
    Image.new("RGB", (400, 400), (200, 30, 30)).save(stream, "BMP")
    data = docx(
        paragraph(drawing("p")), parts={"a.emf": emf(stream.getvalue()[14:])}, relations={"p": ("image", "a.emf")}
    )
    document = reader.read(data, eye, Limits())
    assert [shot.raster.shape for shot in eye.shots] == [(400, 400, 3)]
    assert document.defects == ()


@pytest.mark.parametrize("absurd", ["9" * 400, "-1", "x", ""])
def test_an_absurd_size_is_none(absurd: str) -> None:
    eye = Eye()
    shown = drawing("p").replace('cx="1512000"', f'cx="{absurd}"')
    shown = shown.replace("</pic:blipFill>", f'<a:srcRect l="{absurd}"/></pic:blipFill>')
    data = docx(paragraph(shown), parts={"a.png": png(400, 400)}, relations={"p": ("image", "a.png")})
    reader.read(data, eye, Limits())
    assert eye.shots[0].dpi is None
    assert eye.shots[0].raster.shape == (400, 400, 3)


@pytest.mark.parametrize(
    ("content", "parts", "relations", "code", "is_blind"),
    [
        (drawing("p", attribute="link"), {}, {"p": ("image", "http://example.org/a.png")}, "linked_picture", True),
        (drawing("p"), {"a.emf": bytes(40) + b" EMF" + bytes(60)}, {"p": ("image", "a.emf")}, "picture_not_read", True),
        (drawing("p", 5, 5), {"a.emf": bytes(200)}, {"p": ("image", "a.emf")}, "picture_not_read", False),
        (drawing("p"), {}, {"p": ("image", "gone.png")}, "picture_not_read", True),
        (drawing("p"), {"a.png": png(90, 90)[:-40]}, {"p": ("image", "a.png")}, "picture_not_read", True),
    ],
)
def test_a_picture_that_cannot_be_looked_at_is_a_defect(
    content: str, parts: dict[str, bytes], relations: dict[str, tuple[str, str]], code: str, is_blind: bool
) -> None:
    document = reader.read(docx(paragraph(content), parts=parts, relations=relations), blind, Limits())
    assert [(defect.code, defect.blind) for defect in document.defects] == [(code, is_blind)]


def test_pictures_beyond_the_limit_are_one_blind_defect() -> None:
    eye = Eye()
    drawings = [paragraph(drawing(f"p{side}")) for side in range(90, 94)]
    parts = {f"{side}.png": png(side, side) for side in range(90, 94)}
    relations = {f"p{side}": ("image", f"{side}.png") for side in range(90, 94)}
    document = reader.read(docx(*drawings, parts=parts, relations=relations), eye, Limits(pictures=2))
    assert [(picture.width, picture.height) for picture in document.pictures] == [(90, 90), (91, 91), (0, 0), (0, 0)]
    assert len(eye.shots) == 2
    assert [(defect.code, defect.blind) for defect in document.defects] == [("picture_limit", True)]


def test_a_picture_too_small_to_hold_anything_is_not_looked_at() -> None:
    eye = Eye()
    data = docx(paragraph(drawing("p")), parts={"a.png": png(31, 99)}, relations={"p": ("image", "a.png")})
    document = reader.read(data, eye, Limits())
    assert [(picture.width, picture.height) for picture in document.pictures] == [(31, 99)]
    assert (eye.shots, document.defects) == ([], ())


def test_seals_on_a_picture_that_stands_again_and_again_are_bounded() -> None:
    data = docx(*[paragraph(drawing("p"))] * 5, parts={"a.png": png(99, 99)}, relations={"p": ("image", "a.png")})
    document = reader.read(data, Eye(), Limits(pictures=3, seals=1))
    assert (len(document.pictures), len(document.seals)) == (5, 3)
    assert [(defect.code, defect.blind) for defect in document.defects] == [("picture_limit", True)]


def test_a_strict_document_reads_like_any_other() -> None:
    usual = docx("严格", [["甲", "乙"]])
    strict = usual_to_strict(usual)
    assert reader.recognises(strict)
    assert blocks(strict) == blocks(usual)


def usual_to_strict(data: bytes) -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as usual:
        members = {name: usual.read(name) for name in usual.namelist()}
    for old, new in (
        (b"schemas.openxmlformats.org/wordprocessingml/2006/main", b"purl.oclc.org/ooxml/wordprocessingml/main"),
        (
            b"schemas.openxmlformats.org/officeDocument/2006/relationships",
            b"purl.oclc.org/ooxml/officeDocument/relationships",
        ),
    ):
        members = {name: content.replace(old, new) for name, content in members.items()}
    return archive(members)


def test_a_document_with_macros_is_read_and_says_so() -> None:
    data = docx(
        "正文",
        parts={"vbaProject.bin": b"x"},
        content_type="application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert reader.recognises(data)
    assert [defect.code for defect in reader.read(data, blind, Limits()).defects] == ["has_macros"]


def test_properties_are_told() -> None:
    members = {
        "[Content_Types].xml": "wordprocessingml.document.main+xml",
        "_rels/.rels": relationships({"a": ("officeDocument", "/w/main.xml")}).replace(
            "</Relationships>",
            '<Relationship Id="c" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/'
            'core-properties" Target="core.xml"/></Relationships>',
        ),
        "w/main.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/>'
        "</w:document>",
        "core.xml": '<c xmlns:dc="d"><dc:title>申请书</dc:title><dc:creator>王五</dc:creator></c>',
    }
    document = reader.read(archive(members), blind, Limits())
    assert document.properties == (("title", "申请书"), ("creator", "王五"))


@pytest.mark.parametrize("doctype", ['<!DOCTYPE a [<!ENTITY x "y">]>', "<!DOCTYPE w:hdr>"])
def test_a_document_type_is_refused_not_expanded(doctype: str) -> None:
    data = docx("正文", parts={"styles.xml": doctype + "<a>&x;</a>"}, relations={"s": ("styles", "styles.xml")})
    with pytest.raises(Damaged, match="document type"):
        reader.read(data, blind, Limits())


@pytest.mark.parametrize(
    ("limits", "limit"),
    [
        (Limits(entries=3), "entries"),
        (Limits(unpacked_bytes=500), "unpacked_bytes"),
        (Limits(blocks=3), "blocks"),
        (Limits(cells=3), "cells"),
    ],
)
def test_a_limit_is_named_when_it_is_exceeded(limits: Limits, limit: str) -> None:
    with pytest.raises(TooLarge) as caught:
        reader.read(docx("一", "二", "三", [["甲", "乙"], ["丙", "丁"]]), blind, limits)
    assert caught.value.limit == limit


def test_a_zip_bomb_is_refused_by_its_directory() -> None:
    data = docx("正文", parts={"media/big.bin": bytes(8 << 20)})
    with pytest.raises(TooLarge) as caught:
        reader.read(data, blind, Limits())
    assert caught.value.limit == "compression_ratio"


def test_a_lying_directory_does_not_unpack_more_than_it_says() -> None:
    data = bytearray(docx("正文" * 1000))
    # Central directory entry of word/document.xml: the uncompressed size stands 24 bytes after the signature.
    entry = data.rindex(b"word/document.xml") - 46
    data[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    with pytest.raises(Damaged):
        reader.read(bytes(data), blind, Limits())


def test_an_encrypted_member_needs_a_password() -> None:
    data = bytearray(docx("正文"))
    entry = data.rindex(b"word/document.xml") - 46
    data[entry + 8] |= 1
    with pytest.raises(Encrypted):
        reader.read(bytes(data), blind, Limits())


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", png(), archive({"a.txt": "x"}), b"%PDF-1.7"])
def test_other_files_are_not_word(data: bytes) -> None:
    assert not reader.recognises(data)


def test_a_truncated_document_is_recognised_and_damaged() -> None:
    data = docx("正文")[:-30]
    assert reader.recognises(data)
    with pytest.raises(Damaged):
        reader.read(data, blind, Limits())


def test_a_vml_picture_is_looked_at() -> None:
    eye = Eye()
    shape = '<w:r><w:pict><v:shape style="width:72pt;height:72pt"><v:imagedata r:id="p"/></v:shape></w:pict></w:r>'
    data = docx(paragraph(shape), parts={"a.jpg": picture(200, 200, "JPEG")}, relations={"p": ("image", "a.jpg")})
    document = reader.read(data, eye, Limits())
    assert len(document.seals) == 1
    assert eye.shots[0].dpi == pytest.approx(200)


def test_a_transparent_picture_lies_on_white_paper() -> None:
    eye = Eye()
    buffer = io.BytesIO()
    Image.new("RGBA", (64, 64), (255, 0, 0, 0)).save(buffer, "PNG")
    reader.read(
        docx(paragraph(drawing("p")), parts={"a.png": buffer.getvalue()}, relations={"p": ("image", "a.png")}),
        eye,
        Limits(),
    )
    assert eye.shots[0].raster.min() == 255
