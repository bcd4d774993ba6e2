import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.validation.organisations import (
    Likeness,
    compare,
    compare_places,
    is_zone,
    normal,
    parse,
)

SAME, DIFFERENT, UNSURE = Likeness.SAME, Likeness.DIFFERENT, Likeness.UNSURE


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("安吉县科协", "安吉县科学技术协会"),
        ("湖南省桃源县科协", "桃源县科学技术协会"),
        ("浙江省湖州市安吉县科协", "安吉县科学技术协会"),
        ("北京市朝阳区科协", "朝阳区科协"),
        ("新疆维吾尔自治区农学会", "新疆农学会"),
        ("三江侗族自治县科协", "广西壮族自治区三江侗族自治县科学技术协会"),
        ("湖南省 林 学会（盖章）", "湖南省林学会"),
        ("中国植物保护学会", "中国植物保护学会："),
    ],
)
def test_written_names_of_one_body_are_the_same(a: str, b: str) -> None:
    assert compare(a, b, recognised=False) is SAME
    assert compare(b, a, recognised=False) is SAME


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("山东省医学会", "山东省药学会"),
        ("中国林学会", "中国农学会"),
        ("中国农学会", "山东省农学会"),
        ("安徽省水利学会", "安徽省水利协会"),
        ("湖南省农学会", "湖北省农学会"),
        ("桃源县科学技术协会", "桃江县科学技术协会"),
        ("桃源县科学技术协会", "桃源县农业农村局"),
        ("北京市朝阳区科协", "辽宁省朝阳市朝阳县科协"),
        ("中国科学技术协会", "桃源县科学技术协会"),
        ("中国植物学会", "中国植物病理学会"),
    ],
)
@pytest.mark.parametrize("recognised", [False, True])
def test_sister_bodies_are_different_however_alike_their_names(a: str, b: str, recognised: bool) -> None:
    assert compare(a, b, recognised=recognised) is DIFFERENT
    assert compare(b, a, recognised=recognised) is DIFFERENT


def test_a_society_of_which_not_every_character_was_sure_may_be_its_sister() -> None:
    assert compare("中国植物学会", "中国植物病理学会", recognised=True, confidence=0.95) is UNSURE


@pytest.mark.parametrize(
    ("read", "written", "likeness"),
    [
        ("沉陵县科学技术协会", "沅陵县科学技术协会", SAME),  # no such county, and 沉 looks like 沅
        ("中国水士保持学会", "中国水土保持学会", SAME),
        ("湖南省林学", "湖南省林学会", UNSURE),  # the end is cut
        ("科学技术协会", "桃源县科学技术协会", UNSURE),  # the beginning is cut
        ("桃顺县科学技术协会", "桃源县科学技术协会", UNSURE),  # no such county
        ("中国植物保学会", "中国植物保护学会", UNSURE),
        ("内蒙古畜牧普医学会", "内蒙古畜牧兽医学会", UNSURE),
        ("中国生理卫生协会", "中国心理卫生协会", UNSURE),  # a slip, or a sister body
        ("中国农业机械学会", "中国农业工程学会", DIFFERENT),
        ("湖南省林业科学会", "湖南省林业学会", UNSURE),
        ("", "湖南省林学会", UNSURE),
    ],
)
def test_slips_of_ocr_are_forgiven_or_unsure(read: str, written: str, likeness: Likeness) -> None:
    assert compare(read, written, recognised=True) is likeness


@pytest.mark.parametrize(
    ("a", "b", "likeness"),
    [
        ("桃源县科协", "湖南省常德市桃源县", SAME),
        ("桃源", "桃源县科学技术协会", SAME),
        ("桃源县科协", "石门县科协", DIFFERENT),
        ("湖北省朝阳区", "北京市朝阳区科协", DIFFERENT),
        ("科协", "桃源县科协", UNSURE),
        ("", "", UNSURE),
    ],
)
def test_places_are_compared_without_what_surrounds_them(a: str, b: str, likeness: Likeness) -> None:
    assert compare_places(a, b, recognised=False) is likeness


@pytest.mark.parametrize("name", ["桃源县经济开发区管委会", "湖州经济技术开发区科协", "长沙高新区科学技术协会"])
def test_a_development_zone_is_no_county(name: str) -> None:
    assert is_zone(parse(name))


@pytest.mark.parametrize("name", ["上海市浦东新区科协", "桃源县科学技术协会"])
def test_a_new_district_that_is_a_county_is_one(name: str) -> None:
    assert not is_zone(parse(name))
    assert parse(name).county


@pytest.mark.parametrize(
    ("a", "b", "likeness"),
    [
        ("沙县科协", "沙县区科学技术协会", SAME),
        ("横县科协", "横州市科协", SAME),
        ("梅列区科协", "三元区科协", DIFFERENT),  # merged with others
        ("景宁县科协", "景宁畲族自治县科学技术协会", SAME),
        ("中国生态学会", "中国生态学学会", SAME),
        ("中国工程图学学会", "中国图学学会", UNSURE),  # its former name
    ],
)
def test_other_names_of_one_body(a: str, b: str, likeness: Likeness) -> None:
    assert compare(a, b, recognised=False) is likeness
    assert compare(b, a, recognised=False) is likeness


def test_a_name_is_taken_apart() -> None:
    name = parse("湖南省常德市桃源县科协")
    assert (name.province, name.place, name.core, name.ending) == ("湖南省", "桃源县", "", "科学技术协会")
    assert (name.county, name.known) == (True, True)


@given(st.text(max_size=40), st.text(max_size=40), st.booleans())
def test_any_two_texts_can_be_compared_in_either_order(a: str, b: str, recognised: bool) -> None:
    assert compare(a, b, recognised=recognised) is compare(b, a, recognised=recognised)
    assert compare_places(a, b, recognised=recognised) in Likeness
    assert normal(normal(a)) == normal(a)
