"""Ticked boxes."""

import pytest

from extractors.forms.choice import ticked
from extractors.forms.spec import Option

OPTIONS = (Option("national", ("全国学会",)), Option("provincial", ("省级学会", "省学会")))


@pytest.mark.parametrize("raw", ["□全国学会 □省级学会", "全国学会○ 省级学会○", "（ ）全国学会 （ ）省级学会"])
def test_no_box_ticked_is_blank(raw: str) -> None:
    assert ticked(raw, OPTIONS) == ""


@pytest.mark.parametrize("raw", ["☑全国学会 ☑省级学会", "全国学会/省级学会", "其他", ""])
def test_no_single_choice_is_unclear(raw: str) -> None:
    assert ticked(raw, OPTIONS) is None


@pytest.mark.parametrize(
    "raw",
    [
        "□全国学会 ☑省级学会",
        "□全国学会 ☒省级学会",
        "□全国学会 √省级学会",
        "□全国学会 ■省级学会",
        "○全国学会 ●省级学会",
        "□全国学会 □√省级学会",
        "全国学会□ 省级学会☑",
        "全国学会□ 省级学会√",
        "（ ）全国学会 （√）省级学会",
        "□ 全国学会\n☑ 省级学会",
        "省级学会",
        "省级",
        "\uf0a8全国学会 \uf0fe省级学会",
    ],
)
def test_the_ticked_option(raw: str) -> None:
    assert ticked(raw, OPTIONS) == "provincial"


@pytest.mark.parametrize("raw", ["口全国学会 区省级学会", "口全国学会 V省级学会"])
def test_boxes_as_ocr_reads_them(raw: str) -> None:
    assert ticked(raw, OPTIONS, recognised=True) == "provincial"


def test_the_box_that_ocr_lost_stood_before_its_option() -> None:
    assert ticked("全国学会 ●省级学会", OPTIONS, recognised=True) == "provincial"
    assert ticked("全国学会☑ 省级学会□", OPTIONS, recognised=True) == "national"


@pytest.mark.parametrize("raw", ["口全国学会 省级学会", "⍰全国学会 □省级学会", "■ □省级学会"])
def test_a_box_that_nobody_could_make_out_is_no_answer(raw: str) -> None:
    assert ticked(raw, OPTIONS, recognised=True) is None


def test_all_boxes_seen_and_none_ticked_is_blank_on_a_scan() -> None:
    assert ticked("□全国学会 口省级学会", OPTIONS, recognised=True) == ""
