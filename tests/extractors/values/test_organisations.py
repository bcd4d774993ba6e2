"""Names of organisations."""

import pytest

from extractors.values.organisations import is_organisation, normal_form


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("中国 林 学 会", "中国林学会"),
        ("中国林学会（盖章）", "中国林学会"),
        ("中国林学会（公章）：", "中国林学会"),
        ("中国作物学会(北京)", "中国作物学会（北京）"),
        ("安吉县科学技术协会：", "安吉县科学技术协会"),
    ],
)
def test_blanks_notes_and_marks_go(raw: str, name: str) -> None:
    assert normal_form(raw) == name


@pytest.mark.parametrize("text", ["", "张三", "特此函商，请予支持为盼。", "2021年8月26日", "科技助农行动"])
def test_what_is_no_organisation(text: str) -> None:
    assert not is_organisation(text)


@pytest.mark.parametrize(
    "text", ["中国林学会", "安吉县科协", "浙江省农学会（盖章）", "中国科学技术协会科学技术普及部", "中国林学会（北京）"]
)
def test_what_is_an_organisation(text: str) -> None:
    assert is_organisation(text)
