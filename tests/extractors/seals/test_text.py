"""Names in what was read."""

from __future__ import annotations

import pytest

from extractors.seals.text import with_known_places


@pytest.mark.parametrize(
    ("read", "known"),
    [
        ("重庆市城门县科学技术协会", "重庆市城口县科学技术协会"),
        ("郴归县土壤肥料学会", "秭归县土壤肥料学会"),
    ],
)
def test_a_place_that_no_gazetteer_has_may_be_one_that_differs_in_one_character(read: str, known: str) -> None:
    assert known in list(with_known_places(read))


@pytest.mark.parametrize("read", ["吉安县图书馆", "安吉县图书馆", "中国水产学会", "绿源科技有限公司"])
def test_a_known_place_is_never_another(read: str) -> None:
    assert list(with_known_places(read)) == []
