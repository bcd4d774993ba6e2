import time
from dataclasses import replace

import pytest

from extractors.compare import Comparison, Kind, compare
from extractors.compare.sides import Sides
from extractors.compare.stream import meant, stream
from extractors.document import (
    Box,
    Cell,
    Defect,
    Field,
    FieldState,
    Line,
    Place,
    Reading,
    Seal,
    SealColour,
    SealShape,
    Table,
)
from tests.extractors.compare.papers import FORM, LINES, changed, line, scan, unsure, written


def compared(scan_: Reading, word: Reading | None = None) -> Comparison:
    return compare(word or written(), [scan_], FORM, ("project_name",))


def told(comparison: Comparison) -> list[tuple[str, bool, str, str, str]]:
    """Kind, whether sure, field, and the words of both sides."""
    return [
        (each.kind.value, each.sure, each.field, each.written.text, each.scanned.text)
        for each in comparison.differences
    ]


# ---------------------------------------------------------------------------------------- where nothing may be told

SEAL = Seal(
    SealShape.ROUND, SealColour.RED, "湖南省林学会", Place(1, Box(0.3, 0.1, 0.6, 0.3)), legibility=1.0, confidence=0.9
)


@pytest.mark.parametrize(
    "page",
    [
        LINES,
        changed("，", ",", changed("：", ":")),
        changed("年　月　日", "2021年8月26日"),
        changed("（签字）：", "（签字）：李建国"),
        changed("同意申报。", "同意申报。情况属实，请予支持。"),
        (*LINES, "— 1 —"),
        (*LINES[:7], LINES[7][:15], LINES[7][15:], *LINES[8:]),
        (*LINES[:3], *LINES[4:6], LINES[3], *LINES[6:]),
        changed("（盖章）：湖南省林学会", "（盖章）湖南省林学会中"),
        changed("桃源县乡镇", "桃原县乡镇"),
        changed("农技人员", "农枝人员"),
        changed("hnlx.org.cn", "hnlx.org cn"),
        changed("防治服务", "防冶服务"),
        unsure("带动作用", "常劫作甩", 0.4),
    ],
    ids=["same", "widths", "date by hand", "signature", "opinion", "page number", "line broken", "lines moved",
         "seal ink", "look-alike", "look-alike word", "lost dot", "one character of a sentence", "unsure words"],
)  # fmt: skip
def test_what_ocr_and_people_with_pens_do_is_no_difference(page: tuple[str, ...]) -> None:
    assert told(compared(scan(page))) == []


def test_the_words_of_a_seal_are_no_difference() -> None:
    ink = line("湖南林会印章", 0.18, left=0.35)
    assert told(compared(scan((*LINES[:4], ink, *LINES[4:]), seals=(SEAL,)))) == []


def test_the_blanks_of_a_date_that_was_filled_in_and_a_lost_word_behind_them_are_no_difference() -> None:
    lines = (*LINES, "项目", "附：油茶林分布图一份，服务点名录一份")
    filled = (*LINES[:-1], "二〇二一年八月", lines[-1])
    assert told(compared(scan(filled), written(lines))) == []
    assert told(compared(scan((*filled[:-1], "明细", filled[-1])), written(lines))) == []


def test_headers_that_a_printer_puts_on_each_page_are_no_difference() -> None:
    header = line("中国科协科技志愿服务项目", 0.03)
    second = line("中国科协科技志愿服务项目", 0.03, 2)
    pages = scan((header, *LINES[:8]), (second, *LINES[8:]))
    assert told(compared(pages, written(header="中国科协科技志愿服务项目"))) == []


def test_what_a_program_prints_in_the_margin_of_each_page_is_no_difference() -> None:
    first, second = (line(f"D:\\申报材料\\最终版.docx 第{page}页", 0.03, page) for page in (1, 2))
    assert told(compared(scan((first, *LINES[:8]), (second, *LINES[8:])))) == []


def test_numbers_that_word_counts_are_no_values() -> None:
    word = written()
    blocks = list(word.document.blocks)
    blocks[8] = Line(f"1.3.4 {LINES[8]}", blocks[8].place, number="1.3.4")
    counted = replace(word, document=replace(word.document, blocks=tuple(blocks)))
    page = (*LINES[:8], f"1.3.5 {LINES[8]}", *LINES[9:])
    assert told(compared(scan(page), counted)) == []


