"""A call's examples: small submissions as YAML, with what the call should say of them.

    # examples/over-limit.yaml
    title: 申请 20.5 万元
    like: clean                          # another example, of which this one changes something
    received: 2021-09-01T10:00:00+08:00
    documents:
      申报书.docx:
        kind: application_form
        fields: {requested_amount: "205000", leader_name: null}      # null: left blank
        seals: [湖南省林学会]
    without: [函.pdf]                    # documents of `like` that are not there
    expect:
      verdict: return
      findings: {amount-over-limit: violated}                        # every other rule passes or does not apply

The whole form of a document is in docs/new-call.md; what is not named there goes to the message Reading as it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from google.protobuf.json_format import ParseDict, ParseError

from clients.sdk import Client
from heyan.v1 import document_pb2 as document
from heyan.v1 import report_pb2 as report

EXAMPLES = "examples"

_LARGEST = 1024 * 1024  # bytes of one example
_MOST = 500  # examples of a call
_CHAIN = 10  # examples that build upon one another
_KEYS = frozenset({"title", "like", "received", "documents", "without", "expect"})
_SHORT = frozenset({"reading", "fields", "seals", "scan", "text", "defects", "unreadable"})
_OUTCOMES = {
    report.OUTCOME_PASSED: "passed",
    report.OUTCOME_NOT_APPLICABLE: "not_applicable",
    report.OUTCOME_UNDETERMINED: "undetermined",
    report.OUTCOME_VIOLATED: "violated",
}  # the greatest counts where a rule tells several things
_QUIET = ("passed", "not_applicable")
_VERDICTS = {
    report.VERDICT_RETURN: "return",
    report.VERDICT_REVIEW: "review",
    report.VERDICT_ACCEPTABLE: "acceptable",
}


class ExampleError(Exception):
    """An example is not written as it should be. zh, en: one sentence with the file's name."""

    def __init__(self, file: str, zh: str, en: str) -> None:
        super().__init__(f"{file}: {en}")
        self.zh = f"{file}：{zh}"
        self.en = f"{file}: {en}"


@dataclass(frozen=True, slots=True)
class Example:
    """A submission and what is expected of its report. verdict: "" where none is expected.

    findings: outcomes by rule; of every other rule nothing is to be found.
    """

    name: str
    title: str
    received: datetime.datetime | None
    readings: tuple[document.Reading, ...]
    verdict: str
    findings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Difference:
    """rule: its id, or "verdict". said_zh, said_en: what the report says of it, "" where it says nothing."""

    rule: str
    expected: str
    got: str
    said_zh: str = ""
    said_en: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What an example came to; it is as expected where there are no differences."""

    example: str
    title: str
    verdict: str
    differences: tuple[Difference, ...] = field(default_factory=tuple)


def tried(client: Client, call: str, example: Example) -> Result:
    """The example judged by a call of the server. Raises ClientError."""
    judged = client.validate(example.readings, call, received=example.received, label=example.name)
    verdict = _VERDICTS.get(judged.verdict, str(judged.verdict))
    found = [Difference("verdict", example.verdict, verdict)] if example.verdict not in ("", verdict) else []
    worst: dict[str, report.Finding] = {}
    ranks = list(_OUTCOMES)
    for finding in judged.findings:
        other = worst.get(finding.rule)
        if other is None or ranks.index(finding.outcome) > ranks.index(other.outcome):
            worst[finding.rule] = finding
    for rule, finding in worst.items():
        got, expected = _OUTCOMES[finding.outcome], example.findings.get(rule, "")
        if got != expected and (expected or got not in _QUIET):
            said = finding.message
            found.append(Difference(rule, expected or "passed", got, said.zh, said.en))
    found += [Difference(rule, expected, "–") for rule, expected in example.findings.items() if rule not in worst]
    return Result(example.name, example.title, verdict, tuple(found))


# ------------------------------------------------------------------------------------------------- loading


def load_examples(folder: Path) -> tuple[Example, ...]:
    """The examples of a folder by name; () where it holds none. Raises ExampleError."""
    files = sorted(path for path in folder.glob("*.yaml") if path.is_file())[:_MOST]
    contents = {path.stem: _content(path) for path in files}
    return tuple(_example(name, contents, folder) for name in contents if "expect" in contents[name])


def _content(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes() if path.stat().st_size <= _LARGEST else None
        if data is None:
            raise ExampleError(path.name, "文件过大", "it is too large")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data)):
            raise ExampleError(path.name, "不允许使用别名（*）", "aliases (*) are not allowed")
        content = yaml.safe_load(data)
    except OSError as error:
        raise ExampleError(path.name, f"无法读取（{error.strerror}）", f"cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ExampleError(path.name, f"不是 YAML：{error}", f"no YAML: {error}") from error
    if not isinstance(content, dict):
        raise ExampleError(path.name, "应为“名称: 值”的映射", "names with values are wanted")
    if unknown := set(map(str, content)) - _KEYS:
        listed = ", ".join(sorted(unknown))
        raise ExampleError(path.name, f"没有这些键：{listed}", f"no such keys: {listed}")
    return content


def _example(name: str, contents: Mapping[str, dict[str, Any]], folder: Path) -> Example:
    file = f"{name}.yaml"
    merged = _merged(name, contents)
    received = merged.get("received")
    if received is not None and not (isinstance(received, datetime.datetime) and received.tzinfo):
        raise ExampleError(file, "received 应为带时区的时间", "received is a time with its zone")
    expect = contents[name]["expect"]
    if not isinstance(expect, dict) or set(expect) - {"verdict", "findings"}:
        raise ExampleError(file, "expect 只有 verdict 和 findings", "expect has verdict and findings")
    findings = expect.get("findings") or {}
    if not isinstance(findings, dict) or set(findings.values()) - set(_OUTCOMES.values()):
        listed = ", ".join(_OUTCOMES.values())
        raise ExampleError(file, f"findings 的值应为 {listed}", f"findings are one of {listed}")
    if expect.get("verdict", "") not in ("", *_VERDICTS.values()):
        listed = ", ".join(_VERDICTS.values())
        raise ExampleError(file, f"verdict 应为 {listed}", f"the verdict is one of {listed}")
    try:
        readings = tuple(_reading(str(each), text, folder) for each, text in merged["documents"].items())
    except (ParseError, ValueError, TypeError, AttributeError) as error:
        raise ExampleError(file, f"documents 有误：{error}", f"its documents are wrong: {error}") from error
    if not readings:
        raise ExampleError(file, "没有 documents", "it has no documents")
    return Example(name, str(merged.get("title", "")), received, readings, expect.get("verdict", ""), findings)


def _merged(name: str, contents: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The example with what it takes over from those that it is like."""
    chain: list[dict[str, Any]] = []
    here = name
    while here:
        if here not in contents:
            raise ExampleError(f"{name}.yaml", f"没有示例 {here}", f"there is no example {here}")
        if len(chain) > _CHAIN:
            raise ExampleError(f"{name}.yaml", "like 相互引用或过长", "like goes round, or on for too long")
        chain.append(contents[here])
        here = str(contents[here].get("like") or "")
    merged: dict[str, Any] = {"documents": {}}
    for content in reversed(chain):
        documents = content.get("documents") or {}
        if not isinstance(documents, dict) or not all(isinstance(each, dict) for each in documents.values()):
            raise ExampleError(
                f"{name}.yaml", "documents 应为“文件名: 内容”的映射", "documents are names with contents"
            )
        for left_out in content.get("without") or ():
            merged["documents"].pop(str(left_out), None)
        for file, made in documents.items():
            before = merged["documents"].get(file, {})
            fields = {**(before.get("fields") or {}), **(made.get("fields") or {})}
            merged["documents"][file] = {**before, **made, "fields": fields}
        merged |= {key: content[key] for key in ("received", "title") if key in content}
    merged["title"] = contents[name].get("title", "")
    return merged


