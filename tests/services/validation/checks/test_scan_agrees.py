import pytest

import services.validation.checks  # noqa: F401  (registers the checks)
from extractors.document import Place, Reading
from services.validation.check import Observation
from services.validation.model import File, Outcome
from tests.extractors.compare.papers import LINES, changed, line, scan, unsure, written
from tests.services.validation.build import letter, observe, outcomes, unreadable

WORD = ["application_form"]


def file(reading: Reading, name: str = "") -> File:
    return File(name or f"申报书.{reading.document.format}", "0" * 64, 1, reading)


def seen(about: str, *readings: Reading) -> list[Observation]:
    params = {"documents": WORD, "about": about, "also": ["application_form.project_name"]}
    return observe("scan_agrees", params, *map(file, readings))


@pytest.mark.parametrize("about", ["values", "wording"])
def test_a_word_file_and_its_scan_that_agree_pass(about: str) -> None:
    assert outcomes(seen(about, written(), scan(changed("年　月　日", "2021年8月26日")))) == ["passed"]


@pytest.mark.parametrize("about", ["values", "wording"])
@pytest.mark.parametrize(
    "files",
    [(file(written()),), (file(scan(LINES)),), (), (file(written()), letter()), (file(written()), unreadable())],
    ids=["Word alone", "scan alone", "nothing", "scan of another kind", "a file that nobody can read"],
)
def test_there_is_nothing_to_compare(about: str, files: tuple[File, ...]) -> None:
    assert outcomes(observe("scan_agrees", {"documents": WORD, "about": about}, *files)) == ["not_applicable"]


def test_another_amount_is_told_with_both_places() -> None:
    (told,) = seen("values", written(), scan(changed("198500元", "205000元")))
    assert told.outcome is Outcome.VIOLATED
    assert told.message.zh == (
        "“项目申报书”的申请金额在Word文件与扫描件中不一致：Word文件为“198500元”，扫描件为“205000元”。"
    )
    word, picture = told.evidence
    assert (word.file, word.place, word.field, word.text) == (
        0, Place(path="paragraph 7"), "requested_amount", "198500元"
    )  # fmt: skip
    assert (picture.file, picture.place.page, picture.field, picture.text) == (1, 1, "requested_amount", "205000元")
    assert picture.place.box is not None
    assert (told.expected, told.actual) == (
        "Word文件：g.cn 申请经费：【198500元】组织专家二十名分",
        "扫描件：g.cn 申请经费：【205000元】组织专家二十名分",
    )


def test_a_row_of_the_budget_is_told_by_its_number() -> None:
    (told,) = seen("values", written(), scan(changed("138500", "133500")))
    assert "第 2 行" in told.message.zh


def test_values_and_wording_are_told_by_rules_of_their_own() -> None:
    page = changed("198500元", "205000元", changed("建立科技志愿服务队", "走访慰问困难家庭与留守老人"))
    (value,) = seen("values", written(), scan(page))
    (words,) = seen("wording", written(), scan(page))
    assert (value.outcome, words.outcome) == (Outcome.VIOLATED, Outcome.VIOLATED)
    assert "申请金额" in value.message.zh
    assert "走访慰问困难家庭与留守老人" in words.message.zh


def test_what_was_not_surely_read_is_one_question() -> None:
    page = unsure("198500", "193500", 0.7, changed("周明远", "周远"))
    (told,) = seen("values", written(), scan(page))
    assert (told.outcome, len(told.evidence)) == (Outcome.UNDETERMINED, 4)
    assert "有 2 处未能可靠识别" in told.message.zh


def test_a_missing_page_leaves_its_fields_undetermined_and_is_told_as_missing() -> None:
    more = tuple(f"第{number}阶段在桃源县第{number}个乡镇举办现场培训与技术咨询活动。" for number in "一二三四五六")
    files = written((*LINES[:3], *more, *LINES[3:])), scan(LINES[:3], LINES[7:])
    (values,) = seen("values", *files)
    (wording,) = seen("wording", *files)
    assert values.outcome is Outcome.UNDETERMINED
    assert values.message.zh.endswith("未能比对：“项目负责人”、“负责人电话”、“负责人邮箱”、“申请金额”。")
    assert wording.outcome is Outcome.VIOLATED
    assert "可能缺页" in wording.message.zh
    assert "从“第一阶段在桃源县第一个乡镇举办现”到“" in wording.message.zh


def test_a_page_of_something_else_is_told() -> None:
    other = tuple(f"社会团体法人登记证书第{word}项内容说明" for word in "甲乙丙丁戊己")
    (told,) = seen("wording", written(), scan(LINES, other))
    assert (told.outcome, told.evidence[0].place) == (Outcome.VIOLATED, Place(2))
    assert outcomes(seen("values", written(), scan(LINES, other))) == ["passed"]


def test_a_scan_of_another_paper_is_not_compared() -> None:
    strange = tuple(f"完全无关的另一份材料其中第{word}段说明别的事情" for word in "甲乙丙丁戊己庚辛")
    assert outcomes(seen("values", written(), scan(strange))) == ["undetermined"]


def test_a_scan_of_which_next_to_nothing_could_be_read_is_not_compared() -> None:
    assert outcomes(seen("values", written(), scan(LINES[1:3], ()))) == ["undetermined"]


def test_two_forms_are_compared_each_with_its_own_scan() -> None:
    other = changed("油茶提质增效", "蜜蜂养殖技术", changed("湖南省林学会", "江西省蚕蜂学会"))
    found = seen("values", written(), scan(changed("198500元", "205000元", other)), scan(LINES), written(other))
    assert [(each.outcome, each.evidence[0].file) for each in found] == [(Outcome.PASSED, 0), (Outcome.VIOLATED, 3)]


def test_a_hundred_differences_are_not_told_one_by_one() -> None:
    rows = [f"第{number}场培训班在{number * 37 % 89 + 10}村举办" for number in range(100, 200)]
    page = [line(text.replace("村", "5村"), 0.005 + 0.009 * at) for at, text in enumerate(rows)]
    found = seen("values", written(rows), scan(page))
    assert len(found) <= 22
    assert "共有" in found[-1].message.zh


def test_a_row_that_only_the_scan_has_is_told() -> None:
    (told,) = seen("values", written(), scan((*LINES[:11], "培训场地租赁费 22000", *LINES[11:])))
    assert told.outcome is Outcome.VIOLATED
    assert told.message.zh.endswith("Word文件无此内容，扫描件为“培训场地租赁费 22000”。")
