"""Letters: what stands where."""

from dataclasses import replace

import pytest

from extractors.document import Box, FieldState, Line, Place, Table
from extractors.forms.letter import read_letter
from tests.extractors.forms.build import LETTER, field, found, scan, table, word

LINES = (
    "中国林学会文件",
    "中林函〔2021〕12号",
    "中国林学会关于商请共同开展",
    "科技志愿服务活动的函",
    "安吉县科学技术协会：",
    "为贯彻落实《关于组织实施科技志愿服务“智惠行动”的通知》（科协发普字〔2020〕10号），结合“我为群众办实事”实践活动，"
    "我会拟申报“智惠行动·百会百县乡村行”系列科技志愿服务活动项目，商请贵单位共同开展“科技助农进安吉”活动。",
    "请于2021年8月31日前函复我会。",
    "特此函商，请予支持为盼。",
    "（联系人：张三，电话：010-62379323）",
    "中国林学会（盖章）",
    "2021年8月26日",
)
SLIP = (
    "回　　执",
    "中国林学会：",
    "我单位同意结对。",
    "联系人：赵六 电话：0572-5123456",
    "安吉县科学技术协会（盖章）",
    "2021年8月30日",
)
PARTS = {
    "title": "中国林学会关于商请共同开展科技志愿服务活动的函",
    "document_number": "中林函〔2021〕12号",
    "addressee": "安吉县科学技术协会",
    "sender": "中国林学会",
    "issued_on": "2021-08-26",
    "activity_name": "科技助农进安吉",
    "contact_name": "张三",
    "contact_phone": "010-62379323",
    "reply_by": "2021-08-31",
}


def test_a_letter_without_a_reply_slip() -> None:
    document = word(*LINES)
    assert found(document, LETTER) == PARTS
    assert field(document, "replied_on", LETTER).state is FieldState.ABSENT


def test_a_letter_with_a_reply_slip() -> None:
    assert found(word(*LINES, *SLIP), LETTER) == PARTS | {"replied_on": "2021-08-30"}


def test_a_reply_slip_that_is_not_filled_in() -> None:
    document = word(*LINES, *SLIP[:-1], "    年  月  日")
    assert found(document, LETTER) == PARTS
    assert field(document, "replied_on", LETTER).state is FieldState.BLANK


def test_a_date_whose_numbers_were_not_read_is_unclear_and_not_blank() -> None:
    document = word(*LINES[:-1], "2021年\ufffd月26日", *SLIP[:-1], "2021年\ufffd月\ufffd日")
    assert field(document, "issued_on", LETTER).state is FieldState.UNCLEAR
    assert field(document, "replied_on", LETTER).state is FieldState.UNCLEAR


def test_the_date_of_a_consent_is_not_the_letters_where_that_one_is_illegible() -> None:
    consent = ("结对县级科协意见：", "来函收悉。经研究，我单位同意与贵会结对。", "安吉县科学技术协会", "2021年8月30日")
    assert found(word(*LINES, *consent), LETTER) == PARTS | {"replied_on": "2021-08-30"}
    blurred = word(*LINES[:-1], "一年八月二十", *consent)
    assert field(blurred, "issued_on", LETTER).state is FieldState.ABSENT
    assert field(blurred, "replied_on", LETTER).value == "2021-08-30"


def test_a_letter_that_nobody_dated() -> None:
    document = word(*LINES[:-1], "2021年  月  日")
    assert field(document, "issued_on", LETTER).state is FieldState.BLANK
    assert found(document, LETTER)["sender"] == "中国林学会"


@pytest.mark.parametrize(
    "written",
    [
        "中林函〔2021〕12号",
        "中林函【2021】12号",
        "中林函[2021]12号",
        "中林函（2021）第12号",
        "文号：中林函 〔2O21〕 l2 号",
    ],
)
def test_document_numbers_in_every_bracket(written: str) -> None:
    assert found(word(written, *LINES[2:]), LETTER)["document_number"] == "中林函〔2021〕12号"


def test_the_number_of_a_paper_quoted_in_the_body_is_not_the_letters() -> None:
    assert field(word(*LINES[2:]), "document_number", LETTER).state is FieldState.ABSENT


