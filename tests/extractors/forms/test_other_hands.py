"""Forms as other hands lay them out: labels renamed, cells merged and moved, tabs for tables, units in headers."""

from __future__ import annotations

import re
from dataclasses import replace

from extractors.document import (
    Box,
    Cell,
    Document,
    Field,
    FieldState,
    Line,
    Place,
    Seal,
    SealColour,
    SealShape,
    Source,
    Table,
    Word,
)
from extractors.forms.find import find
from extractors.forms.slots import find_slots
from tests.extractors.forms.build import FORM, found, scan, table, word


def rows(*blocks: object, id: str) -> tuple[tuple[str, ...], ...]:
    field = next(f for f in find(word(*blocks), FORM) if f.id == id)  # type: ignore[arg-type]
    return tuple(tuple(part.value for part in row) for row in field.rows)


def stated(values: dict[str, str], **wanted: str) -> None:
    assert {id: values.get(id) for id in wanted} == wanted


def test_a_row_a_person_and_a_choice_in_brackets() -> None:
    stated(
        found(
            word(
                "百会百县科技志愿服务项目申请书",
                table(
                    [("一、申请学会概况", 4, 1)],
                    [("学会全称：中国草学会（学会类型 ☑全国学会  □省级学会）", 4, 1)],
                    ["社会团体登记证号（统一社会信用代码）", "51100000500000337X", "通讯地址/邮编", "北京市 100193"],
                    ["项目全称", "草原科技下乡", "项目实施期", "2021年9月-2022年8月"],
                ),
                table(
                    [("二、项目人员信息", 5, 1)],
                    ["角色", "姓名", "职务/职称", "手机号码", "电子信箱"],
                    ["负责人", "王 堃", "教授", "13800138001", "wangkun@cau.edu.cn"],
                    ["联系人", "刘芳菲", "秘书", "010-62733333转602", "liuff@163.com"],
                ),
                table(
                    [("三、结对情况", 4, 1)],
                    ["结对县（市、区）", "河北省沽源县", "结对县级科协全称", "沽源县科学技术协会"],
                    ["带动的省级学会", "河北省草业学会", "县科协联系人及电话", "赵铁柱 0313-5812345"],
                ),
            )
        ),
        applicant="中国草学会",
        applicant_type="national",
        credit_code="51100000500000337X",
        project_name="草原科技下乡",
        period_start="2021-09",
        period_end="2022-08",
        leader_name="王堃",
        leader_email="wangkun@cau.edu.cn",
        contact_name="刘芳菲",
        contact_phone="010-62733333转602",
        partner="沽源县科学技术协会",
        partner_county="沽源县",
        province_society="河北省草业学会",
    )


def test_paragraphs_with_tabs_and_lists_in_columns() -> None:
    lines = (
        "科技志愿服务活动项目申报书",
        "申 报 单 位：\t福建省茶叶学会",
        "单 位 性 质：\t（ ）全国学会　（√）省级学会",
        "项 目 负 责 人：\t陈荣冰\t\t职  称：\t研究员",
        "移 动 电 话：\t13905912345\t\t电子邮件：\tcrb@fjtea.org.cn",
        "填 报 时 间：\t二○二一年八月二十八日",
        "4.申请资助金额（元）：￥96,000.00（人民币玖万陆仟元整）\t自筹配套：24000元",
        "六、经费预算",
        "费用名称\t数量\t单价（元）\t小计（元）",
        "讲课费\t8\t3000\t24000",
        "交通住宿费\t12\t6000\t72000",
        "总计\t\t\t96000",
        "七、项目组成员",
        "姓名\t工作单位\t职称\t联系电话",
        "陈荣冰\t福建省农科院\t研究员\t13905912345",
        "林小妹\t福建省茶叶学会\t干事\t13705918888",
        "八、审核意见",
    )
    stated(
        found(word(*lines)),
        applicant="福建省茶叶学会",
        applicant_type="provincial",
        leader_name="陈荣冰",
        leader_title="研究员",
        leader_email="crb@fjtea.org.cn",
        filled_on="2021-08-28",
        requested_amount="96000",
        self_funded_amount="24000",
        budget_total="96000",
        budget_items="2",
        volunteers="2",
    )
    assert rows(*lines, id="volunteers")[1] == ("林小妹", "福建省茶叶学会", "干事", "13705918888")


def test_groups_at_the_left_with_persons_beside_each_other_and_the_unit_in_the_groups_label() -> None:
    stated(
        found(
            word(
                "项目申报表 Application Form",
                table(
                    [("项目 Project", 1, 2), ("项目名称 Project Name", 2, 1), ("实施时间 Period", 2, 1)],
                    [("林下经济科技服务行", 2, 1), ("2021.10.1-2022.7.31", 2, 1)],
                    [("单位 Applicant", 1, 2), ("申报单位（全称）Applicant", 2, 1), ("单位类别 Type", 2, 1)],
                    [("中国林学会", 2, 1), ("■ 全国学会 National   □ 省级学会 Provincial", 2, 1)],
                    [("人员 Contacts", 1, 4), "", "项目负责人", "", "联系人"],
                    ["姓名 Name", "李建国", "姓名 Name", "周敏"],
                    ["电话 Tel", "13911112222", "电话 Tel", "010-62889817"],
                    ["邮箱 E-mail", "lijg@caf.ac.cn", "邮箱 E-mail", "zhoumin@csf.org.cn"],
                    [("经费 Budget（万元）", 1, 2), "总预算", "申请经费", "自筹经费", "其他"],
                    ["25", "20", "5", "0"],
                ),
            )
        ),
        project_name="林下经济科技服务行",
        applicant="中国林学会",
        applicant_type="national",
        leader_name="李建国",
        leader_phone="13911112222",
        leader_email="lijg@caf.ac.cn",
        contact_name="周敏",
        contact_phone="010-62889817",
        contact_email="zhoumin@csf.org.cn",
        period_start="2021-10-01",
        total_budget="250000",
        requested_amount="200000",
        self_funded_amount="50000",
    )


