"""Provinces and counties by the gazetteer of 2021."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.places import Locality, find_locality


@pytest.mark.parametrize("text", ["", "中国林学会", "张三", "科技助农行动"])
def test_a_text_without_a_place_states_none(text: str) -> None:
    assert find_locality(text) == Locality()


@pytest.mark.parametrize(
    ("text", "province", "county", "code"),
    [
        ("安吉县科学技术协会", "浙江省", "安吉县", "330523"),
        ("浙江省湖州市安吉县", "浙江省", "安吉县", "330523"),
        ("安吉科协", "浙江省", "安吉县", "330523"),
        ("河北阜平", "河北省", "阜平县", "130624"),
        ("景宁县科协", "浙江省", "景宁畲族自治县", "331127"),
        ("神农架林区科协", "湖北省", "神农架林区", "429021"),
        ("内蒙古自治区赤峰市巴林右旗科协", "内蒙古自治区", "巴林右旗", "150423"),
        ("沙县科协", "福建省", "沙县", "350427"),
        ("义乌市科协", "浙江省", "义乌市", "330782"),
    ],
)
def test_a_county_fixes_its_province(text: str, province: str, county: str, code: str) -> None:
    assert find_locality(text) == Locality(province, county, code)


def test_a_name_that_cities_share_needs_one_of_them_beside_it() -> None:
    assert find_locality("朝阳区科协") == Locality("", "朝阳区", "")
    assert find_locality("长春市朝阳区科协") == Locality("吉林省", "朝阳区", "220104")
    assert find_locality("朝阳区科协", beside="北京市科协") == Locality("北京市", "朝阳区", "110105")


def test_a_county_of_another_province_than_the_one_stated_has_no_code() -> None:
    assert find_locality("河北省安吉县科协") == Locality("河北省", "安吉县", "")


@pytest.mark.parametrize(
    ("text", "province"),
    [("浙江省农学会", "浙江省"), ("北京农学会", "北京市"), ("吉林市科协", "吉林省"), ("广东省东莞市", "广东省")],
)
def test_a_province_without_a_county(text: str, province: str) -> None:
    assert find_locality(text) == Locality(province)


def test_the_corps_is_a_province_of_its_own() -> None:
    assert find_locality("新疆生产建设兵团第八师石河子市科协") == Locality("新疆生产建设兵团", "石河子市", "659001")
    assert find_locality("石河子市科协").province == "新疆维吾尔自治区"


@given(st.text(alphabet="省市县区旗州东西南北安吉林科协中国新疆兵团朝阳", max_size=40))
def test_garbage_never_raises(text: str) -> None:
    find_locality(text)
