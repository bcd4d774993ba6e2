"""pydantic's errors as mistakes that an administrator can mend: where in the file, in Chinese and English, with the
name that was probably meant.

A validator of ours states its own two sentences by raising `mistake(zh, en)`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from services.validation.model import Text
from services.validation.source import Path

_LONGEST = 80  # characters of a name that is shown or compared
_SHOWN = 60  # names that are listed
_MOST = 500  # mistakes of one value that are told
# What is said of a value of the wrong shape; where an alternative is wrong in another way, that is what to mend.
_SHAPES = frozenset(
    {
        "dict_type", "field_syntax", "list_type", "mapping_type", "model_attributes_type", "model_type", "string_type",
        "tuple_type",
    }
)  # fmt: skip
_SENTENCES: Mapping[str, tuple[str, str]] = {
    "bool_parsing": ("应为 true 或 false", ""),
    "bool_type": ("应为 true 或 false", ""),
    "date_from_datetime_inexact": ("应为日期，不带时间，如 2021-09-03", "a date without time is wanted: 2021-09-03"),
    "date_from_datetime_parsing": ("应为日期，如 2021-09-03", "a date is wanted, e.g. 2021-09-03"),
    "date_type": ("应为日期，如 2021-09-03", "a date is wanted, e.g. 2021-09-03"),
    "datetime_from_date_parsing": ("应为时间，如 2021-09-03T23:59:59+08:00", "a time, e.g. 2021-09-03T23:59:59+08:00"),
    "datetime_parsing": ("应为时间，如 2021-09-03T23:59:59+08:00", "a time, e.g. 2021-09-03T23:59:59+08:00"),
    "datetime_type": ("应为时间，如 2021-09-03T23:59:59+08:00", "a time, e.g. 2021-09-03T23:59:59+08:00"),
    "decimal_parsing": ("应为数字", "a number is wanted"),
    "decimal_type": ("应为数字", "a number is wanted"),
    "dict_type": ("应为“名称: 值”的映射", "names with values (a mapping) are wanted"),
    "finite_number": ("应为有限的数字", "a finite number is wanted"),
    "float_parsing": ("应为数字", "a number is wanted"),
    "float_type": ("应为数字", "a number is wanted"),
    "greater_than": ("应大于 {gt}", ""),
    "greater_than_equal": ("应不小于 {ge}", ""),
    "int_from_float": ("应为整数", "a whole number is wanted"),
    "int_parsing": ("应为整数", "a whole number is wanted"),
    "int_type": ("应为整数", "a whole number is wanted"),
    "less_than": ("应小于 {lt}", ""),
    "less_than_equal": ("应不大于 {le}", ""),
    "list_type": ("应为列表", "a list is wanted"),
    "mapping_type": ("应为“名称: 值”的映射", "names with values (a mapping) are wanted"),
    "missing": ("缺少此项", "missing"),
    "model_attributes_type": ("应为“名称: 值”的映射", "names with values (a mapping) are wanted"),
    "model_type": ("应为“名称: 值”的映射", "names with values (a mapping) are wanted"),
    "string_pattern_mismatch": ("格式应符合 {pattern}", ""),
    "string_too_long": ("最多 {max_length} 字", "at most {max_length} characters"),
    "string_too_short": ("不能为空", "it must not be empty"),
    "string_type": ("应为文字；数字、日期和 yes/no 请加引号", "a text is wanted; quote numbers, dates and yes/no"),
    "too_long": ("最多 {max_length} 项", "at most {max_length} items"),
    "too_short": ("至少 {min_length} 项", "at least {min_length} items"),
    "tuple_type": ("应为列表", "a list is wanted"),
}


def mistake(
    zh: str, en: str, *, at: Path = (), unknown: str = "", kind: LiteralString = "mistake"
) -> PydanticCustomError:
    """To raise in a validator: what is wrong.

    at: where below the value that is validated, e.g. ("fields", 3). unknown: the name that is not known, if it is that.
    """
    return PydanticCustomError(kind, "{en}", {"zh": zh, "en": en, "at": at, "unknown": unknown})


def unknown(what: Text, name: str, known: Sequence[str], owner: str = "") -> PydanticCustomError:
    """To raise in a validator: there is no such thing; what there is, and what was probably meant."""
    said = no_such(what, name, known, owner)
    return mistake(said.zh, said.en, unknown=name)


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at a place. unknown: the name that is not known, "" where it is no matter of names.

    ours: a validator of ours says so, which looked at several values together.
    """

    path: Path
    message: Text
    unknown: str = ""
    ours: bool = False


def mistakes(error: ValidationError, model: type[BaseModel], content: object) -> tuple[Mistake, ...]:
    """Every mistake that pydantic found in `content`, in the order of the model."""
    details = tuple(_chosen(error.errors(include_url=False)[:_MOST], content))
    paths = [(*_path(detail, content), *_at(detail)) for detail in details]
    meant = {(*path[:-1], _meant(detail, model)) for detail, path in zip(details, paths, strict=True)}
    return tuple(
        Mistake(path, _message(detail, model), _unknown(detail), "zh" in detail.get("ctx", {}))
        for detail, path in zip(details, paths, strict=True)
        # a key by a wrong name is also a key that is missing, a list of wrong items one that is too short
        if not (detail["type"] == "missing" and path in meant)
        and not (detail["type"] == "too_short" and any(len(o) > len(path) and o[: len(path)] == path for o in paths))
    )