def test_budget_and_volunteers_in_one_grid_and_boxes_without_a_label() -> None:
    blocks = (
        "“智惠行动·百会百县乡村行”项目申报书",
        table(
            ["项目名称\n（20字以内）", "果树修剪技术到田间"],
            ["申报学会", "山东省园艺学会\n□全国学会  ☑省级学会"],
            ["结对单位", "单位名称：山东省临沂市蒙阴县科学技术协会\n联系人：公丕民   电话：0539-4271234"],
            ["申请经费", "小写：¥150000.00元\n大写：壹拾伍万元整"],
        ),
        table(
            [("（一）经费预算表（单位：万元）", 4, 1)],
            ["序号", "支出科目", "金额", "用途说明"],
            ["1", "专家咨询费", "6", ""],
            ["2", "材料费", "9", ""],
            ["合计", "", "15", ""],
            [("（二）志愿者名单", 4, 1)],
            ["序号", "姓名", "单位", "职称"],
            ["1", "孙立田", "山东农业大学", "教授"],
            ["2", "郑和平", "山东省果树所", "研究员"],
        ),
    )
    stated(
        found(word(*blocks)),
        project_name="果树修剪技术到田间",
        applicant="山东省园艺学会",
        applicant_type="provincial",
        partner_county="蒙阴县",
        requested_amount="150000",
        budget_total="150000",
        budget_items="2",
        volunteers="2",
    )
    assert rows(*blocks, id="budget_items") == (("专家咨询费", "60000"), ("材料费", "90000"))


def test_each_label_above_its_value_and_the_total_above_its_items() -> None:
    blocks = (
        "科技志愿服务项目申请表",
        table(
            [("项目名称", 3, 1)],
            [("蜂业技术帮扶百村行", 3, 1)],
            ["申报单位", "法定代表人", "单位类型"],
            ["中国养蜂学会", "吴杰", "√全国学会  □省级学会"],
            [("结对县级科协", 3, 1)],
            [("浙江省江山市科学技术协会", 3, 1)],
            ["联系人", "联系电话", "电子邮箱"],
            ["马小燕", "010-62596906", "mxy@caas.cn"],
            ["申请金额（万元）", "自筹金额（万元）", "项目总经费（万元）"],
            ["拾陆（16.00）", "4.00", "20.00"],
        ),
        "经费预算",
        table(
            ["经费科目", "预算经费（万元）", "备注"],
            ["合计", "16", ""],
            ["其中：劳务费", "6", ""],
            ["差旅费", "10", ""],
        ),
    )
    stated(
        found(word(*blocks)),
        project_name="蜂业技术帮扶百村行",
        applicant="中国养蜂学会",
        applicant_type="national",
        partner="浙江省江山市科学技术协会",
        partner_county="江山市",
        contact_name="马小燕",
        contact_phone="010-62596906",
        contact_email="mxy@caas.cn",
        requested_amount="160000",
        self_funded_amount="40000",
        budget_total="160000",
    )
    assert rows(*blocks, id="budget_items") == (("劳务费", "60000"), ("差旅费", "100000"))


def test_a_unit_above_a_table_holds_for_its_amounts_and_no_further() -> None:
    values = found(word("单位：万元", table(["申请经费", "18"], ["自筹经费", "2000元"]), "二、其他", "总预算：200000"))
    stated(values, requested_amount="180000", self_funded_amount="2000", total_budget="200000")


def test_boxes_of_which_none_is_ticked_are_blank_wherever_they_stand() -> None:
    fields = {field.id: field for field in find(word("□全国学会  □省级学会"), FORM)}
    assert fields["applicant_type"].state is FieldState.BLANK
    assert _of("省级学会和全国学会均可申报", "applicant_type").state is FieldState.ABSENT


def _of(text: str, id: str) -> Field:
    return next(field for field in find(word(text), FORM) if field.id == id)


def test_boxes_without_a_label_on_a_scan() -> None:
    values = found(scan((0.1, 0.1, "申报单位：中国林学会"), (0.1, 0.2, "☑全国学会 □省级学会")))
    stated(values, applicant="中国林学会", applicant_type="national")


def test_values_that_a_narrow_cell_broke_over_lines() -> None:
    values = found(
        word(
            "项目申报书",
            table(
                ["结对单位", "单位名称：山东省临沂市蒙阴县科学技术\n协会\n联系人：公丕民 电话：0539-4271234"],
                ["联系人电话", "0531-\n885577\n99"],
                ["申报单位", "中国草学会（学会类型"],
            ),
        )
    )
    stated(values, partner="山东省临沂市蒙阴县科学技术协会", contact_phone="0531-88557799", applicant="中国草学会")


def recognised(*parts: tuple[float, float, str]) -> Document:
    """A page of recognised lines. parts: left and top as fractions, text."""
    lines = []
    for left, top, text in parts:
        words = []
        for piece in re.finditer(r"\d+|\S", text):
            start, end = left + 0.02 * piece.start(), left + 0.02 * piece.end()
            words.append(Word(piece[0], Box(start, top, end, top + 0.02), 0.98))
        box = Box(left, top, words[-1].box.right, top + 0.02)
        lines.append(Line(text.replace(" ", ""), Place(1, box), 0.98, tuple(words), source=Source.OCR))
    return Document("png", blocks=tuple(lines))


def test_columns_on_a_scan_are_parted_by_the_gaps_between_words_whatever_was_read_as_one_line() -> None:
    document = recognised(
        (0.1, 0.10, "六、经费预算"),
        (0.1, 0.14, "费用名称  数量"),
        (0.4, 0.14, "单价（元）  小计（元）"),
        (0.1, 0.18, "讲课费8"),
        (0.3, 0.18, "3000  24000"),
        (0.1, 0.22, "印刷费"),
        (0.3, 0.22, "40"),
        (0.38, 0.22, "60  2400"),
        (0.1, 0.26, "七、项目组成员"),
        (0.1, 0.30, "姓名"),
        (0.18, 0.30, "工作单位   职称"),
        (0.1, 0.34, "陈荣冰 福建省农科院 研究员"),
        (0.1, 0.38, "林小妹 福建省茶叶学会干事"),
        (0.1, 0.42, "八、审核意见  同意申报"),
    )
    fields = {field.id: field for field in find(document, FORM)}
    assert [[part.value for part in row] for row in fields["budget_items"].rows] == [
        ["讲课费", "24000", "8", "3000"],
        ["印刷费", "2400", "40", "60"],
    ]
    assert [row[0].value for row in fields["volunteers"].rows] == ["陈荣冰", "林小妹"]


