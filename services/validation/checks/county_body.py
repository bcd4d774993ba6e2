from __future__ import annotations

from collections.abc import Iterator

from services.validation.check import Observation, PlaceRef, TrustParams, check
from services.validation.model import Outcome, Submission, Text
from services.validation.organisations import Name, is_zone, parse
from services.validation.statements import Statement, statements, unclear, unstated


class CountyBody(TrustParams):
    """The organisation that a field names belongs to a county: 县, 县级市, 市辖区, 旗, 自治县, 林区 or 特区.

    ending: how the organisation's name must end; a field that names nothing but the county passes. A body of a
    prefecture, a province or the country violates this, as does one of another kind. A county that never was, or a
    development zone (开发区) within one, is undetermined here: `county_known` tells of it.
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
    own = name.core + (name.ending if name.ending != ending else "")
    if not name.county:
        # 常德市科协, 湖南省科协; 桃源科协 could be a county's whose class is left out
        above = (name.place or name.province) and not own
        return Outcome.VIOLATED if above else Outcome.UNDETERMINED
    if not own and name.known:
        return Outcome.PASSED
    # a slip of OCR, a county of another year, a development zone, 桃源县老科学技术工作者协会
    doubtful = recognised or not name.known or not name.ending or name.ending == ending or is_zone(name)
    return Outcome.UNDETERMINED if doubtful else Outcome.VIOLATED
