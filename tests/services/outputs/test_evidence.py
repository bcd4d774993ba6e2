import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from extractors.document import Box, Page, Place, Source
from services.outputs.evidence import render
from services.validation.judge import judge
from services.validation.model import Call, File, Outcome, Report, Rule, Severity
from tests.extractors.compare import papers as compared
from tests.services.validation.build import (
    BLIND,
    IN_TIME,
    absent,
    blank,
    budget,
    call,
    field,
    form,
    letter,
    puzzle,
    rules_on_values,
    seal,
    unreadable,
)

CALL = call(rules_on_values())
JPEG = b"\xff\xd8\xff\xe0 a picture"
PNG = b"\x89PNG\r\n\x1a\n a picture"


class Outline(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.elements if name in (attributes.get("class") or "").split()]


def page(*files: File, call: Call = CALL) -> Outline:
    return Outline(render(judge(call, files, IN_TIME), call))


def pictured(file: File) -> File:
    """The letter with a picture of its page, and the places of its fields on it."""
    assert file.reading is not None
    document = file.reading.document
    pages = (Page(1, Source.OCR, 210.0, 297.0, 200.0, preview=JPEG),)
    place = Place(1, Box(0.1, 0.2, 0.5, 0.25))
    fields = tuple(replace(one, place=place) for one in file.reading.fields)
    seals = tuple(replace(one, picture=PNG) for one in document.seals)
    reading = replace(file.reading, document=replace(document, pages=pages, seals=seals), fields=fields)
    return replace(file, reading=reading)


@pytest.mark.parametrize(
    ("files", "tone", "word"),
    [
        ((form(), letter()), "pass", "可受理"),
        ((form(field("requested_amount", "205000")), letter()), "stop", "退回"),
        ((form(field("project_name", "油" * 31)), letter()), "look", "人工复核"),
        ((form(), letter(), unreadable()), "look", "人工复核"),
        ((form(), letter(seals=(seal(""),))), "look", "人工复核"),
        ((form(), letter(defects=(BLIND,))), "look", "人工复核"),
    ],
)
def test_the_banner_tells_the_verdict_in_word_and_tone(files: tuple[File, ...], tone: str, word: str) -> None:
    shown = page(*files)
    assert [banner["class"] for banner in shown.of_class("banner")] == [f"banner {tone}"]
    assert f"核验报告 · {word} · " in shown.text


def test_a_remark_that_nobody_could_look_at_keeps_the_banner_from_being_green() -> None:
    late = next(rule for rule in rules_on_values() if rule.id == "late")
    quiet = call((replace(late, severity=Severity.INFO),))
    report = judge(quiet, (form(),), None)
    assert report.findings[0].outcome is Outcome.UNDETERMINED
    assert Outline(render(report, quiet)).of_class("banner")[0]["class"] == "banner look"


def test_every_finding_is_on_the_page_with_its_clause_and_suggestion() -> None:
    files = form(field("requested_amount", "205000"), blank("leader_name"), puzzle("period_end", "?")), letter()
    report = judge(CALL, files, IN_TIME)
    text = Outline(render(report, CALL)).text
    for finding in report.findings:
        for words in (finding.title.zh, finding.message.zh, finding.clause.quote, finding.suggestion.zh):
            assert words in text


def test_the_page_needs_nothing_but_itself() -> None:
    shown = page(pictured(form()), pictured(letter()), unreadable())
    assert {tag for tag, _ in shown.elements} & {"script", "link", "iframe", "object", "form", "base"} == set()
    pictures = [attributes for tag, attributes in shown.elements if tag in ("img", "image")]
    sources = [attributes.get("src") or attributes.get("href") or "" for attributes in pictures]
    assert len(sources) == 4
    assert all(source.startswith(("data:image/jpeg;base64,", "data:image/png;base64,")) for source in sources)
    style = re.search(r"<style>(.*?)</style>", render(judge(CALL, (form(),), IN_TIME), CALL), re.S)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_links_lead_to_places_on_the_page() -> None:
    shown = page(pictured(form()), pictured(letter()), unreadable())
    targets = {attributes["id"] for _, attributes in shown.elements if "id" in attributes}
    links = {(attributes.get("href") or "")[1:] for tag, attributes in shown.elements if tag == "a"}
    assert links <= targets
    assert "file2-page1" in links


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e{{ 7*7 }}'