def test_pages_that_were_photographed_one_by_one_are_taken_together() -> None:
    result = compare(written(), [scan(LINES[:8]), scan(LINES[8:])], FORM)
    assert (told(result), result.share) == ([], 1.0)


def test_a_text_box_that_stands_elsewhere_is_no_difference() -> None:
    assert told(compared(scan((*LINES[8:], *LINES[:8])))) == []


# ------------------------------------------------------------------------------------------ where something must be


@pytest.mark.parametrize(
    ("old", "new", "field", "kind"),
    [
        ("198500元", "205000元", "requested_amount", "field"),
        ("198500元", "98500元", "requested_amount", "field"),
        ("138500", "133500", "budget_items", "field"),
        ("专家劳务费 60000", "专家劳务费 66000", "budget_items", "field"),
        ("资料印刷费 138500", "宣传推广费 138500", "budget_items", "field"),
        ("周明远", "李国强", "leader_name", "field"),
        ("周明远", "周明凯", "leader_name", "field"),
        ("13873612345", "13873612845", "leader_phone", "field"),
        ("lifang@", "wangli@", "leader_email", "field"),
        ("湖南省林学会", "湖北省林学会", "applicant", "field"),
        ("油茶提质增效科技", "脐橙提质增效科技", "project_name", "field"),
        ("3200人次", "3600人次", "", "number"),
        ("12场", "2场", "", "number"),
    ],
)
def test_another_value_is_an_error_where_it_was_read_surely(old: str, new: str, field: str, kind: str) -> None:
    key = [each for each in compared(scan(changed(old, new))).differences if each.key]
    assert [(each.kind.value, each.sure, each.field) for each in key] == [(kind, True, field)]
    assert meant(key[0].scanned.text) in meant(new) or meant(new) in meant(key[0].scanned.text)


@pytest.mark.parametrize(
    ("text", "misread", "confidence", "field"),
    [
        ("198500", "193500", 0.7, "requested_amount"),
        ("198500", "19850", 0.95, "requested_amount"),
        ("198500", "19850 0.", 0.95, None),
        ("60000", "6000", 0.99, "budget_items"),
        ("周明远", "周明过", 0.9, "leader_name"),
        ("周明远", "周远", 0.99, "leader_name"),
        ("lifang@hnlx", "1ifang@hn1x", 0.99, "leader_email"),
        ("湖南省林学会", "湖南省村学会", 0.8, "applicant"),
    ],
)
def test_a_difference_that_a_slip_explains_is_not_judged(
    text: str, misread: str, confidence: float, field: str | None
) -> None:
    key = [each for each in compared(scan(unsure(text, misread, confidence))).differences if each.key]
    assert [(each.sure, each.field) for each in key] == ([(False, field)] if field else [])


def test_cells_of_a_row_in_another_order_are_no_other_amount() -> None:
    cells = ("项目内容", "单价", "数量", "金额", "培训场地租赁", "925", "20", "18500", "34人，3次活动")
    read = ("项目内容", "单价", "数量", "金额", "925", "18500", "培训场", "地租赁", "20", "34人，3次活动")
    result = compared(scan((*LINES, *read)), written((*LINES, *cells)))
    assert not [each for each in result.differences if each.key and each.sure]


def test_an_amount_that_is_another_fields_too_is_told_where_the_texts_lead_to_it() -> None:
    lines = changed("198500元", "208500元（大写：贰拾万捌仟伍佰元整）", (*LINES, "经费总额：108500元"))
    word = written(lines)
    place = next(each.place for each in word.document.iter_lines() if "208500" in each.text)
    total = Field("total_budget", "108500", "108500元", place=Place(path="paragraph 16"))
    asked = Field("requested_amount", "208500", "208500元", place=place)
    own = tuple(each for each in word.fields if each.id != "requested_amount")
    page = scan(changed("198500元", "10.85万元", (*LINES, "经费总额：108500元")))
    seen = next(each.place for each in page.document.iter_lines() if "10.85" in each.text)
    stated = (Field("requested_amount", "108500", "10.85万元", place=seen, confidence=1.0),)
    result = compared(replace(page, fields=stated), replace(word, fields=(*own, asked, total)))
    assert ("field", True, "requested_amount") in [each[:3] for each in told(result)]


def test_a_name_that_stands_right_elsewhere_on_the_scan_was_misread() -> None:
    word = written((*LINES, "项目由周明远同志负责实施。"))
    assert told(compared(scan((*changed("周明远", "周明凯"), "项目由周明远同志负责实施。")), word)) == [
        ("field", False, "leader_name", "周明远", "周明凯")
    ]


