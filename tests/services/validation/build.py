"""Submissions and calls for tests, written so that a test shows only what matters to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import services.validation.checks  # noqa: F401  (registers the checks)
from extractors.document import (
    Box,
    Defect,
    Document,
    Field,
    FieldState,
    Line,
    Page,
    Place,
    Reading,
    Seal,
    SealColour,
    SealShape,
    Slot,
    Source,
)
from extractors.forms.spec import FieldSpec, FieldType, Finder, FormSpec, SlotFinder, SlotSpec
from services.validation.call import load_call
from services.validation.check import CHECKS, Observation, parse_params
from services.validation.model import Call, File, Rule, Submission, Text, Unreadable

BEIJING = timezone(timedelta(hours=8))
IN_TIME = datetime(2021, 9, 1, 10, 0, tzinfo=BEIJING)
ZHIHUI = Path(__file__).parents[3] / "services/calls/zhihui-2021"

T = FieldType
FORM = FormSpec(
    "application_form",
    "项目申报书",
    "application form",
    ("项目申报书",),
    (
        FieldSpec("project_name", T.TEXT, ("项目名称", "申报项目名称")),
        FieldSpec("applicant", T.ORGANISATION, ("申报单位",)),
        FieldSpec("leader_name", T.PERSON, ("项目负责人",)),
        FieldSpec("leader_phone", T.PHONE, ("负责人电话",)),
        FieldSpec("leader_email", T.EMAIL, ("负责人邮箱",)),
        FieldSpec("contact_name", T.PERSON, ("联系人",)),
        FieldSpec("contact_phone", T.PHONE, ("联系电话",)),
        FieldSpec("contact_email", T.EMAIL, ("电子邮箱",)),
        FieldSpec("partner", T.ORGANISATION, ("结对单位",)),
        FieldSpec("partner_county", T.COUNTY, (), (Finder.PART,), of="partner"),
        FieldSpec("period_start", T.DATE, ("起止时间",), (Finder.PERIOD_START,)),
        FieldSpec("period_end", T.DATE, ("起止时间",), (Finder.PERIOD_END,)),
        FieldSpec("requested_amount", T.MONEY, ("申请金额",)),
        FieldSpec("total_budget", T.MONEY, ("经费总额",)),
        FieldSpec("budget_total", T.MONEY, ("合计",)),
        FieldSpec("self_funded_amount", T.MONEY, ("自筹经费",)),
        FieldSpec(
            "budget_items",
            T.ROWS,
            ("经费预算",),
            (Finder.TABLE,),
            columns=(
                FieldSpec("item", T.TEXT, ("支出科目",)),
                FieldSpec("amount", T.MONEY, ("金额",)),
                FieldSpec("quantity", T.TEXT, ("数量",)),
                FieldSpec("unit_price", T.MONEY, ("单价",)),
            ),
        ),
        FieldSpec("filled_on", T.DATE, ("填报日期",)),
    ),
    slots=(
        SlotSpec("cover", ("申报单位",), "封面", "the cover"),
        SlotSpec("commitment", ("承诺书",), "承诺书", "the commitment"),
        SlotSpec("applicant_opinion", ("申报单位意见",), "申报单位意见", "the applicant's opinion"),
        SlotSpec("provincial_consent", ("省级科协意见",), "省级科协意见", "the provincial consent"),
    ),
)
LETTER = FormSpec(
    "pairing_letter",
    "结对函",
    "pairing letter",
    ("关于商请共同开展科技志愿服务活动的函",),
    (
        FieldSpec("addressee", T.ORGANISATION, (), (Finder.ADDRESSEE,)),
        FieldSpec("sender", T.ORGANISATION, (), (Finder.SIGNATURE,)),
        FieldSpec("issued_on", T.DATE, (), (Finder.SIGNATURE_DATE,)),
        FieldSpec("activity_name", T.TEXT, ("共同开展",), (Finder.QUOTED,)),
        FieldSpec("contact_phone", T.PHONE, ("电话",)),
        FieldSpec("replied_on", T.DATE, (), (Finder.REPLY_DATE,)),
    ),
    slots=(
        SlotSpec("sender_signature", (), "署名", "the signature", finder=SlotFinder.SIGNATURE),
        SlotSpec("county_reply", (), "回执", "the reply", finder=SlotFinder.REPLY),
    ),
)

FORM_VALUES = {
    "project_name": "油茶提质增效科技志愿服务",
    "applicant": "湖南省林学会",
    "leader_name": "周明",
    "leader_phone": "13873612345",
    "contact_name": "李芳",
    "contact_phone": "0731-85551234",
    "contact_email": "lifang@hnlx.org.cn",
    "partner": "桃源县科学技术协会",
    "period_end": "2022-08",
    "requested_amount": "200000",
    "total_budget": "200000",
}
LETTER_VALUES = {
    "addressee": "桃源县科协",
    "sender": "湖南省林学会",
    "issued_on": "2021-08-26",
    "activity_name": "油茶提质增效科技志愿服务活动",
}


def call(rules: tuple[Rule, ...] = (), forms: tuple[FormSpec, ...] = (FORM, LETTER)) -> Call:
    deadline = datetime(2021, 9, 3, 23, 59, 59, tzinfo=BEIJING)
    title = Text("“智惠行动·百会百县乡村行”系列科技志愿服务项目", "Zhihui Action")
    return Call(
        "zhihui-2021", title, "科协普函基字〔2021〕29号", "中国科协科普部", "2021-08-23", deadline, forms, rules
    )


ON_FORMS = {
    "signed",
    "seals_in_slots",
    "file_kinds",
    "edition_current",
    "no_placeholders",
    "provincial_consent",
    "province_society",
    "national_support",
    "mentions",
}


def rules_on_values() -> tuple[Rule, ...]:
    """The rules of the call zhihui-2021, but for those that rest on slots, prose and text: they are tested on forms
    that have them (checks/test_forms.py)."""
    return tuple(rule for rule in load_call(ZHIHUI).rules if rule.check not in ON_FORMS)


def observe(
    check: str, params: Mapping[str, object], *files: File, received: datetime | None = None
) -> list[Observation]:
    """What a check says about these files."""
    registered = CHECKS[check]
    submission = Submission(files, received)
    return list(registered.run(submission, parse_params(registered.params, params, call())))


def outcomes(observations: list[Observation]) -> list[str]:
    return [observation.outcome.value for observation in observations]


# ------------------------------------------------------------------------------------------------------- papers


def field(id: str, value: str, confidence: float = 1.0, engine: str = "text") -> Field:
    return Field(id, value, value, confidence=confidence, engine=engine, place=Place(path=f"field {id}"))


def blank(id: str) -> Field:
    return Field(id, "", state=FieldState.BLANK, place=Place(path=f"field {id}"))


def puzzle(id: str, raw: str, engine: str = "text") -> Field:
    """Something is written that could not be understood."""
    return Field(id, "", raw, FieldState.UNCLEAR, Place(path=f"field {id}"), 0.3, engine)


def budget(*amounts: str, confidence: float = 1.0) -> Field:
    rows = tuple(
        (field("item", f"第{number}项"), field("amount", amount, confidence) if amount else blank("amount"))
        for number, amount in enumerate(amounts, 1)
    )
    return Field("budget_items", str(len(rows)), "经费预算表", place=Place(path="table 2"), rows=rows)


def seal(text: str, confidence: float = 0.95, centre: str = "", left: float = 0.6) -> Seal:
    place = Place(1, Box(left, 0.7, left + 0.2, 0.85))
    return Seal(
        SealShape.ROUND,
        SealColour.RED,
        text,
        place,
        centre,
        legibility=1.0 if text else 0.0,
        confidence=confidence,
        centre_confidence=confidence if centre else 0.0,
    )


def paper(
    kind: str,
    *fields: Field,
    name: str = "",
    scan: bool = False,
    seals: tuple[Seal, ...] = (),
    defects: tuple[Defect, ...] = (),
    slots: tuple[Slot, ...] = (),
    text: str = "一二三四五六七八九十，一二三四五六七八九十。",
) -> File:
    """A file that was read. scan: its only page was read from a picture."""
    pages = (Page(1, Source.OCR, 210.0, 297.0, 200.0),) if scan else ()
    lines = (Line(text, Place(1 if scan else None)),) if text else ()
    document = Document("jpeg" if scan else "docx", pages, lines, seals=seals, defects=defects)
    return File(name or f"{kind}.{document.format}", "0" * 64, 1, Reading(document, kind, 0.9, fields, slots))


def form(
    *changes: Field,
    scan: bool = False,
    name: str = "",
    defects: tuple[Defect, ...] = (),
    seals: tuple[Seal, ...] = (),
    slots: tuple[Slot, ...] = (),
) -> File:
    """A good application form, but for the fields given. A field of state ABSENT is left out."""
    changed = {change.id: change for change in changes}
    fields = {id: field(id, value) for id, value in FORM_VALUES.items()} | {"budget_items": budget("120000", "80000")}
    kept = tuple(one for one in (fields | changed).values() if one.state is not FieldState.ABSENT)
    return paper("application_form", *kept, scan=scan, name=name, defects=defects, seals=seals, slots=slots)


def letter(
    *changes: Field,
    seals: tuple[Seal, ...] | None = None,
    defects: tuple[Defect, ...] = (),
    slots: tuple[Slot, ...] = (),
) -> File:
    """A good letter as a scan, stamped by the society and the county, but for what is given."""
    fields = {id: field(id, value, 0.95, "rapidocr") for id, value in LETTER_VALUES.items()}
    fields |= {change.id: change for change in changes}
    kept = tuple(one for one in fields.values() if one.state is not FieldState.ABSENT)
    stamped = (seal("湖南省林学会"), seal("桃源县科学技术协会", left=0.2)) if seals is None else seals
    return paper("pairing_letter", *kept, scan=True, seals=stamped, defects=defects, slots=slots)


def absent(id: str) -> Field:
    return Field(id, "", state=FieldState.ABSENT)


def unreadable(name: str = "函件.pdf", code: str = "encrypted") -> File:
    message = Text("文件设有打开密码，请取消密码保护后重新提交。", "The file is protected by a password.")
    return File(name, "1" * 64, 1, None, Unreadable(code, message))


BLIND = Defect("page_limit", "只读取了前 200 页。", "Only the first 200 pages were read.", blind=True)
UTC_NOON = datetime(2021, 9, 3, 12, 0, tzinfo=UTC)
