"""call.yaml to Call, and what is said of one that is wrong."""

from pathlib import Path

import pytest

from extractors.forms.spec import FieldType
from services.validation.call import load_call
from services.validation.folder import CallError
from services.validation.labels import label_of

CALLS = Path(__file__).parents[3] / "services" / "calls"
GOOD = """\
id: trial
title: {zh: 试点, en: Trial}
number: 科协〔2021〕1号
issuer: 科协
issued_on: 2021-08-23
deadline: 2021-09-03T23:59:59+08:00
forms:
  - kind: application_form
    zh: 申报书
    en: form
    titles: [申报书]
    fields:
      - {id: applicant, type: organisation, labels: [申报单位]}
rules:
  - id: amount-limit
    check: at_most
    params: {field: requested_amount, limit: 200000}
    severity: error
    clause: {section: 三, quote: 每家学会支持金额不超过20万元}
    title: {zh: 金额, en: Amount}
    suggestion: {zh: 请改, en: Change it}
"""


def test_a_call_is_loaded() -> None:
    call = load_call(GOOD)
    assert call.id == "trial"
    assert call.deadline.utcoffset() is not None
    assert call.forms[0].fields[0].type is FieldType.ORGANISATION
    assert call.rules[0].params == {"field": "requested_amount", "limit": 200000}


def test_the_counties_are_those_of_the_notice_s_day_or_of_another() -> None:
    assert load_call(GOOD).gazetteer_date.isoformat() == "2021-08-23"
    later = GOOD.replace("deadline:", "gazetteer: 2022-01-01\ndeadline:")
    assert load_call(later).gazetteer_date.isoformat() == "2022-01-01"
    with pytest.raises(CallError, match="gazetteer"):
        load_call(GOOD.replace("deadline:", "gazetteer: 县\ndeadline:"))


def test_the_calls_that_come_with_the_service_load() -> None:
    call = load_call(CALLS / "zhihui-2021")
    forms = {form.kind: [field.id for field in form.fields] for form in call.forms}
    assert forms == {
        "application_form": [
            "project_name",
            "applicant",
            "applicant_type",
            "recommender",
            "leader_name",
            "leader_title",
            "leader_phone",
            "leader_email",
            "contact_name",
            "contact_phone",
            "contact_email",
            "partner",
            "partner_province",
            "partner_county",
            "period_start",
            "period_end",
            "requested_amount",
            "total_budget",
            "budget_total",
            "self_funded_amount",
            "budget_items",
            "filled_on",
            "credit_code",
            "province_society",
            "rationale",
            "content",
            "team",
            "schedule",
            "outcome",
            "volunteers",
        ],
        "pairing_letter": [
            "title",
            "document_number",
            "addressee",
            "sender",
            "issued_on",
            "activity_name",
            "contact_name",
            "contact_phone",
            "reply_by",
            "replied_on",
        ],
    }


@pytest.mark.parametrize(
    ("old", "new", "line", "path", "reason"),
    [
        ("id: trial", "id: Trial!", 1, "id", "small letters, digits and hyphens"),
        ("issuer: 科协", "isuer: 科协", 4, "isuer", "no such field"),
        ("+08:00", "", 6, "deadline", "time zone"),
        ("type: organisation", "type: organization", 13, "forms[0].fields[0].type", "should be"),
        (", labels: [申报单位]", "", 13, "forms[0].fields[0]", "labels are needed"),
        ("severity: error", "severity: fatal", 18, "rules[0].severity", "should be"),
        ("quote: 每家", "qoute: 每家", 19, "rules[0].clause.qoute", "no such field"),
        ("kind: application_form", "kind: other", 8, "forms[0]", "taken"),
        ("zh: 申报书", "zh: 申报书\n    zh: 申请书", 10, "forms[0]", "given twice"),
        ("number: 科协", "number: [科协", 4, "", "expected"),
        ("number: 科协〔2021〕1号", "number: &a x\nissued: *a", 3, "", "aliases"),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, line: int, path: str, reason: str) -> None:
    assert GOOD.count(old) == 1 or old == "+08:00"
    with pytest.raises(CallError) as error:
        load_call(GOOD.replace(old, new))
    assert (error.value.line, error.value.path) == (line, path)
    assert reason in error.value.reason


@pytest.mark.parametrize("text", ["", "[]", "x", "!!python/object/apply:os.getcwd []"])
def test_what_is_no_call_is_refused(text: str) -> None:
    with pytest.raises(CallError):
        load_call(text)


def test_a_folder_must_bear_the_calls_name(tmp_path: Path) -> None:
    folder = tmp_path / "another"
    folder.mkdir()
    (folder / "call.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(CallError, match="another"):
        load_call(folder)


def test_a_folder_without_a_call_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CallError):
        load_call(tmp_path)


def test_a_field_may_have_a_name_for_people() -> None:
    form = next(form for form in load_call(CALLS / "zhihui-2021").forms if form.kind == "pairing_letter")
    names = {spec.id: label_of(spec, form).zh for spec in form.fields}
    assert (names["activity_name"], names["reply_by"], names["contact_name"]) == ("活动名称", "函复期限", "联系人")