def test_a_scanned_letter_with_its_contact_on_two_lines() -> None:
    document = scan(
        (0.25, 0.08, "关于商请共同开展科技志愿服务活动的函"),
        (0.1, 0.14, "阜平县科学技术协会："),
        (0.14, 0.18, "为助力乡村振兴，我会拟在贵县实施“送医下乡”"),
        (0.1, 0.21, "科技志愿服务项目，请予支持。"),
        (0.14, 0.25, "请于9月3日前函复。"),
        (0.14, 0.29, "联系人：李四"),
        (0.14, 0.32, "联系电话：138 0013 8000"),
        (0.6, 0.40, "中华医学会"),
        (0.6, 0.43, "二〇二一年八月二十六日"),
    )
    assert found(document, LETTER) == {
        "title": "关于商请共同开展科技志愿服务活动的函",
        "addressee": "阜平县科学技术协会",
        "sender": "中华医学会",
        "issued_on": "2021-08-26",
        "activity_name": "送医下乡",
        "contact_name": "李四",
        "contact_phone": "13800138000",
        "reply_by": "2021-09-03",
    }


def test_a_signature_that_cannot_be_read_is_taken_from_the_title_with_less_confidence() -> None:
    document = scan(
        (0.2, 0.1, "中国林学会关于商请共同开展活动的函"), (0.1, 0.2, "安吉县科协："), (0.6, 0.4, "2021年8月26日")
    )
    sender = field(document, "sender", LETTER)
    assert sender.value == "中国林学会"
    assert sender.confidence < 0.9


def test_the_reply_s_signature_is_not_the_sender_where_the_letter_s_own_cannot_be_read() -> None:
    lines = ((0.1, 0.2, "安吉县科学技术协会："), (0.6, 0.6, "安吉县科学技术协会"), (0.6, 0.64, "2021年8月26日"))
    assert "sender" not in found(scan(*lines), LETTER)


def test_the_reply_s_signature_read_with_a_slip_is_not_the_sender_either() -> None:
    title = (0.2, 0.1, "中国林学会关于商请共同开展活动的函")
    lines = ((0.1, 0.2, "泌阳县科学技术协会："), (0.6, 0.6, "必阳县科学技术协会"), (0.6, 0.64, "2021年8月26日"))
    assert field(scan(title, *lines), "sender", LETTER).value == "中国林学会"


def test_a_headed_reply_begins_where_neither_date_was_read() -> None:
    lines = (
        (0.2, 0.1, "中国林学会关于商请共同开展活动的函"),
        (0.1, 0.2, "德江县科学技术协会："),
        (0.1, 0.3, "特此函商，请予支持为盼。"),
        (0.6, 0.5, "林学袋"),
        (0.6, 0.54, "021年27日"),
        (0.1, 0.6, "结对县级科协意见："),
        (0.1, 0.64, "来函收悉，同意结对开展活动。"),
        (0.6, 0.7, "江县和学技策协会"),
        (0.6, 0.74, "20年8月90"),
    )
    sender = field(scan(*lines), "sender", LETTER)
    assert (sender.value, sender.raw) == ("中国林学会", "中国林学会")
    assert sender.confidence < 0.9


@pytest.mark.parametrize(
    ("reply", "replied_on"),
    [
        (("寿宁县科协意见：同意。", "安吉县科学技术协会", "2021年8月30日"), "2021-08-30"),
        (("安吉县科协意见：", "同意。", "安吉县科学技术协会", "2021年8月30日"), "2021-08-30"),
        (("县级科协意见（盖章）：同意。    2021年9月1日",), "2021-09-01"),
    ],
)
def test_a_reply_in_the_line_of_its_heading(reply: tuple[str, ...], replied_on: str) -> None:
    assert found(word(*LINES, *reply), LETTER) == PARTS | {"replied_on": replied_on}


def test_an_addressee_behind_a_preposition_without_a_colon() -> None:
    lines = [line.replace("安吉县科学技术协会：", "致：安吉县科学技术协会") for line in LINES]
    assert found(word(*lines), LETTER) == PARTS


@pytest.mark.parametrize(
    "body",
    [
        "我会拟申报“智惠行动·百会百县乡村行”系列项目中的“茶园绿色防控”，恳请贵会共同参与。",
        "我会拟申请实施“茶园绿色防控”项目。恳请贵会协助我会开展“进村、进校、进企”活动。",
    ],
)
def test_neither_the_campaign_nor_a_list_is_what_is_asked_for(body: str) -> None:
    lines = (*LINES[:5], body, *LINES[-2:])
    assert found(word(*lines), LETTER)["activity_name"] == "茶园绿色防控"


