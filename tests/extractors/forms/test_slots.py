"""Opinion boxes, signatures, dates and the seals in them."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from extractors.document import (
    Box,
    Cell,
    Document,
    Line,
    Picture,
    Place,
    Presence,
    Seal,
    SealColour,
    SealShape,
    Slot,
    Source,
    Story,
    Table,
    Word,
)
from extractors.forms.slots import find_slots
from extractors.forms.spec import FormSpec
from tests.extractors.forms.build import FORM, LETTER, scan, table, word

OPINION = "同意申报。\n负责人（签字）：{}　　（公章）\n{}"


def slot(document: Document, id: str, form: FormSpec = FORM) -> Slot:
    return next(slot for slot in find_slots(document, form) if slot.id == id)


def seal(place: Place, text: str = "中国林学会", colour: SealColour = SealColour.RED) -> Seal:
    return Seal(SealShape.ROUND, colour, text, place)


def at(left: float, top: float, right: float, bottom: float, page: int = 1) -> Place:
    return Place(page, Box(left, top, right, bottom))


def stamped(document: Document, *seals: Seal) -> Document:
    return replace(document, seals=seals)


def test_a_label_that_a_page_break_divides_names_what_stands_beside_both_parts() -> None:
    def cell(text: str, row: int, column: int, page: int, top: float, bottom: float) -> Cell:
        place = at(0.1, top, 0.2, bottom, page) if column == 0 else at(0.2, top, 0.9, bottom, page)
        return Cell((Line(text, place, source=Source.OCR),), row, column, place)

    for label, rest in (("省", "级科协意见"), ("省级科协意见", "")):
        first = Table(
            (cell(label, 0, 0, 1, 0.85, 0.92), cell("同意推荐。", 0, 1, 1, 0.85, 0.92)), at(0.1, 0.85, 0.9, 0.92)
        )
        second = Table(
            (cell(rest, 0, 0, 2, 0.08, 0.2), cell("（公章）\n2021年8月30日", 0, 1, 2, 0.08, 0.2)),
            at(0.1, 0.08, 0.9, 0.2, 2),
        )
        document = stamped(
            Document("pdf", blocks=(first, second)), seal(at(0.6, 0.08, 0.8, 0.22, 2), "浙江省科学技术协会")
        )
        consent = slot(document, "provincial_consent")
        assert (consent.opinion, consent.date, consent.seals) == ("同意推荐", "2021-08-30", (0,))


def test_a_form_that_was_sent_anew_is_the_same_form() -> None:
    """A worker gets the forms with each file: equal, but not the same objects."""
    document = word("项目申报书", table(["申报单位意见", OPINION.format("王伟", "2021年8月25日")]))
    found = [find_slots(document, pickle.loads(pickle.dumps(FORM))) for _ in range(2)]
    assert found[0] == found[1] != ()


# ------------------------------------------------------------------------------------------- where the box is


@pytest.mark.parametrize(
    "document",
    [
        word("项目申报书", table(["申报单位意见", OPINION.format("王伟", "2021年8月25日")])),
        word("项目申报书", table(["申 报 单 位\n意　见（盖章）", OPINION.format("王伟", "2021年8月25日")])),
        word(
            "项目申报书",
            table(["申报单位意见", "推荐单位意见"], [OPINION.format("王伟", "2021年8月25日"), "（公章）\n年 月 日"]),
        ),
        word("项目申报书", table(["申报单位意见：同意申报。\n负责人（签字）：王伟\n（公章）\n2021年8月25日"])),
        word(
            "项目申报书",
            table([("申报单位意见", 1, 2), ("同意申报。", 2, 1)], ["负责人（签字）：王伟", "（公章）\n2021年8月25日"]),
        ),
        word(
            "项目申报书",
            "八、申报单位意见",
            "同意申报。",
            "负责人（签字）：王伟",
            "（公章）",
            "2021年8月25日",
            "九、附件",
        ),
        word("项目申报书", "申报单位意见：同意申报。", "负责人（签字）：王伟　　　（公章）　2021年8月25日", "备注：无"),
        scan(
            (0.1, 0.1, "项目申报书"),
            (0.1, 0.3, "申报单位意见："),
            (0.2, 0.33, "同意申报。"),
            (0.3, 0.36, "负责人（签字）：王伟"),
            (0.5, 0.39, "2021年8月25日"),
            (0.1, 0.45, "九、附件"),
        ),
    ],
)
def test_a_box_is_found_however_it_is_drawn(document: Document) -> None:
    found = slot(document, "applicant_opinion")
    assert found.opinion == "同意申报"
    assert found.date == "2021-08-25"
    assert found.signature is Presence.PRESENT
    assert found.signature_place is not None


def test_a_blank_box_has_the_blank_form_of_its_date() -> None:
    found = slot(
        word("项目申报书", table(["申报单位意见", "负责人（签字）：\n（公章）\n    年   月   日"])), "applicant_opinion"
    )
    assert (found.opinion, found.date, found.signature) == ("", "", Presence.ABSENT)
    assert found.date_raw.split() == ["年", "月", "日"]


def test_a_date_of_a_box_that_was_not_read_is_told_as_it_stands() -> None:
    text = "同意申报\n负责人（签字）：\n（公章）\n  2021年\ufffd月3日"
    found = slot(word("项目申报书", table(["申报单位意见", text])), "applicant_opinion")
    assert (found.opinion, found.date, found.date_raw) == ("同意申报", "", "2021年\ufffd月3日")


def test_a_form_without_boxes_has_no_slots() -> None:
    assert find_slots(word("项目申报书", table(["项目名称", "科技助农"], ["申报单位", "中国林学会"])), FORM) == ()


def test_boxes_of_one_table_are_told_apart() -> None:
    document = word(
        "项目申报书",
        table(
            ["申报单位意见", "同意申报。\n年 月 日"],
            ["浙江省科协（科普部）意见", "同意推荐。\n2021年8月30日"],
            ["全国学会意见", "同意支持。\n2021年8月31日"],
        ),
    )
    assert [(found.id, found.opinion, found.date) for found in find_slots(document, FORM)] == [
        ("applicant_opinion", "同意申报", ""),
        ("provincial_consent", "同意推荐", "2021-08-30"),
        ("national_support", "同意支持", "2021-08-31"),
    ]


def test_a_block_goes_on_over_the_end_of_a_page() -> None:
    first = scan((0.1, 0.88, "十、承诺书"), (0.3, 0.95, "第4页"))
    second = scan((0.1, 0.1, "本单位承诺所填内容真实。"), (0.5, 0.15, "负责人（签字）："), (0.5, 0.2, "2021年8月24日"))
    moved = [replace(line, place=replace(line.place, page=2)) for line in second.lines]
    document = replace(first, blocks=(*first.blocks, *moved))
    found = slot(stamped(document, seal(at(0.5, 0.14, 0.7, 0.28, page=2))), "commitment")
    assert (found.date, found.seals) == ("2021-08-24", (0,))


# ---------------------------------------------------------------------------------------------------- seals


def test_a_seal_belongs_to_the_box_that_holds_its_centre() -> None:
    document = word("项目申报书", table(["申报单位意见", "年 月 日"], ["省级科协意见", "年 月 日"]))
    cells = [
        replace(cell, place=at(0.3, 0.2 + 0.2 * cell.row, 0.9, 0.4 + 0.2 * cell.row))
        for cell in document.tables[0].cells
    ]
    document = replace(document, blocks=(replace(document.tables[0], cells=tuple(cells)),))
    lower = seal(at(0.6, 0.38, 0.8, 0.52), "浙江省科学技术协会")  # reaches into the box above
    upper = seal(at(0.6, 0.22, 0.8, 0.36))
    nowhere = seal(at(0.1, 0.8, 0.3, 0.94))
    over_rims = replace(seal(at(0.8, 0.22, 0.9, 0.36), "学会"), across=1, visible=0.4)
    found = stamped(document, lower, upper, nowhere, over_rims)
    assert slot(found, "applicant_opinion").seals == (1,)
    assert slot(found, "provincial_consent").seals == (0,)


def test_a_seal_pasted_into_a_cell_belongs_by_its_path() -> None:
    document = word("项目申报书", table(["申报单位意见", "年 月 日"], ["省级科协意见", "年 月 日"]))
    pasted = seal(Place(path="table 1 / row 2 / cell 2 / paragraph 1 / picture 1"))
    logo = seal(Place(path="table 9 / row 2 / cell 2 / picture 1"))
    assert slot(stamped(document, pasted, logo), "provincial_consent").seals == (0,)
    assert slot(stamped(document, pasted, logo), "applicant_opinion").seals == ()


def test_a_seal_pasted_between_paragraphs_belongs_to_their_block() -> None:
    document = word("项目申报书", "申报单位承诺", "本单位承诺属实。", "负责人（签字）：王伟", "2021年8月25日", "附件")
    inside = seal(Place(path="paragraph 4 / picture 1"))
    outside = seal(Place(path="paragraph 1 / picture 1"))
    assert slot(stamped(document, inside, outside), "commitment").seals == (0,)


def test_a_picture_of_a_seal_whose_digits_were_read_stands_among_the_lines() -> None:
    path = "paragraph 5 / picture 1"
    digits = Line("430107", Place(path=path, box=Box(0.3, 0.8, 0.7, 0.9)), source=Source.OCR, story=Story.PICTURE)
    lines = ("项目申报书", "申报单位承诺", "本单位承诺属实。", "负责人（签字）：王伟")
    document = word(*lines, "2021年8月25日")
    document = replace(document, blocks=(*document.blocks[:4], digits, document.blocks[4]))
    pasted = seal(Place(path=path, box=Box(0.06, 0.06, 0.94, 0.94)))
    assert slot(stamped(document, pasted), "commitment").seals == (0,)


def test_a_letters_seals_belong_to_signature_and_reply() -> None:
    lines = [
        (0.3, 0.1, "关于商请共同开展科技志愿服务活动的函"),
        (0.1, 0.2, "安吉县科学技术协会："),
        (0.1, 0.25, "我会拟与贵单位共同开展“科技助农”活动。"),
        (0.6, 0.4, "中国林学会"),
        (0.6, 0.44, "2021年8月26日"),
        (0.45, 0.6, "回执"),
        (0.1, 0.64, "同意结对。"),
        (0.6, 0.7, "安吉县科学技术协会"),
        (0.6, 0.74, "2021年8月28日"),
    ]
    seals = (
        seal(at(0.6, 0.36, 0.8, 0.5)),
        seal(at(0.6, 0.66, 0.8, 0.8), "安吉县科学技术协会"),
        seal(at(0.05, 0.02, 0.2, 0.12)),
    )
    document = stamped(scan(*lines), *seals)
    assert slot(document, "sender_signature", LETTER).seals == (0,)
    assert slot(document, "county_reply", LETTER).seals == (1,)
    assert slot(document, "county_reply", LETTER).date == "2021-08-28"
    assert slot(document, "county_reply", LETTER).opinion.endswith("同意结对")


REPLIED = [
    (0.3, 0.1, "关于商请共同开展科技志愿服务活动的函"),
    (0.1, 0.2, "安吉县科学技术协会："),
    (0.1, 0.25, "我会拟与贵单位共同开展“科技助农”活动。"),
    (0.6, 0.4, "中国林学会"),
    (0.6, 0.44, "2021年8月26日"),
    (0.45, 0.6, "回执"),
    (0.1, 0.64, "同意结对。"),
    (0.6, 0.7, "安吉县科学技术协会"),
    (0.6, 0.74, "2021年8月28日"),
]


@pytest.mark.parametrize(
    ("read", "held"),
    [
        ("国林学", ()),  # a part of its ring
        ("中国林学会", ()),  # all of it
        ("1101080012345", ()),  # its code
        ("2021年8月28日", (0,)),  # printed, and the seal pressed over it
        ("（单位公章）", (0,)),
        ("负责人签字：", (0,)),
    ],
)
def test_what_a_seal_says_on_a_blank_page_makes_no_slot(read: str, held: tuple[int, ...]) -> None:
    document = scan(*REPLIED[:-1])
    line = Line(read, at(0.52, 0.44, 0.66, 0.46, page=2), 0.98, source=Source.OCR)
    alone = seal(at(0.5, 0.4, 0.7, 0.54, page=2), colour=SealColour.BLACK)
    document = stamped(replace(document, blocks=(*document.blocks, line)), alone)
    assert slot(document, "county_reply", LETTER).seals == held
    assert slot(document, "sender_signature", LETTER).seals == ()


def test_a_seals_own_date_makes_no_slot() -> None:
    line = Line("2021.08.28", at(0.54, 0.46, 0.66, 0.48, page=2), 0.98, source=Source.OCR)
    stamp = replace(seal(at(0.5, 0.4, 0.7, 0.54, page=2), "收文专用章"), centre_text="2021.08.28")
    document = scan(*REPLIED[:-1])
    document = stamped(replace(document, blocks=(*document.blocks, line)), stamp)
    assert slot(document, "county_reply", LETTER).seals == ()


@pytest.mark.parametrize(("top", "left"), [(0.50, 0.6), (0.9, 0.1)])
def test_a_seal_above_the_replys_heading_or_below_its_date_is_in_no_slot(top: float, left: float) -> None:
    read = Line("林学", at(left, top + 0.05, left + 0.04, top + 0.07), 0.98, source=Source.OCR)
    document = scan(*REPLIED)
    document = replace(document, blocks=(*document.blocks, read))
    stray = seal(at(left, top, left + 0.2, min(1.0, top + 0.14)), colour=SealColour.BLACK)
    assert slot(stamped(document, stray), "county_reply", LETTER).seals == ()


def test_the_addressee_may_sign_below_the_letter_without_a_slip() -> None:
    document = scan(
        (0.3, 0.1, "关于商请共同开展科技志愿服务活动的函"),
        (0.1, 0.2, "安吉县科协："),
        (0.1, 0.25, "特此函商。"),
        (0.6, 0.3, "中国林学会"),
        (0.6, 0.34, "2021年8月26日"),
        (0.1, 0.5, "安吉县科学技术协会（盖章）"),
    )
    document = stamped(document, seal(at(0.6, 0.26, 0.8, 0.4)), seal(at(0.15, 0.45, 0.35, 0.59)))
    assert slot(document, "sender_signature", LETTER).seals == (0,)
    assert slot(document, "county_reply", LETTER).seals == (1,)


def test_the_covers_seal_stands_on_the_applicants_line() -> None:
    document = scan(
        (0.3, 0.2, "项目申报书"),
        (0.2, 0.4, "申报单位（盖章）：中国林学会"),
        (0.2, 0.5, "填报日期：2021年8月25日"),
        (0.1, 0.8, "一、基本情况"),
    )
    found = slot(stamped(document, seal(at(0.4, 0.34, 0.62, 0.48))), "cover")
    assert (found.seals, found.date) == ((0,), "2021-08-25")


def test_the_covers_seal_stands_in_the_row_of_the_applicant_where_the_cover_is_a_table() -> None:
    def cell(text: str, row: int, column: int, left: float) -> Cell:
        place = at(left, 0.3 + 0.05 * row, left + 0.3, 0.35 + 0.05 * row)
        return Cell((Line(text, place, 0.98, source=Source.OCR),), row, column, place)

    def cover(label: str) -> Document:
        texts = (("项目名称", "智惠行动"), (label, "中国林学会"), ("填报日期", "2021年8月25日"))
        cells = [cell(text, row, column, 0.2 + 0.3 * column) for row, pair in enumerate(texts)
                 for column, text in enumerate(pair)]  # fmt: skip
        document = scan((0.3, 0.2, "项目申报书"), (0.1, 0.8, "一、基本情况"))
        first, last = document.blocks
        return replace(document, blocks=(first, Table(tuple(cells), at(0.2, 0.3, 0.8, 0.45)), last))

    stamp = seal(at(0.5, 0.32, 0.7, 0.44))
    assert slot(stamped(cover("申报单位（盖章）"), stamp), "cover").seals == (0,)
    asked = find_slots(stamped(cover("申报单位"), stamp), FORM)
    assert "cover" not in {each.id for each in asked}


# ----------------------------------------------------------------------------------------------- signatures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("负责人（签字）：王伟", Presence.PRESENT),
        ("法定代表人签字：欧阳文华　（盖章）", Presence.PRESENT),
        ("负责人（签字）：\n王伟", Presence.PRESENT),
        ("负责人（签字）：", Presence.ABSENT),
        ("负责人（签字）：＿＿＿＿（公章）", Presence.ABSENT),
        ("负责人（签字）：\n（公章）", Presence.ABSENT),
        ("负责人（签字）：××", Presence.ABSENT),
        ("（公章）", Presence.UNSURE),
    ],
)
def test_a_typed_signature(text: str, expected: Presence) -> None:
    found = slot(word("项目申报书", table(["申报单位意见", f"同意。\n{text}\n年 月 日"])), "applicant_opinion")
    assert found.signature is expected
    assert (found.signature_place is None) is (text == "（公章）")


def test_a_picture_that_is_no_seal_may_be_a_signature() -> None:
    document = word("项目申报书", table(["申报单位意见", "负责人（签字）：\n年 月 日"]))
    picture = Picture(Place(path="table 1 / row 1 / cell 2 / paragraph 1 / picture 1"), 90, 40)
    assert slot(replace(document, pictures=(picture,)), "applicant_opinion").signature is Presence.UNSURE


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (Box(0.37, 0.34, 0.45, 0.37), Presence.UNSURE),
        (Box(0.28, 0.34, 0.36, 0.37), Presence.UNSURE),
        (Box(0.57, 0.29, 0.77, 0.43), Presence.ABSENT),  # the seal's
        (Box(0.0, 0.0, 1.0, 1.0), Presence.ABSENT),  # the ground of the page
    ],
)
def test_a_picture_behind_the_words_on_a_printed_page_may_be_a_signature(box: Box, expected: Presence) -> None:
    lines = [replace(line, source=Source.TEXT) for line in scan(*SIGNED).lines]
    document = stamped(Document("pdf", blocks=tuple(lines)), seal(at(0.57, 0.29, 0.77, 0.43)))
    document = replace(document, pictures=(Picture(Place(1, box), 300, 120),))
    assert slot(document, "applicant_opinion").signature is expected


SIGNED = ((0.1, 0.3, "申报单位意见："), (0.2, 0.36, "负责人（签字）："), (0.5, 0.39, "2021年8月25日"))


@pytest.mark.parametrize(
    ("handwriting", "seals", "expected"),
    [
        ((at(0.4, 0.35, 0.5, 0.38),), (), Presence.PRESENT),
        ((at(0.4, 0.35, 0.5, 0.38),), (seal(at(0.38, 0.3, 0.6, 0.45)),), Presence.PRESENT),
        ((at(0.4, 0.75, 0.5, 0.78),), (), Presence.ABSENT),  # elsewhere
        ((), (), Presence.ABSENT),
        ((), (seal(at(0.38, 0.3, 0.6, 0.45)),), Presence.ABSENT),
        ((), (seal(at(0.38, 0.3, 0.6, 0.45), colour=SealColour.BLACK),), Presence.UNSURE),
    ],
)
def test_a_signature_on_a_scan(handwriting: tuple[Place, ...], seals: tuple[Seal, ...], expected: Presence) -> None:
    document = replace(scan(*SIGNED), handwriting=handwriting, seals=seals)
    assert slot(document, "applicant_opinion").signature is expected


def test_a_signature_that_was_read_into_one_word_with_the_colon_is_behind_the_words() -> None:
    texts = ("负责人签字", ":F", "2021年8月25日")
    boxes = (Box(0.2, 0.36, 0.3, 0.38), Box(0.3, 0.34, 0.45, 0.4), Box(0.5, 0.36, 0.7, 0.38))
    words = tuple(Word(text, box, 0.9) for text, box in zip(texts, boxes, strict=True))
    line = Line("负责人签字:F 2021年8月25日", at(0.2, 0.34, 0.7, 0.4), 0.9, words, source=Source.OCR)
    document = scan(SIGNED[0])
    document = replace(document, blocks=(*document.blocks, line), handwriting=(at(0.31, 0.34, 0.44, 0.4),))
    assert slot(document, "applicant_opinion").signature is Presence.PRESENT


def test_a_legible_name_is_a_signature_though_a_seal_stands_beside_it() -> None:
    lines = (SIGNED[0], (0.2, 0.36, "负责人（签字）：苟润祥", 0.98), SIGNED[2])
    for left, expected in ((0.45, Presence.PRESENT), (0.38, Presence.UNSURE)):
        document = replace(scan(*lines), seals=(seal(at(left, 0.3, 0.6, 0.45)),))
        assert slot(document, "applicant_opinion").signature is expected


def test_a_legible_name_beneath_a_seal_that_says_something_else_is_a_signature() -> None:
    for name, text, sure, expected in (
        ("苟润祥", "中国林学会", 0.98, Presence.PRESENT),
        ("苟润祥", "中国林学会", 0.6, Presence.UNSURE),
        ("林学会", "中国林学会", 0.98, Presence.UNSURE),
    ):
        lines = (SIGNED[0], (0.2, 0.36, f"负责人（签字）：{name}", 0.98), SIGNED[2])
        over = replace(seal(at(0.38, 0.3, 0.6, 0.45), text), confidence=sure)
        assert slot(replace(scan(*lines), seals=(over,)), "applicant_opinion").signature is expected


@pytest.mark.parametrize(("sure", "expected"), [(0.97, Presence.PRESENT), (0.7, Presence.UNSURE)])
def test_a_surely_read_name_is_one_though_the_printed_brackets_before_it_are_in_doubt(
    sure: float, expected: Presence
) -> None:
    text, name = "负责人（签字)苟润祥", "苟润祥"
    words = tuple(
        Word(
            char,
            Box(0.2 + 0.02 * at, 0.36, 0.22 + 0.02 * at, 0.38),
            sure if char in name else 0.6 if char in "（)" else 1,
        )
        for at, char in enumerate(text)
    )
    document = scan(SIGNED[0], (0.2, 0.36, text, 0.85), SIGNED[2])
    lines = [replace(line, words=words) if line.text == text else line for line in document.lines]
    over = replace(seal(at(0.38, 0.3, 0.6, 0.45), "中国林学会"), confidence=0.98)
    assert slot(replace(document, blocks=tuple(lines), seals=(over,)), "applicant_opinion").signature is expected


def test_a_legible_name_a_little_above_the_words_is_a_signature() -> None:
    for name, expected in (("杨茂发", Presence.PRESENT), ("（公章）", Presence.ABSENT)):
        lines = (SIGNED[0], (0.38, 0.35, name), (0.2, 0.36, "负责人（签字）："), SIGNED[2])
        assert slot(scan(*lines), "applicant_opinion").signature is expected
    first = scan((0.1, 0.9, "申报单位意见："))
    second = scan((0.38, 0.065, "杨茂发"), (0.2, 0.075, "负责人（签字）："), (0.5, 0.1, "2021年8月25日"))
    behind = tuple(replace(line, place=replace(line.place, page=2)) for line in second.blocks)
    found = slot(replace(first, blocks=first.blocks + behind), "applicant_opinion")
    assert found.signature is Presence.PRESENT, "at the top of the next page it is no header"


@pytest.mark.parametrize(
    ("text", "sure"), [("负责人签字A2 2021年8月28日", 0.9), ("负责人（签字）：省茶叶", 0.98), ("负责人（签字）：", 0.7)]
)
def test_where_a_seal_ran_into_the_line_nobody_knows_who_signed(text: str, sure: float) -> None:
    lines = (SIGNED[0], (0.2, 0.36, text, sure), SIGNED[2])
    document = replace(scan(*lines), seals=(seal(at(0.38, 0.3, 0.6, 0.45)),))
    assert slot(document, "applicant_opinion").signature is Presence.UNSURE


# ------------------------------------------------------------------------------------------------- hostile


def test_many_labels_and_broken_boxes_end() -> None:
    lines = [Line("申报单位意见", Place(1, Box(0.5, 0.5, 0.5, 0.5))) for _ in range(3000)]
    seals = (seal(Place(1)), seal(at(0.9, 0.9, 0.1, 0.1)))
    assert len(find_slots(Document("png", blocks=tuple(lines), seals=seals), FORM)) <= len(FORM.slots)


def test_a_place_for_the_applicants_seal_at_the_foot_of_a_form() -> None:
    lines = [
        (0.1, 0.1, "项目申请表"),
        (0.1, 0.2, "主办单位：中国林学会"),
        (0.1, 0.3, "一、活动方案"),
        (0.1, 0.4, "开展培训六期。"),
    ]
    form = scan(*lines, (0.5, 0.8, "申请单位（公章）"), (0.5, 0.84, "2021年8月31日"))
    assert slot(stamped(form, seal(at(0.55, 0.75, 0.75, 0.88))), "cover").seals == (0,)


def test_a_seal_in_a_cell_of_a_pages_text_layer() -> None:
    box = Box(0.2, 0.3, 0.9, 0.42)
    lines = (Line("同意申报。", Place(1, Box(0.2, 0.3, 0.3, 0.32), "table 2 / row 1 / cell 2")),)
    label = Cell((Line("申报单位意见", Place(1, Box(0.1, 0.3, 0.2, 0.32))),), 0, 0, Place(1, Box(0.1, 0.3, 0.2, 0.42)))
    cells = (label, Cell(lines, 0, 1, Place(1, box, "table 2 / row 1 / cell 2")))
    document = Document("pdf", blocks=(Table(cells, Place(1, Box(0.1, 0.3, 0.9, 0.42), "table 2")),))
    assert slot(stamped(document, seal(at(0.68, 0.28, 0.86, 0.41))), "applicant_opinion").seals == (0,)


def test_a_signature_in_a_picture_beside_the_words_of_a_text_layer() -> None:
    asked = Line("负责人（签字）：", Place(1, Box(0.3, 0.38, 0.42, 0.4), "table 1 / row 1 / cell 2"))
    cells = (
        Cell((Line("申报单位意见", Place(1, Box(0.1, 0.3, 0.2, 0.32))),), 0, 0, Place(1, Box(0.1, 0.3, 0.2, 0.42))),
        Cell((Line("同意申报。", Place(1, Box(0.2, 0.3, 0.3, 0.32))), asked), 0, 1, Place(1, Box(0.2, 0.3, 0.9, 0.42))),
    )
    form = Document("pdf", blocks=(Table(cells, Place(1, Box(0.1, 0.3, 0.9, 0.42))),))
    name = Line("文德", Place(1, Box(0.44, 0.375, 0.5, 0.405)), 0.95, source=Source.OCR)
    assert slot(form, "applicant_opinion").signature is Presence.ABSENT
    assert slot(replace(form, blocks=(*form.blocks, name)), "applicant_opinion").signature is Presence.PRESENT


def test_a_reply_beside_the_signature_leaves_it_its_seal() -> None:
    head = [(0.2, 0.1, "关于商请共同开展科技志愿服务活动的函"), (0.1, 0.2, "安吉县科学技术协会：")]
    left = [(0.1, 0.5, "发函单位（盖章）："), (0.1, 0.54, "中国林学会"), (0.1, 0.66, "2021年8月26日")]
    right = [(0.55, 0.5, "结对单位意见（盖章）："), (0.55, 0.54, "同意结对。"), (0.55, 0.66, "2021年8月30日")]
    cells = [
        Cell(scan(*lines).lines, 0, column, Place(1, Box(0.1 + 0.45 * column, 0.48, 0.5 + 0.45 * column, 0.7)))
        for column, lines in enumerate((left, right))
    ]
    letter = replace(
        scan(*head), blocks=(*scan(*head).blocks, Table(tuple(cells), Place(1, Box(0.1, 0.48, 0.95, 0.7))))
    )
    document = stamped(letter, seal(at(0.15, 0.56, 0.35, 0.69)), seal(at(0.6, 0.56, 0.8, 0.69), "安吉县科学技术协会"))
    assert slot(document, "sender_signature", LETTER).seals == (0,)
    assert slot(document, "county_reply", LETTER).seals == (1,)


@pytest.mark.parametrize(
    ("name", "confidence", "presence"),
    [("江豪", 0.95, Presence.PRESENT), ("江豪", 0.78, Presence.UNSURE), ("水利", 0.95, Presence.ABSENT)],
)
def test_a_name_that_was_read_beneath_a_seal_is_a_signature_where_it_is_none_of_its_own(
    name: str, confidence: float, presence: Presence
) -> None:
    words = [(0.1, 0.3, "申报单位意见："), (0.1, 0.34, "同意申报。"), (0.13, 0.52, "负责人（签字）：")]
    form = scan(*words, (0.28, 0.495, name, confidence))
    document = stamped(form, replace(seal(at(0.12, 0.4, 0.32, 0.55), "中国水利学会"), confidence=0.99))
    assert slot(document, "applicant_opinion").signature is presence


def test_a_label_beside_which_part_of_a_seal_was_read() -> None:
    form = scan(
        (0.1, 0.3, "十一、申报学会意见"),
        (0.6, 0.3, "中国水利学"),
        (0.1, 0.34, "同意申报。"),
        (0.6, 0.38, "2021年8月25日"),
    )
    lines = [replace(line, under_seal=line.text.startswith("中国")) for line in form.lines]
    document = stamped(replace(form, blocks=tuple(lines)), seal(at(0.6, 0.28, 0.8, 0.41)))
    assert slot(document, "applicant_opinion").seals == (0,)


@pytest.mark.parametrize(
    ("text", "presence"), [("负责人签字程嘉", Presence.PRESENT), ("负责人签字或盖章：", Presence.ABSENT)]
)
def test_a_name_behind_the_words_is_none_of_them_though_the_colon_is_lost(text: str, presence: Presence) -> None:
    form = scan((0.1, 0.3, "申报单位意见："), (0.1, 0.34, "同意申报。"), (0.13, 0.52, text))
    assert slot(form, "applicant_opinion").signature is presence