def test_hostile_words_stay_words_everywhere() -> None:
    hostile_letter = pictured(
        letter(field("sender", HOSTILE), field("addressee", HOSTILE), seals=(replace(seal(HOSTILE), code=HOSTILE),))
    )
    hostile_form = form(*(field(id, HOSTILE) for id in ("applicant", "partner", "project_name", "contact_phone")))
    broken = unreadable(HOSTILE, HOSTILE)
    files = replace(hostile_form, name=HOSTILE), replace(hostile_letter, name=HOSTILE), broken
    report = judge(CALL, files, IN_TIME)
    html = render(report, CALL)
    shown = Outline(html)
    assert "script" not in {tag for tag, _ in shown.elements}
    assert not [name for _, attributes in shown.elements for name in attributes if name.startswith("on")]
    assert "\u202e" not in html
    assert "{{ 7*7 }}" in shown.text


def test_fields_and_seals_are_marked_where_they_stand() -> None:
    shown = page(form(), pictured(letter(field("addressee", "石门县科协", 0.9, "rapidocr"))))
    boxes = [(box["class"], box["style"], box["title"]) for box in shown.of_class("box")]
    assert boxes == [
        ("box problem", "left:10.00%;top:20.00%;width:40.00%;height:5.00%", "主送机关：石门县科协"),
        ("box field", "left:10.00%;top:20.00%;width:40.00%;height:5.00%", "署名单位：湖南省林学会"),
        ("box field", "left:10.00%;top:20.00%;width:40.00%;height:5.00%", "成文日期：2021-08-26"),
        ("box field", "left:10.00%;top:20.00%;width:40.00%;height:5.00%", "共同开展：油茶提质增效科技志愿服务活动"),
        ("box seal", "left:60.00%;top:70.00%;width:20.00%;height:15.00%", "印章：湖南省林学会"),
        ("box seal problem", "left:20.00%;top:70.00%;width:20.00%;height:15.00%", "印章：桃源县科学技术协会"),
    ]


def test_a_box_beyond_the_page_is_kept_on_it() -> None:
    place = Place(1, Box(-0.5, float("nan"), 1.7, 2.0))
    stamped = pictured(letter(seals=(replace(seal("湖南省林学会"), place=place),)))
    (box,) = page(form(), stamped).of_class("seal")[-1:]
    assert box["style"] == "left:0.00%;top:0.00%;width:100.00%;height:100.00%"


def test_a_picture_that_is_none_is_left_out() -> None:
    stamped = letter(seals=(replace(seal("湖南省林学会"), picture=b"<svg onload=alert(1)>"),))
    assert [tag for tag, _ in page(form(), stamped).elements if tag == "img"] == []


def test_seals_come_with_the_word_that_none_is_called_genuine() -> None:
    assert "不判断印章真伪" in page(form(), letter()).text


def test_what_else_a_seal_may_read_is_shown() -> None:
    stamped = letter(seals=(replace(seal("湖南省材学会"), alternatives=("湖南省林学会", "湖南省村学会")),))
    assert "也可能是：湖南省林学会、湖南省村学会" in page(form(), stamped).text
    assert "也可能是" not in page(form(), letter()).text


def test_what_was_not_found_is_told_apart_from_what_is_blank() -> None:
    text = page(form(blank("leader_name"), absent("leader_phone")), letter()).text
    assert "空白" in text
    filled = form()
    assert filled.reading is not None
    lacking = replace(filled.reading, fields=(*filled.reading.fields, absent("filled_on")))
    assert "未找到的栏目：填报日期" in page(replace(filled, reading=lacking), letter()).text


