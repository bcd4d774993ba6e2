"""Application forms built in different ways state the same fields."""

import pytest

from extractors.document import Document, FieldState
from extractors.forms.find import find
from tests.extractors.forms.build import FORM, field, found, scan, table, word

EVERYTHING = {
    "project_name": "科技助农进安吉行动",
    "applicant": "中国林学会",
    "applicant_type": "national",
    "leader_name": "王伟",
    "leader_title": "副秘书长",
    "leader_phone": "13800138000",
    "leader_email": "wang@csf.org.cn",
    "contact_name": "李娜",
    "contact_phone": "010-62379323",
    "contact_email": "lina@csf.org.cn",
    "partner": "安吉县科学技术协会",
    "partner_province": "浙江省",
    "partner_county": "安吉县",
    "period_start": "2021-09",
    "period_end": "2022-08",
    "requested_amount": "200000",
    "total_budget": "250000",
    "self_funded_amount": "50000",
    "filled_on": "2021-08-28",
}


def test_a_form_that_states_nothing_answers_every_field_once() -> None:
    fields = find(Document("docx"), FORM)
    assert [f.id for f in fields] == [spec.id for spec in FORM.fields]
    assert {f.state for f in fields} == {FieldState.ABSENT}


def test_a_table_of_labels_beside_their_values() -> None:
    assert (
        found(
            word(
                "项目申报书",
                "填报日期：2021年8月28日",
                table(
                    ["项 目 名 称", ("科技助农进安吉行动", 3, 1)],
                    ["申报单位\n（盖章）", "中国林学会", "申报类别", "☑全国学会 □省级学会"],
                    ["项目负责人", "王　伟", "职务/职称", "副秘书长"],
                    ["联系电话", "13800138000", "电子邮箱", "wang@csf.org.cn"],
                    ["联系人", "李娜", "联系电话", "010-62379323"],
                    ["电子邮箱", ("lina@csf.org.cn", 3, 1)],
                    ["结对县级科协", ("安吉县科学技术协会", 3, 1)],
                    ["联系人", "赵六", "联系电话", "0572-5123456"],
                    ["起止时间", ("2021年9月至2022年8月", 3, 1)],
                    ["申请经费（万元）", "20.00", "自筹经费（万元）", "5"],
                    ["经费总额（万元）", ("25", 3, 1)],
                ),
            )
        )
        == EVERYTHING
    )


def test_groups_at_the_left_say_whose_the_labels_are() -> None:
    assert (
        found(
            word(
                "项目申报书",
                table(
                    [("项目名称", 2, 1), ("科技助农进安吉行动", 2, 1)],
                    [("申报单位", 2, 1), ("中国林学会", 2, 1)],
                    [("申报单位类别", 2, 1), ("全国学会☑　省级学会□", 2, 1)],
                    [("项目负责人", 1, 4), "姓名", ("王伟", 2, 1)],
                    ["职务", ("副秘书长", 2, 1)],
                    ["手机", ("138 0013 8000", 2, 1)],
                    ["E-mail", ("wang@csf.org.cn", 2, 1)],
                    [("联系人", 1, 3), "姓名", ("李娜", 2, 1)],
                    ["电话", ("（010）62379323", 2, 1)],
                    ["E-mail", ("lina@csf.org.cn", 2, 1)],
                    [("结对单位情况", 1, 3), "单位名称", ("安吉县科学技术协会", 2, 1)],
                    ["联系人", ("赵六", 2, 1)],
                    ["联系电话", ("0572-5123456", 2, 1)],
                    [("实施周期", 2, 1), ("自2021.9起至2022.8止", 2, 1)],
                    [("申请支持经费", 2, 1), ("人民币贰拾万元整（¥200,000.00）", 2, 1)],
                    [("自筹", 2, 1), ("5万元", 2, 1)],
                    [("总预算", 2, 1), ("250000元", 2, 1)],
                    [("填表日期", 2, 1), ("2021-08-28", 2, 1)],
                ),
            )
        )
        == EVERYTHING
    )


