"""Rules of amounts, from the form's words to the finding: words and digits, units, rows, totals, products."""

from dataclasses import replace
from functools import cache

import pytest

from extractors.document import Cell, Document, Field, Line, Place, Reading, Source, Table
from extractors.forms.find import find
from services.validation.call import load_call
from services.validation.judge import judge
from services.validation.model import Call, File, Finding, Report
from tests.extractors.forms.build import scan, table, word
from tests.services.validation.build import IN_TIME, ZHIHUI, field, letter, observe, outcomes, paper

WORDS, UNITS, SUMS, LIMIT = "amount-words-differ", "unit-slip", "budget-sum-mismatch", "amount-over-limit"


@cache
def call() -> Call:
    return load_call(ZHIHUI)


def report(*blocks: str | Table | Document) -> Report:
    """The real call's report on a form with these blocks."""
    document = blocks[0] if isinstance(blocks[0], Document) else word("项目申报书", *blocks)  # type: ignore[arg-type]
    reading = Reading(document, "application_form", 1.0, find(document, call().forms[0]))
    return judge(call(), [File("form.docx", "0" * 64, 1, reading), letter()], IN_TIME)


def of(rule: str, *blocks: str | Table | Document) -> list[Finding]:
    return [finding for finding in report(*blocks).findings if finding.rule == rule]


def told(rule: str, *blocks: str | Table | Document) -> list[str]:
    return [finding.outcome.value for finding in of(rule, *blocks)]


# ------------------------------------------------------------------------------------------- words and digits

BUDGET = table(["支出科目", "金额（元）"], ["专家费", "120000"], ["材料费", "80000"], ["合计", "200000"])


@pytest.mark.parametrize(
    ("blocks", "outcome"),
    [
        # in one cell
        ([table(["申请经费", "人民币贰拾万元整（¥200,000.00）"])], "passed"),
        ([table(["申请经费", "人民币贰拾万元整（¥205,000.00）"])], "violated"),
        ([table(["申请经费", "20万元（大写：壹拾玖万元整）"])], "violated"),
        ([table(["申请经费（万元）", "20.00（大写：贰拾万元整）"])], "passed"),
        # across the cells of a row
        ([table(["申请经费", "贰拾万元整", "小写", "200000元"])], "passed"),
        ([table(["申请经费", "贰拾万元整", "小写", "190000元"])], "violated"),
        ([table(["申请经费", "200000", "大写", "壹拾玖万元整"])], "violated"),
        ([table(["申请经费", "20", "万元", "（大写）贰拾万元整"])], "passed"),
        # another label's amount in the same row is no partner
        ([table(["申请经费", "贰拾万元整", "总预算", "250000元"])], "passed"),
        # across rows
        ([table(["申请经费（大写）", "贰拾万元整"], ["申请经费（小写）", "200000元"])], "passed"),
        ([table(["申请经费（大写）", "壹拾玖万元整"], ["申请经费（小写）", "200000元"])], "violated"),
        ([table(["申请经费（小写）", "￥190000"], ["大写", "贰拾万元整"])], "violated"),
        # broken by a narrow cell
        ([table(["申请经费（大\n写）", "壹拾玖万元整"], ["申请经费（小\n写）", "200000元"])], "violated"),
        ([table(["申请经费（大写）", "壹拾玖万元整", "申请经费（小写）", "200000元"])], "violated"),
        # in sentences
        (["申请经费：20万元（大写：贰拾万元整）"], "passed"),
        (["申请经费：20.5万元（大写：贰拾万元整）"], "violated"),
        (["申请经费（大写）：贰拾万元整", "申请经费（小写）：205000元"], "violated"),
        # far away from any digits: one of the amounts that the fields state
        ([table(["申请经费", "200000元"]), BUDGET, "以上合计人民币贰拾万元整。"], "passed"),
        ([table(["申请经费", "200000元"]), BUDGET, "以上合计人民币贰拾壹万元整。"], "violated"),
        # the budget's own total
        ([table(["支出科目", "金额（元）"], ["专家费", "200000"], ["合计（大写）贰拾万元整", "200000"])], "passed"),
        ([table(["支出科目", "金额（元）"], ["专家费", "200000"], ["合计（大写）贰拾壹万元整", "200000"])], "violated"),
        # not written by the rules of 大写: a person looks
        ([table(["申请经费", "人民币贰拾万伍元整（¥200,005.00）"])], "undetermined"),
        ([table(["申请经费", "二十万元（200000元）"])], "not_applicable"),
        ([table(["申请经费", "200000元"]), "我们收拾行装，伍教授参加。"], "not_applicable"),
        ([table(["申请经费", "200000元"]), "每位专家补助伍佰元整。"], "not_applicable"),
        ([table(["申请经费", "200000元"]), "每位专家补助伍佰元整（600元）。"], "violated"),
        ([table(["申请经费", "贰万元整"])], "passed"),
    ],
)  # fmt: skip
def test_words_say_what_the_digits_say(blocks: list[str | Table], outcome: str) -> None:
    assert told(WORDS, *blocks) == [outcome]


