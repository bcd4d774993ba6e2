"""Words of which one character was misread or missed."""

from __future__ import annotations

import pytest

from extractors.ocr.engine import Odds
from extractors.seals import mending


def told(text: str, place: int, others: dict[str, float]) -> Odds:
    """Every character surely, one column each with blanks between, but one that others may be as well."""
    odds: list[dict[str, float]] = []
    for number, character in enumerate(text):
        odds += [{character: 0.97} if number != place else {character: 0.6, **others}, {"": 1.0}]
    return tuple(odds)


@pytest.mark.parametrize(
    ("read", "place", "character", "right"),
    [
        ("重庆市城门县科学技术协会", 4, "口", "重庆市城口县科学技术协会"),
        ("郴归县土壤肥料学会", 0, "秭", "秭归县土壤肥料学会"),
        ("内蒙古自冶区测绘学会", 4, "治", "内蒙古自治区测绘学会"),
        ("共青团康车县委员会", 3, "库", "共青团库车县委员会"),
        ("遂宁市青山食品有限贵任公司", 9, "责", "遂宁市青山食品有限责任公司"),
    ],
)
def test_a_word_with_another_character_is_proposed(read: str, place: int, character: str, right: str) -> None:
    odds = told(read, place, {character: 0.01})
    assert right in list(mending.proposed(read, odds))


def test_a_missed_character_is_proposed() -> None:
    assert "四川省安居区学校" in list(mending.proposed("四省安居区学校", told("四川省安居区学校", 1, {})))


def test_what_the_recogniser_gave_no_thought_is_not_proposed() -> None:
    odds = told("内蒙古自冶区测绘学会", 4, {"治": 0.0001})
    assert "内蒙古自治区测绘学会" not in list(mending.proposed("内蒙古自冶区测绘学会", odds))


@pytest.mark.parametrize("read", ["吉安县图书馆", "安吉县图书馆", "中国水产学会", "绿源科技有限公司"])
def test_a_known_place_is_never_another(read: str) -> None:
    odds = tuple({**dict.fromkeys(read + "吉安丘福", 0.1), "": 0.1} for _ in range(40))
    assert list(mending.proposed(read, odds)) == []