def test_a_value_that_was_not_read_at_all_is_not_judged() -> None:
    (difference,) = compared(scan(changed("198500元", ""))).differences
    assert (difference.kind, difference.sure, difference.field) == (Kind.FIELD, False, "requested_amount")


@pytest.mark.parametrize(("old", "new"), [("服务林农3200人次", "服务林农人次"), ("5000册", "册")])
def test_a_number_that_ocr_may_have_lost_is_not_judged(old: str, new: str) -> None:
    (difference,) = compared(scan(changed(old, new))).differences
    assert (difference.kind, difference.sure) == (Kind.NUMBER, False)


def test_a_row_that_only_the_scan_has_is_a_difference_of_the_rows() -> None:
    (difference,) = compared(scan((*LINES[:11], "培训场地租赁费 22000", *LINES[11:]))).differences
    assert (difference.kind, difference.sure, difference.field) == (Kind.FIELD, True, "budget_items")


def test_words_among_rows_that_are_told_to_differ_are_no_difference_of_their_own() -> None:
    lines = (*LINES[:11], "含往返及当地用车", *LINES[11:])
    reckoned = changed("含往返及当地用车", "按省级财政标准测算", lines)
    (wording,) = compared(scan(reckoned), written(lines)).differences
    assert not wording.key
    moved = changed("138500", "123500", reckoned)
    assert {each.field for each in compared(scan(moved), written(lines)).differences} == {"budget_items"}


def test_a_cell_behind_the_last_amount_is_told_with_its_row() -> None:
    word = written((*LINES[:12], "含往返及当地用车", *LINES[12:]))
    cells = ((f"table 1 / row {row} / cell {cell} / paragraph 1") for row, cell in ((1, 1), (2, 1), (2, 2)))
    paths = {f"paragraph {number}": path for number, path in zip((11, 12, 13), cells, strict=True)}
    blocks = tuple(
        replace(each, place=Place(path=paths.get(each.place.path, each.place.path)))
        for each in word.document.iter_lines()
    )
    rows = tuple(
        tuple(replace(cell, place=Place(path=f"table 1 / row {number}")) for cell in row)
        for number, row in enumerate(next(each.rows for each in word.fields if each.rows), 1)
    )
    fields = tuple(replace(each, rows=rows) if each.rows else each for each in word.fields)
    word = replace(word, document=replace(word.document, blocks=blocks), fields=fields)
    page = changed("138500", "123500", (*LINES[:12], "含往返按省级标准测算", *LINES[12:]))
    assert {each.field for each in compared(scan(page), word).differences} == {"budget_items"}


def test_a_row_that_only_the_word_file_has_is_not_passed_over() -> None:
    told_ = compared(scan((*LINES[:10], *LINES[11:]))).differences
    assert {(each.kind, each.field) for each in told_ if each.key} == {(Kind.FIELD, "budget_items")}


@pytest.mark.parametrize(
    ("old", "new", "sure"),
    [
        ("建立科技志愿服务队", "走访慰问困难家庭与留守老人", True),
        ("，发挥当地农技人员和乡土专家的带动作用", "", True),
        ("发挥当地农技人员", "发挥当地的全体基层农技推广人员", True),
    ],
    ids=["changed", "dropped", "added"],
)
def test_other_words_are_told_as_wording(old: str, new: str, sure: bool) -> None:
    (difference,) = compared(scan(changed(old, new))).differences
    assert (difference.key, difference.sure) == (False, sure)


def test_words_that_a_seal_may_hide_are_not_judged() -> None:
    page = scan(changed("，发挥当地农技人员和乡土专家的带动作用", ""))
    top = next(
        each.place.box.top for each in page.document.lines if each.text == "建立科技志愿服务队。" and each.place.box
    )
    over = replace(SEAL, place=Place(1, Box(0.5, top - 0.05, 0.7, top + 0.09)))
    (difference,) = compared(replace(page, document=replace(page.document, seals=(over,)))).differences
    assert (difference.kind, difference.sure) == (Kind.WORDING, False)


def test_a_line_that_ocr_may_have_overlooked_is_not_judged() -> None:
    """Where the line would be there is room on the page: it may be there, unread."""
    page = [line(text, 0.12 + 0.02 * at) for at, text in enumerate(LINES) if at != 9]
    (difference,) = compared(scan(page)).differences
    assert (difference.kind, difference.sure, difference.written.text) == (Kind.WORDING, False, LINES[9].rstrip("。"))