def test_labels_and_values_that_were_read_as_one_line_are_parted_at_the_gaps() -> None:
    values = found(
        recognised(
            (0.1, 0.10, "项目负责人  张 三  职务职称  副教授"),
            (0.1, 0.14, "申报单位  中国林学会    Applicant type  是"),
            (0.1, 0.18, "联系人  李娜"),
            (0.1, 0.22, "电子邮箱  lina@csf.org.cn"),
        )
    )
    stated(values, leader_name="张三", leader_title="副教授", applicant="中国林学会", contact_name="李娜")
    assert values["contact_email"] == "lina@csf.org.cn"


def test_whose_a_full_name_is_stands_at_the_left_and_the_budget_takes_its_unit_from_an_equal_total() -> None:
    blocks = (
        "2021年“百会百县乡村行”科技志愿服务项目申报表",
        table(
            [("申报\n单位", 1, 2), "全  称", ("中国草学会", 2, 1), "类  别", "■全国学会\n□省级学会"],
            ["法人代表", "王堃", "信用代码", ("51100000500000337X", 2, 1)],
            [("结对\n县级\n科协", 1, 2), "全  称", ("红原县科学技术协会", 2, 1), "所在省、市（州）", "四川省阿坝州"],
            ["联系人", "泽让", "电  话", ("0837-2662345", 2, 1)],
            [("经费预算\n（万元）", 2, 2), "总  额", ("其中：申请中国科协支持经费", 2, 1), "学会自筹"],
            ["24.6", ("19.6", 2, 1), "5"],
            [("支出明细", 2, 4), "序号", ("支出内容", 2, 1), "金额"],
            ["1", ("专家差旅费", 2, 1), "14.6"],
            ["2", ("培训场地及材料费", 2, 1), "10"],
            [("合  计", 3, 1), "24.6"],
        ),
    )
    stated(
        found(word(*blocks)),
        applicant="中国草学会",
        applicant_type="national",
        partner="红原县科学技术协会",
        partner_province="四川省",
        partner_county="红原县",
        total_budget="246000",
        requested_amount="196000",
        self_funded_amount="50000",
        budget_total="246000",
    )
    assert rows(*blocks, id="budget_items") == (("专家差旅费", "146000"), ("培训场地及材料费", "100000"))


def test_rows_of_labels_above_rows_of_values_one_of_them_unknown_and_persons_written_with_what_is_theirs() -> None:
    stated(
        found(
            word(
                "“智惠行动”百会百县乡村行活动立项申请书",
                table(
                    ["申请单位（须与公章一致）", "组织机构代码", "单位性质（请打√）"],
                    ["福建省茶叶学会", "51350000488000123K", "全国学会（  ）\n省级学会（√）"],
                    ["负责人／职务", "负责人移动电话", "负责人E-mail"],
                    ["杨江帆／理事长", "13950401234", "yjf@fafu.edu.cn"],
                    ["经办人", "经办人电话", "经办人邮箱"],
                    ["叶乃兴", "0591-83789281转18", "ynxtea@126.com"],
                    [("结对县（市、区）科协名称", 2, 1), "县科协联系人及电话"],
                    [("福建省南平市政和县科学技术协会", 2, 1), "许大全　0599-3322118"],
                    ["起始日期", "活动截至何日", "推荐单位"],
                    ["2021年9月15日", "二〇二二年七月底", "福建省科学技术协会科普部"],
                ),
            )
        ),
        applicant="福建省茶叶学会",
        applicant_type="provincial",
        leader_name="杨江帆",
        leader_title="理事长",
        leader_phone="13950401234",
        contact_name="叶乃兴",
        contact_phone="0591-83789281转18",
        contact_email="ynxtea@126.com",
        partner="福建省南平市政和县科学技术协会",
        period_start="2021-09-15",
        recommender="福建省科学技术协会科普部",
    )


def test_a_label_is_never_a_value() -> None:
    blocks = ["项目申报书", table(["项目负责人", "姓名"], ["电话", "13800138000"])]
    assert "leader_name" not in found(word(*blocks))


def test_sentences_of_a_scanned_page_go_on_in_the_next_line_up_to_the_next_label() -> None:
    values = found(
        recognised(
            (0.1, 0.10, "（一）申报单位：中国林学会（统一社会信用代码："),
            (0.1, 0.13, "51100000500001234B），地址：北京市海淀区，邮编100081。"),
            (0.1, 0.16, "（三）项目联络人：任图生（副秘书长，高级工程师），固定电话：010－"),
            (0.1, 0.19, "62733376－8015，邮箱：rents@cau.edu.cn。"),
            (0.1, 0.24, "本项目总经费贰拾肆万元整（¥240000.00），其中申请经费人民币壹"),
            (0.1, 0.27, "拾玖万捌仟元整（¥198,000.00），自筹4.2万元。"),
        )
    )
    stated(
        values,
        credit_code="51100000500001234B",
        contact_phone="010-62733376转8015",
        contact_email="rents@cau.edu.cn",
        requested_amount="198000",
    )


HEADED = (
    ("一、申报单位", "中国草学会（全国学会）"),
    ("2．项目名称", "草原科普大篷车"),
    ("三、项目负责人", "唐川江（副理事长，电话：028-85553210）"),
    ("结对单位", "若尔盖县科学技术协会（四川省阿坝州）"),
    ("五、实施时间", "2021年9月至2022年8月"),
)
STATED = {
    "applicant": "中国草学会",
    "project_name": "草原科普大篷车",
    "leader_name": "唐川江",
    "leader_phone": "028-85553210",
    "partner": "若尔盖县科学技术协会",
    "partner_province": "四川省",
    "period_end": "2022-08",
}


def test_the_value_of_a_heading_that_is_a_label_stands_below_it() -> None:
    stated(found(word(*(line for pair in HEADED for line in pair))), **STATED)
    lines = [(0.1, 0.1 + 0.05 * i + 0.025 * j, line) for i, pair in enumerate(HEADED) for j, line in enumerate(pair)]
    stated(found(scan(*lines)), **STATED)