def test_a_difference_is_told_with_both_amounts() -> None:
    (finding,) = of(WORDS, table(["申请经费", "人民币贰拾万元整（¥205,000.00）"]))
    assert finding.message.zh == "大写“人民币贰拾万元整”即200,000元，与小写205,000元不一致。"
    assert [evidence.place.path for evidence in finding.evidence] == ["table 1 / row 1 / cell 2"] * 2


@pytest.mark.parametrize(("confidence", "outcome"), [(0.95, "violated"), (0.85, "undetermined")])
def test_on_a_scan_only_what_is_surely_read_differs(confidence: float, outcome: str) -> None:
    text = "申请经费：205000元（大写：贰拾万元整）"
    page = scan((0.1, 0.1, "项目申报书"), (0.1, 0.3, text, confidence))
    assert told(WORDS, page) == [outcome]


def test_capitals_of_which_the_cell_before_holds_the_beginning_are_not_judged() -> None:
    page = scan((0.1, 0.1, "项目申报书"))
    cells = tuple(
        Cell((Line(text, Place(1), 0.99, source=Source.OCR),), 0, column, Place(1))
        for column, text in enumerate(("申请经费", "拾", "壹万元整（￥110000.00）"))
    )
    assert told(WORDS, replace(page, blocks=(*page.blocks, Table(cells, Place(1))))) == ["undetermined"]


def test_a_misread_character_of_the_words_is_no_difference() -> None:
    page = scan((0.1, 0.1, "项目申报书"), (0.1, 0.3, "申请经费：200000元（大写：贡拾万元整）"))
    assert "violated" not in told(WORDS, page)


def test_amounts_side_by_side_whose_digits_stand_in_the_next_line_have_each_their_own() -> None:
    page = scan(
        (0.1, 0.1, "项目申报书"), (0.1, 0.3, "拟申请经费：人民币陆万元整"), (0.55, 0.3, "单位自筹：人民币贰万元整"),
        (0.22, 0.325, "（¥60000.00）"), (0.65, 0.325, "（¥20000.00）"),
    )  # fmt: skip
    assert told(WORDS, page) == ["passed"]
    wrong = replace(
        page, blocks=tuple(replace(b, text=b.text.replace("¥60", "¥80")) for b in page.blocks if isinstance(b, Line))
    )
    assert told(WORDS, wrong) == ["violated"]


def test_fields_alone_are_enough() -> None:
    """As a portal sends them, without a document."""
    amount = replace(field("requested_amount", "205000"), raw="贰拾万元整（205000元）")
    params = {"amounts": ["application_form.requested_amount"]}
    assert outcomes(observe("words_equal_digits", params, paper("application_form", amount, text=""))) == ["violated"]


# ------------------------------------------------------------------------------------------------------ units


@pytest.mark.parametrize(
    ("blocks", "outcome"),
    [
        ([table(["申请经费", "20万元"]), BUDGET], "passed"),
        ([table(["申请经费（万元）", "20"]), BUDGET], "passed"),
        ([table(["申请经费", "200000万元"]), BUDGET], "violated"),
        ([table(["申请经费（万元）", "200000"])], "violated"),
        ([table(["申请经费（元）", "20"]), BUDGET], "violated"),
        ([table(["申请经费", "19.85元"])], "violated"),
        ([table(["申请经费", "500000元"])], "passed"),
        ([table(["申请经费", "1500万元"])], "passed"),  # too much, but written as it is meant
        ([table(["申请经费", "0元"]), BUDGET], "passed"),
    ],
)
def test_an_amount_with_the_wrong_unit_is_told(blocks: list[str | Table], outcome: str) -> None:
    assert told(UNITS, *blocks) == [outcome]


def test_a_wrong_unit_is_told_once_and_not_as_too_much_money() -> None:
    result = report(table(["申请经费", "200000万元"], ["总预算", "200000元"]), BUDGET)
    violated = {finding.rule for finding in result.findings if finding.outcome.value == "violated"}
    assert UNITS in violated
    assert not violated & {LIMIT, SUMS, WORDS}
    (limit,) = [finding for finding in result.findings if finding.rule == LIMIT]
    assert limit.outcome.value == "not_applicable"
    assert limit.message.zh == "因“金额单位（元／万元）正确”一项不符，本项暂不判断，更正后再行核对。"


def test_the_message_shows_what_was_written_and_what_it_contradicts() -> None:
    (finding,) = of(UNITS, table(["申请经费（元）", "20"]), BUDGET)
    assert finding.message.zh == (
        "申请经费写作“20”，即20元，而经费总预算为200,000元，相差恰好一万倍，疑为“元”与“万元”混用。"
    )


