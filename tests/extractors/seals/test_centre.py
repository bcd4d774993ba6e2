"""Centre lines: what the recogniser leaves open is decided by what such lines say, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from extractors.document import SealColour, SealShape
from extractors.ocr.engine import Odds, Raster, Strip
from extractors.seals import centre
from extractors.seals.bands import Band
from extractors.seals.outline import Outline
from extractors.seals.unroll import FAINT, Impression


def odds(*columns: dict[str, float]) -> Odds:
    return tuple(part for column in columns for part in (column, {"": 1.0}))


def sure_of(text: str) -> list[dict[str, float]]:
    return [{character: 0.95} for character in text]


def line(text: str, sure: float = 0.9) -> Strip:
    return Strip(text, sure, tuple((character, 0.5, sure) for character in text))


def said(*signals: list[Strip]) -> tuple[str, float]:
    """What each signal says by itself."""
    return centre.said(list(enumerate(signals)))


def test_a_known_line_is_read_where_one_character_is_open_and_is_as_sure_as_the_recogniser() -> None:
    read = centre.reading(odds({"业": 0.9}, {"务": 0.9}, {"专": 0.9}, {"用": 0.9}, {"童": 0.8, "章": 0.02}))
    assert read.text == "业务专用章"
    assert min(sure for *_, sure in read.characters) == pytest.approx(0.02)


@pytest.mark.parametrize(
    "columns",
    [
        ({"科": 0.9}, {"文": 0.9}, {"部": 0.9}),  # of no known line, surely read
        ({"天": 0.9}, {"文": 0.9}, {"馆": 0.9}),
    ],
)
def test_what_is_surely_read_is_no_other_line(columns: tuple[dict[str, float], ...]) -> None:
    assert centre.reading(odds(*columns)).text == "".join(next(iter(column)) for column in columns)


def test_a_character_that_was_not_read_is_added_only_where_the_recogniser_considered_it() -> None:
    seen = odds({"财": 0.9}, {"务": 0.9}, {"专": 0.9}, {"用": 0.9}, {"": 0.98, "章": 0.01})
    assert centre.reading(seen).text == "财务专用章"
    unseen = odds({"财": 0.9}, {"务": 0.9}, {"专": 0.9}, {"用": 0.9})
    assert centre.reading(unseen).text == "财务专用"


def test_the_end_of_a_known_line_is_that_line_only_where_its_beginning_was_considered() -> None:
    assert centre.reading(odds({"": 0.98, "办": 0.01}, {"公": 0.9}, {"室": 0.9})).text == "办公室"
    assert centre.reading(odds({"公": 0.9}, {"室": 0.9})).text == "公室"


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("合同专用章（3）", "合同专用章（3）"),
        ("合同专用章(12)", "合同专用章（12）"),
        ("合同专用章（二", "合同专用章（二）"),
        ("合同专用章3）", "合同专用章（3）"),
        ("（3）", "（3）"),
        ("合同专用章3", "合同专用章3"),  # brackets are fine lines; it may be a stroke of print
        ("办公室（3）", "办公室"),
        ("（3", ""),
    ],
)
def test_the_number_of_a_bodys_seal_for_a_purpose_is_read_in_its_brackets(seen: str, read: str) -> None:
    assert centre.reading(odds(*sure_of(seen))).text == read


def test_a_number_without_brackets_is_one_where_two_signals_show_it() -> None:
    bare, plain, whole = line("合同专用章3"), line("合同专用章"), line("合同专用章（3）")
    assert said([bare], [bare])[0] == "合同专用章（3）"
    assert said([bare], [whole])[0] == "合同专用章（3）"
    assert said([bare], [plain])[0] == "合同专用章"
    assert said([bare], [line("合同专用章1")])[0] == "合同专用章"
    assert centre.said([(0, [bare]), (0, [bare])])[0] == "合同专用章"  # read twice is not seen twice


@pytest.mark.parametrize("purpose", ["成绩证明", "毕业证书", "职称评审"])
def test_a_purpose_that_ends_in_another_one_is_not_that(purpose: str) -> None:
    first, *rest = sure_of(purpose + "专用章")
    doubted = dict.fromkeys(first, 0.1)
    assert centre.reading(odds(doubted, *rest)).text == purpose + "专用章"


def test_a_doubtful_number_is_none() -> None:
    seen = odds(*sure_of("合同专用章（"), {"3": 0.5, "8": 0.4}, {"）": 0.9})
    assert centre.reading(seen).text == "合同专用章"


@pytest.mark.parametrize(
    ("behind", "read"),
    [
        (({"行": 0.8, "6": 0.1}, {"）": 0.95}), "业务专用章（6）"),  # among Hanzi it was taken for one
        (({"6": 0.3, "": 0.7}, {")": 0.5, "": 0.5}), "业务专用章（6）"),
        (({"1": 0.9}, {"2": 0.8}, {"）": 0.95}), "业务专用章（12）"),
        (({"三": 0.4, "王": 0.5}, {"": 1.0}), "业务专用章（三）"),
        (({"6": 0.2, "8": 0.2}, {"）": 0.95}), "业务专用章"),  # one number or another
        (({"行": 0.9, "6": 0.01}, {"）": 0.95}), "业务专用章"),  # none at all
        (({"": 1.0},), "业务专用章"),
        ((), "业务专用章"),
    ],
)
def test_behind_a_bracket_there_is_a_number_or_nothing(behind: tuple[dict[str, float], ...], read: str) -> None:
    assert centre.reading(odds(*sure_of("业务专用章（"), *behind)).text == read


def test_a_known_line_with_a_number_is_known() -> None:
    numbered = line("合同专用章（3）")
    assert said([numbered, line("予支持为")], [numbered])[0] == "合同专用章（3）"


def test_nothing_read_has_no_confidence() -> None:
    assert said() == ("", 0.0)
    assert said([], [line("办")], [line("办公室", 0.3)]) == ("", 0.0)


def test_lines_of_one_signal_are_one_text_and_agreement_makes_it_surer() -> None:
    alone, sure = said([line("浙江"), line("分会")], [])
    assert alone == "浙江分会"
    both, surer = said([line("浙江"), line("分会")], [line("浙江"), line("分会")])
    assert both == "浙江分会"
    assert surer > sure


def test_the_same_signal_read_twice_does_not_agree_with_itself() -> None:
    lines = [line("浙江"), line("分会")]
    _, alone = centre.said([(0, lines)])
    assert centre.said([(0, lines), (0, lines)]) == ("浙江分会", alone)
    assert centre.said([(0, lines), (1, lines)])[1] > alone
    beside = [line("办公室"), line("予支持为")]
    assert centre.said([(0, beside), (0, beside)])[0] == "办公室"


def test_what_stands_beside_a_known_line_must_be_seen_twice() -> None:
    assert said([line("办公室"), line("予支持为")], [line("办公室")])[0] == "办公室"
    assert said([line("浙江"), line("办公室")], [line("浙江"), line("办公室")])[0] == "浙江办公室"


@pytest.mark.parametrize(("sure", "text"), [(0.3, "科普部"), (0.99, "上科普部")])
def test_a_doubtful_stroke_before_a_known_line_is_left_out(sure: float, text: str) -> None:
    assert centre.reading(odds({"上": sure}, {"科": 0.9}, {"普": 0.9}, {"部": 0.9})).text == text


@pytest.mark.parametrize(("blanks", "text"), [(0, "用收费专用章"), (2, "收费专用章")])
def test_print_that_stands_apart_is_left_out_however_sure(blanks: int, text: str) -> None:
    assert centre.reading((*odds({"用": 0.99}), *({"": 1.0},) * blanks, *odds(*sure_of("收费专用章")))).text == text


def test_a_longer_line_is_not_cut_to_a_known_one() -> None:
    assert centre.reading(odds(*sure_of("第一党支部"))).text == "第一党支部"
    assert centre.reading(odds(*sure_of("人事档案专用章"))).text == "人事档案专用章"


def test_a_line_that_is_known_but_for_a_character_speaks_for_the_known_one() -> None:
    assert said([line("行政专的章", 0.78)], [line("行政专用章", 0.55)])[0] == "行政专用章"
    assert said([line("行政转的章", 0.78)], [line("行政专用章", 0.55)])[0] == "行政转的章"


def test_a_known_line_goes_before_longer_print() -> None:
    assert said([line("财务专用章")], [line("工作人员前往", 0.8)])[0] == "财务专用章"


def test_the_place_of_what_was_not_read_tells_a_purpose() -> None:
    tail = sure_of("专用章")
    hole = [{"": 0.9, "许": 0.05}, {"": 0.9, "可": 0.05}]
    assert centre.reading(odds({"行": 0.9}, {"政": 0.9}, *hole, *tail)).text == "行政许可专用章"
    assert centre.reading(odds({"行": 0.9}, {"政": 0.9}, *tail)).text == "行政专用章"
    # Which of several it is nothing tells.
    assert centre.reading(odds({"": 0.9, "检": 0.05, "质": 0.05}, {"验": 0.3}, *tail)).text != "质检专用章"


def test_a_purpose_that_no_list_has_is_told_as_it_was_read() -> None:
    assert centre.reading(odds(*sure_of("棉花专用章"))).text == "棉花专用章"


def test_of_what_is_tied_to_the_name_the_line_stays_and_a_corner_does_not() -> None:
    side = centre.SIDE
    within = np.zeros((side, side), np.bool_)
    within[200:300] = True
    tied, corner, own = np.zeros((3, side, side), np.float32)
    tied[80:260, 50:90] = 1.0
    corner[100:210, 150:190] = 1.0
    corner[210:212, 150:190] = 0.5 * FAINT  # its soft edge
    own[230:260, 250:280] = 1.0
    kept = centre._inner(tied + corner + own, within)
    assert (kept[200:] == (tied + own)[200:]).all()
    assert not kept[:200].any()


def test_of_print_in_a_black_seal_only_what_ends_as_lines_do_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = np.zeros((100, 100), np.float32)
    told = {"text": ""}

    class Recogniser:
        def weigh(self, strips: Sequence[Raster]) -> list[Odds]:
            return [odds(*sure_of(told["text"])) for _ in strips]

    monkeypatch.setattr(centre, "lines", lambda *_: [centre.Line(np.zeros((48, 100), np.uint8), 0)])
    for colour, text, read in (
        (SealColour.BLACK, "特此证明", ""),
        (SealColour.BLACK, "合作交流部", "合作交流部"),
        (SealColour.BLACK, "办公室", "办公室"),
        (SealColour.RED, "特此证明", "特此证明"),
    ):
        told["text"] = text
        outline = Outline(SealShape.ROUND, colour, (50.0, 50.0), 50.0, 50.0, 0.0, 1.0)
        impression = Impression(outline, (0, 0), (picture, picture))
        assert centre.read(impression, 0.0, (Band(0, 1), 1), (0.0, 1.0), Recogniser())[0] == read  # type: ignore[arg-type]
