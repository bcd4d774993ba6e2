"""Automatic numbers, which stand nowhere in the text."""

import struct

import pytest

from extractors.document import Page, Source
from extractors.limits import Limits
from extractors.ocr.engine import Shot, Sight
from extractors.readers import msdoc
from extractors.readers.msdoc import numerals
from tests.build_doc import PLF_LFO, PLF_LST, Par, Parts, doc, par, prl, xst


def look(_shot: Shot) -> Sight:
    return Sight(Page(1, Source.OCR), (), ())


def lvl(nfc: int, template: str, start: int = 1, flags: int = 0) -> bytes:
    lvlf = struct.pack("<iBB", start, nfc, flags) + bytes(9) + b"\0" + bytes(12)
    return lvlf + xst(template)


def lists(*levels: bytes, starts: tuple[int | None, ...] = (None,)) -> Parts:
    """One list of nine levels, and an override of it for each of `starts`: where it begins anew, or None."""
    filled = [*levels, *[lvl(0, "")] * (9 - len(levels))]
    plf_lst = struct.pack("<H", 1) + struct.pack("<ii", 7, 0) + bytes(20)
    plf_lfo = struct.pack("<I", len(starts))
    plf_lfo += b"".join(struct.pack("<iIIB", 7, 0, 0, start is not None) + bytes(3) for start in starts)
    for start in starts:
        plf_lfo += struct.pack("<I", 0xFFFFFFFF)
        if start is not None:
            plf_lfo += struct.pack("<iI", start, 0x10)
    return Parts(table={PLF_LST: plf_lst, PLF_LFO: plf_lfo}, after_lists=b"".join(filled))


def item(text: str, level: int = 0, override: int = 1) -> Par:
    return par(text, papx=prl(0x260A, level) + prl(0x460B, override))


def texts(parts: Parts, *pars: Par) -> list[str]:
    return [line.text for line in msdoc.read(doc(*pars, parts=parts), look, Limits()).lines]


def test_numbers_are_counted_by_level():
    parts = lists(lvl(0x27, "\0、"), lvl(0x27, "（\1）"), lvl(0, "\2."), lvl(0x12, "\3"))
    pars = [item("基本情况"), item("单位", 1), item("名称", 2), item("甲", 3), item("乙", 3), item("地址", 2)]
    assert texts(parts, *pars, par("正文"), item("人员", 1), item("经费"), item("预算", 1)) == [
        "一、基本情况", "（一）单位", "1. 名称", "①甲", "②乙", "2. 地址", "正文", "（二）人员", "二、经费",
        "（一）预算",
    ]  # fmt: skip


def test_the_number_is_told_apart_from_the_text():
    (line,) = msdoc.read(doc(item("基本情况"), parts=lists(lvl(0x27, "\0、"))), look, Limits()).lines
    assert (line.number, line.text) == ("一、", "一、基本情况")


def test_a_number_may_name_the_levels_above_it():
    assert texts(lists(lvl(0, "\0"), lvl(0, "\0.\1")), item("a"), item("b", 1), item("c", 1), item("d")) == [
        "1 a", "1.1 b", "1.2 c", "2 d",
    ]  # fmt: skip


def test_legal_numbering_writes_every_level_in_digits():
    assert texts(lists(lvl(0x27, "\0、"), lvl(0, "\0.\1", flags=4)), item("a"), item("b", 1)) == ["一、a", "1.1 b"]


def test_an_override_starts_anew_and_goes_on():
    parts = lists(lvl(0, "\0."), starts=(None, 5))
    assert texts(parts, item("a"), item("b"), item("c", override=2), item("d", override=2), item("e")) == [
        "1. a", "2. b", "5. c", "6. d", "7. e",
    ]  # fmt: skip


def test_an_empty_paragraph_is_numbered_too():
    assert texts(lists(lvl(0, "\0.")), item("a"), item(""), par(""), item("b")) == ["1. a", "2.", "3. b"]


@pytest.mark.parametrize(("sign", "shown"), [("\uf0b7", "a"), ("·", "a"), ("\uf0a8", "☐ a"), ("", "a")])
def test_a_bullet_says_nothing_unless_it_is_a_box(sign, shown):
    assert texts(lists(lvl(0x17, sign)), item("a")) == [shown]


@pytest.mark.parametrize("override", [0, 2, 2000, 0xF801])
def test_an_override_that_is_not_there_gives_no_number(override):
    assert texts(lists(lvl(0, "\0.")), item("a", override=override)) == ["a"]


def test_lists_that_are_cut_short_cost_only_the_numbers():
    parts = lists(lvl(0, "\0."))
    parts.after_lists = parts.after_lists[:40]
    assert texts(parts, item("a")) == ["a"]


@pytest.mark.parametrize(
    ("number", "nfc", "written"),
    [
        (4, 0x00, "4"), (14, 0x01, "XIV"), (9, 0x02, "ix"), (28, 0x03, "BB"), (3, 0x04, "c"), (12, 0x05, "12th"),
        (21, 0x05, "21st"), (7, 0x16, "07"), (12, 0x12, "⑫"), (21, 0x12, "21"), (3, 0x1B, "⑶"), (2, 0x1A, "⒉"),
        (4, 0x1D, "㈣"), (10, 0x27, "十"), (12, 0x27, "十二"), (20, 0x27, "二十"), (105, 0x27, "一百零五"),
        (110, 0x27, "一百一十"), (1000, 0x27, "一千"), (12, 0x0A, "一二"), (13, 0x26, "壹拾叁"), (11, 0x1E, "甲"),
        (13, 0x20, "丙子"), (12, 0x0E, "１２"), (3, 0x17, ""), (5, 0xFF, ""), (5, 0xEE, "5"), (-1, 0x27, "-1"),
        (99999, 0x01, "99999"),
    ],
)  # fmt: skip
def test_numbers_are_written_in_their_format(number, nfc, written):
    assert numerals.text(number, nfc) == written
