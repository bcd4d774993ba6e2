"""Pages of one paper that came as files of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.document import Box, Cell, Document, Page, Place, Reading, Seal, SealColour, SealShape, Source, Table
from extractors.document import Line as Recognised
from extractors.extract import find_again, join_pages
from extractors.forms.apart import gather
from extractors.forms.complete import is_leafwise
from extractors.pages import bound, renumbered
from tests.extractors.forms.build import CALL, scan

Line = str | tuple[float, str]
Files = list[tuple[str, Reading | None]]

FIRST = (
    "“智惠行动·百会百县乡村行”系列科技志愿服务项目申报书",
    "项目名称：茶园绿色防控科技志愿服务",
    "申报单位：浙江省茶叶学会",
    "项目负责人：王伟",
    "负责人电话：13800000000",
    "结对县级科协：安吉县科学技术协会",
    "联系人：李芳",
    "联系电话：13900000000",
    "电子邮箱：lifang@example.org",
    "项目实施周期：2021年9月至2022年7月",
    "一、立项依据",
    "安吉县茶园病虫害多发，茶农缺少技术。",
)
SECOND = (
    "三、经费预算",
    "申请经费：180000元",
    "自筹经费：20000元",
    "经费总额：200000元",
    "四、进度安排",
    "2021年9月开展培训，10月总结验收，由浙江省茶叶学会负责。",
    "五、预期成效",
    "培训农户三百人次，建立示范茶园两处。",
)
THIRD = (
    "申报单位意见",
    "情况属实，同意申报，浙江省茶叶学会。",
    "负责人（签字）：　　　（公章）",
    "2021年8月25日",
    "省级科协意见",
    "同意推荐。",
    "负责人（签字）：　　　（公章）",
    "2021年8月26日",
)
PLAIN = (
    "浙江省茶叶学会近三年来组织专家深入茶区开展服务，受到欢迎，",
    "先后在多个乡镇举办茶树修剪、测土配方、病虫防治等讲座二十场，",
    "印发资料五千份，直接受益茶农一千二百余人，带动面积三千亩，",
    "今后将继续扩大服务范围，提高服务质量，让更多茶农从中受益。",
)
LETTER = (
    "浙江省茶叶学会关于商请共同开展科技志愿服务活动的函",
    "安吉县科学技术协会：",
    "我会拟与贵会共同开展“茶园绿色防控”科技志愿服务活动，特此函商。",
    "浙江省茶叶学会",
    "2021年8月26日",
)
REPLY = ("浙江省茶叶学会：", "来函收悉，同意与贵会结对开展活动。", "安吉县科学技术协会", "2021年8月28日")
CERTIFICATE = ("社会团体法人登记证书", "名称：浙江省茶叶学会", "统一社会信用代码：51330000500000000X", "住所：杭州市")
CARD = ("姓名　王伟", "公民身份号码　330102198001010011", "住址　杭州市西湖区", "中华人民共和国居民身份证")


def page(*lines: Line, seal: str = "") -> Document:
    """A recognised page: lines below each other, or where they stand."""
    placed = [line if isinstance(line, tuple) else (0.12 + 0.06 * at, line) for at, line in enumerate(lines)]
    seals = (Seal(SealShape.ROUND, SealColour.RED, seal, Place(1, Box(0.6, 0.6, 0.8, 0.75)), confidence=0.95),)
    document = scan(*((0.1, top, text) for top, text in placed))
    return replace(document, pages=(Page(1, Source.OCR),), seals=seals if seal else ())


def ruled(*rows: tuple[str, ...]) -> Table:
    """A ruled table on a page."""
    cells = []
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            place = Place(1, Box(0.1 + 0.3 * column, 0.2 + 0.05 * row, 0.4 + 0.3 * column, 0.25 + 0.05 * row))
            cells.append(Cell((line_at(text, place),), row, column, place))
    return Table(tuple(cells), Place(1, Box(0.1, 0.2, 0.1 + 0.3 * len(rows[0]), 0.2 + 0.05 * len(rows))))


def line_at(text: str, place: Place) -> Recognised:
    return Recognised(text, place, 0.98, source=Source.OCR)


def files(*named: tuple[str, tuple[Line, ...]]) -> Files:
    return [(name, find_again(page(*lines), CALL.forms)) for name, lines in named]


def papers(sent: Files) -> tuple[list[list[str]], set[str]]:
    """The papers by the names of their files in order of pages, and the doubtful files."""
    found = join_pages(sent, CALL.forms)
    names = [name for name, _ in sent]
    pages = [
        [names[page.file - 1] if page.file else names[home] for page in reading.document.pages]
        for home, reading in found.papers.items()
    ]
    return pages, {names[file] for file in found.doubtful}


def test_pages_are_one_paper_in_the_order_of_their_names_with_the_fields_of_all() -> None:
    sent = files(("IMG_2033.jpg", THIRD), ("IMG_2031.jpg", FIRST), ("IMG_2032.jpg", SECOND), ("函.jpg", LETTER))
    assert papers(sent) == ([["IMG_2031.jpg", "IMG_2032.jpg", "IMG_2033.jpg"]], set())
    (paper,) = join_pages(sent, CALL.forms).papers.values()
    fields = {field.id: field for field in paper.fields}
    assert (fields["applicant"].value, fields["requested_amount"].value) == ("浙江省茶叶学会", "180000")
    assert fields["requested_amount"].place is not None
    assert fields["requested_amount"].place.page == 2
    assert {slot.id: slot.place.page for slot in paper.slots if slot.id != "cover"} == {
        "applicant_opinion": 3,
        "provincial_consent": 3,
    }
    assert [(page.number, page.file) for page in paper.document.pages] == [(1, 0), (2, 3), (3, 1)]
    assert not paper.document.blind


@pytest.mark.parametrize("trap", [CERTIFICATE, CARD, REPLY, ("合影留念",), ()])
def test_a_file_between_that_is_something_else_is_no_page(trap: tuple[str, ...]) -> None:
    sent = files(("IMG_2031.jpg", FIRST), ("IMG_2032.jpg", trap), ("IMG_2033.jpg", SECOND), ("IMG_2034.jpg", THIRD))
    (paper,), _ = papers(sent)
    assert paper == ["IMG_2031.jpg", "IMG_2033.jpg", "IMG_2034.jpg"]


def test_a_page_without_labels_belongs_to_those_around_it_that_it_is_tied_to() -> None:
    around = ("IMG_2031.jpg", FIRST), ("IMG_2033.jpg", SECOND)
    spread = tuple((0.15 + 0.2 * at, line) for at, line in enumerate(PLAIN))
    assert papers(files(*around, ("IMG_2032.jpg", spread)))[0] == [["IMG_2031.jpg", "IMG_2032.jpg", "IMG_2033.jpg"]]
    strange = tuple((top, line.replace("浙江省茶叶学会", "有关专家")) for top, line in spread)
    found = papers(files(*around, ("IMG_2032.jpg", strange)))
    assert found == ([["IMG_2031.jpg", "IMG_2033.jpg"]], {"IMG_2032.jpg"}), "the question is asked"
    assert papers(files(*around, ("IMG_2040.jpg", spread)))[1] == {"IMG_2040.jpg"}, "not behind them"


def test_a_header_tells_of_a_page_whose_name_follows() -> None:
    head, notes = ((0.03, "科技志愿服务项目申报材料"),), ("填写须知", "各栏目不得空缺，无内容的填写“无”，一式三份。")
    sent = files(("1.jpg", (*head, *FIRST)), ("2.jpg", (*head, *notes)), ("3.jpg", (*head, *SECOND)))
    assert papers(sent) == ([["1.jpg", "2.jpg", "3.jpg"]], set())
    sent[1] = ("8c1f.jpg", sent[1][1])
    assert papers(sent) == ([["1.jpg", "3.jpg"]], {"8c1f.jpg"})


def test_a_printed_number_that_is_missing_tells_of_a_page() -> None:
    def numbered(lines: tuple[str, ...], number: int) -> tuple[Line, ...]:
        return (*lines, (0.95, f"第 {number} 页 共 3 页"))

    sent = files(("a.jpg", numbered(FIRST, 1)), ("x.jpg", numbered(PLAIN, 2)), ("q.jpg", numbered(THIRD, 3)))
    assert papers(sent) == ([["a.jpg", "x.jpg", "q.jpg"]], set())


def test_pages_whose_names_say_nothing_belong_together_where_they_name_the_same() -> None:
    sent = files(("f3.jpg", FIRST), ("ab.jpg", SECOND), ("cd.jpg", THIRD))
    assert papers(sent)[0] == [["f3.jpg", "ab.jpg", "cd.jpg"]]
    foreign = tuple(line.replace("浙江省茶叶学会", "福建省林学会") for line in SECOND)
    assert papers(files(("f3.jpg", FIRST), ("ab.jpg", foreign))) == ([], {"ab.jpg"})
    head, same = (*FIRST, "职称：研究员"), (*foreign, "负责人为研究员。")
    assert papers(files(("f3.jpg", head), ("ab.jpg", same))) == ([], {"ab.jpg"}), "a title is nobody's name"


def test_the_same_page_of_two_applicants_is_not_guessed() -> None:
    foreign = tuple(line.replace("浙江省茶叶学会", "福建省林学会").replace("8", "5") for line in SECOND)
    sent = files(("f3.jpg", FIRST), ("ab.jpg", SECOND), ("cd.jpg", foreign), ("ef.jpg", THIRD))
    assert papers(sent) == ([["f3.jpg", "ef.jpg"]], {"ab.jpg", "cd.jpg"})
    sent = files(("IMG_1.jpg", FIRST), ("IMG_2.jpg", SECOND), ("DSC_77.jpg", foreign), ("IMG_3.jpg", THIRD))
    assert papers(sent) == ([["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"]], {"DSC_77.jpg"})


def test_where_two_forms_begin_no_page_is_given_to_either() -> None:
    other = tuple(line.replace("浙江省茶叶学会", "福建省林学会") for line in FIRST)
    sent = files(("IMG_1.jpg", FIRST), ("IMG_2.jpg", SECOND), ("DSC_1.jpg", other), ("DSC_2.jpg", THIRD))
    assert papers(sent) == ([], {"IMG_2.jpg", "DSC_2.jpg"})


def test_a_page_that_was_taken_twice_is_one_page_and_a_question() -> None:
    sent = files(("IMG_1.jpg", FIRST), ("IMG_2.jpg", SECOND), ("IMG_3.jpg", SECOND), ("IMG_4.jpg", THIRD))
    assert papers(sent) == ([["IMG_1.jpg", "IMG_2.jpg", "IMG_4.jpg"]], {"IMG_3.jpg"})
    sent = files(("IMG_1.jpg", FIRST), ("IMG_2.jpg", FIRST), ("IMG_3.jpg", SECOND))
    assert papers(sent) == ([["IMG_1.jpg", "IMG_3.jpg"]], {"IMG_2.jpg"})


def test_a_letter_of_one_page_that_came_twice_is_no_question() -> None:
    whole = (*LETTER, *REPLY)
    assert papers(files(("函.pdf", whole), ("函（1）.pdf", whole))) == ([], set())
    assert papers(files(("函.jpg", LETTER), ("复件.jpg", LETTER), ("回执.jpg", REPLY))) == (
        [["函.jpg", "回执.jpg"]],
        {"复件.jpg"},
    )


def test_letters_to_two_counties_are_two_letters_however_alike() -> None:
    other = tuple(line.replace("安吉县", "长兴县") for line in LETTER)
    assert papers(files(("1.jpg", LETTER), ("2.jpg", other), ("3.jpg", REPLY)))[0] == [], "whose reply is not guessed"


def test_the_reply_belongs_to_the_letter_that_it_answers() -> None:
    assert papers(files(("b.jpg", LETTER), ("a.jpg", REPLY))) == ([["b.jpg", "a.jpg"]], set())
    (paper,) = join_pages(files(("b.jpg", LETTER), ("a.jpg", REPLY)), CALL.forms).papers.values()
    assert {field.id: field.value for field in paper.fields}["replied_on"] == "2021-08-28"
    stranger = tuple(line.replace("安吉县", "长兴县") for line in REPLY)
    assert papers(files(("b.jpg", LETTER), ("a.jpg", stranger)))[0] == []


def test_the_end_of_a_letter_belongs_to_the_letter_that_has_none() -> None:
    begun, end = LETTER[:3], ("专此函达，请予支持。", *LETTER[3:])
    assert papers(files(("b.jpg", end), ("a.jpg", begun), ("c.jpg", REPLY))) == ([["a.jpg", "b.jpg", "c.jpg"]], set())
    (paper,) = join_pages(files(("a.jpg", begun), ("b.jpg", end)), CALL.forms).papers.values()
    assert {field.id: field.value for field in paper.fields}["issued_on"] == "2021-08-26"
    assert papers(files(("a.jpg", LETTER), ("b.jpg", end)))[0] == [], "it has its end"
    stranger = tuple(line.replace("浙江省茶叶学会", "福建省林学会") for line in end)
    assert papers(files(("a.jpg", begun), ("b.jpg", stranger)))[0] == []


def leaflet(*sheets: tuple[Line, ...]) -> Reading:
    """A scan of several pages."""
    pages = [replace(page(*lines), pages=(Page(1, Source.OCR),)) for lines in sheets]
    whole = bound("pdf", [renumbered(each, at) if at else each for at, each in enumerate(pages)])
    return find_again(replace(whole, pages=tuple(replace(page, sheet=0) for page in whole.pages)), CALL.forms)


def test_files_of_two_pages_are_parts_of_a_paper() -> None:
    sent: Files = [("2.pdf", leaflet(SECOND, THIRD)), ("1.pdf", leaflet(FIRST, PLAIN))]
    (paper,) = join_pages(sent, CALL.forms).papers.values()
    assert [(page.number, page.file) for page in paper.document.pages] == [(1, 0), (2, 0), (3, 1), (4, 1)]
    amount = next(field for field in paper.fields if field.id == "requested_amount")
    assert (amount.value, amount.place and amount.place.page) == ("180000", 3)
    letter: Files = [("函1.pdf", leaflet(LETTER[:3])), ("函2.pdf", leaflet(("专此函达。", *LETTER[3:]), REPLY))]
    (paper,) = join_pages(letter, CALL.forms).papers.values()
    assert {field.id: field.value for field in paper.fields}["issued_on"] == "2021-08-26"


def test_a_spread_is_two_pages_of_a_paper() -> None:
    spread = leaflet(FIRST, PLAIN)
    both = tuple(replace(page, sheet=1) for page in spread.document.pages)
    spread = replace(spread, document=replace(spread.document, format="jpeg", pages=both))
    (paper,) = join_pages([("1.jpg", spread), ("2.jpg", leaflet(SECOND, THIRD))], CALL.forms).papers.values()
    assert [(page.number, page.file, page.sheet) for page in paper.document.pages] == [
        (1, 0, 1), (2, 0, 1), (3, 2, 1), (4, 2, 2),
    ]  # fmt: skip
    assert is_leafwise(spread.document)


def test_files_of_text_and_such_of_several_papers_are_left_alone() -> None:
    (name, first), (_, second) = files(("IMG_1.jpg", FIRST), ("IMG_2.jpg", SECOND))
    assert first is not None
    assert second is not None
    text = replace(second, document=replace(second.document, pages=(Page(1, Source.TEXT),)))
    for other in (text, leaflet(THIRD, LETTER)):
        found = gather([(name, first), ("IMG_2.pdf", other), ("a.pdf", None)], CALL.forms)
        assert (found.papers, found.doubtful) == ((), frozenset())


def test_another_applicants_page_that_names_nobody_is_not_taken_under_the_very_next_name() -> None:
    head, foot = (0.03, "科技志愿服务项目申报材料"), (0.95, "第 2 页 共 3 页")
    strange = (
        "三、经费预算",
        "申请经费：90000元",
        "自筹经费：10000元",
        "经费总额：100000元",
        "四、进度安排",
        "九月开始。",
    )
    first, last = (*FIRST, (0.95, "第 1 页 共 3 页")), (*THIRD, (0.95, "第 3 页 共 3 页"))
    sent = files(("IMG_1.jpg", (head, *first)), ("IMG_2.jpg", (head, *strange, foot)), ("IMG_3.jpg", (head, *last)))
    assert papers(sent) == ([["IMG_1.jpg", "IMG_3.jpg"]], {"IMG_2.jpg"}), "the question is asked"
    own = (*strange[:5], "九月在安吉县开始。")
    sent[1:2] = files(("IMG_2.jpg", (head, *own, foot)))
    assert papers(sent) == ([["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"]], set())


def test_the_seal_of_the_provinces_association_ties_the_page_of_its_consent() -> None:
    consent = ("省级科协意见", "同意推荐。", "负责人（签字）：　　　（公章）", "2021年8月26日")
    sent = files(("IMG_1.jpg", FIRST), ("IMG_2.jpg", SECOND))
    for seal, joined in (("浙江省科学技术协会", True), ("福建省科学技术协会", False)):
        sealed = find_again(page(*consent, seal=seal), CALL.forms)
        assert (papers([*sent, ("IMG_3.jpg", sealed)])[1] == set()) is joined


def test_a_page_that_is_one_table_is_none_of_instructions() -> None:
    strange = replace(page(), blocks=(ruled(("支出内容", "金额（元）"), ("交通费", "90000"), ("合计", "90000")),))
    sent = files(("IMG_1.jpg", FIRST), ("IMG_3.jpg", THIRD))
    sent.insert(1, ("IMG_2.jpg", find_again(strange, CALL.forms)))
    assert papers(sent)[0] == [["IMG_1.jpg", "IMG_3.jpg"]]


def test_a_page_whose_first_page_is_not_there_is_a_question() -> None:
    assert papers(files(("IMG_2.jpg", SECOND), ("IMG_3.jpg", THIRD))) == ([], {"IMG_2.jpg", "IMG_3.jpg"})


def test_parts_of_a_seal_over_the_rims_of_pages_belong_together() -> None:
    def cut(document: Document, box: Box) -> Document:
        part = Seal(SealShape.ROUND, SealColour.RED, "", Place(1, box), visible=0.5)
        return replace(document, seals=(part,))

    first, second = page(*FIRST), page(*SECOND)
    sent: Files = [
        ("1.jpg", find_again(cut(first, Box(0.9, 0.4, 1.0, 0.5)), CALL.forms)),
        ("2.jpg", find_again(cut(second, Box(0.0, 0.4, 0.1, 0.5)), CALL.forms)),
    ]
    (paper,) = join_pages(sent, CALL.forms).papers.values()
    assert [(seal.place.page, seal.across) for seal in paper.seals] == [(1, 1), (2, 1)]


def test_a_page_of_the_forms_own_instructions_belongs_to_the_form_that_it_lies_in() -> None:
    instructions = (
        "填写说明",
        "1.项目名称应准确，简洁，一般不超过30字。",
        "2.本申报书一式三份，用A4纸打印，于左侧装订。",
    )
    sent = files(
        ("IMG_2031.jpg", FIRST), ("IMG_2032.jpg", instructions), ("IMG_2033.jpg", SECOND), ("IMG_2034.jpg", THIRD)
    )
    assert papers(sent) == ([["IMG_2031.jpg", "IMG_2032.jpg", "IMG_2033.jpg", "IMG_2034.jpg"]], set())
    other = (
        *instructions,
        "联系人：王伟　电话：13800000000",
        "申请经费：90000元",
    )  # somebody filled something in there
    sent[1] = files(("IMG_2032.jpg", other))[0]
    assert papers(sent)[0] == [["IMG_2031.jpg", "IMG_2033.jpg", "IMG_2034.jpg"]]