# ------------------------------------------------------------------------------------------------ readings


def _reading(name: str, made: Mapping[str, Any], folder: Path) -> document.Reading:
    """A reading in its short form as the message. Raises ValueError, ParseError."""
    reading = document.Reading(kind="other", kind_confidence=1.0)
    reading.document.format = Path(name).suffix.lstrip(".").lower() or "docx"
    if "reading" in made:
        _take_whole(reading, folder / str(made["reading"]), folder)
    reading.file_name = name
    ParseDict({key: _plain(value) for key, value in made.items() if key not in _SHORT}, reading)
    if made.get("scan"):
        reading.document.pages.add(number=1, source=document.SOURCE_OCR, width_mm=210, height_mm=297, dpi=200)
    for line in str(made.get("text") or "").splitlines():
        reading.document.blocks.add().line.CopyFrom(document.Line(text=line, confidence=1.0))
    for seal in made.get("seals") or ():
        _add_seal(reading, seal)
    for defect in made.get("defects") or ():
        reading.document.defects.append(
            ParseDict({"code": defect} if isinstance(defect, str) else defect, document.Defect())
        )
    for id, value in (made.get("fields") or {}).items():
        _put(reading, _field(str(id), value))
    if "unreadable" in made:
        reading.ClearField("document")
        reading.unreadable.code = str(made["unreadable"])
        reading.unreadable.message.zh, reading.unreadable.message.en = "文件无法读取。", "The file cannot be read."
    return reading


def _take_whole(reading: document.Reading, path: Path, folder: Path) -> None:
    """What `heyan extract --json` wrote."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{path.name} is not in the folder of the examples")
    from google.protobuf.json_format import Parse

    reading.Clear()
    Parse(path.read_text(encoding="utf-8"), reading)


def _put(reading: document.Reading, new: document.Field) -> None:
    """In place of a field of the same id."""
    for old in reading.fields:
        if old.id == new.id:
            old.CopyFrom(new)
            return
    reading.fields.append(new)


def _field(id: str, value: Any) -> document.Field:
    """null: blank; a list: rows; a mapping: the message Field, states in lower case; anything else: as found."""
    if value is None:
        return document.Field(id=id, state=document.FIELD_STATE_BLANK, confidence=1.0, engine="text")
    made = document.Field(id=id, state=document.FIELD_STATE_FOUND, confidence=1.0, engine="text")
    if isinstance(value, list):
        made.value = str(len(value))
        for row in value:
            made.rows.add(fields=[_field(str(column), cell) for column, cell in row.items()])
    elif isinstance(value, dict):
        content = {str(key): _plain(each) for key, each in value.items()}
        if state := content.pop("state", ""):
            content["state"] = f"FIELD_STATE_{str(state).upper()}"
        ParseDict(content, made)
        if made.state != document.FIELD_STATE_FOUND:
            made.ClearField("value")
    else:
        made.value = made.raw = str(_plain(value))
    return made


def _add_seal(reading: document.Reading, seal: Any) -> None:
    made = document.Seal(
        shape=document.SEAL_SHAPE_ROUND, colour=document.SEAL_COLOUR_RED, legibility=1.0, confidence=0.95
    )
    made.place.page = 1
    if isinstance(seal, str):
        made.text = seal
    else:
        ParseDict({str(key): _plain(each) for key, each in seal.items()}, made)
    reading.seals.append(made)


def _plain(value: Any) -> Any:
    """YAML's dates as ISO text."""
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