def test_an_annex_list_that_names_a_reply_slip_is_not_the_slip() -> None:
    lines = (*LINES[:-2], "附件：1.活动回执", "2.专家名单", *LINES[-2:])
    assert found(word(*lines), LETTER) == PARTS


def test_the_star_of_a_letterhead_is_no_part_of_the_title() -> None:
    assert found(word(LINES[0], LINES[1], "★", *LINES[2:]), LETTER) == PARTS


def test_a_date_to_reply_by_is_not_the_letters_date() -> None:
    lines = [line for line in LINES[:-1] if not line.startswith("（联系人")]
    assert field(word(*lines), "issued_on", LETTER).state is FieldState.ABSENT


@pytest.mark.parametrize(
    "written",
    [
        "2021牛8月26日",
        "2021.8:26",
        "21年8月26日",
        "021年8月26日",
        "2021年8月26首",
        "二一年八月二十六日",
        "三〇二一年八月二十六日",
        "〇二一年八月二十六日",
        "二一年八月二4六日",
    ],
)
def test_a_date_that_a_seal_made_hard_to_read_is_mended_and_less_sure(written: str) -> None:
    lines = [(0.1, 0.05 + 0.05 * i, line) for i, line in enumerate((*LINES[2:5], *LINES[6:-1], written))]
    date = field(scan(*lines), "issued_on", LETTER)
    assert date.value == "2021-08-26"
    assert date.confidence < 0.9


def test_a_signature_under_a_seal_is_the_sender_that_the_letterhead_names() -> None:
    head = [(0.1, 0.05 + 0.05 * i, line) for i, line in enumerate((LINES[0], *LINES[4:-2]))]
    title = (0.1, 0.08, "关于商请共同开展科技志愿服务活动的函")
    signed = [(0.6, 0.8, "中国休学会", 0.7), (0.6, 0.85, "2021年8月26日")]
    assert field(scan(head[0], title, *head[1:], *signed), "sender", LETTER).value == "中国林学会"


def test_a_signature_whose_beginning_a_seal_covers_is_the_sender_that_the_title_names() -> None:
    lines = [
        (0.1, 0.05 + 0.05 * i, line) for i, line in enumerate(("中国林学会关于商请共同开展活动的函", *LINES[4:-2]))
    ]
    for confidence in (0.7, 0.95):  # what is left of it may be read surely
        signed = [(0.7, 0.8, "林学会", confidence), (0.6, 0.85, "2021年8月26日")]
        assert field(scan(*lines, *signed), "sender", LETTER).value == "中国林学会"


def test_a_character_of_the_seal_before_the_signature_is_left_out() -> None:
    lines = [(0.1, 0.05 + 0.05 * i, line) for i, line in enumerate((*LINES[3:5], *LINES[6:8]))]
    document = scan(*lines, (0.6, 0.8, "索福建省蚕学会"), (0.6, 0.85, "2021年8月26日"))
    assert field(document, "sender", LETTER).value == "福建省蚕学会"


@pytest.mark.parametrize("fragments", ["省", "国"])
def test_pieces_of_the_seal_beside_the_signature_are_left_out(fragments: str) -> None:
    lines = [(0.1, 0.05 + 0.05 * i, line) for i, line in enumerate((*LINES[3:5], *LINES[6:8]))]
    document = scan(*lines, (0.5, 0.8, fragments), (0.6, 0.8, "中国林学会"), (0.6, 0.85, "2021年8月26日"))
    assert field(document, "sender", LETTER).value == "中国林学会"


def test_a_date_in_a_line_of_the_body_that_ends_like_a_name_is_not_the_letters_date() -> None:
    lines = (*LINES[2:5], "根据2021年6月10日常务理事会研究意见，本会拟与贵协会", "共同开展活动。")
    assert field(word(*lines), "issued_on", LETTER).state is FieldState.ABSENT


def test_the_rest_of_a_span_is_not_the_letters_date() -> None:
    lines = (*LINES[2:5], "服务期为2021年10", "月至2022年8月。", "特此函商。", "中国林学会")
    assert field(word(*lines), "issued_on", LETTER).state is FieldState.ABSENT


def test_a_date_whose_day_a_seal_covers_is_the_letters_and_unclear() -> None:
    """As a month it would pass for within a range that the day lies outside of."""
    lines = [(0.1, 0.05 + 0.05 * i, line) for i, line in enumerate((*LINES[2:5], *LINES[6:-1], "二一年七月日"))]
    date = field(scan(*lines), "issued_on", LETTER)
    assert (date.state, date.value, date.raw) == (FieldState.UNCLEAR, "", "二一年七月日")


