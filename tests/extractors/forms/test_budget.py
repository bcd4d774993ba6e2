"""Budget rows: items and amounts, without totals."""

from extractors.document import FieldState, Table
from tests.extractors.forms.build import field, found, table, word


def rows(*blocks: str | Table) -> list[dict[str, str]]:
    budget = field(word("项目申报书", *blocks), "budget_items")
    return [{f.id: f.value for f in row} for row in budget.rows]


def test_a_form_without_a_budget_has_no_rows() -> None:
    assert field(word(table(["项目名称", "科技助农"])), "budget_items").state is FieldState.ABSENT


def test_an_empty_budget_is_blank() -> None:
    assert field(word(table(["支出科目", "金额"], ["", ""], ["合计", ""])), "budget_items").state is FieldState.BLANK


def test_totals_are_no_items_and_the_header_says_the_unit() -> None:
    budget = table(
        ["序号", "支出科目", "金额（万元）", "测算依据"],
        ["1", "培训费", "8.5", "3次"],
        ["2", "专家咨询费", "6.5", ""],
        [("小计", 2, 1), "15", ""],
        ["3", "材料费", "5", "3000元"],
        [("合计", 2, 1), "20.00", ""],
        [("申报单位意见", 2, 1), ("（公章）", 2, 1)],
    )
    assert rows(budget) == [
        {"item": "培训费", "amount": "85000"},
        {"item": "专家咨询费", "amount": "65000"},
        {"item": "材料费", "amount": "50000"},
    ]
    assert found(word(budget))["total_budget"] == "200000"


def test_the_unit_may_stand_above_the_table() -> None:
    assert rows("单位：万元", table(["预算科目名称", "金额"], ["差旅费", "1.2"])) == [
        {"item": "差旅费", "amount": "12000"}
    ]


def test_a_budget_goes_on_in_the_next_table_until_its_total() -> None:
    first = table(["支出内容", "金额（元）"], ["培训费", "1000"])
    second = table(["支出内容", "金额（元）"], ["材料费", "500"], ["合计", "1500"])
    detail = table(["名称", "金额"], ["U盘", "100"])
    assert [row["item"] for row in rows(first, second, detail)] == ["培训费", "材料费"]


def test_two_budgets_side_by_side() -> None:
    budget = table(
        ["科目", "金额/元", "科目", "金额/元"], ["培训费", "1000", "材料费", "500"], ["合计", "1500", "", ""]
    )
    assert rows(budget) == [{"item": "培训费", "amount": "1000"}, {"item": "材料费", "amount": "500"}]


def test_a_budget_inside_a_larger_table() -> None:
    form = table(
        ["项目名称", ("科技助农", 3, 1)],
        [("经费预算（单位：元）", 4, 1)],
        [("支出项目", 2, 1), "预算金额", "用途说明"],
        [("培训费", 2, 1), "1,000.50", "培训"],
        [("总计", 2, 1), "1,000.50", ""],
    )
    assert rows(form) == [{"item": "培训费", "amount": "1000.5"}]
    assert found(word(form))["project_name"] == "科技助农"
