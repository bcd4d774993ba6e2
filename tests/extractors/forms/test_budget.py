"""Budget rows: items and amounts, without totals."""

from extractors.document import FieldState, Table
from tests.extractors.forms.build import field, found, scan, table, word


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


def test_a_header_of_two_rows_gives_its_unit_to_the_columns_below_and_totals_to_their_labels() -> None:
    budget = table(
        [("支出内容", 1, 2), ("经费来源（万元）", 2, 1), ("合计\n（万元）", 1, 2)],
        ["申请经费", "自筹经费"],
        ["技术培训", "7.5", "1", "8.5"],
        ["专家差旅", "6", "0", "6"],
        ["合计", "13.5", "1", "14.5"],
    )
    assert rows(budget) == [{"item": "技术培训", "amount": "85000"}, {"item": "专家差旅", "amount": "60000"}]
    fields = found(word(budget))
    assert (fields["requested_amount"], fields["self_funded_amount"], fields["total_budget"]) == (
        "135000",
        "10000",
        "145000",
    )


def test_the_unit_may_stand_in_a_row_of_the_table_or_below_it_but_a_sentence_is_no_unit() -> None:
    inside = table([("四、经费预算（单位：万元）", 2, 1)], ["支出科目", "金额"], ["差旅费", "1.2"])
    assert rows(inside) == [{"item": "差旅费", "amount": "12000"}]
    plain = table(["支出科目", "金额"], ["差旅费", "1.2"])
    assert rows(plain, "注：以上金额单位为万元。") == [{"item": "差旅费", "amount": "12000"}]
    assert rows("本项目共需经费1.2万元。", plain) == [{"item": "差旅费", "amount": "1.2"}]


def test_a_budget_without_rules_is_read_from_its_tabs() -> None:
    lines = ("经费预算（单位：元）", "序号\t支出科目\t金额", "1\t展板制作\t30000", "2\t交通\t4000", "\t合计\t34000")
    assert rows(*lines) == [{"item": "展板制作", "amount": "30000"}, {"item": "交通", "amount": "4000"}]
    assert found(word("项目申报书", *lines))["total_budget"] == "34000"


def test_a_budget_without_rules_is_read_from_its_columns_on_a_page() -> None:
    page = scan(
        (0.4, 0.1, "项目申报书"),
        (0.1, 0.20, "支出科目"),
        (0.5, 0.20, "测算依据"),
        (0.8, 0.20, "金额（万元）"),
        (0.1, 0.24, "展板制作"),
        (0.82, 0.24, "3"),
        (0.1, 0.28, "交通"),
        (0.5, 0.28, "租车20次"),
        (0.82, 0.28, "0.4"),
        (0.1, 0.40, "以上情况属实。"),
    )
    budget = field(page, "budget_items")
    assert [[f.value for f in row] for row in budget.rows] == [["展板制作", "30000"], ["交通", "4000"]]


def test_a_list_of_costs_is_a_budget_only_where_money_is_spoken_of() -> None:
    costs = ("1.义诊耗材费：4.5万元", "2.资料印制费：30,000元；", "自筹经费：2万元")
    assert rows("经费预算如下：", *costs) == [
        {"item": "义诊耗材费", "amount": "45000"},
        {"item": "资料印制费", "amount": "30000"},
    ]
    assert rows("取得的成绩如下：", *costs) == []


def test_items_stand_beside_the_cell_of_their_group_below_one_header() -> None:
    group = ("申请\n经费", 1, 2)
    document = word(
        table(
            [("支出科目", 2, 1), "预算金额（元）"], [group, "培训费", "100"], ["材料费", "50"], [("总计", 2, 1), "150"]
        )
    )
    budget = field(document, "budget_items")
    assert [[part.value for part in row] for row in budget.rows] == [["培训费", "100"], ["材料费", "50"]]