def test_headers_above_their_values() -> None:
    assert (
        found(
            word(
                "项目申报书",
                table(
                    ["项目名称", "申报单位", "申报类别"],
                    ["科技助农进安吉行动", "中国林学会", "（√）全国学会 （ ）省级学会"],
                ),
                table(
                    ["人员", "姓名", "职务", "联系电话", "电子邮箱"],
                    ["项目负责人", "王伟", "副秘书长", "13800138000", "wang@csf.org.cn"],
                    ["项目联系人", "李娜", "干事", "010-62379323", "lina@csf.org.cn"],
                ),
                table(["结对单位", "所在省份", "起止时间"], ["安吉县科学技术协会", "浙江省", "2021年9月—2022年8月"]),
                table(["申请经费（元）", "自筹经费（元）", "总预算（元）"], ["200,000", "50,000", "250,000"]),
                "申报日期：2021.8.28",
            )
        )
        == EVERYTHING
    )


def test_paragraphs_alone() -> None:
    assert (
        found(
            word(
                "项 目 申 报 书",
                "项目名称：__科技助农进安吉行动__",
                "申报单位：中国林学会（盖章）    申报类别：√全国学会  □省级学会",
                "项目负责人：王伟　　职务：副秘书长",
                "联系电话：13800138000\t电子邮箱：wang@csf.org.cn",
                "联系人：李娜　　联系电话：010-62379323　　电子邮箱：lina@csf.org.cn",
                "二、结对情况",
                "结对单位：安吉县科学技术协会",
                "联系人：赵六    联系电话：0572-5123456",
                "三、经费",
                "起止时间：2021年9月至2022年8月",
                "申请经费：20万元；自筹经费：5万元；总预算：25万元",
                "填报时间：二〇二一年八月二十八日",
            )
        )
        == EVERYTHING
    )


def test_persons_side_by_side_own_the_column_below_them() -> None:
    values = found(
        word(
            table(
                ["项目负责人", "王伟", "联系人", "李娜"],
                ["联系电话", "13800138000", "联系电话", "010-62379323"],
                ["电子邮箱", "wang@csf.org.cn", "电子邮箱", "lina@csf.org.cn"],
            )
        )
    )
    assert {id: values[id] for id in ("leader_phone", "leader_email", "contact_phone", "contact_email")} == {
        "leader_phone": "13800138000",
        "leader_email": "wang@csf.org.cn",
        "contact_phone": "010-62379323",
        "contact_email": "lina@csf.org.cn",
    }


def test_label_and_value_in_one_cell() -> None:
    values = found(
        word(
            table(
                ["项目名称：科技助农进安吉行动", "申报单位：中国林学会"],
                ["项目负责人：王伟\n联系电话：13800138000", "联系人：李娜 010-62379323"],
            )
        )
    )
    assert values == {
        "project_name": "科技助农进安吉行动",
        "applicant": "中国林学会",
        "leader_name": "王伟",
        "leader_phone": "13800138000",
        "contact_name": "李娜",
        "contact_phone": "010-62379323",
    }


def test_lines_of_a_scan_beside_each_other() -> None:
    assert (
        found(
            scan(
                (0.3, 0.05, "项目申报书"),
                (0.1, 0.10, "项目名称"),
                (0.3, 0.10, "科技助农进安吉行动"),
                (0.1, 0.14, "申报单位"),
                (0.3, 0.14, "中国林学会"),
                (0.1, 0.18, "申报类别"),
                (0.3, 0.18, "区全国学会口省级学会"),
                (0.1, 0.22, "项目负贵人"),  # one character wrong
                (0.3, 0.22, "王伟"),
                (0.5, 0.22, "职务"),
                (0.7, 0.22, "副秘书长"),
                (0.1, 0.26, "联系电话：13800138000"),
                (0.5, 0.26, "电子邮箱：wang@csf.org.cn"),
                (0.1, 0.30, "联系人：李娜"),
                (0.5, 0.30, "联系电话010-62379323"),
                (0.1, 0.34, "电子邮箱"),
                (0.3, 0.34, "lina@csf.org.cn"),
                (0.1, 0.38, "结对单位"),
                (0.3, 0.38, "安吉县科学技术协会"),
                (0.1, 0.42, "起止时间"),
                (0.3, 0.42, "2021年9月至2022年8月"),
                (0.1, 0.46, "申请经费"),
                (0.3, 0.46, "2O万元"),
                (0.5, 0.46, "自筹经费"),
                (0.7, 0.46, "5万元"),
                (0.1, 0.50, "总预算"),
                (0.3, 0.50, "25万元"),
                (0.1, 0.54, "填报日期：2021年8月28日"),
            )
        )
        == EVERYTHING
    )