def test_a_name_behind_its_label_without_quotation_marks() -> None:
    body = "我会拟申报中国科协2021年科技志愿服务项目，项目名称：茶园绿色防控。特商请贵单位与我会结为对子。"
    assert found(word(*LINES[:5], body, *LINES[-2:]), LETTER)["activity_name"] == "茶园绿色防控"
    body = body.replace("项目名称：茶园绿色防控。", "实施“茶园绿色防控”，项目名称以批复为准。")
    assert found(word(*LINES[:5], body, *LINES[-2:]), LETTER)["activity_name"] == "茶园绿色防控"


def test_a_reply_with_a_title_of_its_own_on_the_next_sheet() -> None:
    letter = [(0.1, 0.1 + 0.04 * number, text) for number, text in enumerate((*LINES[2:6], LINES[7]))]
    reply = (
        "安吉县科学技术协会",
        "关于同意结对开展科技志愿服务的复函",
        "中国林学会：",
        "同意与贵会结对。",
        "安吉县科学技术协会",
        "2021.8.30",
    )
    first = scan(*letter, (0.5, 0.6, "发函单位：中国林学会"), (0.5, 0.64, "日"), (0.55, 0.64, "期：2021.8.19"))
    second = scan(*((0.1, 0.1 + 0.04 * number, text) for number, text in enumerate(reply)))
    lines = (line for line in second.blocks if isinstance(line, Line))
    further = tuple(replace(line, place=replace(line.place, page=2)) for line in lines)
    values = found(replace(first, blocks=(*first.blocks, *further)), LETTER)
    assert (values["sender"], values["issued_on"], values["replied_on"]) == ("中国林学会", "2021-08-19", "2021-08-30")


def test_what_a_table_names_is_the_activity() -> None:
    facts = table(["项目名称", "洛川苹果老园改造"], ["实施单位", "中国林学会"])
    document = word(*LINES[2:5], "现就联合申报事宜，商请贵会支持。", facts, *LINES[7:])
    assert found(document, LETTER)["activity_name"] == "洛川苹果老园改造"


@pytest.mark.parametrize(
    "body",
    [
        ("一、活动名称：勐腊橡胶林下菌菇栽培夜校", "二、活动内容：技术培训。"),
        ("1.项目名称：勐腊橡胶林下菌菇栽培夜校", "2.实施时间：2021年9月。"),
        ("项目名称为：勐腊橡胶林下菌菇栽培夜校。请贵会同意作为结对单位，联合开展志愿服务。",),
    ],
)
def test_a_name_without_quotation_marks_ends_with_its_sentence_or_item(body: tuple[str, ...]) -> None:
    assert found(word(*LINES[2:5], *body, *LINES[7:]), LETTER)["activity_name"] == "勐腊橡胶林下菌菇栽培夜校"


def test_the_contact_in_a_reply_is_not_the_letters() -> None:
    document = word(
        *LINES[:8],
        "联系方式：张三 010-62379323",
        *LINES[9:],
        "回　函",
        "我会愿意结对。",
        "我会联系人：马文斌，电话：0917-7962355",
    )
    assert found(document, LETTER)["contact_name"] == "张三"


def test_the_call_that_is_named_before_the_announced_name_is_not_the_activity() -> None:
    body = (
        "中国科协启动“智惠行动·百会百县乡村行”系列科技志愿服务项目申报工作，现申报以下项目：",
        "项目名称：茶园绿色防控",
    )
    assert found(word(*LINES[:5], *body, *LINES[-2:]), LETTER)["activity_name"] == "茶园绿色防控"
    lines = [(0.1, 0.1 + 0.04 * number, text) for number, text in enumerate((*LINES[2:5], *body, "服务对象：茶农"))]
    assert found(scan(*lines), LETTER)["activity_name"] == "茶园绿色防控"


@pytest.mark.parametrize("quoted", ["《“茶乡问诊”提质增效服务》", "“《茶经》进万家”"])
def test_a_name_that_holds_a_quotation_is_whole(quoted: str) -> None:
    body = f"我会拟与贵会共同开展{quoted}科技志愿服务活动，请予支持。"
    assert found(word(*LINES[:5], body, *LINES[-2:]), LETTER)["activity_name"] == quoted[1:-1]


