"""A form in no known layout is for a person: never acceptable by silence, never told to be missing."""

from __future__ import annotations

import pytest

from clients.examples import load_examples
from extractors.document import Document
from extractors.extract import find_again
from extractors.forms.classify import OTHER
from services.validation.judge import judge
from services.validation.lint import usable_call
from services.validation.model import File, Outcome, Verdict
from services.validation.wire import file_from_proto
from tests.extractors.forms.build import scan, word
from tests.services.validation.build import IN_TIME, ZHIHUI

CALL = usable_call(ZHIHUI)
CLEAN = next(each for each in load_examples(ZHIHUI / "examples") if each.name == "clean")
LETTER = next(file_from_proto(reading) for reading in CLEAN.readings if reading.kind == "pairing_letter")
PROSE = (
    "我们是谁",
    "湖南省林学会，成立于一九六二年。",
    "我们想做的事",
    "由志愿者走进桃源县，讲解油茶高产栽培技术。",
    "要花多少钱",
    "十五万",
)
TITLE = "“智惠行动·百会百县乡村行”项目申报书"


def on_scan(*lines: str) -> Document:
    return scan(*((0.1, 0.05 + 0.05 * number, line) for number, line in enumerate(lines)))


@pytest.mark.parametrize("made", [word, on_scan])
def test_what_bears_the_calls_title_is_its_form_and_every_field_is_undetermined(made: object) -> None:
    assert callable(made)
    reading = find_again(made(TITLE, *PROSE), CALL.forms)
    assert reading.kind == "application_form"
    report = judge(CALL, [File("申报书", "1" * 64, 1, reading), LETTER], IN_TIME)
    missing = [finding for finding in report.findings if finding.rule == "missing-field"]
    assert len(missing) > 3
    assert {finding.outcome for finding in missing} == {Outcome.UNDETERMINED}
    assert not [finding.rule for finding in report.findings if finding.outcome is Outcome.VIOLATED]
    assert report.verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    "lines",
    [
        ("活动方案", *PROSE),  # not the call's title
        ("关于报送材料的说明", TITLE, *PROSE),  # speaks of it
        (*PROSE, TITLE),  # names it at the end
        ("附件2：" + TITLE, *PROSE),
    ],
)
def test_what_only_speaks_of_the_form_is_not_it(lines: tuple[str, ...]) -> None:
    assert find_again(word(*lines), CALL.forms).kind == OTHER
