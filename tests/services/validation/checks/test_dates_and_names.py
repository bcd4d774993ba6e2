"""Checks of dates, of what is to be written in a form, of names of projects, and of links that stand in for files."""

from datetime import datetime, timedelta

import pytest

from extractors.document import Field, FieldState, Place, Reading
from extractors.forms.find import find
from services.validation.model import File, Severity
from tests.extractors.forms.build import LETTER as LETTER_FORM
from tests.extractors.forms.build import word
from tests.services.validation.build import (
    BEIJING,
    BLIND,
    IN_TIME,
    absent,
    blank,
    field,
    form,
    letter,
    observe,
    outcomes,
    paper,
    puzzle,
    unreadable,
)


def written(id: str, value: str, raw: str, confidence: float = 1.0, engine: str = "text") -> Field:
    return Field(id, value, raw, confidence=confidence, engine=engine, place=Place(path=f"field {id}"))


# ------------------------------------------------------------------------------------------------------- dates

ISSUED = {"field": "pairing_letter.issued_on", "earliest": "2021-08-23", "latest": "2021-09-03", "by_receipt": True}
FILLED = {"field": "application_form.filled_on", "by_receipt": True}
DATES = {**ISSUED, "also": [FILLED]}
PERIOD = {
    "field": "application_form.period_start",
    "earliest": "2021-08-01",
    "also": [{"field": "application_form.period_end", "latest": "2022-08-31"}],
    "in_order": True,
}


@pytest.mark.parametrize(
    ("issued", "filled", "told"),
    [
        ("2021-08-23", "2021-09-01", ["passed", "passed"]),
        ("2021-09-01", "2021-09-01", ["passed", "passed"]),
        ("2021-08-22", "2021-09-01", ["violated", "passed"]),
        ("2021-09-02", "2021-09-01", ["violated", "passed"]),  # received on 1 September
        ("2021-09-01", "2021-09-02", ["passed", "violated"]),
        ("2081-08-26", "2021-09-01", ["violated", "passed"]),
        ("2021-09", "2021-09", ["passed", "passed"]),
        ("2021-10", "2021-09", ["violated", "passed"]),
    ],
)
def test_nothing_is_dated_before_the_notice_or_after_its_receipt(issued: str, filled: str, told: list[str]) -> None:
    files = letter(field("issued_on", issued)), form(field("filled_on", filled))
    assert outcomes(observe("date_within", DATES, *files, received=IN_TIME)) == told


@pytest.mark.parametrize(("confidence", "told"), [(0.95, "violated"), (0.85, "undetermined")])
def test_a_date_that_was_read_unsurely_is_not_out_of_range(confidence: float, told: str) -> None:
    read = letter(field("issued_on", "2041-08-26", confidence=confidence, engine="ocr"))
    assert outcomes(observe("date_within", DATES, read, form(field("filled_on", "2021-08-25"))))[0] == told


def test_without_a_time_of_receipt_the_other_limits_count() -> None:
    late = letter(field("issued_on", "2021-09-03")), form(field("filled_on", "2031-01-01"))
    assert outcomes(observe("date_within", DATES, *late)) == ["passed", "passed"]


@pytest.mark.parametrize(
    ("confidence", "engine", "told"),
    [(1.0, "text", "violated"), (0.95, "rapidocr", "violated"), (0.8, "rapidocr", "undetermined")],
)
def test_a_day_that_the_calendar_does_not_have_is_a_slip_where_it_is_surely_read(
    confidence: float, engine: str, told: str
) -> None:
    slip = Field("issued_on", "", "2021年8月32日", FieldState.UNCLEAR, confidence=confidence, engine=engine)
    seen = observe("date_within", ISSUED, letter(slip))
    assert outcomes(seen) == [told]
    if told == "violated":
        assert (
            seen[0].message.zh == "成文日期“2021年8月32日”在日历上不存在。".replace("成文日期", "署名日期") or seen[0]
        )