def test_headings_one_below_the_other_are_not_filled_in() -> None:
    for blocks in (("1．项目名称", "2．申报学会", "3．预算"), ("项目名称", "申报学会", "一、结对单位", "二、经费")):
        fields = {field.id: field.state for field in find(word(*blocks), FORM)}
        assert (fields["project_name"], fields["applicant"]) == (FieldState.BLANK, FieldState.BLANK)
    lines = scan((0.1, 0.1, "1．项目名称"), (0.1, 0.13, "2．申报学会"), (0.1, 0.16, "3．预算说明"))
    fields = {field.id: field.state for field in find(lines, FORM)}
    assert (fields["project_name"], fields["applicant"]) == (FieldState.BLANK, FieldState.BLANK)


def test_a_table_in_a_cell_is_about_what_stands_beside_the_cell() -> None:
    def inner(row: int, *rows: tuple[str, str]) -> Table:
        path = f"table 1 / row {row} / cell 2 / table 1"
        return replace(table(*rows), place=Place(path=path))

    outer = table(["申报单位情况", ""], ["结对单位", ""], ["带动省级学会", "山东园艺学会"])
    values = found(
        word(
            outer,
            inner(1, ("单位名称", "中国园艺学会"), ("联系人", "杜永臣")),
            inner(2, ("名称", "寿光市科学技术协会"), ("联系人", "孙大伟")),
        )
    )
    stated(values, applicant="中国园艺学会", partner="寿光市科学技术协会", contact_name="杜永臣")


def test_a_label_that_fell_out_of_its_table_and_a_title_like_a_label_are_no_blanks() -> None:
    cells = tuple(
        Cell((Line(text, Place(1, Box(0.3, top, 0.6, top + 0.02)), source=Source.OCR),), row, 0, Place(1))
        for row, (text, top) in enumerate((("粪污处理技术下乡", 0.2), ("王伟", 0.23)))
    )
    outline = Place(1, Box(0.1, 0.19, 0.9, 0.3))
    lines = scan((0.4, 0.1, "项目申报书"), (0.12, 0.2, "项目名称"))
    document = replace(lines, blocks=(*lines.blocks, Table(cells, outline)))
    states = {field.id: field.state for field in find(document, FORM)}
    assert (states["project_name"], states["leader_name"]) == (FieldState.ABSENT, FieldState.ABSENT)


def test_a_surname_set_apart_by_wide_blanks() -> None:
    assert found(word(table(["项目负责人", "胡  振东"])))["leader_name"] == "胡振东"


def test_labels_above_their_values_and_labels_of_their_own_inside_cells() -> None:
    values = found(
        word(
            table(
                ["项目名称\n竹产业提质科技服务", "申报单位名称\n浙江省林学会"],
                ["负责人\n江 波", "负责人手机\n13805711001"],
            )
        )
    )
    stated(
        values,
        project_name="竹产业提质科技服务",
        applicant="浙江省林学会",
        leader_name="江波",
        leader_phone="13805711001",
    )
    values = found(
        word(
            table(
                ["申报\n单位", "名称：河南省水利学会\n类别：省级学会"],
                ["项目", "名称：节水灌溉技术推广"],
                ["负责人", "姓名：王铁虎    职称：教高\n电话：13607680001"],
                ["联系人", "姓名：刘畅\n电话：0371-65571000"],
            )
        )
    )
    stated(
        values,
        applicant="河南省水利学会",
        applicant_type="provincial",
        project_name="节水灌溉技术推广",
        leader_name="王铁虎",
        leader_title="教高",
        leader_phone="13607680001",
        contact_name="刘畅",
        contact_phone="0371-65571000",
    )


def test_values_in_frames_behind_their_labels() -> None:
    stated(
        found(
            word(
                "项目名称【设施蔬菜病害防治】",
                "负责人【傅俊范】 职称【教授】 电话【13940001212】",
                "申请经费【12万元】",
            )
        ),
        project_name="设施蔬菜病害防治",
        leader_name="傅俊范",
        leader_title="教授",
        leader_phone="13940001212",
        requested_amount="120000",
    )
    blank = {field.id: field.state for field in find(word("项目名称【】", "申请经费【  】"), FORM)}
    assert (blank["project_name"], blank["requested_amount"]) == (FieldState.BLANK, FieldState.BLANK)


def test_labels_that_a_single_blank_parts_from_their_values() -> None:
    stated(
        found(word("填报日期 2021年8月30日", "联系人 钟杰 电话 0731-84618163", "项目 负责人 由学会选派")),
        filled_on="2021-08-30",
        contact_name="钟杰",
        contact_phone="0731-84618163",
    )
    assert "leader_name" not in found(word("项目的 负责人 由学会选派"))


def test_all_of_a_contact_in_one_cell_and_who_signs_the_opinion_is_none() -> None:
    stated(
        found(
            word(
                "项目申报书",
                table(
                    ["负责人及联系方式", "汪亮，13507171462"],
                    ["联系人及联系方式", "邓小丽 13995598214 dengxl@hbfish.cn"],
                    [("推荐单位意见", 1, 1), ("同意推荐。\n经办人：王建军\n（公章）\n2021年8月31日", 1, 1)],
                ),
            )
        ),
        leader_name="汪亮",
        leader_phone="13507171462",
        contact_name="邓小丽",
        contact_phone="13995598214",
        contact_email="dengxl@hbfish.cn",
    )
    two = table(
        [("项目负责人", 2, 1), ("项目联系人", 2, 1)],
        ["姓名", "欧阳倩", "姓名", "蒋涛"],
        ["手机", "18683506127", "电话", "028-85501240"],
        ["省级科协科普部意见", ("同意推荐。\n经办人：王建军\n（公章）\n2021年8月31日", 3, 1)],
    )
    stated(found(word("项目申报书", two)), leader_name="欧阳倩", contact_name="蒋涛", contact_phone="028-85501240")


def test_what_a_cover_states_beneath_a_black_seal_or_doubtfully_is_taken_from_inside() -> None:
    def paper(sure: float) -> Document:
        return scan(
            (0.3, 0.1, "项目申报书"), (0.2, 0.2, "申报单位：浙江省利学会", sure), (0.1, 0.5, "一、基本情况"),
            (0.2, 0.6, "申报单位名称：浙江省水利学会"),
        )  # fmt: skip

    seal = Seal(SealShape.ROUND, SealColour.BLACK, "", Place(1, Box(0.3, 0.15, 0.5, 0.3)))
    assert found(paper(0.99))["applicant"] == "浙江省利学会"
    assert found(paper(0.7))["applicant"] == "浙江省水利学会"
    assert found(replace(paper(0.99), seals=(seal,)))["applicant"] == "浙江省水利学会"
    red = replace(seal, colour=SealColour.RED)
    assert found(replace(paper(0.99), seals=(red,)))["applicant"] == "浙江省利学会"


