from __future__ import annotations

from collections.abc import Iterator

from services.validation.check import Observation, PlaceRef, TrustParams, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.organisations import SURE, Name, is_zone, normal, parse
from services.validation.statements import Statement, distinct, statements, unclear, unstated


class CountyBody(TrustParams):
    """The organisation that a field names belongs to a county: 县, 县级市, 市辖区, 旗, 自治县, 林区 or 特区.

    ending: how the organisation's name must end; a field that names nothing but the county passes. A body of a
    prefecture, a province or the country violates this, as does one of another kind. A development zone
    (开发区) is undetermined; whether there is a county of the name, `county_known` tells.
    """

    field: PlaceRef
    ending: str


@check("county_body", CountyBody)
def county_body(submission: Submission, params: CountyBody) -> Iterator[Observation]:
    expected = f"县（市、区、旗）级{params.ending}"
    stated = statements(submission, params.field, params.trust)
    for statement, evidence in distinct(stated.found, normal):
        yield _judged(statement, evidence, params, expected)
    for statement in stated.unclear:
        yield unclear(statement, expected)
    if not stated.found and not stated.unclear:
        yield unstated(submission, stated, expected)


def _judged(statement: Statement, evidence: tuple[Evidence, ...], params: CountyBody, expected: str) -> Observation:
    written, label = statement.field.value, params.field.label
    sure = not statement.recognised or statement.field.confidence >= SURE
    outcome = _outcome(parse(written), params.ending, sure)
    zh, en = {
        Outcome.PASSED: (f"{label.zh}“{written}”为{expected}。", "is a county's."),
        Outcome.VIOLATED: (f"{label.zh}“{written}”不是{expected}。", "is not that of a county."),
    }.get(outcome, (f"无法确定{label.zh}“{written}”是否为{expected}，请人工核对。", "may or may not be a county's."))
    return Observation(outcome, Text(zh, f"“{written}” {en}"), evidence, expected, written)


def _outcome(name: Name, ending: str, sure: bool) -> Outcome:
    own = name.core + (name.ending if name.ending != ending else "")
    if is_zone(name) or (not sure and (own or not name.ending)):  # 湖南省 alone: what stood beside it was lost
        return Outcome.UNDETERMINED
    if not name.county:
        # 常德市科协, 湖南省科技厅; 桃源科协 could be a county's whose class is left out
        above = bool(name.place or name.province) and bool(name.ending or not own)
        return Outcome.VIOLATED if above else Outcome.UNDETERMINED
    if not own:
        return Outcome.PASSED if name.known or name.place.endswith(_COUNTIES) else Outcome.UNDETERMINED
    # 桃源县老科学技术工作者协会 may be meant for 桃源县科协
    doubtful = not name.known or not name.ending or name.ending == ending
    return Outcome.UNDETERMINED if doubtful else Outcome.VIOLATED


_COUNTIES = ("县", "旗", "特区", "林区")  # 市 and 区 may be of another level