def test_ocr_may_lose_the_unit() -> None:
    page = scan((0.1, 0.1, "项目申报书"), (0.1, 0.3, "申请经费：20元", 0.8))
    assert told(UNITS, page) == ["undetermined"]
    # however surely the digits were read: the heading that states 万元 stands on another page
    page = scan((0.1, 0.1, "项目申报书"), (0.1, 0.3, "申请经费：200000元"), (0.1, 0.4, "总预算：20.00"))
    assert told(UNITS, page) == ["undetermined"]
    assert told(SUMS, page) == ["not_applicable"]
    page = scan((0.1, 0.1, "项目申报书"), (0.1, 0.3, "申请经费：200000元"), (0.1, 0.4, "总预算：20元"))
    assert told(UNITS, page) == ["violated"]
    page = scan((0.1, 0.1, "项目申报书"), (0.1, 0.3, "申请经费（元）：200000"), (0.1, 0.4, "总预算（元）：20"))
    assert told(UNITS, page) == ["violated"]


# --------------------------------------------------------------------------------------- rows, totals, products

PRICED = ["支出科目", "单价（元）", "数量", "金额（元）"]


@pytest.mark.parametrize(
    ("blocks", "outcomes"),
    [
        ([BUDGET], ["passed"]),
        ([table(["支出科目", "金额（元）"], ["专家费", "120000"], ["材料费", "80000"], ["合计", "210000"])],
         ["violated"]),
        # the form goes on below the total
        ([table(["支出科目", "金额"], ["专家费", "2"], ["合计", "2"], ["学会意见", "同意申报（公章）"])], ["passed"]),
        # the cover's total is not that of the table, which is about what is asked for
        ([table(["总预算", "250000元"], ["申请经费", "200000元"]), BUDGET], ["passed"]),
        ([table(["总预算", "250000元"], ["申请经费", "190000元"]), BUDGET], ["violated"]),
        # asking for more than the whole costs
        ([table(["总预算", "200000元"], ["申请经费", "210000元"]), BUDGET], ["passed", "violated"]),
        ([table(PRICED, ["专家费", "1000", "20人", "20000"], ["合计", "", "", "20000"])], ["passed"]),
        ([table(PRICED, ["专家费", "1000", "20人", "25000"], ["合计", "", "", "25000"])], ["passed", "violated"]),
        ([table(PRICED, ["专家费", "500", "10人×4天", "20000"], ["合计", "", "", "20000"])], ["passed"]),
        ([table(PRICED, ["专家费", "据实", "若干", "20000"], ["合计", "", "", "20000"])], ["passed"]),
        ([table([*PRICED[:3], "金额（万元）"], ["培训费", "1111", "3场", "0.33"], ["合计", "", "", "0.33"])],
         ["passed"]),
        ([table([*PRICED[:3], "金额（万元）"], ["培训费", "1111", "3场", "0.43"], ["合计", "", "", "0.43"])],
         ["passed", "violated"]),
    ],
)  # fmt: skip
def test_a_budget_adds_up(blocks: list[str | Table], outcomes: list[str]) -> None:
    assert told(SUMS, *blocks) == outcomes


def test_a_wrong_product_is_told_with_its_row() -> None:
    finding = of(SUMS, table(PRICED, ["专家费", "1000", "20人", "25000"], ["合计", "", "", "25000"]))[-1]
    assert finding.message.zh == "项目申报书的明细第 1 项：20人 × 1000 应为20,000元，填写为25,000元，不一致。"


@pytest.mark.parametrize(("confidence", "outcome"), [(0.95, "violated"), (0.84, "undetermined")])
def test_a_sum_that_rests_on_an_uncertain_number_of_a_scan_is_not_judged(confidence: float, outcome: str) -> None:
    def cells(**values: str) -> tuple[Field, ...]:
        return tuple(field(id, value, confidence, "rapidocr") for id, value in values.items())

    def told_of(row: tuple[Field, ...], total: str) -> list[str]:
        rows = Field("budget_items", "1", "经费预算表", place=Place(1), rows=(row,))
        file = paper("application_form", rows, field("budget_total", total), scan=True)
        findings = judge(call(), (file,), IN_TIME).findings
        return [finding.outcome.value for finding in findings if finding.rule == SUMS]

    row = cells(item="食宿费", quantity="5", unit_price="55001", amount="27500")
    assert told_of(row, "27500") == ["passed", outcome]
    assert outcome in told_of(cells(item="食宿费", amount="27500"), "29500")


def test_a_thousand_rows_do_not_take_long() -> None:
    rows = [[f"项目{number}", "1000", "2", "2000"] for number in range(400)]
    assert told(SUMS, table(PRICED, *rows, ["合计", "", "", "800000"])) == ["passed"]


def test_capitals_on_every_line_are_told_once_where_they_agree_and_are_bounded_where_not() -> None:
    assert told(WORDS, "申请经费：20万元", *["补助伍佰元整（500元）。"] * 3000) == ["passed"]
    assert told(WORDS, "申请经费：20万元", *["补助伍佰元整（600元）。"] * 3000) == ["violated"] * 100


def test_the_rows_may_be_of_the_part_that_the_total_leaves() -> None:
    rows = table(["支出科目", "金额（元）"], ["专家费", "50000"], ["材料费", "23000"], ["合计", "73000"])
    for total, outcome in (("80000", "passed"), ("81000", "violated")):
        stated = table(["经费总预算", f"{total}元"], ["自筹经费", "7000元"])
        assert told(SUMS, stated, rows) == [outcome]