def test_a_page_that_the_scan_lacks_is_told_with_the_fields_on_it() -> None:
    more = tuple(f"第{number}阶段在桃源县第{number}个乡镇举办现场培训与技术咨询活动。" for number in "一二三四五六")
    lines = (*LINES[:3], *more, *LINES[3:])
    result = compared(scan(LINES[:3], LINES[7:]), written(lines))
    (missing,) = result.differences
    assert (missing.kind, missing.sure) == (Kind.MISSING, True)
    assert (missing.written.text[:6], missing.written.text[-7:]) == ("第一阶段在桃", "198500元")
    assert result.unseen == ("leader_name", "leader_phone", "leader_email", "requested_amount")


def test_a_part_that_may_stand_on_pages_that_were_not_seen_is_not_judged() -> None:
    blind = Defect("page_limit", "只读取了前 1 页。", "Only the first page was read.", blind=True)
    (missing,) = compared(scan(LINES[:7], defects=(blind,))).differences
    assert (missing.kind, missing.sure) == (Kind.MISSING, False)


def test_a_page_of_something_else_is_told_by_its_number() -> None:
    other = ("社会团体法人登记证书", "名称：湖南省茶业协会", "业务范围：学术交流、技术培训、咨询服务与成果推广",
             "住所：长沙市雨花区人民中路", "注册资金：叁万元整", "发证机关：湖南省民政厅")  # fmt: skip
    (page,) = compared(scan(LINES, other)).differences
    assert (page.kind, page.sure, page.scanned.place.page) == (Kind.PAGE, True, 2)


def test_both_places_are_told() -> None:
    (difference,) = compared(scan(changed("198500元", "205000元"))).differences
    assert difference.written.place == Place(path="paragraph 7")
    box = difference.scanned.place.box
    assert box is not None
    assert (difference.scanned.place.page, round(box.left, 3), round(box.right, 3)) == (1, 0.2, 0.34)
    assert difference.written.context == "g.cn 申请经费：【198500元】组织专家二十名分"


def test_nothing_to_read_is_no_comparison() -> None:
    result = compared(scan(()))
    assert (result.differences, result.share, result.found) == ((), 0.0, 0.0)


def test_a_paper_that_is_too_long_is_said_to_be_cut() -> None:
    long = [f"第{number}项工作安排如下" for number in range(9_000)]
    assert compare(written(long), [scan(long)], FORM).cut


@pytest.mark.parametrize(
    "lines",
    [
        ["1 " * 3_000] * 10,
        [f"{number}" for number in range(8_000)],
        ["项目负责人：周明远"] * 5_000,
        [f"专家劳务费 {number}" for number in range(4_000)],
    ],
    ids=["one number again and again", "nothing but numbers", "one line again and again", "thousands of rows"],
)
def test_a_hostile_paper_costs_seconds_at_most(lines: list[str]) -> None:
    other = [line.translate(str.maketrans("123明", "321朋")) for line in lines]
    pages = [other[at : at + 50] for at in range(0, len(other), 50)]
    word, read = written(lines), scan(*pages)
    began = time.process_time()
    compare(word, [read], FORM)
    assert time.process_time() - began < 10


def test_a_column_that_was_read_apart_from_its_rows_is_no_difference() -> None:
    rows = (
        ("1", "李晴义", "琼中黎族苗族自治县农业技术推广中心", "秘书长", "18590069782"),
        ("2", "苗燕秀", "琼中黎族苗族自治县人民医院", "副教授", "15732658527"),
        ("3", "郑武若", "农业大学", "研究员", "13679979123"),
    )
    head = ("序号", "姓名", "工作单位", "职称")
    word = written((*LINES, *head, "联系电话", *(text for row in rows for text in row)))

    def page(phone: str) -> Reading:
        inner = [text for row in rows[:2] for text in row[:-1]]
        return scan((*LINES, *head, *inner, "联系电话", rows[0][-1], phone, *rows[2]))

    assert told(compared(page("15732658527"), word)) == []
    assert any(each.key for each in compared(page("15732658529"), word).differences)