@pytest.mark.parametrize(
    "sentence",
    [
        "三、我会联系人张三，电话010-62379323，邮箱zhang@csf.org.cn。",
        "请贵会于8月31日前将意见反馈我会秘书处（张三，010-62379323）。",
    ],
)
def test_a_person_whom_a_sentence_names(sentence: str) -> None:
    document = word(*LINES[:6], sentence, *LINES[-2:], "回执", "联系人：孙立 电话：0874-3122580")
    values = found(document, LETTER)
    assert (values["contact_name"], values["contact_phone"]) == ("张三", "010-62379323")


def test_whom_the_reply_names_is_nobodys_contact() -> None:
    values = found(word(*LINES[:8], *LINES[-2:], *SLIP), LETTER)
    assert "contact_name" not in values
    assert "contact_phone" not in values


def test_a_reply_sent_by_itself_states_neither_sender_nor_date_of_a_letter() -> None:
    title = "关于同意共同开展科技志愿服务活动的复函"
    values = found(
        word("安吉县科学技术协会", "安科协函〔2021〕6号", title, "中国林学会：", "同意结对。", *SLIP[-2:]), LETTER
    )
    assert values["replied_on"] == "2021-08-30"
    assert not {"sender", "issued_on", "addressee"} & values.keys()


def test_the_line_that_says_when_a_letter_was_printed_is_not_its_signature() -> None:
    values = found(word(*LINES, "抄送：浙江省科学技术协会。", "中国林学会办公室 2021年8月27日印发"), LETTER)
    assert (values["sender"], values["issued_on"]) == ("中国林学会", "2021-08-26")


def test_a_number_that_its_label_had_no_room_for_begins_the_next_row() -> None:
    lines = [
        (0.1, 0.1 + 0.04 * number, text) for number, text in enumerate((*LINES[2:5], *["我会拟与贵会结对" * 5] * 3))
    ]
    contact = ((0.14, 0.4, "如无异议，请予盖章回复。联系人：张三" + "　" * 15 + "电话："), (0.1, 0.425, "010-62379323"))
    assert found(scan(*lines, *contact), LETTER)["contact_phone"] == "010-62379323"


def test_a_box_for_the_addressees_opinion_is_the_reply_though_only_a_date_stands_in_it() -> None:
    values = found(word(*LINES, table(["贵单位\n意　见", "（公章）\n2021年8月31日"])), LETTER)
    assert (values["sender"], values["issued_on"], values["replied_on"]) == ("中国林学会", "2021-08-26", "2021-08-31")


@pytest.mark.parametrize(
    "body",
    [
        "我会拟申报“智惠行动·百会百县乡村行”系列科技志愿服务项目“茶园绿色防控”，特商请贵会结对。",
        "我会拟与贵会共同承担“智惠行动”——“茶园绿色防控”项目。",
        "为推进“乡村振兴”战略，我会设计了“茶园绿色防控”活动方案，请贵会支持。",
        "上述项目（项目名称：茶园绿色防控）的实施，需要贵会支持。",
    ],
)
def test_the_calls_own_name_is_no_activity(body: str) -> None:
    assert found(word(*LINES[:5], body, *LINES[-2:]), LETTER)["activity_name"] == "茶园绿色防控"


@pytest.mark.parametrize(
    "sentence", ["请与我会办公室张三联系（电话：010-62379323）。", "请与张三同志联系，电话010-62379323。"]
)
def test_whom_a_letter_asks_to_be_turned_to(sentence: str) -> None:
    values = found(word(*LINES[:6], sentence, *LINES[-2:]), LETTER)
    assert (values["contact_name"], values["contact_phone"]) == ("张三", "010-62379323")


@pytest.mark.parametrize("end", [("单位名称：中国林学会", "日期：2021年8月26日"), ("2021年8月26日", "中国林学会")])
def test_a_signature_behind_its_label_or_below_its_date(end: tuple[str, str]) -> None:
    values = found(word("关于商请共同开展科技志愿服务活动的函", *LINES[4:6], *end), LETTER)
    assert (values["sender"], values["issued_on"]) == ("中国林学会", "2021-08-26")