def test_numbered_items_in_frames_end_where_their_frame_does() -> None:
    lines = (
        "1 申请单位",
        "1.1 单位全称【四川省地质学会】",
        "1.2 组织机构代码【51510000502155988C】",
        "1.3联络人【罗宗富】电话【028-83153869】",
        "2 项目",
        "2.1 项目名称【群测群防培训】",
        "2.2主持人【欧阳渊】职称【高级工程师】手机【1380577264】",
        "2.4申请资助经费【76500元】自筹资金【8500元】",
        "4 主要任务",
        "面向农户开办实用技术培训。",
        "5 绩效目标",
    )
    document = scan(*((0.1, 0.1 + 0.025 * number, text) for number, text in enumerate(lines)))
    stated(
        found(document),
        applicant="四川省地质学会",
        contact_name="罗宗富",
        contact_phone="028-83153869",
        project_name="群测群防培训",
        leader_name="欧阳渊",
        requested_amount="76500",
        self_funded_amount="8500",
        content="面向农户开办实用技术培训。",
    )
    assert "leader_phone" not in found(document), "1380577264 does not go on with the next item's number"


def test_leaders_between_labels_and_values() -> None:
    stated(
        found(
            scan(
                (0.1, 0.2, "项目名称……"),
                (0.4, 0.2, "……建瓯锥栗低产林改造"),
                (0.1, 0.24, "负责人手机号…………13857851350"),
                (0.1, 0.28, "结对县级科协···········建瓯市科学技术协会"),
                (0.1, 0.32, "壹、实施方案"),
                (0.1, 0.36, "入户指导。"),
                (0.1, 0.40, "贰、绩效目标"),
            )
        ),
        project_name="建瓯锥栗低产林改造",
        leader_phone="13857851350",
        partner="建瓯市科学技术协会",
        content="入户指导。",
    )


def test_a_label_that_a_line_broke_and_one_with_a_note_behind_its_value() -> None:
    stated(
        found(
            scan(
                (0.1, 0.2, "一、申请学会全称：陕西省果树学会统一社会信用代"),
                (0.1, 0.225, "码：51610000504541023A"),
                (0.1, 0.25, "四、项目负责人：高华职务（职称）：教授"),
            )
        ),
        applicant="陕西省果树学会",
        credit_code="51610000504541023A",
        leader_name="高华",
        leader_title="教授",
    )


def test_values_of_columns_without_rules_go_on_in_the_next_row() -> None:
    document = recognised(
        (0.1, 0.2, "项目名称"),
        (0.24, 0.2, "涞源谷子绿色轻简栽培示范"),
        (0.50, 0.2, "申报单位"),
        (0.63, 0.2, "河北省农学会"),
        (0.24, 0.225, "巡讲"),
        (0.1, 0.26, "项目周期"),
        (0.24, 0.26, "2021年9月17日至2022年7月"),
        (0.60, 0.26, "填报日期"),
        (0.72, 0.26, "2021.8.26"),
        (0.24, 0.285, "17日"),
        (0.1, 0.32, "申请经费：人民币贰拾万元整"),
        (0.6, 0.32, "单位配套：人民币陆万元整"),
        (0.2, 0.345, "（¥200,000.00）"),
        (0.7, 0.345, "（¥60,000.00）"),
    )
    stated(
        found(document),
        project_name="涞源谷子绿色轻简栽培示范巡讲",
        applicant="河北省农学会",
        period_end="2022-07-17",
        filled_on="2021-08-26",
        requested_amount="200000",
        self_funded_amount="60000",
    )


def test_the_note_on_a_names_length_is_no_part_of_it() -> None:
    document = word("项目申报书", table(["项目名称", "屏南山村老年护理志愿服务\n（不超过30字）"]))
    assert found(document)["project_name"] == "屏南山村老年护理志愿服务"


def test_english_beside_chinese_in_sections_columns_and_units() -> None:
    blocks = (
        "项目申请表",
        table(["服务内容\nActivities", "入户指导。"], ["预期成果\nOutcome", "培训农民900人次。"]),
        "经费预算 Budget（万元 / 10,000 yuan）",
        table(
            ["序号\nNo.", "支出科目\nItem", "金额\nAmount"],
            ["1", "讲课费", "3.79"],
            ["2", "交通费", "6.88"],
            ["", "总计 Total", "10.67"],
        ),
    )
    stated(found(word(*blocks)), content="入户指导。", outcome="培训农民900人次。", budget_total="106700")
    assert [row[1] for row in rows(*blocks, id="budget_items")] == ["37900", "68800"]


def test_what_the_form_asks_below_the_total_is_no_item_of_the_budget() -> None:
    table_ = table(
        ["序号", "支出内容", "金额（元）", "测算依据"],
        ["1", "培训费", "24,000", "据实"],
        ["2", "差旅费", "9,000", "据实"],
        [("合计", 2, 1), "33,000", ""],
        [("申请支持经费", 2, 1), ("33000元", 2, 1)],
        [("自筹经费", 2, 1), ("20000元", 2, 1)],
    )
    assert [row[:2] for row in rows(table_, id="budget_items")] == [("培训费", "24000"), ("差旅费", "9000")]
    stated(found(word(table_)), requested_amount="33000", self_funded_amount="20000", budget_total="33000")


def test_an_address_in_brackets_is_no_note_of_its_label() -> None:
    def cell(text: str, row: int, column: int, span: int = 1) -> Cell:
        box = Box(0.1 + 0.2 * column, 0.1 + 0.05 * row, 0.1 + 0.2 * (column + span), 0.15 + 0.05 * row)
        return Cell((Line(text, Place(1, box), 0.98, source=Source.OCR),), row, column, Place(1, box), 1, span)

    cells = (
        cell("项目负责人", 0, 0, 2),
        cell("姓名", 1, 0),
        cell("查勇", 1, 1),
        cell("邮箱", 2, 0),
        cell("(cy@hbfish.org)", 2, 1),
        cell("项目联系人", 3, 0, 2),
        cell("姓名", 4, 0),
        cell("易珊", 4, 1),
    )
    document = Document("png", blocks=(Table(cells, Place(1, Box(0.1, 0.1, 0.5, 0.35))),))
    stated(found(document), leader_email="cy@hbfish.org", contact_name="易珊")


