"""Checks that look at the value of a field: at_most, date_within, length_at_most, phone and e-mail."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from extractors.document import Field, Place
from services.validation.check import Observation
from services.validation.model import Evidence, File, Outcome, Text
from tests.services.validation.build import (
    BLIND,
    absent,
    blank,
    field,
    form,
    letter,
    observe,
    outcomes,
    puzzle,
    unreadable,
)

AMOUNT = {"field": "application_form.requested_amount", "limit": "200000"}
ENDS = {"field": "application_form.period_end", "earliest": "2021-08-23", "latest": "2022-08-31"}
TITLE = {"field": "application_form.project_name", "limit": 12}
PHONES = {"fields": ["application_form.leader_phone", "application_form.contact_phone"]}

AMOUNTS, DATES, LENGTHS, NUMBERS = "at_most", "date_within", "length_at_most", "well_formed"


@pytest.mark.parametrize(
    ("check", "params", "field"),
    [
        (AMOUNTS, AMOUNT, field("requested_amount", "0")),
        (AMOUNTS, AMOUNT, field("requested_amount", "200000.00")),
        (DATES, ENDS, field("period_end", "2021-08-23")),
        (DATES, ENDS, field("period_end", "2022-08-31")),
        (DATES, ENDS, field("period_end", "2022-08")),
        (DATES, ENDS, field("period_end", "2021-08")),
        (LENGTHS, TITLE, field("project_name", "一二三四五六七八九十 十一")),
        (NUMBERS, PHONES, field("contact_phone", "0731-85551234转8012")),
    ],
)
def test_what_is_within_passes(check: str, params: Mapping[str, object], field: Field) -> None:
    assert outcomes(observe(check, params, form(field))) == ["passed"]


@pytest.mark.parametrize(
    ("check", "params", "field"),
    [
        (AMOUNTS, AMOUNT, field("requested_amount", "200000.01")),
        (AMOUNTS, AMOUNT, field("requested_amount", "2000000000")),
        (DATES, ENDS, field("period_end", "2021-08-22")),
        (DATES, ENDS, field("period_end", "2022-09-01")),
        (DATES, ENDS, field("period_end", "2022-09")),
        (LENGTHS, TITLE, field("project_name", "一二三四五六七八九十十一二")),
        (NUMBERS, PHONES, field("contact_phone", "139")),
        (NUMBERS, PHONES, puzzle("contact_phone", "见附件")),
    ],
)
def test_what_is_outside_is_violated(check: str, params: Mapping[str, object], field: Field) -> None:
    assert outcomes(observe(check, params, form(field))) == ["violated"]


@pytest.mark.parametrize(
    ("check", "params", "id"),
    [
        (AMOUNTS, AMOUNT, "requested_amount"),
        (DATES, ENDS, "period_end"),
        (LENGTHS, TITLE, "project_name"),
        (NUMBERS, PHONES, "contact_phone"),
    ],
)
def test_what_is_not_surely_read_is_neither_passed_nor_violated(
    check: str, params: Mapping[str, object], id: str
) -> None:
    for doubtful in (field(id, "1", confidence=0.59, engine="rapidocr"), puzzle(id, "2O万?", "rapidocr")):
        assert outcomes(observe(check, params, form(doubtful))) == ["undetermined"]


IDS = ("requested_amount", "period_end", "project_name", "leader_phone", "contact_phone")


@pytest.mark.parametrize(("check", "params"), [(AMOUNTS, AMOUNT), (DATES, ENDS), (LENGTHS, TITLE), (NUMBERS, PHONES)])
@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ((letter(),), "not_applicable"),
        ((), "not_applicable"),
        ((letter(), unreadable()), "undetermined"),
        ((form(*(blank(id) for id in IDS)),), "not_applicable"),
        ((form(*(absent(id) for id in IDS), defects=(BLIND,)),), "undetermined"),
    ],
)
def test_where_nothing_is_stated_another_rule_tells(
    check: str, params: Mapping[str, object], files: tuple[File, ...], outcome: str
) -> None:
    assert outcomes(observe(check, params, *files)) == [outcome]


@pytest.mark.parametrize("value", ["", "NaN", "Infinity", "-1", "1e999999999", "二十万", "9" * 400])
def test_a_value_that_is_no_amount_is_undetermined(value: str) -> None:
    assert outcomes(observe(AMOUNTS, AMOUNT, form(field("requested_amount", value)))) == ["undetermined"]


@pytest.mark.parametrize(
    ("raw", "confidence", "outcome"),
    [
        ("202\ufffd年7月8日", 0.99, "undetermined"),  # of 2021 it is outside, of 2022 within
        ("202\ufffd年7月8日", 0.5, "undetermined"),
        ("2020年\ufffd月\ufffd日", 0.99, "violated"),
        ("2020年\ufffd月\ufffd日", 0.5, "undetermined"),
        ("二〇二一年十月\ufffd日", 0.99, "passed"),
        ("2021年8月\ufffd日", 0.99, "undetermined"),
    ],
)
def test_what_was_not_read_of_a_date_may_not_matter(raw: str, confidence: float, outcome: str) -> None:
    partly = replace(puzzle("period_end", raw, "rapidocr"), confidence=confidence)
    assert outcomes(observe(DATES, ENDS, form(partly))) == [outcome]


@pytest.mark.parametrize("value", ["", "2022-13", "2022-02-30", "22-8", "2022/08/31", "9999999-01-01"])
def test_a_value_that_is_no_date_is_undetermined(value: str) -> None:
    assert outcomes(observe(DATES, ENDS, form(field("period_end", value)))) == ["undetermined"]


def test_every_paper_that_states_an_amount_is_looked_at() -> None:
    scan = form(field("requested_amount", "205000"), scan=True)
    assert outcomes(observe(AMOUNTS, AMOUNT, form(), scan)) == ["passed", "violated"]


@pytest.mark.parametrize(
    "read",
    [
        puzzle("requested_amount", "20万0", engine="rapidocr"),
        blank("requested_amount"),
        absent("requested_amount"),
        field("requested_amount", "2050000", 0.85, "rapidocr"),
    ],
    ids=["not understood", "blank", "not found", "not sure"],
)
def test_what_ocr_lost_on_the_scan_does_not_undo_what_the_word_file_states(read: Field) -> None:
    files = (form(), form(read, scan=True))
    assert outcomes(observe(AMOUNTS, AMOUNT, *files)) == ["passed"]
    required = {"fields": ["application_form.requested_amount"]}
    assert outcomes(observe("fields_present", required, *files)) == ["passed"]


def test_what_stands_on_the_scan_alone_is_stated() -> None:
    files = (form(blank("requested_amount")), form(field("requested_amount", "205000", 0.8, "rapidocr"), scan=True))
    assert outcomes(observe(AMOUNTS, AMOUNT, *files)) == ["violated"]


def test_a_date_is_told_with_its_range() -> None:
    (seen,) = observe(DATES, ENDS, form(field("period_end", "2022-12")))
    assert seen == Observation(
        Outcome.VIOLATED,
        Text(
            "起止时间为 2022-12，不在规定范围（2021-08-23 – 2022-08-31）内。",
            "Period end: 2022-12, outside 2021-08-23 – 2022-08-31.",
        ),
        (Evidence(0, Place(path="field period_end"), "period_end", "2022-12"),),
        "2021-08-23 – 2022-08-31",
        "2022-12",
    )


def test_one_wrong_number_does_not_hide_another() -> None:
    files = form(field("leader_phone", "123"), field("contact_phone", "456"))
    assert [seen.actual for seen in observe(NUMBERS, PHONES, files)] == ["123", "456"]