def test_a_signature_beneath_a_seal_is_the_name_that_head_and_title_bear() -> None:
    head = [(0.2, 0.1, "中国茶叶学会文件"), (0.1, 0.2, "中国茶叶学会关于商请联合开展科技志愿服务活动的函")]
    letter = scan(*head, (0.1, 0.25, "雷山县科学技术协会："), (0.6, 0.5, "中国杏叶学会"), (0.6, 0.55, "2021年8月26日"))
    assert found(letter, LETTER)["sender"] == "中国杏叶学会"  # nothing stands over what was surely read
    blocks = [replace(each, under_seal=each.text == "中国杏叶学会") for each in letter.lines]
    assert found(replace(letter, blocks=tuple(blocks)), LETTER)["sender"] == "中国茶叶学会"


@pytest.mark.parametrize("boxed", [True, False])
def test_signature_and_reply_in_two_cells_beside_each_other(boxed: bool) -> None:
    left, right = (
        "发函单位（盖章）：\n中国林学会\n2021年8月26日",
        "结对单位意见（盖章）：\n同意结对，全力配合。\n2021年8月30日",
    )
    cells = table([left, right])
    if boxed:
        cells = placed(cells)
    values = found(word("关于商请共同开展科技志愿服务活动的函", "致：安吉县科学技术协会", LINES[5], cells), LETTER)
    stated = {id: values.get(id) for id in ("addressee", "sender", "issued_on", "replied_on")}
    assert list(stated.values()) == ["安吉县科学技术协会", "中国林学会", "2021-08-26", "2021-08-30"]


def placed(cells: Table) -> Table:
    """The cells side by side on a page, their lines at the same heights."""
    boxed = []
    for cell in cells.cells:
        left = 0.1 + 0.4 * cell.column
        lines = tuple(
            replace(line, place=Place(1, Box(left, 0.5 + 0.05 * i, left + 0.02 * len(line.text), 0.52 + 0.05 * i)))
            for i, line in enumerate(cell.lines)
        )
        boxed.append(replace(cell, lines=lines, place=Place(1, Box(left, 0.48, left + 0.4, 0.7))))
    return Table(tuple(boxed), Place(1, Box(0.1, 0.48, 0.9, 0.7)))


def test_a_consent_by_hand_is_dated_above_the_line_that_says_when_the_letter_was_printed() -> None:
    consent = ["同意结对。", "20218.30", "抄送：浙江省科学技术协会。", "中国林学会办公室  2021年8月28日印发"]
    lines = [(0.1, 0.1 + 0.04 * number, text) for number, text in enumerate([*LINES, *consent])]
    values = found(scan(*lines), LETTER)  # the pen's first point was overlooked
    assert (values["issued_on"], values["replied_on"]) == ("2021-08-26", "2021-08-30")


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("拟与贵单位联合开展“茶园绿色防控培训计划”活动，请予支持。", "茶园绿色防控培训计划"),
        ("我会拟与贵单位共同举办“茶园绿色防控培训计划”，请予支持。", "茶园绿色防控培训计划"),
        ("现商请贵会与我会共同实施《茶园绿色防控计划》项目。", "茶园绿色防控计划"),
        ("项目名称为““茶乡问诊”绿色防控服务”。", "“茶乡问诊”绿色防控服务"),
        ("项目名称为“甲”和“乙”。", "“甲”和“乙”"),
    ],
)
def test_projects_that_are_called_like_papers_or_hold_marks_of_their_own(body: str, name: str) -> None:
    assert found(word(*LINES[:5], body, *LINES[-2:]), LETTER)["activity_name"] == name


def test_a_name_in_marks_goes_on_below_though_its_row_is_not_full() -> None:
    body = [
        (0.1, 0.3, "我会拟申报的项目名称为“茶园绿色防控培训计"),
        (0.1, 0.34, "划”。经前期沟通，拟请贵会作为结对单位，共同做好项目实施工作。"),
    ]
    lines = [(0.1, 0.1 + 0.04 * number, text) for number, text in enumerate(LINES[2:5])]
    letter = scan(*lines, *body, (0.6, 0.5, LINES[-2]), (0.6, 0.54, LINES[-1]))
    assert found(letter, LETTER)["activity_name"] == "茶园绿色防控培训计划"


@pytest.mark.parametrize("left", ["甲方：中国林学会\n（盖章）\n2021年8月26日", "中国林学会\n2021年8月26日"])
def test_a_dated_cell_that_the_addressee_signs_is_the_reply(left: str) -> None:
    cells = table([left, "同意\n乙方：安吉县科学技术协会\n2021年8月30日"])
    values = found(word(*LINES[2:6], cells), LETTER)
    assert (values["sender"], values["issued_on"], values["replied_on"]) == ("中国林学会", "2021-08-26", "2021-08-30")