def test_the_first_lines_say_what_the_submission_is_about() -> None:
    shown = page(form(blank("leader_name")), letter())
    assert len(shown.of_class("about")) == 1
    first = shown.text.split("不符合，须退回")[0]
    for words in ("油茶提质增效科技志愿服务", "湖南省林学会", "未填写", "桃源县科学技术协会"):
        assert words in first
    assert page(letter()).of_class("about") == []


def test_budget_rows_are_listed_in_yuan() -> None:
    text = page(form(budget("120000", "79999.5")), letter()).text
    assert "第1项 · 120,000元" in text
    assert "第2项 · 79,999.5元" in text


def test_of_many_pages_those_with_marks_are_shown() -> None:
    stamped = pictured(letter())
    assert stamped.reading is not None
    pages = tuple(Page(number, Source.OCR, preview=JPEG) for number in range(1, 41))
    place = Place(40, Box(0.1, 0.1, 0.2, 0.2))
    fields = tuple(replace(one, place=place) for one in stamped.reading.fields)
    document = replace(stamped.reading.document, pages=pages)
    shown = page(form(), replace(stamped, reading=replace(stamped.reading, document=document, fields=fields)))
    assert [sheet["id"] for sheet in shown.of_class("sheet")] == [f"file2-page{n}" for n in (*range(1, 12), 40)]
    assert "另有 28 页未显示" in shown.text


def test_a_report_without_files_or_rules_can_be_looked_at() -> None:
    empty = call()
    shown = Outline(render(Report(empty.id, judge(empty, (), None).submission, ()), empty))
    assert shown.of_class("banner")[0]["class"] == "banner look"
    assert "没有可依据的检查结果" in shown.text
    assert "全部符合" not in shown.text


def test_a_rule_of_any_name_can_be_shown() -> None:
    late = next(rule for rule in rules_on_values() if rule.id == "late")
    odd: Rule = replace(late, id="<odd>")
    assert "<odd>" in page(form(), call=call((odd,))).text


def test_a_finding_shows_the_part_of_the_page_that_it_points_at() -> None:
    shown = page(form(), pictured(letter(field("issued_on", "2021-08-20", 0.95, "rapidocr"))))
    (crop,) = shown.of_class("crop")
    assert crop["viewbox"] == "60 255 480 127"  # of 1000 × 1414: the field with some paper around it
    used = [attributes["href"] for tag, attributes in shown.elements if tag == "use"]
    assert used == ["#file2-page1-picture"]
    assert [attributes["id"] for tag, attributes in shown.elements if tag == "image"] == ["file2-page1-picture"]
    (marked,) = [attributes for tag, attributes in shown.elements if tag == "rect" and "rx" not in attributes]
    assert (marked["x"], marked["y"], marked["width"], marked["height"]) == ("100", "283", "400", "71")


def test_a_place_that_is_none_has_no_crop() -> None:
    wrong = pictured(letter(field("issued_on", "2021-08-20", 0.95, "rapidocr")))
    assert wrong.reading is not None
    place = Place(1, Box(0.1, float("nan"), 0.5, 0.2))
    fields = tuple(replace(one, place=place) for one in wrong.reading.fields)
    shown = page(form(), replace(wrong, reading=replace(wrong.reading, fields=fields)))
    assert shown.of_class("crop") == []


def test_words_between_the_fields_are_marked_on_the_page() -> None:
    word = compared.written()
    scanned = compared.scan(compared.changed("3200人次", "3600人次"))
    document = replace(scanned.document, pages=(Page(1, Source.OCR, 210.0, 297.0, 200.0, preview=JPEG),))
    files = (File("a.docx", "0" * 64, 1, word), File("b.pdf", "1" * 64, 1, replace(scanned, document=document)))
    shown = page(*files)
    tips = [box["title"] for box in shown.of_class("problem") if box.get("title")]
    assert "有问题的文字：3600" in tips
    assert shown.of_class("crop") != []