def test_words_stand_elsewhere_where_nothing_else_is_matched_with_them() -> None:
    a, b = (stream([reading.document]) for reading in (written(("电话18590069782", "其他")), scan(("18590069782",))))
    start = a.text.index("1")
    assert Sides(a, b, [-1] * len(a.text)).elsewhere(start, start + 11)
    matched = [0, 1, *[-1] * 11, 2, 3]  # four of its digits are matched with the words around it
    assert not Sides(a, b, matched).elsewhere(start, start + 11)
    assert not Sides(a, b, [-1] * len(a.text)).elsewhere(start, len(a.text))


# ----------------------------------------------------------------------------------- what the scan's own fields say


def stated(reading: Reading, id: str, value: str, raw: str, confidence: float = 0.998) -> Reading:
    """The reading of a scan with a field that was found on the line where it stands."""
    at = next(each.place for each in reading.document.iter_lines() if raw in each.text)
    return replace(reading, fields=(*reading.fields, Field(id, value, raw, place=at, confidence=confidence)))


def in_yuan(word: Reading) -> Reading:
    """The Word file with its amount as a number, as the finder gives it."""
    amount = {"requested_amount": "198500"}
    return replace(word, fields=tuple(replace(each, value=amount.get(each.id, each.value)) for each in word.fields))


def test_an_amount_in_other_notation_is_compared_by_what_it_means() -> None:
    def amounts(words: str, value: str, confidence: float = 0.998) -> list[tuple[bool, str]]:
        read = scan(unsure("198500元", words, confidence))
        page = stated(read, "requested_amount", value, words, confidence)
        return [(each.sure, each.field) for each in compared(page, in_yuan(written())).differences]

    assert amounts("人民币壹拾玖万捌仟伍佰元整", "198500") == []
    assert amounts("人民币壹拾捌万伍仟元整", "185000") == [(True, "requested_amount")]
    assert amounts("人民币壹拾捌万伍仟元整", "185000", confidence=0.8) == [(False, "requested_amount")]


def test_another_fields_value_on_the_scan_is_no_evidence() -> None:
    word = in_yuan(written())
    word = replace(word, fields=(*word.fields, Field("total_budget", "185000", "185000")))
    page = scan(changed("198500元", ""), ("合计185000元",))
    (difference,) = [
        each for each in compared(stated(page, "requested_amount", "185000", "185000")).differences if each.field
    ]
    assert difference.sure
    (difference,) = [
        each for each in compared(stated(page, "requested_amount", "185000", "185000"), word).differences if each.field
    ]
    assert not difference.sure


def test_a_name_that_the_word_file_has_elsewhere_is_no_evidence() -> None:
    lines = (*LINES, "县科协联系人：李国强")
    page = (*changed("项目负责人：周明远", "项目负责人："), "县科协联系人：李国强")
    taken = stated(scan(page), "leader_name", "李国强", "李国强")
    (difference,) = [each for each in compared(taken, written(lines)).differences if each.field == "leader_name"]
    assert not difference.sure
    (difference,) = [each for each in compared(taken, written()).differences if each.field == "leader_name"]
    assert difference.sure


def test_digits_beside_an_amount_in_words_are_a_statement_of_their_own() -> None:
    line = "申请经费：188500元（大写：壹拾玖万捌仟伍佰元整）"
    word = written(changed("申请经费：198500元", line))
    place = next(each.place for each in word.document.iter_lines() if each.text == line)
    amount = Field("requested_amount", "198500", "壹拾玖万捌仟伍佰元整", place=place)
    word = replace(word, fields=(*(each for each in word.fields if each.id != "requested_amount"), amount))
    page = stated(scan(changed("198500元", "19.85万元")), "requested_amount", "198500", "19.85万元")
    assert (True, "requested_amount") in [(each.sure, each.field) for each in compared(page, word).differences]


def test_a_number_in_whose_place_other_words_stand_is_told() -> None:
    word = written(changed("发放技术资料5000册", "发放技术资料及挂图5000册"))
    assert told(compared(scan(changed("发放技术资料5000册", "发放技术资料及挂图若干册")), word)) == [
        ("number", True, "", "5000", "若干")
    ]


def test_a_name_is_compared_though_a_character_of_its_label_was_lost() -> None:
    page = scan(changed("项目负责人：周明远", "项目负责：李国强"))
    assert [(each.sure, each.field) for each in compared(page).differences if each.key] == [(True, "leader_name")]


