"""RTF: text in its code pages, tables, stories, fields, pictures; whatever braces come."""

import io
import random
from contextlib import suppress

import pytest
from PIL import Image

from extractors.document import Document, Line, Page, Place, Source, Story, Table
from extractors.errors import Damaged, ReadError, TooLarge
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import rtf

SEEN = Line("章", Place(), source=Source.OCR)


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (SEEN,), ())


def read(body: str, limits: Limits | None = None) -> Document:
    fonts = r"{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset134 SimSun;}{\f2\fnil\fcharset2 Wingdings;}}"
    data = rf"{{\rtf1\ansi\ansicpg936\deff0{fonts}{body}}}".encode("latin-1")
    assert rtf.recognises(data)
    return rtf.read(data, look, limits or Limits())


def texts(body: str) -> list[str]:
    return [line.text for line in read(body).lines]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (r"\f1 \'d6\'c7\'bb\'dd\par", ["智惠"]),
        (r"{\f1 \'b0\'d9}\'bb\'e1\par", ["百会"]),
        (r"\u26234?\u24800?\par", ["智惠"]),
        (r"\uc2\u26234\'d6\'c7x\par", ["智x"]),
        (r"\uc0\u26234 x\par", ["智x"]),
        (r"\u-10179?\u-8704?\par", ["😀"]),
        (r"\u-10179?x\par", ["\ufffdx"]),
        (r"a\tab b\line c\~d\_e\par", ["a\tb", "c\u00a0d-e"]),
        (r"{\f2 \'fe}\f1\'ca\'c7{\f2\u-3928?}\par", ["☑是☐"]),
        (r"one{\deleted two} three\par", ["one three"]),
        (r"{\*\unknown lost}{\*\bkmkstart b}kept\par", ["kept"]),
        (r"{\info{\title T}}{\stylesheet{\s0 Normal;}}x\par", ["x"]),
        (r'{\field{\*\fldinst HYPERLINK "http://a"}{\fldrslt link}}\par', ["link"]),
        (r"{\field{\*\fldinst MACROBUTTON NoMacro [click here]}}\par", ["[click here]"]),
        (r"{\field{\*\fldinst FORMCHECKBOX{\*\formfield{\fftype1\ffres25\ffdefres1}}}}x\par", ["☑x"]),
        (r"{\field{\*\fldinst FORMCHECKBOX{\*\formfield{\fftype1\ffres0\ffdefres1}}}}x\par", ["☐x"]),
        (r"{\listtext\tab 1.\tab}a\par{\listtext\f2\'b7\tab}b\par", ["1. a", "b"]),
        (r"x\bin3 }}}y\par", ["xy"]),
        ("\\}}}}x", ["}"]),
    ],
)
def test_text_is_read_as_it_is_shown(body, shown):
    assert texts(body) == shown


def test_hidden_text_is_marked():
    assert read(r"a{\v b}\par").lines == (
        Line("a", Place(path="paragraph 1")),
        Line("b", Place(path="paragraph 1"), hidden=True),
    )


def test_stories_are_told_apart():
    body = (
        r"{\header top\par}text{\footnote note}\par{\*\annotation remark}{\footer end\par}"
        r"{\shp{\*\shpinst{\shptxt box\par}}}"
    )
    assert [(line.story, line.text) for line in read(body).lines] == [
        (Story.HEADER, "top"),
        (Story.BODY, "text"),
        (Story.TEXT_BOX, "box"),
        (Story.FOOTER, "end"),
        (Story.NOTE, "note"),
        (Story.COMMENT, "remark"),
    ]


def shape(table: Table) -> list[tuple[str, int, int, int, int]]:
    return [(cell.text, cell.row, cell.column, cell.row_span, cell.column_span) for cell in table.cells]


def test_tables_have_spans_from_their_edges():
    body = r"\trowd\cellx2000\intbl a\cell\row\trowd\cellx1000\cellx2000\pard\intbl b\cell c\cell\row\pard after\par"
    document = read(body)
    assert shape(document.tables[0]) == [("a", 0, 0, 1, 2), ("b", 1, 0, 1, 1), ("c", 1, 1, 1, 1)]
    assert document.blocks[1] == Line("after", Place(path="paragraph 1"))


def test_merged_cells_stand_once():
    body = (
        r"\trowd\clvmgf\cellx1000\clmgf\cellx2000\clmrg\cellx3000\intbl a\cell b\cell\cell\row"
        r"\trowd\clvmrg\cellx1000\cellx2000\cellx3000\intbl\cell c\cell d\cell\row"
    )
    assert shape(read(body).tables[0]) == [("a", 0, 0, 2, 1), ("b", 0, 1, 1, 2), ("c", 1, 1, 1, 1), ("d", 1, 2, 1, 1)]


def test_nested_tables_are_tables_of_their_own():
    body = (
        r"\pard\intbl\itap2 in\nestcell{\*\nesttableprops\trowd\cellx500\nestrow}"
        r"\pard\intbl\itap1 out\cell{\trowd\cellx1000\row}"
    )
    outer, inner = read(body).tables
    assert (outer.cells[0].text, inner.cells[0].text) == ("out", "in")
    assert inner.place.path == "table 1 / row 1 / cell 1 / table 1"


def test_pictures_are_looked_at():
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(stream, "PNG")
    document = read(rf"a{{\pict\pngblip\picwgoal960 {stream.getvalue().hex()}}}\par")
    assert [(picture.width, picture.height, picture.media_type) for picture in document.pictures] == [
        (64, 48, "image/png")
    ]
    assert [line.text for line in document.lines if line.story is Story.PICTURE] == ["章"]


def test_a_file_cut_short_says_so():
    assert [defect.code for defect in rtf.read(rb"{\rtf1 some text {\b more", look, Limits()).defects] == ["truncated"]


def test_nothing_but_braces_is_damaged():
    with pytest.raises(Damaged):
        read("{}")


def test_braces_beyond_number_end_somewhere():
    assert texts("{" * 100_000 + "x" + "}" * 100_000 + r"y\par") == ["xy"]


def test_too_many_paragraphs_are_refused():
    with pytest.raises(TooLarge):
        read(r"x\par " * 20, Limits(blocks=10))


def test_any_damage_ends_in_a_document_or_a_read_error():
    words = [r"\par", r"\cell", r"\row", r"\trowd", r"\cellx9", r"\intbl", r"\itap3", r"\nestcell", r"\nestrow", "{",
             "}", r"\*", r"{\pict", r"{\header", r"{\fldinst", r"\u99999", r"\'b0", r"\bin-5", r"\f77", "x", r"\uc9",
             r"{\shptxt", r"{\fonttbl", r"\clvmrg", r"\clmrg", r"\v", r"\deleted", r"\ansicpg12345"]  # fmt: skip
    dice = random.Random(3)
    for _ in range(300):
        with suppress(ReadError):
            read(" ".join(dice.choices(words, k=60)))
