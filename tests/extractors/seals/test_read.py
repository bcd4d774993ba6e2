"""What of a strip's reading is a name."""

from __future__ import annotations

import numpy as np
import pytest

from extractors.ocr.engine import Strip
from extractors.seals import vote
from extractors.seals.read import _best, _Reading, name_within, turned
from extractors.seals.text import cleaned, ends_as_names_do


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("·中国林学会1", "中国林学会"),
        ("(北京)ABC科技有限公司", "（北京）ABC科技有限公司"),
        ("工RADINGC）D1湾淡工", ""),
        ("工ENCEAND工", ""),
        ("06I6SIEIE66ZZ中华气象协会", "中华气象协会"),
        ("GREENTEA2021", ""),
    ],
)
def test_a_name_is_hanzi_with_few_other_characters_between(read: str, name: str) -> None:
    assert cleaned(read) == name


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("运城鼎立道路运输有限公司", True),
        ("运城鼎立道路运输有限公司有限公司", False),
        ("运城鼎立道路运输有限公司公司", False),
        ("齐齐哈尔学院继续教育学院", True),
        ("运城鼎立道路", False),
    ],
)
def test_no_name_ends_with_the_same_word_twice(text: str, ends: bool) -> None:
    assert ends_as_names_do(text) == ends


def strip(text: str, doubtful: str = "") -> Strip:
    """Read surely but for the doubtful characters."""
    characters = tuple((one, place / len(text), 0.5 if one in doubtful else 1.0) for place, one in enumerate(text))
    return Strip(text, sum(sure for *_, sure in characters) / len(text), characters)


@pytest.mark.parametrize(
    ("read", "doubtful", "name"),
    [
        ("云南省茶叶学会喜回", "喜回", "云南省茶叶学会"),
        ("海暴云南省茶叶学会", "海暴", "云南省茶叶学会"),
        ("暴云南省茶叶学会喜", "暴喜", "云南省茶叶学会"),
        ("出广东省市场监督管理局", "出", "广东省市场监督管理局"),
        ("中华菌物学会会善", "善", "中华菌物学会"),
        ("新兴县科学技术协会", "新", None),  # begins as names do with it
        ("中国水产学会分会", "分", None),  # ends as names do with it
        ("云南省茶叶学会秘书处", "", None),  # as sure as the rest: they are the name's
        ("云南省茶叶学会", "茶", None),  # nothing stands beside it
        ("茶叶学会喜回", "喜回", None),  # does not begin as names do
        ("云南省茶叶学会喜回导善记", "喜回导善记", None),  # too much for one line's slices
    ],
)
def test_a_name_is_told_from_what_a_straight_line_leaves_beside_it(read: str, doubtful: str, name: str | None) -> None:
    within = name_within(strip(read, doubtful))
    assert (within.text if within else None) == name


@pytest.mark.parametrize(
    ("read", "by"),
    [
        ("科学技术协会象山县", 6),
        ("学会善记中国水产", 4),
        ("会喜回导中国作物学", 4),
        ("公司杭州绿源有限", 2),  # its end is a word's end, and the word's beginning is its own end
        ("中国水产学会", 0),
        ("善记水产学会", 0),
    ],
)
def test_a_ring_that_was_begun_within_its_name_is_noticed(read: str, by: int) -> None:
    assert turned(read) == by


def test_a_name_is_looked_for_where_all_its_characters_were_considered(monkeypatch: pytest.MonkeyPatch) -> None:
    def reading(text: str, sure: float) -> _Reading:
        odds = tuple(column for letter in text for column in ({letter: sure, "": 1 - sure}, {"": 1.0}))
        return _Reading(odds, 1.0, (text,), np.full((48, 100), 255, np.uint8), cut=None)  # type: ignore[arg-type]

    monkeypatch.setattr(vote, "agreed", lambda *_: np.array([0.2, 0.8]))
    best = _best([*(reading("围棋联谊会", 0.99),) * 3, reading("围棋联合会", 0.01)])
    assert best is not None
    assert (best.text, best.strip.text) == ("围棋联合会", "围棋联合会")