def test_a_value_goes_on_below_itself() -> None:
    document = scan(
        (0.1, 0.10, "项目名称："),
        (0.3, 0.10, "智惠行动科技助农专家服务团进安吉乡村振兴系列科技志愿"),
        (0.3, 0.13, "服务活动"),
        (0.1, 0.17, "申报单位：中国林学会"),
    )
    assert found(document)["project_name"] == "智惠行动科技助农专家服务团进安吉乡村振兴系列科技志愿服务活动"


def test_a_value_that_fills_its_row_goes_on_at_the_margin() -> None:
    document = scan(
        (0.1, 0.10, "项目名称：数字乡村科技志愿服务推动科技志愿服务常态化长效化与结对帮扶"),
        (0.1, 0.13, "共建助力乡村振兴"),
        (0.1, 0.17, "申报单位：中国林学会"),
    )
    name = "数字乡村科技志愿服务推动科技志愿服务常态化长效化与结对帮扶共建助力乡村振兴"
    assert found(document)["project_name"] == name


@pytest.mark.parametrize(
    ("row", "next_row", "phone"),
    [
        ("联系人：李娜，联系电话：0371-65902211转", "806）", "0371-65902211转806"),
        ("联系人：李娜，联系电话：0371-65902211", "转806", "0371-65902211转806"),
        ("联系人：李娜，联系电话：1380013", "8000）", "13800138000"),
        ("联系人：李娜，联系电话：13800138000", "2021年8月20日", "13800138000"),
        ("联系人：李娜，联系电话：13800138000", "1.项目名称", "13800138000"),
    ],
)
def test_a_number_that_was_broken_goes_on_at_the_margin_though_the_row_is_not_full(
    row: str, next_row: str, phone: str
) -> None:
    """A paragraph's first row is set in, and half-width digits leave the row short; the head goes beyond the rows."""
    document = scan(
        (0.9, 0.05, "2021"),
        *((0.1, 0.10 + 0.03 * at, "我会拟组织专家深入乡村开展技术培训科普讲座和现场指导服务") for at in range(3)),
        (0.14, 0.20, row),
        (0.1, 0.23, next_row),
    )
    assert found(document)["contact_phone"] == phone


def test_who_signs_is_not_who_leads_the_project() -> None:
    document = word(
        "项目申报书",
        table(
            ["结对单位名称", ("安吉县科学技术协会", 4, 1)],
            [("负责人", 1, 2), "姓名", "于桂燕", "职称", "教授"],
            ["电话", "13794048996", "邮箱", "x@example.org"],
        ),
        "五、承诺",
        "本单位承诺所填内容真实。",
        "负责人（签字）：",
    )
    assert found(document)["leader_name"] == "于桂燕"
    assert field(document, "leader_email").confidence == 0.9  # beside 负责人, though a county was named before


def test_a_value_may_stand_wholly_on_the_next_row() -> None:
    document = scan(
        (0.1, 0.10, "申报单位（盖章）："), (0.5, 0.125, "中国林学会"), (0.1, 0.17, "填报日期：2021年8月28日")
    )
    assert found(document) == {"applicant": "中国林学会", "filled_on": "2021-08-28"}