def test_the_rest_of_a_label_before_a_name_is_not_the_names() -> None:
    document = word(table(["结对县级科协", "立名称遂昌县科学技术协会"], ["申报单位", "吉林省中药学会盖章）"]))
    stated(found(document), partner="遂昌县科学技术协会", applicant="吉林省中药学会")


def test_the_title_of_a_table_and_its_headings_belong_to_no_section() -> None:
    activities = table(["时间", "活动内容", "人数"], ["10月", "启动仪式", "200"], ["3月", "现场指导", "300"])
    document = word(
        "项目实施内容",
        "组建科技志愿服务队，开展培训4场。",
        "活动安排",
        activities,
        "志愿者名单",
        table(["姓名"], ["凌霜"]),
    )
    stated(found(document), content="组建科技志愿服务队，开展培训4场。")


def test_the_column_that_says_whose_a_row_is_may_have_a_label_of_its_own() -> None:
    persons = table(
        ["类别", "姓名", "职务/职称", "手机（电话）", "电子邮箱"],
        ["负责人", "文丽萍", "秘书长", "13661188207", "wenlp@ipmchina.net"],
        ["联系人", "倪汉文", "科员", "010-62815913", "nihw@ipmchina.net"],
    )
    stated(
        found(word(persons)),
        leader_name="文丽萍",
        leader_title="秘书长",
        leader_phone="13661188207",
        leader_email="wenlp@ipmchina.net",
        contact_name="倪汉文",
        contact_phone="010-62815913",
        contact_email="nihw@ipmchina.net",
    )


def test_several_things_of_a_person_beside_one_label() -> None:
    document = word(
        "项目申报书",
        table(
            ["项目负责人", "张三，教授，手机13800138000，邮箱zs@b.cn"],
            ["联系人姓名及电话", "李四 010-62379323"],
        ),
    )
    wanted = {"leader_name": "张三", "leader_title": "教授", "leader_phone": "13800138000", "leader_email": "zs@b.cn"}
    stated(found(document), **wanted, contact_name="李四", contact_phone="010-62379323")
    document = word(
        "项目申报书",
        table(["项目负责人/联系电话", "张三/13800138000"], ["联系人/联系电话", "李四/010-62379323"]),
    )
    stated(found(document), leader_phone="13800138000", contact_name="李四", contact_phone="010-62379323")


def test_other_words_for_the_same_fields_and_columns() -> None:
    facts = table(
        ["科技志愿服务项目名称", "茶园绿色防控"],
        ["社会组织名称", "中国林学会"],
        ["项目带头人", "王伟"],
        ["联络员", "李四"],
        ["结对的县级科学技术协会", "安吉县科学技术协会"],
        ["项目起讫时间", "2021年9月至2022年8月"],
        ["拟申请中国科协经费", "3.3万元"],
        ["学会配套经费", "1万元"],
    )
    costs = table(
        ["经费支出科目", "经费数额/元", "资金用途"],
        ["培训费", "24000", "讲座"],
        ["差旅费", "9000", "下乡"],
        ["合计", "33000", ""],
    )
    stated(
        found(word("项目申报书", facts, costs)),
        project_name="茶园绿色防控",
        applicant="中国林学会",
        leader_name="王伟",
        contact_name="李四",
        partner="安吉县科学技术协会",
        period_start="2021-09",
        requested_amount="33000",
        self_funded_amount="10000",
        budget_total="33000",
    )
    assert [row[:2] for row in rows("项目申报书", costs, id="budget_items")] == [
        ("培训费", "24000"),
        ("差旅费", "9000"),
    ]


def test_what_only_says_that_it_is_as_above() -> None:
    values = found(
        word(
            "科技志愿服务活动项目申报书",
            table(
                ["项目名称", "项目名称：科技助农行动", "申报单位", "中国草学会"],
                ["项目负责人", "王 堃（教授）", "手机", "13800138001"],
                ["联系人", "同上", "手机", "同上"],
                ["推荐单位", "同上", "结对单位", "沽源县科学技术协会"],
            ),
        )
    )
    stated(values, project_name="科技助农行动", contact_name="王堃", contact_phone="13800138001")
    assert "recommender" not in values  # no body is another one


def test_a_label_in_front_of_a_name_is_no_part_of_what_is_stated() -> None:
    form = word("项目申报书", table(["结对单位", "单位名称：沽源县科学技术协会"]))
    partner = next(field for field in find(form, FORM) if field.id == "partner")
    assert partner.value == partner.raw == "沽源县科学技术协会"  # the raw text is asked for its province


def test_a_spine_beside_several_rows_does_not_part_a_person_from_the_next_row() -> None:
    values = found(
        word(
            "科技志愿服务活动项目申报书",
            table(
                [("申报单位", 1, 4), "单位全称", ("中国草学会", 3, 1)],
                ["项目负责人", "王堃", "职称", "教授"],
                ["手机", "13800138001", "邮箱", "wang@cau.edu.cn"],
                ["联系人", "刘芳菲", "手机", "13900139002"],
                [("项目情况", 1, 2), "名称", ("科技助农行动", 3, 1)],
                ["起止日期", ("2021年9月至2022年6月", 3, 1)],
            ),
        )
    )
    stated(values, leader_phone="13800138001", leader_email="wang@cau.edu.cn", contact_phone="13900139002")
    stated(values, applicant="中国草学会", project_name="科技助农行动")


def test_a_person_beside_headings_and_the_row_below_them() -> None:
    values = found(
        word(
            "科技志愿服务活动项目申报书",
            table(
                ["承担单位", ("中国草学会", 4, 1)],
                [("负责人", 1, 2), "姓名", "性别", "职称", "联系电话"],
                ["唐军", "男", "教授", "13800138001"],
                [("联系人", 1, 2), "姓名", "性别", "职务", "联系电话"],
                ["龙怀", "女", "干事", "13900139002"],
            ),
        )
    )
    stated(values, leader_name="唐军", leader_title="教授", leader_phone="13800138001")
    stated(values, contact_name="龙怀", contact_phone="13900139002")


