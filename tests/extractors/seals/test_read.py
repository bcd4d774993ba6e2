"""What of a strip's reading is a name."""

from __future__ import annotations

import pytest

from extractors.ocr.engine import Strip
from extractors.seals.read import _bounded, cleaned


@pytest.mark.parametrize(
    ("read", "name"),
    [
        ("·中国林学会1", "中国林学会"),
        ("(北京)ABC科技有限公司", "（北京）ABC科技有限公司"),
        ("工RADINGC）D1湾淡工", ""),
        ("工ENCEAND工", ""),
        ("GREENTEA2021", ""),
    ],
)
def test_a_name_is_hanzi_with_few_other_characters_between(read: str, name: str) -> None:
    assert cleaned(read) == name


@pytest.mark.parametrize(
    ("read", "sure", "name"),
    [
        ("出广东省市场监督管理局", 0.4, "广东省市场监督管理局"),
        (
            "出广东省市场监督管理局",
            0.9,
            "出广东省市场监督管理局",
        ),  # the recogniser is sure: it is not ours to leave out
        ("新兴县科学技术协会", 0.4, "新兴县科学技术协会"),  # begins as names do with it
    ],
)
def test_a_doubtful_character_before_a_names_beginning_is_left_out(read: str, sure: float, name: str) -> None:
    characters = tuple((character, 0.5, sure if not at else 0.95) for at, character in enumerate(read))
    assert _bounded(Strip(read, 0.9, characters)).text == name


@pytest.mark.parametrize(
    ("read", "sure", "name"),
    [
        ("中华菌物学会会", 0.4, "中华菌物学会"),
        ("中华菌物学会会", 0.9, "中华菌物学会会"),
        ("中华菌物学", 0.4, "中华菌物学"),
    ],
)
def test_a_doubtful_character_behind_a_names_end_is_left_out(read: str, sure: float, name: str) -> None:
    characters = tuple((character, 0.5, sure if at == len(read) - 1 else 0.95) for at, character in enumerate(read))
    assert _bounded(Strip(read, 0.9, characters)).text == name
