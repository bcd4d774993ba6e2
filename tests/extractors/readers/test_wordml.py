"""WordprocessingML of Word 2003."""

import base64
import io

import pytest
from PIL import Image

from extractors.document import Document, Line, Page, Place, Source, Story
from extractors.errors import Damaged, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import wordml

NAMESPACES = (
    'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:aml="http://schemas.microsoft.com/aml/2001/core"'
)


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (Line("章", Place(), source=Source.OCR),), ())


def read(body: str, limits: Limits | None = None) -> Document:
    head = "<o:DocumentProperties><o:Title>申报书</o:Title></o:DocumentProperties>"
    data = f"<?xml version='1.0'?><w:wordDocument {NAMESPACES}>{head}<w:body>{body}</w:body></w:wordDocument>".encode()
    assert wordml.recognises(data)
    return wordml.read(data, look, limits or Limits())


def p(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (p(r("智惠") + r("行动")), ["智惠行动"]),
        (f"<wx:sect><wx:sub-section>{p(r('a'))}</wx:sub-section></wx:sect>", ["a"]),
        (p(r("标题"), '<w:listPr><wx:t wx:val="一、"/></w:listPr>'), ["一、标题"]),
        (p("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r>"), ["a", "b\tc"]),
        (
            p('<aml:annotation w:type="Word.Deletion"><w:r><w:delText>x</w:delText></w:r></aml:annotation>' + r("y")),
            ["y"],
        ),
        (
            p('<aml:annotation w:type="Word.Insertion"><aml:content>' + r("z") + "</aml:content></aml:annotation>"),
            ["z"],
        ),
        (p('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + r("是")), ["☑是"]),
        (
            p(
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                + r("3")
                + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            ),
            ["3"],
        ),
    ],
)
def test_text_is_read_as_it_is_shown(body, shown):
    assert [line.text for line in read(body).lines] == shown


def test_hidden_text_is_marked():
    assert [(line.text, line.hidden) for line in read(p(r("a") + r("b", "<w:vanish/>"))).lines] == [
        ("a", False),
        ("b", True),
    ]


def test_tables_have_spans_and_merges():
    def tc(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(text) if text else '')}</w:tc>"

    body = (
        f"<w:tbl><w:tr>{tc('a', '<w:vmerge w:val=' + chr(34) + 'restart' + chr(34) + '/>')}"
        f"{tc('b', '<w:gridSpan w:val=' + chr(34) + '2' + chr(34) + '/>')}</w:tr>"
        f"<w:tr>{tc('', '<w:vmerge/>')}{tc('c')}{tc('d')}</w:tr></w:tbl>"
    )
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in read(body).tables[0].cells] == [
        ("a", 0, 0, 2, 1),
        ("b", 0, 1, 1, 2),
        ("c", 1, 1, 1, 1),
        ("d", 1, 2, 1, 1),
    ]


def test_stories_and_pictures_are_found():
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(stream, "PNG")
    raw = base64.b64encode(stream.getvalue()).decode()
    picture = f'<w:r><w:pict><w:binData w:name="wordml://1.png">{raw}</w:binData></w:pict></w:r>'
    body = p(r("text") + picture) + f"<w:sectPr><w:hdr w:type='odd'>{p(r('head'))}</w:hdr></w:sectPr>"
    document = read(body)
    assert [(line.story, line.text) for line in document.lines] == [
        (Story.HEADER, "head"),
        (Story.BODY, "text"),
        (Story.PICTURE, "章"),
    ]
    assert document.properties == (("title", "申报书"),)
    assert document.pictures[0].media_type == "image/png"


def test_what_is_no_xml_is_damaged():
    with pytest.raises(Damaged):
        wordml.read(b"<w:wordDocument http://schemas.microsoft.com/office/word/2003/wordml", look, Limits())


def test_depth_and_length_are_bounded():
    with pytest.raises((TooLarge, Damaged)):
        read("<wx:sect>" * 200 + p(r("x")) + "</wx:sect>" * 200)
    with pytest.raises(TooLarge):
        read(p(r("x")) * 20, Limits(blocks=10))


def test_entities_are_not_expanded():
    data = (
        f"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><w:wordDocument {NAMESPACES}>"
        f"<w:body>{p(r('a&x;b'))}</w:body></w:wordDocument>"
    ).encode()
    assert "root" not in wordml.read(data, look, Limits()).text