def test_labels_with_a_line_in_another_language_below() -> None:
    values = found(
        word(
            "科技志愿服务活动项目申报表",
            table(
                ["申报单位\nApplicant", "中国草学会", "联系人\nContact", "刘静（办公室）"],
                ["电子邮箱\nE-mail", "liu@163.com", "电话/手机\nTel/Mobile", "010-62733333/13900139002"],
            ),
        )
    )
    stated(
        values, applicant="中国草学会", contact_name="刘静", contact_email="liu@163.com", contact_phone="13900139002"
    )


def test_a_forms_title_is_no_label_though_it_is_near_one() -> None:
    cover = [(0.4, 0.1, "项目申报书"), (0.41, 0.13, "“智惠行动”"), (0.1, 0.3, "申报单位：中国草学会")]
    field = next(f for f in find(scan(*cover), FORM) if f.id == "leader_name")
    assert field.state is FieldState.ABSENT  # 项目申报人 is one


def test_a_dash_that_was_overlooked_between_two_months_and_the_number_before_a_label() -> None:
    values = found(scan((0.1, 0.1, "项目申报书"), (0.1, 0.2, "开展时间：2021.92022.7 经费申请：165000元")))
    stated(values, period_start="2021-09", period_end="2022-07", requested_amount="165000")


def test_the_sum_of_its_sources_is_a_rows_amount() -> None:
    form = word(
        "项目申请书",
        table(
            ["支出科目", "申请经费", "自筹经费", "小计"],
            ["培训费", "8000", "4000", "12000"],
            ["差旅费", "20000", "1000", "21000"],
            ["合计", "28000", "5000", "33000"],
        ),
    )
    assert rows(*form.blocks, id="budget_items") == (("培训费", "12000"), ("差旅费", "21000"))
    stated(found(form), requested_amount="28000", self_funded_amount="5000", total_budget="33000")


def test_a_name_in_the_cell_of_the_telephone_number() -> None:
    row = ["联系人", "", "手机", "刘芳菲 13900139002"]
    stated(found(word("项目申报书", table(["负责人", "王堃", "手机", "13800138001"], row))), contact_name="刘芳菲")
    row = ["联系人", "刘芳菲", "手机", "13900139002（王强）"]
    stated(found(word("项目申报书", table(["负责人", "王堃", "手机", "13800138001"], row))), contact_name="刘芳菲")


def test_hints_that_were_left_in_front_of_what_is_filled_in() -> None:
    values = found(
        word(
            "项目申报书",
            table(
                ["项目名称", "（30字以内）科技助农"],
                ["申报单位", "（请填写全称）中国草学会"],
                ["结对单位", "（县级科协全称）沽源县科学技术协会"],
                ["申请经费", "（不超过20万元）198000元"],
                ["起止时间", "（不超过2022年8月）2021年9月至2022年6月"],
            ),
        )
    )
    stated(values, project_name="科技助农", applicant="中国草学会", partner="沽源县科学技术协会")
    stated(values, requested_amount="198000", period_start="2021-09", period_end="2022-06")


def test_of_several_bodies_the_first_counts() -> None:
    both = "1.沽源县科学技术协会\n2.张北县科学技术协会"
    row = ["申报单位", "中国草学会（牵头）、中国林学会（参与）", "结对单位", both]
    stated(found(word("项目申报书", table(row))), applicant="中国草学会", partner="沽源县科学技术协会")
    broken = "阿鲁科尔沁旗科学技术\n协会"  # one name, over a line's end
    stated(found(word("项目申报书", table(["结对单位", broken]))), partner="阿鲁科尔沁旗科学技术协会")


def test_cells_that_hold_a_colon_and_no_more() -> None:
    form = table(["项目名称", "：", "科技助农"], ["申报单位", ":", "中国草学会"])
    stated(found(word("项目申报书", form)), project_name="科技助农", applicant="中国草学会")


def test_a_tables_unit_holds_for_prices_too_and_a_groups_for_its_amounts() -> None:
    head, items = ["支出内容", "单价", "数量", "金额"], ["培训费", "0.5", "10", "5"]
    form = ["经费预算（单位：万元）", table(head, items, ["合计", "", "", "5"])]
    assert rows(*form, id="budget_items")[0][1:] == ("50000", "10", "5000")
    amounts = table(["经费（万元）", "申请经费", "20", "自筹经费", "5"])
    stated(found(word("项目申报书", amounts)), requested_amount="200000", self_funded_amount="50000")


def test_rows_of_labels_above_rows_of_values_without_rules() -> None:
    form = scan(
        (0.4, 0.05, "项目申报书"),
        (0.1, 0.1, "申报单位名称"), (0.5, 0.1, "申请经费（元）"),
        (0.1, 0.125, "中国草学会"), (0.5, 0.125, "165000.00"),
        (0.1, 0.2, "一、负责人"),
        (0.1, 0.25, "姓名"), (0.5, 0.25, "手机"),
        (0.1, 0.275, "王堃"), (0.5, 0.275, "13800138001"),
        (0.1, 0.35, "二、联系人"),
        (0.1, 0.4, "姓名"), (0.5, 0.4, "手机"),
        (0.1, 0.425, "刘芳菲"), (0.5, 0.425, "13900139002"),
    )  # fmt: skip
    values = found(form)
    stated(values, applicant="中国草学会", requested_amount="165000", leader_name="王堃", leader_phone="13800138001")
    stated(values, contact_name="刘芳菲", contact_phone="13900139002")


def test_what_says_that_it_is_as_beside_another_label_is_no_label() -> None:
    persons = table(
        ["负责人", "王堃", "电话", "13800138001"],
        ["联系人", "同负责人", "电话", "同上"],
        ["结对单位", "沽源县科学技术协会", "联系人", "赵铁柱"],
    )
    stated(found(word("项目申报书", persons)), contact_name="王堃", contact_phone="13800138001")
    bracketed = table(["项目负责人", "王堃", "联系人", "——（同项目负责人）"])
    stated(found(word("项目申报书", bracketed)), contact_name="王堃")


