"""An answer is given again only where it would be the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from heyan.v1.report_pb2 import Report
from services.examine import Upload
from services.validation.answers import Answers, Question
from services.validation.registry import Registry

FOLDER = Path(__file__).parents[3] / "services" / "calls"
CALL = Registry.from_folder(FOLDER).get("calls/zhihui-2021")
UPLOAD = Upload("a.docx", 3, "ab" * 32, b"abc")
QUESTION = Question.of(CALL, None, [UPLOAD], [(1, 5)])


def test_an_answer_comes_back_under_the_label_of_who_asks() -> None:
    answers = Answers()
    answers.keep(QUESTION, Report(call="calls/zhihui-2021", label="first"))
    asked = Question.of(CALL, None, [replace(UPLOAD)], [(1, 5)])
    assert answers.find(asked, "second") == Report(call="calls/zhihui-2021", label="second")


def test_whatever_a_report_follows_from_makes_another_question() -> None:
    answers = Answers()
    answers.keep(QUESTION, Report())
    loaded_anew = Registry.from_folder(FOLDER).get("calls/zhihui-2021")
    others = [
        Question.of(loaded_anew, None, [UPLOAD], [(1, 5)]),
        Question.of(CALL, datetime(2021, 9, 1, tzinfo=UTC), [UPLOAD], [(1, 5)]),
        Question.of(CALL, None, [replace(UPLOAD, name="b.docx")], [(1, 5)]),
        Question.of(CALL, None, [replace(UPLOAD, sha256="cd" * 32)], [(1, 5)]),
        Question.of(CALL, None, [UPLOAD], [(1, 6)]),  # kept again
        Question.of(CALL, None, [UPLOAD], [(2, 5)]),  # erased, and read anew
        Question.of(CALL, None, [UPLOAD, UPLOAD], [(1, 5), (1, 5)]),
    ]
    assert [answers.find(question, "") for question in others] == [None] * len(others)


def test_memory_is_bounded_and_what_was_asked_for_least_lately_goes_first() -> None:
    report = Report(label="x" * 100)
    size = report.ByteSize()
    answers = Answers(most_bytes=3 * size)
    questions = [Question.of(CALL, None, [UPLOAD], [(number, 1)]) for number in range(4)]
    for question in questions[:3]:
        answers.keep(question, report)
    assert answers.find(questions[0], "") is not None
    answers.keep(questions[3], report)
    answers.keep(questions[3], report)
    assert [answers.find(question, "") is not None for question in questions] == [True, False, True, True]
    answers.keep(questions[1], Report(label="x" * 1000))
    assert answers.find(questions[1], "") is None, "larger than all there is room for"