def test_an_address_that_found_no_room_behind_its_label_stands_at_the_margin_of_the_next_row() -> None:
    rows = (
        (0.1, 0.10, "项目负责人：李晓立"),
        (0.4, 0.10, "负责人电子邮箱："),
        (0.1, 0.13, "office473@keji.example.org"),
    )
    edge = (0.1, 0.17, "项目名称：科技助农专家服务团进安吉乡村振兴系列科技志愿服务行动")
    assert found(scan(*rows, edge))["leader_email"] == "office473@keji.example.org"
    blank = field(scan(*rows[:2], (0.1, 0.13, "依托学会专家开展服务"), edge), "leader_email")
    assert blank.state is FieldState.BLANK  # Hanzi would have begun behind the label


def test_the_confidence_of_recognised_fields_is_that_of_their_words() -> None:
    name = field(scan((0.1, 0.1, "项目名称：科技助农", 0.75)), "project_name")
    assert (name.confidence, name.engine) == (0.75, "ocr")
    assert field(word("项目名称：科技助农"), "project_name").confidence == 1.0


def test_what_is_not_filled_in_is_blank() -> None:
    document = word(
        "项目名称：____________",
        "填报日期：    年  月  日",
        table(
            ["申报单位", ""],
            ["申报类别", "□全国学会 □省级学会"],
            ["项目负责人", "（请填写）"],
            ["申请经费", "　　　万元"],
            ["起止时间", "    年  月至    年  月"],
        ),
    )
    states = {f.id: f.state for f in find(document, FORM)}
    blank = [
        "project_name",
        "filled_on",
        "applicant",
        "applicant_type",
        "leader_name",
        "requested_amount",
        "period_start",
        "period_end",
    ]
    assert {id: states[id] for id in blank} == dict.fromkeys(blank, FieldState.BLANK)
    assert states["contact_name"] is FieldState.ABSENT


def test_what_cannot_be_understood_is_unclear_and_keeps_its_words() -> None:
    document = word(
        table(
            ["申报单位", "××学会"],
            ["申报类别", "☑全国学会 ☑省级学会"],
            ["申请经费", "二十左右"],
            ["填报日期", "2021年2月30日"],
            ["联系人", "李娜", "联系电话", "见附件"],
        )
    )
    fields = {f.id: (f.state, f.value, f.raw) for f in find(document, FORM)}
    unclear = FieldState.UNCLEAR
    assert fields["applicant"] == (unclear, "", "××学会")
    assert fields["applicant_type"] == (unclear, "", "☑全国学会 ☑省级学会")
    assert fields["requested_amount"] == (unclear, "", "二十左右")
    assert fields["filled_on"] == (unclear, "", "2021年2月30日")
    assert fields["contact_phone"] == (unclear, "", "见附件")


def test_a_date_that_was_not_read_is_unclear_in_a_cell_and_on_a_line() -> None:
    cell = word(table(["申报单位", "中国林学会"], ["填报日期", "2021年\ufffd月3日"]))
    line = word(table(["申报单位", "中国林学会"]), "2021年\ufffd月\ufffd日")
    for document in (cell, line):
        filled = next(f for f in find(document, FORM) if f.id == "filled_on")
        assert (filled.state, filled.value) == (FieldState.UNCLEAR, "")
        assert filled.raw.startswith("2021年\ufffd月")


def test_digits_count_where_the_words_beside_them_differ_and_are_less_sure() -> None:
    document = word(table(["申报单位", "中国林学会"], ["申请经费", "贰拾万元整（¥205,000.00）"]))
    field = next(f for f in find(document, FORM) if f.id == "requested_amount")
    assert (field.value, field.raw, field.confidence) == ("205000", "贰拾万元整（¥205,000.00）", 0.7)