def test_an_impossible_date_below_a_signature_is_still_the_letters() -> None:
    document = word(
        "中国林学会关于商请共同开展科技志愿服务活动的函",
        "安吉县科学技术协会：",
        "我会拟开展活动，特此函商，请予支持为盼。",
        "中国林学会",
        "2021年8月32日",
    )
    fields = {each.id: each for each in find(document, LETTER_FORM)}
    assert (fields["issued_on"].state, fields["issued_on"].raw) == (FieldState.UNCLEAR, "2021年8月32日")
    assert fields["sender"].value == "中国林学会"


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        ("2021-09", "2022-08", ["passed", "passed"]),
        ("2021-07-31", "2022-08", ["violated", "passed"]),
        ("2021-09", "2022-09", ["passed", "violated"]),
        ("2022-03", "2022-02", ["passed", "passed", "violated"]),
        ("2022-02", "2022-02-01", ["passed", "passed"]),
    ],
)
def test_a_period_begins_and_ends_in_its_range_and_in_this_order(start: str, end: str, told: list[str]) -> None:
    file = form(field("period_start", start), field("period_end", end))
    assert outcomes(observe("date_within", PERIOD, file)) == told


def test_dates_that_nobody_states_do_not_apply_and_are_not_told_beside_those_that_are() -> None:
    period = {"field": "application_form.period_end", "latest": "2022-08-31"}
    assert outcomes(observe("date_within", period, form(absent("period_end"), scan=True))) == ["not_applicable"]
    assert outcomes(observe("date_within", DATES, form(), letter())) == ["passed"]
    assert outcomes(observe("date_within", DATES, form(field("filled_on", "2021-08-25")), unreadable())) == [
        "passed",
        "undetermined",  # the letter, and its date, may be in the file that was not read
    ]


@pytest.mark.parametrize("date", [absent("issued_on"), blank("issued_on")])
def test_a_scanned_letter_whose_date_was_not_read_or_is_blank_is_undated_to_nobody(date: Field) -> None:
    seen = observe("date_within", DATES, form(), letter(date))
    assert outcomes(seen) == ["undetermined"]
    assert "扫描件" in seen[0].message.zh


def test_a_reply_in_a_file_of_its_own_needs_no_letters_date() -> None:
    dates = {**ISSUED, "also": [{"field": "pairing_letter.replied_on", "by_receipt": True}]}
    reply = letter(absent("issued_on"), field("replied_on", "2021-08-30", 0.95, "rapidocr"))
    asked = letter(absent("replied_on"))
    assert outcomes(observe("date_within", dates, asked, reply)) == ["passed", "passed"]
    assert outcomes(observe("date_within", dates, reply)) == ["passed", "undetermined"]


DEADLINE = datetime(2021, 9, 3, 23, 59, 59, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("last_day", "received", "told", "severity"),
    [
        ("accept", DEADLINE, "passed", None),
        ("warn", DEADLINE, "violated", Severity.WARNING),
        ("warn", DEADLINE.replace(hour=0, minute=0, second=0), "violated", Severity.WARNING),
        ("warn", DEADLINE - timedelta(days=1), "passed", None),
        ("warn", DEADLINE + timedelta(seconds=1), "violated", None),
        ("late", DEADLINE.replace(hour=0, minute=0, second=0), "violated", None),
        ("late", DEADLINE - timedelta(days=1), "passed", None),
        ("late", DEADLINE + timedelta(seconds=1), "violated", None),
    ],
)
def test_what_the_last_day_means_is_a_switch(
    last_day: str, received: datetime, told: str, severity: Severity | None
) -> None:
    (seen,) = observe("received_by", {"last_day": last_day}, received=received)
    assert (seen.outcome.value, seen.severity) == (told, severity)


# ----------------------------------------------------------------------------------- phone numbers and e-mails

