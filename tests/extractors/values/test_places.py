"""Provinces and counties by a gazetteer with history."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.places import (
    Locality,
    code_beginnings,
    counties_in_use,
    counties_named,
    find_locality,
    near_counties,
    provinces,
    renamed,
    short_province,
)


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


@pytest.mark.parametrize(
    ("text", "at", "county", "code"),
    [
        ("沙县科协", date(2021, 8, 23), "沙县", "350427"),
        ("沙县区科协", date(2021, 8, 23), "沙县区", "350405"),
        ("三元区科协", date(2020, 1, 1), "三元区", "350403"),  # the same name before and after a merger
        ("三元区科协", date(2023, 1, 1), "三元区", "350404"),
        ("海门市科协", date(2021, 8, 23), "海门市", "320684"),  # not any more, but nothing else is meant
        ("临桂县科协", None, "临桂县", "450322"),
        ("大兴安岭地区加格达奇区科协", None, "加格达奇区", "232761"),
        ("内蒙古自治区鄂伦春自治旗科协", None, "鄂伦春自治旗", "150723"),
        ("六盘水市六枝特区科协", None, "六枝特区", "520203"),
    ],
)
def test_a_county_is_that_of_its_day(text: str, at: date | None, county: str, code: str) -> None:
    found = find_locality(text, at=at)
    assert (found.county, found.code) == (county, code)


@pytest.mark.parametrize(
    ("name", "code", "at", "stands"),
    [
        ("沙县", "350427", date(2020, 1, 1), True),
        ("沙县", "350427", date(2021, 8, 23), True),  # its year, and half a year of grace
        ("沙县", "350427", date(2022, 6, 30), True),
        ("沙县", "350427", date(2022, 7, 10), False),
        ("沙县区", "350405", date(2020, 12, 31), False),
        ("沙县区", "350405", date(2021, 8, 23), True),
        ("祁阳县", "431121", date(2021, 8, 23), True),
        ("祁阳县", "431121", date(2021, 9, 10), False),
        ("海门市", "320684", date(2021, 8, 23), False),
        ("米林市", "540481", date(2021, 8, 23), False),
        ("安吉县", "330523", date(1990, 1, 1), True),
    ],
)
def test_a_name_stands_from_its_first_day_to_half_a_year_after_its_last(
    name: str, code: str, at: date, stands: bool
) -> None:
    assert next(d for d in counties_named(name) if d.code == code).stands(at) is stands


def test_a_county_is_looked_up_in_its_province() -> None:
    assert [d.code for d in counties_named("鼓楼区", "江苏省")] == ["320106", "320302"]
    assert [d.code for d in counties_named("安吉县", "河北省")] == []
    assert [d.code for d in counties_named("石河子市", "新疆生产建设兵团")] == ["659001"]


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [("沙县", "沙县区", True), ("横县", "横州市", True), ("梅列区", "三元区", False), ("安吉县", "吉安县", False)],
)
def test_a_renamed_county_is_the_same_county(old: str, new: str, same: bool) -> None:
    pairs = [(a, b) for a in counties_named(old) for b in counties_named(new)]
    assert any(renamed(a, b) for a, b in pairs) is same
    assert any(renamed(b, a) for a, b in pairs) is same


def test_the_counties_in_use_change_with_the_day() -> None:
    then, now = set(counties_in_use(date(2020, 6, 1))), set(counties_in_use(date(2026, 9, 1)))
    assert {"沙县", "横县"} <= then - now
    assert {"沙县区", "横州市", "岑岭县"} <= now - then
    assert 2800 < len(then) < 2900


def test_near_names_are_counties_one_slip_away() -> None:
    assert near_counties("桃原县", 0.25) == [("桃源县", 0.25)]
    assert near_counties("安吉县", 0) == [("安吉县", 0)]


def test_provinces_are_in_full_and_the_corps_is_among_them() -> None:
    assert len(provinces()) == 35
    assert "新疆生产建设兵团" in provinces()
    assert short_province("内蒙古自治区") == "内蒙古"


@given(st.text(alphabet="省市县区旗州东西南北安吉林科协中国新疆兵团朝阳", max_size=40))
def test_garbage_never_raises(text: str) -> None:
    find_locality(text)


@pytest.mark.parametrize(
    ("name", "beginnings"),
    [
        ("安吉县科学技术协会", ("330523", "3305")),
        ("湖州市农学会", ("3305",)),
        ("浙江省林学会", ()),
        ("中国林学会", ()),
        ("鼓楼区科学技术协会", ()),  # of several cities
    ],
)
def test_a_name_tells_how_codes_of_its_divisions_begin(name: str, beginnings: tuple[str, ...]) -> None:
    assert code_beginnings(name) == beginnings
