from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from extractors.values.characters import squeeze
from extractors.values.places import Division, counties_named, near_counties
from services.validation.check import GazetteerDate, Observation, PlaceRef, TrustParams, check
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.organisations import Name, is_zone, normal, parse
from services.validation.statements import Statement, distinct, statements, unclear, unstated

_MOST = 200_000  # characters of a file that are searched


class CountyKnown(TrustParams):
    """The county that a field names, or whose organisation it names, is in the gazetteer of the call's day.

    at: the day; by default the call's `gazetteer`. A county that was renamed within half a year before is known by both
    names. One of another time is told with its history; a development zone (开发区, 管委会) is no county.
    """

    field: PlaceRef
    at: GazetteerDate


@check("county_known", CountyKnown)
def county_known(submission: Submission, params: CountyKnown) -> Iterator[Observation]:
    stated = statements(submission, params.field, params.trust)
    for statement, evidence in distinct(stated.found, normal):
        yield _judged(submission, statement, evidence, params)
    for statement in stated.unclear:
        yield unclear(statement)
    if not stated.found and not stated.unclear:
        yield unstated(submission, stated)


def _judged(
    submission: Submission, statement: Statement, evidence: tuple[Evidence, ...], params: CountyKnown
) -> Observation:
    written, label = statement.field.value, params.field.label
    name = parse(written)
    outcome, said = _known(name, params.at, statement.recognised and not _agreed(submission, name.place))
    text = Text(f"{label.zh}“{written}”：{said.zh}", f"{label.en} “{written}”: {said.en}")
    return Observation(outcome, text, evidence, f"{params.at.isoformat()} 的县级行政区", name.place or written)


def _agreed(submission: Submission, place: str) -> bool:
    """Two files or more have the place so, and none has a county that is near: no slip of a reader happens twice."""
    if not place:
        return False
    readings = [file.reading for file in submission.files if file.reading is not None and file.page_of is None]
    texts = ["".join(squeeze(line.text) for line in reading.document.iter_lines())[:_MOST] for reading in readings]
    near = [other for other, _ in near_counties(place, 1.0)]
    others = "\n".join(texts).replace(place, "")
    return sum(place in text for text in texts) >= 2 and not any(other in others for other in near)


def _known(name: Name, at: date, recognised: bool) -> tuple[Outcome, Text]:
    place = name.place
    if is_zone(name):
        said = Text("开发区、管委会不是县级行政区，是否设有县级科协请核对。", "a development zone is no county.")
        return Outcome.VIOLATED, said
    if not name.county:
        said = Text("不是县级单位的名称，本项不适用。", "it is not of a county.")
        return Outcome.NOT_APPLICABLE, said
    found = counties_named(place, name.province)
    if not found:
        # a slip of OCR makes an unknown name of one that is near
        slip = recognised and not counties_named(place) and near_counties(place, 1.0)
        return (Outcome.UNDETERMINED if slip else Outcome.VIOLATED), _unknown(place, name.province)
    standing = [division for division in found if division.stands(at)]
    if not standing:
        return Outcome.VIOLATED, _of_another_time(found, at)
    where = "、".join(dict.fromkeys(division.province + division.city for division in standing))
    now = f"，{_when(standing[0].until)}起为“{standing[0].now}”" if standing[0].until and standing[0].now else ""
    if len(standing) > 1:
        said = Text(f"{where}都有“{place}”，未写明是哪一个。", f"there are {len(standing)} counties of this name.")
        return Outcome.PASSED, said
    return Outcome.PASSED, Text(f"{where}有“{place}”{now}。", f"it is in {where}.")


def _unknown(place: str, province: str) -> Text:
    elsewhere = counties_named(place)
    if elsewhere:
        where = "、".join(dict.fromkeys(division.province for division in elsewhere))
        return Text(f"{province}没有“{place}”，“{place}”属{where}。", f"{place} is not in {province} but in {where}.")
    costs = sorted((cost, other) for other, cost in near_counties(place, 1.0))
    near = [other for cost, other in costs if cost == costs[0][0]]
    hint = f"，是否为{'、'.join(f'“{other}”' for other in near)}" if 0 < len(near) <= 3 else ""
    return Text(f"行政区划中没有“{place}”{hint}。", "the gazetteer has no county of this name.")


def _of_another_time(found: tuple[Division, ...], at: date) -> Text:
    division = found[0]
    if division.until and not division.began_after(at):
        became = f"，{_when(division.until)}起为“{division.now}”" if division.now else f"，{_when(division.until)}撤销"
        return Text(
            f"“{division.name}”已不存在{became}。", f"it ended in {division.until}: {division.now or 'abolished'}."
        )
    return Text(
        f"“{division.name}”自{_when(division.since)}才有，{at.year}年时没有这个县级行政区。",
        f"it is a county only since {division.since}.",
    )


def _when(moment: str) -> str:
    """2021年2月 of 2021-02."""
    year, _, month = moment.partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年"