@pytest.mark.parametrize("till", ["（周二）下班前", "17:00前", "前"])
def test_by_what_hour_a_reply_is_asked_for(till: str) -> None:
    body = f"请贵单位研究后于8月31日{till}函复我会。"
    assert found(word(*LINES[:6], body, *LINES[-2:]), LETTER)["reply_by"] == "2021-08-31"


def test_of_two_societies_that_sign_beside_each_other_the_first_is_the_sender() -> None:
    assert found(word(*LINES[:6], "中国林学会      浙江省林学会", LINES[-1]), LETTER)["sender"] == "中国林学会"


def test_a_consent_below_the_letters_date_needs_neither_heading_nor_date() -> None:
    document = word(*LINES, "同意结对。", "抄送：浙江省科学技术协会。")
    values = found(document, LETTER)
    assert (values["sender"], values["issued_on"]) == ("中国林学会", "2021-08-26")
    assert "replied_on" not in values
    assert read_letter(document).slip == len(LINES)


def test_who_signs_at_the_left_and_who_at_the_right() -> None:
    lines = [(0.1, 0.1 + 0.04 * number, text) for number, text in enumerate(LINES[2:6])]
    names = [(0.15, 0.5, "中国林学会"), (0.55, 0.5, "同意。安吉县科学技木协会")]  # a seal lies over the name
    dates = [(0.15, 0.54, "2021年8月26日"), (0.6, 0.54, "2021年8月30日")]
    values = found(scan(*lines, *names, *dates), LETTER)
    assert (values["sender"], values["issued_on"], values["replied_on"]) == ("中国林学会", "2021-08-26", "2021-08-30")


def test_a_date_whose_month_a_seal_covers_is_not_read_and_is_not_absent() -> None:
    lines = [(0.1, 0.1 + 0.04 * number, text) for number, text in enumerate([*LINES[2:7], "2021年824日"])]
    issued = field(scan(*lines), "issued_on", LETTER)
    assert issued.state is FieldState.UNCLEAR


def test_of_two_societies_that_date_beside_each_other_the_date_is_the_letters() -> None:
    dates = "2021年8月25日　　　　　　2021年8月25日"
    letter = word(*LINES[:9], "中国林学会　　　　　　浙江省林学会", dates)
    assert found(letter, LETTER)["issued_on"] == "2021-08-25"
    apart = dates.replace("25日", "26日", 1)
    assert "issued_on" not in found(word(*LINES[:9], "中国林学会", apart), LETTER), "two dates are none"


def test_who_issued_a_letter_is_no_part_of_its_number() -> None:
    letter = word("签发人：申屠刚　　　　　中林函〔2021〕12号", *LINES[2:])
    assert found(letter, LETTER)["document_number"] == "中林函〔2021〕12号"


def test_two_parties_sign() -> None:
    end = ("甲方（盖章）：中国林学会", "乙方（盖章）：安吉县科学技术协会", "日期：2021年8月26日")
    letter = word("结对函", "湖州市安吉县科学技术协会：", *LINES[5:8], *end)
    assert found(letter, LETTER)["sender"] == "中国林学会"


def test_a_contact_whose_label_a_lines_end_divides() -> None:
    lines = (*LINES[:8], "请贵会予以支持配合，并反馈意见。联系", "人及电话：阿依古丽，0951-6886123。", *LINES[9:])
    placed = ((0.1 if at > 4 else 0.3, 0.05 + 0.04 * at, text) for at, text in enumerate(lines))
    values = found(scan(*placed), LETTER)
    assert (values["contact_name"], values["contact_phone"]) == ("阿依古丽", "0951-6886123")


def test_the_other_party_is_not_the_sender() -> None:
    body = ("甲方：中国林学会", "乙方：安吉县科学技术协会", *LINES[5:8])
    end = ("甲方（公章）：中国林学会", "乙方（公章）：安吉县科学技术协会", "2021年8月26日")
    assert found(word("结对函", *body, *end), LETTER)["sender"] == "中国林学会"


def test_whom_an_office_asks_to_be_turned_to() -> None:
    letter = word(*LINES[:8], "详情请与我会秘书长鲜于仁联系（020-84112345）。", *LINES[9:])
    assert found(letter, LETTER)["contact_phone"] == "020-84112345"
