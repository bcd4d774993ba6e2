"""Rules that rest on what a form is made of: its slots, its prose, its edition. Judged by the call's own rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.document import (
    Box,
    Document,
    Line,
    Page,
    Place,
    Presence,
    Reading,
    Seal,
    SealColour,
    SealShape,
    Source,
)
from extractors.forms.classify import classify
from extractors.forms.slots import find_slots
from services.validation.judge import judge
from services.validation.model import File, Finding, Outcome, Text, Unreadable
from services.validation.prose import ended
from tests.extractors.forms.build import CALL, table, word
from tests.services.validation.build import BLIND, IN_TIME

NATIONAL = (["申报单位", "中国林学会"], ["申报类别", "☑全国学会 □省级学会"])
PROVINCIAL = (["申报单位", "湖南省林学会"], ["申报类别", "□全国学会 ☑省级学会"])
CONTENT = "组建科技志愿服务队，为农村群众开展培训。带动湖南省林学会共同开展工作。"
SIGNED = "同意申报。\n负责人（签字）：王伟\n（公章）\n2021年8月25日"


def read(document: Document, name: str = "申报书.docx") -> File:
    found = classify(document, CALL.forms)
    form = CALL.form(found.kind)
    slots = find_slots(document, form) if form is not None else ()
    return File(name, "0" * 64, 1, Reading(document, found.kind, found.confidence, found.fields, slots))


def form(
    *more: list[str],
    who: tuple[list[str], ...] = NATIONAL,
    content: str = CONTENT,
    title: str = "项目申报书",
    partner: str = "湖南省桃源县科学技术协会",
) -> Document:
    rows = [
        ["项目名称", "油茶提质增效行动"],
        *who,
        ["项目负责人", "周明"],
        ["联系人", "李芳"],
        ["结对单位", partner],
        ["申请经费", "20万元"],
        *([["实施内容", content]] if content else []),
        *more,
    ]
    return word("“智惠行动·百会百县乡村行”", title, table(*rows))


def findings(rule: str, *files: File) -> list[Finding]:
    return [finding for finding in judge(CALL, files, IN_TIME).findings if finding.rule == rule]


def outcome(rule: str, *documents: Document | File) -> str:
    files = [each if isinstance(each, File) else read(each) for each in documents]
    (finding,) = findings(rule, *files)
    assert finding.message.zh
    assert finding.message.en
    assert bool(finding.suggestion.zh) is (finding.outcome is Outcome.VIOLATED)
    return finding.outcome.value


def seal(text: str, place: Place, confidence: float = 0.95) -> Seal:
    return Seal(SealShape.ROUND, SealColour.RED, text, place, confidence=confidence, legibility=1.0)


def in_box(document: Document, row: int, text: str) -> Document:
    """The form with a seal in the box of a row (from 1)."""
    return replace(
        document, seals=(*document.seals, seal(text, Place(path=f"table 1 / row {row} / cell 2 / picture 1")))
    )


def as_scan(document: Document) -> Document:
    return replace(document, pages=(Page(1, Source.OCR, dpi=200.0),))


OPINION = (["申报单位意见", "同意申报。\n（公章）\n2021年8月25日"],)
CUT = "组建科技志愿服务队，为农村群众开展"
SEALED = form(*OPINION, who=PROVINCIAL)

UNREADABLE = File("扫描件.pdf", "1" * 64, 1, None, Unreadable("damaged", Text("坏", "bad")))

# --------------------------------------------------------------------------------------------- signatures


@pytest.mark.parametrize(
    ("expected", "documents"),
    [
        ("passed", [form(["申报单位意见", SIGNED])]),
        ("passed", [form(["申报单位意见", SIGNED.replace("王伟", "")]), form(["申报单位意见", SIGNED])]),
        ("violated", [form(["申报单位意见", SIGNED.replace("王伟", "")])]),
        ("violated", [form(["申报单位意见", SIGNED], ["承诺书", "本单位承诺。\n法定代表人（签字）：\n年 月 日"])]),
        ("undetermined", [form(["申报单位意见", SIGNED.replace("王伟", "")]), UNREADABLE]),
        ("not_applicable", [form(["申报单位意见", "同意。\n（公章）"])]),
        ("not_applicable", [form()]),
        ("not_applicable", [word("别的")]),
        ("undetermined", [UNREADABLE]),
    ],
)
def test_missing_signature(expected: str, documents: list[Document | File]) -> None:
    assert outcome("missing-signature", *documents) == expected


def test_a_form_that_was_photographed_page_by_page() -> None:
    second = as_scan(word("单位负责人（签字）：", "2021年8月26日", "项目实施过程中如有变更，将及时报告。"))
    assert outcome("missing-signature", form(), second) == outcome("wrong-document", form(), second) == "undetermined"
    signed = form(["申报单位意见", SIGNED])
    assert (
        outcome("wrong-document", signed, second) == outcome("wrong-document", form(), word("会议纪要")) == "violated"
    )


def test_a_signature_that_could_not_be_seen_is_undetermined() -> None:
    file = read(form(["申报单位意见", SIGNED]))
    assert file.reading is not None
    unsure = tuple(replace(slot, signature=Presence.UNSURE) for slot in file.reading.slots)
    assert outcome("missing-signature", replace(file, reading=replace(file.reading, slots=unsure))) == "undetermined"


# --------------------------------------------------------------------------------------- seals and slots

BOXED = form(["申报单位意见", SIGNED])
STRAY = seal("中国林学会", Place(1, Box(0.4, 0.1, 0.6, 0.24)))


@pytest.mark.parametrize(
    ("expected", "document"),
    [
        ("passed", in_box(BOXED, 9, "中国林学会")),
        ("not_applicable", BOXED),
        ("violated", replace(BOXED, seals=(seal("中国林学会", Place(1, Box(0.4, 0.1, 0.6, 0.24))),))),
        ("passed", replace(BOXED, seals=(seal("中国林学会", Place(1, Box(0.95, 0.1, 1.0, 0.24))),))),  # 骑缝章
        ("undetermined", replace(form(), seals=(seal("中国林学会", Place(1, Box(0.4, 0.1, 0.6, 0.24))),))),
        ("undetermined", replace(BOXED, seals=(seal("中国林学会", Place(path="shape 3")),))),
        ("violated", as_scan(replace(BOXED, seals=(STRAY,)))),
        ("undetermined", as_scan(replace(BOXED, seals=(replace(STRAY, colour=SealColour.BLACK),)))),  # hides its slot
    ],
)
def test_seal_without_slot(expected: str, document: Document) -> None:
    assert outcome("seal-without-slot", document) == expected


# -------------------------------------------------------------------------------------------------- consent

CONSENT = ["省级科协（科普部）意见", "（公章）\n年 月 日"]
GIVEN = ["省级科协（科普部）意见", "同意推荐。\n（公章）\n2021年8月30日"]
OTHER_WORDS = ["省级科协（科普部）意见", "请补充材料。\n（公章）\n2021年8月30日"]
REFUSED = ["省级科协（科普部）意见", "不同意推荐。\n（公章）\n2021年8月30日"]
CODE = ["省级科协（科普部）意见", "1549361932244\n（公章）\n年 月 日"]
BLANK_CONSENT = form(CONSENT, who=PROVINCIAL)


@pytest.mark.parametrize(
    ("expected", "documents"),
    [
        ("passed", [form(GIVEN, who=PROVINCIAL)]),
        ("passed", [in_box(BLANK_CONSENT, 9, "湖南省科学技术协会")]),
        ("passed", [in_box(BLANK_CONSENT, 9, "湖南省科协科普部")]),
        ("passed", [BLANK_CONSENT, form(GIVEN, who=PROVINCIAL)]),
        ("violated", [BLANK_CONSENT]),
        ("violated", [form(CODE, who=PROVINCIAL)]),
        ("undetermined", [form(OTHER_WORDS, who=PROVINCIAL)]),
        ("undetermined", [form(REFUSED, who=PROVINCIAL)]),
        ("violated", [form(who=PROVINCIAL)]),
        ("violated", [in_box(BLANK_CONSENT, 9, "湖南省林学会")]),
        ("undetermined", [in_box(BLANK_CONSENT, 9, "湖北省科学技术协会")]),
        ("undetermined", [in_box(BLANK_CONSENT, 9, "")]),
        ("undetermined", [as_scan(form(who=PROVINCIAL))]),
        ("undetermined", [BLANK_CONSENT, UNREADABLE]),
        ("not_applicable", [form(CONSENT)]),
        ("not_applicable", [word("别的")]),
        ("undetermined", [form(CONSENT, who=(["申报单位", "绿源学会"],))]),
    ],
)
def test_missing_provincial_consent(expected: str, documents: list[Document | File]) -> None:
    assert outcome("missing-provincial-consent", *documents) == expected


def test_words_of_consent_on_a_stamped_scan_without_the_associations_seal_are_for_a_person() -> None:
    given = form(*OPINION, GIVEN, who=PROVINCIAL)
    applicant = in_box(given, 9, "湖南省林学会")
    assert outcome("missing-provincial-consent", applicant) == "passed", "a Word file bears what it bears"
    assert outcome("missing-provincial-consent", as_scan(given)) == "passed", "a copy that shows no seal at all"
    assert outcome("missing-provincial-consent", as_scan(applicant)) == "undetermined"
    sealed = in_box(applicant, 10, "湖南省科协科普部")
    assert outcome("missing-provincial-consent", as_scan(sealed)) == "passed"
    beside = replace(applicant, seals=(*applicant.seals, seal("湖南省科学技术协会", Place(1))))
    assert outcome("missing-provincial-consent", as_scan(beside)) == "passed", "beside its box"


def test_a_letter_of_consent_does_as_well() -> None:
    letter = replace(
        word("关于推荐项目的意见", "同意推荐湖南省林学会申报。"), seals=(seal("湖南省科学技术协会", Place(1)),)
    )
    assert outcome("missing-provincial-consent", form(who=PROVINCIAL), letter) == "passed"


# --------------------------------------------------------------------------------- the societies that help


def test_that_a_scan_speaks_of_no_provincial_society_is_told_where_every_section_was_read() -> None:
    names = ("立项依据", "志愿服务队伍", "进度安排", "预期成效")
    whole = form(*([name, "组建服务队，培训农民。"] for name in names), content="组建服务队。")
    assert outcome("missing-province-society-plan", as_scan(whole)) == "violated"
    part = form(*([name, "组建服务队，培训农民。"] for name in names[1:]), content="组建服务队。")
    assert outcome("missing-province-society-plan", as_scan(part)) == "undetermined"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("组建服务队，培训农民。", True),
        ("组建由二十名专家组成的服务队，培训农\n民八百人次", True),  # its last line is not full
        ("组建由二十名专家组成的服务队，培训农\n民八百人次，发放资料三千份，形成工作", False),
        ("组建服务队", False),
        ("", False),
    ],
)
def test_what_was_read_of_a_section_is_whole_where_it_ends(text: str, whole: bool) -> None:
    assert ended(text) is whole


@pytest.mark.parametrize(
    ("expected", "document"),
    [
        ("passed", form()),
        ("passed", form(["带动的省级学会", "湖南省油茶协会"], content="组建服务队。")),
        ("passed", form(content="联合省林学会开展培训。")),
        ("passed", form(content="会同西藏自治区畜牧兽医学会实施。", partner="西藏自治区当雄县科学技术协会")),
        ("violated", form(content="组建服务队，与桃源县科学技术协会结对。")),
        ("violated", form(content="带动浙江省林学会共同开展工作。")),  # of another province
        ("violated", form(content="联合湖南省桃源县油茶协会开展培训。")),  # a county's
        ("violated", form(content="在湖南省科学技术协会指导下开展。")),
        ("undetermined", form(content="带动当地省级学会共同开展工作。")),
        ("undetermined", as_scan(form(content=""))),
        ("undetermined", replace(form(content="组建服务队。"), defects=(BLIND,))),
        ("undetermined", form(content="带动山西省林学会。", partner="金沙湾县科学技术协会")),  # 沙湾县 is in 新疆
        ("not_applicable", form(who=PROVINCIAL, content="组建服务队。")),
    ],
)
def test_missing_province_society_plan(expected: str, document: Document) -> None:
    assert outcome("missing-province-society-plan", document) == expected


@pytest.mark.parametrize(
    ("expected", "document"),
    [
        ("passed", form(["全国学会意见", "同意支持。\n年 月 日"], who=PROVINCIAL)),
        ("passed", form(who=PROVINCIAL, content="项目得到中国林学会的指导。")),
        ("violated", form(["全国学会意见", "（公章）\n年 月 日"], who=PROVINCIAL)),
        ("violated", form(who=PROVINCIAL, content="落实中国科学技术协会的部署。")),
        ("undetermined", as_scan(form(who=PROVINCIAL))),
        ("violated", as_scan(in_box(SEALED, 9, "湖南省林学会"))),  # all that the scan has was read
        ("undetermined", as_scan(in_box(SEALED, 3, "湖南省林学会"))),  # a seal whose slot was not found
        ("undetermined", as_scan(in_box(form(*OPINION, who=PROVINCIAL, content=CUT), 9, "湖南省林学会"))),
        ("undetermined", as_scan(in_box(SEALED, 9, ""))),
        ("not_applicable", form()),
    ],
)
def test_missing_national_support(expected: str, document: Document) -> None:
    assert outcome("missing-national-support", document) == expected


@pytest.mark.parametrize(
    ("expected", "document"),
    [
        ("passed", form()),
        ("violated", form(content="购置仪器，发表论文。")),
        ("violated", form(content="组建志愿服务队，开展培训。")),  # where?
        ("undetermined", form(content="")),
        ("undetermined", as_scan(form(content="购置仪器，发表论文。"))),
        ("not_applicable", word("别的")),
    ],
)
def test_missing_volunteer_content(expected: str, document: Document) -> None:
    assert outcome("missing-volunteer-content", document) == expected


# ------------------------------------------------------------------------------------- editions, leftovers


@pytest.mark.parametrize(
    ("expected", "document"),
    [
        ("passed", form()),
        ("passed", form(title="2021年度项目申报书")),
        ("passed", form(["起止时间", "2020年9月至2022年8月"])),
        ("passed", replace(form(), blocks=(Line("制作明白纸2000份，送到农户手中。", Place()), *form().blocks))),
        ("violated", form(title="2020年度项目申报书")),
        ("violated", replace(form(), blocks=(Line("中国科协科普部制 2019年", Place()), *form().blocks))),
        (
            "violated",
            form(
                ["立项依据和目的", "依据"],
                ["目标及预期成果", "成果"],
                ["实施条件", "好"],
                ["是否有专门科普工作部门", "有"],
            ),
        ),
        ("not_applicable", word("别的")),
    ],
)
def test_outdated_template(expected: str, document: Document) -> None:
    assert outcome("outdated-template", document) == expected


def test_another_calls_form_is_a_missing_form() -> None:
    whole = form(title="基层科普行动计划项目申报书", content="推广新品种。")
    other = replace(whole, blocks=whole.blocks[1:])
    assert outcome("missing-application-form", other) == "violated"
    assert outcome("wrong-document", other) == "violated"


@pytest.mark.parametrize(
    "text",
    [
        "本项目由××学会与××县科协共同实施。",
        "拟于XX月在XX镇开展活动",
        "某某县科学技术协会",
        "（此处填写项目的必要性，填写后请删除本提示）",
        "【请简要说明与县科协沟通情况】",
        "单击此处输入文字。",
    ],
)
def test_what_the_template_says_was_left(text: str) -> None:
    assert outcome("placeholder-left", form(content=f"{CONTENT}\n{text}")) == "violated"


@pytest.mark.parametrize(
    "text",
    ["邮箱 xx@example.org", "单位名称（请填写全称）", "服务（含培训）100人次", "规格 3×5 米", "○三年", "No. AXX12"],
)
def test_what_only_looks_like_a_placeholder(text: str) -> None:
    assert outcome("placeholder-left", form(content=f"{CONTENT}\n{text}")) == "passed"


@pytest.mark.parametrize(
    ("expected", "documents"),
    [
        ("passed", [form()]),
        ("violated", [form(), word("活动实施方案", "一、总体安排", "组织专家分批深入乡镇开展服务，厉行节约。")]),
        ("undetermined", [form(), as_scan(word("模糊"))]),
        ("passed", [form(), UNREADABLE]),
        ("passed", [form(), word("邮件", "从QQ邮箱发来的超大附件", "申报书.zip（2021年9月25日到期）进入下载页面")]),
    ],
)
def test_wrong_document(expected: str, documents: list[Document | File]) -> None:
    assert outcome("wrong-document", *documents) == expected


def test_readings_without_text_are_not_judged_by_their_text() -> None:
    """A portal may send fields only (Validate): what needs the text is then undetermined, never passed."""
    file = read(form(["申报单位意见", SIGNED]))
    assert file.reading is not None
    bare = replace(file, reading=replace(file.reading, document=Document("docx")))
    assert outcome("outdated-template", bare) == "undetermined"
    assert outcome("placeholder-left", bare) == "undetermined"
    assert outcome("missing-signature", bare) == "passed"
