"""Checks that compare: organisations_equal, places_equal, county_body, sum_equals."""

from dataclasses import replace

import pytest

from extractors.document import Defect, Place
from services.validation.check import Observation
from services.validation.model import Evidence, File, Outcome, Severity, Text
from tests.services.validation.build import (
    BLIND,
    absent,
    blank,
    budget,
    field,
    form,
    letter,
    observe,
    outcomes,
    paper,
    puzzle,
    unreadable,
)

SENDER = {"left": "application_form.applicant", "right": "pairing_letter.sender"}
COUNTY = {
    "left": ["application_form.partner", "application_form.partner_county"],
    "right": ["pairing_letter.addressee"],
}


@pytest.mark.parametrize(
    ("applicant", "sender", "outcome"),
    [
        ("湖南省林学会", "湖南省林学会", "passed"),
        ("湖南省林学会", "湖南省 林学会（盖章）", "passed"),
        ("湖南省林学会", "湖南省农学会", "violated"),
        ("湖南省林学会", "湖北省林学会", "violated"),
        ("湖南省林学会", "湖南省水利学会", "violated"),
        ("湖南省林学会", "湖南省林学", "undetermined"),
    ],
)
def test_the_applicant_is_who_signs_the_letter(applicant: str, sender: str, outcome: str) -> None:
    files = form(field("applicant", applicant)), letter(field("sender", sender, 0.95, "rapidocr"))
    assert outcomes(observe("organisations_equal", SENDER, *files)) == [outcome]


@pytest.mark.parametrize(
    ("sender", "outcome"),
    [
        ("湖南省水利学会", "undetermined"),  # two characters off, and unsure
        ("技术甲会协学", "undetermined"),  # pieces of a name
        ("南首木学协会", "undetermined"),
        ("湖北省食用菌协会", "violated"),  # clearly another body
        ("中国植物保护学会", "violated"),
    ],
)
def test_what_was_read_under_a_black_seal_is_another_body_only_where_it_is_one(sender: str, outcome: str) -> None:
    files = form(field("applicant", "湖南省林学会")), letter(field("sender", sender, 0.85, "rapidocr"))
    assert outcomes(observe("organisations_equal", SENDER, *files)) == [outcome]


def test_a_difference_is_told_with_both_names_and_places() -> None:
    assert observe("organisations_equal", SENDER, form(), letter(field("sender", "湖南省农学会"))) == [
        Observation(
            Outcome.VIOLATED,
            Text(
                "“项目申报书”的申报单位“湖南省林学会”与“结对函”的署名单位“湖南省农学会”不一致。",
                "The applicant of the application form (“湖南省林学会”) and the sender of the pairing letter "
                "(“湖南省农学会”) do not agree.",
            ),
            (
                Evidence(0, Place(path="field applicant"), "applicant", "湖南省林学会"),
                Evidence(1, Place(path="field sender"), "sender", "湖南省农学会"),
            ),
            "湖南省林学会",
            "湖南省农学会",
        )
    ]


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ((form(), letter()), "passed"),
        ((form(), form(scan=True), letter()), "passed"),
        ((form(), form(field("applicant", "湖南省农学会")), letter()), "violated"),
        ((form(),), "not_applicable"),
        ((letter(),), "not_applicable"),
        ((form(), unreadable()), "undetermined"),
        ((form(blank("applicant")), letter()), "not_applicable"),  # missing-field tells
        ((form(), letter(absent("sender"))), "undetermined"),  # nothing else would tell
        ((form(), letter(puzzle("sender", "湖南??学会"))), "undetermined"),
        ((form(), letter(field("sender", "湖南省农学会", 0.5, "rapidocr"))), "undetermined"),
        ((form(), letter(field("sender", "湖南省农学会", 0.85, "rapidocr"))), "undetermined"),
        ((form(), letter(field("sender", "湖南省农学会", 0.85))), "violated"),  # written in the file
        ((form(), letter(field("sender", "湖南省公村学会", 0.8, "rapidocr"))), "undetermined"),
        ((form(), letter(field("sender", "湖南省农业机械学会", 0.85, "rapidocr"))), "violated"),
    ],
)
def test_what_cannot_be_compared_is_not_judged(files: tuple[File, ...], outcome: str) -> None:
    assert outcomes(observe("organisations_equal", SENDER, *files)) == [outcome]


@pytest.mark.parametrize(
    ("partner", "addressee", "outcome"),
    [
        ("湖南省常德市桃源县科协", "桃源县科学技术协会", "passed"),
        ("桃源县", "桃源县科学技术协会", "passed"),
        ("石门县科协", "桃源县科学技术协会", "violated"),
        ("桃江县科协", "桃源县科学技术协会", "violated"),
        ("科协", "桃源县科学技术协会", "undetermined"),
    ],
)
def test_form_and_letter_are_about_one_county(partner: str, addressee: str, outcome: str) -> None:
    files = form(field("partner", partner)), letter(field("addressee", addressee, 0.9, "rapidocr"))
    assert outcomes(observe("places_equal", COUNTY, *files)) == [outcome]


def test_a_second_letter_to_another_county_is_for_a_person_where_one_is_right() -> None:
    right, other = (
        letter(field("addressee", f"{county}科学技术协会", 0.95, "rapidocr")) for county in ("桃源县", "石门县")
    )
    for letters in ((other, right), (right, other)):
        (seen,) = observe("places_equal", COUNTY, form(field("partner", "桃源县科协")), *letters)
        assert (seen.outcome, seen.severity) == (Outcome.VIOLATED, Severity.WARNING)
        assert seen.message.zh.endswith("不一致；另一份“结对函”与之一致，请人工确认以哪一份为准。")
    (seen,) = observe("places_equal", COUNTY, form(field("partner", "桃源县科协")), other, other)
    assert (seen.outcome, seen.severity) == (Outcome.VIOLATED, None)
    forms = form(field("partner", "桃源县科协")), form(field("partner", "石门县科协"))
    (seen,) = observe("places_equal", COUNTY, *forms, right)
    assert (seen.outcome, seen.severity) == (Outcome.VIOLATED, None), "two forms that differ are no two letters"