def test_values_below_their_labels_in_one_cell_and_persons_in_columns() -> None:
    cells = table(
        ["申报单位名称：\n中国草学会", "项目名称：\n草原科技下乡"],
        ["项目负责人：\n王堃", "联系人：\n刘芳菲"],
        ["手机：\n13800138001", "手机：\n13900139002"],
        ["邮箱：\nwangkun@cau.edu.cn", "邮箱：\nliuff@163.com"],
    )
    values = found(word("项目申报书", cells))
    stated(values, applicant="中国草学会", project_name="草原科技下乡", leader_name="王堃", contact_name="刘芳菲")
    stated(values, leader_phone="13800138001", contact_phone="13900139002")
    stated(values, leader_email="wangkun@cau.edu.cn", contact_email="liuff@163.com")


def test_a_blank_in_a_cell_is_none_of_the_next_labels() -> None:
    form = word("项目申报书", table(["项目名称：\n申报单位：中国草学会"], ["联系人：\n"]))
    stated(found(form), applicant="中国草学会", project_name=None, contact_name=None)  # type: ignore[arg-type]


def test_amounts_with_labels_of_their_own_have_the_unit_of_the_label_beside() -> None:
    row = ["经费（万元）", "申请：9.6　自筹：2.4　合计：12"]
    stated(found(word("项目申报书", table(row))), requested_amount="96000", self_funded_amount="24000")
    said = found(word("项目申报书", "经费：申请190000元，自筹20000元，合计210000元"))
    stated(said, requested_amount="190000", self_funded_amount="20000")


def test_a_value_that_its_cell_had_no_room_for_goes_on_below() -> None:
    place = Place(1, Box(0.5, 0.2, 0.62, 0.26))
    lines = tuple(
        Line(text, Place(1, Box(0.5, top, 0.5 + 0.02 * len(text), top + 0.02)), 0.98, source=Source.OCR)
        for text, top in (("职务：副秘", 0.2), ("书长", 0.22))
    )
    first = Line("负责人", Place(1, Box(0.1, 0.2, 0.16, 0.22)), 0.98, source=Source.OCR)
    left = Place(1, Box(0.1, 0.2, 0.5, 0.26))

    def titled(place: Place) -> str | None:
        cells = (Cell((first,), 0, 0, left), Cell(lines, 0, 1, place))
        document = Document("png", blocks=(Table(cells, Place(1, Box(0.1, 0.2, 0.9, 0.26))),))
        return found(document).get("leader_title")

    assert titled(place) == "副秘书长"
    assert titled(Place(1, Box(0.5, 0.2, 0.9, 0.26))) == "副秘", "there was room"


def test_labels_set_as_wide_as_those_around_them() -> None:
    cover = (
        "科技志愿服务项目申报书",
        "项 目 负 责 人　　王堃",
        "联　　系　　人　　刘芳菲",
        "联　系　电　话　　13900139002",
    )
    values = found(word(*cover))
    stated(values, leader_name="王堃", contact_name="刘芳菲", contact_phone="13900139002")
    words = [Word(text, Box(0.1 + 0.06 * at, 0.2, 0.12 + 0.06 * at, 0.22), 0.98) for at, text in enumerate("项目名称")]
    value = Word("草原科技下乡", Box(0.4, 0.2, 0.52, 0.22), 0.98)
    line = Line(
        "项 目 名 称  草原科技下乡", Place(1, Box(0.1, 0.2, 0.52, 0.22)), 0.98, (*words, value), source=Source.OCR
    )
    stated(found(Document("png", blocks=(line,))), project_name="草原科技下乡")


def test_the_projects_own_leader_may_be_asked_to_sign_beside_the_name() -> None:
    stated(found(word("项目申报书", table(["项目负责人（签字）：", "王堃"]))), leader_name="王堃")
    stated(found(word("项目申报书", table(["负责人（签字）：", "王堃"]))), leader_name=None)  # type: ignore[arg-type]


def test_a_person_in_a_sentence_below_a_heading() -> None:
    lines = ("项目申报书", "一、项目负责人及联系方式", "项目负责人为王堃，副会长，电话：13800138001。")
    stated(found(word(*lines)), leader_name="王堃", leader_phone="13800138001")


def test_names_and_dates_that_narrow_cells_broke() -> None:
    form = table(["项目负责人", "长孙\n无忌"], ["联系人", "王晓\n明"], ["申报单位意见", "同意\n2021年8月29\n日"])
    stated(found(word("项目申报书", form)), leader_name="长孙无忌", contact_name="王晓明")
    (opinion,) = find_slots(word("项目申报书", form), FORM)
    assert opinion.date == "2021-08-29"
    two = table(["项目负责人", "张三\n李四"])
    stated(found(word("项目申报书", two)), leader_name="张三")


def test_a_persons_name_and_number_behind_a_body() -> None:
    form = table(["结对单位及联系人", "沽源县科学技术协会　赵铁柱　0313-5812345"])
    stated(found(word("项目申报书", form)), partner="沽源县科学技术协会")


def test_whom_to_ask_at_the_partner_is_not_the_projects_contact() -> None:
    form = table(
        ["对接县科协", "沽源县科协（联系人：赵铁柱 0313-5812345）"],
        ["日常联系人", "刘芳菲 010-62733333"],
    )
    stated(found(word("项目申报书", form)), contact_name="刘芳菲", contact_phone="010-62733333")


def test_a_title_whose_labels_share_cells_with_their_values_says_whose_they_are() -> None:
    form = table(
        [("申报单位\n信息", 1, 3), "单位全称：\n中国草学会", "单位类别：\n全国学会"],
        ["项目负责人：\n王堃", "项目联系人：\n刘芳菲"],
        ["联系电话：\n13800138001", "联系电话：\n13900139002"],
        ["结对单位\n信息", "单位全称：\n沽源县科学技术协会", "联系电话：\n0313-5812345"],
    )
    values = found(word("项目申报书", form))
    stated(values, applicant="中国草学会", partner="沽源县科学技术协会")
    stated(values, leader_phone="13800138001", contact_phone="13900139002")


def test_of_several_amounts_in_a_value_the_one_that_is_asked_for_counts() -> None:
    row = ["经费需求", "共12万元，其中申请10万元，自筹2万元"]
    stated(found(word("项目申报书", table(row))), requested_amount="100000")


def test_a_label_at_a_lines_end_in_a_cell_has_its_value_below() -> None:
    form = table(["负责人：王堃　电话：010-62733333　邮箱：\nwangkun@cau.edu.cn"])
    stated(found(word("项目申报书", form)), leader_email="wangkun@cau.edu.cn")