REACHED = {"fields": ["application_form.leader_phone", "application_form.leader_email"]}


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (written("leader_email", "a@163.com", "a@163.com"), ["passed"]),
        (written("leader_email", "a@163.com", "ａ＠１６３．ｃｏｍ"), ["passed"]),
        (written("leader_email", "a@163.com", "a#163.com"), ["violated"]),  # typed, so not OCR's slip
        (written("leader_email", "a@163.com", "a#163.com", 0.9, "rapidocr"), ["passed"]),
        (written("leader_email", "a@163.con", "a@163.con"), ["violated"]),
        (written("leader_email", "a@b", "a@b", 0.7, "rapidocr"), ["undetermined"]),
        (puzzle("leader_email", "见附件"), ["violated"]),
        (written("leader_phone", "0731-85551234", "0731-85551234、1387361234"), ["violated"]),
        (written("leader_phone", "0731-85551234", "0731-85551234、张三13873612345"), ["passed"]),
        (written("leader_phone", "0731-8555123", "0731-8555123"), ["violated"]),
        (puzzle("leader_phone", "138736123456", "rapidocr"), ["undetermined"]),
        (blank("leader_phone"), ["not_applicable"]),
    ],
)
def test_numbers_and_addresses_are_written_so_that_they_can_be_used(stated: Field, told: list[str]) -> None:
    assert outcomes(observe("well_formed", REACHED, paper("application_form", stated))) == told


def test_a_wrong_number_that_is_surely_read_is_wrong_on_a_scan_too() -> None:
    wrong = Field("leader_phone", "", "138736123456", FieldState.UNCLEAR, confidence=0.95, engine="rapidocr")
    assert outcomes(observe("well_formed", REACHED, paper("application_form", wrong, scan=True))) == ["violated"]


# ---------------------------------------------------------------------------------------------- project's name

NAMES = {
    "left": "application_form.project_name",
    "right": "pairing_letter.activity_name",
    "generic": ["智惠行动", "百会百县乡村行", "系列", "科技志愿服务", "项目", "活动"],
}


@pytest.mark.parametrize(
    ("project", "activity", "told"),
    [
        ("油茶提质增效科技志愿服务", "油茶提质增效科技志愿服务活动", "passed"),
        ("“智惠行动·百会百县乡村行”油茶提质增效项目", "油茶提质增效", "passed"),
        ("桃源县油茶提质增效技术培训项目", "油茶提质增效技术培训", "passed"),
        ("油茶提质增效项目", "智惠行动·百会百县乡村行", "not_applicable"),
        ("油茶提质增效项目", "柑橘病虫害防治", "violated"),
        ("油茶提质增效科技志愿服务", "油荼提质增效科技志愿服务", "passed"),
        ("油茶提质增效", "", "undetermined"),
    ],
)
def test_form_and_letter_call_the_project_the_same(project: str, activity: str, told: str) -> None:
    other = letter(field("activity_name", activity, 0.95, "rapidocr") if activity else absent("activity_name"))
    assert outcomes(observe("titles_equal", NAMES, form(field("project_name", project)), other)) == [told]


def test_a_name_that_stands_anywhere_in_the_letter_is_as_good() -> None:
    text = "我会拟在贵县组织实施油茶提质增效技术\n培训等活动"
    other = paper("pairing_letter", field("activity_name", "智惠行动"), text=text)
    mine = form(field("project_name", "油茶提质增效技术培训项目"))
    assert outcomes(observe("titles_equal", NAMES, mine, other)) == ["passed"]


def test_the_countys_name_and_common_words_elsewhere_in_the_letter_do_not_make_names_alike() -> None:
    text = "尤溪县科学技术协会：为服务乡村，我会拟动员科技工作者开展“科学养殖富民行动”。"
    other = paper("pairing_letter", field("activity_name", "科学养殖富民行动", 0.95, "rapidocr"), text=text)
    mine = form(field("project_name", "流动科技馆进尤溪县乡村"))
    assert outcomes(observe("titles_equal", NAMES, mine, other)) == ["violated"]