def test_an_address_that_is_none_is_compared_as_it_is_written() -> None:
    word = written(changed("lifang@hnlx.org.cn", "lifang@@hnlx.org.cn"))
    place = next(each.place for each in word.document.iter_lines() if "@@" in each.text)
    unclear = Field("leader_email", "", "lifang@@hnlx.org.cn", FieldState.UNCLEAR, place)
    word = replace(word, fields=(*word.fields, unclear))
    page = scan(changed("lifang@hnlx.org.cn", "wangli@@hnlx.org.cn"))
    assert [(each.sure, each.field) for each in compared(page, word).differences] == [(True, "leader_email")]


def test_the_rest_of_a_cell_that_was_lost_makes_no_number_another() -> None:
    word = written((*LINES, "1", "资料费", "2500册（份）", "2", "保险费", "1200"))
    found = compared(scan((*LINES, "1", "资料费", "2", "保险费", "1200")), word).differences
    assert not any(each.sure and each.key for each in found)


def test_a_number_that_a_black_seal_crosses_is_not_judged() -> None:
    page = scan(changed("198500元", "188700元"), seals=(replace(SEAL, place=Place(1, Box(0.2, 0.2, 0.4, 0.35))),))
    lines = tuple(replace(each, under_seal=True) for each in page.document.iter_lines())
    for colour, sure in ((SealColour.RED, True), (SealColour.BLACK, False)):
        seals = tuple(replace(each, colour=colour) for each in page.document.seals)
        read = replace(page, document=replace(page.document, blocks=lines, seals=seals))
        assert [each.sure for each in compared(read).differences if each.field == "requested_amount"] == [sure]


def test_the_last_digit_of_a_number_in_a_cell_may_stand_on_a_line_that_was_overlooked() -> None:
    word = written((*LINES, "电话", "13567599481", "备注"))
    page = scan((*LINES, "电话", "1356759948", "备注"))
    assert [each.sure for each in compared(page, word).differences] == [True]
    blocks = [
        replace(each, place=Place(path="table 1 / row 1 / cell 2 / paragraph 1"))
        if each.text == "13567599481"
        else each
        for each in word.document.iter_lines()
    ]
    word = replace(word, document=replace(word.document, blocks=tuple(blocks)))
    assert [each.sure for each in compared(page, word).differences] == [False]


def test_a_rule_that_is_read_with_a_rows_number_is_no_difference() -> None:
    word = written((*LINES, "1", "资料费", "12", "保险费", "共3人"))
    assert told(compared(scan((*LINES, "11", "资料费", "112", "保险费", "共3人")), word)) == []
    found = compared(scan((*LINES, "1", "资料费", "12", "保险费", "共31人")), word).differences
    assert [each.kind for each in found] == [Kind.NUMBER]


def test_a_table_within_a_cell_is_compared_where_it_stands() -> None:
    def cell(row: int, column: int, path: str, *texts: str) -> Cell:
        lines = tuple(Line(text, Place(path=f"{path} / paragraph {at}")) for at, text in enumerate(texts, 1))
        return Cell(lines, row, column, Place(path=path))

    outer = Table(
        (
            cell(0, 0, "table 1 / row 1 / cell 1", "基本情况"),
            cell(0, 1, "table 1 / row 1 / cell 2"),
            cell(1, 0, "table 1 / row 2 / cell 1", "项目内容"),
        ),
        Place(path="table 1"),
    )
    path = "table 1 / row 1 / cell 2 / table 1"
    inner = Table((cell(0, 0, f"{path} / row 1 / cell 1", "项目名称"),), Place(path=path))
    reading = replace(written(), document=replace(written().document, blocks=(outer, inner)))
    assert stream([reading.document]).text == "基本情况项目名称项目内容"

    def box(left: float, top: float, right: float, bottom: float) -> Place:
        return Place(1, Box(left, top, right, bottom))

    page = [line("基本情况", 0.1), line("项目内容", 0.5), line("项目名称", 0.12, left=0.4)]
    frame = Table(
        (
            Cell((page[0],), 0, 0, box(0.1, 0.1, 0.3, 0.4)),
            Cell((), 0, 1, box(0.3, 0.1, 0.9, 0.4)),
            Cell((page[1],), 1, 0, box(0.1, 0.4, 0.9, 0.6)),
        ),
        box(0.1, 0.1, 0.9, 0.6),
    )
    within = Table((Cell((page[2],), 0, 0, box(0.35, 0.11, 0.8, 0.2)),), box(0.35, 0.11, 0.8, 0.2))
    reading = replace(scan(), document=replace(scan().document, blocks=(frame, within)))
    assert stream([reading.document]).text == "基本情况项目名称项目内容"
