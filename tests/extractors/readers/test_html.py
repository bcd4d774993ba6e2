"""Web pages and MHT: text, tables, hidden parts, pictures that lie in the file."""

import base64
import io
import random
from contextlib import suppress

import pytest
from PIL import Image

from extractors.document import Document, Line, Page, Place, Source, Story
from extractors.errors import ReadError, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import html


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (Line("章", Place(), source=Source.OCR),), ())


def read(body: str | bytes, limits: Limits | None = None) -> Document:
    data = body if isinstance(body, bytes) else f"<html><body>{body}</body></html>".encode()
    assert html.recognises(data)
    return html.read(data, look, limits or Limits())


def png() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(stream, "PNG")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>one<p>two", ["one", "two"]),
        ("<p>a\n  b<br>c</p>tail", ["a b", "c", "tail"]),
        ("<p>新<del>旧</del><ins>的</ins></p>", ["新的"]),
        ("<script>x</script><style>y</style><p>z</p>", ["z"]),
        ("<p><input type=checkbox checked>是<input type=checkbox>否 <input value='王五'></p>", ["☑是☐否 王五"]),
        ("<![if !supportLists]><span>一、</span><![endif]>基本情况", ["一、基本情况"]),
    ],
)
def test_text_is_read_as_it_is_shown(body, shown):
    assert [line.text for line in read(body).lines] == shown


@pytest.mark.parametrize("named", ["gb2312", "GBK", "gb18030", "utf-8", "nonsense"])
def test_chinese_is_read_whatever_encoding_is_named(named):
    page = f'<html><head><meta charset="{named}"></head><body>科协㐂</body></html>'
    assert read(page.encode("gb18030")).text == "科协㐂"


def test_hidden_parts_are_marked_and_headings_have_levels():
    assert read("<h2>标题</h2><p>a<span style='display:none'>b</span></p>").lines == (
        Line("标题", Place(path="paragraph 1"), level=2),
        Line("a", Place(path="paragraph 2")),
        Line("b", Place(path="paragraph 3"), hidden=True),
    )


def test_tables_have_their_spans():
    body = "<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d</table>"
    assert [(c.text, c.row, c.column, c.row_span, c.column_span) for c in read(body).tables[0].cells] == [
        ("a", 0, 0, 2, 1),
        ("b", 0, 1, 1, 2),
        ("c", 1, 1, 1, 1),
        ("d", 1, 2, 1, 1),
    ]


def test_nested_tables_are_tables_of_their_own():
    outer, inner = read("<table><tr><td>a<table><tr><td>b</table></table>").tables
    assert ([cell.text for cell in outer.cells], [cell.text for cell in inner.cells]) == (["a"], ["b"])
    assert inner.place.path == "table 1 / row 1 / cell 1 / table 1"


def test_pictures_in_the_page_are_looked_at_and_others_are_a_defect():
    document = read(
        f"<p><img src='data:image/png;base64,{base64.b64encode(png()).decode()}'><img src='http://a/b.png'>"
    )
    assert [(picture.width, picture.media_type) for picture in document.pictures] == [(64, "image/png")]
    assert [line.story for line in document.lines] == [Story.PICTURE]
    assert [(defect.code, defect.blind) for defect in document.defects] == [("linked_picture", True)]


def mht(page: bytes) -> bytes:
    return b"\r\n".join(
        (
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/related; boundary="--=_x"; type="text/html"',
            b"",
            b"----=_x",
            b"Content-Location: file:///C:/a.htm",
            b"Content-Transfer-Encoding: quoted-printable",
            b'Content-Type: text/html; charset="gb2312"',
            b"",
            page.replace(b"=", b"=3D"),
            b"----=_x",
            b"Content-Location: file:///C:/a.files/image001.png",
            b"Content-Transfer-Encoding: base64",
            b"Content-Type: image/png",
            b"",
            base64.b64encode(png()),
            b"",
            b"----=_x--",
        )
    )


def test_an_archived_page_has_its_pictures_beside_it():
    document = read(mht("<html><body>科协<img src='a.files/image001.png'></body></html>".encode("gb18030")))
    assert document.format == "mht"
    assert [line.text for line in document.lines] == ["科协", "章"]
    assert [picture.media_type for picture in document.pictures] == ["image/png"]


@pytest.mark.parametrize(
    "data",
    [b"", b"text <html", b"<?xml version='1.0'?><a/>", b"From: a\r\nSubject: b\r\n\r\nhello", b"\xff\xfe<\0a\0"],
)
def test_what_is_no_page_is_not_recognised(data):
    assert not html.recognises(data)


def test_mail_with_a_page_in_it_is_not_recognised():
    page = mht(b"<html></html>")
    assert html.recognises(page)
    assert not html.recognises(b"To: wang@example.cn\r\n" + page)


def test_spans_and_depths_that_are_absurd_are_bounded():
    assert read("<table><tr><td colspan=99999999 rowspan=-1>x</table>").tables[0].columns == 1
    with pytest.raises(TooLarge):
        read("<table><tr><td rowspan=1000 colspan=1000>x</table>")
    with pytest.raises(TooLarge):
        read("<table><tr><td>" * 40, Limits(depth=8))


def test_any_damage_ends_in_a_document_or_a_read_error():
    parts = [
        "<table>", "<tr>", "<td rowspan=3>", "</td>", "</table>", "<p>", "<del>", "</del>", "x", "<img>", "<h1>",
        "<span style=display:none>", "</span>", "<input type=radio>", "<br", "&#0;", "&nbsp;", "<title>",
    ]  # fmt: skip
    dice = random.Random(5)
    for _ in range(200):
        with suppress(ReadError):
            read("".join(dice.choices(parts, k=40)))
