"""What of a strip's reading is a name."""

from __future__ import annotations

import pytest

from extractors.seals.read import cleaned


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