def test_the_partners_contact_is_not_the_applicants() -> None:
    document = word(
        "二、结对单位情况", table(["结对单位", "安吉县科协"], ["联系人", "赵六"], ["联系电话", "0572-5123456"])
    )
    assert found(document) == {"partner": "安吉县科协", "partner_province": "浙江省", "partner_county": "安吉县"}


def test_a_county_beside_a_blank_partner_is_no_partner() -> None:
    document = word(table(["结对县", "安吉县", "结对县级科协", ""]))
    assert field(document, "partner").state is FieldState.BLANK
    assert found(document) == {"partner_province": "浙江省", "partner_county": "安吉县"}


def test_a_filled_place_counts_more_than_a_blank_one_of_the_same_field() -> None:
    assert found(word("申报单位：", table(["申报单位", "中国林学会"])))["applicant"] == "中国林学会"


def test_a_merged_cell_under_a_row_of_the_partner_does_not_hide_the_end() -> None:
    document = word(table(["开始时间", "2021年9月1日", "结束时间", "2022年8月31日"]))
    assert found(document) == {"period_start": "2021-09-01", "period_end": "2022-08-31"}


def test_persons_may_head_columns_and_share_a_label() -> None:
    columns = table(
        ["", "项目负责人", "项目联系人"], ["姓名", "石英杰", "罗敏"], ["电话", "028-85412345", "13980001234"]
    )
    assert found(word(columns)) == {
        "leader_name": "石英杰",
        "leader_phone": "028-85412345",
        "contact_name": "罗敏",
        "contact_phone": "13980001234",
    }
    shared = found(word("项目负责人/联系人\t胡鹏 / 万丽", "手机（联系人）\t13870002222", "手机（负责人）\t13870001111"))
    assert (shared["leader_name"], shared["leader_phone"]) == ("胡鹏", "13870001111")
    assert (shared["contact_name"], shared["contact_phone"]) == ("万丽", "13870002222")


def test_a_row_of_labels_beside_values_is_no_header_of_the_row_below() -> None:
    document = word(
        table(
            ["项目周期", "开始时间", "2021年9月15日", "结束时间", "2022年5月31日"],
            ["经费", "申请经费", "9万元", "", ""],
        )
    )
    fields = found(document)
    assert (fields["period_start"], fields["period_end"]) == ("2021-09-15", "2022-05-31")


def test_a_label_may_carry_its_translation_and_a_value_its_label() -> None:
    document = word(table(["项目名称\nProject", "节水灌溉", "联系人及电话：孙莉 010-59195143"]))
    assert found(document) == {
        "project_name": "节水灌溉",
        "contact_name": "孙莉",
        "contact_phone": "010-59195143",
    }


def test_a_cell_with_its_own_label_does_not_belong_to_the_value_before_it() -> None:
    document = word(table(["自筹经费（万元）", "4", "总预算（万元）：22.6"]))
    assert found(document) == {"self_funded_amount": "40000", "total_budget": "226000"}


def test_instructions_of_the_template_state_nothing() -> None:
    document = word(
        "填 写 说 明",
        "1. 项目名称：应简明扼要。",
        "2. 申请经费：不超过20万元。",
        "一、基本情况",
        "1. 项目名称：科技助农",
    )
    assert found(document) == {"project_name": "科技助农"}


def test_amounts_are_read_out_of_a_sentence_where_no_label_stands_alone() -> None:
    sentence = "本项目总预算12.5万元，其中申请经费10万元，学会自筹25,000元。"
    assert found(word(sentence)) == {
        "total_budget": "125000",
        "requested_amount": "100000",
        "self_funded_amount": "25000",
    }
    assert found(word(sentence, table(["申请经费", "9万元"])))["requested_amount"] == "90000"


def test_a_line_that_is_a_date_alone_dates_the_form() -> None:
    assert found(word("项目申报书", "二〇二一年八月")) == {"filled_on": "2021-08"}
    assert found(word("填报日期：2021年9月2日", "2021年8月1日")) == {"filled_on": "2021-09-02"}
    assert found(word("我们于2021年8月1日开会。")) == {}
