"""Checks of what an organisation is: organisation_level, county_known."""

import pytest

from tests.services.validation.build import absent, field, form, letter, observe, outcomes, paper, puzzle, unreadable

LEVEL = {"field": "application_form.applicant"}
COUNTY = {"field": "application_form.partner", "at": "2021-08-23"}


@pytest.mark.parametrize(
    ("applicant", "outcome", "said"),
    [
        ("中国林学会", "passed", "是全国学会"),
        ("中国农村专业技术协会", "passed", "是全国学会"),
        ("詹天佑科学技术发展基金会", "passed", "是全国学会"),
        ("中国工程图学学会", "passed", "现名“中国图学学会”"),
        ("湖南省林学会", "passed", "是省级学会"),
        ("北京农学会", "passed", "是省级学会"),
        ("上海市科普作家协会", "passed", "是省级学会"),
        ("广西壮族自治区水稻研究会", "passed", "是省级学会"),
        ("新疆生产建设兵团农学会", "passed", "是省级学会"),
        ("中国油茶学会", "undetermined", "不在已知的全国学会名录"),
        ("中国茶叶协会", "undetermined", "是否为“中国茶叶学会”"),
        ("林学会", "undetermined", "没有写明"),
        ("绿野", "undetermined", "无法确定"),
        ("江苏省苏州林学会", "undetermined", "可能是市级学会"),
        ("香港特别行政区林学会", "undetermined", "无法确定"),
        ("湖南省科学技术协会", "violated", "是科协"),
        ("中国科协", "violated", "是科协"),
        ("桃源县科协", "violated", "是科协"),
        ("长沙市林学会", "violated", "市、县级学会"),
        ("湖南省长沙市林学会", "violated", "市、县级学会"),
        ("桃源县茶叶协会", "violated", "市、县级学会"),
        ("中国林学会油茶分会", "violated", "“中国林学会”的内设部门或分支机构"),
        ("湖南省林学会秘书处", "violated", "内设部门"),
        ("中国航空学会青年工作委员会", "violated", "分支机构"),
        ("湖南绿野科技有限公司", "violated", "不是学会"),
        ("湖南农业大学", "violated", "不是学会"),
        ("湖南省农业农村厅", "violated", "不是学会"),
    ],
)
def test_the_applicant_is_a_national_or_provincial_society(applicant: str, outcome: str, said: str) -> None:
    (seen,) = observe("organisation_level", LEVEL, form(field("applicant", applicant)))
    assert (seen.outcome.value, said in seen.message.zh) == (outcome, True), seen.message.zh


def test_another_call_may_take_other_levels() -> None:
    only = LEVEL | {"levels": ["provincial"]}
    assert outcomes(observe("organisation_level", only, form(field("applicant", "中国林学会")))) == ["violated"]
    strict = LEVEL | {"corps": False}
    corps = form(field("applicant", "新疆生产建设兵团农学会"))
    assert outcomes(observe("organisation_level", strict, corps)) == ["undetermined"]


def test_a_name_that_was_not_surely_read_is_not_refused() -> None:
    scan = form(field("applicant", "湖南省林学合", 0.8, "rapidocr"), scan=True)
    assert outcomes(observe("organisation_level", LEVEL, scan)) == ["undetermined"]
    assert outcomes(observe("organisation_level", LEVEL, form(puzzle("applicant", "??")))) == ["undetermined"]
    assert outcomes(observe("organisation_level", LEVEL, unreadable())) == ["undetermined"]
    assert outcomes(observe("organisation_level", LEVEL, letter())) == ["not_applicable"]


@pytest.mark.parametrize(
    ("partner", "outcome", "said"),
    [
        ("桃源县科协", "passed", "湖南省常德市有“桃源县”。"),
        ("福建省沙县科协", "passed", "2021年起为“沙县区”"),
        ("沙县区科协", "passed", "福建省三明市有“沙县区”。"),
        ("浦东新区科协", "passed", "上海市有“浦东新区”。"),
        ("朝阳区科协", "passed", "未写明是哪一个"),
        ("新疆生产建设兵团石河子市科协", "passed", "石河子市"),
        ("景宁县科协", "passed", "景宁畲族自治县"),
        ("海门市科协", "violated", "已不存在，2020年起为“海门区”"),
        ("米林市科协", "violated", "自2023年才有，2021年时没有"),
        ("桃原县科协", "violated", "没有“桃原县”，是否为“桃源县”"),
        ("河北省安吉县科协", "violated", "河北省没有“安吉县”，“安吉县”属浙江省"),
        ("桃源县经济开发区管委会", "violated", "开发区"),
        ("长沙高新区科协", "violated", "开发区"),
        ("常德市科协", "not_applicable", "不是县级"),
        ("科协", "not_applicable", "不是县级"),
    ],
)
def test_the_county_is_one_of_the_call_s_day(partner: str, outcome: str, said: str) -> None:
    (seen,) = observe("county_known", COUNTY, form(field("partner", partner)))
    assert (seen.outcome.value, said in seen.message.zh) == (outcome, True), seen.message.zh


def test_the_day_is_the_call_s_where_the_rule_names_none() -> None:
    (seen,) = observe("county_known", {"field": "application_form.partner"}, form())
    assert seen.expected == "2021-08-23 的县级行政区"
    later = COUNTY | {"at": "2024-01-01"}
    assert outcomes(observe("county_known", later, form(field("partner", "沙县科协")))) == ["violated"]
    assert outcomes(observe("county_known", later, form(field("partner", "米林市科协")))) == ["passed"]


def test_the_word_form_and_its_scan_are_told_once() -> None:
    same = form(), form(field("applicant", "湖南省 林学会（盖章）", 0.95, "rapidocr"), scan=True)
    (seen,) = observe("organisation_level", LEVEL, *same)
    assert [one.file for one in seen.evidence] == [0, 1]
    two = form(), form(field("applicant", "长沙市林学会"))
    assert outcomes(observe("organisation_level", LEVEL, *two)) == ["passed", "violated"]


def test_a_county_that_was_not_surely_read_is_not_judged() -> None:
    scan = form(field("partner", "桃顺县科协", 0.95, "rapidocr"), scan=True)
    assert outcomes(observe("county_known", COUNTY, scan)) == ["undetermined"]
    far = form(field("partner", "龙溪湖县科协", 0.95, "rapidocr"), scan=True)  # no slip makes this of a county
    assert outcomes(observe("county_known", COUNTY, far)) == ["violated"]
    assert outcomes(observe("county_known", COUNTY, form(absent("partner")))) == ["not_applicable"]


@pytest.mark.parametrize(
    ("texts", "outcome"),
    [
        (("与桃顺县科协结对", "桃顺县科学技术协会："), "violated"),  # two papers have it so
        (("与桃顺县科协结对", "桃源县科学技术协会："), "undetermined"),
        (("与桃顺县科协结对。桃源县", "桃顺县科学技术协会："), "undetermined"),
    ],
)
def test_an_unknown_county_that_several_scans_have_alike_is_no_slip(texts: tuple[str, str], outcome: str) -> None:
    partner = field("partner", "桃顺县科协", 0.95, "rapidocr")
    papers = (
        paper("application_form", partner, scan=True, text=texts[0]),
        paper("pairing_letter", scan=True, text=texts[1]),
    )
    assert outcomes(observe("county_known", COUNTY, *papers)) == [outcome]