def test_the_county_stands_in_for_a_partner_that_the_form_does_not_have() -> None:
    files = form(absent("partner"), field("partner_county", "桃源县")), letter()
    assert outcomes(observe("places_equal", COUNTY, *files)) == ["passed"]


@pytest.mark.parametrize(
    ("partner", "outcome"),
    [
        ("桃源县科协", "passed"),
        ("湖南省常德市桃源县科学技术协会", "passed"),
        ("桃源县", "passed"),
        ("浏阳市科协", "passed"),
        ("北京市朝阳区科学技术协会", "passed"),
        ("三江侗族自治县科协", "passed"),
        ("神农架林区科协", "passed"),
        ("沙县科协", "passed"),  # a county until 2021
        ("常德市科协", "violated"),
        ("湖南省科学技术协会", "violated"),
        ("中国科协", "violated"),
        ("凉山彝族自治州科协", "violated"),
        ("桃源县农业农村局", "violated"),
        ("桃原县科协", "passed"),  # county_known tells that there is none
        ("桃原市科协", "undetermined"),
        ("湖南省常德市科学技术局", "violated"),
        ("桃源县城关镇人民政府", "violated"),
        ("湖南省科技厅", "violated"),
        ("桃源县老科学技术协会", "undetermined"),
        ("常德高新区科协", "undetermined"),
        ("科协", "undetermined"),
        ("桃源县经济开发区管委会", "undetermined"),
    ],
)
def test_the_partner_is_of_county_level(partner: str, outcome: str) -> None:
    params = {"field": "application_form.partner", "ending": "科学技术协会"}
    assert outcomes(observe("county_body", params, form(field("partner", partner)))) == [outcome]


@pytest.mark.parametrize(
    ("partner", "confidence", "outcome"),
    [
        ("桃源县农业农村局", 0.95, "violated"),
        ("桃源县农业农村局", 0.8, "undetermined"),
        ("桃源县科学技术协会", 0.8, "passed"),
        ("常德市科学技术协会", 0.8, "violated"),
        ("湖南省", 0.8, "undetermined"),
    ],
)
def test_a_partner_that_was_not_surely_read_is_refused_by_its_place_alone(
    partner: str, confidence: float, outcome: str
) -> None:
    params = {"field": "application_form.partner", "ending": "科学技术协会"}
    scan = form(field("partner", partner, confidence, "rapidocr"), scan=True)
    assert outcomes(observe("county_body", params, scan)) == [outcome]


SUM = {
    "rows": "application_form.budget_items.amount",
    "total": "application_form.total_budget",
    "otherwise": [
        ["application_form.requested_amount"],
        ["application_form.requested_amount", "application_form.self_funded_amount"],
    ],
}


@pytest.mark.parametrize(
    ("file", "outcome"),
    [
        (form(), "passed"),
        (form(budget("200000")), "passed"),
        (form(budget("199999.99", "0.01")), "passed"),
        (form(budget("120000", "", "80000")), "passed"),
        (form(absent("total_budget")), "passed"),
        (form(absent("total_budget"), field("self_funded_amount", "50000"), budget("200000", "50000")), "passed"),
        (form(budget("120000", "79000")), "violated"),
        (form(field("total_budget", "210000")), "violated"),
        (form(absent("total_budget"), budget("1")), "violated"),
        (form(field("total_budget", "20"), field("requested_amount", "20")), "violated"),
        (form(field("total_budget", "20", 0.99, "rapidocr"), scan=True), "undetermined"),  # 20万元, its 万元 not seen
        (form(field("total_budget", "21", 0.99, "rapidocr"), scan=True), "violated"),
        (form(budget("120000", "abc")), "undetermined"),
        (form(budget("120000", "80000", confidence=0.5)), "undetermined"),
        (form(budget()), "undetermined"),
        (form(absent("total_budget"), absent("requested_amount")), "undetermined"),
        (form(absent("budget_items")), "not_applicable"),
        (letter(), "not_applicable"),
    ],
)
def test_rows_add_up_to_the_total(file: File, outcome: str) -> None:
    assert outcomes(observe("sum_equals", SUM, file)) == [outcome]


def test_rows_may_go_on_where_nobody_looked() -> None:
    rows = replace(budget("120000", "60000", confidence=0.95), engine="rapidocr")
    doubt = Defect("page_in_doubt", "可能是某份材料的一页。", "It may be a page of a paper.", blind=True)
    loose = paper("other", name="IMG_2.jpg", scan=True, defects=(doubt,))
    assert outcomes(observe("sum_equals", SUM, form(rows, scan=True)))[:1] == ["violated"]
    assert outcomes(observe("sum_equals", SUM, form(rows, scan=True), loose))[:1] == ["undetermined"]
    assert outcomes(observe("sum_equals", SUM, form(rows, scan=True, defects=(BLIND,))))[:1] == ["undetermined"]
    assert outcomes(observe("sum_equals", SUM, form(budget("120000", "60000")), loose))[:1] == ["violated"], "Word"


def test_a_wrong_sum_is_told_with_its_difference() -> None:
    (seen,) = observe("sum_equals", SUM, form(budget("120000", "70000")))
    assert seen.message.zh == "项目申报书的明细 2 项合计190,000元，与经费总额200,000元不一致，相差10,000元。"
    assert (seen.expected, seen.actual) == ("200,000元", "190,000元")
