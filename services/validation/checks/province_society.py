from __future__ import annotations

import re
from collections.abc import Iterator

from pydantic import Field as Parameter

from extractors.hanzi import HAN
from extractors.values.places import find_province
from services.validation.check import FieldRef, Observation, check
from services.validation.levels import Level, LevelParams, applicant_of, not_for
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.organisations import parse
from services.validation.prose import prose_of, squeeze_all, whole_text
from services.validation.statements import statements, unclear, unstated
from services.validation.wording import joined

_NAMED = re.compile(
    r"(?:北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南|重庆|四川|贵州|云南|"
    rf"西藏|陕西|甘肃|青海|宁夏|新疆)[{HAN}]{{1,20}}?(?:学会|协会|研究会|联合会|促进会)"
)
_LOCAL = re.compile(r"[县市旗]|(?<!自治)区(?!域)")  # a county's or a city's society
_SHORT = re.compile(rf"省(?!级)[{HAN}]{{1,10}}?(?:学会|研究会)")  # 省林学会: of the county's province, no doubt


class ProvinceSociety(LevelParams):
    """A national society takes at least one provincial society of the partner county's province along.

    partner: fields that name the county, best first. fields: where the society is named, sections of prose too; a name
    anywhere else in the form counts as well, the applicant's and the county's own associations never.
    """

    partner: tuple[FieldRef, ...] = Parameter(min_length=1)
    fields: tuple[FieldRef, ...] = Parameter(min_length=1)


@check("province_society", ProvinceSociety)
def province_society(submission: Submission, params: ProvinceSociety) -> Iterator[Observation]:
    applicant = applicant_of(submission, params)
    if isinstance(applicant, Observation):
        yield applicant
        return
    if applicant.level is not Level.NATIONAL:
        yield not_for(applicant)
        return
    province, told = _province(submission, params)
    yield told if told is not None else _judged(submission, params, province)


def _province(submission: Submission, params: ProvinceSociety) -> tuple[str, Observation | None]:
    """The partner's province, or why there is none."""
    first = None
    values = []
    for ref in params.partner:
        stated = statements(submission, ref, params.trust)
        first = first or stated
        values += [each.field.value for each in stated.found] + [each.field.raw for each in stated.found]
    unheard = any(name.county and not name.known and not name.province for name in map(parse, values))
    for value in () if unheard else values:  # 新疆 has 沙湾县, which says nothing of 金沙湾县
        if province := find_province(value, " ".join(values)):
            return province, None
    if first is None or not first.papers or not (first.found or first.unclear):
        return "", unstated(submission, first) if first is not None else None
    if first.unclear:
        return "", unclear(first.unclear[0])
    text = Text(
        "不能确定结对县所在省份，本项请人工核对。",
        "The partner county's province could not be told; a person must look.",
    )
    return "", Observation(Outcome.UNDETERMINED, text, tuple(each.evidence for each in first.found))


def _judged(submission: Submission, params: ProvinceSociety, province: str) -> Observation:
    kind = params.applicant.form.kind
    prose = prose_of(submission, params.fields, 0.0)
    text = f"{prose.text}\n{whole_text(submission, kind)}"
    named = dict(_societies(text))
    own = tuple(name for name, of in named.items() if of == province)
    expected = f"{province}的省级学会"
    evidence = _evidence(submission, params, own) or prose.evidence
    if own:
        return Observation(
            Outcome.PASSED,
            Text(f"申报内容包含带动{joined(own)}。", f"The form takes {joined(own)} along."),
            evidence,
            expected,
            "、".join(own),
        )
    if short := _SHORT.search(_NAMED.sub("", prose.text)):
        return Observation(
            Outcome.PASSED,
            Text(f"申报内容包含带动“{short[0]}”。", f"The form takes “{short[0]}” along."),
            evidence,
            expected,
            short[0],
        )
    others = tuple(named)
    if "省级学会" in prose.text or "省学会" in prose.text or not prose.complete or submission.blind:
        return Observation(
            Outcome.UNDETERMINED,
            Text(
                f"没有找到{province}的省级学会名称，但申报内容提到省级学会或未能完整读取，请人工核对。",
                f"No provincial society of {province} was found by name; a person must look.",
            ),
            evidence,
            expected,
            "、".join(others),
        )
    also = f"（提到的是{joined(others)}）" if others else ""
    return Observation(
        Outcome.VIOLATED,
        Text(
            f"申报内容没有带动结对地区（{province}）省级学会共同开展工作的内容{also}。",
            f"The form does not take a provincial society of {province} along.",
        ),
        evidence,
        expected,
        "、".join(others) or "未提到",
    )


def _societies(text: str) -> Iterator[tuple[str, str]]:
    """Provincial societies that a text names, each with its province."""
    for match in _NAMED.finditer(text):
        name = parse(match[0])
        if name.province and not name.national and not name.place and name.core and _is_society(name.text):
            yield name.text, name.province


def _is_society(name: str) -> bool:
    return not name.endswith("科学技术协会") and not _LOCAL.search(name, 3)


def _evidence(submission: Submission, params: ProvinceSociety, names: tuple[str, ...]) -> tuple[Evidence, ...]:
    found = []
    for ref in params.fields:
        for each in statements(submission, ref, 0.0).found:
            text = squeeze_all(each.field.value)
            if any(name in text for name in names):
                found.append(
                    Evidence(each.file, each.evidence.place, each.field.id, next(n for n in names if n in text))
                )
    return tuple(found)
