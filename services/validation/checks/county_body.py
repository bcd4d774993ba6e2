from __future__ import annotations

from collections.abc import Iterator

from services.validation.check import Observation, PlaceRef, TrustParams, check
from services.validation.model import Outcome, Submission, Text
from services.validation.organisations import Name, parse
from services.validation.prefectures import PREFECTURES
from services.validation.statements import Statement, statements, unclear, unstated


class CountyBody(TrustParams):
    """The organisation that a field names belongs to a county: 县, 县级市, 市辖区, 旗, 自治县, 林区 or 特区.

    ending: how the organisation's name must end; a field that names nothing but the county passes. A body of a
    prefecture or a province violates this, as does one of another kind; what has no place in its name, and a
    development zone (开发区), is undetermined.
    """

    field: PlaceRef
    ending: str


@check("county_body", CountyBody)
def county_body(submission: Submission, params: CountyBody) -> Iterator[Observation]:
    expected = f"县（市、区、旗）级{params.ending}"
    stated = statements(submission, params.field, params.trust)
    for statement in stated.found:
        yield _judged(statement, params, expected)
    for statement in stated.unclear:
        yield unclear(statement, expected)
    if not stated.found and not stated.unclear:
        yield unstated(submission, stated, expected)


def _judged(statement: Statement, params: CountyBody, expected: str) -> Observation:
    written, label = statement.field.value, params.field.label
    outcome = _outcome(parse(written), params.ending, statement.recognised)
    zh, en = {
        Outcome.PASSED: (f"{label.zh}“{written}”为{expected}。", "is a county's."),
        Outcome.VIOLATED: (f"{label.zh}“{written}”不是{expected}。", "is not that of a county."),
    }.get(outcome, (f"无法确定{label.zh}“{written}”是否为{expected}，请人工核对。", "may or may not be a county's."))
    return Observation(outcome, Text(zh, f"“{written}” {en}"), (statement.evidence,), expected, written)


def _outcome(name: Name, ending: str, recognised: bool) -> Outcome:
    if not name.place:
        # 湖南省科学技术协会 is the province's; 桃源科协 could be anybody's
        whole = name.province and not name.core and name.ending == ending
        return Outcome.VIOLATED if whole else Outcome.UNDETERMINED
    if name.place in PREFECTURES or name.place.endswith(("自治州", "地区", "盟", "州")):
        return Outcome.VIOLATED
    if name.core.endswith(("开发区", "管委会", "管理")) or name.place.endswith(("开发区", "新区", "园区")):
        return Outcome.UNDETERMINED
    if not name.ending and not name.core:
        return Outcome.PASSED
    if name.ending == ending and not name.core:
        return Outcome.PASSED
    if not name.ending or name.ending == ending or recognised:
        return Outcome.UNDETERMINED  # 桃源县老科学技术工作者协会, or a slip of OCR
    return Outcome.VIOLATED
