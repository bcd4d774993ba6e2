"""The order of pages that came as files of their own, and pages that are missing among them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.document import Document, Page, Source
from extractors.forms.numbering import Printed, numbered, printed
from extractors.forms.sequence import in_order
from tests.extractors.forms.build import scan


def page(*lines: tuple[float, str]) -> Document:
    return replace(scan(*((0.1, top, text) for top, text in lines)), pages=(Page(1, Source.OCR),))


def ordered(*named: tuple[str, Document], others: tuple[str, ...] = ()) -> tuple[str, list[str]]:
    """The order of pages, that with the title first, as figures; and the codes of what is told."""
    files, defects = in_order(list(enumerate(page for _, page in named)), [*(name for name, _ in named), *others])
    assert all(defect.blind for defect in defects)
    return "".join(map(str, files)), [defect.code for defect in defects]


BLANK = page((0.5, "正文"))


@pytest.mark.parametrize(
    ("names", "order", "told"),
    [
        (("IMG_2031.jpg", "IMG_2033.jpg", "IMG_2032.jpg"), "021", []),
        (("扫描件.pdf", "扫描件 (3).pdf", "扫描件 (2).pdf"), "021", []),
        (("第一页.jpg", "第三页.jpg", "第二页.jpg"), "021", []),
        (("微信图片_20210825101532.jpg", "微信图片_20210825101540.jpg", "微信图片_20210825101536.jpg"), "021", []),
        (("a1f.jpg", "9c.jpg", "77b.jpg"), "012", []),
        (("IMG_9.jpg", "IMG_7.jpg", "IMG_8.jpg"), "012", ["page_order"]),
        (("IMG_9.jpg", "IMG_8.jpg"), "01", []),
        (("IMG_2031.jpg", "IMG_2032.jpg", "IMG_2034.jpg"), "012", ["page_missing"]),
    ],
)
def test_names_tell_the_order_and_gaps(names: tuple[str, ...], order: str, told: list[str]) -> None:
    assert ordered(*((name, BLANK) for name in names)) == (order, told)


def test_a_number_that_another_file_has_is_no_gap() -> None:
    named = [("IMG_1.jpg", BLANK), ("IMG_3.jpg", BLANK)]
    assert ordered(*named)[1] == ["page_missing"]
    assert ordered(*named, others=("IMG_2.jpg",))[1] == []


def number(text: str) -> Document:
    return page((0.5, "正文"), (0.95, text))


def test_printed_numbers_go_before_names() -> None:
    named = [("a1.jpg", number("第1页")), ("a2.jpg", number("第3页")), ("a3.jpg", number("第2页"))]
    assert ordered(*named) == ("021", [])
    assert ordered(("a1.jpg", BLANK), ("a2.jpg", number("- 2 -")), ("a3.jpg", number("- 1 -"))) == ("021", [])


def test_printed_numbers_say_more_of_gaps_than_names() -> None:
    assert ordered(("IMG_1.jpg", number("第1页")), ("IMG_3.jpg", number("第2页")))[1] == []


def test_headings_that_go_back_say_that_the_order_is_not_known() -> None:
    budget, plan = page((0.2, "三、经费预算")), page((0.2, "二、实施方案"))
    assert ordered(("a.jpg", BLANK), ("b.jpg", budget), ("c.jpg", plan)) == ("012", ["page_order"])
    assert ordered(("a.jpg", BLANK), ("b.jpg", plan), ("c.jpg", budget), ("d.jpg", page((0.2, "一、承诺"))))[1] == []


def test_a_number_is_printed_in_the_margin() -> None:
    assert printed(number("第 2 页，共 5 页")) == Printed(0, 2, 5)
    assert printed(page((0.5, "- 2 -"))) is None
    assert printed(number("12")) is None, "a figure alone may be anything"


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("IMG_2031.jpg", "IMG_2032.jpeg", True),
        ("IMG_2031.jpg", "IMG_2131.jpg", False),
        ("IMG_2031.jpg", "DSC_2032.jpg", False),
        ("IMG_20210825_101532.jpg", "IMG_20210825_101601.jpg", True),
        ("IMG_20210825_101532.jpg", "IMG_20210826_101601.jpg", False),
        ("申报书.jpg", "申报书 (2).jpg", True),
        ("申报书.jpg", "证书.jpg", False),
        ("a.jpg", "a.jpg", False),
    ],
)
def test_names_are_near_where_they_were_given_one_after_the_other(one: str, other: str, near: bool) -> None:
    assert numbered(one).is_near(numbered(other)) is near
    assert numbered(other).is_near(numbered(one)) is near