def test_words_of_a_name_here_and_there_in_the_letter_are_not_the_name() -> None:
    text = "我会拟开展“防灾减灾科普进乡村”活动，内容为病虫害识别与绿色防控讲座、农药使用培训。"
    other = paper("pairing_letter", field("activity_name", "防灾减灾科普进乡村", 0.95, "rapidocr"), text=text)
    mine = form(field("project_name", "病虫害绿色防控志愿服务"))
    assert outcomes(observe("titles_equal", NAMES, mine, other)) == ["violated"]


def test_what_is_a_names_own_may_be_of_another_projects_contents() -> None:
    text = "我会拟开展“农房安全与防灾知识下乡”活动，内容为节水灌溉设备选用、农房检查。"
    other = paper("pairing_letter", field("activity_name", "农房安全与防灾知识下乡", 0.95, "rapidocr"), text=text)
    assert outcomes(observe("titles_equal", NAMES, form(field("project_name", "节水灌溉科技志愿服务")), other)) == [
        "violated"
    ]


def test_without_a_letter_there_is_nothing_to_compare() -> None:
    fields_alone = paper("pairing_letter", text="")
    assert outcomes(observe("titles_equal", NAMES, form(), fields_alone)) == ["not_applicable"]
    assert outcomes(observe("titles_equal", NAMES, form())) == ["not_applicable"]
    assert outcomes(observe("titles_equal", NAMES, form(), unreadable())) == ["undetermined"]


# ------------------------------------------------------------------------------------------------------- links


def mail(*lines: str) -> File:
    return File("正文.txt", "0" * 64, 1, Reading(word(*lines)))


@pytest.mark.parametrize(
    "lines",
    [
        ("https://mail.163.com/large-attachment-download/index.html?p=abc",),
        ("下载：http://wx.mail.qq.com/ftn/downl", "oad?func=3&key=abc"),
        ("从腾讯企业邮箱发来的超大附件", "函件扫描件.pdf (52.10M, 2021年09月17日 10:21 到期)"),
        ("云附件：申报书.doc（15天后过期）",),
        ("链接：https://pan.baidu.com/s/1abcdEFG 提取码: x1y2",),
    ],
)
def test_a_link_that_stands_in_for_a_file_is_told(lines: tuple[str, ...]) -> None:
    assert outcomes(observe("no_linked_files", {}, form(), mail("老师好，材料见下。", *lines))) == ["violated"]


def test_a_mail_that_holds_no_more_than_a_link_is_no_wrong_document() -> None:
    note = (
        "各位老师好，活动照片等材料较大，请下载：",
        "https://mail.163.com/large-attachment-download/index.html?p=abc",
    )
    assert outcomes(observe("file_kinds", {}, form(), mail(*note))) == ["passed"]
    assert outcomes(observe("file_kinds", {}, form(), mail(*note, "会议纪要" * 200))) != ["passed"]


def test_the_day_on_which_a_link_expires_is_told() -> None:
    (seen,) = observe("no_linked_files", {}, mail("从QQ邮箱发来的超大附件", "函.pdf (52M, 2021年09月17日 10:21 到期)"))
    assert seen.message.zh == "“正文.txt”中是附件的下载链接（从qq邮箱发来的超大附件），不是附件本身，2021-09-17 到期。"


@pytest.mark.parametrize(
    "lines",
    [
        ("请勿使用超大附件。",),
        ("官网：https://www.163.com，邮箱 jicengfuwuchu@163.com",),
        ("项目依托百度网盘等平台共享资料。",),
    ],
)
def test_other_words_and_addresses_are_no_links(lines: tuple[str, ...]) -> None:
    assert outcomes(observe("no_linked_files", {}, mail(*lines))) == ["passed"]


def test_what_was_not_read_may_hold_a_link() -> None:
    assert outcomes(observe("no_linked_files", {}, form(), unreadable())) == ["undetermined"]
    assert outcomes(observe("no_linked_files", {}, letter(defects=(BLIND,)))) == ["undetermined"]