def suggestion(name: str, known: Sequence[str]) -> Text:
    """“, did you mean x?” where a known name is near; else two empty texts."""
    near = _near(name, known)
    return Text(f"，是否想写 {near}？", f"; did you mean {near}?") if near else Text("", "")


def _near(name: str, known: Sequence[str]) -> str:
    """The known name that is nearest, "" where none is near."""
    return next(iter(difflib.get_close_matches(name[:_LONGEST], known, 1, 0.6)), "")


def no_such(what: Text, name: str, known: Sequence[str], owner: str = "") -> Text:
    """A sentence: there is no such thing; what there is, and what was probably meant."""
    name = name[:_LONGEST]
    near, shown = suggestion(name, known), known[:_SHOWN]
    return Text(
        f"{owner and f'{owner} 中'}没有名为 {name} 的{what.zh}{near.zh or '。'}可用的有：{'、'.join(shown) or '无'}。",
        f"no {what.en} {name}{owner and f' in {owner}'}{near.en or ';'} there are: {', '.join(shown) or 'none'}",
    )


# ------------------------------------------------------------------------------------------------ where


def _path(detail: ErrorDetails, content: object) -> Path:
    """The steps that lead through the file: pydantic also names the alternatives of a union."""
    path, _ = _walk(detail, content)
    return path


def _walk(detail: ErrorDetails, content: object) -> tuple[Path, tuple[Path, str] | None]:
    """The path, and where pydantic tried alternatives: the path so far and the alternative's name."""
    path: Path = ()
    here: Any = content
    alternative = None
    steps = detail["loc"]
    for number, step in enumerate(steps, 1):
        if _leads(step, here):
            here = here[step]
        elif not (detail["type"] == "missing" and number == len(steps)):
            alternative = alternative or (path, str(step))
            continue
        path = (*path, step)
    return path, alternative


def _leads(step: int | str, here: object) -> bool:
    if isinstance(here, Mapping):
        return step in here
    return isinstance(here, list | tuple) and isinstance(step, int) and step < len(here)


def _at(detail: ErrorDetails) -> Path:
    return tuple(detail.get("ctx", {}).get("at", ()))


def _chosen(details: Sequence[ErrorDetails], content: object) -> Iterator[ErrorDetails]:
    """Of the alternatives of a value only the one that it was meant to be: that whose shape fits."""
    groups: dict[Path, dict[str, list[ErrorDetails]]] = {}
    for detail in details:
        _, alternative = _walk(detail, content)
        if alternative is not None:
            groups.setdefault(alternative[0], {}).setdefault(alternative[1], []).append(detail)
    best = {
        path: min(names, key=lambda name: sum(detail["type"] in _SHAPES for detail in names[name]))
        for path, names in groups.items()
    }
    for detail in details:
        _, alternative = _walk(detail, content)
        if alternative is None or best[alternative[0]] == alternative[1]:
            yield detail


# ------------------------------------------------------------------------------------------------- what


def _message(detail: ErrorDetails, model: type[BaseModel]) -> Text:
    kind, context = detail["type"], detail.get("ctx", {})
    said = detail["msg"].removeprefix("Value error, ")
    if "zh" in context:
        return Text(str(context["zh"]), str(context["en"]))
    if kind == "extra_forbidden":
        known = _names(model, detail["loc"][:-1])
        near = suggestion(str(detail["loc"][-1]), known)
        there = "、".join(known)
        return Text(
            f"没有这个键{near.zh or '。'}可用的有：{there}。",
            f"no such field{near.en or ';'} there are: {', '.join(known)}",
        )
    if kind in ("enum", "literal_error"):
        known = tuple(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
        near = suggestion(str(detail["input"]), known)
        return Text(
            f"应为以下之一：{'、'.join(known)}{near.zh or '。'}", f"it should be one of {', '.join(known)}{near.en}"
        )
    zh, en = _SENTENCES.get(kind, ("", ""))
    zh, en = _filled(zh, context), _filled(en, context)
    return Text(f"{zh or said}。", en or said)


def _filled(sentence: str, context: Mapping[str, Any]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: str(context.get(match[1], "")), sentence)


def _meant(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """The key that was probably meant by one that is not known."""
    return (
        _near(str(detail["loc"][-1]), _names(model, detail["loc"][:-1])) if detail["type"] == "extra_forbidden" else ""
    )


def _unknown(detail: ErrorDetails) -> str:
    return str(detail.get("ctx", {}).get("unknown", ""))


def _names(model: type[BaseModel], loc: Path) -> tuple[str, ...]:
    """The names that the model knows at a place."""
    models = [model]
    for step in loc:
        if isinstance(step, str):
            found = [each.model_fields[step].annotation for each in models if step in each.model_fields]
            models = [inner for annotation in found for inner in _models_in(annotation)] or models
    return tuple(dict.fromkeys(name for each in models for name in each.model_fields))


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
